"""One time step, forward and back, as the equations read. A cell holds parameters; time lives in `layers.Recurrent`.

Every cell is two short methods, for B sequences at once (a row each):
- `forward(a, s, state) -> state, kept`: a (B, G*H) is what the input gives, `W_xh x_t + b_h`, and s (B, G*H) what the
  state gives, `W_hh h_(t-1)`. Back come the new state and what the way back needs.
- `backward(d_state, kept) -> d_a, d_s, d_state`: the gradient on the new state becomes that on a, on s, and on the
  state before.
Only s has to wait for the step before. So a is one product for all steps before the loop over time, and the gradients
of the weights are one product each after it. `step` and `step_back` are the same methods for a single step.
"""

from copy import deepcopy
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .checks import Rng, as_dtype, as_flag, as_floats, as_number, as_size, expect, one_of
from .functions import FloatArray, linear, linear_slope, relu, relu_slope, sigmoid, tanh, tanh_slope
from .parameters import Grads, Init, Parametric, as_init, initial

__all__ = ["Cell", "GRUCell", "LSTMCell", "RNNCell", "State", "hold"]

State = Any  # h (B, H), or for an LSTM the pair (h, c)
States = tuple[FloatArray, ...]  # the same, always as a tuple
Kept = tuple[FloatArray, ...]  # what `forward` keeps: the gates first, in their order
Cache = tuple[Any, ...]  # of one step, for its way back: the cell, its input (B, I), the state before, what was kept

ACTIVATIONS = {"tanh": (tanh, tanh_slope), "relu": (relu, relu_slope), "linear": (linear, linear_slope)}


class Cell(Parametric):
    """What the cells share: sizes, first values, one step, and the gradients of the weights."""

    kind: ClassVar[str]
    gates: ClassVar[tuple[str, ...]] = ("h",)  # the blocks of the stacked arrays, in their order
    state_names: ClassVar[tuple[str, ...]] = ("h",)
    parted = False  # whether what input and state give have gradients that differ

    def __init__(
        self, inputs: int, hidden: int, *, rng: Rng, init: Init = "uniform", bias: bool = True, dtype: DTypeLike = "f8"
    ) -> None:
        self.inputs, self.hidden = as_size("inputs", inputs), as_size("hidden", hidden)
        self.dtype, self.bias = as_dtype(dtype), as_flag("bias", bias)
        self.names = ("W_xh", "W_hh", "b_h") if bias else ("W_xh", "W_hh")
        rows = len(self.gates) * self.hidden
        spread = "uniform" if isinstance(as_init(init), str) else init  # orthogonal and identity are for square blocks
        self.W_xh = initial(spread, (rows, self.inputs), self.hidden, rng, self.dtype)
        self.W_hh = initial(init, (rows, self.hidden), self.hidden, rng, self.dtype)
        self.b_h = np.zeros(rows, self.dtype)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(inputs={self.inputs}, hidden={self.hidden})"

    def forward(self, a: FloatArray, s: FloatArray, state: States) -> tuple[States, Kept]:
        """One step: what input and state give, and the state before -> the new state, and what the way back needs."""
        raise NotImplementedError

    def backward(self, d_state: States, kept: Kept) -> tuple[FloatArray, FloatArray, States]:
        """One step back: the gradient on the new state -> on a, on s, and on the state before."""
        raise NotImplementedError

    def split(self, a: FloatArray) -> list[FloatArray]:
        """Views of the gates in a stacked array (..., G*H)."""
        H = self.hidden
        return [a[..., k * H : (k + 1) * H] for k in range(len(self.gates))]

    def gradients(self, x: FloatArray, h: FloatArray, d_a: FloatArray, d_s: FloatArray, kept: list[Kept]) -> Grads:
        """`d_W_xh = sum d_a x^T`, `d_W_hh = sum d_s h_before^T`, `d_b_h = sum d_a`, sums over all N rows: x (N, I), h
        before (N, H), d_a and d_s (N, G*H), kept of each step."""
        grads = {"W_xh": np.dot(d_a.T, x), "W_hh": np.dot(d_s.T, h)}
        return grads | {"b_h": np.add.reduce(d_a, axis=0)} if self.bias else grads

    # ---- a single step --------------------------------------------------------------------------------------------

    def step(self, x: ArrayLike, state: State = None) -> tuple[State, Cache]:
        """One step: x (B, I) and the state before -> the state after, and what `step_back` needs.

        A state is h (B, H); for an LSTM the pair (h, c); None is all zeros. ValueError for a shape that does not fit.
        """
        x = as_floats("x", x, ("B", self.inputs), self.dtype)
        before = self.unpack(state, len(x))
        after, kept = self.forward(np.dot(x, self.W_xh.T) + self.b_h, np.dot(before[0], self.W_hh.T.copy()), before)
        return self.pack(after), (self, x, before, kept)

    def step_back(self, d_state: State, cache: Cache) -> tuple[FloatArray, State, Grads]:
        """One step back: the gradient on the state after -> d_x (B, I), the gradient on the state before, d_params."""
        own = isinstance(cache, tuple) and len(cache) == 4 and cache[0] is self
        expect(own, "cache: expected the one that this cell's step gave")
        _, x, before, kept = cache
        d_a, d_s, d_before = self.backward(self.unpack(d_state, len(x), "d_state"), kept)
        return np.dot(d_a, self.W_xh), self.pack(d_before), self.gradients(x, before[0], d_a, d_s, [kept])

    def pack(self, states: tuple[Any, ...]) -> State:
        """The state arrays as the reader sees them: h, or (h, c)."""
        return states[0] if len(states) == 1 else tuple(states)

    def unpack(self, state: State, B: int, name: str = "state") -> States:
        """The state as a tuple of arrays (B, H), checked; None is zeros."""
        shape, names = (B, self.hidden), self.state_names
        if state is None:
            return tuple(np.zeros(shape, self.dtype) for _ in names)
        if len(names) == 1:
            return (as_floats(name, state, shape, self.dtype),)
        pair = isinstance(state, (list, tuple)) and len(state) == len(names)
        expect(pair, f"{name}: expected ({', '.join(names)}), got {type(state).__name__}")
        return tuple(as_floats(f"{name} {n}", s, shape, self.dtype) for n, s in zip(names, state, strict=True))


class RNNCell(Cell):
    """The plain recurrent cell (Elman, 1990): `h_t = tanh(W_xh x_t + W_hh h_(t-1) + b_h)`.

    W_xh (H, I), W_hh (H, H), b_h (H,). `activation="relu"` puts `max(., 0)` in place of tanh, `activation="linear"`
    leaves it out: then nothing bounds the state, and dh_T/dh_t is `W_hh` to the power T - t whatever is read.
    For its backward pass a step keeps h: H numbers a sequence, besides x. Chapters 02 and 04.
    """

    kind = "rnn"

    def __init__(self, inputs: int, hidden: int, *, activation: str = "tanh", **options: Any) -> None:
        self.activation = one_of("activation", activation, ACTIVATIONS)
        super().__init__(inputs, hidden, **options)
        self.act, self.slope = ACTIVATIONS[activation]  # slope: from the value, `1 - h**2` for tanh

    def forward(self, a: FloatArray, s: FloatArray, state: States) -> tuple[States, Kept]:
        """`h_t = tanh(a_t + s_t)`."""
        h = self.act(a + s)
        return (h,), (h,)

    def backward(self, d_state: States, kept: Kept) -> tuple[FloatArray, FloatArray, States]:
        """`d_a_t = d_h_t * (1 - h_t**2)`, `d_h_(t-1) = W_hh^T d_a_t`. A sum gives both parts the same: d_s is d_a."""
        (d_h,), (h,) = d_state, kept
        d_a = d_h * self.slope(h)
        return d_a, d_a, (np.dot(d_a, self.W_hh),)


class LSTMCell(Cell):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997; forget gate: Gers et al., 2000).

    `i = sigmoid(W_xi x + W_hi h + b_i)`, `f` and `o` likewise, `g = tanh(W_xg x + W_hg h + b_g)`,
    `c_t = f * c_(t-1) + i * g`,  `h_t = o * tanh(c_t)`.

    W_xh (4H, I), W_hh (4H, H), b_h (4H,) hold the blocks i, f, g, o one below the other. `forget_bias` is the first
    value of b_f. `peepholes=True` adds `p_i * c_(t-1)` and `p_f * c_(t-1)` inside i and f, and `p_o * c_t` inside o:
    W_ch (3, H), rows i, f, o (Gers and Schmidhuber, 2000). The state is the pair (h, c).
    For its backward pass a step keeps 7H numbers a sequence (four gates, h, c, tanh c), besides x. Chapter 06.
    """

    kind = "lstm"
    gates = ("i", "f", "g", "o")
    state_names = ("h", "c")

    def __init__(
        self, inputs: int, hidden: int, *, forget_bias: float = 1.0, peepholes: bool = False, **options: Any
    ) -> None:
        forget_bias = as_number("forget_bias", forget_bias, zero=True, negative=True)
        self.peepholes = as_flag("peepholes", peepholes)
        super().__init__(inputs, hidden, **options)
        self.split(self.b_h)[1].fill(forget_bias if self.bias else 0)
        self.is_g = np.repeat(np.array([0, 0, 1, 0], self.dtype), hidden)  # 1 in the block of g, 0 elsewhere
        self.half, self.shift = 0.5 + 0.5 * self.is_g, 0.5 - 0.5 * self.is_g
        self.W_ch = np.zeros((3, hidden), self.dtype)
        self.names += ("W_ch",) if peepholes else ()

    def forward(self, a: FloatArray, s: FloatArray, state: States) -> tuple[States, Kept]:
        """`c_t = f * c_(t-1) + i * g`, `h_t = o * tanh(c_t)`."""
        _, c_before = state
        z = self.look(a + s, c_before)
        gates = self.squash(z)
        i, f, g, o = self.split(gates)
        c = f * c_before + i * g
        if self.peepholes:
            o[...] = sigmoid(self.split(z)[3] + self.W_ch[2] * c)
        tanh_c = np.tanh(c)
        h = o * tanh_c
        return (h, c), (i, f, g, o, c_before, tanh_c, gates)

    def backward(self, d_state: States, kept: Kept) -> tuple[FloatArray, FloatArray, States]:
        """The gradient on c_t has two parts: from h_t through tanh, and from the future through f."""
        (d_h, d_c), (i, f, g, o, c_before, tanh_c, gates) = d_state, kept
        d_c = d_c + d_h * o * (1 - tanh_c**2)
        if self.peepholes:
            d_c += d_h * tanh_c * o * (1 - o) * self.W_ch[2]
        d_i, d_f, d_g, d_o = d_c * g, d_c * c_before, d_c * i, d_h * tanh_c
        d_a = np.concatenate([d_i, d_f, d_g, d_o], axis=1) * ((1 - gates) * (gates + self.is_g))  # (1 - g) (1 + g)
        d_c_before = d_c * f
        if self.peepholes:
            d_a_i, d_a_f, *_ = self.split(d_a)
            d_c_before = d_c_before + d_a_i * self.W_ch[0] + d_a_f * self.W_ch[1]
        return d_a, d_a, (np.dot(d_a, self.W_hh), d_c_before)

    def squash(self, z: FloatArray) -> FloatArray:
        """Sigmoid for i, f, o and tanh for g, all with one tanh: `sigmoid(z) = (1 + tanh(z / 2)) / 2`."""
        return np.tanh(z * self.half) * self.half + self.shift

    def look(self, z: FloatArray, c_before: FloatArray) -> FloatArray:
        """The sums, once i and f have seen the cell state through their peepholes."""
        if self.peepholes:
            z[:, : 2 * self.hidden] += np.tile(c_before, 2) * self.W_ch[:2].ravel()
        return z

    def gradients(self, x: FloatArray, h: FloatArray, d_a: FloatArray, d_s: FloatArray, kept: list[Kept]) -> Grads:
        """As for every cell; and `d_W_ch = sum d_a c`, with c before for i and f, c after for o."""
        grads = super().gradients(x, h, d_a, d_s, kept)
        if self.peepholes:
            i, f, g, _, c_before, *_ = map(np.concatenate, zip(*kept, strict=True))
            d_i, d_f, _, d_o = self.split(d_a)
            pairs = (d_i, c_before), (d_f, c_before), (d_o, f * c_before + i * g)
            grads["W_ch"] = np.stack([np.einsum("nh,nh->h", *pair) for pair in pairs])
        return grads


class GRUCell(Cell):
    """The gated recurrent unit (Cho et al., 2014). z multiplies the OLD state, as in PyTorch, Keras and ONNX.

    `r = sigmoid(W_xr x + W_hr h + b_r)`, `z = sigmoid(W_xz x + W_hz h + b_z)`,  `h_t = z * h_(t-1) + (1 - z) * n`, with
    `n = tanh(W_xn x + b_n + r * (W_hn h + b_hn))` for `reset_after=True` (PyTorch, Keras: one product a step), and
    `n = tanh(W_xn x + b_n + W_hn (r * h))` for `reset_after=False` (the 2014 paper: two products, one after the other).

    W_xh (3H, I), W_hh (3H, H), b_h (3H,) hold the blocks r, z, n; b_hn (H,) exists for `reset_after=True`.
    For its backward pass a step keeps 5H numbers a sequence (three gates, h, and u: `W_hn h + b_hn` or `r * h`),
    besides x. Chapter 06.
    """

    kind = "gru"
    gates = ("r", "z", "n")
    parted = True

    def __init__(self, inputs: int, hidden: int, *, reset_after: bool = True, **options: Any) -> None:
        self.reset_after = as_flag("reset_after", reset_after)
        super().__init__(inputs, hidden, **options)
        self.b_hn = np.zeros(hidden, self.dtype)
        self.names += ("b_hn",) if reset_after and self.bias else ()

    @property
    def W_hn(self) -> FloatArray:
        """The block of W_hh that belongs to n, (H, H)."""
        return self.W_hh[2 * self.hidden :]

    def forward(self, a: FloatArray, s: FloatArray, state: States) -> tuple[States, Kept]:
        """`h_t = z * h_(t-1) + (1 - z) * n`."""
        (h_before,), (a_r, a_z, a_n), (s_r, s_z, s_n) = state, self.split(a), self.split(s)
        r, z = sigmoid(a_r + s_r), sigmoid(a_z + s_z)
        if self.reset_after:
            u = s_n + self.b_hn
            n = tanh(a_n + r * u)
        else:
            u = r * h_before
            n = tanh(a_n + np.dot(u, self.W_hn.T))
        h = z * h_before + (1 - z) * n
        return (h,), (r, z, n, h_before, u)

    def backward(self, d_state: States, kept: Kept) -> tuple[FloatArray, FloatArray, States]:
        """`h_(t-1)` is reached by three roads: through z, through r and n, and directly."""
        (d_h,), (r, z, n, h_before, u) = d_state, kept
        d_n = d_h * (1 - z) * (1 - n**2)
        d_z = d_h * (h_before - n) * z * (1 - z)
        d_h_before = d_h * z
        if self.reset_after:
            d_r, d_u = d_n * u * r * (1 - r), d_n * r
        else:
            d_rh = np.dot(d_n, self.W_hn)
            d_r, d_u = d_rh * h_before * r * (1 - r), np.zeros_like(d_n)
            d_h_before += d_rh * r
        d_a, d_s = (np.concatenate([d_r, d_z, d], axis=1) for d in (d_n, d_u))
        return d_a, d_s, (d_h_before + np.dot(d_s, self.W_hh),)

    def gradients(self, x: FloatArray, h: FloatArray, d_a: FloatArray, d_s: FloatArray, kept: list[Kept]) -> Grads:
        """As for every cell, but before the reset `d_W_hn = sum d_n (r h_before)^T`; and `d_b_hn = sum d_s_n`."""
        grads = super().gradients(x, h, d_a, d_s, kept)
        if not self.reset_after:
            grads["W_hh"][2 * self.hidden :] = np.dot(self.split(d_a)[2].T, np.concatenate([u for *_, u in kept]))
        elif self.bias:
            grads["b_hn"] = np.add.reduce(self.split(d_s)[2], axis=0)
        return grads


STILL = {0.0: -1e4, 0.5: 0.0, 1.0: 1e4}  # the bias at which sigmoid gives exactly this, in float32 and float64


def hold(cell: Cell, **gates: float) -> Cell:
    """A copy of an LSTM or GRU cell whose named gates stand still at 0, 1/2 or 1, whatever it reads.

    `hold(cell, f=1, i=0)` keeps every c as it is, to the last bit. The gate's weights (peepholes, too) become 0, and
    its bias one at which `sigmoid` gives exactly that number. gates: i, f, o of an `LSTMCell`; r, z of a `GRUCell` (g
    and n are candidates, not gates). The given cell is not changed. TypeError for a cell without gates, ValueError for
    a gate that does not exist, another number, or a cell without biases. Chapter 06.
    """
    known = {LSTMCell: "ifo", GRUCell: "rz"}.get(type(cell), "")
    expect(known, f"cell: expected an LSTMCell or a GRUCell, got {type(cell).__name__}", TypeError)
    expect(cell.bias, "cell: expected one with biases; a gate without a bias cannot be held")
    held = deepcopy(cell)
    for name, value in gates.items():
        one_of("gates", name, known)
        expect(as_number(name, value, zero=True) in STILL, f"{name}: expected 0, 0.5 or 1, got {value!r}")
        W_xh, W_hh, b_h = (held.split(array.T)[held.gates.index(name)] for array in (held.W_xh, held.W_hh, held.b_h))
        W_xh[...], W_hh[...], b_h[...] = 0, 0, STILL[value]
        if isinstance(held, LSTMCell):
            held.W_ch[known.index(name)] = 0
    return held
