"""The `manual` command: parse, call, print, exit code."""
