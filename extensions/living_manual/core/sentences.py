"""What a text says: its words alone, whether it says anything, and in how many sentences."""

from __future__ import annotations

import re
import unicodedata

#: What people write where they mean to write something later.
_LATER = frozenset(("todo", "tbd", "tba", "to do", "to come", "to be written", "coming soon"))


def says_something(text: str) -> bool:
    """Whether a text says anything: signs alone, or a promise to write, say nothing."""
    said = plain(text)
    return bool(said) and said not in _LATER


def plain(text: str) -> str:
    """A text by its words alone, so that capitals, quotes and dashes make no other heading."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return " ".join(re.findall(r"\w+", folded))


#: A full stop after one of these ends no sentence.
_SHORT = frozenset(("e.g", "i.e", "vs", "cf", "approx", "dr", "mr", "mrs", "ms", "st"))
_END = re.compile(r"[.!?…]+[\"'”’»)\]*_]*(?=\s|$)")


def sentences(text: str) -> int:
    """How many sentences a text has; one that is not ended counts.

    A sentence ends at a full stop, question mark or exclamation mark that a new beginning follows,
    so that a question within quotation marks does not end the sentence it stands in.
    """
    count, begins = 0, 0
    for end in _END.finditer(text):
        after = text[end.end() :].lstrip().lstrip("\"'“‘«([*_")
        before = text[begins : end.start()].rsplit(None, 1)[-1:] or [""]
        if (after and after[0].islower()) or before[0].lstrip("(").casefold() in _SHORT:
            continue
        count, begins = count + 1, end.end()
    return count + says_something(text[begins:])
