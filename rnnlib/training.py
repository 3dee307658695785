"""Learning: optimizers, gradient clipping, and the loop. Nothing in this file has anything to do with recurrence.

`fit` makes all parameters of a model views of one flat vector, so that clipping and an update are one operation
each, whatever the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .functions import FloatArray, IntArray
from .layers import Practice
from .models import Batch, Model

__all__ = ["SGD", "Adam", "Diverged", "History", "Run", "clip_by_norm", "clip_by_value", "fit"]


def clip_by_value(gradient: FloatArray, bound: float) -> float:
    """Put every element between -bound and +bound, in place; gives back the norm before. The direction may change.

    Where the norm is at most `bound`, no element can be beyond it, and nothing has to be looked at. Chapter 04.
    """
    norm = float(np.dot(gradient, gradient)) ** 0.5
    if not norm <= bound:
        np.clip(gradient, -bound, bound, out=gradient)
    return norm


def clip_by_norm(gradient: FloatArray, bound: float) -> float:
    """Scale the whole gradient so that its norm is at most `bound`, in place; gives back the norm before.

    The direction stays (Pascanu et al., 2013). Chapter 04.
    """
    norm = float(np.dot(gradient, gradient)) ** 0.5
    if norm > bound:
        gradient *= bound / norm
    return norm


def _positive(name: str, value: float, zero: bool = False) -> float:
    if not isinstance(value, (int, float, np.number)) or not np.isfinite(value) or value < 0 or not (value or zero):
        raise ValueError(f"{name}: expected a finite number {'>= 0' if zero else '> 0'}, got {value!r}")
    return float(value)


class SGD:
    """Stochastic gradient descent: `v <- momentum v + g`, `p <- p - learning_rate v`. Chapter 04."""

    def __init__(self, learning_rate: float, *, momentum: float = 0.0) -> None:
        self.learning_rate = _positive("learning_rate", learning_rate)
        self.momentum = _positive("momentum", momentum, zero=True)
        self.velocity: FloatArray | None = None

    def update(self, vector: FloatArray, gradient: FloatArray) -> None:
        """One update, in place; the gradient's array is used up."""
        if self.momentum:
            if self.velocity is None:
                self.velocity = np.zeros_like(vector)
            self.velocity *= self.momentum
            self.velocity += gradient
            np.copyto(gradient, self.velocity)
        gradient *= self.learning_rate
        np.subtract(vector, gradient, out=vector)


class Adam:
    """Adam (Kingma and Ba, 2015): running means m of g and v of g**2, corrected for their start at zero.

    `p <- p - learning_rate m^ / (sqrt(v^) + epsilon)`. Chapter 04.
    """

    def __init__(
        self, learning_rate: float = 0.001, *, beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8
    ) -> None:
        self.learning_rate = _positive("learning_rate", learning_rate)
        self.beta1, self.beta2 = _positive("beta1", beta1, zero=True), _positive("beta2", beta2, zero=True)
        if self.beta1 >= 1 or self.beta2 >= 1:
            raise ValueError(f"beta1, beta2: expected numbers below 1, got {beta1!r}, {beta2!r}")
        self.epsilon = _positive("epsilon", epsilon)
        self.m: FloatArray | None = None
        self.v: FloatArray | None = None
        self.t = 0

    def update(self, vector: FloatArray, gradient: FloatArray) -> None:
        """One update, in place; the gradient's array is used up."""
        if self.m is None or self.v is None:
            self.m, self.v = np.zeros_like(vector), np.zeros_like(vector)
        self.t += 1
        self.m += (1 - self.beta1) * (gradient - self.m)
        gradient *= gradient
        self.v += (1 - self.beta2) * (gradient - self.v)
        scale = np.sqrt(self.v / (1 - self.beta2**self.t), out=gradient)
        scale += self.epsilon
        np.subtract(vector, (self.learning_rate / (1 - self.beta1**self.t)) * self.m / scale, out=vector)


@dataclass
class History:
    """What a fit saw, a number for each epoch: mean `loss` over its updates, largest `gradient_norm` before clipping,
    and for each set named in `evaluate` its loss and accuracy at the epoch's end. `stopped` says why it ended."""

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    losses: dict[str, list[float]] = field(default_factory=dict)
    accuracies: dict[str, list[float]] = field(default_factory=dict)
    stopped: str = ""

    @property
    def epochs(self) -> int:
        """Epochs that were finished."""
        return len(self.loss)


class Diverged(FloatingPointError):
    """The loss or the gradient became NaN or infinite. The model has its last good weights; `history` is what was seen."""

    history: History


@dataclass
class Run:
    """What a callback sees after each epoch. It may change `optimizer.learning_rate`, or set `stop` to a reason."""

    model: Model
    optimizer: Any
    history: History
    stop: str = ""

    @property
    def epoch(self) -> int:
        """The number of the epoch that has ended, from 1."""
        return self.history.epochs


def fit(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    lengths: ArrayLike | None = None,
    *,
    epochs: int,
    optimizer: SGD | Adam,
    rng: np.random.Generator,
    batch_size: int = 1,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    evaluate: dict[str, tuple[Any, ...]] | None = None,
    callbacks: Sequence[Callable[[Run], None]] = (),
    progress: bool = True,
) -> History:
    """Train `model` in place: each epoch visits every example once, in an order shuffled by `rng`.

    x, y, lengths: as the model's `batch` takes them. clip_value: bound of each gradient element; clip_norm: bound of
    the whole gradient's norm. evaluate: name -> (x, y, lengths), looked at after each epoch. callbacks: each is called
    with a `Run` after each epoch.

    Everything is checked before anything changes (ValueError, TypeError). A NaN or infinite loss raises `Diverged`,
    which says the update and the gradient's norm; the model keeps the last weights whose loss was finite. An interrupt
    (the stop button) keeps what was learned and gives the history so far. Chapters 04 and 08.
    """
    for name, value in (("epochs", epochs), ("batch_size", batch_size)):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
            raise ValueError(f"{name}: expected a whole number of at least 1, got {value!r}")
    clip = _clipper(clip_value, clip_norm)
    data = model.batch(x, y, lengths)
    if not data.size:
        raise ValueError("x: expected at least one example, got B = 0")
    checked = {name: model.batch(*sets) for name, sets in (evaluate or {}).items()}
    history = History(losses={n: [] for n in checked}, accuracies={n: [] for n in checked})
    run, singles = Run(model, optimizer, history), list[Batch]()
    try:
        for _ in _counted(epochs, progress):
            _epoch(run, _batches(data, batch_size, rng, singles), clip, rng)
            for name, batch in checked.items():
                loss, accuracy = model.evaluate(batch)
                history.losses[name].append(loss)
                history.accuracies[name].append(accuracy)
            for callback in callbacks:
                callback(run)
            if run.stop:
                break
        history.stopped = run.stop or "all epochs done"
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    return history


def _clipper(clip_value: float | None, clip_norm: float | None) -> Callable[[FloatArray], float]:
    if clip_value is not None and clip_norm is not None:
        raise ValueError("clip_value, clip_norm: expected one of the two, got both")
    if clip_value is not None:
        bound = _positive("clip_value", clip_value)
        return lambda gradient: clip_by_value(gradient, bound)
    bound = float("inf") if clip_norm is None else _positive("clip_norm", clip_norm)
    return lambda gradient: clip_by_norm(gradient, bound)


def _batches(data: Batch, size: int, rng: np.random.Generator, singles: list[Batch]) -> Iterator[Batch]:
    """The examples in a new order; single examples are cut out of the data once and kept."""
    order: IntArray = rng.permutation(data.size)
    if size > 1:
        return (data.take(order[start : start + size]) for start in range(0, len(order), size))
    if not singles:
        singles += [data.take(np.array([n])) for n in range(data.size)]
    return (singles[n] for n in order)


def _epoch(run: Run, batches: Iterator[Batch], clip: Callable[[FloatArray], float], rng: np.random.Generator) -> None:
    """One pass over the batches. The weights before each update are kept until its result has proved finite."""
    model, history = run.model, run.history
    vector = model.vector()
    model.bind(vector)
    gradient, good = np.zeros_like(vector), vector.copy()
    grads = model.blank(gradient)
    practice = Practice(rng)
    losses, largest = [], 0.0
    for number, batch in enumerate(batches, 1):
        loss, _ = model.loss(batch, grads, practice)
        norm = clip(gradient)
        if not (isfinite(loss) and isfinite(norm)):
            np.copyto(vector, good)
            error = Diverged(
                f"the loss became {loss} at update {number} of epoch {history.epochs + 1} (gradient norm {norm:.3g}); "
                "the weights before the last update are kept: a smaller learning rate or clip_norm helps"
            )
            error.history = history
            raise error
        np.copyto(good, vector)
        run.optimizer.update(vector, gradient)
        losses.append(loss)
        largest = max(largest, norm)
    history.loss.append(float(np.mean(losses)))
    history.gradient_norm.append(largest)


def _counted(epochs: int, progress: bool) -> Any:
    if not progress:
        return range(epochs)
    try:
        from tqdm.auto import trange
    except ImportError:  # the library alone needs NumPy alone
        return range(epochs)
    return trange(epochs, desc="epochs", delay=1, leave=False)
