"""Build the kit's pages over an earlier build, then index them: one process, as a writer's is.

`manual build` always starts afresh; this is the quickest way there is today to build again.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import main as sphinx_build

from bench.district import TODAY
from living_manual.publish.index import FOLDER, write_index


def main(kit: str, source: str, output: str) -> int:
    """Sphinx as `manual build` sets it, on kept page trees; then the whole search index again."""
    settings = [f"-Dmanual_today={TODAY}", "-Dmanual_search=pagefind"]
    code = sphinx_build(
        ["-q", "-b", "html", "-c", kit, "-d", f"{output}-trees", *settings, source, output]
    )
    if not code:
        shutil.rmtree(Path(output) / FOLDER, ignore_errors=True)
        write_index(Path(output), "en")
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
