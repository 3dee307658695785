"""Vanish or explode: what the spectral radius of W_hh says about a gradient on its way back, and what it does not.

Chapter 04.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..checks import as_flag, as_size, one_of
from ..diagrams import Pages, vanish
from ..exercises import predict
from ..flow import GradientFlow, gradient_flow, with_radius
from ..layers import Recurrent
from ..views.vanishing import vanishing
from .bounds import a_page, a_range, a_seed
from .laboratory import Laboratory, choice, slider, whole

__all__ = ["VanishOrExplode"]

WIDEST = 64  # units: each drawing takes their Jacobians at every step
ACTIVATIONS = ("tanh", "linear")


class VanishOrExplode(Laboratory):
    """The size of dh_T/dh_t at every step t, on a log scale, for a network with tanh and for the same without.

    radius: the spectral radius that W_hh is scaled to, 0.1 to 2. activation: which of the two networks is drawn
    strongly, "tanh" or "linear". T: how many steps, 1 to 100. drive: how large the input is, 0 to 3; with 0 no unit
    ever leaves 0, where tanh is linear. seed: of the weights and of the input, 0 to 2**32 - 1; both are drawn from
    N(0, 1) before they are scaled. hidden: the number of units, 1 to 64. ask: whether the first picture asks how it
    ends before it shows it. t, present: as in `Stepper`; reading begins at the end. ValueError for what lies outside,
    TypeError for what is not True or False. Chapter 04.
    """

    def __init__(
        self,
        *,
        radius: float = 1.5,
        activation: str = "tanh",
        T: int = 50,
        drive: float = 1.0,
        seed: int = 3,
        hidden: int = 16,
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        a_range("radius", radius, 0.1, 2)
        a_range("drive", drive, 0, 3)
        one_of("activation", activation, ACTIVATIONS)
        self.hidden, self.ask = as_size("hidden", hidden, 1, WIDEST), as_flag("ask", ask)
        super().__init__(
            slider("radius", radius, 0.1, 2, 0.05, label="radius of W_hh", ticks={"radius = 1": 1.0}),
            choice("activation", ACTIVATIONS, activation),
            whole("T", as_size("T", T, 1, 100), 1, 100, label="steps T"),
            slider("drive", drive, 0, 3, 0.1, label="size of the input", ticks={"no input": 0.0}),
            seed=a_seed(seed),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=() if hidden == 16 else (f"hidden={hidden}",),
        )

    def draw(self, **values: Any) -> Pages:
        """The pages for these values."""
        activation = values.pop("activation")
        flows = {name: self.flow(name, **values) for name in ACTIVATIONS}
        W_hh = self.cell(activation, seed=values["seed"], radius=values["radius"]).W_hh
        run = vanishing(flows, W_hh, activation)
        ask = self.ask and self.values == self._first  # once; not again for each place of a slider
        return vanish(run, ask=predict.vanish(run) if ask else None)

    def cell(self, activation: str, *, seed: int, radius: float) -> RNNCell:
        """The network: the same weights for both activations."""
        cell = RNNCell(1, self.hidden, rng=np.random.default_rng(seed), init=1.0, activation=activation)
        cell.W_hh = with_radius(cell.W_hh, radius)
        return cell

    def flow(self, activation: str, *, seed: int, radius: float, T: int, drive: float) -> GradientFlow:
        """The library's Jacobians for these values."""
        x = drive * np.random.default_rng([seed, 1]).standard_normal((T, 1))
        return gradient_flow(Recurrent(self.cell(activation, seed=seed, radius=radius)), x)
