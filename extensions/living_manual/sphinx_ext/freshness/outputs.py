"""Which files belong to the site, and the end of a build: what no longer belongs is removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder

from living_manual.sphinx_ext.freshness.kept import facts_of, run_of, save_state
from living_manual.sphinx_ext.media import media_files, pictures_replaced
from living_manual.sphinx_ext.store import build_of, page


def known_outputs(app: Sphinx) -> dict[str, str]:
    """The files that earlier builds wrote into the output folder."""
    return run_of(app).state.outputs.get(str(app.outdir), {})


def outputs(app: Sphinx) -> dict[str, str]:
    """The files of the site that come and go with pages, media and the theme, copies with a key."""
    builder, env = app.builder, app.env
    if not isinstance(builder, StandaloneHTMLBuilder):
        return {}
    keys = {path: key for each in facts_of(env).values() for path, key in each.files.items()}
    pages_there = [builder.get_output_path(docname) for docname in env.all_docs]
    found = {path.relative_to(Path(app.outdir)).as_posix(): "" for path in pages_there}
    replaced = pictures_replaced(env)
    for picture, (_, name) in env.images.items():
        if picture not in replaced:
            found[f"_images/{name}"] = keys.get(str(env.srcdir / picture), "")
    found |= dict.fromkeys(media_files(env), "")
    for given, (_, place) in env.dlfiles.items():
        found[f"_downloads/{Path(place).as_posix()}"] = keys.get(str(env.srcdir / given), "")
    static = [Path(folder, "static") for folder in builder.theme.get_theme_dirs()]
    static += [Path(app.confdir, name) for name in app.config.html_static_path]
    extra = [Path(app.confdir, name) for name in app.config.html_extra_path]
    for prefix, folders in (("_static/", static), ("", extra)):
        for folder in folders:
            for file in folder.rglob("*"):
                copied = file.relative_to(folder).as_posix()
                found[prefix + copied.removesuffix("_t").removesuffix(".jinja")] = ""
    if builder._get_translations_js():  # there is one for some languages
        found["_static/translations.js"] = ""
    if builder.search:
        found["searchindex.js"] = ""
        index = getattr(builder, "indexer", None)
        scripts = index.get_js_stemmer_rawcodes() if index else ()
        found |= {f"_static/{Path(script).name}": "" for script in scripts}
    return found


def renew_copies(app: Sphinx) -> None:
    """Take away copies of files that are others now, and keep what this build is to write.

    Sphinx takes a copy of the same size and time for the same file.
    """
    then, made = known_outputs(app), outputs(app)
    for name, key in made.items():
        if key and then.get(name) != key:
            Path(app.outdir, name).unlink(missing_ok=True)
    run_of(app).state.outputs[str(app.outdir)] = then | made


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Remove what no longer belongs to the site, and take the mark of an unfinished build away.

    After an error, or when a file could not be written (Sphinx only warns, of no page), the mark
    stays, and the next build begins anew.
    """
    if exception:
        return
    run, found = run_of(app), build_of(app).findings
    state, now = run.state, outputs(app)
    remove(Path(app.outdir), known_outputs(app).keys() - now.keys(), now)
    state.outputs[str(app.outdir)] = now
    state.again = sorted(
        {
            docname
            for each in set(found) - run.computed
            if each.file
            for docname in pages_of(app, each.file)
        }
    )
    state.finished = not any(each.file is None and each.kind == "markup" for each in found)
    save_state(app)


def remove(root: Path, gone: Iterable[str], kept: Iterable[str]) -> None:
    """Remove files of the site, and folders that are empty then."""
    alike = {name.casefold(): root / name for name in kept}
    for name in gone:
        path, other = root / name, alike.get(name.casefold())
        if not path.is_file() or (other and other.exists() and other.samefile(path)):
            continue  # a file system that knows no case: renamed, not gone
        path.unlink()
        for folder in path.relative_to(root).parents:
            if folder != Path() and not any((root / folder).iterdir()):
                (root / folder).rmdir()


def pages_of(app: Sphinx, file: str) -> Iterator[str]:
    """The pages that a file of the source folder makes: its own, or those that read it."""
    path = str(Path(app.srcdir) / file)
    for docname, each in facts_of(app.env).items():
        if path in each.files or file in page(app.env, docname).tables:
            yield docname
