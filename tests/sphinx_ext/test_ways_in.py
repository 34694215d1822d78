"""Every way in beside the pages: what comes by a table, a setting or a file of notes stays words.

The sample is built once with one hostile text in each place. The text must be found again on a
page, letter for letter, and never as an element, an attribute or an address that runs.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree, html

from living_manual.core.table import is_formula
from tests.sites import KIT, SAMPLE, TINY, Source, check, copy, manual

#: HTML that runs, an address that runs, a function, a template, a template without end, a block.
HOSTILE = (
    "<script>run()</script><img src=x onerror=run()> [it](javascript:run()) [[copy('id')]] "
    "{{ 7*7 }} {% for a in range(9**9) %}{% endfor %} ```{eval-rst}``` {raw}`a` "
    "'><b onclick=run()> &lt;i&gt; \\u003cscript\\u003e"
)
#: The same where only few letters are taken.
SHORT = "<b onclick=run()> [[copy('id')]] {{ 7*7 }} {raw}`a`"
BRIEF = {"a question", "a step of its scale"}
TODAY = "2026-11-20"


class Place(NamedTuple):
    """A place for a text: how to put it there."""

    put: Callable[[Source, str], None]


def cell(file: str, column: str, row: int = 1) -> Place:
    """A cell of a table."""

    def put(source: Source, text: str) -> None:
        rows = list(csv.reader(io.StringIO(source.read(file), newline="")))
        rows[row][rows[0].index(column)] = text
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        source.write(file, out.getvalue())

    return Place(put)


def setting(key: str, file: str = "district.toml") -> Place:
    """A text of a TOML file: the first with this key."""

    def put(source: Source, text: str) -> None:
        found = re.search(rf'(?m)^{key} = "[^"\n]*"', source.read(file))
        assert found, key
        line = f"{key} = {json.dumps(text)}"
        before, after = source.read(file).split(found[0], 1)
        source.write(file, f"{before}{line}{after}")

    return Place(put)


def note(source: Source, text: str) -> None:
    """What a note beside a picture says."""
    file = "exemplars/broken-ruler/student-a-reads-the-end.annotations.json"
    data = json.loads(source.read(file))
    data["items"][0]["body"]["value"] = text
    source.write(file, json.dumps(data))


def cue(kind: str, before: str) -> Place:
    """Words of a clip."""
    file = f"exemplars/number-talk-49-36/number-talk.{kind}.vtt"
    return Place(lambda source, text: source.replace(file, before, text))


QUESTIONS = "progress/self-assessment/questions.toml"
PLAN, SESSIONS = "schools/birch/plan.csv", "learning/sessions.csv"
PLACES: dict[str, Place] = {
    "the title of an action": cell(PLAN, "title"),
    "a look-for": cell(PLAN, "look_for"),
    "the evidence of an action": cell(PLAN, "evidence"),
    "the funding of an action": cell(PLAN, "funding"),
    "the notes of an action": cell(PLAN, "notes"),
    "the title of a session": cell(SESSIONS, "title"),
    "the kind of a session": cell(SESSIONS, "kind"),
    "the place of a session": cell(SESSIONS, "place"),
    "the notes of a session": cell(SESSIONS, "notes"),
    "the title of an assessment": cell("learning/assessments.csv", "title"),
    "a short title": cell("learning/assessments.csv", "short", 2),
    "the notes of an assessment": cell("learning/assessments.csv", "notes", 3),
    "the note of a reading": cell("progress/readings.csv", "note", 2),
    "what was seen": cell("schools/birch/evidence.csv", "seen"),
    "the reason of an exception": cell("progress/exceptions.csv", "reason"),
    "who approved it": cell("progress/exceptions.csv", "approved_by"),
    "a name to compare with": cell("learning/benchmarks.csv", "name"),
    "a note to compare with": cell("learning/benchmarks.csv", "note"),
    "a part of the hours": cell("learning/reported-hours.csv", "part"),
    "a note on the hours": cell("learning/reported-hours.csv", "note"),
    "the district": setting("name"),
    "the district's note": setting("note"),
    "the manual's name": setting("manual_name"),
    "the short name": setting("short_name"),
    "a question": setting("title", QUESTIONS),
    "a step of its scale": setting("means", QUESTIONS),
    "a note beside a picture": Place(note),
    "captions": cue("captions", "Which answers do we have?"),
    "chapters": cue("chapters", "Two answers"),
    "commentary": cue("commentary", "Students think, and thumbs come up one by one."),
}
#: Texts that are shown by a program alone: the browser reads the file itself.
BY_THE_BROWSER = {"captions", "chapters"}
#: Texts of WebVTT, in which a tag names a voice and is not shown.
WITHOUT_TAGS = {"commentary"}
#: Texts that no page shows.
NOWHERE = {"the note of a reading", "a note on the hours"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, built with a hostile text in every place."""
    root = tmp_path_factory.mktemp("ways")
    source = copy(SAMPLE, root / "source")
    for number, (name, place) in enumerate(PLACES.items()):
        place.put(source, text_at(number, name))
    words = ("--kit", KIT, "--source", source.root, "--output", root / "site", "--today", TODAY)
    said = manual("build", *words)
    assert said.code == 0, said.out
    return root / "site"


def text_at(number: int, name: str) -> str:
    """The hostile text of a place, which names it."""
    return f"Way{number:02}. {SHORT if name in BRIEF else HOSTILE}"


@cache
def page(path: Path) -> html.HtmlElement:
    return html.fromstring(path.read_bytes())


def pages(site: Path) -> Iterator[tuple[Path, html.HtmlElement]]:
    for path in sorted(site.rglob("*.html")):
        yield path, page(path)


def test_each_text_arrives_as_it_was_written(site: Path) -> None:
    shown = [squeezed(root.text_content()) for _, root in pages(site)]
    files = [squeezed(path.read_text(encoding="utf-8")) for path in site.rglob("*.vtt")]
    missing = []
    for number, name in enumerate(PLACES):
        text = text_at(number, name)
        if name in WITHOUT_TAGS:
            text = unescape(re.sub("<[^<>]*>", "", text))
        there = any(squeezed(text) in one for one in (files if name in BY_THE_BROWSER else shown))
        if there == (name in NOWHERE):
            missing.append(name)
    assert missing == []


def squeezed(text: str) -> str:
    """Letters without blanks, and without the stars that make a note's words stand out."""
    return re.sub(r"[\s*]", "", text)


def test_nothing_of_it_is_an_element_an_attribute_or_an_address(site: Path) -> None:
    for path, root in pages(site):
        assert not root.xpath("//img[@src='x'] | //b[@onclick]"), path
        assert not [each for each in root.xpath("//script") if "run()" in (each.text or "")], path
        events = [each for each in root.xpath("//@*") if each.attrname.startswith("on")]
        assert not events, path
        addresses = root.xpath("//@href | //@src | //@action | //@poster | //@data")
        assert not [each for each in addresses if each.strip().lower().startswith("java")], path


def test_nothing_of_it_was_worked_out(site: Path) -> None:
    """Neither a function nor a template: each place shows what was written, and not its value."""
    for path, root in pages(site):
        shown = root.text_content()
        assert "Way" not in shown or " 49 {%" not in shown, path
        assert shown.count("7*7") == shown.count("{{ 7*7 }}"), path


def test_files_beside_the_pages_are_sound(site: Path) -> None:
    """Data, feeds, drawings: each is read by what reads such files, and holds nothing that runs."""
    looked = 0
    for path in sorted(site.rglob("*")):
        if path.suffix == ".json" and "pagefind" not in path.parts:
            json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".xml", ".atom", ".svg"):
            root = etree.fromstring(path.read_bytes())
            assert not root.xpath("//*[local-name()='script'] | //@onerror | //@onclick"), path
        elif path.suffix == ".csv":
            for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
                assert not [each for each in row if is_formula(each)], path
        else:
            continue
        looked += 1
    assert looked > 20


#: What an import brings must be words as well: what it writes is a page and a table.
def test_an_imported_framework_is_words(tmp_path: Path) -> None:
    source = copy(TINY, tmp_path / "source")
    data = json.loads((KIT / "tests" / "data" / "case-1.1.json").read_text(encoding="utf-8"))
    data["CFDocument"]["title"] = f"A framework {HOSTILE}"
    data["CFDocument"]["description"] = f"{HOSTILE}\n\n```{{eval-rst}}\n.. raw:: html\n```\n"
    for number, item in enumerate(data["CFItems"]):
        item["fullStatement"] = f"{'=cmd()' if number % 2 else 'So'} {number} {HOSTILE}"
    (tmp_path / "case.json").write_text(json.dumps(data), encoding="utf-8")
    words = ("--kit", KIT, "--source", source.root)
    said = manual("import", "case", tmp_path / "case.json", *words)
    assert said.code == 0, said.out + said.err
    again = manual("import", "case", tmp_path / "case.json", *words)
    assert "othing" in again.out
    found = [each for each in check(source).findings if each["severity"] == "error"]
    assert found == []
    output = tmp_path / "site"
    assert manual("build", *words, "--output", output, "--today", "2030-10-15").code == 0
    shown = "".join(root.text_content() for _, root in pages(output))
    assert "'=cmd() 1 < script>run()< /script>" in shown
    test_nothing_of_it_is_an_element_an_attribute_or_an_address(output)
