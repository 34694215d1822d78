"""The ready files of docs/hosting/ and the `_headers` of a release, from what `headers` declares.

Each ready file is whole: a district changes the lines that are marked and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from living_manual.core.edition import PUBLIC, STAFF, Edition
from living_manual.core.headers import (
    FINGERPRINTS,
    HEADERS,
    PDF_SECURITY,
    STRICT_TRANSPORT,
    TYPES,
    UNKNOWN,
    asks_again,
    content_security,
    is_text,
    keeps_long,
)

_POLICY = "Content-Security-Policy"
_OTHERS = {name: value for name, value in HEADERS.items() if name != _POLICY}
_NOTE = "Written by `make reference` from the code. Change your copy of it, not this file.\n"


def ready_files() -> dict[str, str]:
    """File name and text of everything in docs/hosting/."""
    return {
        "manual-site.conf": _nginx_site(),
        "nginx.conf": _nginx_public(),
        "nginx-staff.conf": _nginx_both(),
        "Caddyfile": _caddy(),
    }


def headers_file(edition: Edition) -> str:
    """The `_headers` of a release, for hosts that read one (Netlify, Cloudflare Pages).

    One rule for all paths: where two rules fit, such hosts send both values. So that PDFs can be
    shown, `object-src` is left to the meta element of the pages.
    """
    named = {
        **HEADERS,
        "Content-Security-Policy": content_security({"object-src"}),
        "Cache-Control": asks_again(edition),
    }
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in named.items())


# ------------------------------------------------------------------------------------------ nginx


def _nginx_site() -> str:
    """What a `server` of nginx includes, whichever edition it serves."""
    texts = sorted({kind for kind in TYPES.values() if is_text(kind)})
    own = [kind for kind in texts if kind != "text/html"]  # nginx adds that one by itself
    return f"""\
# How nginx serves a release of the manual. Keep it beside the file that includes it.
# {_NOTE}
index index.html;
error_page 404 /404.html;
absolute_redirect off;
server_tokens off;

# Never open_file_cache: it keeps serving the release it saw first.
open_file_cache off;
# The link to the live release is followed; one inside a release would lead out of it.
disable_symlinks on from=$document_root;
location ~ /\\.(?!well-known/) {{
    deny all;
}}

add_header {_POLICY} $manual_policy always;
{_lines(f'add_header {name} "{value}" always;' for name, value in _OTHERS.items())}
add_header Cache-Control $manual_cache always;
# For you to decide, once all is served by https: browsers will then open this name in no other way.
# add_header {STRICT_TRANSPORT[0]} "{STRICT_TRANSPORT[1]}" always;

gzip on;
gzip_vary on;
gzip_min_length 512;
gzip_types
{_lines(f"    {kind}" for kind in own)};

charset utf-8;
charset_types
{_lines(f"    {kind}" for kind in own)};

default_type {UNKNOWN};
types {{
{_lines(f"    {kind} {' '.join(_endings(kind))};" for kind in sorted(set(TYPES.values())))}
}}
"""


def _nginx_public() -> str:
    return f"""\
# nginx, the public edition alone. {_NOTE}#
# Copy this file to /etc/nginx/conf.d/manual.conf and manual-site.conf to /etc/nginx/. Change the
# lines marked "yours". docs/hosting.md says more.

{_nginx_maps()}
{_nginx_open()}"""


def _nginx_both() -> str:
    return f"""\
# nginx, both editions: the public one for everybody, the staff edition for who has signed in.
# {_NOTE}#
# Copy this file to /etc/nginx/conf.d/manual.conf and manual-site.conf to /etc/nginx/. Change the
# lines marked "yours". docs/hosting.md says more.

{_nginx_maps()}
# The program that knows who has signed in, oauth2-proxy or one that answers as it does.
upstream manual_identity {{
    server 127.0.0.1:4180;  # yours
}}

# A name that is neither of the two gets no answer.
server {{
    listen 80 default_server;  # yours
    server_name _;
    return 444;
}}

{_nginx_open()}
server {{
    listen 80;  # yours
    server_name staff.manual.district.example;  # yours
    root /srv/manual/staff/current;  # yours

    set $manual_edition staff;
    include manual-site.conf;

    # Everything below this name asks first, whatever is asked for and however it is written.
    auth_request /oauth2/auth;
    auth_request_set $manual_renewed $upstream_http_set_cookie;
    add_header Set-Cookie $manual_renewed always;
    error_page 401 = @sign_in;

    location @sign_in {{
        return 302 /oauth2/sign_in?rd=$request_uri;
    }}

    location = /oauth2/auth {{
        internal;
        proxy_pass http://manual_identity;
        proxy_pass_request_body off;
        proxy_set_header Content-Length "";
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Uri $request_uri;
        proxy_connect_timeout 5s;
        proxy_read_timeout 10s;
    }}

    # Pages of the identity program: its own, with its own policy. No file is served below here.
    location /oauth2/ {{
        auth_request off;
        add_header Cache-Control no-store always;
        add_header X-Content-Type-Options nosniff always;
        proxy_pass http://manual_identity;
        proxy_set_header Host $host;
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Auth-Request-Redirect $request_uri;
    }}
}}
"""


def _nginx_open() -> str:
    return """\
server {
    listen 80;  # yours; with TLS: listen 443 ssl; and the two lines that name the certificate
    server_name manual.district.example;  # yours
    root /srv/manual/public/current;  # yours

    set $manual_edition public;
    include manual-site.conf;
}
"""


def _nginx_maps() -> str:
    """What differs from answer to answer: how long it is kept, and the policy of PDFs.

    What has a fingerprint and was found is kept; all else is asked for again.
    """
    asked = "".join(f"$arg_{name}" for name in FINGERPRINTS)
    found = r"(200|206|304) [^?]+\.(?!html\?)[a-z0-9_]+\?."
    rules = [
        rule
        for edition in (STAFF, PUBLIC)
        for rule in (
            f'    "~^{edition} {found}" "{keeps_long(edition)}";',
            f'    "~^{edition} " "{asks_again(edition)}";',
        )
    ]
    return f"""\
map "$manual_edition $status $uri?{asked}" $manual_cache {{
    default "no-store";
{_lines(rules)}
}}

map $sent_http_content_type $manual_policy {{
    default "{HEADERS[_POLICY]}";
    {TYPES[".pdf"]} "{PDF_SECURITY}";
}}
"""


# ------------------------------------------------------------------------------------------ Caddy


def _caddy() -> str:
    """In a `route`, so that what stands later has the last word."""
    named = {**HEADERS, "Cache-Control": asks_again(PUBLIC)}
    kinds = [
        (ending[1:], f"{kind}; charset=utf-8" if is_text(kind) else kind)
        for ending, kind in TYPES.items()
    ]
    return f"""\
# Caddy, the public edition. {_NOTE}#
# Change the first two lines that are not a comment; Caddy gets the certificate by itself.

manual.district.example {{
\troot * /srv/manual/public/current

\t@fingerprinted {{
\t\tnot path *.html */
\t\texpression {_caddy_fingerprint()}
\t\tfile
\t}}
{_lines(f"{chr(9)}@{name} path *.{name}" for name, _ in kinds)}

\troute {{
\t\theader -Server
{_lines(f'{chr(9) * 2}header {name} "{value}"' for name, value in named.items())}
\t\t# For you to decide: browsers will then open this name by https only.
\t\t# header {STRICT_TRANSPORT[0]} "{STRICT_TRANSPORT[1]}"
\t\theader @fingerprinted Cache-Control "{keeps_long(PUBLIC)}"
\t\theader @pdf {_POLICY} "{PDF_SECURITY}"
{_lines(f'{chr(9) * 2}header @{name} Content-Type "{kind}"' for name, kind in kinds)}

\t\tencode gzip
\t\t# The link to the live release is followed at each request.
\t\tfile_server {{
\t\t\thide .*
\t\t}}
\t}}
}}
"""


def _caddy_fingerprint() -> str:
    asked = " || ".join(f"{{http.request.uri.query.{name}}} != ''" for name in FINGERPRINTS)
    return f"`{asked}`"


# ---------------------------------------------------------------------------------------- helpers


def _endings(kind: str) -> list[str]:
    return [ending[1:] for ending, of in TYPES.items() if of == kind]


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)
