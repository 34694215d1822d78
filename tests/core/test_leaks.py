"""What is a secret, and in which disguises it is found: tables of texts."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from living_manual.core.leak_findings import Leak, told
from living_manual.core.leak_secrets import watch
from living_manual.core.leaks import Secret
from living_manual.core.unescaped import hidden, markup

PAGE = """\
---
subtitle: Quillfront matters
---
# What we tell the board

:::{decision} Close the north stairs
:id: DEC_STAIRS
:owner: ROLE_HEAD
:body: Brambleton committee
:note: C-2031-014

Nobody goes up after four, because the *third*
step is loose and the [rail](https://files.example/rail/9) hangs.
:::

![A drawing of the snorkelling goat](goat.png "Zwieback cap")

% marginalia about tombola

Mail stairs.keeper@tern-rock.example for keys, and see {need}`the plan <ACT_SECRET_01>`.

| when | who |
| --- | --- |
| Mondays | gondoliers meet quietly |
"""
TABLE = 'id,title,note\nACT_SECRET_01,"Loose step, first","Ask, then look at the underside of it"\n'
CUES = "WEBVTT\n\n00:00.000 --> 00:04.000\nThe rail is loose\nat the very top.\n\nNOTE kumquatish\n"
NOTES = json.dumps({"body": {"value": "Marzipan on step three \u00e9t\u00e9"}}, indent=1)
PUBLIC = {
    "index.md": "# Welcome\n\nMondays are for talk. Who comes, and when? See ROLE_HEAD.\n",
    "stairs/index.md": "# The stairs\n\nEverybody uses the stairs. Look at the plan first.\n",
}
STAFF = {
    "board/index.md": PAGE,
    "board/plan.csv": TABLE,
    "board/talk.vtt": CUES,
    "board/goat.annotations.json": NOTES,
    "board/ferret-cam.png": "",
}
KIT = ("title subtitle note when id body owner", "Look at the plan")

#: What may leak, and the words the finding must quote.
SECRETS = {
    "a page's title": ("<h1>What we tell the board</h1>", "What we tell the board"),
    "a record's title": ("<a title='Close the north stairs'>", "Close the north stairs"),
    "an id": ("href='#DEC_STAIRS'", "DEC_STAIRS"),
    "an id in an address": ("data/used-in-dec-stairs.csv", "DEC_STAIRS"),
    "a path": ("../board/index.html", "board/index.md"),
    "a file's name": ("_images/ferret-cam-3f2a.avif", "board/ferret-cam.png"),
    "a value of front matter": ("quillfront", "quillfront"),
    "a value of an option": ("Brambleton committee", "brambleton"),
    "a reference": ("ref: c-2031-014.", "C-2031-014"),
    "a sentence over two lines": (
        "<p>Nobody goes up after four, because the <em>third</em> step is loose</p>",
        "Nobody goes up after four",
    ),
    "the end of a sentence": ("and because the third step is loose and the rail hangs", "Nobody"),
    "an address": ("see https://files.example/rail/9", "files.example/rail/9"),
    "a mailbox": ("mailto:stairs.keeper@tern-rock.example", "stairs.keeper@tern-rock.example"),
    "words for a picture": ("alt='A drawing of the snorkelling goat'", "A drawing of the"),
    "a picture's title": ("zwieback cap", "zwieback"),
    "a comment": ("tombola", "tombola"),
    "a cell of a page's table": ("gondoliers meet quietly", "gondoliers meet quietly"),
    "a title in a table": ("Loose step, first", "Loose step, first"),
    "a note in a table": ("look at the underside of it", "then look at the underside of it"),
    "captions": ("the rail is loose at the very top", "The rail is loose"),
    "a note among captions": ("kumquatish", "kumquatish"),
    "an annotation": ("marzipan on step three été", "Marzipan on step three"),
    "an annotation escaped": ('"marzipan on step three \\u00e9t\\u00e9"', "Marzipan on step"),
}


@pytest.mark.parametrize(("leak", "quoted"), SECRETS.values(), ids=SECRETS)
def test_everything_a_staff_file_says_is_found(leak: str, quoted: str) -> None:
    looking = watch({**PUBLIC, **STAFF}, PUBLIC, KIT)
    texts = [leak, *hidden(leak), *markup(leak, set())]
    said = {secret.said for text in texts for secret in looking.found(text)}
    assert any(quoted in one for one in said), said


@pytest.mark.parametrize(
    "text",
    [
        *PUBLIC.values(),
        *KIT,
        "mondays",
        "stairs",
        "ROLE_HEAD",
        "DEC_STAIRS_2",
        "The third Monday of the month",
        "onboard/index.html",
        "2030-08-20",
        "step 3 of 12",
    ],
)
def test_what_everybody_may_read_is_no_secret(text: str) -> None:
    assert watch({**PUBLIC, **STAFF}, PUBLIC, KIT).found(text) == ()


def test_a_secret_is_told_with_its_file_and_line() -> None:
    looking = watch({**PUBLIC, **STAFF}, PUBLIC, KIT)
    places = {
        (secret.file, secret.line)
        for words in ("the third step is loose and", "tombola", "ACT_SECRET_01")
        for secret in looking.found(words)
    }
    assert ("board/index.md", PAGE.count("\n", 0, PAGE.index("Nobody")) + 1) in places
    assert ("board/index.md", PAGE.count("\n", 0, PAGE.index("tombola")) + 1) in places


def test_a_page_that_is_public_but_for_a_span_keeps_that_span() -> None:
    whole = {"index.md": "# Hello\n\nCome in{staff}`, the vault is behind the wardrobe`.\n"}
    cut = {"index.md": "# Hello\n\nCome in.\n"}
    looking = watch(whole, cut, ())
    assert looking.found("The vault is behind the wardrobe")
    assert not looking.found("Hello! Come in.")


def test_words_stop_being_secret_when_a_public_page_says_them() -> None:
    whole = {"a.md": "# Bluebell rota\n", "b.md": "# Open\n"}
    assert watch(whole, {"b.md": "# Open\n"}, ()).found("The bluebell rota")
    said = {"b.md": "# Open\n\nWe keep a bluebell rota.\n"}
    assert not watch({**whole, **said}, said, ()).found("The bluebell rota")


def test_without_staff_files_nothing_is_looked_for() -> None:
    assert watch(PUBLIC, PUBLIC, KIT).secrets == ()


def test_whole_files_are_known_by_their_digest() -> None:
    digest = "0f" * 32
    looking = watch({"a/goat.png": ""}, {}, (), {"a/goat.png": digest})
    assert [secret.kind for secret in looking.found(f"x {digest} y")] == ["file"]


WORDS = st.text(st.characters(categories=("Lu", "Ll", "Nd")), min_size=1, max_size=12)


@given(st.lists(WORDS, min_size=11, max_size=30), st.integers(0, 19), st.sampled_from(range(4)))
def test_any_eleven_words_in_a_row_are_found_however_they_are_set(
    words: list[str], begins: int, way: int
) -> None:
    looking = watch({"a.md": " ".join(words)}, {}, ())
    part = words[begins % (len(words) - 10) :][:11]
    if not all(re.fullmatch(r"[^\W\d_]+", word) for word in part):
        return  # numbers alone are nobody's secret
    shown = (
        " ".join(part),
        " ".join(part).swapcase() if " ".join(part).isascii() else "\n  ".join(part),
        "<i>" + "</i> <b>".join(part) + "</b>",
        "“" + "” – ".join(part),
    )[way]
    assert any(looking.found(text) for text in markup(f"<p>{shown}</p>", set()))


@pytest.mark.parametrize(
    "disguise",
    [
        str.upper,
        lambda words: words.replace(" ", "\u00a0"),
        lambda words: words.replace("wardrobe", "ward\u00adrobe"),
        lambda words: words.replace(" ", "%20"),
        quote,
        lambda words: json.dumps(words.replace("wardrobe", "wardrobe é")),
        lambda words: "".join(f"&#{ord(sign)};" for sign in words),
        lambda words: "".join(f"\\u{ord(sign):04x}" for sign in words),
        lambda words: f"<p>{words.replace('wardrobe', 'ward<wbr>robe')}</p>",
        lambda words: f"<p>{words.replace('wardrobe', '<mark>ward</mark>robe')}</p>",
        lambda words: f'<a data-x="{words}">',
        lambda words: f"<!-- {words} -->",
        lambda words: f'<meta content="{quote(words)}">',
        lambda words: quote(json.dumps(words.replace("vault", "v\u00e4ult")).replace("ä", "a")),
    ],
)
def test_a_disguise_does_not_help(disguise) -> None:  # type: ignore[no-untyped-def]
    looking = watch({"a.md": "The vault is behind the old wardrobe.\n"}, {}, ())
    text = disguise("The vault is behind the old wardrobe")
    texts = list(markup(text, set())) if text.startswith("<") else [text]
    texts += [undone for one in texts for undone in hidden(one)]
    assert any(looking.found(one) for one in texts), texts


def test_findings_say_where_the_words_come_from() -> None:
    leaks = [
        Leak("data/all.xlsx: xl/strings.xml", Secret("id", "ACT_X_01", "a/plan.csv", 4)),
        Leak("data/all.xlsx: xl/strings.xml", Secret("title", "A loose step", "a/plan.csv", 4)),
        Leak("index.html", Secret("file", "a/goat.png", "a/goat.png", None)),
    ]
    first, second = told(leaks)[1], told(leaks)[0]
    assert (second.file, second.line) == ("a/goat.png", None)
    assert "index.html holds the whole file" in second.message
    assert (first.file, first.line, first.kind) == ("a/plan.csv", 4, "edition-leak")
    assert "data/all.xlsx holds the title “A loose step”, the id “ACT_X_01”" in first.message


def test_many_findings_end_in_how_many_more() -> None:
    leaks = [Leak(f"p{n:02}.html", Secret("id", "ACT_X", f"s{n:02}.md", 1)) for n in range(25)]
    found = told(leaks)
    assert len(found) == 21
    assert "in 5 more places" in found[-1].message
