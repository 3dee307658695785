"""stepper.js with a model that the test holds in its hands: what it hears from Python, and when it may turn a page."""

import pytest
from playwright.sync_api import expect

from rnnlib import widgets
from tests.browser.conftest import one_theme
from tests.test_widgets import pages

PAGE = """async ({ code, state }) => {
    const widget = (await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))).default;
    const heard = {};
    window.sent = [];
    window.model = {
        get: name => state[name],
        set: (name, value) => {
            const changed = state[name] !== value;
            state[name] = value;
            if (changed) (heard[`change:${name}`] ?? []).forEach(act => act());
        },
        save_changes: () => window.sent.push(state.t),
        on: (name, act) => (heard[name] ??= []).push(act),
        off: () => {},
    };
    widget.render({ model: window.model, el: document.body });
}"""
QUESTION = {
    "prompt": "Which?",
    "answers": [{"text": "this", "reply": "So it is."}, {"text": "that", "reply": "It is not."}],
    "right": 0,
    "typed": False,
    "otherwise": "",
}
POINTS = "A question is open: answer it, or press again to skip it."


@pytest.fixture
def turn(page):
    """A Stepper of six pages in an empty page whose clock stands still; `changed` are other pages."""

    def show(**changed):
        stepper = widgets.Stepper(pages())
        page.clock.install(time=0)
        page.goto("about:blank")
        page.clock.pause_at(3_600_000)
        state = {"pages": stepper.pages.state() | changed, "t": 0, "present": False, "code": "", "error": ""}
        page.evaluate(PAGE, {"code": stepper._esm, "state": state})
        page.locator(".stage").focus()
        return page

    return show


def at(page, t):
    expect(page.locator(".where")).to_have_text(f"t = {t} / 5")
    expect(page.locator(".stage .page.on")).to_have_attribute("data-t", str(t))


@one_theme
def test_an_echo_of_an_earlier_step_does_not_turn_the_page_back(turn):
    page = turn()
    page.keyboard.press("ArrowRight")
    page.clock.run_for(200)
    page.keyboard.press("ArrowRight")
    page.evaluate("() => model.set('t', 1)")  # Python has heard of the first, not yet of the second
    at(page, 2)
    page.clock.run_for(200)
    assert page.evaluate("() => sent") == [1, 2]


@one_theme
def test_many_fast_steps_are_one_message(turn):
    page = turn()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End"):
        page.keyboard.press(key)
    page.clock.run_for(200)
    assert page.evaluate("() => sent") == [5]


@one_theme
def test_python_turns_the_page_of_a_reader_who_rests(turn):
    page = turn()
    page.keyboard.press("ArrowRight")
    page.clock.run_for(200)
    page.evaluate("() => model.set('t', 4)")
    at(page, 4)


@one_theme
def test_space_plays_and_pauses_and_nothing_plays_by_itself(turn):
    page = turn()
    page.clock.fast_forward(5000)
    at(page, 0)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="pause")).to_be_visible()
    for t in (1, 2):
        page.clock.run_for(1250)
        at(page, t)
    page.keyboard.press("Space")
    page.clock.run_for(5000)
    at(page, 2)
    page.keyboard.press("Space")
    page.clock.run_for(10_000)
    at(page, 5)
    expect(page.get_by_role("button", name="play")).to_be_visible()


@one_theme
def test_what_is_read_backward_plays_to_the_first_page(turn):
    page = turn(backward=True)
    page.keyboard.press("End")
    page.keyboard.press("Space")
    page.clock.run_for(1250)
    at(page, 4)
    page.clock.run_for(10_000)
    at(page, 0)


@one_theme
@pytest.mark.parametrize("way", ["key", "button"])
def test_a_step_over_an_open_question_points_at_it_first_and_who_steps_back_meets_it_again(turn, way):
    page = turn(questions=[None, QUESTION, None, None, None, None])
    said, caption = page.locator(".said"), page.locator(".caption")
    button = page.get_by_role("button", name="one step on", exact=True)

    def on():
        page.keyboard.press("ArrowRight") if way == "key" else button.click()

    on()
    at(page, 1)
    on()
    at(page, 1)
    expect(said).to_have_text(POINTS)
    on()
    at(page, 2)
    expect(said).to_be_empty()
    page.locator(".stage").focus()
    page.keyboard.press("ArrowLeft")
    at(page, 1)
    expect(caption).to_have_text("Which?")
    page.keyboard.press("1")
    expect(said).to_contain_text("Your answer: this. Yes. So it is.")
    on()
    at(page, 2)


@one_theme
def test_who_answers_with_the_mouse_steps_on_with_the_keys(turn):
    page = turn(questions=[QUESTION, None, None, None, None, None])
    page.get_by_role("button", name="that", exact=True).click()
    expect(page.locator(".said")).to_have_text("Your answer: that. No. It is not. So it is.")
    expect(page.locator(".stage")).to_be_focused()
    page.keyboard.press("ArrowRight")
    at(page, 1)


@one_theme
def test_a_key_that_is_held_stays_at_an_open_question(turn):
    page = turn(questions=[None, QUESTION, None, None, None, None])
    for _ in range(4):
        page.keyboard.down("ArrowRight")  # from the second on: a repetition
    at(page, 1)
    expect(page.locator(".said")).to_have_text(POINTS)
