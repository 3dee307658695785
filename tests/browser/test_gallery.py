"""The shape gallery in a browser: T changes the picture and not the number of parameters."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from rnnlib.widgets.gallery import ASK, small

SETUP = "from rnnlib import widgets"
ONE = pytest.mark.parametrize("theme", ["light"], indirect=True)
CODES = {
    "One to one (1-1)": "1-1",
    "One to many (1-N)": "1-N",
    "Many to one (N-1)": "N-1",
    "Many to many, with a lag (N-M)": "N-M",
    "Many to many, in step (N-N)": "N-N",
}


@pytest.fixture
def gallery(server, open_notebook):
    notebook = open_notebook(server.write_notebook("gallery.ipynb", SETUP, "widgets.ShapeGallery()"))
    notebook.run_all()
    lab = notebook.output(1).locator(".rnn-lab")
    lab.locator(".rnn-stepper .stage svg").wait_for()
    parts = {name: lab.locator(f".{name}") for name in ("stage", "caption", "where", "badge", "quiz", "said", "title")}
    return SimpleNamespace(notebook=notebook, page=notebook.page, lab=lab, press=notebook.page.keyboard.press, **parts)


def press_button(gallery, name):
    gallery.lab.get_by_role("button", name=name, exact=True).click()


def numbers(gallery, start):
    """The numbers that stand in the picture: address -> text."""
    return gallery.stage.locator(f'[data-n^="{start}"]').evaluate_all(
        "nodes => Object.fromEntries(nodes.map(node => [node.dataset.n, node.textContent]))"
    )


def shape(gallery, name):
    found = numbers(gallery, f"shape/{name}/")
    return tuple(int(found[f"shape/{name}/{axis}"]) for axis in range(len(found)))


def test_from_four_to_nine_steps_the_count_stays_and_the_shapes_are_the_models(gallery):
    exact = sum(array.size for array in small("N-1", 3).params.values())
    assert numbers(gallery, "count/") == {"count/all/0": str(exact)}
    assert (shape(gallery, "x"), shape(gallery, "y")) == ((4, 1, 3), (1, 2))
    slider = gallery.lab.get_by_role("slider").first
    slider.focus()
    for T in range(5, 10):
        gallery.press("ArrowRight")
        expect(gallery.where).to_have_text(f"t = 0 / {T}")
    model, x = small("N-1", 3), np.zeros((9, 1, 3))
    assert numbers(gallery, "count/") == {"count/all/0": str(exact)}
    assert shape(gallery, "x") == x.shape
    assert shape(gallery, "h") == model.body.forward(x)[0].shape
    assert shape(gallery, "y") == model.predict(x).shape
    expect(gallery.lab).to_contain_text(f"{exact} before, {exact} now")
    expect(gallery.badge).to_contain_text("agrees with rnnlib, largest difference 0")
    assert gallery.notebook.trouble == []


@ONE
def test_the_reader_predicts_before_the_number_is_uncovered(gallery):
    cover = gallery.stage.locator(".page.on .cover").first
    expect(gallery.caption).to_have_text(ASK.prompt)
    expect(cover).to_be_visible()
    gallery.stage.focus()
    gallery.press("1")
    expect(gallery.said).to_contain_text("Your answer: it grows with T. No.")
    expect(gallery.said).to_contain_text(ASK.answers[ASK.right].reply)
    expect(cover).to_be_hidden()
    press_button(gallery, "T = 9")
    expect(gallery.where).to_have_text("t = 0 / 9")
    expect(gallery.said).to_contain_text("Your answer: it grows with T.")  # the guess stays beside the result
    expect(gallery.stage.locator(".page.on .cover").first).to_be_hidden()


@ONE
def test_all_five_shapes_can_be_chosen_rolled_up_and_unrolled(gallery):
    for name, code in CODES.items():
        press_button(gallery, name)
        expect(gallery.title).to_have_text(re.compile(re.escape(name[:-6])))
        exact = sum(array.size for array in small(code, 3).params.values())
        assert numbers(gallery, "count/") == {"count/all/0": str(exact)}
        units = gallery.stage.locator("g.column")
        several = units.count()
        press_button(gallery, "rolled up")
        expect(units).to_have_count(2 if code == "N-M" else 1)
        press_button(gallery, "unrolled")
        expect(units).to_have_count(several)
    assert gallery.notebook.trouble == []


@ONE
def test_stepping_counts_the_uses_of_the_same_weights(gallery):
    gallery.stage.focus()
    for t in range(1, 5):
        gallery.press("ArrowRight")
        expect(gallery.where).to_have_text(f"t = {t} / 4")
        expect(gallery.stage.locator(f'.page.on [data-n="uses/body.W_hh/{t}"]')).to_have_text(str(t))
    expect(gallery.caption).to_contain_text("used for the fourth time: the same ones")


@ONE
def test_a_block_of_weights_says_its_sides_and_its_uses(gallery):
    gallery.stage.focus()
    gallery.press("ArrowRight")
    gallery.stage.locator('[data-tip="weights/body.W_xh"]').hover()
    line = gallery.lab.locator(".rnn-stepper .line").nth(1)
    expect(line).to_contain_text("unit: W_xh 5 × 3 = 15 numbers; used so far: 1 ×")


@ONE
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (768, 1024)])
def test_nothing_overflows(gallery, width, height):
    press_button(gallery, "T = 9")
    gallery.page.set_viewport_size({"width": width, "height": height})
    wide, room = gallery.lab.evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert wide <= room + 1


def test_axe_finds_nothing_serious(gallery):
    gallery.stage.focus()
    gallery.press("2")
    gallery.press("End")
    found = Axe().run(gallery.page, context=".rnn-lab").response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
