"""The sentence stepper and the playground: an edit leaves what came before it; the verdict is the library's."""

from playwright.sync_api import expect

from rnnlib.saliency import occlusion
from tests.browser.conftest import both_applications, one_theme
from tests.test_widgets import WORDS, a_model

SETUP = """import ipywidgets
from tests.test_widgets import *
widget, heard = reader(), ipywidgets.Label()
widget.stepper.observe(lambda change: setattr(heard, "value", f"step {change.new}"), "t")"""
PLAY = "widgets.SentimentPlayground(a_model(), WORDS, 'he was not sad today')"


@one_theme
@both_applications
def test_after_an_edit_at_word_k_the_columns_before_it_are_the_same(open_laboratory):
    lab = open_laboratory(SETUP, "widget", "heard")

    def columns():
        return [lab.stage.locator(f'.cell[data-at="{t}"] text').all_text_contents() for t in range(6)]

    before = columns()
    for _ in range(3):
        lab.press("ArrowRight")
    expect(lab.notebook.output(2)).to_contain_text("step 3")
    lab.button("Swap with the next word").click()
    said = lab.root.locator(".rnn-words").filter(has_text="to the last bit")
    expect(said).to_contain_text("“not” and “sad” have changed places")
    expect(said).to_contain_text("The first 2 words are as before, and their states, too: the same to the last bit.")
    after = columns()
    assert after[:3] == before[:3] and after[3] != before[3]
    lab.button("All units").click()
    strip = lab.root.locator(".rnn-stepper").nth(1)
    expect(strip.locator(".where")).to_have_text("t = 3 / 5")
    lab.stage.focus()
    lab.press("End")
    expect(strip.locator(".where")).to_have_text("t = 5 / 5")
    strip.locator(".stage").focus()
    lab.press("Home")
    expect(lab.where).to_have_text("t = 0 / 5")
    assert lab.notebook.trouble == []


@one_theme
@both_applications
def test_the_playground_shows_the_librarys_probability_and_takes_any_text(open_laboratory):
    lab = open_laboratory(SETUP, PLAY)
    left = occlusion(a_model(), WORDS.one_hot(["he was not sad today"])[0][:, 0])
    lab.button("skip the question").click()
    expect(lab.said).to_contain_text("more than any other")
    expect(lab.caption).to_contain_text(f"“positive” is at {left.whole[1]:.2f}")
    lab.press("ArrowRight")
    expect(lab.caption).to_contain_text(f"“positive” is at {left.without[0, 1]:.2f} in place of")
    field = lab.root.get_by_placeholder("type a sentence")
    for typed, said in (
        ("", "no word here"),
        ("<img src=x onerror=alert(1)>", "Nothing is left"),
        ("he xyz", "I skip it"),
    ):
        field.fill(typed)
        field.press("Enter")
        expect(lab.root.locator(".rnn-words").filter(has_text=said)).to_be_visible()
        expect(lab.stage).to_be_focused()
    expect(lab.where).to_have_text("without “he”")
    assert lab.notebook.trouble == []
