"""The next symbol at a temperature: every number is the library's, and nothing overflows."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.diagrams.temperature import Writing
from rnnlib.functions import softmax
from rnnlib.look.lettering import number

SVG = "{http://www.w3.org/2000/svg}"
ABC = (2.0, 1.0, 0.0)
NASTY = ("<script>alert(1)</script>", "\"quo'te&", "🙂", "漢字漢字", "x" * 300, " ", "\n")


def shown(pages):
    return {address: number(text) for address, text in printed(pages)}


def test_logits_2_1_0_at_one_half_are_the_known_probabilities():
    found = shown(diagrams.temperature(ABC, "abc", 0.5))
    assert [found[f"p/0/{i}"] for i in range(3)] == [0.8668, 0.1173, 0.0159]
    assert [found[f"at 1/0/{i}"] for i in range(3)] == [0.6652, 0.2447, 0.0900]


@pytest.mark.parametrize("T", [0.01, 0.37, 1.0, 5.0])
def test_every_probability_in_the_picture_is_softmax(T):
    logits = np.random.default_rng(1).normal(size=(5, 6)) * 3
    pages = diagrams.temperature(lambda written: logits[len(written)], "abcdef", T, length=4)
    found = shown(pages)
    for k in range(5):
        for i in range(6):
            assert found[f"p/{k}/{i}"] == pytest.approx(softmax(logits[k], T)[i], abs=5.1e-5)
            assert found[f"at 1/{k}/{i}"] == pytest.approx(softmax(logits[k])[i], abs=5.1e-5)
            assert found[f"z/{k}/{i}"] == pytest.approx(logits[k, i], abs=5.1e-3)
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")


@pytest.mark.parametrize(("K", "length"), [(1, 0), (3, 5), (8, 2), (9, 2), (128, 40)])
def test_no_number_in_the_picture_goes_unchecked(K, length):
    names = [f"s{k}" for k in range(K)]
    pages = diagrams.temperature(np.linspace(-3, 3, K), names, 0.7, length=length)
    texts = ET.fromstring(pages.svg).iter(f"{SVG}text")
    unchecked = ["".join(t.itertext()) for t in texts if "data-n" not in t.attrib]
    assert [text for text in unchecked if "." in text] == []
    assert pages.agreement.startswith("✓")


@pytest.mark.parametrize("logits", [(1e4, -1e4, 0.0), (1e300, 0.0, -1e300), (0.0, 0.0, 0.0), (1e-300, 0.0, 0.0)])
def test_the_coldest_and_the_hottest_are_finite(logits):
    for T in (0.01, 5.0):
        pages = diagrams.temperature(logits, "abc", T, length=3)
        assert np.isfinite([*shown(pages).values()]).all()
        assert pages.agreement.startswith("✓")


def test_the_symbol_drawn_is_the_one_on_which_u_falls():
    run = Writing.of(lambda _: ABC, "abc", 1.0, 40, 7)
    for u, chosen in zip(run.u, run.chosen, strict=True):
        assert chosen == (0 if u < 0.66524 else 1 if u < 0.90997 else 2)
    assert set(run.chosen) == {0, 1, 2}


def test_symbols_are_drawn_as_often_as_their_probability_says():
    runs = [Writing.of(lambda _: ABC, "abc", 0.5, 40, seed) for seed in range(100)]
    counts = np.bincount([i for run in runs for i in run.chosen], minlength=3) / 4000
    assert counts == pytest.approx(softmax(np.array(ABC), 0.5), abs=0.02)


def test_a_shorter_text_is_the_beginning_of_a_longer_one():
    long, short = (Writing.of(lambda _: ABC, "abc", 1.3, n, 3) for n in (30, 12))
    assert long.chosen[:12] == short.chosen


def test_at_001_the_most_probable_symbol_is_always_drawn():
    assert set(Writing.of(lambda _: ABC, "abc", 0.01, 40, 3).chosen) == {0}


def test_there_is_a_page_for_each_symbol_written_and_one_for_the_next():
    pages = diagrams.temperature(ABC, "abc", length=4)
    assert pages.marks == tuple(f"symbol {k} / 5" for k in range(1, 6))
    assert "is not drawn yet" in pages.captions[-1]
    assert all("falls on" in caption for caption in pages.captions[:-1])


def test_after_the_end_symbol_nothing_comes():
    run = Writing.of(lambda written: (9, 0) if len(written) < 2 else (0, 9), "a.", 0.01, 10, 0, end=1)
    assert run.chosen == (0, 0, 1) and run.ended
    pages = diagrams.temperature(lambda w: (9, 0) if len(w) < 2 else (0, 9), "a.", 0.01, length=10, end=1)
    assert len(pages) == 3
    assert "the text has ended" in pages.captions[-1]


def test_of_many_symbols_the_most_probable_have_a_bar_and_the_rest_are_one():
    pages = diagrams.temperature(np.arange(30.0), [f"s{k}" for k in range(30)], 5.0)
    found = shown(pages)
    bars = [found[f"p/0/{i}"] for i in range(22, 30)]
    assert "p/0/21" not in found
    assert sum(bars) + found["others/0"] == pytest.approx(1, abs=1e-3)
    assert "22 others" in pages.svg


def test_the_question_asks_for_the_most_probable_symbol():
    question = diagrams.temperature((0, 1, 5), "abc", ask=True).questions[0]
    assert question.answers[question.right].text == "“c”, practically always"


def test_where_two_are_the_most_probable_nothing_is_asked():
    assert diagrams.temperature((1, 1, 0), "abc", ask=True).questions[0] is None
    assert diagrams.temperature((1,), "a", ask=True).questions[0] is None


def test_bars_that_would_give_the_answer_away_are_covered():
    assert "cover" in diagrams.temperature(ABC, "abc", 0.01, ask=True).svg.split('class="page"')[1]
    assert 'class="cover' not in diagrams.temperature(ABC, "abc", 1.0, ask=True).svg


def test_names_are_escaped_and_clipped():
    pages = diagrams.temperature(np.zeros(len(NASTY)), NASTY, length=40)
    ET.fromstring(pages.svg)
    assert "<script>" not in pages.svg and "x" * 100 not in pages.svg and "␣" in pages.svg


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"temperature": 0.0}, "temperature: expected 0.01 to 5"),
        ({"temperature": np.nan}, "temperature"),
        ({"temperature": 5.1}, "temperature"),
        ({"length": 41}, "length: expected 0 to 40"),
        ({"length": -1}, "length"),
        ({"symbols": ""}, "symbols: expected at least one"),
        ({"symbols": "ab"}, "logits: expected 2 numbers"),
        ({"logits": (1, np.nan, 0)}, "finite"),
        ({"logits": (1, np.inf, 0)}, "finite"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(change, said):
    with pytest.raises(ValueError, match=said):
        diagrams.temperature(**{"logits": ABC, "symbols": "abc"} | change)


def test_the_same_run_gives_the_same_bytes():
    one, two = (diagrams.temperature(ABC, "abc", 0.5, length=5, ask=True) for _ in range(2))
    assert one == two


def test_it_fits_a_page_of_768_px_and_a_projector():
    root = ET.fromstring(diagrams.temperature(np.zeros(128), [f"s{k}" for k in range(128)]).svg)
    assert float(root.attrib["width"]) <= 860 and float(root.attrib["height"]) <= 425
    assert float(ET.fromstring(diagrams.temperature(ABC, "abc").svg).attrib["height"]) <= 270
