"""The two computations of a step, operation by operation, with numbers to fill in. Chapter 02."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from ..cells import RNNCell
from ..checks import as_flag, as_texts, one_of
from ..diagrams import Pages, computations
from ..exercises import predict
from ..functions import FloatArray
from ..layers import Dense, Recurrent
from ..models import ManyToMany, Model
from ..trace import Trace, trace
from .bounds import a_page, a_seed, a_sequence
from .laboratory import Laboratory, choice

__all__ = ["TwoComputations"]

INPUTS, HIDDEN, STEPS = 4, 3, 3  # of the small network
LONGEST = 100  # steps of a sequence
SEED = 8  # whose slips lead to numbers that can be told apart
NOTATIONS = {"hₜ, Wₓₕ": "h", "a⟨t⟩, Wₐₓ": "a"}


class TwoComputations(Laboratory):
    """Step through the new state, W_xh x + W_hh h + b and tanh, and then the output, W_hy h + b_y and softmax.

    source: a model with a plain tanh cell and a softmax (`ManyToOne` or `ManyToMany`), a `Trace` of one, or None for a
    small network with round numbers, drawn with `seed` (0 to 2**32 - 1). x: for a model, one sequence (T, I) of at most
    100 steps. tokens: a name for each step. notation: "h" as in the book, "a" as in the course. fill: whether some of
    the numbers are blank, to be typed by the reader; a wrong one is answered with the term that it is in. t, present:
    as in `Stepper` (t counts the operations, seven a step). TypeError for what is of another kind; ValueError for a
    model without x, a trace or None with x, more than 100 steps, and another kind of network. Chapter 02.
    """

    def __init__(
        self,
        source: Model | Trace | None = None,
        x: ArrayLike | None = None,
        *,
        tokens: list[str] | None = None,
        notation: str = "h",
        fill: bool = True,
        seed: int = SEED,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        one_of("notation", notation, NOTATIONS.values())
        if not isinstance(source, (Model, Trace, type(None))):
            raise TypeError(f"source: expected a model, a trace or None, got {type(source).__name__}")
        if isinstance(source, Model) == (x is None):
            raise ValueError("x: expected one sequence (T, I) for a model, and nothing beside a trace or None")
        if tokens is not None:
            as_texts("tokens", tokens, 1, LONGEST)
        if isinstance(source, Model):
            x = a_sequence("x", x, LONGEST)
        self.record = trace(source, x, tokens) if isinstance(source, Model) else source
        given = ["model", "x", *(["tokens=tokens"] if tokens else [])] if isinstance(source, Model) else ["record"]
        super().__init__(
            choice("fill", {"blanks to fill": True, "all numbers": False}, as_flag("fill", fill), label="show"),
            choice("notation", NOTATIONS, notation, label="letters"),
            seed=a_seed(seed) if source is None else None,
            t=a_page(t),
            present=as_flag("present", present),
            fixed=[] if source is None else given,
        )

    def draw(self, *, fill: bool, notation: str, seed: int = SEED) -> Pages:
        """The pages in this notation, with blanks or without."""
        record = self.record or small_run(seed)
        return computations(record, notation=notation, ask=predict.computations(record, notation) if fill else None)


def small_run(seed: int) -> Trace:
    """Three steps of a small network: weights with one decimal, inputs that are halves, so that all can be followed
    by hand."""
    rng = np.random.default_rng(seed)
    model = ManyToMany(Recurrent(RNNCell(INPUTS, HIDDEN, rng=rng)), Dense(HIDDEN, 2, rng=rng), classes=("no", "yes"))
    model.set_params({name: _round(rng, array.shape) for name, array in model.params.items()})
    return trace(model, rng.integers(-2, 3, (STEPS, INPUTS)) / 2)


def _round(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Weights of one decimal, none of them 0."""
    return rng.integers(1, 10, shape) / 10 * rng.choice([-1, 1], shape)
