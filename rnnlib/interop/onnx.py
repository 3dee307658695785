"""The ONNX operators RNN, LSTM and GRU: their weights, and running them as their specification says. Chapter 06.

Equations, shapes and defaults: the ONNX operators RNN, LSTM and GRU (version 22). Where an attribute asks for something
that no cell here does (clip, input_forget, other activations), `from_onnx` raises: it never computes something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from ..cells import Cell
from ..checks import as_floats, as_labels, as_lengths, as_size, as_texts, one_of
from ..functions import FloatArray, IntArray
from ..layers import Bidirectional, Recurrent
from .building import BLOCKS, as_arrays, expect_shape, make_cell
from .notation import PEEPHOLES, reorder

__all__ = ["OnnxOperator", "from_onnx"]

ACTIVATIONS = {"rnn": ["tanh"], "lstm": ["sigmoid", "tanh", "tanh"], "gru": ["sigmoid", "tanh"]}  # ONNX's defaults


@dataclass(frozen=True)
class OnnxOperator:
    """An ONNX node as a layer: `run(X)` gives its outputs.

    layer: `Recurrent` or `Bidirectional`, time first. initial: h, for an LSTM h and c, each (directions, B, H); empty
    for zeros. sequence_lens (B,) or None. layout: 0 (time first) or 1 (batch first), for X and for all outputs.
    """

    layer: Recurrent | Bidirectional
    op_type: str
    layout: int = 0
    initial: tuple[FloatArray, ...] = ()
    sequence_lens: IntArray | None = None

    def run(self, X: ArrayLike) -> tuple[FloatArray, ...]:
        """X (T, B, I) -> (Y (T, directions, B, H), Y_h (directions, B, H)), and for an LSTM Y_c as Y_h.

        layout 1: X (B, T, I) -> Y (B, T, directions, H), Y_h and Y_c (B, directions, H). Y is 0 past the end of a
        sequence; Y_h and Y_c hold the state at its true end (for "reverse": after its first step), which for a
        sequence of length 0 is the initial one (the specification is silent there; some runtimes give 0). ValueError
        for an X, or sequence_lens or an initial state, that does not fit.
        """
        times = ("B", "T") if self.layout else ("T", "B")
        x = as_floats("X", X, (*times, self.layer.inputs), self.layer.dtype)
        x = x.swapaxes(0, 1) if self.layout else x
        T, B, _ = x.shape
        lengths = as_lengths(self.sequence_lens, T, B, "sequence_lens")
        y, final, _ = self.layer.forward(np.ascontiguousarray(x), self._state(B), lengths)
        Y = y.reshape(T, B, len(self._cells), self._cells[0].hidden).transpose(
            (1, 0, 2, 3) if self.layout else (0, 2, 1, 3)
        )
        directions = final if isinstance(self.layer, Bidirectional) else (final,)
        lists = [[d] if len(self._cells[0].state_names) == 1 else list(d) for d in directions]
        axis = 1 if self.layout else 0
        ends = [np.stack(arrays, axis=axis) for arrays in zip(*lists, strict=True)]
        return np.ascontiguousarray(Y), *ends

    @property
    def _cells(self) -> list[Cell]:
        layer = self.layer
        return [layer.cell] if isinstance(layer, Recurrent) else [layer.left.cell, layer.right.cell]

    def _state(self, B: int) -> Any:
        """The first states in the nesting of the layer; None for zeros."""
        if not self.initial:
            return None
        shape = (len(self._cells), B, self._cells[0].hidden)
        for name, array in zip(("initial_h", "initial_c")[: len(self.initial)], self.initial, strict=True):
            expect_shape(name, array, shape, "(directions, B, H)")
        states = [cell.pack(tuple(array[k] for array in self.initial)) for k, cell in enumerate(self._cells)]
        return states[0] if isinstance(self.layer, Recurrent) else tuple(states)


def from_onnx(
    op_type: str,
    W: ArrayLike,
    R: ArrayLike,
    B: ArrayLike | None = None,
    P: ArrayLike | None = None,
    *,
    hidden_size: int,
    direction: str = "forward",
    layout: int = 0,
    linear_before_reset: int = 0,
    initial_h: ArrayLike | None = None,
    initial_c: ArrayLike | None = None,
    sequence_lens: ArrayLike | None = None,
    activations: Sequence[str] | None = None,
    activation_alpha: Sequence[float] | None = None,
    activation_beta: Sequence[float] | None = None,
    clip: float | None = None,
    input_forget: int = 0,
    dtype: DTypeLike | None = None,
) -> OnnxOperator:
    """The inputs and attributes of a node RNN, LSTM or GRU -> an operator that runs on X.

    W (D, G*H, I), R (D, G*H, H), B (D, 2*G*H) (Wb, then Rb; None: no bias), P (D, 3*H) (peepholes of i, o, f; LSTM);
    D = 2 for direction "bidirectional" (forward first), else 1. initial_h, initial_c (D, B, H), for layout 1 (B, D, H).
    sequence_lens (B,). `linear_before_reset` 0: `reset_after=False`, where both biases of n stand in one sum;
    otherwise `reset_after=True`, where Rb of n stays apart. RNN: Tanh or Relu, for each direction its own, or Affine
    with activation_alpha 1 and activation_beta 0, which is the linear cell.
    One dtype, float32 or float64, unless `dtype` is given (TypeError).
    ValueError, which says why, for an unknown operator, a shape that does not fit, an input of another operator, and
    for what is not supported: clip, input_forget=1, other activations. Chapter 06.
    """
    kind = _checked_kind(op_type, direction, layout)
    _refuse(kind, P, linear_before_reset, initial_c, clip, input_forget)
    D, H = (2 if direction == "bidirectional" else 1), as_size("hidden_size", hidden_size)
    plain = _are("activation_alpha", activation_alpha, 1.0) & _are("activation_beta", activation_beta, 0.0)
    names = _activations(kind, activations, D, plain)
    given = {"W": W, "R": R, "B": B, "P": P, "initial_h": initial_h, "initial_c": initial_c}
    arrays = as_arrays({name: value for name, value in given.items() if value is not None or name in "WR"}, dtype)
    _check_shapes(arrays, BLOCKS[kind], D, H)
    cells = [_cell(kind, arrays, d, names[d], bool(linear_before_reset)) for d in range(D)]
    parts = [Recurrent(cell, reverse=direction == "reverse" or d == 1) for d, cell in enumerate(cells)]
    layer = parts[0] if D == 1 else Bidirectional(*parts)
    initial, lengths = _initial(arrays, kind, layout, D, H), None
    if sequence_lens is not None:
        lengths = as_labels("sequence_lens", sequence_lens, ("B",), 1 << 31, "lengths").copy()
    return OnnxOperator(layer, kind.upper(), layout, initial, lengths)


def _checked_kind(op_type: Any, direction: Any, layout: Any) -> str:
    kind = op_type.lower() if isinstance(op_type, str) else ""
    if kind not in BLOCKS:
        raise ValueError(f'op_type: expected "RNN", "LSTM" or "GRU", got {op_type!r}')
    one_of("direction", direction, ("forward", "reverse", "bidirectional"))
    as_size("layout", layout, 0, 1)
    return str(kind)


def _refuse(kind: str, P: Any, linear_before_reset: int, initial_c: Any, clip: float | None, input_forget: int) -> None:
    as_size("linear_before_reset", linear_before_reset, 0), as_size("input_forget", input_forget, 0, 1)
    if clip is not None:
        raise ValueError(f"clip: not supported: no cell here clips what goes into an activation, got {clip!r}")
    if input_forget:
        raise ValueError("input_forget: not supported: no cell here couples the gates i and f")
    if kind != "lstm" and (P is not None or initial_c is not None):
        name = "P" if P is not None else "initial_c"
        raise ValueError(f"{name}: expected None, because only an LSTM has it, got an array for {kind.upper()}")
    if kind != "gru" and linear_before_reset:
        raise ValueError(f"linear_before_reset: expected 0, because only a GRU has it, got it for {kind.upper()}")


def _are(name: str, values: Sequence[float] | None, value: float) -> bool:
    """Whether values are given, and all are `value`."""
    numbers = as_floats(name, () if values is None else values, ("N",), np.float64)
    return bool(numbers.size and (numbers == value).all())


def _activations(kind: str, activations: Sequence[str] | None, D: int, plain: bool) -> list[str]:
    """The activation of the state for each direction; ValueError for a set that no cell here has.

    plain: Affine, which is alpha x + beta, leaves everything as it is.
    """
    usual = ACTIVATIONS[kind]
    given = [name.lower() for name in as_texts("activations", () if activations is None else activations)] or usual * D
    if len(given) != len(usual) * D:
        raise ValueError(f"activations: expected {len(usual) * D}, {len(usual)} for each direction, got {len(given)}")
    if kind == "rnn" and set(given) <= ({"tanh", "relu", "affine"} if plain else {"tanh", "relu"}):
        return ["linear" if name == "affine" else name for name in given]
    if given != usual * D:
        more = " (and Affine with activation_alpha=[1.0], activation_beta=[0.0])" if kind == "rnn" else ""
        only = "Tanh or Relu" if kind == "rnn" else ", ".join(name.title() for name in usual)
        raise ValueError(
            f"activations: only {only} is supported for {kind.upper()}{more}, got {list(activations or ())}"
        )
    return ["tanh"] * D


def _check_shapes(arrays: dict[str, FloatArray], G: int, D: int, H: int) -> None:
    inputs = arrays["W"].shape[-1] if arrays["W"].ndim == 3 else 1
    shapes = {"W": (D, G * H, inputs), "R": (D, G * H, H), "B": (D, 2 * G * H), "P": (D, 3 * H)}
    for name, shape in shapes.items():
        if name in arrays:
            expect_shape(name, arrays[name], shape, f"as {D} direction(s) and hidden_size={H} ask for")


def _cell(kind: str, arrays: dict[str, FloatArray], d: int, activation: str, reset_after: bool) -> Cell:
    W_xh, W_hh = (reorder(arrays[name][d], kind, before="onnx", after="book") for name in ("W", "R"))
    b_h = b_hn = W_ch = None
    if "B" in arrays:
        b_w, b_r = (reorder(half, kind, before="onnx", after="book") for half in np.split(arrays["B"][d], 2))
        if kind == "gru" and reset_after:
            n = slice(2 * W_hh.shape[1], None)
            b_hn, b_r[n] = b_r[n].copy(), 0
        b_h = b_w + b_r
    if "P" in arrays:
        rows = dict(zip(PEEPHOLES["onnx"], np.split(arrays["P"][d], 3), strict=True))
        W_ch = np.stack([rows[gate] for gate in PEEPHOLES["book"]])
    return make_cell(kind, W_xh, W_hh, b_h, b_hn=b_hn, W_ch=W_ch, activation=activation, reset_after=reset_after)


def _initial(arrays: dict[str, FloatArray], kind: str, layout: int, D: int, H: int) -> tuple[FloatArray, ...]:
    """The initial states that the operator takes, (D, B, H) each; () where none is given."""
    given = [arrays[name] for name in ("initial_h", "initial_c") if name in arrays]
    if not given:
        return ()
    names = ("initial_h", "initial_c") if kind == "lstm" else ("initial_h",)
    states = [arrays.get(name, np.zeros_like(given[0])) for name in names]
    for name, array in zip(names, states, strict=True):
        B = array.shape[0 if layout else 1] if array.ndim == 3 else 1
        expect_shape(name, array, (B, D, H) if layout else (D, B, H), f"for layout={layout}")
    return tuple(array.swapaxes(0, 1) if layout else array for array in states)
