"""What a page may use: every block, its options, every role, every key of the front matter.

A page is words, not a program. What is not named here is refused before Sphinx reads the page, so
that a new extension opens no door by being installed. docs/reference/allowed.md is generated from
these declarations; a test holds them against what Sphinx has registered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Takes(StrEnum):
    """What the words after a block's name are."""

    NOTHING = "nothing"
    """Words there are the first line of the block's text."""
    TEXT = "text"
    PICTURE = "picture"
    ADDRESS = "address"
    FILE = "file"
    WORDS = "words"
    """An id, a language, a number: shown nowhere as Markdown."""


class Body(StrEnum):
    """What a block's lines are."""

    TEXT = "text"
    """Markdown, checked as the page is."""
    SHOWN = "shown"
    """Shown as it is."""
    MATHS = "maths"
    PAGES = "pages"
    """Names of pages."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Block:
    """A block that a page may use.

    `options` is None where a block has none at all: lines that look like options are its text
    then. `free` blocks take any option: what they do with it is checked elsewhere. `cards` are
    blocks whose text is cut at lines of ^^^ and +++.
    """

    name: str
    group: str
    use: str
    takes: Takes = Takes.NOTHING
    options: frozenset[str] | None = frozenset()
    body: Body = Body.TEXT
    cards: bool = False
    free: bool = False


#: Groups of blocks, in the order of the reference page.
TEXT, BOXES, LAYOUT, PICTURES, CODE, LISTS, KIT = (
    "Text",
    "Boxes",
    "Cards, tabs and grids",
    "Pictures and clips",
    "Code and mathematics",
    "Lists of pages and records",
    "Blocks of the manual",
)
_CARD = (
    "width margin text-align shadow link link-type link-alt link-new-tab header footer img-top "
    "img-bottom img-background img-alt class-card class-header class-body class-title class-footer "
    "class-img-top class-img-bottom"
)
_GRID_CARD = f"{_CARD} padding columns class-item".replace("width ", "")
_PICTURE = "alt align class height name scale target width loading"
_BUTTON = "align class click-parent color expand new-tab outline ref-type shadow tooltip"
_NEEDS = "filter types status tags sort_by sort columns colwidths style class max_items page_size"


def _block(
    name: str,
    group: str,
    use: str,
    options: str | None = "",
    takes: Takes = Takes.NOTHING,
    body: Body = Body.TEXT,
    cards: bool = False,
) -> Block:
    known = None if options is None else frozenset(options.split())
    return Block(name, group, use, takes, known, body, cards)


_BOXES = "note tip hint important attention caution warning danger error seealso"
#: Views of the manual that are given nothing, or an id, a type or the key of a matrix.
_VIEWS = """
    action-list assessment-calendar balance blank-schools brief-list chain changes codification
    consents coverage facilitation fragility gaps handover-list health-line key-results
    key-results-by-school key-results-sum learning-hours matrix my-school path-list record-list
    reported-hours role-drills school-balance school-hours school-plan school-readings
    self-assessment session-calendar session-list since-you-were-here single-points standard-table
    system-health to-confirm used-in what-if
"""

BLOCKS: dict[str, Block] = {
    block.name: block
    for block in (
        _block(
            "rubric", TEXT, "A heading that is in no list.", "class name", Takes.TEXT, Body.NONE
        ),
        _block("topic", TEXT, "A text of its own with a title.", "class name", Takes.TEXT),
        _block("sidebar", TEXT, "A text beside the others.", "class name subtitle", Takes.TEXT),
        _block(
            "table", TEXT, "A table with a caption.", "align class name width widths", Takes.TEXT
        ),
        _block(
            "list-table",
            TEXT,
            "A table written as a list.",
            "align class header-rows name stub-columns width widths",
            Takes.TEXT,
        ),
        _block("hlist", TEXT, "A list in columns.", "columns"),
        _block("include", TEXT, "Another text of the manual.", "", Takes.FILE, Body.NONE),
        *(_block(name, BOXES, "A box.", "class collapsible name") for name in _BOXES.split()),
        _block("admonition", BOXES, "A box with a title.", "class collapsible name", Takes.TEXT),
        _block(
            "dropdown",
            BOXES,
            "A box that opens.",
            "animate chevron class-body class-container class-title color icon margin name open",
            Takes.TEXT,
        ),
        _block(
            "grid",
            LAYOUT,
            "Parts side by side.",
            "class-container class-row gutter margin outline padding reverse",
            Takes.WORDS,
        ),
        _block(
            "grid-item",
            LAYOUT,
            "A part of a grid.",
            "child-align child-direction class columns margin outline padding",
        ),
        _block("grid-item-card", LAYOUT, "A card in a grid.", _GRID_CARD, Takes.TEXT, cards=True),
        _block("card", LAYOUT, "A card.", _CARD, Takes.TEXT, cards=True),
        _block("card-header", LAYOUT, "What stands above a card's text.", "class"),
        _block("card-footer", LAYOUT, "What stands below a card's text.", "class"),
        _block("card-carousel", LAYOUT, "Cards to leaf through.", "class", Takes.WORDS),
        _block("tab-set", LAYOUT, "Texts one of which is seen.", "class orientation sync-group"),
        _block(
            "tab-item",
            LAYOUT,
            "One of them.",
            "class-container class-content class-label name selected sync",
            Takes.TEXT,
        ),
        _block("button-ref", LAYOUT, "A button to a page.", _BUTTON, Takes.WORDS),
        _block("button-link", LAYOUT, "A button to an address.", _BUTTON, Takes.ADDRESS),
        _block("image", PICTURES, "A picture.", _PICTURE, Takes.PICTURE, Body.NONE),
        _block(
            "figure",
            PICTURES,
            "A picture with a caption.",
            f"{_PICTURE} figclass figname figwidth",
            Takes.PICTURE,
        ),
        _block("annotated-image", PICTURES, "A picture with notes.", "alt", Takes.PICTURE),
        _block("clip", PICTURES, "A clip with words.", "alt title", Takes.WORDS, Body.NONE),
        _block(
            "code-block",
            CODE,
            "A program or a text, shown as it is.",
            "caption class dedent emphasize-lines force lineno-start linenos name",
            Takes.WORDS,
            Body.SHOWN,
        ),
        _block("code", CODE, "The same.", "class force name number-lines", Takes.WORDS, Body.SHOWN),
        _block(
            "math", CODE, "A formula.", "class label name nowrap no-wrap", Takes.TEXT, Body.MATHS
        ),
        _block(
            "toctree",
            LISTS,
            "The pages below this one.",
            "caption class glob hidden includehidden maxdepth name numbered reversed titlesonly",
            body=Body.PAGES,
        ),
        _block(
            "contents", LISTS, "The headings of a page.", "class depth local", Takes.TEXT, Body.NONE
        ),
        _block("needtable", LISTS, "A table of records.", _NEEDS, Takes.TEXT, Body.NONE),
        _block(
            "needlist",
            LISTS,
            "A list of records.",
            "filter types status tags sort_by max_items show_status show_tags",
            body=Body.NONE,
        ),
        _block("staff", KIT, "What only staff see.", None),
        _block("steps", KIT, "The steps of a protocol.", None),
        _block("step", KIT, "A step.", "anchor cue minutes", Takes.TEXT),
        _block("path", KIT, "A path for a new colleague.", "for"),
        _block("path-step", KIT, "A step of a path.", "anchor done minutes", Takes.TEXT),
        *(
            _block(name, KIT, "A block of its own.", None, body=Body.NONE)
            for name in ("meaning-lab", "record-files", "record-links", "search-box")
        ),
        *(
            _block(name, KIT, "A view of the manual.", "kind", Takes.WORDS, Body.NONE)
            for name in _VIEWS.split()
        ),
    )
}

#: A block that makes a record. Its options are the model's: an unknown one is told by the record.
RECORD = Block("", KIT, "A record.", Takes.TEXT, free=True)


@dataclass(frozen=True, slots=True)
class Role:
    """Words with a meaning inside a line; `takes` says what stands between the backticks."""

    name: str
    use: str
    takes: Takes = Takes.WORDS


_BADGES = [
    f"bdg{colour}{line}"
    for colour in ("", "-primary", "-secondary", "-success", "-info", "-warning", "-danger")
    for line in ("", "-line")
    if colour or not line
]
ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role("need", "A link to a record."),
        Role("word", "A word of the glossary."),
        Role("term", "A word of Sphinx's glossary."),
        Role("doc", "A link to a page."),
        Role("ref", "A link to a place that has a name."),
        Role("numref", "A link to a numbered figure or table."),
        Role("eq", "A link to a formula."),
        Role("download", "A file of the manual to download.", Takes.FILE),
        Role("need_count", "How many records a filter finds."),
        Role("need_incoming", "What links to a record."),
        Role("need_outgoing", "What a record links to."),
        Role("staff", "Words that only staff see.", Takes.TEXT),
        Role("math", "A formula in a line.", Takes.TEXT),
        Role("abbr", "An abbreviation and what it stands for."),
        Role("kbd", "A key to press."),
        Role("guilabel", "A button of a program."),
        Role("menuselection", "A choice in a menu."),
        Role("sub", "Letters set low."),
        Role("sup", "Letters set high."),
        *(Role(name, "A badge.") for name in _BADGES),
    )
}

#: Keys of the front matter: the lines between --- at the head of a page.
KEYS: dict[str, str] = {
    "description": "One sentence for search engines and link previews.",
    "edition": "Who the page is for: `public` or `staff`.",
    "public_fields": "Fields of the page's records that the public edition shows too.",
    "public_tables": "Tables beside the page whose rows are public.",
    "orphan": "The page stands in no list of pages.",
    "title": "The page's title for programs.",
    "tocdepth": "How deep the list of headings goes.",
}

#: What to write in place of what is refused, by its name.
INSTEAD: dict[str, str] = {
    "eval-rst": "Write it in Markdown.",
    "raw": "Write it in Markdown; a page shows words, not HTML.",
    "literalinclude": "Copy the lines into a {code-block}.",
    "csv-table": "Write a table with | between the cells, or a {list-table}.",
    "only": "Leave the text out, or give the page or record an edition: what is hidden by {only} "
    "is published all the same.",
    "glossary": "Write each word as a {term} record.",
    "index": "Give the word a {term} record: search finds it.",
    "epigraph": "Begin each line with > for a quotation.",
    "pull-quote": "Begin each line with > for a quotation.",
    "highlights": "Begin each line with > for a quotation.",
    "parsed-literal": "Use a {code-block}.",
    "container": "Use a box such as {note}.",
    "needimport": "Write the records in a page or a table, or use `manual import`.",
    "needservice": "Write the records in a page or a table, or use `manual import`.",
    "data-viewer": "Use a view of the manual, such as {record-list}.",
    "needuml": "Draw it as a picture and show it with {figure}.",
    "needarch": "Draw it as a picture and show it with {figure}.",
    "needflow": "Use {chain} or {matrix}.",
    "needextend": "Change the record where it stands.",
    "list2need": "Write each record as a block of its own.",
    "figure-md": "Use {figure}.",
    "div": "Use a box such as {note}.",
    "meta": "Write `description:` in the front matter.",
    "myst": "How Markdown is read is the same for every page.",
    "html_meta": "Write `description:`.",
    "substitutions": "Write the words themselves.",
    "ndf": "Write the words themselves.",
    "variant": "Write the words themselves.",
    "if": "Write the text, or leave it out.",
    "mermaid": "Draw it as a picture and show it with {figure}; or ask the maintainer.",
}

#: What no setting can switch on: it runs programs, reads other files, or fetches.
NEVER = frozenset(
    """
    eval-rst raw only literalinclude csv-table default-role default-domain needimport needservice
    needuml needarch needextend needreport list2need data-viewer if choose when otherwise ndf
    variant meta class cssclass rst-class title unicode replace date
    restructuredtext-test-directive
    substitution-reference restructuredtext-unimplemented-role myst mystnb substitutions html_meta
    jinja uml graphviz graph digraph header footer parsed-literal glossary epigraph pull-quote
    highlights
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Allowed:
    """What the pages of one manual may use: what is declared here, its types of record, and more.

    `records` are the model's types; the rest is what the maintainer has switched on.
    """

    records: frozenset[str] = frozenset()
    blocks: Mapping[str, Block] = field(default_factory=lambda: BLOCKS)
    roles: Mapping[str, Role] = field(default_factory=lambda: ROLES)
    keys: Collection[str] = field(default_factory=lambda: KEYS)
    extensions: frozenset[str] = frozenset({"colon_fence", "deflist"})

    def block(self, name: str) -> Block | None:
        """The block of a name; None when a page may not use it."""
        return RECORD if name in self.records else self.blocks.get(name)


def allow(
    records: Iterable[str], more: Iterable[str] = (), extensions: Iterable[str] = ()
) -> tuple[Allowed, tuple[str, ...]]:
    """What pages may use with what the maintainer has switched on, and what cannot be.

    `more` are entries of `manual_allow`: `directive:NAME` for a block whose lines are text of the
    page and are checked, `literal:NAME` for one whose lines are shown or drawn as they are,
    `role:NAME`, `front-matter:KEY`.
    """
    blocks, roles, keys = dict(BLOCKS), dict(ROLES), set(KEYS)
    refused: list[str] = []
    for entry in more:
        kind, _, name = entry.partition(":")
        if not name or name in NEVER or name.startswith("need"):
            refused.append(entry)
        elif kind in ("directive", "literal"):
            body = Body.TEXT if kind == "directive" else Body.SHOWN
            blocks[name] = Block(name, "Switched on", "", Takes.TEXT, body=body, free=True)
        elif kind == "role":
            roles[name] = Role(name, "", Takes.TEXT)
        elif kind == "front-matter":
            keys.add(name)
        else:
            refused.append(entry)
    known = frozenset({"colon_fence", "deflist", *extensions})
    return Allowed(frozenset(records), blocks, roles, keys, known), tuple(refused)
