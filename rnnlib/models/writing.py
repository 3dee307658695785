"""Wirings that write: from one vector to a sequence, and from a sequence to another of a different length."""

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import as_labels, as_lengths, as_number, as_size, expect
from ..decoding import Written, beam_search, closed, rows, write
from ..functions import FloatArray, IntArray
from ..layers import Dense, Layer
from ..layers.base import Lengths, Rng
from ..layers.stacked import from_hidden, hand_over, hidden, readers, sizes
from ..parameters import Grads, Parametric, named
from .base import Batch, Model, as_batch


class Writer(Model):
    """What both share: a decoder that reads its own last symbol, starts from a state and writes until the end symbol.

    K symbols, 0..K-1; the decoder's input is the symbol before (one-hot (K), or a number where it begins with an
    `Embedding`). `end` closes a sequence, `start` is what is read first (by default `end`, so that no symbol is
    wasted).
    """

    y_time = True

    def __init__(
        self, body: Layer, output: Dense, *, end: int, start: Any = None, teacher_forcing: float = 1.0, **options: Any
    ) -> None:
        self.teacher_forcing = as_number("teacher_forcing", teacher_forcing, zero=True)
        expect(self.teacher_forcing <= 1, f"teacher_forcing: expected at most 1, got {self.teacher_forcing}")
        super().__init__(body, output, **options)
        K = output.outputs
        expect(body.inputs == K, f"output: expected outputs={body.inputs}, as the decoder reads, got {K}")
        self.end = as_size("end", end, 0, K - 1)
        self.start = self.end if start is None else as_size("start", start, 0, K - 1)
        able = body.one_step and readers(body)
        expect(able, f"body: a decoder writes one step after the other, which {body!r} cannot do")

    # ---- training -------------------------------------------------------------------------------------------------

    def batch(
        self, x: Any, y: ArrayLike | None = None, lengths: Lengths = None, y_lengths: Lengths = None, first: Any = None
    ) -> Batch:
        """x as the encoder takes it; y (S, B) symbols, each sequence closed by the end symbol, with y_lengths (B,).

        first (B,): what is read first, before y, where it is not the start symbol for all.
        """
        batch = super().batch(x, None, lengths)._replace(y_lengths=None)
        if y is None:
            return batch
        labels = as_labels("y", y, ("S", batch.size), self.output.outputs)
        ends = as_lengths(y_lengths, len(labels), batch.size, "y_lengths", least=1)
        first = None if first is None else as_labels("first", first, (batch.size,), self.output.outputs, "symbols")
        return batch._replace(y=self.targets(labels, labels.shape), y_lengths=ends, first=first)

    def check_lesson(self, batch: Batch) -> None:
        """Each sequence is closed by the end symbol: without it a model would never learn to stop."""
        true, weights = batch.y.argmax(axis=2), self.weights(batch)
        counts = np.ones(true.shape) if weights is None else weights
        last = len(true) - 1 - (counts[::-1] > 0).argmax(axis=0)
        wrong = np.flatnonzero(true[last, np.arange(batch.size)] != self.end)
        open_end = f"y: expected the end symbol {self.end} at the end of each sequence, not so in sequence {wrong[:1]}"
        expect(not wrong.size, open_end)

    def first_state(self, batch: Batch, rng: Rng = None) -> tuple[Any, Any]:
        """The decoder's first state, and what `first_state_back` needs."""
        raise NotImplementedError

    def first_state_back(self, d_state: Any, tape: Any) -> Grads:
        """The gradient on the decoder's first state, carried on into what made it."""
        raise NotImplementedError

    def features(self, batch: Batch, rng: Rng = None) -> tuple[FloatArray, Any]:
        """The decoder's states, as it reads the true symbols (teacher forcing)."""
        state, begun = self.first_state(batch, rng)
        read = self.encode(self.read_symbols(batch, state, rng))
        h, _, tape = self.body.forward(read, state, batch.y_lengths, rng=rng)
        return h, (tape, begun)

    def features_back(self, d_s: FloatArray, tape: Any) -> Grads:
        _, d_state, decoder = self.body.backward(d_s, tape[0], inputs=False)
        return self.first_state_back(d_state, tape[1]) | named(decoder=decoder)

    def read_symbols(self, batch: Batch, state: Any, rng: Rng) -> IntArray:
        """What the decoder reads, (S, B): the start symbol, then the true symbols, one step late; in training with
        probability 1 - teacher_forcing at each place the model's own last choice instead.

        The choice itself passes no gradient, so it is enough to know what was read.
        """
        true = batch.y.argmax(axis=2)
        first = np.full(true.shape[1], self.start) if batch.first is None else batch.first
        read: IntArray = np.concatenate([first[None], true[:-1]])
        if self.teacher_forcing == 1 or rng is None:
            return read
        forced, own = rng.random(read.shape) < self.teacher_forcing, read[0]
        for s in range(len(read)):
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

    def next_logits(self, x: Any, symbols: ArrayLike = (), lengths: Lengths = None) -> FloatArray:
        """The logits (B, K) of the next symbol, after each of the B examples has written `symbols` (S,) so far.

        x, lengths: as in `generate`. With no symbols, those of the first one. ValueError for a symbol that does not
        exist. Chapter 05.
        """
        batch = self.batch(x, None, lengths)
        written = as_labels("symbols", symbols if np.size(symbols) else np.zeros(0, int), ("S",), self.output.outputs)
        read = np.repeat([[self.start], *([symbol] for symbol in written)], batch.size, axis=1)
        y, _, _ = self.body.forward(self.encode(read), self.first_state(batch)[0])
        return self.output.forward(y[-1])

    def predict(self, x: Any, lengths: Lengths = None, *, max_length: int = 50) -> Any:
        """What the model writes for each example (`Written`), taking the most probable symbol at each step."""
        return self.generate(x, lengths, max_length=max_length)

    def generate(
        self, x: Any, lengths: Lengths = None, *, max_length: int, temperature: float | None = None, rng: Rng = None
    ) -> list[Written]:
        """Write symbol by symbol: greedy, or sampled from `softmax(logits / temperature)` with `rng`.

        The log probabilities are the model's own (temperature 1). Stops at the end symbol or after max_length.
        """
        batch = self.batch(x, None, lengths)
        state, _ = self.first_state(batch)
        start = np.full(batch.size, self.start)
        return write(self.step, start, state, end=self.end, max_length=max_length, temperature=temperature, rng=rng)

    def beam(
        self, x: Any, lengths: Lengths = None, *, max_length: int, width: int = 4, length_penalty: float = 0.0
    ) -> list[list[Written]]:
        """Beam search: keep the `width` best beginnings at every step; for each example its results, best first.

        They are sorted by `log_probability / length ** length_penalty` (end symbol counted). With 0 the sum of log
        probabilities prefers short sequences: that is its length bias. width = 1 is greedy writing.
        """
        batch = self.batch(x, None, lengths)
        states, _ = self.first_state(batch)
        search = partial(beam_search, self.step, self.start, end=self.end, max_length=max_length, width=width)
        return [search(rows(states, [b]), length_penalty=length_penalty) for b in range(batch.size)]

    def exact_match(self, batch: Batch, max_length: int | None = None) -> float:
        """The share of examples that the model, writing alone and greedily, gets right to the last symbol."""
        as_batch(batch, True)
        got = self.generate(batch.x, batch.lengths, max_length=len(batch.y) + 1 if max_length is None else max_length)
        true = [closed(row, np.zeros(len(row)), self.end).symbols for row in batch.y.argmax(axis=2).T]
        return float(np.mean([w.ended and w.symbols == symbols for w, symbols in zip(got, true, strict=True)]))


class OneToMany(Writer):
    """One vector in, a sequence out (1 to N): `h_0 = W x + b`, then each step reads the symbol written before.

    x (B, I) -> symbols (S, B). `begin` is the Dense layer I -> H that makes h_0. A caption for a picture (Vinyals et
    al., 2015): x its features, `body` an `Embedding` and a cell over time, class_weights 0 for a null word, whose
    targets then count neither in the loss nor in the accuracy. Chapter 05.
    """

    x_time = False

    def __init__(self, begin: Dense, body: Layer, output: Dense, **options: Any) -> None:
        super().__init__(body, output, **options)
        expect(isinstance(begin, Dense), f"begin: expected a Dense, got {begin!r}", TypeError)
        sizes = {one.outputs for group in readers(body) for one in group}
        fits = sizes == {begin.outputs} and begin.dtype == self.dtype
        expect(fits, f"begin: expected outputs={sizes} and {self.dtype}, as the decoder's states have")
        self.begin = begin
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"begin": self.begin, "decoder": self.body, "output": self.output}

    def first_state(self, batch: Batch, rng: Rng = None) -> tuple[Any, Any]:
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
        expect(isinstance(encoder, Layer), f"encoder: expected a Layer, got {encoder!r}", TypeError)
        first, second = (sizes(encoder), encoder.dtype), (sizes(body), body.dtype)
        expect(first == second, f"encoder: its states have sizes and dtype {first}, but the decoder's {second}")
        self.encoder = encoder
        self.refuse_shared()

    def parts(self) -> dict[str, Parametric]:
        return {"encoder": self.encoder, "decoder": self.body, "output": self.output}

    def first_state(self, batch: Batch, rng: Rng = None) -> tuple[Any, Any]:
        _, final, tape = self.encoder.forward(batch.x, None, batch.lengths, rng=rng)
        return hand_over(final, self.encoder, self.body), tape

    def first_state_back(self, d_state: Any, tape: Any) -> Grads:
        d_final = hand_over(d_state, self.body, self.encoder)
        return named(encoder=self.encoder.backward(None, tape, d_final, inputs=False)[2])
