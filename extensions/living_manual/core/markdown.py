"""Markdown as a build reads it: the one parser that looks at a text before Sphinx does.

It has the same rules, in the same order, as the parser that MyST makes for the same extensions; a
test compares the two. So what a check finds here is what a build would find. One thing differs: a
link with any scheme is a link here, so that a forbidden one can be told; where MyST would see
no link, the page is refused anyway.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import make_fence_rule
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.field_list import fieldlist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

#: What every page of the manual is written in, whatever conf.py says.
EXTENSIONS = frozenset({"colon_fence", "deflist"})
#: What conf.py may add. Others let a page reach further (substitution, html_image, attrs_inline).
MORE_EXTENSIONS = frozenset({"amsmath", "dollarmath", "fieldlist", "replacements", "smartquotes"})
#: HTML in a page is text; conf.py cannot change that.
NO_SYNTAX = ("html_block", "html_inline")


class _Markdown(MarkdownIt):
    """A parser that takes links with any scheme, so that they can be named."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002 (as markdown-it calls it)
        return True


@cache
def parser(extensions: frozenset[str] = EXTENSIONS) -> MarkdownIt:
    """The parser for a set of extensions; it keeps nothing of what it has parsed."""
    md = _Markdown("commonmark").enable("table").use(front_matter_plugin).use(myst_block_plugin)
    md.use(myst_role_plugin)
    md.use(footnote_plugin, inline=False, move_to_end=False, always_match_refs=True)
    for name in ("smartquotes", "replacements"):
        if name in extensions:
            md.enable(name)
            md.options["typographer"] = True
    if "dollarmath" in extensions:
        md.use(dollarmath_plugin)
    md.block.ruler.before(
        "fence",
        "colon_fence",
        make_fence_rule(markers=(":",), token_type="colon_fence", exact_match=False),
        {"alt": ["paragraph", "reference", "blockquote", "list", "footnote_def"]},
    )
    if "amsmath" in extensions:
        md.use(amsmath_plugin)
    md.use(deflist_plugin)
    if "fieldlist" in extensions:
        md.use(fieldlist_plugin)
    # Joins words with the signs that were written as entities, which we tell apart.
    md.disable(["text_join", *NO_SYNTAX])
    return md


def tokens(text: str, env: dict[str, Any], extensions: Collection[str] = EXTENSIONS) -> list[Token]:
    """A text's blocks; `env` carries the targets of links from one text of a page to the next."""
    return parser(frozenset(extensions)).parse(text, env)


def inline_tokens(
    text: str, env: dict[str, Any], extensions: Collection[str] = EXTENSIONS
) -> list[Token]:
    """A title or a value as a line of text, not as a block."""
    return parser(frozenset(extensions)).parseInline(text, env)
