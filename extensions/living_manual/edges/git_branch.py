"""A folder as the only commit of a branch, pushed in one step: through git itself."""

from __future__ import annotations

import os
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

#: Seconds: a first push of a large manual over a slow line takes minutes.
LONGEST = 1800
#: A branch is ours, and may be replaced, when its commit has this file.
MARK = "release.json"
_ME = ("Living Manual", "manual@localhost")
#: The host must serve the folders that begin with an underscore; without this GitHub's does not.
_EXTRA = ".nojekyll"


class GitBranchError(Exception):
    """The branch could not be moved; the message is for the person who asked."""


def push_folder(folder: Path, remote: str, branch: str, when: datetime, home: Path) -> bool:
    """Make `folder` the only commit of a branch; whether the branch moved.

    `remote` is an address, a path, or the name of a remote of the repository around `home`. `when`
    is the commit's time: the same folder and time give the same commit. Earlier commits are not
    kept in the branch, so that what was withdrawn does not stay in its history.

    Raises GitBranchError when git is missing or refuses, when the branch holds what was not
    published so, or when somebody else moved it meanwhile; the branch then is as it was.
    """
    where = _address(remote, home)
    with tempfile.TemporaryDirectory(prefix="living-manual-git-") as scratch:
        git = _Git(Path(scratch) / "git", folder)
        git("init", "--quiet", "--bare", str(git.folder))
        before = _tip(git, where, branch)
        commit = _commit(git, when, f"Release {folder.name}")
        if commit == before:
            return False
        if before:
            _refuse_others(git, where, branch)
        ref = f"refs/heads/{branch}"
        git("push", "--quiet", f"--force-with-lease={ref}:{before}", where, f"{commit}:{ref}")
        if _tip(git, where, branch) != commit:
            raise GitBranchError(f"The branch {branch} does not hold what was pushed to it.")
    return True


class _Git:
    """Runs git on a bare repository of its own, with the release as its working tree."""

    def __init__(self, folder: Path, tree: Path) -> None:
        self.folder, self.tree = folder, tree

    def __call__(self, *words: str, when: str = "", said: str = "") -> str:
        name, address = _ME
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            **{key: os.environ[key] for key in ("GIT_SSH", "GIT_SSH_COMMAND") if key in os.environ},
            "LC_ALL": "C",
            "GIT_TERMINAL_PROMPT": "0",  # a question nobody sees would wait for ever
            "GIT_AUTHOR_NAME": name,
            "GIT_AUTHOR_EMAIL": address,
            "GIT_COMMITTER_NAME": name,
            "GIT_COMMITTER_EMAIL": address,
            "GIT_AUTHOR_DATE": when,
            "GIT_COMMITTER_DATE": when,
        }
        # Bytes as they are: no line ends turned, no filters of the person's own settings.
        plain = ("-c", "core.autocrlf=false", "-c", "core.attributesFile=", "-c", "gc.auto=0")
        places = ("--git-dir", str(self.folder), "--work-tree", str(self.tree))
        try:
            done = subprocess.run(
                ["git", *plain, *(() if words[0] == "init" else places), *words],
                input=said,
                capture_output=True,
                text=True,
                timeout=LONGEST,
                check=False,
                env=environment,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GitBranchError(f"Git could not be run: {error}.") from error
        if done.returncode:
            raise GitBranchError(_why(done.stderr))
        return done.stdout.strip()


def _address(remote: str, home: Path) -> str:
    """The address behind the name of a remote; what is no name of one is an address itself."""
    try:
        done = subprocess.run(
            ["git", "-C", str(home), "remote", "get-url", "--push", "--", remote],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitBranchError(f"Git could not be run: {error}.") from error
    return done.stdout.strip() or remote


def _tip(git: _Git, where: str, branch: str) -> str:
    """The commit that the branch is at; empty when there is no such branch."""
    return git("ls-remote", "--", where, f"refs/heads/{branch}").partition("\t")[0]


def _commit(git: _Git, when: datetime, message: str) -> str:
    git("add", "--all", "--force", ".")
    empty = git("hash-object", "-w", "--stdin")
    git("update-index", "--add", "--cacheinfo", f"100644,{empty},{_EXTRA}")
    tree = git("write-tree")
    return git("commit-tree", tree, "-m", message, when=when.strftime("%Y-%m-%dT%H:%M:%S+0000"))


def _refuse_others(git: _Git, where: str, branch: str) -> None:
    """Raise unless the branch's commit stands alone and holds a release."""
    git("fetch", "--quiet", "--depth", "2", "--no-tags", "--", where, f"refs/heads/{branch}")
    alone = git("rev-list", "--count", "FETCH_HEAD") == "1"
    if not (alone and git("ls-tree", "--name-only", "FETCH_HEAD", MARK)):
        raise GitBranchError(
            f"The branch {branch} holds something that was not published by this program, and is "
            "left as it is. Name a branch of its own for the site, such as pages."
        )


def _why(said: str) -> str:
    if "stale info" in said or "rejected" in said:
        return "Somebody else moved the branch at this moment; it is as they left it. Try again."
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("fatal:", "error:", "remote:"))]
    return f"Git says: {' '.join(telling[:3] or lines[-2:]) or 'nothing'}"
