"""Every weakness of the stack, through every way onto a page: found, named, and without effect.

Two builds tell it all: one as it is, and one in which nothing looks at the text before it is read,
so that what holds a page while it is read is seen to hold by itself.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import pytest
from lxml import html

from living_manual.sphinx_ext import faults
from tests.freshness.site import picture
from tests.sites import KIT, TINY, TODAY, Said, Source, copy, manual
from tests.sphinx_ext.attacks import FRONT, NAMES, WAYS, Attack, attacks

SECRET = "Quince-and-marrow"
TOLD = re.compile(r"^(?P<file>[^\s:]+):(?P<line>\d+): error: (?P<said>.*) \[(?P<kind>[\w-]+)\]$")
#: Kinds of finding that name an attack for what it is.
KINDS = {
    "not-allowed",
    "outside-file",
    "link-address",
    "filter",
    "unknown-option",
    "invalid-id",
    "markup",
    "page-reference",
}


@dataclass(frozen=True)
class Told:
    """What was found in one file."""

    line: int
    kind: str
    said: str


@dataclass(frozen=True)
class Outcome:
    """A publish of all attacks: what it said, by file, and the files it left."""

    said: Said
    found: dict[str, list[Told]]
    site: Path


@dataclass(frozen=True)
class Ground:
    """The place of the test: a manual full of attacks, beside it what they are after."""

    root: Path
    source: Source
    asked: list[str]

    @property
    def mark(self) -> Path:
        return self.root / "run"


CASES = [(attack, way) for attack in attacks() for way in WAYS]
#: A line of the weaknesses, by a way onto a page.
ROWS = [
    pytest.param(line, way, id=f"{line}, {way}".replace(" ", "_")) for line in NAMES for way in WAYS
]


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine, and what it was asked for."""
    heard: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *_said: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory, asked: tuple[str, list[str]]) -> Ground:
    """The tiny district with a page for each attack in each way."""
    root = tmp_path_factory.mktemp("weaknesses")
    url, heard = asked
    (root / "out").mkdir()
    (root / "out" / "secret.txt").write_text(f"{SECRET}\n", encoding="utf-8")
    (root / "out" / "secret.csv").write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
    (root / "out" / "secret.json").write_text(f'{{"{SECRET}": 1}}\n', encoding="utf-8")
    (root / "out" / "secret.md").write_text(f"# {SECRET}\n", encoding="utf-8")
    (root / "out" / "secret.png").write_bytes(picture(3))
    source = copy(TINY, root / "source")
    (source.root / "probe").mkdir()
    (source.root / "probe" / "gull.png").write_bytes(picture(9))
    names = []
    for number, (attack, way) in enumerate(CASES):
        put(source, number, attack, way, root, url)
        names.append(f"p{number}")
    for number, front in enumerate(FRONT.values()):
        source.write(f"probe/f{number}.md", f"---\n{front}\n---\n\n# Probe\n\n{{{{ run }}}}\n")
        names.append(f"f{number}")
    listed(source, names)
    return Ground(root, source, heard)


def listed(source: Source, names: list[str]) -> None:
    """Put pages of `probe/` into lists of pages."""
    source.write("probe/index.md", "# Probes\n\n:::{toctree}\n" + "\n".join(names) + "\n:::\n")
    source.replace("index.md", "vision/index\n", "vision/index\nprobe/index\n")


def put(source: Source, number: int, attack: Attack, way: str, root: Path, url: str) -> None:
    text = attack.text
    for name, value in (
        ("{mark}", str(root / "run")),
        ("{out}", "../../out/secret"),
        ("{url}", url),
        ("@", f"PROBE_{number}"),
    ):
        text = text.replace(name, value)
    if way == "in a text taken in":
        source.write(f"probe/i{number}.txt", WAYS[way](text))
        text = f":::{{include}} i{number}.txt\n:::"
        source.write(f"probe/p{number}.md", f"# Probe\n\n{text}\n")
    else:
        source.write(f"probe/p{number}.md", WAYS[way](text))


def publish(ground: Ground, name: str) -> Outcome:
    site = ground.root / name
    before = {path for path in ground.root.rglob("*") if path.is_file()}
    said = manual(
        "publish", "--kit", KIT, "--source", ground.source.root, "--site", site, "--today", TODAY
    )
    after = {path for path in ground.root.rglob("*") if path.is_file()}
    assert {path for path in after - before if site not in path.parents} == set()
    found: dict[str, list[Told]] = defaultdict(list)
    for line in said.out.splitlines():
        if told := TOLD.match(line):
            found[told["file"]].append(Told(int(told["line"]), told["kind"], told["said"]))
    return Outcome(said, found, site)


@pytest.fixture(scope="module")
def whole(ground: Ground) -> Outcome:
    """A publish as everybody makes it."""
    return publish(ground, "site")


@pytest.fixture(scope="module")
def unchecked(ground: Ground) -> Outcome:
    """A publish in which nothing looks at a page before it is read."""
    with mock.patch.object(faults, "text_faults", return_value=[]):
        return publish(ground, "unchecked")


def at(found: dict[str, list[Told]], number: int) -> list[Told]:
    """What was found of one attack: on its page, or in the text that the page takes in."""
    return [*found.get(f"probe/p{number}.md", ()), *found.get(f"probe/i{number}.txt", ())]


def of(line: str, way: str) -> Iterator[tuple[int, Attack]]:
    """The attacks of a line of the weaknesses by a way, with their numbers."""
    for number, (attack, by) in enumerate(CASES):
        if (attack.line, by) == (line, way):
            yield number, attack


@pytest.mark.parametrize(("line", "way"), ROWS)
def test_each_attack_is_named_at_its_place(
    whole: Outcome, ground: Ground, line: str, way: str
) -> None:
    for number, attack in of(line, way):
        found = at(whole.found, number)
        assert found, f"nothing was said of {attack.name}"
        assert {told.kind for told in found} <= KINDS, attack.name
        taken_in = way == "in a text taken in"
        file = f"probe/i{number}.txt" if taken_in else f"probe/p{number}.md"
        text = ground.source.read(file).splitlines()
        first = next(nth for nth, words in enumerate(text, 1) if nth > 1 and words.strip(" >-`:"))
        lines = [told.line for told in whole.found[file]]
        assert lines, attack.name
        assert all(first <= each <= len(text) for each in lines), attack.name
        assert all(str(ground.root) not in told.said for told in found), attack.name


@pytest.mark.parametrize(("line", "way"), ROWS)
def test_each_attack_that_passed_the_check_is_still_held(
    unchecked: Outcome, line: str, way: str
) -> None:
    passed = [
        attack.name
        for number, attack in of(line, way)
        if not attack.plain and not at(unchecked.found, number)
    ]
    assert passed == []


@pytest.mark.parametrize(
    "number", range(len(FRONT)), ids=[name.replace(" ", "_") for name in FRONT]
)
def test_a_page_switches_nothing_on(whole: Outcome, number: int) -> None:
    found = whole.found.get(f"probe/f{number}.md", [])
    assert "not-allowed" in {told.kind for told in found}
    assert min(told.line for told in found) == 2


@pytest.mark.parametrize("build", ["whole", "unchecked"])
def test_nothing_is_published_run_read_or_asked_for(
    build: str, ground: Ground, request: pytest.FixtureRequest
) -> None:
    outcome: Outcome = request.getfixturevalue(build)
    assert outcome.said.code == 1
    assert "Traceback" not in outcome.said.out + outcome.said.err
    assert SECRET not in outcome.said.out + outcome.said.err
    assert not (outcome.site / "current").exists()
    assert not list(outcome.site.glob("releases/*"))
    assert not list(outcome.site.glob(".work/*"))
    assert not ground.mark.exists()
    assert ground.asked == []


def test_what_only_the_parser_has_seen_is_plain_words(tmp_path: Path) -> None:
    """HTML, addresses that run, templates and switches of a page, past the check before parsing."""
    source = copy(TINY, tmp_path / "source")
    plain = [attack for attack in attacks() if attack.plain]
    for number, attack in enumerate(plain):
        put(source, number, attack, "on a page", tmp_path, "")
    names = [f"p{number}" for number in range(len(plain))]
    for number, front in enumerate(FRONT.values()):
        text = "<b onclick=run()>b</b> [it](javascript:run()) {{ run }} {{ 7*7 }}"
        source.write(f"probe/f{number}.md", f"---\n{front}\n---\n\n# Probe\n\n{text}\n\n{text}\n")
        names.append(f"f{number}")
    listed(source, names)
    output = tmp_path / "output"
    with mock.patch.object(faults, "text_faults", return_value=[]):
        words = ("--kit", KIT, "--source", source.root, "--output", output, "--today", TODAY)
        said = manual("build", *words)
    assert said.code == 0, said.out
    for name in names:
        body = html.parse(output / "probe" / f"{name}.html").find(".//main")
        assert body is not None
        assert not body.xpath(".//script | .//img | .//@onclick | .//@onerror")
        addresses = [str(each) for each in body.xpath(".//@href | .//@src")]
        assert not [each for each in addresses if re.match(r"\s*(javascript|data):", each)]
        assert "49" not in body.text_content()
