"""The training loop. Nothing in this file has anything to do with recurrence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import as_number, as_rng, as_size
from ..functions import FloatArray
from ..models import Batch, ManyToMany, Model
from ..parameters import Grads
from .callbacks import EarlyStopping, History, Run
from .optimizers import Optimizer, clip_by_norm, clip_by_value

__all__ = ["Diverged", "fit"]

Clip = Callable[[FloatArray], float]


class Diverged(FloatingPointError):
    """The loss, the gradient or a weight became NaN or infinite. The model has its last good weights; `history` is what
    was seen.
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
    as_size("epochs", epochs), as_size("batch_size", batch_size), as_rng("rng", rng)
    _check_model(model, window)
    data, sets = _checked(model, x, y, lengths, y_lengths), _checked_sets(model, evaluate)
    _check_tools(optimizer, callbacks, sets)
    clip = _clipper(clip_value, clip_norm)
    history = History(losses={name: [] for name in sets}, accuracies={name: [] for name in sets})
    run = Run(model, optimizer, history)
    _tell(callbacks, "begin")
    try:
        for _ in _counted(epochs, progress):
            with np.errstate(over="ignore", invalid="ignore"):  # `Diverged` says it better
                _epoch(run, _updates(model, _batches(data, batch_size, bucket, rng), window, rng), clip)
                for name, batch in sets.items():
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
    finally:
        _tell(callbacks, "end", run)
    return history


def _epoch(run: Run, updates: Iterator[tuple[float, Grads]], clip: Clip) -> None:
    """One pass over the batches: for each, its gradient as one vector, clipped, and an update of all parameters.

    `good` holds the last weights whose loss and gradient were finite."""
    model, optimizer, history = run.model, run.optimizer, run.history
    params, vector, losses = model.params, model.vector(), []
    good, largest, rate = vector.copy(), 0.0, optimizer.learning_rate
    for loss, grads in updates:
        gradient = np.concatenate([grads[name].ravel() for name in params])
        size = clip(gradient)
        if not (isfinite(loss) and isfinite(size)):
            model.restore(good)
            what = f"the loss became {loss}" if not isfinite(loss) else f"the gradient's norm became {size}"
            raise _diverged(history, what, len(losses) + 1, size)
        np.copyto(good, vector)
        optimizer.update(vector, gradient)
        model.restore(vector)
        losses.append(loss)
        largest = max(largest, size)
    if not np.isfinite(vector).all():
        model.restore(good)
        raise _diverged(history, "a weight became infinite or NaN", len(losses), largest)
    history.loss.append(float(np.mean(losses)))
    history.gradient_norm.append(largest)
    history.learning_rate.append(rate)


def _updates(
    model: Model, batches: Iterator[Batch], window: int | None, rng: np.random.Generator
) -> Iterator[tuple[float, Grads]]:
    """Loss and gradient for each update: one for a batch, or one for each window of it."""
    for batch in batches:
        if window is None or not isinstance(model, ManyToMany):
            yield model.loss(batch, rng)
            continue
        state = None
        for piece in model.windows(batch, window):
            loss, grads, state = model.loss_from(state, piece, rng)
            yield loss, grads


def _batches(data: Batch, size: int, bucket: bool, rng: np.random.Generator) -> Iterator[Batch]:
    """The examples in a new order, cut into batches."""
    order = rng.permutation(data.size)
    starts = np.arange(0, len(order), size)
    if bucket and data.lengths is not None and size > 1:
        order = order[np.argsort(data.lengths[order], kind="stable")]
        rng.shuffle(starts)
    return (data.take(order[start : start + size]) for start in starts)


# ---- at the door --------------------------------------------------------------------------------------------------


def _check_model(model: Any, window: int | None) -> None:
    """A model, and one that can be trained in windows where windows are asked for."""
    if not isinstance(model, Model):
        raise TypeError(f"model: expected one such as ManyToOne(...), got {type(model).__name__}")
    if window is None:
        return
    as_size("window", window)
    if not isinstance(model, ManyToMany):
        raise ValueError("window: truncated backpropagation needs a ManyToMany model, with an answer at every step")
    if not model.body.one_step:
        raise ValueError(
            f"window: expected a body that reads forward in time, step by step, got {model.body!r}: "
            "what comes from later windows, or is not in the state, would be missing"
        )


def _check_tools(optimizer: Any, callbacks: Any, sets: dict[str, Batch]) -> None:
    if isinstance(optimizer, type) or not callable(getattr(optimizer, "update", None)):
        raise TypeError(f"optimizer: expected one such as SGD(0.02) or Adam(0.01), got {optimizer!r}")
    if not isinstance(callbacks, (list, tuple)) or any(isinstance(c, type) or not callable(c) for c in callbacks):
        raise TypeError("callbacks: expected a list of functions that take a Run, such as Schedule(rate)")
    for callback in callbacks:
        if isinstance(callback, EarlyStopping) and callback.on not in sets:
            raise ValueError(f"EarlyStopping: {callback.on!r} is not in evaluate, which has {sorted(sets)}")


def _checked_sets(model: Model, evaluate: Any) -> dict[str, Batch]:
    """The sets to look at after each epoch, checked; an error names its set."""
    if evaluate is not None and not isinstance(evaluate, dict):
        raise TypeError(f"evaluate: expected name -> (x, y, lengths), got {type(evaluate).__name__}")
    sets = {}
    for name, examples in (evaluate or {}).items():
        try:
            if not isinstance(examples, (tuple, list)) or not 2 <= len(examples) <= 4:
                raise TypeError("expected (x, y), with lengths and y_lengths where there are any")
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


def _tell(callbacks: Sequence[Any], what: str, *arguments: Any) -> None:
    """A callback may have `begin()` and `end(run)`."""
    for callback in callbacks:
        getattr(callback, what, lambda *_: None)(*arguments)


def _diverged(history: History, what: str, update: int, size: float) -> Diverged:
    error = Diverged(
        f"{what} at update {update} of epoch {history.epochs + 1} (gradient norm {size:.3g}); the last good weights are "
        "kept: a smaller learning rate or clip_norm helps"
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
