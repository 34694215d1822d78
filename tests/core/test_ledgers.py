"""Ledgers: rows about records, each fault at its row and column."""

from __future__ import annotations

import pytest

from living_manual.core.ledgers import LEDGERS, check_ledgers, read_ledger
from tests.build_manual import SOUND, manual

HEAD = ",".join(column.name for column in LEDGERS["readings.csv"].columns)


def readings(*rows: str) -> str:
    return "\n".join((HEAD, *rows)) + "\n"


def test_a_reading_says_what_where_and_when() -> None:
    read, found = read_ledger(
        "readings.csv", readings("KR_TALK,SCH_OAK,2026-11-05,61.5,Two classes were away"), "a.csv"
    )
    assert found == ()
    (entry,) = read
    assert (entry.file, entry.line) == ("a.csv", 2)
    assert (entry.ids("key_result"), entry.ids("at")) == (("KR_TALK",), ("SCH_OAK",))
    assert (str(entry.day("date")), entry.get("value")) == ("2026-11-05", "61.5")
    assert entry.get("note") == "Two classes were away"


@pytest.mark.parametrize(
    ("row", "kind", "column"),
    [
        (",,2026-11-05,61.5,", "table-row", "key_result"),
        ("KR_TALK,,5 November,61.5,", "table-date", "date"),
        ("KR_TALK,,2026-11-05,61%,", "table-number", "value"),
        ("KR_TALK,,2026-11-05,1e9,", "table-number", "value"),
        ("kr talk,,2026-11-05,61,", "invalid-value", "key_result"),
    ],
)
def test_a_fault_in_a_row_gives_no_rows(row: str, kind: str, column: str) -> None:
    read, found = read_ledger("readings.csv", readings("KR_TALK,,2026-11-05,61,", row), "a.csv")
    assert read == ()
    assert [(each.kind, each.line, each.column) for each in found] == [(kind, 3, column)]


@pytest.mark.parametrize("value", ["-3", "0", "61.5", "123456789"])
def test_a_reading_may_be_any_number(value: str) -> None:
    read, found = read_ledger("readings.csv", readings(f"KR_TALK,,2026-11-05,{value},"), "a.csv")
    assert found == ()
    assert read[0].get("value") == value


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("KR_GONE,,2026-11-05,61,", ("link-missing-target", "key_result", "no record")),
        ("OBJ_TALK,,2026-11-05,61,", ("link-wrong-type", "key_result", "not a key result")),
        ("KR_TALK,ROLE_LEAD,2026-11-05,61,", ("link-wrong-type", "at", "not a school")),
    ],
)
def test_an_id_in_a_ledger_must_be_a_record_of_its_type(
    row: str, said: tuple[str, str, str]
) -> None:
    text = readings("KR_TALK,SCH_OAK,2026-11-05,61,", row)
    (found,) = check_ledgers(manual(*SOUND, ledgers={"readings.csv": text}))
    kind, column, words = said
    assert (found.kind, found.line, found.column) == (kind, 3, column)
    assert words in found.message
