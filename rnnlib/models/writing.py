"""Wirings that write: from one vector to a sequence, and from a sequence to another of a different length."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from ..functions import FloatArray, IntArray, log_softmax
from ..layers import Dense, Layer, Practice
from ..parameters import Grads, Parametric, as_floats, as_lengths, as_number, as_size, map_state
from .base import Batch, Model, as_labels

__all__ = ["EncoderDecoder", "OneToMany", "Written"]


class Written(NamedTuple):
    """A sequence that a model wrote: symbols (without the end symbol), the log probability of all of it (the end symbol
    included, if it came), and whether it ended by itself."""

    symbols: tuple[int, ...]
    log_probability: float
    ended: bool


class Writer(Model):
    """What both share: a decoder that reads its own last symbol, starts from a state and writes until the end symbol.

    K symbols, 0..K-1; the decoder's input is the symbol before (one-hot (K), or a number where it begins with an
    `Embedding`). `end` closes a sequence, `start` is what is read first (by default `end`, so that no symbol is
    wasted).
    """

    y_time = True

    def __init__(
        self,
        body: Layer,
        output: Dense,
        *,
        end: int,
        start: int | None = None,
        teacher_forcing: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(body, output, **options)
        if body.inputs != output.outputs:
            raise ValueError(f"output: expected outputs={body.inputs}, as the decoder reads, got {output.outputs}")
        K = output.outputs
        self.end, self.start = as_size("end", end, 0), as_size("start", end if start is None else start, 0)
        if max(self.end, self.start) >= K:
            raise ValueError(f"end, start: expected symbols 0 to {K - 1}, got {self.end}, {self.start}")
        self.teacher_forcing = as_number("teacher_forcing", teacher_forcing, zero=True)
        if self.teacher_forcing > 1:
            raise ValueError(f"teacher_forcing: expected a number from 0 to 1, got {teacher_forcing!r}")
        if not body.one_step or not body.memory_sizes():
            raise ValueError(f"body: a decoder writes one step after the other, which {body!r} cannot do")

    # ---- training -------------------------------------------------------------------------------------------------

    def batch(
        self,
        x: Any,
        y: ArrayLike | None = None,
        lengths: ArrayLike | None = None,
        y_lengths: ArrayLike | None = None,
    ) -> Batch:
        """x as the encoder takes it; y (S, B) symbols, each sequence closed by the end symbol, with y_lengths (B,)."""
        inputs, checked = self._check_inputs(x, lengths)
        B = inputs.shape[1 if self.x_time else 0]
        if y is None:
            return Batch(inputs, None, checked, None, self.x_time, True)
        labels = np.asarray(y)
        if labels.ndim != 2:
            raise ValueError(f"y: expected (S, {B}), got {labels.shape}")
        targets = self._targets(as_labels("y", labels, (len(labels), B), self.output.outputs), labels.shape)
        ends = as_lengths(y_lengths, len(labels), B, "y_lengths")
        if ends is not None and B and ends.min() < 1:
            raise ValueError("y_lengths: expected at least 1 (the end symbol), got 0")
        return Batch(inputs, targets, checked, ends, self.x_time, True)

    def _check_inputs(self, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        raise NotImplementedError

    def _begin(self, batch: Batch, practice: Practice | None = None) -> tuple[Any, Any]:
        """The decoder's first state, and what `_begin_back` needs."""
        raise NotImplementedError

    def _begin_back(self, d_state: Any, tape: Any, grads: Grads) -> None:
        """The gradient on the decoder's first state, carried on into what made it."""
        raise NotImplementedError

    def logits(self, batch: Batch) -> FloatArray:
        """The outputs with the true symbols read (teacher forcing)."""
        y, _, _ = self.body.run(self._encode(self._shifted(batch)), self._begin(batch)[0], batch.y_lengths)
        return self.output.forward(y)

    def loss(self, batch: Batch, into: Grads | None = None, practice: Practice | None = None) -> tuple[float, Grads]:
        state, begun = self._begin(batch, practice)
        read = self._read_symbols(batch, state, practice)
        h, _, tape = self.body.run(self._encode(read), state, batch.y_lengths, practice)
        loss, d_logits = self._score(self.output.forward(h), batch)
        grads = self.blank() if into is None else into
        d_h, _ = self.output.backward(d_logits, h, grads["output"])
        _, d_state, _ = self.body.backward(d_h, tape, into=grads["decoder"], inputs=False)
        self._begin_back(d_state, begun, grads)
        return loss, grads

    def _shifted(self, batch: Batch) -> IntArray:
        """What the decoder reads: the start symbol, then the true symbols, one step late. (S, B)"""
        true: IntArray = batch.y.argmax(axis=2)
        return np.concatenate([np.full((1, true.shape[1]), self.start), true[:-1]])

    def _read_symbols(self, batch: Batch, state: Any, practice: Practice | None) -> IntArray:
        """The true symbols, or with probability 1 - teacher_forcing at each place the model's own last choice.

        The choice itself passes no gradient, so it is enough to know what was read.
        """
        read = self._shifted(batch)
        if self.teacher_forcing == 1 or practice is None or practice.rng is None:
            return read
        forced = practice.rng.random(read.shape) < self.teacher_forcing
        own = read[0]
        for s in range(len(read)):
            if s:
                read[s] = np.where(forced[s], read[s], own)
            logits, state = self._step(read[s], state)
            own = logits.argmax(axis=1)
        return read

    def _encode(self, symbols: IntArray) -> Any:
        return symbols if self.body.takes_ids else np.eye(self.output.outputs, dtype=self.dtype)[symbols]

    def _step(self, symbols: IntArray, state: Any) -> tuple[FloatArray, Any]:
        y, state, _ = self.body.run(self._encode(symbols[None]), state)
        return self.output.forward(y[0]), state

    # ---- writing --------------------------------------------------------------------------------------------------

    def next_logits(self, x: Any, symbols: ArrayLike = (), lengths: ArrayLike | None = None) -> FloatArray:
        """The logits (B, K) of the next symbol, after each of the B examples has written `symbols` (S,) so far.

        x, lengths: as in `generate`. With no symbols, those of the first one. ValueError for a symbol that does not
        exist. Chapter 05.
        """
        batch = self.batch(x, None, lengths)
        written = np.asarray(symbols, None if np.size(symbols) else np.intp)
        as_labels("symbols", written, (written.size,), self.output.outputs)
        read = np.repeat([[self.start], *([symbol] for symbol in written)], batch.size, axis=1)
        y, _, _ = self.body.run(self._encode(read), self._begin(batch)[0])
        return self.output.forward(y[-1])

    def predict(  # type: ignore[override]
        self, x: Any, lengths: ArrayLike | None = None, *, max_length: int = 50
    ) -> list[Written]:
        """What the model writes for each example, taking the most probable symbol at each step."""
        return self.generate(x, lengths, max_length=max_length)

    def generate(
        self,
        x: Any,
        lengths: ArrayLike | None = None,
        *,
        max_length: int,
        temperature: float | None = None,
        rng: np.random.Generator | None = None,
    ) -> list[Written]:
        """Write symbol by symbol: greedy, or sampled from `softmax(logits / temperature)` with `rng`.

        The log probabilities are the model's own (temperature 1). Stops at the end symbol or after max_length.
        """
        as_size("max_length", max_length)
        if temperature is not None:
            as_number("temperature", temperature)
        if (temperature is None) != (rng is None):
            raise ValueError("temperature, rng: expected both (sampling) or neither (greedy)")
        if rng is not None and not isinstance(rng, np.random.Generator):
            raise TypeError(f"rng: expected a numpy.random.Generator, got {type(rng).__name__}")
        batch = self.batch(x, None, lengths)
        state, _ = self._begin(batch)
        symbols, ended = np.full(batch.size, self.start), np.zeros(batch.size, bool)
        steps, gains = [], []
        for _ in range(max_length):
            logits, state = self._step(symbols, state)
            symbols = (
                logits.argmax(axis=1) if rng is None or temperature is None else _sample(logits / temperature, rng)
            )
            steps.append(symbols)
            gains.append(np.take_along_axis(log_softmax(logits), symbols[:, None], axis=1)[:, 0])
            ended |= symbols == self.end
            if ended.all():
                break
        return [self._written(np.array(steps)[:, b], np.array(gains)[:, b]) for b in range(batch.size)]

    def _written(self, symbols: IntArray, gains: FloatArray) -> Written:
        ends = np.flatnonzero(symbols == self.end)
        stop = int(ends[0]) if len(ends) else len(symbols)
        return Written(tuple(map(int, symbols[:stop])), float(gains[: stop + 1].sum()), bool(len(ends)))

    def beam(
        self,
        x: Any,
        lengths: ArrayLike | None = None,
        *,
        max_length: int,
        width: int = 4,
        length_penalty: float = 0.0,
    ) -> list[list[Written]]:
        """Beam search: keep the `width` best beginnings at every step; for each example its results, best first.

        They are sorted by `log_probability / length ** length_penalty` (end symbol counted). With 0 the sum of log
        probabilities prefers short sequences: that is its length bias. width = 1 is greedy writing.
        """
        as_size("max_length", max_length)
        as_size("width", width)
        as_number("length_penalty", length_penalty, zero=True)
        batch = self.batch(x, None, lengths)
        states, _ = self._begin(batch)
        return [self._beam_one(_rows(states, [b]), max_length, width, length_penalty) for b in range(batch.size)]

    def _beam_one(self, state: Any, max_length: int, width: int, penalty: float) -> list[Written]:
        beginnings: list[tuple[int, ...]] = [()]
        scores = np.zeros(1)
        done: list[Written] = []
        for _ in range(max_length):
            last = np.array([b[-1] if b else self.start for b in beginnings])
            logits, state = self._step(last, state)
            totals = scores[:, None] + log_softmax(logits)
            best = np.argsort(-totals, axis=None, kind="stable")[:width]
            parents, symbols = np.unravel_index(best, totals.shape)
            scores = totals[parents, symbols]
            ended = symbols == self.end
            done += [Written(beginnings[p], float(s), True) for p, s in zip(parents[ended], scores[ended], strict=True)]
            beginnings = [(*beginnings[p], int(k)) for p, k in zip(parents[~ended], symbols[~ended], strict=True)]
            scores, parents = scores[~ended], parents[~ended]
            width -= int(ended.sum())
            if not beginnings or width <= 0:
                break
            state = _rows(state, parents)
        else:
            done += [Written(b, float(s), False) for b, s in zip(beginnings, scores, strict=True)]
        return sorted(done, key=lambda w: -w.log_probability / (len(w.symbols) + w.ended) ** penalty)

    def exact_match(self, batch: Batch, max_length: int | None = None) -> float:
        """The share of examples that the model, writing alone and greedily, gets right to the last symbol."""
        written = self._written_for(batch, max_length or len(batch.y) + 1)
        true = batch.y.argmax(axis=2).T
        wanted = [self._written(row, np.zeros(len(row))).symbols for row in true]
        return float(np.mean([w.ended and w.symbols == symbols for w, symbols in zip(written, wanted, strict=True)]))

    def _written_for(self, batch: Batch, max_length: int) -> list[Written]:
        return self.generate(batch.x, batch.lengths, max_length=max_length)


def _rows(state: Any, rows: Any) -> Any:
    """The states of the chosen sequences."""
    return map_state(lambda s: s[rows], state)


def _sample(logits: FloatArray, rng: np.random.Generator) -> IntArray:
    """One symbol a row, drawn with probability softmax(logits) (the largest of logits plus Gumbel noise)."""
    symbols: IntArray = (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)
    return symbols


class OneToMany(Writer):
    """One vector in, a sequence out (1 to N): `h_0 = W x + b`, then each step reads the symbol written before.

    x (B, I) -> symbols (S, B). `begin` is the Dense layer I -> H that makes h_0. Chapter 05.
    """

    x_time = False

    def __init__(self, begin: Dense, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        sizes = {units for _, units in body.memory_sizes()}
        if sizes != {begin.outputs} or begin.dtype != self.dtype:
            raise ValueError(f"begin: expected outputs={sizes} and {self.dtype}, as the decoder's states have")
        self.begin = begin
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"begin": self.begin, "decoder": self.body, "output": self.output}

    def _check_inputs(self, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        if lengths is not None:
            raise ValueError("lengths: expected None, because the input has no time in this model")
        return as_floats("x", x, ("B", self.begin.inputs), self.dtype), None

    def _begin(self, batch: Batch, practice: Practice | None = None) -> tuple[Any, Any]:
        return self.body.state_from(self.begin.forward(batch.x)), batch.x

    def _begin_back(self, d_state: Any, tape: Any, grads: Grads) -> None:
        self.begin.backward(np.asarray(self.body.state_from_back(d_state)), tape, grads["begin"])


class EncoderDecoder(Writer):
    """A sequence in, another of a different length out (N to M): all that passes between them is one state.

    x (T, B, I) with lengths (B,) -> symbols (S, B). The encoder's final state is the decoder's first one, so both need
    the same cells and sizes (a bidirectional encoder hands over both halves side by side). Sutskever et al. and Cho et
    al., 2014. Chapters 05 and 09.
    """

    def __init__(self, encoder: Layer, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        self.encoder = encoder
        if encoder.dtype != self.dtype:
            raise TypeError(f"encoder: expected dtype {self.dtype}, as the decoder has, got {encoder.dtype}")
        if encoder.memory_sizes() != body.memory_sizes():
            raise ValueError(
                f"encoder: its states have sizes {encoder.memory_sizes()}, but the decoder's {body.memory_sizes()}"
            )
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"encoder": self.encoder, "decoder": self.body, "output": self.output}

    def _check_inputs(self, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        inputs, checked = self.encoder.check(x, lengths)
        if len(inputs) == 0:
            raise ValueError("x: expected at least one step, got T = 0")
        return inputs, checked

    def _begin(self, batch: Batch, practice: Practice | None = None) -> tuple[Any, Any]:
        _, final, tape = self.encoder.run(batch.x, None, batch.lengths, practice)
        return self.body.from_memory(iter(self.encoder.memory(final))), tape

    def _begin_back(self, d_state: Any, tape: Any, grads: Grads) -> None:
        d_final = self.encoder.from_memory(iter(self.body.memory(d_state)))
        self.encoder.backward(None, tape, d_final, into=grads["encoder"], inputs=False)
