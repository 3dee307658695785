"""The training loop. Nothing in this file has anything to do with recurrence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import Rng, as_flag, as_number, as_rng, as_size, expect
from ..functions import FloatArray
from ..layers.base import Lengths
from ..models import Batch, ManyToMany, Model
from ..parameters import Grads
from .callbacks import EarlyStopping, History, Run
from .optimizers import Optimizer, clip_by_norm, clip_by_value, norm

Clip = Callable[[FloatArray], float]


class Diverged(FloatingPointError):
    """The loss, the gradient or a weight became NaN or infinite. The model has its last good weights; `history` is what
    was seen.
    """

    def __init__(self, history: History, what: str, update: int, size: float) -> None:
        where = f"{what} at update {update} of epoch {history.epochs + 1} (gradient norm {size:.3g})"
        why = "a smaller learning rate or clip_norm helps"
        if update == 1 and not history.epochs:  # no step has been made yet
            why = "the first weights, or the numbers in x or y, are too large"
        super().__init__(f"{where}; the last good weights are kept: {why}")
        self.history, history.stopped = history, str(self)


def fit(
    model: Model,
    x: Any,
    y: ArrayLike,
    lengths: Lengths = None,
    y_lengths: Lengths = None,
    *,
    epochs: int,
    optimizer: Optimizer,
    rng: Rng,
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
    as_size("batch_size", batch_size), as_rng("rng", rng), as_flag("bucket", bucket)
    data, sets = _checked(model, window, x, y, lengths, y_lengths), _checked_sets(model, evaluate)
    _check_tools(optimizer, callbacks, sets)
    clip, counted = _clipper(clip_value, clip_norm), _counted(epochs, progress)
    history = History(losses={name: [] for name in sets}, accuracies={name: [] for name in sets})
    run, good = Run(model, optimizer, history), model.vector()
    _tell(callbacks, "begin")
    try:
        for _ in counted:
            with np.errstate(over="ignore", invalid="ignore"):  # `Diverged` says it better
                _epoch(run, _updates(model, data, batch_size, bucket, window, rng), clip, good)
                _look(run, sets)
            _tell(callbacks, "__call__", run)
            if run.stop:
                break
        history.stopped = run.stop or "all epochs done"
    except KeyboardInterrupt:
        history.stopped = "interrupted"
    finally:
        _tell(callbacks, "end", run)
    return history


def _epoch(run: Run, updates: Iterator[tuple[float, Grads]], clip: Clip, good: FloatArray) -> None:
    """One pass over the batches: for each, its gradient as one vector, clipped, and an update of all parameters.

    `good` holds the last weights whose loss and gradient were finite."""
    model, optimizer, history = run.model, run.optimizer, run.history
    params, vector, losses = model.params, model.vector(), list[float]()
    beside = model.beside(vector)
    largest, rate = 0.0, optimizer.learning_rate
    for loss, grads in updates:
        gradient = np.concatenate([grads[name].ravel() for name in params])
        size = clip(gradient)
        if not (isfinite(loss) and isfinite(size)):
            model.restore(good)
            what = "the norm of the gradient became " if isfinite(loss) else "the loss became "
            raise Diverged(history, what + str(size if isfinite(loss) else loss), len(losses) + 1, size)
        np.copyto(good, vector)
        optimizer.update(vector, gradient)
        for array, values in beside:
            array[...] = values
        losses.append(loss)
        largest = max(largest, size)
    if not np.isfinite(vector).all():
        model.restore(good)
        raise Diverged(history, "a weight became infinite or NaN", len(losses), largest)
    history.loss.append(float(np.mean(losses)))
    history.gradient_norm.append(largest)
    history.learning_rate.append(rate)


def _look(run: Run, sets: dict[str, Batch]) -> None:
    """Loss and accuracy on each set of `evaluate`, into the history."""
    for name, batch in sets.items():
        loss, accuracy = run.model.evaluate(batch)
        run.history.losses[name].append(loss)
        run.history.accuracies[name].append(accuracy)


def _updates(
    model: Any, data: Batch, size: int, bucket: bool, window: int | None, rng: Rng
) -> Iterator[tuple[float, Grads]]:
    """Loss and gradient for each update: the examples in a new order, cut into batches, and these into windows."""
    order, starts = rng.permutation(data.size), np.arange(0, data.size, size)
    if bucket and data.lengths is not None and size > 1:
        order = order[np.argsort(data.lengths[order], kind="stable")]
        rng.shuffle(starts)
    for start in starts:
        batch, state = data.take(order[start : start + size]), None
        if window is None:
            yield model.loss(batch, rng)
        for piece in () if window is None else model.windows(batch, window):
            loss, grads, state = model.loss_from(state, piece, rng)
            yield loss, grads


def _tell(callbacks: Sequence[Any], what: str, *arguments: Any) -> None:
    """Every callback is a function of the run; it may have `begin()` and `end(run)` besides."""
    for callback in callbacks:
        getattr(callback, what, lambda *_: None)(*arguments)


def _counted(epochs: int, progress: bool) -> Iterable[int]:
    """The epochs, with a bar where tqdm is installed: the library alone needs NumPy alone."""
    if not (as_flag("progress", progress) and find_spec("tqdm")):
        return range(as_size("epochs", epochs))
    from tqdm.auto import trange

    bar: Iterable[int] = trange(as_size("epochs", epochs), desc="epochs", delay=1, leave=False)
    return bar


# ---- at the door --------------------------------------------------------------------------------------------------


def _checked(model: Any, window: Any, x: Any, y: Any = None, lengths: Any = None, y_lengths: Any = None) -> Batch:
    """A checked batch with at least one example and with targets, for a model that can be trained in such windows."""
    expect(isinstance(model, Model), f"model: expected a model to train, got {type(model).__name__}", TypeError)
    if window is not None:
        as_size("window", window)
        able = isinstance(model, ManyToMany) and model.body.one_step
        expect(able, f"window: expected a ManyToMany model whose body reads forward in time alone, got {model!r}")
    expect(y is not None, "y: expected targets, got None")
    expect(y_lengths is None or hasattr(model, "end"), "y_lengths: expected None for a model that does not write")
    batch: Batch = model.batch(x, y, lengths, **({} if y_lengths is None else {"y_lengths": y_lengths}))
    expect(batch.size, "x: expected at least one example, got B = 0")
    model.check_lesson(batch)
    return batch


def _checked_sets(model: Model, evaluate: Any) -> dict[str, Batch]:
    """The sets to look at after each epoch, checked; an error names its set."""
    given = type(evaluate).__name__
    expect(isinstance(evaluate, dict | None), f"evaluate: expected name -> (x, y, lengths), got {given}", TypeError)
    sets = {}
    for name, examples in (evaluate or {}).items():
        try:
            several = isinstance(examples, (tuple, list)) and 2 <= len(examples) <= 4
            expect(several, "expected (x, y), with lengths and y_lengths where there are any", TypeError)
            sets[name] = _checked(model, None, *examples)
        except (ValueError, TypeError) as error:
            raise type(error)(f"evaluate {name!r}: {error}") from None
    return sets


def _check_tools(optimizer: Any, callbacks: Any, sets: dict[str, Batch]) -> None:
    able = not isinstance(optimizer, type) and callable(getattr(optimizer, "update", None))
    expect(able, f"optimizer: expected one such as SGD(0.02) or Adam(0.01), got {optimizer!r}", TypeError)
    able = isinstance(callbacks, (list, tuple)) and all(callable(c) and not isinstance(c, type) for c in callbacks)
    expect(able, "callbacks: expected a list of functions that take a Run, such as [Schedule(rate)]", TypeError)
    for on in (callback.on for callback in callbacks if isinstance(callback, EarlyStopping)):
        expect(on in sets, f"EarlyStopping: {on!r} is not in evaluate, which has {sorted(sets)}")


def _clipper(clip_value: float | None, clip_norm: float | None) -> Clip:
    expect(clip_value is None or clip_norm is None, "clip_value, clip_norm: expected one of the two, got both")
    if clip_value is not None:
        return partial(clip_by_value, bound=as_number("clip_value", clip_value))
    return norm if clip_norm is None else partial(clip_by_norm, bound=as_number("clip_norm", clip_norm))
