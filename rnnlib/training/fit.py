"""The training loop. Nothing in this file has anything to do with recurrence.

`fit` makes all parameters of a model views of one flat vector, so that clipping and an update are one operation
each, whatever the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..functions import FloatArray, IntArray
from ..layers import Practice
from ..models import Batch, ManyToMany, Model
from ..parameters import Grads, as_number, as_size
from .callbacks import History, Run
from .optimizers import Optimizer, clip_by_norm, clip_by_value

__all__ = ["Diverged", "fit"]

Clip = Callable[[FloatArray], float]


class Diverged(FloatingPointError):
    """The loss or the gradient became NaN or infinite. The model has its last good weights; `history` is what was
    seen.
    """

    history: History


def fit(
    model: Model,
    x: Any,
    y: ArrayLike,
    lengths: ArrayLike | None = None,
    y_lengths: ArrayLike | None = None,
    *,
    epochs: int,
    optimizer: Optimizer,
    rng: np.random.Generator,
    batch_size: int = 1,
    bucket: bool = False,
    window: int | None = None,
    clip_value: float | None = None,
    clip_norm: float | None = None,
    evaluate: dict[str, tuple[Any, ...]] | None = None,
    callbacks: Sequence[Callable[[Run], None]] = (),
    progress: bool = True,
) -> History:
    """Train `model` in place: each epoch visits every example once, in an order shuffled by `rng`.

    x, y, lengths, y_lengths: as the model's `batch` takes them. bucket: put examples of similar length into one batch,
    so that little padding is computed. window: truncated backpropagation through time for `ManyToMany`: an update
    after each `window` steps, the state carried over, the gradient not. clip_value: bound of each gradient element;
    clip_norm: bound of the whole gradient's norm. evaluate: name -> (x, y, lengths, ...), looked at after each epoch.
    callbacks: each is called with a `Run` after each epoch.

    Everything is checked before anything changes (ValueError, TypeError). A NaN or infinite loss raises `Diverged`,
    which says the update and the gradient's norm; the model keeps the last weights whose loss was finite. An interrupt
    (the stop button) keeps what was learned and gives the history so far.

    The same seed gives the same weights, bit for bit, on the same machine and the same NumPy. The number of BLAS
    threads can change the last bits of a product that is large enough to be shared among them; what was seen to hold
    and what not is in `tests/test_training.py`. Chapters 04 and 08.
    """
    as_size("epochs", epochs), as_size("batch_size", batch_size)
    _check_tools(optimizer, rng, callbacks)
    clip = _clipper(clip_value, clip_norm)
    if window is not None and not (as_size("window", window) and isinstance(model, ManyToMany)):
        raise ValueError("window: truncated backpropagation needs a ManyToMany model, with an answer at every step")
    data = _checked(model, x, y, lengths, y_lengths)
    sets = _checked_sets(model, evaluate)
    order = _Order(data, batch_size, bucket, rng)
    return _Loop(model, optimizer, order, clip, window, sets, callbacks).run(_counted(epochs, progress))


def _check_tools(optimizer: Any, rng: Any, callbacks: Any) -> None:
    if isinstance(optimizer, type) or not callable(getattr(optimizer, "update", None)):
        raise TypeError(f"optimizer: expected one such as SGD(0.02) or Adam(0.01), got {optimizer!r}")
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator such as default_rng(0), got {type(rng).__name__}")
    if not isinstance(callbacks, (list, tuple)) or not all(map(callable, callbacks)):
        raise TypeError("callbacks: expected a list of functions that take a Run")


def _checked_sets(model: Model, evaluate: Any) -> dict[str, Batch]:
    """The sets to look at after each epoch, checked; an error names its set."""
    if evaluate is not None and not isinstance(evaluate, dict):
        raise TypeError(f"evaluate: expected name -> (x, y, lengths), got {type(evaluate).__name__}")
    sets = {}
    for name, examples in (evaluate or {}).items():
        try:
            sets[name] = _checked(model, *examples)
        except (ValueError, TypeError) as error:
            raise type(error)(f"evaluate {name!r}: {error}") from None
    return sets


def _checked(model: Model, x: Any, y: Any = None, lengths: Any = None, y_lengths: Any = None) -> Batch:
    """A checked batch with at least one example and with targets."""
    if y is None:
        raise ValueError("y: expected targets, got None")
    more = {} if y_lengths is None else {"y_lengths": y_lengths}
    batch = model.batch(x, y, lengths, **more)
    if not batch.size:
        raise ValueError("x: expected at least one example, got B = 0")
    return batch


def _clipper(clip_value: float | None, clip_norm: float | None) -> Clip:
    if clip_value is not None and clip_norm is not None:
        raise ValueError("clip_value, clip_norm: expected one of the two, got both")
    if clip_value is not None:
        bound = as_number("clip_value", clip_value)
        return lambda gradient: clip_by_value(gradient, bound)
    bound = float("inf") if clip_norm is None else as_number("clip_norm", clip_norm)
    return lambda gradient: clip_by_norm(gradient, bound)


class _Order:
    """The examples of each epoch in a new order, cut into batches. Single examples are cut out once and kept."""

    def __init__(self, data: Batch, size: int, bucket: bool, rng: np.random.Generator) -> None:
        self.data, self.size, self.rng = data, size, rng
        self.bucket = bucket and data.lengths is not None and size > 1
        self.singles = [data.take(np.array([n])) for n in range(data.size)] if size == 1 else []

    def batches(self) -> Iterator[Batch]:
        order: IntArray = self.rng.permutation(self.data.size)
        if self.singles:
            return (self.singles[n] for n in order)
        if self.bucket and self.data.lengths is not None:
            order = order[np.argsort(self.data.lengths[order], kind="stable")]
        starts = np.arange(0, len(order), self.size)
        if self.bucket:
            self.rng.shuffle(starts)
        return (self.data.take(order[start : start + self.size]) for start in starts)


class _Loop:
    """The epochs, one after the other. `good` holds the last weights whose loss and gradient were finite."""

    def __init__(
        self,
        model: Model,
        optimizer: Optimizer,
        order: _Order,
        clip: Clip,
        window: int | None,
        sets: dict[str, Batch],
        callbacks: Sequence[Any],
    ) -> None:
        self.history = History(losses={name: [] for name in sets}, accuracies={name: [] for name in sets})
        self.seen = Run(model, optimizer, self.history)
        self.order, self.clip, self.window, self.sets, self.callbacks = order, clip, window, sets, callbacks
        self.good, self.practice = model.vector(), Practice(order.rng)

    def run(self, epochs: Iterable[int]) -> History:
        """All epochs, or until a callback or the reader stops them."""
        for callback in self.callbacks:
            getattr(callback, "begin", lambda: None)()
        try:
            for _ in epochs:
                with np.errstate(over="ignore", invalid="ignore"):  # `Diverged` says it better
                    self.epoch()
                    self.look()
                for callback in self.callbacks:
                    callback(self.seen)
                if self.seen.stop:
                    break
            self.history.stopped = self.seen.stop or "all epochs done"
        except KeyboardInterrupt:
            self.history.stopped = "interrupted"
        finally:
            for callback in self.callbacks:
                getattr(callback, "end", lambda run: None)(self.seen)
        return self.history

    def epoch(self) -> None:
        """One pass over the batches."""
        model, optimizer, clip, good = self.seen.model, self.seen.optimizer, self.clip, self.good
        vector = model.vector()
        model.bind(vector)
        gradient = np.zeros_like(vector)
        losses: list[float] = []
        largest, rate = 0.0, optimizer.learning_rate
        for loss in self.losses(model.blank(gradient)):
            size = clip(gradient)
            if not (isfinite(loss) and isfinite(size)):
                np.copyto(vector, good)
                raise _diverged(self.history, f"the loss became {loss} at update {len(losses) + 1}", size)
            np.copyto(good, vector)
            optimizer.update(vector, gradient)
            losses.append(loss)
            if size > largest:
                largest = size
        if not np.isfinite(vector).all():
            np.copyto(vector, good)
            raise _diverged(self.history, f"a weight became infinite or NaN by update {len(losses)}", largest)
        self.history.loss.append(float(np.mean(losses)))
        self.history.gradient_norm.append(largest)
        self.history.learning_rate.append(rate)

    def losses(self, grads: Grads) -> Iterator[float]:
        """The loss of each update; its gradient stands in `grads` when it is given out."""
        model = self.seen.model
        for batch in self.order.batches():
            if self.window is None or not isinstance(model, ManyToMany):
                yield model.loss(batch, grads, self.practice)[0]
                continue
            state = None
            for piece in model.windows(batch, self.window):
                loss, _, state = model.loss_from(state, piece, grads, Practice(self.order.rng))
                yield loss

    def look(self) -> None:
        """Loss and accuracy on each set of `evaluate`, into the history."""
        for name, batch in self.sets.items():
            loss, accuracy = self.seen.model.evaluate(batch)
            self.history.losses[name].append(loss)
            self.history.accuracies[name].append(accuracy)


def _diverged(history: History, what: str, size: float) -> Diverged:
    error = Diverged(
        f"{what} of epoch {history.epochs + 1} (gradient norm {size:.3g}); the last good weights are kept: "
        "a smaller learning rate or clip_norm helps"
    )
    history.stopped = str(error)
    error.history = history
    return error


def _counted(epochs: int, progress: bool) -> Any:
    if not progress:
        return range(epochs)
    try:
        from tqdm.auto import trange
    except ImportError:  # the library alone needs NumPy alone
        return range(epochs)
    return trange(epochs, desc="epochs", delay=1, leave=False)
