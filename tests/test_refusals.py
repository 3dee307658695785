"""What once was answered with nonsense, or with a message of NumPy's: each is refused in words, and nothing changes."""

import numpy as np
import pytest

import rnnlib as rn
from rnnlib import functions, interop
from rnnlib.data import Symbols, load_labelled_sentences
from rnnlib.training import Diverged
from tests import model_zoo, zoo
from tests.doors import seen


def rng(seed=0):
    return np.random.default_rng(seed)


def lesson(name="many to many, stack", **more):
    """A model, and the arguments of a `fit` that works."""
    model = model_zoo.model(name)
    x, y, lengths = model_zoo.data(model, B=4)
    if hasattr(model, "end"):
        y[lengths["y_lengths"] - 1, np.arange(4)] = model.end
    given = {"x": x, "y": y, "epochs": 2, "optimizer": rn.Adam(0.01), "rng": rng(), "progress": False}
    return {"model": model} | given | lengths | more


def tagger(body):
    return rn.ManyToMany(body, rn.Dense(body.outputs, 3, rng=rng()))


def nan_inside(array):
    array = np.array(array)
    array.flat[0] = np.nan
    return array


def run_back(name, d_y):
    layer = zoo.layer(name)
    _, _, tape = layer.forward(zoo.inputs_for(layer, 3, 2))
    return layer.backward(d_y, tape)


def foreign(name):
    layer, other = zoo.layer(name), zoo.layer(name, seed=1)
    y, _, tape = other.forward(zoo.inputs_for(other, 3, 2))
    return layer.backward(y, tape)


def alone(name="encoder and decoder, gru", **more):
    given = lesson(name)
    model = given["model"]
    return model, model.batch(given["x"], given["y"], given.get("lengths"), given["y_lengths"])


def nan_writer():
    model, batch = alone()
    model.params["output.b_y"][...] = np.nan
    return model.generate(batch.x, batch.lengths, max_length=3)


def small():
    """A model, x and y of a ManyToOne."""
    given = lesson("many to one")
    return given["model"], given["x"], given["y"]


WORDS = {
    "a body that reads backwards": (
        lambda: rn.fit(**lesson(model=tagger(zoo.layer("reverse gru")), window=2)),
        "window: expected .* forward in time",
    ),
    "a body of two directions": (
        lambda: rn.fit(**lesson(model=tagger(zoo.layer("both ways gru")), window=2)),
        "window: expected .* forward in time",
    ),
    "a body that looks at a window": (
        lambda: rn.fit(**lesson(model=tagger(zoo.layer("conv causal")), window=2)),
        "window: expected .* forward in time",
    ),
    "targets of another rank": (
        lambda: functions.mean_squared_error(np.ones((2, 1)), np.ones(2)),
        r"targets: expected \(2, 1\), got \(2,\)",
    ),
    "probabilities of another rank": (
        lambda: functions.binary_cross_entropy(np.ones((2, 1)), np.ones(2)),
        r"targets: expected \(2, 1\), got \(2,\)",
    ),
    "an axis for a temperature": (
        lambda: functions.softmax(np.ones(3), -1),
        "temperature: expected a finite number > 0",
    ),
    "one class": (
        lambda: rn.ManyToOne(zoo.layer("gru"), rn.Dense(3, 1, rng=rng())),
        'output: expected at least 2 outputs for "cross_entropy"',
    ),
    "a negative learning rate": (lambda: setattr(rn.SGD(0.1), "learning_rate", -1), "learning_rate: expected"),
    "no end symbol, one to many": (
        lambda: rn.fit(**lesson("one to many, rnn", y=np.ones((5, 4), int))),
        "y: expected the end symbol 0 at the end of each sequence",
    ),
    "no end symbol, a set of evaluate": (
        lambda: rn.fit(
            **(given := lesson("one to many, rnn")) | {"evaluate": {"test": (given["x"], np.ones((5, 4), int))}}
        ),
        "evaluate 'test': y: expected the end symbol 0",
    ),
    "a number into a Dense": (lambda: rn.Dense(2, 3, rng=rng()).forward(2.0), r"h: expected \(2,\), got \(\)"),
    "a wrong width into a Dense": (
        lambda: rn.Dense(2, 3, rng=rng()).forward(np.ones((4, 3))),
        r"h: expected \(\.\.\., 2\), got \(4, 3\)",
    ),
    "no room to write": (lambda: (pair := alone())[0].exact_match(pair[1], 0), "max_length: expected a whole number"),
    "no steps to compare": (
        lambda: rn.check_layer(zoo.layer("gru"), np.zeros((0, 2, 2)), rng=rng()),
        "x: expected at least one step",
    ),
    "half a symbol": (lambda: Symbols("abc").decode([1.5]), "numbers: expected whole numbers"),
    "the class of a callback": (lambda: rn.fit(**lesson(callbacks=[rn.Schedule])), "callbacks: expected a list of"),
    "NaN in a set of evaluate": (
        lambda: rn.fit(**(given := lesson()) | {"evaluate": {"test": (nan_inside(given["x"]), given["y"])}}),
        "evaluate 'test': x: expected finite numbers",
    ),
    "five parts of a set": (
        lambda: rn.fit(**lesson(evaluate={"test": (1, 2, 3, 4, 5)})),
        r"evaluate 'test': expected \(x, y\)",
    ),
    "a vector that is too long": (
        lambda: zoo.cell("gru").restore(np.ones(zoo.cell("gru").parameter_count + 1)),
        r"vector: expected \(\d+,\)",
    ),
    "a set that nobody looks at": (
        lambda: rn.fit(**lesson(callbacks=[rn.EarlyStopping("zz")])),
        "EarlyStopping: 'zz' is not in evaluate",
    ),
    "no model": (lambda: rn.fit(**lesson(model=None)), "model: expected"),
    "a seed for a generator": (
        lambda: rn.check_layer(zoo.layer("gru"), np.zeros((2, 2, 2)), rng=0),
        "rng: expected a numpy.random.Generator",
    ),
    "no layer": (lambda: rn.Stacked([None]), "layers: expected a list of at least one layer"),
    "no directions": (lambda: rn.Bidirectional(None, None), r"left: expected Recurrent\(...\)"),
    "no examples": (
        lambda: small()[0].gradients(np.zeros((3, 0, 2)), np.zeros(0, int)),
        "x: expected at least one example, got B = 0",
    ),
    "no difference": (lambda: rn.check_model(*small(), epsilon=0), "epsilon: expected a finite number > 0"),
    "no weights": (
        lambda: interop.from_onnx("GRU", None, np.zeros((1, 9, 3)), hidden_size=3),
        "W: expected real numbers",
    ),
    "a word for a share": (
        lambda: load_labelled_sentences("nowhere", test_share="a"),
        "test_share: expected a number between 0 and 1",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_it_is_refused_in_words(name):
    call, says = WORDS[name]
    with pytest.raises((ValueError, TypeError), match=says) as error:
        call()
    assert type(error.value) in (ValueError, TypeError)


EVERY_LAYER = [
    "gru",
    "reverse lstm with peepholes",
    "both ways gru",
    "conv causal",
    "stack of rnn and gru",
    "embedding",
]


@pytest.mark.parametrize("shape", [(3, 2, 9), (2, 2, 3), (3, 1, 3), (3,)])
@pytest.mark.parametrize("name", EVERY_LAYER)
def test_a_wrong_gradient_into_a_backward_pass_is_refused(name, shape):
    with pytest.raises(ValueError, match="d_y: expected"):
        run_back(name, np.ones(shape))


@pytest.mark.parametrize("name", EVERY_LAYER)
def test_the_tape_of_another_layer_is_refused(name):
    with pytest.raises(ValueError, match="tape: expected the one that this layer's forward gave"):
        foreign(name)


def test_scores_that_are_nan_are_not_written_on():
    with pytest.raises(FloatingPointError, match="the scores of the next symbol are NaN"):
        nan_writer()


def test_scores_in_a_list_have_a_softmax():
    np.testing.assert_array_equal(functions.softmax([1, 2, 3]), functions.softmax(np.array([1.0, 2.0, 3.0])))


# ---- nothing is half-changed ----------------------------------------------------------------------------------------

WRONG = {
    "x": lambda given: {"x": nan_inside(given["x"])},
    "infinity": lambda given: {"x": np.where(np.arange(given["x"].size).reshape(given["x"].shape) == 5, np.inf, 1.0)},
    "y": lambda given: {"y": given["y"] + 9},
    "lengths": lambda given: {"lengths": [9, 9, 9, 9]},
    "epochs": lambda given: {"epochs": -1},
    "clip": lambda given: {"clip_norm": "zz"},
    "evaluate": lambda given: {"evaluate": {"test": (given["x"], None)}},
    "callbacks": lambda given: {"evaluate": {"test": (given["x"], given["y"])}, "callbacks": [rn.EarlyStopping("zz")]},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_after_a_fit_that_was_refused_nothing_has_changed(wrong):
    given = lesson()
    given["optimizer"].update(given["model"].vector(), given["model"].vector())
    given |= WRONG[wrong](given)
    before = seen(given)
    with pytest.raises((ValueError, TypeError)):
        rn.fit(**given)
    assert seen(given) == before


def test_an_update_that_was_refused_leaves_the_optimizer_as_it_was():
    for optimizer in (rn.SGD(0.1, momentum=0.5), rn.RMSProp(), rn.Adam(), rn.AdamW()):
        vector = np.ones(3)
        optimizer.update(vector, np.ones(3))
        before = seen([vars(optimizer), vector])
        with pytest.raises(ValueError, match=r"gradient: expected \(3,\), got \(2,\)"):
            optimizer.update(vector, np.ones(2))
        assert seen([vars(optimizer), vector]) == before


@pytest.mark.parametrize("values", [{"W_xh": np.ones((9, 2))}, "nan", None])
def test_values_that_do_not_all_fit_change_none(values):
    cell = zoo.cell("gru")
    before = cell.vector()
    with pytest.raises((ValueError, TypeError)):
        cell.set_params(cell.params | {"b_h": np.ones(2)} if values == "nan" else values)
    np.testing.assert_array_equal(cell.vector(), before)


def test_what_diverged_is_named():
    given = lesson("many to one, numbers", optimizer=rn.SGD(1e200), epochs=9)
    with pytest.raises(Diverged, match=r"(the loss|the norm of the gradient|a weight) became"):
        rn.fit(**given)
