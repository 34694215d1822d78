"""Read `questions.toml`: held against its schema, each fault a finding with its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import jsonschema_rs

from living_manual.core.finding import Finding, finding
from living_manual.core.model import Ref
from living_manual.core.self_assessment import Element, Part, SelfAssessment, Step
from living_manual.core.toml_lines import Path, lines_of
from living_manual.core.words import listed

#: The file beside the page.
QUESTIONS = "questions.toml"

#: Finds the record of an id, or the page of a name (without `.md`).
Find = Callable[[str], Ref | None]

_FORMS = {"string": "text between quotes", "array": "a list", "object": "a table"}
_ONE_OF = {"scale": "step", "part": "part", "element": "element", "statements": "statement"}
_RECORD = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\Z")


def read_questions(
    text: str, file: str, schema: Mapping[str, Any], find: Find
) -> tuple[SelfAssessment | None, tuple[Finding, ...]]:
    """The questions, or None with findings that say what to mend.

    `file` is named in findings, `schema` is that of questions, and `find` knows what links may lead
    to. Never raises for what a writer can get wrong.
    """
    try:
        data = tomllib.loads(text)
        # What JSON does not know, such as a date, is the text that it was written as.
        data = json.loads(json.dumps(data, default=str))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return None, (_not_toml(text, file, error),)
    reader = _Reader(text, file, schema, find)
    reader.check_form(data)
    if reader.findings:
        return None, tuple(reader.findings)
    read = reader.read(data)
    return (None if reader.findings else read), tuple(reader.findings)


def _not_toml(text: str, file: str, error: Exception) -> Finding:
    found = re.search(r"\(at line (\d+)", str(error))
    return finding(
        "self-assessment-unreadable",
        f"{file} cannot be read: {str(error).split(' (at')[0]}.",
        "Put text between double quotes, and each setting on a line of its own.",
        file,
        int(found[1]) if found else text.count("\n") + 1,
    )


class _Reader:
    """Walks the questions and collects findings; lines are looked up once one is needed."""

    def __init__(self, text: str, file: str, schema: Mapping[str, Any], find: Find) -> None:
        self.text = text
        self.file = file
        self.schema = schema
        self.find = find
        self.findings: list[Finding] = []
        self._lines: dict[Path, int] = {}

    def report(self, kind: str, message: str, fix: str, path: Sequence[str | int]) -> None:
        """A finding at the line of a key, or of the nearest table above it that is there."""
        self._lines = self._lines or lines_of(self.text)
        ways = (tuple(path[:n]) for n in range(len(path), 0, -1))
        line = next((self._lines[way] for way in ways if way in self._lines), 1)
        column = next((part for part in reversed(path) if isinstance(part, str)), None)
        self.findings.append(finding(kind, message, fix, self.file, line, column))

    # ------------------------------------------------------------------------- form

    def check_form(self, data: Any) -> None:
        """A finding for each place where the schema is not met; a slip in a key is told once."""
        errors = list(jsonschema_rs.validator_for(dict(self.schema)).iter_errors(data))
        slips = {
            (*error.instance_path, meant)
            for error in errors
            if error.kind.name == "additionalProperties"
            for name in error.kind.as_dict()["unexpected"]
            for meant in _meant(name, self._schema_at(error.instance_path)["properties"])
        }
        for error in errors:
            path = list(error.instance_path)
            missing = error.kind.name == "required" and error.kind.as_dict()["property"]
            if missing and (*path, missing) in slips:
                continue
            for key, message, fix in _in_words(error, self._schema_at(path), _place(path)):
                self.report("self-assessment-value", message, fix, [*path, *key])

    def _schema_at(self, path: Sequence[str | int]) -> Mapping[str, Any]:
        found: Any = self.schema
        for part in path:
            found = found["items"] if isinstance(part, int) else found["properties"][part]
        return dict(found)

    # ------------------------------------------------------------------------- meaning

    def read(self, data: Any) -> SelfAssessment:
        """The questions of data that meet the schema."""
        parts, seen = [], dict[str, str]()
        for nth, part in enumerate(data["part"]):
            path = ("part", nth)
            self._once(seen, part["subsystem"], "subsystem", (*path, "subsystem"))
            elements = []
            for place, each in enumerate(part["element"]):
                here = (*path, "element", place)
                self._once(seen, each["id"], "element", (*here, "id"))
                elements.append(self._element(each, here))
            subsystem = self._subsystem(part["subsystem"], (*path, "subsystem"))
            parts.append(Part(subsystem, tuple(elements)))
        scale = tuple(
            Step(_one_line(each["name"]), _one_line(each["means"])) for each in data["scale"]
        )
        self._different_steps(scale)
        return SelfAssessment(scale, tuple(parts))

    def _element(self, each: Mapping[str, Any], path: Path) -> Element:
        return Element(
            each["id"],
            _one_line(each["title"]),
            tuple(map(_one_line, each["statements"])),
            _one_line(each["next"]),
            self._link(each["link"].strip(), (*path, "link")),
        )

    def _once(self, seen: dict[str, str], name: str, what: str, path: Path) -> None:
        if name in seen:
            self.report(
                "self-assessment-value",
                f"The {what} '{name}' is in the file twice.",
                f"Keep one, or give the second the id of another {what}.",
                path,
            )
        seen[name] = what

    def _different_steps(self, scale: Sequence[Step]) -> None:
        for nth, step in enumerate(scale):
            if step.name in (other.name for other in scale[:nth]):
                self.report(
                    "self-assessment-value",
                    f"Two steps of the scale are called '{step.name}'.",
                    "Give each step a name of its own.",
                    ("scale", nth, "name"),
                )

    def _subsystem(self, name: str, path: Path) -> Ref:
        found = self.find(name)
        if found is None:
            self.report(
                "link-missing-target",
                f"The part is about {name}, which is no record of this manual.",
                "Write the id of a subsystem, as it stands on its page after `:id:`.",
                path,
            )
        return found or Ref(name, "subsystem", name, "")

    def _link(self, name: str, path: Path) -> Ref:
        is_record = bool(_RECORD.match(name))
        found = self.find(name if is_record else name.removesuffix(".md"))
        if found is None:
            self.report(
                "link-missing-target" if is_record else "page-reference",
                f"The next step leads to {name}, which is no {'record' if is_record else 'page'} "
                "of this manual.",
                "Write the id of a record such as PRO_PLC_LAUNCH, or a page: progress/chain.",
                path,
            )
        return found or Ref("", "page", name, "")


def _in_words(
    error: jsonschema_rs.ValidationError, schema: Mapping[str, Any], place: str
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What a fault is for people, and how to mend it; with the key that it is about, if any."""
    kind = error.kind.as_dict()
    known = schema.get("properties", {})
    meaning = schema.get("description", "").rstrip(".")
    match error.kind.name:
        case "required":
            name = kind["property"]
            told = known[name].get("description", "")
            yield (), f"{place} lacks '{name}'.", f"Add a line that begins with {name} =. {told}"
        case "additionalProperties":
            for name in kind["unexpected"]:
                near = _meant(name, known)
                fix = (
                    f"Did you mean '{near[0]}'?" if near else f"Known are: {listed(tuple(known))}."
                )
                yield (name,), f"{place} has an unknown key '{name}'.", fix
        case "type":
            wanted = _FORMS.get(schema.get("type", ""), "something else")
            yield (), f"{place} should be {wanted}.", f"{meaning or 'See the sample'}."
        case "minItems" | "maxItems":
            least, most = schema["minItems"], schema["maxItems"]
            said = len(error.instance) if isinstance(error.instance, list) else 0
            yield (), f"{place} has {said} entries.", f"Write {least} to {most}. {meaning}."
        case "maxLength":
            most = schema["maxLength"]
            yield (), f"{place} is longer than {most} letters.", "Say it in fewer words."
        case "pattern" if schema["pattern"] == "\\S":
            yield (), f"{place} is empty.", f"{meaning or 'Write it, or take the line away'}."
        case _:
            yield (), f"{place} is {json.dumps(error.instance, ensure_ascii=False)}.", f"{meaning}."


def _meant(name: str, known: Iterable[str]) -> list[str]:
    """The key that an unknown one is a slip of, if any."""
    return get_close_matches(name, list(known), 1)


def _place(path: Sequence[str | int]) -> str:
    """Where it stands, as people count: `Part 2, element 1, 'next'`."""
    words: list[str] = []
    for before, part in zip((None, *path), path, strict=False):
        if isinstance(part, int):
            words[-1] = f"{_ONE_OF[str(before)]} {part + 1}"
        else:
            words.append(f"'{part}'")
    said = ", ".join(words)
    return said[:1].upper() + said[1:] if said else "The file"


def _one_line(text: str) -> str:
    return " ".join(text.split())
