"""Wirings that write: from one vector to a sequence, and from a sequence to another of a different length."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import as_finite, as_floats, as_labels, as_lengths, as_number, as_rng, as_size
from ..decoding import Written, beam_search, closed, write
from ..functions import FloatArray, IntArray
from ..layers import Dense, Layer
from ..layers.stacked import from_hidden, hand_over, hidden, readers
from ..parameters import Grads, Parametric, map_state, named
from .base import Batch, Model

__all__ = ["EncoderDecoder", "OneToMany", "Written"]


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
        most = output.outputs - 1
        self.end = as_size("end", end, 0, most)
        self.start = self.end if start is None else as_size("start", start, 0, most)
        self.teacher_forcing = as_number("teacher_forcing", teacher_forcing, zero=True)
        if self.teacher_forcing > 1:
            raise ValueError(f"teacher_forcing: expected a number from 0 to 1, got {teacher_forcing!r}")
        if not body.one_step or not readers(body):
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
        inputs, checked = self.check_inputs(x, lengths)
        B = inputs.shape[1 if self.x_time else 0]
        if y is None:
            return Batch(inputs, None, checked, None, self.x_time, True)
        labels = as_labels("y", y, ("S", B), self.output.outputs)
        ends = as_lengths(y_lengths, len(labels), B, "y_lengths", least=1)
        return Batch(inputs, self._targets(labels, labels.shape), checked, ends, self.x_time, True)

    def check_inputs(self, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        """What the decoder's first state is made of, checked."""
        raise NotImplementedError

    def first_state(self, batch: Batch, rng: np.random.Generator | None = None) -> tuple[Any, Any]:
        """The decoder's first state, and what `first_state_back` needs."""
        raise NotImplementedError

    def first_state_back(self, d_state: Any, tape: Any) -> Grads:
        """The gradient on the decoder's first state, carried on into what made it."""
        raise NotImplementedError

    def logits(self, batch: Batch) -> FloatArray:
        """The outputs with the true symbols read (teacher forcing)."""
        y, _, _ = self.body.forward(self.encode(self._shifted(batch)), self.first_state(batch)[0], batch.y_lengths)
        return self.output.forward(y)

    def loss(self, batch: Batch, rng: np.random.Generator | None = None) -> tuple[float, Grads]:
        state, begun = self.first_state(batch, rng)
        read = self.read_symbols(batch, state, rng)
        h, _, tape = self.body.forward(self.encode(read), state, batch.y_lengths, rng=rng)
        loss, d_logits = self.score(self.output.forward(h), batch)
        d_h, output = self.output.backward(d_logits, h)
        _, d_state, decoder = self.body.backward(d_h, tape, inputs=False)
        return loss, self.first_state_back(d_state, begun) | named(decoder=decoder, output=output)

    def _shifted(self, batch: Batch) -> IntArray:
        """What the decoder reads: the start symbol, then the true symbols, one step late. (S, B)"""
        if batch.y is None:
            raise ValueError("batch: expected targets y, got a batch without them")
        true: IntArray = batch.y.argmax(axis=2)
        return np.concatenate([np.full((1, true.shape[1]), self.start), true[:-1]])

    def read_symbols(self, batch: Batch, state: Any, rng: np.random.Generator | None) -> IntArray:
        """The true symbols, or with probability 1 - teacher_forcing at each place the model's own last choice.

        The choice itself passes no gradient, so it is enough to know what was read.
        """
        read = self._shifted(batch)
        if self.teacher_forcing == 1 or rng is None:
            return read
        forced = rng.random(read.shape) < self.teacher_forcing
        own = read[0]
        for s in range(len(read)):
            if s:
                read[s] = np.where(forced[s], read[s], own)
            logits, state = self.step(read[s], state)
            own = logits.argmax(axis=1)
        return read

    def encode(self, symbols: IntArray) -> Any:
        """Symbols as the decoder reads them: as they are, or one-hot."""
        return symbols if self.body.takes_ids else np.eye(self.output.outputs, dtype=self.dtype)[symbols]

    def step(self, symbols: IntArray, state: Any) -> tuple[FloatArray, Any]:
        """The logits (B, K) of the next symbol, and the new state, once the decoder has read the symbols (B,)."""
        y, state, _ = self.body.forward(self.encode(symbols[None]), state)
        return self.output.forward(y[0]), state

    # ---- writing --------------------------------------------------------------------------------------------------

    def next_logits(self, x: Any, symbols: ArrayLike = (), lengths: ArrayLike | None = None) -> FloatArray:
        """The logits (B, K) of the next symbol, after each of the B examples has written `symbols` (S,) so far.

        x, lengths: as in `generate`. With no symbols, those of the first one. ValueError for a symbol that does not
        exist. Chapter 05.
        """
        batch = self.batch(x, None, lengths)
        written = as_labels("symbols", symbols if np.size(symbols) else np.zeros(0, int), ("S",), self.output.outputs)
        read = np.repeat([[self.start], *([symbol] for symbol in written)], batch.size, axis=1)
        y, _, _ = self.body.forward(self.encode(read), self.first_state(batch)[0])
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
        as_size("max_length", max_length), check_sampling(temperature, rng)
        batch = self.batch(x, None, lengths)
        state, _ = self.first_state(batch)
        how = {"end": self.end, "max_length": max_length, "temperature": temperature, "rng": rng}
        return write(self.step, np.full(batch.size, self.start), state, **how)

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
        as_size("max_length", max_length), as_size("width", width)
        as_number("length_penalty", length_penalty, zero=True)
        batch = self.batch(x, None, lengths)
        states, _ = self.first_state(batch)
        how = {"end": self.end, "max_length": max_length, "width": width, "length_penalty": length_penalty}
        alone = [map_state(lambda s, row=b: s[row : row + 1], states) for b in range(batch.size)]
        return [beam_search(self.step, self.start, state, **how) for state in alone]

    def exact_match(self, batch: Batch, max_length: int | None = None) -> float:
        """The share of examples that the model, writing alone and greedily, gets right to the last symbol."""
        if not isinstance(batch, Batch) or batch.y is None:
            raise ValueError("batch: expected what `batch(x, y)` gives, with targets y")
        most = len(batch.y) + 1 if max_length is None else as_size("max_length", max_length)
        got = self.generate(batch.x, batch.lengths, max_length=most)
        true = [closed(row, np.zeros(len(row)), self.end).symbols for row in batch.y.argmax(axis=2).T]
        return float(np.mean([w.ended and w.symbols == symbols for w, symbols in zip(got, true, strict=True)]))


def check_sampling(temperature: float | None, rng: np.random.Generator | None) -> None:
    """Greedy (neither), or sampling (both)."""
    if temperature is not None:
        as_number("temperature", temperature)
    if (temperature is None) != (rng is None):
        raise ValueError("temperature, rng: expected both (sampling) or neither (greedy)")
    if rng is not None:
        as_rng("rng", rng)


class OneToMany(Writer):
    """One vector in, a sequence out (1 to N): `h_0 = W x + b`, then each step reads the symbol written before.

    x (B, I) -> symbols (S, B). `begin` is the Dense layer I -> H that makes h_0. Chapter 05.
    """

    x_time = False

    def __init__(self, begin: Dense, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        if not isinstance(begin, Dense):
            raise TypeError(f"begin: expected a Dense, got {type(begin).__name__}")
        sizes = {one.outputs for group in readers(body) for one in group}
        if sizes != {begin.outputs} or begin.dtype != self.dtype:
            raise ValueError(f"begin: expected outputs={sizes} and {self.dtype}, as the decoder's states have")
        self.begin = begin
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"begin": self.begin, "decoder": self.body, "output": self.output}

    def check_inputs(self, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        if lengths is not None:
            raise ValueError("lengths: expected None, because the input has no time in this model")
        return as_finite("x", as_floats("x", x, ("B", self.begin.inputs), self.dtype)), None

    def first_state(self, batch: Batch, rng: np.random.Generator | None = None) -> tuple[Any, Any]:
        h_0 = self.begin.forward(batch.x)
        return from_hidden(self.body, [h_0 for _ in readers(self.body)]), batch.x

    def first_state_back(self, d_state: Any, tape: Any) -> Grads:
        d_h_0 = sum(hidden(self.body, d_state), start=np.zeros((), self.dtype))
        return named(begin=self.begin.backward(d_h_0, tape)[1])


class EncoderDecoder(Writer):
    """A sequence in, another of a different length out (N to M): all that passes between them is one state.

    x (T, B, I) with lengths (B,) -> symbols (S, B). The encoder's final state is the decoder's first one, so both need
    the same cells and sizes (a bidirectional encoder hands over both halves side by side). Sutskever et al. and Cho et
    al., 2014. Chapters 05 and 09.
    """

    def __init__(self, encoder: Layer, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        if not isinstance(encoder, Layer):
            raise TypeError(f"encoder: expected a Layer, got {type(encoder).__name__}")
        self.encoder = encoder
        if encoder.dtype != self.dtype:
            raise TypeError(f"encoder: expected dtype {self.dtype}, as the decoder has, got {encoder.dtype}")
        if _sizes(encoder) != _sizes(body):
            raise ValueError(f"encoder: its states have sizes {_sizes(encoder)}, but the decoder's {_sizes(body)}")
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"encoder": self.encoder, "decoder": self.body, "output": self.output}

    def check_inputs(self, x: Any, lengths: ArrayLike | None) -> tuple[Any, IntArray | None]:
        return self.check_sequences(self.encoder, x, lengths)

    def first_state(self, batch: Batch, rng: np.random.Generator | None = None) -> tuple[Any, Any]:
        _, final, tape = self.encoder.forward(batch.x, None, batch.lengths, rng=rng)
        return hand_over(final, self.encoder, self.body), tape

    def first_state_back(self, d_state: Any, tape: Any) -> Grads:
        d_final = hand_over(d_state, self.body, self.encoder)
        return named(encoder=self.encoder.backward(None, tape, d_final, inputs=False)[2])


def _sizes(layer: Layer) -> list[tuple[set[int], int]]:
    """For each layer with memory, from the bottom up: how many arrays a state has, and its units."""
    return [
        ({len(one.cell.state_names) for one in group}, sum(one.outputs for one in group)) for group in readers(layer)
    ]
