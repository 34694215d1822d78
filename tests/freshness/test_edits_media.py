"""Files that pages show and offer: after each edit of one, all is as in a clean build."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.freshness.conftest import as_built, keep_as_built
from tests.freshness.site import district
from tests.freshness.test_edits import (
    Case,
    Edit,
    assert_each_fresh,
    case,
    move,
    old_time,
    remove,
    swap,
    there_and_back,
)

PAGE = "guide/index.md"
TEXT = """
:::{image} arrow.svg
:alt: An arrow.
:::

:::{image} board.png
:alt: A board.
:width: 50%
:::

Take the {download}`paper <paper.pdf>`, or the [board](board.png).
"""


def arrow(colour: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><!-- a --><path fill="{colour}"/></svg>'


def paper(width: int, author: str = "") -> bytes:
    out = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(width, 100))
        made.docinfo["/Author"] = author
        made.save(out, static_id=True)
    return out.getvalue()


def board(shade: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 20), shade).save(out, "PNG")
    return out.getvalue()


def put(file: str, data: bytes) -> Edit:
    return lambda made: (made.root / file).write_bytes(data) and None


EDITS = [
    case(
        "another drawing",
        old_time("guide/arrow.svg", put("guide/arrow.svg", arrow("navy").encode())),
    ),
    case("another picture", put("guide/board.png", board("navy"))),
    case("another paper", put("guide/paper.pdf", paper(300))),
    case("only its author", put("guide/paper.pdf", paper(200, "A reader"))),
    there_and_back("a paper that is refused", put("guide/paper.pdf", b"%PDF-1.7\n")),
    there_and_back("a drawing that is refused", put("guide/arrow.svg", b"<svg")),
    there_and_back("a paper gone", remove("guide/paper.pdf")),
    case("a paper no longer offered", swap(PAGE, "{download}`paper <paper.pdf>`", "paper")),
    case("a picture of several sizes", swap(PAGE, ":width: 50%\n", "")),
    case(
        "a paper renamed",
        move("guide/paper.pdf", "guide/plan.pdf"),
        swap(PAGE, "paper.pdf", "plan.pdf"),
    ),
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district with a page that shows and offers files, and its first build."""
    folder = tmp_path_factory.mktemp("media")
    made = district(folder)
    made.append(PAGE, TEXT)
    made.write("guide/arrow.svg", arrow("red"))
    (made.root / "guide/board.png").write_bytes(board("red"))
    (made.root / "guide/paper.pdf").write_bytes(paper(200, "A writer"))
    first = made.built()
    assert first.findings == ()
    assert not first.difference(made.clean())
    assert not [path for path, data in first.files.items() if b"A writer" in data]
    return keep_as_built(folder)


@pytest.mark.parametrize("edits", [pytest.param(each, id=each.name) for each in EDITS])
def test_build_after_an_edit_equals_a_clean_one(edits: Case, kept: Path) -> None:
    assert_each_fresh(edits, as_built(kept))
