"""How a gradient flows back: dh_T/dh_t against explicit products and central differences; radius and slopes."""

import numpy as np
import pytest

from rnnlib import Recurrent, RNNCell
from rnnlib.flow import gradient_flow, largest_singular_value, spectral_radius, with_radius
from rnnlib.gradcheck import relative_error
from rnnlib.parameters import leaves, map_state

from . import zoo

every_cell = pytest.mark.parametrize("name", zoo.CELLS)


def run(name, T=5, hidden=3, **options):
    layer = zoo.layer(name, 2, hidden, **options)
    x = np.random.default_rng(1).standard_normal((T, 2)).astype(layer.dtype)
    return layer, x, gradient_flow(layer, x)


def plain(radius, activation, T=50, H=16, seed=3):
    rng = np.random.default_rng(seed)
    cell = RNNCell(1, H, rng=rng, init=1.0, activation=activation)
    cell.W_hh = with_radius(cell.W_hh, radius)
    return cell, gradient_flow(Recurrent(cell), rng.standard_normal((T, 1)))


# ---- the Jacobians


@every_cell
@pytest.mark.parametrize("T", [3])
def test_the_jacobians_agree_with_central_differences(name, T):
    layer, x, flow = run(name, T)
    states = [flow.states[s] for s in layer.cell.state_names]
    for t in range(T + 1):
        for which, kind in enumerate(layer.cell.state_names):
            numerical = np.empty((3, 3))
            for k in range(3):
                ends = []
                for e in (1e-5, -1e-5):
                    start = [s[t][None].copy() for s in states]
                    start[which][0, k] += e
                    _, final, _ = layer.forward(x[t:, None], layer.cell.pack(start))
                    ends.append(leaves(final)[0][0])
                numerical[:, k] = (ends[0] - ends[1]) / 2e-5
            assert relative_error(flow.jacobians[kind][t], numerical) < 1e-8 or (t == T and kind == "c")


@every_cell
def test_the_states_are_those_of_the_layer(name):
    layer, x, flow = run(name)
    y, final, _ = layer.forward(x[:, None])
    np.testing.assert_allclose(flow.states["h"][1:], y[:, 0], rtol=1e-12)
    for s, end in zip(layer.cell.state_names, leaves(final), strict=True):
        np.testing.assert_allclose(flow.states[s][-1], end[0], rtol=1e-12)
        assert not flow.states[s][0].any()
    np.testing.assert_array_equal(flow.jacobians["h"][-1], np.eye(3))
    if "c" in layer.cell.state_names:  # h_T is a function of c_T, but with h_T held still c_T does nothing
        assert not flow.jacobians["c"][-1].any()
    h = flow.states["h"][1:]
    slopes = {"rnn relu": h > 0, "rnn linear": np.ones_like(h)}.get(name, 1 - h**2)
    np.testing.assert_allclose(flow.slopes, slopes if layer.cell.kind == "rnn" else np.zeros((0, 3)))
    with pytest.raises(ValueError, match="read-only"):
        flow.jacobians["h"][0] = 1


@every_cell
def test_a_first_state_is_taken(name):
    layer, x, flow = run(name)
    later = map_state(lambda s: s[0], layer.forward(x[:2, None])[1])
    rest = gradient_flow(layer, x[2:], later)
    np.testing.assert_allclose(rest.jacobians["h"], flow.jacobians["h"][2:], rtol=1e-12, atol=1e-15)


def test_a_norm_is_the_largest_singular_value():
    flow = run("lstm")[2]
    assert set(flow.norms) == {"h", "c"}
    for kind in "hc":
        largest = [np.linalg.svd(J, compute_uv=False)[0] for J in flow.jacobians[kind]]
        np.testing.assert_allclose(flow.norms[kind], largest, rtol=1e-12, atol=1e-15)


# ---- what chapter 04 says


def test_above_radius_1_a_linear_network_explodes_and_a_tanh_network_with_the_same_weights_need_not():
    cell, linear = plain(1.5, "linear")
    same, squashed = plain(1.5, "tanh")
    np.testing.assert_array_equal(cell.W_hh, same.W_hh)
    assert linear.norms["h"][0] > 1e8
    assert squashed.norms["h"][0] < 1e-2


def test_below_radius_1_the_norm_can_grow_at_first():
    cell, flow = plain(0.95, "linear")
    assert largest_singular_value(cell.W_hh) > 1
    assert flow.norms["h"][-2] == pytest.approx(largest_singular_value(cell.W_hh))
    assert flow.norms["h"][0] < 1


# ---- radius and scaling


@pytest.mark.parametrize("radius", [0.0, 0.1, 1.0, 2.0])
def test_a_matrix_is_scaled_to_the_radius_that_is_asked_for(radius):
    W = np.random.default_rng(0).standard_normal((6, 6))
    scaled = with_radius(W, radius)
    assert spectral_radius(scaled) == pytest.approx(radius)
    np.testing.assert_allclose(scaled * spectral_radius(W), W * radius)
    assert with_radius(np.float32(W), radius).dtype == np.float32


def test_the_radius_is_that_of_the_largest_eigenvalue_also_of_a_rotation():
    assert spectral_radius([[0.0, -2.0], [2.0, 0.0]]) == pytest.approx(2)
    assert spectral_radius([[0.5, 9.0], [0.0, -0.7]]) == pytest.approx(0.7)
    assert largest_singular_value([[0.5, 9.0], [0.0, -0.7]]) > 9


@pytest.mark.parametrize(
    ("W", "radius", "message"),
    [
        (np.ones((2, 3)), 1.0, r"W: expected a square matrix, got \(2, 3\)"),
        (np.zeros((0, 0)), 1.0, "W: expected a square matrix"),
        ([[0.0, 1.0], [0.0, 0.0]], 1.0, "all its eigenvalues are 0"),
        (np.eye(2), -1.0, "radius: expected a finite number >= 0"),
    ],
)
def test_what_cannot_be_scaled_is_refused_with_the_reason(W, radius, message):
    with pytest.raises(ValueError, match=message):
        with_radius(W, radius)


# ---- what is refused


@pytest.mark.parametrize("layer", ["reverse rnn tanh", "both ways gru", "conv causal", "stack of rnn and gru"])
def test_another_layer_is_refused(layer):
    with pytest.raises(TypeError, match="layer: expected one Recurrent layer, forward in time"):
        gradient_flow(zoo.layer(layer), np.zeros((3, 2)))


def test_no_step_and_numbers_that_overflow_are_refused():
    with pytest.raises(ValueError, match="x: expected at least one step"):
        gradient_flow(zoo.layer("rnn tanh"), np.zeros((0, 2)))
    with pytest.raises(ValueError, match="too large for a number"):
        plain(2.0, "linear", T=1100)
