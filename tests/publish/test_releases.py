"""Publishing, on real folders: what is live at every moment, whatever happens.

Run as a program, this file is the publisher that the tests kill: see `child`.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from living_manual.core.release import parse_id
from living_manual.edges.site_folder import MANIFEST_NAME, SiteBusy, SiteFolder, SiteFolderError
from living_manual.publish.releases import Published, publish_tree, roll_back

START = datetime(2026, 11, 21, 21, 45, tzinfo=UTC)
FILES = 40
TIDY = {".lock", ".work", "current", "releases"}

Build = Callable[[Path], None]


def building(word: str) -> Build:
    """A build of forty files in three folders that all say `word`."""

    def build(stage: Path) -> None:
        for number in range(FILES):
            folder = stage / ("", "protocols", "protocols/plc")[number % 3]
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"page-{number:02d}.html").write_text(f"{word} {number}\n", encoding="utf-8")

    return build


def publish(site: SiteFolder, word: str, minutes: int = 0) -> Published:
    """Publish `word`, so many minutes after the start."""
    now = START + timedelta(minutes=minutes)
    return publish_tree(site, building(word), now=lambda: now)


def words(folder: Path) -> set[str]:
    """What the files of a release say; every one of them must be there."""
    files = [path for path in folder.rglob("*.html") if path.is_file()]
    assert len(files) == FILES
    return {path.read_text(encoding="utf-8").split()[0] for path in files}


def live(site: SiteFolder) -> str:
    """What the live site says, read as a web server reads it."""
    (word,) = words(site.root / "current")
    return word


def check_tidy(site: SiteFolder) -> None:
    """Nothing is left over, and every release is whole and sealed."""
    assert {path.name for path in site.root.iterdir()} <= TIDY
    assert not list((site.root / ".work").iterdir())
    ids = site.release_ids()
    assert {path.name for path in (site.root / "releases").iterdir()} == set(ids)
    for release_id in ids:
        assert site.verify(release_id) == []
        folder = site.root / "releases" / release_id
        for path in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o555 if path.is_dir() else 0o444)


@pytest.fixture
def site(tmp_path: Path) -> SiteFolder:
    return SiteFolder(tmp_path / "site")


def test_first_publish(site: SiteFolder) -> None:
    done = publish(site, "one")
    assert done.release_id.startswith("20261121-214500-")
    assert (done.changed, done.previous, done.files) == (True, None, FILES)
    assert done.size == sum(path.stat().st_size for path in (site.root / "current").rglob("*.html"))
    assert done.warnings == ()
    assert (site.root / "current").readlink() == Path("releases", done.release_id)
    assert live(site) == "one"
    check_tidy(site)


def test_list_of_files_is_beside_them_and_not_in_itself(site: SiteFolder) -> None:
    done = publish(site, "one")
    value = json.loads((site.root / "current" / MANIFEST_NAME).read_text(encoding="utf-8"))
    assert MANIFEST_NAME not in {row["path"] for row in value["files"]}
    assert len(value["files"]) == FILES
    parsed = parse_id(done.release_id)
    assert parsed is not None
    assert value["digest"].startswith(parsed.digest)


def test_nothing_changed(site: SiteFolder) -> None:
    first = publish(site, "one")
    again = publish(site, "one", minutes=1)
    assert (again.release_id, again.changed) == (first.release_id, False)
    assert site.release_ids() == (first.release_id,)
    check_tidy(site)


def test_changed(site: SiteFolder) -> None:
    first = publish(site, "one")
    second = publish(site, "two", minutes=1)
    assert (second.changed, second.previous) == (True, first.release_id)
    assert site.release_ids() == (first.release_id, second.release_id)
    assert live(site) == "two"
    check_tidy(site)


def test_content_of_an_older_release_gets_a_new_id(site: SiteFolder) -> None:
    first = publish(site, "one")
    publish(site, "two", minutes=1)
    third = publish(site, "one", minutes=2)
    assert third.changed
    assert third.release_id > first.release_id
    assert len(site.release_ids()) == 3
    assert live(site) == "one"


def test_clock_set_back(site: SiteFolder) -> None:
    ids = [publish(site, word, minutes=-n).release_id for n, word in enumerate("abc")]
    assert ids == sorted(ids) == list(site.release_ids())


@pytest.mark.parametrize("error", [RuntimeError("gate"), KeyboardInterrupt(), OSError(5, "I/O")])
def test_build_that_raises_leaves_the_live_site(site: SiteFolder, error: BaseException) -> None:
    first = publish(site, "one")

    def build(stage: Path) -> None:
        building("two")(stage)
        (stage / "protocols").chmod(0o555)
        raise error

    with pytest.raises(type(error)) as caught:
        publish_tree(site, build, now=lambda: START)
    assert caught.value is error
    assert site.current_id() == first.release_id
    assert live(site) == "one"
    check_tidy(site)


def test_build_that_makes_nothing_is_refused(site: SiteFolder) -> None:
    publish(site, "one")
    with pytest.raises(SiteFolderError, match="made no files"):
        publish_tree(site, lambda stage: (stage / "empty").mkdir(), now=lambda: START)
    assert live(site) == "one"
    check_tidy(site)


@pytest.mark.parametrize("kind", ["symlink", "list", "name"])
def test_build_that_makes_what_a_release_cannot_hold(site: SiteFolder, kind: str) -> None:
    def build(stage: Path) -> None:
        building("two")(stage)
        if kind == "symlink":
            (stage / "page").symlink_to("/etc/passwd")
        elif kind == "list":
            (stage / MANIFEST_NAME).write_text("{}")
        else:
            try:
                (stage / os.fsdecode(b"caf\xe9.html")).write_text("coffee")
            except OSError:
                pytest.skip("this disk keeps such names out")

    publish(site, "one")
    with pytest.raises(SiteFolderError, match="cannot hold"):
        publish_tree(site, build, now=lambda: START)
    assert live(site) == "one"
    check_tidy(site)


def test_five_releases_are_kept(site: SiteFolder) -> None:
    ids = [publish(site, f"word{n}", minutes=n).release_id for n in range(7)]
    assert list(site.release_ids()) == ids[2:]
    check_tidy(site)


def test_live_release_is_kept_however_old(site: SiteFolder) -> None:
    ids = [publish(site, f"word{n}", minutes=n).release_id for n in range(5)]
    roll_back(site, ids[0])
    newest = publish(site, "new", minutes=9).release_id
    # The release that was live is the oldest by now, and the new one takes its place.
    assert list(site.release_ids()) == [*ids[1:], newest]
    with pytest.raises(SiteFolderError, match="is live"):
        site.drop(newest)


def test_old_release_that_cannot_be_deleted_is_a_warning(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        publish(site, f"word{n}", minutes=n)

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted", str(path))

    monkeypatch.setattr(site, "_remove", refuse)
    done = publish(site, "new", minutes=9)
    assert done.changed
    assert live(site) == "new"
    (warning,) = done.warnings
    assert warning.startswith("This account may not write here: deleting release")


def test_roll_back(site: SiteFolder) -> None:
    ids = [publish(site, word, minutes=n).release_id for n, word in enumerate("abc")]
    assert roll_back(site) == ids[1]
    assert live(site) == "b"
    assert roll_back(site) == ids[0]
    assert roll_back(site, ids[2]) == ids[2]
    assert roll_back(site, ids[2]) == ids[2]
    assert live(site) == "c"
    check_tidy(site)


def test_publish_after_roll_back(site: SiteFolder) -> None:
    ids = [publish(site, word, minutes=n).release_id for n, word in enumerate("abc")]
    roll_back(site, ids[0])
    assert not publish(site, "a", minutes=5).changed
    # The same content again is the release that is there already.
    again = publish(site, "c", minutes=6)
    assert (again.release_id, again.changed, again.previous) == (ids[2], True, ids[0])
    assert list(site.release_ids()) == ids


def test_roll_back_to_an_unknown_release_names_the_kept_ones(site: SiteFolder) -> None:
    first, second = publish(site, "one"), publish(site, "two", minutes=1)
    for name in ("20200101-000000-aaaaaaaaaaaa", "../..", ""):
        with pytest.raises(SiteFolderError) as caught:
            roll_back(site, name)
        assert f"{first.release_id}, {second.release_id}" in str(caught.value)
    assert live(site) == "two"


def test_roll_back_with_nothing_to_go_back_to(site: SiteFolder) -> None:
    with pytest.raises(SiteFolderError, match="Nothing was published"):
        roll_back(site)
    assert not site.root.exists()
    publish(site, "one")
    with pytest.raises(SiteFolderError, match="no release older"):
        roll_back(site)


def alter(folder: Path) -> str:
    file = folder / "page-00.html"
    file.chmod(0o644)
    file.write_text("another word\n")
    return file.name


def remove(folder: Path) -> str:
    (folder / "page-00.html").unlink()
    return "page-00.html"


def add(folder: Path) -> str:
    (folder / "zz-added.html").write_text("added\n")
    return "zz-added.html"


def link(folder: Path) -> str:
    remove(folder)
    (folder / "page-00.html").symlink_to("page-03.html")
    return "page-00.html"


def forge(folder: Path) -> str:
    """Alter a file and rewrite the list to fit: only the id in the folder's name tells."""
    alter(folder)
    listed = SiteFolder(folder).scan
    (folder / MANIFEST_NAME).unlink()
    text = listed(folder).to_json()
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")
    return MANIFEST_NAME


def spoil(folder: Path) -> str:
    (folder / MANIFEST_NAME).chmod(0o644)
    (folder / MANIFEST_NAME).write_bytes(b"\xff{")
    return MANIFEST_NAME


TAMPERING = [alter, remove, add, link, forge, spoil]


@pytest.mark.parametrize("tamper", TAMPERING)
def test_tampered_release_is_refused(site: SiteFolder, tamper: Callable[[Path], str]) -> None:
    first = publish(site, "one")
    publish(site, "two", minutes=1)
    folder = site.root / "releases" / first.release_id
    folder.chmod(0o755)
    path = tamper(folder)
    assert site.verify(first.release_id) == [path]
    with pytest.raises(SiteFolderError) as caught:
        roll_back(site)
    assert path in str(caught.value)
    assert live(site) == "two"


@pytest.mark.parametrize("tamper", TAMPERING)
def test_publishing_repairs_a_tampered_live_release(
    site: SiteFolder, tamper: Callable[[Path], str]
) -> None:
    first = publish(site, "one")
    folder = site.root / "releases" / first.release_id
    folder.chmod(0o755)
    tamper(folder)
    again = publish(site, "one", minutes=1)
    assert again.changed
    assert again.release_id > first.release_id
    assert live(site) == "one"
    assert site.verify(again.release_id) == []


def test_verify_of_an_unknown_release(site: SiteFolder) -> None:
    with pytest.raises(SiteFolderError, match="There is no release"):
        site.verify("20200101-000000-aaaaaaaaaaaa")
    with pytest.raises(SiteFolderError, match="There is no release"):
        site.switch("20200101-000000-aaaaaaaaaaaa")


@pytest.mark.parametrize("kind", ["folder", "file", "elsewhere"])
def test_current_that_is_not_ours_is_left_alone(site: SiteFolder, kind: str) -> None:
    site.root.mkdir()
    current = site.root / "current"
    if kind == "folder":
        current.mkdir()
    elif kind == "file":
        current.write_text("mine")
    else:
        current.symlink_to("/var/www/html")
    with pytest.raises(SiteFolderError, match="Nothing was changed"):
        publish(site, "one")
    assert not site.exists()
    assert os.path.lexists(current)


def test_link_to_a_release_that_is_gone_is_mended(site: SiteFolder) -> None:
    first = publish(site, "one")
    folder = site.root / "releases" / first.release_id
    folder.chmod(0o755)
    folder.rename(site.root / "elsewhere")
    second = publish(site, "two", minutes=-5)
    assert second.release_id > first.release_id
    assert live(site) == "two"


def test_folders_of_other_people_are_left_alone(site: SiteFolder) -> None:
    publish(site, "one")
    (site.root / "releases" / "keep-me").mkdir()
    (site.root / "releases" / "20200101-000000-aaaaaaaaaaaa").mkdir()  # no list: half a release
    done = publish(site, "two", minutes=1)
    assert done.release_id in site.release_ids()
    assert {path.name for path in (site.root / "releases").iterdir()} == {
        "keep-me",
        *site.release_ids(),
    }


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EROFS, "This account may not write here"),
        (errno.EIO, "failed: Input/output error"),
    ],
)
@pytest.mark.parametrize("operation", ["mkdir", "fsync", "rename", "symlink", "replace"])
def test_disk_that_refuses(
    site: SiteFolder, monkeypatch: pytest.MonkeyPatch, operation: str, code: int, said: str
) -> None:
    publish(site, "one")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, operation, refuse)
        with pytest.raises(SiteFolderError) as caught:
            publish(site, "two", minutes=1)
    assert said in str(caught.value)
    assert "Nothing was changed: the live site is as it was." in str(caught.value)
    assert live(site) == "one"
    publish(site, "three", minutes=2)
    assert live(site) == "three"
    check_tidy(site)


def test_disk_that_fills_up_while_building(site: SiteFolder) -> None:
    def build(stage: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(stage / "page.html"))

    with pytest.raises(SiteFolderError, match=r"The disk is full: building .*Nothing was changed"):
        publish_tree(site, build, now=lambda: START)


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    """Whoever runs the tests may not write where the mode forbids it; root does so as nobody."""
    if os.geteuid():
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no users here")
def test_folder_that_is_read_only() -> None:
    with tempfile.TemporaryDirectory(prefix="read-only-") as root:  # nobody may look in here
        Path(root).chmod(0o755)
        site = SiteFolder(Path(root, "site"))
        publish(site, "one")
        site.root.chmod(0o555)
        (site.root / ".lock").chmod(0o444)
        refused = pytest.raises(SiteFolderError, match=r"may not write here.*Nothing was changed")
        try:
            with without_the_rights_of_root(), refused:
                publish(site, "two", minutes=1)
        finally:
            site.root.chmod(0o755)
        assert live(site) == "one"
        publish(site, "three", minutes=2)  # whose releases can be taken away again
        # A sealed folder lets nothing of itself be removed.
        for folder in (site.releases, *site.releases.rglob("*")):
            if folder.is_dir():
                folder.chmod(0o755)


def test_second_publisher_in_the_same_process(site: SiteFolder) -> None:
    def build(stage: Path) -> None:
        with pytest.raises(SiteBusy):
            publish(site, "other")
        building("one")(stage)

    publish_tree(site, build, now=lambda: START)
    assert live(site) == "one"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_process_left_by_a_build_does_not_keep_the_lock(site: SiteFolder) -> None:
    reader, writer = os.pipe()
    left: list[int] = []

    def build(stage: Path) -> None:
        building("one")(stage)
        process = os.fork()
        if process == 0:  # waits, with everything of the parent's still open, to be let go
            os.close(writer)
            os.read(reader, 1)
            os._exit(0)
        left.append(process)

    try:
        publish_tree(site, build, now=lambda: START)
        assert publish(site, "two", minutes=1).changed
    finally:
        os.close(writer)
        os.waitpid(left[0], 0)
        os.close(reader)


# Publishers in processes of their own


def start_child(*arguments: object) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen(
        [sys.executable, __file__, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def test_two_publishers_at_once(site: SiteFolder, tmp_path: Path) -> None:
    publish(site, "one")
    with start_child("hold", site.root, tmp_path / "ready", tmp_path / "go") as first:
        await_file(tmp_path / "ready")
        with pytest.raises(SiteBusy, match="Somebody is publishing"):
            publish(site, "three", minutes=2)
        with pytest.raises(SiteBusy):
            roll_back(site)
        assert live(site) == "one"
        (tmp_path / "go").touch()
        output, errors = first.communicate(timeout=30)
    assert (first.returncode, errors) == (0, "")
    assert live(site) == "two"
    assert output.strip() == site.current_id()
    check_tidy(site)


def last(trace: list[str], kind: str) -> int:
    """Where the last operation of a kind is."""
    return max(index for index, operation in enumerate(trace) if operation == kind)


def middle(trace: list[str], kind: str) -> int:
    """Where the operation in the middle of those of a kind is."""
    found = [index for index, operation in enumerate(trace) if operation == kind]
    return found[len(found) // 2]


# When the publisher is killed: right before the operation with this number in its trace.
MOMENTS: dict[str, Callable[[list[str]], int]] = {
    "at the start": lambda trace: 0,
    "before the first file is built": lambda trace: trace.index("open w"),
    "in the middle of the build": lambda trace: middle(trace, "open w"),
    "after the build": lambda trace: last(trace, "open w") + 1,
    "with half of the files sealed": lambda trace: middle(trace, "fsync"),
    "before the release gets its name": lambda trace: trace.index("rename"),
    "after the release gets its name": lambda trace: trace.index("rename") + 1,
    "before the link is made": lambda trace: trace.index("symlink"),
    "before the switch": lambda trace: trace.index("replace"),
    "after the switch": lambda trace: trace.index("replace") + 1,
    "before an old release is taken away": lambda trace: last(trace, "rename"),
    "with half of an old release deleted": lambda trace: middle(trace, "unlink"),
}


@pytest.fixture(scope="module")
def five_releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with as many releases as are kept, so that the next publish also drops one."""
    site = SiteFolder(tmp_path_factory.mktemp("template") / "site")
    for n in range(5):
        publish(site, "old" if n == 4 else f"word{n}", minutes=n)
    return site.root


@pytest.fixture(scope="module")
def trace(five_releases: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The operations on the disk of a whole publish, in order."""
    root = tmp_path_factory.mktemp("dry") / "site"
    shutil.copytree(five_releases, root, symlinks=True)
    with start_child("kill", root, -1) as dry:
        output, errors = dry.communicate(timeout=60)
    assert (dry.returncode, errors) == (0, "")
    assert live(SiteFolder(root)) == "new"
    return output.splitlines()


def kill_and_publish_again(root: Path, number: int, trace: list[str]) -> None:
    """Kill a publisher before the operation with this number, and look what is there."""
    site = SiteFolder(root)
    old = site.current_id()
    with start_child("kill", root, number) as killed:
        _, errors = killed.communicate(timeout=60)
    assert (killed.returncode, errors) == (-signal.SIGKILL, "")

    switched = number > trace.index("replace")
    assert live(site) == ("new" if switched else "old")
    now_live = site.current_id()
    assert now_live is not None
    assert (now_live != old) == switched
    assert site.verify(now_live) == []
    for release_id in site.release_ids():
        assert site.verify(release_id) == []
    newest = site.release_ids()[-1]
    sealed = number > trace.index("rename")
    assert (newest != old) == sealed

    done = publish(site, "new", minutes=120)
    assert live(site) == "new"
    assert done.changed is not switched
    if sealed:  # what the killed run had finished is used, not made again
        assert done.release_id == newest
    check_tidy(site)
    publish(site, "newer", minutes=180)
    assert live(site) == "newer"
    assert len(site.release_ids()) == 5
    check_tidy(site)


def test_moments_are_spread_over_the_whole_run(trace: list[str]) -> None:
    numbers = [moment(trace) for moment in MOMENTS.values()]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] < len(trace)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_publisher(
    moment: str, trace: list[str], five_releases: Path, tmp_path: Path
) -> None:
    shutil.copytree(five_releases, tmp_path / "site", symlinks=True)
    kill_and_publish_again(tmp_path / "site", MOMENTS[moment](trace), trace)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL here")
def test_first_publisher_killed_before_the_switch(trace: list[str], tmp_path: Path) -> None:
    site = SiteFolder(tmp_path / "site")
    with start_child("kill", site.root, "replace") as killed:
        killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert site.current_id() is None
    (sealed,) = site.release_ids()
    done = publish(site, "new", minutes=120)
    assert (done.release_id, done.changed, done.previous) == (sealed, True, None)
    check_tidy(site)


def await_file(file: Path) -> None:
    deadline = time.monotonic() + 30
    while not file.exists():
        assert time.monotonic() < deadline, f"{file.name} never came"
        time.sleep(0.01)


class Operations:
    """Notes every operation on the disk, and kills this process right before a chosen one."""

    NAMES = ("chmod", "fsync", "mkdir", "rename", "replace", "rmdir", "symlink", "unlink")

    def __init__(self, root: Path, fatal: str) -> None:
        self.root, self.fatal = str(root), fatal
        self.seen: list[str] = []
        for name in self.NAMES:
            setattr(os, name, self.noted(name, getattr(os, name)))
        sys.addaudithook(self.audit)  # for opening: the many ways to do so all tell here

    def note(self, operation: str) -> None:
        if self.fatal in (operation, str(len(self.seen))):
            os.kill(os.getpid(), signal.SIGKILL)
        self.seen.append(operation)

    def noted(self, name: str, real: Callable[..., object]) -> Callable[..., object]:
        def wrapper(*args: object, **names: object) -> object:
            self.note(name)
            return real(*args, **names)

        return wrapper

    def audit(self, event: str, args: tuple[object, ...]) -> None:
        if event == "open" and str(args[0]).startswith(self.root):
            self.note(f"open {args[1]}")


def child(mode: str, root: str, *rest: str) -> None:
    """Publish to `root`, as a process of its own.

    `hold READY GO` tells that the build has begun and waits until it may go on; `kill WHEN` ends
    with SIGKILL right before the operation with that number or name, or prints them all.
    """
    site = SiteFolder(Path(root))
    if mode == "hold":
        ready, go = map(Path, rest)

        def build(stage: Path) -> None:
            ready.touch()
            await_file(go)
            building("two")(stage)

        now = START + timedelta(minutes=1)
        print(publish_tree(site, build, now=lambda: now).release_id)
    else:
        operations = Operations(site.root, rest[0])
        publish(site, "new", minutes=60)
        print("\n".join(operations.seen))


if __name__ == "__main__":
    child(*sys.argv[1:])
