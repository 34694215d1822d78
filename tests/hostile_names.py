"""A tiny district whose names and titles hold HTML, and whose pages ask for widths and formulas."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from living_manual.sphinx_ext import faults
from tests.sites import KIT, TINY, TODAY, Source, copy, manual

MARK = "data-hostile"
#: What a title holds. Where it reaches a page as HTML there is an element with `MARK`.
HTML = (
    f'"><img {MARK} src=x onerror="hostile=1"><b {MARK}>talk</b><script {MARK}>hostile=1</script>'
)
#: Part of it that no typography changes.
PART = f"<b {MARK}>talk</b>"
#: The same as Markdown that means the characters themselves.
WRITTEN = HTML.replace("<", r"\<").replace(">", r"\>")
FORMULA = r"\frac{3}{4} + x^2 < \text{one <b data-hostile>half</b>}"

WIDTHS = f"""
## Widths

:::{{list-table}} Two columns
:widths: 1 2
:width: 50%

* - One
  - Two
:::

:::{{figure}} boat.png
:figwidth: 40%
:width: 2in
:alt: A boat

A boat
:::

```{{math}}
{FORMULA}
```

And {{math}}`3 \\times 4 = 12` in a line.
"""


def hostile(folder: Path) -> Source:
    """The tiny district with HTML in every kind of name."""
    from PIL import Image

    source = copy(TINY, folder)
    for name in ("name", "short_name", "manual_name", "note"):
        settings = source.read("district.toml").splitlines()
        at = next(n for n, line in enumerate(settings) if line.startswith(f"{name} ="))
        settings[at] = f"{name} = '''Tern {HTML}'''"
        source.write("district.toml", "\n".join(settings) + "\n")
    source.replace("protocols/index.md", "# Boat talk", f"# Boat talk {WRITTEN}")
    source.replace("protocols/index.md", "Look at the picture", f"Look {WRITTEN}")
    source.replace("schools/pier/index.md", "# Pier School", f"# Pier School {WRITTEN}")
    source.replace("schools/pier/index.md", ":short: Pier", f":short: Pier {HTML}")
    source.replace("schools/pier/index.md", "Explain the tide table", f"Explain {HTML}")
    cell = HTML.replace('"', '""')
    source.replace("schools/pier/plan.csv", "Boat talk on Fridays", f'"Boat talk {cell}"')
    source.replace("schools/pier/plan.csv", "A tally on the ferry door", f'"A tally {cell}"')
    Image.new("RGB", (40, 20)).save(source.root / "protocols" / "boat.png")
    source.append("protocols/index.md", WIDTHS)
    return source


def built_unchecked(folder: Path, output: Path) -> None:
    """Build it with nothing that looks at a page first: what holds then holds by itself."""
    source = hostile(folder)
    words = ("--kit", KIT, "--source", source.root, "--output", output, "--today", TODAY)
    with mock.patch.object(faults, "text_faults", return_value=[]):
        said = manual("build", *words)
    assert said.code == 0, said.out + said.err
