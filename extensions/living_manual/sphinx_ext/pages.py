"""The frame of every page: the theme, its style sheet, and what the frame tells about the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from living_manual.core.colour import brand_tokens
from living_manual.core.headers import HEADERS, NOT_IN_META, content_security
from living_manual.core.register import entry_of
from living_manual.core.searchdoc import search_facts
from living_manual.core.words import say_day, slug
from living_manual.edges.files import tree_digest, write_if_changed
from living_manual.sphinx_ext.settings import today
from living_manual.sphinx_ext.store import build_of, page
from living_manual.sphinx_ext.views import manual_of

THEME = Path(__file__).parent / "theme"
TEMPLATES = Path(__file__).parent / "templates"

#: The six words of the header: what people say, and the page behind it.
ROOMS = (
    ("Vision", "vision/index"),
    ("Words", "glossary/index"),
    ("Protocols", "protocols/index"),
    ("Exemplars", "exemplars/index"),
    ("Schools", "schools/index"),
    ("Progress", "progress/index"),
)
DESCRIPTION_LENGTH = 160


def note_assets(_app: Sphinx, config: Config) -> None:
    """Stands for the look and the templates: pages are written again when they change."""
    config["manual_assets"] = tree_digest(THEME, TEMPLATES)


def write_style_sheets(app: Sphinx) -> None:
    """Join the rooms of the style sheet in order, and write the district's colours after it."""
    if app.builder.format != "html":
        return
    settings = build_of(app).settings
    rooms = sorted((THEME / "styles").glob("*.css"))
    joined = "\n".join(room.read_text(encoding="utf-8") for room in rooms)
    write_if_changed(app.outdir / "_static" / "manual.css", joined)
    release = release_of(app)
    foot = f"{settings.name} · Release {release['label']}, {release['date']}"
    foot = foot.replace("\\", "\\\\").replace('"', '\\"')
    write_if_changed(
        app.outdir / "_static" / "district.css",
        brand_tokens(settings.brand, settings.brand_dark)
        + f':root {{\n  --print-foot: "{foot}";\n}}\n',
    )


def release_of(app: Sphinx) -> dict[str, str]:
    """The release as a page names it: its label, its day, and the machine form of the day."""
    released = app.config.manual_release_date or today(app).isoformat()
    return {
        "label": app.config.manual_release or "preview",
        "date_iso": released,
        "date": say_day(date.fromisoformat(released)),
    }


def page_context(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """What layout.html needs to know of the page."""
    settings = build_of(app).settings
    address = app.builder.get_relative_uri
    context.update(
        district={
            "name": settings.name,
            "short_name": settings.short_name,
            "manual_name": settings.manual_name,
            "note": settings.note,
            "language": settings.language,
        },
        rooms=[
            {
                "title": title,
                "href": address(pagename, target),
                "current": pagename.split("/", maxsplit=1)[0] == target.split("/")[0],
            }
            for title, target in ROOMS
            if target in app.env.all_docs
        ],
        crumbs=crumbs_of(app, pagename, pagename),
        page_description=_description(app, pagename, doctree),
        release=release_of(app),
        has_archives=app.config.manual_archives,
        search_engine=app.config.manual_search,
        content_security=content_security(NOT_IN_META),
        referrer=HEADERS["Referrer-Policy"],
        search_meta=_search_meta(app, pagename),
        has_sidebar=False,
        # docutils and Sphinx both name the viewport; Sphinx's stands.
        metatags=re.sub(r'<meta name="viewport"[^>]*>\s*', "", context.get("metatags", "")),
        css_files=[css for css in context["css_files"] if _loads(str(css), STYLES_FOR, context)],
        script_files=[
            script
            for script in context.get("script_files", ())
            if _loads(str(script), SCRIPTS_FOR, context)
        ],
    )


#: Style sheets that a page loads only when its HTML holds what they are for. sphinx-needs' own are
#: for its cards and tables, which this kit replaces; they come back with a needs table on the page.
STYLES_FOR = {
    "pygments.css": 'class="highlight',
    "sphinx-design": "sd-",
    "sphinx-needs": "needs_",
    "sphinx-data-viewer": "sphinx-data-viewer",
    "graphviz.css": 'class="graphviz',
}


#: Scripts that a page loads only when its HTML holds what they are for.
SCRIPTS_FOR = {
    "scripts/run.js": 'class="steps"',
    "scripts/lab.js": "data-meaning-lab",
    "scripts/what-if.js": "data-what-if",
    "scripts/words.js": "word-link",
    "scripts/path.js": "data-path-ticks",
    "scripts/my-school.js": "data-my-school",
    "scripts/self-assessment": "data-self-assessment",
    "scripts/since.js": "data-newest-change",
    "scripts/notes.js": "data-annotated",
    "scripts/clip.js": "data-clip",
    "scripts/filters.js": "data-filters=",
    "scripts/matrix.js": "data-own-filter",
    "scripts/slides.js": 'class="record-lead" data-type="exemplar"',
}


def _loads(file: str, needed: Mapping[str, str], context: dict[str, Any]) -> bool:
    """Whether a page needs a style sheet or script."""
    body = context.get("body", "")
    return all(sign in body for name, sign in needed.items() if name in file)


def crumbs_of(app: Sphinx, pagename: str, docname: str) -> list[dict[str, str]]:
    """The index pages above a document, from the outermost room in, as a page links to them."""
    parts = docname.split("/")
    if parts[-1] == "index":
        parts = parts[:-1]
    crumbs = []
    for depth in range(1, len(parts)):
        above = "/".join([*parts[:depth], "index"])
        if above in app.env.titles:
            crumbs.append(
                {
                    "title": app.env.titles[above].astext(),
                    "href": app.builder.get_relative_uri(pagename, above),
                }
            )
    return crumbs


def _description(app: Sphinx, pagename: str, doctree: nodes.document | None) -> str:
    """The page's purpose as one line: its lead record's, or its first paragraph."""
    manual = manual_of(app)
    lead = manual.get(page(app.env, pagename).lead or "") if pagename in app.env.all_docs else None
    text = lead.purpose if lead else ""
    if not text and doctree is not None:
        first = next(iter(doctree.findall(nodes.paragraph)), None)
        text = first.astext().replace("\n", " ") if first else ""
    if not text:
        text = f"{manual.settings.manual_name} of {manual.settings.name}"
    if len(text) <= DESCRIPTION_LENGTH:
        return text
    return text[: text.rfind(" ", 0, DESCRIPTION_LENGTH)].rstrip(",.;: ") + " …"


def _search_meta(app: Sphinx, pagename: str) -> list[dict[str, Any]]:
    """What the search index reads of a page: a meta element for each name, with its marks."""
    if pagename not in app.env.all_docs:
        return []
    manual = manual_of(app)
    lead = manual.get(page(app.env, pagename).lead or "")
    facts = [("meta", "type", "Page"), ("filter", "type", "Page"), ("meta", "kind", "page")]
    if lead is not None:
        facts = search_facts(entry_of(manual, lead, app.builder.get_target_uri(pagename)))
    found: dict[str, dict[str, Any]] = {}
    for what, name, value in facts:
        own = f"{name}-{slug(value)}" if name == "audience" else name
        meta = found.setdefault(own, {"name": own, "content": value, "marks": []})
        meta["marks"].append((what, name))
    return list(found.values())


def setup_pages(app: Sphinx) -> None:
    """The theme, the style sheets and scripts, and the page's own facts."""
    app.setup_extension("pydata_sphinx_theme")
    app.add_html_theme("living_manual", str(THEME))
    # Pages are written again when the look changes: their links to assets carry a checksum.
    app.add_config_value("manual_assets", "", "html", str)
    app.add_js_file("scripts/mode.js")
    app.add_js_file("scripts/manual.js", loading_method="defer")
    app.add_js_file("scripts/search.js", loading_method="defer")
    app.add_js_file("scripts/run.js", loading_method="defer")
    app.add_js_file("scripts/lab.js", loading_method="defer")
    app.add_js_file("scripts/what-if.js", loading_method="defer")
    app.add_js_file("scripts/notes.js", loading_method="defer")
    app.add_js_file("scripts/clip.js", loading_method="defer")
    app.add_js_file("scripts/slides.js", loading_method="defer")
    app.add_js_file("scripts/filters.js", loading_method="defer")
    app.add_js_file("scripts/matrix.js", loading_method="defer")
    for name in ("score", "draw", "compare", "form"):
        app.add_js_file(f"scripts/self-assessment-{name}.js", loading_method="defer")
    app.connect("config-inited", note_assets, priority=110)
    app.connect("builder-inited", write_style_sheets)
    # After pydata-sphinx-theme (500), which looks for its own page parts.
    app.connect("html-page-context", page_context, priority=600)
