"""The sentence stepper and the playground: an edit leaves what came before it; the verdict is the library's."""

from playwright.sync_api import expect

from rnnlib.saliency import occlusion
from tests.browser.conftest import both_applications, one_theme
from tests.test_widgets import WORDS, a_model

SETUP = "from tests.test_widgets import *\nwidget = reader()"
PLAY = """from tests.test_widgets import *
widget = widgets.SentimentPlayground(a_model(), WORDS, "he was not sad today")"""


def opened(server, open_notebook, setup):
    notebook = open_notebook(server.write_notebook("words.ipynb", setup, "widget"))
    notebook.run_all()
    shown = notebook.output(1)
    shown.locator(".stage").first.wait_for()
    return notebook, shown


def column(shown, t):
    return shown.locator(f'.cell[data-at="{t}"] text').all_text_contents()


@one_theme
@both_applications
def test_after_an_edit_at_word_k_the_columns_before_it_are_the_same(server, open_notebook):
    notebook, shown = opened(server, open_notebook, SETUP)
    before = [column(shown, t) for t in range(6)]
    shown.locator(".stage").first.focus()
    for _ in range(3):
        notebook.page.keyboard.press("ArrowRight")
    notebook.page.wait_for_timeout(300)  # the step is told to Python a moment after the last key
    shown.get_by_role("button", name="Swap with the next word").click()
    said = shown.locator(".rnn-words").filter(has_text="to the last bit")
    expect(said).to_contain_text("“not” and “sad” have changed places")
    expect(said).to_contain_text("The first 2 words are as before, and their states, too: the same to the last bit.")
    after = [column(shown, t) for t in range(6)]
    assert after[:3] == before[:3] and after[3] != before[3]
    shown.get_by_role("button", name="All units").click()
    strip = shown.locator(".rnn-stepper").nth(1)
    expect(strip.locator(".where")).to_have_text("t = 3 / 5")
    shown.locator(".stage").first.focus()
    notebook.page.keyboard.press("End")
    expect(strip.locator(".where")).to_have_text("t = 5 / 5")
    strip.locator(".stage").focus()
    notebook.page.keyboard.press("Home")
    expect(shown.locator(".where").first).to_have_text("t = 0 / 5")
    assert notebook.trouble == []


@one_theme
@both_applications
def test_the_playground_shows_the_librarys_probability_and_takes_any_text(server, open_notebook):
    notebook, shown = opened(server, open_notebook, PLAY)
    left = occlusion(a_model(), WORDS.one_hot(["he was not sad today"])[0][:, 0])
    shown.get_by_role("button", name="skip").click()
    expect(shown.locator(".said")).to_contain_text("more than any other")
    expect(shown.locator(".caption")).to_contain_text(f"“positive” is at {left.whole[1]:.2f}")
    notebook.page.keyboard.press("ArrowRight")
    expect(shown.locator(".caption")).to_contain_text(f"“positive” is at {left.without[0, 1]:.2f} in place of")
    field = shown.get_by_placeholder("type a sentence")
    for typed, said in (
        ("", "no word here"),
        ("<img src=x onerror=alert(1)>", "Nothing is left"),
        ("he xyz", "I skip it"),
    ):
        field.fill(typed)
        field.press("Enter")
        expect(shown.locator(".rnn-words").filter(has_text=said)).to_be_visible()
    expect(shown.locator(".where")).to_have_text("without “he”")
    assert notebook.trouble == []
