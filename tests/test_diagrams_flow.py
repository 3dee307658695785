"""The size of dh_T/dh_t over t: every number is the library's, whatever the weights and however long the run."""

import re

import numpy as np
import pytest

from rnnlib import LSTMCell, Recurrent, RNNCell
from rnnlib.diagrams import static_svg, vanish
from rnnlib.diagrams.pages import plain, printed
from rnnlib.exercises import predict
from rnnlib.flow import GradientFlow, gradient_flow, largest_singular_value, spectral_radius, with_radius
from rnnlib.look.lettering import number
from rnnlib.views.vanishing import vanishing
from tests.svg import covers, elements, said, texts


def runs(T=12, H=6, radius=1.5, drive=1.0, seed=3):
    """The runs by activation, and the weights that they share."""
    flows = {}
    for name in ("tanh", "linear"):
        rng = np.random.default_rng(seed)
        cell = RNNCell(1, H, rng=rng, init=1.0, activation=name)
        cell.W_hh = with_radius(cell.W_hh, radius)
        flows[name] = gradient_flow(Recurrent(cell), drive * rng.standard_normal((T, 1)))
    return flows, cell.W_hh


def draw(activation="tanh", ask=False, **options):
    run = vanishing(*runs(**options), activation)
    return vanish(run, ask=predict.vanish(run) if ask else None)


def nothing_finite():
    return GradientFlow({"h": np.ones((2, 1))}, {"h": np.full((2, 1, 1), np.nan)}, np.ones((1, 1)))


def digits(text):
    """How far a printed number may be from the exact one."""
    plain = text.replace("−", "-").lower()
    mantissa, _, exponent = plain.partition("e")
    return 0.5000001 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


@pytest.mark.parametrize("activation", ["tanh", "linear"])
@pytest.mark.parametrize(
    "options",
    [{}, {"T": 1}, {"T": 40}, {"H": 1}, {"H": 128, "T": 5}, {"drive": 0}, {"drive": 100}, {"radius": 0.1, "T": 100},
     {"radius": 2, "T": 100}],
    ids=str,
)  # fmt: skip
def test_every_number_is_the_librarys(activation, options):
    flows, W = runs(**options)
    pages = vanish(vanishing(flows, W, activation=activation))
    T = flows["tanh"].T
    exact = {"radius/0": spectral_radius(W), "stretch/0": largest_singular_value(W)}
    for name, flow in flows.items():
        norms = [np.linalg.svd(J, compute_uv=False)[0] for J in flow.jacobians["h"]]
        exact |= {f"norm {name}/{t}": norms[t] for t in range(T + 1)}
        exact |= {f"factor {name}/{t}": norms[t] / norms[t + 1] for t in range(T) if norms[t + 1]}
        exact |= {f"slope {name}/{t}": flow.slopes[t - 1].mean() for t in range(1, T + 1)}
    seen = set()
    for address, text in printed(pages):
        assert abs(number(text) - exact[address]) <= digits(text), address
        seen.add(tuple(address.split("/")[:2]))
    assert seen >= {(f"norm {activation}", str(t)) for t in range(T + 1)} | {("radius", "0"), ("stretch", "0")}
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")


def test_the_curve_goes_through_the_norms():
    flows, W = runs(T=5)
    line = elements(vanish(vanishing(flows, W)).svg, "path", "stroke-ink")[0].get("d")
    places = [tuple(map(float, pair.split())) for pair in re.findall(r"[ML]([^ML]+)", line)]
    heights = np.array([y for _, y in places])
    decades = np.log10(flows["tanh"].norms["h"])
    slope, offset = np.polyfit(decades, heights, 1)
    np.testing.assert_allclose(slope * decades + offset, heights, atol=0.02)
    assert [x for x, _ in places] == pytest.approx(np.linspace(66, 432, 6))
    assert slope == pytest.approx(-180 / 24, abs=0.05)


def test_the_scale_is_the_same_for_every_radius():
    ticks = [[said(e) for e in elements(draw(radius=r).svg, cls="tick")] for r in (0.1, 1, 2)]
    assert ticks[0] == ticks[1] == ticks[2]
    assert {"10¹²", "1", "10⁻¹²"} <= set(ticks[0])


def test_what_is_beyond_the_scale_says_so():
    names = texts(draw("linear", radius=2, T=100).svg)
    assert "linear, beyond the scale" in names
    assert "tanh" in names


def test_reading_begins_at_the_end_and_the_pages_are_called_by_their_step():
    pages = draw(T=7)
    assert pages.backward and pages.start == 7 and len(pages) == 8
    assert pages.marks[3] == "t = 3 / 7"


def test_the_line_of_arithmetic_goes_from_the_step_after_to_this_one():
    flows, W = runs()
    pages = vanish(vanishing(flows, W))
    after, factor, _, here = [number(text) for text, kind in pages.tips[4]["norm/tanh"] if "/" in kind]
    norms = flows["tanh"].norms["h"]
    assert after == pytest.approx(norms[5], rel=0.01) and here == pytest.approx(norms[4], rel=0.01)
    assert after * factor == pytest.approx(here, rel=0.02)
    assert plain(pages.tips[12]["norm/tanh"]) == "tanh: the gradient on the last state itself: 1"


@pytest.mark.parametrize(
    ("activation", "radius", "verdict", "right"),
    [
        ("linear", 1.5, "In the linear network the gradient explodes", 0),
        ("tanh", 1.5, "In the tanh network the gradient vanishes", 2),
        ("linear", 1.0, "In the linear network the gradient neither vanishes nor explodes", 1),
        ("linear", 0.5, "In the linear network the gradient vanishes", 2),
    ],
)
def test_the_last_caption_and_the_question_say_what_happened(activation, radius, verdict, right):
    pages = draw(activation, ask=True, T=50, H=16, radius=radius)
    assert verdict in pages.captions[0]
    assert pages.questions[50].right == right
    assert pages.questions[50].answers[right].reply
    assert [q is None for q in pages.questions] == [True] * 50 + [False]


def test_where_the_question_is_asked_both_curves_lie_ahead():
    pages = draw(ask=True)
    assert [said(cover) for cover in covers(pages.svg)] == ["?"]
    hidden = [e for e in elements(pages.svg, "rect", page=12) if e.get("class") == "surface"]
    assert len(hidden) == 2 and all(float(rect.get("width")) > 360 for rect in hidden)
    assert "cover" not in static_svg(pages, 12)
    assert all(question is None for question in draw().questions)
    assert covers(draw().svg) == []


def test_the_table_has_all_numbers():
    flows, W = runs(T=4)
    head, *rows = vanish(vanishing(flows, W)).table
    assert head == ("", "t = 0", "t = 1", "t = 2", "t = 3", "t = 4")
    assert [row[0] for row in rows] == ["size, tanh", "mean slope, tanh", "size, linear", "mean slope, linear"]
    for row in rows:
        kind, name = row[0].split(", ")
        exact = flows[name].norms["h"] if kind == "size" else [0, *flows[name].mean_slopes]
        for text, value in zip(row[1:], exact, strict=True):
            assert text == "" or abs(number(text) - value) <= digits(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda flows: {"tanh": flows["tanh"], "linear": runs(T=5)[0]["linear"]}, "runs of the same length"),
        (lambda flows: {"linear": flows["linear"]}, "activation: expected"),
        (lambda flows: {"tanh": nothing_finite()}, "finite"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused(change, message):
    flows, W = runs()
    with pytest.raises(ValueError, match=message):
        vanishing(change(flows), W)


def test_a_cell_with_gates_is_refused():
    flow = gradient_flow(Recurrent(LSTMCell(1, 3, rng=np.random.default_rng(0))), np.ones((4, 1)))
    with pytest.raises(ValueError, match="expected plain cells"):
        vanishing({"tanh": flow}, np.eye(3))
