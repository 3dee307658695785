"""The gradient chain, without a browser: its own example or the reader's, updates, central differences."""

import copy
import re

import numpy as np
import pytest

from rnnlib import SGD, Dense, GRUCell, ManyToMany, ManyToOne, Recurrent, RNNCell, check_model, diagrams
from rnnlib.exercises import predict
from rnnlib.look.lettering import number
from rnnlib.trace import trace_back
from rnnlib.widgets import GradientChain

WORDS = ["he", "was", "not", "sad"]


def given(H=3, wiring=ManyToOne, cell=RNNCell, dtype=np.float64):
    rng = np.random.default_rng(2)
    model = wiring(Recurrent(cell(4, H, rng=rng, dtype=dtype)), Dense(H, 2, rng=rng, dtype=dtype))
    return model, np.eye(4, dtype=dtype), [0, 1, 1, 0] if model.y_time else 1


@pytest.mark.parametrize("wiring", [ManyToOne, ManyToMany])
def test_a_model_and_an_example_are_shown_as_the_library_computes_them(wiring):
    model, x, y = given(wiring=wiring)
    lab = GradientChain(model, x, y, WORDS)
    worst = check_model(model, x[:, None], np.array(y)[..., None]).worst
    assert worst < 1e-7
    record = trace_back(model, x, y, WORDS)
    same = diagrams.gradient_chain(record, apart=worst, ask=predict.gradient_chain(record))
    assert lab.pages == same
    assert "the parts of 4 steps add up to the library's gradient" in lab.pages.agreement
    said = re.search(r"central differences by ([\d.]+e−\d+)", lab.pages.note)
    assert number(said[1]) == pytest.approx(worst, rel=0.05)


def test_without_a_model_it_has_one_of_its_own_for_each_shape():
    lab = GradientChain()
    assert "the last step alone" in lab.pages.captions[6]
    lab.set(shape="many to many")
    assert "every step" in lab.pages.captions[6]
    before = lab.pages.svg
    lab.set(seed=9)
    assert lab.pages.svg != before


def test_an_update_is_the_librarys_and_the_model_of_the_reader_stays_as_it_was():
    model, x, y = given()
    before = model.vector()
    lab = GradientChain(model, x, y, learning_rate=0.3)
    lab.set(updates=2)
    np.testing.assert_array_equal(model.vector(), before)
    trained, optimizer = copy.deepcopy(model), SGD(0.3)
    vector = trained.vector()
    for _ in range(2):
        gradients = trained.gradients(x[:, None], [y])[1]
        optimizer.update(vector, np.concatenate([gradients[name].ravel() for name in trained.params]))
        trained.restore(vector)
    np.testing.assert_allclose(lab.example(updates=2).model.vector(), vector, rtol=1e-12)


def test_updates_lower_the_loss_and_the_question_is_asked_before_the_first():
    lab = GradientChain()
    losses = []
    for updates in (0, 1, 5, 20):
        lab.set(updates=updates)
        losses.append(trace_back(*lab.example(updates=updates, shape="many to one", seed=5)).loss)
        assert any(lab.pages.questions) == (updates == 0)
    assert losses == sorted(losses, reverse=True)


def test_in_float32_and_for_a_large_model_there_is_no_comparison_with_central_differences():
    for options in ({"dtype": np.float32}, {"H": 60}):
        lab = GradientChain(*given(**options))
        assert "central differences" not in lab.pages.note
        assert "add up" in lab.pages.agreement and "NOT" not in lab.pages.agreement


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((given()[0],), {}, ValueError, "model, x, y: expected all three, or none of them"),
        ((), {"shape": "one to one"}, ValueError, 'shape: expected "many to one" or "many to many"'),
        ((), {"updates": 21}, ValueError, "updates: expected a whole number from 0 to 20, got 21"),
        ((), {"updates": -1}, ValueError, "updates: expected a whole number from 0 to 20, got -1"),
        ((), {"learning_rate": 0}, ValueError, "learning_rate: expected a finite number > 0"),
        (given(cell=GRUCell), {}, ValueError, "expected that of a plain cell (RNNCell), got 'gru'"),
        ((given()[0], np.eye(3), 1), {}, ValueError, "x: expected"),
        ((given()[0], np.eye(4), 5), {}, ValueError, "y: expected labels 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(arguments, options, error, message):
    with pytest.raises(error, match=re.escape(message)):
        GradientChain(*arguments, **options)
