"""`manual import` from its front door: on a copy of the tiny district, as people run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.data.case import name, package, text
from tests.data.roster import packed, swapped, tables
from tests.sites import KIT, SAMPLE, TINY, TODAY, Said, Source, check, copy, manual

FRAMEWORK = "vision/tern-rock-mathematics-standards"
#: What a writer still has to say of the schools that the sample brings to the tiny district.
OPEN = {"record-owner", "school-level"}


@pytest.fixture
def tiny(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


def state(source: Source) -> dict[str, tuple[bytes, int]]:
    """Every file with its content and time of writing."""
    return {
        path.relative_to(source.root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(source.root.rglob("*"))
        if path.is_file()
    }


def bring(source: Source, what: str, data: bytes, *more: str) -> Said:
    """Import these bytes, on the tiny district's day."""
    file = source.root.parent / ("roster.zip" if what == "oneroster" else "math.json")
    file.write_bytes(data)
    return manual(
        "import", what, file, "--kit", KIT, "--source", source.root, "--today", TODAY, *more
    )


def test_a_roster_is_brought_in_and_the_manual_asks_only_for_what_it_cannot_know(
    tiny: Source,
) -> None:
    said = bring(tiny, "oneroster", packed(tables()))
    assert said.code == 0
    assert "11 files written" in said.out
    assert {(f["kind"], f["file"].split("/")[0]) for f in check(tiny).findings} == {
        (kind, "schools") for kind in OPEN
    }


def test_with_a_principal_and_levels_the_manual_is_whole(tiny: Source) -> None:
    tiny.append(
        "vision/index.md", "\n:::{role} Principal\n:id: ROLE_PRINCIPAL\n:status: filled\n:::\n"
    )
    orgs = swapped("orgs", ('"Île-aux-Marins Academy, K-12"', "Île-aux-Marins High"))
    assert bring(tiny, "oneroster", packed(tables(orgs=orgs))).code == 0
    assert bring(tiny, "case", text("1.1").encode()).code == 0
    assert check(tiny).findings == []


@pytest.mark.parametrize(
    ("what", "data"),
    [
        pytest.param("oneroster", packed(tables()), id="oneroster"),
        pytest.param("case", text("1.0").encode(), id="case 1.0"),
        pytest.param("case", text("1.1").encode(), id="case 1.1"),
    ],
)
def test_a_dry_run_writes_nothing_and_a_second_run_changes_nothing(
    tiny: Source, what: str, data: bytes
) -> None:
    before = state(tiny)
    dry = bring(tiny, what, data, "--dry-run")
    assert (dry.code, state(tiny)) == (0, before)
    assert "Nothing was written (--dry-run)." in dry.out
    wet = bring(tiny, what, data)
    assert wet.code == 0
    told = [line for line in dry.out.splitlines() if line.startswith("  ")]
    assert told == [line for line in wet.out.splitlines() if line.startswith("  ")]
    written = state(tiny)
    assert written != before
    again = bring(tiny, what, data)
    assert (again.code, state(tiny)) == (0, written)
    assert again.out.endswith("Nothing has changed.\n")


def test_last_days_are_taken_as_they_are(tiny: Source) -> None:
    assert bring(tiny, "oneroster", packed(tables()), "--last-days").code == 0
    assert "ends = 2030-11-09\n" in tiny.read("district.toml")


def test_the_sample_district_takes_both(tmp_path: Path) -> None:
    source = copy(SAMPLE, tmp_path / "source")
    orgs = "sourcedId,name,type\nX-1,Birch Elementary School,school\nX-2,Willow High,school\n"
    roster = tables(orgs=orgs, academicSessions=None)
    roster["manifest.csv"] = swapped(
        "manifest", ("academicSessions,bulk", "academicSessions,absent")
    ).encode()
    assert bring(source, "oneroster", packed(roster)).code == 0
    assert source.read("schools/birch/index.md").startswith("# Birch Elementary School\n")
    assert "oak/index\nwillow/index\n" in source.read("schools/index.md")
    assert bring(source, "case", text("1.1").encode()).code == 0
    day = ("--today", "2026-11-21")
    said = manual("check", "--kit", KIT, "--source", source.root, *day, "--format", "json")
    assert json.loads(said.out) == []


def test_students_are_refused_before_anything_is_read(tiny: Source) -> None:
    before = state(tiny)
    data = packed({**tables(), "users.csv": b"sourcedId,givenName\nU-1,Robin Vale\n" * 40})
    # Every file in the zip is damaged: reading any one would be told.
    broken = bytearray(data)
    for file in ("manifest.csv", "orgs.csv", "academicSessions.csv", "users.csv"):
        place = data.find(file.encode()) + len(file)
        broken[place : place + 6] = b"\xff" * 6
    for tried in (data, bytes(broken)):
        said = bring(tiny, "oneroster", tried)
        assert (said.code, state(tiny)) == (1, before)
        assert "roster.zip/users.csv: error: The zip holds users.csv" in said.out
        assert "Nothing in the zip was read." in said.out
        assert said.out.count(": error: ") == 1
        assert "Robin" not in said.out + said.err


REFUSED = {
    "a manifest of 1.1": (
        "oneroster",
        packed({**tables(), "manifest.csv": swapped("manifest", (",1.2", ",1.1")).encode()}),
        "roster.zip/manifest.csv:3: error: ",
    ),
    "a row without a name": (
        "oneroster",
        packed(tables(orgs=swapped("orgs", ("Pier School", "")))),
        "roster.zip/orgs.csv:3: error: Row 3 of orgs.csv has no name. (column 'name')",
    ),
    "a day that is none": (
        "oneroster",
        packed(tables(academicSessions=swapped("academicSessions", ("2031-04-12", "2031-04-31")))),
        "roster.zip/academicSessions.csv:8: error: ",
    ),
    "a bomb": (
        "oneroster",
        packed({**tables(), "orgs.csv": b"0" * 30_000_000}),
        "roster.zip/orgs.csv: error: ",
    ),
    "no zip": ("oneroster", b"sourcedId", "roster.zip: error: It is not a whole zip file"),
    "no JSON": ("case", b"{\n\n,", "math.json:3: error: The file is not JSON"),
    "no package": ("case", b"[]", "math.json:1: error: The file is not a CASE package"),
}


@pytest.mark.parametrize(("what", "data", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_names_its_place_and_nothing_is_written(
    tiny: Source, what: str, data: bytes, says: str
) -> None:
    before = state(tiny)
    said = bring(tiny, what, data)
    assert (said.code, state(tiny)) == (1, before)
    assert says in said.out
    assert "Nothing was written." in said.out
    assert "Traceback" not in said.out + said.err


def test_one_fault_in_a_framework_keeps_all_of_it_out(tiny: Source) -> None:
    before, data = state(tiny), package("1.1")
    data["CFItems"][4]["humanCodingScheme"] = "3.NF"
    said = bring(tiny, "case", json.dumps(data, indent=1).encode())
    assert (said.code, state(tiny)) == (1, before)
    assert "Item 5 has the humanCodingScheme of item 3" in said.out


def test_a_page_that_is_no_text_is_told_and_nothing_is_written(tiny: Source) -> None:
    tiny.latin_1("schools/index.md", "The school of the island.", "L'école.")
    before = state(tiny)
    said = bring(tiny, "oneroster", packed(tables()))
    assert (said.code, state(tiny)) == (1, before)
    assert "schools/index.md:3: error: " in said.out


@pytest.mark.parametrize("what", ["oneroster", "case"])
def test_a_file_that_is_not_there_and_a_wrong_folder_are_told(tiny: Source, what: str) -> None:
    said = manual("import", what, tiny.root / "none", "--source", tiny.root, "--kit", KIT)
    assert (said.code, "none: error: " in said.out) == (1, True)
    file = tiny.root.parent / "a"
    file.write_bytes(packed(tables()) if what == "oneroster" else text("1.0").encode())
    said = manual("import", what, file, "--source", tiny.root / "none", "--kit", KIT)
    assert (said.code, "There is no folder" in said.err) == (2, True)


def test_a_disk_that_refuses_is_told_and_leaves_all_as_it_was(
    tiny: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real = state(tiny), Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "index.md":
            raise OSError(30, "Read-only file system", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    said = bring(tiny, "oneroster", packed(tables()))
    after = {file: data for file, (data, _) in state(tiny).items()}
    assert (said.code, after) == (2, {file: data for file, (data, _) in before.items()})
    assert "Read-only file system" in said.err
    assert "Nothing was changed." in said.err


def test_a_framework_is_shown_with_anchors_hierarchy_and_uses(tiny: Source, tmp_path: Path) -> None:
    assert bring(tiny, "case", text("1.1").encode()).code == 0
    tiny.replace("glossary/index.md", "STD_ARGUE", "STD_ARGUE, STD_3_NF_A_1")
    assert check(tiny).findings == []
    out = tmp_path / "out"
    words = ("build", "--kit", KIT, "--source", tiny.root, "--today", TODAY, "--output", out)
    assert manual(*words).code == 0
    page = (out / FRAMEWORK / "index.html").read_text(encoding="utf-8")
    places = [page.index(f'id="{record}"') for record in ("STD_G3", "STD_3_NF", "STD_3_NF_A_1")]
    assert places == sorted(places)
    assert "<strong>3.NF.A.1</strong>" in page
    assert 'Used in <a href="../../glossary/index.html#TERM_EXPLAIN">' in page
    rows = json.loads(
        (out / "data" / f"standard-table-{FRAMEWORK.replace('/', '-')}.json").read_text("utf-8")
    )
    (row,) = (row for row in rows if row["id"] == "STD_3_NF_A_1")
    assert (row["code"], row["part_of"], row["used_in"]) == ("3.NF.A.1", "STD_3_NF", "TERM_EXPLAIN")
    records = {r["id"]: r for r in json.loads((out / "records.json").read_text("utf-8"))["records"]}
    assert records["STD_3_NF_A_1"]["fields"]["identifier"] == name("3.NF.A.1")
    assert records["STD_3_NF_A_1"]["links"]["part_of"] == ["STD_3_NF"]


def test_what_a_framework_would_run_is_shown_as_text(tiny: Source, tmp_path: Path) -> None:
    data = package("1.0")
    hostile = "[[copy('id', 'VIS_TABLE')]] <<x:y>> <script>alert(1)</script> {{ 7 * 7 }} `x`"
    data["CFItems"][0]["fullStatement"] = hostile
    data["CFDocument"].update(title=hostile, description=f"# {hostile}")
    assert bring(tiny, "case", json.dumps(data).encode()).code == 0
    assert check(tiny).findings == []
    out = tmp_path / "out"
    words = ("build", "--kit", KIT, "--source", tiny.root, "--today", TODAY, "--output", out)
    assert manual(*words).code == 0
    (page,) = out.glob("vision/*/index.html")
    shown = page.read_text(encoding="utf-8")
    assert "<script>alert" not in shown
    assert shown.count("{ { 7 * 7 }}") >= 3
    assert shown.count("[ [copy(") >= 3
