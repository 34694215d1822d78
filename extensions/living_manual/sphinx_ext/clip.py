"""A clip from a classroom: native video with captions, chapters, commentary and a transcript."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from living_manual.core.finding import Finding, finding
from living_manual.core.media import Clip, Copy, Picture, Shown
from living_manual.core.video import Video
from living_manual.core.webvtt import Cue, check_times, read_webvtt, say_time, transcript
from living_manual.core.words import slug
from living_manual.edges.clean_media import clean_file, file_digest, made_digest
from living_manual.edges.files import read_text
from living_manual.edges.media import look_at_video
from living_manual.edges.pictures import picture_fault
from living_manual.edges.refusal import SAVE_AGAIN, RefusalError
from living_manual.sphinx_ext.clean_media import kept_in
from living_manual.sphinx_ext.consent import withheld_by_row
from living_manual.sphinx_ext.media import look, root_of
from living_manual.sphinx_ext.reporting import report
from living_manual.sphinx_ext.store import build_of, page
from living_manual.sphinx_ext.views import heading_level, jinja

#: The texts of a clip: the ending of each file, and what it is for people.
TEXTS = {
    "captions": "its captions: what is said, and by whom",
    "chapters": "its chapters",
    "commentary": "its commentary: what to notice, and when",
}
TYPES = {".webm": "video/webm", ".mp4": "video/mp4"}


class clip_node(nodes.General, nodes.Element):
    """A clip; what it shows is a value."""


class ClipDirective(SphinxDirective):
    """A clip whose other files lie beside it under the same name."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {  # noqa: RUF012 (docutils reads it off the class)
        "title": directives.unchanged,
        "alt": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Read every file of the clip; what is missing or wrong is a finding."""
        self.folder = PurePosixPath(self.arguments[0].strip())
        if (withheld := withheld_by_row(self, self.arguments[0].strip())) is not None:
            return [withheld]
        file, _ = self.env.relfn2path(self.folder.as_posix())
        base = f"clip-{slug(self.folder.stem)}"
        node = clip_node("", clip=self._clip(), base=base, file=file)
        self.set_source_info(node)
        return [node]

    def _clip(self) -> Clip | None:
        title = " ".join(self.options.get("title", "").split())
        words = " ".join(self.options.get("alt", "").split())
        if not title:
            self._say("clip-incomplete", "This clip has no title.", "Add `:title:` under its name.")
        if not words:
            self._say(
                "clip-incomplete",
                "This clip has no words for those who cannot see it.",
                "Say in `:alt:`, in one or two sentences, what is seen.",
            )
        sources, duration = self._sources()
        poster = self._poster()
        texts = {kind: self._text(kind, what, duration) for kind, what in TEXTS.items()}
        if not sources or poster is None:
            return None
        tracks = tuple((kind, text[0]) for kind, text in texts.items() if text)
        cues = {kind: text[1] if text else () for kind, text in texts.items()}
        return Clip(
            title,
            words,
            sources,
            poster,
            tracks,
            cues["chapters"],
            cues["commentary"],
            transcript(cues["captions"]),
        )

    def _sources(self) -> tuple[tuple[tuple[Copy, str], ...], float | None]:
        """The clip's files, the one that is named first, and how long the shortest lasts."""
        endings = sorted(TYPES, key=lambda ending: ending != self.folder.suffix.lower())
        if self.folder.suffix.lower() not in TYPES:
            self._say(
                "clip-unreadable",
                f"{self.folder.name} is no clip that every browser plays.",
                "Name a file that ends in .webm or .mp4.",
            )
            return (), None
        sources, durations = [], []
        for ending in endings:
            named = ending == self.folder.suffix.lower()
            file, path = self._beside(self.folder.suffix if named else ending)
            if not path.is_file():
                if named:
                    self._missing(path.name, "the clip itself")
                continue
            video = self._looked_at(path, ending)
            if video:
                sources.append((self._copy(file, path), TYPES[ending]))
                durations += [video.duration] if video.duration else []
        return tuple(sources), min(durations, default=None)

    def _looked_at(self, path: Path, ending: str) -> Video | None:
        fault, fix = "is of another kind than its name says", SAVE_AGAIN
        try:
            video = look_at_video(path)
            if video.form == ending[1:]:
                clean_file(path, kept_in(self.env.app))
                return video
        except OSError as error:
            fault = f"cannot be read: {error.strerror}"
        except RefusalError as why:
            fault, fix = why.fault, why.fix
        self._say(
            "clip-unreadable",
            f"The clip {path.name} {fault if path.stat().st_size else 'is empty'}.",
            fix,
        )
        return None

    def _poster(self) -> Picture | None:
        """The picture that stands there before the clip plays."""
        file, path = self._beside(".poster.png")
        if not path.is_file():
            self._missing(path.name, "the picture that is shown before the clip plays")
            return None
        self.env.note_dependency(file)
        if fault := picture_fault(path):
            self._say(
                "picture-unreadable",
                f"The picture {path.name} {fault}.",
                "Save or copy it again from where it came from.",
            )
            return None
        place = f"{self.env.docname}.md"
        picture = look(self.env.app, path, file, place, self.lineno)
        if picture:
            self._show(Shown(picture, place, self.lineno, (picture.plain,)))
        return picture

    def _text(
        self, kind: str, what: str, duration: float | None
    ) -> tuple[Copy, tuple[Cue, ...]] | None:
        file, path = self._beside(f".{kind}.vtt")
        text, unreadable = read_text(path, file, "timed-text-unreadable")
        if text is None and unreadable is None:
            self._missing(path.name, what)
            return None
        self.env.note_dependency(file)
        cues, found = read_webvtt(text, file) if text is not None else ((), ())
        told: list[Finding] = [*([unreadable] if unreadable else found)]
        told += check_times(cues, file, duration)
        for each in told:
            report(self.env.app, each)
        return None if told else (self._copy(file, path), cues)

    def _copy(self, file: str, path: Path) -> Copy:
        self.env.note_dependency(file)
        copy = Copy(file, made_digest(file_digest(path)), path.stat().st_size)
        self._show(Shown(copy, f"{self.env.docname}.md", self.lineno))
        return copy

    def _beside(self, ending: str) -> tuple[str, Path]:
        """A file of the clip: its path in the source folder, and on the disk."""
        name = self.folder.with_name(f"{self.folder.stem}{ending}").as_posix()
        file, path = self.env.relfn2path(name)
        return file, Path(path)

    def _show(self, shown: Shown) -> None:
        page(self.env, self.env.docname).media.append(shown)

    def _missing(self, name: str, what: str) -> None:
        self._say(
            "clip-incomplete",
            f"The clip {self.folder.name} lacks {name}, {what}.",
            "Put the file beside the clip.",
        )

    def _say(self, kind: str, message: str, fix: str) -> None:
        place = f"{self.env.docname}.md"
        report(self.env.app, finding(kind, message, fix, place, self.lineno))


def drop_clips(app: Sphinx, doctree: nodes.document, _docname: str) -> None:
    """Nothing for a builder that writes no HTML, or for a clip that cannot be shown."""
    for node in list(doctree.findall(clip_node)):
        if app.builder.format != "html" or node["clip"] is None:
            node.parent.remove(node)


def visit_clip(translator: HTML5Translator, node: clip_node) -> None:
    """The clip, its texts beside it, everything there without a script too."""
    app = translator.builder.app
    translator.body.append(
        jinja(app)
        .get_template("clip.html.jinja")
        .render(
            clip=node["clip"],
            base=node["base"],
            level=heading_level(node),
            language=build_of(app).settings.language,
            root=root_of(app, translator.builder.current_docname),
            say_time=say_time,
        )
    )
    raise nodes.SkipNode


def setup_clip(app: Sphinx) -> None:
    """`{clip}`."""
    app.add_node(clip_node, html=(visit_clip, None))
    app.add_directive("clip", ClipDirective)
    app.connect("doctree-resolved", drop_clips, priority=400)
