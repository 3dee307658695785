"""The contest of structures: seven networks of nearly the same size on one task, with one budget.

The task is `rnnlib.data.nested`: is "either fresh or not both warm and loud" true? Every network reads the same one-hot
words, trains on the same 2,000 sentences of depth 0 to 3 for 30 epochs with Adam at one learning rate, and is asked 400
new sentences at each depth from 2 to 5. Depths 4 and 5 are deeper than anything that it trained on. Chapter 07.

The tree network is given the tree of each sentence, which the others have to find out: that is its advantage, and its
price. There are two controls: "halves" is the same network over trees that cut a sentence in the middle, whatever it
says, and "from the right" is the GRU again, reading from the last word to the first.
`contest` trains one network and asks it; `stored_contest` gives the runs that come with the book, made by
`python -m tools.make_runs contest`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..cells import GRUCell, LSTMCell, RNNCell
from ..checks import as_size, one_of
from ..data import Nested, nested, nested_words
from ..functions import FloatArray
from ..layers import Bidirectional, Conv1D, Dense, Layer, Recurrent, Stacked, TreeRNN
from ..layers.tree import Forest, bracket
from ..models import ManyToOne
from .experiment import Experiment, Rules, Runs, as_rules

__all__ = [
    "DEPTHS",
    "KINDS",
    "RULES",
    "Contest",
    "Entry",
    "contest",
    "contestant",
    "questions",
    "stored_contest",
    "trained",
]

TRAINED, DEPTHS = (0, 1, 2, 3), (2, 3, 4, 5)  # the depths of the sentences: to learn from, and to be asked
RULES = Rules(examples=2000, questions=400)  # questions: at each depth


class Body(NamedTuple):
    """What reads the words, how much it gives, and what of it is read."""

    layer: Layer
    pool: str = "last"


def _gru(inputs: int, units: int, rng: np.random.Generator, **options: Any) -> Recurrent:
    return Recurrent(GRUCell(inputs, units, rng=rng), **options)


def _two_ways(inputs: int, units: int, rng: np.random.Generator) -> Bidirectional:
    return Bidirectional(_gru(inputs, units, rng), _gru(inputs, units, rng, reverse=True))


def _convolutions(inputs: int, units: int, rng: np.random.Generator) -> Stacked:
    first = Conv1D(inputs, units, kernel=3, causal=False, rng=rng)
    return Stacked([first, Conv1D(units, units, kernel=3, dilation=2, causal=False, rng=rng)])


# Units so that all have nearly as many parameters: 1,600, give or take a tenth.
KINDS: dict[str, Callable[[int, np.random.Generator], Body]] = {
    "RNN": lambda inputs, rng: Body(Recurrent(RNNCell(inputs, 33, rng=rng))),
    "LSTM": lambda inputs, rng: Body(Recurrent(LSTMCell(inputs, 14, rng=rng))),
    "GRU": lambda inputs, rng: Body(_gru(inputs, 17, rng)),
    "stacked": lambda inputs, rng: Body(Stacked([_gru(inputs, 11, rng), _gru(11, 11, rng)])),
    "both ways": lambda inputs, rng: Body(_two_ways(inputs, 10, rng)),
    "convolution": lambda inputs, rng: Body(_convolutions(inputs, 17, rng), "max"),
    "tree": lambda inputs, rng: Body(TreeRNN(inputs, 24, rng=rng)),
    "halves": lambda inputs, rng: Body(TreeRNN(inputs, 24, rng=rng)),
    "from the right": lambda inputs, rng: Body(_gru(inputs, 17, rng, reverse=True)),
}


@dataclass(frozen=True)
class Entry:
    """One network after its training: its kind and seed, the share of the training sentences that it has right, and
    the share of the questions at each depth (depth -> 0..1). missed: the numbers of the questions at the last depth
    that it has wrong."""

    kind: str
    seed: int
    trained: float
    accuracy: dict[int, float]
    missed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Contest(Runs[Entry]):
    """All entries. `runs(kind)` are those of a kind."""

    def accuracy(self, kind: str, depth: int) -> FloatArray:
        """Shares of right answers at this depth, one a seed; sorted."""
        return self.spread(lambda entry: entry.accuracy[one_of("depth", depth, entry.accuracy)], kind)

    def median(self, kind: str, depth: int) -> float:
        return float(np.median(self.accuracy(kind, depth)))


def contestant(kind: str, seed: int = 0) -> ManyToOne:
    """A network for the contest, untrained. ValueError for another kind."""
    one_of("kind", kind, KINDS)
    rng = np.random.default_rng([as_size("seed", seed, 0), 1])
    layer, pool = KINDS[kind](len(nested_words()), rng)
    return ManyToOne(layer, Dense(layer.outputs, 2, rng=rng), pool=pool, classes=("false", "true"))


@cache
def _sentences(examples: int) -> Nested:
    """What all learn from."""
    return nested(examples, TRAINED, rng=np.random.default_rng([examples, 7]))


def questions(depth: int, rules: Rules = RULES) -> Nested:
    """The sentences that are asked at this depth: the same for all, none of them learned from."""
    return _questions(as_size("depth", depth, 0), as_rules(rules))


@cache
def _questions(depth: int, rules: Rules) -> Nested:
    rng = np.random.default_rng([depth, 2024])
    return nested(rules.questions, (depth,), rng=rng, without=_sentences(rules.examples))


def as_inputs(kind: str, data: Nested) -> tuple[Any, ...]:
    """Sentences as this kind of network takes them: x and y, and lengths or, for a tree network, trees in x."""
    x, y, lengths = data.one_hot()
    if kind == "tree":
        return Forest(x, data.trees), y
    if kind == "halves":
        return Forest(x, tuple(bracket(len(words), "balanced") for words in data.sentences)), y
    return x, y, lengths


def trained(kind: str, seed: int = 0, *, rules: Rules = RULES) -> ManyToOne:
    """A network of this kind after its training. The same arguments give the same weights. ValueError for another."""
    model = contestant(kind, seed)
    as_rules(rules).fit(model, *as_inputs(kind, _sentences(rules.examples)), rng=np.random.default_rng([seed, 2]))
    return model


def contest(kind: str, seed: int = 0, *, rules: Rules = RULES, depths: Iterable[int] = DEPTHS) -> Entry:
    """Train one network and ask it. The same arguments give the same entry. ValueError for another kind."""
    if not isinstance(depths, Iterable) or getattr(depths, "shape", None) == ():
        raise TypeError(f"depths: expected some whole numbers, got {type(depths).__name__}")
    asked = [as_size("depths", depth, 0, 8) for depth in depths]
    model = trained(kind, seed, rules=rules)

    def right(data: Nested) -> NDArray[np.bool_]:
        x, y, *lengths = as_inputs(kind, data)
        result: NDArray[np.bool_] = model.predict(x, *lengths).argmax(axis=1) == y
        return result

    answers = {depth: right(questions(depth, rules)) for depth in asked}
    missed = tuple(np.flatnonzero(~answers[max(answers)]).tolist()) if answers else ()
    shares = {depth: float(share.mean()) for depth, share in answers.items()}
    return Entry(kind, seed, float(right(_sentences(rules.examples)).mean()), shares, missed)


EXPERIMENT = Experiment("contest", contest, Contest, Entry, tuple((kind,) for kind in KINDS), RULES, contestant)


@cache
def stored_contest() -> Contest:
    """The runs that come with the book: 7 kinds and the two controls, 5 seeds. Chapter 07."""
    return EXPERIMENT.stored()
