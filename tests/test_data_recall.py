"""The recall task: what its sequences look like, and what is refused."""

import numpy as np
import pytest

from rnnlib.data import recall, recall_words


def rng(seed=0):
    return np.random.default_rng(seed)


def spelled(data, b, symbols=10, letters=2):
    """Sequence b as text."""
    end = len(data.x) if data.lengths is None else data.lengths[b]
    return "".join(recall_words(symbols, letters)[k] for k in data.x[:end, b].argmax(axis=1))


def test_a_sequence_is_a_digit_then_letters_then_the_question():
    data = recall(5, 50, rng=rng())
    for b in range(50):
        text = spelled(data, b)
        assert text[0] == str(data.y[b])
        assert set(text[1:6]) <= {"a", "b"}
        assert text[6:] == "?"


@pytest.mark.parametrize(("lag", "B", "symbols", "letters"), [(0, 1, 2, 1), (3, 7, 10, 2), (100, 2, 4, 30)])
def test_shapes_are_time_first_and_rows_are_one_hot(lag, B, symbols, letters):
    data = recall(lag, B, rng=rng(), symbols=symbols, letters=letters)
    assert data.x.shape == (lag + 2, B, symbols + letters + 1)
    assert data.x.dtype == np.float64
    assert data.y.shape == (B,)
    assert data.lengths is None
    assert set(np.unique(data.x)) <= {0.0, 1.0}
    assert (data.x.sum(axis=2) == 1).all()
    assert len(recall_words(symbols, letters)) == len(set(recall_words(symbols, letters))) == data.x.shape[2]


def test_with_shortest_every_lag_occurs_and_the_question_is_at_the_true_end():
    data = recall(6, 400, rng=rng(), shortest=2)
    assert set(data.lengths - 2) == {2, 3, 4, 5, 6}
    for b in range(400):
        text = spelled(data, b)
        assert len(text) == data.lengths[b] and text[-1] == "?" and "?" not in text[:-1]


def test_every_digit_and_every_letter_is_as_likely():
    data = recall(20, 4000, rng=rng())
    assert np.bincount(data.y, minlength=10) / 4000 == pytest.approx(np.full(10, 0.1), abs=0.02)
    assert data.x[1:-1, :, 10].mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"lag": -1}, ValueError, "lag: expected a whole number from 0, got -1"),
        ({"examples": 0}, ValueError, "examples"),
        ({"symbols": 1}, ValueError, "symbols"),
        ({"letters": 0}, ValueError, "letters"),
        ({"shortest": 6}, ValueError, "shortest: expected at most lag = 5"),
    ],
)
def test_what_is_wrong_is_refused_by_name(change, error, message):
    with pytest.raises(error, match=message):
        recall(**{"lag": 5, "examples": 3, "rng": rng()} | change)
