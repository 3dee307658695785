"""The tree composer: one sentence, bracketed in several ways. Chapter 07."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..checks import as_flag, one_of
from ..diagrams import Pages, composition
from ..exercises import predict
from ..functions import FloatArray
from ..layers import TreeRNN
from ..layers.tree import bracket
from ..views.tree import LONGEST, tree_run
from .bounds import a_kind, a_page, a_seed, a_text
from .laboratory import Laboratory, choice, text

__all__ = ["TreeComposer"]

INPUTS, HIDDEN = 4, 6
SHAPES = {"to the right": "right", "to the left": "left", "balanced": "balanced", "as typed": "typed"}
SENTENCE = "he is not sad but very happy today"


class TreeComposer(Laboratory):
    """One sentence over different trees: step from the words to the root, and look into any node.

    sentence: at most 9 words; with brackets, such as ((he is) (not sad)), for the shape "typed". shape: "right",
    "left", "balanced" or "typed". layer, vectors: a `TreeRNN`, and a function from a word to its vector (I,); without
    them a network with random weights and a random vector for each word (`seed`, 0 to 2**32 - 1), which has learned
    nothing. ask: a question first, until a control has been moved. t, present: as in `Stepper`. Wrong brackets get a
    sentence that says what is wrong. ValueError for a shape, a seed or a sentence that cannot be used, TypeError for
    what is of another kind. Chapter 07.
    """

    def __init__(
        self,
        sentence: str = SENTENCE,
        *,
        shape: str = "balanced",
        layer: TreeRNN | None = None,
        vectors: Callable[[str], FloatArray] | None = None,
        seed: int = 3,
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        if (layer is None) != (vectors is None):
            raise ValueError("layer, vectors: expected both, or none of them")
        one_of("shape", shape, SHAPES.values())
        if layer is not None:
            a_kind("layer", layer, TreeRNN, "a TreeRNN")
            a_kind("vectors", vectors, Callable, "a function from a word to its vector")
        try:
            _parsed(a_text("sentence", sentence), shape)
        except ValueError as problem:
            raise ValueError(f"sentence: {problem}") from None
        self.layer, self.vectors, self.ask = layer, vectors, as_flag("ask", ask)
        super().__init__(
            choice("shape", SHAPES, shape, label="branches"),
            text("sentence", sentence, placeholder="words, with brackets if you like: ((he is) (not sad))"),
            seed=a_seed(seed) if layer is None else None,
            t=a_page(t),
            present=as_flag("present", present),
            fixed=() if layer is None else ("layer=layer", "vectors=vectors"),
        )

    def draw(self, *, shape: str, sentence: str, seed: int = 0) -> Pages:
        """The pages for this sentence over this tree."""
        words, tree = _parsed(sentence, shape)
        layer = self.layer or TreeRNN(INPUTS, HIDDEN, init=0.7, rng=np.random.default_rng(seed))
        vectors = self.vectors or (lambda word: np.random.default_rng([seed, *word.encode()]).normal(size=INPUTS))
        x = np.array([vectors(word) for word in words], layer.dtype)
        ask = predict.composition() if self.ask and self.values == self._first else None
        return composition(tree_run(layer, x, tree, words), ask=ask)


def _parsed(sentence: str, shape: str) -> tuple[list[str], Any]:
    """The words of a sentence and its tree. ValueError, in a sentence, for too many words and for wrong brackets."""
    words = re.findall(r"[^\s()]+", sentence)
    if not 1 <= len(words) <= LONGEST:
        raise ValueError(f"I take 1 to {LONGEST} words, and got {len(words)}.")
    return words, read_tree(sentence) if shape == "typed" else bracket(len(words), shape)


def read_tree(text: str) -> Any:
    """Brackets as nested pairs of positions: "((a b) c)" is ((0, 1), 2). ValueError, in a sentence, for wrong ones."""
    open_parts: list[list[Any]] = [[]]
    count = 0
    for piece in re.findall(r"[()]|[^\s()]+", text):
        if piece == "(":
            open_parts.append([])
        elif piece == ")":
            if len(open_parts) == 1:
                raise ValueError("There is a ) without a ( before it.")
            open_parts[-2].append(_pair(open_parts.pop()))
        else:
            open_parts[-1].append(count)
            count += 1
    if len(open_parts) > 1:
        raise ValueError(f"There is no ) for {len(open_parts) - 1} of the (.")
    return _pair(open_parts[0])


def _pair(parts: list[Any]) -> Any:
    if len(parts) == 1:
        return parts[0]
    if len(parts) != 2:
        raise ValueError(f"A node joins two parts, and here are {len(parts)} side by side: add brackets.")
    return parts[0], parts[1]
