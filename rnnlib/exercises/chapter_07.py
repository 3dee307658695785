"""Exercises of chapter 07: both ways, in layers, through a window, along a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, cast

import numpy as np

from ..cells import RNNCell
from ..layers import Bidirectional, Conv1D, Recurrent, Stacked, TreeRNN
from ..layers.tree import Forest
from .common import Array, Ints, Rng, normal, sizes
from .task import posed

__all__ = ["EXERCISES"]


# ---- 07.1 how far it sees


def some_layers(rng: Rng) -> tuple[list[int], list[int]]:
    """Kernels and dilations of three or four layers."""
    layers = int(rng.integers(3, 5))
    return rng.integers(2, 6, layers).tolist(), rng.integers(2, 9, layers).tolist()


def of_the_layers(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    """What the library's layers say of themselves, one after the other."""
    rng = np.random.default_rng(0)
    layers = [Conv1D(1, 1, kernel=k, dilation=d, rng=rng) for k, d in zip(kernels, dilations, strict=True)]
    return 1 + sum(layer.receptive_field - 1 for layer in layers)


def receptive_field(kernels: Sequence[int], dilations: Sequence[int], slip: str = "") -> int:
    """1 + the sum of (k - 1) d."""
    k, d = np.array(kernels), np.array(dilations)
    return {
        "multiplied": int(k.prod()),
        "no_dilation": 1 + int((k - 1).sum()),
        "not_itself": int(((k - 1) * d).sum()),
        "whole_kernels": int((k * d).sum()),
        "top_alone": 1 + int((k[-1] - 1) * d[-1]),
    }.get(slip, 1 + int(((k - 1) * d).sum()))


# ---- 07.2 backwards, with padding


def padded_batch(rng: Rng) -> tuple[Array, Ints]:
    """x (6, 4, 2) with numbers in the padding, too, and lengths (4,)."""
    return rng.normal(size=(6, 4, 2)), np.array([6, 2, 5, 3])[rng.permutation(4)]


def backwards(x: Array, lengths: Ints, slip: str = "") -> Any:
    """What a reading from the right sees, step by step."""
    result = np.zeros_like(x) if slip == "padding_lost" else x.copy()
    for b, n in enumerate(lengths - 1 if slip == "one_step_short" else lengths):
        result[:n, b] = x[:n, b, ::-1] if slip == "numbers_in_reverse" else x[:n, b][::-1]
    return {"with_its_padding": x[::-1].copy(), "sequences_in_reverse": x[:, ::-1].copy()}.get(slip, result)


# ---- 07.3 a causal convolution


def of_the_layer(x: Array, W: Array, b: Array) -> Any:
    """What the library's layer gives with these weights."""
    k, outputs, inputs = W.shape
    layer = Conv1D(inputs, outputs, kernel=k, activation=None, rng=np.random.default_rng(0))
    layer.set_params({"W_k": W, "b_k": b})
    return layer.forward(x[:, None])[0][:, 0]


def convolve(x: Array, W: Array, b: Array, slip: str = "") -> Any:
    """y_t = b + sum over j of W_j x_(t - (k - 1) + j), where x is 0 outside."""
    T, k = len(x), len(W)
    first = {"looks_ahead": 0, "centred": -((k - 1) // 2)}.get(slip, 1 - k)
    at = np.arange(T)[:, None] + first + np.arange(k)  # (T, k): the step that is read
    there = (at >= 0) & (at < T) | (slip == "wraps_around")
    window = x[at % T] * there[:, :, None]
    y = np.einsum("tji,joi->to", window, W[::-1] if slip == "kernel_turned" else W)
    y += {"bias_each_time": k, "without_bias": 0}.get(slip, 1) * b
    return y[k - 1 :] if slip == "only_whole_windows" else y


# ---- 07.4 a function that calls itself

TREES = ((0, ((1, 2), (3, 4))), (((0, 1), 2), (3, 4)), ((0, (1, 2)), ((3, 4), 5)))


def a_sentence(rng: Rng) -> tuple[Any, ...]:
    """A tree, x (6, 4), and the weights of a recursive network with H = 3."""
    tree = TREES[rng.integers(len(TREES))]
    return tree, *normal((6, 4), (3, 4), (3,), (3, 3), (3, 3), (3,))(rng)


def of_the_network(tree: Any, x: Array, W_xh: Array, b_h: Array, W_lh: Array, W_rh: Array, b_n: Array) -> Any:
    """What the library's network gives with these weights."""
    network = TreeRNN(x.shape[1], len(W_xh), rng=np.random.default_rng(0))
    network.set_params(dict(zip(network.names, (W_xh, b_h, W_lh, W_rh, b_n), strict=True)))
    return network.forward(Forest(x[:, None], (tree,)))[0][0, 0]


def root_vector(tree: Any, x: Array, *weights: Array, slip: str = "") -> Any:
    """A leaf by one rule, a pair by another."""
    W_xh, b_h, W_lh, W_rh, b_n = weights
    if slip == "as_a_chain":
        words = range(1, _last(tree) + 1)
        tree = reduce(lambda before, k: (before, k), words, cast(Any, 0))
        slip = ""
    if not isinstance(tree, tuple):
        a = W_xh @ x[tree] + b_h
        return a if slip == "leaves_not_bent" else np.tanh(a)
    left, right = (root_vector(part, x, *weights, slip=slip) for part in tree)
    left, right = (right, left) if slip == "children_swapped" else (left, right)
    from_right = (W_lh if slip == "one_matrix" else W_rh) @ right
    a = W_lh @ left + from_right + (b_h if slip == "leaf_bias_everywhere" else b_n)
    return a if slip == "nodes_not_bent" else np.tanh(a)


def _last(tree: Any) -> int:
    return _last(tree[1]) if isinstance(tree, tuple) else int(tree)


# ---- 07.5 prices


def counted(inputs: int, units: int) -> tuple[int, int, int]:
    """What the library's layers count."""
    rng = np.random.default_rng(0)

    def layer(below: int, **options: bool) -> Recurrent:
        return Recurrent(RNNCell(below, units, rng=rng), **options)

    both = Bidirectional(layer(inputs), layer(inputs, reverse=True))
    stacked = Stacked([layer(inputs), layer(units)])
    return layer(inputs).parameter_count, stacked.parameter_count, both.parameter_count


def prices(inputs: int, units: int, slip: str = "") -> tuple[int, int, int]:
    """H (I + H + 1) for each layer and direction; the second layer reads H numbers."""
    one, second = units * (inputs + units + 1), units * (2 * units + 1)
    return {
        "second_reads_words": (one, 2 * one, 2 * one),
        "second_reads_both": (one, one + second + units * inputs, 2 * one),
        "weights_shared": (one, one + second, one),
        "biases_forgotten": (one - units, one + second - 2 * units, 2 * (one - units)),
    }.get(slip, (one, one + second, 2 * one))


# ---- 07.6 a hundred steps in five layers


def layers_of(answer: Any) -> list[tuple[int, int]] | None:
    """(kernel, dilation) of each layer, or None where it is no such pair of lists."""
    try:
        kernels, dilations = answer
        pairs = [(int(k), int(d)) for k, d in zip(kernels, dilations, strict=True)]
    except (TypeError, ValueError):
        return None
    return pairs if pairs and all(d >= 1 for _, d in pairs) else None


def heard(answer: Any) -> set[int]:
    """How many steps back each input lies that the top output can hear."""
    reach = {0}
    for kernel, dilation in layers_of(answer) or ():
        reach = {back + j * dilation for back in reach for j in range(kernel)}
    return reach


WRONG_LAYERS: dict[str, tuple[Any, Callable[[Any], bool]]] = {
    "no_layers": ([3, 3, 3], lambda given: layers_of(given) is None),
    "too_many": (([2] * 7, [1, 2, 4, 8, 16, 32, 64]), lambda given: len(given[0]) > 5),
    "out_of_range": (([100], [1]), lambda given: any(not 2 <= kernel <= 4 for kernel, _ in layers_of(given) or ())),
    "too_short": (([3, 3, 3, 3], [1, 2, 4, 8]), lambda given: max(heard(given)) < 99),
    "with_holes": (([4, 4], [1, 40]), lambda given: not set(range(100)) <= heard(given)),
}


def far_enough(given: Any) -> bool:
    """Whether it is none of these."""
    return not any(sign(given) for _, sign in WRONG_LAYERS.values())


EXERCISES = (
    posed("07.1", of_the_layers, receptive_field, inputs=some_layers),
    posed("07.2", backwards, inputs=padded_batch),
    posed("07.3", of_the_layer, convolve, inputs=normal((7, 3), (3, 2, 3), (2,))),
    posed("07.4", of_the_network, root_vector, inputs=a_sentence),
    posed("07.5", counted, prices, inputs=sizes(2, 40), parts=("one layer", "two layers", "both ways")),
    posed("07.6", ([4, 4, 4, 4], [1, 4, 16, 64]), WRONG_LAYERS, accepts=far_enough),
)
