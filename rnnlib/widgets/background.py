"""A laboratory that trains in the background: one training at a time, with a button to begin and one to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from ..training import Run
from .laboratory import Control, Laboratory, action

__all__ = ["STOPPED", "Training"]

PERIOD = 0.3  # seconds between two looks at a training
STOPPED = "you stopped it"


class Training(Laboratory):
    """Controls, a button with this label for `_pressed`, and "Stop". Options: as in `Laboratory`.

    A subclass begins with `_begin(work)`; its work calls `_after` with each epoch's `Run`, looks at it only when it is
    `_due`, and ends with `_ended`.
    """

    def __init__(self, *controls: Control, label: str, **options: Any) -> None:
        self._thread: threading.Thread | None = None
        self._may_go, self._stopping, self._seen_at = threading.Event(), False, 0.0
        self._go, self._stop = action(label, self._pressed), action("Stop", self.stop)
        super().__init__(*controls, self._go, self._stop, **options)
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
        return self._thread is not None and self._thread.is_alive()

    def _begin(self, work: Callable[[], None]) -> None:
        """Do this work in a thread of its own."""

        def run() -> None:
            error = ""
            try:
                work()
            except Exception as problem:
                error = f"{type(problem).__name__}: {problem}"
            self._ended(error)

        self._stopping, self._seen_at = False, 0.0
        self._may_go.set()
        self._stop.holder.disabled = False
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after this epoch."""
        self._stopping = True
        self._may_go.set()

    def wait(self) -> None:
        """Return when the training has ended."""
        if self._thread is not None:
            self._thread.join()

    def _due(self) -> bool:
        """Whether the reader is to see how far the training is: not more often than can be read, and before a pause."""
        now = time.monotonic()
        due = now - self._seen_at > PERIOD or not self._may_go.is_set()
        if due:
            self._seen_at = now
        return self.running and due

    def _after(self, run: Run) -> None:
        """After an epoch: hold on, or end, if that was asked for."""
        if self.running:
            self._may_go.wait()
        if self._stopping:
            run.stop = STOPPED
