"""The Sphinx side: one module a capability, named as in core. `setup` reads as a contents page."""
