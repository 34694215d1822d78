"""CASE packages: what is refused and where, and what a framework changes in a manual."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.case import Framework, read_framework
from living_manual.core.framework_plan import plan_framework
from living_manual.core.importing import Import
from living_manual.core.tables import TABLES, read_table
from tests.build_manual import MODEL
from tests.data.case import ITEMS, TITLE, name, package, text
from tests.data.manual_texts import after, tiny
from tests.strategies import sharp_texts, texts

FILE = "math.json"
TYPES = tuple(MODEL.types)
FOLDER = "vision/tern-rock-mathematics-standards"
TABLE, PAGE = f"{FOLDER}/standards.csv", f"{FOLDER}/index.md"


def read(data: dict[str, Any]) -> tuple[Framework | None, list[tuple[str, int | None, str]]]:
    framework, found = read_framework(json.dumps(data, indent=1).encode(), FILE)
    assert (framework is None) == bool(found)
    assert {f.file for f in found} <= {FILE}
    assert all(f.fix for f in found)
    return framework, [(f.kind, f.line, f.message) for f in found]


def sound(data: dict[str, Any] | None = None) -> Framework:
    framework, found = read(data or package("1.1"))
    assert framework is not None, found
    return framework


def plan(source: Mapping[str, str], framework: Framework | None = None) -> Import:
    return plan_framework(framework or sound(), source, TYPES)


def rows(files: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The records of the table as the manual reads them."""
    found, problems = read_table(TABLES["standards.csv"], files[TABLE], TABLE, "STD_")
    assert problems == ()
    return {row.id: {"title": row.title, **row.values} for row in found}


def item(data: dict[str, Any], code: str) -> dict[str, Any]:
    """The item of that code."""
    found: dict[str, Any] = next(i for i in data["CFItems"] if i.get("humanCodingScheme") == code)
    return found


def link(data: dict[str, Any], code: str) -> dict[str, Any]:
    """The association that says whose child the item of that code is."""
    found: dict[str, Any] = next(
        a for a in data["CFAssociations"] if a["originNodeURI"]["identifier"] == name(code)
    )
    return found


# ------------------------------------------------------------------------------ reading


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_both_versions_are_read_with_order_hierarchy_and_identifiers(version: str) -> None:
    framework = sound(package(version))
    assert (framework.identifier, framework.title) == (name("document"), TITLE)
    assert [(i.code or i.kind, i.parents) for i in framework.items] == [
        ("G3", (name("document"),)),
        ("3.OA", (name("G3"),)),
        ("3.OA.B.5", (name("3.OA"),)),
        ("3.NF", (name("G3"),)),
        ("3.NF.A.1", (name("3.NF"),)),
        ("3.NF.A.2", (name("3.NF"),)),
        ("G4", (name("document"),)),
        ("4.NF.B.3", (name("G4"),)),
        ("Note", (name("4.NF.B.3"),)),
    ]
    assert {i.identifier for i in framework.items} == {name(row[0] or row[2]) for row in ITEMS}
    assert (framework.loose, framework.other) == (0, 1)


def test_the_samples_on_disk_are_those_of_the_builder() -> None:
    from tests.data import case

    for version in ("1.0", "1.1"):
        assert (case.HERE / f"case-{version}.json").read_text(encoding="utf-8") == text(version)


def test_a_package_in_a_wrapper_is_read_too() -> None:
    assert sound({"CFPackage": package("1.0")}) == sound(package("1.0"))


def test_the_order_in_the_file_does_not_matter_where_places_are_given() -> None:
    data = package("1.1")
    data["CFItems"].reverse()
    data["CFAssociations"].reverse()
    assert sound(data) == sound()


TITLES = {
    "first sentence": ("Cut it. Say why.", None, ("Cut it.", "Say why.")),
    "one sentence": ("Cut it into parts", None, ("Cut it into parts", "")),
    "an abbreviation": ("Use tools, e.g. a ruler.", None, ("Use tools, e.g. a ruler.", "")),
    "short statement": ("Cut it. Say why.", "Cutting", ("Cutting", "Cut it. Say why.")),
    "short that says the same": ("Cut it", "Cut it", ("Cut it", "")),
    "short that is the code": ("Cut it", "3.NF", ("Cut it", "")),
    "a long one": ("Cut " * 80 + "it. Say why.", None, ("Cut " * 80 + "it. Say why.", "")),
    "lines and blanks": ("Cut\n\n  it\t now.\u2028Then\0 say.", None, ("Cut it now.", "Then say.")),
    "what would be run": ("[[copy('id')]] <<a:b>>", None, ("[ [copy('id')]] < < a:b>>", "")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "short", "told"), [pytest.param(*case, id=key) for key, case in TITLES.items()]
)
def test_a_statement_becomes_a_title_and_the_rest(
    statement: str, short: str | None, told: tuple[str, str]
) -> None:
    data = package("1.1")
    item(data, "3.NF").update(fullStatement=statement, abbreviatedStatement=short)
    found = next(i for i in sound(data).items if i.code == "3.NF")
    assert (found.title, found.rest) == told


def test_notes_of_an_item_come_after_the_rest() -> None:
    data = package("1.1")
    item(data, "3.NF.A.1")["notes"] = "Limit: halves to eighths."
    found = next(i for i in sound(data).items if i.code == "3.NF.A.1")
    assert found.rest == (
        "Say which whole is meant, and why the parts are equal. Limit: halves to eighths."
    )


Fault = Callable[[dict[str, Any]], object]

#: What is wrong: (change, kind, part of the message, what stands on the line it names).
FAULTS: dict[str, tuple[Fault, str, str, str]] = {
    "no document": (lambda d: d.pop("CFDocument"), "import-file", "has no CFDocument", "{"),
    "another version": (
        lambda d: d["CFDocument"].update(caseVersion="2.0"),
        "import-file",
        "is of CASE 2.0",
        '"CFDocument"',
    ),
    "no title": (
        lambda d: d["CFDocument"].update(title=" "),
        "import-item",
        "The CFDocument has no title",
        '"CFDocument"',
    ),
    "a document without identifier": (
        lambda d: d["CFDocument"].pop("identifier"),
        "import-item",
        "The CFDocument has no identifier",
        '"CFDocument"',
    ),
    "no items": (lambda d: d.update(CFItems=[]), "import-file", "has no item", '"CFItems"'),
    "items that are no list": (
        lambda d: d.update(CFItems={"a": 1}),
        "import-file",
        "CFItems is not a list",
        '"CFItems"',
    ),
    "an identifier that is none": (
        lambda d: item(d, "3.NF").update(identifier="3.NF"),
        "import-item",
        "which is not a UUID",
        "item 2",
    ),
    "an item that is none": (
        lambda d: d["CFItems"].__setitem__(2, "3.NF"),
        "import-item",
        "Item 3 has no identifier",
        '"3.NF"',
    ),
    "no statement": (
        lambda d: item(d, "3.NF").pop("fullStatement"),
        "import-item",
        "Item 3 (3.NF) has no fullStatement",
        "item 2",
    ),
    "a statement that is no text": (
        lambda d: item(d, "3.NF").update(fullStatement=["a"]),
        "import-item",
        "fullStatement is not text",
        "item 2",
    ),
    "a code twice": (
        lambda d: item(d, "3.NF.A.2").update(humanCodingScheme="3.NF.A.1"),
        "import-item",
        "Item 6 has the humanCodingScheme of item 5",
        "item 5",
    ),
    "an identifier twice": (
        lambda d: item(d, "3.NF.A.2").update(identifier=name("3.NF.A.1").upper()),
        "import-item",
        "Item 6 has the identifier of item 5",
        "item 5",
    ),
    "an item that is the document": (
        lambda d: item(d, "G3").update(identifier=name("document")),
        "import-item",
        "Item 1 has the identifier of the CFDocument",
        "item 0",
    ),
    "a parent that is missing": (
        lambda d: link(d, "3.NF")["destinationNodeURI"].update(identifier=name("nowhere")),
        "import-hierarchy",
        f"3.NF is a child of {name('nowhere')}, which is not in this framework",
        "association 2",
    ),
    "a child that is missing": (
        lambda d: link(d, "3.NF")["originNodeURI"].update(identifier=name("nowhere")),
        "import-hierarchy",
        "which is not an item of this framework",
        "association 2",
    ),
    "an end without identifier": (
        lambda d: link(d, "3.NF").pop("destinationNodeURI"),
        "import-item",
        "destinationNodeURI of association 3 has no identifier",
        "association 2",
    ),
    "its own child": (
        lambda d: link(d, "3.NF")["destinationNodeURI"].update(identifier=name("3.NF")),
        "import-hierarchy",
        "each other's children: 3.NF in 3.NF",
        "item 2",
    ),
    "a round of three": (
        lambda d: link(d, "G3")["destinationNodeURI"].update(identifier=name("3.NF.A.1")),
        "import-hierarchy",
        "each other's children",
        "item",
    ),
}


@pytest.mark.parametrize(
    ("break_it", "kind", "says", "where"),
    [pytest.param(*case, id=key) for key, case in FAULTS.items()],
)
def test_a_fault_is_told_with_its_line(break_it: Fault, kind: str, says: str, where: str) -> None:
    data = package("1.1")
    break_it(data)
    _, found = read(data)
    told = [(k, line) for k, line, message in found if says in message]
    assert len(told) == 1, found
    ((told_kind, line),) = told
    assert told_kind == kind
    lines = json.dumps(data, indent=1).split("\n")
    part, _, number = where.partition(" ")
    if part in ("item", "association") and number:
        key = "CFItems" if part == "item" else "CFAssociations"
        start = next(n for n, words in enumerate(lines, 1) if f'"{key}"' in words)
        starts = [n for n, words in enumerate(lines, 1) if n > start and words == "  {"]
        assert line == starts[int(number)]
    elif part not in ("item", '"3.NF"'):
        assert line is not None
        assert where in lines[line - 1]


def test_every_fault_is_told_at_once() -> None:
    data = package("1.1")
    item(data, "3.NF").pop("fullStatement")
    item(data, "G4")["identifier"] = "x"
    assert [kind for kind, _, _ in read(data)[1]] == ["import-item", "import-item"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        pytest.param(b'{\n "CFDocument": \xc9}', 2, id="latin-1"),
        pytest.param(b'{\n "CFDocument": {},\n}', 3, id="a comma too many"),
        pytest.param(b"", 1, id="empty"),
        pytest.param(b"[" * 200_000, 1, id="nested without end"),
        pytest.param(b"[1, 2]", 1, id="a list"),
        pytest.param(b"3" * 5_000, 1, id="a number without end"),
    ],
)
def test_a_file_that_is_no_package_is_told_with_its_line(data: bytes, line: int) -> None:
    (found,) = read_framework(data, FILE)[1]
    assert (found.kind, found.file, found.line) == ("import-file", FILE, line)


def chain_of(depth: int) -> dict[str, Any]:
    """A framework of items each in the one before."""
    data = package("1.1")
    data["CFItems"], data["CFAssociations"] = [], []
    for n in range(depth):
        data["CFItems"].append(
            {
                "identifier": name(f"n{n}"),
                "fullStatement": f"Level {n}",
                "humanCodingScheme": f"L{n}",
            }
        )
        data["CFAssociations"].append(
            {
                "associationType": "isChildOf",
                "originNodeURI": {"identifier": name(f"n{n}")},
                "destinationNodeURI": {"identifier": name(f"n{n - 1}" if n else "document")},
            }
        )
    return data


def test_levels_have_an_end_and_long_rounds_are_found() -> None:
    assert len(sound(chain_of(12)).items) == 12
    ((kind, _, says),) = read(chain_of(3_000))[1]
    assert (kind, says) == ("import-hierarchy", "L12 is more than 12 levels deep.")
    data = chain_of(3_000)
    data["CFAssociations"][0]["destinationNodeURI"]["identifier"] = name("n2999")
    assert [kind for kind, _, _ in read(data)[1]] == ["import-hierarchy"]


def test_an_item_in_two_places_keeps_both_and_one_in_none_is_told() -> None:
    data = package("1.1")
    more = copy.deepcopy(link(data, "3.NF.A.1"))
    more["destinationNodeURI"]["identifier"] = name("G4")
    data["CFAssociations"] = [a for a in data["CFAssociations"] if a is not link(data, "3.OA.B.5")]
    data["CFAssociations"].append(more)
    framework = sound(data)
    by_code = {found.code: found for found in framework.items}
    assert by_code["3.NF.A.1"].parents == (name("3.NF"), name("G4"))
    assert by_code["3.OA.B.5"].parents == ()
    files = after(tiny(), plan(tiny(), framework))
    assert rows(files)["STD_3_NF_A_1"]["part_of"] == ("STD_3_NF", "STD_G4")
    assert rows(files)["STD_3_OA_B_5"]["part_of"] == ("STD_TERN_ROCK_MATHEMATICS_STANDARDS",)
    assert any(
        "1 item of the framework stood under nothing" in n for n in plan(tiny(), framework).notes
    )


_json = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | texts | st.just(name("G3")),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "CFDocument", "CFItems", "CFAssociations", "identifier", "title", "fullStatement",
                "humanCodingScheme", "associationType", "originNodeURI", "destinationNodeURI",
            ]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=20,
)  # fmt: skip


@given(_json)
def test_no_json_stops_the_reader(data: Any) -> None:
    framework, found = read_framework(json.dumps(data).encode("utf-8", "surrogatepass"), FILE)
    assert (framework is None) == bool(found)


@given(st.binary())
def test_no_bytes_stop_the_reader(data: bytes) -> None:
    assert read_framework(data, FILE)[1]


# ------------------------------------------------------------------------- into the manual


def test_a_framework_gets_a_page_a_table_and_a_place_in_the_list() -> None:
    source = tiny()
    outcome = plan(source)
    files = after(source, outcome)
    assert {change.file for change in outcome.changes} == {PAGE, TABLE, "vision/index.md"}
    assert files[PAGE].startswith(
        f"# {TITLE}\n\n:::{{standard}}\n:id: STD_TERN_ROCK_MATHEMATICS_STANDARDS\n"
        f":identifier: {name('document')}\n"
    )
    assert ":::{standard-table}\n:::\n" in files[PAGE]
    assert "talk\ntern-rock-mathematics-standards/index\n" in files["vision/index.md"]
    found = rows(files)
    assert len(found) == len(ITEMS)
    assert found["STD_3_NF_A_1"] == {
        "title": "Understand a fraction 1/b as one part of a whole cut into b equal parts.",
        "kind": "Standard",
        "code": "3.NF.A.1",
        "part_of": ("STD_3_NF",),
        "identifier": name("3.NF.A.1"),
        "notes": "Say which whole is meant, and why the parts are equal.",
    }
    without_code = f"STD_{name(ITEMS[-1][2])[:8].upper()}"
    assert found[without_code]["part_of"] == ("STD_4_NF_B_3",)


def test_a_second_time_changes_nothing_also_as_the_other_version() -> None:
    source = tiny()
    source = after(source, plan(source))
    for version in ("1.1", "1.0"):
        again = plan(source, sound(package(version)))
        assert (again.changes, again.said, again.problems) == ((), (), ())


def test_an_id_stays_with_its_uuid_and_what_people_wrote_stays() -> None:
    source = tiny()
    source = after(source, plan(source))
    source[TABLE] = source[TABLE].replace(
        "STD_3_NF,Fractions,Domain,,", "STD_3_NF,Fractions,Domain,Our fractions,"
    )
    source[TABLE] += "STD_OUR_OWN,What we added,,,,STD_3_NF,,\n"
    source[PAGE] = source[PAGE].replace("## The standards", "Our own words.\n\n## Our standards")
    data = package("1.1")
    item(data, "3.NF").update(humanCodingScheme="3.FR", abbreviatedStatement="Parts of wholes")
    data["CFDocument"]["title"] = "Tern Rock Standards"
    outcome = plan(source, sound(data))
    files = after(source, outcome)
    found = rows(files)
    assert found["STD_3_NF"]["code"] == "3.FR"
    assert found["STD_3_NF"]["title"] == "Parts of wholes"
    assert found["STD_3_NF"]["short"] == "Our fractions"
    assert found["STD_OUR_OWN"]["part_of"] == ("STD_3_NF",)
    assert files[PAGE] == source[PAGE].replace(f"# {TITLE}", "# Tern Rock Standards")
    assert any("code “3.NF” becomes “3.FR”" in said for said in outcome.said)
    assert plan(files, sound(data)).changes == ()


def test_a_table_saved_by_a_spreadsheet_is_left_as_it_is() -> None:
    source = tiny()
    source = after(source, plan(source))
    source[TABLE] = source[TABLE].replace("\n", "\r\n")
    assert plan(source).changes == ()


def test_a_standard_that_is_gone_is_taken_out_and_who_names_it_is_told() -> None:
    source = tiny()
    source = after(source, plan(source))
    source["glossary/index.md"] = source["glossary/index.md"].replace(
        ":aligns_with: STD_ARGUE", ":aligns_with: STD_ARGUE, STD_3_NF_A_2"
    )
    data = package("1.1")
    data["CFAssociations"].remove(link(data, "3.NF.A.2"))
    data["CFItems"].remove(item(data, "3.NF.A.2"))
    outcome = plan(source, sound(data))
    assert "STD_3_NF_A_2" not in rows(after(source, outcome))
    line = source["glossary/index.md"][: source["glossary/index.md"].index("STD_3_NF_A_2")]
    place = f"glossary/index.md:{line.count(chr(10)) + 1} still names STD_3_NF_A_2"
    assert any(note.startswith(place) for note in outcome.notes)


def test_a_second_framework_with_the_same_codes_has_ids_of_its_own() -> None:
    source = tiny()
    source = after(source, plan(source))
    words = json.dumps(package("1.1"))
    for row in ITEMS:
        old = name(row[0] or row[2])
        words = words.replace(old, str(uuid.uuid5(uuid.UUID(old), "other")))
    words = words.replace(name("document"), str(uuid.uuid5(uuid.NAMESPACE_URL, "other")))
    other = sound(json.loads(words))
    outcome = plan(source, other)
    files = after(source, outcome)
    folder = f"{FOLDER}-{other.identifier[:8]}"
    assert f"{folder}/index.md" in files
    ids = [row.split(",")[0] for file in files if file.endswith("standards.csv")
           for row in files[file].splitlines()[1:]]  # fmt: skip
    assert len(ids) == len(set(ids)) == 2 * len(ITEMS)
    assert files[TABLE] == source[TABLE]
    assert plan(files, other).changes == ()
    assert plan(files).changes == ()


def test_an_import_that_was_cut_off_is_finished_by_the_next() -> None:
    source = tiny()
    whole = after(source, plan(source))
    for left_out in ("vision/index.md", TABLE):
        cut = {**whole, left_out: source.get(left_out, "")}
        if left_out not in source:
            del cut[left_out]
        assert after(cut, plan(cut)) == whole


MANUAL_FAULTS: dict[str, tuple[dict[str, str | None], tuple[str, int]]] = {
    "no vision page": ({"vision/index.md": None}, ("vision/index.md", 1)),
    "the framework twice": (
        {
            f"vision/{n}.md": f"# {n}\n\n:::{{standard}}\n:id: STD_{n.upper()}\n"
            f":identifier: {name('document')}\n:::\n"
            for n in ("a", "b")
        },
        ("vision/b.md", 3),
    ),
    "a table that cannot be read": (
        {
            f"{FOLDER}/index.md": f"# F\n\n:::{{standard}}\n:id: STD_F\n"
            f":identifier: {name('document')}\n:::\n",
            TABLE: "id,title\nSTD_A,A\n",
        },
        (TABLE, 1),
    ),
}


@pytest.mark.parametrize(
    ("changed", "place"), [pytest.param(*case, id=key) for key, case in MANUAL_FAULTS.items()]
)
def test_a_manual_that_is_not_ready_is_told_where_and_nothing_changes(
    changed: dict[str, str | None], place: tuple[str, int]
) -> None:
    source = {file: words for file, words in {**tiny(), **changed}.items() if words is not None}
    outcome = plan(source)
    assert (outcome.changes, outcome.said) == ((), ())
    assert {(f.file, f.line) for f in outcome.problems} == {place}


_said = st.builds("{}{}".format, texts | sharp_texts, st.sampled_from("aZ7"))


@given(st.lists(st.tuples(_said, _said), min_size=1, max_size=4), _said)
def test_whatever_a_framework_says_a_second_time_changes_nothing(
    said: list[tuple[str, str]], title: str
) -> None:
    data = package("1.0")
    data["CFDocument"].update(title=title, description=title)
    data["CFItems"] = [
        {"identifier": name(f"x{n}"), "fullStatement": words, "humanCodingScheme": code}
        for n, (words, code) in enumerate(said)
    ]
    data["CFAssociations"] = []
    framework, found = read_framework(json.dumps(data).encode(), FILE)
    if framework is None:
        assert {f.kind for f in found} == {"import-item"}
        return
    source = tiny()
    outcome = plan(source, framework)
    assert outcome.problems == ()
    files = after(source, outcome)
    (table,) = [file for file in files if file.endswith("standards.csv")]
    read_back, problems = read_table(TABLES["standards.csv"], files[table], table, "STD_")
    assert problems == ()
    assert [row.values["identifier"] for row in read_back] == [
        name(f"x{n}") for n in range(len(said))
    ]
    assert plan(files, framework).changes == ()
