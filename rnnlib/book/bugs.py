"""Find the bug: five backward passes of one plain network, to be read, checked and trained. Chapter 04.

Four are wrong, each in one place, each by a slip that people make; one looks different and is right. `SUSPECTS` has
them under "A" to "E", `right` is the pass that they are measured by. The network gives an answer at every step:

    h_t = tanh(W_xh x_t + W_hh h_(t-1) + b_h),   p_t = softmax(W_hy h_t + b_y),   h_0 = 0

Weights are a dict w: W_xh (H, I), W_hh (H, H), b_h (1, H), W_hy (K, H), b_y (1, K); x is (T, B, I), h (T+1, B, H) with
`h[t + 1]` the state after `x[t]`, d_z (T, B, K) the gradient on the scores. A stack of S networks has one axis more
(W_hh (S, H, H), x (T, S, B, I)), and the code is the same: `.mT` turns the last two axes. So 20 seeds are one run.
Sequences are rows: `W_hh^T d_a` of the equations reads `d_a @ W_hh`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..checks import as_flag, as_floats, as_rng, as_size
from ..functions import FloatArray, log_softmax
from ..gradcheck import GradientReport, numerical_gradient, relative_error
from ..parameters import initial
from ..training import Adam
from .source import Source, plain

__all__ = [
    "SUSPECTS",
    "Forward",
    "Suspect",
    "Trained",
    "check",
    "code",
    "cosine",
    "differences",
    "echo",
    "forward",
    "right",
    "table",
    "train",
    "weights",
]

Weights = dict[str, FloatArray]
Backward = Callable[[Weights, FloatArray, FloatArray, FloatArray], Weights]
Rngs = np.random.Generator | Sequence[np.random.Generator]

SYMBOLS, UNITS, STEPS, EXAMPLES = 4, 12, 8, 16
UPDATES, RATE, ASKED = 200, 0.01, 200  # how long each suspect trains, Adam's learning rate, sequences it is asked


class Forward(NamedTuple):
    """One forward pass: h (T+1, B, H) with h[0] = 0, d_z (T, B, K); loss and accuracy over the steps with an answer.
    Of a stack of S networks, loss and accuracy are (S,)."""

    h: FloatArray
    d_z: FloatArray
    loss: FloatArray
    accuracy: FloatArray


@dataclass(frozen=True)
class Suspect:
    """A backward pass `(w, x, h, d_z) -> gradients`. line: what is wrong in it; instead: as it should be (both empty
    for the innocent one); finding: the verdict, in a sentence or two."""

    name: str
    backward: Backward
    line: str
    instead: str
    finding: str

    @property
    def guilty(self) -> bool:
        """Whether its gradients are wrong."""
        return bool(self.line)


@dataclass(frozen=True)
class Trained:
    """S networks that one backward pass has trained: losses (updates, S) along the way; loss and accuracy (S,) on
    sequences that it did not train on; the weights (a stack) at the end."""

    name: str
    delay: int
    losses: FloatArray
    loss: FloatArray
    accuracy: FloatArray
    weights: Weights = field(repr=False)


# ---- the task and the network


def echo(
    delay: int, *, rng: Rngs, steps: int = STEPS, examples: int = EXAMPLES, symbols: int = SYMBOLS
) -> tuple[FloatArray, FloatArray]:
    """Say at each step the symbol that was shown `delay` steps ago: x and y, both (T, B, K), one-hot.

    The first `delay` rows of y are zeros: no answer is asked there. Who guesses is right once in K times. rng: a
    generator, or a list of S for (T, S, B, K). ValueError for a delay that is not from 0 to steps - 1. Chapter 04.
    """
    as_size("delay", delay, 0), as_size("steps", steps), as_size("examples", examples), as_size("symbols", symbols, 2)
    if delay >= steps:
        raise ValueError(f"delay: expected at most steps - 1 = {steps - 1}, got {delay}")
    x = np.eye(symbols)[_drawn(rng, lambda one: one.integers(0, symbols, (steps, examples)), axis=1)]
    y = np.zeros_like(x)
    y[delay:] = x[: steps - delay]
    return x, y


def weights(*, rng: Rngs, inputs: int = SYMBOLS, hidden: int = UNITS, classes: int = SYMBOLS) -> Weights:
    """First weights, drawn as the library's cells draw theirs. rng: a generator, or a list of S for a stack."""
    as_size("inputs", inputs), as_size("hidden", hidden), as_size("classes", classes)

    def drawn(shape: tuple[int, int]) -> FloatArray:
        return _drawn(rng, lambda one: initial("uniform", shape, hidden, one, np.float64))

    w = {"W_xh": drawn((hidden, inputs)), "W_hh": drawn((hidden, hidden)), "W_hy": drawn((classes, hidden))}
    stack = w["W_hh"].shape[:-2]
    return w | {"b_h": np.zeros((*stack, 1, hidden)), "b_y": np.zeros((*stack, 1, classes))}


def _drawn(rng: Rngs, draw: Callable[[np.random.Generator], NDArray[Any]], axis: int = 0) -> NDArray[Any]:
    """One drawing, or one for each generator side by side along a new axis."""
    if isinstance(rng, (list, tuple)) and rng:
        return np.stack([draw(as_rng("rng", one)) for one in rng], axis)
    return draw(as_rng("rng", rng))


def forward(w: Weights, x: FloatArray, y: FloatArray) -> Forward:
    """States, gradient on the scores, loss (mean over the steps with an answer) and accuracy. Chapter 04."""
    _checked(w, x=x, y=y)
    from_input = x @ w["W_xh"].mT + w["b_h"]
    h = np.zeros((len(x) + 1, *from_input.shape[1:]))
    for t in range(len(x)):
        h[t + 1] = np.tanh(from_input[t] + h[t] @ w["W_hh"].mT)
    return answers(w, h, y)


def answers(w: Weights, h: FloatArray, y: FloatArray) -> Forward:
    """What is answered from these states, and what the loss says of it."""
    log_p = log_softmax(h[1:] @ w["W_hy"].mT + w["b_y"])
    asked = y.sum(-1)  # 1 where an answer is asked, 0 elsewhere
    N = asked.sum((0, -1))
    d_z = (np.exp(log_p) * asked[..., None] - y) / N[..., None, None]
    hits = (log_p.argmax(-1) == y.argmax(-1)) * asked
    return Forward(h, d_z, -(y * log_p).sum((0, -2, -1)) / N, hits.sum((0, -1)) / N)


def _checked(w: Any, **arrays: Any) -> None:
    """Weights under their names, and arrays of numbers, with as many axes and the last one as the weights ask."""
    if not isinstance(w, dict) or not {"W_xh", "W_hh", "W_hy", "b_h", "b_y"} <= w.keys():
        raise TypeError(f"w: expected the weights, name -> array, got {type(w).__name__}")
    (K, H), inputs = w["W_hy"].shape[-2:], w["W_xh"].shape[-1]
    sizes = {"x": inputs, "h": H, "y": K, "d_z": K}
    for name, array in arrays.items():
        as_floats(name, array, (*["..."] * w["b_h"].ndim, sizes[name]))


# ---- the right backward pass, and the suspects: each is written out in full, because it is read


def right(w: Weights, x: FloatArray, h: FloatArray, d_z: FloatArray) -> Weights:
    """Backpropagation through time: the gradient of the loss for every weight, under the same names. Chapter 04."""
    d = {name: np.zeros_like(array) for name, array in w.items()}
    d_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_h = d_z[t] @ w["W_hy"] + d_next
        d_a = d_h * (1 - h[t + 1] ** 2)
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] += d_a.mT @ h[t]
        d["b_h"] += d_a.sum(-2, keepdims=True)
        d_next = d_a @ w["W_hh"]
    return d


def suspect_a(w: Weights, x: FloatArray, h: FloatArray, d_z: FloatArray) -> Weights:
    d = {name: np.zeros_like(array) for name, array in w.items()}
    d_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_h = d_z[t] @ w["W_hy"] + d_next
        d_a = d_h * (1 - np.tanh(h[t + 1]) ** 2)
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] += d_a.mT @ h[t]
        d["b_h"] += d_a.sum(-2, keepdims=True)
        d_next = d_a @ w["W_hh"]
    return d


def suspect_b(w: Weights, x: FloatArray, h: FloatArray, d_z: FloatArray) -> Weights:
    d = {name: np.zeros_like(array) for name, array in w.items()}
    d_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_h = d_z[t] @ w["W_hy"] + d_next
        d_a = d_h * (1 - h[t + 1] ** 2)
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] += d_a.mT @ h[t]
        d["b_h"] += d_a.sum(-2, keepdims=True)
        d_next = d_a @ w["W_hh"].mT
    return d


def suspect_c(w: Weights, x: FloatArray, h: FloatArray, d_z: FloatArray) -> Weights:
    d = {name: np.zeros_like(array) for name, array in w.items()}
    d_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_h = d_next + d_z[t] @ w["W_hy"]
        d_a = d_h - d_h * h[t + 1] * h[t + 1]
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] += (h[t].mT @ d_a).mT
        d["b_h"] += d_a.sum(-2, keepdims=True)
        d_next = d_a @ w["W_hh"]
    return d


def suspect_d(w: Weights, x: FloatArray, h: FloatArray, d_z: FloatArray) -> Weights:
    d = {name: np.zeros_like(array) for name, array in w.items()}
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_h = d_z[t] @ w["W_hy"]
        d_a = d_h * (1 - h[t + 1] ** 2)
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] += d_a.mT @ h[t]
        d["b_h"] += d_a.sum(-2, keepdims=True)
    return d


def suspect_e(w: Weights, x: FloatArray, h: FloatArray, d_z: FloatArray) -> Weights:
    d = {name: np.zeros_like(array) for name, array in w.items()}
    d_next = np.zeros_like(h[0])
    for t in reversed(range(len(x))):
        d["W_hy"] += d_z[t].mT @ h[t + 1]
        d["b_y"] += d_z[t].sum(-2, keepdims=True)
        d_h = d_z[t] @ w["W_hy"] + d_next
        d_a = d_h * (1 - h[t + 1] ** 2)
        d["W_xh"] += d_a.mT @ x[t]
        d["W_hh"] = d_a.mT @ h[t]
        d["b_h"] += d_a.sum(-2, keepdims=True)
        d_next = d_a @ w["W_hh"]
    return d


SUSPECTS: dict[str, Suspect] = {
    "A": Suspect(
        "A",
        suspect_a,
        "d_a = d_h * (1 - np.tanh(h[t + 1]) ** 2)",
        "d_a = d_h * (1 - h[t + 1] ** 2)",
        "The slope of tanh is 1 - h², and h is tanh already. Here tanh is applied to it once more: every slope is too "
        "large, most of all where a unit saturates.",
    ),
    "B": Suspect(
        "B",
        suspect_b,
        'd_next = d_a @ w["W_hh"].mT',
        'd_next = d_a @ w["W_hh"]',
        "The way back goes through W_hh transposed, which for rows is `d_a @ W_hh`. Here it goes through W_hh itself. "
        "It is square, so nothing complains.",
    ),
    "C": Suspect(
        "C",
        suspect_c,
        "",
        "",
        "Innocent. It writes the slope in another way, adds in another order, and transposes a product in place of "
        "its factor.",
    ),
    "D": Suspect(
        "D",
        suspect_d,
        'd_h = d_z[t] @ w["W_hy"]',
        'd_h = d_z[t] @ w["W_hy"] + d_next',
        "The gradient from the future is left out (and so not even computed): a state is corrected for its own answer "
        "alone, and not for what later steps needed from it.",
    ),
    "E": Suspect(
        "E",
        suspect_e,
        'd["W_hh"] = d_a.mT @ h[t]',
        'd["W_hh"] += d_a.mT @ h[t]',
        "The gradient is overwritten in place of summed. What stays is that of the first step, where the state before "
        "is zero: W_hh is never trained at all.",
    ),
}


def code(suspect: str) -> str:
    """The source of a suspect ("A" to "E") or of "right", without types and docstring, to be printed and read."""
    return plain(_backward(suspect))


def differences() -> Source:
    """Each suspect as a difference to the right pass: lines with - are the right one's, lines with + its own."""
    right = code("right").split("\n")[1:]
    said = []
    for name in SUSPECTS:
        found = unified_diff(right, code(name).split("\n")[1:], n=0, lineterm="")
        said += [f"suspect {name}", *(line for line in found if not line.startswith(("---", "+++", "@@"))), ""]
    return Source("\n".join(said).rstrip(), "diff")


def _backward(suspect: str | Backward) -> Backward:
    if callable(suspect):
        return suspect
    if not isinstance(suspect, str) or suspect not in ("right", *SUSPECTS):
        raise ValueError(f'suspect: expected "right", {", ".join(SUSPECTS)} or a function, got {suspect!r}')
    return right if suspect == "right" else SUSPECTS[suspect].backward


# ---- the investigation


def check(suspect: str | Backward, *, steps: int = 6, symmetric: bool = False, seed: int = 0) -> GradientReport:
    """The gradients of a suspect against central differences, block by block, on a small network (5 units, delay 0).

    suspect: "A" to "E", "right", or a function `(w, x, h, d_z) -> gradients`. Two ways to be fooled: with `steps=1`
    there is no way back through time that could be wrong; with `symmetric=True` W_hh is its own transpose, as it is
    where it starts as the identity. ValueError for another suspect. Chapter 04.
    """
    as_size("steps", steps), as_flag("symmetric", symmetric)
    backward, rng = _backward(suspect), np.random.default_rng(as_size("seed", seed, 0))
    w = weights(rng=rng, hidden=5)
    w |= {name: rng.normal(0, 0.1, w[name].shape) for name in ("b_h", "b_y")}
    if symmetric:
        w["W_hh"] = (w["W_hh"] + w["W_hh"].T) / 2
    x, y = echo(0, rng=rng, steps=steps, examples=3)
    run = forward(w, x, y)
    d = backward(w, x, run.h, run.d_z)
    numbers = {name: numerical_gradient(lambda: float(forward(w, x, y).loss), array) for name, array in w.items()}
    return GradientReport({name: relative_error(d[name], numbers[name]) for name in w})


def cosine(suspect: str | Backward, *, delay: int = 3, seeds: int = 20, after: int = 0) -> FloatArray:
    """The cosine of the angle between a suspect's gradient and the right one, (seeds,), for new networks, or for those
    that the suspect itself has trained, `after` so many updates.

    1: the same direction. Above 0: a small step along it still lowers the loss, which is why a wrong gradient trains.
    """
    as_size("delay", delay, 0, STEPS - 1), _backward(suspect)
    w, rngs = _stack(seeds)
    if as_size("after", after, 0):
        w = train(suspect, delay=delay, seeds=seeds, updates=after).weights
    x, y = echo(delay, rng=rngs)
    run = forward(w, x, y)
    one, other = (_flat(back(w, x, run.h, run.d_z)) for back in (_backward(suspect), right))
    result: FloatArray = (one * other).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(other, axis=1)
    return result


def train(suspect: str | Backward, *, delay: int, seeds: int = 20, updates: int = UPDATES) -> Trained:
    """Train `seeds` networks on `echo` with a suspect's gradients, all at once; ask them 200 new sequences each.

    Each seed has its own first weights and sequences, the same for every suspect. Adam with learning rate 0.01, which
    works on every weight by itself, so that a stack trains as each network would alone. Chapter 04.
    """
    backward = _backward(suspect)
    as_size("delay", delay, 0, STEPS - 1), as_size("updates", updates)
    w, rngs = _stack(seeds)
    optimizers = {name: Adam(RATE) for name in w}
    losses = np.empty((updates, seeds))
    for k in range(updates):
        x, y = echo(delay, rng=rngs)
        run = forward(w, x, y)
        losses[k] = run.loss
        for name, gradient in backward(w, x, run.h, run.d_z).items():
            optimizers[name].update(w[name], gradient)
    asked = forward(w, *echo(delay, rng=rngs, examples=ASKED))
    name = suspect if isinstance(suspect, str) else getattr(suspect, "__name__", "yours")
    return Trained(name, delay, losses, asked.loss, asked.accuracy, w)


def _stack(seeds: int) -> tuple[Weights, list[np.random.Generator]]:
    """As many networks, and a generator for the sequences of each."""
    numbers = range(as_size("seeds", seeds))
    return weights(rng=[np.random.default_rng([n, 0]) for n in numbers]), [
        np.random.default_rng([n, 1]) for n in numbers
    ]


def _flat(d: Weights) -> FloatArray:
    """All gradients of each network of a stack in a row, (S, numbers), in the order of their names."""
    return np.concatenate([d[name].reshape(len(d[name]), -1) for name in sorted(d)], axis=1)


def table(results: Iterable[Trained]) -> str:
    """Results as text, a row each: loss of the first update; loss and accuracy at the end; medians over the seeds, and
    from the lowest to the highest."""
    results = _all_trained(results)
    rows = [f"{'':8}{'first loss':>10}{'last loss':>12}{'':14}{'accuracy':>11}"]
    for r in results:
        rows.append(f"{r.name:8}{np.median(r.losses[0]):10.2f}{_spread(r.loss):>26}{_spread(r.accuracy):>24}")
    return "\n".join(rows)


def _all_trained(results: Any) -> list[Trained]:
    some = isinstance(results, Iterable) and not isinstance(results, np.ndarray)
    found = list(results) if some else []
    if not found or not all(isinstance(one, Trained) for one in found):
        raise TypeError("results: expected some of what `train` gives")
    return found


def _spread(values: FloatArray) -> str:
    return f"{np.median(values):.2f} ({values.min():.2f} to {values.max():.2f})"
