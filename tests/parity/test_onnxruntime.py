"""Files of `to_onnx`, run by onnxruntime: in float32, to 1e-6. float64, which it does not have, by the evaluator of
the ONNX project, to 1e-12.
"""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx.reference import ReferenceEvaluator

from rnnlib import Bidirectional, Dense, Embedding, ManyToMany, ManyToOne, Recurrent, Stacked
from rnnlib.interop import to_onnx
from tests import model_zoo, zoo

T, B = 9, 5
RAGGED = np.array([9, 1, 4, 9, 6])
WITH_EMPTY = np.array([3, 0, 7, 1, 0])
DIRECTIONS = ("forward", "reverse", "both ways")


def session(path):
    """A session, once the checks of the ONNX project have passed the file, with all shapes."""
    onnx.checker.check_model(onnx.load(path), full_check=True)
    return onnxruntime.InferenceSession(path)


def layer_of(cell, direction, dtype, inputs=5, hidden=7):
    """Weights of a size at which even a linear cell does not grow."""
    one, two = (
        Recurrent(zoo.cell(cell, inputs, hidden, seed, dtype), reverse=reverse) for seed, reverse in enumerate((0, 1))
    )
    layer = {"forward": one, "reverse": two, "both ways": Bidirectional(one, two)}[direction]
    for array in layer.params.values():
        array *= 0.6
    return layer


def states_of(final):
    return [array for part in final for array in states_of(part)] if isinstance(final, tuple) else [final]


def assert_close(theirs, ours, tolerance):
    for one, other in zip(theirs, ours, strict=True):
        assert one.dtype == other.dtype
        np.testing.assert_allclose(one, other, rtol=0, atol=tolerance)


@pytest.mark.parametrize("name", zoo.LAYERS)
def test_every_layer(tmp_path, name):
    layer = zoo.layer(name, dtype=np.float32)
    x, lengths = zoo.inputs_for(layer, T, B), WITH_EMPTY
    y, final, _ = layer.forward(x, None, lengths)
    to_onnx(layer, tmp_path / "layer.onnx")
    results = session(tmp_path / "layer.onnx").run(None, {"x": x, "lengths": lengths})
    size = max(1.0, float(np.abs(y).max()))  # the linear cell of the zoo grows
    assert_close(results, [y, *states_of(final)], 1e-6 * size)


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("cell", zoo.CELLS)
def test_first_states_are_inputs_where_they_are_asked_for(tmp_path, cell, direction):
    layer = layer_of(cell, direction, np.float32)
    x, state = zoo.inputs_for(layer, T, B), zoo.state_for(layer, B)
    y, final, _ = layer.forward(x, state, WITH_EMPTY)
    to_onnx(layer, tmp_path / "layer.onnx", states=True)
    runner = session(tmp_path / "layer.onnx")
    names = [one.name for one in runner.get_inputs() if "initial" in one.name]
    first = dict(zip(names, states_of(state), strict=True))
    assert_close(runner.run(None, {"x": x, "lengths": WITH_EMPTY} | first), [y, *states_of(final)], 2e-6)


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("name", model_zoo.READING)
def test_every_model_that_reads(tmp_path, name, ragged):
    model = model_zoo.model(name, dtype=np.float32)
    x, _, more = model_zoo.data(model, T, B, ragged=ragged)
    to_onnx(model, tmp_path / "model.onnx", lengths=bool(more))
    assert_close(session(tmp_path / "model.onnx").run(None, {"x": x} | more), [model.predict(x, **more)], 1e-6)


@pytest.mark.parametrize("pool", ["last", "mean", "max"])
def test_words_through_a_deep_model_in_both_directions(tmp_path, pool):
    below, above = layer_of("lstm", "both ways", np.float32), layer_of("gru", "both ways", np.float32, inputs=14)
    vectors = Embedding(30, 5, rng=np.random.default_rng(0), dtype=np.float32)
    body = Stacked([vectors, below, above], dropout=0.3)
    model = ManyToOne(body, Dense(14, 3, rng=np.random.default_rng(1), dtype=np.float32), pool=pool)
    to_onnx(model, tmp_path / "model.onnx")
    runner, rng = session(tmp_path / "model.onnx"), np.random.default_rng(2)
    for steps, count in ((9, 5), (1, 1), (40, 8)):  # one session, batches of other sizes
        x, lengths = rng.integers(0, 30, (steps, count)), rng.integers(1, steps + 1, count)
        expected = model.predict(x, lengths)
        x[np.arange(steps)[:, None] >= lengths] = -1000
        assert_close(runner.run(None, {"x": x, "lengths": lengths}), [expected], 1e-6)


# ---- float64 ------------------------------------------------------------------------------------------------------

KNOWN = [name for name in zoo.CELLS if name != "rnn relu"]  # the evaluator has no Relu in its RNN


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("cell", KNOWN)
def test_in_float64_the_evaluator_gives_the_same_digits(tmp_path, cell, direction):
    layer = layer_of(cell, direction, np.float64)
    x = zoo.inputs_for(layer, T, B)
    y, final, _ = layer.forward(x)
    to_onnx(layer, tmp_path / "layer.onnx", dtype=np.float64, lengths=False)
    onnx.checker.check_model(onnx.load(tmp_path / "layer.onnx"), full_check=True)
    assert_close(ReferenceEvaluator(str(tmp_path / "layer.onnx")).run(None, {"x": x}), [y, *states_of(final)], 1e-12)


@pytest.mark.parametrize("name", model_zoo.READING)
def test_in_float64_the_evaluator_answers_as_the_model_does(tmp_path, name):
    model = model_zoo.model(name)
    x, _, _ = model_zoo.data(model, T, B, ragged=False)
    to_onnx(model, tmp_path / "model.onnx", dtype=np.float64, lengths=False)
    assert_close(ReferenceEvaluator(str(tmp_path / "model.onnx")).run(None, {"x": x}), [model.predict(x)], 1e-12)


@pytest.mark.parametrize("layer", ["rnn tanh", "lstm", "gru", "conv causal"])
def test_onnxruntime_still_has_not_these_in_float64(tmp_path, layer):
    """The reason why `to_onnx` writes float32; where this fails, its docstring is out of date."""
    model = ManyToMany(zoo.layer(layer), Dense(3, 2, rng=np.random.default_rng(0)))
    to_onnx(model, tmp_path / "model.onnx", dtype=np.float64, lengths=False)
    with pytest.raises(Exception, match=r"NOT_IMPLEMENTED|does not support double"):
        session(tmp_path / "model.onnx").run(None, {"x": zoo.inputs_for(model.body, T, B)})
