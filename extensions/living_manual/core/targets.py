"""Where a release goes besides its own site folder, and what each kind of place can promise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["folder", "git", "rclone"]

FORMS = "folder:/srv/manual, git:origin#pages or rclone:remote:path"

#: What is printed after a release has gone to a target of the kind.
PROMISES: dict[Kind, str] = {
    "folder": "Every file was compared with the release's list, then the site was switched in one "
    "step: a reader gets the old site or the new one.",
    "git": "The branch moved in one step, and holds this release and no earlier one. When readers "
    "see it is up to the host that serves the branch.",
    "rclone": "This place cannot be switched in one step: while the files were copied, a reader "
    "could meet pages of both releases. New files went first, then the pages; what is no longer "
    "meant was removed last.",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A place for a release: a folder, a branch of a git repository, or what rclone can reach.

    `place` is the folder, the repository (or the name of a remote) or rclone's own remote:path.
    """

    kind: Kind
    place: str
    branch: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.place}{f'#{self.branch}' if self.branch else ''}"


def read_target(said: str) -> Target:
    """A target as it is written after `--to`; raises `ValueError` that says how to write it.

    What names no kind is a folder, unless it looks like something that is elsewhere: a slip must
    not end in a folder called `https:`.
    """
    kind, colon, rest = said.partition(":")
    if kind == "git" and colon:
        place, _, branch = rest.rpartition("#")
        if not (place and branch):
            raise ValueError(f"'{said}' names no branch: write it as in git:origin#pages.")
        if branch.startswith("-") or place.startswith("-"):
            raise ValueError(f"'{said}' begins with a dash where a name should stand.")
        return Target("git", place, branch)
    if kind == "rclone" and colon:
        if ":" not in rest or rest.startswith("-"):
            raise ValueError(
                f"'{said}' names no place of rclone: write it as in rclone:remote:path, with a "
                "remote that `rclone config` has made."
            )
        return Target("rclone", rest)
    if kind == "folder" and colon and rest:
        return Target("folder", rest)
    if said and not (colon and len(kind) > 1):
        return Target("folder", said)
    raise ValueError(f"'{said}' is no place to publish to: write {FORMS}.")
