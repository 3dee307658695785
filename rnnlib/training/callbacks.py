"""Functions that `fit` calls after each epoch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..checks import as_number, as_size, expect
from ..functions import FloatArray
from ..models import Model
from .optimizers import Optimizer


@dataclass
class History:
    """What a fit saw, a number for each epoch: mean `loss` over its updates, largest `gradient_norm` before clipping,
    the learning rate used, and for each set named in `evaluate` its loss and accuracy at the epoch's end.
    `stopped` says why it ended."""

    loss: list[float] = field(default_factory=list)
    gradient_norm: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    losses: dict[str, list[float]] = field(default_factory=dict)
    accuracies: dict[str, list[float]] = field(default_factory=dict)
    stopped: str = ""

    @property
    def epochs(self) -> int:
        """Epochs that were finished."""
        return len(self.loss)


@dataclass
class Run:
    """What a callback sees after each epoch. It may change `optimizer.learning_rate`, or set `stop` to a reason."""

    model: Model
    optimizer: Optimizer
    history: History
    stop: str = ""

    @property
    def epoch(self) -> int:
        """The number of the epoch that has ended, from 1."""
        return self.history.epochs


class Schedule:
    """A learning rate for each epoch: `rate(epoch)` for the epoch that comes next (the first one is 1). Chapter 04."""

    def __init__(self, rate: Callable[[int], float]) -> None:
        expect(callable(rate), f"rate: expected a function of the epoch, got {rate!r}", TypeError)
        self.rate = rate

    def __call__(self, run: Run) -> None:
        run.optimizer.learning_rate = as_number("the schedule's learning rate", self.rate(run.epoch + 1))


class EarlyStopping:
    """Stop when the loss on the set `on` (a name in `evaluate`) has not fallen for `patience` epochs.

    At the end of the fit, however it ends, the model gets the weights of its best epoch back. Chapter 08.
    """

    def __init__(self, on: str, *, patience: int = 10, least: float = 0.0) -> None:
        expect(isinstance(on, str), f"on: expected the name of a set in evaluate, got {type(on).__name__}", TypeError)
        self.on, self.patience = on, as_size("patience", patience)
        self.least = as_number("least", least, zero=True)  # a smaller fall does not count
        self.begin()

    def begin(self) -> None:
        """Forget an earlier fit."""
        self.best, self.best_epoch = float("inf"), 0
        self.weights: FloatArray | None = None

    def __call__(self, run: Run) -> None:
        loss = run.history.losses[self.on][-1]
        if loss < self.best - self.least:
            self.best, self.best_epoch, self.weights = loss, run.epoch, run.model.vector()
        elif run.epoch - self.best_epoch >= self.patience:
            run.stop = f"no smaller loss on {self.on!r} for {self.patience} epochs"

    def end(self, run: Run) -> Any:
        """Give the best weights back."""
        if self.weights is not None:
            run.model.restore(self.weights)
