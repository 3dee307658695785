"""Vanish or explode in a real notebook: the proof of the catalogue, the question, the keys, the slider."""

import pytest
from playwright.sync_api import expect

from rnnlib.diagrams.lettering import number
from rnnlib.widgets import VanishOrExplode
from tests.browser.conftest import both_applications, one_theme

SETUP = "from rnnlib.widgets import VanishOrExplode"


@pytest.fixture
def lab(open_laboratory):
    """The widget in the second cell, run, its stage focused."""
    return open_laboratory(SETUP, "VanishOrExplode()")


def size(lab, t, name):
    """What the page on the screen prints as the size at step t."""
    text = lab.stage.locator(f'.page.on [data-n="norm/{t}/{name}"]')
    expect(text).to_have_count(1)
    return number(text.text_content())


def agrees(lab):
    expect(lab.badge).to_contain_text("agrees with rnnlib, largest difference 0")
    assert lab.notebook.trouble == []


@both_applications
@one_theme
def test_above_radius_1_linear_explodes_and_the_same_weights_with_tanh_need_not(lab):
    norms = {
        name: VanishOrExplode().flow(name, seed=3, radius=1.5, T=50, drive=1.0).norms["h"]
        for name in ("tanh", "linear")
    }
    lab.press("Home")
    expect(lab.where).to_have_text("t = 0 / 50")
    for name, norm in norms.items():
        assert size(lab, 0, name) == pytest.approx(norm[0], rel=0.05)
    assert size(lab, 0, "linear") > 1e6 and size(lab, 0, "tanh") < 0.1
    expect(lab.caption).to_contain_text("In the tanh network the gradient vanishes")
    lab.button("linear").click()
    expect(lab.caption).to_contain_text("In the linear network the gradient explodes")
    agrees(lab)


@one_theme
def test_the_question_hides_the_curves_until_it_is_answered(lab):
    expect(lab.where).to_have_text("t = 50 / 50")
    expect(lab.caption).to_contain_text("The spectral radius of W_hh is 1.50: above 1")
    covers = lab.stage.locator(".page.on .cover")
    expect(covers.first).to_be_visible()
    lab.press("1")
    expect(lab.said).to_contain_text("Your answer: more than 10 times as much. No. That is what W_hh alone does")
    expect(covers.first).to_be_hidden()
    expect(lab.caption).to_contain_text("starts at the last state")


@one_theme
def test_the_arrow_keys_go_back_through_time_and_the_arithmetic_follows(lab):
    lab.press("3")
    for t in (49, 48):
        lab.press("ArrowLeft")
        expect(lab.where).to_have_text(f"t = {t} / 50")
    pages = VanishOrExplode().pages
    expect(lab.caption).to_have_text(pages.captions[48])
    expect(lab.line.first).to_have_text(pages.said(48)[0].replace(":", "", 1))
    lab.press("Home")
    expect(lab.where).to_have_text("t = 0 / 50")
    lab.press("End")
    expect(lab.where).to_have_text("t = 50 / 50")


@both_applications
@one_theme
def test_the_radius_slider_draws_anew_and_does_not_ask_again(lab):
    slider = lab.root.locator(".noUi-handle").first
    slider.focus()
    lab.press("ArrowRight")
    radius = lab.stage.locator('[data-n="radius/0/0"]')
    expect(radius).to_have_text("1.55")
    expect(lab.quiz).to_be_empty()
    lab.button("radius = 1").click()
    expect(radius).to_have_text("1.00")
    lab.button("Reset").click()
    expect(radius).to_have_text("1.50")
    agrees(lab)
