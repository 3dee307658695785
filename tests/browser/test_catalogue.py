"""What holds for every widget, in JupyterLab and in Notebook 7, light and dark: all of them in one notebook.

The notebook is run once in each application, and each test looks at all widgets in it; what is wrong with which widget
is in the dictionary that a failing test shows (-vv for all of it). The widgets are those of catalogue.py.
"""

import inspect
import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rnnlib import widgets
from tests.browser.applications import resize
from tests.browser.catalogue import (
    CATALOGUE,
    TOO_WIDE,
    in_all,
    in_both,
    in_one,
    made,
    opened_in,
    steppers,
    steppers_in,
    whole,
    wrong,
)

FOCUSABLE = ":is(button, input, select, a[href], [tabindex], [contenteditable=true]):not(:disabled)"
SURFACES = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}
FASTER = {"resultTypes": ["violations"], "iframes": False, "preload": False}  # the same findings
SEEN = """root => [...new Set([...root.querySelectorAll('.stage .page')].filter(
    page => getComputedStyle(page).display !== 'none').map(page => Number(page.dataset.t)))]"""
POINTS = "root => root.querySelector('.said').textContent.startsWith('A question is open')"


def page_of(stepper):
    """The number of the page that is seen; there is one."""
    (t,) = stepper.evaluate(SEEN)
    return t


def places(shown):
    """The page that each widget shows, by the widget's name."""
    cells = f"""cells => cells.map(cell => cell.querySelector('.rnn-stepper')).filter(Boolean).map({SEEN})"""
    return dict(zip(CATALOGUE, shown.page.locator(".jp-Notebook .jp-Cell").evaluate_all(cells), strict=True))


def walk(stepper):
    """What a reader sees of each page, from the first to the last, turned by keys (all in one go)."""
    turn = """root => {
        const POINTS = %s;
        const press = key => root.querySelector('.stage').dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        const look = () => ['.where', '.caption', '.lines', '.quiz', '.said'].map(
            part => root.querySelector(part).textContent);
        press('Home');
        const states = [look()];
        while (!root.querySelector('.controls button[aria-label="last step"]').disabled && states.length < 200) {
            press('ArrowRight');
            if (POINTS(root)) press('ArrowRight');
            states.push(look());
        }
        press('Home');
        return states;
    }"""
    return stepper.evaluate(turn % POINTS)


# ---- the catalogue, without a browser


def test_every_public_widget_is_in_the_catalogue():
    public = {name for name in widgets.__all__ if inspect.isclass(getattr(widgets, name))}
    assert public == set(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_widget_has_a_plain_form_without_an_address(name):
    widget = made(CATALOGUE[name].line)
    assert "0x" not in repr(widget)
    data, _ = widget._repr_mimebundle_()
    assert "<svg" in data["text/html"] and len(data["text/plain"].splitlines()) >= 2


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_state_of_a_widget_at_ten_steps_and_sixteen_units_is_under_400_kB(name):
    widget = made(CATALOGUE[name].large or CATALOGUE[name].line)
    states = [stepper.pages.state() for stepper in steppers_in(widget)]
    assert len(json.dumps(states, ensure_ascii=False).encode()) < 400_000


# ---- what is on the screen


@in_all
def test_each_widget_is_displayed_and_says_where_it_is(shown):
    look = """root => {
        root.scrollIntoView();
        const box = root.querySelector('.stage svg').getBoundingClientRect();
        const empty = ['.title', '.caption', '.where'].filter(part => !root.querySelector(part).textContent.trim());
        return box.width > 100 && box.height > 50 ? empty : [...empty, 'no picture'];
    }"""
    assert wrong(shown, lambda stepper: stepper.evaluate(look)) == {}
    assert [text for text in shown.page.locator(".rnn-stepper .error").all_text_contents() if text] == []


@in_all
def test_the_theme_colours_each_widget(shown):
    def problem(stepper):
        background = stepper.evaluate("node => getComputedStyle(node).backgroundColor")
        return "" if background == SURFACES[shown.theme] else background

    assert wrong(shown, problem) == {}


@opened_in("lab light", "lab dark", "notebook light")
def test_axe_finds_nothing_serious(shown):
    tables = "buttons => buttons.forEach(button => button.click())"
    buttons = shown.page.get_by_role("button", name="numbers as a table")
    buttons.evaluate_all(tables)
    found = Axe().run(shown.page, context=".jp-OutputArea-output", options=FASTER).response["violations"]
    buttons.evaluate_all(tables)
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    assert {v["id"]: [node["html"][:200] for node in v["nodes"]] for v in serious} == {}


@in_both
@pytest.mark.parametrize("width", [1280, 768])
def test_nothing_is_wider_than_the_page(shown, width):
    resize(shown.page, {"width": width, "height": 720})
    around = ".jp-Notebook, .jp-WindowedPanel-outer, .rnn-lab, .jp-OutputArea-output"
    over = shown.page.locator(around).evaluate_all(f"nodes => nodes.map({TOO_WIDE}).filter(Boolean)")
    inside = wrong(shown, lambda stepper: stepper.evaluate(TOO_WIDE))
    resize(shown.page, {"width": 1280, "height": 720})
    assert (over, inside) == ([], {})


@in_one
def test_at_1280_pixels_no_picture_scrolls(shown):
    assert wrong(shown, lambda stepper: stepper.locator(".stage").evaluate(TOO_WIDE)) == {}


@in_one
def test_text_is_14_pixels_and_an_index_12(shown):
    """In a picture at its natural size; beside JupyterLab's file browser it is at most 4 percent smaller."""
    small = """root => [...root.querySelectorAll('*')].filter(node => node.checkVisibility()
        && !node.matches('.rnn-unseen') && [...node.childNodes].some(child => child.data?.trim())).map(node => [
            parseFloat(getComputedStyle(node).fontSize), node.matches('tspan, sub, .rnn-index') ? 12 : 14,
            node.textContent.slice(0, 20),
        ]).filter(([size, least]) => size < least)"""
    assert wrong(shown, lambda output: output.evaluate(small)[:5], whole) == {}
    scale = "svg => svg.getScreenCTM().a"
    assert wrong(shown, lambda stepper: stepper.locator(".stage > svg").evaluate(scale) < 0.96) == {}


@in_one
def test_what_is_pressed_or_dragged_is_44_pixels_high_and_wide(shown):
    small = """root => [...root.querySelectorAll('button, input, .noUi-handle')]
        .filter(node => node.checkVisibility()).map(node => [node.getBoundingClientRect(), node])
        .filter(([box, node]) => {
            if (!node.matches('.noUi-handle')) return Math.min(box.width, box.height) < 44;
            node.scrollIntoView({ block: 'center' });
            box = node.getBoundingClientRect(); // a small thing with a large area around it
            return [[0, 0], [21, 0], [-21, 0], [0, 21], [0, -21]].some(([x, y]) => !node.contains(
                document.elementFromPoint(box.x + box.width / 2 + x, box.y + box.height / 2 + y)));
        }).map(([box, node]) => `${node.textContent || node.className} ${box.width} x ${box.height}`)"""
    assert wrong(shown, lambda output: output.evaluate(small), whole) == {}


@in_both
def test_present_is_one_and_four_tenths_and_stays_inside_the_page(shown):
    larger = f"""root => {{
        const button = root.querySelector('[aria-label^="larger"]'), caption = root.querySelector('.caption');
        const size = () => parseFloat(getComputedStyle(caption).fontSize);
        const before = size();
        button.click();
        const after = size(), over = ({TOO_WIDE})(root);
        button.click();
        return [after / before, over, size() / before];
    }}"""

    def problem(stepper):
        ratio, over, again = stepper.evaluate(larger)
        return "" if (ratio, over, again) == (pytest.approx(1.4), 0, 1) else f"{ratio}, {over} too wide, then {again}"

    assert wrong(shown, problem) == {}


# ---- steps


@in_both
def test_the_keys_turn_the_pages_of_the_widget_with_the_focus_and_of_no_other(shown):
    found = {}
    for name, stepper in steppers(shown).items():
        before, turned = places(shown), []
        end = int(stepper.get_by_role("slider", name="step").get_attribute("max"))
        stepper.locator(".stage").focus()
        for key in ("Home", "ArrowRight", "End", "ArrowLeft", "Home", "ArrowLeft"):
            shown.page.keyboard.press(key)
            if stepper.evaluate(POINTS):
                shown.page.keyboard.press(key)
            turned.append(page_of(stepper))
        if turned != [0, min(1, end), end, max(0, end - 1), 0, 0] or places(shown) != before | {name: [0]}:
            found[name] = (turned, before, places(shown))
    assert found == {}


@in_both
def test_the_slider_turns_the_pages_and_says_where_it_is(shown):
    slide = f"""root => {{
        const slider = root.querySelector('input[type=range]'), end = Number(slider.max), found = [];
        for (const t of [end, Math.floor(end / 2), 0]) {{
            slider.value = t;
            slider.dispatchEvent(new Event('input', {{ bubbles: true }}));
            const where = root.querySelector('.where').textContent;
            const seen = ({SEEN})(root);
            const said = slider.getAttribute('aria-valuetext');
            if (seen.join() !== String(t) || said !== where) found.push([t, seen, where, said]);
        }}
        return found;
    }}"""
    assert wrong(shown, lambda stepper: stepper.evaluate(slide)) == {}


@in_both
def test_each_page_has_a_caption_of_its_own_in_a_polite_live_region(shown):
    def problem(stepper):
        if stepper.locator(".caption[role=status]").get_attribute("aria-live") != "polite":
            return "no live region"
        said = [caption for _, caption, *_ in walk(stepper)]
        return [text for text in said if said.count(text) > 1 or not text.strip()]

    assert wrong(shown, problem) == {}


@in_one
def test_who_asks_for_less_motion_sees_the_same_states(shown):
    usual = {name: walk(stepper) for name, stepper in steppers(shown).items()}
    shown.page.emulate_media(reduced_motion="reduce")
    reduced = {name: walk(stepper) for name, stepper in steppers(shown).items()}
    moving = "() => document.getAnimations().filter(a => a.effect.target.closest('.rnn-stepper')).length"
    count = shown.page.evaluate(moving)
    shown.page.emulate_media(reduced_motion="no-preference")
    assert (reduced, count) == (usual, 0)


# ---- keys, and the application's shortcuts


@in_both
def test_each_element_that_can_have_the_focus_keeps_its_keys(shown):
    free = f"""root => [...root.querySelectorAll('{FOCUSABLE}')].filter(node => {{
        node.focus();
        return document.activeElement === node && node.dataset.lmSuppressShortcuts !== 'true';
    }}).map(node => node.outerHTML.slice(0, 120))"""
    assert wrong(shown, lambda output: output.evaluate(free), whole) == {}


@in_both
def test_no_key_in_a_widget_is_a_shortcut_of_the_application(shown):
    look = "() => [...window.jupyterapp.shell.currentWidget.content.model.cells].map(cell => cell.type)"
    before, found = shown.page.evaluate(look), []
    for name, output in shown.widgets.items():
        for part in (".stage", ".noUi-handle", ".widget-button:enabled", ".foot button"):
            target = output.locator(part).first
            if target.count():
                target.focus()
                shown.page.keyboard.type("abddxmy")
                after = shown.page.evaluate(look)
                if after != before:
                    found.append((name, part))
                before = after
    assert found == []


@in_both
def test_tab_goes_through_the_pages_and_out_and_escape_leaves_them(shown):
    press, inside = shown.page.keyboard.press, "root => root.contains(document.activeElement)"
    stops = f"root => [...root.querySelectorAll('{FOCUSABLE}')].filter(node => node.checkVisibility()).length"

    def problem(stepper):
        count = stepper.evaluate(stops)
        stepper.locator(".stage").focus()  # the first of them
        for _ in range(count - 1):
            press("Tab")
        last = stepper.evaluate(inside)
        press("Tab")
        out = not stepper.evaluate(inside)
        stepper.locator(".stage").focus()
        press("Escape")
        return "" if last and out and not stepper.evaluate(inside) else f"{count} stops, {last}, {out}"

    assert wrong(shown, problem) == {}


@in_both
def test_sliders_of_a_laboratory_answer_the_arrow_keys(shown):
    """With the focus from the mouse, and with the focus from Tab."""
    press, found = shown.page.keyboard.press, {}
    for name, output in shown.widgets.items():
        for k, handle in enumerate(output.locator(".noUi-handle").all()):
            handle.click()
            expect(handle).to_be_focused()
            press("Tab")
            press("Shift+Tab")
            expect(handle).to_be_focused()
            readout = output.locator(".widget-readout").nth(k)
            values = [readout.text_content()]
            top = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
            for key in ("ArrowLeft", "ArrowRight") if top else ("ArrowRight", "ArrowLeft"):
                press(key)
                values.append(readout.text_content())
            if not values[0] == values[2] != values[1]:
                found[f"{name} {k}"] = values
    assert found == {}


# ---- at the end: nothing of all that was done above has caused any trouble


@in_all
def test_no_error_on_the_console_and_no_request_to_another_host(shown):
    assert shown.notebook.trouble == []
