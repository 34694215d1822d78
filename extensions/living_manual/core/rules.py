"""Rules over the whole manual: each takes a `Manual` and gives findings.

Rules about one record's own fields and required links are schemas in `ubproject.toml`; what is here
needs to see several records at once, or the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from living_manual.core.assessments import assessments_have_a_place
from living_manual.core.evidence import check_evidence
from living_manual.core.finding import Finding, finding
from living_manual.core.model import Manual, Record
from living_manual.core.path import paths_are_whole
from living_manual.core.readings import check_readings
from living_manual.core.tables import TIME
from living_manual.core.time_use import check_use_of_time
from living_manual.core.words import listed, plural


def check(manual: Manual) -> tuple[Finding, ...]:
    """Everything the rules find."""
    return tuple(found for rule in RULES for found in rule(manual))


def links_lead_somewhere(manual: Manual) -> Iterator[Finding]:
    """Each link names a record that exists and has a type the link may lead to."""
    for record in manual.records.values():
        for link, targets in record.links.items():
            allowed = manual.model.links[link].target_types if link in manual.model.links else ()
            for target_id in targets:
                target = manual.get(target_id)
                if target is None:
                    ids = [one.id for one in manual.records.values() if _fits(one, allowed)]
                    near = get_close_matches(target_id, ids, n=1, cutoff=0.75)
                    fix = (
                        f"Did you mean {near[0]}?"
                        if near
                        else "Write the id as it stands on the record's own page."
                    )
                    yield finding(
                        "link-missing-target",
                        f"{record.id}: `{link}` names {target_id}, which does not exist.",
                        fix,
                        record.file,
                        record.line,
                        link,
                    )
                elif allowed and target.type not in allowed:
                    names = [manual.model.title(name).lower() for name in allowed]
                    yield finding(
                        "link-wrong-type",
                        f"{record.id}: `{link}` names {target_id}, which is a "
                        f"{manual.model.title(target.type).lower()}.",
                        f"Name {_a(listed(names, 'or'))} instead.",
                        record.file,
                        record.line,
                        link,
                    )


def _fits(record: Record, allowed: Sequence[str]) -> bool:
    return not allowed or record.type in allowed


def links_come_to_an_end(manual: Manual) -> Iterator[Finding]:
    """Following links of one kind never leads back to where one began.

    Roles may stand in for each other; that one of them is held, another rule sees to.
    """
    holders: dict[str, dict[str, Sequence[str]]] = {}
    for record in manual.records.values():
        for link, targets in record.links.items():
            holders.setdefault(link, {})[record.id] = targets
    holders.pop("covered_by", None)
    for link, onward in sorted(holders.items()):
        graph = {one: [to for to in targets if to in onward] for one, targets in onward.items()}
        for cycle in _cycles({one: targets for one, targets in graph.items() if targets}):
            first = manual.records[cycle[0]]
            yield finding(
                "link-cycle",
                f"{first.id}: `{link}` leads back to where it began: "
                f"{' to '.join([*cycle, first.id])}.",
                "Take one of these links away.",
                first.file,
                first.line,
                link,
            )


def _cycles(graph: Mapping[str, Sequence[str]]) -> Iterator[list[str]]:
    """The cycles of a graph, at least one of those that share a link."""
    done: set[str] = set()
    for start in graph:
        path, onward = [start], [iter(graph[start])]
        while path:
            following = next(onward[-1], None)
            if following is None:
                done.add(path.pop())
                onward.pop()
            elif following in path:
                yield path[path.index(following) :]
            elif following not in done and following in graph:
                path.append(following)
                onward.append(iter(graph[following]))
        done.add(start)


def ids_start_with_their_prefix(manual: Manual) -> Iterator[Finding]:
    """An id says the record's type: ACT_ for an action, OBJ_ for an objective."""
    for record in manual.records.values():
        declared = manual.model.types.get(record.type)
        if declared and not record.id.startswith(declared.prefix):
            yield finding(
                "invalid-id",
                f"The id {record.id} of {_a(declared.title)} does not start with {declared.prefix}",
                f"Write it as {declared.prefix}{record.id.split('_', 1)[-1]}, here and "
                "where it is linked.",
                record.file,
                record.line,
                "id",
            )


def roles_are_held_or_covered(manual: Manual) -> Iterator[Finding]:
    """A vacant role that records depend on is covered by another role."""
    for role in manual.of_type("role"):
        if role.status != "vacant" or manual.cover_of(role):
            continue
        depending = manual.incoming(role.id, "owner", "led_by", "backed_up_by", "covered_by")
        if depending:
            some = listed([record.id for record in depending[:3]])
            more = f" and {len(depending) - 3} more" if len(depending) > 3 else ""
            yield finding(
                "vacant-role",
                f"The role {role.title} is vacant and nobody covers it; "
                f"{plural(len(depending), 'record depends', 'records depend')} on it: "
                f"{some}{more}.",
                "Add `:covered_by:` with the role that stands in, or set `:status:` to "
                "filled when somebody holds it.",
                role.file,
                role.line,
            )


def root_pages_are_there(manual: Manual) -> Iterator[Finding]:
    """One vision, objectives, key results and a learning calendar (source S3)."""
    visions = manual.of_type("vision")
    if not visions:
        yield finding(
            "root-vision",
            "The manual has no vision.",
            "Write it on vision/index.md with a {vision} record.",
            "vision/index.md",
            1,
        )
    for extra in visions[1:]:
        yield finding(
            "root-vision",
            f"The manual has a second vision, {extra.id}; {visions[0].id} is the first.",
            "Keep one: everything else in the manual is tied to it.",
            extra.file,
            extra.line,
        )
    for type_name, kind, file, what in (
        ("objective", "root-objectives", "vision/index.md", "no objective"),
        ("key_result", "root-key-results", "vision/index.md", "no key result"),
        (
            "session",
            "root-learning",
            "learning/index.md",
            "no learning calendar: it has no session",
        ),
    ):
        if not manual.of_type(type_name):
            yield finding(
                kind,
                f"The manual has {what}.",
                f"Write the first {{{type_name}}} record, or its table, under "
                f"{file.split('/')[0]}/.",
                file,
                1,
            )


def objectives_have_a_few_key_results(manual: Manual) -> Iterator[Finding]:
    """Two to four key results an objective, unless the district set other bounds (source S3)."""
    least, most = manual.settings.key_results_min, manual.settings.key_results_max
    for objective in manual.of_type("objective"):
        count = len(manual.incoming(objective.id, "measures"))
        if not least <= count <= most:
            yield finding(
                "key-result-count",
                f"{objective.id} has {plural(count, 'key result')}; "
                f"{least} to {most} keep it measurable and small.",
                "Add a key result that measures it."
                if count < least
                else "Keep the ones you will act on.",
                objective.file,
                objective.line,
            )


def only_implementation(manual: Manual, objective: Record) -> bool:
    """Whether every key result of an objective says how far something is done, and no more."""
    kinds = {result.get("measure") for result in manual.incoming(objective.id, "measures")}
    return kinds == {"implementation"}


def objectives_look_at_students(manual: Manual) -> Iterator[Finding]:
    """An objective measured only by implementation shows that routines ran (source S2)."""
    for objective in manual.of_type("objective"):
        if only_implementation(manual, objective):
            yield finding(
                "implementation-only",
                f"{objective.id} is measured only by implementation.",
                "Add a key result that looks at what students do or say.",
                objective.file,
                objective.line,
            )


def actions_due_name_objectives(manual: Manual) -> Iterator[Finding]:
    """The dates of `district.toml` belong to objectives that exist."""
    ids = [objective.id for objective in manual.of_type("objective")]
    for objective_id in manual.settings.actions_due:
        if objective_id not in ids:
            near = get_close_matches(objective_id, ids, n=1)
            yield finding(
                "settings-value",
                f"[[actions_due]] names {objective_id}, which is not an objective.",
                f"Did you mean {near[0]}?" if near else "Name an objective's id.",
                "district.toml",
                manual.settings.actions_due_lines.get(objective_id, 1),
            )


def sessions_begin_at_a_time(manual: Manual) -> Iterator[Finding]:
    """A session written in a page; in a table its cell is checked when it is read."""
    for session in manual.of_type("session"):
        begins = session.get("begins")
        if begins and not TIME.fullmatch(begins):
            yield finding(
                "session-begins",
                f"The session {session.id} begins at '{begins}', which is not a time of the day.",
                "Write hours and minutes, such as 09:00 or 15:30.",
                session.file,
                session.line,
                "begins",
            )


def sessions_say_how_long(manual: Manual) -> Iterator[Finding]:
    """A session with a time says how long it lasts, or calendars would have to guess."""
    for session in manual.of_type("session"):
        if session.get("begins") and session.get("hours") in ("", "0", "0.0"):
            yield finding(
                "session-hours",
                f"The session {session.id} begins at {session.get('begins')} and does not say how "
                "long it lasts; calendars show one hour.",
                "Write its length in hours, such as 1.5.",
                session.file,
                session.line,
                "hours",
            )


def check_ids(places: Iterable[tuple[str, str, int, str, int]]) -> tuple[Finding, ...]:
    """A finding for each id used again: (id, file, line, first file, first line)."""
    return tuple(
        finding(
            "duplicate-id",
            f"The id {record_id} is used twice; {first}:{first_line} has it already.",
            "Give the newer record an id of its own.",
            file,
            line,
        )
        for record_id, file, line, first, first_line in places
    )


def check_steps(
    protocol: Record | None, steps: Sequence[tuple[str, int, int]], file: str
) -> tuple[Finding, ...]:
    """Steps of a page against its protocol: (title, minutes, line) each."""
    if not steps:
        return ()
    if protocol is None:
        return (
            finding(
                "step-outside-protocol",
                "These steps belong to no protocol.",
                "Put a {protocol} record under the page's heading.",
                file,
                steps[0][2],
            ),
        )
    total = sum(minutes for _, minutes, _ in steps)
    said = protocol.get("minutes")
    if said and total != int(said):
        return (
            finding(
                "step-minutes",
                f"The steps of {protocol.id} take {total} minutes, the protocol says {said}.",
                "Change a step's `:minutes:` or the protocol's.",
                protocol.file,
                protocol.line,
                "minutes",
            ),
        )
    return ()


def _a(title: str) -> str:
    return f"{'an' if title[0].lower() in 'aeiou' else 'a'} {title.lower()}"


RULES: tuple[Callable[[Manual], Iterator[Finding]], ...] = (
    links_lead_somewhere,
    links_come_to_an_end,
    ids_start_with_their_prefix,
    roles_are_held_or_covered,
    root_pages_are_there,
    objectives_have_a_few_key_results,
    objectives_look_at_students,
    actions_due_name_objectives,
    paths_are_whole,
    check_evidence,
    check_readings,
    assessments_have_a_place,
    sessions_begin_at_a_time,
    sessions_say_how_long,
    check_use_of_time,
)
