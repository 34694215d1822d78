"""Write the sample CASE packages again: `python -m tests.data.case`.

The framework is made up; its form follows the CASE Service specifications, 1.0 and 1.1.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
HOST = "https://case.tern-rock.example"
CHANGED = "2030-05-02T09:30:00+00:00"
TITLE = "Tern Rock Mathematics Standards"

#: (code, kind, statement, short statement, code of the parent, place)
ITEMS: tuple[tuple[str, str, str, str, str, int], ...] = (
    ("G3", "Grade", "Grade 3", "", "", 1),
    ("G4", "Grade", "Grade 4", "", "", 2),
    ("3.NF", "Domain", "Number and Operations: Fractions", "Fractions", "G3", 2),
    ("3.OA", "Domain", "Operations and Algebraic Thinking", "", "G3", 1),
    (
        "3.NF.A.1",
        "Standard",
        "Understand a fraction 1/b as one part of a whole cut into b equal parts. Say which whole "
        "is meant, and why the parts are equal.",
        "",
        "3.NF",
        1,
    ),
    (
        "3.NF.A.2",
        "Standard",
        "Place fractions on a number line, e.g. between 0 and 1.",
        "",
        "3.NF",
        2,
    ),
    (
        "3.OA.B.5",
        "Standard",
        "Use properties of operations (such as “3 × 4 = 4 × 3”) to multiply, and argue that they "
        "hold.",
        "Use properties to multiply",
        "3.OA",
        1,
    ),
    ("4.NF.B.3", "Standard", "Add fractions with equal parts.", "", "G4", 1),
    ("", "Note", "Students use drawings, number lines & equations.", "", "4.NF.B.3", 1),
)


def name(what: str) -> str:
    """The same UUID for the same thing, whenever this runs."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{HOST}/{what}"))


def link(what: str, title: str) -> dict[str, Any]:
    """A LinkURI."""
    return {"title": title, "identifier": name(what), "uri": f"{HOST}/uri/{name(what)}"}


def package(version: str) -> dict[str, Any]:
    """A CFPackage of that version."""
    newer = version == "1.1"
    document = {
        "identifier": name("document"),
        "uri": f"{HOST}/uri/{name('document')}",
        "creator": "Tern Rock School District",
        "title": TITLE,
        "lastChangeDateTime": CHANGED,
        "description": "What students of the island learn in grades 3 and 4.",
        "version": "2030",
        "adoptionStatus": "Adopted",
        "language": "en",
        "subject": ["Mathematics"],
    }
    if newer:
        document |= {"caseVersion": "1.1", "frameworkType": "Academic standards"}
    items, associations = [], []
    for code, kind, statement, short, parent, place in ITEMS:
        key = code or statement
        item: dict[str, Any] = {
            "identifier": name(key),
            "uri": f"{HOST}/uri/{name(key)}",
            "fullStatement": statement,
            "CFItemType": kind,
            "language": "en",
            "lastChangeDateTime": CHANGED,
        }
        if code:
            item["humanCodingScheme"] = code
        if short:
            item["abbreviatedStatement"] = short
        if newer:
            item["extensions"] = {"ternRock:reviewed": True}
        items.append(item)
        origin, target = link(key, statement[:40]), link(parent or "document", parent or TITLE)
        if newer:
            origin["targetType"] = target["targetType"] = "CASE"
        associations.append(
            {
                "identifier": name(f"{key} is child"),
                "uri": f"{HOST}/uri/{name(f'{key} is child')}",
                "associationType": "isChildOf",
                "sequenceNumber": place,
                "originNodeURI": origin,
                "destinationNodeURI": target,
                "lastChangeDateTime": CHANGED,
            }
        )
    associations.append(
        {
            "identifier": name("related"),
            "uri": f"{HOST}/uri/{name('related')}",
            "associationType": "ext:leadsTo" if newer else "isRelatedTo",
            "originNodeURI": link("3.NF.A.1", "3.NF.A.1"),
            "destinationNodeURI": link("4.NF.B.3", "4.NF.B.3"),
            "lastChangeDateTime": CHANGED,
        }
    )
    return {"CFDocument": document, "CFItems": items, "CFAssociations": associations}


def text(version: str) -> str:
    """The package as a file holds it."""
    return json.dumps(package(version), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    for number in ("1.0", "1.1"):
        (HERE / f"case-{number}.json").write_text(text(number), encoding="utf-8")
