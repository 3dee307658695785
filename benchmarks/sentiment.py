"""Learning the phrases: the library against a plain per-step program, the same protocol, taking turns in one run.

The protocol: 64 tanh units, one phrase an update, shuffled each epoch, SGD 0.02, first weights N(0,1)/1000, biases 0,
each gradient element clamped to [-1, 1], loss and accuracy on the test phrases after each epoch.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from benchmarks import plain
from rnnlib import SGD, Adam, Dense, ManyToOne, Recurrent, RNNCell, fit
from rnnlib.data import Vocabulary, labels, phrases

TRAIN, TEST = phrases.train_data, phrases.test_data


def prepared(vocabulary: Vocabulary, data: dict[str, bool]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, lengths = vocabulary.one_hot(list(data))
    return x, labels(data), lengths


def plain_program(epochs: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """The plain program for some epochs, with and without the look at the test phrases."""
    rng = np.random.default_rng(0)
    network = plain.RNN(sorted({word for text in TRAIN for word in text.split()}), 64, 2, rng)

    def whole() -> None:
        for _ in range(epochs):
            network.train_epoch(TRAIN, 0.02, rng)
            network.test(TEST)

    def updates() -> None:
        for _ in range(epochs):
            network.train_epoch(TRAIN, 0.02, rng)

    return whole, updates


def library(epochs: int) -> tuple[Callable[[], None], Callable[[], None]]:
    """The library for some epochs, with and without the look at the test phrases."""
    rng = np.random.default_rng(0)
    vocabulary = Vocabulary.from_texts(TRAIN)
    model = ManyToOne(Recurrent(RNNCell(len(vocabulary), 64, rng=rng, init=0.001)), Dense(64, 2, rng=rng, init=0.001))
    examples, test = prepared(vocabulary, TRAIN), {"test": prepared(vocabulary, TEST)}
    options = dict(epochs=epochs, optimizer=SGD(0.02), clip_value=1.0, rng=rng, progress=False)
    return lambda: fit(model, *examples, **options, evaluate=test), lambda: fit(model, *examples, **options)


def timed(job: Callable[[], None]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def same_protocol(rounds: int = 9, epochs: int = 4) -> None:
    """Print the ratios of the two, taking turns."""
    slow, fast = plain_program(epochs), library(epochs)
    for kind, name in enumerate(("updates and test after each epoch", "updates alone")):
        times = [(timed(slow[kind]), timed(fast[kind])) for _ in range(rounds)]
        a, b = (median(side) / epochs for side in zip(*times, strict=True))
        print(f"  {name:34} plain {1e3 * a:6.2f} ms an epoch, library {1e3 * b:6.2f} ms: {a / b:.2f} times faster")


def minibatches() -> None:
    """Print how long the chapter's recipe takes until every test phrase is right, for five seeds."""
    vocabulary = Vocabulary.from_texts(TRAIN)
    examples, test = prepared(vocabulary, TRAIN), prepared(vocabulary, TEST)
    for seed in range(5):
        rng = np.random.default_rng(seed)
        model = ManyToOne(Recurrent(RNNCell(len(vocabulary), 16, rng=rng)), Dense(16, 2, rng=rng))
        start = time.perf_counter()
        options = dict(batch_size=16, optimizer=Adam(0.02), clip_norm=5.0, rng=rng, progress=False)
        history = fit(model, *examples, epochs=60, **options, evaluate={"test": test})
        seconds, right = time.perf_counter() - start, history.accuracies["test"][-1]
        print(f"  minibatches of 16, seed {seed}: {seconds:.2f} s for 60 epochs, test accuracy {right:.2f}")


def run() -> None:
    print("Sentiment, 64 units, one phrase an update:")
    same_protocol()
    print("Sentiment, the chapter's recipe:")
    minibatches()


if __name__ == "__main__":
    run()
