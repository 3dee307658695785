"""What a reader's code raised, in one sentence: in which of her lines, and why."""

from __future__ import annotations

import linecache
import re
import sysconfig
from pathlib import Path
from types import FrameType, TracebackType
from typing import NamedTuple

from .guard import SECONDS, Overtime
from .shapes import misfit

__all__ = ["told"]

LIBRARY = Path(__file__).resolve().parents[1]
PYTHON = Path(sysconfig.get_paths()["stdlib"])
LONGEST = 200  # letters of what Python says
LINE = 80  # letters of a line that is shown


class Place(NamedTuple):
    """Where in her code: the frame, and which instruction of it."""

    frame: FrameType
    number: int
    instruction: int

    @property
    def line(self) -> str:
        """The line as she wrote it."""
        text = linecache.getline(self.frame.f_code.co_filename, self.number, self.frame.f_globals).strip()
        text = text.replace("`", "'")  # a line is shown between backticks
        return text if len(text) <= LINE else text[: LINE - 3] + "..."


def told(problem: BaseException, called: str = "your code could not be called as the exercise asks") -> str:
    """What went wrong, and in which of her lines. called: what is said where it was in none of them."""
    place = _place(problem.__traceback__)
    if isinstance(problem, Overtime):
        seconds = problem.limit.seconds if problem.limit is not None else SECONDS
        stopped = _at(place, ", and was stopped in")
        return f"your code was not done after {seconds:g} seconds{stopped}: {_endless(place)}"
    why = _why(problem, place)
    stop = "" if why.endswith((".", "?", "!")) else "."
    return (f"your code stopped{_at(place, ' in')}: {why}" if place else f"{called}: {why}") + stop


def _at(place: Place | None, words: str) -> str:
    if place is None:
        return ""
    line = place.line
    return f"{words} line {place.number}" + (f", `{line}`" if line else "")


def _endless(place: Place | None) -> str:
    loop = place is not None and place.line.startswith(("while", "for"))
    return "does this loop ever end?" if loop else "is there a loop that never ends, or something that it waits for?"


def _place(trace: TracebackType | None) -> Place | None:
    """The last of her frames that the exception came through."""
    found = None
    while trace is not None:
        if _hers(trace.tb_frame.f_code.co_filename):
            found = Place(trace.tb_frame, trace.tb_lineno, trace.tb_lasti)
        trace = trace.tb_next
    return found


def _hers(filename: str) -> bool:
    """Whether a file is no part of this library, of Python or of a package. A cell is one, whatever it is called."""
    if filename.startswith("<"):
        return not filename.startswith(("<frozen", "<__array"))
    path = Path(filename)
    inside = path.is_relative_to(LIBRARY) or path.is_relative_to(PYTHON)
    return not inside and "site-packages" not in path.parts


def _why(problem: BaseException, place: Place | None) -> str:
    """The reason in words, ending with what Python says where that helps."""
    said = _message(problem)
    if isinstance(problem, ValueError) and place and (shapes := misfit(said, place.frame, place.instruction)):
        return shapes
    name = type.__dict__["__name__"].__get__(type(problem))
    for sign, words in SIGNS.items():
        if isinstance(problem, (TypeError, ValueError, AttributeError, IndexError)) and sign in said:
            return words.format(said=said, name=name)
    for kind, words in WORDS.items():
        if isinstance(problem, kind):
            return words.format(said=said, name=name)
    return f"{name}: {said}" if said else f"it raised {name}."


WORDS: dict[type[BaseException], str] = {
    SystemExit: "it asks Python to end (`exit`), where an answer gives back its result with `return`.",
    KeyboardInterrupt: "it was interrupted (KeyboardInterrupt).",
    RecursionError: "a function calls itself again and again, and never comes to an end.",
    MemoryError: "it asks for more memory than there is.",
    ZeroDivisionError: "it divides by 0 (ZeroDivisionError).",
    UnboundLocalError: "a name is read before it has got a value ({name}: {said}).",
    NameError: "there is a name that nobody has defined ({name}: {said}).",
    ModuleNotFoundError: "it imports something that is not installed ({name}: {said}).",
    StopIteration: "it takes one more from something that has no more (StopIteration).",
    AssertionError: "an `assert` of yours does not hold.",
}


SIGNS = {
    "only integers, slices": "an index has to be a whole number, a slice or an array of them ({name}).",
    "truth value of an array": "an array of several numbers stands where one True or False is needed.",
    "ellipsis": "a blank (`...`) is not filled in yet ({name}: {said}).",
    "NoneType": "something there is None: does a function of yours lack its `return` ({name}: {said})?",
}


def _message(problem: BaseException) -> str:
    """What Python says, in one line; nothing where the exception cannot say it."""
    try:
        text = re.split(r"(?<=[.!?]) (?=[A-Z])", " ".join(str(problem).split()))[0]  # its first sentence
    except Exception:
        return ""
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."
