"""What a page shows in the place of a picture or clip without consent, and what is told of it."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.exemplars import CONSENT, NOTES, PAGE, ROWS, TEXT, WORK, add_exemplar, notes
from tests.freshness.site import build, served
from tests.sites import KIT, TINY, TODAY, Break, Source, check, copy

#: One sentence for each way in which words of the picture reach a page.
ALT = "Seventeen purple lanterns drawn in a spiral"
CAPTION = "Student Q circles the lanterns by sevens"
NOTE = "Counts every purple lantern on the upper deck"
FIGURE = "A beech leaf beside the lanterns of the ferry"
INLINE = "The lanterns once more and very small"
OF_WORK = (ALT, CAPTION, NOTE, FIGURE, INLINE)
OF_CLIP = ("So it is fifty and thirty-five", "A talk on 49 + 36", "and nobody helps", "A first way")
STAYS = ("Student A: move one over", "Who can say it in other words", "the student page")

#: Every other way to show the same picture: each must be emptied too.
MORE = f"""
:::{{figure}} work.png
:name: leaf
:alt: {FIGURE}.
{CAPTION} once more.
:::

See ![{INLINE}.](work.png) here, take [the student page](work.png) along, or
{{download}}`this <work.png>`.
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The exemplar with the picture in every way; a page elsewhere shows it too."""
    source = copy(TINY, tmp_path_factory.mktemp("consent") / "source")
    add_exemplar(source)
    text = TEXT.replace("Student A's page. Two boxes, one above the other, and an arrow.", ALT)
    text = text.replace("Student A moves one seat.", CAPTION)
    source.write(PAGE, text.replace("### The talk", f"{MORE}\n### The talk"))
    parts = [(NOTE, "xywh=percent:10,10,30,20"), ("An arrow.", "xywh=percent:60,20,20,40")]
    source.write(NOTES, notes(parts))
    source.append("protocols/index.md", f"\n![{ALT}](../{WORK})\n")
    source.append("glossary/index.md", "\nSee {ref}`the leaf <leaf>`.\n")
    return source


class State(NamedTuple):
    """A row for the picture and one for the clip, and what a page says in their place."""

    picture: str
    clip: str
    edition: str
    said: str
    #: What is shown all the same.
    shown: tuple[str, ...] = ()


PUBLIC, STAFF = "public,2030-08-01,2031-07-31,", "staff,2030-08-01,2031-07-31,"
STATES = {
    "staff only": State(STAFF, PUBLIC, "public", "not in this edition", OF_CLIP),
    "ended": State("public,2030-08-01,2030-10-14,", PUBLIC, "staff", "not shown any more", OF_CLIP),
    "early": State("public,2030-10-16,2031-07-31,", "", "staff", "not shown yet"),
    "withdrawn": State(
        PUBLIC, "public,2030-08-01,2031-07-31,2030-10-01", "staff", "not shown any more", OF_WORK
    ),
    "no row": State("", STAFF, "staff", "not shown yet", OF_CLIP),
    "all valid": State(STAFF, PUBLIC, "staff", "", (*OF_WORK, *OF_CLIP)),
}


def table(picture: str, clip: str) -> str:
    rows = [(WORK, "student work", picture), ("exemplars/ferry/talk.webm", "clip", clip)]
    said = [f"{media},{kind},F-1,{row}\n" for media, kind, row in rows if row]
    return ROWS.partition("\n")[0] + "\n" + "".join(said)


def words(data: bytes) -> str:
    """The words of a file, those in attributes too."""
    return " ".join(re.findall(r"\w+", unescape(data.decode("utf-8", "ignore"))))


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_nothing_of_it_reaches_the_site(state: State, made: Source, tmp_path: Path) -> None:
    source = copy(made.root, tmp_path / "source")
    source.write(CONSENT, table(state.picture, state.clip))
    settings = {"manual_today": TODAY, "manual_edition": state.edition, "manual_once": "1"}

    said = build(source.root, KIT, tmp_path / "out", tmp_path / "trees", settings)

    files = served(tmp_path / "out")
    texts = {name: words(data) for name, data in files.items()}
    for sentence in (*OF_WORK, *OF_CLIP):
        plain = " ".join(re.findall(r"\w+", sentence))
        where = [name for name, text in texts.items() if plain in text]
        assert bool(where) == (sentence in state.shown), (sentence, where)
    media = {
        stem: [n for n in files if re.match(rf"_(images|media|downloads)/.*\b{stem}\b", n)]
        for stem in ("work", "talk")
    }
    assert bool(media["work"]) == (OF_WORK[0] in state.shown), media
    assert bool(media["talk"]) == (OF_CLIP[0] in state.shown), media
    page = files["exemplars/ferry/index.html"].decode()
    assert all(stays in page for stays in STAYS)
    assert bool(state.said) == ('class="withheld' in page)
    assert state.said in page
    kinds = {found["kind"] for found in said["findings"]}
    assert kinds == ({"media-withheld"} if state.said else set()), said["findings"]
    assert all(found["severity"] == "warning" for found in said["findings"])


def test_quotes_of_a_clip_leave_with_it(made: Source, tmp_path: Path) -> None:
    """Also when its files are gone and nobody knows any more which quotes were its."""
    source = copy(made.root, tmp_path / "source")
    source.write(CONSENT, table(PUBLIC, "public,2030-08-01,2031-07-31,2030-10-01"))
    settings = {"manual_today": TODAY, "manual_once": "1"}
    out, trees = tmp_path / "out", tmp_path / "trees"

    assert not build(source.root, KIT, out, trees, settings)["stopped"]
    page = (out / "exemplars/ferry/index.html").read_text(encoding="utf-8")
    assert "I moved one over" not in page
    assert "A ferry has 49 seats below" in page

    for path in (source.root / "exemplars" / "ferry").glob("talk.*"):
        path.unlink()
    shutil.rmtree(trees)
    found = build(source.root, KIT, out, trees, settings)["findings"]
    page = (out / "exemplars/ferry/index.html").read_text(encoding="utf-8")
    assert "I moved one over" not in page
    assert {each["kind"] for each in found} == {"media-withheld"}


# ------------------------------------------------------------------------------ what is told


class Row(NamedTuple):
    """A way to spoil, the finding's kind, its file, and words of it."""

    spoil: Break
    kind: str
    file: str
    words: str


def swap(old: str, new: str, file: str = CONSENT) -> Break:
    return lambda source: source.replace(file, old, new)


FAULTS = {
    "a name for a reference": Row(
        swap("F-12", "Zyx Quillon"), "consent-name", CONSENT, "a person's name"
    ),
    "no reference": Row(swap("F-12", ""), "consent-reference", CONSENT, "Row 2 has no consent"),
    "no last day": Row(
        swap("F-12,public,2030-08-01,2031-07-31", "F-12,public,2030-08-01,"),
        "consent-ends",
        CONSENT,
        "consent for student work has no last day",
    ),
    "ends before it starts": Row(
        swap("F-12,public,2030-08-01,2031", "F-12,public,2031-08-01,2031"),
        "consent-ends",
        CONSENT,
        "ends before it starts",
    ),
    "two rows": Row(
        lambda source: source.append(CONSENT, ROWS.split("\n")[1] + "\n"),
        "consent-twice",
        CONSENT,
        "as row 2 of consent.csv is",
    ),
    "a file that is not there": Row(
        lambda source: source.append(
            CONSENT, ROWS.split("\n")[1].replace("work.png", "wrok.png") + "\n"
        ),
        "consent-media",
        CONSENT,
        "is no file of this manual",
    ),
    "a scope nobody knows": Row(
        swap("F-12,public", "F-12,all"), "table-choice", CONSENT, "'all' is not one of"
    ),
    "a kind nobody knows": Row(
        swap("student work", "painting"), "table-choice", CONSENT, "'painting'"
    ),
    "a day that is none": Row(
        swap("F-12,public,2030-08-01", "F-12,public,2030-02-30"),
        "table-date",
        CONSENT,
        "not a day of the calendar",
    ),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Source:
    source = copy(TINY, tmp_path_factory.mktemp("plain") / "source")
    add_exemplar(source)
    return source


@pytest.mark.parametrize("row", FAULTS.values(), ids=FAULTS)
def test_each_fault_of_the_table_is_told(row: Row, plain: Source, tmp_path: Path) -> None:
    source = copy(plain.root, tmp_path / "source")
    row.spoil(source)

    said = check(source)

    found = [each for each in said.findings if each["kind"] != "media-withheld"]
    assert [(each["kind"], each["file"]) for each in found] == [(row.kind, row.file)], said.out
    assert row.words in found[0]["message"]
    assert found[0]["line"] >= 2
    assert found[0]["fix"]
    assert said.code == 1


def test_who_is_told_and_what_to_do(plain: Source, tmp_path: Path) -> None:
    source = copy(plain.root, tmp_path / "source")
    source.replace(
        CONSENT, "F-12,public,2030-08-01,2031-07-31", "F-12,public,2030-08-01,2030-10-14"
    )
    said = check(source)
    assert said.code == 0
    (found,) = said.findings
    assert found["kind"] == "media-withheld"
    assert found["severity"] == "warning"
    assert (found["file"], found["line"]) == (PAGE, source.line(PAGE, ":::{annotated-image}"))
    assert "had consent until 14 Oct 2030" in found["message"]
    assert "Owner: " in found["message"]
    assert "change row 2 of consent.csv" in found["fix"]


def test_a_file_that_an_exemplar_may_not_show_is_shown_nowhere(
    plain: Source, tmp_path: Path
) -> None:
    """A picture outside the exemplars' folder, on an exemplar's page and on another."""
    source = copy(plain.root, tmp_path / "source")
    shutil.copyfile(source.root / WORK, source.root / "protocols" / "board.png")
    source.append(PAGE, "\n![A board.](../../protocols/board.png)\n")
    source.append("protocols/index.md", "\n![A board.](board.png)\n")
    said = check(source)
    assert said.code == 1
    kinds = {(each["kind"], each["file"]) for each in said.findings}
    assert kinds == {
        ("media-withheld", PAGE),
        ("consent-elsewhere", "protocols/index.md"),
    }


def test_leaders_see_what_ends_soon_and_what_is_not_shown(plain: Source, tmp_path: Path) -> None:
    source = copy(plain.root, tmp_path / "source")
    source.append("progress/index.md", "\n:::{consents}\n:::\n\n:::{gaps}\n:::\n")
    rows = {
        "F-12,public,2030-08-01,2031-07-31": "F-12,public,2030-08-01,2030-11-14",
        "F-13,public,2030-08-01,2031-07-31": "F-13,public,2030-08-01,2030-10-01",
    }
    for old, new in rows.items():
        source.replace(CONSENT, old, new)
    settings = {"manual_today": TODAY, "manual_once": "1"}
    build(source.root, KIT, tmp_path / "out", tmp_path / "trees", settings)

    page = (tmp_path / "out" / "progress" / "index.html").read_text(encoding="utf-8")
    listed = re.findall(r'(?s)<table class="matrix consents-table">.*?</table>', page)
    assert len(listed) == 2
    assert "work.png" in listed[0]
    assert "30 days left" in listed[0]
    assert "F-12" in listed[0]
    assert "had consent until 1 Oct 2030" in listed[1]
    assert "talk" not in listed[1]
    gaps = (tmp_path / "out" / "data" / "gaps.csv").read_text(encoding="utf-8")
    assert "EX_FERRY" in gaps
    assert "consent ends on 14 Nov 2030" in gaps
    assert "not shown: had consent until 1 Oct 2030" in gaps
