"""sphinx-needs runs no code of a page: none of its ways to do so is left.

No setting turns them off. A filter is given to Python's `eval` where it is not of the portable
kind, the lines of a needtable are a program, `[[...]]` calls a function also in titles and links,
variants and conditions are expressions. So the modules that evaluate are given an `eval` that
refuses, once for all manuals of the process, and no function is known by name. This is the net
below the lists of what a page may write; what would have been computed is a finding.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx_needs import filter_common, utils, variants
from sphinx_needs.config import NeedsSphinxConfig
from sphinx_needs.directives import needif
from sphinx_needs.functions import common, functions
from sphinx_needs.need_item import NeedItem
from sphinx_needs.ubquery import CompiledFilter, compile_portable

from living_manual.core.finding import finding
from living_manual.sphinx_ext.reporting import report

_EVALUATE = (filter_common, variants, needif, common, functions)
#: What sphinx-needs takes for a function, a variant, or a value of another place.
_COMPUTED = re.compile(r"\[\[|<<|<\{")
#: Signs of the longest filter.
LONGEST = 1000

#: Settings of sphinx-needs that run, fetch or write something, and what they are here.
OFF: Mapping[str, Any] = {
    "needs_functions": [],
    "needs_external_needs": [],
    "needs_variant_data": {},
    "needs_variants": {},
    "needs_services": {},
    "needs_parse_dynamic_functions": False,
    "needs_allow_unsafe_filters": False,
    "needs_build_json_per_id": False,
    "needs_build_needumls": "",
}


class CodeRefusedError(RuntimeError):
    """Something would have been run that came from a page."""


def _refuse(*_args: Any, **_named: Any) -> NoReturn:
    raise CodeRefusedError("a manual runs no code of its pages")


def _portable(written: str) -> CompiledFilter:
    """sphinx-needs' own, less what may take for ever: a pattern, a filter without end."""
    if len(written) > LONGEST or _searches(written):
        return CompiledFilter(None, "pattern", False)
    return compile_portable(written)


def _searches(written: str) -> bool:
    try:
        tree = ast.parse(written.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    return any(isinstance(node, ast.Name) and node.id == "search" for node in ast.walk(tree))


def _collected(self: filter_common.FilterBase) -> Any:
    """What a list of records asks for, less its programs; each that it had is reported."""
    written = str(self.options.get("filter") or "").strip()
    program = "\n".join(self.content).strip() or self.options.get("filter-func")
    if program or (written and _portable(written).predicate is None):
        source, line = self.get_source_info()
        said = "lines that would be run as a program" if program else "a filter that is a program"
        report(
            self.env.app,
            finding(
                "filter",
                f"This {{{self.name}}} has {said}.",
                "Write :filter: as in: type == 'term' and status == 'planned'.",
                str(source).replace("\\", "/").removeprefix(f"{self.env.srcdir}/"),
                line,
            ),
        )
        self.content = StringList()
        for name in ("filter", "filter-func"):
            self.options.pop(name, None)
    return _COLLECT(self)


_COLLECT = filter_common.FilterBase.collect_filter_attributes


def shut_off() -> None:
    """Take the ways to run code from sphinx-needs; to do so again changes nothing."""
    filter_common.FilterBase.collect_filter_attributes = _collected  # type: ignore[method-assign]
    for module in _EVALUATE:
        vars(module).update(eval=_refuse, exec=_refuse)
    vars(filter_common)["compile_portable"] = _portable
    vars(utils)["importlib"] = None  # else filter-func loads any module


def no_functions(_app: Sphinx, config: Config) -> None:
    """No function is known by name, whatever conf.py or another extension has registered."""
    shut_off()
    NeedsSphinxConfig(config).functions.clear()  # type: ignore[attr-defined]  # one for all
    for name, value in OFF.items():
        if name in config:
            config[name] = value


def computed(options: Mapping[str, Any], links: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(option, what is wrong) for each option of a record that is more than words."""
    for name, value in options.items():
        if not isinstance(value, str):
            continue
        if found := _COMPUTED.search(value):
            yield name, f"holds '{found[0]}', which would be computed"
        elif name in links and re.search(r"[\[\]]", value):
            yield name, "links under a condition"


def computes(need: NeedItem) -> bool:
    """Whether a record holds what sphinx-needs would still have to compute."""
    links = (link for targets in need._links.values() for link in targets)
    return need.has_dynamic_fields or any(link.condition is not None for link in links)
