"""What was measured, in words and tables: `bench/RESULTS.md`."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from itertools import pairwise
from statistics import median

from bench.measure import Run, Size
from bench.profiles import Line, Profile

CASES = {
    "cold": "cold build",
    "same": "nothing changed",
    "action": "one action changed",
    "prose": "one page's prose changed",
}
PACKAGES = ("sphinx", "myst-parser", "sphinx-needs", "sphinx-design", "pydata-sphinx-theme")

#: The targets, at this many schools of this many actions (and the larger district for the slope).
AT, ACTIONS, LARGE = 200, 30, 800


@dataclass(slots=True)
class Measured:
    """One size of district: every round's runs by side and case, the sizes, the plain -j used.

    `warm` are seconds from a save to the page in the preview.
    """

    schools: int
    kit: dict[str, list[Run]] = field(default_factory=dict)
    plain: dict[str, list[Run]] = field(default_factory=dict)
    sizes: dict[str, Size] = field(default_factory=dict)
    jobs: dict[int, Run] = field(default_factory=dict)
    best: int = 1
    warm: list[float] = field(default_factory=list)


def report(
    sizes: Sequence[Measured], profile: Profile | None, actions: int, rounds: int, notes: str = ""
) -> str:
    """The whole page."""
    parts = [
        "# The kit beside the plain stack",
        "",
        "Written by `make bench`; do not edit by hand.",
        "",
        *([notes, ""] if notes else []),
        *_how(actions, rounds),
        "## Targets",
        "",
        *_targets(sizes, actions),
        "",
    ]
    for one in sizes:
        parts += [*_times(one, actions), *_weights(one)]
    parts += _slope(sizes)
    if profile:
        parts += _profile(profile)
    return "\n".join(parts).rstrip() + "\n"


def _how(actions: int, rounds: int) -> Iterator[str]:
    versions = ", ".join(f"{name} {version(name)}" for name in (*PACKAGES, "pagefind"))
    yield f"Measured on {date.today().isoformat()}: {rounds} round(s), {actions} actions a school."
    yield (
        f"{os.cpu_count()} cores, {_memory()}, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}; {versions}."
    )
    yield ""
    yield "Each figure is a whole process, started new; kit and plain stack take turns in one run."
    yield "Seconds drift with what else the machine does: read the ratios, and those of processor"
    yield "time (user and system, with all processes started) before those of the clock. Python's"
    yield "modules are compiled beforehand, as in a usual installation."
    yield ""
    yield "- **Kit, cold:** `manual build`, which checks, builds and makes the search index."
    yield "- **Kit, the others:** Sphinx over the earlier build with the kit's conf.py, then the"
    yield "  whole search index again, in one process (`bench/incremental.py`)."
    yield "- **Plain:** `sphinx-build` with its own search, at the `-j` named below: no"
    yield "  rules to check, no matrix, no chains, no gaps, no lists of records. After an edit its"
    yield "  tables on other pages are stale."
    yield ""


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return "memory unknown"
    return f"{pages * size / 2**30:.0f} GB of memory"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table; all columns but the first hold numbers."""
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


def _mid(runs: Sequence[Run], what: str) -> float:
    return float(median(getattr(run, what) for run in runs))


def ratios(one: Measured, case: str, what: str) -> list[float]:
    """Plain over kit, round by round."""
    pairs = zip(one.plain.get(case, ()), one.kit.get(case, ()), strict=False)
    return [getattr(plain, what) / getattr(kit, what) for plain, kit in pairs]


def _spread(values: Sequence[float]) -> str:
    if not values:
        return "–"
    if len(values) == 1:
        return f"{values[0]:.2f}"
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def _times(one: Measured, actions: int) -> Iterator[str]:
    yield f"## {one.schools} schools, {one.schools * actions:,} actions"
    yield ""
    rows = []
    for case, words in CASES.items():
        kit, plain = one.kit.get(case), one.plain.get(case)
        cells = [words]
        for what in ("wall", "cpu"):
            cells.append(f"{_mid(kit, what):.1f}" if kit else "–")
            cells.append(f"{_mid(plain, what):.1f}" if plain else "–")
            cells.append(_spread(ratios(one, case, what)))
        rows.append(cells)
    head = ("", "kit, s", "plain, s", "ratio", "kit, CPU s", "plain, CPU s", "ratio of CPU")
    yield from table(head, rows)
    yield ""
    if not one.jobs and one.plain:
        yield f"Plain stack with `-j{one.best}`; the other was not tried."
        yield ""
    elif one.jobs:
        said = ", ".join(
            f"`-j{jobs}` {run.wall:.1f} s ({run.cpu:.1f} s of CPU)"
            for jobs, run in one.jobs.items()
        )
        yield f"Plain stack, cold: {said}; `-j{one.best}` is used above."
        yield ""


def _weights(one: Measured) -> Iterator[str]:
    sides = [side for side in ("kit", "plain") if side in one.sizes]
    kit_cold, plain_cold = one.kit["cold"], one.plain.get("cold")
    cold = {"kit": kit_cold, "plain": plain_cold or []}
    rows = [
        ["peak memory of a cold build (its largest process), MB"]
        + [f"{_mid(cold[side], 'peak'):.0f}" for side in sides],
        ["Pagefind, a process of its own, MB"]
        + [_seen(_mid(cold[side], "pagefind")) if side == "kit" else "–" for side in sides],
        ["site, MB"] + [f"{one.sizes[side].site / 1e6:.1f}" for side in sides],
        ["pages"] + [str(one.sizes[side].pages) for side in sides],
        ["largest page"] + [f"`{one.sizes[side].largest}`" for side in sides],
        ["largest page, KB"] + [f"{one.sizes[side].raw / 1e3:.0f}" for side in sides],
        ["the same, gzip -9, KB"] + [f"{one.sizes[side].packed / 1e3:.0f}" for side in sides],
        ["page of all actions, KB"] + [_kb(one.sizes[side].actions_raw) for side in sides],
        ["the same, gzip -9, KB"] + [_kb(one.sizes[side].actions_packed) for side in sides],
    ]
    yield from table(("", *sides), rows)
    yield ""


def _seen(peak: float) -> str:
    return f"{peak:.0f}" if peak else "not seen"


def _kb(size: int) -> str:
    return f"{size / 1e3:.0f}" if size else "no such page"


def _slope(sizes: Sequence[Measured]) -> Iterator[str]:
    pairs = list(pairwise(sizes))
    if not pairs:
        return
    yield "## Growth of the kit's cold build"
    yield ""
    rows = []
    for small, large in pairs:
        grown = {
            what: _mid(large.kit["cold"], what) / _mid(small.kit["cold"], what)
            for what in ("wall", "cpu", "peak")
        }
        name = f"{small.schools} to {large.schools} schools"
        times = large.schools / small.schools
        rows.append([name, f"{times:.1f}", *(f"{value:.2f}" for value in grown.values())])
    yield from table(("", "schools", "time", "CPU time", "memory"), rows)
    yield ""


def _targets(sizes: Sequence[Measured], actions: int) -> Iterator[str]:
    by_size = {one.schools: one for one in sizes}
    one, large = by_size.get(AT), by_size.get(LARGE)
    if one is None or actions != ACTIONS:
        yield f"They are set at {AT} schools of {ACTIONS} actions, which this run does not have."
        return
    rows = [
        _at_least(f"{words}: times faster than plain", ratios(one, case, "wall"), wanted, cpu)
        for words, case, wanted, cpu in (
            ("cold build", "cold", 8, ratios(one, "cold", "cpu")),
            ("one action changed, new process", "action", 2, ratios(one, "action", "cpu")),
        )
    ]
    rows.append(_warm(one))
    memory = [1 / value for value in ratios(one, "cold", "peak")]
    rows.append(_at_most("peak memory, share of plain", memory, 0.5))
    if one.sizes["kit"].actions_raw:
        kept = one.sizes["kit"].actions_packed / 1e3
        rows.append(_at_most("page with all actions, gzip -9, KB", [kept], 150))
    else:
        rows.append(["page with all actions, gzip -9, KB", "150", "not measured: no such page", ""])
    if large:
        grown = [_mid(large.kit["cold"], "wall") / _mid(one.kit["cold"], "wall")]
        rows.append(_at_most(f"{LARGE} schools, times the time of {AT}", grown, 4.6))
    else:
        rows.append([f"{LARGE} schools, times the time of {AT}", "4.6", "not measured", ""])
    yield from table((f"at {AT} schools x {ACTIONS}", "target", "measured", "verdict"), rows)


def _warm(one: Measured) -> list[str]:
    what, wanted = "one action changed, warm preview: times faster than plain", 5
    if not one.warm or not one.plain:
        return [what, f"at least {wanted}", "not measured", ""]
    plain = median(each.wall for each in one.plain["action"])
    values = [plain / took for took in one.warm]
    got = median(values)
    verdict = "met" if got >= wanted else f"missed: {wanted / got:.1f} times too slow"
    shown = f"{_spread(values)} ({median(one.warm):.2f} s from the save to the page)"
    return [what, f"at least {wanted}", shown, verdict]


def _at_least(what: str, values: Sequence[float], wanted: float, cpu: Sequence[float]) -> list[str]:
    if not values:
        return [what, f"at least {wanted:g}", "not measured", ""]
    got = median(values)
    verdict = "met" if got >= wanted else f"missed: {wanted / got:.1f} times too slow"
    return [what, f"at least {wanted:g}", f"{_spread(values)}; CPU {_spread(cpu)}", verdict]


def _at_most(what: str, values: Sequence[float], wanted: float) -> list[str]:
    if not values:
        return [what, f"at most {wanted:g}", "not measured", ""]
    got = median(values)
    verdict = "met" if got <= wanted else f"missed: {got / wanted:.1f} times too much"
    return [what, f"at most {wanted:g}", _spread(values), verdict]


def _profile(profile: Profile) -> Iterator[str]:
    yield "## Where the kit's cold build spends its time"
    yield ""
    yield (
        f"`manual build` at {profile.schools} schools x {profile.actions}, watched by cProfile, "
        f"which slows it down: {profile.total:.1f} s on the clock, {profile.cpu:.1f} s of "
        "processor time. Read the shares."
    )
    if profile.disturbed:
        yield ""
        yield "**Not to be trusted:** the build was held up by other work. Run it again when quiet."
    yield ""
    rows = [
        [f"{package}", f"{seconds:.2f}", f"{seconds / profile.total:.1%}"]
        for package, seconds in profile.by_package
        if seconds / profile.total >= 0.005
    ]
    yield from table(("own time by package", "s", "share"), rows)
    yield ""
    yield from _lines("With all that it calls", profile.by_total)
    yield from _lines("Own time", profile.by_own)


def _lines(heading: str, lines: Sequence[Line]) -> Iterator[str]:
    yield f"### {heading}"
    yield ""
    rows = [
        [f"`{line.name.replace('|', '/')}`", f"{line.calls:,}", *line.seconds] for line in lines
    ]
    yield from table(("function", "calls", "own, s", "with calls, s"), rows)
    yield ""
