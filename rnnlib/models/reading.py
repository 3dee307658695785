"""Wirings that read: one answer for one input, one for a whole sequence, one for every step."""

from typing import Any

import numpy as np

from ..checks import as_size, expect, one_of
from ..functions import FloatArray
from ..layers import Dense, Layer, Stacked
from ..layers.base import Rng, end, padding
from ..layers.stacked import from_hidden, hidden, readers
from ..parameters import Grads, named
from .base import Batch, Model, as_batch


class ManyToOne(Model):
    """A sequence in, one answer out (N to 1): `y = softmax(W_hy s + b_y)`, read once.

    x (T, B, I) with lengths (B,) -> one label a sequence (B,), 0..K-1. What is read, s: `pool="last"` the final state
    (the natural choice), `"mean"` the mean of all h_t, `"max"` the largest of each unit over time. Chapters 05 and 08.
    """

    def __init__(self, body: Layer, output: Dense, *, pool: str = "last", **options: Any) -> None:
        super().__init__(body, output, **options)
        self.pool = one_of("pool", pool, ("last", "mean", "max"))

    def features(self, batch: Batch, rng: Rng = None) -> tuple[FloatArray, Any]:
        y, final, tape = self.body.forward(batch.x, None, batch.lengths, rng=rng)
        if self.pool == "last":
            s = last(self.body, y, final, batch)
        else:
            s = y.sum(axis=0) / _counts(y, batch) if self.pool == "mean" else _true(y, batch).max(axis=0)
        return s, (y, tape, batch)

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        y, tape, batch = tape
        d_y, d_final = np.zeros_like(y), None
        if self.pool == "last":
            d_y, d_final = last_back(self.body, d_s, y, batch)
        elif self.pool == "mean":
            d_y += d_s / _counts(y, batch)
        else:  # where several are largest, the first one gets the gradient
            np.put_along_axis(d_y, _true(y, batch).argmax(axis=0)[None], d_s[None], axis=0)
        return named(body=self.body.backward(d_y, tape, d_final, inputs=False)[2])


def _counts(y: FloatArray, batch: Batch) -> Any:
    """The number of true steps of each sequence."""
    return y.dtype.type(len(y)) if batch.lengths is None else batch.lengths[:, None].astype(y.dtype)


def _true(y: FloatArray, batch: Batch) -> FloatArray:
    """The outputs with padding at minus infinity, so that it is never the largest."""
    mask = padding(batch.lengths, len(y))
    return y if mask is None else np.where(mask[:, :, None], y.dtype.type(-np.inf), y)


def last(body: Layer, y: FloatArray, final: Any, batch: Batch) -> FloatArray:
    """What a layer knows at the end of each sequence, (B, O): the final h of its top layer, of both directions side by
    side where there are two; where the top layer has no memory, its last true output."""
    if isinstance(body, Stacked):
        return last(body.layers[-1], y, final[-1], batch)
    ends = hidden(body, final) or [y[end(batch.lengths, *y.shape[:2])]]
    return ends[0] if len(ends) == 1 else np.concatenate(ends, axis=1)


def last_back(body: Layer, d_s: FloatArray, y: FloatArray, batch: Batch) -> tuple[FloatArray | None, Any]:
    """The gradient on `last`, as gradients on y and on the final state."""
    if isinstance(body, Stacked):
        d_y, d_final = last_back(body.layers[-1], d_s, y, batch)
        return d_y, (*(None for _ in body.layers[:-1]), d_final)
    if not readers(body):
        d_y = np.zeros_like(y)
        d_y[end(batch.lengths, *y.shape[:2])] = d_s
        return d_y, None
    (first, *second) = readers(body)[0]
    halves = np.split(d_s, [first.outputs], axis=1) if second else [d_s]
    return None, from_hidden(body, halves)


class ManyToMany(Model):
    """A sequence in, an answer at every step (N to N, no lag): `y_t = softmax(W_hy h_t + b_y)`.

    x (T, B, I) with lengths (B,) -> labels (T, B). The loss is the mean over all true steps. Chapters 05 and 07.
    """

    y_time = True

    def features(self, batch: Batch, rng: Rng = None, state: Any = None) -> tuple[FloatArray, Any]:
        h, final, tape = self.body.forward(batch.x, state, batch.lengths, rng=rng)
        return h, (final, tape)

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        return named(body=self.body.backward(d_s, tape[1], inputs=False)[2])

    def loss_from(self, state: Any, batch: Batch, rng: Rng = None) -> tuple[float, Grads, Any]:
        """`loss`, started from a state, and the final state: a window of truncated backpropagation."""
        h, (final, tape) = self.features(batch, rng, state)
        return *self.loss_of(h, (final, tape), batch), final

    def windows(self, batch: Batch, size: int) -> list[Batch]:
        """The batch cut into pieces of `size` steps, in order of time."""
        pieces = []
        for start in range(0, len(as_batch(batch, True).x), as_size("size", size)):
            here = slice(start, start + size)
            lengths = None if batch.lengths is None else np.clip(batch.lengths - start, 0, len(batch.x[here]))
            pieces.append(batch._replace(x=batch.x[here], y=batch.y[here], lengths=lengths, y_lengths=lengths))
        return pieces


class OneToOne(Model):
    """One input, one answer (1 to 1): a recurrent network of a single step, an ordinary network with one hidden layer.

    x (B, I) -> labels (B,). The first state is zero, so W_hh has nothing to do: its gradient is 0. Chapter 05.
    """

    x_time = False

    def __init__(self, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        expect(body.keeps_time and not body.takes_ids, f"body: expected a layer that reads vectors, got {body!r}")

    def features(self, batch: Batch, rng: Rng = None) -> tuple[FloatArray, Any]:
        h, _, tape = self.body.forward(batch.x[None], rng=rng)
        return h[0], tape

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        return named(body=self.body.backward(d_s[None], tape, inputs=False)[2])
