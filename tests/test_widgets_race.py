"""The memory race as a widget: training one network in the background, stopping it, taking it away."""

import dataclasses
import threading

from rnnlib.book import race as races
from rnnlib.book.race import RULES, race, stored_race
from rnnlib.widgets import MemoryRace

SMALL = RULES.but(examples=64, epochs=2)
SHORT = races.Race(  # asked at short lags only, so that a test is quick
    tuple(
        dataclasses.replace(run, accuracy={lag: right for lag, right in run.accuracy.items() if lag <= 30})
        for run in stored_race().results
        if run.lag <= 20
    ),
    stored_race().parameters,
)


def said(widget):
    return widget.answer.value


def test_it_shows_the_stored_runs_a_page_a_lag():
    widget = MemoryRace(t=3)
    assert len(widget.pages) == len(stored_race().lags)
    assert widget.stepper.t == 3


def test_a_training_is_a_run_by_the_rules_for_the_lag_of_the_page():
    widget = MemoryRace(SHORT, kind="GRU", seed=11, rules=SMALL, t=1)
    widget.train()
    widget.wait()
    assert widget.own == [race("GRU", 5, 11, rules=SMALL, asked=SHORT.asked)]
    assert "GRU, lag 5, seed 11" in said(widget)
    assert "own/0" in widget.pages.lines[1]
    assert "largest difference 0" in widget.pages.agreement
    assert not widget.running


def test_the_button_says_for_which_lag_it_trains():
    widget = MemoryRace(t=6)
    assert widget._go.holder.description == "Train one for lag 100"
    widget.stepper.t = 0
    assert widget._go.holder.description == "Train one for lag 2"


def test_nothing_trains_when_a_control_moves():
    widget = MemoryRace(SHORT, rules=SMALL)
    widget.set(kind="RNN", seed=3)
    assert widget.own == [] and widget._thread is None


def test_the_kind_and_the_seed_of_the_next_training_can_be_changed():
    widget = MemoryRace(SHORT, rules=SMALL)
    widget.set(kind="RNN", seed=3)
    widget.train()
    widget.wait()
    assert (widget.own[0].kind, widget.own[0].seed) == ("RNN", 3)


def held_back(monkeypatch):
    """Makes a training wait after its first epoch, until it is let go on."""
    began, go_on = threading.Event(), threading.Event()

    def slow(*args, after, **options):
        def both(run):
            began.set()
            assert go_on.wait(30)
            after(run)

        return race(*args, after=both, **options)

    monkeypatch.setattr("rnnlib.widgets.race.race", slow)
    return began, go_on


def test_stop_ends_it_after_the_epoch_and_draws_nothing(monkeypatch):
    began, go_on = held_back(monkeypatch)
    widget = MemoryRace(SHORT, rules=RULES.but(examples=64, epochs=30), t=3)
    widget.train()
    assert began.wait(30) and widget.running
    assert widget._go.holder.disabled and not widget._stop.holder.disabled
    widget.stop()
    go_on.set()
    widget.wait()
    assert "stopped after epoch 1; it is not drawn" in said(widget)
    assert widget.own == []
    assert widget._stop.holder.disabled and not widget._go.holder.disabled


def test_one_training_at_a_time(monkeypatch):
    began, go_on = held_back(monkeypatch)
    widget = MemoryRace(SHORT, rules=SMALL)
    widget.train()
    assert began.wait(30)
    first = widget._thread
    widget.train()
    assert widget._thread is first
    go_on.set()
    widget.wait()
    assert len(widget.own) == 1


def test_progress_is_told_while_it_trains(monkeypatch):
    told = []
    monkeypatch.setattr(MemoryRace, "say", lambda self, text: told.append(text))
    widget = MemoryRace(SHORT, rules=SMALL)
    widget.train()
    widget.wait()
    assert told[0] == "Training begins: LSTM, lag 2, seed 7."
    assert any(text.startswith("LSTM, lag 2, seed 7: epoch 1 of at most 2, ") for text in told)


def test_reset_takes_the_readers_runs_away():
    widget = MemoryRace(SHORT, rules=SMALL)
    widget.set(kind="GRU")
    widget.train()
    widget.wait()
    widget.reset()
    assert widget.own == [] and widget.values["kind"] == "LSTM"
    assert "own/0" not in widget.pages.lines[0]
    assert said(widget) == ""


def test_what_a_training_raises_is_shown(monkeypatch):
    def broken(*args, **options):
        raise FloatingPointError("the loss became nan")

    monkeypatch.setattr("rnnlib.widgets.race.race", broken)
    widget = MemoryRace()
    widget.train()
    widget.wait()
    assert widget.stepper.error == "FloatingPointError: the loss became nan"
    assert not widget._go.holder.disabled


def test_other_runs_can_be_shown():
    widget = MemoryRace(SHORT)
    assert len(widget.pages) == 4
    assert widget.stepper.code.startswith("MemoryRace(runs, kind='LSTM', seed=7")
