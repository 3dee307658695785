"""The gradient chain: every number is the library's, and the parts add up to its gradient, whatever the network."""

import dataclasses
import json
import xml.etree.ElementTree as ET
from functools import cache

import numpy as np
import pytest

from rnnlib import Dense, LSTMCell, ManyToMany, ManyToOne, Recurrent, RNNCell, check_model
from rnnlib.diagrams import gradient_chain
from rnnlib.diagrams.gradient_chain import bent
from rnnlib.diagrams.pages import plain, printed
from rnnlib.exercises import predict
from rnnlib.look.lettering import fine, number
from rnnlib.trace import trace_back
from rnnlib.widgets import Stepper

SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<script>alert(1)</script>",
    "\"quo'te&",
    "🙂👩\u200d👩\u200d👧",
    "漢字漢字漢字漢字",
    "x" * 300,
    "a\x00\x1b",
    "]]>",
]
shapes = pytest.mark.parametrize("wiring", [ManyToOne, ManyToMany])


def build(wiring=ManyToOne, T=5, H=4, K=2, scale=1.5, **options):
    rng = np.random.default_rng(4)
    body = Recurrent(RNNCell(3, H, rng=rng, **options))
    model = wiring(body, Dense(H, K, rng=rng))
    for array in model.params.values():
        array *= scale
    return model, rng.standard_normal((T, 3)), [t % K for t in range(T)] if model.y_time else 1


def record_of(wiring=ManyToOne, tokens=None, **options):
    return trace_back(*build(wiring, **options), tokens)


def draw(wiring=ManyToOne, tokens=None, ask=True, units=5, **options):
    record = record_of(wiring, tokens, **options)
    return gradient_chain(record, ask=predict.gradient_chain(record) if ask else None, units=units)


def exact(record, address):
    """The number of an address, straight from the library's record."""
    name, *index = address.split("/")
    t, *at = map(int, index)
    parts, params, forward = record.contributions, record.forward.params, record.forward
    many = len(record.d_logits) == forward.T
    sums = {key: value[max(t - 1, 0) :].sum(axis=0) for key, value in parts.items()}
    found = {
        "from y": lambda: record.from_output[t - 1, at[0]],
        "future": lambda: record.from_future[t - 1, at[0]],
        "d_h": lambda: record.from_output[t - 1, at[0]] + record.from_future[t - 1, at[0]],
        "d_a": lambda: record.d_a[t - 1, at[0]],
        "slope": lambda: 1 - forward.h[t, at[0]] ** 2,
        "h": lambda: forward.h[t, at[0]],
        "p": lambda: forward.probabilities[t - 1, at[0]],
        "d_y": lambda: record.d_logits[t - 1 if many else 0, at[0]],
        "loss": lambda: record.loss,
        "W_hh": lambda: params["body.W_hh"][t, at[0]],
        "W_hy": lambda: params["output.W_hy"][t, at[0]],
        "part": lambda: record.d_a[t - 1, at[0]] * forward.h[t - 1, at[1]],
        "sum W_hh": lambda: sums["W_hh"][tuple(at)],
        **{f"norm {key}": lambda key=key: np.sqrt((sums[key] ** 2).sum()) for key in sums},
    }
    return float(found[name]())


def drawn(pages, tag="text"):
    return ET.fromstring(pages.svg).iter(SVG + tag)


def close(text, value):
    """Whether a printed number is the exact one, to its decimals."""
    mantissa, _, exponent = text.replace("−", "-").replace(" ", "").partition("e")
    return abs(number(text) - value) <= 0.5000001 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


# ---- numbers


SIZES = [{}, {"T": 1}, {"T": 2}, {"T": 40}, {"H": 1}, {"H": 128, "T": 3}, {"K": 10}, {"scale": 30}, {"scale": 0}]


@shapes
@pytest.mark.parametrize("options", SIZES, ids=str)
def test_every_number_is_the_librarys(wiring, options):
    record = record_of(wiring, **options)
    pages = gradient_chain(record)
    lookup, seen = cache(lambda address: exact(record, address)), set()
    for address, text in printed(pages):
        assert close(text, lookup(address)), (address, text)
        seen.add(address.split("/")[0])
    assert seen >= {"from y", "future", "d_h", "slope", "d_a", "sum W_hh", "part", "h", "norm W_xh", "loss", "p", "d_y"}
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")
    assert "add up to the library's gradient" in pages.agreement


@shapes
def test_the_two_parts_in_the_picture_add_up(wiring):
    found = {e.attrib["data-n"]: number("".join(e.itertext())) for e in drawn(draw(wiring)) if "data-n" in e.attrib}
    for t in range(1, 6):
        for k in range(4):
            y, future, total, slope, d_a = (found[f"{n}/{t}/{k}"] for n in ("from y", "future", "d_h", "slope", "d_a"))
            assert y + future == pytest.approx(total, abs=0.0011)
            assert total * slope == pytest.approx(d_a, abs=0.006)


@shapes
def test_the_sums_in_the_picture_end_at_the_librarys_gradient(wiring):
    model, x, y = build(wiring)
    pages = gradient_chain(trace_back(model, x, y))
    gradient = model.gradients(x[:, None], np.array(y)[..., None])[1]["body.W_hh"]
    for i in range(4):
        for j in range(4):
            text = next(text for text, kind in pages.tips[0][f"W/{i + 1},{j + 1}"] if kind.startswith("sum "))
            assert close(text, gradient[i, j])


def test_the_matrix_fills_with_the_colours_of_the_sum():
    record = record_of()
    pages = gradient_chain(record)
    root = ET.fromstring(pages.svg)
    for t in range(6):
        page = next(g for g in root if g.attrib.get("data-t") == str(t))
        cells = [e.attrib for e in page.iter(SVG + "rect") if e.attrib.get("data-tip", "").startswith("W/")][-16:]
        total = record.contributions["W_hh"][max(t - 1, 0) :].sum(axis=0).ravel()
        for attributes, value in zip(cells, total, strict=True):
            assert float(attributes["fill-opacity"]) == round(abs(bent(value)), 2)
            assert attributes["class"] == ("minus" if value < 0 else "plus")


def test_parts_that_do_not_add_up_are_said():
    record = record_of()
    wrong = record.contributions | {"W_hh": record.contributions["W_hh"] * 1.01}
    pages = gradient_chain(dataclasses.replace(record, contributions=wrong))
    assert "do NOT add up" in pages.agreement


def test_a_gradient_that_is_wrong_is_found():
    record = record_of()
    wrong = dataclasses.replace(record, gradients=record.gradients | {"body.W_hh": record.gradients["body.W_hh"].T})
    assert "do NOT add up" in gradient_chain(wrong).agreement


def test_the_note_says_how_far_central_differences_are():
    model, x, y = build()
    worst = check_model(model, x[:, None], [y]).worst
    pages = gradient_chain(trace_back(model, x, y), apart=worst)
    assert f"differs from central differences by {worst:.1e}".replace("-", "−") in pages.note
    assert worst < 1e-7
    assert "central" not in draw().note


# ---- arithmetic and words


def test_the_future_is_W_hh_transposed_times_the_next_d_a():
    record = record_of(H=3)
    pieces = gradient_chain(record).tips[2]["future/1"]
    numbers = [number(text) for text, kind in pieces if "/" in kind]
    products = [numbers[k] * numbers[k + 1] for k in (0, 2, 4)]
    assert sum(products) == pytest.approx(numbers[6], abs=0.003)
    weights = {kind for _, kind in pieces if kind.startswith("W_hh/")}
    assert weights == {f"W_hh/{j}/0" for j in range(3)}


def test_what_is_left_out_of_a_long_sum_is_counted():
    assert "+ 13 more units" in plain(draw(H=16, units=16).tips[2]["future/1"])


@shapes
def test_captions_say_where_the_gradient_comes_from(wiring):
    pages = draw(wiring, tokens=["he", "was", "not", "sad", "today"])
    assert pages.captions[6].startswith("The loss is ")
    assert "all of the gradient comes from y_5" in pages.captions[5]
    source = "from step 4 alone" if wiring is ManyToOne else "from y_3 and from step 4"
    assert source in pages.captions[3] and "“not”" in pages.captions[3]
    assert "h_0 is 0, so this step adds nothing to d W_hh" in pages.captions[1]
    assert "Only now the weights change, once" in pages.captions[0]


def test_reading_begins_at_the_loss_and_goes_back():
    pages = draw()
    assert pages.backward and pages.start == 6
    assert pages.marks == ("the sums", "t = 1 / 5", "t = 2 / 5", "t = 3 / 5", "t = 4 / 5", "t = 5 / 5", "the loss")


def test_the_question_comes_at_the_second_step_back_and_hides_the_sum():
    pages = draw()
    assert [q is None for q in pages.questions] == [True] * 4 + [False] + [True] * 2
    assert "same W_hh" in pages.questions[4].answers[pages.questions[4].right].text
    page = next(g for g in ET.fromstring(pages.svg) if g.attrib.get("data-t") == "4")
    cover = next(e for e in page if "cover" in e.attrib.get("class", ""))
    left, top = float(cover.attrib["x"]), float(cover.attrib["y"])
    hidden = [e for e in page.iter(SVG + "rect") if e.attrib.get("data-tip", "").startswith("W/")][-16:]
    assert all(float(e.attrib["x"]) >= left and float(e.attrib["y"]) >= top for e in hidden)
    assert not any(draw(ask=False).questions) and not any(draw(T=1).questions)


def test_units_beyond_what_fits_are_summarised_and_it_says_so():
    record = record_of(H=128, T=3)
    pages = gradient_chain(record)
    assert "5 of 128 units are shown" in pages.note
    shown = {int(a.split("/")[2]) for a, _ in printed(pages) if a.startswith("d_h/")}
    largest = np.abs(record.d_h).max(axis=0)
    assert shown == set(np.argsort(-largest)[:5].tolist())
    assert "2 of 10 outputs are shown" in draw(K=10).note


def test_a_cell_without_bias_has_no_gradient_of_one():
    pages = draw(bias=False)
    assert not any(address.startswith("norm b_h") for address, _ in printed(pages))
    assert "add up" in pages.agreement


def test_the_table_has_the_parts_of_every_step():
    record = record_of()
    head, *rows = gradient_chain(record).table
    assert head == ("", *(f"t = {t}" for t in range(1, 6)))
    arrays = {"from y": record.from_output, "from the future": record.from_future, "on h": record.d_h}
    for row in rows[:12]:
        unit, name = row[0].split(", ")
        for t, text in enumerate(row[1:]):
            assert close(text, arrays[name][t, int(unit.split()[1]) - 1])


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.25, "+0.250"), (-0.25, "−0.250"), (-3.2e-5, "−3e−05"), (0.001, "+0.001"), (9.99e-4, "+1e−03"),
     (-12.3456, "−12.346")],
)  # fmt: skip
def test_a_number_that_may_be_small(value, text):
    assert fine(value) == text


def test_the_colours_of_gradients_are_on_one_fixed_scale():
    assert [bent(v) for v in (0, 1, -1, 50, -50)] == [0, 1, -1, 1, -1]
    assert bent(1e-3) == pytest.approx(np.log10(2) / np.log10(1001))
    assert bent(-0.1) == pytest.approx(-bent(0.1))


@shapes
def test_the_state_of_a_widget_is_under_400_kb(wiring):
    stepper = Stepper(draw(wiring, T=10, H=16))
    assert len(json.dumps(stepper.get_state(), default=str)) < 400_000


# ---- at the door


def test_a_cell_with_gates_is_refused():
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(LSTMCell(2, 3, rng=rng)), Dense(3, 2, rng=rng))
    with pytest.raises(ValueError, match="expected that of a plain cell"):
        gradient_chain(trace_back(model, np.ones((3, 2)), 1))


@pytest.mark.parametrize("units", [0, -1, 2.5, True])
def test_a_number_of_units_that_does_not_exist_is_refused(units):
    with pytest.raises(ValueError, match="units: expected a whole number"):
        gradient_chain(record_of(), units=units)


def test_what_is_not_finite_is_refused():
    record = record_of()
    with pytest.raises(ValueError, match="expected finite numbers"):
        gradient_chain(dataclasses.replace(record, from_future=record.from_future * np.nan))
