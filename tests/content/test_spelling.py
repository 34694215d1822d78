"""Spelling: no page, table or page of the documentation holds a word that nobody knows.

British, Canadian and American spellings are all words. `words.txt` holds the terms that the
dictionaries lack; a word belongs there only when it is right.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.sites import KIT
from tests.tools import BROWSER_TOOLS, node_tools, require, run_node

pytestmark = pytest.mark.node

CONFIG = Path(__file__).with_name("cspell.json")
WORDS = Path(__file__).with_name("words.txt")
READ = ("source/**/*.{md,csv,toml,vtt}", "docs/**/*.md", "README.md", "CHANGELOG.md")


def cspell(*words: str | Path, cwd: Path = KIT) -> subprocess.CompletedProcess[str]:
    modules = require("cspell", node_tools(BROWSER_TOOLS))
    program = modules / "cspell" / "bin.mjs"
    options = ("--no-progress", "--no-color", "--no-summary", "--config", CONFIG)
    return run_node([str(word) for word in (program, "lint", *options, *words)], cwd=cwd)


def test_spelling_is_clean() -> None:
    done = cspell(*READ)

    # 0 is clean and 1 is findings; anything else is a fault of the tool or of its settings.
    assert done.returncode in (0, 1), done.stderr
    assert done.stdout == "", f"mend these, or add what is right to {WORDS.name}:\n{done.stdout}"
    assert done.stderr == ""


SLIPS = {
    "prose.md": ("Students explian their thinking in colour and color.", ["explian"]),
    "link.md": ("We {need}`lok at student work <PRO_LOOKNG_AT_WORK>`.", ["lok"]),
    "plan.csv": ("id,title\nACT_OAK_01,Studnets model and modelling\n", ["Studnets"]),
    "docs/code.md": ("Run `manaul chekc`, then read the resutl.", ["resutl"]),
}
"""Files with a slip: in prose, in the words of a link but not its id, in a table, beside code."""


def test_a_slip_is_found_where_people_write(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for file, (text, _) in SLIPS.items():
        (tmp_path / file).write_text(text, encoding="utf-8")

    done = cspell("--root", tmp_path, *SLIPS, cwd=tmp_path)

    found = re.findall(r"(?m)^(\S+?):\d+:\d+ - Unknown word \((\w+)\)", done.stdout)
    assert sorted(found) == sorted((file, one) for file, (_, w) in SLIPS.items() for one in w)


def test_words_of_our_own_are_in_order_and_there_once() -> None:
    parts = re.split(r"(?m)^#.*\n", WORDS.read_text("utf-8"))[1:]
    assert parts
    for words in (part.split() for part in parts):
        assert words == sorted(set(words), key=lambda word: (word.casefold(), word))
