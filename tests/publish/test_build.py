"""Building again and again in one process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sphinx.locale import translators

from living_manual.sphinx_ext.builder import ManualHTMLBuilder
from tests.sites import KIT, TINY, TODAY, copy, manual


def _longest_chain() -> int:
    """How many translations Sphinx has hung one behind the other."""
    longest = 0
    for translation in translators.values():
        length, link = 0, translation
        while link is not None:
            length, link = length + 1, getattr(link, "_fallback", None)
        longest = max(longest, length)
    return longest


def test_builds_of_one_process_do_not_hang_on_one_another(tmp_path: Path) -> None:
    """With a language other than English, Sphinx's chain grows until Python gives up."""
    source = copy(TINY, tmp_path / "source")
    source.replace("district.toml", 'language = "en"', 'language = "fr"')
    lengths = []
    for _ in range(3):
        said = manual("check", "--kit", KIT, "--source", source.root, "--today", TODAY)
        assert said.code == 0, said.out
        lengths.append(_longest_chain())
    assert lengths == [lengths[0]] * 3


def _build(source: Path, output: Path, jobs: int) -> tuple[int, str, dict[str, bytes]]:
    """The exit code, what was printed, and the folder's files."""
    words = ["build", "--kit", KIT, "--source", source, "--today", TODAY, "--output", output]
    said = manual(*words, "--jobs", jobs)
    assert not said.err.count("Traceback"), said.err
    files = {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file()
    }
    return said.code, said.out.replace(str(output), "OUT"), files


def test_several_processes_write_the_bytes_of_one(tmp_path: Path) -> None:
    one, three = (_build(TINY, tmp_path / str(jobs), jobs) for jobs in (1, 3))
    assert one[0] == 0, one[1]
    assert len(one[2]) > 20
    assert three == one


DAMAGE = {
    "a link that leads nowhere": "\n{need}`PRO_NOWHERE`\n",
    "a step outside a protocol": "\n::::{steps}\n:::{step} Alone\nNo minutes.\n:::\n::::\n",
    "a block that is never closed": "\n:::{note}\nNever closed.\n",
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_several_processes_find_what_one_finds(tmp_path: Path, text: str) -> None:
    source = copy(TINY, tmp_path / "source")
    source.append("glossary/index.md", text)
    one, three = (_build(source.root, tmp_path / str(jobs), jobs) for jobs in (1, 3))
    assert one[0] == 1
    assert "glossary/index.md:" in one[1]
    assert three == one


@pytest.mark.parametrize("pages", ["glossary/index", "all"])
@pytest.mark.parametrize("fault", [RuntimeError("no"), OSError(28, "No space left"), SystemExit(3)])
def test_what_another_process_fails_at_one_does_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: str, fault: BaseException
) -> None:
    """Sphinx says nothing of some faults in another process: the page is just not there."""
    wanted = _build(TINY, tmp_path / "wanted", 1)
    here, write = os.getpid(), ManualHTMLBuilder.get_doc_context

    def get_doc_context(self: ManualHTMLBuilder, docname: str, *rest: Any) -> dict[str, Any]:
        if os.getpid() != here and pages in (docname, "all"):
            raise fault
        return write(self, docname, *rest)

    monkeypatch.setattr(ManualHTMLBuilder, "get_doc_context", get_doc_context)
    assert _build(TINY, tmp_path / "got", 3) == wanted
