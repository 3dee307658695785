"""A sentence over a tree: the vectors of all nodes, in the order of work. Chapter 07."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..checks import expect
from ..functions import FloatArray
from ..layers import Forest, TreeRNN

__all__ = ["LONGEST", "Node", "TreeRun", "tree_run"]

LONGEST = 9  # words that have room


@dataclass(frozen=True)
class Node:
    """One place in the tree: its number in the vectors, its children's (none for a leaf), its words, from and to."""

    number: int
    children: tuple[int, ...]
    first: int
    last: int
    height: int


@dataclass(frozen=True)
class TreeRun:
    """A sentence over a tree: nodes in the order of work, leaves first. numbers: name -> (M, H), a row for each node:
    h, its vector; left, right and bias, what `total` is the sum of (NaN for a leaf)."""

    tokens: tuple[str, ...]
    nodes: tuple[Node, ...]
    numbers: dict[str, FloatArray]

    @property
    def inner(self) -> tuple[Node, ...]:
        """The nodes that are composed."""
        return tuple(node for node in self.nodes if node.children)

    @property
    def depth(self) -> int:
        """How many compositions lie one upon the other."""
        return self.nodes[-1].height

    def words(self, node: Node) -> str:
        return " ".join(self.tokens[node.first : node.last + 1])


def tree_run(layer: TreeRNN, x: FloatArray, tree: Any, tokens: Sequence[str]) -> TreeRun:
    """The vectors of all nodes, by the layer's own run. x (T, I), a row for each word; tree: nested pairs of positions.

    ValueError for more than 9 words, a tree that does not fit, or what is not finite. Chapter 07.
    """
    fits = 1 <= len(x) <= LONGEST and len(tokens) == len(x)
    expect(fits, f"x: expected 1 to {LONGEST} words, each with a token, got {len(x)} and {len(tokens)} tokens")
    forest, _ = layer.check(Forest(x[:, None], (tree,)))
    _, _, tape = layer.forward(forest)
    expect(np.isfinite(tape.h).all(), "x: expected finite numbers, got NaN or infinity")
    nodes = [Node(n, (), int(place), int(place), 0) for n, place in enumerate(tape.plan.leaves[0])]
    for height, (_, lefts, rights) in enumerate(tape.plan.levels, 1):
        for left, right in zip(lefts, rights, strict=True):
            nodes.append(Node(len(nodes), (int(left), int(right)), nodes[left].first, nodes[right].last, height))
    h = tape.h.copy()
    parts = {name: np.full(h.shape, np.nan) for name in ("left", "right", "bias")}
    for node in nodes:
        for name, W, child in zip(("left", "right"), (layer.W_lh, layer.W_rh), node.children, strict=False):
            parts[name][node.number], parts["bias"][node.number] = W @ h[child], layer.b_n
    return TreeRun(tuple(tokens), tuple(nodes), {"h": h, "total": sum(parts.values()), **parts})  # type: ignore[dict-item]
