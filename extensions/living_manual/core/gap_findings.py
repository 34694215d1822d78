"""What of the gaps is a finding: rules that close the gate, exceptions that cannot stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches

from living_manual.core.finding import Finding, Severity, finding
from living_manual.core.gap_exceptions import keys_of
from living_manual.core.gaps import GAP_RULES, gaps
from living_manual.core.ledgers import Entry
from living_manual.core.model import Manual
from living_manual.core.words import months_later, plural, say_day

#: What may be said in place of rules' names.
ALL, NONE = "all", "none"


def unknown_rules(named: Iterable[str]) -> tuple[str, ...]:
    """The names that are no rule of gaps."""
    known = {ALL, *(rule.key for rule in GAP_RULES)}
    return tuple(name for name in named if name not in known)


def rule_meant(unknown: str) -> str:
    """What somebody may have meant by a name that is no rule."""
    keys = [rule.key for rule in GAP_RULES]
    near = get_close_matches(unknown, keys, n=1, cutoff=0.6)
    titles = {rule.title.lower(): rule.key for rule in GAP_RULES}
    meant = near[0] if near else titles.get(unknown.strip().lower())
    return f"Did you mean '{meant}'?" if meant else f"The rules are: {', '.join(keys)}."


def failing_gaps(manual: Manual, fail_on: Collection[str]) -> Iterator[Finding]:
    """An error for each open gap of the rules that the district, or the command, names.

    The kind is `gap-` and the rule's name, so that each can be looked for.
    """
    if not fail_on:
        return
    for group in gaps(manual).groups:
        if group.key not in fail_on and ALL not in fail_on:
            continue
        for gap in group.gaps:
            about = f" and {gap.about.title}" if gap.about else ""
            what = gap.what.rstrip(".")
            yield Finding(
                f"gap-{group.key}",
                f"{gap.record.title} ({gap.record.id}){about}: {what}. Owner: {gap.owner}.",
                group.fix,
                gap.file,
                gap.line,
                None,
                Severity.ERROR,
            )


def check_exceptions(manual: Manual) -> Iterator[Finding]:
    """A finding for each exception that names no rule or no gap, or holds for too long."""
    entries = manual.ledger("exceptions.csv")
    if not entries:
        return
    rules = {rule.key: rule for rule in GAP_RULES}
    there = set()
    for gap in gaps(manual).shown:
        there.add((gap.rule, gap.record.id, gap.about.id if gap.about else ""))
        if not rules[gap.rule].pair:
            there.add((gap.rule, gap.record.id, ""))
    for entry in entries:
        name = entry.get("rule").strip()
        if name not in rules:
            message = f"Row {entry.line}: '{name}' is no rule of gaps."
            yield _at(entry, "exception-rule", message, rule_meant(name), "rule")
            continue
        yield from _too_long(manual, entry)
        if rules[name].pair and not entry.ids("about"):
            yield _at(
                entry,
                "exception-about",
                f"Row {entry.line}: the rule '{name}' is about two records, and 'about' is empty.",
                "Name the second as the gap does: the objective, for a school without an action.",
                "about",
            )
            continue
        for key in keys_of(entry):
            if key not in there and all(each in manual.records for each in key[1:] if each):
                yield _at(
                    entry,
                    "exception-without-gap",
                    f"Row {entry.line}: {' and '.join(each for each in key[1:] if each)} has no "
                    f"gap of the rule '{name}'.",
                    "Take the row out when the gap is closed, or check the rule and the ids.",
                    "record",
                )


def _too_long(manual: Manual, entry: Entry) -> Iterator[Finding]:
    until, months = entry.day("until"), manual.settings.exception_months
    longest = months_later(manual.today, months)
    if until and until > longest:
        yield _at(
            entry,
            "exception-too-long",
            f"Row {entry.line}: the exception ends on {say_day(until)}; the district allows "
            f"{plural(months, 'month')}, until {say_day(longest)}.",
            "Choose a day on which the body that approved it will look at it again.",
            "until",
        )


def _at(entry: Entry, kind: str, message: str, fix: str, column: str) -> Finding:
    return finding(kind, message, fix, entry.file, entry.line, column)
