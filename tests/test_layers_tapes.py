"""What every layer keeps to: nothing is stored in it, a tape can be used again, float32 stays float32."""

import numpy as np
import pytest

from rnnlib.gradcheck import check_layer
from rnnlib.parameters import leaves

from . import zoo


def forward(layer, seed, T=4, B=2, lengths=None):
    x, state = zoo.inputs_for(layer, T, B, seed), zoo.state_for(layer, B, seed)
    y, final, tape = layer.forward(x, state, lengths)
    return x, state, y, final, tape


def back(layer, d_y, tape, d_final):
    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    return [array.copy() for array in (*leaves(d_x), *leaves(d_state), *grads.values())]


def same(some, others):
    return len(some) == len(others) and all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_a_run_changes_neither_its_arguments_nor_the_parameters(name):
    layer = zoo.layer(name)
    x, state = zoo.inputs_for(layer, 4, 2), zoo.state_for(layer, 2)
    turned = np.ascontiguousarray(x.swapaxes(0, 1)).swapaxes(0, 1)  # a view of any layout will do
    assert same([layer.forward(turned)[0]], [layer.forward(x)[0]])
    y, final, tape = layer.forward(x, state, [2, 4])
    d_y, d_final = zoo.seeds_back(y, final)
    watched = [x, *leaves(state), d_y, *leaves(d_final), y, *leaves(final), *layer.params.values()]
    before = [array.copy() for array in watched]
    layer.backward(d_y, tape, d_final)
    layer.forward(x, state, [2, 4])
    assert same(watched, before)


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_the_gradient_on_the_inputs_can_be_left_out(name):
    layer = zoo.layer(name)
    _, _, y, final, tape = forward(layer, seed=1)
    d_y, d_final = zoo.seeds_back(y, final)
    want = layer.backward(d_y, tape, d_final)[2]
    d_x, _, grads = layer.backward(d_y, tape, d_final, inputs=False)
    assert d_x is None
    assert same(list(grads.values()), list(want.values()))


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_no_gradient_on_the_outputs_is_a_gradient_of_zeros(name):
    layer = zoo.layer(name)
    _, _, y, final, tape = forward(layer, seed=1, lengths=[2, 4])
    _, d_final = zoo.seeds_back(y, final)
    assert same(back(layer, None, tape, d_final), back(layer, np.zeros_like(y), tape, d_final))


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_a_layer_that_has_run_before_gives_the_same_numbers_as_a_new_one(name):
    used = zoo.layer(name)
    for seed, lengths in ((1, None), (3, np.array([1, 4])), (4, None)):
        new = zoo.layer(name)
        _, _, y, final, tape = forward(used, seed, lengths=lengths)
        forward(used, seed + 10)  # another run before the backward pass
        _, _, y_new, final_new, tape_new = forward(new, seed, lengths=lengths)
        d_y, d_final = zoo.seeds_back(y, final)
        assert same([y, *leaves(final)], [y_new, *leaves(final_new)])
        want = back(new, d_y, tape_new, d_final)
        first, *_, grads = used.backward(d_y, tape, d_final)
        assert same(back(used, d_y, tape, d_final), want)  # a tape can be used again
        assert same([*leaves(first), *grads.values()], [*want[: len(leaves(first))], *want[len(want) - len(grads) :]])


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_what_does_not_fit_a_layer_is_refused_by_name(name):
    layer, other = zoo.layer(name), zoo.layer(name)
    _, _, y, _, tape = forward(other, seed=1)
    for given in (tape, (), None):
        with pytest.raises(ValueError, match="tape: expected the one that this layer's forward gave"):
            layer.backward(np.ones_like(y), given)
    tape = forward(layer, seed=1)[4]
    with pytest.raises(ValueError, match="d_y: expected"):
        layer.backward(np.ones((2, *y.shape[1:])), tape)
    wrong = np.zeros((4, 2, 2), int) if layer.takes_ids else np.zeros((4, 2, layer.inputs + 1))
    with pytest.raises(ValueError, match=r"x: expected \(T, B.*got \(4, 2, "):
        layer.forward(wrong)
    with pytest.raises(ValueError, match="state"):
        layer.forward(zoo.inputs_for(layer, 4, 2), np.zeros((2, layer.outputs + 1)))


@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize("lengths", [None, [2, 4]])
def test_gradients_have_the_names_and_shapes_of_the_parameters_and_float32_is_never_widened(name, lengths):
    layer = zoo.layer(name, dtype=np.float32)
    _, _, y, final, tape = forward(layer, seed=1, lengths=lengths)
    d_y, d_final = zoo.seeds_back(y, final)
    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    arrays = [y, *leaves(final), *leaves(d_x), *leaves(d_state), *grads.values(), *layer.params.values()]
    assert {key: g.shape for key, g in grads.items()} == {key: array.shape for key, array in layer.params.items()}
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize("size", [(1, 3, 2, 2), (4, 1, 1, 1)])
def test_sizes_of_one_are_sizes_as_any_other(name, size):
    T, B, inputs, hidden = size
    layer = zoo.layer(name, inputs, hidden, seed=5)
    report = check_layer(layer, zoo.inputs_for(layer, T, B), zoo.state_for(layer, B), rng=np.random.default_rng(0))
    assert report.ok(1e-6), f"\n{report}"
