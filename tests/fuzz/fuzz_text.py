"""A coverage-guided fuzzer of the check of texts: `python -m tests.fuzz.fuzz_text`.

It takes libFuzzer's options. It feeds texts to the check, steered by which lines of the check they
reach. The check may not raise, may tell only what can be shown, and only at lines that exist; what
it lets through is parsed by Sphinx, which may not find anything in it that a page may not do. A
text that breaks one of these is kept as a file `crash-...` in the folder named by
`-artifact_prefix`: it becomes a case of tests/data/hostile/ when the check is mended.
"""

from __future__ import annotations

import io
import logging
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=[
        "living_manual.core.allowed",
        "living_manual.core.page_parts",
        "living_manual.core.safe_inline",
        "living_manual.core.safe_links",
        "living_manual.core.safe_text",
        "living_manual.core.safe_values",
        "markdown_it.rules_block.fence",
        "mdit_py_plugins.myst_role.index",
        "mdit_py_plugins.front_matter.index",
    ]
):
    from living_manual.core.page_parts import lines_of
    from living_manual.core.safe_text import cell_faults, text_findings

from tests.hostile import HARMLESS, PIECES, cases
from tests.oracle import PAGE, Oracle
from tests.sites import SAMPLE

#: Pages of the sample that the fuzzer begins with, besides every hostile text.
PAGES = ("index.md", "glossary/five-practices.md", "onboarding/index.md")


def main() -> None:
    """Fuzz until libFuzzer's own options say that it is enough."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        oracle = Oracle(folder / "oracle")

        def one(data: bytes) -> None:
            text = data.decode("utf-8", errors="replace")
            judge(text, oracle)

        seeds = folder / "seeds"
        write_seeds(seeds)
        words = folder / "words.dict"
        words.write_text(dictionary(), encoding="ascii")
        options = [*sys.argv, f"-dict={words}", str(seeds)]
        atheris.Setup(options, one)
        atheris.Fuzz()


def judge(text: str, oracle: Oracle) -> None:
    """Raise where the check is wrong about a text."""
    found = text_findings(text, PAGE, oracle.allowed)
    last = len(lines_of(text))
    for each in found:
        assert each.line is not None, each
        assert 1 <= each.line <= last, each
        assert (each.message + each.fix).isprintable(), each
    if not found:
        done = oracle.escapes(text)
        assert done == [], (done, text)
    if len(text) < 200:
        cell_faults(text, "plan.csv", 2, oracle.allowed)


def write_seeds(folder: Path) -> None:
    """The corpus, what authors write, and a few pages, as files for the fuzzer to begin with."""
    folder.mkdir()
    texts = [case.text for case in cases() if len(case.text) < 2000]
    texts += HARMLESS.values()
    texts += [(SAMPLE / page).read_text(encoding="utf-8") for page in PAGES]
    for number, text in enumerate(texts):
        (folder / f"{number:04}").write_bytes(text.encode("utf-8"))


def dictionary() -> str:
    """The pieces of hostile texts as words that the fuzzer puts in, in libFuzzer's notation."""
    out = io.StringIO()
    for piece in dict.fromkeys(PIECES):
        escaped = "".join(
            chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}"
            for byte in piece.encode("utf-8")
        )
        out.write(f'"{escaped}"\n')
    return out.getvalue()


if __name__ == "__main__":
    main()
