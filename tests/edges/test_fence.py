"""What a block of code may reach: held by Python itself, whichever library tries."""

from __future__ import annotations

import csv
import os
import shutil
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from living_manual.edges.fence import RefusedError, no_network, only_files_of

Reach = Callable[[Path], object]


@pytest.fixture
def heard() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine, and what came in there."""
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                said.append(b"somebody")
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], said
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


CALLS: dict[str, Callable[[int], object]] = {
    "a connection": lambda port: socket.create_connection(("127.0.0.1", port), 2),
    "an address": lambda port: urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2),
    "a name": lambda _: socket.getaddrinfo("manual.example", 80),
    "an old name": lambda _: socket.gethostbyname("manual.example"),
    "a parcel": lambda port: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(
        b"so", ("127.0.0.1", port)
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_connection_is_opened(
    call: Callable[[int], object], heard: tuple[int, list[bytes]]
) -> None:
    port, said = heard
    with no_network() as tried, pytest.raises(OSError, match=r"does not reach|urlopen error"):
        call(port)
    assert said == []
    assert [attempt.what for attempt in tried] == ["network"]


def test_afterwards_everything_is_as_before(heard: tuple[int, list[bytes]]) -> None:
    port, _ = heard
    with no_network(), only_files_of():
        pass
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        assert connection.recv(1) == b""


def test_after_an_error_everything_is_as_before(heard: tuple[int, list[bytes]]) -> None:
    port, _ = heard
    with pytest.raises(ValueError, match="so"), no_network():
        raise ValueError("so")
    socket.create_connection(("127.0.0.1", port), 5).close()


def test_another_thread_of_the_program_is_left_alone(heard: tuple[int, list[bytes]]) -> None:
    port, _ = heard
    begun, ended, errors = threading.Event(), threading.Event(), []

    def client() -> None:
        begun.wait(30)
        try:
            socket.create_connection(("127.0.0.1", port), 5).close()
        except OSError as error:
            errors.append(error)
        ended.set()

    thread = threading.Thread(target=client, daemon=True)
    thread.start()
    with no_network() as tried:
        begun.set()
        assert ended.wait(30)
    thread.join()
    assert errors == []
    assert tried == []


def test_a_thread_begun_inside_is_held_as_well(heard: tuple[int, list[bytes]]) -> None:
    port, said = heard
    errors: list[OSError] = []

    def client() -> None:
        try:
            socket.create_connection(("127.0.0.1", port), 5)
        except OSError as error:
            errors.append(error)

    with no_network():
        thread = threading.Thread(target=client)
        thread.start()
        thread.join()
    assert [type(error) for error in errors] == [RefusedError]
    assert said == []


REACHES: dict[str, Reach] = {
    "to read": lambda path: path.read_text(encoding="utf-8"),
    "to read bytes": lambda path: path.read_bytes(),
    "by the system's own call": lambda path: os.open(path, os.O_RDONLY),
    "to write": lambda path: path.write_text("so", encoding="utf-8"),
    "to add": lambda path: path.open("a", encoding="utf-8"),
    "to copy": lambda path: shutil.copy(path, path.with_name("copy.txt")),
    "to remove": lambda path: path.unlink(),
    "to rename": lambda path: path.rename(path.with_name("other.txt")),
    "by a program": lambda path: subprocess.run(["cat", str(path)], check=True),
}


@pytest.mark.parametrize("reach", REACHES.values(), ids=REACHES)
def test_a_file_beyond_is_not_reached(reach: Reach, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside.txt"
    inside.mkdir()
    outside.write_text("secret", encoding="utf-8")
    with only_files_of(inside) as tried, pytest.raises(RefusedError):
        reach(outside)
    assert len(tried) == 1
    assert outside.read_text(encoding="utf-8") == "secret"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "outside.txt"]


def test_a_link_inside_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "outside.txt").write_text("secret", encoding="utf-8")
    (inside / "link.txt").symlink_to(tmp_path / "outside.txt")
    with only_files_of(inside), pytest.raises(RefusedError):
        (inside / "link.txt").read_text(encoding="utf-8")


def test_what_lies_inside_and_what_python_needs_is_reached(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with only_files_of(tmp_path) as tried:
        path.write_text("a,b\n", encoding="utf-8")
        with path.open(encoding="utf-8", newline="") as file:
            assert list(csv.reader(file)) == [["a", "b"]]
        import colorsys  # noqa: F401  # loaded for the first time

        path.unlink()
    assert tried == []
