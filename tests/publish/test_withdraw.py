"""`manual withdraw`: after it, no byte and no sentence of a picture or clip is left anywhere.

The search here is the test's own, in plain code: every file, unpacked, every run of 48 bytes.
"""

from __future__ import annotations

import gzip
import io
import random
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pypdf
import pytest
from PIL import Image

from living_manual.edges.site_folder import SiteFolder
from living_manual.publish.releases import publish_tree
from tests.exemplars import CONSENT, NOTES, PAGE, TEXT, WORK, add_exemplar, notes
from tests.sites import KIT, TINY, TODAY, Said, Source, command, copy, manual

CLIP = "exemplars/ferry/talk.webm"
OTHER = "exemplars/ferry/other.png"
RUN = 48
#: What only the picture says: in a note, in the words for who cannot see it, beneath it.
NOTE = "Counts every purple lantern on the upper deck"
ALT = "A page with seventeen purple lanterns drawn in a spiral"
CAPTION = "Student Q circles the lanterns by sevens"
QUOTE = "counts every purple lantern on the upper deck"
#: What only the clip says.
SPOKEN = ("So it is fifty and thirty-five", "The student speaks first, and nobody helps")
#: Another child's picture, and the teacher's own words, which stay.
OTHER_ALT = "A ladder of nine green rungs beside a number line"
STAYS = "Who can say it in other words"


def noise(path: Path, seed: int) -> None:
    """A picture that packs badly: its bytes are like nobody else's."""
    image = Image.new("RGB", (160, 120))
    dots = random.Random(seed)
    image.putdata([tuple(dots.randbytes(3)) for _ in range(160 * 120)])
    image.save(path)


def district(root: Path) -> Source:
    """A district with two pictures, a clip, and a brief that repeats nothing of them."""
    source = copy(TINY, root / "source")
    add_exemplar(source)
    noise(source.root / WORK, 1)
    noise(source.root / OTHER, 2)
    text = TEXT.replace("Student A's page. Two boxes, one above the other, and an arrow.", ALT)
    text = text.replace("Student A moves one seat.", CAPTION)
    text = text.replace("### The talk", f"![{OTHER_ALT}](other.png)\n\n### The talk")
    text = text.replace('> "I moved', f'> "{QUOTE}!"\n\n---\n\n> "I moved')
    source.write(PAGE, text)
    parts = [(NOTE, "xywh=percent:10,10,30,20"), ("An arrow.", "xywh=percent:60,20,20,40")]
    source.write(NOTES, notes(parts))
    source.append(CONSENT, f"{OTHER},student work,F-14,public,2030-08-01,2031-07-31,\n")
    return source


@dataclass
class Place:
    """A district, its kit, its site folder, and runs of the command on them."""

    root: Path
    source: Source

    @property
    def site(self) -> Path:
        return self.root / "site"

    @property
    def build(self) -> Path:
        return self.root / "kit" / "build"

    def run(self, *words: str | Path) -> Said:
        where = ("--kit", self.root / "kit", "--source", self.source.root, "--today", TODAY)
        return manual(*words, *where)

    def publish(self) -> Said:
        said = self.run("publish", "--site", self.site)
        assert said.code == 0, said.out + said.err
        return said

    def withdraw(self, media: str) -> Said:
        return self.run("withdraw", media, "--site", self.site)

    @property
    def releases(self) -> list[str]:
        return list(SiteFolder(self.site).release_ids())

    @property
    def live(self) -> Path:
        return (self.site / "current").resolve()


def place(root: Path) -> Place:
    kit = root / "kit"
    kit.mkdir()
    for name in ("conf.py", "ubproject.toml"):
        shutil.copyfile(KIT / name, kit / name)
    return Place(root, district(root))


# --------------------------------------------------------------------- the test's own search


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder, as it is and unpacked."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield from unpacked(path.relative_to(folder).as_posix(), path.read_bytes())


def unpacked(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, data
    if data[:2] == b"\x1f\x8b":
        yield from unpacked(f"{name}!", gzip.decompress(data))
    elif data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for each in archive.namelist():
                yield from unpacked(f"{name}!{each}", archive.read(each))
    elif data[:5] == b"%PDF-":
        pages = pypdf.PdfReader(io.BytesIO(data)).pages
        yield f"{name}!text", "\n".join(page.extract_text() for page in pages).encode()


def runs(files: list[bytes], beside: list[bytes]) -> set[bytes]:
    """Every run of 48 bytes in these files that the files beside them do not have too."""
    others = {each[at : at + RUN] for each in beside for at in range(len(each) - RUN + 1)}
    mine = {each[at : at + RUN] for each in files for at in range(len(each) - RUN + 1)}
    return mine - others


def with_bytes(folder: Path, wanted: set[bytes]) -> list[str]:
    """Files with one of the runs: looked for at every 48th byte, so that 95 in a row are found."""
    return [
        name
        for name, data in everything(folder)
        if any(data[at : at + RUN] in wanted for at in range(0, len(data) - RUN + 1, RUN))
    ]


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def with_words(folder: Path, *sentences: str) -> list[str]:
    found = []
    for name, data in everything(folder):
        text = unescape(data.decode("utf-8", "ignore"))
        flat = words(re.sub(r"<[^>]*>", " ", text)), words(text)
        if any(words(one) in each for one in sentences for each in flat):
            found.append(name)
    return found


def runs_of(place: Place, stem: str, original: str = "") -> set[bytes]:
    """The runs of what the live release has of a picture or clip, and of the original.

    What other pictures begin with too (the headers of their form) is no sign of this one.
    """
    mine, others = list[bytes](), list[bytes]()
    for path in place.live.glob("_[im]*/*"):
        (mine if path.name.startswith(f"{stem}-") else others).append(path.read_bytes())
    assert len(mine) >= 2
    if original:
        mine.append((place.source.root / original).read_bytes())
    return runs(mine, others)


# ------------------------------------------------------------------------------- the picture


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Published twice: before the pictures and the clip came, and with them."""
    made = place(tmp_path_factory.mktemp("withdraw"))
    whole = made.source.read(PAGE)
    rows = made.source.read(CONSENT)
    shown = r"(?sm):::\{(?:annotated-image|clip)\}.*?\n:::\n|^!.*?$|^> \"[^\n]*$"
    made.source.write(PAGE, re.sub(shown, "More is to come.", whole))
    made.source.write(CONSENT, rows.partition("\n")[0] + "\n")
    made.publish()
    made.source.write(PAGE, whole)
    made.source.write(CONSENT, rows)
    made.publish()
    assert len(made.releases) == 2
    return made


def again(before: Place, to: Path) -> Place:
    shutil.copytree(before.root, to, symlinks=True)
    return Place(to, Source(to / "source"))


def test_nothing_of_a_picture_is_left(before: Place, tmp_path: Path) -> None:
    made = again(before, tmp_path / "made")
    clean, held = made.releases
    wanted = runs_of(made, "work", WORK)
    assert with_bytes(made.site, wanted), "the search finds nothing where something is"
    assert with_bytes(made.build, wanted)
    for sentence in (NOTE, ALT, CAPTION, QUOTE):
        assert len(with_words(made.site, sentence)) >= 2, sentence

    said = made.withdraw(WORK)

    assert said.code == 0, said.out + said.err
    assert "Nothing of it is left there." in said.out
    assert not with_bytes(made.site, wanted)
    assert not with_bytes(made.build, wanted)
    assert not with_words(made.site, NOTE, ALT, CAPTION, QUOTE)
    assert not with_words(made.build, NOTE, ALT, CAPTION, QUOTE)
    # The page keeps its sense: the heading, the other child's picture, the teacher's words.
    page = (made.live / "exemplars" / "ferry" / "index.html").read_text(encoding="utf-8")
    assert "not shown any more" in page
    assert OTHER_ALT in page
    assert STAYS in page
    assert "move one over" in page
    # The release before the picture came is still there, whole, and can be gone back to.
    folder = SiteFolder(made.site)
    assert clean in folder.release_ids()
    assert held not in folder.release_ids()
    assert all(folder.verify(each) == [] for each in folder.release_ids())
    assert made.run("rollback", "--site", made.site).code == 0
    assert made.live.name == clean
    # The row says so, and the other rows are as they were.
    rows = made.source.read(CONSENT).splitlines()
    assert rows[1] == f"{WORK},student work,F-12,public,2030-08-01,2031-07-31,{TODAY}"
    assert rows[2:] == before.source.read(CONSENT).splitlines()[2:]


def test_nothing_of_a_clip_is_left(before: Place, tmp_path: Path) -> None:
    made = again(before, tmp_path / "made")
    wanted = runs_of(made, "talk", CLIP)
    assert with_bytes(made.site, wanted)
    assert all(with_words(made.site, each) for each in SPOKEN)
    # The release that holds it is not the live one, but a newer one that was gone back from.
    assert made.run("rollback", "--site", made.site).code == 0

    said = made.withdraw("exemplars/ferry/talk.poster.png")

    assert said.code == 0, said.out + said.err
    assert not with_bytes(made.site, wanted)
    assert not with_words(made.site, *SPOKEN)
    assert not list(made.live.glob("_media/*"))
    assert made.source.read(CONSENT).splitlines()[2].endswith(f",{TODAY}")


def archive(made: Place) -> None:
    """Make a release of the live one that carries it once more, as an earlier school year."""

    def fill(stage: Path) -> None:
        for to in (stage, stage / "archive" / "2029-30"):
            for path in made.live.rglob("*"):
                if path.is_file() and path.name != "release.json":
                    target = to / path.relative_to(made.live)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, target)

    publish_tree(SiteFolder(made.site), fill, now=lambda: datetime.now(UTC))


def test_other_mistakes_do_not_keep_it_up(before: Place, tmp_path: Path) -> None:
    """A broken link and a broken table stop the publish; the picture is down all the same.

    Also out of the archive of an earlier year, which no publish builds again.
    """
    made = again(before, tmp_path / "made")
    archive(made)
    wanted = runs_of(made, "work", WORK)
    made.source.append("vision/talk.md", "\nSee [](nowhere.md).\n")
    made.source.replace(CONSENT, "F-13,public", "F-13,everybody")

    said = made.withdraw(WORK)

    assert said.code == 1
    assert "vision/talk.md" in said.out
    assert "It is off the live site" in said.out
    assert "consent.csv could not be written" in said.out
    assert not with_bytes(made.site, wanted)
    assert not with_words(made.site, NOTE, ALT, CAPTION)
    page = (made.live / "exemplars" / "ferry" / "index.html").read_text(encoding="utf-8")
    assert "This page is being changed" in page
    old = made.live / "archive" / "2029-30"
    assert "This page is being changed" in (old / "exemplars/ferry/index.html").read_text("utf-8")
    assert list((old / "pagefind").glob("*.pf_meta"))
    assert (made.live / "protocols" / "index.html").read_bytes() == (
        before.live / "protocols" / "index.html"
    ).read_bytes()
    folder = SiteFolder(made.site)
    assert all(folder.verify(each) == [] for each in folder.release_ids())


STEPS = ("Looking through the kept releases", "Sealing the release")


def test_a_killed_run_is_run_again(before: Place, tmp_path: Path) -> None:
    """Killed at two steps, one run after the other; the third does what is left to do."""
    made = again(before, tmp_path / "made")
    wanted = runs_of(made, "work", WORK)
    words = ("withdraw", WORK, "--site", made.site, "--kit", made.root / "kit")
    for step in STEPS:
        run = subprocess.Popen(
            command(*words, "--source", made.source.root, "--today", TODAY),
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            encoding="utf-8",
        )
        assert run.stderr is not None
        for line in run.stderr:
            if step in line:
                run.kill()
                break
        assert run.wait() == -signal.SIGKILL, step
        assert (made.live / "index.html").is_file()
        assert not with_bytes(made.live, wanted), step

    said = made.withdraw(WORK)

    assert said.code == 0, said.out + said.err
    assert not with_bytes(made.site, wanted)
    assert not with_words(made.site, NOTE, ALT, CAPTION)


def test_a_name_that_is_no_file_is_refused(before: Place) -> None:
    said = before.withdraw("exemplars/ferry/wrok.png")
    assert said.code == 2
    said = before.withdraw("work.png")
    assert said.code == 2
    assert "Did you mean exemplars/ferry/work.png?" in said.err
    assert TODAY not in before.source.read(CONSENT)
