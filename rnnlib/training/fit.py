"""The training loop. Nothing in this file has anything to do with recurrence.

`fit` makes all parameters of a model views of one flat vector, so that clipping and an update are one operation
each, whatever the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
    history = History(losses={n: [] for n in sets}, accuracies={n: [] for n in sets})
    run, order, good = Run(model, optimizer, history), _Order(data, batch_size, bucket, rng), model.vector()
    for callback in callbacks:
        getattr(callback, "begin", lambda: None)()
    try:
        for _ in _counted(epochs, progress):
            with np.errstate(over="ignore", invalid="ignore"):  # `Diverged` says it better
                _epoch(run, order.batches(), good, clip, Practice(rng), window)
                _look(run, sets)
            for callback in callbacks:
                callback(run)
            if run.stop:
                break
        history.stopped = run.stop or "all epochs done"
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        for callback in callbacks:
            getattr(callback, "end", lambda run: None)(run)
    return history


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


def _epoch(
    run: Run, batches: Iterator[Batch], good: FloatArray, clip: Clip, practice: Practice, window: int | None
) -> None:
    """One pass over the batches. `good` holds the last weights whose loss and gradient were finite."""
    vector = run.model.vector()
    run.model.bind(vector)
    gradient = np.zeros_like(vector)
    losses: list[float] = []
    largest, rate = 0.0, run.optimizer.learning_rate
    for loss in _losses(run.model, batches, run.model.blank(gradient), practice, window):
        size = clip(gradient)
        if not (isfinite(loss) and isfinite(size)):
            np.copyto(vector, good)
            raise _diverged(run.history, f"the loss became {loss} at update {len(losses) + 1}", size)
        np.copyto(good, vector)
        run.optimizer.update(vector, gradient)
        losses.append(loss)
        largest = max(largest, size)
    if not np.isfinite(vector).all():
        np.copyto(vector, good)
        raise _diverged(run.history, f"a weight became infinite or NaN by update {len(losses)}", largest)
    run.history.loss.append(float(np.mean(losses)))
    run.history.gradient_norm.append(largest)
    run.history.learning_rate.append(rate)


def _look(run: Run, sets: dict[str, Batch]) -> None:
    """Loss and accuracy on each set, into the history."""
    for name, batch in sets.items():
        loss, accuracy = run.model.evaluate(batch)
        run.history.losses[name].append(loss)
        run.history.accuracies[name].append(accuracy)


def _losses(
    model: Model, batches: Iterator[Batch], grads: Grads, practice: Practice, window: int | None
) -> Iterator[float]:
    """The loss of each update; its gradient stands in `grads` when it is given out."""
    for batch in batches:
        if window is None or not isinstance(model, ManyToMany):
            yield model.loss(batch, grads, practice)[0]
            continue
        state = None
        for piece in model.windows(batch, window):
            loss, _, state = model.loss_from(state, piece, grads, Practice(practice.rng))
            yield loss


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
