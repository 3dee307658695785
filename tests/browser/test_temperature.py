"""Temperature in a real notebook: the known numbers at τ = 0.5, τ = 0.01 is finite, drawing and taking back."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import both_applications

SETUP = "from rnnlib.widgets import Temperature\nlab = Temperature()"


@both_applications
def test_half_the_temperature_gives_the_known_numbers_and_001_is_finite(server, open_notebook):
    notebook = open_notebook(server.write_notebook("temperature.ipynb", SETUP, "lab"))
    notebook.run_all()
    lab = notebook.output(1).locator(".rnn-lab")
    stage = lab.locator(".stage")
    stage.locator("svg").wait_for()

    def shown():
        return [stage.locator(f'.page.on [data-n="p/0/{i}"]').text_content() for i in range(3)]

    def press(name):
        lab.get_by_role("button", name=name, exact=True).click()

    expect(lab.locator(".caption")).to_contain_text("τ goes down to 0.01. Which symbol is drawn then?")
    stage.focus()
    notebook.page.keyboard.press("2")
    expect(lab.locator(".said")).to_contain_text("Your answer: “a”, practically always. Yes.")
    press("0.5")
    expect(lab.locator(".caption")).to_contain_text("has 0.8668 at τ = 0.50")
    assert shown() == ["0.8668", "0.1173", "0.0159"]
    press("0.01")
    expect(lab.locator(".caption")).to_contain_text("has 1.0000 at τ = 0.01")
    assert shown() == ["1.0000", "0.0000", "0.0000"]
    press("Draw a symbol")
    expect(lab.locator(".caption")).to_contain_text("falls on “a”")
    press("Draw a symbol")
    expect(lab.locator(".where")).to_have_text("symbol 2 / 3")
    press("Undo")
    expect(lab.locator(".where")).to_have_text("symbol 1 / 2")
    expect(lab.locator(".badge")).to_have_text(re.compile("largest difference 0"))
    assert notebook.trouble == []
