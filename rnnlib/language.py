"""A language model: what comes next in a text, and writing on from a prompt. Chapter 09."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, DTypeLike

from .cells import GRUCell, LSTMCell, RNNCell
from .checks import as_dtype, as_flag, as_labels, as_number, as_rng, as_size, expect
from .data import Corpus, Symbols
from .decoding import Written, write
from .functions import FloatArray, IntArray
from .layers import Dense, Dropout, Embedding, Layer, Recurrent, Stacked
from .layers.base import Lengths, Rng
from .models import Batch, ManyToMany
from .models.base import as_batch
from .parameters import Grads, Parametric, initial

__all__ = ["LanguageModel"]

CELLS = (RNNCell, LSTMCell, GRUCell)
WINDOW = 256  # steps that are evaluated at once: a long text needs no more room than a short one


class LanguageModel(ManyToMany):
    """How probable each symbol is next, after every beginning of a text: `p_(t+1) = softmax(W_hy h_t + b_y)`.

    x (T, B) symbols 0..K-1 -> y (T, B), the symbol after each: `Corpus.stream` gives both, as B long pieces of the text
    side by side. `fit(model, *text.stream(B), batch_size=B, window=50, ...)` then carries each piece's state from one
    window to the next. Loss, gradients and windows are those of `ManyToMany`.

    body: reads forward in time, numbers (it begins with an `Embedding`) or one-hot rows (T, B, K), which this class
    makes. symbols: K of them, `Symbols`, or their characters (or words, with by="words"). `from_symbols` builds all of
    it. tied: the output layer has no matrix of its own but the embedding's table, `p_(t+1) = softmax(W_e h_t + b_y)`;
    so both have rows of H numbers, and the table's gradient is the sum of both places (Press and Wolf, 2017).
    ValueError or TypeError where the parts do not fit each other. Chapter 09.
    """

    def __init__(
        self,
        body: Layer,
        output: Dense,
        symbols: Symbols | Sequence[str],
        *,
        by: str = "characters",
        tied: bool = False,
    ) -> None:
        self.symbols = symbols if isinstance(symbols, Symbols) else _symbols(symbols, by)
        super().__init__(body, output, classes=self.symbols.names)
        K = output.outputs
        expect(body.inputs == K, f"body: expected inputs={K}, one for each symbol, got {body.inputs}")
        expect(body.one_step, f"body: expected one that reads one step after the other, got {body!r}")
        self.tied = as_flag("tied", tied)
        if tied:
            output.W_hy = self._table().W_e  # one array in two places

    def _table(self) -> Embedding:
        """The table that is shared, or a ValueError where there is none that fits."""
        first, H = self.body.layers[0] if isinstance(self.body, Stacked) else None, self.output.inputs
        if not isinstance(first, Embedding) or first.frozen or first.outputs != H:
            wanted = f"Stacked([Embedding(..., {H}), ...]), not frozen"
            raise ValueError(
                f"tied: expected a body that begins with a table for both ends, {wanted}; got {self.body!r}"
            )
        return first

    @classmethod
    def from_symbols(
        cls,
        symbols: Symbols,
        *,
        rng: Generator,
        cell: Any = GRUCell,
        hidden: int = 128,
        layers: int = 1,
        embedding: int | None = 32,
        dropout: float = 0.0,
        tied: bool = False,
        dtype: DTypeLike = "float64",
    ) -> LanguageModel:
        """A model for these symbols: embedding, `layers` recurrent layers of `hidden` units, output layer.

        cell: RNNCell, LSTMCell or GRUCell. embedding: numbers for each symbol; None reads one-hot rows (for characters:
        K numbers a symbol are too many for words). dropout: between all layers and before the output, never on the
        recurrent connection (Zaremba et al., 2014). tied: one table for both ends, which asks for embedding=hidden.
        dtype: float32 is up to twice as fast. Errors name the argument.
        """
        given = type(symbols).__name__
        expect(
            isinstance(symbols, Symbols), f"symbols: expected Symbols, such as corpus.symbols, got {given}", TypeError
        )
        expect(
            any(cell is one for one in CELLS), f"cell: expected RNNCell, LSTMCell or GRUCell, got {cell!r}", TypeError
        )
        as_size("hidden", hidden), as_number("dropout", dropout, zero=True, below=1), as_rng("rng", rng)
        as_size("layers", layers), as_size("embedding", 1 if embedding is None else embedding), as_dtype(dtype)
        fits = not as_flag("tied", tied) or embedding == hidden
        expect(fits, f"tied: expected embedding=hidden, so that one table fits both, got {embedding} and {hidden}")
        K, options = len(symbols), dict[str, Any](rng=rng, dtype=dtype)
        stack: list[Layer] = [] if embedding is None or tied else [Embedding(K, embedding, **options)]
        if tied:
            stack = [Embedding(K, hidden, vectors=initial("uniform", (K, hidden), hidden, rng, dtype), dtype=dtype)]
        for _ in range(layers):
            stack.append(Recurrent(cell(stack[-1].outputs if stack else K, hidden, **options)))
        if dropout:
            stack = [part for layer in stack for part in (layer, Dropout(layer.outputs, dropout))]
        return cls(Stacked(stack), Dense(hidden, K, **options), symbols, tied=tied)

    @property
    def characters(self) -> str | tuple[str, ...]:
        """The K - 1 symbols that stand for something; the last one is the end symbol."""
        return self.symbols.characters

    @property
    def by(self) -> str:
        """What a symbol is: "characters" or "words"."""
        return self.symbols.by

    # ---- training -------------------------------------------------------------------------------------------------

    def walk(self, prefix: str = "") -> Iterator[tuple[str, Parametric, str]]:
        """Each parameter once: a table that is shared under the name of the embedding."""
        shared = (self.output, "W_hy") if self.tied else None
        return (found for found in super().walk(prefix) if found[1:] != shared)

    def loss_of(self, s: FloatArray, tape: Any, batch: Batch) -> tuple[float, Grads]:
        """The loss and its gradients: of a table in two places the sum of both."""
        loss, grads = super().loss_of(s, tape, batch)
        if self.tied:
            grads["body.0.W_e"] = grads["body.0.W_e"] + grads.pop("output.W_hy")
        return loss, grads

    def batch(self, x: Any, y: ArrayLike | None = None, lengths: Lengths = None) -> Batch:
        """x, y (T, B) symbols 0..K-1, lengths (B,) as a checked `Batch`; ValueError or TypeError for what is none."""
        ids = as_labels("x", x, ("T", "B"), self.output.outputs, "symbols")
        return super().batch(self.encode(ids), y, lengths)

    def encode(self, ids: IntArray) -> Any:
        """Symbols as the body reads them: as they are, or one-hot (..., K)."""
        return ids if self.body.takes_ids else self._one_hot(ids)

    def targets(self, y: ArrayLike, shape: tuple[int, ...]) -> IntArray:  # type: ignore[override]
        """The symbols (T, B), checked. One-hot rows are made a window at a time: of a whole text they are too large."""
        return as_labels("y", y, shape, self.output.outputs, "symbols")

    def score(self, logits: FloatArray, batch: Batch) -> tuple[float, FloatArray]:
        expect(batch.y is not None, "batch: expected targets y, got a batch without them")
        return super().score(logits, batch._replace(y=self._one_hot(batch.y)))

    def _one_hot(self, ids: IntArray) -> FloatArray:
        rows = np.zeros((*ids.shape, self.output.outputs), self.dtype)
        np.put_along_axis(rows, ids[..., None], 1, axis=-1)
        return rows

    # ---- how good it is -------------------------------------------------------------------------------------------

    def evaluate(self, batch: Batch) -> tuple[float, float]:
        """Mean cross-entropy in nats, and the share of symbols that were the most probable one, over all true steps.

        The state begins at zero and is carried through the whole text, read a window at a time.
        """
        as_batch(batch, targets=True)
        state, sums, steps = None, np.zeros(2), 0
        for piece in self.windows(batch, WINDOW):
            h, (state, _) = self.features(piece, None, state)
            logits = self.output.forward(h)
            true = np.full(piece.y.shape, True) if piece.mask is None else ~piece.mask
            right = (logits.argmax(axis=-1) == piece.y)[true].sum()
            sums += self.score(logits, piece)[0] * true.sum(), right
            steps += int(true.sum())
        return float(sums[0] / steps), float(sums[1] / steps)

    def bits(self, corpus: Corpus) -> dict[str, float]:
        """Bits for each symbol of a text's test part, `-mean(log2 p)`: this model's beside those of mere counts.

        All predict the same symbols. The network begins, as the bigrams do, with the last symbol of the training part,
        and a state of zeros. `2 ** bits` is the perplexity. ValueError where the text has other symbols, or no test.
        """
        expect(isinstance(corpus, Corpus), f"corpus: expected a Corpus, got {type(corpus).__name__}", TypeError)
        expect(corpus.symbols == self.symbols, f"corpus: expected the symbols of this model, got {corpus!r}")
        expect(len(corpus.test), "corpus: expected a test part: load_text(..., test_share=0.1)")
        row = np.concatenate([corpus.train[-1:], corpus.test])[:, None]
        loss, _ = self.evaluate(self.batch(row[:-1], row[1:]))
        return corpus.floor() | {"this network": float(loss / np.log(2))}

    # ---- writing --------------------------------------------------------------------------------------------------

    def step(self, symbols: IntArray, state: Any) -> tuple[FloatArray, Any]:
        """The logits (B, K) of the next symbol, and the new state, after one more symbol (B,) of each of B texts."""
        y, state, _ = self.body.forward(self.encode(symbols[None]), state)
        return self.output.forward(y[0]), state

    def read(self, text: str | ArrayLike, state: Any = None) -> tuple[FloatArray, Any]:
        """Read a text on from a state (None: zeros) -> the logits (S, K) after each of its S symbols, the new state.

        text: a str, or numbers (S,). `read(b, state)` after `read(a)` gives what `read(a + b)` gives for b. ValueError
        for an empty text, and one with symbols that the model does not know: the sentence names them.
        """
        h, state, _ = self.body.forward(self.encode(self._numbers("text", text)[:, None]), state)
        return self.output.forward(h)[:, 0], state

    def write(
        self,
        prompt: str | ArrayLike,
        *,
        max_length: int = 200,
        temperature: float | None = None,
        rng: Rng = None,
        stop: str | None = None,
        state: Any = None,
    ) -> Written:
        """What follows a prompt, in numbers, with its log probability (at temperature 1). Arguments as in `generate`.

        state: what `read` gave for the text before the prompt; None is the start of a text.
        """
        numbers, end = self._numbers("prompt", prompt), self.symbols.end
        if stop is not None:
            known = isinstance(stop, str) and stop in self.characters and len(self.symbols.split(stop)) == 1
            expect(known, f"stop: expected one of the {self.by} that the model knows, got {stop!r}")
            end = list(self.characters).index(stop)
        if len(numbers) > 1:
            _, state = self.read(numbers[:-1], state)
        options: dict[str, Any] = {"max_length": max_length, "temperature": temperature, "rng": rng}
        (written,) = write(self.step, numbers[-1:], state, end=end, **options)
        return written

    def generate(
        self,
        prompt: str | ArrayLike,
        *,
        max_length: int = 200,
        temperature: float | None = None,
        rng: Rng = None,
        stop: str | None = None,
        state: Any = None,
    ) -> str:
        r"""Write on from a prompt -> the text, prompt included: `model.generate("The ", temperature=0.7, rng=rng)`.

        Reads the prompt, then chooses symbol after symbol and reads each: the most probable one (greedy), or with
        temperature and rng one drawn from `softmax(logits / temperature)`. It ends before `stop`, a symbol such as "\n"
        or "." (None: the end symbol, which a text without a close never has), or after max_length symbols.

        ValueError for an empty prompt, for symbols that the model does not know (named), for a stop that is no symbol,
        and for one of temperature and rng without the other. Chapter 09.
        """
        options: dict[str, Any] = {"temperature": temperature, "rng": rng, "stop": stop, "state": state}
        written = self.write(prompt, max_length=max_length, **options)
        return self.symbols.decode([*self._numbers("prompt", prompt), *written.symbols])

    def _numbers(self, name: str, text: str | ArrayLike) -> IntArray:
        """A text as numbers (S,), or a ValueError that names what the model does not know."""
        if not isinstance(text, str):
            numbers = as_labels(name, text, ("S",), self.output.outputs, "symbols")
        else:
            pieces, places = self.symbols.split(text), {piece: k for k, piece in enumerate(self.characters)}
            unknown = [*dict.fromkeys(piece for piece in pieces if piece not in places)]
            listed = ", ".join(map(repr, unknown[:5])) + (f" and {len(unknown) - 5} more" if len(unknown) > 5 else "")
            advice = 'leave it out, or give numbers: corpus.encode(text) reads it as "<unk>"'
            expect(not unknown, f"{name}: expected {self.by} that the model has read, got {listed}; {advice}")
            numbers = np.array([places[piece] for piece in pieces], np.intp)
        expect(len(numbers), f"{name}: expected at least one symbol to write on from, got none")
        return numbers


def _symbols(symbols: Any, by: str) -> Symbols:
    several = isinstance(symbols, (str, list, tuple)) and all(isinstance(one, str) for one in symbols)
    expect(several, f"symbols: expected Symbols, or a list of str, got {type(symbols).__name__}", TypeError)
    return Symbols(symbols if isinstance(symbols, str) else tuple(symbols), by)
