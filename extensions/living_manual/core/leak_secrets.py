"""Which words of a source only staff may read.

A *secret* is an id, title, path, address, or a run of words of the whole source that stands neither
in what is left of it for the public edition nor in the kit's own words. So an ordinary word in a
staff title is no secret, and words stop being one as soon as a public page says them.

A word alone is a secret when it is rare: when no word that everybody may read begins as it does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ahocorasick_rs import BytesAhoCorasick

from living_manual.core.leak_pieces import ID, Piece, pieces, without_markup
from living_manual.core.leaks import BREAK, Secret, SecretKind, Watch, exact, stands_alone, worded

#: So many words of a longer text are looked for together, then the next as many.
RUN = 6
#: The fewest words of a value or sentence, and of a title, that are looked for as a whole.
_FEWEST, _FEWEST_OF_TITLE = 3, 2
#: A word alone can be a secret from so many letters on; as a whole title or name from so many.
_RARE, _RARE_AS_TITLE = 6, 4
#: Two words that begin with the same so many letters may be forms of one word.
_STEM = 5
#: What names one thing and is no word: C-2031-014.
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d])\S{6,}")


@dataclass(slots=True)
class _Gathered:
    """Secrets by what is looked for; `loose` are exact ones that the kit's own words may undo."""

    strict: dict[bytes, Secret] = field(default_factory=dict)
    loose: dict[bytes, Secret] = field(default_factory=dict)
    phrases: dict[bytes, Secret] = field(default_factory=dict)
    rare: dict[bytes, Secret] = field(default_factory=dict)


def watch(
    whole: Mapping[str, str],
    cut: Mapping[str, str],
    kit: Iterable[str],
    digests: Mapping[str, str] | None = None,
) -> Watch:
    """Make ready to look for what stands in the whole source and not in the cut one.

    Both are texts by their paths, with forward slashes; a file that is not text has what could be
    read out of it, or nothing. `kit` is whatever the kit itself says in a published file. `digests`
    are the SHA-256 of whole staff-only files, in hex, by their paths.
    """
    staff = {path: text for path, text in whole.items() if cut.get(path) != text}
    gathered = _Gathered()
    for path, digest in (digests or {}).items():
        gathered.strict[digest.encode()] = Secret("file", path, path, None)
    _take_places([path for path in staff if path not in cut], cut, gathered)
    public_ids = {found for text in cut.values() for found in ID.findall(text)}
    seen: set[tuple[str, str]] = set()
    for path, text in staff.items():
        for piece in pieces(path, text, public_ids, seen):
            _take(piece, path, gathered)
        _take_words(path, text, gathered)
    _drop_known(gathered, cut, kit)
    return Watch({**gathered.loose, **gathered.strict}, {**gathered.rare, **gathered.phrases})


def _take_places(staff: Collection[str], cut: Collection[str], gathered: _Gathered) -> None:
    """The paths of files and folders that only staff have, and the words of their names."""
    public_names = {path.rpartition("/")[2] for path in cut}
    public_folders = {folder for path in cut for folder in _folders(path)}
    for path in staff:
        name = path.rpartition("/")[2]
        page, _, ending = path.rpartition(".")
        secret = Secret("path", path, path, None)
        if "/" in page:
            gathered.strict.setdefault(exact(page), secret)
        elif ending == "md":
            gathered.strict.setdefault(exact(f"{page}.html"), secret)
        if name not in public_names:
            gathered.loose.setdefault(exact(name), secret)
        _take_title(name.rpartition(".")[0], secret, gathered)
        for folder in _folders(path):
            if folder not in public_folders:
                secret = Secret("path", f"{folder}/", path, None)
                if "/" in folder:
                    gathered.strict.setdefault(exact(folder), secret)
                _take_title(folder.rpartition("/")[2], secret, gathered)


def _folders(path: str) -> list[str]:
    """The folders that a file lies in, by their whole paths."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:depth]) for depth in range(1, len(parts) + 1)]


def _take(piece: Piece, path: str, gathered: _Gathered) -> None:
    kind: SecretKind = "words" if piece.what == "value" else piece.what
    secret = Secret(kind, piece.said, path, piece.line)
    if piece.what == "id":
        form = exact(piece.said)
        gathered.strict.setdefault(form, secret)
        gathered.strict.setdefault(form.replace(b"_", b"-"), secret)
    elif piece.what == "address":
        gathered.loose.setdefault(exact(piece.said), secret)
    elif piece.what == "path":
        if "://" not in piece.said and (path := _place_meant(piece.said)):
            gathered.loose.setdefault(exact(path), secret)
    elif piece.what == "title":
        _take_title(piece.said, secret, gathered)
    else:
        if not ID.sub("", piece.said).strip(" ,;"):
            return  # looked for id by id
        if piece.what == "value" and _CODE.fullmatch(piece.said):
            gathered.loose.setdefault(exact(piece.said), secret)
        _take_run(worded(exact(piece.said)).split(), secret, gathered, _FEWEST)


def _place_meant(link: str) -> str:
    """What a link within the manual names, without the way there and the part of the page."""
    path = link.partition("#")[0].partition("?")[0]
    return re.sub(r"^(?:\.{0,2}/)+", "", path).rstrip("/")


def _take_title(said: str, secret: Secret, gathered: _Gathered) -> None:
    words = worded(exact(said)).split()
    _take_run(words, secret, gathered, _FEWEST_OF_TITLE)
    for word in words:
        _take_rare(word, secret, gathered, _RARE if len(words) > 1 else _RARE_AS_TITLE)


def _take_run(words: list[bytes], secret: Secret, gathered: _Gathered, fewest: int) -> None:
    """Words that stand together: all of them, or run by run when they are many."""
    if sum(not word.isdigit() for word in words) < fewest:
        return
    if len(words) <= RUN:
        gathered.phrases.setdefault(_phrase(words), secret)
        return
    for begins in (*range(0, len(words) - RUN, RUN), len(words) - RUN):
        run = words[begins : begins + RUN]
        if sum(not word.isdigit() for word in run) >= _FEWEST:
            gathered.phrases.setdefault(_phrase(run), secret)


def _phrase(words: list[bytes]) -> bytes:
    return b" " + b" ".join(words) + b" "


def _take_words(path: str, text: str, gathered: _Gathered) -> None:
    """Every word of a text that may turn out to be a rare one."""
    for number, line in enumerate(text.splitlines(), 1):
        for word in worded(exact(line)).split():
            if len(word) >= _RARE and word not in gathered.rare:
                secret = Secret("words", word.decode("utf-8", "replace"), path, number)
                _take_rare(word, secret, gathered, _RARE)


def _take_rare(word: bytes, secret: Secret, gathered: _Gathered, fewest: int) -> None:
    if len(word) >= fewest and not word.isdigit():
        gathered.rare.setdefault(b" " + word + b" ", secret)


def _drop_known(gathered: _Gathered, cut: Mapping[str, str], kit: Iterable[str]) -> None:
    """Take out what everybody may read in the public source or in the kit's own words."""
    names = BREAK.join(cut)
    shown = [without_markup(text) for path, text in cut.items() if path.endswith(".md")]
    public = [exact(text) for text in (*cut.values(), *shown, names)]
    own = [exact(text) for text in kit]
    _drop_exact(gathered.strict, public)
    _drop_exact(gathered.loose, [*public, *own])
    known = [worded(text) for text in (*public, *own)]
    _drop_phrases(gathered.phrases, known)
    stems: set[bytes] = set()
    for text in known:
        for word in set(text.split()):
            stems.update((word[:_RARE_AS_TITLE], word[:_STEM]))
    for phrase in list(gathered.rare):
        word = phrase.strip()
        if word[: min(_STEM, len(word))] in stems:
            del gathered.rare[phrase]


def _drop_exact(secrets: dict[bytes, Secret], texts: Iterable[bytes]) -> None:
    if not secrets:
        return
    forms = list(secrets)
    matcher = BytesAhoCorasick(forms)
    for text in texts:
        for index, begins, ends in matcher.find_matches_as_indexes(text, True):
            if stands_alone(text, begins, ends):
                secrets.pop(forms[index], None)
                secrets.pop(forms[index].replace(b"_", b"-"), None)  # as an id is in an address


def _drop_phrases(secrets: dict[bytes, Secret], texts: Iterable[bytes]) -> None:
    if not secrets:
        return
    forms = list(secrets)
    matcher = BytesAhoCorasick(forms)
    for text in texts:
        for index, _, _ in matcher.find_matches_as_indexes(text, True):
            secrets.pop(forms[index], None)
