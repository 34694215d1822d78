"""Content is not code: what a page may become, held while it is read and once it is.

What a page may *write* is checked before (`faults`). Here it is held by what reads it, whatever way
it came in: blocks and roles that are not allowed are not found, a page's front matter switches
nothing on, no file beyond the manual's folder is opened, no program run and no other computer
reached, and reading ends after a while. `page_gate` then looks at what the page has become.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from docutils.parsers.rst import directives, roles
from docutils.utils import Reporter
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from myst_parser.parsers.mdit import create_md_parser
from myst_parser.parsers.sphinx_ import MystParser
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective

from living_manual.core.allowed import INSTEAD, Allowed
from living_manual.core.finding import Finding, finding
from living_manual.edges.clock import TookTooLongError, at_most
from living_manual.edges.fence import Attempt, only_files_of
from living_manual.edges.files import ids_in
from living_manual.edges.source_tree import lies_in, tree_faults
from living_manual.sphinx_ext.content import allowed_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of


class _AnyOptions(dict[str, Any]):
    """Takes every option of a block that is not run."""

    def __contains__(self, name: object) -> bool:
        return True

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        return lambda value: value


class RefusedBlock(SphinxDirective):
    """Stands for every block that is not allowed: says so, and leaves nothing on the page."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec = _AnyOptions()

    def run(self) -> list[nodes.Node]:
        """Report the block at its own place, also in an included text."""
        source, line = self.get_source_info()
        _refuse(self.env.app, self.name, f"{{{self.name}}} block", source, line)
        return []


def refused_role(
    name: str,
    _rawtext: str,
    text: str,
    lineno: int,
    inliner: Any,
    options: dict[str, Any] | None = None,  # noqa: ARG001
    content: Sequence[str] | None = None,  # noqa: ARG001
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Stands for every role that is not allowed: says so, and leaves its words as plain text."""
    where = getattr(inliner.reporter, "get_source_and_line", None)
    source, line = where(lineno) if where else (None, lineno)
    document = inliner.document
    env = document.settings.env
    _refuse(env.app, name, f"{{{name}}} role", source or document["source"], line or lineno)
    return [nodes.Text(text)], []


def _refuse(app: Sphinx, name: str, said: str, source: str | None, line: int | None) -> None:
    told = f"A page may not use the {said}."
    fix = INSTEAD.get(name, "docs/safe-content.md lists what a page may use.")
    report(app, finding("not-allowed", told, fix, file_of(app, source), line or 1))


def _refuse_file(app: Sphinx, name: str, source: str | None, line: int | None) -> None:
    message = f"The file '{name}' lies beyond the manual's folder."
    fix = "Copy it into the manual's folder and name it from there."
    report(app, finding("outside-file", message, fix, file_of(app, source), line or 1))


def file_of(app: Sphinx, source: str | None) -> str:
    """A file as findings name it: from the source folder, or the page that is read."""
    path = PurePosixPath(str(source or "").replace("\\", "/"))
    root = PurePosixPath(Path(app.srcdir).as_posix())
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return f"{app.env.docname}.md"


class ManualRenderer(SphinxRenderer):
    """MyST's renderer, without what lets a text speak another language."""

    def run_directive(
        self, name: str, first_line: str, content: str, position: int, *more: Any, **named: Any
    ) -> list[nodes.Element]:
        """A text that a page takes in is looked for in the manual's folder before it is opened."""
        if name.lower() == "include" and (said := self._outside(first_line)):
            _refuse_file(self.document.settings.env.app, said, self.document["source"], position)
            return []
        return super().run_directive(name, first_line, content, position, *more, **named)

    def _outside(self, address: str) -> str:
        """The name of a text that lies beyond the manual's folder; empty when it does not."""
        env = self.document.settings.env
        name = "".join(part.strip() for part in address.splitlines())
        path = Path(env.relfn2path(name)[1])
        inside = lies_in(path, Path(env.srcdir)) and not name.startswith("<")
        return "" if inside else path.name

    def render_restructuredtext(self, token: SyntaxTreeNode) -> None:
        """`{eval-rst}` is the one block that MyST does not look up."""
        self._refuse(token, "eval-rst", "{eval-rst} block")

    def render_substitution(self, token: SyntaxTreeNode, inline: bool) -> None:  # noqa: ARG002
        """A template in a text, for which Jinja would be run without bounds."""
        self._refuse(token, "{{ }}", "{{ }} of a template")

    def render_html_block(self, token: SyntaxTreeNode) -> None:
        """HTML of a page's own."""
        self._refuse(token, "html", "HTML")

    def render_html_inline(self, token: SyntaxTreeNode) -> None:
        """HTML of a page's own."""
        self._refuse(token, "html", "HTML")

    def _refuse(self, token: SyntaxTreeNode, name: str, said: str) -> None:
        line = (token.map[0] + 1) if token.map else None
        app = self.document.settings.env.app
        _refuse(app, name, said, self.document["source"], line)


class ManualParser(MystParser):
    """Reads a page in Markdown with the kit's settings, whatever the page says of itself."""

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Read a page within its bounds; one that leaves them is reported, and left empty."""
        env = document.settings.env
        app: Sphinx = env.app
        page = f"{env.docname}.md"
        folders = (Path(app.srcdir), Path(app.outdir), Path(app.doctreedir))
        attempts: list[Attempt] = []
        try:
            with (
                bounded(app, page),
                only_files_of(*folders) as attempts,
                only_allowed(allowed_of(app)),
            ):
                self._render(inputstring, document)
        except OutOfBoundsError:
            document.clear()
            self._render("", document)  # what comes after reading asks what MyST notes of it
            build_of(app).lost |= {env.docname, page, *ids_in(Path(env.doc2path(env.docname)))}
        for attempt in attempts:
            report(app, beyond(attempt, page))

    @staticmethod
    def _render(text: str, document: nodes.document) -> None:
        parser = create_md_parser(document.settings.env.myst_config, ManualRenderer)
        parser.options["document"] = document
        parser.render(text)


class OutOfBoundsError(Exception):
    """A page took too long or went too deep; it is reported already."""


@contextmanager
def bounded(app: Sphinx, page: str) -> Iterator[None]:
    """What is done for a page ends after `manual_page_seconds`, and goes only so deep.

    Raises `OutOfBoundsError` once it is reported.
    """
    seconds = app.config.manual_page_seconds
    try:
        with at_most(seconds):
            yield
    except TookTooLongError:
        report(
            app,
            finding(
                "page-too-slow",
                f"Reading this page takes more than {seconds:g} seconds.",
                "Look for one very long line, list or table, and part the page into several.",
                page,
                1,
            ),
        )
        raise OutOfBoundsError from None
    except RecursionError:
        report(
            app,
            finding(
                "page-too-deep",
                "Blocks, lists or quotes of this page stand too deep in one another.",
                "Part the page into several, or end a block before the next begins.",
                page,
                1,
            ),
        )
        raise OutOfBoundsError from None


def beyond(attempt: Attempt, page: str) -> Finding:
    """What a page tried to reach, as a finding without a path of this machine."""
    name = PurePosixPath(attempt.target.replace("\\", "/")).name
    if attempt.what == "network":
        return finding(
            "network",
            f"Reading this page would have reached {attempt.target} on the network.",
            "Put the file into the manual's folder and name it there; a build goes nowhere.",
            page,
            1,
        )
    if attempt.what == "program":
        return finding(
            "outside-file",
            f"Reading this page would have run the program {name}.",
            "Take away what asks for it.",
            page,
            1,
        )
    return finding(
        "outside-file",
        f"This page names the file {name}, which lies beyond the manual's folder.",
        "Copy it into the manual's folder and name it from there.",
        page,
        1,
    )


@contextmanager
def only_allowed(allowed: Allowed) -> Iterator[None]:
    """In the block, docutils and Sphinx find no block and no role that a page may not use.

    Everything that reads a page asks these two functions: MyST, docutils, each directive that reads
    text of its own. They are put back at the end, whatever happens.
    """
    find_block, find_role = directives.directive, roles.role

    def block(name: str, language: Any, document: nodes.document) -> tuple[Any, list[Any]]:
        if allowed.block(name.lower()) is None:
            return RefusedBlock, []
        return find_block(name, language, document)

    def role(name: str, language: Any, lineno: int, reporter: Reporter) -> tuple[Any, list[Any]]:
        if name.lower() not in allowed.roles:
            return refused_role, []
        return find_role(name, language, lineno, reporter)

    directives.directive, roles.role = block, role  # type: ignore[assignment]  # as Sphinx does
    try:
        yield
    finally:
        directives.directive, roles.role = find_block, find_role


def look_at_folder(app: Sphinx, _config: Config) -> None:
    """Stop before anything is read where the folder holds what must not be opened.

    The publisher looks itself, and tells each as a finding; this is for a plain `sphinx-build`.
    """
    found = tree_faults(Path(app.srcdir))
    if found:
        raise UnsafeFolderError(" ".join(f"{each.message} {each.fix}" for each in found))


class UnsafeFolderError(SphinxError):
    """The manual's folder holds what must not be opened."""

    category = "The manual's folder"


def setup_gate(app: Sphinx) -> None:
    """`manual_page_seconds` is how long reading one page may take; 0 for as long as it likes."""
    app.add_config_value("manual_page_seconds", 30, "", (int, float))
    app.connect("config-inited", look_at_folder, priority=2)
    app.add_source_parser(ManualParser, override=True)
