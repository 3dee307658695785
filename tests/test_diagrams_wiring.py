"""Wirings: shapes as the models return them, counts as they are in the weights, states of the library's own run."""

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
from rnnlib.look.lettering import number
from rnnlib.trace import trace
from rnnlib.views.five import FIVE
from rnnlib.views.forward import forward
from tests.svg import addressed, elements, texts

IN, H, K, V = 3, 5, 2, 6
RNG = np.random.default_rng(0)
each_wiring = pytest.mark.parametrize("wiring", [OneToOne, OneToMany, ManyToOne, EncoderDecoder, ManyToMany])


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


def numbers_in(pages, kind):
    return {address: number(text) for address, text in printed(pages) if address.startswith(f"{kind} ")}


def test_the_shapes_in_the_picture_are_those_that_models_return():
    symbols = np.ones((4, 1), int)
    for T in (1, 4, 9):
        x = np.zeros((T, 1, IN))
        for wiring, y in ((ManyToOne, (1, K)), (ManyToMany, (T, 1, K))):
            assert a_model(wiring).predict(x).shape == y
            assert shapes_in(wired(a_model(wiring), T)) == {"x": (T, 1, IN), "h": (T, 1, H), "y": y}
    assert shapes_in(wired(a_model(OneToOne))) == {"x": (1, IN), "h": (1, 1, H), "y": (1, K)}
    writer, coder = a_model(OneToMany), a_model(EncoderDecoder)
    assert writer.logits(writer.batch(np.zeros((1, IN)), symbols)).shape == (4, 1, V)
    assert shapes_in(wired(writer)) == {"x": (1, IN), "h": (4, 1, H), "y": (4, 1, V)}
    assert coder.logits(coder.batch(np.zeros((9, 1, IN)), symbols)).shape == (4, 1, V)
    found = shapes_in(wired(coder, 9, writes=4))
    assert found == {"x": (9, 1, IN), "h": (9, 1, H), "s": (4, 1, H), "y": (4, 1, V)}


@each_wiring
def test_more_steps_leave_the_number_of_parameters_where_it_was(wiring):
    model = a_model(wiring)
    for T in (1, 9, 40):
        assert counts_in(wired(model, T, rolled=T == 9)) == {sum(array.size for array in model.params.values())}


def test_the_blocks_of_weights_have_the_sides_of_the_arrays():
    model = a_model(EncoderDecoder, cell=GRUCell)
    exact = {f"sides {n}/{axis}": size for n, a in model.params.items() for axis, size in enumerate(a.shape)}
    assert numbers_in(wired(model, 2), "sides") == exact


@pytest.mark.parametrize(
    ("wiring", "name", "uses"),
    [
        (EncoderDecoder, "encoder.W_hh", [0, 1, 2, 3, 4, 4, 4, 4]),
        (EncoderDecoder, "decoder.W_hh", [0, 0, 0, 0, 0, 1, 2, 3]),
        (EncoderDecoder, "output.W_hy", [0, 0, 0, 0, 0, 1, 2, 3]),
        (ManyToOne, "output.W_hy", [0, 0, 0, 0, 1]),
        (OneToMany, "begin.W_hy", [1, 1, 1, 1, 1]),
    ],
)
def test_every_use_of_the_weights_is_counted(wiring, name, uses):
    used = numbers_in(wired(a_model(wiring), writes=3), "uses")
    assert [used[f"uses {name}/{c}"] for c in range(len(uses))] == uses


@each_wiring
def test_the_states_are_those_of_the_librarys_run(wiring):
    model, rng = a_model(wiring), np.random.default_rng(7)
    run = forward(model, 4, seed=7)
    table = wired(model, seed=7).table
    assert [[number(n) for n in row[1:]] for row in table[1:]] == (np.round(run.states.T, 2) + 0.0).tolist()
    if wiring is OneToMany:
        first = model.begin.forward(rng.normal(size=(1, IN)))
        assert np.array_equal(run.states[0], first[0])
        y, _, _ = model.body.forward(np.eye(V)[[0]][None], from_hidden(model.body, [first]))
    else:
        layer = model.encoder if wiring is EncoderDecoder else model.body
        y, _, _ = layer.forward(rng.normal(size=(1 if wiring is OneToOne else 4, 1, IN)))
    np.testing.assert_allclose(run.states[1 : 1 + len(y)], y[:, 0], atol=1e-15)


@pytest.mark.parametrize("wiring", [OneToMany, EncoderDecoder])
def test_a_network_that_writes_reads_its_own_best_symbols(wiring):
    model = a_model(wiring, scale=3.0)
    model.output.b_y[0] = -99  # the end symbol never comes
    run = forward(model, 4, writes=4, seed=7)
    x = np.random.default_rng(7).normal(size=(IN,) if wiring is OneToMany else (4, IN))
    record = trace(model, x, max_length=4)
    np.testing.assert_allclose(run.states[-4:], record.h[-4:], atol=1e-15)
    assert len(set(record.written)) > 1


@pytest.mark.parametrize(
    ("cell", "options", "line"),
    [
        (RNNCell, {}, "state: h_2 = tanh(W_xh x_2 + W_hh h_1 + b_h) = ("),
        (RNNCell, {"activation": "linear"}, "state: h_2 = W_xh x_2 + W_hh h_1 + b_h = ("),
        (LSTMCell, {}, "state: h_2 = LSTM(x_2, h_1, c_1) = ("),
        (GRUCell, {}, "state: h_2 = GRU(x_2, h_1) = ("),
    ],
)
def test_the_equation_is_that_of_the_cell(cell, options, line):
    assert plain(wired(a_model(ManyToOne, cell=cell, **options)).tips[2]["step/h"]).startswith(line)


@pytest.mark.parametrize(("T", "rolled", "count"), [(9, False, 10), (9, True, 1), (1, True, 1)])
def test_rolled_up_there_is_one_unit_whatever_the_number_of_steps(T, rolled, count):
    pages = wired(a_model(ManyToOne), T, rolled=rolled)
    groups = [g.get("class") for g in elements(pages.svg, "g")]
    assert groups.count("column") == count and groups.count("page") == len(pages) == T + 1


def test_a_decoder_starts_from_the_encoder_and_reads_what_it_wrote():
    pages = wired(a_model(EncoderDecoder), 2, writes=2, rolled=True)
    assert pages.marks == ("start", "reads 1 / 2", "reads 2 / 2", "writes 1 / 2", "writes 2 / 2")
    assert "y_0, the start symbol, goes into the second unit, with h_2 from the first" in pages.captions[3]
    assert "y_1, which it wrote before, goes into the unit, and its own s_1 comes back to it" in pages.captions[4]


@each_wiring
@pytest.mark.parametrize(("T", "units", "scale"), [(1, 1, 1), (40, 4, 1), (4, 128, 1), (4, 5, 0), (4, 5, 1e4)])
def test_the_extremes_are_drawn(wiring, T, units, scale):
    pages = wired(a_model(wiring, units, scale=scale), T, rolled=units == 4)
    assert pages.agreement.startswith("✓")
    assert ("6 of 128 units are drawn" in pages.note) == (units == 128)


@pytest.mark.parametrize(
    ("model", "T", "writes", "error", "message"),
    [
        (a_model(ManyToOne), 0, None, ValueError, "T: expected a whole number of at least 1, got 0"),
        (a_model(EncoderDecoder), 4, 0, ValueError, "writes: expected"),
        (a_model(ManyToOne, scale=np.nan), 4, None, ValueError, "NaN or infinity"),
        (a_model(ManyToOne, scale=1e6, activation="linear"), 400, None, ValueError, "finite states"),
        ("a model", 4, None, TypeError, "model: expected one of the five wirings"),
        (
            ManyToOne(Stacked([Recurrent(RNNCell(IN, H, rng=RNG))]), Dense(H, K, rng=RNG)),
            4,
            None,
            TypeError,
            "one Recurrent layer",
        ),
    ],
)
def test_what_cannot_be_run_is_a_clear_error(model, T, writes, error, message):
    with pytest.raises(error, match=message):
        forward(model, T, writes=writes)


# ---- the pictures of the source


def test_all_five_shapes_are_named_with_their_examples():
    said = " ".join(texts(diagrams.five_shapes()))
    for shape in FIVE.values():
        assert f"{shape.name} ({shape.code.replace('-', ' to ')})" in said
        assert all(word in said for word in shape.examples.replace(",", "").split())


def test_the_counts_of_both_networks_are_those_of_real_layers():
    counts = {at: number(text) for at, text in addressed(diagrams.dense_or_recurrent(7, 5, 3)).items()}
    model = ManyToOne(Recurrent(RNNCell(7, 5, rng=RNG)), Dense(5, 3, rng=RNG))
    for T in (4, 9):
        dense = [*Dense(7 * T, 5, rng=RNG).params.values(), *Dense(5, 3, rng=RNG).params.values()]
        assert counts[f"dense/{T}/0"] == sum(array.size for array in dense)
        assert counts[f"recurrent/{T}/0"] == sum(array.size for array in model.params.values())
