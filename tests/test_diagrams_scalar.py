"""One scalar unit: every number on its pages is the library's, and what is said about its future comes true."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import Recurrent, RNNCell, diagrams
from rnnlib.diagrams.pages import plain
from rnnlib.exercises import predict
from rnnlib.look.lettering import number
from rnnlib.views.scalar import scalar_run

SVG = "{http://www.w3.org/2000/svg}"
PULSE = [1.0] + [0.0] * 11
DRIVES = {"pulse": PULSE, "constant": [1.0] * 12, "alternating": [1.0, -1.0] * 6, "silence": [0.0] * 12}


def one_unit(*run, ask=False, notation="h"):
    run = scalar_run(*run)
    return diagrams.one_unit(run, notation=notation, ask=predict.one_unit(run, notation) if ask else None)


def unit(w_x=1.0, w_h=0.5, b=0.0):
    cell = RNNCell(1, 1, rng=np.random.default_rng(0))
    cell.set_params({"W_xh": np.array([[w_x]]), "W_hh": np.array([[w_h]]), "b_h": np.array([b])})
    return cell


def states(cell, x, h_0=0.0):
    """h_0 .. h_T from the library, one step after the other."""
    h = [np.array([[h_0]])]
    for value in x:
        h.append(cell.step(np.array([[value]]), h[-1])[0])
    return np.array(h)[:, 0, 0]


def texts(svg, page=None):
    """What is written in the picture: (address, text)."""
    root = ET.fromstring(svg)
    if page is not None:
        root = root.find(f".//{SVG}g[@data-t='{page}']")
    return [(e.attrib.get("data-n"), "".join(e.itertext()), e.attrib.get("class", "")) for e in root.iter(f"{SVG}text")]


# ---- every number is the library's


@pytest.mark.parametrize("drive", DRIVES)
@pytest.mark.parametrize(("w_h", "b", "h_0"), [(0.5, 0, 0), (1, 0, 0.3), (1.5, 0.2, -1), (-1.5, 0, 0), (0, -1, 1)])
def test_every_state_in_the_picture_is_the_librarys(drive, w_h, b, h_0):
    cell, x = unit(1.0, w_h, b), DRIVES[drive]
    pages, h = one_unit(cell, x, h_0), states(cell, x, h_0)
    for t in range(13):
        found = dict((n, number(text)) for n, text, _ in texts(pages.svg, t) if n)
        assert found[f"h/{t}"] == round(h[t], 4) + 0.0
        if t:
            assert found[f"x/{t}"] == x[t - 1]
    assert "largest difference 0 " in pages.agreement


def test_a_pulse_fades_latches_or_flips():
    wanted = {0.5: [0.7616, 0.3634, 0.1797], 1.5: [0.7616, 0.8152, 0.8405], -1.5: [0.7616, -0.8152, 0.8405]}
    for w_h, first in wanted.items():
        pages = one_unit(unit(w_h=w_h), PULSE)
        on_pages = [dict((n, text) for n, text, _ in texts(pages.svg, t))[f"h/{t}"] for t in (1, 2, 3)]
        assert [number(text) for text in on_pages] == first


def test_without_the_input_the_states_are_those_of_silence():
    cell = unit(1.0, 1.5, 0.3)
    silent = states(cell, [0.0] * 12)
    for t in range(1, 13):
        found = dict((n, text) for n, text, _ in texts(one_unit(cell, PULSE).svg, t))
        assert number(found[f"silent/{t}"]) == round(silent[t], 4) + 0.0


@pytest.mark.parametrize("x", [PULSE, [0.123456, -3.5, 1e-7, 12345.6]])
def test_the_arithmetic_of_a_step_leads_to_its_state(x):
    cell = unit(0.7, -1.3, 0.25)
    pages, h = one_unit(cell, x, 0.4), states(cell, x, 0.4)
    for t in range(1, len(x) + 1):
        line = plain(pages.tips[t]["step"])
        numbers = [number(text) for text, kind in pages.tips[t]["step"] if "/" in kind]
        w_x, at, w_h, before, b, total, after = numbers
        assert (w_x, w_h, b) == (0.7, -1.3, 0.25)
        assert at == pytest.approx(x[t - 1], rel=1e-3)
        assert before == round(h[t - 1], 4) + 0.0 and after == round(h[t], 4) + 0.0
        assert total == pytest.approx(0.7 * x[t - 1] - 1.3 * h[t - 1] + 0.25, rel=1e-4, abs=1e-4)
        assert line.startswith(f"h_{t}: = tanh(")


def test_the_table_holds_every_state_and_input():
    cell = unit(1.0, -0.9, 0.1)
    head, inputs, totals, h, silent = one_unit(cell, DRIVES["alternating"]).table
    assert [number(text) for text in inputs[2:]] == DRIVES["alternating"]
    assert [number(text) for text in h[1:]] == (np.round(states(cell, DRIVES["alternating"]), 4) + 0.0).tolist()
    assert [number(text) for text in silent[1:]] == (np.round(states(cell, [0.0] * 12), 4) + 0.0).tolist()
    assert np.tanh([number(text) for text in totals[2:]]) == pytest.approx([number(text) for text in h[2:]], abs=1e-4)
    assert head[-1] == "t = 12"


# ---- where the map keeps a state


@pytest.mark.parametrize("w_h", [-2, -1.05, -0.5, 0, 0.5, 0.95, 1, 1.05, 1.5, 2, 30])
@pytest.mark.parametrize("b", [-0.4, 0, 0.05, 1])
def test_a_fixed_point_comes_out_of_a_step_as_it_went_in(w_h, b):
    cell = unit(1.0, w_h, b)
    fixed = scalar_run(cell, PULSE).fixed
    assert len(fixed) in (1, 3)
    for point in fixed:
        after, _ = cell.step(np.zeros((1, 1)), np.array([[point.h]]))
        assert after[0, 0] == pytest.approx(point.h, abs=1e-12)
        near, _ = cell.step(np.zeros((1, 1)), np.array([[point.h + 1e-6]]))
        assert (near[0, 0] - after[0, 0]) / 1e-6 == pytest.approx(point.slope, abs=1e-4)


def test_there_are_three_fixed_points_above_w_h_1_and_one_below():
    count = [len(scalar_run(unit(w_h=w_h), PULSE).fixed) for w_h in (0.5, 0.95, 1.0, 1.05, 1.5)]
    assert count == [1, 1, 1, 3, 3]


def test_where_the_input_goes_on_changing_no_state_stays():
    pages = one_unit(unit(), DRIVES["alternating"])
    assert scalar_run(unit(), DRIVES["alternating"]).fixed == ()
    assert [name for name in pages.tips[3] if name.startswith("fixed")] == []


def test_a_fixed_point_says_whether_it_pulls():
    tips = one_unit(unit(w_h=1.5), PULSE).tips[0]
    said = [plain(tips[f"fixed/{k}"]) for k in (1, 2, 3)]
    assert ["pulls" in line for line in said] == [True, False, True]
    assert "just 1 in size" in plain(one_unit(unit(w_h=1.0), PULSE).tips[0]["fixed/1"])


@pytest.mark.parametrize("drive", DRIVES)
@pytest.mark.parametrize("w_h", [-2, -1.5, -1.05, -1, -0.5, 0, 0.5, 1, 1.05, 1.5, 2])
@pytest.mark.parametrize("b", [0, 0.35])
def test_the_end_that_is_foretold_comes_true(drive, w_h, b):
    cell, x = unit(1.0, w_h, b), DRIVES[drive]
    ends = scalar_run(cell, x).ends
    long = np.resize(x[-2:], 5_000)
    y, _, _ = Recurrent(cell).forward(np.array([*x, *long])[:, None, None])
    late = sorted(y[-2:, 0, 0])
    wanted = [ends[0]] * 2 if len(ends) == 1 else list(ends)
    assert late == pytest.approx(wanted, abs=0.02)  # at w_h = 1 the state creeps: 0.017 after 5,000 steps


# ---- the question


@pytest.mark.parametrize(
    ("w_h", "drive", "right"),
    [
        (0.5, "pulse", 0),
        (-0.5, "pulse", 0),
        (1.0, "pulse", 0),
        (1.5, "pulse", 1),
        (-1.5, "pulse", 2),
        (0.5, "constant", 1),
        (0.5, "alternating", 2),
        (1.5, "silence", 0),
    ],
)
def test_the_right_answer_is_what_the_state_does(w_h, drive, right):
    question = one_unit(unit(w_h=w_h), DRIVES[drive], ask=True).questions[0]
    assert question.right == right
    assert all(answer.reply for answer in question.answers)


def test_the_question_comes_first_and_hides_what_follows():
    pages = one_unit(unit(w_h=-1.5), PULSE, ask=True)
    assert pages.questions[0].prompt.startswith("w_x = +1.00, w_h = −1.50, b = +0.00.")
    assert set(pages.questions[1:]) == {None}
    rects = [e.attrib for e in ET.fromstring(pages.svg).iter(f"{SVG}rect")]
    dots = [float(rect["x"]) for rect in rects if "dot" in rect["class"]]
    first = next(rect for rect in rects if rect["class"] == "surface")  # over the states to come
    assert float(first["x"]) < min(dots) + 5 and float(first["x"]) + float(first["width"]) > max(dots) + 5
    assert [rect for rect in rects if "cover" in rect["class"].split()]  # over the values that it keeps
    assert one_unit(unit(), PULSE).questions == ()


# ---- pages


def test_the_caption_says_where_it_ends_and_what_is_left():
    assert one_unit(unit(w_h=1.5), PULSE).captions[12] == (
        "Step 12 of 12: the input is 0. The state rises from +0.8585 to +0.8586. If it goes on like this, it ends at "
        "+0.8586. What was read still makes a difference of +0.8586."
    )
    assert one_unit(unit(w_h=0.4), PULSE).captions[12].endswith("What was read makes no difference any more.")
    assert "What was read" not in one_unit(unit(), DRIVES["silence"], 0.5).captions[12]


def test_both_notations_can_be_drawn():
    course = one_unit(unit(), PULSE, notation="a", ask=True)
    written = [text for _, text, _ in texts(course.svg)]
    assert "a<t>" in written and "ht" not in written
    assert plain(course.tips[3]["step"]).startswith("a<3>: = tanh(w_x")
    assert "w_a = +0.50" in course.questions[0].prompt


# ---- what is refused


@pytest.mark.parametrize(
    ("cell", "x", "h_0", "complaint"),
    [
        (RNNCell(1, 2, rng=np.random.default_rng(0)), PULSE, 0, "cell"),
        (RNNCell(2, 1, rng=np.random.default_rng(0)), PULSE, 0, "cell"),
        (RNNCell(1, 1, activation="linear", rng=np.random.default_rng(0)), PULSE, 0, "cell"),
        (unit(), [], 0, "x"),
        (unit(), [0.0] * 101, 0, "x"),
        (unit(), [[1.0]], 0, "x"),
        (unit(), [np.nan], 0, "finite"),
        (unit(w_h=np.inf), PULSE, 0, "finite"),
        (unit(), PULSE, 1.5, "h_0"),
        (unit(), PULSE, np.nan, "h_0"),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(cell, x, h_0, complaint):
    with pytest.raises(ValueError, match=complaint):
        one_unit(cell, x, h_0)
