"""A reader's code under a limit of time: what it raises comes back as a value, and a loop without an end is ended.

Tracing (`sys.settrace`) looks at the clock before every line. It works in each thread, on each system, and in a
browser, where Python has neither threads nor signals. On Linux and macOS, in the main thread, an alarm does the same
for what waits or computes inside one call of C: `time.sleep`, `input`, a lock, a power of huge whole numbers, a
regular expression. What nothing can end from inside is one call of C that never looks up, such as
`sum(itertools.count())`: there the kernel has to be restarted. Under a debugger there is no limit: a breakpoint may
take as long as it likes.
"""

from __future__ import annotations

import dis
import io
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import lru_cache
from time import monotonic
from types import CodeType, FrameType
from typing import Any, TypeVar

__all__ = ["SECONDS", "Overtime", "guarded", "printing"]

SECONDS = 5.0  # that a reader's code has, all trials together
AGAIN = 0.05  # seconds until the alarm rings anew, where the first one was swallowed
PRINTED = 20_000  # characters that a reader's code may print in one check
MORE = "\n... (your code printed more: it is cut off here)\n"
DEBUGGERS = ("bdb", "pdb", "pydevd", "_pydevd", "debugpy")

BACKWARD = {number for name, number in dis.opmap.items() if "JUMP_BACKWARD" in name}
HERE = (lambda: None).__code__.co_filename  # frames of this file are never interrupted

Result = TypeVar("Result")


class Overtime(BaseException):
    """The time is up. No `except Exception` stops it; where a bare `except` does, the limit is set anew."""

    limit: Limit | None = None

    def __init__(self, limit: Limit) -> None:
        super().__init__()
        self.limit = limit

    def __del__(self) -> None:
        try:
            if self.limit is not None:
                self.limit.again(sys._getframe(1))
        except BaseException:  # the alarm can ring in here; it will ring once more
            pass


class Limit:
    """Raises `Overtime` in the calling thread once the time is up, until it is switched off."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end, self.active = seconds, monotonic() + seconds, False
        self.top: FrameType | None = None
        self._tracer: Any = None
        self._profiler: Any = None
        self._bell: tuple[Any, tuple[float, float]] | None = None

    def on(self) -> None:
        """From now on; everything that is called from the caller's frame."""
        self._tracer, self._profiler = sys.gettrace(), sys.getprofile()
        if _debugged(self._tracer):
            return
        self.active, self.top = True, sys._getframe(1)
        if _alarms():
            handler = signal.signal(signal.SIGALRM, self._rung)
            self._bell = handler, signal.setitimer(signal.ITIMER_REAL, self.seconds, AGAIN)
        sys.settrace(self._tick)

    def off(self) -> None:
        """As it was before. It may be called twice."""
        if not self.active:
            return
        self.active, self.top = False, None
        sys.settrace(self._tracer)
        sys.setprofile(self._profiler)
        if self._bell is not None:
            handler, timer = self._bell
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, signal.SIG_DFL if handler is None else handler)
            signal.setitimer(signal.ITIMER_REAL, *timer)
            self._bell = None

    def again(self, frame: FrameType | None) -> None:
        """Trace anew, from this frame up: Python stops tracing when a tracer raises."""
        if not self.active:
            return
        sys.settrace(self._tick)
        while frame is not None and frame is not self.top:
            if frame.f_code.co_filename != HERE:
                frame.f_trace = self._tick
            frame = frame.f_back

    def _tick(self, frame: FrameType, event: str, arg: Any) -> Any:
        if frame.f_code.co_filename == HERE:
            return None
        if self.active and event not in ("return", "exception") and monotonic() > self.end:  # there, one is on its way
            sys.setprofile(self._called)
            raise Overtime(self)
        if event == "call" and (quick := _quick(frame.f_code)) is not None:
            frame.f_trace_opcodes = quick
            return self._tick
        return None if event == "call" else self._tick

    def _called(self, frame: FrameType, event: str, arg: Any) -> None:
        if event in ("call", "c_call") and frame.f_code.co_filename != HERE:
            self.again(frame)  # something is still called: the `Overtime` was caught, and is kept

    def _rung(self, number: int, frame: FrameType | None) -> None:
        if self.active:
            self.again(frame)
            if frame is None or frame.f_code.co_filename != HERE:
                raise Overtime(self)


@lru_cache(1000)
def _quick(code: CodeType) -> bool | None:
    """Whether there is a jump to itself, as in `while True: pass`, which never comes to a new line; None: no loop."""
    steps = zip(code.co_code[::2], code.co_code[1::2], strict=True)
    widths = [width for step, width in steps if step in BACKWARD]
    return min(widths) <= 2 if widths else None


def _debugged(tracer: Any) -> bool:
    """Whether a debugger looks on: by tracing, or since Python 3.12 as the debugger that `sys.monitoring` has."""
    monitoring = getattr(sys, "monitoring", None)
    named = str(getattr(tracer, "__module__", "")).startswith(DEBUGGERS)
    return named or (monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID) is not None)


def _alarms() -> bool:
    """Whether this thread can be woken by an alarm."""
    here = threading.current_thread() is threading.main_thread()
    return here and hasattr(signal, "setitimer") and sys.platform != "emscripten"


def guarded(action: Callable[[], Result], seconds: float | None = None) -> tuple[Result | None, BaseException | None]:
    """What an action gives, or what it raises, whatever that is: `Overtime` after `SECONDS`, or after so many."""
    limit = Limit(SECONDS if seconds is None else seconds)
    try:
        try:
            limit.on()
            result = action()
        finally:
            limit.off()
    except BaseException as problem:  # also SystemExit, KeyboardInterrupt, and Overtime while it is switched off
        limit.off()
        return None, problem
    return result, None


class Printed(io.TextIOBase):
    """Hands on what is printed, up to a limit."""

    def __init__(self, to: Any, room: int) -> None:
        self.to, self.room, self.count = to, room, 0

    def write(self, text: str) -> int:
        """As a file does."""
        part = text[: max(0, self.room - self.count)]
        if self.to is not None and part:
            self.to.write(part)
        if self.to is not None and 0 < self.room < self.count + len(text) and self.count <= self.room:
            self.to.write(MORE)
        self.count += len(text)
        return len(text)

    def flush(self) -> None:
        """As a file does."""
        if self.to is not None:
            self.to.flush()


@contextmanager
def printing(room: int = PRINTED) -> Iterator[Printed]:
    """What is printed inside goes on to where it would have gone, up to so many characters."""
    out, errors = Printed(sys.stdout, room), Printed(sys.stderr, room)
    with redirect_stdout(out), redirect_stderr(errors):
        yield out
