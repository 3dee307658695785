"""An accuracy beside its floor: what one gets who always names the most frequent class. Chapters 05 and 08."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .checks import expect
from .functions import FloatArray, IntArray
from .models import Model

__all__ = ["Judgement", "floor", "judge"]

UNEVEN = 1.5  # classes are, where the largest has so many times the examples of the smallest


@dataclass(frozen=True)
class Judgement:
    """How a model did on labelled examples; for one label a step, on all true steps. `print(judgement)` says it.

    classes: the names of the K classes. counts (K,): how many examples each has. hits (K,): how many of these were
    named right.
    """

    classes: tuple[str, ...]
    counts: IntArray
    hits: IntArray

    @property
    def accuracy(self) -> float:
        """The share of right answers."""
        return float(self.hits.sum() / self.counts.sum())

    @property
    def floor(self) -> float:
        """The share of the largest class: the accuracy of who always names it."""
        return float(self.counts.max() / self.counts.sum())

    @property
    def recalls(self) -> FloatArray:
        """Of each class the share that was found, (K,); NaN for one without examples."""
        return np.where(self.counts > 0, self.hits / np.maximum(self.counts, 1), np.nan)

    @property
    def uneven(self) -> bool:
        """Whether one accuracy hides the small classes."""
        return bool(self.counts.max() >= UNEVEN * self.counts.min())

    def __str__(self) -> str:
        largest = self.classes[int(self.counts.argmax())]
        said = f"accuracy {self.accuracy:.3f}; always {largest!r}, the most frequent class: {self.floor:.3f}"
        return "\n".join([said, *([self.recall_line()] if self.uneven else [])])

    def recall_line(self) -> str:
        """The recall of each class and how many examples it has, in lines of at most 110 letters."""
        some = [k for k in range(len(self.classes)) if self.counts[k]]
        each = [f"{self.classes[k]} {self.recalls[k]:.2f} of {self.counts[k]:,}" for k in some]
        return textwrap.fill("recall of each class: " + ", ".join(each), 110, subsequent_indent="  ")


def judge(model: Model, x: Any, y: ArrayLike, *more: Any) -> Judgement:
    """Accuracy, its floor and the recall of each class, on examples as `model.batch` takes them:
    `judge(model, *data.test)`.

    ValueError for a model whose answers are no classes, and for no examples. Chapters 05
    and 08.
    """
    expect(isinstance(model, Model), f"model: expected a model, got {type(model).__name__}", TypeError)
    kind = model.loss_name
    expect(kind == "cross_entropy", f'model: expected one with loss "cross_entropy", which names a class, got "{kind}"')
    expect(y is not None, "y: expected labels, got None")
    batch = model.batch(x, y, *more)
    expect(batch.size, "x: expected at least one example, got B = 0")
    truth, answers = batch.y.argmax(axis=-1), model.logits(batch).argmax(axis=-1)
    if batch.mask is not None:
        truth, answers = truth[~batch.mask], answers[~batch.mask]
    K = batch.y.shape[-1]
    counts, hits = (np.bincount(np.ravel(part), minlength=K) for part in (truth, truth[truth == answers]))
    return Judgement(tuple(model.classes), counts, hits)


def floor(model: Model, x: Any, y: ArrayLike, *more: Any) -> float:
    """The accuracy of who always gives the most frequent label of these examples (of several yes and no: the most
    frequent combination); NaN where answers are numbers, and where there are no examples. Nothing is computed."""
    expect(isinstance(model, Model), f"model: expected a model, got {type(model).__name__}", TypeError)
    expect(y is not None, "y: expected labels, got None")
    batch = model.batch(x, y, *more)
    rows = batch.y.reshape(-1, batch.y.shape[-1]) if batch.mask is None else batch.y[~batch.mask]
    if model.loss_name == "mean_squared_error" or not len(rows):
        return float("nan")
    return float(np.unique(rows > 0.5, axis=0, return_counts=True)[1].max() / len(rows))
