"""Files of `to_onnx`, read back byte by byte and run node by node (tests/onnx_files). onnxruntime: tests/parity."""

import json
import sys

import numpy as np
import pytest

from rnnlib import (
    Dense,
    GRUCell,
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


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("name", model_zoo.READING)
def test_a_model_gives_what_predict_gives(tmp_path, name, ragged):
    model = model_zoo.model(name)
    x, _, more = model_zoo.data(model, ragged=ragged)
    file = written(tmp_path, model, dtype=np.float64, lengths=bool(more))
    np.testing.assert_allclose(run(file, x=x, **more)["y"], model.predict(x, **more), rtol=0, atol=1e-12)


@pytest.mark.parametrize("pool", ["last", "mean", "max"])
@pytest.mark.parametrize(
    "body", ["gru", "reverse gru", "both ways lstm", "stack of both ways", "conv centred", "under dropout", "embedding"]
)
def test_pooling_stops_at_the_true_end(tmp_path, body, pool):
    layer = Stacked([zoo.layer("both ways gru"), Dropout(6, 0.5)]) if body == "under dropout" else zoo.layer(body)
    model = ManyToOne(layer, Dense(layer.outputs, 2, rng=np.random.default_rng(0)), pool=pool)
    x = zoo.inputs_for(layer, 4, 3)
    file = written(tmp_path, model, dtype=np.float64)
    expected = model.predict(x, RAGGED)
    x[np.arange(4)[:, None] >= RAGGED] = -999 if layer.takes_ids else np.nan
    np.testing.assert_allclose(run(file, x=x, lengths=RAGGED)["y"], expected, rtol=0, atol=1e-12)


def test_dropout_is_left_out(tmp_path):
    parts = [zoo.layer("both ways gru"), zoo.layer("lstm", inputs=6)]
    layer = Stacked([*parts, Dropout(3, 0.5)], dropout=0.5)
    x = zoo.inputs_for(layer, 4, 3)
    file, plain = (written(tmp_path, one, dtype=np.float64, lengths=False) for one in (layer, Stacked(parts)))
    assert [node.op_type for node in file.nodes] == [node.op_type for node in plain.nodes]
    assert list(file.outputs) == ["y", "0.left.h", "0.right.h", "1.h", "1.c"]
    np.testing.assert_allclose(run(file, x=x)["y"], layer.forward(x)[0], rtol=0, atol=1e-12)


def test_a_dense_layer_alone(tmp_path):
    dense = zoo.shaken(Dense(3, 2, rng=np.random.default_rng(0)), 1)
    rows = np.random.default_rng(1).standard_normal((5, 3))
    file = written(tmp_path, dense, dtype=np.float64)
    np.testing.assert_allclose(run(file, x=rows)["y"], dense.forward(rows), rtol=0, atol=1e-12)


@pytest.mark.parametrize("lengths", [None, RAGGED, np.array([4, 0, 1])], ids=str)
@pytest.mark.parametrize("name", zoo.LAYERS)
@pytest.mark.parametrize("states", [False, True])
def test_a_layer_gives_its_outputs_and_its_final_states_and_goes_on_from_given_ones(tmp_path, name, lengths, states):
    layer, states = zoo.layer(name), states and name in zoo.WITH_MEMORY
    x, state = zoo.inputs_for(layer, 4, 3), zoo.state_for(layer, 3) if states else None
    y, final, _ = layer.forward(x, state, lengths)
    file = written(tmp_path, layer, dtype=np.float64, states=states, lengths=lengths is not None)
    names = [name for name in file.inputs if name not in ("x", "lengths")]
    first = dict(zip(names, leaves(state), strict=True))
    results = run(file, x=x, **({} if lengths is None else {"lengths": lengths}), **first)
    np.testing.assert_allclose(results.pop("y"), y, rtol=0, atol=1e-12)
    for ours, theirs in zip(states_of(final), results.values(), strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)


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
    before = model.vector()
    file = written(tmp_path, model)
    assert np.array_equal(model.vector(), before) and model.dtype == np.float64
    bytes_written = (tmp_path / "model.onnx").read_bytes()
    written(tmp_path, model)
    assert (tmp_path / "model.onnx").read_bytes() == bytes_written
    assert {array.dtype for array in file.arrays.values() if array.dtype.kind == "f"} == {np.dtype(np.float32)}
    assert file.inputs["x"][0] == file.outputs["y"][0] == np.float32
    assert file.about.endswith("in float32, written from float64")
    np.testing.assert_allclose(
        run(file, x=x.astype(np.float32), **more)["y"], model.predict(x, **more), rtol=0, atol=1e-6
    )
    for dtype in (np.float64, None):
        assert written(tmp_path, model, dtype=dtype).about.endswith("in float64")


def test_sizes_that_may_change_have_letters_and_the_names_of_the_classes_go_along(tmp_path, monkeypatch):
    for name in ("onnx", "onnxruntime", "google", "google.protobuf"):
        monkeypatch.setitem(sys.modules, name, None)  # no other package is needed: an import of it fails
    body = gru(np.random.default_rng(0))
    named = ManyToMany(body, Dense(3, 3, rng=np.random.default_rng(0)), classes=("good, or so", "不好", "c"))
    file = written(tmp_path, named)
    assert file.operators == 17 and json.loads(file.notes["classes"]) == ["good, or so", "不好", "c"]
    assert file.inputs == {"x": (np.float32, ("T", "B", 2)), "lengths": (np.int64, ("B",))}
    assert file.outputs == {"y": (np.float32, ("T", "B", 3))}
    assert written(tmp_path, zoo.layer("embedding"), lengths=False).inputs == {"x": (np.int64, ("T", "B"))}
    assert written(tmp_path, model_zoo.model("one to one")).inputs == {"x": (np.float32, ("B", 2))}


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
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(tmp_path, model, options, error, message):
    with pytest.raises(error, match=message):
        to_onnx(model, tmp_path / "model.onnx", **options)
    assert not list(tmp_path.iterdir())


def test_weights_that_float32_cannot_hold_are_refused(tmp_path):
    layer = zoo.layer("both ways lstm")
    layer.right.cell.W_xh[0, 0] = 1e39
    with pytest.raises(ValueError, match=r"right.W: expected numbers that float32 can hold, got 1e\+39"):
        to_onnx(layer, tmp_path / "model.onnx")
    to_onnx(layer, tmp_path / "model.onnx", dtype=np.float64)
