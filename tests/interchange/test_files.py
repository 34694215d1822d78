"""When the files are there, and what awkward records do to them."""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from reqif.parser import ReqIFParser

from living_manual.core.exchange import exchange
from living_manual.core.interchange import FieldType, read_fields
from living_manual.core.inventory import labels, term_labels
from living_manual.core.model import LinkType, Manual, Model, Record, RecordType
from living_manual.core.needs_file import model_file, needs_file
from living_manual.core.record_files import link_example, record_files, size_words
from living_manual.core.register_book import register_book
from living_manual.core.settings import Settings
from living_manual.core.table import BookSheet, DataTable
from living_manual.edges.reqif_file import reqif, reqif_archive
from living_manual.edges.sheets import sheet_name, workbook_bytes
from living_manual.edges.workbook import _unescaped
from tests.freshness.site import build
from tests.plain_records import MODEL
from tests.sites import KIT, TINY, copy
from tests.sphinx_ext.test_plain_build import sphinx_build
from tests.strategies import sharp_texts

FILES = {"needs.json", "needs-model.toml", "records.reqifz", "records.xlsx"}
FIELDS = (
    FieldType("audiences", "Who it is for.", "words", ("teacher", "coach")),
    FieldType("also", "", "words"),
    FieldType("measure", "", "choice", ("student-outcome",)),
    FieldType("minutes", "", "whole number"),
    FieldType("hours", "", "number"),
    FieldType("notes", 'Say "why" & <how>.', "text"),
)
KINDS = Model(
    {"term": RecordType("term", "Word", "TERM_"), "role": RecordType("role", "Role", "ROLE_")},
    {
        "owner": LinkType("owner", "owned by", "owns"),
        "affects": LinkType("affects", "affects & changes", "decided in"),
    },
)


def manual_of(*records: Record, settings: Settings | None = None) -> Manual:
    return Manual.of(records, KINDS, settings or Settings(), date(2030, 10, 15))


def term(name: str = "TERM_ONE", title: str = "One", **more: object) -> Record:
    return Record(name, "term", title, "words", "words.md", 1, **more)  # type: ignore[arg-type]


ROLE = Record("ROLE_HEAD", "role", "Head", "roles", "roles.md", 1, "filled")


def cells(data: bytes) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [list(row) for row in sheet.values] for sheet in book.worksheets}


# ------------------------------------------------------------------------------------- when


TEXT = "---\norphan: true\n---\n# Files\n\n:::{record-files}\n:::\n\n:::{record-links}\n:::\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    made = copy(TINY, tmp_path / "source")
    made.write("files.md", TEXT)
    return made.root


@pytest.mark.parametrize("builder", ["dummy", "xml"])
def test_no_files_for_a_builder_that_writes_no_html(
    builder: str, source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    done = sphinx_build("-b", builder, "-c", ".", source, out)
    assert done.returncode == 0, done.stderr
    assert "record" not in done.stderr
    assert not FILES & {path.name for path in out.rglob("*")}


def test_a_preview_makes_no_files_and_says_so(source: Path, tmp_path: Path) -> None:
    out, trees = tmp_path / "out", tmp_path / "trees"
    build(source, KIT, out, trees, {})
    assert {path.name for path in out.iterdir()} >= FILES
    build(source, KIT, out, trees, {"manual_preview": True})  # type: ignore[dict-item]
    assert not FILES & {path.name for path in out.iterdir()}
    page = (out / "files.html").read_text(encoding="utf-8")
    assert page.count("made when the manual is published") == len(FILES)
    assert 'href="objects.inv" download' in page


# -------------------------------------------------------------------------------- same bytes


def test_the_same_records_give_the_same_bytes() -> None:
    given_ = manual_of(term(links={"owner": ("ROLE_HEAD",)}), ROLE)
    for make in (
        lambda: needs_file(given_, FIELDS, "Ours", "1").encode(),
        lambda: reqif_archive(exchange(given_, FIELDS, {})),
        lambda: workbook_bytes(register_book(given_, FIELDS, {}), "Ours"),
    ):
        assert make() == make()


def test_the_day_changes_the_header_of_reqif_and_no_record() -> None:
    later = Manual.of((term(), ROLE), KINDS, Settings(), date(2031, 1, 2))
    one = reqif(exchange(manual_of(term(), ROLE), FIELDS, {}))
    other = reqif(exchange(later, FIELDS, {}))
    assert one.replace("2030-10-15", "2031-01-02") == other
    assert one.count("2030-10-15") == 1


# ----------------------------------------------------------------------------------- workbook


@given(st.lists(st.one_of(sharp_texts, st.integers(-9, 9), st.floats(-9, 9)), min_size=1))
def test_cells_come_back_as_they_were(values: list[str | int | float]) -> None:
    table = DataTable(tuple(f"c{n}" for n in range(len(values))), (tuple(values),))
    (rows,) = cells(workbook_bytes((BookSheet("One", table),), "x")).values()
    for wanted, got in zip(values, rows[1] if len(rows) > 1 else [], strict=False):
        if isinstance(wanted, str):
            assert _unescaped(str(got or "")) == wanted
        else:
            assert got == pytest.approx(wanted)


@pytest.mark.parametrize("text", ["=1+1", "+2", "-3", "@SUM(A1)", "https://a.example/", "007"])
def test_text_stays_text(text: str) -> None:
    data = workbook_bytes((BookSheet("One", DataTable(("a",), ((text,),))),), "x")
    sheet = load_workbook(io.BytesIO(data))["One"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (text, "s")
    assert sheet["A2"].hyperlink is None
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_heads_stay_in_sight_and_filter() -> None:
    book = register_book(manual_of(term(), ROLE), FIELDS, {})
    made = load_workbook(io.BytesIO(workbook_bytes(book, "x")))
    assert made.sheetnames == ["About", "Word", "Role", "Links"]
    assert made["Word"].freeze_panes == "B2"
    assert made["Word"].auto_filter.ref == "A1:E2"
    assert made["Word"].dimensions == "A1:E2"
    assert made["About"].auto_filter.ref is None
    assert "15 Oct 2030" in str(made["About"]["B3"].value)


def test_a_long_text_is_cut_where_a_spreadsheet_would_refuse_it() -> None:
    table = DataTable(("a",), (("x" * 40_000,),))
    (rows,) = cells(workbook_bytes((BookSheet("One", table),), "x")).values()
    assert len(str(rows[1][0])) == 32_767
    assert str(rows[1][0]).endswith("x ...")


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("Word", set(), "Word"),
        ("word", {"word"}, "word 2"),
        ("a/b [c]: d*", set(), "a b  c   d"),
        ("x" * 40, set(), "x" * 31),
        ("x" * 40, {"x" * 31}, "x" * 27 + " 2"),
        ("History", set(), "History 2"),
        ("''", set(), "Sheet"),
    ],
)
def test_names_of_sheets(wanted: str, taken: set[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


# --------------------------------------------------------------------------------------- ReqIF


def schema() -> xmlschema.XMLSchema:
    with as_file(files("reqif") / "reqif_schema" / "reqif.xsd") as path:
        return xmlschema.XMLSchema(str(path))


def test_reqif_keeps_to_its_schema_whatever_records_say() -> None:
    odd = 'A "b" & <c> \x07\n\t]]> é \U0001f600 \ud7ff'
    given_ = manual_of(
        term(
            title=odd,
            status=odd,
            text=odd,
            fields={
                "audiences": ["teacher", odd],
                "also": ["x, y", "z"],
                "measure": "none of them",
                "minutes": 12,
                "hours": 2.5,
                "notes": odd,
                "reviewed": "2030-08-20",
            },
            links={"owner": ("ROLE_HEAD", "ROLE_HEAD", "ROLE_GONE"), "affects": ("ROLE_HEAD",)},
        ),
        ROLE,
        settings=Settings(short_name=odd),
    )
    text = reqif(exchange(given_, FIELDS, {"words": "words.html"}))
    schema().validate(io.StringIO(text))
    content = ReqIFParser.parse_from_string(text).core_content.req_if_content
    first = content.spec_objects[0]
    held = {each.definition_ref: each.value for each in first.attributes}
    clean = 'A "b" & <c> ]]> é \U0001f600 \ud7ff'
    assert (first.long_name, first.last_change) == (clean, "2030-08-20T00:00:00Z")
    assert held["type.term.ReqIF.Name"] == clean
    assert held["type.term.minutes"] == "12"
    assert held["type.term.hours"] == "2.5"
    assert held["type.term.also"] == "x, y, z"
    words = {
        value.identifier: value.long_name
        for each in content.data_types
        for value in getattr(each, "values", None) or ()
    }
    assert [words[each] for each in held["type.term.audiences"]] == ["teacher", clean]
    assert [words[each] for each in held["type.term.measure"]] == ["none of them"]
    (relation,) = content.spec_relations
    assert relation.identifier == "TERM_ONE.owner.affects.ROLE_HEAD"
    (kind,) = (e for e in content.spec_types if e.identifier == relation.relation_type_ref)
    assert (kind.long_name, kind.description) == (
        "owner, affects",
        "owned by and affects & changes",
    )


def test_what_breaks_the_schema_would_be_seen() -> None:
    text = reqif(exchange(manual_of(term()), FIELDS, {}))
    with pytest.raises(xmlschema.XMLSchemaException):
        schema().validate(io.StringIO(text.replace("LAST-CHANGE", "CHANGED", 1)))


# ---------------------------------------------------------------------------------- needs.json


def test_a_need_has_what_its_record_has_and_nothing_more() -> None:
    record = term(fields={"audiences": ["teacher"]}, links={"owner": ("ROLE_HEAD",), "affects": ()})
    data = json.loads(
        needs_file(manual_of(record, settings=Settings(year_name="2030-31")), FIELDS, "Ours", "1")
    )
    assert (data["project"], data["current_version"]) == ("Ours", "2030-31")
    assert data["versions"]["2030-31"]["needs"] == {
        "TERM_ONE": {
            "id": "TERM_ONE",
            "type": "term",
            "type_name": "Word",
            "title": "One",
            "docname": "words",
            "audiences": ["teacher"],
            "owner": ["ROLE_HEAD"],
        }
    }


def test_the_model_for_other_sites_says_what_ours_says() -> None:
    fields = read_fields(MODEL["fields"])
    model = tomllib.loads(model_file(manual_of(), FIELDS))["needs"]
    assert [each["directive"] for each in model["types"]] == ["term", "role"]
    assert model["links"]["affects"]["outgoing"] == "affects & changes"
    assert model["fields"]["notes"]["description"] == 'Say "why" & <how>.'
    forms = {field.name: field.form for field in fields}
    assert (forms["audiences"], forms["measure"], forms["also"]) == ("words", "choice", "words")
    assert (forms["minutes"], forms["hours"], forms["notes"]) == ("whole number", "number", "text")


# -------------------------------------------------------------------------------------- names


def test_names_of_words_mind_no_capitals() -> None:
    one = term(title="Number  talk", fields={"also": ["number talk", "NT"]})
    found = term_labels(manual_of(one, term("TERM_TWO", "nt")))
    assert [(each.name, each.anchor) for each in found] == [
        ("Number talk", "TERM_ONE"),
        ("nt", "TERM_TWO"),
    ]


def test_a_step_is_named_after_its_record() -> None:
    found = labels(manual_of(term(), ROLE), {"TERM_ONE": [("step-look", "Look")]})
    assert [each.name for each in found] == ["TERM_ONE", "TERM_ONE.step-look", "ROLE_HEAD"]


# --------------------------------------------------------------------------------- what a page says


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 KB"),
        (1499, "1 KB"),
        (123_456, "123 KB"),
        (1_000_000, "1.0 MB"),
        (4_312_453, "4.3 MB"),
    ],
)
def test_sizes_as_people_say_them(size: int, words: str) -> None:
    assert size_words(size) == words


def test_examples_use_the_districts_address_and_a_step_that_is_there() -> None:
    bare = link_example(manual_of(), {})
    assert bare.links == ()
    assert '"manual": ("https://manual.example.org/", None)' in bare.settings
    own = link_example(manual_of(term(), settings=Settings(address="https://a.example/m/")), {})
    assert '"base_url": "https://a.example/m"' in own.needs_settings
    assert own.links == (("the word One", "{external+manual:std:term}`One`"),)
    assert [each.size for each in record_files({"records.xlsx": 2000})][:2] == ["2 KB", ""]
