"""Manuals for tests from terse data, on the kit's real model.

`rec("ACT_OAK_1", at="SCH_OAK", advances="KR_TALK", due="2026-12-01")` is a record: its type follows
from the id, a name that `ubproject.toml` declares as a link is one (ids separated by blanks), any
other name is a field. `manual(rec(...), ...)` puts records together; `SOUND` is a small district in
which no rule finds anything, and `but` is `SOUND` with one thing changed, so that a test shows
exactly what it breaks.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from living_manual.core.forms import FORMS, Place
from living_manual.core.ledgers import read_ledger
from living_manual.core.model import Manual, Model, Record, Ref, read_model
from living_manual.core.path import PathPage
from living_manual.core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
NEEDS: dict[str, Any] = tomllib.loads((ROOT / "ubproject.toml").read_text(encoding="utf-8"))[
    "needs"
]
MODEL: Model = read_model(NEEDS)
#: The day that every test's manual is read on, unless it says another.
TODAY = date(2026, 11, 21)

_OWN = {field.name for field in fields(Record)}


def type_of(record_id: str) -> str:
    """The type whose prefix an id starts with."""
    return next(t.name for t in MODEL.types.values() if record_id.startswith(t.prefix))


def rec(record_id: str, **said: Any) -> Record:
    """A record: links as ids separated by blanks, the rest as fields or the record's own parts."""
    own = {name: said.pop(name) for name in list(said) if name in _OWN}
    type_name = own.pop("type", None) or type_of(record_id)
    page = own.pop("page", f"pages/{record_id.lower()}")
    return Record(
        id=record_id,
        type=type_name,
        title=own.pop("title", record_id.split("_", 1)[-1].replace("_", " ").capitalize()),
        page=page,
        file=own.pop("file", f"{page}.md"),
        line=own.pop("line", 1),
        links={name: tuple(v.split()) for name, v in said.items() if name in MODEL.links},
        fields={name: value for name, value in said.items() if name not in MODEL.links},
        **own,
    )


def whole(record_id: str, **said: Any) -> Record:
    """An entry with a page of its own and no empty part but for links; what is said stands."""
    kind = said.get("kind", "")
    form = [
        part
        for part in FORMS[type_of(record_id)]
        if not part.welcome and (not part.kinds or kind in part.kinds)
    ]
    parts = {part.takes[0]: True for part in form if part.place is Place.HEADING}
    options: dict[str, str | None] = {
        name: None if name in MODEL.links else "5"
        for name in (part.takes[0] for part in form if part.place is Place.OPTION)
    }
    given = {"lead": True, "text": "One sentence.", "parts": parts, **options, **said}
    return rec(record_id, **{name: value for name, value in given.items() if value is not None})


def manual(
    *records: Record,
    today: date = TODAY,
    paths: tuple[PathPage, ...] | None = None,
    ledgers: Mapping[str, str] | None = None,
    **settings: Any,
) -> Manual:
    """A manual of these records, with a district's settings by name.

    Unless a test says otherwise there is one path, without steps, for all roles. `ledgers` are the
    texts of ledgers by their names; they must be sound.
    """
    if paths is None:
        roles = tuple(record.id for record in records if record.type == "role")
        page = PathPage(Ref("", "page", "New here", "onboarding"), 3, roles, "", (), ())
        paths = (page,) if roles else ()
    rows = {}
    for name, text in (ledgers or {}).items():
        rows[name], found = read_ledger(name, text, f"progress/{name}")
        assert not found, found
    return Manual.of(records, MODEL, Settings(**settings), today, paths=paths, ledgers=rows)


#: Two schools and two objectives, each objective with two key results, all of it whole.
SOUND: tuple[Record, ...] = (
    rec("VIS_MATHS", title="Every student reasons", owner="ROLE_LEAD"),
    rec("STAGE_VISION"),
    rec("STD_ARGUE"),
    rec("SUB_COACHING"),
    rec("ROLE_LEAD", title="Mathematics lead", status="filled"),
    rec("ROLE_COACH", title="Coach", status="filled"),
    rec("SCH_OAK", title="Oak Elementary", short="Oak", level="elementary", owner="ROLE_LEAD"),
    rec("SCH_ELM", title="Elm Middle", level="middle", owner="ROLE_LEAD"),
    rec("OBJ_TALK", title="Students talk", short="Talk", realises="VIS_MATHS", owner="ROLE_LEAD"),
    rec("OBJ_TASKS", title="Rich tasks", realises="VIS_MATHS", owner="ROLE_LEAD"),
    rec("KR_TALK", measures="OBJ_TALK", measure="student-experience", owner="ROLE_LEAD"),
    rec("KR_TALK_PLANS", measures="OBJ_TALK", measure="implementation", owner="ROLE_LEAD"),
    rec("KR_TASKS", measures="OBJ_TASKS", measure="student-outcome", owner="ROLE_LEAD"),
    rec("KR_TASKS_WEEKLY", measures="OBJ_TASKS", measure="teacher-practice", owner="ROLE_LEAD"),
    whole("TERM_TALK", title="Number talk", owner="ROLE_COACH", aligns_with="STD_ARGUE"),
    whole("PRO_VISIT", title="Visit", strengthens="SUB_COACHING", develops="TERM_TALK", minutes=45),
    rec("SES_FALL", title="Fall session", serves="OBJ_TALK", runs="PRO_VISIT", date="2026-10-09"),
    rec("ASM_FALL", informs="KR_TALK", analysed_in="SES_FALL", date="2026-10-02"),
    *(
        rec(
            f"ACT_{school}_{aim}",
            at=f"SCH_{school}",
            advances=target,
            led_by="ROLE_LEAD",
            backed_up_by="ROLE_COACH",
            uses="PRO_VISIT",
            status="active",
            starts="2026-09-14",
            due="2027-06-11",
            look_for="Students speak first.",
            evidence="A photo of the board.",
        )
        for school in ("OAK", "ELM")
        for aim, target in (("TALK", "KR_TALK"), ("TASKS", "OBJ_TASKS"))
    ),
)


def but(record_id: str, **said: Any) -> tuple[Record, ...]:
    """`SOUND` with one record changed: a value of None takes the field or link away.

    Raises `KeyError` when there is no such record, so that a test cannot change nothing.
    """
    if all(record.id != record_id for record in SOUND):
        raise KeyError(record_id)
    return tuple(_with(record, said) if record.id == record_id else record for record in SOUND)


def without(*record_ids: str, records: Iterable[Record] = SOUND) -> tuple[Record, ...]:
    """Records without those of these ids or of these types; raises `KeyError` as above."""
    kept = tuple(record for record in records if not {record.id, record.type} & {*record_ids})
    if unknown := {*record_ids} - {part for r in records for part in (r.id, r.type)}:
        raise KeyError(unknown)
    return kept


def _with(record: Record, said: dict[str, Any]) -> Record:
    own = {name: value for name, value in said.items() if name in _OWN}
    links = dict(record.links)
    values = dict(record.fields)
    for name, value in said.items():
        if name in own:
            continue
        target: dict[str, Any] = links if name in MODEL.links else values
        if value is None:
            target.pop(name)
        else:
            target[name] = tuple(value.split()) if name in MODEL.links else value
    return replace(record, links=links, fields=values, **own)
