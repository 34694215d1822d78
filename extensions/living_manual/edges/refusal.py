"""What is said of a file that is not published: why, after its name, and what to do instead."""

from __future__ import annotations

SAVE_AGAIN = "Save or copy it again from where it came from."


class RefusalError(Exception):
    """A file cannot be made clean, so it is not published.

    `fault` is said after the file's name ("is cut off or damaged"); `fix` is a whole sentence.
    """

    def __init__(self, fault: str, fix: str = SAVE_AGAIN) -> None:
        super().__init__(fault)
        self.fault, self.fix = fault, fix
