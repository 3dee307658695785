"""One unit in a real notebook: a larger w_h does not only remember more. The question, the sliders, the keys."""

import pytest
from playwright.sync_api import expect

from rnnlib.diagrams.lettering import number
from rnnlib.diagrams.scalar_run import ScalarRun
from rnnlib.widgets import OneUnit
from tests.browser.conftest import both_applications, one_theme
from tests.test_diagrams_scalar import PULSE, unit

SETUP = "from rnnlib.widgets import OneUnit"


@pytest.fixture
def lab(open_laboratory):
    """The widget in the second cell, run, its stage focused."""
    return open_laboratory(SETUP, "OneUnit(w_h=0.5)")


def state(lab, t):
    """The state that the page on the screen prints; it has to be page t."""
    expect(lab.where).to_have_text(f"t = {t} / 12")
    return number(lab.stage.locator(f'.page.on [data-n="h/{t}"]').text_content())


def run(lab, w_h):
    """The states on all pages, with w_h set by its named tick."""
    lab.button(w_h).click()
    value = number(w_h.removeprefix("w_h = "))
    expect(lab.root.locator(".widget-readout").first).to_have_text(f"{value:.2f}".replace("-", "−"))
    pages = OneUnit(w_h=value, ask=False).pages
    lab.stage.focus()
    lab.press("End")
    expect(lab.caption).to_have_text(pages.captions[12])
    assert state(lab, 12) == round(ScalarRun.of(unit(w_h=value), PULSE).h[12], 4)
    texts = [lab.stage.locator(f'.page[data-t="{t}"] [data-n="h/{t}"]').text_content() for t in range(13)]
    return [number(text) for text in texts]


@both_applications
@one_theme
def test_a_pulse_fades_at_half_latches_at_one_and_a_half_and_flips_below_minus_one(lab):
    lab.press("1")
    assert run(lab, "0.5")[:4] == [0, 0.7616, 0.3634, 0.1797]
    assert abs(run(lab, "0.5")[12]) < 0.001
    latched = run(lab, "1.5")
    assert latched[1:] == sorted(latched[1:]) and latched[12] == 0.8586
    flips = run(lab, "−1.5")
    assert [h > 0 for h in flips[1:]] == [True, False] * 6 and flips[12] == -0.8586
    creeps = run(lab, "w_h = 1")
    assert 0.3 < creeps[12] < 0.4
    assert lab.notebook.trouble == []


@one_theme
def test_the_question_hides_the_states_until_it_is_answered(lab):
    expect(lab.caption).to_contain_text("w_h = +0.50, b = +0.00. The state starts at 0")
    covers = lab.stage.locator(".page.on .cover")
    expect(covers.first).to_be_visible()
    lab.press("2")
    expect(lab.said).to_contain_text("Your answer: it comes to rest at a value that is not 0. No.")
    expect(lab.said).to_contain_text("The curve is no steeper than the diagonal at 0 (w_h = +0.50)")
    expect(covers.first).to_be_hidden()
    lab.press("ArrowRight")
    assert state(lab, 1) == 0.7616
    assert lab.notebook.trouble == []


@both_applications
@one_theme
def test_a_slider_answers_its_keys_and_the_step_stays(lab):
    lab.press("2")
    for _ in range(3):
        lab.press("ArrowRight")
    assert state(lab, 3) == 0.1797
    lab.root.locator(".noUi-handle").first.focus()
    for _ in range(4):
        lab.press("ArrowRight")
    expect(lab.root.locator(".widget-readout").first).to_have_text("0.70")
    expect(lab.stage.locator('.page.on [data-n="h/3"]')).to_have_text(OneUnit(w_h=0.7).pages.tips[3]["step"][-1][0])
    expect(lab.quiz).to_be_empty()
    lab.button("Reset").click()
    expect(lab.stage.locator('.page.on [data-n="h/3"]')).to_have_text("+0.1797")
    assert lab.notebook.trouble == []


@one_theme
def test_another_input_is_drawn_and_a_fixed_point_shows_its_slope(lab):
    lab.button("constant").click()
    lab.stage.focus()
    lab.press("End")
    pages = OneUnit(drive="constant", ask=False).pages
    expect(lab.caption).to_have_text(pages.captions[12])
    lab.stage.locator('[data-tip="fixed/1"] rect').hover()
    expect(lab.line.first).to_contain_text("it pulls states to it")
    expect(lab.line.first).to_contain_text(pages.tips[0]["fixed/1"][3][0])
