"""One table at both ends of a language model, or two: how well each predicts new sentences, by how much it read.

`tie` trains one network, word by word, on the first so many sentences of `rnnlib.data.names`, and stops where half of
the test sentences are predicted best; the other half is asked. `stored_tying` gives the runs that come with the book,
made by `python -m tools.make_runs tying`. Chapter 09.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..checks import as_size, one_of
from ..data import Symbols, Vocabulary, names
from ..functions import IntArray
from ..language import LanguageModel
from ..training import EarlyStopping
from .experiment import Experiment, Rules, Runs, as_rules

__all__ = ["RULES", "SENTENCES", "Tied", "stored_tying", "tie"]

KINDS = ("two tables", "one table")
SENTENCES = (94, 378, 1512)  # to learn from
UNITS = 32  # and numbers of a word: one table asks for the same
RULES = Rules(examples=max(SENTENCES), questions=282, epochs=100, learning_rate=0.01)
PATIENCE = 12  # epochs without a smaller loss on the first half of the test sentences
STOP = "."


@dataclass(frozen=True)
class Tied:
    """One network: its perplexity on the test sentences that said nothing about when to stop, and its epochs."""

    kind: str
    sentences: int
    seed: int
    perplexity: float
    epochs: int


def network(kind: str, seed: int = 0) -> LanguageModel:
    """A GRU between an embedding and an output layer, with one table or two; not trained."""
    words = Vocabulary.from_texts([f"{text} {STOP}" for text in names().train.texts])
    rng, tied = np.random.default_rng([as_size("seed", seed, 0), 1]), one_of("kind", kind, KINDS) == KINDS[1]
    return LanguageModel.from_symbols(Symbols(tuple(words), "words"), hidden=UNITS, embedding=UNITS, tied=tied, rng=rng)


def lines(model: LanguageModel, texts: Sequence[str]) -> tuple[IntArray, IntArray, IntArray]:
    """Sentences as the model reads and predicts them: each word after the one before, the first after a full stop."""
    y, lengths = Vocabulary(model.characters).pad([f"{text} {STOP}" for text in texts])
    stop = [*model.characters].index(STOP)
    return np.concatenate([np.full((1, y.shape[1]), stop), y[:-1]]), y, lengths


def mixed(texts: Sequence[str]) -> list[str]:
    """The same sentences in an order of no meaning, always the same; the file has them by kinds."""
    return [texts[k] for k in np.random.default_rng(2024).permutation(len(texts))]


def tie(kind: str, sentences: int, seed: int = 0, *, rules: Rules = RULES) -> Tied:
    """Train one network. The same arguments give the same result. ValueError for another kind or number."""
    as_rules(rules), one_of("sentences", sentences, SENTENCES)
    model, (train, test) = network(kind, seed), (mixed(names().train.texts), mixed(names().test.texts))
    stops, asked = lines(model, test[: rules.questions]), model.batch(*lines(model, test[rules.questions :]))
    learned = lines(model, train[:sentences])
    stopping, rng = EarlyStopping("half", patience=PATIENCE), np.random.default_rng([seed, 2])
    history = rules.fit(model, *learned, rng=rng, evaluate={"half": stops}, callbacks=[stopping])
    return Tied(kind, sentences, seed, float(np.exp(model.evaluate(asked)[0])), history.epochs)


SETTINGS = tuple((kind, sentences) for kind in KINDS for sentences in SENTENCES)
EXPERIMENT = Experiment("tying", tie, Runs[Tied], Tied, SETTINGS, RULES, network)


@cache
def stored_tying() -> Runs[Tied]:
    """The runs that come with the book: one table and two, three amounts of text, 5 seeds. Chapter 09."""
    return EXPERIMENT.stored()
