"""Things on their way: through five shapes, out of a loop, and through a plane. Chapters 01 and 03."""

import re

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.book.by_hand import by_hand, one_hot
from rnnlib.diagrams.trajectory import plane
from rnnlib.trace import trace


@pytest.fixture(scope="module")
def read():
    model = by_hand()
    return lambda text: trace(model, one_hot(text), text.split())


def numbers(pages, t):
    """The addresses of the numbers that page t alone shows."""
    page = pages.svg.split(f'data-t="{t}"')[1].split('<g class="page"')[0]
    return re.findall(r'data-n="([^"]*)"', page)


def test_across_the_plane_is_the_difference_of_the_scores(read):
    run = read("not bad good")
    way, _ = plane([run, read("bad")])
    np.testing.assert_allclose(way[1:, 0], run.logits[:, 1] - run.logits[:, 0], rtol=0, atol=1e-12)


def test_upward_is_no_part_of_the_verdict_and_is_where_states_differ_most(read):
    runs = [read("not bad good"), read("bad bad")]
    states, ways = np.concatenate([run.h for run in runs]), np.concatenate(plane(runs))
    W = runs[0].params["output.W_hy"]
    upward = np.linalg.lstsq(states - states.mean(axis=0), ways[:, 1], rcond=None)[0]
    assert abs(upward @ (W[1] - W[0])) < 1e-9
    other = np.cross(W[1] - W[0], upward)
    assert np.ptp(ways[:, 1]) >= np.ptp(states @ (other / np.linalg.norm(other)))


def test_ways_are_one_as_long_as_the_words_are(read):
    pages = diagrams.trajectory([read("good not bad"), read("good bad")])
    assert "ways are one" in pages.captions[1] and "apart" in pages.captions[2]


def test_ways_of_two_networks_are_refused(read):
    other = by_hand()
    other.output.W_hy[:] += 1
    with pytest.raises(ValueError, match="one network"):
        diagrams.trajectory([read("bad"), trace(other, one_hot("bad"), ["bad"])])


def test_out_of_the_loop_comes_one_copy_a_step_and_nothing_of_what_lies_ahead(read):
    pages = diagrams.unrolling(read("not bad good"))
    for t in range(4):
        assert {int(address.split("/")[1]) for address in numbers(pages, t) if address[0] == "h"} == (
            {0} if t == 0 else set(range(1, t + 1))
        )


def test_five_things_wait_and_then_go_through_one_after_the_other():
    sound, words = np.random.default_rng(0).normal(size=(9, 4)), ("a", "b", "c")
    pages = diagrams.five_things(np.eye(4), "six", sound, "he", ("1.2.3", "3-2-1"), words, ("x", "y", "z"))
    counts = [page.count("tint-output") for page in pages.svg.split("</style>")[1].split('class="page"')[1:]]
    assert counts == [0, 1, 4, 5, 7, 10]


def test_only_the_newest_moves_and_nothing_moves_for_who_wants_no_motion(read):
    svg = diagrams.unrolling(read("not bad good")).svg
    assert svg.split('data-t="3"')[1].count('class="slide"') == 1
    rules = svg.split("</style>")[0]
    assert rules.count("animation:") == 2
    assert rules.index("prefers-reduced-motion:no-preference") < rules.index("animation:")


@pytest.mark.parametrize("text", ["", "good or bad"])
def test_a_word_that_the_network_by_hand_does_not_know_is_refused(text):
    with pytest.raises(ValueError, match="expected words out of good, bad, not"):
        one_hot(text)
