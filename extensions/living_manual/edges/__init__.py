"""The only code that touches disk, git, processes and the network: one door to each."""
