"""A class sees one screen: at 1366x768 in JupyterLab a widget's picture, its player, what it says and asks are in
one view, on every page, before and after each answer; what more there is, the reader asks for.

Of the widgets with their own examples; those of the chapters are measured where the chapters run (test_book.py).
"""

import json

import pytest

from tests.browser.applications import resize
from tests.browser.catalogue import TOO_WIDE, opened_in, steppers, whole, wrong

LAPTOP, LARGE = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}
PANE = 535  # px of the notebook that such a laptop shows
MOST = 500  # px of picture, player, caption and question together
FOLD = "open => document.querySelectorAll(`.controls button[aria-expanded=${!open}]`).forEach(node => node.click())"
# Of an output: on each page, asked and then skipped, the height of all that is open, and of the core of it.
HEIGHTS = """async (output) => {
    const root = output.querySelector('.rnn-stepper'), slider = root.querySelector('input[type=range]');
    const settled = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const box = node => node.getBoundingClientRect();
    const look = () => {
        const top = box(root.querySelector('.stage > svg')).top, player = box(root.querySelector('.controls'));
        const end = Math.max(player.bottom, box(root.querySelector('.words')).bottom);
        const apart = player.top - box(root.querySelector('.stage > svg')).bottom;
        return { all: Math.round(box(output).height), core: Math.round(end - top), apart: Math.round(apart) };
    };
    const found = [], last = Number(slider.max), by = Math.max(1, Math.floor(last / 12));
    for (let t = 0; t <= last; t += by) {
        slider.value = t;
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        await settled();
        found.push({ t, ...look() });
        const skip = [...root.querySelectorAll('.quiz button')].at(-1);
        if (skip) skip.click(), await settled(), found.push({ t, answered: true, ...look() });
    }
    return found;
}"""


@pytest.fixture
def laptop(shown):
    """The notebook with all widgets on such a screen, with nothing unfolded."""
    resize(shown.page, LAPTOP)
    shown.page.evaluate(FOLD, False)
    yield shown
    shown.page.evaluate(FOLD, True)


def too_high(pages):
    """What of the pages of a widget does not fit."""
    return [page for page in pages if page["all"] > PANE or page["core"] > MOST or not 0 <= page["apart"] <= 8]


@opened_in("lab light")
def test_each_widget_fits_the_screen_on_each_page_with_its_player_under_the_picture(laptop):
    assert wrong(laptop, lambda output: too_high(output.evaluate(HEIGHTS))[:3], whole) == {}


@opened_in("lab light")
def test_above_the_picture_stands_one_row_of_controls(laptop):
    rows = """output => [...output.querySelectorAll('.rnn-controls, .rnn-entry')].map(
        row => Math.round(row.checkVisibility() ? row.getBoundingClientRect().height : 0)).filter(Boolean)"""
    assert wrong(laptop, lambda output: [high for high in output.evaluate(rows) if high > 48], whole) == {}
    count = wrong(laptop, lambda output: len(output.evaluate(rows)) > 1, whole)
    assert count == {}


@opened_in("lab light")
def test_what_is_folded_is_seen_when_more_is_pressed(laptop):
    parts = "root => [...root.querySelectorAll('.more .keys, .more .foot')].map(node => node.checkVisibility())"
    assert wrong(laptop, lambda stepper: any(stepper.evaluate(parts))) == {}
    laptop.page.evaluate(FOLD, True)
    assert wrong(laptop, lambda stepper: not all(stepper.evaluate(parts))) == {}


@opened_in("lab light")
def test_the_picture_grows_with_the_pane(laptop):
    size = "stepper => stepper.querySelector('.stage > svg').getScreenCTM().a"
    small = {name: stepper.evaluate(size) for name, stepper in steppers(laptop).items()}
    resize(laptop.page, LARGE)
    large = {name: stepper.evaluate(size) for name, stepper in steppers(laptop).items()}
    assert {name: json.dumps([small[name], large[name]]) for name in small if large[name] < 1.2 * small[name]} == {}
    assert wrong(laptop, lambda stepper: stepper.evaluate(TOO_WIDE)) == {}
