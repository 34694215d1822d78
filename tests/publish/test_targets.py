"""`manual publish --to`: a folder, a git branch, what rclone reaches; each by the real program."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from living_manual.core.targets import PROMISES, Target, read_target
from living_manual.edges.site_folder import SiteFolder, SiteFolderError
from living_manual.publish.targets import send as send_release
from tests.sites import KIT, TINY, TODAY, Said, Source, copy, manual
from tests.tools import require_program


def publish(source: Source, site: Path, *more: str) -> Said:
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site, "--today", TODAY)
    return manual(*words, *([*more, "--behind-sign-in"] if more else ()))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, git's own aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=A writer", "-c", "user.email=writer@example.org")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


class Place:
    """A target of one kind in a folder of the test, and how to look at what it holds."""

    def __init__(self, kind: str, root: Path) -> None:
        self.kind, self.root = kind, root
        self.folder = root / "place"
        if kind == "git":
            git(root, "init", "--quiet", "--bare", str(self.folder))
        if kind == "rclone":
            require_program("rclone")

    @property
    def words(self) -> str:
        if self.kind == "git":
            return f"git:{self.folder}#pages"
        return f"rclone::local:{self.folder}" if self.kind == "rclone" else f"folder:{self.folder}"

    def holds(self) -> dict[str, bytes]:
        """What readers are served from."""
        if self.kind == "folder":
            return files(self.folder / "current")
        if self.kind == "rclone":
            return files(self.folder)
        shutil.rmtree(self.root / "looked", ignore_errors=True)
        git(self.root, "clone", "--quiet", "-b", "pages", str(self.folder), "looked")
        found = files(self.root / "looked")
        assert found.pop(".nojekyll") == b""
        return found


@pytest.fixture(params=["folder", "git", "rclone"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(request.param, tmp_path)


def test_each_place_holds_the_live_release_and_follows_it(place: Place, tmp_path: Path) -> None:
    source, site = copy(TINY, tmp_path / "source"), tmp_path / "site"
    first = publish(source, site, "--to", place.words)
    assert first.code == 0, first
    assert f"Sent to {place.words}." in first.out
    assert " ".join(PROMISES[place.kind].split()) in " ".join(first.out.split())  # type: ignore[index]
    assert place.holds() == files(site / "current")

    again = publish(source, site, "--to", place.words)
    assert "held this release already" in again.out

    source.append("index.md", "\nNew words.\n")
    source.replace("glossary/index.md", "# ", "# All ")
    second = publish(source, site, "--to", place.words)
    assert second.code == 0, second
    assert place.holds() == files(site / "current")
    assert b"New words." in place.holds()["index.html"]

    back = manual("rollback", "--kit", KIT, "--site", site, "--to", place.words, "--behind-sign-in")
    assert back.code == 0, back
    assert place.holds() == files(site / "current")
    assert b"New words." not in place.holds()["index.html"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site folder with one release."""
    root = tmp_path_factory.mktemp("published")
    assert publish(copy(TINY, root / "source"), root / "site").code == 0
    return root / "site"


def send(site: Path, *targets: str) -> Said:
    """Send what is live, without building anew."""
    live = (site / "current").readlink().name
    named = [word for target in targets for word in ("--to", target)]
    return manual("rollback", "--kit", KIT, "--site", site, *named, "--behind-sign-in", live)


def test_the_staff_edition_goes_nowhere_by_mistake(place: Place, published: Path) -> None:
    """A folder is as private as its machine; what serves a branch or a bucket is not."""
    live = (published / "current").readlink().name
    said = manual("rollback", "--kit", KIT, "--site", published, "--to", place.words, live)
    if place.kind == "folder":
        assert (place.folder / ".edition").read_text() == "staff\n"
        return
    assert said.code == 2
    assert "holds the staff edition, which is not sent" in said.err
    assert not place.folder.exists() or not git(place.folder, "branch", "--list")


def test_branch_holds_one_commit_by_nobody(published: Path, tmp_path: Path) -> None:
    place = Place("git", tmp_path)
    assert send(published, place.words).code == 0
    assert git(place.folder, "rev-list", "--count", "pages") == "1"
    assert git(place.folder, "log", "-1", "--format=%an <%ae>", "pages") == (
        "Living Manual <manual@localhost>"
    )


def test_a_remote_goes_by_its_name(published: Path, tmp_path: Path) -> None:
    place, home = Place("git", tmp_path), tmp_path / "kit"
    home.mkdir()
    git(home, "init", "--quiet")
    git(home, "remote", "add", "web", str(place.folder))
    live = (published / "current").readlink().name
    words = ("rollback", "--kit", home, "--site", published, "--to", "git:web#pages", live)
    assert manual(*words, "--behind-sign-in").code == 0
    assert place.holds() == files(published / "current")


def theirs(place: Place) -> dict[str, bytes]:
    """Put somebody's own files at a place; gives what is there then."""
    if place.kind == "git":
        own = place.root / "own"
        git(place.root, "init", "--quiet", "-b", "pages", str(own))
        (own / "thesis.md").write_text("Years of work.\n")
        git(own, "add", ".")
        git(own, "commit", "--quiet", "-m", "All my work")
        git(own, "push", "--quiet", str(place.folder), "pages")
        return {"thesis.md": b"Years of work.\n"}
    top = place.folder / "current" if place.kind == "folder" else place.folder
    top.mkdir(parents=True)
    (top / "thesis.md").write_text("Years of work.\n")
    return files(top)


def test_somebody_elses_files_are_left_alone(place: Place, published: Path) -> None:
    before = theirs(place)
    said = send(published, place.words)
    assert said.code == 2
    assert "Traceback" not in said.err
    now = files(place.folder / "current") if place.kind == "folder" else None
    if place.kind == "git":
        assert git(place.folder, "show", "pages:thesis.md") == "Years of work."
    else:
        assert (now if now is not None else files(place.folder)) == before


def test_a_copy_that_is_broken_off_is_made_whole_by_the_next(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """rclone fails in the middle: the next run copies all of it, whatever lies there."""
    place, real = Place("rclone", tmp_path), shutil.which("rclone")
    assert send(published, place.words).code == 0
    (place.folder / "old.html").write_text("left over")
    (place.folder / "release.publishing").write_text("20200101-000000-000000000000\n")
    (place.folder / "index.html").write_text("half")
    fake = tmp_path / "bin" / "rclone"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\ncase "$*" in *"copy "*) exit 5;; esac\nexec {real} "$@"\n')
    fake.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
        failed = send(published, place.words)
    assert failed.code == 2
    assert "is live" in failed.err
    assert send(published, place.words).code == 0
    assert place.holds() == files(published / "current")


def test_what_rclone_spoils_is_found(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, real = Place("rclone", tmp_path), shutil.which("rclone")
    fake = tmp_path / "bin" / "rclone"
    fake.parent.mkdir()
    spoil = f'case "$*" in *" copy "*) printf x >> {place.folder}/index.html;; esac'
    fake.write_text(f'#!/bin/sh\n{real} "$@"\ncode=$?\n{spoil}\nexit $code\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}{os.pathsep}{os.environ['PATH']}")
    said = send(published, place.words)
    assert said.code == 2
    assert "index.html did not arrive as sent" in said.err


def test_an_altered_release_is_not_sent(published: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(published, site, symlinks=True)
    page = site / "current" / "index.html"
    page.chmod(0o644)
    page.write_bytes(page.read_bytes() + b"<!-- me too -->")
    with pytest.raises(SiteFolderError, match="is not as it was sealed"):
        send_release(SiteFolder(site), read_target(f"folder:{tmp_path}/there"), KIT)
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize(
    ("target", "said"),
    [
        pytest.param("git:{}/none#pages", "Git says:", id="no repository"),
        pytest.param("rclone:nosuch:there", "rclone says:", id="no such remote"),
        pytest.param("folder:{}/site", "is the site folder itself", id="the site folder"),
    ],
)
def test_what_cannot_be_sent_is_said_in_a_sentence(
    target: str, said: str, published: Path, tmp_path: Path
) -> None:
    if target.startswith("rclone"):
        require_program("rclone")
    site = tmp_path / "site"
    shutil.copytree(published, site, symlinks=True)
    live = (site / "current").readlink()
    found = send(site, target.format(tmp_path))
    assert found.code == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert (site / "current").readlink() == live


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("/srv/manual", Target("folder", "/srv/manual")),
        ("out", Target("folder", "out")),
        ("C:\\sites", Target("folder", "C:\\sites")),
        ("folder:git:odd", Target("folder", "git:odd")),
        ("git:origin#pages", Target("git", "origin", "pages")),
        ("git:ssh://git@host/a#b.git#pages", Target("git", "ssh://git@host/a#b.git", "pages")),
        ("rclone:web:manual/site", Target("rclone", "web:manual/site")),
    ],
)
def test_a_target_is_read(said: str, meant: Target) -> None:
    assert read_target(said) == meant
    assert read_target(str(meant)) == meant


@pytest.mark.parametrize(
    "said",
    [
        *("", "git:origin", "git:#pages", "git:a#-f", "git:--all#x", "rclone:web", "rclone:-v:x"),
        *("https://host/x", "s3:bucket", "folder:"),
    ],
)
def test_a_slip_is_refused_before_anything_is_built(said: str, tmp_path: Path) -> None:
    words = ("publish", "--source", TINY, "--site", tmp_path / "site", "--to", said)
    found = manual(*words)
    assert found.code == 2
    assert not (tmp_path / "site").exists()
