"""How much of a gradient at the last step arrives at step t, in networks with the same weights. Chapter 04."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .. import asked
from ..checks import expect, one_of
from ..flow import GradientFlow, largest_singular_value, spectral_radius
from ..functions import FloatArray
from .steps import from_step_1

__all__ = ["Vanishing", "vanishing"]


@dataclass(frozen=True)
class Vanishing:
    """names: the activations, the chosen one first. numbers: "norm tanh" (T+1,), the size of dh_T/dh_t; "slope tanh",
    the mean slope at step t; "factor tanh", norm t over norm t+1; "mean tanh" (1,), of all slopes; radius and stretch
    (1,), the spectral radius and the largest singular value of the weights. W: the weights (H, H)."""

    names: tuple[str, ...]
    numbers: dict[str, FloatArray]
    W: FloatArray

    @property
    def chosen(self) -> str:
        return self.names[0]

    @property
    def T(self) -> int:
        return len(self.numbers[f"norm {self.chosen}"]) - 1

    @property
    def left(self) -> float:
        """What arrives at t = 0 in the chosen network, of a gradient of size 1."""
        return float(self.numbers[f"norm {self.chosen}"][0])


@asked.asks(flows=asked.some(GradientFlow), W=asked.numbers(2))
def vanishing(flows: Mapping[str, GradientFlow], W: FloatArray, activation: str = "tanh") -> Vanishing:
    """flows: activation -> `flow.gradient_flow` of a plain cell with it, all with the weights W (H, H) and over the
    same input. activation: the one that is looked at. ValueError for an activation that is not there, runs of different
    lengths, a cell with gates, and for what is not finite. Chapter 04."""
    one_of("activation", activation, flows)
    expect(len({flow.T for flow in flows.values()}) == 1, "flows: expected runs of the same length")
    plain = all(len(flow.slopes) == flow.T for flow in flows.values())
    expect(plain, "flows: expected plain cells, which have slopes, got one with gates")
    finite = all(np.isfinite(flow.jacobians["h"]).all() for flow in flows.values())
    expect(finite, "flows: expected finite numbers, got NaN or infinity")
    numbers = {"radius": np.array([spectral_radius(W)]), "stretch": np.array([largest_singular_value(W)])}
    for name, flow in flows.items():
        norm = flow.norms["h"]
        with np.errstate(divide="ignore", invalid="ignore"):
            numbers |= {f"norm {name}": norm, f"factor {name}": norm[:-1] / norm[1:]}
        numbers |= {f"slope {name}": from_step_1(flow.mean_slopes), f"mean {name}": np.array([flow.slopes.mean()])}
    order = (activation, *(name for name in flows if name != activation))
    return Vanishing(order, numbers, np.asarray(W))
