"""Measure the kit beside the plain stack: `python -m bench.run --schools 50 200 --rounds 3`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.district import TODAY, District, make
from bench.form import Form, change_action, change_prose, write
from bench.measure import MeasureError, Run, run, size_of
from bench.plain import PlainForm
from bench.profiles import Profile, read_profile
from bench.report import CASES, Measured, report
from bench.warm import warm

KIT = Path(__file__).resolve().parent.parent


class Bench:
    """One size of district, in a folder of its own, in both forms."""

    def __init__(self, folder: Path, schools: int, actions: int) -> None:
        self.folder = folder
        self.district: District = make(schools, actions)
        self.measured = Measured(schools)
        write(Form(self.district), folder / "kit")
        write(PlainForm(self.district), folder / "plain")

    # ------------------------------------------------------------------------------ builds
    def kit_cold(self) -> Run:
        """The kit's own command, into a new folder."""
        shutil.rmtree(self.folder / "kit-cold", ignore_errors=True)
        return self._run("-m", "living_manual", *self.build_words())

    def build_words(self) -> list[str | Path]:
        """`manual build` on this district."""
        source, output = self.folder / "kit", self.folder / "kit-cold"
        return ["build", "--kit", KIT, "--source", source, "--today", TODAY, "--output", output]

    def kit_again(self) -> Run:
        """The kit over its earlier build."""
        output = self.folder / "kit-again"
        return self._run("-m", "bench.incremental", KIT, self.folder / "kit", output)

    def plain_cold(self, jobs: int) -> Run:
        """The plain stack into a new folder."""
        shutil.rmtree(self.folder / "plain-out", ignore_errors=True)
        return self.plain_again(jobs)

    def plain_again(self, jobs: int) -> Run:
        """The plain stack over its earlier build."""
        source, output = self.folder / "plain", self.folder / "plain-out"
        return self._run("-m", "sphinx", "-q", "-b", "html", f"-j{jobs}", source, output)

    def _run(self, *words: str | Path) -> Run:
        return run([sys.executable, *words], self.folder / "log.txt", KIT, environment(self.folder))

    # ------------------------------------------------------------------------------ rounds
    def choose_jobs(self) -> None:
        """Build the plain stack with one process and with two, and keep to the quicker."""
        for count in (1, 2):
            took = self.measured.jobs[count] = self.plain_cold(count)
            self._say(f"plain with -j{count}", took)
        jobs = self.measured.jobs
        self.measured.best = min(jobs, key=lambda count: jobs[count].wall)

    def round(self, number: int, *, plain: bool) -> None:
        """Every case once, kit and plain stack in turn."""
        if number == 0:
            self.kit_again()
        for case in CASES:
            self._change(case, number)
            self._note("kit", case, self.kit_cold if case == "cold" else self.kit_again, number)
            if plain:
                build = self.plain_cold if case == "cold" else self.plain_again
                self._note("plain", case, partial(build, self.measured.best), number)
            self._check(case, number, plain=plain)
        sides = {"kit": "kit-cold", "plain": "plain-out"}
        for side in sides if plain else ["kit"]:
            self.measured.sizes[side] = size_of(self.folder / sides[side], Form.page_of_actions)

    def kit_warm(self, rounds: int) -> None:
        """One action changed while the preview runs, and its page seen again."""
        school = self.district.schools[0]
        page = f"schools/{school.record.slug}/index.html"
        words = [sys.executable, "-m", "living_manual", "preview", "--kit", KIT, "--port", "0"]
        words += ["--source", self.folder / "kit", "--today", TODAY]
        words += ["--output", self.folder / "kit-preview"]
        with warm(words, KIT, environment(self.folder), page) as preview:
            for number in range(rounds + 1):
                said = f"warm change {number + 1}"
                took = preview.save(partial(change_action, self.folder / "kit", school, said), said)
                if number:  # the first save after a start loads what the others find loaded
                    self.measured.warm.append(took)
                print(f"{self.measured.schools} schools, preview: {took:.2f} s", flush=True)

    def _note(self, side: str, case: str, build: Callable[[], Run], number: int) -> None:
        took = build()
        kept = self.measured.kit if side == "kit" else self.measured.plain
        kept.setdefault(case, []).append(took)
        self._say(f"round {number + 1}, {side}, {CASES[case]}", took)

    def _say(self, what: str, took: Run) -> None:
        print(
            f"{self.measured.schools} schools, {what}: "
            f"{took.wall:.1f} s, CPU {took.cpu:.1f} s, {took.peak:.0f} MB",
            flush=True,
        )

    def _words(self, case: str, number: int) -> str:
        return f"changed {case} in round {number + 1}"

    def _change(self, case: str, number: int) -> None:
        for form in ("kit", "plain"):
            if case == "action":
                change_action(
                    self.folder / form, self.district.schools[0], self._words(case, number)
                )
            elif case == "prose":
                change_prose(self.folder / form, self.district.terms[0], self._words(case, number))

    def _check(self, case: str, number: int, *, plain: bool) -> None:
        """A build that did not show the edit has done something else than what is measured."""
        pages = {
            "action": f"schools/{self.district.schools[0].record.slug}/index.html",
            "prose": f"glossary/{self.district.terms[0].slug}.html",
        }
        if case in pages:
            for output in ["kit-again", "plain-out"] if plain else ["kit-again"]:
                text = (self.folder / output / pages[case]).read_text(encoding="utf-8")
                if self._words(case, number) not in text:
                    raise MeasureError(f"{output} does not show the edit: {pages[case]}")

    def profile(self) -> Profile:
        """The kit's cold build, watched."""
        shutil.rmtree(self.folder / "kit-cold", ignore_errors=True)
        path = self.folder / "profile"
        took = self._run("-m", "bench.profiles", path, *self.build_words())
        schools = self.measured.schools
        return read_profile(path, schools, len(self.district.actions) // schools, took.cpu)


def environment(folder: Path) -> dict[str, str]:
    """As in a usual installation: modules are compiled once, not by every process.

    The compiled modules are kept beside the districts, so that nothing here is written to.
    """
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder.parent / "compiled")}


def warm_up(folder: Path) -> None:
    """Build the smallest district in every way once, so that no measured process compiles."""
    bench = Bench(folder, 1, 1)
    bench.kit_cold()
    bench.kit_again()
    bench.plain_cold(1)


def main(words: list[str] | None = None) -> int:
    """Read the words of the command, measure, write the page."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("--schools", type=int, nargs="+", default=[50, 200])
    parser.add_argument("--actions", type=int, default=30, help="actions of each school")
    parser.add_argument("--rounds", type=int, default=3, help="0 measures nothing (with --profile)")
    parser.add_argument(
        "--plain-up-to", type=int, default=200, help="schools above which plain is left out"
    )
    parser.add_argument(
        "--jobs", type=int, help="processes of the plain stack (default: the better of 1 and 2)"
    )
    parser.add_argument("--profile", action="store_true", help="profile the kit's cold build")
    parser.add_argument(
        "--profile-at", type=int, default=200, help="schools of the profile (default: 200)"
    )
    parser.add_argument("--note", default="", help="a sentence for the top of the page")
    parser.add_argument("--out", type=Path, help="where to write the page (default: print it)")
    said = parser.parse_args(words)
    measured: list[Measured] = []
    with tempfile.TemporaryDirectory(prefix="living-manual-bench-") as scratch:
        warm_up(Path(scratch) / "warm-up")
        for schools in sorted(said.schools) if said.rounds else []:
            folder = Path(scratch) / str(schools)
            bench = Bench(folder, schools, said.actions)
            plain = schools <= said.plain_up_to
            if said.jobs:
                bench.measured.best = said.jobs
            elif plain:
                bench.choose_jobs()
            for number in range(said.rounds):
                bench.round(number, plain=plain)
            bench.kit_warm(said.rounds)
            measured.append(bench.measured)
            shutil.rmtree(folder)
        profile = None
        if said.profile:
            folder = Path(scratch) / "profile"
            bench = Bench(folder, said.profile_at, said.actions)
            profile = bench.profile()
    page = report(measured, profile, said.actions, said.rounds, said.note)
    if said.out:
        said.out.write_text(page, encoding="utf-8")
        print(f"Written: {said.out}")
    else:
        print(page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
