"""Temperature: from logits to probabilities to a symbol, drawn one at a time. Chapter 05."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import as_flag, as_size, as_texts
from ..diagrams import Pages
from ..diagrams import temperature as pages_of
from ..exercises import predict
from ..functions import FloatArray
from ..models import OneToMany
from ..views.writing import COLD, HOT, LONGEST, writing
from .bounds import a_page, a_range, a_seed, a_vector, an_array
from .laboratory import Laboratory, action, slider, whole

__all__ = ["Temperature"]

NAMED = {"0.01": 0.01, "0.5": 0.5, "τ = 1": 1.0, "2": 2.0}
MOST = 10_000  # symbols, such as the words of a text; the most probable ones are drawn
DIGITS = 6  # of a slider's value; the browser sends 0.2 back as 0.19999999999999996


class Temperature(Laboratory):
    """The probabilities of the next symbol at a temperature, `softmax(z / τ)`, beside those at τ = 1; draw symbols.

    logits_or_model: K logits, the same at each place; or a `OneToMany`, which gives them for the text so far. symbols:
    what each of the K is called. x: what a model begins with (I,), zeros if None. temperature: τ, 0.01 to 5. length:
    how many symbols are written, 0 to 40. There are 1 to 10,000 symbols. seed: of the random numbers that pick them,
    0 to 2**32 - 1; at another τ the same ones pick again. ask: whether the reader has to say first what τ = 0.01 does.
    t, present: as in `Stepper`. ValueError for a number out of its range, and where logits and symbols do not fit;
    TypeError for another model and for what is of another kind. Chapter 05.
    """

    def __init__(
        self,
        logits_or_model: ArrayLike | OneToMany = (2.0, 1.0, 0.0),
        symbols: Sequence[str] = "abc",
        *,
        x: ArrayLike | None = None,
        temperature: float = 1.0,
        length: int = 0,
        seed: int = 0,
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        a_range("temperature", temperature, COLD, HOT)
        as_size("length", length, 0, LONGEST)
        self.model = logits_or_model if isinstance(logits_or_model, OneToMany) else None
        if self.model is None and hasattr(logits_or_model, "predict"):
            raise TypeError(f"logits_or_model: expected K numbers or a OneToMany, got {logits_or_model!r}")
        self.symbols, self.ask = as_texts("symbols", symbols, 1, MOST), as_flag("ask", ask)
        self.logits = None if self.model else a_vector("logits_or_model", logits_or_model, 1, MOST)
        self._x = None if self.model is None else _first(self.model, x)
        K = len(self.logits) if self.logits is not None else self.model.output.outputs if self.model else 0
        if len(self.symbols) != K:
            raise ValueError(f"symbols: expected {K}, one for each logit, got {len(self.symbols)}")
        self._known: dict[tuple[int, ...], FloatArray] = {}
        super().__init__(
            slider("temperature", temperature, COLD, HOT, 0.01, label="temperature τ", ticks=NAMED),
            action("Draw a symbol", self.draw_one),
            action("Undo", self.undo),
            whole("length", length, 0, LONGEST, label="symbols written"),
            lead=3,
            seed=a_seed(seed),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=self._arguments(symbols, x),
        )

    def _arguments(self, symbols: Sequence[str], x: ArrayLike | None) -> tuple[str, ...]:
        """What "copy this state" says before the values of the controls."""
        if self.logits is None:
            return ("model", "symbols") if x is None else ("model", "symbols", "x=x")
        if self.logits.tolist() == [2, 1, 0] and self.symbols == ("a", "b", "c"):
            return ()
        named = repr(symbols) if isinstance(symbols, str) else repr(self.symbols)
        return (repr(tuple(self.logits.tolist())), named)

    def draw(self, *, temperature: float, length: int, seed: int) -> Pages:
        """The pages for this temperature and as many symbols."""
        ask = self.ask and length == 0 and self.values == self._first  # once; not for each place of the slider
        end = None if self.model is None else self.model.end
        source: Any = self._after if self.model else self.logits
        run = writing(source, self.symbols, round(temperature, DIGITS), length=length, seed=seed, end=end)
        return pages_of(run, ask=predict.temperature(run) if ask else None)

    def _after(self, written: tuple[int, ...]) -> FloatArray:
        """The model's logits after what is written; each is asked for once."""
        if written not in self._known and self.model is not None:
            self._known[written] = self.model.next_logits(self._x, written)[0]
        return self._known[written]

    def draw_one(self) -> None:
        """One symbol more. At the end of a text, or of the room for it, the reader is told so."""
        length = self.values["length"]
        written = len(self.pages) - 1
        if written < length:
            self.say("The end symbol has been drawn: the text has ended. Undo it, or take a new seed.")
        elif length == LONGEST:
            self.say(f"{LONGEST} symbols is the most that is drawn here. Undo some, or take a new seed.")
        else:
            self._to(length + 1)

    def undo(self) -> None:
        """One symbol less."""
        self._to(max(min(self.values["length"], len(self.pages)) - 1, 0))

    def _to(self, length: int) -> None:
        """As many symbols, and the page on which the last one is drawn."""
        self.say("" if length else "Nothing is written. Draw a symbol.")
        with self.stepper.hold_sync():
            self.set(length=length)
            self.stepper.t = max(length - 1, 0)


def _first(model: OneToMany, x: ArrayLike | None) -> FloatArray:
    """What a model begins with, as a batch of one."""
    inputs = model.begin.inputs
    if x is None:
        return np.zeros((1, inputs))
    alone = an_array("x", x)
    return a_vector("x", alone[0] if alone.ndim == 2 and len(alone) == 1 else alone, inputs, inputs)[None]
