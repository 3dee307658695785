"""A gate that is held stands still, exactly; and the whole gradient of a cell state on an earlier one."""

import numpy as np
import pytest

from rnnlib import GRUCell, LSTMCell, Recurrent, RNNCell
from rnnlib.cells import hold
from rnnlib.flow import cell_state_flow, gradient_flow

rng = np.random.default_rng
T, N, H = 6, 3, 4
X = rng(1).normal(size=(T, N))


def lstm(**options):
    cell = LSTMCell(N, H, rng=rng(0), **options)
    if cell.peepholes:
        cell.W_ch += rng(2).normal(size=(3, H))
    cell.b_h += rng(3).normal(size=4 * H)
    return cell


def gates(cell, x=X):
    layer = Recurrent(cell)
    _, _, tape = layer.forward(x[:, None].astype(cell.dtype))
    return {name: gate[:, 0] for name, gate in layer.gates(tape).items()}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("value", [0, 0.5, 1])
@pytest.mark.parametrize("name", ["i", "f", "o"])
@pytest.mark.parametrize("peepholes", [False, True])
def test_a_gate_of_an_lstm_is_exactly_what_it_is_held_at(name, value, peepholes, dtype):
    held = hold(lstm(peepholes=peepholes, dtype=dtype), **{name: value})
    found = gates(held)
    assert (found[name] == value).all()
    assert all(np.ptp(found[other]) > 0 for other in "ifgo" if other != name)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("value", [0, 0.5, 1])
@pytest.mark.parametrize("name", ["r", "z"])
@pytest.mark.parametrize("reset_after", [True, False])
def test_a_gate_of_a_gru_is_exactly_what_it_is_held_at(name, value, reset_after, dtype):
    held = hold(GRUCell(N, H, rng=rng(0), reset_after=reset_after, dtype=dtype), **{name: value})
    found = gates(held)
    assert (found[name] == value).all()


@pytest.mark.parametrize("peepholes", [False, True])
def test_forget_1_and_input_0_keep_c_to_the_last_bit_while_h_changes(peepholes):
    held = hold(lstm(peepholes=peepholes), f=1, i=0)
    state = rng(5).normal(size=(2, 1, H))
    layer = Recurrent(held)
    y, _, tape = layer.forward(X[:, None], (state[0], state[1]))
    c = layer.states(tape)["c"]
    assert all(np.array_equal(c[t], c[0]) for t in range(T + 1))
    assert len({row.tobytes() for row in y[:, 0]}) == T


def test_the_given_cell_is_not_changed():
    cell = lstm()
    before = {name: array.copy() for name, array in cell.params.items()}
    hold(cell, f=0, o=1)
    assert all(np.array_equal(array, before[name]) for name, array in cell.params.items())


@pytest.mark.parametrize(
    ("cell", "given", "error", "said"),
    [
        (RNNCell(N, H, rng=rng(0)), {"f": 1}, TypeError, "expected an LSTMCell or a GRUCell"),
        (lstm(), {"g": 1}, ValueError, 'gates: expected "i", "f" or "o", got \'g\''),
        (lstm(), {"f": 0.3}, ValueError, "f: expected 0, 0.5 or 1, got 0.3"),
        (LSTMCell(N, H, rng=rng(0), bias=False), {"f": 1}, ValueError, "with biases"),
        (GRUCell(N, H, rng=rng(0)), {"f": 1}, ValueError, 'gates: expected "r" or "z", got \'f\''),
    ],
)
def test_what_cannot_be_held_is_an_error(cell, given, error, said):
    with pytest.raises(error, match=said):
        hold(cell, **given)


# ---- dc_T/dc_t


@pytest.mark.parametrize("peepholes", [False, True])
def test_the_gradient_of_the_cell_state_is_that_of_central_differences(peepholes):
    cell = lstm(peepholes=peepholes)
    layer = Recurrent(cell)
    _, _, tape = layer.forward(X[:, None])
    (h, c), o = layer.states(tape).values(), gates(cell)["o"]
    found = cell_state_flow(layer, X)
    for t in range(T):
        for k in range(H):
            ends = []
            for sign in (1, -1):
                moved = c[t].copy()
                moved[0, k] += sign * 1e-6
                out = o[t - 1].copy()
                if peepholes and t:
                    logit = np.log(out / (1 - out)) + cell.W_ch[2] * (moved[0] - c[t, 0])
                    out = 1 / (1 + np.exp(-logit))
                state = out * np.tanh(moved) if t else h[0]
                ends.append(layer.forward(X[t:, None], (state.reshape(1, H), moved))[1][1][0])
            assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(found[t][:, k], abs=1e-7)
    assert np.array_equal(found[T], np.eye(H))


def test_held_at_1_and_0_the_straight_road_is_all():
    found = cell_state_flow(Recurrent(hold(lstm(), f=1, i=0)), X)
    assert all(np.array_equal(J, np.eye(H)) for J in found)


def test_of_c_needs_a_cell_with_c():
    with pytest.raises(ValueError, match="of: expected \"h\", got 'c'"):
        gradient_flow(Recurrent(RNNCell(N, H, rng=rng(0))), X, of="c")
    with pytest.raises(TypeError, match="LSTMCell"):
        cell_state_flow(Recurrent(RNNCell(N, H, rng=rng(0))), X)
