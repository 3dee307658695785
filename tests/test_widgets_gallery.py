"""The shape gallery: what is shown is what real models return, and T changes no parameter."""

import html
import re

import pytest

from rnnlib import widgets
from rnnlib.models import Model
from rnnlib.views.five import FIVE
from rnnlib.widgets.gallery import small
from tests.test_diagrams_wiring import counts_in

CODES = ["1-1", "1-N", "N-1", "N-M", "N-N"]


def said(lab):
    return html.unescape(re.sub(r"<.*?>", "", lab.answer.value))


@pytest.mark.parametrize("view", ["unrolled", "rolled up"])
@pytest.mark.parametrize("shape", CODES)
def test_from_four_to_nine_steps_the_number_of_parameters_stays(shape, view):
    lab = widgets.ShapeGallery(shape=shape, view=view)
    before = counts_in(lab.pages)
    lab.controls["T"].value = 9
    assert counts_in(lab.pages) == before == {sum(array.size for array in small(shape, 3).params.values())}


def test_every_shape_of_the_source_can_be_chosen_and_says_its_name():
    control = widgets.ShapeGallery().controls["shape"]
    assert dict(control.options) == {shape.code: shape.code for shape in FIVE.values()}
    assert list(control.tooltips) == [shape.name for shape in FIVE.values()]
    assert sorted(dict(control.options)) == sorted(CODES)
    for code in CODES:
        assert isinstance(small(code, 0), Model)


@pytest.mark.parametrize("shape", CODES)
def test_the_start_names_the_examples_of_the_source(shape):
    caption = widgets.ShapeGallery(shape=shape).pages.captions[0]
    assert any(shape == one.code and one.examples in caption for one in FIVE.values())


def test_another_number_of_steps_is_said_with_what_stays():
    lab = widgets.ShapeGallery()
    assert said(lab) == ""
    lab.controls["T"].value = 9
    assert said(lab) == (
        "Changed: x from (4, 1, 3) to (9, 1, 3), h from (4, 1, 5) to (9, 1, 5). The parameters: 57 before, 57 now."
    )
    lab.controls["view"].value = "rolled up"
    assert said(lab) == ""
    lab.controls["shape"].value = "N-N"
    assert said(lab) == ""
    lab.controls["shape"].value = "1-1"
    lab.controls["T"].value = 5
    assert said(lab) == "One to one has no time: T changes nothing here."


def test_the_reader_is_asked_before_the_number_is_shown_where_there_are_steps():
    for code in CODES:
        asked = widgets.ShapeGallery(shape=code).pages.questions[:1]
        assert [question.answers[question.right].text for question in asked] == ["it stays as it is"] * (code != "1-1")


def test_a_new_seed_changes_the_states_and_not_the_numbers_of_parameters():
    lab = widgets.ShapeGallery()
    before, counts = lab.pages.table, counts_in(lab.pages)
    lab.set(seed=4)
    assert lab.pages.table != before
    assert counts_in(lab.pages) == counts
