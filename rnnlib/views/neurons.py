"""What single units of a language model do over a text, and which of them go with something that can be named.
Chapter 09."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .. import asked
from ..checks import expect, one_of
from ..functions import FloatArray
from ..language import LanguageModel

__all__ = ["FEATURES", "LONGEST", "NeuronRun", "neuron_run"]

LONGEST = 200  # characters that are shown
GAPS, VOWELS = " \n\t", "aeiouAEIOU"
Text = Sequence[str]


def _gaps(text: Text) -> FloatArray:
    return np.array([float(sign in GAPS) for sign in text])


def _since_gap(text: Text) -> FloatArray:
    since = [0.0]
    for sign in text:
        since.append(0.0 if sign in GAPS else since[-1] + 1)
    return np.array(since[1:])


FEATURES: dict[str, Callable[[Text], FloatArray]] = {  # of the character that was read last
    "the gap between two words": _gaps,
    "letters since the word began": _since_gap,
    "a vowel": lambda text: np.array([float(sign in VOWELS) for sign in text]),
    "the last letter of a word": lambda text: np.append(_gaps(text)[1:], 0.0) * (1 - _gaps(text)),
}


@dataclass(frozen=True)
class NeuronRun:
    """The states h (T, H) of a model over a text of T characters, and what goes with them: the feature's value at each
    character (T,), and its correlation r (H,) with each unit over `over` characters of another text."""

    text: tuple[str, ...]
    h: FloatArray
    feature: str
    values: FloatArray
    r: FloatArray
    over: int

    def best(self, count: int) -> list[int]:
        """The units with the largest correlation, of either sign; the largest first."""
        return np.argsort(-np.abs(self.r), kind="stable")[:count].tolist()


@asked.asks(over=asked.text, text=asked.text)
def neuron_run(model: LanguageModel, text: str, feature: str, *, over: str = "") -> NeuronRun:
    """Read a text and look at every unit. feature: one of `FEATURES`. over: a longer text, for the correlation; the
    same text if empty. ValueError for more than 200 characters, for none, and for those that the model does not know.
    """
    one_of("feature", feature, FEATURES)
    expect(model.by == "characters", f"model: expected one that reads characters, got one that reads {model.by}")
    expect(1 <= len(text) <= LONGEST, f"text: expected 1 to {LONGEST} characters, got {len(text)}")
    shown, other = model.symbols.split(text), model.symbols.split(over or text)
    measured = FEATURES[feature](other)
    h = _states(model, text)
    r = _correlation(_states(model, over) if over else h, measured)
    return NeuronRun(tuple(shown), h, feature, FEATURES[feature](shown), r, len(other))


def _states(model: LanguageModel, text: str) -> FloatArray:
    """What the output layer reads after each character, (T, H), from a state of zeros."""
    h, _, _ = model.body.forward(model.encode(model.symbols.encode(text)[:, None]))
    return h[:, 0]


def _correlation(h: FloatArray, values: FloatArray) -> FloatArray:
    """Pearson's r of each unit with the values, (H,); 0 where one of them never changes."""
    h, v = h - h.mean(axis=0), values - values.mean()
    size = np.sqrt((h**2).sum(axis=0) * (v**2).sum())
    return np.divide(v @ h, size, out=np.zeros(h.shape[1]), where=size > 1e-12)
