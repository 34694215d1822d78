"""A page of a school year that is over: the same words under a banner that leads to today."""

from __future__ import annotations

import re
from html import escape

#: Folder of the site that holds the archives, and the page that lists them.
FOLDER = "archive"
LIST = f"{FOLDER}/index.html"
#: What is left out: what is made for web servers and for the next publish, and what phones and feed
#: readers would take for the living calendar or feed.
_LEFT_OUT = re.compile(
    r"archive/.*|feeds/.*|calendar/.*|changes-since\.json|addresses\.json|release\.json"
    r"|_redirects|_headers|redirects\.map"
)
#: A page that only leads elsewhere, or says that something was taken out.
_MOVED = '<body class="moved-page">'
_DROPPED = re.compile(
    r' *<link rel="(?:canonical|alternate)"[^>]*>\n?'
    r"| *<script[^>]*scripts/since\.js[^>]*></script>\n?"
)
#: Links from a page to what the archive leaves out: they lead to what is there today.
_OUTWARD = re.compile(r'href="((?:\.\./)*)(calendar/[^"#]+\.ics|feeds/[^"#]+|archive/index\.html)"')
_TODAY = re.compile(r'(<a class="archive-today" href=")[^"]*(">)[^<]*')


def in_archive(path: str) -> bool:
    """Whether a file of a release is part of an archive of it."""
    return _LEFT_OUT.fullmatch(path) is None


def archived(html: str, path: str, name: str) -> str | None:
    """A page as the archive `name` shows it; None for one that only led elsewhere.

    `path` is the page's own, from the root of its release.
    """
    if _MOVED in html:
        return None
    up = "../" * (path.count("/") + 2)
    banner = (
        '<aside class="archive-banner" aria-label="Archive" data-pagefind-ignore><p>This is the '
        f"manual of {escape(name)}, kept as it was. "
        f'<a class="archive-today" href="{up}{escape(path)}">See this page today</a></p></aside>\n'
    )
    html = _DROPPED.sub("", html)
    html = _OUTWARD.sub(r'href="\1../../\2"', html)
    html = html.replace("<head>", '<head>\n    <meta name="robots" content="noindex">', 1)
    at = html.find('<header class="site-header"')
    if at < 0:
        at = html.index(">", html.index("<body")) + 1
    return html[:at] + banner + html[at:]


def leading_home(html: str, path: str) -> str:
    """An archived page that today's manual does not have: its banner leads to the start."""
    up = "../" * (path.count("/") + 2)
    return _TODAY.sub(rf"\1{up}index.html\2See the manual of today", html, count=1)
