"""Self-assessments: their questions are read anew at every build, from beside their page."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from living_manual.core.finding import Finding, finding
from living_manual.core.model import Record, Ref
from living_manual.core.self_assessment import SelfAssessment
from living_manual.core.self_assessment_reading import QUESTIONS, Find, read_questions
from living_manual.edges.files import read_text
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import pages

#: The schemas are files of the site, so that an editor can ask them for help.
SCHEMAS = Path(__file__).parent / "theme" / "static" / "schemas"


@cache
def schema(name: str) -> dict[str, Any]:
    """One of the schemas that come with the kit."""
    text = (SCHEMAS / f"self-assessment-{name}.schema.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def questions_of(app: Sphinx, records: Iterable[Record]) -> dict[str, SelfAssessment]:
    """The questions of each page with `{self-assessment}`; what is wrong is reported."""
    asking: dict[str, int] = {}
    for docname, data in sorted(pages(app.env).items()):
        for use in data.views:
            if use.view != "self-assessment":
                continue
            if docname in asking:
                report(app, _second(docname, use.line))
            asking.setdefault(docname, use.line)
    if not asking:
        return {}
    refs = {record.id: record.ref for record in records}
    titles = app.env.titles

    def find(name: str) -> Ref | None:
        title = titles.get(name)
        return Ref("", "page", title.astext(), name) if title else refs.get(name)

    found = {docname: _read(app, docname, line, find) for docname, line in asking.items()}
    return {docname: read for docname, read in found.items() if read}


def _second(docname: str, line: int) -> Finding:
    return finding(
        "self-assessment-value",
        "This is the second {self-assessment} of the page.",
        "Keep one, and put the other with questions of its own into another folder.",
        f"{docname}.md",
        line,
    )


def _read(app: Sphinx, docname: str, line: int, find: Find) -> SelfAssessment | None:
    path = Path(app.env.doc2path(docname)).parent / QUESTIONS
    file = path.relative_to(app.srcdir).as_posix()
    text, unreadable = read_text(path, file, "self-assessment-unreadable")
    if unreadable:
        report(app, unreadable)
        return None
    if text is None:
        report(
            app,
            finding(
                "self-assessment-unreadable",
                f"There are no questions beside this page: {file} is missing.",
                f"Copy {QUESTIONS} of the sample's self-assessment to it, and change the words.",
                f"{docname}.md",
                line,
            ),
        )
        return None
    read, faults = read_questions(text, file, schema("questions"), find)
    for each in faults:
        report(app, each)
    return read
