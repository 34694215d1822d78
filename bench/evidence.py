"""What was seen in the classrooms of the synthetic district."""

from __future__ import annotations

from datetime import date
from random import Random

from bench.district import District, School
from bench.words import Words

ROWS = 12
KINDS = ("walkthrough", "look-for", "student-work", "student-voice")


def seen_at(district: District, school: School) -> list[tuple[str, ...]]:
    """Rows of evidence from a school: date, action, objective, school, kind, words, role.

    Drawn apart from the records, so that these are the same with and without it. One school in
    eight has none; in the others a third of the objectives are left out, and one row in nine names
    an objective in place of an action.
    """
    words = Words(Random(school.record.id))
    random = words.random
    if random.randrange(8) == 0:
        return []
    seen = {item.id for item in district.objectives if random.random() < 0.66}
    of = {result.id: key for key, results in district.key_results.items() for result in results}
    actions = [each.id for each in school.actions if of[each.options["advances"]] in seen]
    rows = []
    for _ in range(ROWS):
        named = not actions or random.random() < 0.11
        rows.append(
            (
                words.day(date(2026, 9, 8), 74),
                "" if named else words.one(actions),
                words.one(district.objectives).id if named else "",
                "",
                words.one(KINDS),
                words.sentence(),
                words.one(district.roles).id,
            )
        )
    return sorted(rows)
