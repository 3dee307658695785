"""A trace has the library's own numbers, to the last bit, and cannot be changed."""

import numpy as np
import pytest

from rnnlib.cells import GRUCell, RNNCell
from rnnlib.functions import sigmoid, softmax
from rnnlib.layers import Dense, Dropout, Forest, Recurrent, Stacked, TreeRNN
from rnnlib.models import ManyToMany, ManyToOne
from rnnlib.parameters import leaves
from rnnlib.trace import trace, trace_back

from . import model_zoo, zoo

T, HIDDEN = 5, 4
CELLS = ("rnn tanh", "rnn relu", "lstm", "lstm with peepholes", "gru", "gru reset before")
every_cell = pytest.mark.parametrize("name", CELLS)
every_wiring = pytest.mark.parametrize("wiring", [ManyToOne, ManyToMany])


def build(name="rnn tanh", wiring=ManyToOne, reverse=False, **options):
    body = Recurrent(zoo.cell(name, hidden=HIDDEN), reverse=reverse)
    return zoo.shaken(wiring(body, Dense(HIDDEN, 3, rng=np.random.default_rng(0)), **options), 0)


def sequence():
    return np.random.default_rng(1).standard_normal((T, 2))


# ---- forward --------------------------------------------------------------------------------------------------------


@every_cell
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_states_gates_and_outputs_are_those_of_the_layer_to_the_last_bit(name, reverse, dtype):
    layer, x = Recurrent(zoo.cell(name, hidden=HIDDEN, dtype=dtype), reverse=reverse), sequence().astype(dtype)
    model = ManyToOne(layer, Dense(HIDDEN, 3, rng=np.random.default_rng(0), dtype=dtype))
    record, (y, final, tape) = trace(model, x), layer.forward(x[:, None])
    for got, want in ((record.states, layer.states(tape)), (record.gates, layer.gates(tape))):
        assert list(got) == list(want) and all(np.array_equal(got[key], want[key][:, 0]) for key in got)
    assert np.array_equal(record.main.outputs, y[:, 0]) and not record.h[-1 if reverse else 0].any()
    assert np.array_equal(record.h[0 if reverse else -1], leaves(final)[0][0])
    assert (record.T, record.H, record.kind) == (T, HIDDEN, layer.cell.kind)
    assert {a.dtype for a in (record.total, record.logits, record.probabilities)} == {np.dtype(dtype)}


@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
def test_the_activation_is_the_one_of_the_cell_whatever_the_numbers_look_like(activation):
    cell = RNNCell(2, HIDDEN, rng=np.random.default_rng(0), activation=activation)
    for array in cell.params.values():
        array[...] = 0.01  # all states are small and positive: no number tells the three apart
    model = ManyToOne(Recurrent(cell), Dense(HIDDEN, 3, rng=np.random.default_rng(0)))
    assert trace(model, np.ones((T, 2))).activation == activation
    assert trace(build("gru"), sequence()).activation == ""


@pytest.mark.parametrize(
    ("loss", "squash"),
    [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid"), ("mean_squared_error", "")],
)
def test_the_loss_and_what_makes_an_answer_of_the_logits_are_those_of_the_model(loss, squash):
    record = trace(build(loss=loss), sequence())
    assert (record.loss_name, record.squash) == (loss, squash)
    answer = {"softmax": softmax, "sigmoid": sigmoid, "": np.array}[squash]
    assert np.array_equal(record.probabilities, answer(record.logits))


@every_cell
def test_the_two_computations_add_up_to_the_total(name):
    model = build(name)
    record, cell = trace(model, sequence()), model.body.cell
    np.testing.assert_allclose(record.from_input, sequence() @ cell.W_xh.T + cell.b_h, rtol=1e-13)
    np.testing.assert_allclose(record.from_state, record.h[:-1] @ cell.W_hh.T, rtol=1e-13, atol=1e-15)
    assert np.array_equal(record.total, record.from_input + record.from_state)


def test_tracing_changes_nothing():
    model, x = build("lstm"), sequence()
    before = model.vector()
    record = trace(model, x)
    kept = {name: array.copy() for name, array in model.params.items()}
    assert np.array_equal(model.vector(), before) and np.array_equal(x, sequence()) and x.flags.writeable
    model.restore(before + 1)
    np.testing.assert_equal(dict(record.params), kept)


# ---- names ----------------------------------------------------------------------------------------------------------


def test_tokens_name_the_steps_and_classes_the_outputs():
    record = trace(build(classes=("bad", "good", "so so")), sequence(), ["it", "is", "not", "so", "bad"])
    assert record.tokens == ("it", "is", "not", "so", "bad") and record.classes == ("bad", "good", "so so")
    assert "it is not so bad" in repr(record)
    record = trace(build(), sequence())
    assert record.tokens == ("x_1", "x_2", "x_3", "x_4", "x_5") and record.classes == ("class 0", "class 1", "class 2")


# ---- frozen ---------------------------------------------------------------------------------------------------------


@every_cell
def test_the_arrays_of_a_trace_cannot_be_changed(name):
    record = trace(build(name), sequence())
    arrays = [record.x, record.from_input, record.from_state, record.h, record.logits, record.probabilities]
    arrays += [*record.states.values(), *record.gates.values(), *record.params.values(), record.main.outputs]
    back = trace_back(build(name), sequence(), 1)
    arrays += [record.total, back.d_logits, back.from_output, back.from_future, back.d_h, back.d_c]
    arrays += [*back.contributions.values(), *back.gradients.values()]
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# ---- every model ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", model_zoo.MODELS)
def test_every_wiring_can_be_traced(name):
    model = model_zoo.model(name)
    x, _, _ = model_zoo.data(model, B=1)
    record = trace(model, x[:, 0] if model.x_time else x[0])
    if name.startswith("many to many"):
        np.testing.assert_allclose(record.probabilities, model.predict(x)[:, 0], rtol=1e-13)
    assert np.isfinite(record.logits).all() and len(record.logits) == len(record.probabilities)
    assert [layer.name for layer in record.layers] == sorted(
        (layer.name for layer in record.layers), key=lambda name: name.startswith("decoder")
    )


@pytest.mark.parametrize("name", model_zoo.WRITING)
def test_a_writing_model_is_traced_with_what_it_writes(name):
    model = model_zoo.model(name)
    x, _, _ = model_zoo.data(model, B=1)
    (written,) = model.generate(x, max_length=6)
    record = trace(model, x[:, 0] if model.x_time else x[0], max_length=6)
    assert record.written == (*written.symbols, *([model.end] if written.ended else []))
    assert record.logits.argmax(axis=1).tolist() == list(record.written)
    log_p = np.log(record.probabilities[np.arange(len(record.written)), list(record.written)]).sum()
    assert log_p == pytest.approx(written.log_probability, rel=1e-12)


def test_all_layers_of_a_stack_are_there_and_each_reads_the_one_below():
    rng = np.random.default_rng(0)
    body = Stacked([Recurrent(GRUCell(2, 3, rng=rng)), Recurrent(RNNCell(3, HIDDEN, rng=rng))], dropout=0.5)
    assert any(isinstance(layer, Dropout) for layer in body.layers)
    record = trace(ManyToOne(body, Dense(HIDDEN, 2, rng=rng)), sequence())
    below, above = record.layers
    assert (below.kind, above.kind) == ("gru", "rnn")
    assert np.array_equal(below.outputs, above.x) and np.array_equal(below.x, sequence())


def test_a_tree_has_the_vector_of_every_node_and_the_root_last():
    rng = np.random.default_rng(0)
    model = ManyToOne(TreeRNN(2, HIDDEN, rng=rng), Dense(HIDDEN, 2, rng=rng))
    forest = Forest(sequence()[:3, None], (((0, 1), 2),))
    record = trace(model, forest)
    assert record.h.shape == (5, HIDDEN)
    np.testing.assert_array_equal(record.h[-1], model.body.forward(forest)[0][0, 0])


# ---- backward -------------------------------------------------------------------------------------------------------


def labels_for(model):
    return [0, 2, 1, 1, 0] if model.y_time else 1


@every_cell
@every_wiring
def test_a_backward_trace_has_the_gradients_of_the_model(name, wiring):
    model = build(name, wiring)
    y = labels_for(model)
    record = trace_back(model, sequence(), y)
    loss, gradients = model.gradients(sequence()[:, None], np.array(y)[..., None])
    assert record.loss == loss
    for key, want in gradients.items():
        np.testing.assert_allclose(record.gradients[key], want, rtol=1e-13, atol=1e-17)


@every_cell
@every_wiring
def test_the_contributions_of_the_steps_add_up_to_the_gradient(name, wiring):
    model = build(name, wiring)
    record = trace_back(model, sequence(), labels_for(model))
    assert set(record.contributions) == set(model.body.cell.params)
    assert record.d_c.any() == ("c" in model.body.cell.state_names)
    for key, steps in record.contributions.items():
        assert len(steps) == T
        np.testing.assert_allclose(steps.sum(axis=0), record.gradients[f"body.{key}"], rtol=1e-12, atol=1e-16)


@every_wiring
def test_the_gradient_on_a_state_is_the_part_from_the_output_and_the_part_from_the_future(wiring):
    model = build("rnn tanh", wiring)
    record, W_hh = trace_back(model, sequence(), labels_for(model)), model.body.cell.W_hh
    h = record.forward.h[1:]
    d_h = record.from_output[-1]
    for t in reversed(range(T)):
        np.testing.assert_allclose(record.from_future[t], d_h - record.from_output[t], rtol=1e-12, atol=1e-16)
        np.testing.assert_allclose(record.d_h[t], d_h, rtol=1e-12)
        d_h = ((1 - h[t] ** 2) * d_h) @ W_hh + (record.from_output[t - 1] if t else 0)


@every_cell
@every_wiring
def test_the_gradient_on_what_goes_into_the_activations_gives_that_of_the_bias(name, wiring):
    model = build(name, wiring)
    record = trace_back(model, sequence(), labels_for(model))
    assert record.d_a.shape == (T, len(model.body.cell.gates) * HIDDEN)
    np.testing.assert_allclose(record.d_a, record.contributions["b_h"], rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize("name", ["rnn tanh", "rnn relu", "rnn linear"])
def test_the_slopes_lead_from_the_state_to_what_goes_into_the_activation(name):
    record = trace_back(build(name), sequence(), 1)
    np.testing.assert_allclose(record.d_a, record.d_h * record.slopes, rtol=1e-12, atol=1e-17)
    assert trace_back(build("lstm"), sequence(), 1).slopes.size == 0


# ---- at the door ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(2,), (T, 3), (T, 1, 2), (0, 2)])
def test_what_is_not_one_sequence_is_refused(shape):
    with pytest.raises(ValueError, match="x: expected"):
        trace(build(), np.zeros(shape))


def test_one_tree_at_a_time():
    rng = np.random.default_rng(0)
    model = ManyToOne(TreeRNN(2, HIDDEN, rng=rng), Dense(HIDDEN, 2, rng=rng))
    with pytest.raises(ValueError, match="one tree"):
        trace(model, Forest(np.zeros((2, 2, 2)), ((0, 1), (0, 1))))


@pytest.mark.parametrize("name", ["many to one, both ways", "many to one, stack", "many to one, conv", "one to one"])
def test_a_backward_trace_of_another_wiring_is_refused(name):
    model = model_zoo.model(name)
    x, _, _ = model_zoo.data(model, B=1)
    with pytest.raises((TypeError, ValueError), match="model: expected"):
        trace_back(model, x[:, 0] if model.x_time else x[0], 1)


@pytest.mark.parametrize("pool", ["mean", "max"])
def test_a_backward_trace_reads_the_last_state(pool):
    with pytest.raises(ValueError, match="pool"):
        trace_back(build(pool=pool), sequence(), 1)


@pytest.mark.parametrize(
    "name", ["many to one", "many to one, both ways", "many to one, gru, mean", "many to one, both ways, max"]
)
def test_the_answer_at_a_step_is_that_of_the_sequence_up_to_there_however_the_model_reads(name):
    model = model_zoo.model(name)
    x = np.random.default_rng(0).standard_normal((4, 2))
    found = trace(model, x).probabilities
    for t in range(4):
        np.testing.assert_allclose(found[t], model.predict(x[: t + 1, None])[0], rtol=1e-13)
