"""Recursion over structure: one composition at every node of a binary tree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from ..checks import as_dtype, as_floats, as_size, one_of
from ..functions import FloatArray, IntArray, tanh, tanh_slope
from ..parameters import Grads, initial
from .base import Back, Layer, Lengths, Ran, Rng

__all__ = ["Forest", "TreeRNN", "bracket"]

Tree = Any  # a leaf's position 0..n-1, or a pair (Tree, Tree)


class Forest(NamedTuple):
    """B sentences with a tree each: x (T, B, I) the leaves' vectors, trees: nested pairs of positions, ((0, 1), 2)."""

    x: FloatArray
    trees: tuple[Tree, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the leaves' array."""
        return self.x.shape

    def take(self, chosen: IntArray) -> Forest:
        """The chosen sentences."""
        return Forest(np.ascontiguousarray(self.x[:, chosen]), tuple(self.trees[n] for n in chosen))


class Plan(NamedTuple):
    """The order of work: leaves first, then all nodes of height 1 at once, then of height 2, ... over all trees.

    leaves: (positions, sentences); levels: (first node, left children, right children); roots: a node a sentence.
    """

    leaves: tuple[IntArray, IntArray]
    levels: list[tuple[int, IntArray, IntArray]]
    roots: IntArray


class TreeTape(NamedTuple):
    """The input and the plan as they came, and h (M, H): the vector of every node, leaves first."""

    layer: TreeRNN
    forest: Forest
    plan: Plan
    h: FloatArray


def bracket(n: int, shape: str = "right") -> Tree:
    """A tree over positions 0..n-1: "right" (0, (1, (2, 3))), "left" (((0, 1), 2), 3), "balanced" ((0, 1), (2, 3))."""
    as_size("n", n), one_of("shape", shape, ("right", "left", "balanced"))

    def halves(start: int, stop: int) -> Tree:
        middle = (start + stop + 1) // 2
        return start if stop - start == 1 else (halves(start, middle), halves(middle, stop))

    if shape == "balanced":
        return halves(0, n)
    tree: Tree = n - 1 if shape == "right" else 0
    for k in range(n - 2, -1, -1) if shape == "right" else range(1, n):
        tree = (k, tree) if shape == "right" else (tree, k)
    return tree


class TreeRNN(Layer):
    """A recursive network (Goller and Kuechler, 1996; Socher et al., 2011): the same weights at every node.

    leaf: `h = tanh(W_xh x + b_h)`; node: `h = tanh(W_lh h_left + W_rh h_right + b_n)`. W_xh (H, I), W_lh and W_rh (H,
    H). Reads a `Forest`; gives the roots' vectors, (1, B, H). Depth is the tree's: n - 1 for a chain, about log2 n
    balanced. For its backward pass it keeps H numbers a node. Chapter 07.
    """

    names = ("W_xh", "b_h", "W_lh", "W_rh", "b_n")
    keeps_time = False

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        rng: np.random.Generator,
        init: float | str = "uniform",
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("hidden", hidden)
        self.dtype = as_dtype(dtype)
        spread = "uniform" if isinstance(init, str) else init
        self.W_xh = initial(spread, (hidden, inputs), hidden, rng, self.dtype)
        self.W_lh, self.W_rh = (initial(init, (hidden, hidden), hidden, rng, self.dtype) for _ in range(2))
        self.b_h, self.b_n = np.zeros(hidden, self.dtype), np.zeros(hidden, self.dtype)

    def __repr__(self) -> str:
        return f"TreeRNN(inputs={self.inputs}, hidden={self.outputs})"

    def check(self, x: Any, lengths: Lengths = None) -> tuple[Forest, None]:
        if not isinstance(x, Forest):
            raise TypeError(f"x: expected Forest(x, trees), got {type(x).__name__}")
        if lengths is not None:
            raise ValueError("lengths: expected None, because the trees say where a sentence ends")
        leaves = as_floats("x", x.x, ("T", "B", self.inputs), self.dtype)
        if len(x.trees) != leaves.shape[1]:
            raise ValueError(f"trees: expected {leaves.shape[1]}, one for each sentence, got {len(x.trees)}")
        forest = Forest(leaves, tuple(x.trees))
        try:
            _plan(forest.trees, len(leaves))
        except TypeError:  # a list cannot be hashed
            b = next(b for b, tree in enumerate(forest.trees) if not _hashable(tree))
            raise ValueError(f"trees[{b}]: expected nested pairs as tuples, such as ((0, 1), 2), got a list") from None
        return forest, None

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        forest, _ = self.check(x, lengths)
        self.check_state(state, len(forest.trees))
        plan = _plan(forest.trees, len(forest.x))
        n = len(plan.leaves[0])
        h = np.empty((n + sum(len(left) for _, left, _ in plan.levels), self.outputs), self.dtype)
        h[:n] = tanh(np.dot(forest.x[plan.leaves], self.W_xh.T) + self.b_h)
        for start, left, right in plan.levels:
            a = np.dot(h[left], self.W_lh.T) + np.dot(h[right], self.W_rh.T) + self.b_n
            h[start : start + len(left)] = tanh(a)
        return h[plan.roots][None], (), TreeTape(self, forest, plan, h)

    def backward(self, d_y: FloatArray | None, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """Backpropagation through structure: from the roots down, each node hands its gradient to its two children."""
        d_y = self.check_back(d_y, tape, (1, "B", self.outputs))
        _, forest, plan, h = tape
        d_h, n = np.zeros_like(h), len(plan.leaves[0])
        grads: Grads = {name: np.zeros_like(array) for name, array in self.params.items()}
        if d_y is not None:
            d_h[plan.roots] = d_y[0]
        for start, left, right in reversed(plan.levels):
            here = slice(start, start + len(left))
            d_a = d_h[here] * tanh_slope(h[here])
            grads["W_lh"] += np.dot(d_a.T, h[left])
            grads["W_rh"] += np.dot(d_a.T, h[right])
            grads["b_n"] += d_a.sum(axis=0)
            d_h[left], d_h[right] = np.dot(d_a, self.W_lh), np.dot(d_a, self.W_rh)
        d_a = d_h[:n] * tanh_slope(h[:n])
        grads["W_xh"], grads["b_h"] = np.dot(d_a.T, forest.x[plan.leaves]), np.add.reduce(d_a, axis=0)
        d_x = np.zeros_like(forest.x)
        d_x[plan.leaves] = np.dot(d_a, self.W_xh)
        return (d_x if inputs else None), (), grads

    def nodes(self, tape: TreeTape) -> FloatArray:
        """The vectors of all nodes of a run, (M, H): leaves first, then by height; the last one is a root."""
        return tape.h


def _hashable(tree: Tree) -> bool:
    try:
        hash(tree)
    except TypeError:
        return False
    return True


@lru_cache(maxsize=256)
def _plan(trees: tuple[Tree, ...], T: int) -> Plan:
    """All nodes of all trees, sorted by height. A node stands in exactly one place, so its gradient has one source."""
    leaves: list[tuple[int, int]] = []
    nodes: list[tuple[int, int, int]] = []  # height, left, right; a leaf is k, a node is -1 - k, until they are sorted
    roots = [_walk(tree, b, T, leaves, nodes) for b, tree in enumerate(trees)]
    order = np.argsort([height for height, _, _ in nodes], kind="stable").astype(np.intp)
    place = np.empty(len(nodes), np.intp)
    place[order] = np.arange(len(nodes)) + len(leaves)

    def final(ids: Sequence[int]) -> IntArray:
        array = np.array(ids, np.intp)
        array[array < 0] = place[-1 - array[array < 0]]
        return array

    levels, start = [], len(leaves)
    heights = np.array([nodes[k][0] for k in order], np.intp)
    for height in np.unique(heights):
        chosen = [nodes[k] for k in order[heights == height]]
        levels.append((start, final([left for _, left, _ in chosen]), final([right for _, _, right in chosen])))
        start += len(chosen)
    positions, sentences = (np.array(side, np.intp) for side in (zip(*leaves, strict=True) if leaves else ((), ())))
    return Plan((positions, sentences), levels, final(roots))


def _walk(tree: Tree, b: int, T: int, leaves: list[tuple[int, int]], nodes: list[tuple[int, int, int]]) -> int:
    """Add one tree's leaves and nodes, children before parents, without recursion; give back its root."""
    done: list[tuple[int, int]] = []  # (node, height)
    todo: list[tuple[Tree, bool]] = [(tree, False)]
    first = len(leaves)
    while todo:
        part, ready = todo.pop()
        if ready:
            (right, high), (left, low) = done.pop(), done.pop()
            nodes.append((1 + max(high, low), left, right))
            done.append((-len(nodes), 1 + max(high, low)))
        elif isinstance(part, tuple) and len(part) == 2:
            todo += [(part, True), (part[1], False), (part[0], False)]
        elif isinstance(part, (int, np.integer)) and part == len(leaves) - first < T:
            leaves.append((int(part), b))
            done.append((len(leaves) - 1, 0))
        else:
            raise ValueError(
                f"trees[{b}]: expected nested pairs with the leaves 0, 1, 2, ... from left to right "
                f"(at most {T}), got {part!r} as leaf {len(leaves) - first}"
            )
    return done[0][0]
