"""Words on a page that look like a person: names, e-mail addresses and telephone numbers.

The manual names roles. A name that slips in stays in every release and in search, and may tell who
a student is. No rule knows every name; what is found here is what a careful reader would ask about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from living_manual.core.finding import Finding, finding
from living_manual.core.people_names import FAMILY_NAMES, NAMES, NAMES_AND_WORDS

#: Files of the source folder in which people write.
TEXTS = (".md", ".csv", ".toml", ".vtt", ".json", ".svg", ".txt")

_WORD = r"(?:O['’])?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:['’]?[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+)*"
_NAME = re.compile(rf"(?<![\w@/.#&_-]){_WORD}(?:-{_WORD})*(?![\w@/_-])")
_MC = re.compile(r"(?:Mc|Mac|O['’])[A-Z][a-z]+")
#: A form of address before a name. The roles count only with a capital in the middle of a sentence.
_TITLE = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Mx|Dr|Mme|Mlle|Prof)\b\.?[ \t]+({_WORD})"
    rf"|(?<=[a-z,;] )(?:Principal|Professor|Superintendent|Coach|Teacher|Miss)[ \t]+({_WORD})"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w.+-])(?:"
    r"(?:\+?1[ .-])?(?:\(\d{3}\) ?\d{3}[ .-]|\d{3}([.-])\d{3}\1)\d{4}"  # North America
    r"|\+(?:\d[ ().-]{0,2}){9,14}\d"  # with the country's number
    r"|(?i:tel|phone|call|fax|mobile)\b(?i:\.|:| at|\W)*(?:\d[ ().-]{0,2}){6,14}\d"
    r")(?![\w-])"
)
#: How to reach a role: a mailbox or number that is the role's own is no person's.
_CONTACT = re.compile(r"\s*:contact:[ \t]*(.*)")
#: Where a link leads is no text; what it says is.
_ADDRESS = re.compile(r"\]\([^)\s]*\)|(?:https?|ftp)://\S+|href=\"[^\"]*\"")
#: A word after a name that makes it a place or an institution.
_PLACE = re.compile(
    r"[ \t]+(?:County|ISD|DSB|District|Elementary|Primary|Middle|Secondary|High|School|Academy|"
    r"College|University|Institute|Foundation|Board|Centre|Center|Library|Street|Road|Avenue|Park|"
    r"Hall|Lake|River|Valley|Island|City|Town|Township)\b"
)
#: What follows the author of a printed source: `(Lopez et al., 2009)`.
_CITED = re.compile(
    r"(?:[ \t]+(?:et al\.?|and colleagues|(?:and|&)[ \t]+[\w-]+))?,?[ \t]*\(?(?:19|20)\d\d[a-z]?\)"
)
#: Capitalised words that begin no family name.
_CAPITALS = (
    "Student Students Group Grade Grades Class Period Team Day Week Monday Tuesday Wednesday "
    "Thursday Friday Saturday Sunday English French Spanish Mathematics Math School Schools "
    "January February March July September October November December"
)
_NO_FAMILY_NAME = frozenset(_CAPITALS.split())


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a file."""

    text: str
    number: int
    file: str


def people_in(text: str, file: str, allowed: Collection[str] = ()) -> tuple[Finding, ...]:
    """What looks like a person in a page or table, in the order of the lines.

    `allowed` are words that a district knows to be no person's, such as a school named after one.
    """
    known = frozenset(_plain(word) for word in allowed)
    found: list[Finding] = []
    for number, words in enumerate(text.split("\n"), 1):
        line = _Line(words, number, file)
        contact = _CONTACT.match(words)
        found += _in_contact(contact[1], line, known) if contact else _addresses(line, known)
        found += _names(line, known)
    return tuple(found)


def allowed_words(setting: str) -> tuple[str, ...]:
    """The words of the setting `privacy.not_names`, which commas separate."""
    return tuple(word for part in setting.split(",") if (word := part.strip()))


def _addresses(line: _Line, known: frozenset[str]) -> Iterator[Finding]:
    for match in _EMAIL.finditer(line.text):
        if _plain(match[0]) not in known:
            yield _finding(
                "email-address",
                f"'{match[0]}' is an e-mail address.",
                "Name the role, and let people find the address in the staff directory.",
                line,
            )
    for match in _PHONE.finditer(line.text):
        if _plain(match[0].strip()) not in known:
            yield _finding(
                "phone-number",
                f"'{match[0].strip()}' looks like a telephone number.",
                "Name the role, and let people find the number in the staff directory.",
                line,
            )


def _in_contact(contact: str, line: _Line, known: frozenset[str]) -> Iterator[Finding]:
    """Names in the mailbox of a role: `maria.santos@` is a person's, and goes when she goes."""
    for match in _EMAIL.finditer(contact):
        parts = re.split(r"[\W\d_]+", match[0].partition("@")[0])
        names = [
            part for part in parts if _is_name(part.capitalize()) and _plain(part) not in known
        ]
        if names and _plain(match[0]) not in known:
            yield _finding(
                "person-name",
                f"'{match[0]}' has a person's name in it: {', '.join(names)}.",
                "Give the role a mailbox of its own, such as mathematics.coach@, that stays when "
                "the person goes.",
                line,
            )


def _names(line: _Line, known: frozenset[str]) -> Iterator[Finding]:
    # Signs of the same length, so that what stands around a word stays where it is.
    text = _ADDRESS.sub(lambda m: " " * len(m[0]), line.text)
    text = _EMAIL.sub(lambda m: " " * len(m[0]), text)
    taken = 0
    for start, end, whole in _candidates(text):
        if start < taken or _CITED.match(text, end) or _PLACE.match(text, end):
            continue
        if {_plain(whole), *map(_plain, whole.split())} & known:
            continue
        taken = end
        yield _finding(
            "person-name",
            f"'{whole}' looks like a person's name.",
            "Write the role, or Student A. If it is nobody's name, add it to `not_names` under "
            "[privacy] in district.toml.",
            line,
        )


def _candidates(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and words of what may be a name, from left to right."""
    found = [(m.start(), m.end(), m[0]) for m in _TITLE.finditer(text) if _may_follow(m)]
    for match in _NAME.finditer(text):
        start, end = match.span()
        after = _NAME.match(text, end + 1) if text[end : end + 1] == " " else None
        family = after and after[0] not in _NO_FAMILY_NAME and not _PLACE.match(text, end)
        if after and family:
            end = after.end()
        if _is_name(match[0]) or (family and match[0] in NAMES_AND_WORDS):
            found.append((start, end, text[start:end]))
    return iter(sorted(found))


def _may_follow(title: re.Match[str]) -> bool:
    return (title[1] or title[2]) not in _NO_FAMILY_NAME


def _is_name(word: str) -> bool:
    """Whether a word, or a part of a double name, is on a list of names."""
    if _MC.fullmatch(word):
        return True
    parts = [_stripped(part) for part in word.split("-")]
    return any(part in NAMES or part in FAMILY_NAMES for part in parts)


def _stripped(word: str) -> str:
    """The word without accents, as the lists have it."""
    split = unicodedata.normalize("NFD", word)
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def _plain(words: str) -> str:
    return _stripped(words).casefold()


def _finding(kind: str, message: str, fix: str, line: _Line) -> Finding:
    return finding(kind, message, fix, line.file, line.number)
