"""Every wiring: its gradients against central differences, and its loss and gradients against the plain equations."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rnnlib.gradcheck import check_model
from rnnlib.layers import Dense, TreeRNN
from rnnlib.models import ManyToOne

from . import model_reference, model_zoo, reference, zoo
from .test_layers_tree import forest

every_model = pytest.mark.parametrize("name", model_zoo.MODELS)
sizes = st.fixed_dictionaries(
    {"T": st.integers(1, 4), "B": st.integers(1, 3), "S": st.integers(1, 4), "ragged": st.booleans()}
)
widths = st.fixed_dictionaries(
    {"inputs": st.integers(1, 3), "hidden": st.integers(1, 4), "classes": st.just(3), "seed": st.integers(0, 999)}
)


@every_model
@settings(max_examples=4)
@given(width=widths, size=sizes)
def test_gradients_agree_with_central_differences(name, width, size):
    model = model_zoo.model(name, **width)
    x, y, more = model_zoo.data(model, seed=width["seed"], **size)
    report = check_model(model, x, y, **more)
    assert report.ok(1e-6), f"\n{report}"


@every_model
@settings(max_examples=6)
@given(width=widths, size=sizes)
def test_loss_and_gradients_are_those_of_the_plain_equations(name, width, size):
    model = model_zoo.model(name, **width)
    x, y, more = model_zoo.data(model, seed=width["seed"], **size)
    assume(model.class_weights is None or np.any(model.class_weights[y]))  # else nothing counts: see test_functions
    loss, grads = model.gradients(x, y, **more)
    want_loss, want = model_reference.plain_gradients(model, x, y, **more)
    assert loss == pytest.approx(want_loss, rel=1e-11)
    reference.assert_alike(grads, want)


@every_model
def test_padding_is_never_read_and_nothing_is_changed(name):
    model = model_zoo.model(name)
    x, y, more = model_zoo.data(model)
    watched = [x, y, *more.values(), *model.params.values()]
    before = [array.copy() for array in watched]
    loss, grads = model.gradients(x, y, **more)
    assert all(np.array_equal(a, b) for a, b in zip(watched, before, strict=True))
    x, y = x.copy(), y.copy()
    for b, n in enumerate(more.get("lengths", [])):
        x[n:, b] = 99 if x.dtype.kind == "i" else np.nan
    ends = more.get("y_lengths", more.get("lengths", []))
    for b, n in enumerate(ends if model.y_time else []):
        y[n:, b] = 1
    dirty_loss, dirty = model.gradients(x, y, **more)
    assert dirty_loss == loss
    assert all(np.array_equal(dirty[key], grads[key]) for key in grads)


@every_model
def test_gradients_have_the_names_and_shapes_of_the_parameters_and_float32_is_never_widened(name):
    model = model_zoo.model(name, dtype=np.float32)
    x, y, more = model_zoo.data(model)
    batch = model.batch(x, y, **more)
    _, grads = model.loss(batch)
    assert {key: (g.dtype, g.shape) for key, g in grads.items()} == {
        key: (np.dtype(np.float32), array.shape) for key, array in model.params.items()
    }
    assert model.logits(batch).dtype == np.float32


def test_a_model_over_trees_has_the_gradients_of_the_plain_recursion():
    rng = np.random.default_rng(0)
    model = zoo.shaken(ManyToOne(TreeRNN(2, 3, rng=rng), Dense(3, 2, rng=rng)), 0)
    assert check_model(model, forest([4, 2, 5]), [0, 1, 1]).ok(1e-6)
