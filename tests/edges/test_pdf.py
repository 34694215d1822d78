"""Sheets from typst itself: one tagged page each, whatever the words are."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from living_manual.core.brief import PagePart, PageParts, StepPart, brief, brief_data
from living_manual.core.brief_text import Run, Text
from living_manual.edges import pdf
from living_manual.edges.pdf import PressError, Sheet, Shelf, key_of, make_sheets
from tests.build_manual import manual, rec

ADDRESS = "https://manual.example.org/"


def text(words: str) -> Text:
    return (Run(words),)


def value(
    words: str = "Bring work.", *, items: int = 3, steps: int = 2, **settings: Any
) -> dict[str, Any]:
    """A protocol whose every part says these words."""
    record = rec("PRO_X", title=f"Visit {words}", purpose=words, minutes=10, lead=True)
    parts = PageParts(
        tuple(StepPart(f"Step {n}", 5, words, text(words)) for n in range(steps)),
        tuple(
            PagePart(name, name.capitalize(), items=(text(words),) * items)
            for name in ("roles", "norms", "look-for")
        ),
    )
    district = manual(record, **{"name": "Tern Rock", "address": ADDRESS, **settings})
    return brief_data(brief(district, record, parts, "protocols/x.html"))


def pressed(*values: dict[str, Any]) -> list[Sheet]:
    return make_sheets(list(values))


def read(sheet: Sheet) -> PdfReader:
    assert sheet.pdf, sheet
    return PdfReader(BytesIO(sheet.pdf))


def words_of(sheet: Sheet) -> str:
    found = read(sheet).pages[0].extract_text()
    return " ".join(found.replace("\u200b", "").split())


@pytest.mark.parametrize(
    ("settings", "inches"),
    [({"paper": "letter"}, (8.5, 11.0)), ({"paper": "a4"}, (8.27, 11.69))],
    ids=["letter", "a4"],
)
def test_one_tagged_page_with_title_and_language(
    settings: dict[str, str], inches: tuple[float, float]
) -> None:
    (sheet,) = pressed(value(language="fr-CA", **settings))
    made = read(sheet)
    root: Any = made.trailer["/Root"]
    assert len(made.pages) == 1
    box = made.pages[0].mediabox
    assert (float(box.width) / 72, float(box.height) / 72) == pytest.approx(inches, abs=0.01)
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "fr-CA"
    assert made.metadata
    assert made.metadata.title == "Visit Bring work.: one-page brief"
    assert "/CreationDate" not in made.metadata
    assert "pdfuaid:part" in made.xmp_metadata.stream.get_data().decode()  # type: ignore[union-attr]


def tags(node: Any) -> list[str]:
    """The roles of a sheet's parts, in the order in which they are read aloud."""
    node = node.get_object()
    if isinstance(node, list):
        return [tag for one in node for tag in tags(one)]
    if not hasattr(node, "get") or "/S" not in node:
        return []
    return [node["/S"], *(tags(node["/K"]) if "/K" in node else [])]


def test_what_is_read_aloud_is_in_order() -> None:
    root: Any = read(pressed(value())[0]).trailer["/Root"]
    found = tags(root["/StructTreeRoot"]["/K"])
    order = [tag for tag in found if tag in ("/H1", "/H2", "/L", "/Figure", "/Link")]
    # Steps, roles, norms, look-fors; then room for notes, the code and the address.
    assert order == ["/H1", *["/H2", "/L"] * 4, "/H2", "/Figure", "/Link"]
    assert found.count("/LI") == 2 + 3 * 3
    assert found.count("/P") >= 8
    assert "/Span" not in found[: found.index("/H1")]


def test_the_only_link_is_the_page() -> None:
    page = read(pressed(value())[0]).pages[0]
    addresses = {note.get_object()["/A"]["/URI"] for note in page["/Annots"]}  # type: ignore[attr-defined]
    assert addresses == {"https://manual.example.org/protocols/x.html"}


def test_without_an_address_there_is_no_code_and_no_link() -> None:
    page = read(pressed(value(address=""))[0]).pages[0]
    assert "/Annots" not in page
    assert "There is more" not in page.extract_text()


HOSTILE = {
    "typst": '#panic("x") #eval("1+1") $pi$ `raw` *b* _e_ <l> @r \\ // c /* d',
    "json": '"}], "title": {"a": [1, null] } \\u0041 \\',
    "markup": "<script>alert(1)</script> &amp; %PDF-1.7 (a) <</S /URI>> endobj",
    "jinja": "{{ 7 * 7 }} {% raw %} ${x}",
    "symbols": "≤ ≥ × ÷ − √ π ½ ⅓ ¾ → ← ↔ ° ² … “a” ‘b’ – — é ñ ç ø ł ā Ḵ",
}


@pytest.fixture(scope="module")
def hostile() -> dict[str, Sheet]:
    """All of them made at once."""
    return dict(zip(HOSTILE, pressed(*(value(words) for words in HOSTILE.values())), strict=True))


@pytest.mark.parametrize("name", HOSTILE)
def test_words_are_words_and_nothing_else(hostile: dict[str, Sheet], name: str) -> None:
    sheet = hostile[name]
    assert (sheet.lacking, sheet.fault) == ("", "")
    assert len(read(sheet).pages) == 1
    # Ligatures and blanks may come back another way; every other letter is there.
    said = words_of(sheet).replace(" ", "")
    assert said.count(HOSTILE[name].replace(" ", "")) >= 5


def test_letters_that_no_face_has_are_left_out_and_told() -> None:
    plain, lacking = pressed(value("Say why"), value("Say 😀 why 中文 ᐃ"))
    assert plain.lacking == ""
    assert sorted(lacking.lacking) == sorted("😀中文ᐃ")
    assert words_of(lacking).count("Say why") >= 5


def test_words_from_right_to_left_are_words() -> None:
    (sheet,) = pressed(value("Access גישה now"))
    assert sheet.lacking == ""
    assert "גישה" in words_of(sheet) or "השיג" in words_of(sheet)


def test_very_long_words_stay_on_the_sheet() -> None:
    page = read(pressed(value("W" * 100, steps=1, items=1))[0]).pages[0]
    edges: list[float] = []
    page.extract_text(visitor_text=lambda _t, _c, tm, _f, _s: edges.append(tm[4]))
    assert max(edges) < float(page.mediabox.width) - 40


def test_too_much_is_trimmed_by_whole_items_and_said() -> None:
    sentence = "Students give a reason after an answer, with and without being asked to do so."
    (sheet,) = pressed(value(sentence, items=8, steps=14))
    said = words_of(sheet)
    assert len(read(sheet).pages) == 1
    for n in range(14):
        assert f"Step {n}" in said
    assert said.count("5 min") == 14
    assert "It also has:" in said or "In full there:" in said
    whole = said.count("Students give a reason")
    assert 14 < whole < 14 * 2 + 8 * 3
    assert said.count("being asked to do so.") == whole  # and none is cut


def test_what_cannot_fit_is_said_to_be_too_long() -> None:
    too_long, fine = pressed(value(steps=90), value())
    assert too_long == Sheet(too_long=True)
    assert fine.pdf


def test_the_same_bytes_each_time_and_wherever() -> None:
    many = [value(f"Talk {n}") for n in range(pdf._MANY)]  # shared by two processes
    assert pressed(*many) == [*pressed(*many[:1]), *pressed(*many[1:3]), *pressed(*many[3:])]


def test_nothing_to_make() -> None:
    assert pressed() == []


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("raise ImportError('no such wheel', name='typst')\n", "the package typst is missing"),
        ("import os\nos._exit(3)\n", "typst ended with 3"),
        ("def Fonts(**_):\n    raise OSError('no faces')\n", "typst could not work: no faces"),
    ],
    ids=["missing", "died", "broken"],
)
def test_typst_that_cannot_work_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, said: str
) -> None:
    (tmp_path / "typst.py").write_text(module, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(PressError, match=said):
        pressed(value())


def test_typst_that_takes_too_long_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "typst.py").write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(pdf, "_START", 1)
    monkeypatch.setattr(pdf, "_EACH", 0)
    with pytest.raises(PressError, match="too long"):
        pressed(value())


# The shelf

WHOLE = Sheet(b"%PDF-1.7\n...\n%%EOF\n")


def test_a_sheet_is_kept_by_what_it_follows_from(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "briefs")
    shelf.put("a", WHOLE)
    assert shelf.get("a") == WHOLE
    assert shelf.get("b") is None


def test_a_key_follows_the_brief_and_nothing_else() -> None:
    record = rec("PRO_X", purpose="Talk.")
    one, same = (brief(manual(record), record, PageParts(), "x.html") for _ in range(2))
    other = brief(manual(record, paper="a4"), record, PageParts(), "x.html")
    assert key_of(one) == key_of(same) != key_of(other)


@pytest.mark.parametrize("kept", [b"", b"%PDF-1.7\n", b"...%%EOF"], ids=["empty", "cut", "other"])
def test_a_file_that_is_not_whole_is_made_again(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(kept)
    assert Shelf(tmp_path).get("a") is None


@pytest.mark.parametrize(
    "sheet", [Sheet(too_long=True), Sheet(fault="x"), Sheet(WHOLE.pdf, lacking="x")]
)
def test_what_is_to_mend_is_not_kept(tmp_path: Path, sheet: Sheet) -> None:
    Shelf(tmp_path).put("a", sheet)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    shelf = Shelf(tmp_path / "file" / "briefs")
    shelf.put("a", WHOLE)
    shelf.tidy()
    assert shelf.get("a") is None


def test_the_oldest_go_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    monkeypatch.setattr(pdf, "SHELF", 2)
    shelf = Shelf(tmp_path)
    for age, key in enumerate("abc"):
        shelf.put(key, WHOLE)
        os.utime(tmp_path / f"{key}.pdf", (1000 + age, 1000 + age))
    shelf.tidy()
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["b", "c"]
