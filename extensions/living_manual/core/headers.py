"""What a web server says with every file: the policy that browsers hold a page to, types, caching.

Declared once, here. The meta elements of each page, `manual serve`, the `_headers` of a release and
the ready files in docs/hosting/ follow from it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from living_manual.core.edition import STAFF, Edition

#: The Content-Security-Policy, directive by directive. Everything comes from the site itself, and
#: no page may hold a script or a style of its own.
CONTENT_SECURITY: Mapping[str, str] = {
    "default-src": "'self'",
    # Pagefind's index is searched by WebAssembly. Without this word there is no search.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    # Text can become neither HTML nor the address of a script; search.js lets Pagefind's worker by.
    "require-trusted-types-for": "'script'",
    "trusted-types": "default",
}

#: What browsers pass over, with a complaint, in a meta element.
NOT_IN_META = frozenset({"frame-ancestors", "report-uri", "sandbox"})

#: What a page of the manual never asks for; the screen's wake lock, the clipboard and full screen
#: are used, and keep what browsers allow by themselves.
NEVER_ASKED = ("camera", "geolocation", "microphone", "payment", "usb")


def content_security(without: Collection[str] = ()) -> str:
    """The policy in one line, less some of its directives."""
    return "; ".join(
        f"{name} {sources}" for name, sources in CONTENT_SECURITY.items() if name not in without
    )


#: Headers of every answer, whatever its status.
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": content_security(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Which page of the manual a reader comes from is no other site's business.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in NEVER_ASKED),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

#: The policy of a PDF. Chrome shows one by an element of its own making, which the policy of pages
#: would stop: the reader would see that this content is blocked.
PDF_SECURITY = f"frame-ancestors {CONTENT_SECURITY['frame-ancestors']}"


def headers_of(kind: str | None) -> Mapping[str, str]:
    """The headers of an answer, by the media type of its body."""
    if kind == TYPES[".pdf"]:
        return {**HEADERS, "Content-Security-Policy": PDF_SECURITY}
    return HEADERS


#: A decision of the district's: for a year browsers will open the name by https only.
STRICT_TRANSPORT = ("Strict-Transport-Security", "max-age=31536000")

# ---------------------------------------------------------------------------------------- caching

#: Parts of an address that change with the content of the file.
FINGERPRINTS = ("v", "digest")

_REACH: Mapping[Edition, str] = {"public": "public", "staff": "private"}


def keeps_long(edition: Edition) -> str:
    """Cache-Control of a file whose address has a fingerprint."""
    return f"{_REACH[edition]}, max-age=31536000, immutable"


def asks_again(edition: Edition) -> str:
    """Cache-Control of everything else: kept, and asked for again each time.

    What belongs to the staff edition is kept by the reader's own browser at most.
    """
    return "private, no-cache" if edition == STAFF else "no-cache"


# ------------------------------------------------------------------------------------------ types

#: The media type for the ending of a name; a release has no other endings. Written out, because
#: what a machine's own table says about these differs from machine to machine.
TYPES: Mapping[str, str] = {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".css": "text/css",
    ".csv": "text/csv",
    ".gif": "image/gif",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".ics": "text/calendar",
    ".inv": "application/octet-stream",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".mp4": "video/mp4",
    # Pagefind unpacks its own files; `.pagefind` is WebAssembly packed with gzip.
    ".pagefind": "application/octet-stream",
    ".pdf": "application/pdf",
    ".pf_filter": "application/octet-stream",
    ".pf_fragment": "application/octet-stream",
    ".pf_index": "application/octet-stream",
    ".pf_meta": "application/octet-stream",
    ".png": "image/png",
    ".reqifz": "application/zip",
    ".svg": "image/svg+xml",
    ".toml": "text/plain",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
}
#: What a browser does not show, but saves.
UNKNOWN = "application/octet-stream"

_TEXT = re.compile(r"text/|application/(json|manifest\+json|(atom\+)?xml)$|image/svg\+xml$")


def content_type(name: str) -> str:
    """The media type for a file name, without a charset."""
    return TYPES.get("." + name.rpartition(".")[2].lower(), UNKNOWN)


def is_text(kind: str) -> bool:
    """Whether a media type is text: sent with its charset, and packed."""
    return _TEXT.match(kind) is not None
