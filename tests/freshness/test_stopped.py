"""A build that did not come to its end: killed, no space left, a folder that cannot be written to.

Whatever it left behind, the next build gives what a clean one gives.
"""

from __future__ import annotations

import contextlib
import resource
import shutil
from pathlib import Path

import pytest

from tests.freshness.conftest import as_built
from tests.freshness.disks import read_only, small_disk
from tests.freshness.interrupt import die_at
from tests.freshness.site import District, Killed, assert_fresh, district, in_child

POINTS = 20
"""At so many points of a build it is killed."""


def edit_much(made: District) -> None:
    """Something for every part of a build: titles, records, a page gone, media, settings."""
    made.replace("vision/talk.md", "# Students talk", "# Children talk")
    made.replace("schools/pier/plan.csv", ",active,", ",done,")
    made.remove("guide/second-week.md")
    made.replace("guide/index.md", "second-week\n", "")
    made.write("guide/hint.txt", "Bring a hat.\n")
    made.paint("guide/pictures/boat.png", 77)
    made.replace("district.toml", "nobody sails alone", "everybody sails")


def killed(made: District, point: int, *, half: bool) -> None:
    """Build, and be killed at the n-th change of a file."""

    def work() -> None:
        die_at(made.root.parent, point, half=half)
        made.built()

    with pytest.raises(Killed):
        in_child(work)


@pytest.fixture(scope="module")
def changes(built_once: Path) -> int:
    """How many times the build after `edit_much` changes a file.

    A new picture is made once and kept beside the kit, in fewer changes from then on: the second
    build is counted.
    """

    def work() -> int:
        count = die_at(built_once, 0, half=False)
        made.built()
        return count[0]

    for _ in range(2):
        made = as_built(built_once)
        edit_much(made)
        counted = int(in_child(work))
    return counted


@pytest.mark.parametrize("share", range(POINTS))
def test_killed(share: int, built: District, changes: int) -> None:
    """From the first change of a file to the last; every other time in the middle of a file."""
    assert changes > POINTS
    edit_much(built)
    killed(built, 1 + share * (changes - 1) // (POINTS - 1), half=share % 2 == 1)
    assert_fresh(built)


def test_killed_and_the_edit_taken_back(built: District, changes: int) -> None:
    """What the killed build had written of the edit must not stay."""
    kept = built.root.parent / "before"
    shutil.rmtree(kept, ignore_errors=True)
    shutil.copytree(built.root, kept)
    edit_much(built)
    killed(built, changes * 3 // 4, half=False)
    shutil.rmtree(built.root)
    kept.rename(built.root)
    assert_fresh(built)


def test_killed_twice(built: District, changes: int) -> None:
    edit_much(built)
    killed(built, changes // 2, half=True)
    killed(built, changes // 3, half=True)
    assert_fresh(built)


def test_killed_at_the_first_build(built: District, changes: int) -> None:
    for folder in (built.output, built.trees):
        shutil.rmtree(folder)
    killed(built, changes // 2, half=True)
    assert_fresh(built)


# -------------------------------------------------------------------------------- no space left


def build_whatever_happens(made: District) -> None:
    """A build that may say that it cannot write, in findings or by an error."""
    with contextlib.suppress(OSError):
        made.built()


WORDY = "\n" + "Words and more of them.\n" * 2000


@pytest.mark.parametrize("left", range(0, 2_000_000, 250_000), ids=lambda left: f"{left}_bytes")
def test_disk_full(left: int, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, "24m"):
        made = district(disk)
        assert made.built().findings == ()
        edit_much(made)
        for file in ("exemplars/index.md", "guide/first-week.md", "learning/index.md"):
            made.append(file, WORDY)
        filler = disk / "filler"
        filler.write_bytes(bytes(max(shutil.disk_usage(disk).free - left, 0)))
        build_whatever_happens(made)
        filler.unlink()
        assert_fresh(made)


@pytest.mark.parametrize("most", [0, 300, 3_000, 12_000, 60_000], ids=lambda most: f"{most}_bytes")
def test_no_file_can_be_longer(most: int, built: District) -> None:
    """As a full disk, for everybody: what is longer is cut off with an error."""
    edit_much(built)
    build_cut_off(built, most)
    assert_fresh(built)


def test_one_page_cannot_be_written_whole(built: District) -> None:
    """Sphinx only warns of it, and a page cut off is newer than its source."""
    most = (built.trees / "environment.pickle").stat().st_size + 100_000
    # Three letters of the source are eighty of the page: a page of the source may be no longer.
    built.append("guide/first-week.md", "\n" + "`&`\n" * (most // 60) + "\n")
    build_cut_off(built, most)
    assert (built.output / "guide" / "first-week.html").stat().st_size <= most
    assert_fresh(built)


def build_cut_off(made: District, most: int) -> None:
    """Build, and let no file be longer."""

    def work() -> None:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
        build_whatever_happens(made)
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    in_child(work)


# ------------------------------------------------------------------------- not to be written to


@pytest.mark.parametrize("name", ["output", "trees", "output/_static", "output/vision"])
def test_read_only_folder(name: str, built: District) -> None:
    edit_much(built)
    with read_only(built.root.parent / name):
        build_whatever_happens(built)
    assert_fresh(built)


def test_source_may_be_read_only(built: District) -> None:
    edit_much(built)
    with read_only(built.root):
        assert_fresh(built)
