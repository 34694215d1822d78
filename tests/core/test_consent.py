"""When a picture or clip may be shown: exactly on the days that the row says, in its edition."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.consent import (
    Consent,
    Consents,
    Standing,
    ending_soon,
    family,
    name_in,
    path_fault,
)
from living_manual.core.edition import EDITIONS, PUBLIC, STAFF
from living_manual.core.withdrawal import marked, own_sentences, page_words

DAY = date(2026, 11, 21)
ONE = timedelta(days=1)
WORK = "exemplars/tide/work.png"


def row(
    scope: str = PUBLIC,
    starts: date | None = DAY - 5 * ONE,
    ends: date | None = DAY + 5 * ONE,
    withdrawn: date | None = None,
    media: str = WORK,
) -> Consent:
    reference = "C-2026-014"
    return Consent(
        media, "student work", reference, scope, starts, ends, withdrawn, "consent.csv", 2
    )


CASES = {
    "within its days": (row(), STAFF, Standing.VALID),
    "on its first day": (row(starts=DAY), STAFF, Standing.VALID),
    "the day before its first": (row(starts=DAY + ONE), STAFF, Standing.EARLY),
    "on its last day": (row(ends=DAY), STAFF, Standing.VALID),
    "the day after its last": (row(ends=DAY - ONE), STAFF, Standing.ENDED),
    "without a last day": (row(ends=None), PUBLIC, Standing.VALID),
    "without a first day": (row(starts=None), STAFF, Standing.EARLY),
    "for staff, in the staff edition": (row(STAFF), STAFF, Standing.VALID),
    "for staff, in the public edition": (row(STAFF), PUBLIC, Standing.STAFF_ONLY),
    "for staff, and ended": (row(STAFF, ends=DAY - ONE), PUBLIC, Standing.ENDED),
    "withdrawn today": (row(withdrawn=DAY), STAFF, Standing.WITHDRAWN),
    "withdrawn on a day to come": (row(withdrawn=DAY + 9 * ONE), STAFF, Standing.WITHDRAWN),
    "withdrawn, and ended": (row(ends=DAY - ONE, withdrawn=DAY), STAFF, Standing.WITHDRAWN),
}


@pytest.mark.parametrize(("one", "edition", "standing"), CASES.values(), ids=CASES)
def test_what_a_row_allows(one: Consent, edition: str, standing: Standing) -> None:
    assert one.standing(edition, DAY) is standing
    assert Consents((one,), edition, DAY).standing(WORK) is standing


DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@given(DAYS, DAYS, DAYS, st.sampled_from(EDITIONS), st.sampled_from(EDITIONS))
def test_is_valid_exactly_on_its_days_and_public_covers_staff(
    starts: date, ends: date, day: date, scope: str, edition: str
) -> None:
    one = row(scope, starts, ends)
    allowed = one.standing(edition, day).shown
    assert allowed == (starts <= day <= ends and (scope == PUBLIC or edition == STAFF))
    if one.standing(PUBLIC, day).shown:
        assert one.standing(STAFF, day).shown
    assert not row(scope, starts, ends, withdrawn=day).standing(edition, day).shown


@given(DAYS, st.none() | DAYS, DAYS, st.integers(0, 90))
def test_ends_soon_when_it_holds_and_few_days_are_left(
    starts: date, ends: date | None, day: date, within: int
) -> None:
    one = row(starts=starts, ends=ends)
    soon = one in ending_soon((one,), day, within)
    assert soon == (ends is not None and starts <= day <= ends and (ends - day).days <= within)


CLIP = "exemplars/tide/talk.webm"
ALIKE = [CLIP, *(CLIP.replace(".webm", end) for end in (".mp4", ".poster.png", ".captions.vtt"))]


@pytest.mark.parametrize("file", ALIKE)
def test_a_row_of_a_clip_is_for_all_its_files(file: str) -> None:
    for named in ALIKE:
        assert Consents((row(media=named),), STAFF, DAY).standing(file) is Standing.VALID
    assert family(file) == family(CLIP)
    assert family(file) != family("exemplars/tide/talk.png")


def test_every_row_of_a_clip_must_hold() -> None:
    rows = (row(media=ALIKE[0]), row(media=ALIKE[1], withdrawn=DAY))
    assert Consents(rows, STAFF, DAY).standing(ALIKE[2]) is Standing.WITHDRAWN


NEEDS = {
    "a picture among exemplars": (WORK, False, Standing.NONE),
    "a picture elsewhere": ("protocols/board.jpg", False, Standing.FREE),
    "a picture elsewhere, on an exemplar": ("protocols/board.jpg", True, Standing.NONE),
    "a sound on an exemplar": ("sounds/talk.mp3", True, Standing.NONE),
    "a worksheet on an exemplar": ("exemplars/tide/sheet.docx", True, Standing.FREE),
}


@pytest.mark.parametrize(("file", "on_exemplar", "standing"), NEEDS.values(), ids=NEEDS)
def test_what_needs_a_row(file: str, on_exemplar: bool, standing: Standing) -> None:
    assert Consents((), STAFF, DAY).standing(file, on_exemplar=on_exemplar) is standing


NAMES = {
    "C-2026-014": "",
    "2026/31 F": "",
    "C-2026-014; C-2026-015": "",
    "file 12, cabinet B": "",
    "Maria": "Maria",
    "C-2026 maria": "maria",
    "Tremblay 2026": "Tremblay",
    "Zyx Quillon": "Zyx Quillon",
    "Grace": "Grace",
}


@pytest.mark.parametrize(("reference", "named"), NAMES.items())
def test_a_reference_is_no_name(reference: str, named: str) -> None:
    assert name_in(reference) == named
    assert not named or name_in(reference, named.split()) == ""


@pytest.mark.parametrize("media", ["/x/work.png", "..\\work.png", "a/../b.png", "C:/w.png", "a//b"])
def test_a_path_that_leads_elsewhere_is_told(media: str) -> None:
    assert path_fault(media)
    assert not path_fault(WORK)


# ------------------------------------------------------------------------------ withdrawing

HEAD = "media,kind,consent,scope,starts,ends,withdrawn\n"
MINE = f"{WORK},student work,C-1,public,2026-01-01,2027-01-01,\n"
OTHER = 'b.png,clip,"C-2, and ""3""",staff,2026-01-01,2027-01-01,\n'
TABLES = {
    "its row": (HEAD + OTHER + MINE, HEAD + OTHER + MINE[:-1] + "2026-11-21\n"),
    "line ends of Windows": (
        (HEAD + MINE + OTHER).replace("\n", "\r\n"),
        (HEAD + MINE[:-1] + "2026-11-21\n" + OTHER).replace("\n", "\r\n"),
    ),
    "withdrawn before": (HEAD + MINE[:-1] + "2026-02-02\n", HEAD + MINE[:-1] + "2026-02-02\n"),
    "no row": (
        HEAD + OTHER.rstrip("\n"),
        f"{HEAD}{OTHER}{WORK},student work,,staff,2026-11-21,,2026-11-21\n",
    ),
    "no table": (None, f"{HEAD}{WORK},student work,,staff,2026-11-21,,2026-11-21\n"),
    "columns in another order": (
        "withdrawn,media,kind,consent,scope,ends,starts\n"
        + f",{WORK},clip,C-1,staff,,2026-01-01\n",
        "withdrawn,media,kind,consent,scope,ends,starts\n"
        f"2026-11-21,{WORK},clip,C-1,staff,,2026-01-01\n",
    ),
}


@pytest.mark.parametrize(("before", "after"), TABLES.values(), ids=TABLES)
def test_the_row_is_marked_and_nothing_else(before: str | None, after: str) -> None:
    assert marked(before, WORK, DAY, "student work") == after
    assert marked(after, WORK, DAY + ONE, "student work") == after


def test_words_of_a_picture_are_told_from_the_pages_own() -> None:
    page = """\
# The tide

The students wait for the tide to turn.

:::{annotated-image} work.png
:alt: Nine blue boats in a row. How do you know?
The boats are counted by threes.
:::

> "Nine blue boats in a row!"

And ![one more blue boat here](work.png "t") waits. The boats are counted by threes, he wrote.
"""
    other = "# Talk\n\nAsk: how do you know?\n"
    said = page_words({"exemplars/tide/index.md": page, "talk.md": other}, WORK)
    own = own_sentences(said.of_media, said.own)
    assert {each.strip() for each in own.sentences} == {
        "nine blue boats in a row",
        "one more blue boat here",
    }
    assert said.shown_by == ("exemplars/tide/index.md",)
    assert {(each.strip(), at.file, at.line) for each, at in own.repeated} == {
        ("how do you know", "talk.md", 3),
        ("the boats are counted by threes", "exemplars/tide/index.md", 12),
    }
