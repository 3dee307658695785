"""The gates of an LSTM or GRU, as they are and held: every number is the library's."""

import numpy as np
import pytest

from rnnlib import GRUCell, LSTMCell, Recurrent, RNNCell, diagrams
from rnnlib.cells import hold
from rnnlib.diagrams.pages import printed
from rnnlib.exercises import predict
from rnnlib.flow import cell_state_flow, gradient_flow
from rnnlib.look.lettering import number
from rnnlib.views.gates import gates_run
from tests.svg import elements

KINDS = {"lstm": LSTMCell, "gru": GRUCell}


def layer(kind="lstm", H=4, scale=2.0, **options):
    cell = KINDS[kind](3, H, rng=np.random.default_rng(0), **options)
    for array in cell.params.values():
        array *= scale
    return Recurrent(cell)


def inputs(T=5):
    return np.random.default_rng(1).normal(size=(T, 3))


def gates(*run, unit=1, ask=False, **options):
    run = gates_run(*run, **options)
    return diagrams.gates(run, unit=unit, ask=predict.gates(run, unit) if ask else None)


def run_of(body, start=0.0):
    """The numbers of the run as it is."""
    run = gates_run(body, inputs(), tuple("abcde"), start=start)
    return {name.removeprefix("free "): rows for name, rows in run.numbers.items() if name.startswith("free ")}


def draw(kind="lstm", T=5, tokens=None, **options):
    return gates(layer(kind), inputs(T), tokens or tuple(f"w{t}" for t in range(T)), **options)


@pytest.mark.parametrize(("kind", "held"), [("lstm", {"f": 1, "i": 0}), ("lstm", {}), ("gru", {"z": 0.5}), ("gru", {})])
def test_every_number_in_the_picture_is_the_layers(kind, held):
    free = layer(kind)
    changed = Recurrent(hold(free.cell, **held)) if held else free
    found = {address: number(text) for address, text in printed(draw(kind, held=held, unit=2, start=0.5))}
    for panel, body in (("free", free), ("changed", changed)):
        first = np.full((1, 4), 0.5)
        state = (np.zeros((1, 4)), first) if kind == "lstm" else first
        y, _, tape = body.forward(inputs()[:, None], state)
        values = {name: gate[:, 0] for name, gate in body.gates(tape).items()}
        for t in range(1, 6):
            assert found[f"{panel} h/{t}/1"] == pytest.approx(y[t - 1, 0, 1], abs=5.1e-3)
            for name, gate in values.items():
                assert found[f"{panel} {name}/{t}/1"] == pytest.approx(gate[t - 1, 1], abs=5.1e-3)
        one = tuple(s[0] for s in state) if kind == "lstm" else state[0]
        J = (
            cell_state_flow(body, inputs(), one)
            if kind == "lstm"
            else gradient_flow(body, inputs(), one).jacobians["h"]
        )
        keep = values["f" if kind == "lstm" else "z"][:, 1]
        for t in range(6):
            assert found[f"{panel} full/{t}/1"] == pytest.approx(J[t, 1, 1], abs=5.1e-3)
            assert found[f"{panel} road/{t}/1"] == pytest.approx(np.prod(keep[t:]), abs=5.1e-3)


def test_forget_1_and_input_0_keep_c_and_the_caption_says_so():
    held = Recurrent(hold(layer().cell, f=1, i=0))
    run = run_of(held, 0.8)
    assert all(np.array_equal(c, run["c"][0]) for c in run["c"])
    assert len({h.tobytes() for h in run["h"][1:]}) == 5
    assert "c stays at +0.80, to the last bit" in draw(held={"f": 1, "i": 0}, start=0.8).captions[3]


def test_while_c_stays_the_caption_says_that_h_does_not():
    pages = draw(held={"f": 1, "i": 0}, start=0.8)
    for t in range(2, 6):
        assert "while h goes from" in pages.captions[t]


def test_a_gru_that_keeps_its_state_says_so_up_to_rounding():
    captions = draw("gru", held={"z": 1}, start=0.8, T=10).captions[1:]
    assert all("h stays at +0.80, " in caption for caption in captions)
    assert any("up to rounding" in caption for caption in captions)


@pytest.mark.parametrize("kind", KINDS)
def test_the_gradient_along_all_roads_agrees_with_central_differences(kind):
    """Of the memory at the end on the memory at the start, one unit: the run is done anew with it moved by e."""
    e, body = 1e-5, layer(kind)
    name = "c" if kind == "lstm" else "h"

    def last(start):
        return run_of(body, start)[name][-1]

    slopes = run_of(body, 0.3)
    flow = cell_state_flow if kind == "lstm" else (lambda *a: gradient_flow(*a).jacobians["h"])
    first = np.full(4, 0.3)
    J = flow(body, inputs(), (np.zeros(4), first) if kind == "lstm" else first)[0]
    np.testing.assert_allclose((last(0.3 + e) - last(0.3 - e)) / (2 * e), J.sum(axis=1), rtol=1e-6)
    np.testing.assert_array_equal(slopes["full"][0], np.diagonal(J))


def test_the_state_that_is_not_as_it_was_is_outlined():
    assert len(elements(draw(held={"f": 0}).svg, "rect", "mark")) > 5
    assert elements(draw().svg, "rect", "mark") == []


def test_the_product_is_not_the_gradient():
    run = run_of(layer(), 0.8)
    assert np.abs(run["road"] - run["full"]).max() > 0.01


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"T": 41}, "1 to 40 steps"),
        ({"unit": 5}, "unit: expected"),
        ({"held": {"g": 1}}, 'gates: expected "i", "f" or "o", got'),
    ],
)
def test_what_cannot_be_drawn_is_an_error(options, said):
    with pytest.raises(ValueError, match=said):
        draw(**options)


def test_what_is_not_finite_is_an_error():
    broken = layer()
    broken.cell.b_h[0] = np.nan
    with pytest.raises(ValueError, match="finite"):
        gates(broken, inputs(1), ("a",))


def test_a_layer_without_gates_is_an_error():
    with pytest.raises(TypeError, match="LSTMCell or a GRUCell"):
        gates(Recurrent(RNNCell(3, 4, rng=np.random.default_rng(0))), inputs(1), ("a",))
