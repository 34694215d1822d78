"""Zips from elsewhere: names without reading, and no more unpacked than allowed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from living_manual.edges.archive import Archive, ArchiveRefused, Limits
from tests.data.roster import packed

SMALL = Limits(entries=5, archive=100_000, each=10_000, together=15_000, ratio=20)


def opened(tmp_path: Path, data: bytes, limits: Limits | None = None) -> Archive:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    return Archive(path, limits)


def refusal(act: Callable[[], object]) -> tuple[str, str | None, str]:
    with pytest.raises(ArchiveRefused) as caught:
        act()
    found = caught.value.finding
    assert found.fix
    return found.kind, found.file, found.message


def test_names_come_without_folders_and_files_are_read(tmp_path: Path) -> None:
    with opened(tmp_path, packed({"a.csv": b"a", "folder/": b"", "folder/b.csv": b"b"})) as archive:
        assert archive.names() == ("a.csv", "folder/b.csv")
        assert archive.read("a.csv") == b"a"


NAMES = {
    "up": "../a.csv",
    "up within": "a/../../b.csv",
    "absolute": "/etc/passwd",
    "up with backslash": "..\\a.csv",
    "a drive": "C:\\a.csv",
    "a drive with slash": "C:/a.csv",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    archive = opened(tmp_path, packed({"orgs.csv": b"x", name: b"y"}))
    kind, _, says = refusal(archive.names)
    assert kind == "import-archive"
    assert "leads out of the archive" in says


def test_a_link_is_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("orgs.csv")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert "is a link" in refusal(opened(tmp_path, out.getvalue()).names)[2]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["orgs.csv", "ORGS.csv"], ids=["the same", "another case"])
def test_a_name_twice_is_refused(tmp_path: Path, second: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("orgs.csv", "a")
        archive.writestr(second, "b")
    assert "one name twice" in refusal(opened(tmp_path, out.getvalue()).names)[2]


def test_too_many_files_and_too_large_a_zip_are_refused(tmp_path: Path) -> None:
    many = packed({f"{n}.csv": b"x" for n in range(6)})
    assert "6 files" in refusal(opened(tmp_path, many, SMALL).names)[2]
    assert "too large" in refusal(lambda: opened(tmp_path, b"x" * 100_001, SMALL))[2]


def lying(name: str, data: bytes, says: int) -> bytes:
    """A zip that says a file unpacks to so many bytes, in both places where it says so."""
    whole = bytearray(packed({name: data}))
    for sign, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = whole.find(sign) + at
        whole[place : place + 4] = struct.pack("<I", says)
    return bytes(whole)


BOMBS = {
    "many times its size": packed({"orgs.csv": b"\0" * 9_000_000}),
    "larger than allowed": packed({"orgs.csv": bytes(range(256)) * 50}),
    "says it is small": lying("orgs.csv", b"\0" * 90_000, 10),
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_what_unpacks_to_too_much_is_not_unpacked(tmp_path: Path, data: bytes) -> None:
    archive = opened(tmp_path, data, SMALL)
    kind, file, _ = refusal(lambda: archive.read("orgs.csv"))
    assert (kind, file) == ("import-archive", "a.zip/orgs.csv")


def test_all_files_together_have_a_limit(tmp_path: Path) -> None:
    archive = opened(
        tmp_path, packed({"a": bytes(9_000), "b": bytes(9_000)}), Limits(together=15_000)
    )
    assert len(archive.read("a")) == 9_000
    assert refusal(lambda: archive.read("b"))[1] == "a.zip/b"


def test_an_encrypted_file_is_refused(tmp_path: Path) -> None:
    data = bytearray(packed({"orgs.csv": b"abc"}))
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(sign) + at] |= 1
    archive = opened(tmp_path, bytes(data))
    assert "is encrypted" in refusal(lambda: archive.read("orgs.csv"))[2]


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
def test_other_ways_of_packing_are_refused(tmp_path: Path, how: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        archive.writestr("orgs.csv", "a")
    refused = opened(tmp_path, out.getvalue())
    assert "in an unusual way" in refusal(lambda: refused.read("orgs.csv"))[2]


def test_a_damaged_file_is_refused_when_it_is_read(tmp_path: Path) -> None:
    data = packed({"orgs.csv": b"abcdefgh" * 100})
    place = data.find(b"orgs.csv") + len("orgs.csv") + 2
    archive = opened(tmp_path, data[:place] + b"\xff\xff\xff" + data[place + 3 :])
    assert archive.names() == ("orgs.csv",)
    assert "is damaged" in refusal(lambda: archive.read("orgs.csv"))[2]


def test_no_zip_and_no_file_are_refused(tmp_path: Path) -> None:
    assert refusal(lambda: opened(tmp_path, b"not a zip"))[0] == "import-archive"
    assert refusal(lambda: opened(tmp_path, packed({"a": b"x"})[:-10]))[0] == "import-archive"
    assert refusal(lambda: Archive(tmp_path / "none.zip"))[0] == "import-file"
    assert refusal(lambda: Archive(tmp_path))[0] == "import-file"


@settings(max_examples=400)
@given(st.binary(max_size=300), st.integers(0, 400), st.binary(max_size=8))
def test_no_bytes_do_more_than_be_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, at: int, other: bytes
) -> None:
    whole = packed({"orgs.csv": b"sourcedId,name,type\n" * 5})
    path = tmp_path_factory.getbasetemp() / "any.zip"
    for tried in (data, whole[:at] + other + whole[at + len(other) :]):
        path.write_bytes(tried)
        with suppress(ArchiveRefused), Archive(path, SMALL) as archive:
            for name in archive.names():
                assert len(archive.read(name)) <= SMALL.each
