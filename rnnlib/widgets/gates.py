"""The gate laboratory: hold the gates of an LSTM or a GRU, and see what becomes of its memory. Chapter 06."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import GRUCell, LSTMCell
from ..checks import as_flag, as_size, one_of
from ..data import Vocabulary
from ..diagrams import Pages, gates, valves
from ..exercises import predict
from ..layers import Recurrent
from ..models import Model
from ..views.gates import GATES, LONGEST, SAYS, gates_run
from .bounds import a_kind, a_page, a_range, a_text
from .laboratory import Laboratory, choice, slider, text, whole

__all__ = ["GateLaboratory"]

HELD: dict[str, str | float] = {"free": "free", "0": 0.0, "½": 0.5, "1": 1.0}
WORDS = ("bad", "good", "happy", "he", "is", "not", "sad", "today", "was")
KINDS = {"lstm": LSTMCell, "gru": GRUCell}
HOLDS = {"lstm": "c", "gru": "h"}
VIEWS = {"road": valves, "tables": gates}
AT_FIRST: dict[str, dict[str, float]] = {"lstm": {"f": 1.0, "i": 0.0}, "gru": {"z": 1.0}}  # where no gate is named


class GateLaboratory(Laboratory):
    """Step an LSTM or a GRU over a sentence, and hold any of its gates at 0, 1/2 or 1: the run as it is, and the run as
    changed, side by side.

    model: over one `Recurrent` layer with an `LSTMCell` or a `GRUCell`, reading one-hot words of `vocabulary`. Without
    one, a network of that `kind` ("lstm", "gru") with 6 units and random weights (seed 3), which has learned nothing.
    sentence: at most 40 known words. f, i, o (LSTM) or z, r (GRU): "free", 0, 0.5 or 1; where none is named, f is held
    at 1 and i at 0 (in a GRU z at 1), so that the memory is kept. unit: the one that is shown, from 1 to their number.
    start: what it holds before the first word, c_0 (h_0 for a GRU), -1 to 1. view: "road", pipes with valves, or
    "tables", with how much of the gradient arrives. ask: a question before the first step,
    until a control has been moved. t, present: as in `Stepper`. TypeError for a model without gates and for what is of
    another kind, ValueError for a gate, value, unit or start that does not exist, and for a sentence or a vocabulary
    that does not fit. Chapter 06.
    """

    def __init__(
        self,
        model: Model | None = None,
        vocabulary: Vocabulary | None = None,
        sentence: str = "he was not sad today",
        *,
        kind: str = "lstm",
        unit: int = 1,
        start: float = 0.8,
        view: str = "road",
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
        **held: float | str,
    ) -> None:
        if (model is None) != (vocabulary is None):
            raise ValueError("model, vocabulary: expected both, or none of them")
        one_of("kind", kind, KINDS), one_of("view", view, VIEWS)
        if model is not None:
            a_kind("model", model, Model, "one over a Recurrent layer with an LSTMCell or a GRUCell")
            a_kind("vocabulary", vocabulary, Vocabulary, "a Vocabulary")
        self.vocabulary = vocabulary or Vocabulary(WORDS)
        body: Any = model.body if model is not None else None
        self.layer: Recurrent = body or Recurrent(KINDS[kind](len(WORDS), 6, init=0.8, rng=np.random.default_rng(3)))
        found = getattr(getattr(self.layer, "cell", None), "kind", "")
        if found not in KINDS:
            raise TypeError("model: expected one over a Recurrent layer with an LSTMCell or a GRUCell")
        if self.layer.inputs != len(self.vocabulary):
            raise ValueError(f"vocabulary: expected {self.layer.inputs} words, got {len(self.vocabulary)}")
        if set(held) - set(GATES[found]):
            raise ValueError(f"held: expected some of {', '.join(GATES[found])}, got {', '.join(held)}")
        for name, value in held.items():
            plain = isinstance(value, (str, int, float)) and not isinstance(value, bool)
            if not plain or value not in tuple(HELD.values()):
                raise ValueError(f'{name}: expected "free", 0, 0.5 or 1, got {value!r}')
        try:
            self._words(a_text("sentence", sentence))
        except ValueError as problem:
            raise ValueError(f"sentence: {problem}") from None
        self.ask, self.names = as_flag("ask", ask), GATES[found]
        held = held or dict(AT_FIRST[found])
        fixed = (f"kind={kind!r}",) if model is None else ("model", "vocabulary")
        super().__init__(
            *(choice(name, HELD, held.get(name, "free"), label=SAYS[name]) for name in self.names),
            slider("start", a_range("start", start, -1, 1), -1, 1, 0.1, label=f"{HOLDS[found]} at the start"),
            whole("unit", as_size("unit", unit, 1, self.layer.outputs), 1, self.layer.outputs),
            text("sentence", sentence),
            choice("view", [*VIEWS], view, label="shown as"),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=fixed,
        )

    def draw(self, *, unit: int, start: float, sentence: str, view: str, **held: float | str) -> Pages:
        """The pages for these gates, this unit and this sentence."""
        words = self._words(sentence)
        x = self.vocabulary.one_hot([" ".join(words)], dtype=self.layer.dtype)[0][:, 0]
        chosen = {name: float(value) for name, value in held.items() if value != "free"}
        run = gates_run(self.layer, x, tuple(words), held=chosen, start=round(start, 6))
        first = {**self.values, "view": ""} == {**self._first, "view": ""}
        return VIEWS[view](run, unit=unit, ask=predict.gates(run, unit) if self.ask and first else None)

    def _words(self, sentence: str) -> list[str]:
        """The words of a sentence that can be read; a ValueError that says what cannot."""
        words = sentence.lower().split()
        unknown = [word for word in words if word not in self.vocabulary]
        if unknown or not 1 <= len(words) <= LONGEST:
            known = ", ".join([*self.vocabulary][:40])
            what = f"I do not know {unknown[0]!r}" if unknown else f"I take 1 to {LONGEST} words, and got {len(words)}"
            raise ValueError(f"{what}. Known words: {known}.")
        return words
