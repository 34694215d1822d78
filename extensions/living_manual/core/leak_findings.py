"""What was found where it must not be, in words for a coach."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from living_manual.core.finding import Finding, finding
from living_manual.core.leaks import Secret

#: So many places are named; who has more has one cause, and needs no longer list.
_MOST = 20
_QUOTED, _LONGEST = 3, 60
_FIX = (
    "If everybody may read this, mark it public or say it on a public page too. If not, it must "
    "not be in that file: tell the person who looks after the kit, and name both files."
)
_OPENS = (
    "Save it anew as what its name says, without a password, or in another form (PDF, DOCX, XLSX, "
    "PNG, JPEG, WebP, MP4, WebM); or take it off the public pages."
)


@dataclass(frozen=True, slots=True)
class Leak:
    """A published file (and what in it, after a colon), and the secret that it holds."""

    where: str
    secret: Secret


def told(leaks: Iterable[Leak]) -> tuple[Finding, ...]:
    """A finding for each staff file of which something is in a published one, the longest first."""
    by_files: dict[tuple[str, str], list[Secret]] = {}
    for leak in leaks:
        published = leak.where.partition(":")[0]
        by_files.setdefault((leak.secret.file, published), []).append(leak.secret)
    found = [_told(published, by_files[file, published]) for file, published in sorted(by_files)]
    return (*found[:_MOST], *_more(found[_MOST:]))


def _told(published: str, secrets: list[Secret]) -> Finding:
    secrets = list(dict.fromkeys(secrets))
    secrets.sort(key=lambda secret: (secret.line is None, secret.line or 0, secret.said))
    said = list(dict.fromkeys(_quoted(secret) for secret in secrets))
    more = f" and {len(said) - _QUOTED} more" if len(said) > _QUOTED else ""
    message = (
        f"The public edition would say what only staff may read: {published} holds "
        f"{', '.join(said[:_QUOTED])}{more}."
    )
    return finding("edition-leak", message, _FIX, secrets[0].file, secrets[0].line)


def _quoted(secret: Secret) -> str:
    if secret.kind == "file":
        return "the whole file"
    said = " ".join(secret.said.split())
    short = said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1].rstrip()}…"
    kinds = {"id": "the id", "title": "the title", "path": "the path", "address": "the address"}
    return f"{kinds.get(secret.kind, 'the words')} “{short}”"


def _more(rest: list[Finding]) -> tuple[Finding, ...]:
    if not rest:
        return ()
    places = "place" if len(rest) == 1 else "places"
    message = f"The public edition would say what only staff may read in {len(rest)} more {places}."
    fix = "Look at the first of these findings: all are most likely to have one cause."
    return (finding("edition-leak", message, fix),)


def not_searched(where: str, why: str) -> Finding:
    """A published file that cannot be looked into, so that nobody knows what it says."""
    message = f"{where} {why}, so that it cannot be searched for what only staff may read."
    return finding("edition-not-searched", message, _OPENS)
