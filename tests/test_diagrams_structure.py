"""Pictures of how networks are wired: shapes as the models return them, counts as they are in the weights."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import (
    Dense,
    EncoderDecoder,
    GRUCell,
    LSTMCell,
    ManyToMany,
    ManyToOne,
    OneToMany,
    OneToOne,
    Recurrent,
    RNNCell,
    Stacked,
    diagrams,
)
from rnnlib.diagrams.pages import plain, printed
from rnnlib.layers.stacked import from_hidden
from rnnlib.look.lettering import number, text_width
from rnnlib.trace import trace
from rnnlib.views.five import FIVE
from rnnlib.views.forward import forward

SVG = "{http://www.w3.org/2000/svg}"
IN, H, K, V = 3, 5, 2, 6
WIRINGS = [OneToOne, OneToMany, ManyToOne, EncoderDecoder, ManyToMany]


def a_model(wiring, units=H, cell=RNNCell, scale=1.0, **options):
    rng = np.random.default_rng(3)

    def body(inputs):
        return Recurrent(cell(inputs, units, rng=rng, **options))

    if wiring is OneToMany:
        model = OneToMany(Dense(IN, units, rng=rng), body(V), Dense(units, V, rng=rng), end=0)
    elif wiring is EncoderDecoder:
        model = EncoderDecoder(body(IN), body(V), Dense(units, V, rng=rng), end=0)
    else:
        model = wiring(body(IN), Dense(units, K, rng=rng))
    for array in model.params.values():
        array *= scale
    return model


def wired(model, T=4, *, writes=None, seed=0, **options):
    return diagrams.wiring(forward(model, T, writes=writes, seed=seed), **options)


def elements(svg, tag="text"):
    return ET.fromstring(svg).iter(SVG + tag)


def texts(svg):
    return ["".join(element.itertext()) for element in elements(svg)]


def shapes_in(pages):
    """The shapes that stand in the picture: name -> tuple."""
    found = {}
    for address, text in printed(pages):
        name, axis, *_ = address.split("/")
        if name.startswith("shape "):
            found.setdefault(name.split()[1], {})[int(axis)] = int(number(text))
    return {name: tuple(axes[k] for k in sorted(axes)) for name, axes in found.items()}


def counts_in(pages):
    return {number(text) for address, text in printed(pages) if address == "size all/0"}


# ---- the numbers are the library's


def test_the_shapes_in_the_picture_are_those_that_reading_models_return():
    for T in (1, 4, 9):
        x = np.zeros((T, 1, IN))
        for wiring, y in ((ManyToOne, (1, K)), (ManyToMany, (T, 1, K))):
            model = a_model(wiring)
            assert model.predict(x).shape == y
            assert model.body.forward(x)[0].shape == (T, 1, H)
            assert shapes_in(wired(model, T)) == {"x": (T, 1, IN), "h": (T, 1, H), "y": y}
    model = a_model(OneToOne)
    assert model.predict(x[0]).shape == (1, K)
    assert shapes_in(wired(model, 4)) == {"x": (1, IN), "h": (1, 1, H), "y": (1, K)}


def test_the_shapes_in_the_picture_are_those_that_writing_models_return():
    symbols = np.ones((4, 1), int)
    model = a_model(OneToMany)
    assert model.logits(model.batch(np.zeros((1, IN)), symbols)).shape == (4, 1, V)
    assert shapes_in(wired(model, 4)) == {"x": (1, IN), "h": (4, 1, H), "y": (4, 1, V)}
    model = a_model(EncoderDecoder)
    assert model.logits(model.batch(np.zeros((9, 1, IN)), symbols)).shape == (4, 1, V)
    found = shapes_in(wired(model, 9, writes=4))
    assert found == {"x": (9, 1, IN), "h": (9, 1, H), "s": (4, 1, H), "y": (4, 1, V)}


@pytest.mark.parametrize("rolled", [False, True])
@pytest.mark.parametrize("wiring", WIRINGS)
def test_more_steps_leave_the_number_of_parameters_where_it_was(wiring, rolled):
    model = a_model(wiring)
    exact = sum(array.size for array in model.params.values())
    for T in (1, 4, 9, 40):
        assert counts_in(wired(model, T, rolled=rolled)) == {exact}


def test_the_blocks_of_weights_have_the_sides_of_the_arrays():
    model = a_model(EncoderDecoder, cell=GRUCell)
    pages = wired(model, 2)
    sides = {address: number(text) for address, text in printed(pages) if address.startswith("sides ")}
    exact = {f"sides {n}/{axis}": size for n, a in model.params.items() for axis, size in enumerate(a.shape)}
    assert sides == exact


def test_every_use_of_the_weights_is_counted():
    pages = wired(a_model(EncoderDecoder), 4, writes=3)
    used = {address: number(text) for address, text in printed(pages) if address.startswith("uses ")}
    assert [used[f"uses encoder.W_hh/{c}"] for c in range(8)] == [0, 1, 2, 3, 4, 4, 4, 4]
    assert [used[f"uses decoder.W_hh/{c}"] for c in range(8)] == [0, 0, 0, 0, 0, 1, 2, 3]
    assert [used[f"uses output.W_hy/{c}"] for c in range(8)] == [0, 0, 0, 0, 0, 1, 2, 3]
    pages = wired(a_model(ManyToOne), 3)
    used = {address: number(text) for address, text in printed(pages) if address.startswith("uses ")}
    assert [used[f"uses output.W_hy/{c}"] for c in range(4)] == [0, 0, 0, 1]
    pages = wired(a_model(OneToMany), 3)
    used = {address: number(text) for address, text in printed(pages) if address.startswith("uses ")}
    assert [used[f"uses begin.W_hy/{c}"] for c in range(4)] == [1, 1, 1, 1]


@pytest.mark.parametrize("wiring", WIRINGS)
def test_the_states_are_those_of_the_librarys_run(wiring):
    model = a_model(wiring)
    run = forward(model, 4, seed=7)
    table = wired(model, 4, seed=7).table
    assert [[number(n) for n in row[1:]] for row in table[1:]] == (np.round(run.states.T, 2) + 0.0).tolist()
    rng = np.random.default_rng(7)
    if wiring is OneToMany:
        first = model.begin.forward(rng.normal(size=(1, IN)))
        assert np.array_equal(run.states[0], first[0])
        read = np.eye(V)[[0]]
        y, _, _ = model.body.forward(read[None], from_hidden(model.body, [first]))
        assert np.allclose(run.states[1], y[0, 0], atol=1e-15)
    elif wiring is OneToOne:
        y, _, _ = model.body.forward(rng.normal(size=(1, IN))[None])
        assert np.allclose(run.states[1], y[0, 0], atol=1e-15)
    else:
        layer = model.encoder if wiring is EncoderDecoder else model.body
        y, _, _ = layer.forward(rng.normal(size=(4, 1, IN)))
        assert np.allclose(run.states[1:5], y[:, 0], atol=1e-15)


@pytest.mark.parametrize("wiring", [OneToMany, EncoderDecoder])
def test_a_network_that_writes_reads_its_own_best_symbols(wiring):
    model = a_model(wiring, scale=3.0)
    model.output.b_y[0] = -99  # the end symbol never comes
    run = forward(model, 4, writes=4, seed=7)
    x = np.random.default_rng(7).normal(size=(IN,) if wiring is OneToMany else (4, IN))
    record = trace(model, x, max_length=4)
    assert np.allclose(run.states[-4:], record.h[-4:], atol=1e-15)
    assert len(set(record.written)) > 1


@pytest.mark.parametrize("wiring", WIRINGS)
def test_no_number_in_the_picture_goes_unchecked(wiring):
    for rolled in (False, True):
        svg = wired(a_model(wiring, units=128), 4, rolled=rolled).svg
        alone = re.compile(r"[+−]?[\d.,]+")
        bare = [t for e in elements(svg) if "data-n" not in e.attrib and alone.fullmatch(t := "".join(e.itertext()))]
        assert [t for t in bare if any(c.isdigit() for c in t)] == []


def test_the_equation_is_that_of_the_cell():
    lines = {
        RNNCell: "state: h_2 = tanh(W_xh x_2 + W_hh h_1 + b_h) = (",
        LSTMCell: "state: h_2 = LSTM(x_2, h_1, c_1) = (",
        GRUCell: "state: h_2 = GRU(x_2, h_1) = (",
    }
    for cell, line in lines.items():
        assert plain(wired(a_model(ManyToOne, cell=cell), 4).tips[2]["step/h"]).startswith(line)
    linear = wired(a_model(ManyToOne, activation="linear"), 4).tips[2]["step/h"]
    assert plain(linear).startswith("state: h_2 = W_xh x_2 + W_hh h_1 + b_h = (")


# ---- pages


@pytest.mark.parametrize("rolled", [False, True])
@pytest.mark.parametrize(("wiring", "count"), [*zip(WIRINGS, [2, 5, 5, 8, 5], strict=True)])
def test_one_page_for_the_start_and_one_for_each_step(wiring, count, rolled):
    pages = wired(a_model(wiring), 4, rolled=rolled)
    groups = [g.attrib["data-t"] for g in elements(pages.svg, "g") if g.attrib.get("class") == "page"]
    assert groups == [str(t) for t in range(count)]
    assert len(pages) == count


def test_rolled_up_there_is_one_unit_whatever_the_number_of_steps():
    def units(pages):
        return sum(g.attrib.get("class") == "column" for g in elements(pages.svg, "g"))

    for T in (1, 4, 9):
        assert units(wired(a_model(ManyToOne), T, rolled=True)) == 1
        assert units(wired(a_model(EncoderDecoder), T, rolled=True)) == 2
        assert units(wired(a_model(ManyToOne), T)) == T + 1


def test_the_captions_say_what_is_read_passed_on_and_written():
    captions = wired(a_model(ManyToOne), 3).captions
    assert captions[0].startswith("Step 0 of 3: the start. Nothing has been read, and h_0 is zero.")
    assert captions[1] == (
        "Step 1 of 3: x_1 and h_0 become h_1. Nothing is written. Here the unit's weights are used for the first time."
    )
    assert captions[3] == (
        "Step 3 of 3: x_3 and h_2 become h_3. y comes out. "
        "Here the unit's weights are used again, the same ones: 3 times by now."
    )
    captions = wired(a_model(EncoderDecoder), 2, rolled=True).captions
    assert "y_0, the start symbol, goes into the second unit, with h_2 from the first" in captions[3]
    assert "y_1, which it wrote before, goes into the unit, and its own s_1 comes back to it" in captions[4]


def test_an_encoder_decoder_says_what_it_reads_and_what_it_writes():
    marks = wired(a_model(EncoderDecoder), 2, writes=1).marks
    assert marks == ("start", "reads 1 / 2", "reads 2 / 2", "writes 1 / 1")


def test_the_question_covers_the_number_of_parameters():
    question = diagrams.Question("?", (diagrams.Answer("a", "b"), diagrams.Answer("c", "d")), right=1)
    pages = wired(a_model(ManyToOne), 4, ask={0: question})
    assert pages.questions == (question, None, None, None, None)
    (count,) = (e for e in elements(pages.svg) if e.attrib.get("data-n") == "size all/0")
    (cover,) = (e for e in elements(pages.svg, "rect") if "cover" in e.attrib.get("class", "").split())
    x, y = float(count.attrib["x"]), float(count.attrib["y"])
    left, top = float(cover.attrib["x"]), float(cover.attrib["y"])
    assert left <= x and x + text_width("57") <= left + float(cover.attrib["width"])
    assert top <= y - 15 and y <= top + float(cover.attrib["height"])


@pytest.mark.parametrize(("notation", "there", "not_there"), [("h", "Whh", "Waa"), ("a", "Waa", "Whh")])
def test_both_notations_can_be_drawn(notation, there, not_there):
    labels = texts(wired(a_model(ManyToMany), 3, notation=notation).svg)
    assert there in labels and not_there not in labels
    assert ("a<3>" in labels) == (notation == "a") and ("h3" in labels) == (notation == "h")


@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize(("T", "units", "scale"), [(1, 1, 1), (40, 4, 1), (4, 128, 1), (4, 5, 0), (4, 5, 1e4)])
def test_the_extremes_are_drawn(wiring, T, units, scale):
    for rolled in (False, True):
        pages = wired(a_model(wiring, units, scale=scale), T, rolled=rolled)
        assert pages.agreement.startswith("✓")
        assert "nan" not in pages.svg.lower() and "inf" not in pages.svg.lower()
        assert ("6 of 128 units are drawn" in pages.note) == (units == 128)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_nine_steps_fit_a_projector(wiring):
    for rolled in (False, True):
        root = ET.fromstring(wired(a_model(wiring), 9, rolled=rolled).svg)
        assert float(root.attrib["width"]) <= 880 and float(root.attrib["height"]) <= 440


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: wired(a_model(ManyToOne), 0), ValueError, "T: expected a whole number of at least 1, got 0"),
        (lambda: wired(a_model(ManyToOne), True), ValueError, "T: expected"),
        (lambda: wired(a_model(EncoderDecoder), 4, writes=0), ValueError, "writes: expected"),
        (lambda: wired(a_model(ManyToOne), 4, notation="z"), ValueError, "notation: expected"),
        (lambda: wired(a_model(ManyToOne, scale=np.nan), 4), ValueError, "NaN or infinity"),
        (lambda: wired(exploding(), 400), ValueError, "finite states"),
        (lambda: wired("a model", 4), TypeError, "model: expected one of the five wirings"),
        (lambda: wired(stacked(), 4), TypeError, "model: expected one Recurrent layer"),
    ],
)
def test_what_cannot_be_drawn_is_a_clear_error(make, error, message):
    with pytest.raises(error, match=message):
        make()


def exploding():
    return a_model(ManyToOne, scale=1e6, activation="linear")


def stacked():
    rng = np.random.default_rng(0)
    return ManyToOne(Stacked([Recurrent(RNNCell(IN, H, rng=rng))]), Dense(H, K, rng=rng))


# ---- the pictures of the source


def test_all_five_shapes_are_named_with_their_examples():
    picture = diagrams.five_shapes()
    said = " ".join(texts(picture))
    for shape in FIVE.values():
        assert f"{shape.name} ({shape.code.replace('-', ' to ')})" in said
        assert all(word in said for word in shape.examples.replace(",", "").split())
        assert shape.does in picture.alt


def test_the_rolled_and_the_unrolled_network_have_the_same_three_weights():
    labels = texts(diagrams.folded())
    assert {"ht−1", "ht", "ht+1", "xt−1", "yt+1"} <= set(labels)
    assert labels.count("Wxh") == labels.count("Why") == 4
    assert {"a<t−1>", "a<t>", "Waa"} <= set(texts(diagrams.folded("a")))


@pytest.mark.parametrize("notation", ["h", "a"])
def test_the_chain_has_both_computations_in_every_unit(notation):
    labels = texts(diagrams.units(notation))
    assert labels.count("tanh") == labels.count("softmax") == 3
    assert ("a<T>" in labels) == (notation == "a")


def test_the_counts_of_both_networks_are_those_of_real_layers():
    rng = np.random.default_rng(0)
    found = {
        e.attrib["data-n"]: number("".join(e.itertext()))
        for e in elements(diagrams.dense_or_recurrent(7, 5, 3))
        if "data-n" in e.attrib
    }
    model = ManyToOne(Recurrent(RNNCell(7, 5, rng=rng)), Dense(5, 3, rng=rng))
    for T in (4, 9):
        dense = [*Dense(7 * T, 5, rng=rng).params.values(), *Dense(5, 3, rng=rng).params.values()]
        assert found[f"dense/{T}/0"] == sum(array.size for array in dense)
        assert found[f"recurrent/{T}/0"] == sum(array.size for array in model.params.values())
    assert (found["word/size/0"], found["hidden/size/0"]) == (7, 5)


@pytest.mark.parametrize(
    "make", [diagrams.five_shapes, diagrams.folded, diagrams.units, lambda n: diagrams.dense_or_recurrent(notation=n)]
)
def test_a_picture_in_another_notation_is_refused(make):
    with pytest.raises(ValueError, match='notation: expected "h" or "a", got \'z\''):
        make("z")


def test_a_network_without_inputs_is_refused():
    with pytest.raises(ValueError, match="inputs"):
        diagrams.dense_or_recurrent(inputs=0)
