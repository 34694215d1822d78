"""Onboarding paths: steps for new colleagues, from the first day to the first 90 days.

A path stands on a page of its own. Its stages are the page's headings; each step says its minutes,
leads to a page, and says what "done" means, so that nobody needs the person before to explain it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from living_manual.core.finding import Finding, finding
from living_manual.core.table import DataTable
from living_manual.core.words import listed, plural, slug

if TYPE_CHECKING:
    from living_manual.core.model import Manual, Ref

#: The headings under which steps stand, in the order in which they come.
STAGES = ("First day", "First week", "First 30 days", "First 60 days", "First 90 days")
_BY_SLUG = {slug(name): name for name in STAGES}


def stage_of(heading: str) -> str:
    """The stage that a heading names, capitals or not; empty when it names none."""
    return _BY_SLUG.get(slug(heading), "")


def say_minutes(minutes: int) -> str:
    """`1 minute`, `55 minutes`; from an hour and a half on, `2 h` or `6 h 20 min`."""
    if minutes < 90:
        return plural(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


@dataclass(frozen=True, slots=True)
class PathStep:
    """A step as it is written.

    `said` are its minutes as somebody typed them, `leads` says that its text links to a page, and
    `stage` is the stage it stands under, empty when its heading is none.
    """

    title: str
    anchor: str
    said: str
    done: str
    leads: bool
    stage: str
    line: int

    @property
    def minutes(self) -> int:
        """Its minutes; 0 when they are not a whole number above 0, which is a finding."""
        return int(self.said) if self.said.isascii() and self.said.isdigit() else 0


@dataclass(frozen=True, slots=True)
class PathPage:
    """A page with steps.

    `line` is where its `{path}` block begins, None when it has none; `stages` are the stages that
    its headings name, with their lines, in the order written.
    """

    page: Ref
    line: int | None
    roles: tuple[str, ...]
    purpose: str
    stages: tuple[tuple[str, int], ...]
    steps: tuple[PathStep, ...]


# -------------------------------------------------------------------------------- what is shown


@dataclass(frozen=True, slots=True)
class StageSum:
    """How many steps a stage has, and how long they take."""

    title: str
    steps: int
    time: str


@dataclass(frozen=True, slots=True)
class PathSum:
    """A path in short: for whom, how many steps, how long, and what each stage takes."""

    page: Ref
    purpose: str
    roles: tuple[Ref, ...]
    steps: int
    time: str
    stages: tuple[StageSum, ...]
    rows: tuple[PathStep, ...]


def path_sum(manual: Manual, page: str) -> PathSum | None:
    """The path on a page; None when it has no `{path}` block."""
    found = next((each for each in manual.paths if each.page.page == page), None)
    return _summed(manual, found) if found and found.line is not None else None


def path_list(manual: Manual) -> tuple[PathSum, ...]:
    """Every path of the manual, in the order of the pages."""
    return tuple(_summed(manual, each) for each in manual.paths if each.line is not None)


def _summed(manual: Manual, found: PathPage) -> PathSum:
    by_stage = {stage: [s for s in found.steps if s.stage == stage] for stage, _ in found.stages}
    return PathSum(
        found.page,
        found.purpose,
        tuple(manual.records[each].ref for each in found.roles if each in manual.records),
        len(found.steps),
        say_minutes(sum(step.minutes for step in found.steps)),
        tuple(
            StageSum(stage, len(steps), say_minutes(sum(step.minutes for step in steps)))
            for stage, steps in by_stage.items()
        ),
        found.steps,
    )


def path_table(view: PathSum) -> DataTable:
    """One row a step, for those who plan with a spreadsheet."""
    return DataTable(
        ("stage", "step", "minutes", "done_means", "anchor"),
        tuple((step.stage, step.title, step.minutes, step.done, step.anchor) for step in view.rows),
    )


# ------------------------------------------------------------------------------ what is wrong


def paths_are_whole(manual: Manual) -> Iterator[Finding]:
    """Each path says for whom it is; each step stands in a stage and says what a newcomer needs."""
    for found in manual.paths:
        file = f"{found.page.page}.md"
        yield from _block_findings(manual, found, file)
        yield from _stage_findings(found, file)
        anchors: dict[str, PathStep] = {}
        for step in found.steps:
            yield from _step_findings(step, file)
            first = anchors.setdefault(step.anchor, step)
            if first is not step:
                yield finding(
                    "path-step-twice",
                    f"The step '{step.title}' has the same address as the one of line "
                    f"{first.line}.",
                    "Give one of them another title, or an `:anchor:` of its own.",
                    file,
                    step.line,
                )


def _block_findings(manual: Manual, found: PathPage, file: str) -> Iterator[Finding]:
    if found.line is None:
        yield finding(
            "path-role",
            "These steps belong to no path.",
            "Put a {path} block under the page's heading and say in `:for:` which roles it is for.",
            file,
            found.steps[0].line,
        )
        return
    if not found.roles:
        yield finding(
            "path-role",
            "This path does not say which role it is for.",
            "Add `:for:` with the ids of one or more roles, such as `:for: ROLE_PRINCIPAL`.",
            file,
            found.line,
        )
    for name in found.roles:
        record = manual.get(name)
        if record is None or record.type != "role":
            what = "does not exist" if record is None else "is not a role"
            yield finding(
                "path-role",
                f"`:for:` names {name}, which {what}.",
                "Write the id of a role as it stands on the page of the roles.",
                file,
                found.line,
            )


def _stage_findings(found: PathPage, file: str) -> Iterator[Finding]:
    before = -1
    for stage, line in found.stages:
        place = STAGES.index(stage)
        if place <= before:
            how = "a second time" if place == before else f"after '{STAGES[before]}'"
            yield finding(
                "path-stage",
                f"The stage '{stage}' stands here {how}.",
                f"The stages come once each and in this order: {listed(STAGES)}.",
                file,
                line,
            )
        before = max(before, place)
    for step in found.steps:
        if not step.stage:
            yield finding(
                "path-stage",
                f"The step '{step.title}' stands under no stage.",
                f"Put it under a heading (##) that says {listed(STAGES, 'or')}.",
                file,
                step.line,
            )


def _step_findings(step: PathStep, file: str) -> Iterator[Finding]:
    said = f"says its minutes as '{step.said}'" if step.said else "has no minutes"
    for wrong, what, fix in (
        (not step.minutes, said, "Add `:minutes: 10` under its title: a whole number."),
        (
            not step.done,
            "does not say what done means",
            "Add `:done:` with one sentence that a colleague could check, "
            "such as `:done: You can say the vision in your own words.`",
        ),
        (
            not step.leads,
            "leads to no page",
            "Link in its text to the page it is about: [words](../folder/page.md), or "
            "{need}`ID` for a record.",
        ),
    ):
        if wrong:
            yield finding("path-step", f"The step '{step.title}' {what}.", fix, file, step.line)
