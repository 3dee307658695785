"""A laboratory that trains in the background: one training at a time, with a button to begin and one to stop.

Python in a browser has no threads. There a training runs on the event loop and rests after each epoch, so that clicks
are heard; a browser that cannot rest inside a call hears them when the training has ended, and the reader is told so.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

from ..training import Run
from .laboratory import Control, Laboratory, action

__all__ = ["STOPPED", "Training"]

PERIOD = 0.3  # seconds between two looks at a training
STOPPED = "you stopped it"
REST = 0.05  # seconds between two looks at whether a training may go on, where there are no threads
DEAF = "This browser's Python does one thing at a time: it hears the buttons when the training has ended."


def rest(seconds: float) -> bool:
    """Let Python in a browser hear what was clicked; False where it is no such Python, or cannot rest in this call."""
    try:
        from pyodide.ffi import can_run_sync, run_sync
    except ImportError:
        return False
    if not can_run_sync():
        return False
    run_sync(asyncio.sleep(seconds))
    return True


class Training(Laboratory):
    """Controls, a button with this label for `_pressed`, and "Stop". Options: as in `Laboratory`.

    A subclass begins with `_begin(work)`; its work calls `_after` with each epoch's `Run`, looks at it only when it is
    `_due`, and ends with `_ended`.
    """

    def __init__(self, *controls: Control, label: str, **options: Any) -> None:
        self._thread: threading.Thread | None = None
        self._running = False
        self._then: Callable[[], None] | None = None  # what waits for the end of a training without a thread
        self._may_go, self._stopping, self._seen_at = threading.Event(), False, 0.0
        self._go, self._stop = action(label, self._pressed), action("Stop", self.stop)
        super().__init__(*controls, self._go, self._stop, **{"lead": len(controls) + 2} | options)
        self._stop.holder.disabled = True

    def _pressed(self) -> None:
        """What the first button does."""
        raise NotImplementedError

    def _ended(self, error: str) -> None:
        """Called in the training's thread when it has ended. error: what it raised, in words; there is no cell to
        raise it in."""
        self._stop.holder.disabled = True
        self.stepper.error = error

    @property
    def running(self) -> bool:
        """Whether a training has begun and not ended (it may be paused)."""
        return self._running

    def _begin(self, work: Callable[[], None]) -> None:
        """Do this work in a thread of its own; where there are none, on the event loop."""

        def run() -> None:
            error = ""
            if self._thread is None and not rest(0):
                self._stop.holder.disabled = True
                self.say(DEAF)
            try:
                work()
            except Exception as problem:
                error = f"{type(problem).__name__}: {problem}"
            try:
                self._ended(error)
            finally:
                self._running, then, self._then = False, self._then, None
            if then:
                then()

        self._stopping, self._seen_at, self._running = False, 0.0, True
        self._may_go.set()
        self._stop.holder.disabled = False
        self._thread = threading.Thread(target=run, daemon=True)
        try:
            self._thread.start()
        except RuntimeError:
            self._thread = None
            asyncio.get_running_loop().call_soon(run)

    def stop(self) -> None:
        """End after this epoch."""
        self._stopping = True
        self._may_go.set()

    def wait(self) -> bool:
        """Return when the training has ended; False if it has not, because this Python cannot wait here."""
        if self._thread is not None:
            self._thread.join()
        while self.running and rest(REST):
            pass
        return not self.running

    def _ends_first(self, then: Callable[[], None]) -> bool:
        """End a training that runs: at once, or `then` is called when it has ended."""
        self.stop()
        ended = self.wait()
        self._then = None if ended else then
        return ended

    def _due(self) -> bool:
        """Whether the reader is to see how far the training is: not more often than can be read, and before a pause."""
        now = time.monotonic()
        due = now - self._seen_at > PERIOD or not self._may_go.is_set()
        if due:
            self._seen_at = now
        return self.running and due

    def _after(self, run: Run) -> None:
        """After an epoch: hold on, or end, if that was asked for."""
        if self._thread is not None and self.running:
            self._may_go.wait()
        elif self.running and rest(0):
            while not self._may_go.is_set():
                rest(REST)
        if self._stopping:
            run.stop = STOPPED
