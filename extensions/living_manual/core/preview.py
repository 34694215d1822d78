"""The preview's own facts: which findings still hold, which pages to show, what to tell whom.

Sphinx says a page's faults when it reads or writes that page. A preview reads and writes few pages
at a time, so it keeps what was said of the others: `Heard` holds findings by what gave them.
"""

from __future__ import annotations

import html
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from living_manual.core.finding import Finding, Severity, finding, ordered, without_consequences
from living_manual.core.words import plural


class Step(StrEnum):
    """What a page was being put through when a finding was made."""

    READ = "read"
    WRITE = "write"
    WHOLE = "whole"


#: What gave a finding: a step and a page; the page is empty for the manual as a whole.
Origin = tuple[Step, str]
WHOLE: Origin = (Step.WHOLE, "")


@dataclass(frozen=True, slots=True)
class Heard:
    """Everything known to be wrong, and what could not be read, each by what told it."""

    findings: Mapping[Origin, tuple[Finding, ...]] = field(default_factory=dict)
    lost: Mapping[Origin, frozenset[str]] = field(default_factory=dict)

    def all(self) -> tuple[Finding, ...]:
        """Each finding once, errors first, without those that only follow from another."""
        return self.told_with(())

    def told_with(self, more: Iterable[Finding]) -> tuple[Finding, ...]:
        """The same, with findings from elsewhere among them."""
        said = [found for group in self.findings.values() for found in group]
        lost = frozenset().union(*self.lost.values())
        return ordered(without_consequences([*more, *said], lost))

    @property
    def whole(self) -> bool:
        """Whether everything could be read."""
        return not any(self.lost.values())

    def then(
        self, now: Heard, *, read: Collection[str], written: Collection[str], there: Collection[str]
    ) -> Heard:
        """What is known after a build that read and wrote these pages; `there` are all there are.

        What a page said stands until the page is read (or written) again, or is gone. What the
        manual as a whole said is said anew by every build.
        """
        done = {Step.READ: read, Step.WRITE: written}

        def stands(origin: Origin) -> bool:
            step, page = origin
            return bool(page) and page in there and page not in done.get(step, ())

        return Heard(
            {**{o: f for o, f in self.findings.items() if stands(o)}, **now.findings},
            {**{o: i for o, i in self.lost.items() if stands(o)}, **now.lost},
        )


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to.

    `pages` are those written again; `kept` says that something could not be read or built, and the
    last good pages stay up. One that is not `done` has made way for the next save.
    """

    findings: tuple[Finding, ...]
    pages: tuple[str, ...] = ()
    kept: bool = False
    language: str = "en"
    done: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """What a reader of the preview is told: whether it builds, and what there is to mend."""

    busy: bool = True
    kept: bool = False
    findings: tuple[Finding, ...] = ()

    def after(self, rebuilt: Rebuilt) -> State:
        """The state once a rebuild is done."""
        return State(busy=False, kept=rebuilt.kept, findings=rebuilt.findings)

    def as_dict(self) -> dict[str, Any]:
        """The state as JSON-ready values; each finding with the page it is about."""
        return {
            "busy": self.busy,
            "kept": self.kept,
            "counts": counts(self.findings),
            "findings": [
                {**found.as_dict(), "place": found.place, "page": page_of(found.file)}
                for found in self.findings
            ],
        }


def stopped(error: BaseException) -> Finding:
    """A finding for a build that did not come to its end."""
    said = " ".join(str(error).split()) or type(error).__name__
    return finding(
        "build-stopped",
        f"The build stopped: {said}",
        "Mend what the other findings name, or undo the last change, then save again.",
    )


def no_first_page(name: str) -> Finding:
    """A finding for a manual whose first page is gone; no page can be built without it."""
    return finding(
        "build-stopped",
        f"There is no {name}, the manual's first page.",
        "Put it back, or save it under that name.",
        name,
    )


def page_of(file: str | None) -> str:
    """The page a file of the source folder belongs to: itself, or its folder's first page."""
    if not file:
        return ""
    if file.endswith(".md"):
        return file.removesuffix(".md")
    folder, slash, _ = file.rpartition("/")
    return f"{folder}{slash}index"


def counts(findings: Iterable[Finding]) -> str:
    """`2 errors, 1 warning`; what there is none of is left out."""
    errors = warnings = 0
    for found in findings:
        if found.severity is Severity.ERROR:
            errors += 1
        else:
            warnings += 1
    said = [plural(errors, "error")] if errors else []
    said += [plural(warnings, "warning")] if warnings else []
    return ", ".join(said) or "Nothing to mend"


def urgent(
    updated: Collection[str], changed: Iterable[str], viewed: Collection[str]
) -> tuple[str, ...]:
    """Of the pages to write, those to write first: the ones looked at, then the ones edited."""
    wanted = [*sorted(viewed), *map(page_of, sorted(changed))]
    return tuple(page for page in dict.fromkeys(wanted) if page in updated)


def told(changed: Collection[str], rebuilt: Rebuilt, seconds: float) -> str:
    """One line for the terminal: what changed and what was done about it."""
    names = sorted(changed)
    what = names[0] if len(names) == 1 else plural(len(names), "file")
    if rebuilt.kept:
        done = "cannot be shown yet; the last good pages stay up"
    elif rebuilt.pages:
        done = f"{plural(len(rebuilt.pages), 'page')} in {seconds:.1f} s"
    else:
        done = "no page differs"
    return f"{what}: {done}"


def event(name: str, value: Mapping[str, Any]) -> bytes:
    """A server-sent event; JSON has no line breaks of its own, so one data line does."""
    return f"event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def holding_page(script: str) -> str:
    """The page that is up until the manual could be built for the first time."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<title>The manual is not there yet</title>"
        f'<script defer src="{html.escape(script)}"></script></head>'
        '<body><main id="main-content"><h1>The manual is not there yet</h1>'
        "<p>It could not be built. What there is to mend is listed on this page; "
        "the manual appears here once it is mended and saved.</p></main></body></html>\n"
    )
