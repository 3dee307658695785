"""Recursion over structure: one composition at every node of a binary tree."""

from functools import reduce
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from ..checks import as_dtype, as_flag, as_floats, as_size, expect, one_of
from ..functions import FloatArray, IntArray, tanh, tanh_slope
from ..parameters import Init, as_init, initial
from .base import Back, D, Layer, Lengths, Ran, Rng

Tree = Any  # a leaf's position 0..n-1, or a pair (Tree, Tree)
PARENT = object()  # in `_walk`: both children are done


class Forest(NamedTuple):
    """B sentences with a tree each: x (T, B, I) the leaves' vectors, trees: nested pairs of positions, ((0, 1), 2).

    walks: the nodes of each tree, which a layer's `check` finds once for all batches that are taken of its forest.
    """

    x: FloatArray
    trees: tuple[Tree, ...]
    walks: tuple[IntArray, ...] = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the leaves' array."""
        return self.x.shape

    def take(self, chosen: IntArray) -> "Forest":
        """The chosen sentences."""
        trees, walks = (tuple(each[n] for n in chosen) if each else () for each in (self.trees, self.walks))
        return Forest(np.ascontiguousarray(self.x[:, chosen]), trees, walks)


class Plan(NamedTuple):
    """The order of work: leaves first, then all nodes of height 1 at once, then of height 2, ... over all trees.

    leaves: (positions, sentences); levels: (first node, left children, right children); roots: a node a sentence;
    left, right: the children of all nodes that have some.
    """

    leaves: tuple[IntArray, IntArray]
    levels: list[tuple[int, IntArray, IntArray]]
    roots: IntArray
    left: IntArray
    right: IntArray


class TreeTape(NamedTuple):
    """The input and the plan as they came, and h (M, H): the vector of every node, leaves first."""

    layer: "TreeRNN"
    forest: Forest
    plan: Plan
    h: FloatArray


def bracket(n: int, shape: str = "right") -> Tree:
    """A tree over positions 0..n-1: "right" (0, (1, (2, 3))), "left" (((0, 1), 2), 3), "balanced" ((0, 1), (2, 3))."""
    as_size("n", n), one_of("shape", shape, ("right", "left", "balanced"))
    leaves: list[Tree] = list(range(n))
    if shape == "left":
        return reduce(lambda tree, leaf: (tree, leaf), leaves)
    if shape == "right":
        return reduce(lambda tree, leaf: (leaf, tree), reversed(leaves))
    return _halves(leaves)


def _halves(leaves: list[Tree]) -> Tree:
    middle = (len(leaves) + 1) // 2
    return leaves[0] if len(leaves) == 1 else (_halves(leaves[:middle]), _halves(leaves[middle:]))


class TreeRNN(Layer):
    """A recursive network (Goller and Kuechler, 1996; Socher et al., 2011): the same weights at every node.

    leaf: `h = tanh(W_xh x + b_h)`; node: `h = tanh(W_lh h_left + W_rh h_right + b_n)`. W_xh (H, I), W_lh and W_rh (H,
    H). Reads a `Forest`; gives the roots' vectors, (1, B, H). Depth is the tree's: n - 1 for a chain, about log2 n
    balanced. For its backward pass it keeps H numbers a node. Chapter 07.
    """

    names = ("W_xh", "b_h", "W_lh", "W_rh", "b_n")
    keeps_time = False

    def __init__(
        self, inputs: int, hidden: int, *, rng: np.random.Generator, init: Init = "uniform", dtype: DTypeLike = "f8"
    ) -> None:
        self.inputs, self.outputs = as_size("inputs", inputs), as_size("hidden", hidden)
        self.dtype = as_dtype(dtype)
        spread = "uniform" if isinstance(as_init(init), str) else init
        self.W_xh = initial(spread, (hidden, inputs), hidden, rng, self.dtype)
        self.W_lh, self.W_rh = (initial(init, (hidden, hidden), hidden, rng, self.dtype) for _ in range(2))
        self.b_h, self.b_n = np.zeros(hidden, self.dtype), np.zeros(hidden, self.dtype)

    def __repr__(self) -> str:
        return f"TreeRNN(inputs={self.inputs}, hidden={self.outputs})"

    def check(self, x: Any, lengths: Lengths = None) -> tuple[Forest, None]:
        expect(isinstance(x, Forest), f"x: expected Forest(x, trees), got {type(x).__name__}", TypeError)
        expect(lengths is None, "lengths: expected None, because the trees say where a sentence ends")
        leaves = as_floats("x", x.x, ("T", "B", self.inputs), self.dtype)
        B, given = leaves.shape[1], len(x.trees)
        expect(given == B, f"trees: expected {B}, one for each sentence, got {given}")
        known = len(x.walks) == B and max(map(len, x.walks), default=0) < 2 * len(leaves)  # 2 n - 1 nodes a tree
        walks = x.walks if known else tuple(_walk(tree, b, len(leaves)) for b, tree in enumerate(x.trees))
        return Forest(leaves, tuple(x.trees), walks), None

    def forward(self, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng = None) -> Ran:
        forest, _ = self.check(x, lengths)
        self.check_state(state, len(forest.trees))
        plan = _plan(forest)
        n = len(plan.leaves[0])
        h = np.empty((n + len(plan.left), self.outputs), self.dtype)
        h[:n] = tanh(np.dot(forest.x[plan.leaves], self.W_xh.T) + self.b_h)
        for start, left, right in plan.levels:
            h[start:][: len(left)] = tanh(np.dot(h[left], self.W_lh.T) + np.dot(h[right], self.W_rh.T) + self.b_n)
        return h[plan.roots][None], (), TreeTape(self, forest, plan, h)

    def backward(self, d_y: D, tape: Any, d_final: Any = None, *, inputs: bool = True) -> Back:
        """Backpropagation through structure: from the roots down, each node hands its gradient to its two children."""
        d_y = self.check_back(d_y, tape, lambda own: (1, len(own.forest.trees), self.outputs), d_final)
        _, forest, plan, h = tape
        d_h, slope, n = np.zeros_like(h), tanh_slope(h), len(plan.leaves[0])
        d_h[plan.roots] = 0 if d_y is None else d_y[0]
        for start, left, right in reversed(plan.levels):
            here = slice(start, start + len(left))
            d_a = d_h[here] * slope[here]
            d_h[left], d_h[right] = np.dot(d_a, self.W_lh), np.dot(d_a, self.W_rh)
        d_a = d_h * slope
        d_leaf, d_node, d_x = d_a[:n], d_a[n:], np.zeros_like(forest.x)
        grads = {"W_xh": np.dot(d_leaf.T, forest.x[plan.leaves]), "b_h": np.add.reduce(d_leaf, axis=0)}
        grads |= {"W_lh": np.dot(d_node.T, h[plan.left]), "W_rh": np.dot(d_node.T, h[plan.right])}
        d_x[plan.leaves] = np.dot(d_leaf, self.W_xh)
        return (d_x if as_flag("inputs", inputs) else None), (), grads | {"b_n": np.add.reduce(d_node, axis=0)}

    def nodes(self, tape: TreeTape) -> FloatArray:
        """The vectors of all nodes of a run, (M, H): leaves first, then by height; the last one is a root."""
        self.check_back(None, tape)
        return tape.h


def _plan(forest: Forest) -> Plan:
    """All nodes of all trees, sorted by height. A node stands in exactly one place, so its gradient has one source."""
    sizes = np.array([len(walk) for walk in forest.walks], np.intp)
    ends, owners = np.cumsum(sizes), np.repeat(np.arange(len(sizes)), sizes)
    table = np.concatenate([np.empty((0, 3), np.intp), *forest.walks])
    table[:, 1:] += np.where(table[:, :1] > 0, np.repeat(ends - sizes, sizes)[:, None], 0)  # numbers among all nodes
    order = np.argsort(table[:, 0], kind="stable")
    place = np.argsort(order)  # from the number of a node among all to its number in the order of work
    heights, left, right = table[order].T
    starts = np.searchsorted(heights, np.arange(1, heights.max(initial=0) + 2))
    n = starts[0]  # leaves
    leaves, left, right = (left[:n], owners[order[:n]]), place[left[n:]], place[right[n:]]
    levels = [(int(a), left[a - n : b - n], right[a - n : b - n]) for a, b in pairwise(starts)]
    return Plan(leaves, levels, place[ends - 1], left, right)


def _walk(tree: Tree, b: int, T: int) -> IntArray:
    """One tree's leaves (0, position, 0) and nodes (height, left child, right child), children before parents and the
    root last, without recursion."""
    found, done, todo, leaf = list[tuple[int, int, int]](), list[int](), [tree], 0  # done: they have no parent yet
    while todo:
        part = todo.pop()
        if part is PARENT:
            right, left = done.pop(), done.pop()
            entry = 1 + max(found[left][0], found[right][0]), left, right
        elif isinstance(part, tuple) and len(part) == 2:
            todo += [PARENT, part[1], part[0]]
            continue
        else:
            wanted = f"nested pairs (tuples) with the leaves 0, 1, 2, ... from left to right (at most {T})"
            fits = isinstance(part, (int, np.integer)) and part == leaf < T
            expect(fits, f"trees[{b}]: expected {wanted}, got {part!r} as leaf {leaf}")
            entry, leaf = (0, leaf, 0), leaf + 1
        done.append(len(found))
        found.append(entry)
    return np.array(found, np.intp)
