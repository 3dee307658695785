"""Attention as a picture: its numbers are those of the equations, and it says where each question looks."""

import re

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.diagrams.attention import BAND

ENTRIES, QUESTIONS = ["ann 3", "bob 7", "cid 1"], ["bob?", "cid?"]


def given(sharp=1.0):
    rng = np.random.default_rng(0)
    keys, values = rng.normal(size=(3, 4)), rng.normal(size=(3, 5))
    return sharp * keys[[1, 2]], keys, values


def printed(pages, name, t):
    """Address -> number, of what page t prints under a name."""
    page = re.search(rf'<g class="page" data-t="{t}">.*?(?=<g class="page"|</svg>)', pages.svg, re.DOTALL)
    found = re.findall(rf'data-n="({name}/{t}/\d+)">([^<]+)<', page.group())
    return {address: float(text.replace("−", "-")) for address, text in found}


def test_weights_are_the_softmax_of_scaled_products():
    q, k, v = given()
    pages = diagrams.attention(q, k, v, entries=ENTRIES, questions=QUESTIONS)
    for t in (1, 2):
        s = np.array([k[i] @ q[t - 1] / 2 for i in range(3)])  # the root of 4
        a = np.exp(s) / np.exp(s).sum()
        for name, expected in (("s", s), ("a", a)):
            assert printed(pages, name, t) == pytest.approx(
                {f"{name}/{t}/{i}": value for i, value in enumerate(expected)}, abs=5.1e-3
            )


@pytest.mark.parametrize(("sharp", "mean"), [(20.0, "nearly its value"), (0.01, "a mixture of several values")])
def test_it_says_which_entry_a_question_finds_and_what_the_context_is(sharp, mean):
    pages = diagrams.attention(*given(sharp), entries=ENTRIES, questions=QUESTIONS)
    assert "“bob?”" in pages.captions[1] and "“bob 7”" in pages.captions[1] and mean in pages.captions[1]


def test_a_band_is_as_wide_as_its_weight():
    q, k, v = given(20.0)
    pages = diagrams.attention(q, k, v, entries=ENTRIES, questions=QUESTIONS)
    first = re.findall(r'<path d="M([\d.]+) [\d.]+C[^L]*L[^C]*C(?:[\d.]+ ){4}([\d.]+) [\d.]+Z"', pages.svg)[:3]
    wide = [float(right) - float(left) for left, right in first]
    assert wide[1] == pytest.approx(BAND * printed(pages, "a", 1)["a/1/1"], abs=0.3) and max(wide[0], wide[2]) < 1


@pytest.mark.parametrize(
    ("change", "finding"),
    [
        ({"entries": ["a"]}, "entries, questions: expected 3 and 2 names, got 1 and 2"),
        ({"answers": np.ones((2, 3)), "classes": "ab"}, r"answers: expected \(2, 2\)"),
        ({"queries": np.ones((9, 4)), "questions": ["?"] * 9}, "queries, keys: expected 1 to 8, got 9 and 3"),
        ({"values": np.ones((2, 5))}, r"values: expected \(3, 5\)"),
    ],
)
def test_what_does_not_fit_is_refused(change, finding):
    q, k, v = given()
    options = {"queries": q, "keys": k, "values": v, "entries": ENTRIES, "questions": QUESTIONS} | change
    with pytest.raises(ValueError, match=finding):
        diagrams.attention(**options)


def test_bars_are_as_long_as_their_numbers_and_lie_on_the_side_of_their_sign():
    svg = str(diagrams.bars({"good": -0.5, "bad": 0.25}, "weights"))
    bars = {
        cls: (float(x), float(w))
        for x, w, cls in re.findall(r'<rect x="([\d.]+)" [^>]*?width="([\d.]+)"[^>]*class="(plus|minus)"', svg)
    }
    (low, long), (zero, short) = bars["minus"], bars["plus"]
    assert long == pytest.approx(2 * short, abs=0.1) and low + long == pytest.approx(zero, abs=0.1)
    assert "+0.25" in svg and "−0.50" in svg and ">0.25<" in str(diagrams.bars({"a": 0.25}, "shares", most=1))
