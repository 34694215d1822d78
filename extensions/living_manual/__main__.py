"""`python -m living_manual` is the `manual` command."""

from living_manual.cli.main import main

main()
