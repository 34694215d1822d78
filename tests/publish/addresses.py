"""A small district whose addresses are changed, and a reader who follows old links to it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from tests.sites import KIT, TINY, TODAY, Said, Source, copy, manual

ROCK = """\
# Rock School

:::{school}
:id: SCH_ROCK
:level: elementary
:short: Rock
:owner: ROLE_HEAD
:audiences: teacher
:reviewed: 2030-08-20

Nine students learn here.
:::

:::{action} Count the seals aloud
:id: ACT_ROCK_01
:at: SCH_ROCK
:advances: KR_EXPLAIN
:led_by: ROLE_HEAD
:status: active

Every count has a reason.
:::
"""
TRIO = """\
# Trio talk

:::{protocol}
:id: PRO_TRIO
:kind: plc
:minutes: 6
:owner: ROLE_HEAD
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
:strengthens: SUB_TABLE
:develops: TERM_EXPLAIN

Three students, one picture.
:::

::::{steps}
:::{step} Draw
:minutes: 6

Nobody speaks.
:::
::::
"""
SESSION = (
    'SES_ROCK,"Rock day",opening-day,2030-09-03,3,OBJ_TALK,PRO_TRIO,SCH_ROCK,'
    "ROLE_HEAD,STAGE_SET,teacher,2030-08-20,\n"
)


def district(folder: Path) -> Source:
    """The tiny district with a second school, and with a protocol and a word that can move."""
    source = copy(TINY, folder)
    source.write("schools/rock/index.md", ROCK)
    source.replace("schools/index.md", "pier/index\n", "pier/index\nrock/index\n")
    source.append("learning/sessions.csv", SESSION)
    source.write("protocols/trio.md", TRIO)
    source.append("protocols/index.md", "\n:::{toctree}\n:hidden:\ntrio\n:::\n")
    return source


def publish(source: Source, site: Path, *more: str) -> Said:
    """Publish in this process, on the tiny district's day."""
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site)
    return manual(*words, *(more or ("--today", TODAY)))


def everywhere(source: Source, old: str, new: str) -> None:
    """Replace a word in every page, table and setting: an id is renamed as a writer does it."""
    for file in source.root.rglob("*"):
        if file.suffix in (".md", ".csv", ".toml"):
            text = file.read_text(encoding="utf-8")
            if re.search(rf"\b{old}\b", text):
                file.write_text(re.sub(rf"\b{old}\b", new, text), encoding="utf-8")


def close_rock(source: Source) -> None:
    """Take the second school out of the manual, as a writer does."""
    shutil.rmtree(source.root / "schools" / "rock")
    source.replace("schools/index.md", "rock/index\n", "")
    source.replace("learning/sessions.csv", SESSION, "")


@dataclass(frozen=True)
class Arrived:
    """Where a browser ends: the file, what it holds, and what is at the place the link names."""

    path: str
    text: str
    at: str = ""


def follow(live: Path, address: str) -> Arrived:
    """Follow an address as a browser does: redirects first, then the place on the page.

    Raises `AssertionError` where a reader would find nothing.
    """
    path, _, anchor = address.partition("#")
    for _ in range(3):
        file = live / path
        assert file.is_file(), f"{address}: there is no {path}"
        if not path.endswith(".html"):
            assert not anchor
            return Arrived(path, file.read_bytes().decode("utf-8", "replace"))
        text = file.read_text(encoding="utf-8")
        refresh = re.search(r'http-equiv="refresh" content="0; url=([^"]*)"', text)
        if not refresh:
            break
        to, _, place = unescape(refresh[1]).partition("#")
        path = normpath(join(dirname(path), unquote(to)))
        anchor = place or anchor
    else:
        raise AssertionError(f"{address} leads from redirect to redirect")
    if not anchor:
        return Arrived(path, text)
    found = re.search(rf'<[^>]* id="{re.escape(anchor)}"', text)
    assert found, f"{address}: {path} has no place #{anchor}"
    if "moved-note" in found[0]:
        told = text[found.start() : text.index("</p>", found.start())]
        for link in re.findall(r'href="([^"]*)"', told):
            follow(live, normpath(join(dirname(path), unquote(link))))
        return Arrived(path, text, told)
    return Arrived(path, text, text[found.start() : found.start() + 500])


def addresses(live: Path) -> list[str]:
    """Every address of a release's ledger."""
    ledger = json.loads((live / "addresses.json").read_text(encoding="utf-8"))
    pages = [
        f"{path}{mark}"
        for path, page in ledger["pages"].items()
        for mark in ("", *(f"#{name}" for names in page["anchors"].values() for name in names))
    ]
    return [*pages, *(path for paths in ledger["files"].values() for path in paths)]
