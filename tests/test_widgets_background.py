"""Training where Python has no threads, as in a browser: on the event loop, with rests in which clicks are heard."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest

from rnnlib import widgets
from rnnlib.book.race import RULES, stored_race
from rnnlib.widgets import background
from tests.test_widgets_desk import desk, trained


@pytest.fixture
def browser(monkeypatch):
    """A Python without threads. What is in `clicks` happens at the rests of a training, one a rest."""

    class Browser:
        def __init__(self):
            self.clicks = []

        rests = True  # whether it can rest inside a call

        def rest(self, _):
            if self.rests and self.clicks:
                self.clicks.pop(0)()
            return self.rests

        def run(self, begin):
            """Begin something in a running event loop, and let it come to its end."""

            async def main():
                begin()
                await asyncio.sleep(0)
                await asyncio.sleep(0)

            with ThreadPoolExecutor(1) as elsewhere:  # a test of pages may have left a loop running in this thread
                elsewhere.submit(asyncio.run, main()).result()

    class NoThread(threading.Thread):
        def start(self):
            raise RuntimeError("can't start new thread")

    found = Browser()
    monkeypatch.setattr(background, "threading", SimpleNamespace(Thread=NoThread, Event=threading.Event))
    monkeypatch.setattr(background, "rest", found.rest)
    return found


def nothing():
    pass


def test_training_goes_on_the_event_loop_and_gives_the_same_weights(browser):
    shown = desk()
    browser.run(shown._go.holder.click)
    assert not shown.running
    assert np.array_equal(shown.model.vector(), trained())
    assert len(shown.pages) == 7 and shown.stepper.error == ""


def test_stop_is_heard_at_a_rest(browser):
    shown = desk()
    browser.clicks = [nothing, nothing, shown.stop]
    browser.run(shown.train)
    assert shown.history.epochs == 2 and shown.history.stopped == background.STOPPED


def test_pause_holds_on_until_continue_is_pressed(browser):
    shown, seen = desk(), []

    def look():
        seen.append((shown.running, shown._go.holder.description, shown.history.epochs))

    browser.clicks = [nothing, shown._go.holder.click, look, look, shown._go.holder.click]
    browser.run(shown.train)
    assert seen == [(True, "Continue", 1)] * 2
    assert np.array_equal(shown.model.vector(), trained())


def test_reset_during_a_training_ends_it_first(browser):
    shown = desk()
    first = shown.model.vector()

    def deaf_for_a_moment():  # a click is no call in which Python can rest
        browser.rests = False
        shown.reset()
        browser.rests = True

    browser.clicks = [nothing, nothing, deaf_for_a_moment]
    browser.run(shown.train)
    assert not shown.running and len(shown.pages) == 1
    assert np.array_equal(shown.model.vector(), first)


def test_a_browser_that_cannot_rest_says_so_and_trains_to_the_end(browser):
    shown, said = desk(), []
    shown.answer.observe(lambda change: said.append((change["new"], shown._stop.holder.disabled)), "value")
    browser.rests = False
    browser.run(shown.train)
    assert any(background.DEAF in line.replace("&#x27;", "'") and disabled for line, disabled in said)
    assert np.array_equal(shown.model.vector(), trained())


def test_what_a_training_raises_is_shown(browser):
    shown = desk(callbacks=[lambda run: 1 / 0])
    browser.run(shown.train)
    assert shown.stepper.error.startswith("ZeroDivisionError") and not shown.running


def test_the_race_trains_without_threads_too(browser):
    shown = widgets.MemoryRace(stored_race(), rules=RULES.but(epochs=2, examples=32, questions=20))
    browser.run(shown.train)
    assert len(shown.own) == 1 and not shown.running
    shown.reset()
    assert shown.own == []
