"""TreeRNN: the plain recursion, its gradients, and which trees are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.layers import Forest, TreeRNN, tree
from rnnlib.layers.tree import bracket

from . import reference, zoo


def tree_over(first, n, rng):
    """A random binary tree over the leaves first .. first + n - 1."""
    if n == 1:
        return first
    left = int(rng.integers(1, n))
    return tree_over(first, left, rng), tree_over(first + left, n - left, rng)


def forest(sizes, inputs=2, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((max(sizes), len(sizes), inputs)).astype(dtype)
    return Forest(x, tuple(tree_over(0, n, rng) for n in sizes))


def tree_rnn(inputs=2, hidden=3, seed=0, **options):
    return zoo.shaken(TreeRNN(inputs, hidden, rng=np.random.default_rng(seed), **options), seed)


sizes_of_sentences = st.lists(st.integers(1, 6), min_size=1, max_size=3)


@settings(max_examples=12)
@given(sizes=sizes_of_sentences, inputs=st.integers(1, 3), hidden=st.integers(1, 4), seed=st.integers(0, 99))
def test_outputs_and_gradients_are_those_of_the_plain_recursion(sizes, inputs, hidden, seed):
    layer, x = tree_rnn(inputs, hidden, seed), forest(sizes, inputs, seed)
    y, _, tape = layer.forward(x)
    d_y = np.random.default_rng(seed).standard_normal(y.shape)
    d_x, _, grads = layer.backward(d_y, tape)
    got = {"y": y, "d x": d_x} | {f"d {name}": array for name, array in grads.items()}
    reference.assert_alike(got, reference.tree_by_hand(layer, x, d_y))


def test_trees_are_walked_once_for_all_batches(monkeypatch):
    layer = tree_rnn()
    whole, _ = layer.check(forest([4, 1, 6]))
    monkeypatch.setattr(tree, "_walk", None)
    y = layer.forward(whole)[0]
    np.testing.assert_array_equal(layer.forward(whole.take(np.array([2, 0])))[0], y[:, [2, 0]])


def test_a_walk_does_not_serve_a_forest_that_has_fewer_steps():
    layer = tree_rnn()
    whole, _ = layer.check(forest([4, 1, 6]))
    with pytest.raises(ValueError, match=r"trees\[2\]: expected nested pairs"):
        layer.forward(whole._replace(x=whole.x[:5]))


def test_what_stands_past_the_last_leaf_is_never_read():
    layer, whole = tree_rnn(), forest([2, 5])
    dirty = whole.x.copy()
    dirty[2:, 0] = np.nan
    assert np.array_equal(layer.forward(whole)[0], layer.forward(whole._replace(x=dirty))[0])


def test_float32_is_never_widened():
    layer = tree_rnn(dtype=np.float32)
    y, _, tape = layer.forward(forest([3, 5], dtype=np.float32))
    d_x, _, grads = layer.backward(y, tape)
    assert {array.dtype for array in (y, d_x, *grads.values())} == {np.dtype(np.float32)}


def test_brackets():
    assert bracket(4, "right") == (0, (1, (2, 3)))
    assert bracket(4, "left") == (((0, 1), 2), 3)
    assert bracket(4, "balanced") == ((0, 1), (2, 3))
    assert bracket(1, "balanced") == bracket(1) == 0


def test_a_chain_of_two_thousand_leaves_runs():
    layer, x = tree_rnn(), np.zeros((2000, 1, 2))
    y, _, tape = layer.forward(Forest(x, (bracket(2000, "left"),)))
    assert np.isfinite(layer.backward(y, tape)[0]).all()


@pytest.mark.parametrize("tree", [(0, 2), (1, 0), (0, 1, 2), (0, "a"), (0, (1, (2, 3))), [0, 1]])
def test_a_tree_that_is_none_is_refused(tree):
    with pytest.raises(ValueError, match="trees: expected 2"):
        tree_rnn().forward(Forest(np.zeros((3, 2, 2)), ((0, 1),)))
    with pytest.raises(ValueError, match=r"trees\[0\]: expected nested pairs"):
        tree_rnn().forward(Forest(np.zeros((3, 1, 2)), (tree,)))
