"""Random edits of a small district, each built over what is there; clean builds tell the truth.

In the tests 300 edits, in parts that workers share; `make soak` goes on for `MANUAL_SOAK_MINUTES`.
Every edit is built. It is compared with a clean build after each edit of a soak, and after every
third one in the tests, where a lie that lasts for one edit only may pass. What changes nothing is
not counted as an edit.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, note, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from living_manual.core.finding import has_errors
from tests.freshness.conftest import as_built
from tests.freshness.interrupt import die_at
from tests.freshness.site import Killed, Outcome, in_child

EDITS, PARTS = 300, 4
"""How many edits, in how many tests (workers share them)."""
A_RUN, A_BATCH = 20, 2
"""How many steps before beginning anew, and how often before asking whether it is enough."""
MINUTES = float(os.environ.get("MANUAL_SOAK_MINUTES", "0"))

AT = st.integers(0, 499)
"""The n-th of what there is, counted round and round."""
WORDS = st.sampled_from(
    ["Tide", "Gulls at noon", "Rope & boat", "A < b", "Über den Steg", "*Wind*", "`code`", "Sea"]
)
IDS = st.sampled_from(
    ["TERM_EXPLAIN", "TERM_WONDER", "TERM_NEW", "TERM_GONE", "PRO_BOAT_TALK", "OBJ_TALK"]
) | st.sampled_from(["KR_EXPLAIN", "SCH_PIER", "ACT_PIER_01", "ACT_PIER_02", "ROLE_HEAD"])
NAMES = st.sampled_from(["first-week", "second-week", "new-week", "talk", "Talk", "more", "index"])
FOLDERS = st.sampled_from(["guide", "glossary", "vision", "learning", "schools/quay"])
CELLS = st.sampled_from(
    ["", "planned", "active", "done", "nearly", "2030-10-01", "2030-02-30", "Words, with a comma"]
) | st.sampled_from(
    ["KR_EXPLAIN", "OBJ_TALK", "KR_EXPLAIN;KR_TUESDAYS", "ROLE_HEAD", "ROLE_FERRY", "PRO_BOAT_TALK"]
)
VIEWS = st.sampled_from(
    ["coverage", "gaps", "session-calendar", "standard-table", "school-plan", "search-box"]
) | st.sampled_from(
    ["record-list} term", "record-list} action", "chain} OBJ_TALK", "used-in} ROLE_HEAD"]
)
NEW_RECORD = """
:::{{term}} {title}
:id: {id}
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20

{title}, and see {{need}}`{other}`.
:::
"""
LIST_OPTIONS = ("", ":hidden:\n", ":maxdepth: 1\n", ":numbered:\n", ":titlesonly:\n", ":glob:\n")
SETTINGS = (
    ("manual_release", "abc1234"),
    ("manual_today", "2030-12-24"),
    ("manual_search", "sphinx"),
    ("myst_heading_anchors", "1"),
    ("html_permalinks_icon", "§"),
)
DISTRICT = (
    ("Tern Rock", "Tern Island"),
    ("#5B2A86", "#1B5E20"),
    ("= 18", "= 2"),
    ("[look]", "[lock]"),
    ('"en"', '"fr"'),
    ("2030-11-01", "2030-10-01"),
    ("OBJ_TALK", "OBJ_WALK"),
)


class Place(NamedTuple):
    """Words in a file that an edit may change."""

    file: str
    match: re.Match[str]


class Edited(RuleBasedStateMachine):
    """A district that many hands work on."""

    folder: ClassVar[Path]
    compare_every: ClassVar[int] = 1
    edits: ClassVar[int] = 0
    whole: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.made = as_built(self.folder)
        self.state = self.made.state
        self.broken = self.not_compared = 0
        self.keep()

    # -------------------------------------------------------------------------------- helpers

    def files(self, *endings: str) -> list[str]:
        root = self.made.root
        found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
        return sorted(file for file in found if file.endswith(endings))

    def read(self, file: str) -> str:
        return (self.made.root / file).read_bytes().decode("utf-8", "replace")

    def places(self, ending: str, pattern: str) -> list[Place]:
        """Everything in the files that the pattern finds."""
        return [
            Place(file, match)
            for file in self.files(ending)
            for match in re.finditer(pattern, self.read(file), re.MULTILINE)
        ]

    def swap(self, places: Sequence[Place], at: int, new: str) -> None:
        """Replace the n-th of the places."""
        if places:
            file, match = places[at % len(places)]
            text = self.read(file)
            self.made.write(file, text[: match.start()] + match.expand(new) + text[match.end() :])

    def one(self, at: int, *endings: str) -> str | None:
        """The n-th of the files; the first page, which has to stay, is none of them."""
        found = [file for file in self.files(*endings) if file != "index.md"]
        return found[at % len(found)] if found else None

    def page(self, at: int) -> str:
        return self.files(".md")[at % len(self.files(".md"))]

    def build(self, *, even_if_the_same: bool = False) -> None:
        """Build over what is there, and compare; what is as it was is no edit.

        A district that is broken for long is mended: broken ones are much alike.
        """
        before, self.state = self.state, self.made.state
        if self.state == before and not even_if_the_same:
            return
        now = self.made.built()
        broken = has_errors(now.findings)
        type(self).edits += self.state != before
        type(self).whole += self.state != before and not broken
        self.not_compared += 1
        if self.not_compared == self.compare_every:
            self.compare(now)
        self.broken = self.broken + 1 if broken else 0
        if not broken:
            self.keep()
        elif self.broken == 2:
            self.put_back()
            self.build()

    def compare(self, now: Outcome) -> None:
        clean = self.made.clean()
        note(f"findings: {[(f.kind, f.file, f.line) for f in clean.findings]}")
        difference = now.difference(clean)
        assert not difference, "\n".join(difference)
        self.not_compared = 0

    def teardown(self) -> None:
        if self.not_compared:
            self.compare(self.made.built())

    def keep(self) -> None:
        """Keep the source as it is, for it is in order."""
        shutil.rmtree(self.made.root.parent / "good", ignore_errors=True)
        shutil.copytree(self.made.root, self.made.root.parent / "good")
        self.good_settings = dict(self.made.settings)

    def put_back(self) -> None:
        """The source as it was when it was last in order."""
        shutil.rmtree(self.made.root)
        shutil.copytree(self.made.root.parent / "good", self.made.root)
        self.made.settings.clear()
        self.made.settings.update(self.good_settings)

    @rule()
    def a_quiet_day(self) -> None:
        """Nobody edits anything. Hypothesis begins each series with the first of all rules only."""

    # ---------------------------------------------------------------------------------- pages

    @rule(at=AT, words=WORDS)
    def change_a_heading(self, at: int, words: str) -> None:
        self.swap(self.places(".md", r"^(#+) .+$"), at, rf"\1 {words}")
        self.build()

    @rule(at=AT, level=st.sampled_from(["##", "###"]))
    def change_a_level(self, at: int, level: str) -> None:
        self.swap(self.places(".md", r"^##+(?= )"), at, level)
        self.build()

    @rule(page=AT, words=WORDS, level=st.sampled_from(["", "## ", "### ", "(start-here)=\n## "]))
    def add_a_paragraph(self, page: int, words: str, level: str) -> None:
        self.made.append(self.page(page), f"\n{level}{words}\n")
        self.build()

    @rule(page=AT, record=IDS)
    def name_a_record(self, page: int, record: str) -> None:
        self.made.append(self.page(page), f"\nSee {{need}}`{record}`.\n")
        self.build()

    @rule(page=AT, other=AT, part=st.sampled_from(["", "#key-results", "#where-to-begin"]))
    def link_a_page(self, page: int, other: int, part: str) -> None:
        here, there = self.page(page), self.page(other)
        path = os.path.relpath(there, Path(here).parent)
        self.made.append(here, f"\nRead []({path}{part}), or [](#start-here).\n")
        self.build()

    @rule(page=AT, view=VIEWS)
    def show_a_view(self, page: int, view: str) -> None:
        name, _, argument = view.partition("}")
        self.made.append(self.page(page), f"\n:::{{{name}}}{argument}\n:::\n")
        self.build()

    @rule(at=AT, words=WORDS)
    def rename_a_word_of_a_list(self, at: int, words: str) -> None:
        self.swap(self.places(".md", r"^.+(?=\n: )"), at, words.replace("\\", ""))
        self.build()

    @rule(name=NAMES, folder=FOLDERS, words=WORDS, listed=st.booleans())
    def add_a_page(self, name: str, folder: str, words: str, listed: bool) -> None:
        file = f"{folder}/{name}.md"
        if not (self.made.root / file).exists():
            self.made.write(file, f"# {words}\n\nSee {{need}}`TERM_EXPLAIN`.\n\n## {words} again\n")
            if listed:
                self.swap(
                    self.places("index.md", r"^vision/index$"), 0, rf"\g<0>\n/{folder}/{name}"
                )
        self.build()

    @rule(page=AT)
    def remove_a_page(self, page: int) -> None:
        if file := self.one(page, ".md"):
            self.made.remove(file)
        self.build()

    @rule(page=AT, folder=FOLDERS, name=NAMES)
    def move_a_page(self, page: int, folder: str, name: str) -> None:
        file, new = self.one(page, ".md"), f"{folder}/{name}"
        if file and not (self.made.root / f"{new}.md").exists():
            self.made.move(file, f"{new}.md")
            self.swap(self.places("index.md", rf"^/?{file.removesuffix('.md')}$"), 0, new)
        self.build()

    @rule(at=AT, option=st.sampled_from(LIST_OPTIONS), turn=st.booleans())
    def change_a_list_of_pages(self, at: int, option: str, turn: bool) -> None:
        places = self.places(".md", r"(?s)(?<=^:::\{toctree\}\n)(.*?)(?=\n:::)")
        if places:
            entries = [line for line in places[at % len(places)].match[0].splitlines() if line]
            entries = [line for line in entries if not line.startswith(":")]
            self.swap(places, at, option + "\n".join(reversed(entries) if turn else entries))
        self.build()

    @rule(at=AT)
    def take_a_page_out_of_a_list(self, at: int) -> None:
        self.swap(self.places(".md", r"^/?[\w/-]+(index|-week|talk|more)\n"), at, "")
        self.build()

    # -------------------------------------------------------------------------------- records

    @rule(page=AT, words=WORDS, record=IDS, other=IDS)
    def add_a_record(self, page: int, words: str, record: str, other: str) -> None:
        self.made.append(self.page(page), NEW_RECORD.format(title=words, id=record, other=other))
        self.build()

    @rule(at=AT)
    def remove_a_record(self, at: int) -> None:
        self.swap(self.places(".md", r"(?s)^:::\{\w+\}[^\n]*\n:id: .*?^:::\n"), at, "")
        self.build()

    @rule(at=AT, words=WORDS)
    def rename_a_record(self, at: int, words: str) -> None:
        self.swap(self.places(".md", r"^(:::\{\w+\}) .+(?=\n:id:)"), at, rf"\1 {words}")
        self.build()

    @rule(at=AT, value=CELLS)
    def change_an_option(self, at: int, value: str) -> None:
        names = "status|advances|owner|covered_by|develops|serves|title|reviewed|stage"
        self.swap(self.places(".md", rf"^:({names}): .*$"), at, rf":\1: {value}")
        self.build()

    @rule(old=IDS, new=IDS, everywhere=st.booleans())
    def change_an_id(self, old: str, new: str, everywhere: bool) -> None:
        for file in self.files(".md", ".csv"):
            text = self.read(file)
            pattern = rf"\b{old}\b" if everywhere else rf"(?<=:id: ){old}\b"
            if (changed := re.sub(pattern, new, text)) != text:
                self.made.write(file, changed)
        self.build()

    # --------------------------------------------------------------------------------- tables

    @rule(at=AT, value=CELLS)
    def change_a_cell(self, at: int, value: str) -> None:
        self.swap(self.places(".csv", r"(?<=,)[^,\n]*(?=[,\n])"), at, f'"{value}"')
        self.build()

    @rule(table=AT, at=AT, how=st.sampled_from(["twice", "gone", "turned"]))
    def change_the_rows(self, table: int, at: int, how: str) -> None:
        file = self.one(table, ".csv")
        header, *rows = self.read(file).splitlines(keepends=True) if file else [""]
        if file and rows:
            row = rows[at % len(rows)]
            if how == "twice":
                rows.append(re.sub(r"_0(\d)", r"_1\1", row))
            elif how == "gone":
                rows.remove(row)
            else:
                rows.reverse()
            self.made.write(file, "".join([header, *rows]))
        self.build()

    @rule(at=AT)
    def remove_a_file(self, at: int) -> None:
        if file := self.one(at, ".csv", ".png", ".txt"):
            self.made.remove(file)
        self.build()

    @rule(folder=FOLDERS, table=AT)
    def copy_a_table(self, folder: str, table: int) -> None:
        if file := self.one(table, ".csv"):
            self.made.write(f"{folder}/{Path(file).name}", self.read(file).replace("_0", "_2"))
        self.build()

    # ---------------------------------------------------------------------- media and settings

    @rule(at=AT, shade=st.integers(0, 255), keep_time=st.booleans())
    def paint_a_picture(self, at: int, shade: int, keep_time: bool) -> None:
        if file := self.one(at, ".png"):
            self.with_time(file, lambda: self.made.paint(file, shade), keep_time)
        self.build()

    @rule(page=AT, folder=FOLDERS, shade=st.integers(0, 255))
    def show_a_picture(self, page: int, folder: str, shade: int) -> None:
        self.made.paint(f"{folder}/boat.png", shade)
        self.made.append(self.page(page), f"\n![A boat](/{folder}/boat.png)\n")
        self.build()

    @rule(at=AT)
    def show_a_picture_no_more(self, at: int) -> None:
        self.swap(self.places(".md", r"!\[[^]]+\]\([^)]+\)|\{download\}`[^`]+`"), at, "Nothing")
        self.build()

    @rule(at=AT, words=WORDS, keep_time=st.booleans())
    def change_a_text(self, at: int, words: str, keep_time: bool) -> None:
        if file := self.one(at, ".txt"):
            self.with_time(file, lambda: self.made.write(file, f"{words}.\n"), keep_time)
        self.build()

    @rule(at=AT)
    def turn_two_letters(self, at: int) -> None:
        """An edit that a file's size and time do not tell."""
        places = self.places(".md", r"(?<=[a-z])([a-z])([a-z])(?=[a-z ]+\.)")
        if places:
            file = places[at % len(places)].file
            self.with_time(file, lambda: self.swap(places, at, r"\2\1"), True)
        self.build()

    def with_time(self, file: str, edit: Callable[[], None], keep: bool) -> None:
        self.made.with_old_time(file, edit) if keep else edit()

    @rule(change=st.sampled_from(DISTRICT), back=st.booleans())
    def change_a_setting(self, change: tuple[str, str], back: bool) -> None:
        old, new = reversed(change) if back else change
        self.made.write("district.toml", self.read("district.toml").replace(old, new))
        self.build()

    @rule(setting=st.sampled_from(SETTINGS))
    def change_the_configuration(self, setting: tuple[str, str]) -> None:
        name, value = setting
        if self.made.settings.pop(name, None) is None:
            self.made.settings[name] = value
        self.build()

    # ------------------------------------------------------------------------------- accidents

    @rule(at=AT, sign=st.sampled_from([b"\xe9", b"\0", b"\n:::{note}\n", b"\n```\n", b"\r\n"]))
    def break_a_file(self, at: int, sign: bytes) -> None:
        files = self.files(".md", ".csv")
        with (self.made.root / files[at % len(files)]).open("ab") as file:
            file.write(sign)
        self.build()

    @rule(at=AT)
    def touch_a_file(self, at: int) -> None:
        files = self.files("")
        (self.made.root / files[at % len(files)]).touch()
        self.build(even_if_the_same=True)

    @rule(point=st.integers(1, 80), half=st.booleans(), at=AT, words=WORDS)
    def be_killed(self, point: int, half: bool, at: int, words: str) -> None:
        self.swap(self.places(".md", r"^(#+) .+$"), at, rf"\1 {words}")

        def work() -> None:
            die_at(self.made.root.parent, point, half=half)
            self.made.built()

        with contextlib.suppress(Killed):
            in_child(work)
        self.build(even_if_the_same=True)

    @rule()
    def take_everything_back(self) -> None:
        shutil.rmtree(self.made.root)
        shutil.copytree(self.folder / "kept" / "source", self.made.root)
        self.made.settings.clear()
        self.build()


def run(
    folder: Path, number: int, stop: Callable[[int], bool], compare_every: int = 1
) -> type[Edited]:
    """Run series of edits until so many are enough; the machine knows how many it has made."""
    own = {"folder": folder, "compare_every": compare_every, "edits": 0, "whole": 0}
    machine = type(f"Edited{number}", (Edited,), own)
    always_the_same, batch = settings().derandomize, 0
    options = settings(
        max_examples=A_BATCH,
        stateful_step_count=A_RUN,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
        # To find the fewest edits that show a lie takes minutes: a soak has them.
        phases=[Phase.generate, Phase.shrink] if MINUTES else [Phase.generate],
    )
    while not stop(machine.edits):
        batch += 1
        chosen = seed(1000 * number + batch)(machine) if always_the_same else machine
        run_state_machine_as_test(chosen, settings=options)
    print(f"{machine.edits} random edits; {machine.whole} builds without an error")
    return machine


@pytest.mark.parametrize("part", range(PARTS))
def test_random_edits(part: int, built_once: Path) -> None:
    done = run(built_once, part, lambda edits: edits >= EDITS // PARTS, compare_every=3)
    assert done.edits >= EDITS // PARTS


@pytest.mark.skipif(not MINUTES, reason="only with MANUAL_SOAK_MINUTES: make soak")
def test_random_edits_for_long(built_once: Path) -> None:
    until = time.monotonic() + MINUTES * 60
    assert run(built_once, PARTS, lambda _edits: time.monotonic() > until).edits
