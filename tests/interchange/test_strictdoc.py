"""StrictDoc opens the ReqIF: every record and every link is there after the import."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from reqif.parser import ReqIFParser

from tests.interchange.conftest import Manual
from tests.plain_records import pairs_of, types_of
from tests.tools import require, strictdoc

Pairs = set[tuple[str, str, str]]


def run(*words: str | Path) -> None:
    command = require("StrictDoc", strictdoc())
    done = subprocess.run(
        [command, *words], capture_output=True, encoding="utf-8", timeout=280, check=False
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert not re.search(r"(?im)^(error|warning)", said), said


@pytest.fixture(scope="module")
def imported(manual: Manual, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents that StrictDoc makes of the archive."""
    documents = tmp_path_factory.mktemp("strictdoc") / "documents"
    archive = manual.site / "records.reqifz"
    words = ("--input-format", "reqifz-sdoc", "--output-format", "sdoc")
    run("convert", archive, documents, *words)
    return documents


def said_in(documents: Path) -> tuple[set[str], Pairs]:
    """The records and links of StrictDoc's own documents, by their text."""
    records, pairs = set(), set()
    for path in documents.glob("*.sdoc"):
        nodes = re.split(r"(?m)^UID: ", path.read_text(encoding="utf-8"))[1:]
        for node in nodes:
            uid = node.partition("\n")[0]
            records.add(uid)
            parts = re.findall(r"- TYPE: Parent\n  VALUE: (\w+)\n  ROLE: ([\w, ]+)\n", node)
            pairs |= {(uid, link, to) for to, links in parts for link in links.split(", ")}
    return records, pairs


def test_every_record_and_link_is_there(manual: Manual, imported: Path) -> None:
    assert len(list(imported.glob("*.sdoc"))) == len(types_of(manual.records))
    records, pairs = said_in(imported)
    assert records == set(manual.records)
    assert pairs == pairs_of(manual.records)


@pytest.mark.parametrize("manual", ["sample"], indirect=True)
def test_the_documents_hang_together(manual: Manual, imported: Path, tmp_path: Path) -> None:
    """StrictDoc follows every link when it exports the documents again, and keeps every text."""
    action = (imported / "Action.sdoc").read_text(encoding="utf-8")
    assert "EVIDENCE: A shared log with one photo of the board each week, without names" in action
    assert "LOOK_FOR: Three or more students' ways are on the board" in action
    run("export", imported, "--output-dir", tmp_path, "--formats", "reqif-sdoc")
    (again,) = tmp_path.rglob("*.reqif")
    content = ReqIFParser.parse(str(again)).core_content.req_if_content
    given = manual.reqif.core_content.req_if_content
    assert len(content.spec_objects) == len(manual.records)
    assert len(content.spec_relations) == len(given.spec_relations)
