"""Bounds of a build: what a folder may hold, how long a page may take, how large parts may be.

And no build reaches another computer.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from living_manual.core import limits
from living_manual.sphinx_ext import faults, gate
from tests.sites import KIT, TINY, TODAY, Said, Source, check, copy, manual

WORD, PLAN, SESSIONS = "glossary/index.md", "schools/pier/plan.csv", "learning/sessions.csv"
SECRET = "Quince-and-marrow"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "secret.txt").write_text(SECRET, encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "index.md").write_text(f"# {SECRET}\n", encoding="utf-8")
    return copy(TINY, tmp_path / "source")


def kinds(said: Said) -> list[tuple[str, str, int]]:
    return [(each["kind"], each["file"], each["line"]) for each in said.findings]


def publish(source: Source, *more: str | Path) -> Said:
    site = source.root.parent / "site"
    words = ("--kit", KIT, "--source", source.root, "--site", site, "--today", TODAY)
    said = manual("publish", *words, *more)
    assert "Traceback" not in said.out + said.err
    assert SECRET not in said.out + said.err
    if said.code:
        assert not (site / "current").exists()
        assert not list(site.glob("releases/*"))
    return said


# ----------------------------------------------------------------------------- the folder


def replaced_by_link(name: str, target: str) -> Callable[[Path], None]:
    def put(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(root.parent / target)

    return put


FOLDER: dict[str, tuple[Callable[[Path], Any], str, str]] = {
    "a page is a link out": (
        replaced_by_link("vision/talk.md", "elsewhere/index.md"),
        "symbolic-link",
        "vision/talk.md",
    ),
    "a table is a link out": (replaced_by_link(PLAN, "secret.txt"), "symbolic-link", PLAN),
    "the settings are a link out": (
        replaced_by_link("district.toml", "secret.txt"),
        "symbolic-link",
        "district.toml",
    ),
    "a folder is a link out": (
        replaced_by_link("vision/more", "elsewhere"),
        "symbolic-link",
        "vision/more",
    ),
    "a folder leads round": (
        replaced_by_link("vision/more", "source"),
        "symbolic-link",
        "vision/more",
    ),
    "a page is a pipe": (
        lambda root: os.mkfifo(root / "vision/more.md"),
        "symbolic-link",
        "vision/more.md",
    ),
    "a name with a sign that cannot be written": (
        lambda root: (root / "vision" / "a\x07b.md").write_text("# A\n", encoding="utf-8"),
        "file-name",
        "vision/a\N{REPLACEMENT CHARACTER}b.md",
    ),
    "a name that Windows keeps": (
        lambda root: (root / "vision" / "con.md").write_text("# A\n", encoding="utf-8"),
        "file-name",
        "vision/con.md",
    ),
}


@pytest.mark.parametrize(("put", "kind", "file"), FOLDER.values(), ids=FOLDER)
def test_a_folder_that_is_not_opened(
    put: Callable[[Path], Any], kind: str, file: str, source: Source
) -> None:
    put(source.root)
    assert kinds(check(source)) == [(kind, file, 1)]
    said = publish(source)
    assert said.code == 1
    assert f"{file}:1" in said.out


def test_a_plain_sphinx_build_does_not_open_it_either(source: Source) -> None:
    replaced_by_link("vision/more", "elsewhere")(source.root)
    words = ["-m", "sphinx", "-c", str(KIT), str(source.root), str(source.root.parent / "out")]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert done.returncode != 0
    assert "vision/more is a symbolic link" in done.stderr


def test_a_file_that_may_not_be_read(source: Source) -> None:
    """As whoever publishes meets it; root, whom nobody refuses, is refused by the test."""
    real = os.access

    def access(path: str | Path, mode: int) -> bool:
        return not str(path).endswith("plan.csv") and real(path, mode)

    with mock.patch.object(os, "access", access):
        assert kinds(check(source)) == [("file-unreadable", PLAN, 1)]


def test_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    said = publish(Source(tmp_path / "source"))
    assert said.code == 2
    assert "index.md" in said.err


def test_two_ways_to_store_one_name(source: Source) -> None:
    """On some computers both names are one file."""
    source.write("vision/\u00e9t\u00e9.txt", "A\n")
    source.write("vision/e\u0301te\u0301.txt", "B\n")
    (found,) = check(source).findings
    assert found["kind"] == "name-case"
    assert "accents" in found["message"]


# ------------------------------------------------------------------------------- the time


def for_ever(*_said: object, **_named: object) -> None:
    ends = time.monotonic() + 120  # a test that fails ends as well
    while time.monotonic() < ends:
        pass


def hurried(source: Source) -> Path:
    """A kit whose pages have little time."""
    kit = source.root.parent / "kit"
    kit.mkdir()
    shutil.copy(KIT / "ubproject.toml", kit)
    conf = (KIT / "conf.py").read_text(encoding="utf-8")
    (kit / "conf.py").write_text(f"{conf}\nmanual_page_seconds = 1.5\n", encoding="utf-8")
    return kit


@pytest.mark.parametrize("while_it_is", ["checked", "read"])
def test_a_page_that_does_not_end(while_it_is: str, source: Source) -> None:
    kit = hurried(source)
    source.append(WORD, "\nThis page is slow.\n")
    whole, part = {"checked": (faults, "text_faults"), "read": (gate, "create_md_parser")}[
        while_it_is
    ]
    usual = getattr(whole, part)

    def slow(*said: Any, **named: Any) -> Any:
        if while_it_is == "checked":
            return for_ever() if said[1] == WORD else usual(*said, **named)
        made = usual(*said, **named)
        render = made.render

        def rendered(text: str, *more: Any) -> Any:
            return for_ever() if "This page is slow" in text else render(text, *more)

        made.render = rendered
        return made

    with mock.patch.object(whole, part, slow):
        words = ("check", "--kit", kit, "--source", source.root, "--today", TODAY)
        said = manual(*words, "--format", "json")
    assert said.err == ""
    assert kinds(said) == [("page-too-slow", WORD, 1)]


def test_a_page_that_goes_too_deep(source: Source) -> None:
    with mock.patch.object(faults, "text_faults", side_effect=RecursionError):
        found = kinds(check(source))
    assert {kind for kind, _, _ in found} == {"page-too-deep"}
    assert ("page-too-deep", WORD, 1) in found


# ------------------------------------------------------------------------------- the size


SIZES: dict[str, tuple[Callable[[Source], None], str, str | int]] = {
    "a page": (lambda source: source.append(WORD, "So it is.\n" * 120_000), WORD, 1),
    "the letters of a page": (lambda source: source.append(WORD, "So.\n\n" * 60_000), WORD, 1),
    "the records of a page": (
        lambda source: source.append(
            WORD, "".join(f"\n:::{{term}} A\n:id: TERM_{nth}\n:::\n" for nth in range(1001))
        ),
        WORD,
        ":id: TERM_999\n",
    ),
    "the bytes of a table": (
        lambda source: source.append(PLAN, "x" * limits.FILE),
        PLAN,
        1,
    ),
    "a cell": (
        lambda source: source.replace(PLAN, "Boat talk", "Boat talk" + "x" * limits.CELL),
        PLAN,
        "ACT_PIER_01",
    ),
    "the settings": (
        lambda source: source.append("district.toml", "# x\n" * 6_000_000),
        "district.toml",
        1,
    ),
}


@pytest.mark.parametrize(("put", "file", "words"), SIZES.values(), ids=SIZES)
def test_what_is_too_large(
    put: Callable[[Source], None], file: str, words: str | int, source: Source
) -> None:
    put(source)
    line = words if isinstance(words, int) else source.line(file, words)
    assert kinds(check(source)) == [("too-large", file, line)]


def test_a_formula_in_a_table(source: Source) -> None:
    source.replace(PLAN, "Boat talk", "=HYPERLINK(A1)&Boat talk")
    (found,) = check(source).findings
    place = (found["kind"], found["file"], found["line"], found["column"])
    assert place == ("table-formula", PLAN, source.line(PLAN, "ACT_PIER_01"), "title")


# ---------------------------------------------------------------------------- the network


def test_a_setting_that_would_fetch(source: Source) -> None:
    """Only conf.py can ask for it, and it gets nothing; the process is as before afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.01)
        port = server.getsockname()[1]
        kit = hurried(source)
        conf = (kit / "conf.py").read_text(encoding="utf-8")
        conf += 'extensions.append("sphinx.ext.intersphinx")\n'
        conf += f'intersphinx_mapping = {{"far": ("http://127.0.0.1:{port}/", None)}}\n'
        (kit / "conf.py").write_text(conf, encoding="utf-8")
        words = ("check", "--kit", kit, "--source", source.root, "--today", TODAY)
        said = manual(*words, "--format", "json")
        assert said.code == 1
        network = [each for each in said.findings if each["kind"] == "network"]
        assert any("127.0.0.1" in each["message"] for each in network)
        with pytest.raises(TimeoutError):
            server.accept()
        server.settimeout(10)
        with socket.create_connection(("127.0.0.1", port), 10):
            server.accept()[0].close()


def test_a_manual_is_published_where_there_is_no_network(source: Source) -> None:
    if not shutil.which("unshare"):
        pytest.skip("unshare is not there")
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no network of one's own")
    site = source.root.parent / "site"
    words = ["publish", "--kit", str(KIT), "--source", str(source.root), "--site", str(site)]
    done = subprocess.run(
        [*alone, sys.executable, "-m", "living_manual", *words, "--today", TODAY],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (site / "current" / "index.html").is_file()
