"""Two editions from one source, through the command: the public one holds nothing of staff."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.sites import KIT, TINY, TODAY, Said, Source, check, copy, manual

#: Words of the tiny district that only staff see, by where they stand.
STAFF = {
    "a page": "one goat visits",
    "a table": "no phones",
    "a row": "Bring a hat",
    "a record": "Counted by the head",
    "an id": "KR_TUESDAYS",
    "a block": "who brings the kettle",
    "a span": "key under the mat",
    "a mailbox": "head@tern-rock.example",
    "a path": "schools/pier",
    "a role that is staff": "night watch",
}
PUBLIC = ("index.md", "vision/index.md", "vision/talk.md", "glossary/index.md")
MORE = ("protocols/index.md", "exemplars/index.md")


def public(source: Source, *files: str) -> None:
    """Mark pages."""
    for file in files:
        source.write(file, f"---\nedition: public\n---\n{source.read(file)}")


def marked(to: Path) -> Source:
    """The tiny district, marked for two editions: nothing to mend in either."""
    source = copy(TINY, to)
    public(source, *PUBLIC, *MORE)
    source.replace(
        "index.md",
        "- [The school](schools/pier/index.md)\n",
        "- {staff}`[The school](schools/pier/index.md), key under the mat`\n- Welcome, everybody\n",
    )
    source.append(
        "index.md", "\n% ask the harbour first\n\n:::{staff}\nSay who brings the kettle.\n:::\n"
    )
    source.replace("vision/talk.md", ":id: KR_TUESDAYS\n", ":id: KR_TUESDAYS\n:edition: staff\n")
    source.replace(
        "vision/index.md", ":id: ROLE_HEAD\n", ":id: ROLE_HEAD\n:contact: head@tern-rock.example\n"
    )
    source.append(
        "vision/index.md",
        "\n:::{role} Night watch\n:id: ROLE_WATCH\n:status: filled\n:edition: staff\n\n"
        "The night watch.\n:::\n",
    )
    return source


def build(source: Source, output: Path, *more: str) -> Said:
    words = ("build", "--kit", KIT, "--source", source.root, "--today", TODAY, "--output", output)
    return manual(*words, *more)


def texts(folder: Path) -> dict[str, str]:
    """Every file below a folder as text; the pieces of the search index are unpacked."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
            found[path.relative_to(folder).as_posix()] = data.decode("utf-8", "replace")
    return found


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return marked(tmp_path_factory.mktemp("district") / "source")


@pytest.fixture(scope="module")
def built(
    district: Source, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], dict[str, str]]:
    """The staff edition, and the public one built over it in the same folder."""
    output = tmp_path_factory.mktemp("both") / "html"
    said = build(district, output)
    assert said.code == 0, said
    staff = texts(output)
    said = build(district, output, "--edition", "public")
    assert said.code == 0, said
    return staff, texts(output)


def test_both_editions_have_nothing_to_mend(district: Source) -> None:
    for edition in ("staff", "public"):
        said = check(district, "--edition", edition)
        assert (said.code, said.findings) == (0, []), edition


@pytest.mark.parametrize("words", STAFF.values(), ids=STAFF)
def test_staff_words_are_in_the_staff_edition_alone(
    words: str, built: tuple[dict[str, str], dict[str, str]]
) -> None:
    staff, everybody = built
    assert any(words in text or words in name for name, text in staff.items()), words
    assert [name for name, text in everybody.items() if words in text or words in name] == []


def test_the_public_edition_holds_the_public_pages(
    built: tuple[dict[str, str], dict[str, str]],
) -> None:
    _, everybody = built
    pages = {name for name in everybody if name.endswith(".html") and "/_" not in f"/{name}"}
    assert pages == {file.replace(".md", ".html") for file in (*PUBLIC, *MORE)} | {"search.html"}
    assert "Welcome, everybody" in everybody["index.html"]
    assert "staff-only" not in everybody["index.html"]
    assert not any("ask the harbour" in text for text in everybody.values())
    ids = {record["id"] for record in json.loads(everybody["records.json"])["records"]}
    assert {"VIS_TABLE", "TERM_EXPLAIN", "KR_EXPLAIN"} <= ids
    assert not {"SCH_PIER", "ACT_PIER_02", "SES_OPENING", "DEC_TUESDAYS"} & ids


def test_the_staff_edition_marks_what_only_staff_see(
    built: tuple[dict[str, str], dict[str, str]],
) -> None:
    home = built[0]["index.html"]
    assert '<span class="staff-only"><span class="visually-hidden">Staff only: </span>' in home
    assert 'role="group" aria-label="Staff only"' in home


def test_a_source_without_marks_has_no_public_edition() -> None:
    said = check(TINY, "--edition", "public")
    assert (said.code, [found["kind"] for found in said.findings]) == (1, ["edition-home"])


# --------------------------------------------------------------------- what is to be mended

#: What leads from a public page to staff matter, each on a line of its own.
LEADS = {
    "a link to a page": "[The school](../schools/pier/index.md)",
    "a link by its name": "[The pier][pier]\n\n[pier]: /schools/pier/index",
    "a link to a table": "{download}`../schools/pier/plan.csv`",
    "a page's role": "{doc}`the school </schools/pier/index>`",
    "a record": "See {need}`the school <SCH_PIER>`.",
    "an id in words": "See SES_OPENING.",
    "an option of a record": (
        ":::{role} Ferry\n:id: ROLE_BOAT\n:covered_by: ROLE_WATCH\n:status: filled\n:::"
    ),
    "a block's argument": ":::{used-in} ACT_PIER_02\n:::",
    "an included text": ":::{include} ../progress/index.md\n:::",
    "a card's link": ":::{card} Come\n:link: ../schools/index\n:link-type: doc\n\nx\n:::",
    "a label": "See [the tide](#tide-table).",
    "a block that counts": ":::{coverage}\n:::",
}
#: What of it stands on the line that is told, where that is not the first.
ON_LINE = {"an option of a record": ":covered_by: ROLE_WATCH", "a card's link": ":link: ../schools"}


@pytest.fixture(scope="module")
def led(
    district: Source, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Source, list[dict[str, Any]], list[dict[str, Any]]]:
    """A page that leads to staff matter in every way, and what each edition says of it."""
    source = copy(district.root, tmp_path_factory.mktemp("led") / "source")
    source.append(
        "schools/pier/index.md", "\n(tide-table)=\n## The tide table\n\nIt hangs there.\n"
    )
    source.append("glossary/index.md", "\n" + "\n\n".join(LEADS.values()) + "\n")
    public, staff = check(source, "--edition", "public"), check(source)
    assert (public.code, staff.code) == (1, 0), staff.out
    return source, public.findings, staff.findings


@pytest.mark.parametrize("case", LEADS)
def test_public_matter_that_leads_to_staff_is_told_at_its_line(
    case: str, led: tuple[Source, list[dict[str, Any]], list[dict[str, Any]]]
) -> None:
    source, public, staff = led
    file, words = "glossary/index.md", ON_LINE.get(case, LEADS[case].partition("\n")[0])
    line = source.line(file, words)
    for findings, severity in ((public, "error"), (staff, "warning")):
        told = [each for each in findings if (each["file"], each["line"]) == (file, line)]
        assert [each["severity"] for each in told] == [severity], told
        assert told[0]["kind"] in ("edition-leads", "edition-view")


def test_nothing_else_is_told_of_it(
    led: tuple[Source, list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    """Sphinx meets the same dead links; nobody is told of them twice."""
    _, public, staff = led
    assert len(public) == len(staff) == len(LEADS)


# ------------------------------------------------------------------------ the site's folder


def _publish(source: Source, site: Path, *more: str | Path) -> Said:
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site, "--today", TODAY)
    return manual(*words, *more)


def test_a_site_folder_holds_one_edition(district: Source, tmp_path: Path) -> None:
    for first, other in (("public", "staff"), ("staff", "public")):
        site = tmp_path / first
        assert _publish(district, site, "--edition", first).code == 0
        live = (site / "current").readlink()
        said = _publish(district, site, "--edition", other)
        assert said.code == 2
        assert f"holds the {first} edition of the manual, and this is the {other}" in said.err
        assert (site / "current").readlink() == live
    (tmp_path / "staff" / ".edition").unlink()  # a folder of before there were editions
    assert _publish(district, tmp_path / "staff", "--edition", "public").code == 2
    assert not any("one goat visits" in text for text in texts(tmp_path / "public").values())


def test_the_label_of_a_public_release_follows_from_what_is_public(
    district: Source, tmp_path: Path
) -> None:
    """A change that only staff see makes no new public release."""
    source = copy(district.root, tmp_path / "source")
    assert _publish(source, tmp_path / "site", "--edition", "public").code == 0
    source.append("schools/pier/index.md", "\nThe goat is back.\n")
    source.replace("index.md", "who brings the kettle", "that the kettle is lost")
    said = _publish(source, tmp_path / "site", "--edition", "public")
    assert (said.code, said.out[:19]) == (0, "Nothing has changed"), said
    source.append("index.md", "\nFor everybody.\n")
    said = _publish(source, tmp_path / "site", "--edition", "public")
    assert (said.code, said.out[:17]) == (0, "Published release"), said


def test_nothing_outside_and_nothing_hidden_is_published(district: Source, tmp_path: Path) -> None:
    source = copy(district.root, tmp_path / "source")
    (tmp_path / "outside").mkdir()
    page = "---\nedition: public\n---\n\n# Elsewhere\n\nFrom another folder.\n"
    (tmp_path / "outside" / "page.md").write_text(page, encoding="utf-8")
    (source.root / "vision" / "page.md").symlink_to(tmp_path / "outside" / "page.md")
    (source.root / "outside").symlink_to(tmp_path / "outside", target_is_directory=True)
    for name in (".draft.md", "_drafts/page.md", "README.md", "vision/README.md"):
        source.write(name, page)
    output = tmp_path / "html"
    refused = build(source, output, "--edition", "public")
    assert (refused.code, refused.out.count("[symbolic-link]")) == (1, 2)
    assert not output.exists()
    for link in (source.root / "vision" / "page.md", source.root / "outside"):
        link.unlink()
    assert build(source, output, "--edition", "public").code == 0
    assert not any("From another folder" in text for text in texts(output).values())


def test_sphinx_names_the_line_that_people_wrote(district: Source, tmp_path: Path) -> None:
    """A line that leaves no hole moves those below it; findings are told at the old ones."""
    source = copy(district.root, tmp_path / "source")
    source.append("glossary/index.md", "\n- one\n- {staff}`two`\n- [three](nowhere.md)\n")
    said = check(source, "--edition", "public")
    assert [(each["file"], each["line"]) for each in said.findings] == [
        ("glossary/index.md", source.line("glossary/index.md", "[three]"))
    ]
