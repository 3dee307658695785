"""How much of a gradient survives its way back through time: the Jacobians dh_T/dh_t, and the radius of W_hh.

They come out of the library's own backward pass, not out of a second copy of its equations.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .cells import LSTMCell, RNNCell, State
from .checks import as_finite, as_floats, as_number, one_of
from .functions import FloatArray
from .layers import Recurrent
from .parameters import leaves, map_state
from .trace import Frozen

__all__ = [
    "GradientFlow",
    "cell_state_flow",
    "gradient_flow",
    "largest_singular_value",
    "spectral_radius",
    "with_radius",
]


@dataclass(frozen=True)
class GradientFlow(Frozen):
    """The way back from the last hidden state of a run over T steps.

    states: name -> (T+1, H), the first state included. jacobians: name -> (T+1, H, H), where jacobians["h"][t] is
    dh_T/dh_t: row k holds the gradient of unit k after the last step on each unit after step t; at t = T it is the
    identity. An LSTM's state is a pair, so it also has jacobians["c"], dh_T/dc_t; each is a partial derivative with the
    other half of the pair held still. slopes (T, H): for a plain cell the slope of the activation of each unit at each
    step (1 - h**2 for tanh); (0, H) for a cell with gates.
    """

    states: dict[str, FloatArray]
    jacobians: dict[str, FloatArray]
    slopes: FloatArray

    @property
    def T(self) -> int:
        """The number of steps."""
        return len(self.states["h"]) - 1

    @property
    def norms(self) -> dict[str, FloatArray]:
        """Name -> (T+1,): the largest singular value of each Jacobian, which is the most that a gradient of length 1 on
        h_T can be when it arrives at step t."""
        return {name: np.linalg.norm(J, 2, axis=(1, 2)) for name, J in self.jacobians.items()}

    @property
    def mean_slopes(self) -> FloatArray:
        """(T,): the mean slope over the units at each step; 1 where nothing saturates, near 0 where all units do."""
        means: FloatArray = self.slopes.mean(axis=1)
        return means


def gradient_flow(layer: Recurrent, x: ArrayLike, state: State = None, *, of: str = "h") -> GradientFlow:
    """dh_T/dh_t for every step t of a run over one sequence, exact, for an RNN, LSTM or GRU.

    For a plain cell `dh_T/dh_t = prod_(s = t+1..T) diag(slope_s) W_hh`: without an activation (`activation="linear"`)
    that is `W_hh` to the power T - t. Here it comes from one backward pass over H copies of the sequence, with the
    gradient on the final h of copy k set to 1 at unit k and 0 elsewhere: what arrives at step t is row k. Cost: that of
    H sequences. Source: Bengio, Simard and Frasconi (1994); Pascanu, Mikolov and Bengio (2013).

    layer: one `Recurrent` layer, forward in time. x (T, I), one sequence of at least one step. state: the first state
    of the sequence, (H,), or for an LSTM the pair; None is zeros. of: "h", or "c" for an LSTM: then it is dc_T/dh_t and
    dc_T/dc_t. TypeError for another layer, ValueError for a shape
    that does not fit, or where a number overflows. Chapter 04.
    """
    if not isinstance(layer, Recurrent) or layer.reverse:
        raise TypeError("layer: expected one Recurrent layer, forward in time")
    cell, H = layer.cell, layer.outputs
    x = as_floats("x", x, ("T", layer.inputs), layer.dtype)
    as_finite("x", x[:, None])
    if not len(x):
        raise ValueError("x: expected at least one step, got none")
    one_of("of", of, cell.state_names)
    first = map_state(lambda s: np.tile(s, (H, 1)), _one_state(layer, state))
    eye = np.eye(H, dtype=layer.dtype)
    final = cell.pack(tuple(eye if name == of else np.zeros_like(eye) for name in cell.state_names))
    arrived: list[tuple[FloatArray, ...]] = []

    def watch(t: int, d_state: tuple[FloatArray, ...]) -> None:
        arrived.append(d_state)

    with np.errstate(over="ignore", invalid="ignore"):
        y, _, tape = layer.forward(np.repeat(x[:, None], H, axis=1), first)
        _, d_first, _ = layer.backward(None, tape, final, inputs=False, watch=watch)
    if not all(np.isfinite(d).all() for d in [y, *leaves(d_first)]):
        raise ValueError("x: the states or the gradients of this run are too large for a number; take fewer steps")
    rows = [leaves(d_first), *reversed(arrived)]
    return GradientFlow(
        states={name: s[:, 0].copy() for name, s in layer.states(tape).items()},
        jacobians={name: np.array(J) for name, J in zip(cell.state_names, zip(*rows, strict=True), strict=True)},
        slopes=cell.slope(y[:, 0]) if isinstance(cell, RNNCell) else np.zeros((0, H), layer.dtype),
    )


def _one_state(layer: Recurrent, state: State) -> State:
    """A state of one sequence, (H,) or a pair of those, or None: checked."""
    if state is None:
        return None
    names = layer.cell.state_names
    parts = [state] if len(names) == 1 else state
    if not isinstance(parts, (list, tuple)) or len(parts) != len(names):
        raise ValueError(f"state: expected ({', '.join(names)}), got {type(state).__name__}")
    arrays = [as_floats(f"state {n}", s, (layer.outputs,), layer.dtype) for n, s in zip(names, parts, strict=True)]
    for name, array in zip(names, arrays, strict=True):
        as_finite(f"state {name}", array[None])
    return layer.cell.pack(tuple(arrays))


def cell_state_flow(layer: Recurrent, x: ArrayLike, state: State = None) -> FloatArray:
    """dc_T/dc_t of an LSTM along every road, (T+1, H, H): straight along the cell state, and round through h_t.

    `dc_T/dc_t + dc_T/dh_t diag(o (1 - tanh(c_t)**2))`, and with peepholes also through o. The product of the forget
    gates after step t is only the straight road. At t = 0 the state h_0 does not depend on c_0. state: the first one,
    (h_0, c_0), each (H,); None is zeros. TypeError for another layer than `Recurrent` over an `LSTMCell`. Chapter 06.
    """
    if not isinstance(layer, Recurrent) or not isinstance(layer.cell, LSTMCell):
        raise TypeError("layer: expected Recurrent over an LSTMCell")
    flow, cell = gradient_flow(layer, x, state, of="c"), layer.cell
    first = map_state(lambda s: s[None], _one_state(layer, state))
    _, _, tape = layer.forward(np.asarray(x, layer.dtype)[:, None], first)
    o = layer.gates(tape)["o"][:, 0]
    tanh_c = np.tanh(flow.states["c"][1:])
    slope = o * (1 - tanh_c**2) + (o * (1 - o) * tanh_c * cell.W_ch[2] if cell.peepholes else 0)
    total: FloatArray = flow.jacobians["c"].copy()
    total[1:] += flow.jacobians["h"][1:] * slope[:, None, :]
    return total


def spectral_radius(W: ArrayLike) -> float:
    """The largest |eigenvalue| of a square matrix: how W grows or shrinks a vector in the long run, applied again and
    again. ValueError for a matrix that is not square. Chapter 04."""
    W = _square(W)
    return float(np.abs(np.linalg.eigvals(W)).max())


def largest_singular_value(W: ArrayLike) -> float:
    """The most that W can stretch a vector in one step; never below the spectral radius. Chapter 04."""
    return float(np.linalg.norm(_square(W), 2))


def with_radius(W: ArrayLike, radius: float) -> FloatArray:
    """`W * radius / spectral_radius(W)`: the same matrix, scaled to a given spectral radius >= 0.

    ValueError for a matrix that is not square, and for one whose eigenvalues are all 0. Chapter 04.
    """
    W, radius = _square(W), as_number("radius", radius, zero=True)
    present = spectral_radius(W)
    if present <= len(W) * np.finfo(W.dtype).eps * np.abs(W).max():
        raise ValueError("W: all its eigenvalues are 0; no factor gives it another spectral radius")
    return np.asarray(W * (radius / present), W.dtype)


def _square(W: ArrayLike) -> FloatArray:
    dtype = np.float32 if getattr(W, "dtype", None) == np.float32 else np.float64
    W = as_floats("W", W, ("H", "H"), dtype)
    if W.shape[0] != W.shape[1] or not W.size:
        raise ValueError(f"W: expected a square matrix, got {W.shape}")
    if not np.isfinite(W).all():
        raise ValueError("W: expected finite numbers, got NaN or infinity")
    return W
