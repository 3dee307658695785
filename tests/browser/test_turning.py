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


@pytest.fixture
def page(context):
    """A Stepper of six pages in an empty page whose clock stands still."""
    stepper, page = widgets.Stepper(pages()), context.new_page()
    page.clock.install(time=0)
    page.goto("about:blank")
    page.clock.pause_at(3_600_000)
    state = {"pages": stepper.pages.state(), "t": 0, "present": False, "code": "", "error": ""}
    page.evaluate(PAGE, {"code": stepper._esm, "state": state})
    page.locator(".stage").focus()
    return page


@one_theme
def test_an_echo_of_an_earlier_step_does_not_turn_the_page_back(page):
    page.keyboard.press("ArrowRight")
    page.clock.run_for(200)
    page.keyboard.press("ArrowRight")
    page.evaluate("() => model.set('t', 1)")  # Python has heard of the first, not yet of the second
    expect(page.locator(".where")).to_have_text("t = 2 / 5")
    page.clock.run_for(200)
    assert page.evaluate("() => sent") == [1, 2]


@one_theme
def test_many_fast_steps_are_one_message(page):
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End"):
        page.keyboard.press(key)
    page.clock.run_for(200)
    assert page.evaluate("() => sent") == [5]


@one_theme
def test_python_turns_the_page_of_a_reader_who_rests(page):
    page.keyboard.press("ArrowRight")
    page.clock.run_for(200)
    page.evaluate("() => model.set('t', 4)")
    expect(page.locator(".where")).to_have_text("t = 4 / 5")
