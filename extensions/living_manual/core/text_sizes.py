"""How large a text may be: more than any page needs, and little enough for a build to end."""

from __future__ import annotations

from living_manual.core.finding import Finding, finding

#: Letters of a page: twenty times the longest page of the sample. A longer one is a table.
MOST_PAGE = 200_000
#: Letters of a line: docutils itself gives a page up beyond it.
MOST_LINE = 10_000
#: Letters of a paragraph or cell: roles and links in it are searched for again and again.
MOST_PARAGRAPH = 20_000
#: Letters of a title or of an option's value.
MOST_VALUE = 2_000


def too_large(text: str, file: str, line: int) -> Finding | None:
    """What is too large to be read in a build that has to end; None when nothing is."""
    if len(text) > MOST_PAGE:
        return finding(
            "too-large",
            f"This text has {len(text):,} letters; a page has at most {MOST_PAGE:,}.",
            "Make several pages of it, or put rows into a table.",
            file,
            line,
        )
    if len(text) > MOST_LINE:
        for number, words in enumerate(text.replace("\r", "\n").split("\n")):
            if len(words) > MOST_LINE:
                return finding(
                    "too-large",
                    f"This line has {len(words):,} letters; a line has at most {MOST_LINE:,}.",
                    "Break it into several lines.",
                    file,
                    line + number,
                )
    return None
