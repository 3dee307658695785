"""Trees: the nodes' vectors, the picture, the brackets that a reader types."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import TreeRNN, diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.diagrams.tree import tree_run
from rnnlib.layers import Forest
from rnnlib.layers.tree import bracket
from rnnlib.look.lettering import number
from rnnlib.widgets import TreeComposer
from rnnlib.widgets.tree import read_tree

SVG = "{http://www.w3.org/2000/svg}"


def run(T=8, shape="balanced", H=4, scale=2.0, tokens=None):
    layer = TreeRNN(3, H, rng=np.random.default_rng(0))
    for array in layer.params.values():
        array *= scale
    layer.b_n += 0.1 * scale
    x = np.random.default_rng(1).normal(size=(T, 3))
    return tree_run(layer, x, bracket(T, shape), tokens or [f"w{t}" for t in range(T)]), x


@pytest.mark.parametrize(("shape", "depth"), [("right", 7), ("left", 7), ("balanced", 3)])
def test_eight_leaves_are_seven_deep_in_a_chain_and_three_balanced(shape, depth):
    found, _ = run(shape=shape)
    assert found.depth == depth
    assert len(found.nodes) == 15
    pages = diagrams.composition(found)
    assert len(pages) == 8
    assert dict(printed(pages))["depth/0/0"] == str(depth)


@pytest.mark.parametrize("shape", ["right", "left", "balanced"])
def test_a_nodes_vector_is_the_librarys(shape):
    found, x = run(shape=shape)
    root, _, _ = found.layer.forward(Forest(x[:, None], (bracket(8, shape),)))
    assert np.array_equal(found.h[-1], root[0, 0])
    for node in found.nodes:
        if node.children:
            left, right = (found.h[child] for child in node.children)
            by_hand = np.tanh(found.layer.W_lh @ left + found.layer.W_rh @ right + found.layer.b_n)
        else:
            by_hand = np.tanh(found.layer.W_xh @ x[node.first] + found.layer.b_h)
        assert found.h[node.number] == pytest.approx(by_hand, abs=1e-12)


@pytest.mark.parametrize(("T", "H"), [(8, 4), (1, 1), (2, 128), (9, 6)])
@pytest.mark.parametrize("shape", ["right", "balanced"])
def test_every_number_in_the_picture_is_the_runs_and_none_goes_unchecked(T, H, shape):
    found, _ = run(T, shape, H)
    pages = diagrams.composition(found)
    for address, text in printed(pages):
        if address.startswith("h/"):
            _, n, k = address.split("/")
            assert number(text) == pytest.approx(found.h[int(n), int(k)], abs=5.1e-3)
    texts = ET.fromstring(pages.svg).iter(f"{SVG}text")
    assert [e.text for e in texts if "data-n" not in e.attrib and "." in e.text] == []
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")
    assert ("of 128 units" in pages.note) == (H == 128)


def test_the_arithmetic_adds_up():
    found, _ = run()
    for page in diagrams.composition(found).tips[1:]:
        for tip in page.values():
            n = {kind.split("/")[0]: number(text) for text, kind in tip if "/" in kind}
            assert n["left"] + n["right"] + n["bias"] == pytest.approx(n["total"], abs=0.016)
            assert np.tanh(n["total"]) == pytest.approx(n["h"], abs=0.011)


@pytest.mark.parametrize("token", ["<script>", "\"'&", "漢字", "x" * 300])
def test_words_are_escaped_and_clipped(token):
    pages = diagrams.composition(run(2, tokens=[token, "b"])[0])
    ET.fromstring(pages.svg)
    assert "<script>" not in pages.svg and "x" * 60 not in pages.svg


def test_more_words_than_have_room_are_an_error():
    with pytest.raises(ValueError, match="1 to 9 words"):
        run(10)


@pytest.mark.parametrize("scale", [0.0, 1e3])
def test_constant_and_saturated_vectors_are_drawn(scale):
    assert diagrams.composition(run(scale=scale)[0]).agreement.startswith("✓")


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
        ("a) b", "without a ("),
        ("((a b) c", "no ) for 1"),
        ("(a b c)", "here are 3 side by side"),
        ("(a ()) b", "here are 0"),
    ],
)
def test_wrong_brackets_are_told(typed, said):
    with pytest.raises(ValueError, match=said.replace(")", r"\)").replace("(", r"\(")):
        read_tree(typed)


def test_the_widget_opens_balanced_and_asks():
    lab = TreeComposer()
    assert lab.pages.questions[0].right == 1
    assert "3 deep" in lab.pages.captions[0]
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
    layer = TreeRNN(2, 3, rng=np.random.default_rng(0))
    vectors = {"a": np.array([1.0, 0.0]), "b": np.array([0.0, 1.0])}
    lab = TreeComposer("a b", layer=layer, vectors=vectors.__getitem__, ask=False)
    x = np.array([vectors["a"], vectors["b"]])
    assert lab.pages == diagrams.composition(tree_run(layer, x, (0, 1), ["a", "b"]))
    with pytest.raises(ValueError, match="vectors"):
        TreeComposer(layer=layer)
