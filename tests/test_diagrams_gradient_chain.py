"""The gradient chain: every number is the library's, and the parts add up to its gradient, whatever the network."""

import dataclasses
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
from tests.svg import covers, elements

shapes = pytest.mark.parametrize("wiring", [ManyToOne, ManyToMany])


def build(wiring=ManyToOne, T=5, H=4, K=2, scale=1.5, **options):
    rng = np.random.default_rng(4)
    model = wiring(Recurrent(RNNCell(3, H, rng=rng, **options)), Dense(H, K, rng=rng))
    for array in model.params.values():
        array *= scale
    return model, rng.standard_normal((T, 3)), [t % K for t in range(T)] if model.y_time else 1


def record_of(wiring=ManyToOne, tokens=None, **options):
    return trace_back(*build(wiring, **options), tokens)


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


def close(text, value):
    """Whether a printed number is the exact one, to its decimals."""
    mantissa, _, exponent = text.replace("−", "-").replace(" ", "").partition("e")
    return abs(number(text) - value) <= 0.5000001 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


SIZES = [{}, {"T": 1}, {"T": 40}, {"H": 1}, {"H": 128, "T": 3}, {"K": 10}, {"scale": 30}, {"scale": 0}]


@shapes
@pytest.mark.parametrize("options", SIZES, ids=str)
def test_every_number_is_the_librarys(wiring, options):
    record = record_of(wiring, **options)
    pages = gradient_chain(record)
    lookup = cache(lambda address: exact(record, address))
    found = [*printed(pages)]
    assert [(address, text) for address, text in found if not close(text, lookup(address))] == []
    names = {"from y", "future", "d_h", "slope", "d_a", "sum W_hh", "part", "h", "norm W_xh", "loss", "p", "d_y"}
    assert {address.split("/")[0] for address, _ in found} >= names
    assert pages.agreement.startswith("✓") and "add up to the library's gradient" in pages.agreement


@shapes
def test_the_sums_in_the_picture_end_at_the_librarys_gradient(wiring):
    model, x, y = build(wiring)
    pages = gradient_chain(trace_back(model, x, y))
    gradient = model.gradients(x[:, None], np.array(y)[..., None])[1]["body.W_hh"]
    for (i, j), value in np.ndenumerate(gradient):
        text = next(text for text, kind in pages.tips[0][f"W/{i + 1},{j + 1}"] if kind.startswith("sum "))
        assert close(text, value)


def test_the_matrix_fills_with_the_colours_of_the_sum():
    record = record_of()
    svg = gradient_chain(record).svg
    for t in range(6):
        cells = [e.attrib for e in elements(svg, "rect", page=t) if e.get("data-tip", "").startswith("W/")][-16:]
        total = record.contributions["W_hh"][max(t - 1, 0) :].sum(axis=0).ravel()
        assert [float(cell["fill-opacity"]) for cell in cells] == [round(abs(bent(value)), 2) for value in total]
        assert [cell["class"] for cell in cells] == ["minus" if value < 0 else "plus" for value in total]


@pytest.mark.parametrize("of", ["contributions", "gradients"])
def test_parts_that_do_not_add_up_are_said(of):
    record = record_of()
    wrong = {name: array * 1.01 for name, array in getattr(record, of).items()}
    assert "do NOT add up" in gradient_chain(dataclasses.replace(record, **{of: wrong})).agreement


def test_the_note_says_how_far_central_differences_are():
    model, x, y = build()
    worst = check_model(model, x[:, None], [y]).worst
    pages = gradient_chain(trace_back(model, x, y), apart=worst)
    assert f"differs from central differences by {worst:.1e}".replace("-", "−") in pages.note
    assert "central" not in gradient_chain(trace_back(model, x, y)).note


@shapes
def test_the_arithmetic_of_a_unit_adds_up(wiring):
    for t, page in enumerate(gradient_chain(record_of(wiring)).tips[1:6], 1):
        for k in range(4):
            n = {kind.split("/")[0]: number(text) for text, kind in page[f"unit/{k + 1}"] if kind.endswith(f"/{t}/{k}")}
            assert n["from y"] + n["future"] == pytest.approx(n["d_h"], abs=0.0011)
            assert n["d_h"] * n["slope"] == pytest.approx(n["d_a"], abs=0.006)


def test_the_future_is_W_hh_transposed_times_the_next_d_a():
    pieces = gradient_chain(record_of(H=3)).tips[2]["future/1"]
    numbers = [number(text) for text, kind in pieces if "/" in kind]
    assert sum(numbers[k] * numbers[k + 1] for k in (0, 2, 4)) == pytest.approx(numbers[6], abs=0.003)
    assert {kind for _, kind in pieces if kind.startswith("W_hh/")} == {f"W_hh/{j}/0" for j in range(3)}


def test_what_is_left_out_is_counted():
    pages = gradient_chain(record_of(H=16, K=10), units=5)
    assert "+ 13 more units" in plain(pages.tips[2][pages.lines[2][0].replace("unit", "future")])
    assert "5 of 16 units are shown" in pages.note and "2 of 10 outputs are shown" in pages.note


@shapes
def test_reading_begins_at_the_loss_and_says_where_the_gradient_comes_from(wiring):
    pages = gradient_chain(record_of(wiring, tokens=["he", "was", "not", "sad", "today"]))
    assert pages.backward and pages.marks[::5] == ("the sums", "t = 5 / 5") and pages.marks[6] == "the loss"
    assert "all of the gradient comes from z_5" in pages.captions[5]
    assert ("from step 4 alone" if wiring is ManyToOne else "from z_3 and from step 4") in pages.captions[3]
    assert "h_0 is 0, so this step adds nothing to ∂L/∂W_hh" in pages.captions[1]


def test_the_question_comes_at_the_second_step_back_and_hides_the_sum():
    record = record_of()
    pages = gradient_chain(record, ask=predict.gradient_chain(record))
    assert [q is None for q in pages.questions] == [True] * 4 + [False] + [True] * 2
    cover, *_ = covers(pages.svg, 4)
    hidden = [e for e in elements(pages.svg, "rect", page=4) if e.get("data-tip", "").startswith("W/")][-16:]
    assert all(float(e.attrib[side]) >= float(cover.attrib[side]) for e in hidden for side in "xy")
    assert predict.gradient_chain(record_of(T=1)) == {}


def test_a_cell_without_bias_has_no_gradient_of_one():
    assert not any(address.startswith("norm b_h") for address, _ in printed(gradient_chain(record_of(bias=False))))


def test_the_colours_of_gradients_are_on_one_fixed_scale():
    assert [bent(v) for v in (0, 1, -1, 50, -50)] == [0, 1, -1, 1, -1]
    assert bent(1e-3) == pytest.approx(np.log10(2) / np.log10(1001)) and bent(-0.1) == pytest.approx(-bent(0.1))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (-0.25, "−0.250"), (-3.2e-5, "−3e−05"), (0.001, "+0.001"), (9.99e-4, "+1e−03"), (-12.3456, "−12.346")],
)
def test_a_number_that_may_be_small(value, text):
    assert fine(value) == text


def test_what_cannot_be_drawn_is_an_error():
    rng, record = np.random.default_rng(0), record_of()
    gated = ManyToOne(Recurrent(LSTMCell(2, 3, rng=rng)), Dense(3, 2, rng=rng))
    with pytest.raises(ValueError, match="expected that of a plain cell"):
        gradient_chain(trace_back(gated, np.ones((3, 2)), 1))
    with pytest.raises(ValueError, match="expected finite numbers"):
        gradient_chain(dataclasses.replace(record, from_future=record.from_future * np.nan))
