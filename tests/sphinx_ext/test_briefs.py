"""Every brief of the sample is one tagged page whose code leads to a page that is there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from tests.sites import SAMPLE, TINY, Source, check, copy, manual
from tests.sphinx_ext.html import page, target

ADDRESS = "https://manual.alder-valley.example/"
#: Dots an inch that a sheet is looked at with, over the 72 of PDF.
SCALE = 2
PROTOCOL, WORD = "protocols/index.md", "glossary/index.md"


@pytest.fixture(scope="module")
def records(published_site: Path) -> list[dict[str, Any]]:
    """The protocols and words of the sample."""
    found = json.loads((published_site / "records.json").read_text(encoding="utf-8"))["records"]
    return [record for record in found if record["type"] in ("protocol", "term")]


def file_of(record: dict[str, Any]) -> str:
    name = record["id"].partition("_")[2].lower().replace("_", "-")
    return f"briefs/{record['type']}-{name}.pdf"


@pytest.fixture(scope="module")
def briefs(published_site: Path, records: list[dict[str, Any]]) -> dict[str, PdfReader]:
    """Each brief by its record's id, read whole: a file that is open is in nobody's way."""
    return {
        record["id"]: PdfReader(BytesIO((published_site / file_of(record)).read_bytes()))
        for record in records
    }


def test_there_is_one_for_each_and_no_other(
    published_site: Path, records: list[dict[str, Any]]
) -> None:
    there = {f"briefs/{path.name}" for path in (published_site / "briefs").iterdir()}
    assert there == {file_of(record) for record in records}
    assert len(there) >= 80


def test_each_is_one_tagged_page_with_title_and_language(
    records: list[dict[str, Any]], briefs: dict[str, PdfReader]
) -> None:
    for record in records:
        made = briefs[record["id"]]
        root: Any = made.trailer["/Root"]
        assert len(made.pages) == 1, record["id"]
        assert root["/MarkInfo"]["/Marked"], record["id"]
        assert root["/StructTreeRoot"]["/K"], record["id"]
        assert root["/Lang"] == "en", record["id"]
        assert made.metadata, record["id"]
        assert made.metadata.title == f"{record['title']}: one-page brief"


def codes(path: Path) -> list[str]:
    """What the codes say that stand on a sheet, looked at as a phone would."""
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[0].get_size()
        # The foot alone: a camera is held over the code as well.
        crop = (0, 0, width * 0.75, height * 0.7)
        picture = document[0].render(scale=SCALE, crop=crop, grayscale=True).to_pil()
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_each_code_leads_to_the_records_page(
    published_site: Path, records: list[dict[str, Any]]
) -> None:
    for record in records:
        (said,) = codes(published_site / file_of(record))
        assert said == f"{ADDRESS}{record['page']}.html"
        file = published_site / said.removeprefix(ADDRESS)
        assert record["id"] in page(file).ids


def test_each_link_leads_to_the_districts_own_site(briefs: dict[str, PdfReader]) -> None:
    for name, made in briefs.items():
        found = {note.get_object()["/A"]["/URI"] for note in made.pages[0]["/Annots"]}  # type: ignore[attr-defined]
        assert {urlsplit(each).netloc for each in found} == {urlsplit(ADDRESS).netloc}, name


def words_of(path: Path) -> str:
    """The text of a sheet, as a reader's program takes it out."""
    with pypdfium2.PdfDocument(path) as document:
        return squeezed(document[0].get_textpage().get_text_range())


def squeezed(text: str) -> str:
    """Without blanks and with plain quotes: a line may end anywhere."""
    return re.sub(r"[\s\u200b\ufffe\x02]", "", text).translate(str.maketrans("’‘“”", "''\"\""))


def test_each_protocol_has_every_step_with_its_minutes(
    published_site: Path, records: list[dict[str, Any]]
) -> None:
    for record in records:
        if record["type"] != "protocol":
            continue
        source = (SAMPLE / f"{record['page']}.md").read_text(encoding="utf-8")
        steps = re.findall(r"(?m)^:::\{step\} (.*)\n:minutes: (\d+)$", source)
        said = words_of(published_site / file_of(record))
        assert steps, record["id"]
        assert f"{record['fields']['minutes']}min" in said
        at = 0
        for title, minutes in steps:
            at = said.find(squeezed(title) + f"{minutes}min", at) + 1
            assert at, f"{record['id']}: {title}, {minutes} min"


def test_each_says_its_purpose_and_that_the_page_holds_more(
    published_site: Path, records: list[dict[str, Any]]
) -> None:
    for record in records:
        said = words_of(published_site / file_of(record))
        assert squeezed(record["text"])[:60] in said, record["id"]
        assert "Thereismoreonthepage" in said, record["id"]
        assert not re.search(r"(PRO|TERM|EX|OBJ|KR|SES)_[A-Z]", said), record["id"]


def test_each_page_offers_its_brief(published_site: Path, records: list[dict[str, Any]]) -> None:
    for record in records:
        path = published_site / f"{record['page']}.html"
        html = path.read_text(encoding="utf-8")
        (found,) = re.findall(
            r'<p class="brief-link"[^>]*><a href="([^"]+)">One-page brief \(PDF\)</a> '
            r'<span class="muted">(\d+) KB</span>',
            html,
        )
        file, _ = target(published_site, path, found[0])
        assert file == published_site / file_of(record)
        assert int(found[1]) == round(file.stat().st_size / 1000)


def test_the_list_leads_to_every_page_and_brief(
    published_site: Path, records: list[dict[str, Any]]
) -> None:
    path = published_site / "protocols" / "briefs.html"
    found = {
        target(published_site, path, address)
        for tag, address in page(path).links
        if tag == "a" and not urlsplit(address).netloc
    }
    for record in records:
        assert (published_site / file_of(record), "") in found
        assert (published_site / f"{record['page']}.html", record["id"]) in found


# In the tiny district: what there is to mend, and what is not there


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def built(source: Source, output: Path) -> Iterator[Path]:
    said = manual("build", "--source", source.root, "--output", output)
    assert said.code == 0, said.out + said.err
    yield from sorted((output / "briefs").iterdir())


def test_two_builds_in_different_places_give_the_same_bytes(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("living_manual.sphinx_ext.briefs.SHELF", tmp_path / "shelf")
    one = {path.name: path.read_bytes() for path in built(source, tmp_path / "one")}
    monkeypatch.setattr("living_manual.sphinx_ext.briefs.SHELF", tmp_path / "other shelf")
    other = copy(source.root, tmp_path / "deeper" / "place")
    two = {path.name: path.read_bytes() for path in built(other, tmp_path / "two")}
    assert list(one) == ["protocol-boat-talk.pdf", "term-explain.pdf"]
    assert one == two


def test_what_was_made_once_is_not_made_again(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("living_manual.sphinx_ext.briefs.SHELF", tmp_path / "shelf")
    one = [path.read_bytes() for path in built(source, tmp_path / "one")]
    monkeypatch.setattr("living_manual.edges.pdf._pressed", None)
    assert [path.read_bytes() for path in built(source, tmp_path / "two")] == one


def test_a_code_on_a_page_of_several_words_leads_to_the_word(
    source: Source, tmp_path: Path
) -> None:
    source.append(
        WORD,
        "\n:::{term} To wonder\n:id: TERM_WONDER\n:owner: ROLE_HEAD\n:stage: STAGE_SET\n"
        ":audiences: teacher\n:reviewed: 2030-08-20\n\nTo ask first.\n:::\n",
    )
    *_, word = built(source, tmp_path / "out")
    assert word.name == "term-wonder.pdf"
    assert codes(word) == ["https://tern-rock.example/handbook/glossary/index.html#TERM_WONDER"]


STEP = ":::{step} %s\n:minutes: 1\n\nWait.\n:::\n"


def test_a_protocol_too_long_for_a_sheet_is_found_where_it_stands(source: Source) -> None:
    steps = "".join(STEP % f"Go on {n}" for n in range(90))
    source.replace(PROTOCOL, "Go round the boat.\n:::\n", f"Go round the boat.\n:::\n{steps}")
    source.replace(PROTOCOL, ":minutes: 12", ":minutes: 102")
    said = check(source)
    (found,) = said.findings
    line = source.line_of_record(PROTOCOL, "PRO_BOAT_TALK")
    assert (found["kind"], found["file"], found["line"]) == ("brief-too-long", PROTOCOL, line)
    assert "fewer steps" in found["fix"]


def test_letters_without_a_face_are_a_warning_where_they_stand(source: Source) -> None:
    source.replace(WORD, "To say a reason", "To say 🐟 a reason")
    (found,) = check(source).findings
    assert (found["kind"], found["severity"], found["file"]) == ("brief-letters", "warning", WORD)
    assert "🐟" in found["message"]


@pytest.mark.parametrize("words", ["check", "build"])
def test_a_machine_without_typst_is_one_finding_and_no_traceback(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    (tmp_path / "typst.py").write_text("raise ImportError('gone', name='typst')\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("living_manual.sphinx_ext.briefs.SHELF", tmp_path / "shelf")
    output = ("--output", tmp_path / "out") if words == "build" else ()
    said = manual(words, "--source", source.root, *output)
    assert said.code == 1
    told = said.out + said.err
    assert told.count("briefs could not be made: the package typst is missing") == 1
    assert "Traceback" not in told
