"""What the kit keeps for each page between reading and writing, and for one build."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from living_manual.core.brief import PageParts
from living_manual.core.consent import Consents, MediaUse
from living_manual.core.elements import Element
from living_manual.core.finding import Finding
from living_manual.core.media import Shown
from living_manual.core.mentions import Mention, Prose
from living_manual.core.model import Manual
from living_manual.core.path import PathStep
from living_manual.core.settings import Settings
from living_manual.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class ViewUse:
    """A view placed on a page: its name, its argument (a record id, a type) and its kind option."""

    view: str
    argument: str
    kind: str
    line: int


@dataclass(slots=True)
class PathData:
    """What a page with steps for newcomers says: for whom, what it brings, its stages and steps.

    `line` is that of its `{path}` block, None when it has none.
    """

    line: int | None
    roles: tuple[str, ...] = ()
    purpose: str = ""
    stages: tuple[tuple[str, int], ...] = ()
    steps: tuple[PathStep, ...] = ()


@dataclass(slots=True)
class PageData:
    """What reading one page found. Kept in the environment, so that it survives with the page.

    `origins` is where each record was written (file, line); `texts` its first paragraph and whole
    text; `tables` the files its views read, with whether they were there; `mentions` the ids its
    text links to; `prose` its text, for the words it mentions; `parts` the headings of a lead
    record's page, each with whether anything stands below it; `steps` are (title, minutes, line);
    `media` the pictures and clips it shows, `uses` every place that names one, with what consent
    allows there; `schema` is what the schemas say of its records, once
    they were asked; `brief` is what a one-page brief can be made of; `wording` is what the page of
    a lead record says beyond its records; `anchors` the address and title of each step; `exports`
    the blocks that tell of the files for other programs; `elements` the elements of each subsystem;
    `digest` stands for what the computed parts showed when the page was last written.
    """

    lead: str | None = None
    origins: dict[str, tuple[str, int]] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    views: list[ViewUse] = field(default_factory=list)
    steps: list[tuple[str, int, int]] = field(default_factory=list)
    tables: dict[str, bool] = field(default_factory=dict)
    mentions: list[str] = field(default_factory=list)
    parts: dict[str, bool] = field(default_factory=dict)
    prose: Prose = field(default_factory=Prose)
    media: list[Shown] = field(default_factory=list)
    uses: list[MediaUse] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    schema: list[Finding] | None = None
    path: PathData | None = None
    brief: PageParts = field(default_factory=PageParts)
    wording: str = ""
    anchors: list[tuple[str, str]] = field(default_factory=list)
    exports: list[str] = field(default_factory=list)
    elements: dict[str, tuple[Element, ...]] = field(default_factory=dict)
    digest: str = ""


def pages(env: BuildEnvironment) -> dict[str, PageData]:
    """All pages' data, by page name."""
    found = getattr(env, "living_manual_pages", None)
    if found is None:
        found = {}
        env.living_manual_pages = found  # type: ignore[attr-defined]
    return cast("dict[str, PageData]", found)


def page(env: BuildEnvironment, docname: str) -> PageData:
    """One page's data, made when first asked for."""
    return pages(env).setdefault(docname, PageData())


def purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    pages(env).pop(docname, None)


def merge(_app: Sphinx, env: BuildEnvironment, docnames: Sequence[str], other: Any) -> None:
    """Take over pages that another process read."""
    theirs = pages(other)
    pages(env).update({name: theirs[name] for name in docnames if name in theirs})


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of the glossary that a page links to.

    `mentions` are the places that become links by themselves, `named` the names that its writer
    marked with the id of each word (None for one that is not there), `places` the page of each
    word by its id.
    """

    mentions: tuple[Mention, ...]
    named: tuple[tuple[str, str | None], ...]
    places: tuple[tuple[str, str], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Every word that is linked, marked ones and those linked by themselves."""
        return tuple(term for term, _ in self.places)


@dataclass(slots=True)
class Build:
    """What lives for one build only: the settings, the manual once all pages are read, findings.

    `lost` are ids and pages that could not be read; what only follows from that is not reported.
    `words` are the links to words of each page that has any, by its name. `page` is the page being
    written: where the build stopped, if it does. `consents` are the rows of consent.csv.
    """

    settings: Settings = field(default_factory=Settings)
    manual: Manual | None = None
    findings: list[Finding] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    words: dict[str, PageWords] = field(default_factory=dict)
    page: str = ""
    consents: Consents | None = None


def build_of(app: Sphinx) -> Build:
    """The running build's own data. The publisher reads `findings` from it after the build."""
    found = getattr(app, "living_manual", None)
    if found is None:
        found = Build()
        app.living_manual = found  # type: ignore[attr-defined]
    return cast("Build", found)


def setup_store(app: Sphinx) -> None:
    """Keep pages' data in step with the environment."""
    app.connect("env-purge-doc", purge)
    app.connect("env-merge-info", merge)
