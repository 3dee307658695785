"""The next symbol at a temperature: every number is the library's, and nothing overflows."""

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.exercises import predict
from rnnlib.functions import softmax
from rnnlib.look.lettering import number
from rnnlib.views.writing import writing

ABC = (2.0, 1.0, 0.0)


def draw(*arguments, **options):
    return diagrams.temperature(writing(*arguments, **options))


def shown(pages):
    return {address: number(text) for address, text in printed(pages)}


def test_logits_2_1_0_at_one_half_are_the_known_probabilities():
    found = shown(draw(ABC, "abc", 0.5))
    assert [found[f"p/0/{i}"] for i in range(3)] == [0.8668, 0.1173, 0.0159]
    assert [found[f"at 1/0/{i}"] for i in range(3)] == [0.6652, 0.2447, 0.0900]


@pytest.mark.parametrize("T", [0.01, 0.37, 1.0, 5.0])
def test_every_probability_in_the_picture_is_softmax(T):
    logits = np.random.default_rng(1).normal(size=(5, 6)) * 3
    found = shown(draw(lambda written: logits[len(written)], "abcdef", T, length=4))
    for k in range(5):
        for i in range(6):
            assert found[f"p/{k}/{i}"] == pytest.approx(softmax(logits[k], T)[i], abs=5.1e-5)
            assert found[f"at 1/{k}/{i}"] == pytest.approx(softmax(logits[k])[i], abs=5.1e-5)
            assert found[f"z/{k}/{i}"] == pytest.approx(logits[k, i], abs=5.1e-3)


@pytest.mark.parametrize("T", [0.01, 5.0])
@pytest.mark.parametrize("logits", [(1e4, -1e4, 0.0), (1e300, 0.0, -1e300), (0.0, 0.0, 0.0), (1e-300, 0.0, 0.0)])
def test_the_coldest_and_the_hottest_are_finite(logits, T):
    pages = draw(logits, "abc", T, length=3)
    assert np.isfinite([*shown(pages).values()]).all() and pages.agreement.startswith("✓")


def test_the_symbol_drawn_is_the_one_on_which_u_falls():
    run = writing(ABC, "abc", length=40, seed=7)
    assert run.chosen == tuple(0 if u < 0.66524 else 1 if u < 0.90997 else 2 for u in run.u)
    assert set(run.chosen) == {0, 1, 2}


def test_symbols_are_drawn_as_often_as_their_probability_says():
    runs = [writing(ABC, "abc", 0.5, length=40, seed=seed) for seed in range(100)]
    counts = np.bincount([i for run in runs for i in run.chosen], minlength=3) / 4000
    assert counts == pytest.approx(softmax(np.array(ABC), 0.5), abs=0.02)


def test_a_shorter_text_is_the_beginning_of_a_longer_one():
    long, short = (writing(ABC, "abc", 1.3, length=n, seed=3) for n in (30, 12))
    assert long.chosen[:12] == short.chosen


def test_at_001_the_most_probable_symbol_is_always_drawn():
    assert set(writing(ABC, "abc", 0.01, length=40, seed=3).chosen) == {0}


def test_there_is_a_page_for_each_symbol_written_and_one_for_the_next():
    pages = draw(ABC, "abc", length=4)
    assert pages.marks == tuple(f"symbol {k} / 5" for k in range(1, 6))
    assert "is not drawn yet" in pages.captions[-1] and all("falls on" in said for said in pages.captions[:-1])


def test_after_the_end_symbol_nothing_comes():
    run = writing(lambda written: (9, 0) if len(written) < 2 else (0, 9), "a.", 0.01, length=10, end=1)
    assert run.chosen == (0, 0, 1) and run.ended
    assert "the text has ended" in diagrams.temperature(run).captions[2]


def test_of_many_symbols_the_most_probable_have_a_bar_and_the_rest_are_one():
    found = shown(draw(np.arange(30.0), [f"s{k}" for k in range(30)], 5.0))
    assert "p/0/22" not in found
    assert sum(found[f"p/0/{i}"] for i in range(23, 30)) + found["others/0"] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("logits", [(0, 1, 5), (1, 1, 0), (1,)])
def test_the_question_asks_for_the_most_probable_symbol_where_there_is_one(logits):
    asked = predict.temperature(writing(logits, "abc"[: len(logits)]))
    right = [question.answers[question.right].text for question in asked.values()]
    assert right == (["“c”, practically always"] if logits == (0, 1, 5) else [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"temperature": 0.0}, "temperature: expected 0.01 to 5"),
        ({"temperature": np.nan}, "temperature"),
        ({"temperature": 5.1}, "temperature"),
        ({"length": 41}, "length: expected"),
        ({"length": -1}, "length"),
        ({"symbols": ""}, "symbols: expected at least"),
        ({"symbols": "ab"}, "logits: expected 2 numbers"),
        ({"logits": (1, np.nan, 0)}, "finite"),
    ],
)
def test_what_cannot_be_written_is_an_error(change, said):
    with pytest.raises(ValueError, match=said):
        writing(**{"logits": ABC, "symbols": "abc"} | change)
