"""The search for staff words on other districts: no false alarm, and folders as they may be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.form import write_kit
from living_manual.publish.leaks import leaks
from tests.sites import KIT, SAMPLE, Source, manual

STAFF = ("schools", "progress", "learning")


def with_shared_pages_public(source: Source) -> None:
    """Everything but schools, progress and learning is for everybody."""
    for path in source.root.rglob("*.md"):
        name = path.relative_to(source.root).as_posix()
        if name.split("/")[0] not in STAFF:
            source.write(name, f"---\nedition: public\n---\n{source.read(name)}")
    there = "|".join(STAFF)
    home = source.read("index.md")
    home = re.sub(
        rf"(?m)^(- )?(\[[^\]]*\]\((?:{there})/index\.md\).*)$",
        lambda line: f"{line[1] or ''}{{staff}}`{line[2]}`",
        home,
    )
    source.write("index.md", home)


def test_a_district_of_many_schools_is_no_false_alarm(tmp_path: Path) -> None:
    """Schools' plans are made of the words that protocols and objectives are made of."""
    write_kit(tmp_path / "source", 6, 10)
    source = Source(tmp_path / "source")
    with_shared_pages_public(source)
    public_of(source.root, tmp_path / "html")


def test_the_sample_is_no_false_alarm(tmp_path: Path) -> None:
    public_of(SAMPLE, tmp_path / "html")


def public_of(source: Path, output: Path) -> None:
    """Build the public edition; nothing in it is found to be for staff."""
    words = ("--kit", KIT, "--source", source, "--output", output, "--edition", "public")
    said = manual("build", *words)
    assert said.code == 0, said.out
    assert "edition-" not in said.out
    assert "Searching all files" in said.err
    assert not list((output / "schools").rglob("*.html"))


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A source, its cut and the finished files, by hand."""
    whole, cut, stage = (tmp_path / name for name in ("whole", "cut", "stage"))
    for folder in (whole, cut, stage):
        folder.mkdir()
    for folder in (whole, cut):
        (folder / "index.md").write_text("# Open\n\nEverybody comes.\n", "utf-8")
    (whole / "rota.md").write_text("# The bluebell rota\n\nNobody may know it.\n", "utf-8")
    (stage / "index.html").write_text("<h1>Open</h1><p>Everybody comes.</p>", "utf-8")
    return whole, cut, stage


def test_sound_files_are_sound(folders: tuple[Path, Path, Path]) -> None:
    whole, cut, stage = folders
    assert leaks(whole, cut, KIT, stage) == ()


def test_a_staff_file_itself_is_found_whatever_its_name(
    folders: tuple[Path, Path, Path],
) -> None:
    whole, cut, stage = folders
    data = b"\x89PNG no picture at all"
    (whole / "goat.png").write_bytes(data)
    (stage / "1.png").write_bytes(data)
    found = leaks(whole, cut, KIT, stage)
    assert {each.kind for each in found} == {"edition-leak", "edition-not-searched"}
    assert any("1.png holds the whole file" in each.message for each in found)


def test_links_in_folders_are_not_followed_out(
    folders: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    whole, cut, stage = folders
    (tmp_path / "outside.md").write_text("# Quillfront\n", "utf-8")
    (whole / "outside.md").symlink_to(tmp_path / "outside.md")
    (whole / "nowhere.md").symlink_to(tmp_path / "nowhere.md")
    (stage / "link.html").symlink_to(tmp_path / "nowhere.html")
    found = leaks(whole, cut, KIT, stage)
    assert [each.kind for each in found] == ["edition-not-searched"]
    assert "link.html is a link" in found[0].message


def test_an_empty_release_and_one_without_staff_matter(
    folders: tuple[Path, Path, Path],
) -> None:
    whole, cut, stage = folders
    (stage / "index.html").write_text("The bluebell rota", "utf-8")
    assert [each.file for each in leaks(whole, cut, KIT, stage)] == ["rota.md"]
    assert leaks(cut, cut, KIT, stage) == ()
