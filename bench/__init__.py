"""How the kit does at the size of a district, beside a plain Sphinx stack with the same content."""
