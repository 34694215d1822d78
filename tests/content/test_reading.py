"""Pages for teachers read at or below US grade 10, and the measure means what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.content.reading import HIGHEST, grade, measured, prose, syllables, told


def test_no_page_for_teachers_is_harder_than_grade_10(published_site: Path) -> None:
    found = measured(published_site)

    assert len(found) > 100
    assert {"index", "onboarding/teacher", "glossary/fluency"} < {one.page for one in found}
    assert found[0].grade <= HIGHEST, told([one for one in found if one.grade > HIGHEST])


@pytest.mark.parametrize(
    ("html", "counted"),
    [
        ("<p>Students share.</p>", ["Students share."]),
        ("<h2>What it is not.</h2><p>Not a race.</p>", ["Not a race."]),
        ("<ul><li>short label</li><li><p>They say why.</p></li></ul>", ["They say why."]),
        (
            "<li>a task, a lesson or a unit plan in draft</li>",
            ["a task, a lesson or a unit plan in draft."],
        ),
        ("<p>Ask them:</p>", ["Ask them."]),
        ("<td>Say “Where?”</td><td>45</td>", ["Say “Where?"]),
        ('<p class="step-cue">In silence, all of you, for now.</p>', []),
        ("<div data-pagefind-ignore><p>Lists of the kit.</p></div>", []),
        (
            '<article class="record-card" data-pagefind-ignore><p>A card.</p></article>',
            ["A card."],
        ),
        ("<p>Run <code>manual check</code> now.</p>", ["Run now."]),
    ],
    ids=[
        "paragraph",
        "heading",
        "label",
        "long fragment",
        "lead-in",
        "table",
        "cue",
        "computed",
        "card",
        "code",
    ],
)
def test_what_counts(html: str, counted: list[str]) -> None:
    assert prose(f"<nav><p>Not this.</p></nav><main>{html}</main>") == counted


@pytest.mark.parametrize(
    ("word", "count"),
    [("why", 1), ("student", 2), ("Mathematics", 4), ("don't", 1), ("don’t", 1), ("36", 1)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_grades_of_known_texts() -> None:
    """By hand: 0.39 x words a sentence + 11.8 x syllables a word - 15.59."""
    assert grade(["The cat sat on the mat."]) == pytest.approx(0.39 * 6 + 11.8 * 1 - 15.59)
    easy = grade(["Students try. They say why it works. We wait for them."])
    hard = grade(
        [
            "Institutional coherence necessitates systematic instructional differentiation, "
            "notwithstanding organizational considerations regarding implementation."
        ]
    )
    assert easy < 3
    assert hard > 20


def test_numbers_end_no_sentence() -> None:
    assert grade(["It took 2.5 hours of the long day."]) == grade(
        ["It took 25 hours of the long day."]
    )
