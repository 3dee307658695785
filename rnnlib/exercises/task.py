"""An exercise: its task, the right answer, and the known wrong ones, each with its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from .compare import Leaves, leaves
from .wording import sections

__all__ = ["Exercise", "Wrong", "posed"]

TRIALS = 3
OF_EXERCISE = ("task", "hints", "praise", "otherwise")  # what a text has besides the diagnoses


@dataclass(frozen=True)
class Wrong:
    """A known wrong answer.

    answer: an example, of the same kind as the reader's. diagnosis: what it is, said to her. hint: what to look at.
    shows: of a result and the inputs, whether it is this mistake, where it is not told by giving the same result.
    """

    answer: Any
    diagnosis: str
    hint: str = ""
    shows: Callable[..., bool] | None = None


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    number: "02.3". task: in one sentence. right: the library's answer, a function of `inputs`, or the value itself
    where a value is asked for. inputs: from a generator, the arguments for one trial. wrong: the known wrong answers,
    the more special first. hints: a first and a second one. use: how the reader's answer is used on the inputs, where
    it is not a function of them (a class, for example). accepts: of a result and the inputs, whether it is right, where
    many answers are (`right` is then an example). parts: names of several results. tolerance: largest difference, of
    numbers about 1. praise: what is said to a right answer. otherwise: what is said to one that is not accepted and not
    known.
    """

    number: str
    task: str
    right: Any
    wrong: tuple[Wrong, ...]
    hints: tuple[str, str]
    inputs: Callable[[np.random.Generator], tuple[Any, ...]] | None = None
    use: Callable[..., Any] | None = None
    accepts: Callable[..., bool] | None = None
    parts: tuple[str, ...] = ()
    tolerance: float = 1e-9
    praise: str = "right. It gives what the library gives."
    otherwise: str = "that is not it yet."

    def trials(self) -> list[tuple[Any, ...]]:
        """The arguments of all trials: the same each time."""
        if self.inputs is None:
            return [()]
        rng = np.random.default_rng([int(part) for part in re.findall(r"\d+", self.number)])
        return [self.inputs(rng) for _ in range(TRIALS)]

    def result(self, answer: Any, inputs: tuple[Any, ...]) -> Any:
        """What an answer gives for these inputs."""
        if self.use is not None:
            return self.use(answer, *inputs)
        return answer if self.inputs is None else answer(*inputs)

    def expected(self, inputs: tuple[Any, ...]) -> Leaves:
        """What the library gives."""
        value = self.right if self.inputs is None else self.right(*deepcopy(inputs))
        return leaves(value, self.parts)


Sign = Callable[..., bool]
Written = Mapping[str, tuple[Any, Sign]] | Callable[..., Any] | None


def posed(
    number: str, right: Any, wrong: Written = None, signs: Mapping[str, Sign] | None = None, **how: Any
) -> Exercise:
    """The exercise of that number, with its words.

    right: the library's answer. wrong: the same thing written by hand, which makes the slip of a name when it is called
    with `slip=name`, and none without; left out, `right` does so itself. Or, where a value is asked for, an example of
    each known wrong answer by its name, with its sign. signs: of some slips, the test that tells them (`Wrong.shows`).
    how: what else an `Exercise` has. ValueError where a name is not in the text, or the text has one more.
    """
    said = sections(number[:2])[number]
    names = [name for name in said if name not in OF_EXERCISE]
    if isinstance(wrong, Mapping):
        answers = {name: example for name, (example, _) in wrong.items()}
        signs = {name: sign for name, (_, sign) in wrong.items()}
    else:
        answers = {name: partial(right if wrong is None else wrong, slip=name) for name in names}
        signs = dict(signs or {})
    if strange := {*answers} ^ {*names} | {*signs} - {*names}:
        raise ValueError(f"{number}: expected the wrong answers {names}, and these do not fit: {sorted(strange)}")
    known = tuple(Wrong(answers[name], *said[name], shows=signs.get(name)) for name in names)
    ends: dict[str, Any] = {key: said[key][0] for key in ("praise", "otherwise") if key in said}
    return Exercise(number, said["task"][0], right, known, said["hints"], **ends, **how)
