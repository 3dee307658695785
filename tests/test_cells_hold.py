"""A gate that is held stands still, exactly; and the whole gradient of a cell state on an earlier one."""

import numpy as np
import pytest

from rnnlib import GRUCell, LSTMCell, Recurrent, RNNCell
from rnnlib.cells import hold
from rnnlib.flow import cell_state_flow

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
@pytest.mark.parametrize(
    ("build", "names"),
    [
        (lstm, "ifo"),
        (lambda **dtype: lstm(peepholes=True, **dtype), "ifo"),
        (lambda **dtype: GRUCell(N, H, rng=rng(0), **dtype), "rz"),
        (lambda **dtype: GRUCell(N, H, rng=rng(0), reset_after=False, **dtype), "rz"),
    ],
)
def test_a_gate_is_exactly_what_it_is_held_at_in_a_copy_of_the_cell(build, names, value, dtype):
    cell = build(dtype=dtype)
    before = cell.vector()
    for name in names:
        found = gates(hold(cell, **{name: value}))
        assert (found[name] == value).all()
        assert all(np.ptp(found[other]) > 0 for other in cell.gates if other != name)
    assert np.array_equal(cell.vector(), before)


@pytest.mark.parametrize("peepholes", [False, True])
def test_forget_1_and_input_0_keep_c_to_the_last_bit_while_h_changes(peepholes):
    held = hold(lstm(peepholes=peepholes), f=1, i=0)
    state = rng(5).normal(size=(2, 1, H))
    layer = Recurrent(held)
    y, _, tape = layer.forward(X[:, None], (state[0], state[1]))
    c = layer.states(tape)["c"]
    assert all(np.array_equal(c[t], c[0]) for t in range(T + 1))
    assert len({row.tobytes() for row in y[:, 0]}) == T
    assert all(np.array_equal(J, np.eye(H)) for J in cell_state_flow(layer, X))


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
