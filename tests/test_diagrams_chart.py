"""Axes for curves: where values are, what is cut, skipped and refused."""

import math
from itertools import pairwise

import pytest

from rnnlib.diagrams.chart import Axes, apart, band, curve, end_label, frame, points
from rnnlib.diagrams.shapes import drawing
from rnnlib.look.scale import Scale, tick_label
from tests.svg import elements, texts


def axes(across=None, upward=None):
    return Axes(50, 20, 400, 200, across or Scale(0, 10), upward or Scale(-1, 1))


def drawn(*elements):
    return drawing(500, 260, "a chart", elements)


def corners(element):
    """The points of a path, one list for each piece."""
    d = elements(drawn(element), "path")[0].get("d")
    return [[tuple(map(float, pair.split())) for pair in piece.rstrip("Z").split("L")] for piece in d.split("M")[1:]]


# ---- where values are


@pytest.mark.parametrize(
    ("scale", "places"),
    [
        (Scale(0, 10), {0: 0, 5: 0.5, 10: 1}),
        (Scale(1e-4, 1, "log"), {1e-4: 0, 1e-3: 0.25, 1e-2: 0.5, 1: 1}),
        (Scale(-99, 99, "symlog"), {-99: 0, -9: 0.25, 0: 0.5, 9: 0.75, 99: 1}),
        (Scale(-0.99, 0.99, "symlog", within=0.01), {-0.09: 0.25, 0: 0.5, 0.99: 1}),
    ],
)
def test_a_scale_puts_values_where_they_belong(scale, places):
    for value, share in places.items():
        assert scale.share(value) == pytest.approx(share)


def test_axes_know_where_a_value_is_in_px():
    field = axes()
    assert (field.px(0), field.px(5), field.px(10)) == (50, 250, 450)
    assert (field.py(-1), field.py(0), field.py(1)) == (220, 120, 20)


def test_a_value_outside_the_range_is_at_the_edge():
    field = axes()
    assert (field.px(-7), field.px(1e300), field.py(math.inf), field.py(-3)) == (50, 450, 20, 220)
    assert axes(upward=Scale(1e-3, 1, "log")).py(0) == 220  # no place on a log scale


def test_nan_has_no_place():
    with pytest.raises(ValueError, match="NaN"):
        axes().py(math.nan)
    with pytest.raises(ValueError, match="NaN"):
        band(axes(), [0, 1], [0, math.nan], [1, 1])


@pytest.mark.parametrize(
    "wrong",
    [
        (0, 1, "cubic"),
        (1, 1),
        (2, 1),
        (0, math.nan),
        (0, math.inf),
        (0, 1, "log"),
        (-1, 1, "symlog", 0),
        (-1, 1, "symlog", math.nan),
    ],
)
def test_a_scale_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        Scale(*wrong)


# ---- ticks


@pytest.mark.parametrize(
    ("scale", "labels"),
    [
        (Scale(0, 1), "0 0.2 0.4 0.6 0.8 1"),
        (Scale(-1, 1), "−1 −0.5 0 0.5 1"),
        (Scale(0, 100), "0 20 40 60 80 100"),
        (Scale(3, 4), "3 3.2 3.4 3.6 3.8 4"),
        (Scale(1e-8, 1, "log"), "10⁻⁸ 10⁻⁶ 10⁻⁴ 0.01 1"),
        (Scale(1e-30, 1e30, "log"), "10⁻²² 10⁻¹¹ 1 10¹¹ 10²²"),
        (Scale(-1, 1, "symlog", 1e-3), "−1 −0.01 0 0.01 1"),
    ],
)
def test_ticks_are_round_values_with_short_labels(scale, labels):
    assert " ".join(scale.ticks().values()) == labels


def test_ticks_stay_few_and_inside_on_any_range():
    for power in range(-12, 13):
        for scale in (Scale(-(10.0**power), 3 * 10.0**power), Scale(10.0**power / 7, 10.0**power * 40, "log")):
            ticks = scale.ticks(6)
            assert 1 <= len(ticks) <= 6
            assert all(scale.low <= value <= scale.high for value in ticks)


def test_labels_have_a_true_minus_sign():
    assert [tick_label(v) for v in (-0.5, -1e-6, 3e-7, 12, 0)] == ["−0.5", "−10⁻⁶", "3×10⁻⁷", "12", "0"]


def test_the_frame_has_its_ticks_labels_and_a_light_grid():
    svg = drawn(*frame(axes(), x_ticks={2: "two", 99: "outside"}, y_ticks=[-1, 1], x_label="lag", y_label="share"))
    assert texts(svg) == ["−1", "1", "two", "lag", "share"]
    assert svg.count('class="grid"') == 2


# ---- curves


def test_a_curve_goes_through_its_points():
    assert corners(curve(axes(), [0, 5, 10], [-1, 0, 1])) == [[(50, 220), (250, 120), (450, 20)]]


def test_a_curve_is_cut_where_it_leaves_the_field():
    field = axes()
    assert corners(curve(field, [0, 10], [0, 2])) == [[(50, 120), (250, 20)]]
    assert corners(curve(field, [0, 5, 10], [0, 2, 0])) == [[(50, 120), (150, 20)], [(350, 20), (450, 120)]]
    assert corners(curve(field, [0, 10], [3, 2])) == []


def test_a_curve_has_a_gap_at_nan():
    assert corners(curve(axes(), [0, 1, 2, 3, 4], [0, 0, math.nan, 0, 0])) == [
        [(50, 120), (90, 120)],
        [(170, 120), (210, 120)],
    ]


def test_what_has_no_place_on_a_log_scale_is_beyond_the_edge():
    field = axes(upward=Scale(0.01, 1, "log"))
    for gone in (0.0, -1.0):
        piece = corners(curve(field, [0, 10], [1, gone]))[0]
        assert piece[0] == (50, 20) and piece[-1][1] == 220 and piece[-1][0] < 51
    assert corners(curve(field, [0, 10], [1, math.inf]))[0][-1][1] == 20


def test_a_constant_curve_and_a_single_point_can_be_drawn():
    assert corners(curve(axes(), [0, 10], [0, 0])) == [[(50, 120), (450, 120)]]
    assert len(elements(drawn(curve(axes(), [3], [0]), curve(axes(), [], []), band(axes(), [], [], [])), "path")) == 3


def test_points_outside_and_nan_have_no_dot():
    dots = list(points(axes(), [0, 5, 5, 11, math.nan], [-1, 0, 1.5, 0, 0]))
    assert len(dots) == 2


def test_a_band_is_kept_inside():
    assert corners(band(axes(), [0, 10], [-9, 0], [0, 9]))[0] == [(50, 120), (450, 20), (450, 120), (50, 220)]


@pytest.mark.parametrize("draws", [curve, points, lambda *a: end_label(a[0], "x", 1, 1, a[3])])
def test_an_unknown_tone_is_refused(draws):
    with pytest.raises(ValueError, match="tone"):
        list(draws(axes(), [0, 1], [0, 1], "red"))


def test_labels_that_would_meet_are_moved_apart_and_the_others_stay():
    places = [100.0, 104.0, 300.0, 98.0]
    moved = [place + shift for place, shift in zip(places, apart(places), strict=True)]
    assert moved[2] == 300
    heights = sorted(moved)
    assert all(b - a >= 17.9 for a, b in pairwise(heights))
    assert moved[3] < moved[0] < moved[1]
