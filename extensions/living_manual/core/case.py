"""CASE 1.0 and 1.1: a framework of standards as JSON, checked and put in order.

What it changes in the manual is worked out in `framework_plan.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from living_manual.core.finding import Finding
from living_manual.core.importing import plain, problem
from living_manual.core.words import listed

VERSIONS = ("1.0", "1.1")
MOST_ITEMS, MOST_LEVELS = 10_000, 12
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SENTENCE = re.compile(r"(?<=[^\s.][.!?])\s+(?=[A-Z(“\"])")
_TITLE_LENGTH = 200
AGAIN = "Mend it where the framework comes from, or download the CFPackage once more."


@dataclass(frozen=True, slots=True)
class Item:
    """A standard of a framework; `parents` are identifiers, the first where it is listed."""

    identifier: str
    code: str
    statement: str
    short: str
    kind: str
    notes: str
    parents: tuple[str, ...]

    @property
    def title(self) -> str:
        """One line: the short statement, or else the first sentence of the whole one."""
        return self.short if self.short else _first_sentence(self.statement)[0]

    @property
    def rest(self) -> str:
        """What the title leaves out, then the notes."""
        more = self.statement if self.short else _first_sentence(self.statement)[1]
        return " ".join(part for part in (more, self.notes) if part)


@dataclass(frozen=True, slots=True)
class Framework:
    """A framework with its items, parents before what they hold, as its authors ordered them.

    `loose` counts the items that are nobody's child, `other` the associations that are not brought.
    """

    identifier: str
    title: str
    description: str
    origin: str
    items: tuple[Item, ...]
    loose: int = 0
    other: int = 0


def _first_sentence(statement: str) -> tuple[str, str]:
    found = _SENTENCE.search(statement)
    if found is None or found.start() > _TITLE_LENGTH:
        return statement, ""
    return statement[: found.start()], statement[found.end() :]


# ------------------------------------------------------------------------- reading


def read_framework(data: bytes, file: str) -> tuple[Framework | None, tuple[Finding, ...]]:
    """The framework in a CFPackage, or what is wrong with it (never both)."""
    try:
        text = data.decode("utf-8-sig")
        package = json.loads(text)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, (problem("import-file", "The file is not UTF-8 text.", AGAIN, file, line),)
    except json.JSONDecodeError as error:
        message = f"The file is not JSON: {error.msg}."
        return None, (problem("import-file", message, AGAIN, file, error.lineno),)
    except (RecursionError, ValueError) as error:
        message = f"The file cannot be read as JSON: {type(error).__name__}."
        return None, (problem("import-file", message, AGAIN, file, 1),)
    reader = _Reader(text, file)
    framework = reader.framework(package)
    return (None, tuple(reader.problems)) if reader.problems else (framework, ())


class _Reader:
    """Walks a CFPackage and collects what is wrong with it."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.lines = element_lines(text)
        self.problems: list[Finding] = []

    def report(
        self, kind: str, message: str, fix: str, part: str = "", number: int = -1, name: str = ""
    ) -> None:
        places = ((part, number), (part, -1), (part, 0))
        line = next((self.lines[place] for place in places if place in self.lines), 1)
        self.problems.append(problem(kind, message, fix, self.file, line, name or None))

    def framework(self, package: Any) -> Framework | None:
        if isinstance(package, dict) and isinstance(package.get("CFPackage"), dict):
            package = package["CFPackage"]
        if not isinstance(package, dict) or not isinstance(package.get("CFDocument"), dict):
            self.report(
                "import-file",
                "The file is not a CASE package: it has no CFDocument.",
                "Download the framework as a CFPackage (CASE 1.0 or 1.1, JSON).",
            )
            return None
        document = package["CFDocument"]
        version = document.get("caseVersion") or "1.0"
        if version not in VERSIONS:
            self.report(
                "import-file",
                f"The framework is of CASE {version}; this reads {listed(VERSIONS, 'and')}.",
                "Download it as CASE 1.1.",
                "CFDocument",
                0,
                "caseVersion",
            )
        identifier = self._identifier(document, "CFDocument", 0, "The CFDocument")
        title = self._text(document, "title", "CFDocument", 0, "The CFDocument", required=True)
        items = [_as_dict(entry) for entry in self._list(package, "CFItems")]
        if not items:
            self.report("import-file", "The framework has no item.", AGAIN, "CFItems")
        if len(items) > MOST_ITEMS:
            self.report(
                "import-file",
                f"The framework has {len(items)} items; {MOST_ITEMS} are the most.",
                "Bring in one subject at a time.",
                "CFItems",
            )
            return None
        read = [self._item(entry, number) for number, entry in enumerate(items)]
        self._once(read, identifier)
        if self.problems:
            return None
        parents, order, other = self._associations(package, identifier, read)
        if self.problems:
            return None
        roots, ordered = self._ordered(read, parents, order)
        if self.problems:
            return None
        origin = [
            self._text(document, name, "CFDocument", 0, "The CFDocument")
            for name in ("creator", "publisher", "version")
        ]
        return Framework(
            identifier,
            title,
            self._text(document, "description", "CFDocument", 0, "The CFDocument"),
            ", ".join(dict.fromkeys(part for part in origin if part)),
            tuple(
                Item(
                    item.identifier,
                    item.code,
                    item.statement,
                    item.short,
                    item.kind,
                    item.notes,
                    tuple(parents.get(item.identifier, ())),
                )
                for item in ordered
            ),
            sum(1 for item in roots if item.identifier not in parents),
            other,
        )

    def _item(self, entry: dict[str, Any], number: int) -> Item:
        what = f"Item {number + 1}"
        identifier = self._identifier(entry, "CFItems", number, what)
        code = self._text(entry, "humanCodingScheme", "CFItems", number, what)
        what = f"{what} ({code or identifier})"
        statement = self._text(entry, "fullStatement", "CFItems", number, what, required=True)
        short = self._text(entry, "abbreviatedStatement", "CFItems", number, what)
        kind = self._text(entry, "CFItemType", "CFItems", number, what)
        notes = self._text(entry, "notes", "CFItems", number, what)
        if short in (code, statement):
            short = ""
        return Item(identifier, code, statement, short, kind, notes, ())

    def _list(self, package: dict[str, Any], name: str) -> list[Any]:
        value = package.get(name) or []
        if not isinstance(value, list):
            self.report("import-file", f"{name} is not a list.", AGAIN, name)
            return []
        return value

    def _identifier(self, entry: dict[str, Any], part: str, number: int, what: str) -> str:
        value = entry.get("identifier")
        if isinstance(value, str) and _UUID.fullmatch(value):
            return value.lower()
        says = f"the identifier {value!a}, which is not a UUID" if value else "no identifier"
        self.report("import-item", f"{what} has {says}.", AGAIN, part, number, "identifier")
        return ""

    def _text(
        self,
        entry: dict[str, Any],
        name: str,
        part: str,
        number: int,
        what: str,
        *,
        required: bool = False,
    ) -> str:
        value = entry.get(name)
        if value is not None and not isinstance(value, str):
            self.report("import-item", f"{what}: {name} is not text.", AGAIN, part, number, name)
            return ""
        text = plain(value or "")
        if required and not text:
            self.report("import-item", f"{what} has no {name}.", AGAIN, part, number, name)
        return text

    def _once(self, items: Sequence[Item], document: str) -> None:
        """No identifier twice, no code twice: people could not say which one they mean."""
        for number, item in enumerate(items):
            if document and item.identifier == document:
                self.report(
                    "import-item",
                    f"Item {number + 1} has the identifier of the CFDocument: {document}.",
                    AGAIN,
                    "CFItems",
                    number,
                    "identifier",
                )
        for name, values in (
            ("identifier", [item.identifier for item in items]),
            ("humanCodingScheme", [item.code for item in items]),
        ):
            first: dict[str, int] = {}
            for number, value in enumerate(values):
                if value and value in first:
                    line = self.lines.get(("CFItems", first[value]), 1)
                    self.report(
                        "import-item",
                        f"Item {number + 1} has the {name} of item {first[value] + 1} "
                        f"(line {line}): {value}.",
                        f"Each item needs its own {name}. {AGAIN}",
                        "CFItems",
                        number,
                        name,
                    )
                first.setdefault(value, number)

    def _associations(
        self, package: dict[str, Any], document: str, items: Sequence[Item]
    ) -> tuple[dict[str, list[str]], dict[tuple[str, str], float], int]:
        """Parents of each item (the document is nobody's id), and the order of its children."""
        names = {item.identifier: item.code or item.statement[:60] for item in items}
        parents: dict[str, list[str]] = {}
        order: dict[tuple[str, str], float] = {}
        other = 0
        for number, value in enumerate(self._list(package, "CFAssociations")):
            entry = _as_dict(value)
            if entry.get("associationType") != "isChildOf":
                other += 1
                continue
            ends: list[str] = []
            for name in ("originNodeURI", "destinationNodeURI"):
                node = _as_dict(entry.get(name))
                ends.append(
                    self._identifier(
                        node, "CFAssociations", number, f"{name} of association {number + 1}"
                    )
                )
            origin, target = ends
            if not origin or not target:
                continue
            if origin not in names:
                self.report(
                    "import-hierarchy",
                    f"Association {number + 1} says whose child {origin} is, which is not an item "
                    "of this framework.",
                    AGAIN,
                    "CFAssociations",
                    number,
                    "originNodeURI",
                )
            elif target not in names and target != document:
                self.report(
                    "import-hierarchy",
                    f"{names[origin]} is a child of {target}, which is not in this framework.",
                    f"{AGAIN} A package must hold every parent.",
                    "CFAssociations",
                    number,
                    "destinationNodeURI",
                )
            else:
                mine = parents.setdefault(origin, [])
                if target not in mine:
                    mine.append(target)
                order.setdefault((target, origin), _number(entry.get("sequenceNumber")))
        return parents, order, other

    def _ordered(
        self,
        items: Sequence[Item],
        parents: Mapping[str, Sequence[str]],
        order: Mapping[tuple[str, str], float],
    ) -> tuple[list[Item], list[Item]]:
        """Items of the first level, and all items with parents before children."""
        known = {item.identifier: item for item in items}
        place = {item.identifier: number for number, item in enumerate(items)}
        children: dict[str, list[str]] = {}
        roots: list[Item] = []
        for item in items:
            above = [parent for parent in parents.get(item.identifier, ()) if parent in known]
            if above:
                children.setdefault(above[0], []).append(item.identifier)
            else:
                roots.append(item)

        def among(parent: str, child: str) -> tuple[float, int]:
            return order.get((parent, child), inf), place[child]

        def rank(item: Item) -> tuple[float, int]:
            above = parents.get(item.identifier, ("",))
            return among(above[0], item.identifier)

        ordered: list[Item] = []
        seen: set[str] = set()
        waiting = [(item.identifier, 1) for item in sorted(roots, key=rank, reverse=True)]
        while waiting:
            identifier, level = waiting.pop()
            seen.add(identifier)
            ordered.append(known[identifier])
            if level > MOST_LEVELS:
                self.report(
                    "import-hierarchy",
                    f"{_name(known[identifier])} is more than {MOST_LEVELS} levels deep.",
                    "Bring in a part of the framework with fewer levels.",
                    "CFItems",
                    place[identifier],
                )
                return [], []
            below = sorted(
                children.get(identifier, ()),
                key=lambda child: among(identifier, child),
                reverse=True,
            )
            waiting += [(child, level + 1) for child in below]
        for cycle in _cycles([item.identifier for item in items], parents, known):
            self.report(
                "import-hierarchy",
                f"These items are each other's children: {_round(cycle, known)}.",
                f"One of them must be the child of another item, or of the framework. {AGAIN}",
                "CFItems",
                place[cycle[0]],
            )
        return roots, ordered


def _cycles(
    identifiers: Sequence[str], parents: Mapping[str, Sequence[str]], known: Mapping[str, Item]
) -> Iterator[list[str]]:
    """Every round trip found going upwards, each once."""
    done: set[str] = set()
    for start in identifiers:
        path: list[str] = []
        on_path: dict[str, int] = {}
        waiting: list[tuple[str, int]] = [(start, 0)]
        while waiting:
            here, depth = waiting.pop()
            for left in path[depth:]:
                done.add(left)
                del on_path[left]
            del path[depth:]
            if here in on_path:
                cycle = path[on_path[here] :]
                first = cycle.index(min(cycle))
                yield [*cycle[first:], *cycle[:first]]
                continue
            if here in done:
                continue
            on_path[here] = len(path)
            path.append(here)
            waiting += [(up, depth + 1) for up in parents.get(here, ()) if up in known]
        done.update(path)


def _round(cycle: Sequence[str], known: Mapping[str, Item]) -> str:
    return " in ".join(_name(known[identifier]) for identifier in [*cycle, cycle[0]])


def _name(item: Item) -> str:
    return item.code or f"“{item.statement[:60]}”"


def _number(value: Any) -> float:
    """A place in an order; what has none comes last."""
    if isinstance(value, int):
        return value
    return value if isinstance(value, float) and isfinite(value) else inf


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:\n]', re.DOTALL)
_PARTS = ("CFDocument", "CFItems", "CFAssociations")


def element_lines(text: str) -> dict[tuple[str, int], int]:
    """The line on which each item and association starts: (part, number from 0) to line.

    Under -1 stands the line of the list itself.
    """
    found: dict[tuple[str, int], int] = {}
    keys: list[str] = []
    counts: list[int] = []
    line, last = 1, ""
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token in "{[":
            if keys and keys[-1] in _PARTS and token == "{":
                found.setdefault((keys[-1], counts[-1]), line)
            elif last in _PARTS:
                found.setdefault((last, 0 if token == "{" else -1), line)
            keys.append(last if token == "[" else "")
            counts.append(0)
            last = ""
        elif token in "}]":
            if keys:
                keys.pop()
                counts.pop()
        elif token == ",":
            if counts:
                counts[-1] += 1
            last = ""
        elif token != ":":
            last = token[1:-1]
            line += token.count("\n")
    return found
