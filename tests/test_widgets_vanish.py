"""Vanish or explode, without a browser: the controls, and that its numbers are the library's."""

import numpy as np
import pytest

from rnnlib import Recurrent, RNNCell, gradcheck
from rnnlib.diagrams.pages import printed
from rnnlib.flow import spectral_radius
from rnnlib.look.lettering import number
from rnnlib.widgets import VanishOrExplode


def left(lab, name, t=0):
    """What is printed as left at step t."""
    return next(number(text) for address, text in printed(lab.pages) if address == f"norm {name}/{t}")


def test_above_radius_1_the_linear_network_explodes_and_the_tanh_network_need_not():
    lab = VanishOrExplode()
    assert (lab.values["radius"], lab.values["activation"], lab.values["T"]) == (1.5, "tanh", 50)
    assert left(lab, "linear") > 1e6
    assert left(lab, "tanh") < 0.1
    assert "explodes" not in lab.pages.captions[0]
    lab.set(activation="linear")
    assert "explodes" in lab.pages.captions[0]


def test_without_input_tanh_is_linear():
    lab = VanishOrExplode(drive=0)
    assert left(lab, "tanh") == left(lab, "linear") > 1e6


@pytest.mark.parametrize("activation", ["tanh", "linear"])
def test_the_numbers_are_those_of_central_differences(activation):
    lab = VanishOrExplode(T=6, hidden=4, activation=activation)
    values = {name: lab.values[name] for name in ("radius", "T", "drive")} | {"seed": lab.seed}
    flow = lab.flow(activation, **values)
    cell = lab.cell(activation, seed=lab.seed, radius=1.5)
    x = values["drive"] * np.random.default_rng([lab.seed, 1]).standard_normal((6, 1))
    h = flow.states["h"][2][None].copy()
    rows = [
        gradcheck.numerical_gradient(lambda k=k: float(Recurrent(cell).forward(x[2:, None], h)[1][0, k]), h)[0]
        for k in range(4)
    ]
    assert left(lab, activation, 2) == pytest.approx(np.linalg.norm(rows, 2), rel=0.006)


def test_both_networks_have_the_same_weights_with_the_radius_that_is_asked_for():
    lab = VanishOrExplode(radius=0.7)
    one, other = (lab.cell(name, seed=3, radius=0.7) for name in ("tanh", "linear"))
    assert all(np.array_equal(one.params[name], other.params[name]) for name in one.params)
    assert spectral_radius(one.W_hh) == pytest.approx(0.7)
    assert isinstance(one, RNNCell) and one.hidden == 16


def test_more_steps_keep_the_weights():
    lab = VanishOrExplode(T=10)
    before = next(text for address, text in printed(lab.pages) if address == "stretch/0")
    lab.set(T=100)
    assert len(lab.pages) == 101
    assert before == next(text for address, text in printed(lab.pages) if address == "stretch/0")


def test_it_asks_once_and_not_again_while_a_slider_is_moved():
    lab = VanishOrExplode()
    assert lab.stepper.t == 50 and lab.pages.questions[50] is not None
    lab.set(radius=1.2)
    assert not any(lab.pages.questions)
    assert not any(VanishOrExplode(ask=False).pages.questions)


@pytest.mark.parametrize("extreme", [{"radius": 0.1, "T": 100}, {"radius": 2, "T": 100, "drive": 3}, {"T": 1}])
def test_the_ends_of_the_sliders_are_drawn(extreme):
    for activation in ("tanh", "linear"):
        lab = VanishOrExplode(activation=activation, **extreme)
        assert lab.pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")
        assert lab.stepper.error == ""
