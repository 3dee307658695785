"""What holds for every widget, in JupyterLab and in Notebook 7, light and dark: all of them in one notebook.

The notebook is opened once for each application and theme, and each test looks at all widgets in it; what is wrong with
which widget is in the dictionary that a failing test shows (-vv for all of it). The widgets are those of catalogue.py.
"""

import inspect
import json
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rnnlib import widgets
from tests.browser.applications import OpenNotebook
from tests.browser.catalogue import CATALOGUE, cells, made, steppers_in

FOCUSABLE = ":is(button, input, select, a[href], [tabindex], [contenteditable=true]):not(:disabled)"
SURFACES = {"light": "rgb(255, 255, 255)", "dark": "rgb(17, 17, 17)"}
TOO_WIDE = "node => Math.max(0, node.scrollWidth - node.clientWidth - 1)"


def opened_in(*places):
    return pytest.mark.parametrize("shown", [tuple(place.split()) for place in places], indirect=True, ids="-".join)


in_all = opened_in("lab light", "lab dark", "notebook light", "notebook dark")
in_both = opened_in("lab light", "notebook light")
in_one = opened_in("lab light")


@pytest.fixture(scope="module")
def shown(request, servers, browser):
    """The notebook with all widgets, run; `widgets` is name -> its output."""
    application, theme = request.param
    server = servers(application)
    server.use_theme(theme)
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=theme)
    notebook = OpenNotebook(context.new_page(), server)
    notebook.watch()
    notebook.open(server.write_notebook("catalogue.ipynb", *cells()))
    notebook.run_all()
    outputs = {name: notebook.output(k).first for k, name in enumerate(CATALOGUE, 1)}
    for output in outputs.values():
        output.locator(".stage svg").first.wait_for()
    yield SimpleNamespace(notebook=notebook, page=notebook.page, widgets=outputs, theme=theme)
    notebook.close()
    context.close()


def steppers(shown):
    """The first stepper of each widget, by the widget's name."""
    return {name: output.locator(".rnn-stepper").first for name, output in shown.widgets.items()}


def wrong(shown, problem, part=steppers):
    """The widgets of which `problem` has something to say, and what."""
    said = {name: problem(element) for name, element in part(shown).items()}
    return {name: what for name, what in said.items() if what}


def whole(shown):
    """The whole of each widget."""
    return shown.widgets


SEEN = """root => [...new Set([...root.querySelectorAll('.stage .page')].filter(
    page => getComputedStyle(page).display !== 'none').map(page => Number(page.dataset.t)))]"""


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
        const press = key => root.querySelector('.stage').dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        const look = () => ['.where', '.caption', '.lines', '.quiz', '.said'].map(
            part => root.querySelector(part).textContent);
        press('Home');
        const states = [look()];
        while (!root.querySelector('.controls button[aria-label="last step"]').disabled && states.length < 200) {
            press('ArrowRight');
            states.push(look());
        }
        press('Home');
        return states;
    }"""
    return stepper.evaluate(turn)


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
    def problem(stepper):
        stepper.scroll_into_view_if_needed()
        parts = {name: stepper.locator(f".{name}") for name in ("title", "caption", "where")}
        empty = [name for name, part in parts.items() if not part.text_content().strip()]
        return empty + ([] if stepper.locator(".stage svg").is_visible() else ["no picture"])

    assert wrong(shown, problem) == {}
    assert [text for text in shown.page.locator(".rnn-stepper .error").all_text_contents() if text] == []


@in_all
def test_the_theme_colours_each_widget(shown):
    def problem(stepper):
        background = stepper.evaluate("node => getComputedStyle(node).backgroundColor")
        return "" if background == SURFACES[shown.theme] else background

    assert wrong(shown, problem) == {}


@in_all
def test_axe_finds_nothing_serious(shown):
    opened = shown.page.get_by_role("button", name="numbers as a table")
    for button in opened.all():
        button.click()
    found = Axe().run(shown.page, context=".jp-OutputArea-output").response["violations"]
    for button in opened.all():
        button.click()
    serious = [violation for violation in found if violation["impact"] in ("serious", "critical")]
    assert {v["id"]: [node["html"][:200] for node in v["nodes"]] for v in serious} == {}


@in_both
@pytest.mark.parametrize("width", [1280, 768])
def test_nothing_is_wider_than_the_page(shown, width):
    shown.page.set_viewport_size({"width": width, "height": 720})
    around = ".jp-Notebook, .jp-WindowedPanel-outer, .rnn-lab, .jp-OutputArea-output"
    over = shown.page.locator(around).evaluate_all(f"nodes => nodes.map({TOO_WIDE}).filter(Boolean)")
    inside = wrong(shown, lambda stepper: stepper.evaluate(TOO_WIDE))
    shown.page.set_viewport_size({"width": 1280, "height": 720})
    assert (over, inside) == ([], {})


@in_one
def test_at_1280_pixels_no_picture_scrolls(shown):
    assert wrong(shown, lambda stepper: stepper.locator(".stage").evaluate(TOO_WIDE)) == {}


@in_one
def test_text_is_14_pixels_and_an_index_12(shown):
    """In a picture at its natural size; beside JupyterLab's file browser it is at most 4 percent smaller."""
    small = """root => [...root.querySelectorAll('*')].filter(node => node.checkVisibility()
        && [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())).map(node => [
            parseFloat(getComputedStyle(node).fontSize), node.matches('tspan') ? 12 : 14, node.textContent.slice(0, 20),
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
    size = "node => parseFloat(getComputedStyle(node).fontSize)"

    def problem(stepper):
        larger, caption = stepper.get_by_role("button", name="larger"), stepper.locator(".caption")
        before = caption.evaluate(size)
        larger.click()
        after, over = caption.evaluate(size), stepper.evaluate(TOO_WIDE)
        larger.click()
        return "" if after == pytest.approx(1.4 * before) and not over else f"{after / before}, {over} too wide"

    assert wrong(shown, problem) == {}


# ---- steps


@in_all
def test_the_keys_turn_the_pages_of_the_widget_with_the_focus_and_of_no_other(shown):
    found = {}
    for name, stepper in steppers(shown).items():
        before = places(shown)
        end = int(stepper.get_by_role("slider", name="step").get_attribute("max"))
        stepper.locator(".stage").focus()
        turned = []
        for key in ("Home", "ArrowRight", "End", "ArrowLeft", "Home", "ArrowLeft"):
            shown.page.keyboard.press(key)
            turned.append(page_of(stepper))
        if turned != [0, min(1, end), end, max(0, end - 1), 0, 0] or places(shown) != before | {name: [0]}:
            found[name] = (turned, before, places(shown))
    assert found == {}


@in_all
def test_the_slider_turns_the_pages_and_says_where_it_is(shown):
    def problem(stepper):
        slider = stepper.get_by_role("slider", name="step")
        end = int(slider.get_attribute("max"))
        for t in {end, end // 2, 0}:
            slider.fill(str(t))
            seen = page_of(stepper), slider.get_attribute("aria-valuetext")
            if seen != (t, stepper.locator(".where").text_content()):
                return f"{t}: {seen}"
        return ""

    assert wrong(shown, problem) == {}


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
                for key in "abddxmy":
                    shown.page.keyboard.press(key)
                after = shown.page.evaluate(look)
                if after != before:
                    found.append((name, part))
                before = after
    assert found == []


@in_both
def test_tab_goes_through_the_pages_and_out_and_escape_leaves_them(shown):
    press, inside = shown.page.keyboard.press, "root => root.contains(document.activeElement)"

    def problem(stepper):
        stepper.locator(".stage").focus()
        stops = 0
        while stepper.evaluate(inside) and stops < 40:
            press("Tab")
            stops += 1
        stepper.locator(".stage").focus()
        press("Escape")
        return "" if 3 < stops < 40 and not stepper.evaluate(inside) else f"{stops} stops"

    assert wrong(shown, problem) == {}


@in_both
@pytest.mark.parametrize("way", ["mouse", "Tab"])
def test_sliders_of_a_laboratory_answer_the_arrow_keys(shown, way):
    press, found = shown.page.keyboard.press, {}
    for name, output in shown.widgets.items():
        for k, handle in enumerate(output.locator(".noUi-handle").all()):
            if way == "mouse":
                handle.click()
            else:
                handle.focus()
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
