"""Every layer: its gradients against central differences, and all of it against the plain equations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnnlib.gradcheck import check_layer

from . import reference, zoo

sizes = st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 3), st.integers(1, 4))  # T, B, I, H


def drawn(name, size, with_lengths, with_state, seed):
    T, B, inputs, hidden = size
    layer = zoo.layer(name, inputs, hidden, seed)
    lengths = zoo.lengths_for(T, B, seed) if with_lengths else None
    return layer, zoo.inputs_for(layer, T, B, seed), zoo.state_for(layer, B, seed) if with_state else None, lengths


@pytest.mark.parametrize("name", zoo.LAYERS)
@settings(max_examples=6)
@given(size=sizes, with_lengths=st.booleans(), with_state=st.booleans(), seed=st.integers(0, 999))
def test_gradients_agree_with_central_differences(name, size, with_lengths, with_state, seed):
    layer, x, state, lengths = drawn(name, size, with_lengths, with_state, seed)
    report = check_layer(layer, x, state, lengths, rng=np.random.default_rng(seed))
    assert report.ok(1e-6), f"\n{report}"


@pytest.mark.parametrize("name", zoo.LAYERS)
@settings(max_examples=8)
@given(size=sizes, with_lengths=st.booleans(), with_state=st.booleans(), seed=st.integers(0, 999))
def test_outputs_and_gradients_are_those_of_the_plain_equations(name, size, with_lengths, with_state, seed):
    layer, x, state, lengths = drawn(name, size, with_lengths, with_state, seed)
    y, final, _ = layer.forward(x, state, lengths)
    d_y, d_final = zoo.seeds_back(y, final, seed)
    got = reference.by_library(layer, x, state, lengths, d_y, d_final)
    reference.assert_alike(got, reference.plainly(layer, x, state, lengths, d_y, d_final))


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_checks_look_at_inputs_states_and_every_parameter(name):
    layer = zoo.layer(name)
    x, state = zoo.inputs_for(layer, 2, 2), zoo.state_for(layer, 2)
    seen = set(check_layer(layer, x, state, rng=np.random.default_rng(0)).errors)
    assert set(layer.params) <= seen
    assert ("x" in seen) == (not layer.takes_ids)
    assert any(name.startswith("state") for name in seen) == (name in zoo.WITH_MEMORY)
