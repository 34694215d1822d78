"""Keep every published address alive: compare a build with the ledger, and fill what is lost."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape, unescape
from pathlib import Path, PurePosixPath
from posixpath import dirname
from urllib.parse import quote, urljoin, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from living_manual.core import archive
from living_manual.core.addresses import (
    FILE,
    STEP,
    Ledger,
    Named,
    Site,
    grown,
    ids_in,
    lasting,
    records_in,
    without_titles,
)
from living_manual.core.edition import PUBLIC, Edition
from living_manual.core.finding import Finding, finding
from living_manual.core.lost_addresses import Note, Plan, plan
from living_manual.core.redirects import FILE as ROWS
from living_manual.core.redirects import Rules, read_rules
from living_manual.core.settings import Settings
from living_manual.edges.files import read_text
from living_manual.edges.site_folder import SiteFolder, SiteFolderError
from living_manual.publish.build import Built
from living_manual.publish.index import REGISTER
from living_manual.publish.notices import ENDINGS, notice_files, notice_of

_ASSETS = Path(__file__).parent / "assets"
#: Lists of redirects for web servers: as Netlify reads them, and for a `map` of nginx.
NETLIFY, NGINX = "_redirects", "redirects.map"
ARCHIVES = f"{archive.FOLDER}/"
_HEAD = re.compile(r'<link rel="(?:stylesheet|icon)"[^>]*>')
_SECURITY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>', re.IGNORECASE)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Addresses:
    """A build held against the ledger: the ledger it will carry, and what is to be filled in."""

    site: Site
    ledger: Ledger
    plan: Plan


def kept_in_source(edition: Edition) -> str:
    """The file beside the pages in which a district may keep an edition's ledger."""
    return "addresses-public.json" if edition == PUBLIC else FILE


def compare_addresses(
    built: Built,
    stage: Path,
    source: Path,
    live: Path | None,
    edition: Edition,
    archives: Collection[str] = (),
) -> Addresses:
    """Hold a finished build against every address that was ever published.

    `live` is the folder of the live release; `source` holds `redirects.csv` and may hold a ledger.
    `archives` are the addresses that archives will add.
    """
    before, faults = _ledger(source, live, edition)
    site = read_site(stage, archives)
    day = built.manual.today.isoformat() if built.manual else "1970-01-01"
    ledger = grown(before, site, _records(live), day)
    if edition == PUBLIC:  # what is not public any more may be for staff, its title too
        ledger = without_titles(ledger)
    text, unreadable = read_text(source / ROWS, ROWS)
    rules = Rules()
    if text is not None:
        rules = read_rules(text, site, ledger, edition, built.settings.address)
    faults = (*faults, *((unreadable,) if unreadable else ()))
    if faults:
        return Addresses(site, ledger, Plan(findings=faults))
    return Addresses(site, ledger, plan(ledger, site, rules, before, ENDINGS))


def live_ledger(site: SiteFolder) -> Ledger:
    """The ledger of the live release. Raises SiteFolderError when there is none, or none sound."""
    live = site.current_id()
    text = site.text(live, FILE) if live else None
    if text is None:
        raise SiteFolderError(f"No release with a list of addresses is live in {site.root}.")
    try:
        return Ledger.from_json(text)
    except ValueError as error:
        raise SiteFolderError(f"{FILE} of release {live} cannot be read: {error}.") from error


def read_site(stage: Path, archives: Collection[str] = ()) -> Site:
    """What a build, and the archives beside it, show under which address."""
    records = records_in((stage / REGISTER).read_text(encoding="utf-8"))
    pages = dict.fromkeys(archives, "")
    ids: dict[str, frozenset[str]] = {}
    files: set[str] = set()
    for path, file in _files(stage):
        if not lasting(path):
            continue
        if path.endswith(".html"):
            pages[path] = ""
            ids[path] = ids_in(file.read_text(encoding="utf-8"))
        else:
            files.add(path)
    anchors = {
        path: {name for name in found if name.startswith(STEP)} for path, found in ids.items()
    }
    for record_id, named in records.items():
        if named.lead:
            pages[named.page] = record_id
        anchors.setdefault(named.page, set()).add(record_id)
    frozen = {path: frozenset(found) for path, found in anchors.items()}
    return Site(pages, frozen, ids, frozenset(files), records)


def _files(folder: Path, prefix: str = "") -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as found:
        for entry in found:
            path = prefix + entry.name
            if entry.is_dir():
                if lasting(f"{path}/"):
                    yield from _files(Path(entry.path), f"{path}/")
            else:
                yield path, Path(entry.path)


def _ledger(
    source: Path, live: Path | None, edition: Edition
) -> tuple[Ledger, tuple[Finding, ...]]:
    """The ledger of the live release, joined with the one kept beside the pages."""
    found: list[Finding] = []
    whole = Ledger()
    places = [(source / kept_in_source(edition), "Write it anew with `manual addresses --write`.")]
    if live is not None:
        fix = "Run `manual verify`, then `manual rollback` to a release that is as it was sealed."
        places.append((live / FILE, fix))
    for path, fix in places:
        text, unreadable = read_text(path, path.name, "addresses-unreadable")
        try:
            if text is not None:
                whole = Ledger.from_json(text).joined(whole)
        except ValueError as error:
            message = f"{path.name} cannot be read: {error}."
            unreadable = finding("addresses-unreadable", message, fix, path.name, 1)
        if unreadable:
            found.append(unreadable)
    return whole, tuple(found)


def _records(live: Path | None) -> Mapping[str, Named]:
    text, _ = read_text(live / REGISTER, REGISTER) if live else (None, None)
    try:
        return records_in(text) if text else {}
    except ValueError:  # told by the record of changes
        return {}


# ----------------------------------------------------------------------------------- writing


def write_addresses(found: Addresses, stage: Path, settings: Settings) -> None:
    """Write the ledger into a build, and what stands in the place of lost addresses."""
    told = found.plan
    frame = Frame(stage, settings)
    for path, target in told.pages.items():
        name = target.title or _title(stage / target.href.partition("#")[0], settings)
        page = frame.moved(path, target.href, target.why, name, found.site)
        _write(stage / path, page)
    if any(target.href for target in told.pages.values()):
        script = stage / "_static" / "scripts" / "moved.js"
        script.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_ASSETS / "moved.js", script)
    for path, notes in told.notes.items():
        file = stage / path
        html = file.read_text(encoding="utf-8")
        _write(file, frame.with_notes(html, path, notes))
    for path, other in told.copies.items():
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stage / other, stage / path)
    notices = [
        notice_of(path, target, found.ledger.left[path], settings)
        for path, target in told.notices.items()
    ]
    for path, content in notice_files(notices, settings).items():
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        (stage / path).write_bytes(content)
    moved = {path: target.href for path, target in sorted(told.pages.items()) if target.href}
    ended = [p for p, target in told.pages.items() if not target.href and p.startswith(ARCHIVES)]
    if moved or ended:
        _write(stage / NETLIFY, netlify(moved, settings.address, sorted(ended)))
    if moved:
        _write(stage / NGINX, nginx(moved, settings.address))
    _write(stage / FILE, found.ledger.to_json())


def netlify(moved: Mapping[str, str], address: str, ended: Collection[str] = ()) -> str:
    """The redirects as Netlify, Cloudflare and others read them.

    `ended` are first pages of archives that were removed: every address below leads there.
    """
    base = _base(address)
    lines = [f"{quote(base + old)} {quote(base + new, safe='/#')}" for old, new in moved.items()]
    lines += [f"{quote(base + dirname(page))}/* {quote(base + page)}" for page in ended]
    return "".join(f"{line} 301\n" for line in lines)


def nginx(moved: Mapping[str, str], address: str) -> str:
    """The redirects as lines of a `map $uri $moved_to`; nginx gives `$uri` decoded."""
    base = _base(address)
    return "".join(
        f'"{base}{old}" "{quote(base + new, safe="/#")}";\n'
        for old, new in moved.items()
        if not re.search(r'["\\$\s]', old)
    )


def _base(address: str) -> str:
    return f"{urlsplit(address).path.rstrip('/')}/"


class Frame:
    """The look of the site around pages that Sphinx does not make."""

    def __init__(self, stage: Path, settings: Settings) -> None:
        self.settings = settings
        home = (stage / "index.html").read_text(encoding="utf-8")
        self.styles, self.security = _HEAD.findall(home), _SECURITY.findall(home)

    def moved(self, path: str, href: str, why: str, name: str, site: Site) -> str:
        """A page in the place of one that moved or was taken out."""
        up = f"{PurePosixPath(path).parent}/index.html"
        if href:
            title = "This page has moved"
        else:
            title = f"{name}: taken out" if name else "This page was taken out"
        address = self.settings.address
        return render(
            "moved",
            **self.common(path),
            title=title,
            href=relative(path, href) if href else "",
            canonical=urljoin(address, quote(href, safe="/#")) if href and address else "",
            why=why,
            name=name,
            up=relative(path, up) if up != path and up in site.pages else "",
        )

    def common(self, path: str) -> dict[str, object]:
        """What every page of the site's look needs."""
        root = "../" * path.count("/")
        return {
            "root": root,
            "language": self.settings.language,
            "place": self.settings.short_name,
            "manual": self.settings.manual_name,
            "head": {
                "styles": [Markup(re.sub(r'href="', f'href="{root}', s)) for s in self.styles],
                "security": [Markup(line) for line in self.security],
            },
        }

    def with_notes(self, html: str, path: str, notes: Iterable[Note]) -> str:
        """A page with a place for each old anchor: beside its record, or a line at the top."""
        lines = []
        for note in notes:
            html, done = _beside(html, note)
            if not done:
                href = relative(path, note.target.href) if note.target.href else ""
                lines.append(
                    {
                        "anchor": note.anchor,
                        "href": href,
                        "title": note.target.title,
                        "why": note.target.why,
                    }
                )
        if not lines:
            return html
        told = render("notes", notes=lines)
        return re.sub(r"<main\b[^>]*>", lambda tag: tag[0] + told, html, count=1)


def _beside(html: str, note: Note) -> tuple[str, bool]:
    """A page with an old anchor as the first thing of the element that took its place."""
    if not note.beside:
        return html, False
    found = re.search(rf'<(?!tr\b)[a-z][a-z0-9]*\b[^>]* id="{re.escape(note.beside)}"[^>]*>', html)
    if not found:
        return html, False
    anchor = f'<span class="old-anchor" id="{escape(note.anchor)}"></span>'
    return html[: found.end()] + anchor + html[found.end() :], True


def relative(path: str, href: str) -> str:
    """An address of the site as a page names it: `c.html` is `../c.html` for `a/b.html`."""
    target, mark, anchor = href.partition("#")
    if target == path and mark:
        return f"#{anchor}"
    here = os.path.relpath(target, str(PurePosixPath(path).parent)).replace(os.sep, "/")
    return quote(here) + mark + quote(anchor)


def _title(file: Path, settings: Settings) -> str:
    """What a page calls itself, without the district's name."""
    if file.suffix != ".html" or not file.is_file():
        return ""
    found = _TITLE.search(file.read_text(encoding="utf-8"))
    said = unescape(found[1]).strip() if found else ""
    return said.removesuffix(f" · {settings.short_name}")


def render(template: str, /, **values: object) -> str:
    """A page or a part of one from a template of the publisher."""
    return _template(template).render(**values)


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("living_manual.publish", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    return environment.get_template(f"{name}.html.jinja")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
