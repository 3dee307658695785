"""`check`: what the reader wrote against what the library computes, on random inputs; if it is wrong, what is wrong.

Every exercise knows the usual mistakes. An answer that behaves like one of them gets that mistake's name and a hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from .compare import Leaves, complaint, equal, leaves, repeated
from .guard import guarded, printing
from .problems import told
from .quizzes import marked
from .reading import plain
from .task import Exercise, Wrong
from .trial import Tried, blank, has_blank, refused, run, stub, value

__all__ = ["Exercise", "Feedback", "Wrong", "check", "exercise", "exercises", "hint", "progress"]

passed: set[str] = set()  # what this reader has done, in this session
asked: dict[str, int] = {}  # how many hints she has had


@dataclass(frozen=True, repr=False)
class Feedback:
    """What is said to an answer. It is true if the exercise is done."""

    number: str
    text: str
    done: bool = False
    hint: str = ""
    kind: str = "wrong"  # "done", "wrong", "open"

    def __bool__(self) -> bool:
        return self.done

    def __repr__(self) -> str:
        mark = {"done": "✓", "open": "·"}.get(self.kind, "✗")
        return f"{mark} {self.number}: {self.text}" + (f"\nHint: {self.hint}" if self.hint else "")

    def _repr_html_(self) -> str:
        tone = {"done": "var(--jp-success-color1, #0b7a75)", "open": "var(--jp-border-color1, #98a2b3)"}
        colour = tone.get(self.kind, "var(--jp-warn-color1, #d9600a)")
        lines = [marked(line) for line in repr(self).split("\n")]
        style = f"border-left:4px solid {colour};padding:6px 12px;white-space:pre-wrap;font-size:15px"
        return f'<div style="{style}">{"<br>".join(lines)}</div>'


# ---- what there is


def exercises(chapter: str) -> tuple[Exercise, ...]:
    """The exercises of a chapter, "02". ValueError where it has none."""
    if not re.fullmatch(r"\d\d", str(chapter)):
        raise ValueError(f'chapter: expected two digits such as "02", got {chapter!r}')
    try:
        module = import_module(f"{__package__}.chapter_{chapter}")
    except ModuleNotFoundError as problem:
        if problem.name != f"{__package__}.chapter_{chapter}":
            raise
        raise ValueError(f"chapter: there are no exercises for chapter {chapter}") from None
    found: tuple[Exercise, ...] = module.EXERCISES
    return found


def exercise(number: str) -> Exercise:
    """The exercise of that number, "02.3". ValueError where there is none."""
    if not isinstance(number, str) or not re.fullmatch(r"\d\d\.\d+", number):
        raise ValueError(f'number: expected one such as "02.3", got {number!r}')
    there = {found.number: found for found in exercises(number[:2])}
    if number not in there:
        raise ValueError(f"number: expected one of {', '.join(there)}, got {number!r}")
    return there[number]


def hint(number: str) -> Feedback:
    """A first hint; when asked again, the second one, too. ValueError for an exercise that does not exist."""
    found = exercise(number)
    asked[number] = min(asked.get(number, 0) + 1, len(found.hints))
    text = "\n".join(f"Hint {k + 1}: {found.hints[k]}" for k in range(asked[number]))
    more = "\n(Ask again for one more.)" if asked[number] < len(found.hints) else ""
    return Feedback(number, text + more, kind="open")


def progress(chapter: str) -> Feedback:
    """Which exercises of a chapter are done. ValueError for a chapter without exercises."""
    there = exercises(chapter)
    done = [found for found in there if found.number in passed]
    lines = [f"{'✓' if found.number in passed else '·'} {found.number} {found.task}" for found in there]
    text = "\n".join([f"{len(done)} of {len(there)} done", *lines])
    everything = len(done) == len(there)
    return Feedback(chapter, text, done=everything, kind="done" if everything else "open")


# ---- the check


def check(number: str, answer: Any = None) -> Feedback:
    """The reader's answer against the library's, on random inputs (the same each time).

    number: of the exercise, "02.3". answer: her function, class or value; None or `...` is "not answered yet", and so
    is a function that returns `...` or has nothing in it. Whatever she wrote, nothing raises here: an exception is
    said with her line, also `exit()` and the stop button; and a loop without an end is stopped after 5 seconds (see
    `guard` for the one kind that cannot be). ValueError only for an exercise that does not exist.
    """
    found = exercise(number)
    feedback = _judged(found, answer)
    (passed.add if feedback else passed.discard)(number)
    return feedback


def _judged(found: Exercise, answer: Any) -> Feedback:
    say = partial(Feedback, found.number)
    if blank(answer):
        return say(f"not answered yet. {found.task}", kind="open")
    tried, printed, problem = _tried(found, answer)
    if type(problem) is NotImplementedError:  # a stub of another kind; not one of those that Jupyter raises
        return say(f"not answered yet. {found.task}", kind="open")
    if problem is not None or tried is None:
        return say(_told(found, problem), hint=found.hints[0])
    if tried.refused:
        return say(tried.refused)
    if any(tried.nothing) and not stub(answer):
        return say(_returns_nothing(tried, printed))
    if any(map(has_blank, tried.results)):
        return say(f"not answered yet. {found.task}", kind="open")
    if tried.changed:
        return say(f"your code changes the {tried.changed} that it is given: work on a copy.")
    with np.errstate(all="ignore"):
        return _compared(found, answer, [*tried.results])


def _tried(found: Exercise, answer: Any, room: int | None = None) -> tuple[Tried | None, bool, BaseException | None]:
    """The answer on all trials, under guard; whether it printed; and what it raised. room: for what it prints."""

    def tries() -> Tried:
        if found.inputs is None:
            return value(found.result, answer)
        why = refused(answer, found.right, trials[0], used=found.use is not None)
        return Tried(refused=why) if why else run(found.result, answer, trials)

    trials = found.trials()
    with np.errstate(all="ignore"), printing() if room is None else printing(room) as out:
        tried, problem = guarded(tries)
    return tried, out.count > 0, problem


def _told(found: Exercise, problem: BaseException | None) -> str:
    """What was raised, in words; they are found under guard, too: an exception can be of her making."""
    if problem is None:
        return "your code stopped, and left nothing."
    used = "your code could not be called" if found.inputs is not None else "your answer cannot be used"
    words, _ = guarded(partial(told, problem, f"{used} as the exercise asks"))
    return words or "your code stopped with an error that cannot be shown."


def _returns_nothing(tried: Tried, printed: bool) -> str:
    if not all(tried.nothing):
        return "for some inputs your function returns nothing: is `return` missing in one of its branches?"
    if printed:
        return "your function prints, and returns nothing: put `return` in the place of `print`."
    return "your function returns nothing: is `return` missing?"


def _compared(found: Exercise, answer: Any, results: list[Any]) -> Feedback:
    expected = [found.expected(inputs) for inputs in found.trials()]
    got = [leaves(result, found.parts) for result in results]
    if _right(found, results, got, expected):
        return Feedback(found.number, found.praise, done=True, kind="done")
    if found.inputs is not None and not _steady(found, answer, got[0]):
        text = "called twice with the same inputs, your function does not give the same: what changes in between?"
        return Feedback(found.number, text, hint=found.hints[0])
    for wrong in found.wrong:
        if _behaves_like(found, wrong, results, got):
            return Feedback(found.number, wrong.diagnosis, hint=wrong.hint or found.hints[0])
    says = (complaint(g, e, found.tolerance) for g, e in zip(got, expected, strict=True))
    text = found.otherwise if found.accepts is not None else next(filter(None, says), found.otherwise)
    return Feedback(found.number, text, hint=found.hints[0])


def _right(found: Exercise, results: list[Any], got: list[Leaves], expected: list[Leaves]) -> bool:
    if found.accepts is not None:
        return _holds(found, found.accepts, results)
    return all(equal(one, other, found.tolerance) for one, other in zip(got, expected, strict=True))


def _holds(found: Exercise, test: Callable[..., bool], results: list[Any]) -> bool:
    """Whether a test holds for each result; it does not for one that it cannot read, or not in time."""
    trials = found.trials()
    held, _ = guarded(lambda: all(test(result, *inputs) for result, inputs in zip(results, trials, strict=True)))
    return bool(held)


def _steady(found: Exercise, answer: Any, first: Leaves) -> bool:
    """Whether the answer gives for the first inputs what it gave before."""
    again, _, _ = _tried(found, answer, room=0)
    return again is not None and repeated(leaves(again.results[0], found.parts), first)


def _behaves_like(found: Exercise, wrong: Wrong, results: list[Any], got: list[Leaves]) -> bool:
    """Whether it is this known mistake: by its own sign, or because it gives the same."""
    if wrong.shows is not None:
        return _holds(found, wrong.shows, results)
    results_of_it = (found.result(wrong.answer, deepcopy(inputs)) for inputs in found.trials())
    try:  # trial by trial: most mistakes are ruled out by the first
        same = (leaves(plain(result), found.parts) for result in results_of_it)
        return all(equal(one, other, found.tolerance) for one, other in zip(got, same, strict=True))
    except Exception:  # a mistake that raises here is not the one that the reader made
        return False


def known(chapter: str) -> Sequence[tuple[Exercise, Wrong]]:
    """Every known wrong answer of a chapter."""
    return [(found, wrong) for found in exercises(chapter) for wrong in found.wrong]
