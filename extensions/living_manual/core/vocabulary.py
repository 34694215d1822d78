"""The words that a district has settled, in every form that people write, found in a text.

Matching is by whole words. Capitals do not matter; a space may be a hyphen or a line's end, while a
hyphen is one (*look-for* is a word, *look for* is what people do). Of two phrases that begin at the
same place the longer one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from living_manual.core.english import plurals
from living_manual.core.finding import Finding, finding
from living_manual.core.model import Record

#: The value of `linking` that leaves it to writers where a word becomes a link.
MARKED = "marked"

_SPACE, _HYPHEN = r"(?:\s+|[-‐‑])", "[-‐‑]"
_GAPS = re.compile(r"[\s\-‐‑]+")
#: What may not stand beside a phrase: it would be part of a longer word, an address or a path.
_BEFORE, _AFTER = r"(?<![\w\-‐‑@/#&])(?<!\w\.)", r"(?![\w\-‐‑@/])(?!\.\w)"


def folded(phrase: str) -> str:
    """A phrase as it is looked up: `Number-Talk` and `number  talk` are one."""
    return " ".join(_GAPS.split(phrase.strip())).replace("’", "'").casefold()


def _pattern_of(phrase: str) -> str:
    words = re.split(r"(\s+|[-‐‑])", phrase.strip())
    return "".join(
        re.sub("['’]", "['’]", re.escape(part)) if part.strip("-‐‑ \t\n") else _gap(part)
        for part in words
        if part
    )


def _gap(written: str) -> str:
    return _SPACE if written.isspace() else _HYPHEN


class Phrases:
    """Finds phrases in texts; each stands for something, such as the id of a word."""

    def __init__(self, meanings: Mapping[str, str]) -> None:
        """`meanings` says what each phrase, as people write it, stands for."""
        self._phrases = [phrase for phrase in meanings if folded(phrase)]
        self._meanings = {folded(phrase): meanings[phrase] for phrase in self._phrases}

    def __bool__(self) -> bool:
        return bool(self._meanings)

    def meaning(self, phrase: str) -> str | None:
        """What a phrase stands for; None when it is not one of these."""
        return self._meanings.get(folded(phrase))

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, meaning) of each phrase, from the left; they do not overlap."""
        if not self._meanings:
            return
        for match in self._pattern.finditer(text):
            # The engine takes a few letters for each other that are two in a word, such as ı and i.
            meaning = self._meanings.get(folded(match[0]))
            if meaning is not None:
                yield match.start(), match.end(), meaning

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        ordered = sorted(self._phrases, key=lambda phrase: (-len(phrase), phrase))
        either = "|".join(map(_pattern_of, ordered))
        return re.compile(f"{_BEFORE}(?:{either}){_AFTER}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a word, and the word's id."""

    text: str
    term: str


class Vocabulary:
    """The words of the glossary by every form: titles, the forms in `also`, simple plurals."""

    def __init__(self, terms: Iterable[Record] = (), language: str = "en") -> None:
        known = tuple(terms)
        titles = [Form(term.title, term.id) for term in known]
        others = [Form(text, term.id) for term in known for text in also(term)]
        #: As written, titles first: of two words with the same form, the first is meant.
        self.forms = (*titles, *others)
        self._marked = {term.id for term in known if term.get("linking") == MARKED}
        more = [Form(text, f.term) for f in self.forms for text in plurals(f.text, language)]
        # A plural never takes a form away that somebody wrote.
        self._every: dict[str, str] = {}
        taken: dict[str, str] = {}
        for form in (*self.forms, *more):
            if taken.setdefault(folded(form.text), form.term) == form.term:
                self._every[form.text] = form.term

    @cached_property
    def _all(self) -> Phrases:
        return Phrases(self._every)

    @cached_property
    def _linked(self) -> Phrases:
        return Phrases(
            {text: term for text, term in self._every.items() if term not in self._marked}
        )

    def term(self, name: str) -> str | None:
        """The id of the word that goes by this name; None when the glossary has none."""
        return self._all.meaning(name)

    def nearest(self, name: str) -> str | None:
        """The form that is spelled most like the name, if any is near."""
        spelled = {folded(form.text): form.text for form in reversed(self.forms)}
        near = get_close_matches(folded(name), spelled, n=1, cutoff=0.6)
        return spelled[near[0]] if near else None

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, word's id) of what a text may link to without being asked."""
        return self._linked.find(text)


def also(term: Record) -> tuple[str, ...]:
    """The other forms that a word's entry names."""
    value = term.fields.get("also") or ()
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts if part.strip())


def check_forms(terms: Iterable[Record]) -> Iterator[Finding]:
    """A finding for each form that two words share: only the first of them would be found by it."""
    first: dict[str, tuple[Record, bool]] = {}
    known = tuple(terms)
    written = [(term, term.title, False) for term in known]
    written += [(term, text, True) for term in known for text in also(term)]
    for term, text, other in written:
        holder, _ = first.setdefault(folded(text), (term, other))
        if holder is not term:
            yield finding(
                "word-twice",
                f"{term.id}: '{text}' is already a form of {holder.id}.",
                "Take it out of `:also:`." if other else "Give one of the two another title.",
                term.file,
                term.line,
            )
