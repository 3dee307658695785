"""TwoComputations: a small network of its own, or the reader's model or trace."""

import numpy as np
import pytest

from rnnlib import Dense, LSTMCell, ManyToOne, Recurrent, RNNCell
from rnnlib.diagrams import computations
from rnnlib.exercises import predict
from rnnlib.trace import trace
from rnnlib.widgets import TwoComputations
from rnnlib.widgets.two_computations import SEED, small_run


def asked(record):
    """The pages with their blanks."""
    return computations(record, ask=predict.computations(record))


def model(inputs=5, H=3, cell=RNNCell):
    rng = np.random.default_rng(1)
    return ManyToOne(Recurrent(cell(inputs, H, rng=rng)), Dense(H, 2, rng=rng), classes=("bad", "good"))


X = np.eye(5)[[0, 3, 1]]


def test_one_line_displays_the_small_network():
    lab = TwoComputations()
    assert lab.pages == asked(small_run(SEED))
    assert len(lab.pages) == 22 and lab.stepper.t == 0


def test_the_weights_of_the_small_network_can_be_multiplied_by_hand():
    for seed in range(5):
        record = small_run(seed)
        for array in record.params.values():
            assert np.array_equal(array, np.round(array, 1)) and (array != 0).all()
        assert np.array_equal(record.x * 2, np.round(record.x * 2))


def test_another_seed_is_another_network():
    lab = TwoComputations()
    lab.set(seed=SEED + 1)
    assert lab.pages == asked(small_run(SEED + 1))


def test_a_readers_model_and_a_trace_of_it_give_the_same_pages():
    words = ["not", "so", "good"]
    by_model = TwoComputations(model(), X, tokens=words)
    by_trace = TwoComputations(trace(model(), X, words))
    assert by_model.pages == by_trace.pages == asked(trace(model(), X, words))
    assert by_model.seed is None


def test_the_controls_change_letters_and_blanks():
    lab = TwoComputations(t=9)
    lab.set(notation="a", fill=False)
    assert lab.pages == computations(small_run(SEED), notation="a")
    assert lab.stepper.t == 9


@pytest.mark.parametrize(
    ("source", "x", "complaint"),
    [
        (model(), None, "x: expected one sequence"),
        (None, X, "x: expected one sequence"),
        (trace(model(), X), X, "x: expected one sequence"),
        (model(cell=LSTMCell), X, "plain recurrent cell"),
    ],
)
def test_what_cannot_be_shown_is_refused(source, x, complaint):
    with pytest.raises(ValueError, match=complaint):
        TwoComputations(source, x)


def test_the_stored_form_is_the_first_page_that_asks_with_its_number_covered():
    data, _ = TwoComputations()._repr_mimebundle_()
    asked = TwoComputations().pages.questions[1]
    assert data["text/plain"].splitlines() == [TwoComputations().pages.title, asked.prompt]
    assert "cover" in data["text/html"]
    plain, _ = TwoComputations(fill=False)._repr_mimebundle_()
    assert plain["text/plain"].splitlines()[-1] == computations(small_run(SEED)).captions[21]
    assert 'class="cover' not in plain["text/html"]


def test_the_questions_about_two_networks_differ_so_that_no_answer_stays():
    lab = TwoComputations()
    first = [question.prompt for question in lab.pages.questions if question]
    lab.set(seed=SEED + 1)
    second = [question.prompt for question in lab.pages.questions if question]
    assert len(first) == len(second) == 6 and not set(first) & set(second)
