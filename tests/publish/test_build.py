"""Building again and again in one process."""

from __future__ import annotations

from pathlib import Path

from sphinx.locale import translators

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
