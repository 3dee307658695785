"""Temperature: from logits to probabilities to a symbol, drawn one at a time. Chapter 05."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..diagrams import Pages
from ..diagrams.temperature import COLD, HOT, LONGEST
from ..diagrams.temperature import temperature as pages_of
from ..functions import FloatArray
from ..models import OneToMany
from .laboratory import Laboratory, action, slider, whole

__all__ = ["Temperature"]

NAMED = {"0.01": 0.01, "0.5": 0.5, "τ = 1": 1.0, "2": 2.0}
DIGITS = 6  # of a slider's value; the browser sends 0.2 back as 0.19999999999999996


class Temperature(Laboratory):
    """The probabilities of the next symbol at a temperature, `softmax(z / τ)`, beside those at τ = 1; draw symbols.

    logits_or_model: K logits, the same at each place; or a `OneToMany`, which gives them for the text so far. symbols:
    what each of the K is called. x: what a model begins with (I,), zeros if None. temperature: τ, 0.01 to 5. length:
    how many symbols are written, at most 40. seed: of the random numbers that pick them; at another τ the same ones
    pick again. ask: whether the reader has to say first what τ = 0.01 does. t, present: as in `Stepper`. ValueError for
    a number out of its range, and where logits and symbols do not fit; TypeError for another model. Chapter 05.
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
        if not COLD <= temperature <= HOT:
            raise ValueError(f"temperature: expected {COLD} to {HOT:g}, got {temperature!r}")
        if not 0 <= length <= LONGEST:
            raise ValueError(f"length: expected 0 to {LONGEST}, got {length!r}")
        self.model = logits_or_model if isinstance(logits_or_model, OneToMany) else None
        if self.model is None and hasattr(logits_or_model, "predict"):
            raise TypeError(f"logits_or_model: expected K numbers or a OneToMany, got {logits_or_model!r}")
        self.symbols, self.ask = tuple(symbols), ask
        self.logits = None if self.model else np.array(logits_or_model, np.float64)
        self._x = None if self.model is None else np.atleast_2d(np.zeros(self.model.begin.inputs) if x is None else x)
        self._known: dict[tuple[int, ...], FloatArray] = {}
        super().__init__(
            slider("temperature", temperature, COLD, HOT, 0.01, label="temperature τ", ticks=NAMED),
            whole("length", length, 0, LONGEST, label="symbols written"),
            action("Draw a symbol", self.draw_one),
            action("Undo", self.undo),
            seed=seed,
            t=t,
            present=present,
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
        return pages_of(source, self.symbols, round(temperature, DIGITS), length=length, seed=seed, end=end, ask=ask)

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
