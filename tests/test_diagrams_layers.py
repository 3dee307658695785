"""Pictures of cells, of several layers, and of all units at once: every number is the trace's."""

import dataclasses
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import (
    Bidirectional,
    Dense,
    EncoderDecoder,
    GRUCell,
    LSTMCell,
    ManyToMany,
    ManyToOne,
    Recurrent,
    RNNCell,
    Stacked,
    diagrams,
    trace,
)
from rnnlib.diagrams.lettering import number
from rnnlib.diagrams.pages import printed, value

SVG = "{http://www.w3.org/2000/svg}"
NASTY = ["<script>alert(1)</script>", "\"quo'te&", "🙂", "漢字漢字", "x" * 300]


def rng(seed=0):
    return np.random.default_rng(seed)


def recurrent(inputs, H, cell=RNNCell, seed=0, scale=3.0, reverse=False, **options):
    made = cell(inputs, H, rng=rng(seed), **options)
    for array in made.params.values():
        array *= scale
    return Recurrent(made, reverse=reverse)


def single(cell, T=5, H=4, scale=3.0, tokens=None, **options):
    model = ManyToOne(recurrent(3, H, cell, scale=scale, **options), Dense(H, 2, rng=rng()))
    return trace(model, rng(1).normal(size=(T, 3)), tokens)


def network(kind, T=5, H=4, tokens=None):
    both = Bidirectional(recurrent(3, H), recurrent(3, H, seed=5, reverse=True))
    models = {
        "stacked": lambda: ManyToOne(Stacked([recurrent(3, H), recurrent(H, 3)]), Dense(3, 2, rng=rng())),
        "both ways": lambda: ManyToMany(both, Dense(2 * H, 2, rng=rng())),
        "encoder": lambda: EncoderDecoder(
            recurrent(3, H, GRUCell), recurrent(5, H, GRUCell), Dense(H, 5, rng=rng(9)), end=0
        ),
    }
    return trace(models[kind](), rng(1).normal(size=(T, 3)), tokens, max_length=4)


# ---- one unit of a gated cell

CELLS = [
    (diagrams.lstm_cell, LSTMCell, {}),
    (diagrams.lstm_cell, LSTMCell, {"peepholes": True}),
    (diagrams.gru_cell, GRUCell, {}),
    (diagrams.gru_cell, GRUCell, {"reset_after": False}),
]
each_cell = pytest.mark.parametrize(("draw", "cell", "options"), CELLS)


@each_cell
@pytest.mark.parametrize(("T", "H"), [(5, 4), (1, 1), (40, 2), (2, 128)])
def test_every_number_of_a_cell_is_the_traces(draw, cell, options, T, H):
    record = single(cell, T, H, **options)
    pages = draw(record, unit=H)
    texts = [e for e in ET.fromstring(pages.svg).iter(f"{SVG}text") if "data-n" in e.attrib]
    for element in texts:
        exact = value(record, element.attrib["data-n"])
        assert number("".join(element.itertext())) == pytest.approx(exact, abs=5.1e-3)
    shown = {element.attrib["data-n"] for element in texts}
    wanted = {f"{name}/{t}/{H - 1}" for name in (*record.gates, *record.states) for t in range(1, T + 1)}
    assert wanted <= shown
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")


@each_cell
def test_no_number_of_a_cell_goes_unchecked(draw, cell, options):
    texts = ET.fromstring(draw(single(cell, **options)).svg).iter(f"{SVG}text")
    assert [e.text for e in texts if "data-n" not in e.attrib and "." in "".join(e.itertext())] == []


def test_peepholes_and_the_two_forms_of_a_gru_are_told_apart():
    assert "peepholes" in diagrams.lstm_cell(single(LSTMCell, peepholes=True)).svg
    assert "peepholes" not in diagrams.lstm_cell(single(LSTMCell)).svg
    assert "r times what the state gives" in diagrams.gru_cell(single(GRUCell)).svg.replace("</tspan>", "").replace(
        '<tspan class="letter">', ""
    ).replace('<tspan class="roman">', "")


@pytest.mark.parametrize(
    ("draw", "cell", "options", "said"),
    [
        (diagrams.lstm_cell, GRUCell, {}, "expected that of LSTM units, got gru"),
        (diagrams.gru_cell, GRUCell, {"unit": 5}, "unit: expected 1 to 4, got 5"),
        (diagrams.gru_cell, GRUCell, {"notation": "x"}, "notation"),
    ],
)
def test_a_cell_that_cannot_be_drawn_is_an_error(draw, cell, options, said):
    with pytest.raises(ValueError, match=said):
        draw(single(cell), **options)


# ---- several layers

each_network = pytest.mark.parametrize("kind", ["stacked", "both ways", "encoder"])


@each_network
@pytest.mark.parametrize(("T", "H"), [(5, 4), (1, 1), (40, 2), (2, 128)])
def test_every_number_of_the_layers_is_the_traces(kind, T, H):
    record = network(kind, T, H)
    pages = diagrams.layers(record)
    found = [*printed(pages)]
    assert len(found) > 2 * T
    for address, text in found:
        place, t, k = map(int, address.split("/"))
        assert number(text) == pytest.approx(record.layers[place].states["h"][t, k], abs=5.1e-3)
    assert pages.agreement.startswith("✓")
    assert ("The table has all" in pages.note) == (H == 128)


def test_a_backward_layer_begins_at_the_end():
    record = network("both ways")
    pages = diagrams.layers(record)
    assert len(pages) == 6
    backward = pages.tips[1]["row1/1"]
    h = record.layers[1].states["h"]
    assert backward[2][1].split("/")[1] == "5" and backward[4][1].split("/")[1] == "4"
    assert not h[5].any() and h[4].any()
    assert "forward reads “x_1”; backward reads “x_5”" in pages.captions[1]


def test_an_encoder_hands_over_and_then_the_decoder_writes():
    record = network("encoder")
    pages = diagrams.layers(record)
    assert len(pages) == 5 + len(record.written) + 1
    assert "decoder starts from what the encoder hands over" in pages.captions[6]


@each_network
@pytest.mark.parametrize("word", NASTY)
def test_tokens_are_escaped_and_clipped(kind, word):
    svg = diagrams.layers(network(kind, tokens=[word, "b", "c", "d", "e"])).svg
    ET.fromstring(svg)
    assert "<script>" not in svg and "x" * 30 not in svg


def test_layers_that_are_not_recurrent_are_an_error():
    from rnnlib import Conv1D

    record = trace(ManyToOne(Conv1D(3, 4, kernel=2, rng=rng()), Dense(4, 2, rng=rng())), rng().normal(size=(4, 3)))
    with pytest.raises(ValueError, match="recurrent layer"):
        diagrams.layers(record)


# ---- all units at once


@pytest.mark.parametrize(("T", "H"), [(5, 4), (1, 1), (40, 16), (5, 128), (70, 3)])
def test_a_strip_has_a_cell_for_each_unit_and_step_and_says_what_is_left_out(T, H):
    record = single(RNNCell, T, H)
    pages = diagrams.heat_strip(record)
    assert len(pages) == min(T, 60) + 1
    assert ("64 of 128 units" in pages.note) == (H == 128)
    assert ("The first 60 of 70 steps" in pages.note) == (T == 70)
    fills = [e for e in ET.fromstring(pages.svg) if e.tag == f"{SVG}rect" and "fill-opacity" in e.attrib]
    assert len(fills) == min(H, 64) * (min(T, 60) + 1) + 3
    shades = [float(e.attrib["fill-opacity"]) for e in fills[: min(T, 60) + 1]]
    units = np.abs(np.diff(record.h, axis=0)).sum(axis=0).argsort(kind="stable")[::-1][:64] if H == 128 else [0]
    if H <= 64:
        assert shades == pytest.approx(np.abs(record.h[: len(shades), units[0]]), abs=5.1e-3)
    assert pages.agreement.startswith("✓")


@pytest.mark.parametrize("scale", [0.0, 1e3])
def test_constant_and_saturated_states_are_drawn(scale):
    for cell, draw in ((RNNCell, diagrams.heat_strip), (LSTMCell, diagrams.lstm_cell), (GRUCell, diagrams.gru_cell)):
        assert draw(single(cell, scale=scale)).agreement.startswith("✓")


@pytest.mark.parametrize("draw", [diagrams.heat_strip, diagrams.layers, diagrams.lstm_cell])
def test_what_is_not_finite_is_an_error(draw):
    record = single(LSTMCell)
    broken = dataclasses.replace(record.main, states={n: np.full_like(h, np.nan) for n, h in record.states.items()})
    with pytest.raises(ValueError, match="finite numbers"):
        draw(dataclasses.replace(record, layers=(broken,)))


def test_the_same_trace_gives_the_same_bytes():
    for draw in (diagrams.heat_strip, diagrams.layers, diagrams.lstm_cell):
        assert draw(single(LSTMCell)) == draw(single(LSTMCell))
