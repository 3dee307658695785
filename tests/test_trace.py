"""A trace has the library's own numbers, to the last bit, and cannot be changed."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import rnnlib
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.functions import sigmoid, softmax
from rnnlib.layers import Dense, Dropout, Forest, Recurrent, Stacked, TreeRNN
from rnnlib.models import ManyToMany, ManyToOne
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


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_hidden_state_is_the_tanh_of_the_total_to_the_last_bit(dtype):
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(RNNCell(2, 64, rng=rng, dtype=dtype)), Dense(64, 2, rng=rng, dtype=dtype))
    record = trace(model, sequence())
    assert np.array_equal(np.tanh(record.total), record.h[1:])


@every_cell
@pytest.mark.parametrize("reverse", [False, True])
def test_states_are_those_of_the_layer_to_the_last_bit(name, reverse):
    model = build(name, reverse=reverse)
    record, (y, final, tape) = trace(model, sequence()), model.body.forward(sequence()[:, None])
    for got, want in zip(record.states.values(), model.body.states(tape).values(), strict=True):
        assert np.array_equal(got, want[:, 0])
    after = record.h[:-1] if reverse else record.h[1:]
    assert np.array_equal(after, y[:, 0]) and np.array_equal(record.main.outputs, y[:, 0])
    assert list(record.states) == list(model.body.cell.state_names)
    assert np.array_equal(record.h[0 if reverse else -1], (final[0] if isinstance(final, tuple) else final)[0])


def test_trace_is_a_module_and_has_the_function_and_the_records():
    assert rnnlib.trace.trace is trace and rnnlib.trace.trace_back is trace_back
    assert isinstance(trace(build(), sequence()), rnnlib.trace.Trace)


@pytest.mark.parametrize("activation", ["tanh", "relu", "linear"])
def test_the_activation_is_the_one_of_the_cell_whatever_the_numbers_look_like(activation):
    cell = RNNCell(2, HIDDEN, rng=np.random.default_rng(0), activation=activation)
    for array in cell.params.values():
        array[...] = 0.01  # all states are small and positive: no number tells the three apart
    model = ManyToOne(Recurrent(cell), Dense(HIDDEN, 3, rng=np.random.default_rng(0)))
    assert trace(model, np.ones((T, 2))).activation == activation


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_a_cell_with_gates_has_no_activation_of_its_own(name):
    assert trace(build(name), sequence()).activation == ""


@pytest.mark.parametrize(
    ("loss", "squash"),
    [("cross_entropy", "softmax"), ("binary_cross_entropy", "sigmoid"), ("mean_squared_error", "")],
)
def test_the_loss_and_what_makes_an_answer_of_the_logits_are_those_of_the_model(loss, squash):
    record = trace(build(loss=loss), sequence())
    assert (record.loss_name, record.squash) == (loss, squash)


@every_cell
def test_the_first_state_is_zero_and_stands_first(name):
    record = trace(build(name), sequence())
    assert record.h.shape == (T + 1, HIDDEN) and not record.h[0].any()


@every_cell
def test_the_two_computations_add_up_to_the_total(name):
    model = build(name)
    record, cell = trace(model, sequence()), model.body.cell
    np.testing.assert_allclose(record.from_input, sequence() @ cell.W_xh.T + cell.b_h, rtol=1e-13)
    np.testing.assert_allclose(record.from_state, record.h[:-1] @ cell.W_hh.T, rtol=1e-13, atol=1e-15)
    assert np.array_equal(record.total, record.from_input + record.from_state)


def test_the_gates_of_an_lstm_are_the_activated_totals_and_make_the_states():
    record = trace(build("lstm"), sequence())
    i, f, g, o = (record.gates[k] for k in "ifgo")
    np.testing.assert_allclose(np.hstack([i, f]), sigmoid(record.total[:, : 2 * HIDDEN]), rtol=1e-14)
    np.testing.assert_allclose(g, np.tanh(record.total[:, 2 * HIDDEN : 3 * HIDDEN]), rtol=1e-14)
    c = record.states["c"]
    np.testing.assert_allclose(c[1:], f * c[:-1] + i * g, rtol=1e-14)
    np.testing.assert_allclose(record.h[1:], o * np.tanh(c[1:]), rtol=1e-14)


@pytest.mark.parametrize("name", ["gru", "gru reset before"])
def test_the_gates_of_a_gru_make_the_states(name):
    record = trace(build(name), sequence())
    z, n = record.gates["z"], record.gates["n"]
    np.testing.assert_allclose(record.h[1:], z * record.h[:-1] + (1 - z) * n, rtol=1e-13)


def test_a_plain_cell_has_no_gates():
    assert trace(build(), sequence()).gates == {}


@every_cell
@every_wiring
def test_the_last_answer_is_the_prediction(name, wiring):
    model = build(name, wiring)
    record, p = trace(model, sequence()), model.predict(sequence()[:, None])
    np.testing.assert_allclose(record.probabilities[-1], p[-1, 0] if model.y_time else p[0], rtol=1e-14)
    assert np.array_equal(record.probabilities, softmax(record.logits))


def test_the_answer_at_a_step_is_that_of_the_sequence_cut_there():
    model = build()
    record = trace(model, sequence())
    for t in range(T):
        np.testing.assert_allclose(record.probabilities[t], model.predict(sequence()[: t + 1, None])[0], rtol=1e-13)


def test_a_yes_or_no_answer_is_a_sigmoid():
    record = trace(build(loss="binary_cross_entropy"), sequence())
    assert np.array_equal(record.probabilities, sigmoid(record.logits))


def test_the_record_is_of_the_weights_at_that_moment():
    model = build()
    record = trace(model, sequence())
    kept = {name: array.copy() for name, array in model.params.items()}
    for array in model.params.values():
        array += 1
    assert record.params.keys() == kept.keys()
    assert all(np.array_equal(record.params[name], kept[name]) for name in kept)


def test_tracing_changes_nothing():
    model, x = build("lstm"), sequence()
    before = model.vector()
    trace(model, x)
    assert np.array_equal(model.vector(), before) and np.array_equal(x, sequence()) and x.flags.writeable


def test_float32_stays_float32():
    rng = np.random.default_rng(0)
    body = Recurrent(LSTMCell(2, HIDDEN, rng=rng, dtype=np.float32))
    record = trace(ManyToOne(body, Dense(HIDDEN, 3, rng=rng, dtype=np.float32)), sequence())
    arrays = (record.x, record.from_input, record.from_state, record.total, record.logits, record.probabilities)
    assert {a.dtype for a in (*arrays, *record.states.values(), *record.gates.values())} == {np.dtype(np.float32)}


# ---- names ----------------------------------------------------------------------------------------------------------


def test_tokens_name_the_steps_and_classes_the_outputs():
    record = trace(build(classes=("bad", "good", "so so")), sequence(), ["it", "is", "not", "so", "bad"])
    assert record.tokens == ("it", "is", "not", "so", "bad") and record.classes == ("bad", "good", "so so")
    assert "it is not so bad" in repr(record)


def test_steps_and_classes_without_names_get_numbers():
    record = trace(build(), sequence())
    assert record.tokens == ("x_1", "x_2", "x_3", "x_4", "x_5") and record.classes == ("class 0", "class 1", "class 2")


def test_sizes_are_at_hand():
    record = trace(build(), sequence())
    assert (record.T, record.H, record.kind, record.x.shape) == (T, HIDDEN, "rnn", (T, 2))


# ---- frozen ---------------------------------------------------------------------------------------------------------


@every_cell
def test_the_arrays_of_a_trace_cannot_be_changed(name):
    record = trace(build(name), sequence())
    arrays = [record.x, record.from_input, record.from_state, record.h, record.logits, record.probabilities]
    arrays += [*record.states.values(), *record.gates.values(), *record.params.values(), record.main.outputs]
    arrays.append(record.total)
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_fields_of_a_trace_cannot_be_changed():
    record = trace(build(), sequence())
    with pytest.raises(FrozenInstanceError):
        record.tokens = ()


# ---- every model ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", model_zoo.MODELS)
def test_every_wiring_can_be_traced(name):
    model = model_zoo.model(name)
    x, _, _ = model_zoo.data(model, B=1)
    record = trace(model, x[:, 0] if model.x_time else x[0])
    assert np.isfinite(record.logits).all() and len(record.logits) == len(record.probabilities)
    assert [layer.name for layer in record.layers] == sorted(
        (layer.name for layer in record.layers), key=lambda name: name.startswith("decoder")
    )


@pytest.mark.parametrize("name", [name for name in model_zoo.READING if name.startswith("many to many")])
def test_the_answers_of_a_trace_are_those_of_the_model(name):
    model = model_zoo.model(name)
    x, _, _ = model_zoo.data(model, B=1)
    np.testing.assert_allclose(trace(model, x[:, 0]).probabilities, model.predict(x)[:, 0], rtol=1e-13)


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


def test_where_only_the_end_is_read_nothing_comes_from_earlier_outputs():
    record = trace_back(build(), sequence(), 1)
    assert not record.from_output[:-1].any() and record.from_output[-1].any()
    assert not record.from_future[-1].any() and record.from_future[:-1].any()


def test_an_lstm_has_the_gradient_on_its_cells_too():
    record = trace_back(build("lstm"), sequence(), 1)
    assert record.d_c.shape == (T, HIDDEN) and not record.d_c[-1].any() and record.d_c[:-1].any()


def test_the_arrays_of_a_backward_trace_cannot_be_changed():
    record = trace_back(build("lstm"), sequence(), 1)
    arrays = [record.d_logits, record.from_output, record.from_future, record.d_h, record.d_c]
    for array in (*arrays, *record.contributions.values(), *record.gradients.values()):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


# ---- at the door ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(2,), (T, 3), (T, 1, 2), (0, 2)])
def test_what_is_not_one_sequence_is_refused(shape):
    with pytest.raises(ValueError, match="x: expected"):
        trace(build(), np.zeros(shape))


def test_a_token_for_each_step_is_wanted():
    with pytest.raises(ValueError, match="tokens: expected 5 texts, got 2"):
        trace(build(), sequence(), ["a", "b"])


def test_a_model_is_wanted():
    with pytest.raises(TypeError, match="model: expected one of the wirings"):
        trace(build().body, sequence())


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


def test_a_label_is_checked():
    with pytest.raises(ValueError, match="y: expected labels 0 to 2"):
        trace_back(build(), sequence(), 3)


@pytest.mark.parametrize("name", ["many to one, both ways", "many to one, gru, mean", "many to one, both ways, max"])
def test_the_answer_at_a_step_is_that_of_the_sequence_up_to_there_however_the_model_reads(name):
    model = model_zoo.model(name)
    x = np.random.default_rng(0).standard_normal((4, 2))
    found = trace(model, x).probabilities
    for t in range(4):
        np.testing.assert_allclose(found[t], model.predict(x[: t + 1, None])[0], rtol=1e-13)
