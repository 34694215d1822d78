"""`manual confirm` from its front door: on copies of the tiny district, as people run it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any
from unittest import mock

import openpyxl
import pytest

from bench.district import TODAY as WIDE_DAY
from tests.data.dependants import dependants
from tests.sites import KIT, SAMPLE, TINY, TODAY, Said, Source, check, copy, manual, real_manual

TALK, PLAN, SCHOOL = "vision/talk.md", "schools/pier/plan.csv", "schools/pier/index.md"
SESSIONS, LEDGER = "learning/sessions.csv", "progress/wordings.csv"
OLD, NEW = "Students say what they think, and why.", "Students say why, and listen."


def confirm(source: Source, *words: str, day: str = TODAY) -> Said:
    said = manual("confirm", *words, "--kit", KIT, "--source", source.root, "--today", day)
    assert "Traceback" not in said.out + said.err
    return said


def opened(source: Source) -> list[dict[str, Any]]:
    """What `--list` prints for a program."""
    listed: list[dict[str, Any]] = json.loads(confirm(source, "--list", "--format", "json").out)
    return listed


def pairs(source: Source) -> set[tuple[str, str]]:
    return {(row["record_id"], row["parent_id"]) for row in opened(source)}


def state(source: Source) -> dict[str, bytes]:
    return {
        path.relative_to(source.root).as_posix(): path.read_bytes()
        for path in sorted(source.root.rglob("*"))
        if path.is_file()
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> dict[str, list[bytes]]:
    """The lines that are new or other in each file; none is gone, no other file has changed."""
    assert before.keys() <= after.keys()
    found: dict[str, list[bytes]] = {}
    for name, text in after.items():
        was, now = before.get(name, b"").split(b"\n"), text.split(b"\n")
        for tag, i, ii, j, jj in SequenceMatcher(None, was, now, False).get_opcodes():
            if tag != "equal":
                assert jj - j >= ii - i
                found.setdefault(name, []).extend(now[j:jj])
    return found


def rows(source: Source) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(source.read(LEDGER), newline="")))


@pytest.fixture(scope="module")
def kept_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny district with its wordings kept."""
    made = copy(TINY, tmp_path_factory.mktemp("kept") / "source")
    assert confirm(made, "--keep").code == 0
    return made.root


@pytest.fixture
def kept(kept_once: Path, tmp_path: Path) -> Source:
    return copy(kept_once, tmp_path / "source")


@pytest.fixture
def reworded(kept: Source) -> Source:
    """The objective says something else."""
    kept.replace(TALK, OLD, NEW)
    return kept


def test_keeping_all_asks_nobody_and_keeping_again_changes_nothing(kept: Source) -> None:
    assert {row["record"] for row in rows(kept)} == {
        *("OBJ_TALK", "KR_EXPLAIN", "KR_TUESDAYS", "PRO_BOAT_TALK", "TERM_EXPLAIN")
    }
    assert {(row["since"], row["kind"]) for row in rows(kept)} == {(TODAY, "first")}
    assert "1. Look at the picture (4 min)" in kept.read(LEDGER)
    before = state(kept)
    assert "Nothing has changed" in confirm(kept, "--keep").out
    assert state(kept) == before
    assert check(kept).findings == []
    assert opened(kept) == []


EDITS = {
    "the text of an objective": (TALK, OLD, NEW, "OBJ_TALK"),
    "its title": (TALK, "# Students talk mathematics", "# Students talk", "OBJ_TALK"),
    "the target of a key result": (TALK, ":target: 9 in 10", ":target: 8 in 10", "KR_EXPLAIN"),
    "its text": (TALK, "Asked on Fridays.", "Asked each Friday.", "KR_EXPLAIN"),
    "the meaning of a word": ("glossary/index.md", "doubt or add", "doubt", "TERM_EXPLAIN"),
    "a step": ("protocols/index.md", "{step} Say one", "{step} Name one", "PRO_BOAT_TALK"),
    "its purpose": ("protocols/index.md", "Hear two students", "Hear all", "PRO_BOAT_TALK"),
}


@pytest.mark.parametrize(("file", "old", "new", "parent"), EDITS.values(), ids=EDITS)
def test_an_edit_marks_exactly_the_dependants(
    kept: Source, file: str, old: str, new: str, parent: str
) -> None:
    kept.replace(file, old, new)
    wanted = dependants(kept.root, parent)
    assert wanted
    assert pairs(kept) == {(record, parent) for record in wanted}


SAME = {
    "line breaks": (TALK, OLD, "Students say what they\nthink,  and why."),
    "bold": (TALK, OLD, "Students say **what they think**, and *why*."),
    "a link": (TALK, OLD, "Students [say](../index.md) what they think, and why."),
    "owner": (TALK, ":owner: ROLE_FERRY", ":owner: ROLE_HEAD"),
    "baseline": (TALK, ":baseline: 6 in 10", ":baseline: 5 in 10"),
    "prose below": (TALK, "## Where it stands", "More is to come.\n\n## Where it stands"),
    "what a step says": ("protocols/index.md", "Nobody speaks.", "All are silent."),
}


@pytest.mark.parametrize(("file", "old", "new"), SAME.values(), ids=SAME)
def test_what_is_no_wording_marks_nothing(kept: Source, file: str, old: str, new: str) -> None:
    kept.replace(file, old, new)
    assert opened(kept) == []


def test_each_confirmation_clears_one_and_the_last_settles(reworded: Source) -> None:
    left = dependants(reworded.root, "OBJ_TALK")
    assert left == {"KR_EXPLAIN", "KR_TUESDAYS", "SES_OPENING"}
    for record, file in (("KR_EXPLAIN", TALK), ("KR_TUESDAYS", TALK), ("SES_OPENING", SESSIONS)):
        before = state(reworded)
        said = confirm(reworded, record, "OBJ_TALK", day="2030-11-01")
        assert said.code == 0, said.out + said.err
        left -= {record}
        assert pairs(reworded) == {(each, "OBJ_TALK") for each in left}
        touched = changed(before, state(reworded))
        assert set(touched) == {file} if left else {file, LEDGER}
        if file == TALK:
            (line,) = touched[file]
            assert line.startswith(b":confirmed: OBJ_TALK@")
        assert len(rows(reworded)) == (5 if left else 6)
    last = rows(reworded)[-1]
    assert (last["record"], last["since"], last["kind"]) == ("OBJ_TALK", "2030-11-01", "settled")
    assert NEW in last["text"]
    # The lines have become superfluous, and do no harm.
    assert check(reworded).findings == []
    assert "is the one agreed on 1 Nov 2030" in confirm(reworded, "OBJ_TALK", "--typo").err


def test_marks_and_confirmations_survive_a_rename_of_the_file(reworded: Source) -> None:
    assert confirm(reworded, "KR_TUESDAYS").code == 0
    before = pairs(reworded)
    assert len(before) == 2
    (reworded.root / TALK).rename(reworded.root / "vision/why.md")
    reworded.replace("vision/index.md", "\ntalk\n", "\nwhy\n")
    assert check(reworded).findings == []
    assert pairs(reworded) == before


def test_the_line_that_the_list_shows_confirms_when_it_is_pasted(reworded: Source) -> None:
    by_id = {row["record_id"]: row for row in opened(reworded)}
    result = by_id["KR_EXPLAIN"]
    lines = reworded.read(result["file"]).split("\n")
    assert lines[result["line"]] == ":id: KR_EXPLAIN"
    lines.insert(result["line"] + 1, result["write"])
    reworded.write(result["file"], "\n".join(lines))
    assert set(by_id) - {row["record_id"] for row in opened(reworded)} == {"KR_EXPLAIN"}
    session = by_id["SES_OPENING"]
    text = reworded.read(session["file"])
    head, row = text.splitlines()
    assert session["line"] == 2
    reworded.write(session["file"], f"{head},confirmed\n{row},{session['write']}\n")
    assert {row["record_id"] for row in opened(reworded)} == {"KR_TUESDAYS"}
    assert check(reworded).findings == []


def test_confirming_all_that_is_open_for_a_record(reworded: Source) -> None:
    reworded.replace("protocols/index.md", "Hear two students", "Hear all")
    assert {parent for record, parent in pairs(reworded) if record == "SES_OPENING"} == {
        *("OBJ_TALK", "PRO_BOAT_TALK")
    }
    (write,) = {row["write"] for row in opened(reworded) if row["record_id"] == "SES_OPENING"}
    assert confirm(reworded, "SES_OPENING").code == 0
    assert "SES_OPENING" not in {record for record, _ in pairs(reworded)}
    (row,) = csv.DictReader(io.StringIO(reworded.read(SESSIONS), newline=""))
    assert row["confirmed"] == write


def test_confirming_one_parent_keeps_the_confirmation_of_another(reworded: Source) -> None:
    reworded.replace("protocols/index.md", "Hear two students", "Hear all")
    assert confirm(reworded, "SES_OPENING", "PRO_BOAT_TALK").code == 0
    assert ("SES_OPENING", "OBJ_TALK") in pairs(reworded)
    assert confirm(reworded, "SES_OPENING", "OBJ_TALK").code == 0
    assert "SES_OPENING" not in {record for record, _ in pairs(reworded)}


def test_a_typo_asks_nobody(reworded: Source) -> None:
    before = state(reworded)
    said = confirm(reworded, "OBJ_TALK", "--typo", day="2030-11-01")
    assert said.code == 0
    assert f"- {OLD}" in said.out
    assert f"+ {NEW}" in said.out
    assert "3 records need not confirm" in said.out
    assert set(changed(before, state(reworded))) == {LEDGER}
    assert rows(reworded)[-1]["kind"] == "typo"
    assert opened(reworded) == []


def test_the_owners_line_on_the_parent_asks_nobody_and_keep_keeps_it(reworded: Source) -> None:
    mark = opened(reworded)[0]["write"].removeprefix(":confirmed: ")
    assert mark.startswith("OBJ_TALK@")
    reworded.replace(TALK, ":id: OBJ_TALK\n", f":id: OBJ_TALK\n:confirmed: {mark}\n")
    assert opened(reworded) == []
    assert check(reworded).findings == []
    assert confirm(reworded, "--keep").code == 0
    assert (rows(reworded)[-1]["record"], rows(reworded)[-1]["kind"]) == ("OBJ_TALK", "typo")


def test_keep_settles_what_was_pasted_by_hand_and_waits_for_the_rest(reworded: Source) -> None:
    assert "OBJ_TALK waits: 3 records left" in confirm(reworded, "--keep").out
    assert len(rows(reworded)) == 5
    for row in opened(reworded):
        if row["file"] == TALK:
            option = f":id: {row['record_id']}\n"
            reworded.replace(TALK, option, f"{option}{row['write']}\n")
    reworded.write(
        SESSIONS,
        reworded.read(SESSIONS).replace("notes\n", "notes,confirmed\n").rstrip()
        + f",{row['write'].removeprefix(':confirmed: ')}\n",
    )
    assert opened(reworded) == []
    assert confirm(reworded, "--keep").code == 0
    assert rows(reworded)[-1]["kind"] == "settled"


def test_a_change_back_asks_nobody(reworded: Source) -> None:
    reworded.replace(TALK, NEW, OLD)
    assert opened(reworded) == []


# ------------------------------------------------------------------------ byte for byte

BOM = b"\xef\xbb\xbf"
PLAN_BYTES = (
    b'id,title,"advances",uses,led_by,backed_up_by,status,starts,due,funding,look_for,'
    b"evidence,notes\n"
    b'ACT_PIER_01,"Boat talk, on Fridays",KR_EXPLAIN , PRO_BOAT_TALK,ROLE_HEAD,ROLE_FERRY,active,'
    b'2030-09-06,2031-06-13,none,"Wait, then\nadd","",\n'
    b",,,,,,,,,,,,\n"
    b'"ACT_PIER_03",Tuesday table,"KR_TUESDAYS",,ROLE_HEAD,,paused,2030-09-10,2031-06-17,,,,Mended'
)


@pytest.mark.parametrize("mark", [b"", BOM], ids=["plain", "marked"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [b"", b"\n"], ids=["open", "ended"])
def test_a_table_keeps_its_quotes_line_ends_and_mark(
    kept: Source, mark: bytes, end: bytes, last: bytes
) -> None:
    kept.replace(TALK, "Asked on Fridays.", "Asked each Friday.")
    (kept.root / PLAN).write_bytes(mark + (PLAN_BYTES + last).replace(b"\n", end))
    (write,) = {row["write"] for row in opened(kept) if row["record_id"] == "ACT_PIER_01"}
    assert confirm(kept, "ACT_PIER_01").code == 0
    wanted = (
        PLAN_BYTES.replace(b"notes\n", b"notes,confirmed\n")
        .replace(b'add","",\n', b'add","",,' + write.encode() + b"\n")
        .replace(b",,,,,,,,,,,,\n", b",,,,,,,,,,,,\n")
        + b","
    )
    assert (kept.root / PLAN).read_bytes() == mark + (wanted + last).replace(b"\n", end)
    # A second confirmation, with the column there, is one row and nothing else.
    kept.replace(TALK, "Counted by the head.", "Counted by the ferry.") if end == b"\n" else None
    if end == b"\n":
        assert confirm(kept, "ACT_PIER_03").code == 0
        after = (kept.root / PLAN).read_bytes()
        assert after.startswith(mark + wanted.rstrip(b","))
        assert after.removesuffix(last).split(b",")[-1].startswith(b"KR_TUESDAYS@")


PAGES = {
    "CRLF": lambda text: text.replace(b"\n", b"\r\n"),
    "marked": lambda text: BOM + text,
    "no end": lambda text: text.rstrip(b"\n"),
    "backticks": lambda text: text.replace(b":::", b"```"),
    "yaml": lambda text: text.replace(
        b":::{action} Explain the tide table at breakfast\n:id: ACT_PIER_02\n:at: SCH_PIER\n"
        b":advances: KR_EXPLAIN\n:led_by: ROLE_HEAD\n:status: planned\n",
        b":::{action} Explain the tide table at breakfast\n---\nid: ACT_PIER_02\nat: SCH_PIER\n"
        b"advances: KR_EXPLAIN\nled_by: ROLE_HEAD\nstatus: planned\n---\n",
    ),
    "an older line": lambda text: text.replace(
        b":id: ACT_PIER_02\n", b":id: ACT_PIER_02\n:confirmed:  KR_EXPLAIN@bbbbbbbb\n"
    ),
}


@pytest.mark.parametrize("alter", PAGES.values(), ids=PAGES)
def test_a_page_gets_its_line_and_nothing_else(kept: Source, alter: Any) -> None:
    kept.replace(TALK, "Asked on Fridays.", "Asked each Friday.")
    path = kept.root / SCHOOL
    path.write_bytes(alter(path.read_bytes()))
    before = path.read_bytes()
    said = confirm(kept, "ACT_PIER_02")
    assert said.code == 0, said.out + said.err
    was, now = before.split(b"\n"), path.read_bytes().split(b"\n")
    new = [line for line in now if line not in was]
    assert len(new) == 1
    assert new[0].rstrip(b"\r").lstrip(b":").startswith(b"confirmed: ")
    assert new[0].endswith(b"\r") == before.count(b"\r\n").__bool__()
    assert [line for line in now if line not in new] == [
        line for line in was if b"@bbbbbbbb" not in line
    ]
    assert "ACT_PIER_02" not in {record for record, _ in pairs(kept)}


def test_a_ledger_with_other_columns_first_keeps_its_order(reworded: Source) -> None:
    kept_rows = rows(reworded)
    order = ["text", "since", "record", "kind", "wording"]
    out = io.StringIO()
    writer = csv.DictWriter(out, order, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(kept_rows)
    (reworded.root / LEDGER).write_bytes(BOM + out.getvalue().encode().rstrip())
    before = (reworded.root / LEDGER).read_bytes()
    assert confirm(reworded, "OBJ_TALK", "--typo").code == 0
    after = (reworded.root / LEDGER).read_bytes()
    assert after.startswith(before + b"\r\n")
    assert opened(reworded) == []
    read = csv.DictReader(io.StringIO(after.decode("utf-8-sig"), newline=""))
    assert [row["kind"] for row in read] == ["first"] * 5 + ["typo"]


# ------------------------------------------------------------------------- what cannot be

REFUSED = {
    "an unknown record": (("ACT_PIER_10",), "no record 'ACT_PIER_10'. Did you mean ACT_PIER_0"),
    "small letters": (("act_pier_02",), "Did you mean ACT_PIER_02?"),
    "nothing like it": (("banana",), "Copy the id from the record's own page"),
    "nothing open": (("ACT_PIER_02",), "ACT_PIER_02 has nothing to confirm."),
    "the parent": (("OBJ_TALK",), "3 records may confirm it, such as"),
    "an unknown parent": (("KR_EXPLAIN", "OBJ_TALC"), "Did you mean OBJ_TALK?"),
    "not its parent": (("ACT_PIER_02", "OBJ_TALK"), "It depends on KR_EXPLAIN."),
    "a parent that has not changed": (("ACT_PIER_02", "KR_EXPLAIN"), "agreed on 15 Oct 2030"),
    "a typo in what has not changed": (("KR_EXPLAIN", "--typo"), "agreed on 15 Oct 2030"),
    "a typo in a school": (("SCH_PIER", "--typo"), "is a school: nobody depends"),
    "no record": ((), "Name a record, or say --list or --keep."),
    "two at once": (("--list", "--keep"), "Name a record, or say --list or --keep."),
    "a typo for one": (("KR_EXPLAIN", "OBJ_TALK", "--typo"), "--typo goes with one record"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_confirmed_is_said_in_a_sentence(
    reworded: Source, words: tuple[str, ...], said: str
) -> None:
    before = state(reworded)
    got = confirm(reworded, *words)
    assert (got.code, got.out) == (2, "")
    assert said in " ".join(got.err.split())
    assert state(reworded) == before


def test_without_a_ledger_nothing_is_open_and_a_typo_says_what_to_do(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    assert opened(source) == []
    assert "5 wordings not kept yet" in confirm(source, "--list").out
    assert "--keep` first" in confirm(source, "OBJ_TALK", "--typo").err


def test_a_dry_run_changes_nothing(reworded: Source) -> None:
    before = state(reworded)
    for words in (("KR_EXPLAIN",), ("OBJ_TALK", "--typo")):
        said = confirm(reworded, *words, "--dry-run")
        assert said.code == 0
        assert "Nothing was written (--dry-run)" in said.out
    assert state(reworded) == before


def test_with_errors_in_the_manual_nothing_is_written(reworded: Source) -> None:
    reworded.replace(SCHOOL, ":led_by: ROLE_HEAD", ":led_by: ROLE_NOBODY")
    before = state(reworded)
    said = confirm(reworded, "KR_EXPLAIN")
    assert said.code == 1
    assert "ROLE_NOBODY" in said.out
    assert "Nothing was written" in said.out
    assert state(reworded) == before


@pytest.mark.parametrize("broken", ["talk.md", "wordings.csv"])
def test_when_a_file_cannot_be_written_none_is(reworded: Source, broken: str) -> None:
    for record in ("KR_TUESDAYS", "SES_OPENING"):
        assert confirm(reworded, record).code == 0
    before = state(reworded)
    move = Path.replace

    def fails(self: Path, target: Path) -> Path:
        if Path(target).name == broken:
            raise PermissionError(13, "Permission denied", str(target))
        return move(self, target)

    with mock.patch.object(Path, "replace", fails):
        said = confirm(reworded, "KR_EXPLAIN")
    assert said.code == 2
    assert "Permission denied" in said.err
    assert "Nothing was changed" in " ".join(said.err.split())
    assert state(reworded) == before
    assert confirm(reworded, "KR_EXPLAIN").code == 0
    assert opened(reworded) == []


def test_a_workbook_leaves_confirmations_as_they_are(kept: Source, tmp_path: Path) -> None:
    kept.replace(TALK, "Asked on Fridays.", "Asked each Friday.")
    assert confirm(kept, "ACT_PIER_01").code == 0
    words = ("--kit", KIT, "--source", kept.root, "--today", TODAY)
    assert manual("sheet", "export", "SCH_PIER", *words, "--output", tmp_path).code == 0
    book = openpyxl.load_workbook(tmp_path / "pier-plan.xlsx")
    plan = book["Plan"]
    assert "confirmed" not in [cell.value for cell in plan[1]]
    plan["B2"] = "Boat talk on Mondays"
    book.save(tmp_path / "pier-plan.xlsx")
    before = kept.read(PLAN)
    said = manual("sheet", "import", tmp_path / "pier-plan.xlsx", *words, "--yes")
    assert said.code == 0, said.out
    assert kept.read(PLAN) == before.replace("Boat talk on Fridays", "Boat talk on Mondays")
    assert "ACT_PIER_01" not in {record for record, _ in pairs(kept)}


# ------------------------------------------------------------------------------- the numbers


def test_the_sample_lists_what_an_independent_count_finds() -> None:
    said = manual("confirm", "--list", "--format", "json", "--kit", KIT, "--source", SAMPLE)
    found = {(row["record_id"], row["parent_id"]) for row in json.loads(said.out)}
    parent = "KR_MINDSET_BEYOND_SCHOOL"
    confirmed = {
        row["id"]
        for path in SAMPLE.glob("schools/*/plan.csv")
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""))
        if parent in (row.get("confirmed") or "")
    }
    assert confirmed
    assert found == {(record, parent) for record in dependants(SAMPLE, parent) - confirmed}


def test_the_wide_district_lists_what_an_independent_count_finds(
    wide_source: Path, tmp_path: Path
) -> None:
    """The ledger says that an objective and a key result once read otherwise."""
    from living_manual.core.wording import digest

    source = tmp_path / "source"
    shutil.copytree(wide_source, source)
    page = next(iter(sorted((source / "vision" / "objectives").glob("*.md"))))
    ids = [line[5:] for line in page.read_text(encoding="utf-8").split("\n") if line[:4] == ":id:"]
    parents = ids[:2]
    assert [parent.partition("_")[0] for parent in parents] == ["OBJ", "KR"]
    text = "As it was said before"
    lines = [f"{parent},{digest(text)},2026-09-08,first,{text}\n" for parent in parents]
    (source / LEDGER).write_text("record,wording,since,kind,text\n" + "".join(lines))
    said = real_manual(
        *("confirm", "--list", "--format", "json", "--source", source, "--today", WIDE_DAY)
    )
    assert said.code == 0, said.err
    found = {(row["record_id"], row["parent_id"]) for row in json.loads(said.out)}
    wanted = {(each, parent) for parent in parents for each in dependants(source, parent)}
    assert len(wanted) > 200
    assert found == wanted
