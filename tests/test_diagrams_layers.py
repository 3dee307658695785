"""Pictures of cells, of several layers, and of all units at once: every number is the trace's."""

import dataclasses
from xml.etree.ElementTree import tostring

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
    OneToMany,
    Recurrent,
    RNNCell,
    Stacked,
    diagrams,
)
from rnnlib.diagrams.pages import printed
from rnnlib.look.lettering import number
from rnnlib.trace import trace
from rnnlib.views.rows import rows
from rnnlib.views.steps import from_step_1
from tests.svg import SVG, elements


def rng(seed=0):
    return np.random.default_rng(seed)


def recurrent(inputs, H, cell=RNNCell, seed=0, scale=3.0, reverse=False, **options):
    made = cell(inputs, H, rng=rng(seed), **options)
    for name, array in made.params.items():  # first biases and peepholes are 0, which would hide mistakes
        array += rng(seed + 1).normal(size=array.shape) if name not in ("W_xh", "W_hh") else 0
        array *= scale
    return Recurrent(made, reverse=reverse)


def single(cell, T=5, H=4, scale=3.0, tokens=None, **options):
    model = ManyToOne(recurrent(3, H, cell, scale=scale, **options), Dense(H, 2, rng=rng()))
    return trace(model, rng(1).normal(size=(T, 3)), tokens)


def pair(inputs, H, seed=0):
    return Bidirectional(recurrent(inputs, H, seed=seed), recurrent(inputs, H, seed=seed + 5, reverse=True))


def network(kind, T=5, H=4, tokens=None):
    both = pair(3, H)
    models = {
        "two pairs": lambda: ManyToMany(Stacked([both, pair(2 * H, 3, 9)]), Dense(6, 2, rng=rng())),
        "one above a pair": lambda: ManyToMany(Stacked([both, recurrent(2 * H, 3)]), Dense(3, 2, rng=rng())),
        "encoder both ways": lambda: EncoderDecoder(
            both, recurrent(5, 2 * H), Dense(2 * H, 5, rng=rng(9)), end=0, classes=tuple("abcde")
        ),
        "image to words": lambda: OneToMany(Dense(3, H, rng=rng()), recurrent(5, H), Dense(H, 5, rng=rng(9)), end=0),
        "stacked": lambda: ManyToOne(Stacked([recurrent(3, H), recurrent(H, 3)]), Dense(3, 2, rng=rng())),
        "both ways": lambda: ManyToMany(both, Dense(2 * H, 2, rng=rng())),
        "encoder": lambda: EncoderDecoder(
            recurrent(3, H, GRUCell), recurrent(5, H, GRUCell), Dense(H, 5, rng=rng(9)), end=0
        ),
    }
    if kind == "image to words":
        return trace(models[kind](), rng(1).normal(size=3), tokens[:1] if tokens else None, max_length=4)
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
    shown = {address: number(text) for address, text in printed(pages)}
    gates = {name: from_step_1(gate) for name, gate in record.gates.items()}
    for name, array in {**record.states, **gates}.items():
        for t in range(1, T + 1):
            assert shown[f"{name}/{t}/{H - 1}"] == pytest.approx(array[t, H - 1], abs=5.1e-3)
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")


def printed_at(pages, t, k):
    """name -> number, as the picture prints it for step t."""
    return {a.split("/")[0]: number(text) for a, text in printed(pages) if a.endswith(f"/{t}/{k}")}


@pytest.mark.parametrize("peepholes", [False, True])
def test_the_parts_of_an_lstm_lead_to_its_state(peepholes):
    pages = diagrams.lstm_cell(single(LSTMCell, peepholes=peepholes), unit=2)
    for t in range(1, 6):
        n, before = printed_at(pages, t, 1), printed_at(pages, t - 1, 1)
        assert n["f×c"] == pytest.approx(n["f"] * before["c"], abs=0.02)
        assert n["i×g"] == pytest.approx(n["i"] * n["g"], abs=0.02)
        assert n["c"] == pytest.approx(n["f×c"] + n["i×g"], abs=0.011)
        assert n["tanh c"] == pytest.approx(np.tanh(n["c"]), abs=0.02)
        assert n["h"] == pytest.approx(n["o"] * n["tanh c"], abs=0.02)
        for gate in "ifgo":
            total = n[f"in {gate}"] + n[f"state {gate}"] + n.get(f"peep {gate}", 0)
            act = np.tanh(total) if gate == "g" else 1 / (1 + np.exp(-total))
            assert n[gate] == pytest.approx(act, abs=0.02)
        assert ("peep o" in n) == peepholes


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("after", [True, False])
def test_the_parts_of_a_gru_lead_to_its_state_in_the_form_that_it_has(after, bias):
    pages = diagrams.gru_cell(single(GRUCell, reset_after=after, bias=bias), unit=2)
    assert ("r times what the state gives" in pages.note) == after
    for t in range(1, 6):
        n, before = printed_at(pages, t, 1), printed_at(pages, t - 1, 1)
        assert n["z×h"] == pytest.approx(n["z"] * before["h"], abs=0.02)
        assert n["(1−z)×n"] == pytest.approx(n["1−z"] * n["n"], abs=0.02)
        assert n["h"] == pytest.approx(n["z×h"] + n["(1−z)×n"], abs=0.011)
        assert n["n"] == pytest.approx(np.tanh(n["in n"] + n["reset"]), abs=0.02)
        assert ("u" in n) == after
        if after:
            assert n["reset"] == pytest.approx(n["r"] * n["u"], abs=0.02)


@pytest.mark.parametrize(("draw", "cell"), [(diagrams.lstm_cell, LSTMCell), (diagrams.gru_cell, GRUCell)])
def test_a_layer_that_reads_backwards_is_drawn_in_the_order_in_which_it_reads(draw, cell):
    layer = Bidirectional(recurrent(3, 4, cell), recurrent(3, 4, cell, seed=5, reverse=True))
    record = trace(ManyToMany(layer, Dense(8, 2, rng=rng())), rng(1).normal(size=(5, 3)), list("abcde"))
    pages = draw(record, layer="body.right", unit=1)
    h = record.layers[1].states["h"][:, 0]
    assert [printed_at(pages, t, 0)["h"] for t in range(6)] == [pytest.approx(v, abs=5.1e-3) for v in h[::-1]]
    assert "“e”" in pages.captions[1] and "right to left" in pages.note
    assert "right to left" not in draw(record, layer="body.left").note


def test_the_unit_that_moves_most_is_shown_where_none_is_named():
    record = single(LSTMCell)
    moved = np.abs(np.diff(record.states["c"], axis=0)).sum(axis=0).argmax()
    assert diagrams.lstm_cell(record).note.startswith(f"Unit {moved + 1} of 4, the one that moves most.")


def test_a_decoders_cell_reads_what_it_wrote():
    record = network("encoder")
    pages = diagrams.gru_cell(record, layer="decoder")
    assert "“start”" in pages.captions[1] and f"“{record.classes[record.written[0]]}”" in pages.captions[2]


@pytest.mark.parametrize(
    ("draw", "cell", "options", "said"),
    [
        (diagrams.lstm_cell, GRUCell, {}, "expected that of LSTM units, got gru"),
        (diagrams.gru_cell, GRUCell, {"unit": 5}, "unit: expected"),
        (diagrams.gru_cell, GRUCell, {"notation": "x"}, "notation"),
        (diagrams.gru_cell, GRUCell, {"unit": True}, "unit: expected"),
        (diagrams.gru_cell, GRUCell, {"layer": "body.3"}, "layer: expected"),
    ],
)
def test_a_cell_that_cannot_be_drawn_is_an_error(draw, cell, options, said):
    with pytest.raises(ValueError, match=said):
        draw(single(cell), **options)


# ---- several layers

NETWORKS = ["stacked", "both ways", "encoder", "two pairs", "one above a pair", "encoder both ways", "image to words"]
each_network = pytest.mark.parametrize("kind", NETWORKS)


@each_network
@pytest.mark.parametrize(("T", "H"), [(5, 4), (1, 1), (40, 2), (2, 128)])
def test_every_number_of_the_layers_is_the_traces(kind, T, H):
    record = network(kind, T, H)
    pages = diagrams.layers(record)
    found, states = [*printed(pages)], {f"row {row.number}": row.h for row in rows(record).rows}
    states["p"] = from_step_1(record.probabilities)
    assert len(found) > 2 * (1 if kind == "image to words" else T)
    for address, text in found:
        place, t, k = address.split("/")
        assert number(text) == pytest.approx(states[place][int(t)][int(k)], abs=5.1e-3)
    assert pages.agreement.startswith("✓")
    large = ("two pairs", "encoder both ways", "one above a pair")
    assert ("The table has all" in pages.note) == (H == 128 or (kind in large and H > 3))


@each_network
@pytest.mark.parametrize("T", [1, 5])
def test_nothing_is_computed_before_what_it_is_computed_from(kind, T):
    found = rows(network(kind, T))
    for row in found.rows:
        for t in range(1, row.T + 1):
            if t != row.first:
                assert row.when(t - row.back) == row.when(t) - 1
            for below in found.level(row, -1):
                assert below.when(t) <= row.when(t)
        for giver in found.givers(row):
            assert giver.when(giver.last) < row.when(row.first)
    for t in found.answered:
        assert all(row.when(t) <= found.answered_when(t) for row in found.top)


def test_a_layer_above_a_pair_waits_for_both_and_reads_no_words():
    record = network("one above a pair")
    pages = diagrams.layers(record)
    assert len(pages) == 11
    assert "layer 2" not in "".join(pages.captions[:6])
    assert pages.captions[6].startswith("Step 6 of 10: layer 2 reads both states of step 1 below.")


def test_a_pair_hands_the_last_states_of_both_directions_to_the_decoder():
    record = network("encoder both ways")
    left, right, decoder = record.layers
    np.testing.assert_array_equal(decoder.states["h"][0], [*left.states["h"][5], *right.states["h"][0]])
    found = rows(record)
    assert [row.last for row in found.givers(found.rows[2])] == [5, 1]
    captions, written = diagrams.layers(record).captions, [record.classes[k] for k in record.written]
    assert "starts from the last state of each direction" in captions[6]
    assert f"reads “{written[0]}”, which it wrote, and writes “{written[1]}”" in captions[7]


def test_one_answer_at_the_end_of_both_directions_is_no_steps_answer():
    pages = diagrams.layers(network("both ways"), answers="end")
    assert not [address for address, _ in printed(pages) if address.startswith("p/")]
    assert "It is made of the last state of each direction" in pages.captions[5]
    forward = diagrams.layers(network("stacked"), answers="end")
    assert {address.split("/")[1] for address, _ in printed(forward) if address.startswith("p/")} == {"5"}


def test_a_backward_layer_begins_at_the_end():
    record = network("both ways")
    pages = diagrams.layers(record)
    assert len(pages) == 6
    backward = pages.tips[1]["row/1"]
    h = rows(record).rows[1].h
    assert [kind.split("/")[1] for _, kind in backward if "/" in kind] == ["0", "5"]
    assert not h[0].any() and np.array_equal(h[1:], record.layers[1].states["h"][:-1])
    assert "forward reads “x_1”; backward reads “x_5”" in pages.captions[1]


def test_an_encoder_hands_over_and_then_the_decoder_writes():
    record = network("encoder")
    pages = diagrams.layers(record)
    assert len(pages) == 5 + len(record.written) + 1
    assert "the decoder starts from the encoder's last state" in pages.captions[6]


def test_an_image_stands_where_it_is_read_point_by_point():
    image = np.array([[0.0, 0.25], [0.5, 1.0]])
    pages = diagrams.layers(network("image to words"), image=image)
    points = [e.attrib for e in elements(pages.svg, "rect") if e.get("class") == "role-input"]
    assert [float(point["fill-opacity"]) for point in points] == [0, 0.25, 0.5, 1]
    assert points[0]["x"] < points[1]["x"] and points[0]["y"] == points[1]["y"] < points[2]["y"]


def test_a_network_that_reads_a_sequence_has_no_image():
    with pytest.raises(ValueError, match="image: expected a trace of a OneToMany"):
        diagrams.layers(network("encoder"), image=np.eye(2))


def test_what_a_decoder_will_read_is_not_told_before_it_is_written():
    pages = diagrams.layers(network("image to words"))
    drawn = [tostring(g).decode() for g in elements(pages.svg, "g") if g.get("class") == "page"]
    assert [page.count("q15 0 15 15") for page in drawn] == [3, 3, 2, 1, 0]  # of four, the start is none of them


def test_layers_that_are_not_recurrent_are_an_error():
    from rnnlib import Conv1D

    record = trace(ManyToOne(Conv1D(3, 4, kernel=2, rng=rng()), Dense(4, 2, rng=rng())), rng().normal(size=(4, 3)))
    with pytest.raises(ValueError, match="expected recurrent layers, got conv1d"):
        diagrams.layers(record)
    with pytest.raises(ValueError, match="answers: expected"):
        diagrams.layers(network("stacked"), answers="all")


# ---- all units at once


@pytest.mark.parametrize(("T", "H"), [(5, 4), (1, 1), (40, 16), (5, 128), (70, 3)])
def test_a_strip_has_a_cell_for_each_unit_and_step_and_says_what_is_left_out(T, H):
    record = single(RNNCell, T, H)
    pages = diagrams.heat_strip(record)
    assert len(pages) == min(T, 60) + 1
    assert ("64 of 128 units" in pages.note) == (H == 128)
    assert ("The first 60 of 70 steps" in pages.note) == (T == 70)
    fills = [e for g in elements(pages.svg, "g", "row") for e in g.iter(f"{SVG}rect") if "fill-opacity" in e.attrib]
    assert len(fills) == min(H, 64) * len(pages)
    if H <= 64:
        shades = [float(e.attrib["fill-opacity"]) for e in fills[: len(pages)]]
        assert shades == pytest.approx(np.abs(record.h[: len(pages), 0]), abs=5.1e-3)
    assert pages.agreement.startswith("✓")


@pytest.mark.parametrize(("H", "told"), [(4, 4), (24, 24), (25, 1)])
def test_each_unit_of_a_strip_has_its_number_where_they_are_few(H, told):
    record = single(RNNCell, 5, H)
    pages = diagrams.heat_strip(record)
    assert len(pages.tips[3]) == told
    for name, tip in pages.tips[3].items():
        assert number(tip[-1][0]) == round(float(record.h[3, int(name[5:]) - 1]), 2)


@pytest.mark.parametrize("draw", [diagrams.heat_strip, diagrams.layers, diagrams.lstm_cell])
def test_what_is_not_finite_is_an_error(draw):
    record = single(LSTMCell)
    broken = dataclasses.replace(record.main, states={n: np.full_like(h, np.nan) for n, h in record.states.items()})
    with pytest.raises(ValueError, match="finite numbers"):
        draw(dataclasses.replace(record, layers=(broken,)))
