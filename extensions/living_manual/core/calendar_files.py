"""Calendar files to subscribe to: which there are, and which dates each of them holds.

A file is a view like any other: a plain value here, written as iCalendar by `edges/ical.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from living_manual.core.assessments import analysis_of, grades
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.settings import Settings, grade_key
from living_manual.core.words import slug

#: Folder of the published site that holds the files.
FOLDER = "calendar"
ENDING = ".ics"
#: The links by which a role has a session: it prepares it, leads it, or can lead it instead.
HELD_BY = ("owner", "led_by", "backed_up_by")


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """A file to offer. `title` says whose dates they are; `address` is empty where no address of
    the site is known."""

    name: str
    title: str
    address: str = ""

    @property
    def href(self) -> str:
        """Its address from the site's root."""
        return f"{FOLDER}/{self.name}{ENDING}"

    @property
    def subscribe(self) -> str:
        """The address that opens the reader's calendar program; empty without an address."""
        return f"webcal:{self.address.partition(':')[2]}" if self.address else ""


@dataclass(frozen=True, slots=True)
class Dates:
    """A file with what it holds: sessions and assessments, by day."""

    file: CalendarFile
    about: str
    records: tuple[Record, ...]


def calendar_files(manual: Manual) -> Mapping[str, Dates]:
    """Every file of the manual by its name: one that would hold nothing is not there."""
    return manual.once(_files)


def file_of_all(manual: Manual) -> CalendarFile | None:
    """The file of every session and assessment."""
    return _file(manual, "all")


def files_of(manual: Manual, record: Record) -> tuple[CalendarFile, ...]:
    """The file of a school or a role; for a school, those of roles there after it."""
    if record.type not in ("school", "role"):
        return ()
    own = _file(manual, _name(record.id))
    return (own, *manual.once(_at_schools).get(record.id, ())) if own else ()


def files_beside(manual: Manual, sessions: Sequence[Ref]) -> tuple[CalendarFile, ...]:
    """The file to offer beside sessions that a page tells: their school's, if all are of one."""
    records = [manual.records[session.id] for session in sessions]
    schools = {school for record in records for school in record.to("at")[:1] or ("",)}
    school = manual.get(schools.pop()) if len(schools) == 1 else None
    if school:
        return files_of(manual, school)
    whole = file_of_all(manual)
    return (whole,) if whole and records else ()


def file_of_grade(manual: Manual, grade: str) -> CalendarFile | None:
    """The file of a grade or course."""
    return manual.once(_of_grades).get(grade_key(grade))


def _file(manual: Manual, name: str) -> CalendarFile | None:
    found = calendar_files(manual).get(name)
    return found.file if found else None


def _files(manual: Manual) -> Mapping[str, Dates]:
    return {
        each.file.name: each
        for each in (
            *_whole(manual),
            *_schools(manual),
            *_roles(manual),
            *(dates for _, dates in manual.once(_role_at_school)),
            *(dates for _, dates in manual.once(_grade_dates)),
        )
        if each.records
    }


def _at_schools(manual: Manual) -> Mapping[str, tuple[CalendarFile, ...]]:
    found: dict[str, list[CalendarFile]] = {}
    for school, dates in manual.once(_role_at_school):
        found.setdefault(school, []).append(dates.file)
    return {school: tuple(files) for school, files in found.items()}


def _of_grades(manual: Manual) -> Mapping[str, CalendarFile]:
    return {key: dates.file for key, dates in manual.once(_grade_dates)}


# ------------------------------------------------------------------------------ what each holds


def _whole(manual: Manual) -> Iterable[Dates]:
    about = "Every session of the year, and every shared assessment."
    records = (*manual.of_type("session"), *manual.of_type("assessment"))
    yield _dates(manual, "all", manual.settings.short_name, about, records)


def _schools(manual: Manual) -> Iterable[Dates]:
    """The school's own sessions, and those that name no school: they are for all of them."""
    everywhere = _district_wide(manual)
    for school in manual.of_type("school"):
        about = f"The sessions of {school.title}, and those of the whole district."
        records = (*everywhere, *_own(manual, school))
        yield _dates(manual, _name(school.id), school.title, about, records)


def _roles(manual: Manual) -> Iterable[Dates]:
    """What the role prepares, leads or can lead instead; and district sessions for its audiences.

    A session of one school that the role has no part in is left to the school's own file: at
    another school it would be a date for nobody.
    """
    everywhere = _district_wide(manual)
    for role in manual.of_type("role"):
        held = [
            each
            for each in manual.incoming(role.id, *HELD_BY)
            if each.type in ("session", "assessment")
        ]
        about = (
            "Sessions and assessments that this role prepares, leads or can lead instead, and the "
            "sessions of the whole district for its audiences."
        )
        meant = [each for each in everywhere if _meant(each, role)]
        yield _dates(manual, _name(role.id), role.title, about, (*held, *meant))


def _role_at_school(manual: Manual) -> Sequence[tuple[str, Dates]]:
    """Where a role prepares or leads a session of a school itself: those sessions, by school.

    Nothing more: the whole school's dates are in its own file, and the district's in the role's.
    Repeated in each, they made 2,000 files of 26 KB for 200 schools.
    """
    found = []
    for school in manual.of_type("school"):
        own = _own(manual, school)
        roles = {
            role.id: role
            for session in own
            for link in HELD_BY
            for role in manual.linked(session, link)
        }
        for role in roles.values():
            title = f"{role.title}, {school.get('short') or school.title}"
            about = (
                f"The sessions of {school.title} that this role prepares, leads or can lead "
                "instead."
            )
            records = [each for each in own if any(role.id in each.to(link) for link in HELD_BY)]
            name = f"{_name(school.id)}-{_name(role.id)}"
            found.append((school.id, _dates(manual, name, title, about, records)))
    return tuple(found)


def _grade_dates(manual: Manual) -> Sequence[tuple[str, Dates]]:
    """The assessments of a grade or course and the sessions that look at its work, by its key."""
    found, taken = [], set()
    for nth, grade in enumerate(grades(manual), 1):
        key = grade_key(grade)
        mine = [
            each for each in manual.of_type("assessment") if grade_key(each.get("grade")) == key
        ]
        sessions = [session for each in mine if (session := analysis_of(manual, each))]
        about = f"The shared assessments of {grade}, and the sessions that look at the work."
        name = f"assessments-{slug(grade) or nth}"
        name = f"{name}-{nth}" if name in taken else name
        taken.add(name)
        dates = _dates(manual, name, grade, about, (*mine, *sessions))
        if dates.records:
            found.append((key, dates))
    return tuple(found)


def _district_wide(manual: Manual) -> tuple[Record, ...]:
    return tuple(session for session in manual.of_type("session") if not session.to("at"))


def _own(manual: Manual, school: Record) -> tuple[Record, ...]:
    return tuple(each for each in manual.incoming(school.id, "at") if each.type == "session")


def _meant(session: Record, role: Record) -> bool:
    """Whether a session is for an audience of the role."""
    return bool(_words(session) & _words(role))


def _words(record: Record) -> set[str]:
    return {word.strip() for word in record.get("audiences").split(",") if word.strip()}


def _dates(manual: Manual, name: str, title: str, about: str, records: Iterable[Record]) -> Dates:
    """What has a day, each once, in the order of the days."""
    dated = {each.id: (day, each) for each in records if (day := each.day("date")) is not None}
    file = CalendarFile(name, title, _address(manual.settings, f"{FOLDER}/{name}{ENDING}"))
    ordered = sorted(dated, key=lambda record_id: (dated[record_id][0], record_id))
    return Dates(file, about, tuple(dated[record_id][1] for record_id in ordered))


def _name(record_id: str) -> str:
    return record_id.lower().replace("_", "-")


def _address(settings: Settings, href: str) -> str:
    return urljoin(settings.address, href) if urlsplit(settings.address).hostname else ""
