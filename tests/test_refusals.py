"""What once was answered with nonsense, or with a message of NumPy's: each is refused in words, and nothing changes."""

import numpy as np
import pytest

import rnnlib as rn
from rnnlib import functions
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


def alone(name="encoder and decoder, gru", **more):
    given = lesson(name)
    model = given["model"]
    return model, model.batch(given["x"], given["y"], given.get("lengths"), given["y_lengths"])


def nan_writer():
    model, batch = alone()
    model.params["output.b_y"][...] = np.nan
    return model.generate(batch.x, batch.lengths, max_length=3)


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
    "no end symbol, a set of evaluate": (
        lambda: rn.fit(
            **(given := lesson("one to many, rnn")) | {"evaluate": {"test": (given["x"], np.ones((5, 4), int))}}
        ),
        "evaluate 'test': y: expected the end symbol 0",
    ),
    "no steps to compare": (
        lambda: rn.check_layer(zoo.layer("gru"), np.zeros((0, 2, 2)), rng=rng()),
        "x: expected at least one step",
    ),
    "NaN in a set of evaluate": (
        lambda: rn.fit(**(given := lesson()) | {"evaluate": {"test": (nan_inside(given["x"]), given["y"])}}),
        "evaluate 'test': x: expected finite numbers",
    ),
    "no examples": (
        lambda: model_zoo.model("many to one").gradients(np.zeros((3, 0, 2)), np.zeros(0, int)),
        "x: expected at least one example, got B = 0",
    ),
    "a set that nobody looks at": (
        lambda: rn.fit(**lesson(callbacks=[rn.EarlyStopping("zz")])),
        "EarlyStopping: 'zz' is not in evaluate",
    ),
}


@pytest.mark.parametrize("name", WORDS)
def test_it_is_refused_in_words(name):
    call, says = WORDS[name]
    with pytest.raises((ValueError, TypeError), match=says) as error:
        call()
    assert type(error.value) in (ValueError, TypeError)


def test_scores_that_are_nan_are_not_written_on():
    with pytest.raises(FloatingPointError, match="the scores of the next symbol are NaN"):
        nan_writer()


def test_scores_in_a_list_have_a_softmax():
    np.testing.assert_array_equal(functions.softmax([1, 2, 3]), functions.softmax(np.array([1.0, 2.0, 3.0])))


# ---- nothing is half-changed ----------------------------------------------------------------------------------------


def test_an_update_that_was_refused_leaves_the_optimizer_as_it_was():
    for optimizer in (rn.SGD(0.1, momentum=0.5), rn.RMSProp(), rn.Adam(), rn.AdamW()):
        vector = np.ones(3)
        optimizer.update(vector, np.ones(3))
        before = seen([vars(optimizer), vector])
        with pytest.raises(ValueError, match=r"gradient: expected \(3,\), got \(2,\)"):
            optimizer.update(vector, np.ones(2))
        assert seen([vars(optimizer), vector]) == before


def test_what_diverged_is_named():
    given = lesson("many to one, numbers", optimizer=rn.SGD(1e200), epochs=9)
    with pytest.raises(Diverged, match=r"(the loss|the norm of the gradient|a weight) became"):
        rn.fit(**given)
