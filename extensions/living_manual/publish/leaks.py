"""The last look at a public release before it is sealed: does a file say what only staff may read?

It asks nobody how the files were made. It reads the whole source, the cut of it, and every finished
file, opened as far as it opens; one word too many, and nothing is published.
"""

from __future__ import annotations

import calendar
import hashlib
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path

from living_manual.core.addresses import FILE as LEDGER
from living_manual.core.finding import Finding, finding
from living_manual.core.leak_findings import Leak, not_searched, told
from living_manual.core.leak_secrets import watch
from living_manual.core.leaks import Watch
from living_manual.core.redirects import FILE as ROWS
from living_manual.core.redirects import public_rows
from living_manual.edges.files import walk
from living_manual.edges.opened import Opener, kind_of
from living_manual.edges.opened_words import NotOpened, apart

PACKAGE = Path(__file__).parent.parent
#: Files of the kit in which stands what it says on pages.
_SAYING = frozenset({".py", ".jinja", ".html", ".js", ".css", ".toml", ".typ", ".json", ".txt"})
#: What the next release is made with, of a live one.
CARRIED = ("changes.json", "records.json", "wordings.json", "calendar/revisions.json")
#: Words of English that stand in files of these kinds whatever a manual says: names of their parts,
#: and what the programs of Sphinx, its theme and Pagefind hold. A test looks for those that lack.
_OF_THE_FORMATS = """
agnostic arabic artifact avatar basic bolder bonus boost calculate callback cambria canonical cans
carousel catalog cherokee chevron clim densest density deprecated destroy determine diacritic
diacritics diagonal discreet effacing encounter encountered euphemia falling fatal feather ferri
flags forbidden frequency governing guru himalaya initial initialize initialized keywords kids
mandatory merging midpoint minor modern mongolian necessary opts pagination palette playground
ranking realtime reject shipped shrink similarity skipping supplement symbol thai truncate typeface
unfiltered upgraded verbatim viet widget
"""

CHANGES_ANEW = finding(
    "edition-changes-anew",
    "Something that was public is for staff now, so the public record of changes begins anew.",
    "Nothing needs to be mended. What was public before stays in earlier releases of the site "
    "folder until they are dropped.",
)


def leaks(
    whole: Path, cut: Path, kit: Path, stage: Path, live: Path | None = None
) -> tuple[Finding, ...]:
    """What a finished public release says that only staff may read, and what cannot be opened.

    `whole` is the folder that people write in, `cut` what was left of it for the public edition,
    `kit` the folder with conf.py, `stage` the folder with the finished files. `live` is the public
    release before: addresses that it led to are no secret, whatever became of their pages.
    """
    looking = watch_for(whole, cut, kit, live)
    opener, found = Opener(), []
    names = sorted(path.relative_to(stage).as_posix() for path in _files(stage))
    found += [Leak(name, secret) for name in names for secret in looking.found(name)]
    unopened = []
    for name in names:
        if (stage / name).is_symlink():
            unopened.append(not_searched(name, "is a link and no file"))
            continue
        try:
            for reading in opener.read(name, (stage / name).read_bytes()):
                hits = looking.found(reading.text, by_chance=reading.by_chance)
                found += [Leak(reading.where, secret) for secret in hits]
        except NotOpened as closed:
            unopened.append(not_searched(closed.where, closed.why))
    return (*told(found), *unopened)


def handed_on(live: Path | None, whole: Path, cut: Path, kit: Path) -> Path | None:
    """The live release, if the next one may be made with what it hands on; else a folder not there.

    It may not once something public was made staff, or put into a {staff}: the record of changes
    would tell what is gone.
    """
    handed = [live / name for name in CARRIED if (live / name).is_file()] if live else []
    if not live or not handed:
        return live
    looking = watch_for(whole, cut, kit)
    try:
        said = any(
            looking.found(reading.text)
            for path in handed
            for reading in Opener().read(path.name, path.read_bytes())
        )
    except NotOpened:
        said = True
    return live.with_name(f"{live.name}-none") if said else live


def says_nothing(whole: Path, cut: Path, kit: Path) -> Callable[[str, Path], bool]:
    """Says of an earlier release's file, by path and place, whether the public one may have it."""
    looking = watch_for(whole, cut, kit)

    def of(path: str, file: Path) -> bool:
        try:
            readings = list(Opener().read(path, file.read_bytes()))
        except NotOpened:
            return False
        return not any(looking.found(each.text, by_chance=each.by_chance) for each in readings)

    return of


@lru_cache(maxsize=2)
def watch_for(whole: Path, cut: Path, kit: Path, live: Path | None = None) -> Watch:
    """What only staff may read, made ready to be looked for; the folders are as in `leaks`."""
    left = _texts(cut, {})
    texts = _texts(whole, left)
    addresses = (live / LEDGER) if live else None
    if addresses and addresses.is_file():
        known = addresses.read_text(encoding="utf-8")
        left[LEDGER] = (known, "")
        if ROWS in texts:
            left[ROWS] = (public_rows(texts[ROWS][0], known), "")
    for name in (LEDGER, "addresses-public.json"):  # a list of addresses is about published ones
        texts.pop(name, None)
    public = {"", *(digest for _, digest in left.values())}
    return watch(
        {name: text for name, (text, _) in texts.items()},
        {name: text for name, (text, _) in left.items()},
        said_by_the_kit(kit),
        {name: digest for name, (_, digest) in texts.items() if digest not in public},
    )


def _files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_symlink() or not path.is_dir())


def _texts(root: Path, known: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """What each file of a source says, and the SHA-256 of those that are no text (else nothing).

    What is `known` by its name and its bytes is not opened again.
    """
    found = {}
    for path in walk(root):
        if not path.is_file() or not path.resolve().is_relative_to(root.resolve()):
            continue  # a link out of the folder: nothing behind it is the manual's
        name, data = path.relative_to(root).as_posix(), path.read_bytes()
        if kind_of(data) == "text":
            found[name] = (data.decode("utf-8-sig", "replace"), "")
            continue
        digest = hashlib.sha256(data).hexdigest()
        again = known.get(name)
        text = again[0] if again and again[1] == digest else _said(name, data)
        found[name] = (text, digest)
    return found


def _said(name: str, data: bytes) -> str:
    """What people wrote in a file of another kind, as far as it opens; its name counts anyway."""
    said = []
    try:
        for reading in Opener(only_words=True).read(name, data):
            said.append(reading.text)
    except NotOpened:
        pass
    return apart(said)


@cache
def said_by_the_kit(kit: Path) -> tuple[str, ...]:
    """Everything that the kit may say on a page by itself."""
    files = [*walk(PACKAGE), *(kit / name for name in ("conf.py", "ubproject.toml"))]
    days = " ".join((*calendar.month_name, *calendar.day_name, *calendar.month_abbr))
    return (
        _OF_THE_FORMATS,
        days,
        *(path.read_text(encoding="utf-8") for path in files if path.suffix in _SAYING),
    )
