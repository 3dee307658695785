"""The training desk in a browser: it trains while the page stays alive; then the epochs are turned like pages."""

import re

import pytest
from playwright.sync_api import expect

SETUP = """from tests.test_widgets_desk import *
desk = desk(epochs=40, vocabulary=WORDS, sentence="he is not bad")"""


@pytest.fixture
def desk(server, open_notebook):
    notebook = open_notebook(server.write_notebook("desk.ipynb", SETUP, "desk", "desk.history.epochs, desk.stepper.t"))
    notebook.run_all()
    notebook.output(1).locator(".rnn-stepper").nth(1).wait_for()
    return notebook


def button(notebook, name):
    return notebook.output(1).get_by_role("button", name=name, exact=True)


@pytest.mark.parametrize("theme", ["light"], indirect=True)
def test_train_then_step_back_and_the_sentence_follows(desk):
    chart, sentence = (desk.output(1).locator(".rnn-stepper").nth(k) for k in (0, 1))
    expect(chart.locator(".caption")).to_contain_text("Before training")
    button(desk, "Train").click()
    expect(button(desk, "Train again")).to_be_visible()
    expect(chart.locator(".where")).to_have_text("epoch 40 / 40")
    expect(chart.locator(".caption")).to_contain_text("Training ended: all epochs done.")
    expect(sentence.locator(".title")).to_have_text("The same sentence after epoch 40")
    chart.locator(".stage").focus()
    desk.page.keyboard.press("Home")
    expect(sentence.locator(".title")).to_have_text("The same sentence before training")
    for _ in range(3):
        desk.page.keyboard.press("ArrowRight")
    expect(chart.locator(".where")).to_have_text("epoch 3 / 40")
    expect(sentence.locator(".title")).to_have_text("The same sentence after epoch 3")
    expect(sentence.locator(".badge")).to_have_text(re.compile("largest difference 0"))
    assert desk.trouble == []
