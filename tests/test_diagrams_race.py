"""The picture of the memory race: every number is the runs'."""

import re

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.book.race import Race, Result, stored_race
from rnnlib.diagrams.pages import plain, printed
from rnnlib.exercises import predict
from rnnlib.look.lettering import number
from tests.svg import elements, texts

RUNS = stored_race()
MINE = Result("LSTM", 30, 7, 12, {2: 1.0, 30: 0.97, 400: 0.51}, "solved")


def some(lags=(2, 30), kinds=("RNN", "LSTM"), seeds=1, right=0.5):
    results = [
        Result(kind, lag, seed, 1, dict.fromkeys(lags, right))
        for kind in kinds
        for lag in lags
        for seed in range(seeds)
    ]
    return Race(tuple(results), dict.fromkeys(kinds, 99))


def test_there_is_a_page_for_each_lag():
    pages = diagrams.memory_race(RUNS, ask=predict.memory_race(RUNS))
    assert pages.marks == tuple(f"lag {lag}" for lag in RUNS.lags)


def test_every_number_in_the_picture_is_the_runs():
    pages = diagrams.memory_race(RUNS, own=[MINE])
    assert "largest difference 0" in pages.agreement
    of = {"median": np.median, "worst": np.min, "best": np.max}
    found = 0
    for address, text in printed(pages):
        named, *rest = address.split("/")
        name, _, kind = named.partition(" ")
        if name in of:
            shares = [run.accuracy[int(rest[0])] for run in RUNS.results if (run.kind, run.lag) == (kind, int(rest[0]))]
            assert number(text) == pytest.approx(of[name](shares), abs=0.005001)
            found += 1
        elif name == "parameters":
            assert number(text) == RUNS.parameters[kind]
    assert found == 3 * 3 * len(RUNS.lags)


def test_the_seeds_of_each_kind_are_a_line_of_numbers():
    pages = diagrams.memory_race(RUNS, ask=predict.memory_race(RUNS))
    t = RUNS.lags.index(30)
    line = plain(pages.tips[t]["seeds/RNN"])
    shares = [run.accuracy[30] for run in RUNS.runs("RNN", 30)]
    assert re.findall(r"\d\.\d\d", line) == [f"{share:.2f}" for share in shares]
    assert pages.lines[t] == ("seeds/RNN",)  # of the kind whose worst seed is worst


def test_the_curves_end_at_the_lag_of_the_page():
    pages = diagrams.memory_race(RUNS, ask=None)
    for t in range(len(pages)):
        cursor = elements(pages.svg, "g", "cursor", t)[0]
        end = float(re.findall(r"[\d.]+", cursor[0].attrib["d"])[0])
        for path in elements(pages.svg, "path", "seed", t):
            if path.attrib["d"]:
                assert float(path.attrib["d"].split("L")[-1].split()[0]) == pytest.approx(end)


def test_the_question_comes_where_a_kind_fails_and_its_right_answer_is_who_remembers():
    pages = diagrams.memory_race(RUNS, ask=predict.memory_race(RUNS))
    asked = {lag: q for lag, q in zip(RUNS.lags, pages.questions, strict=True) if q}
    assert list(asked) == [30, 200]
    assert asked[30].answers[asked[30].right].text == "LSTM and GRU"
    assert asked[200].answers[asked[200].right].text == "GRU"
    assert diagrams.memory_race(RUNS).questions == ()


def test_the_captions_say_who_fails_and_what_that_is():
    captions = dict(zip(RUNS.lags, diagrams.memory_race(RUNS, ask=predict.memory_race(RUNS)).captions, strict=True))
    assert captions[30] == (
        "Lag 30. Right answers in the median: RNN 0.79, LSTM 1.00, GRU 1.00; guessing gives 0.10. Here the RNN fails. "
        "Trained for lag 20, the RNN still knew it at lag 400: what fails here is learning it, not keeping it."
    )
    assert captions[2].endswith("Asked at lag 400, which they have not seen: RNN 0.00, LSTM 0.71, GRU 0.35.")


def test_a_run_of_the_readers_is_a_ring_and_a_line():
    t = RUNS.lags.index(30)
    pages = diagrams.memory_race(RUNS, own=[MINE])
    assert pages.lines[t][-1] == "own/0"
    assert plain(pages.tips[t]["own/0"]) == "your LSTM, seed 7, 12 epochs (solved): 0.97; asked at lag 400: 0.51"
    assert "yours" in texts(pages.svg, t) and pages.svg.count(" own") == 1


@pytest.mark.parametrize(
    "runs", [some(), some(lags=(7,)), some(kinds=("GRU",)), some(right=1.0), some(right=0.0), some(seeds=40)]
)
def test_small_constant_and_many_runs_can_be_drawn(runs):
    pages = diagrams.memory_race(runs)
    assert "largest difference 0" in pages.agreement


def test_what_is_not_finite_or_missing_is_refused():
    with pytest.raises(ValueError, match="finite"):
        diagrams.memory_race(some(right=float("nan")))
    with pytest.raises(ValueError, match="at least one run"):
        diagrams.memory_race(Race((), {}))
    with pytest.raises(ValueError, match="own: expected lags"):
        diagrams.memory_race(RUNS, own=[Result("RNN", 3, 0, 1, {3: 1.0})])
    with pytest.raises(ValueError, match="kinds of RNN, LSTM, GRU"):
        diagrams.memory_race(some(kinds=("<b>",)))
    with pytest.raises(ValueError, match="kind, lag"):
        diagrams.memory_race(Race(some().results[:-1], {"RNN": 1, "LSTM": 1}))
