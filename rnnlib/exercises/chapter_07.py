"""Exercises and quiz of chapter 07: both ways, in layers, through a window, along a tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, IntArray
from ..layers import Bidirectional, Conv1D, Recurrent, Stacked, TreeRNN
from ..layers.tree import Forest
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]


# ---- 07.1 how far it sees


def some_layers(rng: np.random.Generator) -> tuple[list[int], list[int]]:
    """Kernels and dilations of three or four layers."""
    layers = int(rng.integers(3, 5))
    return rng.integers(2, 6, layers).tolist(), rng.integers(2, 9, layers).tolist()


def receptive_field(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    """What the library's layers say of themselves, one after the other."""
    rng = np.random.default_rng(0)
    layers = [Conv1D(1, 1, kernel=k, dilation=d, rng=rng) for k, d in zip(kernels, dilations, strict=True)]
    return 1 + sum(layer.receptive_field - 1 for layer in layers)


def multiplied(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    return int(np.prod(kernels))


def no_dilation(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    return 1 + sum(k - 1 for k in kernels)


def not_itself(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    return sum((k - 1) * d for k, d in zip(kernels, dilations, strict=True))


def whole_kernels(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    return sum(k * d for k, d in zip(kernels, dilations, strict=True))


def top_alone(kernels: Sequence[int], dilations: Sequence[int]) -> int:
    return 1 + (kernels[-1] - 1) * dilations[-1]


FIELD = Exercise(
    "07.1",
    "Write `receptive_field(kernels, dilations)`: how many steps one output of the top layer can see.",
    receptive_field,
    (
        Wrong(
            multiplied,
            "the kernels are multiplied. Windows that lie on top of each other overlap: reaches add up.",
            "Two layers with kernel 3 see 5 steps and not 9.",
        ),
        Wrong(no_dilation, "the dilations are left out.", "A step in a layer with dilation d is d steps long."),
        Wrong(not_itself, "one too few: the step itself can be seen, too.", "With kernel 1 everywhere it sees 1 step."),
        Wrong(
            whole_kernels,
            "each layer counts as k · d. Between k steps there are k - 1 gaps.",
            "Draw kernel 2, dilation 1: it reaches one step back, not two.",
        ),
        Wrong(top_alone, "this is the field of the top layer by itself, over the layer below it.", "Add all layers."),
    ),
    (
        "How many steps further back does one layer reach? Then add the layers.",
        "A layer adds (k - 1) · d to the reach. The step itself is there from the start: 1 + ...",
    ),
    inputs=some_layers,
    praise="right. Reaches add up, and 1 is for the step itself.",
)


# ---- 07.2 backwards, with padding


def padded_batch(rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """x (6, 4, 2) with numbers in the padding, too, and lengths (4,)."""
    return rng.normal(size=(6, 4, 2)), np.array([6, 2, 5, 3])[rng.permutation(4)]


def backwards(x: FloatArray, lengths: IntArray) -> FloatArray:
    """What a reading from the right sees, step by step."""
    result = x.copy()
    for b, n in enumerate(lengths):
        result[:n, b] = x[:n, b][::-1]
    return result


def with_its_padding(x: FloatArray, lengths: IntArray) -> FloatArray:
    return x[::-1].copy()


def sequences_in_reverse(x: FloatArray, lengths: IntArray) -> FloatArray:
    return x[:, ::-1].copy()


def numbers_in_reverse(x: FloatArray, lengths: IntArray) -> FloatArray:
    result = x.copy()
    for b, n in enumerate(lengths):
        result[:n, b] = x[:n, b, ::-1]
    return result


def padding_lost(x: FloatArray, lengths: IntArray) -> FloatArray:
    result = np.zeros_like(x)
    for b, n in enumerate(lengths):
        result[:n, b] = x[:n, b][::-1]
    return result


def one_step_short(x: FloatArray, lengths: IntArray) -> FloatArray:
    result = x.copy()
    for b, n in enumerate(lengths):
        result[: n - 1, b] = x[: n - 1, b][::-1]
    return result


BACKWARDS = Exercise(
    "07.2",
    "Write `backwards(x, lengths)`: each sequence in reverse, its padding in place.",
    backwards,
    (
        Wrong(
            with_its_padding,
            "the padding is reversed along with the words: short sequences now begin with padding.",
            "Each sequence has its own last step, `lengths[b] - 1`.",
        ),
        Wrong(
            sequences_in_reverse,
            "the sequences of the batch have changed places. It is time that runs backwards.",
            "Time is the first axis of x (T, B, I).",
        ),
        Wrong(
            numbers_in_reverse,
            "the numbers of each vector are in reverse. It is time that runs backwards.",
            "Time is the first axis, the vector is the last one.",
        ),
        Wrong(padding_lost, "what lies past the end is 0 now: leave it as it was.", "Begin with a copy of x."),
        Wrong(
            one_step_short,
            "the last word of each sequence has stayed where it was: off by one.",
            "`x[:n]` has n steps, the last one is number n - 1.",
        ),
    ),
    (
        "A loop over the sequences is fine: for b, n in enumerate(lengths).",
        "`result[:n, b] = x[:n, b][::-1]`, on a copy of x.",
    ),
    inputs=padded_batch,
    praise="right. Read this from the left, and you read the original from the right.",
)


# ---- 07.3 a causal convolution


def a_window(rng: np.random.Generator) -> tuple[FloatArray, ...]:
    """x (7, 3), W (3, 2, 3), b (2,)."""
    return rng.normal(size=(7, 3)), rng.normal(size=(3, 2, 3)), rng.normal(size=2)


def convolve(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    """What the library's layer gives with these weights."""
    k, O, I = W.shape  # noqa: E741
    layer = Conv1D(I, O, kernel=k, activation=None, rng=np.random.default_rng(0))
    layer.set_params({"W_k": W, "b_k": b})
    y: FloatArray = layer.forward(x[:, None])[0][:, 0]
    return y


def windows(
    x: FloatArray, W: FloatArray, b: FloatArray, step: Callable[[int, int, int], int], backwards: bool = False
) -> FloatArray:
    """y_t = b + sum_j W_j x_(step(t, j, k)), where x is 0 outside."""
    k = len(W)
    y = np.tile(b, (len(x), 1))
    for t in range(len(x)):
        for j in range(k):
            at = step(t, j, k)
            if 0 <= at < len(x):
                y[t] = y[t] + W[k - 1 - j if backwards else j] @ x[at]
    return y


def looks_ahead(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return windows(x, W, b, lambda t, j, k: t + j)


def centred(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return windows(x, W, b, lambda t, j, k: t + j - (k - 1) // 2)


def kernel_turned(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return windows(x, W, b, lambda t, j, k: t - (k - 1) + j, backwards=True)


def wraps_around(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return windows(x, W, b, lambda t, j, k: (t - (k - 1) + j) % len(x))


def bias_each_time(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return convolve(x, W, b) + (len(W) - 1) * b


def without_bias(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return convolve(x, W, 0 * b)


def only_whole_windows(x: FloatArray, W: FloatArray, b: FloatArray) -> FloatArray:
    return convolve(x, W, b)[len(W) - 1 :]


CONVOLVE = Exercise(
    "07.3",
    "Write `convolve(x, W, b)`: one sequence through one causal convolution.",
    convolve,
    (
        Wrong(
            looks_ahead,
            "it reads x_t and what comes *after* it. A causal one reads x_t and what came before.",
            "The window of y_t ends at t: the steps t - (k - 1), ..., t.",
        ),
        Wrong(centred, "the window is centred on t: it looks ahead by half of it.", "It has to end at t."),
        Wrong(
            kernel_turned,
            "the kernel is turned round: `W[0]` meets the newest step. Here it meets the oldest.",
            "`W[j]` meets x at t - (k - 1) + j.",
        ),
        Wrong(
            wraps_around,
            "at the beginning it reads the end: a negative index counts from the back in Python.",
            "Before the beginning x counts as 0: leave those terms out.",
        ),
        Wrong(bias_each_time, "the bias is added for every step of the window. It is added once.", "b + sum of ..."),
        Wrong(without_bias, "the bias is left out.", "b + sum of ..."),
        Wrong(
            only_whole_windows,
            "the first outputs are missing: there are as many outputs as inputs.",
            "At the first steps, a part of the window lies before the beginning, where x counts as 0.",
        ),
    ),
    (
        "Two loops: over t, and over the k steps of the window.",
        "`y[t] = b + sum(W[j] @ x[t - (k - 1) + j] for j in range(k) if t - (k - 1) + j >= 0)`",
    ),
    inputs=a_window,
    praise="right. No y is on the right-hand side: nothing waits.",
)


# ---- 07.4 a function that calls itself

Tree = Any
Weights = tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]
TREES = ((0, ((1, 2), (3, 4))), (((0, 1), 2), (3, 4)), ((0, (1, 2)), ((3, 4), 5)))


def a_sentence(rng: np.random.Generator) -> tuple[Any, ...]:
    """A tree, x (6, 4), and the weights of a recursive network with H = 3."""
    tree = TREES[rng.integers(len(TREES))]
    sizes: tuple[tuple[int, ...], ...] = ((3, 4), (3,), (3, 3), (3, 3), (3,))
    return tree, rng.normal(size=(6, 4)), *(rng.normal(size=size) for size in sizes)


def root_vector(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    """What the library's network gives with these weights."""
    network = TreeRNN(x.shape[1], len(weights[0]), rng=np.random.default_rng(0))
    network.set_params(dict(zip(network.names, weights, strict=True)))
    root: FloatArray = network.forward(Forest(x[:, None], (tree,)))[0][0, 0]
    return root


def composed(tree: Tree, leaf: Callable[[int], FloatArray], node: Callable[..., FloatArray]) -> FloatArray:
    """The vector of a tree, with these two rules."""
    if isinstance(tree, tuple):
        return node(*(composed(part, leaf, node) for part in tree))
    return leaf(tree)


def _leaf(x: FloatArray, W_xh: FloatArray, b_h: FloatArray) -> Callable[[int], FloatArray]:
    def leaf(k: int) -> FloatArray:
        vector: FloatArray = np.tanh(W_xh @ x[k] + b_h)
        return vector

    return leaf


def children_swapped(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    W_xh, b_h, W_lh, W_rh, b_n = weights
    return root_vector(tree, x, W_xh, b_h, W_rh, W_lh, b_n)


def one_matrix(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    W_xh, b_h, W_lh, _, b_n = weights
    return root_vector(tree, x, W_xh, b_h, W_lh, W_lh, b_n)


def leaf_bias_everywhere(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    W_xh, b_h, W_lh, W_rh, _ = weights
    return root_vector(tree, x, W_xh, b_h, W_lh, W_rh, b_h)


def leaves_not_bent(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    W_xh, b_h, W_lh, W_rh, b_n = weights
    return composed(tree, lambda k: W_xh @ x[k] + b_h, lambda a, b: np.tanh(W_lh @ a + W_rh @ b + b_n))


def nodes_not_bent(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    W_xh, b_h, W_lh, W_rh, b_n = weights
    return composed(tree, _leaf(x, W_xh, b_h), lambda a, b: W_lh @ a + W_rh @ b + b_n)


def as_a_chain(tree: Tree, x: FloatArray, *weights: FloatArray) -> FloatArray:
    W_xh, b_h, W_lh, W_rh, b_n = weights
    leaf, h = _leaf(x, W_xh, b_h), _leaf(x, W_xh, b_h)(0)
    for k in range(1, _last(tree) + 1):
        h = np.tanh(W_lh @ h + W_rh @ leaf(k) + b_n)
    return h


def _last(tree: Tree) -> int:
    return _last(tree[1]) if isinstance(tree, tuple) else int(tree)


ROOT = Exercise(
    "07.4",
    "Write `root_vector(tree, x, W_xh, b_h, W_lh, W_rh, b_n)`: the vector of the root.",
    root_vector,
    (
        Wrong(
            children_swapped,
            "left and right are swapped: `W_lh` takes the left child.",
            "`left, right = tree`, in this order.",
        ),
        Wrong(
            one_matrix,
            "both children go through `W_lh`. Then “dog bites man” and “man bites dog” are the same.",
            "The right child has a matrix of its own, `W_rh`.",
        ),
        Wrong(
            leaf_bias_everywhere,
            "the nodes use the bias of the leaves.",
            "Leaves have `b_h`, nodes have `b_n`.",
        ),
        Wrong(leaves_not_bent, "tanh is missing at the leaves.", "Leaves are bent, too: tanh(W_xh x + b_h)."),
        Wrong(nodes_not_bent, "tanh is missing at the nodes.", "tanh(W_lh left + W_rh right + b_n)."),
        Wrong(
            as_a_chain,
            "it reads the words in a row, whatever the tree says.",
            "A node's children may be nodes: the function has to call itself on both.",
        ),
    ),
    (
        "Two cases: `tree` is a number (a leaf) or a pair (a node). `isinstance(tree, tuple)` tells.",
        "For a pair: `left = root_vector(tree[0], ...)`, the same for `tree[1]`, then one tanh.",
    ),
    inputs=a_sentence,
    praise="right. A tree is a pair of trees, and so is the function.",
)


# ---- 07.5 prices


def two_sizes(rng: np.random.Generator) -> tuple[int, int]:
    """I and H, different."""
    inputs, units = (int(size) for size in rng.choice(np.arange(2, 40), 2, replace=False))
    return inputs, units


def prices(inputs: int, units: int) -> tuple[int, int, int]:
    """What the library's layers count."""
    rng = np.random.default_rng(0)

    def layer(below: int, **options: bool) -> Recurrent:
        return Recurrent(RNNCell(below, units, rng=rng), **options)

    both = Bidirectional(layer(inputs), layer(inputs, reverse=True))
    stacked = Stacked([layer(inputs), layer(units)])
    return layer(inputs).parameter_count, stacked.parameter_count, both.parameter_count


def one_layer(inputs: int, units: int) -> int:
    return units * (inputs + units + 1)


def second_reads_words(inputs: int, units: int) -> tuple[int, int, int]:
    one = one_layer(inputs, units)
    return one, 2 * one, 2 * one


def second_reads_both(inputs: int, units: int) -> tuple[int, int, int]:
    one = one_layer(inputs, units)
    return one, one + units * (inputs + 2 * units + 1), 2 * one


def weights_shared(inputs: int, units: int) -> tuple[int, int, int]:
    one, two, _ = prices(inputs, units)
    return one, two, one


def biases_forgotten(inputs: int, units: int) -> tuple[int, int, int]:
    one, two, both = prices(inputs, units)
    return one - units, two - 2 * units, both - 2 * units


PRICES = Exercise(
    "07.5",
    "Write `prices(inputs, units)`: the numbers that one layer, two layers, and both ways learn.",
    prices,
    (
        Wrong(
            second_reads_words,
            "the second layer counts as if it read the words. It reads the states of the first: H inputs, not I.",
            "What is `x` for the layer above?",
        ),
        Wrong(
            second_reads_both,
            "the second layer counts as if it read the words *and* the first layer's states. It reads the states.",
            "H inputs for the layer above.",
        ),
        Wrong(
            weights_shared,
            "both directions count as one set of weights. Each direction has a cell of its own.",
            "f and g in section 2 are two cells.",
        ),
        Wrong(biases_forgotten, "the biases are left out.", "One for each unit of each layer and direction."),
    ),
    (
        "One layer has H(I + H + 1) numbers. What changes for the layer above it?",
        "The layer above has H(H + H + 1). Both ways are two layers with I inputs each.",
    ),
    inputs=two_sizes,
    parts=("one layer", "two layers", "both ways"),
)


# ---- 07.6 a hundred steps in five layers

Pair = tuple[Sequence[int], Sequence[int]]


def _layers(answer: Any) -> list[tuple[int, int]] | None:
    """(kernel, dilation) of each layer, or None where it is no such pair of lists."""
    try:
        kernels, dilations = answer
        pairs = [(int(k), int(d)) for k, d in zip(kernels, dilations, strict=True)]
    except (TypeError, ValueError):
        return None
    return pairs if pairs and all(d >= 1 for _, d in pairs) else None


def heard(layers: Sequence[tuple[int, int]]) -> set[int]:
    """How many steps back each input lies that the top output can hear."""
    reach = {0}
    for kernel, dilation in layers:
        reach = {back + j * dilation for back in reach for j in range(kernel)}
    return reach


def no_layers(answer: Any) -> bool:
    return _layers(answer) is None


def too_many(answer: Any) -> bool:
    layers = _layers(answer)
    return layers is not None and len(layers) > 5


def out_of_range(answer: Any) -> bool:
    layers = _layers(answer)
    return layers is not None and any(not 2 <= kernel <= 4 for kernel, _ in layers)


def too_short(answer: Any) -> bool:
    layers = _layers(answer)
    return layers is not None and max(heard(layers)) < 99


def with_holes(answer: Any) -> bool:
    layers = _layers(answer)
    return layers is not None and not set(range(100)) <= heard(layers)


def far_enough(answer: Any) -> bool:
    return not any(test(answer) for test in (no_layers, too_many, out_of_range, with_holes))


HUNDRED = Exercise(
    "07.6",
    "Give `(kernels, dilations)` of at most 5 layers that see each of the last 100 steps.",
    ([4, 4, 4, 4], [1, 4, 16, 64]),
    (
        Wrong(
            [3, 3, 3],
            "I expected two lists of the same length: `(kernels, dilations)`, whole numbers, dilations from 1.",
            "Such as `([3, 3], [1, 2])`.",
            shows=no_layers,
        ),
        Wrong(([2] * 7, [1, 2, 4, 8, 16, 32, 64]), "these are more than 5 layers.", "Try wider kernels.", too_many),
        Wrong(([100], [1]), "kernels must be 2, 3 or 4.", "Reach comes from dilation.", out_of_range),
        Wrong(
            ([3, 3, 3, 3], [1, 2, 4, 8]),
            "it does not reach 100 steps.",
            "1 + sum of (k - 1) · d, as in 07.1.",
            shows=too_short,
        ),
        Wrong(
            ([4, 4], [1, 40]),
            "it reaches far enough, but over holes: some of the last 100 steps cannot change the output.",
            "A layer must not jump further than the layers below it can see.",
            shows=with_holes,
        ),
    ),
    (
        "Let each layer's dilation be as large as the field of all layers below it, not larger.",
        "With kernel 3, fields of 1, 3, 9, 27, 81, 243 can be reached: dilations 1, 3, 9, 27, 81.",
    ),
    accepts=far_enough,
    praise="right. The field grows like a power, and nothing in it is left out.",
)


EXERCISES: tuple[Exercise, ...] = (FIELD, BACKWARDS, CONVOLVE, ROOT, PRICES, HUNDRED)


QUIZ: tuple[Item, ...] = (
    Item(
        "For which of these can a bidirectional network not be used?",
        (
            Choice("To find the names in a letter", "The whole letter is there. Both ways help."),
            Choice(
                "To put subtitles under a live broadcast, word by word",
                "The first answer would have to wait for the last word.",
                right=True,
            ),
            Choice("To say whether a review is positive", "The review is complete before it is judged."),
            Choice(
                "As the encoder of a translator", "The sentence that is translated is there. (The *decoder* may not.)"
            ),
        ),
    ),
    Item(
        "What does the second layer of a stacked network read at step t?",
        (
            Choice("The word x_t", "The first layer reads it. The second hears of it through that layer's state."),
            Choice(
                "The state of the first layer at step t, and its own at t - 1",
                "One from below, one from before.",
                right=True,
            ),
            Choice(
                "The state of the first layer at t - 1",
                "It need not wait: the first layer's new state is computed already.",
            ),
            Choice("The output of the first layer's softmax", "Between the layers go states, not probabilities."),
        ),
    ),
    Item(
        "Two convolutions with kernel 5, no dilation. What is decided 12 steps earlier?",
        (
            Choice("It is heard faintly", "That would be a recurrent network. Here no path leads from there."),
            Choice(
                "Nothing of it can be heard", "The field is 1 + 4 + 4 = 9 steps. Beyond it the network is deaf.", True
            ),
            Choice("It is heard after enough training", "Training changes weights. It builds no new paths."),
        ),
    ),
    Item(
        "In a recursive network, how many sets of weights has a sentence of 9 words with 8 nodes?",
        (
            Choice("8, one for each node", "Then it could not read a sentence of 10 words."),
            Choice("17, one for each leaf and node", "All leaves share their weights, and so do all nodes."),
            Choice(
                "2: one for leaves, one for nodes",
                "As a recurrent network shares its weights over time, this one shares them over the tree.",
                right=True,
            ),
        ),
    ),
    Item(
        "In the contest, the tree network was right each time, and over trees cut in halves it guessed. What follows?",
        (
            Choice("Trees are better than chains", "The halves are trees, too, and did worst of all at depth 5."),
            Choice(
                "The right tree is worth much, and the network was told it",
                "The structure of the answer was in the input. For real sentences somebody has to supply it.",
                right=True,
            ),
            Choice("The tree network had more parameters", "All had about 1,600."),
            Choice("Five seeds are too few to tell", "Of five seeds all five were right each time."),
        ),
    ),
)
