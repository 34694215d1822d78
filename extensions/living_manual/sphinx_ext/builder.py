"""Sphinx's HTML builder, less what the frame of these pages does not show."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from living_manual.sphinx_ext.clean_media import OFFERED, PICTURE, clean_copied, publish_all
from living_manual.sphinx_ext.interchange import named_for_others
from living_manual.sphinx_ext.widths import StylelessTranslator


class ManualHTMLBuilder(StandaloneHTMLBuilder):
    """HTML without links to the page before and after, and without the page's own contents list.

    Sphinx renders each of these titles anew for every page, which at 340 pages takes as long as
    the pages' own text.
    """

    default_translator_class = StylelessTranslator

    def prepare_writing(self, docnames: Set[str]) -> None:
        """No page has a place in a sequence: readers come by search, links and lists."""
        super().prepare_writing(docnames)
        self.relations = {}

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a page, and note that it stands where somebody asked for it.

        Sphinx passes over what another process fails at while more is handed out
        (`ParallelTasks.add_task`), so that a page can be missing without a word.
        """
        super().write_doc(docname, doctree)
        if self.config.manual_written:
            with Path(self.config.manual_written).open("a", encoding="utf-8") as written:
                written.write(f"{docname}\n")

    def copy_image_files(self) -> None:
        """Pictures that are not made in several sizes, made clean."""
        places = [(self.srcdir / path, self._images_dir / to) for path, to in self.images.items()]
        publish_all(self.app, PICTURE, places)

    def copy_download_files(self) -> None:
        """Files that pages offer, made clean."""
        given = self.env.dlfiles.items()
        places = [(self.srcdir / path, self._downloads_dir / to) for path, (_, to) in given]
        publish_all(self.app, OFFERED, places)

    def copy_static_files(self) -> None:
        """What conf.py brings into `_static`, its pictures, clips and papers made clean."""
        super().copy_static_files()
        named = [name for name in (self.config.html_logo, self.config.html_favicon) if name]
        clean_copied(self.app, [*self.config.html_static_path, *named], self._static_dir)

    def copy_extra_files(self) -> None:
        """What conf.py brings beside the pages, in the same way."""
        super().copy_extra_files()
        clean_copied(self.app, self.config.html_extra_path, Path(self.outdir))

    def dump_inventory(self) -> None:
        """List records, steps and words beside the pages, for links from other sites."""
        with named_for_others(self.app):
            super().dump_inventory()

    def get_doc_context(self, docname: str, body: str, metatags: str) -> dict[str, Any]:
        """What Sphinx tells the frame, the contents list left empty."""
        title = self.env.longtitles.get(docname)
        return {
            "parents": [],
            "prev": None,
            "next": None,
            "title": self.render_partial(title)["title"] if title else "",
            "meta": self.env.metadata.get(docname),
            "body": body,
            "metatags": metatags,
            "rellinks": self.globalcontext["rellinks"],
            "sourcename": "",
            "toc": "",
            "display_toc": False,
            "page_source_suffix": self.env.doc2path(docname, False).suffix,
        }


def setup_builder(app: Sphinx) -> None:
    """In the place of Sphinx's own, under its name."""
    app.add_builder(ManualHTMLBuilder, override=True)
    app.add_config_value("manual_written", "", "", str)
