"""The block that makes a record in a page."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx_needs.data import SphinxNeedsData
from sphinx_needs.directives.need import NeedDirective

from living_manual.core.finding import finding
from living_manual.core.rules import check_ids
from living_manual.sphinx_ext.needs.no_code import computed
from living_manual.sphinx_ext.needs.reading import HIDDEN_FIELDS, first_place, model_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of, page


class RecordDirective(NeedDirective):
    """A record in a page. Without a title it is the page's lead record and takes the heading."""

    def run(self) -> Sequence[nodes.Node]:
        """Check what sphinx-needs would take silently, then let it make the record."""
        self.options.pop("edition", None)  # the public edition was cut by it before
        record_id = (self.options.get("id") or "").strip()
        file, line = self._place()
        lead = not self.arguments
        if not record_id:
            self._say(
                "missing-id",
                f"This {self.name} has no id.",
                f"Add `:id: {self._prefix()}...` as the first line of the block; a blank line "
                "before the options makes them part of the text.",
            )
            return []
        if SphinxNeedsData(self.env).has_need(record_id):
            first = first_place(self.env, record_id)
            for found in check_ids([(record_id, file, line, *first)]):
                report(self.env.app, found)
            return []
        if lead and not self._take_heading():
            build_of(self.env.app).lost.add(record_id)
            return []
        self._drop_unknown_options()
        if self._computes():
            build_of(self.env.app).lost.add(record_id)
            return []
        data = page(self.env, self.env.docname)
        data.origins[record_id] = (file, line)
        if lead:
            data.lead = record_id
        made = super().run()
        if not made:
            build_of(self.env.app).lost.add(record_id)
            data.origins.pop(record_id, None)
            data.lead = None if lead else data.lead
        return made

    def _take_heading(self) -> bool:
        title = next(iter(self.state.document.findall(nodes.title)), None)
        if title is None:
            self._say(
                "record-without-title",
                f"This {self.name} has no title.",
                "Write a title after the name of the block, or a heading (#) above it.",
            )
            return False
        if page(self.env, self.env.docname).lead:
            self._say(
                "second-lead-record",
                f"This {self.name} has no title, and the page's heading belongs to "
                f"{page(self.env, self.env.docname).lead}.",
                "Write a title after the name of the block.",
            )
            return False
        self.arguments = [title.astext()]
        return True

    def _drop_unknown_options(self) -> None:
        known = [*option_names(self.env), "id", "status"]
        for name in [name for name in self.options if name not in known]:
            near = get_close_matches(name, known, n=1)
            fix = f"Did you mean '{near[0]}'?" if near else "docs/reference/model.md lists them."
            self._say("unknown-option", f"A {self.name} has no option '{name}'.", fix)
            del self.options[name]

    def _computes(self) -> bool:
        """Whether the title or an option is more than words; each is reported."""
        links = SphinxNeedsData(self.env).get_schema().iter_link_field_names()
        options = {"title": " ".join(self.arguments), **self.options}
        found = list(computed(options, dict.fromkeys(links)))
        for name, said in found:
            self._say(
                "not-allowed", f"The {name} of this {self.name} {said}.", "Write the words or ids."
            )
        return bool(found)

    def _place(self) -> tuple[str, int]:
        source, line = self.get_source_info()
        root = f"{self.env.srcdir}/"
        return str(source).replace("\\", "/").removeprefix(root), line or self.lineno

    def _prefix(self) -> str:
        return model_of(self.env.config).types[self.name].prefix

    def _say(self, kind: str, message: str, fix: str) -> None:
        report(self.env.app, finding(kind, message, fix, *self._place()))


def option_names(env: BuildEnvironment) -> list[str]:
    """The fields and links a record may carry."""
    schema = SphinxNeedsData(env).get_schema()
    names = [*schema.iter_extra_field_names(), *schema.iter_link_field_names()]
    return [name for name in names if name not in HIDDEN_FIELDS and name != "links"]
