"""Consent: after a day has passed, or a row has changed, all is as in a clean build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.exemplars import CONSENT, PAGE, ROWS, WORK, add_exemplar
from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import district
from tests.freshness.test_edits import (
    Case,
    add,
    assert_each_fresh,
    case,
    old_time,
    remove,
    setting,
    swap,
    there_and_back,
    write,
)

HEAD, PICTURE, CLIP = (f"{line}\n" for line in ROWS.splitlines())
CAPTIONS = "exemplars/ferry/talk.captions.vtt"
TODAY = "manual_today"
LIST = "progress/index.md"

EDITS = [
    case(
        "a day passes, and another",
        add(LIST, "\n:::{consents}\n:::\n"),
        setting(TODAY, "2031-07-01"),
        setting(TODAY, "2031-08-01"),
        setting(TODAY, "2030-10-15"),
    ),
    case(
        "the other edition and back",
        setting("manual_edition", "public"),
        setting("manual_edition", "staff"),
    ),
    case(
        "a row for staff",
        swap(CONSENT, "F-12,public", "F-12,staff"),
        setting("manual_edition", "public"),
    ),
    case(
        "a row ends",
        old_time(
            CONSENT, swap(CONSENT, "F-13,public,2030-08-01,2031", "F-13,public,2030-08-01,2030")
        ),
    ),
    there_and_back(
        "a row is withdrawn", write(CONSENT, HEAD + PICTURE[:-1] + "2030-10-01\n" + CLIP)
    ),
    there_and_back("a row is removed", write(CONSENT, HEAD + CLIP)),
    there_and_back("the table is removed", remove(CONSENT)),
    there_and_back("the table is broken", swap(CONSENT, "F-12,public", "F-12,all")),
    case(
        "withdrawn, then its words change, then its files go",
        write(CONSENT, HEAD + PICTURE + CLIP[:-1] + "2030-10-01\n"),
        swap(CAPTIONS, "I moved one over", "I moved two over"),
        remove(CAPTIONS),
        remove("exemplars/ferry/talk.webm"),
    ),
    case(
        "a row for a picture elsewhere",
        write(
            CONSENT, f"{ROWS}guide/pictures/boat.png,photograph,F-14,staff,2030-08-01,2031-07-31,\n"
        ),
        setting("manual_edition", "public"),
        write(CONSENT, ROWS),
    ),
    case(
        "withdrawn and taken off the page",
        write(CONSENT, HEAD + CLIP),
        swap(PAGE, ":::{annotated-image} work.png", ":::{note}"),
        remove(WORK),
    ),
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with the exemplar and its first build."""
    folder = tmp_path_factory.mktemp("consent")
    made = district(folder)
    add_exemplar(made)
    first = made.built()
    assert first.findings == ()
    return keep_as_built(folder)


@pytest.mark.parametrize("edits", [pytest.param(each, id=each.name) for each in EDITS])
def test_build_after_an_edit_equals_a_clean_one(edits: Case, kept: Path) -> None:
    assert_each_fresh(edits, as_built(kept))
