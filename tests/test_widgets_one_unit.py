"""OneUnit: its controls move the library's unit, and it asks once."""

import numpy as np
import pytest

from rnnlib import Recurrent, RNNCell
from rnnlib.widgets import OneUnit
from tests.test_diagrams_scalar import DRIVES, one_unit, states, texts, unit


def shown(lab):
    """The states that the pages print."""
    pages = [dict((n, text) for n, text, _ in texts(lab.pages.svg, t)) for t in range(13)]
    return [float(page[f"h/{t}"].replace("−", "-")) for t, page in enumerate(pages)]


def test_one_line_displays_a_unit_that_reads_a_pulse():
    assert shown(OneUnit())[:4] == [0, 0.7616, 0.3634, 0.1797]


@pytest.mark.parametrize("drive", DRIVES)
def test_the_controls_move_the_librarys_unit(drive):
    lab = OneUnit()
    lab.set(w_x=-0.8, w_h=1.25, b=0.1, h_0=-0.5, drive=drive)
    assert shown(lab) == (np.round(states(unit(-0.8, 1.25, 0.1), DRIVES[drive], -0.5), 4) + 0.0).tolist()
    assert lab.pages == one_unit(unit(-0.8, 1.25, 0.1), DRIVES[drive], -0.5)


def test_the_states_come_from_recurrent():
    cell = RNNCell(1, 1, rng=np.random.default_rng(0))
    cell.set_params({"W_xh": np.array([[1.0]]), "W_hh": np.array([[-1.5]]), "b_h": np.array([0.0])})
    y, _, _ = Recurrent(cell).forward(np.array(DRIVES["pulse"])[:, None, None])
    assert shown(OneUnit(w_h=-1.5))[1:] == np.round(y[:, 0, 0], 4).tolist()


def test_it_asks_for_the_values_with_which_it_opens_and_after_a_reset():
    lab = OneUnit(w_h=-1.5)
    assert lab.pages.questions[0].right == 2
    lab.set(w_h=1.5)
    assert not any(lab.pages.questions)
    lab.reset()
    assert lab.pages.questions[0].right == 2
    assert not any(OneUnit(ask=False).pages.questions)


def test_what_the_browser_rounds_is_no_movement():
    lab = OneUnit(b=0.2)
    lab.controls["b"].value = 0.19999999999999996
    assert lab.pages.questions[0] is not None
    assert "+0.20" in lab.pages.said(3)[0] or "b: +0.20" in lab.pages.said(3)[0]


def test_the_stored_form_asks_with_the_answers_to_choose_from_and_without_a_question_it_is_the_last_page():
    data, _ = OneUnit()._repr_mimebundle_()
    asked = OneUnit().pages.questions[0]
    choices = [f"{k}. {answer.text}" for k, answer in enumerate(asked.answers, 1)]
    assert data["text/plain"].splitlines() == [OneUnit().pages.title, asked.prompt, *choices]
    plain, _ = OneUnit(ask=False)._repr_mimebundle_()
    assert plain["text/plain"].splitlines()[-1] == OneUnit().pages.captions[12]
