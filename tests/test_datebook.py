"""The date readers: the stored runs say what the book says, and a short part of them comes out again."""

import numpy as np
import pytest

from rnnlib.book import datebook
from rnnlib.book.datebook import (
    EXPERIMENT,
    RULES,
    book,
    rate,
    right,
    stored_reader,
    stored_readings,
)
from rnnlib.data import dates
from rnnlib.data.dates import LANGUAGES

SMALL = RULES.but(examples=64, questions=16, epochs=2)


def stop(run):
    run.stop = "enough"


def test_the_first_epoch_of_a_stored_run_comes_out_again():
    again, stored = EXPERIMENT.repeat("GRU", after=stop)
    assert (again.kind, again.seed, len(again.loss)) == (stored.kind, stored.seed, 1)
    assert again.loss[0] == pytest.approx(stored.loss[0], abs=0.01)
    assert again.exact[0] == pytest.approx(stored.exact[0], abs=0.02)


def test_the_stored_reader_is_the_network_of_seed_0():
    counts = datebook.by_format(stored_reader(), book().test)
    assert counts == stored_readings().runs("GRU")[0].right


def test_every_gru_writes_nearly_all_unseen_dates_in_every_language():
    asked = book().test
    for run in stored_readings().runs("GRU"):
        assert run.exact[-1] >= 0.95
        for language in LANGUAGES:
            total = sum(spoken == language for spoken in asked.languages)
            assert sum(run.right[f"{language} {style}"] for style in ("long", "medium")) / total >= 0.95


def test_a_plain_network_of_the_same_size_learns_at_a_small_rate_and_at_a_large_one_next_to_nothing():
    runs = stored_readings()
    shares = {kind: runs.spread(lambda run: run.exact[-1], kind) for kind in datebook.KINDS}
    assert max(shares["RNN, fast"]) < 0.05 < 0.25 < np.median(shares["RNN"]) < min(shares["GRU"])
    assert max(runs.parameters.values()) / min(runs.parameters.values()) < 1.05


def test_the_last_share_is_the_sum_of_the_formats():
    for run in stored_readings().results:
        assert sum(run.right.values()) / RULES.questions == pytest.approx(run.exact[-1], abs=1e-4)


def test_a_date_counts_only_if_every_letter_is_right():
    asked = dates(train=1, test=8).test
    model = stored_reader()
    assert right(model, asked) == [True] * 8
    asked.y[9, 0] = (asked.y[9, 0] + 1) % 10  # another last digit
    assert right(model, asked) == [False] + [True] * 7


def test_the_rate_is_constant_and_then_falls():
    rates = [rate("GRU", epoch) for epoch in range(1, 31)]
    assert rates[:15] == [0.004] * 15 and rates[14:] == sorted(rates[14:], reverse=True)
    assert rates[-1] == pytest.approx(0.004 / 50)
