"""What in a line of text is more than words: roles, links, pictures, HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.token import Token

from living_manual.core.allowed import INSTEAD, Allowed, Takes
from living_manual.core.finding import Finding, finding
from living_manual.core.safe_links import Leads, link_fault, shown
from living_manual.core.safe_values import is_portable, tex_fault

#: What has to be in a line for anything in it to be more than words.
SHARP = re.compile(r"[{<&\[]|\$")
_ATTRIBUTE = r"""\s+[A-Za-z_:@][\w:.@-]*(?:\s*=\s*(?:[^\s"'=<>`]+|'[^'<>]*'|"[^"<>]*"))?"""
#: HTML as a browser would take it: a tag, or the beginning of one that is known.
_HTML = re.compile(
    rf"<(?:/?[A-Za-z][A-Za-z0-9:-]*(?:{_ATTRIBUTE})*\s*/?>|!--|!\[CDATA\[|!doctype\b|\?(?:xml|php)"
    r"|/?(?:script|style|iframe|object|embed|svg|math|img|image|video|audio|source|link|meta|base"
    r"|form|input|button|textarea|template|frame|frameset|applet|div|span|table|details|xml|html"
    r"|body|head|noscript|title|marquee|isindex)(?=[\s/>]|$))",
    re.IGNORECASE,
)
#: In a heading also what only looks like a tag: headings are shown in many places.
_TAG = re.compile(r"<[A-Za-z/!?]")
_CALL = re.compile(r"\[\[\s*[A-Za-z_]\w*\s*\(")
_TARGET = re.compile(r"^(?P<title>.+?)\s*(?<!\x00)<(?P<target>.*?)>$", re.DOTALL)
#: Tokens of a line that are only words.
_WORDS = frozenset(
    "text text_special softbreak hardbreak code_inline em_open em_close strong_open strong_close "  # noqa: SIM905
    "link_close footnote_ref footnote_anchor s_open s_close".split()
)
_MATHS = frozenset({"math_inline", "math_inline_double", "math_single"})


def inline_faults(
    token: Token, file: str, line: int, allowed: Allowed, place: str, *, one: bool = False
) -> Iterator[Finding]:
    """What in a line, paragraph or cell is more than words; `one` says that it is one line."""
    if not SHARP.search(token.content):
        return
    look = _Look(token, file, line, allowed, place, one)
    yield from look.tokens(token.children or [])
    yield from look.words(token.children or [])


def _between(said: str, opens: str, closes: str) -> str:
    """From one sign to the next other one; empty where they are not both there."""
    start = said.find(opens)
    end = said.find(closes, start + 2) if start >= 0 else -1
    return said[start : end + 2] if end >= 0 else ""


class _Look:
    """Goes over the parts of a line, and knows on which line each stands."""

    def __init__(
        self, token: Token, file: str, line: int, allowed: Allowed, place: str, one: bool
    ) -> None:
        self.content = token.content
        self.file, self.first, self.allowed, self.place = file, line, allowed, place
        self.one = one
        self.at = 0

    def tokens(self, children: list[Token]) -> Iterator[Finding]:
        """Roles, links and pictures, also those in the words of a picture."""
        for child in children:
            if child.type == "myst_role":
                yield from self._role(str(child.meta["name"]), child.content)
            elif child.type == "link_open":
                address = str(child.attrGet("href") or "")
                yield from self._address(address, Leads.LINK)
            elif child.type == "image":
                yield from self._address(str(child.attrGet("src") or ""), Leads.PICTURE)
            elif child.type in _MATHS:
                yield from self._maths(child.content)
            elif child.type not in _WORDS:
                yield self._no(
                    self._line(""),
                    "This is nothing that a line may hold.",
                    "Write it as plain words.",
                )
            if child.children:
                yield from self.tokens(child.children)

    def _role(self, name: str, content: str) -> Iterator[Finding]:
        line = self._line(f"{{{name}}}")
        role = self.allowed.roles.get(name)
        if role is None:
            near = name.lower()
            if near != name and near in self.allowed.roles:
                fix = f"Write {{{near}}}, in small letters."
            else:
                fix = INSTEAD.get(
                    near.rpartition(":")[2],
                    "docs/reference/allowed.md lists what may stand before backticks; to show "
                    "the words as they are, put backticks around all of them.",
                )
            yield self._no(line, f"A page may not use {{{shown(name)}}}`...`.", fix)
        elif name == "need_count":
            for part in content.split(" ? "):
                if is_portable(part) is False:
                    yield self._no(
                        line,
                        f"The filter `{shown(part.strip())}` may only compare fields.",
                        "Write it as in: type == 'term' and status in ['planned', 'active'].",
                    )
        elif name == "math":
            yield from self._maths(content)
        elif role.takes is Takes.FILE:
            found = _TARGET.match(content)
            target = found["target"] if found else content
            wrong = link_fault(target, self.file, Leads.DOWNLOAD)
            if wrong:
                yield self._no(line, *wrong)
        elif "[[" in content or "<<" in content or "<{" in content:
            yield self._no(
                line,
                f"{{{name}}} may not compute anything: {shown(content)}",
                "Write the words themselves.",
            )

    def _address(self, address: str, leads: Leads) -> Iterator[Finding]:
        wrong = link_fault(address, self.file, leads)
        if wrong:
            yield self._no(self._line(address), *wrong)

    def _maths(self, formula: str) -> Iterator[Finding]:
        if wrong := tex_fault(formula):
            yield self._no(
                self._line(wrong),
                f"A formula may not use {shown(wrong)}.",
                "Write the formula with the usual commands; put links and explanations beside it.",
            )

    # ------------------------------------------------------------------------------- words

    def words(self, children: list[Token]) -> Iterator[Finding]:
        """HTML, calls and substitutions in the words of a line, outside what is shown as it is."""
        heading = self.place in ("heading", "value")
        said = "".join(self._said(children, heading))
        self.at = 0
        html = (_TAG if heading else _HTML).search(said)
        if html:
            yield self._no(
                self._line(html[0]),
                f"HTML is not read: {shown(said[html.start() :].split(chr(10))[0])}",
                "Write it in Markdown, such as **bold**, [words](address) or a block; for the sign "
                "itself write &lt; with a blank after it, or put backticks around the words."
                if not heading
                else "Leave out < before a letter in titles and headings.",
            )
        call = _CALL.search(said)
        computed = call[0] if call else _between(said, "{{", "}}") or _between(said, "{%", "%}")
        if computed:
            yield self._no(
                self._line(computed[:2]),
                f"A page may not compute anything: {shown(computed)}",
                "Write the words themselves.",
            )

    def _said(self, children: list[Token], heading: bool) -> Iterator[str]:
        for child in children:
            if child.type == "text" or (heading and child.type in ("text_special", "code_inline")):
                yield child.content
            elif child.type in ("softbreak", "hardbreak"):
                yield "\n"
            elif child.type == "image" and child.children:
                yield from self._said(child.children, heading)
            elif child.type not in _WORDS or child.type in ("code_inline", "text_special"):
                yield "\0"

    # ------------------------------------------------------------------------------ places

    def _line(self, words: str) -> int:
        """The line where these words stand next; where they cannot be found, the last one known."""
        if self.one:
            return self.first
        found = self.content.find(words, self.at) if words else -1
        if found >= 0:
            self.at = found
            line = self.first + self.content.count("\n", 0, found)
            self.at += 1
            return line
        return self.first + self.content.count("\n", 0, self.at)

    def _no(self, line: int, message: str, fix: str) -> Finding:
        return finding("not-allowed", message, fix, self.file, line)
