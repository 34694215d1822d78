"""The finders of gaps: each looks through the manual for one thing that is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from living_manual.core.coverage import coverage
from living_manual.core.english import plurals
from living_manual.core.forms import lacking
from living_manual.core.gap import Gap
from living_manual.core.model import Manual, Record, Ref
from living_manual.core.readings import missed_periods
from living_manual.core.rules import only_implementation
from living_manual.core.vocabulary import Phrases, Vocabulary
from living_manual.core.words import listed, months_later, plural, say_day


def _owner(manual: Manual, record: Record) -> str:
    return listed(manual.owner_names(record))


def late_blanks(manual: Manual) -> Iterator[Gap]:
    """Objectives without a living action in a school after the day set for it."""
    return (gap for gap in manual.once(_blanks) if gap.late)


def blanks_to_come(manual: Manual) -> Iterator[Gap]:
    """The same before that day, or without such a day: nobody is behind yet."""
    return (gap for gap in manual.once(_blanks) if not gap.late)


def _blanks(manual: Manual) -> tuple[Gap, ...]:
    found = []
    for row in manual.once(coverage).rows:
        owner = _owner(manual, manual.records[row.school.id])
        for cell in row.cells:
            if not cell.living:
                by = cell.asked_by
                said = "asked for by" if cell.late else "due by"
                what = f"{said} {say_day(by)}" if by else "no day is set for it"
                what = f"no living action; {what}"
                found.append(Gap(row.school, cell.objective, what, by, cell.late, owner))
    return tuple(found)


def _started(manual: Manual) -> Iterator[Record]:
    for action in manual.of_type("action"):
        starts = action.day("starts")
        if action.status in ("active", "done") or (
            action.status == "planned" and starts is not None and starts <= manual.today
        ):
            yield action


def without(field: str, what: str) -> Callable[[Manual], Iterator[Gap]]:
    """Actions that have started with a field left empty."""

    def find(manual: Manual) -> Iterator[Gap]:
        for action in _started(manual):
            if not action.get(field):
                starts = action.day("starts")
                yield Gap(
                    action.ref, _school(manual, action), what, starts, False, _owner(manual, action)
                )

    return find


def _school(manual: Manual, record: Record) -> Ref | None:
    schools = manual.linked(record, "at")
    return schools[0].ref if schools else None


def overdue(manual: Manual) -> Iterator[Gap]:
    """Actions that are not done after their last day."""
    for action in manual.of_type("action"):
        due = action.day("due")
        if action.status in ("planned", "active") and due is not None and due < manual.today:
            yield Gap(
                action.ref,
                _school(manual, action),
                f"was due {say_day(due)}",
                due,
                True,
                _owner(manual, action),
            )


def no_backup(manual: Manual) -> Iterator[Gap]:
    """Open actions that rest on their leader alone."""
    for action in manual.of_type("action"):
        if action.status in ("planned", "active") and not action.to("backed_up_by"):
            starts = action.day("starts")
            yield Gap(
                action.ref,
                _school(manual, action),
                "nobody carries on when the leader is away",
                starts if starts and starts <= manual.today else None,
                False,
                _owner(manual, action),
            )


def unreviewed(manual: Manual) -> Iterator[Gap]:
    """Records that were reviewed too long ago."""
    for record in manual.records.values():
        reviewed = record.day("reviewed")
        if reviewed is None:
            continue
        due = months_later(reviewed, manual.settings.review_months)
        if due <= manual.today:
            yield Gap(
                record.ref,
                None,
                f"last reviewed {say_day(reviewed)}",
                due,
                True,
                _owner(manual, record),
            )


def not_run(manual: Manual) -> Iterator[Gap]:
    """Protocols that no living action uses and no session runs."""
    for protocol in manual.of_type("protocol"):
        if not _runs(manual, protocol):
            what = "no living action or session runs it"
            yield Gap(protocol.ref, None, what, None, False, _owner(manual, protocol))


def _runs(manual: Manual, protocol: Record) -> list[Record]:
    """The living actions and the sessions that a protocol is run in."""
    return [
        record
        for link, record in manual.incoming_by_link(protocol.id)
        if (link == "uses" and record.living) or (link == "runs" and record.type == "session")
    ]


def unused_terms(manual: Manual) -> Iterator[Gap]:
    """Words that no protocol develops and no exemplar shows."""
    for term in manual.of_type("term"):
        if not manual.incoming(term.id, "develops", "illustrates"):
            what = "no protocol or exemplar uses it"
            yield Gap(term.ref, None, what, None, False, _owner(manual, term))


def carrying_nothing(manual: Manual) -> Iterator[Gap]:
    """Subsystems that no living action or session goes through on its way to an objective."""
    for subsystem in manual.of_type("subsystem"):
        protocols = manual.incoming(subsystem.id, "strengthens")
        runs = [run for protocol in protocols for run in _runs(manual, protocol)]
        if any(manual.objectives_of(run) or manual.linked(run, "serves") for run in runs):
            continue
        what = "no protocol strengthens it"
        if protocols:
            count = plural(len(protocols), "protocol")
            what = f"{count} for it, and no living action or session runs one for an objective"
        yield Gap(subsystem.ref, None, what, None, False, _owner(manual, subsystem))


def unread(manual: Manual) -> Iterator[Gap]:
    """Key results without a reading in a marking period that has ended."""
    for result in manual.of_type("key_result"):
        missed = missed_periods(manual, result)
        if missed:
            what = f"no reading in {listed([period.name for period in missed])}"
            yield Gap(result.ref, None, what, missed[0].ends, True, _owner(manual, result))


def seen_by_doing_only(manual: Manual) -> Iterator[Gap]:
    """Objectives that are measured only by implementation."""
    for objective in manual.of_type("objective"):
        if only_implementation(manual, objective):
            what = "its key results say what was done, not what students do"
            yield Gap(objective.ref, None, what, None, False, _owner(manual, objective))


def incomplete(type_name: str) -> Callable[[Manual], Iterator[Gap]]:
    """Entries of a type with an empty part of their form."""

    def find(manual: Manual) -> Iterator[Gap]:
        for record in manual.of_type(type_name):
            if empty := lacking(record):
                yield Gap(record.ref, None, empty, None, False, _owner(manual, record))

    return find


def unsettled(manual: Manual) -> Iterator[Gap]:
    """Actions and protocols with a watched word that the glossary lacks."""
    watched = manual.settings.watch
    if not watched:
        return
    language = manual.settings.language
    vocabulary = Vocabulary(manual.of_type("term"), language)
    open_ = {word: word for word in reversed(watched) if vocabulary.term(word) is None}
    phrases = Phrases({more: word for word in open_ for more in (*plurals(word, language), word)})
    for record in (*manual.of_type("action"), *manual.of_type("protocol")):
        said = (record.title, record.get("look_for"), record.text, manual.texts.get(record.id, ""))
        found = sorted({word for text in said for _, _, word in phrases.find(text)})
        if found:
            quoted = listed([f"“{word}”" for word in found])
            yield Gap(
                record.ref,
                _school(manual, record),
                f"says {quoted}, which {'has' if len(found) == 1 else 'have'} no entry",
                None,
                False,
                _owner(manual, record),
            )


def vacant(manual: Manual) -> Iterator[Gap]:
    """Roles that nobody holds."""
    for role in manual.of_type("role"):
        if role.status == "vacant":
            held = manual.cover_of(role)
            cover = held.title if held else ""
            yield Gap(
                role.ref,
                None,
                f"vacant; {cover} stands in" if cover else "vacant",
                None,
                not cover,
                cover,
            )


def without_path(manual: Manual) -> Iterator[Gap]:
    """Roles that no path for new colleagues is for."""
    served = {role for path in manual.paths for role in path.roles}
    for role in manual.of_type("role"):
        if role.id not in served:
            yield Gap(role.ref, None, "no path for who is new in it", None, False, "")
