"""The memory race: the stored runs say what the book says, and a short part of them comes out again."""

import pytest

from rnnlib.book.race import EXPERIMENT, LAGS, RULES, UNITS, Race, Result, race, stored_race

SMALL = RULES.but(examples=32, epochs=2, batch_size=16)


@pytest.mark.parametrize("kind", UNITS)
@pytest.mark.parametrize("lag", [2, 5])
def test_a_short_part_of_the_stored_runs_comes_out_again(kind, lag):
    again, stored = EXPERIMENT.repeat(kind, lag, asked=(2, 10, 50))
    assert (again.epochs, again.stopped) == (stored.epochs, stored.stopped)
    assert again.accuracy == pytest.approx({at: stored.accuracy[at] for at in again.accuracy})


def test_the_plain_network_fails_at_thirty_and_a_gated_one_solves_a_hundred():
    runs = stored_race()
    assert (runs.fails("RNN"), runs.remembers("RNN")) == (30, 20)
    assert (runs.fails("LSTM"), runs.remembers("LSTM")) == (200, 100)
    assert (runs.fails("GRU"), runs.remembers("GRU")) == (None, 200)
    assert runs.accuracy("LSTM", 100).min() >= 0.99


def test_an_lstm_does_not_remember_for_ever():
    runs = stored_race()
    assert runs.median("LSTM", 200) < 0.95
    assert runs.median("LSTM", 10, asked=10) == 1 > 0.95 > runs.median("LSTM", 10, asked=400)


def test_a_plain_network_that_has_learned_to_keep_a_digit_keeps_it():
    assert stored_race().median("RNN", 20, asked=400) > 0.95  # so that learning is what fails at 30


def test_all_kinds_had_the_same_lags_and_nearly_the_same_size():
    runs = stored_race()
    assert runs.kinds == ("RNN", "LSTM", "GRU") and runs.lags == LAGS
    sizes = list(runs.parameters.values())
    assert max(sizes) / min(sizes) < 1.05


def test_who_watches_a_run_can_end_it():
    def stop(run):
        run.stop = "enough"

    result = race("RNN", 6, rules=RULES.but(examples=32, epochs=9), asked=(), after=stop)
    assert (result.epochs, result.stopped) == (1, "enough")


def a_race(**shares):
    """kind -> lag -> the shares of the seeds."""
    results = [
        Result(kind, lag, seed, 1, {lag: right})
        for kind, lags in shares.items()
        for lag, rights in lags.items()
        for seed, right in enumerate(rights)
    ]
    return Race(tuple(results), dict.fromkeys(shares, 10))


def test_a_kind_fails_at_the_first_lag_where_its_median_is_under_095():
    runs = a_race(RNN={2: [1, 1, 0], 5: [0.94, 0.94, 1], 9: [1, 1, 1]}, GRU={2: [0.0], 5: [1.0], 9: [1.0]})
    assert (runs.fails("RNN"), runs.remembers("RNN")) == (5, 2)
    assert (runs.fails("GRU"), runs.remembers("GRU")) == (2, None)
