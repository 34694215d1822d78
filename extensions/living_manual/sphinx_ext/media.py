"""Pictures of a page in several sizes, without what a camera writes into them; clips beside them.

A picture is looked at when its page is read; its files are made when the page is written, and again
at the end of a build where one is missing. Their names carry a digest: an unchanged picture costs
nothing, and a page that names another one is another page.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import finding
from living_manual.core.media import Picture, Shown, too_large
from living_manual.edges.media import forget_old, look_at, make_files
from living_manual.edges.pictures import picture_fault
from living_manual.sphinx_ext.clean_media import CLIP, publish
from living_manual.sphinx_ext.clean_media import kept_in as cache_of
from living_manual.sphinx_ext.reporting import place_of, report
from living_manual.sphinx_ext.store import build_of, page, pages
from living_manual.sphinx_ext.views import jinja

PICTURES, CLIPS = "_images", "_media"
#: Options that give a picture a size of its own: it is shown as it is.
_SIZED = ("width", "height", "scale")


class picture_node(nodes.General, nodes.Element):
    """A picture in several sizes, in place of docutils' own node."""


def note_pictures(app: Sphinx, doctree: nodes.document) -> None:
    """Look at each picture of a page that is read, and keep what it is."""
    for node in doctree.findall(nodes.image):
        candidates = node.get("candidates") or {}
        file = str(candidates.get("*", ""))
        path = Path(app.srcdir, file)
        if not path.is_file() or picture_fault(path):  # told by Sphinx, by faults
            continue
        where, line = place_of(app, node)
        picture = look(app, path, file, where, line)
        if picture is None:
            continue
        made = () if any(name in node for name in _SIZED) else picture.files
        page(app.env, app.env.docname).media.append(Shown(picture, where, line, made))
        if made:
            node["picture"] = picture


def look(app: Sphinx, path: Path, name: str, where: str, line: int) -> Picture | None:
    """The picture at a path, or a finding at the place that names it; None for drawings too."""
    looked = look_at(path, name)
    if looked is None:
        return None
    if looked.refusal:
        report(
            app,
            finding(
                "picture-unreadable",
                f"The picture {path.name} {looked.refusal.fault}.",
                looked.refusal.fix,
                where,
                line,
            ),
        )
    return looked.picture


def show_pictures(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Put our node in the place of docutils', so that Sphinx does not copy the picture as it is."""
    if app.builder.format != "html":
        return
    for node in list(doctree.findall(nodes.image)):
        if "picture" in node:
            align = [f"align-{node['align']}"] if "align" in node else []
            node.replace_self(
                picture_node(
                    "",
                    picture=node["picture"],
                    alt=node.get("alt", ""),
                    classes=[*node["classes"], *align],
                )
            )


def make_for_page(app: Sphinx, _doctree: nodes.document, docname: str) -> None:
    """Make what a page shows before it is written, so that whoever looks at it finds it."""
    if app.builder.format == "html":
        for shown in page(app.env, docname).media:
            _make(app, shown)


def _make(app: Sphinx, shown: Shown) -> None:
    source, what = Path(app.srcdir, shown.what.file), shown.what
    if isinstance(what, Picture):
        make_files(shown.variants, source, Path(app.outdir, PICTURES), cache_of(app))
    elif not (target := Path(app.outdir, CLIPS, what.name)).exists():
        publish(app, CLIP, source, target)


def visit_picture(translator: HTML5Translator, node: picture_node) -> None:
    """The best form that the browser knows, in the size that the screen asks for."""
    app = translator.builder.app
    html = (
        jinja(app)
        .get_template("picture.html.jinja")
        .render(
            picture=node["picture"],
            alt=node["alt"],
            classes=" ".join(node["classes"]),
            root=root_of(app, translator.builder.current_docname),
        )
    )
    translator.body.append(html.strip())
    raise nodes.SkipNode


def root_of(app: Sphinx, docname: str) -> str:
    """The way from a page to the folder of the site; empty from its first page."""
    return app.builder.get_relative_uri(docname, "index").removesuffix("index.html")


def shown_by(env: BuildEnvironment) -> Iterator[Shown]:
    """Every picture and clip of the manual, in the order of pages and lines."""
    for _, data in sorted(pages(env).items()):
        yield from data.media


def check_media(app: Sphinx) -> None:
    """A finding for each picture and clip beyond the district's limits."""
    for shown in shown_by(app.env):
        for found in too_large(shown, build_of(app).settings):
            report(app, found)


def media_files(env: BuildEnvironment) -> Iterator[str]:
    """The files of the site that are made of pictures and clips."""
    for shown in shown_by(env):
        if isinstance(shown.what, Picture):
            yield from (f"{PICTURES}/{variant.name}" for variant in shown.variants)
        else:
            yield f"{CLIPS}/{shown.what.name}"


def pictures_replaced(env: BuildEnvironment) -> set[str]:
    """The pictures of the source folder that no page shows as they are."""
    made: dict[str, bool] = {}
    for shown in shown_by(env):
        made[shown.what.file] = made.get(shown.what.file, True) and bool(shown.variants)
    return {file for file, always in made.items() if always}


def write_media(app: Sphinx, exception: Exception | None) -> None:
    """Make what is missing at the end of a build, and forget what nothing has asked for lately."""
    if exception or app.builder.format != "html":
        return
    for shown in shown_by(app.env):
        _make(app, shown)
    forget_old(cache_of(app))


def setup_media(app: Sphinx) -> None:
    """`manual_media_cache` is the folder of made pictures; empty for build/media in the kit's."""
    app.add_config_value("manual_media_cache", "", "", str)
    app.add_node(picture_node, html=(visit_picture, None))
    app.connect("doctree-read", note_pictures, priority=650)  # after check_pictures
    app.connect("doctree-resolved", show_pictures, priority=430)
    app.connect("doctree-resolved", make_for_page, priority=440)
    app.connect("build-finished", write_media)
