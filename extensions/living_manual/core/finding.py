"""What a check found: a value with a place, a plain sentence and the way to mend it.

Wording for people and exit codes come last (the command, the log); everything before passes
`Finding` values around. Every kind is declared once in `KINDS`; the reference page is generated
from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding matters: an error keeps the manual from being published."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend.

    `file` is relative to the source folder, with forward slashes; `line` and `column` count from 1.
    For a table, `column` is the name of the column. A finding about the manual as a whole has the
    file that should hold what is missing.
    """

    kind: str
    message: str
    fix: str
    file: str | None = None
    line: int | None = None
    column: str | None = None
    severity: Severity = Severity.ERROR

    @property
    def place(self) -> str:
        """`file:line` as editors and terminals understand it; empty when there is no place."""
        if self.file is None:
            return ""
        return f"{self.file}:{self.line}" if self.line else self.file

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Kind:
    """A declared kind of finding: what it means and how it is usually mended."""

    name: str
    severity: Severity
    meaning: str


_E, _W = Severity.ERROR, Severity.WARNING

#: Kinds the kit itself reports. The rules of `ubproject.toml` add one kind an entry.
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("link-missing-target", _E, "A link names a record that does not exist."),
        Kind("link-wrong-type", _E, "A link leads to a record of a type it may not lead to."),
        Kind("duplicate-id", _E, "Two records have the same id."),
        Kind("missing-id", _E, "A record has no id."),
        Kind("invalid-id", _E, "An id is not written as ids are, or starts with another prefix."),
        Kind("unknown-option", _E, "A record has an option that its type does not know."),
        Kind("invalid-value", _E, "A value is not of the form its field asks for."),
        Kind("vacant-role", _E, "Records depend on a vacant role that nobody covers."),
        Kind("root-vision", _E, "The manual has no vision, or more than one."),
        Kind("root-objectives", _E, "The manual has no objective."),
        Kind("root-key-results", _E, "The manual has no key result."),
        Kind("root-learning", _E, "The manual has no learning calendar with a session."),
        Kind("school-without-page", _E, "A plan lies in a folder whose page shows no school."),
        Kind("plan-not-shown", _E, "A table of records is not shown on any page."),
        Kind(
            "record-without-title", _E, "A record has no title and its page no heading before it."
        ),
        Kind("second-lead-record", _E, "A page has two records that take its heading as title."),
        Kind("step-outside-protocol", _E, "Steps stand on a page without a protocol."),
        Kind("step-minutes", _E, "The minutes of a protocol's steps do not add up to its own."),
        Kind("step-duplicate", _E, "Two steps of a page have the same anchor."),
        Kind("table-unreadable", _E, "A table is not UTF-8 text or has no header row."),
        Kind("table-column", _E, "A table has an unknown column, or lacks one, or has one twice."),
        Kind("table-row", _E, "A row has fewer or more cells than the header."),
        Kind("table-id", _E, "A row has no id, or one already used."),
        Kind("table-date", _E, "A date in a table is not a day of the calendar."),
        Kind("table-time", _E, "A time in a table is not a time of the day."),
        Kind("table-status", _E, "A status in a table is not one the district uses."),
        Kind("table-choice", _E, "A word in a table is not one of those that its column knows."),
        Kind("table-number", _E, "A number in a table is not a number."),
        Kind("table-formula", _E, "A cell is a formula to whoever opens it in a spreadsheet."),
        Kind("settings-unreadable", _E, "district.toml cannot be read as TOML."),
        Kind("settings-unknown-key", _E, "district.toml has a key the kit does not know."),
        Kind("settings-missing-key", _E, "district.toml lacks a key the kit needs."),
        Kind("settings-value", _E, "A value in district.toml is not of the form it must have."),
        Kind("settings-contrast", _W, "The brand colour is hard to read on its ground."),
        Kind("view-argument", _E, "A view names a record or a type that does not exist."),
        Kind("key-result-count", _W, "An objective has too few or too many key results."),
        Kind("implementation-only", _W, "An objective is measured only by implementation."),
        Kind("page-unreadable", _E, "A page, or a text it includes, is not UTF-8 text."),
        Kind("block-not-closed", _E, "A block is not closed, or ends where another should."),
        Kind("backtick-in-title", _E, "A block between backticks has a backtick in its title."),
        Kind("not-allowed", _E, "A page or table holds what would be more than words to read."),
        Kind("too-large", _E, "A page, a line or a value is too large to be read in time."),
        Kind("option-as-text", _E, "A blank line makes an option part of a record's text."),
        Kind("filter", _E, "A filter cannot be understood."),
        Kind("include-cycle", _E, "A text includes itself, directly or through others."),
        Kind("page-list-cycle", _E, "A list of pages leads back to a page above it."),
        Kind("link-cycle", _E, "Links of one kind lead from a record back to itself."),
        Kind("picture-unreadable", _E, "A picture is cut off, of another kind, or not published."),
        Kind("image-without-alt", _E, "A picture has no words for those who cannot see it."),
        Kind("media-too-large", _E, "A picture or clip is larger than the district allows."),
        Kind("annotations-unreadable", _E, "The notes beside a picture are missing or no notes."),
        Kind("annotation", _E, "A note says nothing, or points at no part of its picture."),
        Kind("clip-incomplete", _E, "A clip lacks a title, words, or one of its files."),
        Kind("clip-unreadable", _E, "A clip is empty or of another kind than its name says."),
        Kind("download-refused", _E, "A file that a page offers cannot be made clean."),
        Kind("timed-text-unreadable", _E, "Captions, chapters or commentary are not WebVTT."),
        Kind("timed-text-order", _E, "Times of a WebVTT file overlap, or go beyond the clip."),
        Kind("media-withheld", _W, "A picture or clip is not shown: it has no consent today."),
        Kind("consent-media", _E, "A row of consent.csv names no file of the manual."),
        Kind("consent-twice", _E, "Two rows of consent.csv are about the same file."),
        Kind("consent-name", _E, "A reference in consent.csv looks like a person's name."),
        Kind("consent-reference", _E, "A row of consent.csv does not say which consent it is."),
        Kind("consent-ends", _E, "A consent has no last day, or ends before it starts."),
        Kind("consent-elsewhere", _E, "A page shows what an exemplar has no consent to show."),
        Kind("exemplar-order", _E, "A teacher's move stands before the students' work and words."),
        Kind("formula", _E, "A formula cannot be read."),
        Kind("own-style", _E, "A block has a width or a style that a page cannot have."),
        Kind("name-case", _E, "Two files or folders differ by capital letters only."),
        Kind("link-address", _E, "A link or picture has an address that no page may name."),
        Kind("outside-file", _E, "A page names a file beyond the manual's folder."),
        Kind("symbolic-link", _E, "A name in the manual's folder stands for something else."),
        Kind("file-unreadable", _E, "A file or folder of the manual may not be read."),
        Kind("file-name", _E, "A file has a name that some computers cannot hold."),
        Kind("page-too-slow", _E, "Reading a page takes too long."),
        Kind("page-too-deep", _E, "Blocks, lists or quotes stand too deep in one another."),
        Kind("network", _E, "Something on a page, or a setting, would reach another computer."),
        Kind("markup", _E, "Sphinx or MyST could not make sense of something on a page."),
        Kind("page-reference", _E, "A link on a page leads nowhere."),
        Kind("page-not-listed", _E, "No list of pages leads to a page."),
        Kind("word-missing", _E, "A page marks a word that the glossary does not have."),
        Kind("word-twice", _W, "Two words of the glossary share a form."),
        Kind("person-name", _W, "Words look like a person's name (`manual language`)."),
        Kind("email-address", _W, "A page or table holds an e-mail address (`manual language`)."),
        Kind("phone-number", _W, "A page or table holds a telephone number (`manual language`)."),
        Kind("lab-without-word", _E, "A meaning lab stands on a page that is about no word."),
        Kind("path-role", _E, "A path says for no role, or for one that does not exist."),
        Kind("path-stage", _E, "A path's stages are out of order, or a step stands in none."),
        Kind("path-step", _E, "A step of a path lacks its minutes, a link, or what done means."),
        Kind("path-step-twice", _E, "Two steps of a path have the same address."),
        Kind("confirmed-line", _W, "A confirmation names nothing that the record depends on."),
        Kind("wording-row", _W, "A row of wordings.csv keeps nothing that can be compared."),
        Kind("brief-too-long", _E, "A record does not fit on its one-page brief."),
        Kind("brief-letters", _W, "The faces of the briefs do not have some letters of a record."),
        Kind("brief-not-made", _E, "One-page briefs could not be made."),
        Kind("handover-not-made", _E, "A handover pack could not be made as a PDF."),
        Kind("handover-letters", _W, "The faces of the packs do not have some letters."),
        Kind("exception-rule", _E, "An exception names a rule of gaps that does not exist."),
        Kind("exception-about", _E, "An exception does not say which gap of a record it is for."),
        Kind("exception-too-long", _E, "An exception ends later than the district allows."),
        Kind("exception-without-gap", _W, "The gap that an exception is for does not exist."),
        Kind("session-begins", _E, "A session begins at what is no time of the day."),
        Kind("session-hours", _W, "A session says when it begins, and not how long it lasts."),
        Kind("assessment-place", _W, "An assessment has no place in the calendar of assessments."),
        Kind("session-use", _E, "The shares of a session's time are not parts of a whole."),
        Kind("session-place", _E, "A row beside a school's page names another school."),
        Kind("evidence-about", _E, "Evidence names no action or objective, or more than one."),
        Kind("evidence-place", _E, "It cannot be told at which school evidence was seen."),
        Kind("evidence-to-come", _W, "Evidence bears a date that has not come yet."),
        Kind("reading-value", _E, "A reading is a number that its key result cannot have."),
        Kind("reading-twice", _W, "Two readings of one place on one day differ."),
        Kind("reading-to-come", _W, "A reading bears a date that has not come yet."),
        Kind("self-assessment-unreadable", _E, "The questions of a self-assessment are not TOML."),
        Kind("self-assessment-value", _E, "Something in questions.toml is not as it must be."),
        Kind("changes-unreadable", _W, "What the live release keeps of its records is unreadable."),
        Kind("edition-value", _E, "A page, record or row says an edition that is none."),
        Kind("edition-unclear", _E, "It cannot be told what on a public page is for staff."),
        Kind(
            "edition-on-staff-page",
            _W,
            "A record or row is marked public, and no public page shows it.",
        ),
        Kind(
            "edition-leads",
            _E,
            "Public matter leads to staff matter (a warning in the staff edition).",
        ),
        Kind("edition-view", _E, "A public page counts what the public edition does not hold."),
        Kind("edition-home", _E, "The public edition has no first page."),
        Kind("edition-leak", _E, "A file of the public edition says what only staff may read."),
        Kind("edition-changes-anew", _W, "The public record of changes begins anew."),
        Kind("edition-not-searched", _E, "A file of the public edition cannot be looked into."),
        Kind("address-lost", _E, "An address that was published is not there any more."),
        Kind("address-ended", _W, "Actions or dates that were published are not there any more."),
        Kind("addresses-unreadable", _E, "The list of published addresses cannot be read."),
        Kind("redirect-not-needed", _E, "A row of redirects.csv is about what is in the manual."),
        Kind("redirect-nowhere", _E, "A row of redirects.csv leads to what does not exist."),
        Kind("redirect-loop", _E, "Rows of redirects.csv lead round in a circle."),
        Kind("redirect-twice", _E, "Two rows of redirects.csv are about one address."),
        Kind("redirect-why", _E, "A row of redirects.csv says gone, and not why."),
        Kind("build-stopped", _E, "The build stopped before it was done."),
    )
}


def finding(
    kind: str,
    message: str,
    fix: str,
    file: str | None = None,
    line: int | None = None,
    column: str | None = None,
) -> Finding:
    """A finding of a declared kind, with that kind's severity.

    Raises `KeyError` for a kind that is not declared: a fault of ours, caught by the tests.
    """
    return Finding(kind, message, fix, file, line, column, KINDS[kind].severity)


def ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once; errors first, then by place, so that two runs print the same list."""
    return tuple(
        sorted(
            dict.fromkeys(findings),
            key=lambda f: (
                f.severity is not Severity.ERROR,
                f.file or "",
                f.line or 0,
                f.kind,
                f.message,
                f.column or "",
                f.fix,
                f.file is None,
                f.line is None,
                f.column is None,
            ),
        )
    )


#: Kinds that a lost record or page may cause elsewhere: by name, or by its absence alone.
_BY_NAME = frozenset(
    {
        "link-missing-target",
        "page-reference",
        "path-role",
        "settings-value",
        "view-argument",
        "wording-row",
    }
)
_BY_ABSENCE = frozenset(
    {
        "root-vision",
        "root-objectives",
        "root-key-results",
        "root-learning",
        "key-result-count",
        "implementation-only",
        "vacant-role",
        "page-not-listed",
        "school-without-page",
        "plan-not-shown",
        "word-missing",
        "exception-without-gap",
    }
)


def without_consequences(findings: Iterable[Finding], lost: Collection[str]) -> tuple[Finding, ...]:
    """The findings less those that only follow from what could not be read.

    `lost` are the ids and page names that a broken page or table took with it; one that ends with
    `_` stands for all ids that begin so. One unreadable page would else bury its own finding under
    a hundred links to what stands on it.
    """
    if not lost:
        return tuple(findings)
    patterns = (re.escape(name) + (r"\w*" if name.endswith("_") else "") for name in lost)
    names = re.compile(r"(?<![\w-])(?:" + "|".join(patterns) + r")(?!\w)")
    return tuple(
        found
        for found in findings
        if found.kind not in _BY_ABSENCE
        and not found.kind.startswith("gap-")
        and not (found.kind in _BY_NAME and names.search(found.message))
        and not (found.kind == "build-stopped" and "load the master document" in found.message)
    )


def without_absences(findings: Iterable[Finding], lost: Collection[str]) -> tuple[Finding, ...]:
    """The findings of an edition that holds a part: less those that speak of what is missing.

    `lost` are the ids and pages that the edition does not hold. A page that no list leads to is
    told all the same: its readers would not find it.
    """
    found = tuple(findings)
    told = [each for each in found if each.kind == "page-not-listed"]
    return (*without_consequences(found, {*lost, "-"}), *told)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether anything found keeps the manual from being published."""
    return any(found.severity is Severity.ERROR for found in findings)


def moved(found: Finding, *, file: str, line: int | None) -> Finding:
    """The same finding at another place."""
    return replace(found, file=file, line=line)
