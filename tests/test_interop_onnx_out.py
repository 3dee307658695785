"""Files of `to_onnx`, read back byte by byte and run node by node (tests/onnx_files). onnxruntime: tests/parity."""

import json
import sys

import numpy as np
import pytest

from rnnlib import (
    Dense,
    GRUCell,
    LSTMCell,
    ManyToMany,
    ManyToOne,
    Recurrent,
    RNNCell,
    Stacked,
    TreeRNN,
)
from rnnlib.interop import from_onnx, to_onnx
from rnnlib.interop.onnx_graph import operator_arrays
from rnnlib.layers import Dropout
from rnnlib.layers.stacked import from_hidden, readers
from rnnlib.parameters import leaves
from tests import model_zoo, zoo
from tests.onnx_files import read, run

RAGGED = np.array([4, 1, 3])


def states_of(final):
    """All arrays of a state, in the order of the layers."""
    return [array for part in final for array in states_of(part)] if isinstance(final, tuple) else [final]


def written(tmp_path, model, **options):
    path = tmp_path / "model.onnx"
    to_onnx(model, path, **options)
    return read(path)


def gru(rng, inputs=2, hidden=3):
    return Recurrent(GRUCell(inputs, hidden, rng=rng))


# ---- the same numbers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lengths", [None, RAGGED, np.array([4, 0, 1])], ids=str)
@pytest.mark.parametrize("name", zoo.LAYERS)
def test_a_layer_gives_its_outputs_and_its_final_states(tmp_path, name, lengths):
    layer = zoo.layer(name)
    x = zoo.inputs_for(layer, 4, 3)
    y, final, _ = layer.forward(x, None, lengths)
    file = written(tmp_path, layer, dtype=np.float64, lengths=lengths is not None)
    results = run(file, x=x, **({} if lengths is None else {"lengths": lengths}))
    np.testing.assert_allclose(results.pop("y"), y, rtol=0, atol=1e-12)
    for ours, theirs in zip(states_of(final), results.values(), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("name", model_zoo.READING)
def test_a_model_gives_what_predict_gives(tmp_path, name, ragged):
    model = model_zoo.model(name)
    x, _, more = model_zoo.data(model, ragged=ragged)
    file = written(tmp_path, model, dtype=np.float64, lengths=bool(more))
    np.testing.assert_allclose(run(file, x=x, **more)["y"], model.predict(x, **more), rtol=0, atol=1e-12)


@pytest.mark.parametrize("pool", ["last", "mean", "max"])
@pytest.mark.parametrize("body", ["gru", "reverse gru", "both ways lstm", "stack of both ways", "conv centred"])
def test_pooling_stops_at_the_true_end(tmp_path, body, pool):
    layer = zoo.layer(body)
    model = ManyToOne(layer, Dense(layer.outputs, 2, rng=np.random.default_rng(0)), pool=pool)
    x = zoo.inputs_for(layer, 4, 3)
    file = written(tmp_path, model, dtype=np.float64)
    expected = model.predict(x, RAGGED)
    x[np.arange(4)[:, None] >= RAGGED] = np.nan
    np.testing.assert_allclose(run(file, x=x, lengths=RAGGED)["y"], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("pool", ["last", "mean", "max"])
def test_words_past_the_end_may_be_any_number(tmp_path, pool):
    model = model_zoo.model("many to one, words", pool=pool)
    x = zoo.inputs_for(model.body, 4, 3)
    expected = model.predict(x, RAGGED)
    file = written(tmp_path, model, dtype=np.float64)
    x[np.arange(4)[:, None] >= RAGGED] = -999
    np.testing.assert_allclose(run(file, x=x, lengths=RAGGED)["y"], expected, rtol=0, atol=1e-12)


def test_dropout_is_left_out(tmp_path):
    parts = [zoo.layer("both ways gru"), zoo.layer("lstm", inputs=6)]
    layer = Stacked([*parts, Dropout(3, 0.5)], dropout=0.5)
    x = zoo.inputs_for(layer, 4, 3)
    file, plain = (written(tmp_path, one, dtype=np.float64, lengths=False) for one in (layer, Stacked(parts)))
    assert [node.op_type for node in file.nodes] == [node.op_type for node in plain.nodes]
    assert list(file.outputs) == ["y", "0.left.h", "0.right.h", "1.h", "1.c"]
    np.testing.assert_allclose(run(file, x=x)["y"], layer.forward(x)[0], rtol=0, atol=1e-12)


def test_under_dropout_the_last_output_is_read(tmp_path):
    """As in the library: on top of two directions that is not the final h of the one that reads backwards."""
    body = Stacked([zoo.layer("both ways gru"), Dropout(6, 0.5)])
    model = ManyToOne(body, Dense(6, 2, rng=np.random.default_rng(0)))
    x = zoo.inputs_for(body, 4, 3)
    for lengths in (None, RAGGED):
        file = written(tmp_path, model, dtype=np.float64, lengths=lengths is not None)
        given = {} if lengths is None else {"lengths": lengths}
        np.testing.assert_allclose(run(file, x=x, **given)["y"], model.predict(x, lengths), rtol=0, atol=1e-12)


def test_a_dense_layer_alone(tmp_path):
    dense = zoo.shaken(Dense(3, 2, rng=np.random.default_rng(0)), 1)
    rows = np.random.default_rng(1).standard_normal((5, 3))
    file = written(tmp_path, dense, dtype=np.float64)
    np.testing.assert_allclose(run(file, x=rows)["y"], dense.forward(rows), rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", zoo.WITH_MEMORY)
def test_with_states_a_layer_goes_on_where_it_stopped(tmp_path, name):
    layer, lengths = zoo.layer(name), np.array([4, 0, 2])
    x, state = zoo.inputs_for(layer, 4, 3), zoo.state_for(layer, 3)
    y, final, _ = layer.forward(x, state, lengths)
    file = written(tmp_path, layer, dtype=np.float64, states=True)
    names = [name for name in file.inputs if name not in ("x", "lengths")]
    first = dict(zip(names, states_of(state), strict=True))
    results = run(file, x=x, lengths=lengths, **first)
    np.testing.assert_allclose(results.pop("y"), y, rtol=0, atol=1e-12)
    for ours, theirs in zip(states_of(final), results.values(), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)


def test_with_states_a_model_reads_in_pieces(tmp_path):
    model = ManyToMany(zoo.layer("stack of embedding and gru"), Dense(3, 2, rng=np.random.default_rng(0)))
    x = zoo.inputs_for(model.body, 6, 3)
    file = written(tmp_path, model, dtype=np.float64, states=True, lengths=False)
    assert list(file.inputs) == ["x", "body.1.initial_h"]
    pieces, h = [], np.zeros((3, 3))
    for piece in np.split(x, 3):
        results = run(file, **{"x": piece, "body.1.initial_h": h})
        pieces.append(results["y"])
        h = results["body.1.h"]
    np.testing.assert_allclose(np.concatenate(pieces), model.predict(x), rtol=0, atol=1e-12)


@pytest.mark.parametrize("pool", ["last", "mean", "max"])
def test_nothing_is_in_the_file_that_no_output_needs(tmp_path, pool):
    model = ManyToOne(zoo.layer("both ways lstm"), Dense(6, 2, rng=np.random.default_rng(0)), pool=pool)
    for options in ({}, {"states": True}, {"lengths": False}):
        file = written(tmp_path, model, **options)
        read_somewhere = {name for node in file.nodes for name in node.inputs} | set(file.outputs)
        assert set(file.arrays) <= read_somewhere
        assert all(read_somewhere & set(node.outputs) for node in file.nodes)


@pytest.mark.parametrize("name", model_zoo.WRITING)
def test_a_model_that_writes_can_be_written_in_its_parts(tmp_path, name):
    model = model_zoo.model(name)
    x, _, more = model_zoo.data(model, B=1, ragged=False)
    (expected,) = model.generate(x, **more, max_length=8)
    if name.startswith("one to many"):
        h = model.begin.forward(x)
        first = leaves(from_hidden(model.body, [h for _ in readers(model.body)]))
    else:
        encoder = written(tmp_path, model.encoder, dtype=np.float64, lengths=False)
        _, *first = run(encoder, x=x).values()
    step = ManyToMany(model.body, model.output)
    file = written(tmp_path, step, dtype=np.float64, lengths=False, states=True)
    _, *states = file.inputs
    symbols, log_probability = [model.start], 0.0
    while len(symbols) <= 8 and (len(symbols) == 1 or symbols[-1] != model.end):
        read_now = np.array([symbols[-1:]])
        read_now = read_now if model.body.takes_ids else np.eye(model.body.inputs)[read_now]
        y, *first = run(file, x=read_now, **dict(zip(states, first, strict=True))).values()
        symbols.append(int(y[0, 0].argmax()))
        log_probability += np.log(y[0, 0, symbols[-1]])
    assert tuple(symbols[1 : 1 + len(expected.symbols)]) == expected.symbols
    assert abs(log_probability - expected.log_probability) < 1e-12


@pytest.mark.parametrize("name", zoo.CELLS)
def test_from_onnx_reads_what_the_node_holds(tmp_path, name):
    cell = zoo.cell(name)
    (node,) = (n for n in written(tmp_path, Recurrent(cell), dtype=np.float64).nodes if n.op_type == cell.kind.upper())
    back = from_onnx(node.op_type, **operator_arrays(cell), **node.attributes).layer.cell
    assert back.params.keys() == cell.params.keys()
    for key, array in cell.params.items():
        np.testing.assert_array_equal(back.params[key], array)


# ---- the file -----------------------------------------------------------------------------------------------------


def test_the_file_is_float32_unless_another_dtype_is_asked_for(tmp_path):
    model = model_zoo.model("many to one, lstm")
    x, _, more = model_zoo.data(model)
    file = written(tmp_path, model)
    assert {array.dtype for array in file.arrays.values() if array.dtype.kind == "f"} == {np.dtype(np.float32)}
    assert file.inputs["x"][0] == file.outputs["y"][0] == np.float32
    assert file.about.endswith("in float32, written from float64")
    np.testing.assert_allclose(
        run(file, x=x.astype(np.float32), **more)["y"], model.predict(x, **more), rtol=0, atol=1e-6
    )
    for dtype in (np.float64, None):
        assert written(tmp_path, model, dtype=dtype).about.endswith("in float64")


def test_sizes_that_may_change_have_letters(tmp_path):
    file = written(tmp_path, model_zoo.model("many to many"))
    assert file.inputs == {"x": (np.float32, ("T", "B", 2)), "lengths": (np.int64, ("B",))}
    assert file.outputs == {"y": (np.float32, ("T", "B", 3))}
    assert written(tmp_path, zoo.layer("embedding"), lengths=False).inputs == {"x": (np.int64, ("T", "B"))}
    assert written(tmp_path, model_zoo.model("one to one")).inputs == {"x": (np.float32, ("B", 2))}


def test_large_sizes_are_written_whole(tmp_path):
    layer = Recurrent(LSTMCell(300, 200, rng=np.random.default_rng(0)))
    file = written(tmp_path, layer, dtype=np.float64)
    assert file.arrays["W"].shape == (1, 800, 300)
    np.testing.assert_array_equal(file.arrays["R"], operator_arrays(layer.cell)["R"])


def test_the_names_of_the_classes_go_along(tmp_path):
    body = gru(np.random.default_rng(0))
    model = ManyToOne(body, Dense(3, 2, rng=np.random.default_rng(0)), classes=("good, or so", "不好"))
    assert json.loads(written(tmp_path, model).notes["classes"]) == ["good, or so", "不好"]


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        to_onnx(model_zoo.model("many to one, stack"), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_other_package_is_needed(tmp_path, monkeypatch):
    for name in ("onnx", "onnxruntime", "google", "google.protobuf"):
        monkeypatch.setitem(sys.modules, name, None)  # an import of it fails
    assert written(tmp_path, zoo.layer("gru")).operators == 17


def test_the_model_is_left_as_it_was(tmp_path):
    model = model_zoo.model("many to one, gru, mean")
    before = {name: array.copy() for name, array in model.params.items()}
    written(tmp_path, model)
    np.testing.assert_equal(dict(model.params), before)
    assert model.dtype == np.float64


# ---- what is refused ----------------------------------------------------------------------------------------------


class Own(Recurrent):
    """A layer that could do anything."""


class OwnCell(RNNCell):
    """A cell that could do anything."""


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("model", "options", "error", "message"),
    [
        (
            model_zoo.model("one to many, gru, words and two layers"),
            {},
            ValueError,
            "OneToMany cannot be .* end symbol",
        ),
        (model_zoo.model("encoder and decoder, rnn"), {}, ValueError, "EncoderDecoder cannot be .* end symbol"),
        (
            TreeRNN(2, 3, rng=RNG),
            {},
            ValueError,
            "model: TreeRNN cannot be written as ONNX: each tree has its own order",
        ),
        (ManyToOne(TreeRNN(2, 3, rng=RNG), Dense(3, 2, rng=RNG)), {}, ValueError, "body: TreeRNN cannot be"),
        (Stacked([gru(RNG), Own(GRUCell(3, 3, rng=RNG))]), {}, ValueError, "^1: Own cannot be .* only the layers of"),
        (Recurrent(OwnCell(2, 3, rng=RNG)), {}, ValueError, "cell: expected RNNCell, LSTMCell or GRUCell, got OwnCell"),
        (GRUCell(2, 3, rng=RNG), {}, ValueError, r"GRUCell cannot be .* a cell is one step; give Recurrent\(cell\)"),
        (model_zoo.model("one to one"), {"states": True}, ValueError, "states: expected False, because OneToOne has"),
        (Dense(2, 3, rng=RNG), {"states": True}, ValueError, "states: expected False, because Dense has no state"),
        (zoo.layer("gru"), {"dtype": np.float16}, TypeError, "dtype: expected float32 or float64"),
        (zoo.layer("gru"), {"lengths": [3, 2]}, TypeError, "lengths: expected True or False"),
        (zoo.layer("gru"), {"states": None}, TypeError, "states: expected True or False"),
        (np.zeros(3), {}, TypeError, "model: expected a model or a layer, got ndarray"),
        (None, {}, TypeError, "model: expected a model or a layer, got NoneType"),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(tmp_path, model, options, error, message):
    with pytest.raises(error, match=message):
        to_onnx(model, tmp_path / "model.onnx", **options)
    assert not list(tmp_path.iterdir())


def test_a_path_is_the_name_of_a_file():
    with pytest.raises(TypeError, match="path: expected the name of a file, got NoneType"):
        to_onnx(zoo.layer("gru"), None)


def test_weights_that_float32_cannot_hold_are_refused(tmp_path):
    layer = zoo.layer("both ways lstm")
    layer.right.cell.W_xh[0, 0] = 1e39
    with pytest.raises(ValueError, match=r"right.W: expected numbers that float32 can hold, got 1e\+39"):
        to_onnx(layer, tmp_path / "model.onnx")
    to_onnx(layer, tmp_path / "model.onnx", dtype=np.float64)
