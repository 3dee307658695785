"""The shape gallery: five wirings of one cell, rolled up or unrolled, over as many steps as the reader likes.

Chapters 01, 03 and 05.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..checks import as_flag, as_size, one_of
from ..diagrams import Pages, wiring
from ..exercises import predict
from ..layers import Dense, Recurrent
from ..models import EncoderDecoder, ManyToMany, ManyToOne, Model, OneToMany, OneToOne
from ..views.five import FIVE
from ..views.forward import Forward, forward
from .bounds import a_page, a_seed
from .laboratory import Laboratory, choice, whole

__all__ = ["ShapeGallery"]

INPUTS, UNITS, CLASSES, SYMBOLS = 3, 5, 2, 6
NAMES = {shape.code: shape.name for shape in FIVE.values()}
VIEWS = ("unrolled", "rolled up")
LONGEST = 9


class ShapeGallery(Laboratory):
    """Choose one of the five shapes, roll it up or unroll it, and change the number of steps.

    shape: "1-1", "1-N", "N-1", "N-M" or "N-N". T: the number of steps, 1 to 9 (those that an encoder-decoder reads;
    it writes 3). view: "unrolled" or "rolled up". seed: of the weights and the inputs, 0 to 2**32 - 1. notation: "h" or
    "a". t, present: as in `Stepper`. ValueError for a shape, view, notation, T or seed that does not exist, TypeError
    for what is not True or False. Chapters 01, 03 and 05.
    """

    def __init__(
        self,
        *,
        shape: str = "N-1",
        T: int = 4,
        view: str = "unrolled",
        seed: int = 3,
        notation: str = "h",
        t: int | None = None,
        present: bool = False,
    ) -> None:
        self.notation = one_of("notation", notation, "ha")
        self._run: Forward | None = None
        super().__init__(
            choice("shape", [*NAMES], one_of("shape", shape, NAMES), tips=[*NAMES.values()]),
            whole("T", as_size("T", T, 1, LONGEST), 1, LONGEST, label="steps T"),
            choice("view", VIEWS, one_of("view", view, VIEWS), label="network"),
            lead=3,
            seed=a_seed(seed),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=() if notation == "h" else (f"notation={notation!r}",),
        )
        self._run = self._ran()

    def draw(self, *, shape: str, T: int, view: str, seed: int) -> Pages:
        """The pages for this shape over T steps."""
        run = forward(small(shape, seed), T, seed=seed)
        return wiring(run, rolled=view != "unrolled", notation=self.notation, ask=predict.wiring(run))

    def redraw(self) -> None:
        """Draw anew, and say what another T has changed."""
        super().redraw()
        before, self._run = self._run, self._ran()
        self.say("" if before is None else changed(before, self._run))

    def _ran(self) -> Forward:
        return forward(small(self.values["shape"], self.seed or 0), self.values["T"])


def small(shape: str, seed: int) -> Model:
    """A small model of that shape: 3 numbers in, 5 units, 2 classes or 6 symbols out."""
    rng = np.random.default_rng(seed)

    def body(inputs: int) -> Recurrent:
        return Recurrent(RNNCell(inputs, UNITS, rng=rng))

    def output(outputs: int) -> Dense:
        return Dense(UNITS, outputs, rng=rng)

    if shape == "1-N":
        return OneToMany(Dense(INPUTS, UNITS, rng=rng), body(SYMBOLS), output(SYMBOLS), end=0)
    if shape == "N-M":
        return EncoderDecoder(body(INPUTS), body(SYMBOLS), output(SYMBOLS), end=0)
    kinds: dict[str, Any] = {"1-1": OneToOne, "N-1": ManyToOne, "N-N": ManyToMany}
    model: Model = kinds[shape](body(INPUTS), output(CLASSES))
    return model


def changed(before: Forward, after: Forward) -> str:
    """What another number of steps has changed in the same network, and what it has not."""
    if before.shape != after.shape:
        return ""
    if after.shape.code == "1-1":
        return "One to one has no time: T changes nothing here."
    if before.shapes == after.shapes:  # another seed or view
        return ""
    both = {name: (old, after.shapes[name]) for name, old in before.shapes.items()}
    moved = [f"{name} from {old} to {new}" for name, (old, new) in both.items() if old != new]
    return f"Changed: {', '.join(moved)}. The parameters: {before.sizes['all']} before, {after.sizes['all']} now."
