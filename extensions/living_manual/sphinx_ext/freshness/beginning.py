"""Whether to build upon what the last build left."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import rmtree

from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.builders.html._assets import _file_checksum_inner
from sphinx.config import Config

from living_manual.core.brief import FOLDER as BRIEFS
from living_manual.edges.files import walk
from living_manual.sphinx_ext.freshness.kept import (
    STATE,
    Run,
    State,
    content_key,
    digest,
    read_state,
    run_of,
    save_state,
)
from living_manual.sphinx_ext.media import CLIPS
from living_manual.sphinx_ext.views import DATA

PACKAGE = Path(__file__).resolve().parents[2]
#: Folders of a site that hold only what a build puts there.
OWN_FOLDERS = ("_static", "_images", "_downloads", CLIPS, DATA, BRIEFS)


def begin(app: Sphinx, config: Config) -> None:
    """Build upon the last build only when it came to its end and was made by this same kit."""
    kit = kit_digest(app.confdir)
    last = read_state(app.doctreedir / STATE)
    state = last or State()
    if not state.finished or state.kit != kit:
        drop(app, wholly=last is not None)
        state = State(outputs=state.outputs)
    state.kit = kit
    app.living_manual_run = Run(state)  # type: ignore[attr-defined]
    # pydata-sphinx-theme appends to the list that Sphinx starts every configuration with: in one
    # process, each application would find its settings changed and write every page again.
    config["templates_path"] = list(dict.fromkeys(config.templates_path))


def drop(app: Sphinx, *, wholly: bool) -> None:
    """Forget what was read; `wholly`, also take away what a build may have written in part.

    Pages stay: each is written again, and those that are gone are removed at the end.
    """
    (app.doctreedir / ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    if wholly:
        (app.outdir / ".buildinfo").unlink(missing_ok=True)
        for name in OWN_FOLDERS:
            if (app.outdir / name).is_dir():
                rmtree(app.outdir / name)


def kit_digest(folder: Path) -> str:
    """Stands for everything a manual is made with, less its look: code, settings, packages."""
    own = [path for path in walk(PACKAGE) if path.suffix == ".py"]
    settings = [folder / name for name in ("conf.py", "ubproject.toml", "docutils.conf")]
    packages = {
        path.name for place in sys.path if place for path in Path(place).glob("*.dist-info")
    }
    return digest(sys.version, sorted(packages), [content_key(path) for path in [*own, *settings]])


def mark(app: Sphinx) -> None:
    """From here on the site is under construction; the end of the build takes the mark away."""
    run_of(app).state.finished = False
    save_state(app)
    # Sphinx keeps the checksums of style sheets and scripts for as long as the process lives.
    _file_checksum_inner.cache_clear()
