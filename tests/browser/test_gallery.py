"""The shape gallery in a browser: T changes the picture and not the number of parameters."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from rnnlib.widgets.gallery import ASK, small
from tests.browser.conftest import one_theme

CODES = {
    "One to one (1-1)": "1-1",
    "One to many (1-N)": "1-N",
    "Many to one (N-1)": "N-1",
    "Many to many, with a lag (N-M)": "N-M",
    "Many to many, in step (N-N)": "N-N",
}


@pytest.fixture
def gallery(open_laboratory):
    return open_laboratory("from rnnlib import widgets", "widgets.ShapeGallery()")


def numbers(gallery, start):
    """The numbers that stand in the picture: address -> text."""
    return gallery.stage.locator(f'[data-n^="{start}"]').evaluate_all(
        "nodes => Object.fromEntries(nodes.map(node => [node.dataset.n, node.textContent]))"
    )


def parameters(code):
    return {"count/all/0": str(sum(array.size for array in small(code, 3).params.values()))}


def shape(gallery, name):
    found = numbers(gallery, f"shape/{name}/")
    return tuple(int(found[f"shape/{name}/{axis}"]) for axis in range(len(found)))


@one_theme
def test_from_four_to_nine_steps_the_count_stays_and_the_shapes_are_the_models(gallery):
    exact = parameters("N-1")
    assert numbers(gallery, "count/") == exact
    assert (shape(gallery, "x"), shape(gallery, "y")) == ((4, 1, 3), (1, 2))
    gallery.root.get_by_role("slider").first.focus()
    for T in range(5, 10):
        gallery.press("ArrowRight")
        expect(gallery.where).to_have_text(f"t = 0 / {T}")
    model, x = small("N-1", 3), np.zeros((9, 1, 3))
    assert numbers(gallery, "count/") == exact
    assert shape(gallery, "x") == x.shape
    assert shape(gallery, "h") == model.body.forward(x)[0].shape
    assert shape(gallery, "y") == model.predict(x).shape
    expect(gallery.root).to_contain_text("{count/all/0} before, {count/all/0} now".format_map(exact))
    expect(gallery.badge).to_contain_text("agrees with rnnlib, largest difference 0")
    for width, height in ((1280, 720), (768, 1024)):
        gallery.page.set_viewport_size({"width": width, "height": height})
        assert gallery.root.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
    assert gallery.notebook.trouble == []


@one_theme
def test_the_reader_predicts_before_the_number_is_uncovered(gallery):
    cover = gallery.stage.locator(".page.on .cover").first
    expect(gallery.caption).to_have_text(ASK.prompt)
    expect(cover).to_be_visible()
    gallery.press("1")
    expect(gallery.said).to_contain_text("Your answer: it grows with T. No.")
    expect(gallery.said).to_contain_text(ASK.answers[ASK.right].reply)
    expect(cover).to_be_hidden()
    gallery.button("T = 9").click()
    expect(gallery.where).to_have_text("t = 0 / 9")
    expect(gallery.said).to_contain_text("Your answer: it grows with T.")  # the guess stays beside the result
    expect(gallery.stage.locator(".page.on .cover").first).to_be_hidden()


@one_theme
def test_all_five_shapes_can_be_chosen_rolled_up_and_unrolled(gallery):
    for name, code in CODES.items():
        gallery.button(name).click()
        expect(gallery.title).to_have_text(re.compile(re.escape(name[:-6])))
        assert numbers(gallery, "count/") == parameters(code)
        units = gallery.stage.locator("g.column")
        several = units.count()
        gallery.button("rolled up").click()
        expect(units).to_have_count(2 if code == "N-M" else 1)
        gallery.button("unrolled").click()
        expect(units).to_have_count(several)
    assert gallery.notebook.trouble == []


@one_theme
def test_stepping_counts_the_uses_of_the_same_weights(gallery):
    gallery.press("1")
    for t in range(1, 5):
        gallery.press("ArrowRight")
        expect(gallery.where).to_have_text(f"t = {t} / 4")
        expect(gallery.stage.locator(f'.page.on [data-n="uses/body.W_hh/{t}"]')).to_have_text(str(t))
        if t == 1:
            gallery.stage.locator('[data-tip="weights/body.W_xh"]').hover()
            expect(gallery.line.nth(1)).to_contain_text("unit: W_xh 5 × 3 = 15 numbers; used so far: 1 ×")
    expect(gallery.caption).to_contain_text("used for the fourth time: the same ones")
