"""The memory race in a real notebook: who fails where, predicted and then shown; one network trained anew."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rnnlib.book.race import stored_race
from rnnlib.look.lettering import number
from tests.browser.conftest import both_applications, one_theme

SETUP = "from rnnlib.widgets import MemoryRace"


@pytest.fixture
def notebook(server, open_notebook):
    notebook = open_notebook(server.write_notebook("race.ipynb", SETUP, "race = MemoryRace()\nrace"))
    notebook.run_all()
    notebook.output(1).locator(".rnn-stepper .stage svg").wait_for()
    return notebook


def at(notebook, lag):
    """Go to the page of a lag by keys."""
    notebook.output(1).locator(".stage").focus()
    notebook.page.keyboard.press("Home")
    for _ in range(stored_race().lags.index(lag)):
        notebook.page.keyboard.press("ArrowRight")
    expect(notebook.output(1).locator(".where")).to_have_text(f"lag {lag}")


@both_applications
@one_theme
def test_the_plain_network_fails_at_thirty_and_the_lstm_at_two_hundred(notebook):
    lab, runs = notebook.output(1), stored_race()
    for lag, key, caption in ((30, "2", "Here the RNN fails."), (200, "2", "Here the LSTM fails.")):
        at(notebook, lag)
        expect(lab.locator(".caption")).to_contain_text("With as much training, who does")
        expect(lab.locator(".page.on .cover").first).to_be_visible()
        notebook.page.keyboard.press(key)
        expect(lab.locator(".said")).to_contain_text("Yes. In the median:")
        expect(lab.locator(".caption")).to_contain_text(caption)
        expect(lab.locator(".page.on .cover").first).to_be_hidden()
        for kind in runs.kinds:
            shown = lab.locator(f'.page.on [data-n="median/{kind}/{lag}"]').text_content()
            assert number(shown) == pytest.approx(runs.median(kind, lag), abs=0.005)
    expect(lab.locator(".badge")).to_have_text(re.compile("largest difference 0"))
    assert notebook.trouble == []


@one_theme
def test_one_network_trains_in_the_background_and_its_result_is_drawn(notebook):
    lab = notebook.output(1)
    at(notebook, 5)
    lab.get_by_role("button", name="GRU", exact=True).click()
    lab.get_by_role("button", name="Train one for lag 5", exact=True).click()
    expect(lab.locator(".rnn-words").filter(has_text="The ring is yours.")).to_be_visible(timeout=60_000)
    expect(lab.locator(".page.on .own")).to_have_count(1)
    expect(lab.locator(".line").last).to_contain_text("your GRU")
    lab.get_by_role("button", name="Reset", exact=True).click()
    expect(lab.locator(".page.on .own")).to_have_count(0)
    assert notebook.trouble == []


@one_theme
def test_a_training_can_be_stopped(notebook):
    lab = notebook.output(1)
    at(notebook, 100)
    lab.get_by_role("button", name="Train one for lag 100", exact=True).click()
    expect(lab.locator(".rnn-words").filter(has_text="of at most 30")).to_be_visible(timeout=60_000)
    lab.get_by_role("button", name="Stop", exact=True).click()
    expect(lab.locator(".rnn-words").filter(has_text="it is not drawn")).to_be_visible(timeout=60_000)
    assert notebook.trouble == []


def test_accessible_in_both_themes(notebook):
    at(notebook, 50)
    found = Axe().run(notebook.page, context=".rnn-lab").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
