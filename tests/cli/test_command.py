"""The `manual` command: its words, its exit codes, what it prints and what it leaves alone."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from living_manual.cli.main import cli
from living_manual.core.finding import Finding, Severity
from tests.sites import KIT, TINY, TODAY, Said, Source, command, copy, manual, real_manual

COMMANDS = ("build", "check", "publish", "rollback", "serve")
TALK = "vision/talk.md"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return copy(TINY, tmp_path / "source")


@pytest.fixture
def broken(source: Source) -> Source:
    source.replace(TALK, ":realises: VIS_TABLE\n", "")
    return source


def publish(source: Path, site: Path) -> Said:
    return manual("publish", "--kit", KIT, "--source", source, "--site", site, "--today", TODAY)


# ---------------------------------------------------------------------------- words


def test_commands_are_there() -> None:
    assert set(COMMANDS) <= set(cli.commands)


@pytest.mark.parametrize("name", [(), *((name,) for name in COMMANDS)], ids=lambda n: n or "manual")
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help(name: tuple[str, ...], flag: str) -> None:
    said = manual(*name, flag)
    assert (said.code, said.err) == (0, "")
    assert "Usage: manual" in said.out
    for each in name or COMMANDS:
        assert each in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_source_and_site(name: str) -> None:
    """So that a script can give all of them the same words."""
    text = manual(name, "--help").out
    for option in ("--source DIR", "--site DIR", "--kit DIR"):
        assert option in text


def test_every_command_runs_with_source_and_site(tmp_path: Path) -> None:
    site = tmp_path / "site"
    words = ("--kit", KIT, "--source", TINY, "--site", site, "--today", TODAY)
    assert manual("check", *words).code == 0
    assert manual("build", *words, "--output", tmp_path / "out").code == 0
    assert not site.exists()
    assert manual("publish", *words).code == 0
    assert "no release older" in manual("rollback", *words).err
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = manual("serve", *words, "--port", str(port))
    assert (said.code, said.err) == (
        2,
        f"manual: Port {port} is in use by another program: choose another one.\n",
    )


def test_version() -> None:
    said = manual("--version")
    assert said.code == 0
    assert re.fullmatch(r"manual, version \d+\.\d+\.\d+\n", said.out)


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("publsh",),
        ("check", "--fromat", "json"),
        ("check", "--format", "xml"),
        ("check", "--today", "tomorrow"),
        ("serve", "--port", "99999"),
        ("publish", "here"),
    ],
    ids=lambda words: " ".join(words) or "nothing",
)
def test_wrong_use(words: tuple[str, ...]) -> None:
    said = manual(*words)
    assert said.code == 2
    assert said.out == ""
    assert "Usage: manual" in said.err
    assert "Traceback" not in said.err


# ------------------------------------------------------------------------ exit codes


def test_good() -> None:
    said = real_manual("check", "--source", TINY, "--today", TODAY)
    assert (said.code, said.out, said.err) == (0, "Nothing to mend.\n", "")


def test_findings(broken: Source) -> None:
    said = real_manual("check", "--source", broken.root, "--today", TODAY)
    line = broken.line_of_record(TALK, "OBJ_TALK")
    assert said.code == 1
    assert said.out.splitlines() == [
        f"{TALK}:{line}: error: OBJ_TALK: The objective is not tied to the vision."
        " [objective-realises]",
        "    Add `:realises:` with the id of the vision.",
        "1 error, 0 warnings.",
    ]
    assert said.err == ""


@pytest.mark.parametrize("name", ["build", "check", "publish"])
def test_unknown_source_folder(name: str, tmp_path: Path) -> None:
    said = real_manual(name, "--source", tmp_path / "nowhere", "--site", tmp_path / "site")
    assert said.code == 2
    assert f"There is no folder {tmp_path / 'nowhere'}" in said.err
    assert "--source" in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "site").exists()


def test_folder_that_is_no_manual(tmp_path: Path) -> None:
    said = manual("check", "--source", tmp_path)
    assert said.code == 2
    assert "has no index.md" in said.err


def test_folder_that_is_no_kit(tmp_path: Path) -> None:
    said = manual("check", "--source", TINY, "--kit", tmp_path)
    assert said.code == 2
    assert "conf.py is not in" in said.err


def test_kit_is_found_from_any_folder(tmp_path: Path) -> None:
    said = real_manual("check", "--source", TINY, "--today", TODAY, cwd=tmp_path)
    assert (said.code, said.err) == (0, "")


def test_site_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("a file")
    said = publish(TINY, tmp_path / "site")
    assert said.code == 2
    assert said.err.count("manual: ") == 1
    assert "Traceback" not in said.err


def fail(*_: Any, **__: Any) -> None:
    raise ZeroDivisionError("a wheel came off")


def test_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MANUAL_DEBUG", raising=False)
    monkeypatch.setattr("living_manual.publish.build.check", fail)
    said = manual("check", "--source", TINY)
    assert said.code == 3
    assert said.out == ""
    assert "a fault of the kit, not of your pages: ZeroDivisionError: a wheel came off" in said.err
    assert "MANUAL_DEBUG=1" in said.err
    assert "Traceback" not in said.err


def test_fault_of_ours_while_publishing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    assert publish(TINY, site).code == 0
    live = (site / "current").readlink()
    monkeypatch.setattr("living_manual.publish.pipeline.write_index", fail)
    said = publish(TINY, site)
    assert said.code == 3
    assert (site / "current").readlink() == live
    assert not list((site / ".work").iterdir())


def test_search_that_cannot_be_made_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("living_manual.edges.pagefind.get_executable", lambda: None)
    said = publish(TINY, tmp_path / "site")
    assert said.code == 3
    assert "Pagefind is not installed" in said.err
    assert not (tmp_path / "site" / "current").exists()


def test_debugging_shows_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MANUAL_DEBUG", "1")
    monkeypatch.setattr("living_manual.publish.build.check", fail)
    with pytest.raises(ZeroDivisionError):
        manual("check", "--source", TINY)


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a process there")
def test_ctrl_c(tmp_path: Path) -> None:
    site = tmp_path / "site"
    assert publish(TINY, site).code == 0
    live = (site / "current").readlink()
    line = command("publish", "--source", TINY, "--site", site)
    with subprocess.Popen(line, cwd=KIT, stderr=subprocess.PIPE, text=True) as run:
        assert run.stderr
        assert run.stderr.readline().startswith("Publishing")
        assert run.stderr.read(9).strip().startswith("Reading")
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "Traceback" not in err
    assert (site / "current").readlink() == live
    assert not list((site / ".work").iterdir())


# --------------------------------------------------------------------------- formats


def test_json(broken: Source) -> None:
    said = manual("check", "--source", broken.root, "--today", TODAY, "--format", "json")
    (found,) = json.loads(said.out)
    assert found == {
        "kind": "objective-realises",
        "severity": "error",
        "file": TALK,
        "line": broken.line_of_record(TALK, "OBJ_TALK"),
        "column": None,
        "message": "OBJ_TALK: The objective is not tied to the vision.",
        "fix": "Add `:realises:` with the id of the vision.",
    }


def test_json_of_a_good_manual() -> None:
    said = manual("check", "--source", TINY, "--today", TODAY, "--format", "json")
    assert (said.code, json.loads(said.out)) == (0, [])


def test_github(broken: Source) -> None:
    said = manual("check", "--source", broken.root, "--today", TODAY, "--format", "github")
    line = broken.line_of_record(TALK, "OBJ_TALK")
    assert said.code == 1
    assert said.out == (
        f"::error file={TALK},line={line},title=objective-realises::OBJ_TALK: The objective is"
        " not tied to the vision. Add `:realises:` with the id of the vision.\n"
    )


def test_github_of_a_good_manual() -> None:
    said = manual("check", "--source", TINY, "--today", TODAY, "--format", "github")
    assert (said.code, said.out) == (0, "")


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (
            Finding("k", "100% of\r\nrows: a, b", "Mend::it", "a,b:c%.md", 3),
            "::error file=a%2Cb%3Ac%25.md,line=3,title=k::100%25 of%0D%0Arows: a, b Mend::it",
        ),
        (Finding("k", "Odd", "Look", severity=Severity.WARNING), "::warning title=k::Odd Look"),
        (Finding("k", "Odd", "Look", "a.md"), "::error file=a.md,title=k::Odd Look"),
    ],
    ids=["escaped", "no place", "no line"],
)
def test_github_line(found: Finding, line: str) -> None:
    """As GitHub reads it: a line break in a message would end the command, a comma its value."""
    from living_manual.cli.printing import as_github

    assert as_github([found]) == line


def test_column_of_a_table_is_named(source: Source) -> None:
    source.replace("schools/pier/plan.csv", "paused", "stopped")
    said = manual("check", "--source", source.root, "--today", TODAY)
    assert "schools/pier/plan.csv:3: error: Row 3, column 'status'" in said.out
    assert "(column 'status') [table-status]" in said.out


def test_warning_is_printed_and_publishes(source: Source, tmp_path: Path) -> None:
    source.replace(TALK, ":measure: student-experience", ":measure: implementation")
    said = publish(source.root, tmp_path / "site")
    assert said.code == 0
    assert "warning: OBJ_TALK is measured only by implementation. [implementation-only]" in said.out
    assert "0 errors, 1 warning." in said.out
    assert "Published release" in said.out


# ----------------------------------------------------------------------------- build


def built(source: Path, output: Path) -> Said:
    return manual("build", "--kit", KIT, "--source", source, "--output", output, "--today", TODAY)


def test_build(tmp_path: Path) -> None:
    said = built(TINY, tmp_path / "out")
    assert said.code == 0
    assert said.out.startswith("Built 10 pages: open ")
    assert (tmp_path / "out" / "index.html").is_file()
    assert (tmp_path / "out" / "pagefind" / "pagefind.js").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_build_takes_the_place_of_an_older_build(source: Source, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert built(source.root, out).code == 0
    source.write("glossary/gull.md", "# Gull\n\nA bird.\n")
    source.append("glossary/index.md", "\n:::{toctree}\n:hidden:\ngull\n:::\n")
    assert built(source.root, out).code == 0
    assert (out / "glossary" / "gull.html").is_file()
    source.replace(TALK, ":realises: VIS_TABLE\n", "")
    before = sorted(out.rglob("*"))
    said = built(source.root, out)
    assert said.code == 1
    assert "objective-realises" in said.out
    assert sorted(out.rglob("*")) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "source"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_build_leaves_somebodys_files_alone(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    mine = out / "thesis.txt" if kind == "folder" else out
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("years of work")
    said = built(TINY, out)
    assert said.code == 2
    assert "holds other files" in said.err
    assert "--output" in said.err
    assert mine.read_text() == "years of work"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_check_writes_nothing(source: Source, tmp_path: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert manual("check", "--source", source.root, "--today", TODAY).code == 0
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


# -------------------------------------------------------------------------- rollback


@pytest.fixture
def two_releases(source: Source, tmp_path: Path) -> Path:
    site = tmp_path / "site"
    assert publish(source.root, site).code == 0
    source.append("index.md", "\nA second time.\n")
    assert publish(source.root, site).code == 0
    return site


def test_rollback(two_releases: Path) -> None:
    first, second = sorted(path.name for path in (two_releases / "releases").iterdir())
    assert (two_releases / "current").readlink().name == second
    said = manual("rollback", "--site", two_releases)
    assert (said.code, said.out) == (0, f"Release {first} is live again.\n")
    assert (two_releases / "current").readlink().name == first
    said = manual("rollback", "--site", two_releases, second)
    assert (said.code, said.out) == (0, f"Release {second} is live again.\n")
    assert "second time" in (two_releases / "current" / "index.html").read_text(encoding="utf-8")


def test_rollback_to_what_is_not_there(two_releases: Path) -> None:
    live = (two_releases / "current").readlink()
    said = manual("rollback", "--site", two_releases, "20000101-000000-000000000000")
    assert said.code == 2
    assert "There is no release" in said.err
    for path in (two_releases / "releases").iterdir():
        assert path.name in said.err
    assert (two_releases / "current").readlink() == live


def test_rollback_of_nothing(tmp_path: Path) -> None:
    said = manual("rollback", "--site", tmp_path / "site")
    assert said.code == 2
    assert "Nothing was published" in said.err


# ----------------------------------------------------------------------------- serve


def test_serve_says_when_nothing_is_published(tmp_path: Path) -> None:
    said = manual("serve", "--site", tmp_path / "site")
    assert said.code == 2
    assert f"Nothing is published in {tmp_path / 'site'} yet" in said.err
    assert "manual publish" in said.err


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT to a process there")
@pytest.mark.parametrize("what", ["published", "built"])
def test_serve(what: str, tmp_path: Path) -> None:
    site = tmp_path / "site"
    make: Callable[[Path, Path], Said] = publish if what == "published" else built
    assert make(TINY, site).code == 0
    line = command("serve", "--site", site, "--port", "0")
    with subprocess.Popen(line, cwd=KIT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout
        found = re.match(r"The manual is at (http://127\.0\.0\.1:\d+/)", run.stdout.readline())
        assert found
        with urllib.request.urlopen(f"{found[1]}schools/pier/", timeout=10) as answer:
            assert "Pier School" in answer.read().decode()
        run.send_signal(signal.SIGINT)
        assert run.wait(timeout=20) == 0
