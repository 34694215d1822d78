"""Another Sphinx site links to the manual and lists its records, built with -W."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from sphinx.util.inventory import InventoryFile

from tests.interchange.conftest import Manual

BASE = "https://manual.alder-valley.example"

CONF = f"""\
extensions = ["myst_parser", "sphinx.ext.intersphinx", "sphinx_needs"]
project = "Birch Elementary"
nitpicky = True
intersphinx_mapping = {{"manual": ("{BASE}/", "objects.inv")}}
needs_from_toml = "needs-model.toml"
needs_external_needs = [{{"base_url": "{BASE}", "json_path": "needs.json"}}]
"""

INDEX = """\
# Our Wednesday meeting

We run {external+manual:std:ref}`PRO_LOOKING_AT_STUDENT_WORK`, and stay longest at
{external+manual:std:ref}`PRO_LOOKING_AT_STUDENT_WORK.step-describe`. It grows
{external+manual:std:term}`fluency`, as {need}`OBJ_PRACTICES` asks;
[what we do](inv:manual:std:label#ACT_BIRCH_01) shows it.

```{needtable}
:filter: is_external
:columns: id, title, type, status, owner, advances
:style: table
```
"""


def ids_of(page: Path) -> set[str]:
    return set(re.findall(r'\sid="([^"]+)"', page.read_text(encoding="utf-8")))


def dead(site: Path, addresses: set[str]) -> list[str]:
    """The addresses that lead to no page or to no place on it."""
    ids: dict[str, set[str]] = {}
    lost = []
    for address in sorted(addresses):
        page, anchor = urldefrag(address)
        if page not in ids:
            ids[page] = ids_of(site / page) if (site / page).is_file() else set()
        if anchor not in ids[page]:
            lost.append(address)
    return lost


@pytest.fixture(scope="module")
def other(sample: Manual, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the other site, built with what a release holds."""
    folder = tmp_path_factory.mktemp("other")
    for name in ("needs.json", "needs-model.toml", "objects.inv"):
        shutil.copy(sample.site / name, folder / name)
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    (folder / "index.md").write_text(INDEX, encoding="utf-8")
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", folder, folder / "out"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return (folder / "out" / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("protocols/plc/looking-at-student-work.html#PRO_LOOKING_AT_STUDENT_WORK", "Looking at"),
        ("protocols/plc/looking-at-student-work.html#step-describe", "Describe"),
        ("glossary/fluency.html#TERM_FLUENCY", "fluency"),
        ("vision/objectives/practices.html#OBJ_PRACTICES", "OBJ_PRACTICES"),
        ("schools/birch/index.html#ACT_BIRCH_01", "what we do"),
    ],
    ids=["protocol", "step", "word", "external need", "row of a table"],
)
def test_other_site_links_here(address: str, words: str, other: str, sample: Manual) -> None:
    paragraph = other[: other.index("<table")]
    assert re.search(rf'href="{BASE}/{re.escape(address)}"[^>]*>(<[^>]+>)*{words}', paragraph)
    assert dead(sample.site, {address}) == []


def test_other_site_lists_every_record(other: str, sample: Manual) -> None:
    assert set(re.findall(r'data-need-id="(\w+)"', other)) == set(sample.records)
    linked = set(re.findall(rf'href="{BASE}/([^"]+)"', other))
    assert len(linked) > len(sample.records)
    assert dead(sample.site, linked) == []


def test_every_address_that_a_release_gives_away_leads_somewhere(manual: Manual) -> None:
    data = json.loads((manual.site / "needs.json").read_text(encoding="utf-8"))
    needs = data["versions"][data["current_version"]]["needs"]
    addresses = {f"{each['docname']}.html#{name}" for name, each in needs.items()}
    assert len(addresses) == len(manual.records)
    assert dead(manual.site, addresses) == []
    assert dead(manual.site, {"index.html#NO_SUCH_RECORD", "gone.html#TERM"}) != []


def test_inventory_names_records_steps_and_words(manual: Manual) -> None:
    inventory = InventoryFile.loads((manual.site / "objects.inv").read_bytes(), uri="").data
    labels = inventory["std:label"]
    named = {name: entry.uri for name, entry in labels.items()}
    assert set(manual.records) <= set(named)
    steps = {
        f"{name}.{anchor}"
        for name, each in manual.records.items()
        if each.type == "protocol"
        for anchor in ids_of(manual.site / f"{each.page}.html")
        if anchor.startswith("step-")
    }
    assert len(steps) > 40
    assert {name for name in named if "." in name} == steps
    assert (
        dead(manual.site, set(named.values()) - {u for u in named.values() if "#" not in u}) == []
    )
    words = {name for name, each in manual.records.items() if each.type == "term"}
    leads = {urldefrag(entry.uri).fragment for entry in inventory["std:term"].values()}
    assert leads == words
    lowered = [name.casefold() for name in [*named, *inventory["std:term"]]]
    assert len(lowered) == len(set(lowered)), "two names that differ by capitals are refused"
