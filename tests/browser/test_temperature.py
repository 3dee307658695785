"""Temperature in a real notebook: the known numbers at τ = 0.5, τ = 0.01 is finite, drawing and taking back."""

from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme


@one_theme
@both_applications
def test_half_the_temperature_gives_the_known_numbers_and_001_is_finite(open_laboratory):
    lab = open_laboratory("from rnnlib.widgets import Temperature", "Temperature()")

    def shown():
        return [lab.stage.locator(f'.page.on [data-n="p/0/{i}"]').text_content() for i in range(3)]

    expect(lab.caption).to_contain_text("τ goes down to 0.01. Which symbol is drawn then?")
    lab.press("2")
    expect(lab.said).to_contain_text("Your answer: “a”, practically always. Yes.")
    lab.button("0.5").click()
    expect(lab.caption).to_contain_text("has 0.8668 at τ = 0.50")
    assert shown() == ["0.8668", "0.1173", "0.0159"]
    lab.button("0.01").click()
    expect(lab.caption).to_contain_text("has 1.0000 at τ = 0.01")
    assert shown() == ["1.0000", "0.0000", "0.0000"]
    lab.button("Draw a symbol").click()
    expect(lab.caption).to_contain_text("falls on “a”")
    lab.button("Draw a symbol").click()
    expect(lab.where).to_have_text("symbol 2 / 3")
    lab.button("Undo").click()
    expect(lab.where).to_have_text("symbol 1 / 2")
    expect(lab.badge).to_contain_text("largest difference 0")
    assert lab.notebook.trouble == []
