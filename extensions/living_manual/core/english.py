"""What the kit knows of English, so that another language is a small thing to add."""

from __future__ import annotations

import re

#: The endings that take -es: masses, boxes, pitches, rushes.
_HISSING = re.compile(r"(?:s|x|z|ch|sh)$", re.IGNORECASE)
_CONSONANT_Y = re.compile(r"(?<=[b-df-hj-np-tv-z])y$", re.IGNORECASE)


def plurals(phrase: str, language: str = "en") -> tuple[str, ...]:
    """The simple plural of a phrase's last word; none for a language whose plurals are not known.

    Words that go another way (`formula`, `formulae`) are for the writer to name.
    """
    if not language.startswith("en") or not phrase[-1:].isalpha():
        return ()
    if _CONSONANT_Y.search(phrase):
        return (_CONSONANT_Y.sub("ies", phrase),)
    return (f"{phrase}es" if _HISSING.search(phrase) else f"{phrase}s",)
