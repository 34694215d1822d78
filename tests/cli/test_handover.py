"""`manual handover` from its front door: on the sample and on the tiny district."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.sites import KIT, SAMPLE, TINY, TODAY, Said, Source, copy, manual


@pytest.fixture
def tiny(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def handover(source: Source, *words: str | Path) -> Said:
    said = manual("handover", *words, "--kit", KIT, "--source", source.root, "--today", TODAY)
    assert "Traceback" not in said.out + said.err
    return said


def test_a_pack_as_text_needs_no_publish(tiny: Source) -> None:
    tiny.replace("schools/pier/plan.csv", "Boat talk on Fridays", "Boat talk on Mondays")
    said = handover(tiny, "head", "pier", "--format", "text")
    assert said.code == 0
    assert said.out.startswith("Handover: Head of school, Pier School\n=====")
    assert "[active] Boat talk on Mondays" in said.out
    assert "Look for: Students wait, then add to what was said." in said.out
    assert "1. Read what the role holds and decides: Head of school." in said.out


def test_a_pack_as_json_says_the_same_as_the_tables(tiny: Source) -> None:
    said = handover(tiny, "ROLE_HEAD", "--format", "json")
    told = json.loads(said.out)
    assert told["role"]["id"] == "ROLE_HEAD"
    assert told["open"]["total"] == 3
    assert {each["action"]["id"] for each in told["open"]["items"]} == {
        *("ACT_PIER_01", "ACT_PIER_02", "ACT_PIER_03")
    }
    assert told["day"] == TODAY
    assert [each["role"]["id"] for each in told["contacts"]] == ["ROLE_FERRY"]


@pytest.mark.parametrize(
    ("to", "file"),
    [
        ("packs/", "packs/handover-ferry-pier.pdf"),
        ("mine.pdf", "mine.pdf"),
        ("new/mine.pdf", "new/mine.pdf"),
    ],
    ids=["a folder", "a file", "a file in a new folder"],
)
def test_a_pdf_where_it_is_asked_for(tiny: Source, tmp_path: Path, to: str, file: str) -> None:
    said = handover(tiny, "Ferry teacher", "SCH_PIER", "--to", tmp_path / to)
    assert said.code == 0, said.err
    made = PdfReader(BytesIO((tmp_path / file).read_bytes()))
    assert made.metadata
    assert made.metadata.title == "Handover: Ferry teacher, Pier School"
    assert "vacant; Head of school steps in" in " ".join(made.pages[0].extract_text().split())
    assert [
        path.name for path in (tmp_path / file).parent.iterdir() if "handover-" in path.name
    ] in (
        [],
        ["handover-ferry-pier.pdf"],
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("heed",), "No role is called 'heed'. Did you mean Head of school (ROLE_HEAD)?"),
        (("zebra",), "There are Head of school (ROLE_HEAD), Ferry teacher (ROLE_FERRY)."),
        (("head", "pierr"), "No school is called 'pierr'. Did you mean Pier School (SCH_PIER)?"),
        (("",), "No role is called ''."),
        (("head", "--to", "pack.txt"), "--to names a .txt file, and --format makes .pdf."),
    ],
    ids=["near", "far", "a school", "nothing", "another ending"],
)
def test_what_is_not_there_is_said_with_what_is_near(
    tiny: Source, words: tuple[str, ...], told: str
) -> None:
    said = handover(tiny, *words)
    assert said.code == 2
    assert told in " ".join(said.err.split())


def test_names_that_mean_several_are_listed() -> None:
    said = handover(Source(SAMPLE), "coach")
    assert said.code == 2
    assert "Elementary mathematics coach (ROLE_COACH_ELEMENTARY) or Secondary" in said.err


def test_a_folder_that_cannot_be_written_leaves_nothing(tiny: Source, tmp_path: Path) -> None:
    (tmp_path / "wall").write_text("a file, no folder")
    said = handover(tiny, "head", "--to", tmp_path / "wall" / "pack.pdf")
    assert said.code == 2
    assert said.err.startswith("manual: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "wall"]


def test_errors_in_the_manual_are_told_and_the_rest_is_made(tiny: Source) -> None:
    tiny.replace("schools/pier/plan.csv", "KR_TUESDAYS", "KR_NOWHERE")
    said = handover(tiny, "head", "--format", "text")
    assert said.code == 0
    assert "records may be missing" in said.err
    assert "Boat talk on Fridays" in said.out
