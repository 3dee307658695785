"""The gradient chain in a real notebook: the parts add up to the library's gradient; keys; the question; updates."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnlib import check_model
from rnnlib.diagrams.lettering import number
from rnnlib.widgets import GradientChain
from tests.browser.conftest import both_applications, one_theme

SETUP = "from rnnlib.widgets import GradientChain"


@pytest.fixture
def lab(open_laboratory):
    """The widget in the second cell, run, its stage focused."""
    return open_laboratory(SETUP, "GradientChain()")


def step(lab, t, mark=None):
    lab.press("ArrowLeft")
    expect(lab.where).to_have_text(mark or f"t = {t} / 5")


def shown(lab, name, t):
    """The numbers of the page on the screen whose address begins so, by unit."""
    texts = lab.stage.locator(f'.page.on [data-n^="{name}/{t}/"]').all_text_contents()
    assert len(texts) == 4
    return np.array([number(text) for text in texts])


@both_applications
@one_theme
def test_the_parts_shown_add_up_to_the_librarys_gradient_which_agrees_with_central_differences(lab):
    model, x, y, _ = GradientChain().example(shape="many to one", updates=0, seed=5)
    gradients = model.gradients(x[:, None], np.array([y]))[1]
    assert check_model(model, x[:, None], [y]).ok(1e-7)
    total = np.zeros(4)
    for t in (5, 4, 3, 2, 1):
        step(lab, t)
        lab.press("3") if t == 4 else None
        y_part, future, d_h = (shown(lab, name, t) for name in ("y", "future", "d_h"))
        np.testing.assert_allclose(y_part + future, d_h, atol=0.0011)
        total += shown(lab, "d_a", t)
    np.testing.assert_allclose(total, gradients["body.b_h"], atol=0.003)
    step(lab, 0, "the sums")
    length = lab.stage.locator('.page.on [data-n="norm/0/0"]').text_content()
    assert number(length) == pytest.approx(np.linalg.norm(gradients["body.W_hh"]), rel=0.005)
    expect(lab.badge).to_contain_text("the parts of 5 steps add up to the library's gradient")
    worst = number(re.search(r"central differences by (\S+)", lab.note.text_content())[1])
    assert worst == pytest.approx(check_model(model, x[:, None], [y]).worst, rel=0.05) and worst < 1e-7
    assert lab.notebook.trouble == []


@one_theme
def test_play_goes_backward_from_the_loss(lab):
    expect(lab.where).to_have_text("the loss")
    expect(lab.caption).to_have_text(GradientChain().pages.captions[6])
    lab.press(" ")
    expect(lab.where).to_have_text("t = 5 / 5", timeout=8000)
    lab.press(" ")


@one_theme
def test_the_question_hides_the_sum_and_the_wrong_answer_is_explained(lab):
    step(lab, 5)
    step(lab, 4)
    expect(lab.caption).to_contain_text("Which W_hh does it use, and where does its part go?")
    cover = lab.stage.locator(".page.on .cover").first
    expect(cover).to_be_visible()
    lab.press("1")
    expect(lab.said).to_contain_text("No. No weight changes while the gradient is on its way.")
    expect(lab.said).to_contain_text("All steps share one W_hh.")
    expect(cover).to_be_hidden()


@one_theme
def test_the_arithmetic_follows_the_pointer(lab):
    pages = GradientChain().pages
    lab.press("Home")
    lab.press("ArrowRight")
    lab.press("ArrowRight")
    expect(lab.line.nth(0)).to_have_text(pages.said(2)[0].replace(":", "", 1))
    lab.stage.locator('.page.on [data-tip="future/2"]').hover()
    expect(lab.line.filter(has_text="unit 2, from the future W_hh^T at t = 3:")).to_have_count(1)
    lab.stage.locator('.page.on rect[data-tip="W/2,3"]').last.hover()
    expect(lab.line.filter(has_text="d W_hh, row 2, column 3 so far")).to_have_count(1)


@both_applications
@one_theme
def test_many_to_many_and_updates_draw_anew(lab):
    lab.button("many to many").click()
    expect(lab.caption).to_contain_text("It reads the outputs of every step")
    loss = lab.stage.locator('[data-n="loss/0"]')
    before = number(loss.text_content())
    lab.root.locator(".noUi-handle").first.focus()
    lab.press("ArrowRight")
    expect(loss).not_to_have_text(f"{before:.2f}")
    assert number(loss.text_content()) < before
    expect(lab.badge).to_contain_text("largest difference 0")
    assert lab.notebook.trouble == []
