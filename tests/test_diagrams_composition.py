"""Trees: the nodes' vectors, the picture, the brackets that a reader types."""

import numpy as np
import pytest

from rnnlib import TreeRNN, diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.layers import Forest
from rnnlib.layers.tree import bracket
from rnnlib.look.lettering import number
from rnnlib.views.tree import tree_run
from rnnlib.widgets import TreeComposer
from rnnlib.widgets.tree import read_tree

LAYER = TreeRNN(3, 4, rng=np.random.default_rng(0))
x = np.random.default_rng(1).normal(size=(8, 3))
each_shape = pytest.mark.parametrize(("shape", "depth"), [("right", 7), ("left", 7), ("balanced", 3)])


def run(T=8, shape="balanced", layer=LAYER):
    return tree_run(layer, x[:T], bracket(T, shape), [f"w{t}" for t in range(T)])


@each_shape
def test_eight_leaves_are_seven_deep_in_a_chain_and_three_balanced(shape, depth):
    pages = diagrams.composition(run(shape=shape))
    assert len(pages) == 8
    assert dict(printed(pages))["depth/0"] == str(depth)


@each_shape
def test_a_nodes_vector_is_the_librarys(shape, depth):
    found = run(shape=shape)
    root, _, _ = LAYER.forward(Forest(x[:, None], (bracket(8, shape),)))
    h = found.numbers["h"]
    assert np.array_equal(h[-1], root[0, 0]) and found.depth == depth
    for node in found.nodes:
        if node.children:
            by_hand = LAYER.W_lh @ h[node.children[0]] + LAYER.W_rh @ h[node.children[1]] + LAYER.b_n
        else:
            by_hand = LAYER.W_xh @ x[node.first] + LAYER.b_h
        assert h[node.number] == pytest.approx(np.tanh(by_hand), abs=1e-12)


def test_the_arithmetic_adds_up():
    for page in diagrams.composition(run()).tips[1:]:
        for tip in page.values():
            n = {kind.split("/")[0]: number(text) for text, kind in tip if "/" in kind}
            assert n["left"] + n["right"] + n["bias"] == pytest.approx(n["total"], abs=0.016)
            assert np.tanh(n["total"]) == pytest.approx(n["h"], abs=0.011)


@pytest.mark.parametrize(("T", "H", "scale"), [(1, 1, 1), (2, 128, 1), (8, 4, 0), (8, 4, 1e3)])
def test_the_extremes_are_drawn(T, H, scale):
    layer = TreeRNN(3, H, rng=np.random.default_rng(0))
    for array in layer.params.values():
        array *= scale
    pages = diagrams.composition(run(T, layer=layer))
    assert pages.agreement.startswith("✓") and ("of 128 units" in pages.note) == (H == 128)


def test_more_words_than_have_room_are_an_error():
    with pytest.raises(ValueError, match="1 to 9 words"):
        tree_run(LAYER, np.zeros((10, 3)), bracket(10, "right"), ["w"] * 10)


# ---- brackets, and the widget


@pytest.mark.parametrize(
    ("typed", "tree"),
    [
        ("a", 0),
        ("a b", (0, 1)),
        ("((he is) (not sad))", ((0, 1), (2, 3))),
        ("(a(b c))", (0, (1, 2))),
        ("((a) b)", (0, 1)),
    ],
)
def test_brackets_are_read(typed, tree):
    assert read_tree(typed) == tree


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a) b", r"without a \("),
        ("((a b) c", r"no \) for 1"),
        ("(a b c)", "here are 3 side by side"),
        ("(a ()) b", "here are 0"),
    ],
)
def test_wrong_brackets_are_told(typed, said):
    with pytest.raises(ValueError, match=said):
        read_tree(typed)


def test_the_widget_opens_balanced_and_asks():
    lab = TreeComposer()
    assert lab.pages.questions[0].right == 1 and "3 deep" in lab.pages.captions[0]
    lab.set(shape="right")
    assert "7 deep" in lab.pages.captions[0] and not lab.pages.questions


def test_a_typed_tree_is_composed_and_a_wrong_one_leaves_the_pages():
    lab = TreeComposer()
    lab.set(shape="typed", sentence="((he is) (not sad))")
    assert len(lab.pages) == 4
    before = lab.pages
    with pytest.raises(ValueError):
        lab.controls["sentence"].value = "((he is) (not sad)"
    assert "There is no ) for 1 of the (." in lab.stepper.error and lab.pages is before


def test_the_readers_own_layer_is_used():
    layer, vectors = TreeRNN(2, 3, rng=np.random.default_rng(0)), {"a": np.eye(2)[0], "b": np.eye(2)[1]}
    lab = TreeComposer("a b", layer=layer, vectors=vectors.__getitem__, ask=False)
    assert lab.pages == diagrams.composition(tree_run(layer, np.eye(2), (0, 1), ["a", "b"]))
    with pytest.raises(ValueError, match="vectors"):
        TreeComposer(layer=layer)
