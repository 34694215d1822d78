"""StrictDoc opens the ReqIF: every record and every link is there after the import."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

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


def imported(manual: Manual, folder: Path) -> Path:
    """The documents that StrictDoc makes of the archive."""
    documents = folder / "documents"
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


def test_every_record_and_link_is_there(manual: Manual, tmp_path: Path) -> None:
    documents = imported(manual, tmp_path)
    assert len(list(documents.glob("*.sdoc"))) == len(types_of(manual.records))
    records, pairs = said_in(documents)
    assert records == set(manual.records)
    assert pairs == pairs_of(manual.records)


def test_the_documents_hang_together(sample: Manual, tmp_path: Path) -> None:
    """StrictDoc follows every link when it exports the documents again."""
    documents = imported(sample, tmp_path)
    run("export", documents, "--output-dir", tmp_path / "out", "--formats", "reqif-sdoc")
    (again,) = (tmp_path / "out").rglob("*.reqif")
    content = ReqIFParser.parse(str(again)).core_content.req_if_content
    assert len(content.spec_objects) == len(sample.records)
    given = sample.reqif.core_content.req_if_content
    assert len(content.spec_relations) == len(given.spec_relations)


def test_text_comes_through_whole(sample: Manual, tmp_path: Path) -> None:
    with zipfile.ZipFile(sample.site / "records.reqifz") as archive:
        assert archive.namelist() == ["records.reqif"]
    text = (imported(sample, tmp_path) / "Action.sdoc").read_text(encoding="utf-8")
    assert "EVIDENCE: A shared log with one photo of the board each week, without names" in text
    assert "LOOK_FOR: Three or more students' ways are on the board" in text
