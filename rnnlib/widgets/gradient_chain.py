"""The gradient chain: step backward through time, and see what each step adds to the gradient of the weights.

Chapter 04.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..cells import RNNCell
from ..checks import as_flag, as_size, as_texts, one_of
from ..diagrams import Pages, gradient_chain
from ..exercises import predict
from ..functions import FloatArray
from ..gradcheck import check_model
from ..layers import Dense, Recurrent
from ..models import ManyToMany, ManyToOne, Model
from ..trace import trace_back
from ..training import SGD
from .bounds import a_kind, a_page, a_range, a_seed, a_sequence, an_array
from .laboratory import Laboratory, choice, whole

__all__ = ["GradientChain"]

MOST = 20  # updates that are kept
LONGEST, WIDEST = 100, 1000  # steps of an example, units that have their numbers
FASTEST = 100.0  # learning rate
LARGEST = 3000  # parameters of a model that is still compared with central differences


class Example(NamedTuple):
    """A model, and one sequence with its label or labels."""

    model: Model
    x: FloatArray
    y: ArrayLike
    tokens: Sequence[str] | None


OWN: dict[str, tuple[type[Model], str, Any, tuple[str, ...]]] = {
    "many to one": (ManyToOne, "he was not sad today", 1, ("negative", "positive")),
    "many to many": (ManyToMany, "anna met bob in rome", (1, 0, 1, 0, 1), ("no name", "a name")),
}


class GradientChain(Laboratory):
    """A backward pass, read backward: the loss, the last step, ..., the first, and then the sums over all steps.

    model: a `ManyToOne` or `ManyToMany` over one `Recurrent(RNNCell(...))`; x, y, tokens: one example, as `trace_back`
    takes it. Without them a small model of its own with 4 units: shape "many to one" or "many to many", and a seed for
    its weights. updates: how many updates by gradient descent have been made, 0 to 20; they are made beforehand, each
    after a whole backward pass, so that moving the slider only looks at them. learning_rate: above 0, at most 100.
    units: how many units have their numbers, 1 to 1000. seed: 0 to 2**32 - 1. ask: whether the second step back asks
    first what becomes of the weights. t, present: as in `Stepper`; the last page is the loss. The model is never
    changed. An example has at most 100 steps.

    Each picture says how far the library's gradient is from central differences (for float64, and up to 3,000
    parameters: each needs two forward passes). ValueError or TypeError for what `trace_back` refuses, and for a cell
    with gates. Chapter 04.
    """

    def __init__(
        self,
        model: Model | None = None,
        x: ArrayLike | None = None,
        y: ArrayLike | None = None,
        tokens: Sequence[str] | None = None,
        *,
        shape: str = "many to one",
        updates: int = 0,
        learning_rate: float = 0.5,
        units: int = 5,
        seed: int = 5,
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        if (model is not None) + (x is not None) + (y is not None) not in (0, 3):
            raise ValueError("model, x, y: expected all three, or none of them for an example")
        one_of("shape", shape, OWN)
        as_size("updates", updates, 0, MOST)
        a_range("learning_rate", learning_rate, 0, FASTEST)
        self.units, self.ask = as_size("units", units, 1, WIDEST), as_flag("ask", ask)
        self.optimizer = SGD(learning_rate)
        self._given = given_example(model, x, y, tokens) if model is not None else None
        self._kept = cache(self._made)
        self._pages = cache(self._turned)
        scrub = whole("updates", updates, 0, MOST, label="updates made")
        options = [f"learning_rate={learning_rate:g}"] * (learning_rate != 0.5) + [f"units={units}"] * (units != 5)
        if self._given:
            given = ["model", "x", "y", *(["tokens"] if tokens is not None else [])]
            super().__init__(scrub, t=a_page(t), present=as_flag("present", present), fixed=(*given, *options))
        else:
            shapes = choice("shape", tuple(OWN), shape, label="shape")
            places: Any = {"t": a_page(t), "present": as_flag("present", present)}
            super().__init__(shapes, scrub, seed=a_seed(seed), fixed=options, **places)

    def draw(self, **values: Any) -> Pages:
        """The pages for these values."""
        return self._pages(**values)

    def example(self, *, updates: int, shape: str = "", seed: int | None = None) -> Example:
        """The model after so many updates (a copy), and the example that it reads."""
        start, vectors = self._kept(shape, seed)
        model = copy.deepcopy(start.model)
        model.restore(vectors[updates])
        return start._replace(model=model)

    def _turned(self, **values: Any) -> Pages:
        """The library's backward pass, and how far its gradient is from central differences."""
        model, x, y, tokens = self.example(**values)
        apart = None
        if model.dtype == np.float64 and model.parameter_count <= LARGEST:
            apart = check_model(model, x[:, None], np.asarray(y)[..., None]).worst
        ask = self.ask and not values["updates"]
        record = trace_back(model, x, y, tokens)
        asked = predict.gradient_chain(record) if ask else None
        return gradient_chain(record, units=self.units, apart=apart, ask=asked)

    def _made(self, shape: str, seed: int | None) -> tuple[Example, list[FloatArray]]:
        """The example, and the weights after 0, 1, ... updates."""
        start = self._given or _own(shape, seed)
        trace_back(*start)  # refuses what cannot be shown, before anything is trained
        model = copy.deepcopy(start.model)
        batch = model.batch(start.x[:, None], np.asarray(start.y)[..., None])
        kept = [model.vector()]
        for _ in range(MOST):
            _, grads = model.loss(batch)
            vector = kept[-1].copy()
            self.optimizer.update(vector, np.concatenate([grads[name].ravel() for name in model.params]))
            model.restore(vector)
            kept.append(vector)
        return start, kept


def given_example(model: Any, x: ArrayLike | None, y: ArrayLike | None, tokens: Sequence[str] | None) -> Example:
    """An example that can be drawn. TypeError for another kind of model, ValueError for one that is too long."""
    a_kind("model", model, Model, "a ManyToOne or a ManyToMany")
    sequence, labels = a_sequence("x", x, LONGEST), an_array("y", y)
    return Example(model, sequence, labels, None if tokens is None else as_texts("tokens", tokens, 1, LONGEST))


def _own(shape: str, seed: int | None) -> Example:
    """A small model of this shape, and a sentence for it."""
    wiring, sentence, y, classes = OWN[shape]
    words, rng = sentence.split(), np.random.default_rng(seed)
    model = wiring(Recurrent(RNNCell(len(words), 4, rng=rng, init=0.8)), Dense(4, 2, rng=rng), classes=classes)
    return Example(model, np.eye(len(words)), y, words)
