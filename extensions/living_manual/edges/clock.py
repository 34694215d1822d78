"""A limit of time for a block of code, whatever it does."""

from __future__ import annotations

import ctypes
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TookTooLongError(BaseException):
    """The time is over.

    No `Exception`: code that goes on after any error of its own would go on after this one.
    """


#: Seconds after which it is said once more, should somebody have gone on all the same.
_AGAIN = 0.5


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `TookTooLongError` in the block once it has taken so many seconds by the clock.

    The system's own alarm also reaches what Python waits for (a regular expression, a pipe). Where
    there is none (Windows, or beside the main thread) a second thread raises it, which reaches
    Python code only. 0 is no limit. Blocks do not stand inside one another.
    """
    if seconds <= 0:
        yield
    elif hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        with _alarm(seconds):
            yield
    else:
        with _watched(seconds):
            yield


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    over = False

    def ring(_signal: int, _frame: FrameType | None) -> None:
        if not over:
            raise TookTooLongError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN)
    try:
        try:
            yield
        finally:
            over = True
    finally:  # also when the alarm rings between the block's end and the line above
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    ended, lock = threading.Event(), threading.Lock()
    thread = ctypes.c_ulong(threading.get_ident())
    raised = ctypes.py_object(TookTooLongError)

    def watch() -> None:
        wait = seconds
        while not ended.wait(wait):
            with lock:
                if not ended.is_set():
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, raised)
            wait = _AGAIN

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with lock:
            ended.set()
            # One that was asked for and has not come yet is taken back.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, None)
        watcher.join()
