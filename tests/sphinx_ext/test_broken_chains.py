"""Breaking any one thing is found: kind, file and line, and nothing is published.

Each case alters a copy of the tiny district and looks at what `manual check --format json` prints.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sites import KIT, SAMPLE, TINY, TODAY, Break, Said, Source, check, copy, manual
from tests.sites import real_manual as run

VISION, TALK, ROLE_PAGE = "vision/index.md", "vision/talk.md", "vision/index.md"
WORD, PROTOCOL, EXEMPLAR = "glossary/index.md", "protocols/index.md", "exemplars/index.md"
SCHOOL, PLAN = "schools/pier/index.md", "schools/pier/plan.csv"
LEARNING, SESSIONS = "learning/index.md", "learning/sessions.csv"
TOML = "district.toml"

Place = Callable[[Source], int | None]


def at(file: str, words: str) -> Place:
    """The line where words stand in a file after it was altered."""
    return lambda source: source.line(file, words)


def record(file: str, record_id: str) -> Place:
    """The line where a record starts."""
    return lambda source: source.line_of_record(file, record_id)


def first(_source: Source) -> int:
    """The first line: what is missing could stand anywhere in the file."""
    return 1


def nowhere(_source: Source) -> None:
    """No line: it is about the page as a whole."""


@dataclass(frozen=True)
class Case:
    """An alteration and the finding it gives; `follows` are kinds that it brings with it."""

    name: str
    alter: Break
    kind: str
    file: str
    line: Place
    follows: tuple[str, ...] = ()


def swap(file: str, old: str, new: str) -> Break:
    return lambda source: source.replace(file, old, new)


def add(file: str, text: str) -> Break:
    return lambda source: source.append(file, text)


def both(*breaks: Break) -> Break:
    def alter(source: Source) -> None:
        for each in breaks:
            each(source)

    return alter


def drop(file: str, *records: str) -> Break:
    return both(*(lambda source, r=r: source.without_record(file, r) for r in records))


def page(name: str, text: str, listed_in: str = "glossary/index.md") -> Break:
    """A further page, named in a list of pages."""
    entry = f"\n:::{{toctree}}\n:hidden:\n/{name.removesuffix('.md')}\n:::\n"
    return both(lambda source: source.write(name, text), add(listed_in, entry))


def block(type_name: str, record_id: str, *options: str, title: str = " Another one") -> str:
    lines = [f":::{{{type_name}}}{title}", f":id: {record_id}", *options, "", "Said.", ":::", ""]
    return "\n" + "\n".join(lines)


def problems(source: Source, said: Said) -> list[tuple[str, str | None, int | None]]:
    """(kind, file, line) of each finding; each must be fit to be read by a coach."""
    assert "Traceback" not in said.out + said.err
    assert said.err == ""
    for found in said.findings:
        assert len(found["message"]) > 10, found
        assert len(found["fix"]) > 10, found
        for text in (found["message"], found["fix"]):
            assert str(source.root) not in text, f"a path of this machine: {text}"
            assert "WARNING" not in text, f"the log's own words: {text}"
    return [(found["kind"], found["file"], found["line"]) for found in said.findings]


def assert_found(case: Case, tmp_path: Path, code: int) -> None:
    source = copy(TINY, tmp_path / "source")
    case.alter(source)
    said = check(source)
    found = problems(source, said)
    assert (case.kind, case.file, case.line(source)) in found
    assert {kind for kind, _, _ in found} <= {case.kind, *case.follows}
    assert said.code == code


# ------------------------------------------------------------------ required links and fields

#: (rule, file, record, option or column): each is taken out, alone.
REQUIRED = [
    ("objective-realises", TALK, "OBJ_TALK", "realises"),
    ("key-result-measures", TALK, "KR_EXPLAIN", "measures"),
    ("key-result-kind", TALK, "KR_EXPLAIN", "measure"),
    ("action-advances", SCHOOL, "ACT_PIER_02", "advances"),
    ("action-advances", PLAN, "ACT_PIER_01", "advances"),
    ("action-at", SCHOOL, "ACT_PIER_02", "at"),
    ("action-led-by", SCHOOL, "ACT_PIER_02", "led_by"),
    ("action-led-by", PLAN, "ACT_PIER_03", "led_by"),
    ("action-status", SCHOOL, "ACT_PIER_02", "status"),
    ("action-status", PLAN, "ACT_PIER_03", "status"),
    ("protocol-strengthens", PROTOCOL, "PRO_BOAT_TALK", "strengthens"),
    ("protocol-kind", PROTOCOL, "PRO_BOAT_TALK", "kind"),
    ("exemplar-illustrates", EXEMPLAR, "EX_GULLS", "illustrates"),
    ("exemplar-kind", EXEMPLAR, "EX_GULLS", "kind"),
    ("session-serves", SESSIONS, "SES_OPENING", "serves"),
    ("session-date", SESSIONS, "SES_OPENING", "date"),
    ("assessment-informs", LEARNING, "ASM_FALL", "informs"),
    ("role-status", ROLE_PAGE, "ROLE_HEAD", "status"),
    ("school-level", SCHOOL, "SCH_PIER", "level"),
]
OWNED = [
    (VISION, "VIS_TABLE"),
    (VISION, "SUB_TABLE"),
    (SCHOOL, "SCH_PIER"),
    (TALK, "OBJ_TALK"),
    (TALK, "KR_EXPLAIN"),
    (PROTOCOL, "PRO_BOAT_TALK"),
    (WORD, "TERM_EXPLAIN"),
    (EXEMPLAR, "EX_GULLS"),
    (SESSIONS, "SES_OPENING"),
    (LEARNING, "ASM_FALL"),
    (LEARNING, "DEC_TUESDAYS"),
]
#: Types that need not say it: everybody reads these, or they stand outside the flywheel.
WITHOUT = {
    "owner": set(),
    "reviewed": set(),
    "stage": {"SCH_PIER"},
    "audiences": {"SUB_TABLE", "ASM_FALL", "DEC_TUESDAYS"},
}
REQUIRED += [
    (f"record-{option}", file, record_id, option)
    for option, without in WITHOUT.items()
    for file, record_id in OWNED
    if record_id not in without
]
#: What goes with a missing link: an objective without a key result, a vacant role without cover.
FOLLOWS = {
    "key-result-measures": ("key-result-count", "implementation-only"),
    "role-status": ("vacant-role",),
}


def take_out(source: Source, file: str, record_id: str, name: str) -> None:
    if file.endswith(".csv"):
        source.without_cell(file, record_id, name)
    else:
        source.without_option(file, record_id, name)


@pytest.mark.parametrize(
    ("rule", "file", "record_id", "name"), REQUIRED, ids=[f"{r[2]}-{r[3]}" for r in REQUIRED]
)
def test_what_a_record_needs(
    rule: str, file: str, record_id: str, name: str, tmp_path: Path
) -> None:
    assert_found(
        Case(
            rule,
            lambda source: take_out(source, file, record_id, name),
            rule,
            file,
            record(file, record_id),
            FOLLOWS.get(rule, ()),
        ),
        tmp_path,
        code=1,
    )


def test_every_rule_of_the_model_is_broken_above() -> None:
    needs = tomllib.loads((KIT / "ubproject.toml").read_text(encoding="utf-8"))["needs"]
    declared = needs["schema_definitions"]["schemas"]
    assert {rule for rule, *_ in REQUIRED} == {entry["id"] for entry in declared}
    for entry in declared:
        types = entry["select"]["properties"]["type"]
        for type_name in types.get("enum", [types.get("const")]):
            prefix = next(t["prefix"] for t in needs["types"] if t["directive"] == type_name)
            broken = [r for r in REQUIRED if r[0] == entry["id"] and r[2].startswith(prefix)]
            assert broken, f"{entry['id']} is not tried on a {type_name}"


# ------------------------------------------------------------------------------------- links

#: link: (file, record, what stands there).
LINKS: dict[str, tuple[str, str, str]] = {
    "realises": (TALK, "OBJ_TALK", ":realises: VIS_TABLE"),
    "measures": (TALK, "KR_TUESDAYS", ":measures: OBJ_TALK\n:measure: implementation"),
    "advances": (PLAN, "ACT_PIER_01", "Fridays,KR_EXPLAIN"),
    "at": (SESSIONS, "SES_OPENING", ",SCH_PIER"),
    "led_by": (SCHOOL, "ACT_PIER_02", ":led_by: ROLE_HEAD"),
    "backed_up_by": (PLAN, "ACT_PIER_01", ",ROLE_FERRY"),
    "covered_by": (VISION, "ROLE_FERRY", ":covered_by: ROLE_HEAD"),
    "uses": (PLAN, "ACT_PIER_01", ",PRO_BOAT_TALK"),
    "strengthens": (PROTOCOL, "PRO_BOAT_TALK", ":strengthens: SUB_TABLE"),
    "develops": (PROTOCOL, "PRO_BOAT_TALK", ":develops: TERM_EXPLAIN"),
    "aligns_with": (WORD, "TERM_EXPLAIN", ":aligns_with: STD_ARGUE"),
    "illustrates": (EXEMPLAR, "EX_GULLS", ":illustrates: TERM_EXPLAIN"),
    "serves": (SESSIONS, "SES_OPENING", ",OBJ_TALK"),
    "runs": (SESSIONS, "SES_OPENING", ",PRO_BOAT_TALK"),
    "informs": (LEARNING, "ASM_FALL", ":informs: KR_EXPLAIN"),
    "analysed_in": (LEARNING, "ASM_FALL", ":analysed_in: SES_OPENING"),
    "affects": (LEARNING, "DEC_TUESDAYS", "OBJ_TALK, PRO_BOAT_TALK"),
    "owner": (EXEMPLAR, "EX_GULLS", ":owner: ROLE_HEAD"),
    "stage": (SESSIONS, "SES_OPENING", ",STAGE_SET"),
}
LINK_FOLLOWS = {
    "measures": ("key-result-count", "implementation-only"),
    "covered_by": ("vacant-role",),
}


def declared_links() -> dict[str, dict[str, Any]]:
    needs = tomllib.loads((KIT / "ubproject.toml").read_text(encoding="utf-8"))["needs"]
    links: dict[str, dict[str, Any]] = needs["links"]
    return links


def link_of(link: str) -> tuple[str, str, str]:
    """Where a link stands; one declared later is put on the word, since any record may have it."""
    return LINKS.get(link, (WORD, "TERM_EXPLAIN", f":aligns_with: STD_ARGUE\n:{link}: XX_LATER"))


def swap_link(link: str, new: str) -> Break:
    file, _, stands = link_of(link)
    old = stands if link in LINKS else stands.split("\n")[0]
    return swap(file, old, renamed(stands, new))


def test_links_named_here_are_declared() -> None:
    assert set(LINKS) <= set(declared_links())


def renamed(stands: str, new: str) -> str:
    """The same words with the last of their record ids replaced."""
    last = max(
        (word for word in stands.replace(":", " ").replace(",", " ").split() if word.isupper()),
        key=stands.rfind,
    )
    return stands[: stands.rfind(last)] + new + stands[stands.rfind(last) + len(last) :]


@pytest.mark.parametrize("link", declared_links())
def test_link_to_a_record_that_is_not_there(link: str, tmp_path: Path) -> None:
    file, record_id, _ = link_of(link)
    case = Case(
        link,
        swap_link(link, "XX_NOWHERE"),
        "link-missing-target",
        file,
        record(file, record_id),
        LINK_FOLLOWS.get(link, ()),
    )
    assert_found(case, tmp_path, code=1)


@pytest.mark.parametrize(
    "link", [link for link, declared in declared_links().items() if declared.get("target_types")]
)
def test_link_to_a_record_of_another_type(link: str, tmp_path: Path) -> None:
    assert "decision" not in declared_links()[link]["target_types"]
    file, record_id, _ = link_of(link)
    case = Case(
        link,
        swap_link(link, "DEC_TUESDAYS"),
        "link-wrong-type",
        file,
        record(file, record_id),
        LINK_FOLLOWS.get(link, ()),
    )
    assert_found(case, tmp_path, code=1)


def test_what_is_proposed_instead_may_stand_there(tmp_path: Path) -> None:
    """KR_EXPLAIN is written most like it, but a protocol develops words."""
    source = copy(TINY, tmp_path / "source")
    source.replace(PROTOCOL, ":develops: TERM_EXPLAIN", ":develops: KE_EXPLAIN")
    (found,) = check(source).findings
    assert "KR_EXPLAIN" not in found["fix"]
    source.replace(PROTOCOL, ":develops: KE_EXPLAIN", ":develops: TERM_EXPLIAN")
    (found,) = check(source).findings
    assert found["fix"] == "Did you mean TERM_EXPLAIN?"


# --------------------------------------------------------------------------------- all others

LOST = ("link-missing-target",)
NEW_ROW = "ACT_PIER_04,More,KR_EXPLAIN,,ROLE_HEAD,,planned,,,,,,\n"
WORD_OPTIONS = (
    ":owner: ROLE_HEAD",
    ":stage: STAGE_SET",
    ":audiences: teacher",
    ":reviewed: 2030-08-20",
)

CASES = [
    # ids
    Case(
        "same id on one page",
        add(WORD, block("term", "TERM_EXPLAIN", *WORD_OPTIONS, title=" To explain more")),
        "duplicate-id",
        WORD,
        at(WORD, ":::{term} To explain more"),
    ),
    Case(
        "same id on two pages",
        page("glossary/more.md", "# More\n" + block("term", "TERM_EXPLAIN", *WORD_OPTIONS)),
        "duplicate-id",
        "glossary/more.md",
        at("glossary/more.md", ":::{term}"),
    ),
    Case(
        "same id in page and table",
        swap(PLAN, "ACT_PIER_03", "ACT_PIER_02"),
        "duplicate-id",
        SCHOOL,
        record(SCHOOL, "ACT_PIER_02"),
    ),
    Case(
        "same id in one table",
        swap(PLAN, "ACT_PIER_03", "ACT_PIER_01"),
        "duplicate-id",
        PLAN,
        at(PLAN, 'ACT_PIER_01,"Tuesday'),
    ),
    Case(
        "same id in two tables",
        both(
            lambda source: source.write(
                "schools/rock/plan.csv", source.read(PLAN).replace("ACT_PIER_03", "ACT_ROCK_03")
            ),
            lambda source: source.write(
                "schools/rock/index.md",
                source.read(SCHOOL)
                .replace("SCH_PIER", "SCH_ROCK")
                .replace("ACT_PIER_02", "ACT_ROCK_02"),
            ),
            swap("schools/index.md", "pier/index\n", "pier/index\nrock/index\n"),
        ),
        "duplicate-id",
        "schools/rock/plan.csv",
        record("schools/rock/plan.csv", "ACT_PIER_01"),
    ),
    Case(
        "no id in a page",
        swap(SCHOOL, ":id: ACT_PIER_02\n", ""),
        "missing-id",
        SCHOOL,
        at(SCHOOL, ":::{action} Explain"),
    ),
    Case(
        "a blank line before the options",
        swap(SCHOOL, "breakfast\n:id: ACT_PIER_02", "breakfast\n\n:id: ACT_PIER_02"),
        "missing-id",
        SCHOOL,
        at(SCHOOL, ":::{action} Explain"),
    ),
    Case(
        "no id in a table",
        swap(PLAN, "ACT_PIER_03", ""),
        "table-id",
        PLAN,
        at(PLAN, ',"Tuesday'),
    ),
    Case(
        "another type's prefix in a page",
        swap(SCHOOL, "ACT_PIER_02", "PRO_PIER_02"),
        "invalid-id",
        SCHOOL,
        record(SCHOOL, "PRO_PIER_02"),
    ),
    Case(
        "another type's prefix in a table",
        swap(PLAN, "ACT_PIER_03", "SES_PIER_03"),
        "invalid-id",
        PLAN,
        record(PLAN, "SES_PIER_03"),
    ),
    Case(
        "an id in small letters",
        swap(SCHOOL, "ACT_PIER_02", "act_pier_02"),
        "invalid-id",
        SCHOOL,
        at(SCHOOL, ":::{action} Explain"),
    ),
    Case(
        "an id with a path in it",
        swap(SCHOOL, "ACT_PIER_02", "ACT_PIER/../02"),
        "not-allowed",
        SCHOOL,
        at(SCHOOL, ":id: ACT_PIER/../02"),
    ),
    # schools
    Case(
        "plan without a page",
        both(
            lambda source: source.write("schools/rock/plan.csv", source.read(PLAN)),
        ),
        "school-without-page",
        "schools/rock/plan.csv",
        first,
    ),
    Case(
        "school's page without the school",
        drop(SCHOOL, "SCH_PIER"),
        "school-without-page",
        PLAN,
        first,
        LOST,
    ),
    Case(
        "plan shown by no page",
        swap(SCHOOL, ":::{school-plan}\n:::\n", "Our plan.\n"),
        "plan-not-shown",
        PLAN,
        first,
    ),
    Case(
        "sessions shown by no page",
        swap(LEARNING, ":::{session-calendar}\n:::\n", "Our calendar.\n"),
        "plan-not-shown",
        SESSIONS,
        first,
        (*LOST, "root-learning"),
    ),
    # values
    Case(
        "a measure nobody knows",
        swap(TALK, ":measure: student-experience", ":measure: vibes"),
        "invalid-value",
        TALK,
        record(TALK, "KR_EXPLAIN"),
        ("key-result-kind", "implementation-only"),
    ),
    Case(
        "a status nobody knows",
        swap(SCHOOL, ":status: planned", ":status: maybe"),
        "action-status",
        SCHOOL,
        record(SCHOOL, "ACT_PIER_02"),
    ),
    Case(
        "an audience nobody knows",
        swap(WORD, "teacher, family", "teacher, parrots"),
        "invalid-value",
        WORD,
        record(WORD, "TERM_EXPLAIN"),
    ),
    Case(
        "a day that is not in the calendar",
        swap(TALK, ":due: 2031-06-20", ":due: 2031-06-31"),
        "invalid-value",
        TALK,
        record(TALK, "KR_EXPLAIN"),
    ),
    Case(
        "a day in words",
        swap(WORD, ":reviewed: 2030-08-20", ":reviewed: last summer"),
        "invalid-value",
        WORD,
        record(WORD, "TERM_EXPLAIN"),
    ),
    Case(
        "minutes in words",
        swap(PROTOCOL, ":minutes: 12", ":minutes: twelve"),
        "invalid-value",
        PROTOCOL,
        record(PROTOCOL, "PRO_BOAT_TALK"),
        (*LOST, "step-outside-protocol"),
    ),
    Case(
        "an option nobody knows",
        swap(WORD, ":aligns_with:", ":aligned_with:"),
        "unknown-option",
        WORD,
        record(WORD, "TERM_EXPLAIN"),
    ),
    # roles
    Case(
        "vacant role that nobody covers",
        swap(VISION, ":covered_by: ROLE_HEAD\n", ""),
        "vacant-role",
        VISION,
        record(VISION, "ROLE_FERRY"),
    ),
    Case(
        "vacant role covered by itself",
        swap(VISION, ":covered_by: ROLE_HEAD\n", ":covered_by: ROLE_FERRY\n"),
        "vacant-role",
        VISION,
        record(VISION, "ROLE_FERRY"),
    ),
    # what a manual cannot be without
    Case("no vision", drop(VISION, "VIS_TABLE"), "root-vision", VISION, first, LOST),
    Case(
        "two visions",
        add(TALK, block("vision", "VIS_OTHER", *WORD_OPTIONS)),
        "root-vision",
        TALK,
        record(TALK, "VIS_OTHER"),
    ),
    Case(
        "no objective",
        drop(TALK, "OBJ_TALK"),
        "root-objectives",
        VISION,
        first,
        (*LOST, "view-argument", "settings-value"),
    ),
    Case(
        "no key result",
        drop(TALK, "KR_EXPLAIN", "KR_TUESDAYS"),
        "root-key-results",
        VISION,
        first,
        (*LOST, "key-result-count"),
    ),
    Case(
        "no session in the calendar",
        swap(SESSIONS, f"\n{(TINY / SESSIONS).read_text(encoding='utf-8').splitlines()[1]}", ""),
        "root-learning",
        LEARNING,
        first,
        LOST,
    ),
    Case(
        "no calendar at all",
        lambda source: source.remove(SESSIONS),
        "root-learning",
        LEARNING,
        first,
        LOST,
    ),
    # pages
    Case(
        "minutes of the steps do not add up",
        swap(PROTOCOL, ":minutes: 4\n", ":minutes: 5\n"),
        "step-minutes",
        PROTOCOL,
        record(PROTOCOL, "PRO_BOAT_TALK"),
    ),
    Case(
        "step without minutes",
        swap(PROTOCOL, ":minutes: 4\n", ""),
        "step-minutes",
        PROTOCOL,
        at(PROTOCOL, ":::{step} Look"),
    ),
    Case(
        "two steps of one name",
        swap(PROTOCOL, "{step} Say one thing", "{step} Look at the picture"),
        "step-duplicate",
        PROTOCOL,
        lambda source: source.line(PROTOCOL, "Nobody speaks.") + 2,
    ),
    Case(
        "steps without a protocol",
        add(WORD, "\n::::{steps}\n:::{step} Wave\n:minutes: 1\n\nNow.\n:::\n::::\n"),
        "step-outside-protocol",
        WORD,
        at(WORD, ":::{step} Wave"),
    ),
    Case(
        "link in a step to a page that is not there",
        swap(PROTOCOL, "Go round the boat.", "Go round [the boat](boat.md)."),
        "page-reference",
        PROTOCOL,
        at(PROTOCOL, "Go round"),
    ),
    Case(
        "two records for one heading",
        add(WORD, block("term", "TERM_OTHER", *WORD_OPTIONS, title="")),
        "second-lead-record",
        WORD,
        record(WORD, "TERM_OTHER"),
    ),
    Case(
        "record without a title or heading",
        page("glossary/more.md", block("term", "TERM_OTHER", *WORD_OPTIONS, title="")),
        "record-without-title",
        "glossary/more.md",
        record("glossary/more.md", "TERM_OTHER"),
        ("page-reference",),
    ),
    Case(
        "view of a record that is not there",
        swap(TALK, ":::{chain} OBJ_TALK", ":::{chain} OBJ_GONE"),
        "view-argument",
        TALK,
        at(TALK, ":::{chain}"),
    ),
    Case(
        "list of a type that is not there",
        swap("schools/index.md", ":::{record-list} school", ":::{record-list} scholl"),
        "view-argument",
        "schools/index.md",
        at("schools/index.md", ":::{record-list}"),
    ),
    Case(
        "block that is not there",
        add(WORD, "\n:::{trem} To explain\nSaid.\n:::\n"),
        "not-allowed",
        WORD,
        at(WORD, ":::{trem}"),
    ),
    Case(
        "heading that skips a level",
        add(WORD, "\n### Too deep\n\nText.\n"),
        "markup",
        WORD,
        at(WORD, "### Too deep"),
    ),
    Case(
        "page in Latin-1",
        lambda source: source.latin_1(WORD, "a reason that", "a reason, d\u00e9j\u00e0, that"),
        "page-unreadable",
        WORD,
        at(WORD, "To say a reason"),
        LOST,
    ),
    Case(
        "page in no list of pages",
        lambda source: source.write("glossary/lost.md", "# Lost\n\nNobody comes here.\n"),
        "page-not-listed",
        "glossary/lost.md",
        nowhere,
    ),
    Case(
        "list of pages with a page that is not there",
        swap("index.md", "glossary/index\n", "glossary/index\nnowhere/index\n"),
        "page-reference",
        "index.md",
        at("index.md", ":::{toctree}"),
    ),
    Case(
        "link to a page that is not there",
        add(WORD, "\nSee [there](nowhere.md).\n"),
        "page-reference",
        WORD,
        at(WORD, "See [there]"),
    ),
    Case(
        "link to a heading that is not there",
        add(WORD, "\nSee [there](../vision/talk.md#nowhere).\n"),
        "page-reference",
        WORD,
        at(WORD, "See [there]"),
    ),
    Case(
        "link in the text to a record that is not there",
        add(WORD, "\nSee {need}`TERM_GONE`.\n"),
        "page-reference",
        WORD,
        at(WORD, "See {need}"),
    ),
    Case(
        "picture that is not there",
        add(WORD, "\n![A gull](gull.png)\n"),
        "page-reference",
        WORD,
        at(WORD, "![A gull]"),
    ),
    # tables
    Case(
        "column nobody knows",
        swap(PLAN, "look_for", "lookfor"),
        "table-column",
        PLAN,
        first,
    ),
    Case(
        "column too few",
        lambda source: source.write(PLAN, source.read(PLAN).split("\n")[0].replace(",notes", "")),
        "table-column",
        PLAN,
        first,
    ),
    Case(
        "status nobody knows in a table",
        swap(PLAN, "paused", "stopped"),
        "table-status",
        PLAN,
        record(PLAN, "ACT_PIER_03"),
    ),
    Case(
        "day that is not in the calendar in a table",
        swap(PLAN, "2030-09-10", "2030-02-30"),
        "table-date",
        PLAN,
        record(PLAN, "ACT_PIER_03"),
    ),
    Case(
        "number that is none",
        swap(SESSIONS, ",4.5,", ",half a day,"),
        "table-number",
        SESSIONS,
        record(SESSIONS, "SES_OPENING"),
        (*LOST, "root-learning"),
    ),
    Case(
        "short row",
        add(PLAN, NEW_ROW.replace(",,,,,,\n", ",,\n")),
        "table-row",
        PLAN,
        record(PLAN, "ACT_PIER_04"),
    ),
    Case(
        "long row",
        add(PLAN, NEW_ROW.replace("\n", ",,\n")),
        "table-row",
        PLAN,
        record(PLAN, "ACT_PIER_04"),
    ),
    Case(
        "row after a cell of three lines",
        both(
            swap(PLAN, "The table is being mended.", '"The table\nis being\nmended."'),
            add(PLAN, NEW_ROW.replace("planned", "perhaps")),
        ),
        "table-status",
        PLAN,
        at(PLAN, "ACT_PIER_04"),
    ),
    Case(
        "open quote",
        add(PLAN, NEW_ROW.replace("More", '"More')),
        "table-unreadable",
        PLAN,
        record(PLAN, "ACT_PIER_04"),
    ),
    Case(
        "table in Latin-1",
        lambda source: source.latin_1(PLAN, "no phones", "no caf\u00e9"),
        "table-unreadable",
        PLAN,
        record(PLAN, "ACT_PIER_03"),
    ),
    Case(
        "empty table",
        lambda source: source.write(PLAN, ""),
        "table-unreadable",
        PLAN,
        first,
    ),
    # settings
    Case(
        "setting nobody knows",
        swap(TOML, "short_name =", "shortname ="),
        "settings-unknown-key",
        TOML,
        at(TOML, "shortname"),
        ("settings-missing-key",),
    ),
    Case(
        "setting that is missing",
        swap(TOML, 'name = "2030-31"\n', ""),
        "settings-missing-key",
        TOML,
        at(TOML, "[school_year]"),
    ),
    Case(
        "setting of another form",
        swap(TOML, "America/St_Johns", "America/Tern_Rock"),
        "settings-value",
        TOML,
        at(TOML, "time_zone"),
    ),
    Case(
        "settings that are no TOML",
        swap(TOML, 'name = "Tern Rock School District"', "name = Tern Rock School District"),
        "settings-unreadable",
        TOML,
        at(TOML, "name = Tern"),
    ),
    Case(
        "date for an objective that is not there",
        swap(TOML, 'objective = "OBJ_TALK"', 'objective = "OBJ_GONE"'),
        "settings-value",
        TOML,
        at(TOML, 'objective = "OBJ_GONE"'),
    ),
    Case(
        "settings in Latin-1",
        lambda source: source.latin_1(TOML, "nobody sails alone", "nobody sails \u00e0 deux"),
        "settings-unreadable",
        TOML,
        at(TOML, "note ="),
    ),
    Case(
        "no settings",
        lambda source: source.remove(TOML),
        "settings-missing-key",
        TOML,
        first,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_broken_chain(case: Case, tmp_path: Path) -> None:
    assert_found(case, tmp_path, code=1)


WARNINGS = [
    Case(
        "one key result",
        both(drop(TALK, "KR_TUESDAYS"), swap(PLAN, "KR_TUESDAYS", "KR_EXPLAIN")),
        "key-result-count",
        TALK,
        record(TALK, "OBJ_TALK"),
    ),
    Case(
        "too many key results",
        add(
            TALK,
            "".join(
                block(
                    "key_result",
                    f"KR_MORE_{n}",
                    *WORD_OPTIONS,
                    ":measures: OBJ_TALK",
                    ":measure: teacher-practice",
                )
                for n in range(2)
            ),
        ),
        "key-result-count",
        TALK,
        record(TALK, "OBJ_TALK"),
    ),
    Case(
        "measured only by implementation",
        swap(TALK, ":measure: student-experience", ":measure: implementation"),
        "implementation-only",
        TALK,
        record(TALK, "OBJ_TALK"),
    ),
    Case(
        "a colour that is hard to read",
        swap(TOML, "#5B2A86", "#E0D0F0"),
        "settings-contrast",
        TOML,
        at(TOML, "brand ="),
    ),
]


@pytest.mark.parametrize("case", WARNINGS, ids=[case.name for case in WARNINGS])
def test_warning_keeps_nothing_from_being_published(case: Case, tmp_path: Path) -> None:
    assert_found(case, tmp_path, code=0)


@pytest.mark.parametrize("root", [TINY, SAMPLE], ids=["tiny", "sample"])
def test_nothing_to_mend(root: Path) -> None:
    said = check(root)
    assert (said.code, said.findings, said.err) == (0, [], "")


# --------------------------------------------------------------------- on the sample's own files

#: (rule, file, record, option or column) of the sample: broken all at once, each is found.
SAMPLE_BREAKS = [
    ("objective-realises", "vision/objectives/mindset.md", "OBJ_MINDSET", "realises"),
    ("key-result-measures", "vision/objectives/purpose.md", "KR_PURPOSE_EXPLAIN", "measures"),
    ("key-result-kind", "vision/objectives/mindset.md", "KR_MINDSET_BELONGING", "measure"),
    ("action-advances", "schools/juniper/index.md", "ACT_JUNIPER_01", "advances"),
    ("action-at", "schools/juniper/index.md", "ACT_JUNIPER_02", "at"),
    ("action-led-by", "schools/juniper/index.md", "ACT_JUNIPER_03", "led_by"),
    ("action-status", "schools/juniper/index.md", "ACT_JUNIPER_04", "status"),
    ("action-advances", "schools/birch/plan.csv", "ACT_BIRCH_03", "advances"),
    ("action-led-by", "schools/birch/plan.csv", "ACT_BIRCH_05", "led_by"),
    ("action-status", "schools/birch/plan.csv", "ACT_BIRCH_08", "status"),
    (
        "protocol-strengthens",
        "protocols/plc/looking-at-student-work.md",
        "PRO_LOOKING_AT_STUDENT_WORK",
        "strengthens",
    ),
    ("protocol-kind", "protocols/coaching/coaching-cycle.md", "PRO_COACHING_CYCLE", "kind"),
    ("exemplar-illustrates", "exemplars/ratio-paint/index.md", "EX_RATIO_PAINT", "illustrates"),
    ("exemplar-kind", "exemplars/sharing-brownies/index.md", "EX_SHARING_BROWNIES", "kind"),
    ("session-serves", "learning/sessions.csv", "SES_OPENING_DAY", "serves"),
    ("session-date", "learning/sessions.csv", "SES_COACHING_START", "date"),
    ("assessment-informs", "learning/assessments.md", "ASM_GRADE_3_PERIOD_1", "informs"),
    ("role-status", "vision/roles.md", "ROLE_SUPERINTENDENT", "status"),
    ("school-level", "schools/oak/index.md", "SCH_OAK", "level"),
    ("record-owner", "vision/index.md", "VIS_REASONING_FOR_ALL", "owner"),
    ("record-owner", "glossary/fluency.md", "TERM_FLUENCY", "owner"),
    ("record-owner", "learning/sessions.csv", "SES_OPENING_DAY", "owner"),
    ("record-stage", "vision/decisions.md", "DEC_REASONING_TASKS", "stage"),
    ("record-stage", "glossary/reasoning.md", "TERM_REASONING", "stage"),
    ("record-reviewed", "schools/birch/index.md", "SCH_BIRCH", "reviewed"),
    ("record-reviewed", "vision/subsystems.md", "SUB_PLC", "reviewed"),
    ("record-audiences", "glossary/strategy.md", "TERM_STRATEGY", "audiences"),
    ("record-audiences", "schools/oak/index.md", "SCH_OAK", "audiences"),
]


def test_every_required_thing_of_the_sample(tmp_path: Path) -> None:
    source = copy(SAMPLE, tmp_path / "source")
    for _, file, record_id, name in SAMPLE_BREAKS:
        take_out(source, file, record_id, name)
    said = check(source)
    found = problems(source, said)
    for rule, file, record_id, _ in SAMPLE_BREAKS:
        assert (rule, file, source.line_of_record(file, record_id)) in found
    assert said.code == 1


def test_links_of_the_sample(tmp_path: Path) -> None:
    """A renamed protocol, word, key result, role and school: every record that names it is told."""
    source = copy(SAMPLE, tmp_path / "source")
    moved = {
        "protocols/plc/lesson-rehearsal.md": "PRO_LESSON_REHEARSAL",
        "glossary/fluency.md": "TERM_FLUENCY",
        "vision/objectives/mindset.md": "KR_MINDSET_BELONGING",
        "vision/roles.md": "ROLE_FAMILY_LIAISON",
        "schools/juniper/index.md": "SCH_JUNIPER",
    }
    for file, record_id in moved.items():
        source.replace(file, f":id: {record_id}\n", f":id: {record_id}_2\n")
    expected = {
        (path.relative_to(source.root).as_posix(), number)
        for path in source.root.rglob("plan.csv")
        for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(record_id in row for record_id in moved.values())
    }
    assert len(expected) > 10
    said = check(source)
    found = problems(source, said)
    told = {(file, line) for kind, file, line in found if kind == "link-missing-target"}
    assert expected == {place for place in told if str(place[0]).endswith("plan.csv")}
    for n in range(1, 7):
        action = f"ACT_JUNIPER_0{n}"
        line = source.line_of_record("schools/juniper/index.md", action)
        assert ("schools/juniper/index.md", line) in told
    assert said.code == 1


# ------------------------------------------------------------------------------ nothing published


def served(site: Path) -> dict[str, bytes]:
    """Every file of the live site."""
    live = site / "current"
    return {
        path.relative_to(live).as_posix(): path.read_bytes()
        for path in live.rglob("*")
        if path.is_file()
    }


def test_broken_chain_leaves_the_live_site(tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site, "--today", TODAY)
    assert manual(*words).code == 0
    before, link = served(site), (site / "current").readlink()
    source.replace(TALK, ":realises: VIS_TABLE\n", "")
    said = run(*words)
    assert said.code == 1
    line = source.line_of_record(TALK, "OBJ_TALK")
    assert f"{TALK}:{line}: error: OBJ_TALK: The objective is not tied to the vision." in said.out
    assert "Nothing was published. The live site is as it was." in said.out
    assert "Traceback" not in said.out + said.err
    assert (site / "current").readlink() == link
    assert served(site) == before
    assert len(list((site / "releases").iterdir())) == 1
    assert not list((site / ".work").iterdir())
