"""The two computations in a real notebook: a wrong number is answered with its term; the keys, the tips."""

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnlib.diagrams import computations
from rnnlib.widgets.two_computations import SEED, small_run
from tests.browser.conftest import both_applications, one_theme

SETUP = "from rnnlib.widgets import TwoComputations"
RECORD = small_run(SEED)
PAGES = computations(RECORD, ask=True)
FREE = computations(RECORD)


@pytest.fixture
def lab(open_laboratory):
    """The widget in the second cell, run, its stage focused."""
    return open_laboratory(SETUP, "TwoComputations()")


@pytest.fixture
def free(open_laboratory):
    """The same without blanks."""
    return open_laboratory(SETUP, "TwoComputations(fill=False)")


def turn(lab, page):
    """Go to a page with the arrow key; questions on the way are left open."""
    for mark in PAGES.marks[:page]:
        while lab.where.text_content() == mark:
            lab.press("ArrowRight")
    expect(lab.where).to_have_text(PAGES.marks[page])


def typed(lab, value):
    field = lab.quiz.get_by_role("textbox")
    field.fill(f"{value:.2f}")
    field.press("Enter")


@both_applications
@one_theme
def test_a_wrong_number_is_answered_with_the_term_that_it_is_in(lab):
    W_xh, W_hh, b_h = (RECORD.params[f"body.{name}"] for name in ("W_xh", "W_hh", "b_h"))
    unit, x, before = 2, RECORD.x[0], RECORD.h[0]
    total = W_xh @ x + W_hh @ before + b_h
    turn(lab, 4)
    expect(lab.caption).to_contain_text("One number is blank: h_1, unit 3.")
    cover = lab.stage.locator(".page.on .cover").first
    for wrong, term in {
        total[unit]: "tanh is left out: that is the sum",
        np.tanh(total[unit] - b_h[unit]): "The bias is left out of the sum: add b_h, −0.9, before tanh",
        np.tanh(np.tanh(total[unit])): "tanh is applied twice",
        np.tanh(W_hh[unit] @ before + b_h[unit]): "The input is left out of the sum: W_xh x_1",
        5.0: "It is none of the known slips either. Take tanh of the sum in the same row",
    }.items():
        typed(lab, wrong)
        expect(lab.said).to_contain_text(f"Your answer: {wrong:.2f}. No. {term}")
        expect(cover).to_be_visible()
    typed(lab, RECORD.h[1][unit])
    expect(lab.said).to_contain_text("Yes. h_1 = tanh(−1.60) = −0.92")
    expect(cover).to_be_hidden()
    expect(lab.caption).to_have_text(PAGES.captions[4])
    assert lab.notebook.trouble == []


@one_theme
def test_the_state_is_told_from_the_output(lab):
    turn(lab, 6)
    expect(lab.caption).to_contain_text("One number is blank: the score, “no”.")
    typed(lab, RECORD.h[1][1])
    expect(lab.said).to_contain_text("That is unit 2 of h_1. The state is not the output: W_hy and b_y are left out.")
    lab.quiz.get_by_role("button", name="skip").click()
    expect(lab.said).to_contain_text("Skipped. The answer: −0.27. −0.97 from W_hy h_1 + 0.7 from b_y = −0.27.")
    expect(lab.caption).to_have_text(PAGES.captions[6])


@one_theme
def test_each_operation_is_a_page_with_its_arithmetic(free):
    for page in range(22):
        expect(free.where).to_have_text(FREE.marks[page])
        expect(free.caption).to_have_text(FREE.captions[page])
        expect(free.line.first).to_have_text(FREE.said(page)[0].replace(":", "", 1))
        free.press("ArrowRight")
    expect(free.badge).to_have_text(FREE.agreement)
    assert free.notebook.trouble == []


@one_theme
def test_a_row_shows_its_product_and_a_number_leads_to_where_it_was_computed(free):
    turn(free, 8)
    free.stage.locator('.row[data-tip="xh/3"] text').nth(1).hover()
    expect(free.line.first).to_contain_text("unit 3")
    for piece, _ in FREE.tips[8]["xh/3"]:
        expect(free.line.first).to_contain_text(piece)
    chosen = free.stage.locator(".chosen")
    assert {node.get_attribute("data-tip") for node in chosen.element_handles()} == {"xh/3"}
    old = free.stage.locator('.page.on [data-tip="h/2"] text').first  # h_1 was made on page 4
    old.hover()
    expect(free.line.first).to_contain_text("h_1 = tanh(")
    old.click()
    expect(free.where).to_have_text("step 1: tanh")


@one_theme
def test_keys_show_the_other_rows(free):
    turn(free, 1)
    for unit in (2, 3, 1):
        free.press("ArrowDown")
        expect(free.line.first).to_contain_text(f"unit {unit}")


@both_applications
@one_theme
def test_another_seed_and_the_letters_of_the_course(free):
    free.button("New seed").click()
    pages = computations(small_run(SEED + 1))
    expect(free.stage.locator('[data-n="W_xh/0/0"]')).to_have_text(pages.tips[1]["xh/1"][3][0])
    free.root.get_by_role("button", name="a<t>").click()
    expect(free.where).to_have_text("the start")
    free.stage.focus()
    free.press("ArrowRight")
    expect(free.where).to_have_text("step 1: W_ax x")
    assert free.notebook.trouble == []
