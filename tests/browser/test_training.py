"""Two widgets that train in the background: the page stays alive, the result is drawn, then pages are turned."""

import pytest
from playwright.sync_api import expect

from rnnlib.book.race import stored_race
from rnnlib.look.lettering import number
from tests.browser.conftest import both_applications, one_theme

DESK = """from tests.test_widgets_desk import *
shown = desk(epochs=40, vocabulary=WORDS, sentence="he is not bad")"""
PATIENCE = 60_000  # ms for a training on a busy machine


@one_theme
def test_the_desk_trains_and_the_sentence_follows_back_through_the_epochs(open_laboratory):
    desk = open_laboratory(DESK, "shown")
    sentence = desk.root.locator(".rnn-stepper").nth(1)
    expect(desk.caption).to_contain_text("Before training")
    desk.button("Train").click()
    expect(desk.button("Train again")).to_be_visible(timeout=PATIENCE)
    expect(desk.where).to_have_text("epoch 40 / 40")
    expect(desk.caption).to_contain_text("Training ended: all epochs done.")
    expect(sentence.locator(".title")).to_have_text("The same sentence after epoch 40")
    desk.stage.focus()
    desk.press("Home")
    expect(sentence.locator(".title")).to_have_text("The same sentence before training")
    desk.press("ArrowRight")
    desk.press("ArrowRight")
    expect(desk.where).to_have_text("epoch 2 / 40")
    expect(sentence.locator(".title")).to_have_text("The same sentence after epoch 2")
    expect(sentence.locator(".badge")).to_contain_text("largest difference 0")
    assert desk.notebook.trouble == []


@pytest.fixture
def race(open_laboratory):
    return open_laboratory("from rnnlib.widgets import MemoryRace", "MemoryRace()")


def at(race, lag):
    """Go to the page of a lag by keys; questions on the way are left open."""
    race.stage.focus()
    race.press("Home")
    for _ in range(stored_race().lags.index(lag)):
        here = race.where.text_content()
        while race.where.text_content() == here:
            race.press("ArrowRight")
    expect(race.where).to_have_text(f"lag {lag}")


@both_applications
@one_theme
def test_the_plain_network_fails_at_thirty_and_the_lstm_at_two_hundred(race):
    runs = stored_race()
    for lag, key, caption in ((30, "2", "Here the RNN fails."), (200, "2", "Here the LSTM fails.")):
        at(race, lag)
        expect(race.caption).to_contain_text("With as much training, who does")
        cover = race.stage.locator(".page.on .cover").first
        expect(cover).to_be_visible()
        race.press(key)
        expect(race.said).to_contain_text("Yes. In the median:")
        expect(race.caption).to_contain_text(caption)
        expect(cover).to_be_hidden()
        for kind in runs.kinds:
            shown = race.stage.locator(f'.page.on [data-n="median {kind}/{lag}"]').text_content()
            assert number(shown) == pytest.approx(runs.median(kind, lag), abs=0.005)
    expect(race.badge).to_contain_text("largest difference 0")
    assert race.notebook.trouble == []


@one_theme
def test_one_network_trains_in_the_background_and_another_training_is_stopped(race):
    at(race, 5)
    words, own = race.root.locator(".rnn-words"), race.stage.locator(".page.on .own")
    race.button("GRU").click()
    race.button("Train one for lag 5").click()
    expect(words.filter(has_text="The ring is yours.")).to_be_visible(timeout=PATIENCE)
    expect(own).to_have_count(1)
    expect(race.line.last).to_contain_text("your GRU")
    race.button("Reset").click()
    expect(own).to_have_count(0)
    at(race, 100)
    race.button("Train one for lag 100").click()
    expect(words.filter(has_text="of at most 30")).to_be_visible(timeout=PATIENCE)
    race.button("Stop").click()
    expect(words.filter(has_text="it is not drawn")).to_be_visible(timeout=PATIENCE)
    assert race.notebook.trouble == []
