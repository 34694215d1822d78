"""An end for what would go on for ever."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable

import pytest

from living_manual.edges.clock import TookTooLongError, at_most


def for_ever() -> None:
    while True:
        pass


def for_ever_after_each_error() -> None:
    while True:
        try:
            for_ever()
        except Exception:
            continue


def a_pattern() -> None:
    re.match("(a|a)*$", "a" * 60 + "b")


def a_wait() -> None:
    threading.Event().wait(600)


ENDLESS = [for_ever, for_ever_after_each_error, a_pattern, a_wait]


@pytest.mark.parametrize("endless", ENDLESS, ids=lambda each: each.__name__)
def test_it_ends(endless: Callable[[], None]) -> None:
    with pytest.raises(TookTooLongError), at_most(0.05):
        endless()


def test_beside_the_main_thread_it_ends_too() -> None:
    ended: list[str] = []

    def work() -> None:
        try:
            with at_most(0.05):
                for_ever()
        except TookTooLongError:
            ended.append("late")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert ended == ["late"]


@pytest.mark.parametrize("seconds", [0, 60])
def test_what_ends_in_time_is_left_alone(seconds: float) -> None:
    with at_most(seconds):
        done = 1
    assert done


def test_nothing_comes_afterwards() -> None:
    """Nor to another block with a limit of its own."""
    with pytest.raises(TookTooLongError), at_most(0.01):
        for_ever()
    with at_most(60):
        time.sleep(0.05)

    def work() -> None:
        with at_most(0.2):
            pass
        time.sleep(0.4)
        came.append("nothing")

    came: list[str] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join(60)
    assert came == ["nothing"]
