"""What content has been seen to do to a build of this stack, as texts, and ways to bring them in.

Each line of `LINES` is a weakness that was measured on the stack as it comes; its attacks are what
was written on a page for it. `{mark}` is a file that must never be made, `{out}` and `{table}` the
ways to a file beyond the manual's folder, `{url}` an address where somebody listens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from textwrap import indent

RUN = "__import__('pathlib').Path('{mark}').touch()"
RECORD = """:::{{term}} {title}
:id: {id}
:owner: {owner}
:stage: STAGE_SET
:audiences: teacher
:reviewed: 2030-08-20
{more}
Said.
:::"""


def record(
    title: str = "Bold words",
    id: str = "TERM_@",
    owner: str = "ROLE_HEAD",
    more: str = "",
) -> str:
    """A record as an attack puts it; `@` becomes a number of its own."""
    return RECORD.format(title=title, id=id, owner=owner, more=more)


#: The lists of sphinx-needs, each of which has a filter.
LISTS = [
    "needtable",
    "needlist",
    "needflow",
    "needpie",
    "needbar",
    "needgantt",
    "needsequence",
    "needextract",
    "needextend",
    "needreport",
]
LISTS = (
    *("needtable", "needlist", "needflow", "needpie", "needbar"),
    *("needgantt", "needsequence", "needextract", "needextend", "needreport"),
)

LINES: dict[str, dict[str, str]] = {
    "runs code: filters, functions, variants": {
        **{f"filter of {{{name}}}": f":::{{{name}}}\n:filter: {RUN}\n:::" for name in LISTS},
        "a count": f"{{need_count}}`{RUN}`",
        "a share": f"{{need_count}}`type == 'term' ? {RUN}`",
        "the lines of a needtable": f"```{{needtable}}\n\n{RUN}\nresults = []\n```",
        "the lines of a needlist": f"```{{needlist}}\n\n{RUN}\n```",
        "a function of a module": ":::{needtable}\n:filter-func: os.getcwd\n:::",
        "a function in a title": record(title="[[echo('run')]]"),
        "a function in a link": record(owner="[[copy('id')]]"),
        "a function in an option": record(more=":tags: [[copy('id')]]\n"),
        "a function in a text": "{ndf}`echo('run')`",
        "a condition of a link": record(owner=f"ROLE_HEAD[{RUN}]"),
        "a variant of an option": record(owner=f"<<{RUN}:ROLE_HEAD>>"),
        "a value of another place": record(owner="<{x}>"),
        "a block under a condition": f":::{{if}} {RUN}\nSaid.\n:::",
        "a choice of blocks": f"::::{{choose}}\n:::{{when}} {RUN}\nSaid.\n:::\n::::",
        "a role of a variant": "{variant}`x`",
        "a template of a record": record(more=":template: ../../run\n:jinja_content: true\n"),
        "reStructuredText": "```{eval-rst}\n.. raw:: html\n\n   <script>run()</script>\n```",
        "records made of a list": "```{list2need}\n:types: term\n\n* (TERM_@) [[echo('run')]]\n```",
    },
    "reads outside of source/": {
        "a text taken in": ":::{include} {out}.txt\n:::",
        "a text taken in from the root": ":::{include} /{out}.txt\n:::",
        "a text of docutils": ":::{include} <isonum.txt>\n:::",
        "a text shown as it is": ":::{literalinclude} {out}.txt\n:::",
        "a table": ":::{csv-table}\n:file: {out}.csv\n:::",
        "HTML of a file": ":::{raw} html\n:file: {out}.txt\n:::",
        "a picture": "![A gull]({out}.png)",
        "a picture from the root": ":::{image} /{out}.png\n:alt: A gull\n:::",
        "a figure": ":::{figure} {out}.png\n:alt: A gull\n\nA gull\n:::",
        "a file to take along": "{download}`it <{out}.txt>`",
        "a link to a file": "[it]({out}.txt)",
        "a link by its path": "[it](path:{out}.txt)",
        "records of another site": ":::{needimport} {out}.json\n:::",
        "a view of data": ":::{data-viewer}\n:file: {out}.csv\n:::",
        "a list of pages": ":::{toctree}\n{out}\n:::",
    },
    "writes outside of the site": {
        "an id that is a path": record(id="TERM_@/../../../run"),
        "an id with a second line": record(id="TERM_@%0a/run"),
        "a drawing that is saved": ":::{needuml}\n:save: {mark}\nA -> B\n:::",
        "an architecture that is saved": ":::{needarch}\n:save: {mark}\nA -> B\n:::",
    },
    "fetches": {
        "records of an address": ":::{needimport} {url}/needs.json\n:::",
        "a table of an address": ":::{csv-table}\n:url: {url}/a.csv\n:::",
        "HTML of an address": ":::{raw} html\n:url: {url}/a.html\n:::",
        "a picture of an address": "![A gull]({url}/gull.png)",
        "a service": ":::{needservice} github-issues\n:query: run\n:::",
    },
    "hangs": {
        "a pattern without end": ":::{needtable}\n:filter: search('(a+)+$', title)\n:::",
        "a number without end": ":::{needtable}\n:filter: 9**9**9 > 1\n:::",
        "a count without end": "{need_count}`search('(a|a)*$', title)`",
    },
    "reaches the reader": {
        "a card that is a link": ":::{card} Said\n:link: javascript:run()\n\nSaid.\n:::",
        "a button": ":::{button-link} javascript:run()\nSaid\n:::",
        "a button with an entity": ":::{button-link} java&#115;cript:run()\nSaid\n:::",
        "a picture that is a link": ":::{image} gull.png\n:alt: A gull\n"
        ":target: javascript:run()\n:::",
        "raw HTML": ":::{raw} html\n<script>run()</script>\n:::",
        "raw words": "{raw-html}`<script>run()</script>`",
    },
}
#: Attacks that become plain words when nothing but the parser looks at them.
PLAIN: dict[str, dict[str, str]] = {
    "reaches the reader": {
        "HTML": "<script>run()</script>",
        "HTML in a line": "Words <img src=x onerror=run()> here.",
        "HTML in a heading": "## A <img src=x onerror=run()> heading",
        "an address that runs": "[it](javascript:run())",
        "an address that is a page": "[it](data:text/html,run)",
    },
    "runs code: filters, functions, variants": {
        "a template": "{{ 7*7 }} {% for a in range(9**9) %}{% endfor %}",
    },
}
FRONT: dict[str, str] = {
    "substitutions": "myst:\n  enable_extensions: [substitution]\n  substitutions:\n    run: it",
    "HTML switched on": "myst:\n  disable_syntax: []\n  enable_extensions: [html_image]",
    "other schemes": 'myst:\n  url_schemes: {javascript: "javascript:{{path}}"}',
    "a description that is code": "myst:\n  html_meta:\n    refresh: 0;url=javascript:run()",
}


@dataclass(frozen=True)
class Attack:
    """A text, the weakness it is for, and whether it becomes plain words by itself."""

    line: str
    name: str
    text: str
    plain: bool = False


#: Every line of the weaknesses that a text on a page can do something about.
NAMES = tuple(LINES)


def attacks() -> Iterator[Attack]:
    """All of them, in the order written."""
    for line, found in LINES.items():
        for name, text in found.items():
            yield Attack(line, name, text)
    for line, found in PLAIN.items():
        for name, text in found.items():
            yield Attack(line, name, text, plain=True)


#: Ways to bring a text onto a page; each gives a page's text.
WAYS: dict[str, Callable[[str], str]] = {
    "on a page": lambda text: f"# Probe\n\n{text}\n",
    "in a block": lambda text: f"# Probe\n\n::::::{{note}}\n\n{text}\n\n::::::\n",
    "in blocks between backticks": lambda text: (
        f"# Probe\n\n```````{{admonition}} So\n``````{{tip}}\n\n{text}\n\n``````\n```````\n"
    ),
    "in a list": lambda text: f"# Probe\n\n- Said:\n\n{indent(text, '  ')}\n",
    "in a quotation": lambda text: f"# Probe\n\n{indent(text, '> ', lambda line: True)}\n",
    "in a text taken in": lambda text: f"Said.\n\n{text}\n",
}
