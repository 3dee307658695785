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
def test_a_padded_batch_gives_what_its_sequences_give_alone_and_the_sum_of_their_gradients(name):
    layer = zoo.layer(name)
    x, state, past = padded(layer)
    y, final, tape = layer.forward(x, state, LENGTHS)
    d_y, d_final = zoo.seeds_back(y, final)
    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    assert not y[past].any() and (d_x is None or not d_x[past].any())
    total = {key: 0.0 for key in grads}
    for b, n in enumerate(LENGTHS):
        y_b, final_b, tape_b = layer.forward(x[:n, b : b + 1], alone(state, b))
        np.testing.assert_allclose(y[:n, b], y_b[:, 0], rtol=1e-13, atol=1e-15)
        for s, s_b in zip(leaves(final), leaves(final_b), strict=True):
            np.testing.assert_allclose(s[b], s_b[0], rtol=1e-13, atol=1e-15)
        d_x_b, d_state_b, grads_b = layer.backward(d_y[:n, b : b + 1], tape_b, alone(d_final, b))
        total = {key: total[key] + array for key, array in grads_b.items()}
        if d_x is not None:
            np.testing.assert_allclose(d_x[:n, b], d_x_b[:, 0], rtol=1e-12, atol=1e-14)
        for d, d_b in zip(leaves(d_state), leaves(d_state_b), strict=True):
            np.testing.assert_allclose(d[b], d_b[0], rtol=1e-12, atol=1e-14)
    reference.assert_alike(grads, total, 1e-13)


@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize("junk", [np.nan, 1e300])
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
@pytest.mark.parametrize(("T", "B"), [(0, 2), (3, 0)])
def test_no_steps_and_no_sequences_give_no_outputs_and_the_first_state(name, T, B):
    layer = zoo.layer(name)
    x, state = zoo.inputs_for(layer, T, B), map_state(lambda s: s[:B], zoo.state_for(layer, 2))
    y, final, tape = layer.forward(x, state)
    d_x, _, grads = layer.backward(y, tape)
    assert y.shape == (T, B, layer.outputs)
    assert all(np.array_equal(s, f) for s, f in zip(leaves(state), leaves(final), strict=True))
    assert d_x is None or d_x.shape == x.shape
    assert not any(array.any() for array in grads.values())


@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize(
    ("lengths", "error", "says"),
    [
        ([1, 2, 6], ValueError, "expected 0 to 5"),
        ([1, -1, 2], ValueError, "got -1 to 2"),
        ([1, 2], ValueError, r"expected \(3,\)"),
        ([1.0, 2.0, 3.0], TypeError, "whole numbers"),
    ],
)
def test_lengths_that_do_not_fit_are_refused(name, lengths, error, says):
    layer = zoo.layer(name)
    with pytest.raises(error, match=rf"lengths: .*{says}"):
        layer.forward(zoo.inputs_for(layer, 5, 3), None, lengths)
