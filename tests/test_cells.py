"""One step of a cell: its equation, its gradient, its sizes, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.layers import Recurrent
from rnnlib.parameters import leaves, map_state

from . import zoo

every_cell = pytest.mark.parametrize("name", zoo.CELLS)
KINDS = (RNNCell, LSTMCell, GRUCell)
every_kind = pytest.mark.parametrize("kind", KINDS)


def rng():
    return np.random.default_rng(0)


def drawn(cell, B):
    x = rng().standard_normal((B, cell.inputs)).astype(cell.dtype)
    states = [
        0.5 * rng().standard_normal((B, cell.hidden)).astype(cell.dtype) + k for k, _ in enumerate(cell.state_names)
    ]
    return x, cell.pack(states)


@every_cell
@settings(max_examples=5)
@given(B=st.integers(1, 3), inputs=st.integers(1, 3), hidden=st.integers(1, 4), seed=st.integers(0, 99))
def test_step_and_step_back_are_a_layer_over_one_step(name, B, inputs, hidden, seed):
    cell = zoo.cell(name, inputs, hidden, seed)
    x, state = drawn(cell, B)
    after, tape = cell.step(x, state)
    layer = Recurrent(cell)
    y, final, layer_tape = layer.forward(x[None], state)
    d_after = map_state(lambda s: np.cos(s + 1), after)
    d_x, d_state, grads = cell.step_back(d_after, tape)
    want_x, want_state, want_grads = layer.backward(None, layer_tape, d_after)
    pairs = [*zip(leaves(after), leaves(final), strict=True), (leaves(after)[0], y[0]), (d_x, want_x[0])]
    pairs += [*zip(leaves(d_state), leaves(want_state), strict=True)]
    pairs += [(grads[key], array) for key, array in want_grads.items()]
    assert all(np.array_equal(a, b) for a, b in pairs)


# ---- sizes and first values -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("rnn tanh", 8 * 5 + 8 * 8 + 8),
        ("rnn without bias", 8 * 5 + 8 * 8),
        ("lstm", 4 * (8 * 5 + 8 * 8 + 8)),
        ("lstm with peepholes", 4 * (8 * 5 + 8 * 8 + 8) + 3 * 8),
        ("lstm without bias", 4 * (8 * 5 + 8 * 8)),
        ("gru", 3 * (8 * 5 + 8 * 8 + 8) + 8),
        ("gru reset before", 3 * (8 * 5 + 8 * 8 + 8)),
        ("gru without bias", 3 * (8 * 5 + 8 * 8)),
    ],
)
def test_the_number_of_parameters_is_what_the_equations_say(name, count):
    assert zoo.cell(name, inputs=5, hidden=8).parameter_count == count


@every_kind
def test_a_number_as_init_is_the_standard_deviation_of_the_weights(kind):
    cell = kind(40, 60, rng=rng(), init=0.001)
    assert cell.W_hh.std() == pytest.approx(0.001, rel=0.05)
    assert cell.W_xh.std() == pytest.approx(0.001, rel=0.05)


@every_kind
def test_uniform_weights_stay_within_one_over_the_root_of_hidden(kind):
    cell = kind(5, 16, rng=rng())
    assert 0.2 < np.abs(cell.W_hh).max() <= 1 / 4
    assert np.abs(cell.W_xh).max() <= 1 / 4


@every_kind
def test_orthogonal_blocks_keep_the_length_of_a_state(kind):
    cell = kind(2, 5, rng=rng(), init="orthogonal")
    for block in np.split(cell.W_hh, len(cell.gates)):
        np.testing.assert_allclose(block @ block.T, np.eye(5), atol=1e-14)


@every_kind
def test_identity_blocks_are_the_identity(kind):
    cell = kind(2, 4, rng=rng(), init="identity")
    assert all(np.array_equal(block, np.eye(4)) for block in np.split(cell.W_hh, len(cell.gates)))


def test_biases_begin_at_zero_and_the_forget_bias_at_one():
    cell = LSTMCell(2, 3, rng=rng())
    assert cell.b_h.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert LSTMCell(2, 3, rng=rng(), forget_bias=2.5).b_h[3:6].tolist() == [2.5] * 3


def test_saturated_cells_stay_finite():
    for name in zoo.CELLS:
        cell = zoo.cell(name)
        after, tape = cell.step(np.full((1, 2), 1e4))
        d_x, _, grads = cell.step_back(map_state(np.ones_like, after), tape)
        assert all(np.isfinite(array).all() for array in (*leaves(after), d_x, *grads.values())), name


# ---- parameters -----------------------------------------------------------------------------------------------------


@every_cell
def test_all_parameters_go_into_one_vector_and_come_back_into_the_arrays_that_are_there(name):
    cell = zoo.cell(name)
    x, state = drawn(cell, 2)
    kept = leaves(cell.step(x, state)[0])[0].copy()
    arrays, vector = cell.params, cell.vector()
    cell.restore(np.zeros_like(vector))
    assert not any(array.any() for array in arrays.values())
    cell.restore(vector)
    assert all(cell.params[key] is array for key, array in arrays.items())
    assert np.array_equal(cell.vector(), vector)
    assert np.array_equal(leaves(cell.step(x, state)[0])[0], kept)


@every_cell
def test_what_does_not_fit_a_cell_is_refused_by_name(name):
    cell = zoo.cell(name)
    after, cache = zoo.cell(name).step(*drawn(cell, 2))  # another cell's
    for wrong in (cache, ()):
        with pytest.raises(ValueError, match="cache: expected the one that this cell's step gave"):
            cell.step_back(after, wrong)
    with pytest.raises(ValueError, match=r"x: expected \(B, 2\), got \(4, 3\)"):
        cell.step(np.zeros((4, 3)))
    with pytest.raises(ValueError, match=r"state.*: expected \(4, 3\), got \(2, 3\)"):
        cell.step(np.zeros((4, 2)), after)


@pytest.mark.parametrize(
    "change",
    [
        {"b_h": np.zeros((3, 1))},
        {"W_hh": np.full((3, 3), "a")},
        {"W_other": np.zeros(3)},
    ],
)
def test_set_params_changes_all_or_none(change):
    cell = RNNCell(2, 3, rng=rng())
    before = {name: array.copy() for name, array in cell.params.items()}
    with pytest.raises((ValueError, TypeError), match=next(iter(change))):
        cell.set_params({name: np.ones_like(array) for name, array in before.items()} | change)
    assert all(np.array_equal(cell.params[name], before[name]) for name in before)
