"""An incremental build gives byte for byte what a clean build gives: the mends, all in one place.

Sphinx decides by the time of a file whether a page is read again, and by little more than that
whether it is written again. A page shows more than its own source: titles of other pages and
records, names of media, the district's settings. So each page keeps a digest of what it was read
from and of what it shows beyond its own text; when one of them is another, the page is read or
written again. Where that cannot be told cheaply (an id used twice, tables of sphinx-needs' own,
numbered lists of pages), every page is read again. A build that did not come to its end is not
built upon.

Computed views and record cards have a digest of their own (`views.stale_pages`).
"""

from __future__ import annotations

import hashlib
import json
import logging as python_logging
import os
import stat
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.builders.html._assets import _file_checksum_inner
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util._files import FilenameUniqDict
from sphinx.util.logging import MemoryHandler

from living_manual.core.finding import Finding
from living_manual.core.settings import FILE as SETTINGS
from living_manual.edges.files import walk
from living_manual.sphinx_ext.pages import page_context
from living_manual.sphinx_ext.search import PAGEFIND
from living_manual.sphinx_ext.store import build_of, page, pages
from living_manual.sphinx_ext.views import DATA, manual_of

PACKAGE = Path(__file__).resolve().parents[1]
#: What is kept about the last build, beside the page trees.
STATE = "living-manual.json"
#: Folders of a site that hold only what a build puts there.
OWN_FOLDERS = ("_static", "_images", "_downloads", DATA)
#: Files larger than this are told apart by size, inode and times (the time of the last change of
#: any kind among them, which nobody can set), smaller ones by their content.
LARGE = 256 * 1024
#: sphinx-needs' nodes that a page's own digests cover; what its other nodes show, they do not.
COVERED = ("Need", "NeedRef")


# --------------------------------------------------------------------- what is kept, and where


@dataclass(slots=True)
class Facts:
    """What is kept of a page, in the environment.

    `files` are the files it was read from, each with a key of its content; `names` the pages its
    text links to, or `*` for anything that may show any name of the manual; `looks` says that it
    named files or pages, so that reading depended on which there were; `foreign` that it holds a
    view of sphinx-needs' own; `shown` stands for what it showed beyond its own text.
    """

    files: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    looks: bool = False
    foreign: bool = False
    shown: str = ""


@dataclass(slots=True)
class State:
    """What is kept of the last build, in a file: it must survive a build that is killed.

    `outputs` are the files written into each output folder, those that are copies with a key of
    their content; `again` the pages with a finding, which would be lost if they were not read
    again; `shown` is a digest of the environment.
    """

    finished: bool = False
    kit: str = ""
    writer: str = ""
    look: str = ""
    shown: str = ""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Run:
    """What lives for one application.

    `read` are the pages being read, `keys` the content keys of this build, and `computed` the
    findings that every build finds anew, whatever it reads.
    """

    state: State
    started: int = 0
    read: list[str] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    computed: set[Finding] = field(default_factory=set)
    before_rules: int = 0
    all_stale: bool = False


def facts_of(env: BuildEnvironment) -> dict[str, Facts]:
    """All pages' facts, by page name."""
    found = getattr(env, "living_manual_facts", None)
    if found is None:
        found = {}
        env.living_manual_facts = found  # type: ignore[attr-defined]
    return cast("dict[str, Facts]", found)


def run_of(app: Sphinx) -> Run:
    """The running application's own data."""
    return cast("Run", app.living_manual_run)  # type: ignore[attr-defined]


def read_state(path: Path) -> State | None:
    """What the last build kept; None when there was none, or it cannot be read."""
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_state(app: Sphinx) -> None:
    """Keep the state, whole or not at all."""
    state, path = run_of(app).state, Path(app.doctreedir) / STATE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    text = json.dumps({name: getattr(state, name) for name in State.__slots__})
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def forget(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    facts_of(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: Sequence[str], other: Any) -> None:
    """Take over pages that another process read."""
    theirs = facts_of(other)
    facts_of(env).update({name: theirs[name] for name in docnames if name in theirs})


def digest(*parts: object) -> str:
    """One digest for values with a telling `repr`."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()


# -------------------------------------------------------------- whether to build upon the last


def begin(app: Sphinx, config: Config) -> None:
    """Build upon the last build only when it came to its end and was made by this same kit."""
    kit = kit_digest(app.confdir)
    last = read_state(app.doctreedir / STATE)
    state = last or State()
    if not state.finished or state.kit != kit:
        drop(app, wholly=last is not None)
        state = State(outputs=state.outputs)
    state.kit = kit
    app.living_manual_run = Run(state)  # type: ignore[attr-defined]
    # pydata-sphinx-theme appends to the list that Sphinx starts every configuration with: in one
    # process, each application would find its settings changed and write every page again.
    config["templates_path"] = list(dict.fromkeys(config.templates_path))


def drop(app: Sphinx, *, wholly: bool) -> None:
    """Forget what was read; `wholly`, also take away what a build may have written in part.

    Pages stay: each is written again, and those that are gone are removed at the end.
    """
    (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    if wholly:
        (app.outdir / ".buildinfo").unlink(missing_ok=True)
        for name in OWN_FOLDERS:
            if (app.outdir / name).is_dir():
                rmtree(app.outdir / name)


def kit_digest(folder: Path) -> str:
    """Stands for everything a manual is made with, less its look: code, settings, packages."""
    own = [path for path in walk(PACKAGE) if path.suffix == ".py"]
    settings = [folder / name for name in ("conf.py", "ubproject.toml", "docutils.conf")]
    packages = {
        path.name for place in sys.path if place for path in Path(place).glob("*.dist-info")
    }
    return digest(sys.version, sorted(packages), [content_key(path) for path in [*own, *settings]])


def mark(app: Sphinx) -> None:
    """From here on the site is under construction; `finish` takes the mark away."""
    run_of(app).state.finished = False
    save_state(app)
    # Sphinx keeps the checksums of style sheets and scripts for as long as the process lives.
    _file_checksum_inner.cache_clear()


# ------------------------------------------------------------------------ which pages to read


def content_key(path: Path) -> str:
    """Stands for a file's content; empty when there is no such file."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            return "no file"
        if found.st_size > LARGE and os.name == "posix":
            return f"{found.st_size} {found.st_ino} {found.st_mtime_ns} {found.st_ctime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"unreadable: {error.errno}"


def names_there(root: Path) -> set[str]:
    """The paths of all files of the source folder, less hidden ones."""
    found = set()
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found |= {f"{folder}/{name}" for name in files if not name.startswith(".")}
    return found


def outdated(
    app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> Collection[str]:
    """Pages to read again, by content and not by time; before anything is read."""
    run, facts = run_of(app), facts_of(env)
    run.started, run.keys, run.computed = time.time_ns(), {}, set()
    run.all_stale = run.state.shown != shown_by(env) or run.state.writer != writer(app)
    mark(app)
    for docname in env.found_docs:
        run.keys[str(env.doc2path(docname))] = content_key(Path(env.doc2path(docname)))
    there, before = names_there(Path(app.srcdir)), getattr(env, "living_manual_there", None)
    env.living_manual_there = there  # type: ignore[attr-defined]
    in_doubt = getattr(env, "living_manual_doubt", False)
    if in_doubt or env.numbered_toctrees or any(each.foreign for each in facts.values()):
        return set(env.found_docs)
    again = set(run.state.again)
    for docname, each in facts.items():
        if (each.looks and there != before) or any(
            _key(run, path) != key for path, key in each.files.items()
        ):
            again.add(docname)
    return again


def _key(run: Run, path: str) -> str:
    if path not in run.keys:
        run.keys[path] = content_key(Path(path))
    return run.keys[path]


def clear_all(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget every page to be read before any is read, and those that cannot be.

    Sphinx forgets each page just before reading it: a record moved from a later page to an earlier
    one would be there twice.
    """
    run_of(app).read = list(docnames)
    for docname in {*docnames, *(env.all_docs.keys() - env.found_docs)} & env.all_docs.keys():
        app.emit("env-purge-doc", env, docname)
        env.clear_doc(docname)


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what a page names, while its text is at hand."""
    env = app.env
    facts = facts_of(env)[env.docname] = Facts()
    for node in doctree.findall():
        if isinstance(node, addnodes.pending_xref):
            facts.looks = True
            to_page = (node.get("reftype"), node.get("refdomain")) == ("myst", "doc")
            facts.names.add(node["reftarget"] if to_page else "*")
        elif isinstance(node, addnodes.toctree):
            facts.looks = True
            if not node.get("hidden"):
                facts.names.add("*")
        elif isinstance(node, (nodes.image, addnodes.download_reference)):
            facts.looks = True
        elif type(node).__module__.startswith("sphinx_needs."):
            facts.foreign |= type(node).__name__ not in COVERED


def pending() -> list[python_logging.LogRecord]:
    """The warnings that Sphinx holds back until every page is read."""
    handlers = python_logging.getLogger("sphinx").handlers
    return next((each.buffer for each in handlers if isinstance(each, MemoryHandler)), [])


def says_twice(record: python_logging.LogRecord) -> bool:
    """Whether a warning is about something declared twice."""
    found: Finding | None = getattr(record, "finding", None)
    return (found is not None and found.kind == "duplicate-id") or (
        "duplicate" in record.getMessage().lower()
    )


def read_all_again(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """When something is declared twice, read every page in order: the order decides which stands.

    Also the next build reads every page, since the one that lost may have to come back.
    """
    held = pending()
    twice = [record for record in held if says_twice(record)]
    env.living_manual_doubt = bool(twice)  # type: ignore[attr-defined]
    if not twice or env.found_docs <= set(run_of(app).read):
        return []
    for record in twice:
        held.remove(record)
    every = sorted(env.found_docs)
    clear_all(app, env, every)
    for docname in every:
        app.builder.read_doc(docname)
    env.living_manual_doubt = any(map(says_twice, held))  # type: ignore[attr-defined]
    return every


# ----------------------------------------------------------------------- which pages to write


def rules_begin(app: Sphinx, _env: BuildEnvironment) -> None:
    """What is found from here on, every build finds anew."""
    run_of(app).before_rules = len(pending())


def rules_end(app: Sphinx, _env: BuildEnvironment) -> None:
    """Keep those findings apart: their pages need not be read again."""
    run = run_of(app)
    found = [getattr(record, "finding", None) for record in pending()[run.before_rules :]]
    run.computed = {each for each in found if each is not None}


def name_pictures(env: BuildEnvironment) -> None:
    """Names for pictures of the same name, by their paths and not by which page came first."""
    fresh = FilenameUniqDict()
    for path in sorted(env.images):
        for docname in sorted(env.images[path][0]):
            fresh.add_file(docname, path)
    env.images = fresh


class Names:
    """What pages show of one another, and the names that anything may refer to."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env

    @cached_property
    def _labels(self) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        store = self.env.domaindata.get("std", {})
        for name, entry in sorted(
            {**store.get("anonlabels", {}), **store.get("labels", {})}.items()
        ):
            found.setdefault(entry[0], []).append((name, entry))
        return found

    def of_page(self, docname: str) -> Any:
        """What a link to the page, or to a place in it, may show."""
        env = self.env
        if docname not in env.all_docs:
            return None
        slugs = env.metadata.get(docname, {}).get("myst_slugs", {})
        places = [(slug, *entry[1:]) for slug, entry in sorted(slugs.items())]
        title = env.titles[docname].pformat() if docname in env.titles else ""
        return title, places, self._labels.get(docname)

    @cached_property
    def all(self) -> str:
        """Stands for every name of the manual: pages, headings, lists of pages, labels, objects."""
        env = self.env
        found: list[Any] = []
        for docname in sorted(env.all_docs):
            toc = env.tocs[docname].pformat() if docname in env.tocs else ""
            found.append((docname, self.of_page(docname), toc, env.toctree_includes.get(docname)))
        for domain in env.domains.sorted():
            found.append((domain.name, sorted(map(repr, domain.get_objects()))))
        return digest(found)


def stale(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Pages that would show something else beyond their own text than when they were written."""
    run, facts, names = run_of(app), facts_of(env), Names(env)
    name_pictures(env)
    pictures: dict[str, list[tuple[str, str]]] = {}
    for path, (docnames, name) in env.images.items():
        for docname in docnames:
            pictures.setdefault(docname, []).append((path, name))
    for docname in run.read:
        if docname in facts:
            facts[docname].files = {path: _key_read(run, path) for path in sources(env, docname)}
    found = set()
    for docname, each in facts.items():
        shown = digest(
            frame_of(app, docname),
            [names.all if name == "*" else names.of_page(name) for name in sorted(each.names)],
            records_named(app, docname),
            sorted(pictures.get(docname, ())),
            env.toc_secnumbers.get(docname),
            env.toc_fignumbers.get(docname),
        )
        if shown != each.shown:
            each.shown = shown
            found.add(docname)
    now = look(app)
    if run.all_stale or run.state.look != now or _indexes(app):
        found |= env.found_docs & env.all_docs.keys()
    state = run.state
    state.writer, state.look, state.shown = writer(app), now, shown_by(env)
    then, made = known_outputs(app), outputs(app)
    for name, key in made.items():
        if key and then.get(name) != key:
            # Sphinx takes a copy of the same size and time for the same file.
            Path(app.outdir, name).unlink(missing_ok=True)
    state.outputs[str(app.outdir)] = then | made
    save_state(app)
    return found


def sources(env: BuildEnvironment, docname: str) -> Iterator[str]:
    """The files that a page is read from."""
    yield str(env.doc2path(docname))
    for path in env.dependencies.get(docname, ()):
        yield str(env.srcdir / path)


def _key_read(run: Run, path: str) -> str:
    """The key of a file that was just read; none when it may have changed since."""
    if path in run.keys:
        return run.keys[path]
    try:
        changed = os.stat(path).st_ctime_ns  # noqa: PTH116
    except OSError:
        return ""
    return content_key(Path(path)) if changed < run.started else "unknown"


def frame_of(app: Sphinx, docname: str) -> Any:
    """What the frame of the page says: all that is told to its template, less what Sphinx tells."""
    if app.builder.format != "html":
        return None
    context: dict[str, Any] = {"css_files": []}
    page_context(app, docname, "", context, None)
    return context


def records_named(app: Sphinx, docname: str) -> list[Any]:
    """The records that the page's prose names, as a link shows them."""
    manual = manual_of(app)
    named = [manual.get(name.partition(".")[0]) for name in page(app.env, docname).mentions]
    return [record and record.ref for record in named]


def look(app: Sphinx) -> str:
    """Stands for what every page is written with: settings for HTML, the district's own."""
    info = getattr(app.builder, "build_info", None)
    return digest(
        info and (info.config_hash, info.tags_hash), content_key(Path(app.srcdir) / SETTINGS)
    )


def writer(app: Sphinx) -> str:
    """What writes, and where: after another builder, no page is as this one would have left it."""
    return f"{app.builder.name} {app.config.manual_search} {app.outdir}"


def shown_by(env: BuildEnvironment) -> str:
    """Stands for the environment: an older one than the last build's says nothing of its pages."""
    views = {docname: data.digest for docname, data in pages(env).items()}
    mine = {name: (sorted(each.files.items()), each.shown) for name, each in facts_of(env).items()}
    return digest(sorted(views.items()), sorted(mine.items()))


def _indexes(app: Sphinx) -> bool:
    """Whether Sphinx's own search index is made: it is whole only when every page is written."""
    return app.builder.format == "html" and app.config.manual_search != PAGEFIND


# ------------------------------------------------------------------------- what is left to do


def known_outputs(app: Sphinx) -> dict[str, str]:
    """The files that earlier builds wrote into the output folder."""
    return run_of(app).state.outputs.get(str(app.outdir), {})


def outputs(app: Sphinx) -> dict[str, str]:
    """The files of the site that come and go with pages, media and the theme, copies with a key."""
    builder, env = app.builder, app.env
    if not isinstance(builder, StandaloneHTMLBuilder):
        return {}
    keys = {path: key for each in facts_of(env).values() for path, key in each.files.items()}
    pages_there = [builder.get_output_path(docname) for docname in env.all_docs]
    found = {path.relative_to(Path(app.outdir)).as_posix(): "" for path in pages_there}
    for picture, (_, name) in env.images.items():
        found[f"_images/{name}"] = keys.get(str(env.srcdir / picture), "")
    for given, (_, place) in env.dlfiles.items():
        found[f"_downloads/{Path(place).as_posix()}"] = keys.get(str(env.srcdir / given), "")
    static = [Path(folder, "static") for folder in builder.theme.get_theme_dirs()]
    static += [Path(app.confdir, name) for name in app.config.html_static_path]
    extra = [Path(app.confdir, name) for name in app.config.html_extra_path]
    for prefix, folders in (("_static/", static), ("", extra)):
        for folder in folders:
            for file in folder.rglob("*"):
                copied = file.relative_to(folder).as_posix()
                found[prefix + copied.removesuffix("_t").removesuffix(".jinja")] = ""
    if builder.search:
        found["searchindex.js"] = ""
    return found


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Remove what no longer belongs to the site, and take the mark of an unfinished build away.

    After an error, or when a file could not be written (Sphinx only warns, of no page), the mark
    stays, and the next build begins anew.
    """
    if exception:
        return
    run, found = run_of(app), build_of(app).findings
    state, now = run.state, outputs(app)
    remove(Path(app.outdir), known_outputs(app).keys() - now.keys(), now)
    state.outputs[str(app.outdir)] = now
    state.again = sorted(
        {
            docname
            for each in set(found) - run.computed
            if each.file
            for docname in pages_of(app, each.file)
        }
    )
    state.finished = not any(each.file is None and each.kind == "markup" for each in found)
    save_state(app)


def remove(root: Path, gone: Iterable[str], kept: Iterable[str]) -> None:
    """Remove files of the site, and folders that are empty then."""
    alike = {name.casefold(): root / name for name in kept}
    for name in gone:
        path, other = root / name, alike.get(name.casefold())
        if not path.is_file() or (other and other.exists() and other.samefile(path)):
            continue  # a file system that knows no case: renamed, not gone
        path.unlink()
        for folder in path.relative_to(root).parents:
            if folder != Path() and not any((root / folder).iterdir()):
                (root / folder).rmdir()


def pages_of(app: Sphinx, file: str) -> Iterator[str]:
    """The pages that a file of the source folder makes: its own, or those that read it."""
    path = str(Path(app.srcdir) / file)
    for docname, each in facts_of(app.env).items():
        if path in each.files or file in page(app.env, docname).tables:
            yield docname


def setup_freshness(app: Sphinx) -> None:
    """Last of all capabilities: it looks at what the others have read and are to show."""
    connect: list[tuple[str, Callable[..., Any], int]] = [
        ("config-inited", begin, 1),  # before an extension writes its first file
        ("builder-inited", mark, 950),
        ("env-get-outdated", outdated, 500),
        ("env-before-read-docs", clear_all, 950),
        ("env-purge-doc", forget, 500),
        ("env-merge-info", merge, 500),
        ("doctree-read", note, 950),
        ("env-updated", read_all_again, 50),
        ("env-updated", rules_begin, 450),
        ("env-updated", rules_end, 550),
        ("env-get-updated", stale, 950),  # once Sphinx has numbered headings and figures
        ("build-finished", finish, 9500),
    ]
    for event, handler, priority in connect:
        app.connect(event, handler, priority=priority)
