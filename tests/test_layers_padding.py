"""Padding changes nothing: a sequence in a padded batch gets what it gets alone, whatever stands past its end."""

import numpy as np
import pytest

from rnnlib.parameters import leaves, map_state

from . import reference, zoo

T, LENGTHS = 5, np.array([3, 5, 0, 1])


def padded(layer, junk=0.0):
    """A batch with lengths, and `junk` past the ends."""
    x = zoo.inputs_for(layer, T, len(LENGTHS))
    past = np.arange(T)[:, None] >= LENGTHS
    x[past] = -7 if layer.takes_ids else junk
    return x, zoo.state_for(layer, len(LENGTHS)), past


def alone(state, b):
    return map_state(lambda s: s[b : b + 1], state)


def run(layer, x, state, lengths, d_y, d_final):
    return reference.by_library(layer, x, state, lengths, d_y, d_final)


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_a_padded_sequence_gets_the_outputs_and_the_final_state_that_it_gets_alone(name):
    layer = zoo.layer(name)
    x, state, _ = padded(layer)
    y, final, _ = layer.forward(x, state, LENGTHS)
    for b, n in enumerate(LENGTHS):
        y_alone, final_alone, _ = layer.forward(x[:n, b : b + 1], alone(state, b))
        np.testing.assert_allclose(y[:n, b], y_alone[:, 0], rtol=1e-13, atol=1e-15)
        for s, s_alone in zip(leaves(final), leaves(final_alone), strict=True):
            np.testing.assert_allclose(s[b], s_alone[0], rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_the_gradients_of_a_padded_batch_are_the_sums_over_its_sequences_alone(name):
    layer = zoo.layer(name)
    x, state, _ = padded(layer)
    y, final, tape = layer.forward(x, state, LENGTHS)
    d_y, d_final = zoo.seeds_back(y, final)
    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    total = {key: 0.0 for key in grads}
    for b, n in enumerate(LENGTHS):
        _, _, tape_b = layer.forward(x[:n, b : b + 1], alone(state, b))
        d_x_b, d_state_b, grads_b = layer.backward(d_y[:n, b : b + 1], tape_b, alone(d_final, b))
        total = {key: total[key] + array for key, array in grads_b.items()}
        if d_x is not None:
            np.testing.assert_allclose(d_x[:n, b], d_x_b[:, 0], rtol=1e-12, atol=1e-14)
        for d, d_b in zip(leaves(d_state), leaves(d_state_b), strict=True):
            np.testing.assert_allclose(d[b], d_b[0], rtol=1e-12, atol=1e-14)
    reference.assert_alike(grads, total, 1e-13)


@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize("junk", [np.nan, np.inf, 1e300])
def test_what_stands_in_the_padding_is_never_read(name, junk):
    layer = zoo.layer(name)
    clean, state, past = padded(layer)
    dirty = clean.copy() if layer.takes_ids else padded(layer, junk)[0]
    y, final, _ = layer.forward(clean, state, LENGTHS)
    d_y, d_final = zoo.seeds_back(y, final)
    want = run(layer, clean, state, LENGTHS, d_y, d_final)
    d_y[past] = 1e6  # a gradient on padding does not count either
    got = run(layer, dirty, state, LENGTHS, d_y, d_final)
    assert all(np.array_equal(got[key], want[key]) for key in want)


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_outputs_and_input_gradients_are_zero_in_the_padding(name):
    layer = zoo.layer(name)
    x, state, past = padded(layer)
    y, final, tape = layer.forward(x, state, LENGTHS)
    d_y, d_final = zoo.seeds_back(y, final)
    d_x, _, _ = layer.backward(d_y, tape, d_final)
    assert not y[past].any()
    assert d_x is None or not d_x[past].any()


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_lengths_that_are_all_the_whole_length_change_nothing(name):
    layer = zoo.layer(name)
    x, state = zoo.inputs_for(layer, 4, 3), zoo.state_for(layer, 3)
    y, final, _ = layer.forward(x, state)
    back = zoo.seeds_back(y, final)
    without, with_lengths = run(layer, x, state, None, *back), run(layer, x, state, np.array([4, 4, 4]), *back)
    reference.assert_alike(with_lengths, without, 1e-15)


@pytest.mark.parametrize("name", zoo.WITH_MEMORY)
def test_an_empty_sequence_keeps_its_first_state_and_its_gradient(name):
    layer = zoo.layer(name)
    x, state = zoo.inputs_for(layer, 3, 2), zoo.state_for(layer, 2)
    y, final, tape = layer.forward(x, state, [0, 0])
    d_y, d_final = zoo.seeds_back(y, final)
    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    for first, last in (
        *zip(leaves(state), leaves(final), strict=True),
        *zip(leaves(d_final), leaves(d_state), strict=True),
    ):
        assert np.array_equal(first, last)
    assert not y.any() and not any(array.any() for array in grads.values())
    assert d_x is None or not d_x.any()


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_no_steps_at_all_give_no_outputs_and_the_first_state(name):
    layer = zoo.layer(name)
    x, state = zoo.inputs_for(layer, 0, 2), zoo.state_for(layer, 2)
    y, final, tape = layer.forward(x, state)
    d_x, _, grads = layer.backward(y, tape)
    assert y.shape == (0, 2, layer.outputs)
    assert all(np.array_equal(s, f) for s, f in zip(leaves(state), leaves(final), strict=True))
    assert d_x is None or d_x.shape == x.shape
    assert not any(array.any() for array in grads.values())


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_a_batch_of_no_sequences_runs(name):
    layer = zoo.layer(name)
    y, _, tape = layer.forward(zoo.inputs_for(layer, 3, 0), None, np.zeros(0, int))
    assert y.shape == (3, 0, layer.outputs)
    assert not any(array.any() for array in layer.backward(y, tape)[2].values())


@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize(
    ("lengths", "error", "says"),
    [
        ([1, 2, 6], ValueError, "expected 0 to 5"),
        ([1, -1, 2], ValueError, "got -1 to 2"),
        ([1, 2], ValueError, r"expected \(3,\)"),
        ([[1, 2, 3]], ValueError, r"expected \(3,\)"),
        ([1.0, 2.0, 3.0], TypeError, "whole numbers"),
        ([True, True, False], TypeError, "whole numbers"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(name, lengths, error, says):
    layer = zoo.layer(name)
    with pytest.raises(error, match=rf"lengths: .*{says}"):
        layer.forward(zoo.inputs_for(layer, 5, 3), None, lengths)
