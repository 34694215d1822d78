"""What a text makes Sphinx do, by Sphinx itself: the judge of the check that comes before it.

MyST parses the text as it parses a page, in the manual's own set-up. Every block, role and key of
a front matter that it looks up is noted, with every node that would reach a reader as more than
words. What is not allowed is looked up, and then not run.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from unittest import mock

import myst_parser.mdit_to_docutils.base as myst
import myst_parser.parsers.sphinx_ as myst_sphinx
from docutils import nodes
from docutils.parsers.rst import Directive
from docutils.parsers.rst.directives.misc import Include
from myst_parser.parsers.sphinx_ import MystParser
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import sphinx_domains
from sphinx.util.logging import suppress_logging

from living_manual.core.allowed import Allowed
from living_manual.sphinx_ext.content import allowed_of
from tests.sites import KIT

#: What MyST itself writes as raw for a line that is broken.
BREAKS = {"<br />\n", "\\\\\n"}
#: The page that each text stands on.
PAGE = "a/page.md"
DOCNAME = "a/page"
SCHEMES = ("http://", "https://", "mailto:", "tel:", "#")


class Nothing(Directive):
    """Stands for a block that may not be run."""

    required_arguments = 0
    optional_arguments = 99
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        return []


class Oracle:
    """Parses texts as pages of a small manual, and says what would be more than words."""

    def __init__(self, folder: Path, kit: Path = KIT) -> None:
        source = folder / "source"
        (source / "a").mkdir(parents=True)
        (source / "index.md").write_text("# A\n", encoding="utf-8")
        (source / PAGE).write_text("# A\n", encoding="utf-8")
        (source / "district.toml").write_text(_TOML, encoding="utf-8")
        with suppress_logging():
            self.app = Sphinx(
                source,
                kit,
                folder / "out",
                folder / "doctrees",
                "html",
                status=None,
                warning=io.StringIO(),
            )
            self.app.builder.read()  # what sphinx-needs makes ready before a page is read
        self.allowed: Allowed = allowed_of(self.app)
        self.done: list[str] = []

    def escapes(self, text: str) -> list[str]:
        """What a page with this text would do that no page may."""
        self.done = []
        env = self.app.env
        env.prepare_settings(DOCNAME)
        with sphinx_domains(env), self._watched(), suppress_logging():
            try:
                self.done += self._seen(self._parsed(text))
            except Exception as error:  # a page that stops Sphinx stops the whole build
                self.done.append(f"stops: {error!r}")
        env.clear_doc(DOCNAME)
        self.app.emit("env-purge-doc", env, DOCNAME)
        return self.done

    def _parsed(self, text: str) -> nodes.document:
        from docutils.frontend import get_default_settings
        from docutils.utils import new_document

        env = self.app.env
        settings = get_default_settings(MystParser)
        settings.update(dict(env.settings), _NoOptions())
        settings.env = env
        settings.traceback = True
        settings.report_level, settings.halt_level = 5, 6
        document = new_document(str(env.doc2path(DOCNAME)), settings)
        parser = MystParser()
        parser._config, parser._env = self.app.config, env
        parser.parse(text, document)
        return document

    # ------------------------------------------------------------------------- looking on

    @contextmanager
    def _watched(self) -> Iterator[None]:
        block, role = myst.directives.directive, myst.roles.role
        head = myst_sphinx.merge_file_level
        options = myst.parse_directive_text

        def find_block(name: str, *more: Any) -> Any:
            if self.allowed.block(name) is None:
                self.done.append(f"block {name}")
                return Nothing, []
            return block(name, *more)

        def find_role(name: str, *more: Any) -> Any:
            if name not in self.allowed.roles:
                self.done.append(f"role {name}")
                return lambda *_: ([], []), []
            return role(name, *more)

        def read_head(config: Any, head_matter: Any, *more: Any) -> Any:
            for key in head_matter:
                if key not in self.allowed.keys:
                    self.done.append(f"key {key}")
            return head(config, {}, *more)

        def read_options(cls: type[Directive], *more: Any, **named: Any) -> Any:
            parsed = options(cls, *more, **named)
            self._note_options(cls, parsed.options)
            if issubclass(cls, Include) and parsed.arguments:
                wrong = _outside(parsed.arguments[0])
                self.done += [f"include {wrong}"] if wrong else []
            return parsed

        with (
            mock.patch.object(myst.directives, "directive", find_block),
            mock.patch.object(myst.roles, "role", find_role),
            mock.patch.object(myst_sphinx, "merge_file_level", read_head),
            mock.patch.object(myst, "parse_directive_text", read_options),
            mock.patch.object(myst.DocutilsRenderer, "render_restructuredtext", self._rst),
            mock.patch.object(myst.DocutilsRenderer, "render_front_matter", self._head),
        ):
            yield

    def _rst(self, *_: Any) -> None:
        self.done.append("block eval-rst")

    def _head(self, token: Any) -> None:
        """Seen before: what MyST reads at the head of a page."""

    def _note_options(self, cls: type[Directive], options: dict[str, Any]) -> None:
        known = self._options.get(cls)
        if known is not None:
            self.done += [f"option {cls.__name__} {name}" for name in options if name not in known]

    @property
    def _options(self) -> dict[type[Directive], set[str]]:
        """What each block may have, by its class; several names may share one."""
        if not hasattr(self, "_known"):
            found: dict[type[Directive], set[str]] = {}
            for name, block in self.allowed.blocks.items():
                cls = self.directive(name)
                found.setdefault(cls, set()).update(block.options or ())
            self._known = found
        return self._known

    def directive(self, name: str) -> type[Directive]:
        """The class that Sphinx runs for a block of this name."""
        from docutils.parsers.rst.languages import en

        with sphinx_domains(self.app.env):
            cls, _ = myst.directives.directive(name, en, None)
        assert cls is not None, name
        return cls

    def has_role(self, name: str) -> bool:
        from docutils.parsers.rst.languages import en

        with sphinx_domains(self.app.env):
            found, _ = myst.roles.role(name, en, 0, None)
        return found is not None

    # ------------------------------------------------------------------------- the result

    def _seen(self, document: nodes.document) -> Iterator[str]:
        checks: dict[type, Callable[[Any], str]] = {
            nodes.raw: lambda node: "" if node.astext() in BREAKS else f"raw {node.astext()}",
            nodes.reference: lambda node: _address(node.get("refuri", "#")),
            nodes.image: lambda node: _outside(str(node["uri"])),
            addnodes.download_reference: lambda node: _outside(str(node["reftarget"])),
            addnodes.pending_xref: lambda node: _target(str(node["reftarget"]), node),
            nodes.meta: lambda node: f"meta {node}",
        }
        for node in document.findall():
            check = checks.get(type(node))
            wrong = check(node) if check else ""
            if wrong:
                yield wrong
        for toctree in document.findall(addnodes.toctree):
            for _, entry in toctree["entries"]:
                if wrong := _address(str(entry)):
                    yield f"toctree {wrong}"


def _address(uri: str) -> str:
    """A link as a browser reads it: with no sign below a blank, and no case in its scheme."""
    plain = "".join(sign for sign in uri if sign > " ").lower()
    head = plain.split("/")[0].split("?")[0].split("#")[0]
    if plain.startswith("//") or plain.startswith(("\\", "/\\")):
        return f"address {uri}"
    return f"address {uri}" if ":" in head and not plain.startswith(SCHEMES) else ""


def _target(uri: str, node: nodes.Element) -> str:
    """A link that Sphinx will look for; where it finds nothing it is text, and told."""
    if node.get("reftype") != "myst":
        return ""
    return _address(uri) or _outside(uri)


def _outside(uri: str) -> str:
    """A file that is loaded: of the manual, and nothing else."""
    path = normpath(uri.lstrip("/") if uri.startswith("/") else join(dirname(PAGE), uri))
    above = f"{path}/".startswith("../")
    if ":" in re.split("[/?#]", uri, maxsplit=1)[0] or uri.startswith(("//", "<")) or above:
        return f"file {uri}"
    return ""


class _NoOptions:
    """docutils asks an option parser which settings are lists; none of ours are."""

    lists: dict[str, bool] = {}  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        return {}


_TOML = (KIT / "tests" / "sphinx_ext" / "sites" / "tiny" / "district.toml").read_text(
    encoding="utf-8"
)
