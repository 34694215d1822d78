"""Names of people, e-mail addresses and telephone numbers, found at their line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.language import allowed_words, people_in
from living_manual.core.people_names import FAMILY_NAMES, NAMES, NAMES_AND_WORDS


def said(text: str, *allowed: str) -> list[str]:
    """The words that are found, in order."""
    return [found.message.split("'")[1] for found in people_in(text, "page.md", allowed)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Maria found 3/4.", ["Maria"]),
        ("Ask José, or Renée’s partner.", ["José", "Renée"]),
        ("Anne-Marie and O’Brien", ["Anne-Marie", "O’Brien"]),
        ("Student work from McDonald", ["McDonald"]),
        ("Write to Aisha Khan today.", ["Aisha Khan"]),
        ('*"I added,"* said Priya.', ["Priya"]),
        (":evidence: a log that Grace Kim keeps", ["Grace Kim"]),
        ("Ms. Tree, Mr Stone and Dr Hill", ["Ms. Tree", "Mr Stone", "Dr Hill"]),
        ("before Principal Waters visits", ["Principal Waters"]),
        ("ACT_OAK_01,Number talks,Wei leads them", ["Wei"]),
        ("the Garcia family", ["Garcia"]),
    ],
    ids=[
        "given name",
        "accents and possessive",
        "double names",
        "Scottish family name",
        "both names at once",
        "who said it",
        "a word that is a name beside another",
        "forms of address",
        "a role as a title",
        "in a table",
        "family name",
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert said(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "Grace and patience help. Mark the place. Will it hold? May we? Rich task.",
        "On 15 Jan 2027, in April and in May, at Summer School.",
        "(Darling-Hammond et al., 2009) and (Lopez and Kim, 2012)",
        "Katy ISD, Texas; Jefferson County, Colorado; Huron-Perth Catholic DSB, Ontario",
        "Kennedy Elementary, Garcia Middle School, Victoria Park",
        "Student A. The next student, Student B, and Group C.",
        "{need}`Work <PRO_MARIA_WORK>` and [a page](../people/maria.md)",
        "https://example.org/Maria and #Maria",
        "Mark Student work. May Monday be free.",
        "We ask the principal. Coach and teacher plan together.",
        "2026-11-20, 3-4-5, 125 250 1000, 20.27 = 5 + 2.5 + 12.77, 301-298",
    ],
    ids=[
        "words",
        "months and seasons",
        "cited authors",
        "places",
        "institutions",
        "letters for students",
        "ids and addresses of links",
        "addresses",
        "capitals that begin no family name",
        "roles",
        "numbers",
    ],
)
def test_what_names_nobody_is_left_alone(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to first.last@schools.example for help.", "email-address"),
        ("[mail](mailto:office@alder.example)", "email-address"),
        ("Call 416-555-0123.", "phone-number"),
        ("(416) 555-0123", "phone-number"),
        ("+1 416.555.0123", "phone-number"),
        ("+44 20 7946 0958", "phone-number"),
        ("tel: 555 0123", "phone-number"),
    ],
)
def test_ways_to_reach_somebody_are_found(text: str, kind: str) -> None:
    assert [found.kind for found in people_in(text, "page.md")] == [kind]


def test_a_district_says_what_is_no_name() -> None:
    allowed = allowed_words("Maria,  O’Brien Hall , office@alder.example,")
    assert allowed == ("Maria", "O’Brien Hall", "office@alder.example")
    assert said("maria MARIA Maria; Nancy; office@alder.example", *allowed) == ["Nancy"]


def test_each_finding_says_where_and_what_to_do() -> None:
    first, second = people_in("# Work\n\nBy Maria.\nCall 416-555-0123", "exemplars/a.md")
    assert (first.place, first.kind) == ("exemplars/a.md:3", "person-name")
    assert "`not_names`" in first.fix
    assert second.place == "exemplars/a.md:4"


@given(
    st.sampled_from(sorted(NAMES | FAMILY_NAMES)),
    st.lists(st.sampled_from(["Students share.", "", "| a | b |", "- 3/4"]), max_size=5),
    st.sampled_from(["{} solved it.", "It was {}.", "| 3 | {} |", "“{},” we said", "({})"]),
)
def test_every_listed_name_is_found_at_its_line(name: str, before: list[str], form: str) -> None:
    (found,) = people_in("\n".join([*before, form.format(name)]), "page.md")
    assert found.line == len(before) + 1
    assert name in found.message


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for found in people_in(text, "page.md"):
        assert 1 <= (found.line or 0) <= text.count("\n") + 1


def test_names_are_written_as_they_are_looked_up() -> None:
    assert not NAMES & NAMES_AND_WORDS
    assert not FAMILY_NAMES & NAMES_AND_WORDS
    for name in NAMES | FAMILY_NAMES | NAMES_AND_WORDS:
        assert name.isascii()
        assert name.istitle()
