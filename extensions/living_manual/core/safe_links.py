"""Where links, pictures and files of a page may lead: to the manual, to the web, to a person.

An address is looked at as a browser would take it, after everything that could hide what it is
(entities, percent signs, blanks, letters without width) has been taken off.
"""

from __future__ import annotations

import html
import re
from enum import StrEnum
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from mdurl import DECODE_DEFAULT_CHARS, decode

#: Schemes that a link may have. `project` is MyST's own, for a place in the manual.
SCHEMES = frozenset({"http", "https", "mailto", "tel", "project"})
#: Endings of files that a page may offer; others could run in a reader's browser or program.
FILES = frozenset(
    "avif csv gif ics jpeg jpg json md mp4 pdf png tsv txt vtt webm webp".split()  # noqa: SIM905
)
#: Endings of pictures.
PICTURES = frozenset("avif gif jpeg jpg png svg webp".split())  # noqa: SIM905
#: Endings of texts that a page may include.
TEXTS = frozenset({"md", "txt"})
#: Bytes of a file's name; a computer cannot even look for a longer one, and a build stops there.
MOST_NAME = 240
#: An address longer than this is data, not an address.
MOST_ADDRESS = 2000

_HIDDEN = re.compile(
    "[\\s\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_DRIVE = re.compile(r"[A-Za-z]:[/\\]")


class Leads(StrEnum):
    """What an address is for."""

    LINK = "link"
    PICTURE = "picture"
    TEXT = "text"
    DOWNLOAD = "download"
    PAGE = "page"


def forms(address: str) -> tuple[str, ...]:
    """An address as it is written, and as it may come to be taken, one wrapping after another."""
    found = [address]
    for _ in range(4):
        seen = _HIDDEN.sub("", unquote(html.unescape(found[-1])))
        if seen == found[-1]:
            break
        found.append(seen)
    return tuple(found)


def bare(address: str) -> str:
    """An address with all wrappings off."""
    return forms(address)[-1]


def link_fault(address: str, file: str, leads: Leads = Leads.LINK) -> tuple[str, str] | None:
    """What is wrong with an address on the page `file`, and what to write; None when nothing is."""
    if len(address) > MOST_ADDRESS:
        return "This address is far too long.", f"An address has at most {MOST_ADDRESS} letters."
    if leads is Leads.LINK and address.startswith("#"):
        return None
    plain = bare(address)
    if leads is Leads.PAGE and plain in ("", "self"):
        return None
    web = plain[:8].lower().startswith(("http://", "https://"))
    if plain.startswith("//") or _DRIVE.match(plain) or ("\\" in plain and not web):
        return (
            f"The address {shown(plain)} leads out of the manual.",
            "Write where the file lies below source/, with /; or an address that begins with "
            "https://.",
        )
    head = re.split(r"[/?#]", plain, maxsplit=1)[0]
    scheme = _SCHEME.match(plain)
    if ":" in head:
        return _scheme_fault(scheme[1].lower() if scheme else "", plain, address, leads)
    return _path_fault(plain, address, file, leads)


def _scheme_fault(scheme: str, plain: str, address: str, leads: Leads) -> tuple[str, str] | None:
    if leads in (Leads.PICTURE, Leads.TEXT, Leads.DOWNLOAD):
        return (
            f"{shown(plain)} does not lie in the manual.",
            "Save the file beside the page and name it there: a page loads nothing from elsewhere.",
        )
    written = _SCHEME.match(address)
    if scheme in SCHEMES and written and written[1].lower() == scheme:
        if leads is Leads.PAGE and scheme not in ("http", "https"):
            return _not_a_page(plain)
        if scheme in ("http", "https") and not plain[len(scheme) + 1 :].startswith("//"):
            return (
                f"The address {shown(plain)} lacks // after {scheme}:.",
                "Write it as in https://example.org/.",
            )
        if scheme == "project" and not plain.startswith("project:#"):
            return (
                f"The address {shown(plain)} is not one of the manual.",
                "Write the path of the page, as in ../glossary/index.md.",
            )
        return None
    return (
        f"A link may not begin with `{scheme or plain.partition(':')[0]}:`.",
        "Begin it with https://, mailto: or tel:, or write the path of a page of the manual.",
    )


def _not_a_page(plain: str) -> tuple[str, str]:
    return (
        f"{shown(plain)} is not a page.",
        "Write the path of a page, or an address that begins with https://.",
    )


def _path_fault(plain: str, address: str, file: str, leads: Leads) -> tuple[str, str] | None:
    if _too_long(address):
        return (
            f"{shown(plain)} is too long for the name of a page or file.",
            "Name a page or file of the manual, or begin the address with https://.",
        )
    path = re.split(r"[?#]" if leads is Leads.LINK else r"[#]", plain, maxsplit=1)[0]
    if not path:
        return None if leads is Leads.LINK else ("This names no file.", "Write its name.")
    if any(_leads_out(form, file) for form in forms(address)):
        return (
            f"{shown(plain)} leads out of the folder source/.",
            "Name a file of the manual; copy it there if it lies elsewhere.",
        )
    if path.startswith("~") or path.startswith("<"):
        return f"{shown(plain)} is no file of the manual.", "Name a file below source/."
    name = path.rsplit("/", 1)[-1]
    ending = name.rsplit(".", 1)[-1].lower() if "." in name.strip(".") else ""
    known = {Leads.PICTURE: PICTURES, Leads.TEXT: TEXTS, Leads.DOWNLOAD: FILES}.get(leads)
    if known is not None and ending not in known:
        return (
            f"{shown(name)} is not of a kind that a page may use here.",
            f"Its name ends in one of: {', '.join(sorted(known))}. Save an office file as PDF, a "
            "table as CSV.",
        )
    if leads is Leads.LINK and ending and ending not in FILES | PICTURES - {"svg"} | {"html"}:
        return _kind_fault(name, ending)
    if leads is Leads.LINK and ending == "html":
        return (
            f"{shown(name)} is the page as it is built.",
            "Name the page that you write, which ends in .md.",
        )
    return None


def _leads_out(path: str, file: str) -> bool:
    """Whether a path of the page `file` climbs out of source/.

    One that begins with / begins there, as Sphinx takes it.
    """
    for end in ("#", "?#"):
        named = re.split(f"[{end}]", path, maxsplit=1)[0]
        above = normpath(named[1:] if named.startswith("/") else join(dirname(file), named))
        if f"{above}/".startswith(("../", "/")):
            return True
    return False


def _too_long(address: str) -> bool:
    """Whether a part of a path has more bytes than a file's name can have."""
    parts = decode(address, DECODE_DEFAULT_CHARS + "%").split("/")
    sizes = [len(part.encode("utf-8", "surrogatepass")) for part in parts]
    return max(sizes) > MOST_NAME or sum(sizes) > MOST_ADDRESS


def _kind_fault(name: str, ending: str) -> tuple[str, str] | None:
    """A link to a file that could run; a full stop in a heading's name is not an ending."""
    if not re.fullmatch(r"[a-z][a-z0-9]{0,9}", ending):
        return None
    return (
        f"{shown(name)} is not of a kind that the manual offers.",
        f"Save it as one of: {', '.join(sorted(FILES))}.",
    )


def shown(words: str) -> str:
    """Words of a page in a sentence: short, and without signs that a terminal would obey."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words)
    return plain if len(plain) <= 60 else plain[:59] + "…"
