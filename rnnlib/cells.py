"""One time step, forward and back. A cell holds parameters and nothing else; time lives in `layers.Recurrent`.

Every cell is written once, as two short methods that read as its equations:

- `advance(W, a, *before, *after, *extras)` does one step. On entry `a` (B, G*H) holds the input part `W_xh x_t + b_h`;
  on exit it holds the gates (after their activation), and the new state has been written into `after`.
- `retreat(*d_state, *d_parts, a, *before, *after, *extras)` does one step back: it turns the gradient on the state
  after the step (in place) into the gradient on the state before, and writes the gradient on `a` into `d_parts`.

Only `W_hh h` has to wait for the step before. So the input part is one product for all steps before the loop, and the
weight gradients are one product each after it. `step` and `step_back` are these methods for a single step.
"""

from __future__ import annotations

from copy import copy, deepcopy
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .functions import FloatArray, linear, linear_slope, relu, relu_slope, sigmoid, sigmoid_slope, tanh_slope
from .parameters import Grads, Parametric, as_dtype, as_floats, as_number, as_size, initial

__all__ = ["Cell", "GRUCell", "LSTMCell", "RNNCell", "State", "Tape"]

State = Any  # h (B, H), or for an LSTM the pair (h, c)


ACTIVATIONS: dict[str, tuple[Any, Any]] = {  # of the plain cell: the function, and its slope from its value
    "tanh": (np.tanh, tanh_slope),
    "relu": (relu, relu_slope),
    "linear": (linear, linear_slope),
}


class Tape:
    """The arrays of a run over T steps: what its steps write, and what its backward pass needs.

    x (T, B, I) the input; a: gates, in the cell's pieces (T, B, k*H); states: for each (T+1, B, H), the first included;
    extras: for each extra of the cell (T, B, H); before, after: views (T, B, H) of the states before and after each
    step; rows: for each step, in the order of running, its arguments for `advance`.
    """

    def __init__(self, cell: Cell, T: int, B: int, reverse: bool = False) -> None:
        shape, self.reverse = (T, B, cell.hidden), reverse
        self.states = [np.empty((T + 1, B, cell.hidden), cell.dtype) for _ in cell.state_names]
        later, earlier = [s[1:] for s in self.states], [s[:-1] for s in self.states]
        self.before, self.after = (later, earlier) if reverse else (earlier, later)
        self.extras = [np.empty(shape, cell.dtype) for _ in cell.extra_names]
        self.a = cell.room(self.after[0])
        self.flat_a = [_flat(piece) for piece in self.a]
        self.x: FloatArray = np.empty((T, B, 0), cell.dtype)
        self.first, self.last = (T, 0) if reverse else (0, T)
        self.rows = self._in_order(*self.a, *self.before, *self.after, *self.extras)
        self.d_state: list[FloatArray] = []
        self.d_parts: list[FloatArray] = []

    def _in_order(self, *arrays: FloatArray) -> list[tuple[FloatArray, ...]]:
        step = -1 if self.reverse else 1
        return list(zip(*(array[::step] for array in arrays), strict=True))

    def at(self, t: int) -> Tape:
        """The same tape with step t alone: what `d_params` makes of it is that step's share of the gradient."""
        one, here = copy(self), slice(t, t + 1)
        one.x, one.a = self.x[here], [piece[here] for piece in self.a]
        one.before, one.after = [s[here] for s in self.before], [s[here] for s in self.after]
        one.extras, one.d_parts = [e[here] for e in self.extras], [d[here] for d in self.d_parts]
        return one

    def prepare_back(self, cell: Cell) -> None:
        """Room for the gradients, and the arguments of `retreat` for each step (in the order of running)."""
        if not self.d_state:
            self.d_state = [np.empty_like(s[0]) for s in self.states]
            self.d_parts = [np.empty_like(piece) for piece in self.a + self.extras[: cell.more_gradients]]
            d_rows = self._in_order(*self.d_parts)
            self.back_rows = [(*self.d_state, *d, *row) for d, row in zip(d_rows, self.rows, strict=True)]


class Cell(Parametric):
    """What the cells share: sizes, first values, and the products that do not wait for the step before."""

    kind: ClassVar[str]
    gates: ClassVar[tuple[str, ...]]  # the blocks of the stacked arrays, in their order
    state_names: ClassVar[tuple[str, ...]] = ("h",)
    extra_names: ClassVar[tuple[str, ...]] = ()  # arrays that only the backward pass needs
    pieces: ClassVar[tuple[int, ...]] = (1,)  # how many gates lie side by side in one array
    more_gradients = 0  # how many extras have a gradient of their own
    names = ("W_xh", "W_hh", "b_h")
    W_xh: FloatArray
    W_hh: FloatArray
    b_h: FloatArray

    def __init__(
        self,
        inputs: int,
        hidden: int,
        *,
        rng: np.random.Generator,
        init: float | str = "uniform",
        bias: bool = True,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.inputs, self.hidden = as_size("inputs", inputs), as_size("hidden", hidden)
        self.dtype, self.bias = as_dtype(dtype), bool(bias)
        rows = len(self.gates) * self.hidden
        spread = "uniform" if isinstance(init, str) else init  # orthogonal and identity are for square blocks
        self.W_xh = initial(spread, (rows, inputs), hidden, rng, self.dtype)
        self.W_hh = initial(init, (rows, hidden), hidden, rng, self.dtype)
        self.b_h = np.zeros(rows, self.dtype)
        self.blocks = [slice(k * hidden, (k + 1) * hidden) for k in range(len(self.gates))]
        stops = np.cumsum(self.pieces) * self.hidden
        self.rows = [slice(stop - k * self.hidden, stop) for k, stop in zip(self.pieces, stops.tolist(), strict=True)]

    def own(self) -> tuple[str, ...]:
        return self.names if self.bias else tuple(name for name in self.names if not name.startswith("b_"))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(inputs={self.inputs}, hidden={self.hidden})"

    # ---- one step -------------------------------------------------------------------------------------------------

    def advance(self, W: list[FloatArray], *rows: FloatArray) -> None:
        """One step forward, written into arrays that exist. W: `W_hh^T` in the cell's pieces, from `turned`."""
        raise NotImplementedError

    def retreat(self, *rows: FloatArray) -> None:
        """One step back, written into arrays that exist."""
        raise NotImplementedError

    def step(self, x: ArrayLike, state: State = None) -> tuple[State, Tape]:
        """One step: x (B, I) and the state before -> the state after, and what `step_back` needs.

        A state is h (B, H); for an LSTM the pair (h, c); None is all zeros. ValueError for a shape that does not fit.
        """
        x = as_floats("x", x, ("B", self.inputs), self.dtype)
        tape = Tape(self, 1, len(x))
        self.load(tape, x[None], None if state is None else self.unpack(state, len(x)))
        self.advance(self.turned(len(x)), *tape.rows[0])
        return self.pack([after[0] for after in tape.after]), tape

    def step_back(self, d_state: State, tape: Tape) -> tuple[FloatArray, State, Grads]:
        """One step back: the gradient on the state after -> d_x (B, I), the gradient on the state before, d_params."""
        self.load_back(tape, self.unpack(d_state, tape.x.shape[1], "d_state"))
        self.retreat(*tape.back_rows[0])
        return self.d_inputs(tape)[0], self.pack([d.copy() for d in tape.d_state]), self.d_params(tape)

    # ---- states ---------------------------------------------------------------------------------------------------

    def pack(self, states: list[FloatArray]) -> State:
        """The list of state arrays as the reader sees it: h, or (h, c)."""
        return states[0] if len(states) == 1 else tuple(states)

    def unpack(self, state: State, B: int, name: str = "state") -> list[FloatArray]:
        """The state as a list of arrays (B, H); None is zeros."""
        if state is None:
            return [np.zeros((B, self.hidden), self.dtype) for _ in self.state_names]
        if len(self.state_names) == 1:
            return [as_floats(name, state, (B, self.hidden), self.dtype)]
        given = state
        if not isinstance(given, (list, tuple)) or len(given) != len(self.state_names):
            raise ValueError(f"{name}: expected ({', '.join(self.state_names)}), got {type(state).__name__}")
        labels = [f"{name} {s}" for s in self.state_names]
        return [as_floats(label, s, (B, self.hidden), self.dtype) for label, s in zip(labels, given, strict=True)]

    # ---- all steps ------------------------------------------------------------------------------------------------

    def load(self, tape: Tape, x: FloatArray, state: list[FloatArray] | None = None) -> None:
        """Put the input and the first state on the tape: `a` becomes the input part `W_xh x_t + b_h` of all steps."""
        tape.x = x
        for k, s in enumerate(tape.states):
            s[tape.first] = 0 if state is None else state[k]
        flat_x = _flat(x)
        for rows, a in zip(self.rows, tape.flat_a, strict=True):
            np.dot(flat_x, self.W_xh[rows].T, out=a)
            if self.bias:
                a += self.b_h[rows]

    def load_back(self, tape: Tape, d_final: list[FloatArray] | None = None) -> None:
        """Put the gradient on the final state on the tape."""
        tape.prepare_back(self)
        for k, d in enumerate(tape.d_state):
            d[...] = 0 if d_final is None else d_final[k]

    def turned(self, count: int) -> list[FloatArray]:
        """`W_hh^T` in the cell's pieces. Where it is used often (count = T * B), a copy that lies in memory as the
        product reads it pays for itself."""
        views = [self.W_hh[rows].T for rows in self.rows]
        return [np.ascontiguousarray(view) for view in views] if count >= 64 else views

    def room(self, h: FloatArray) -> list[FloatArray]:
        """Where `a` lives: arrays of its own (a cell without gates lets it become h in place)."""
        T, B, H = h.shape
        return [np.empty((T, B, count * H), self.dtype) for count in self.pieces]

    def d_inputs(self, tape: Tape) -> FloatArray:
        """`d_x_t = W_xh^T d_a_t` for all steps at once: (T, B, I)."""
        parts = [np.dot(_flat(d), self.W_xh[rows]) for rows, d in zip(self.rows, tape.d_parts, strict=False)]
        return sum(parts[1:], start=parts[0]).reshape(tape.x.shape)

    def d_params(self, tape: Tape, into: Grads | None = None) -> Grads:
        """`d_W_xh = sum_t d_a_t x_t^T`, `d_W_hh = sum_t d_a_t h_(t-1)^T`, `d_b_h = sum_t d_a_t`."""
        grads = self.blank() if into is None else into
        x, h = _flat(tape.x), _flat(tape.before[0])
        for rows, d in zip(self.rows, tape.d_parts, strict=False):
            d_a = _flat(d)
            np.dot(d_a.T, x, out=grads["W_xh"][rows])
            np.dot(d_a.T, h, out=grads["W_hh"][rows])
            if self.bias:
                np.add.reduce(d_a, axis=0, out=grads["b_h"][rows])
        return grads

    def split(self, a: FloatArray) -> list[FloatArray]:
        """Views of the gates in a stacked array (..., G*H)."""
        return [a[..., block] for block in self.blocks]


def _flat(array: FloatArray) -> FloatArray:
    """(T, B, N) -> (T * B, N)."""
    return array.reshape(-1, array.shape[2])


class RNNCell(Cell):
    """The plain recurrent cell (Elman, 1990): `h_t = tanh(W_xh x_t + W_hh h_(t-1) + b_h)`.

    W_xh (H, I), W_hh (H, H), b_h (H,). `activation="relu"` puts `max(., 0)` in place of tanh, `activation="linear"`
    leaves it out: then nothing bounds the state, and dh_T/dh_t is `W_hh` to the power T - t whatever is read.
    For its backward pass a step keeps h: H numbers a sequence, besides x. Chapters 02 and 04.
    """

    kind = "rnn"
    gates = ("h",)

    def __init__(self, inputs: int, hidden: int, *, activation: str = "tanh", **options: Any) -> None:
        if activation not in tuple(ACTIVATIONS):
            raise ValueError(f'activation: expected "tanh", "relu" or "linear", got {activation!r}')
        super().__init__(inputs, hidden, **options)
        self.activation = activation
        self._act, self._slope = ACTIVATIONS[activation]

    def slope(self, h: FloatArray) -> FloatArray:
        """The slope of the activation where it gave h: `1 - h**2` for tanh. Any shape."""
        slope: FloatArray = self._slope(h)
        return slope

    def room(self, h: FloatArray) -> list[FloatArray]:
        return [h]

    def advance(  # type: ignore[override]
        self, W: list[FloatArray], a: FloatArray, h: FloatArray, h_new: FloatArray
    ) -> None:
        """`h_t = tanh(a_t + W_hh h_(t-1))`; `a` and `h_new` are the same array."""
        a += np.dot(h, W[0])
        self._act(a, h_new)

    def load_back(self, tape: Tape, d_final: list[FloatArray] | None = None) -> None:
        """Also the slopes of all steps at once; each step back multiplies its own by the gradient that arrives."""
        super().load_back(tape, d_final)
        self._slope(tape.a[0], tape.d_parts[0])

    def retreat(  # type: ignore[override]
        self, d_h: FloatArray, d_a: FloatArray, a: FloatArray, h: FloatArray, h_new: FloatArray
    ) -> None:
        """`d_a_t = d_h_t * (1 - h_t**2)`, `d_h_(t-1) = W_hh^T d_a_t`."""
        d_a *= d_h
        np.dot(d_a, self.W_hh, out=d_h)


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
    pieces = (4,)
    state_names = ("h", "c")
    extra_names = ("tanh_c",)
    W_ch: FloatArray

    def __init__(
        self, inputs: int, hidden: int, *, forget_bias: float = 1.0, peepholes: bool = False, **options: Any
    ) -> None:
        super().__init__(inputs, hidden, **options)
        self.peepholes = bool(peepholes)
        as_number("forget_bias", abs(forget_bias) if isinstance(forget_bias, (int, float)) else forget_bias, zero=True)
        if self.bias:
            self.b_h[hidden : 2 * hidden] = forget_bias
        self.W_ch = np.zeros((3, hidden), self.dtype)
        self._half = np.repeat(np.array([0.5, 0.5, 1.0, 0.5], self.dtype), hidden)  # sigmoid(a) = 1/2 + tanh(a/2) / 2
        self._rest = np.repeat(np.array([0.5, 0.5, 0.0, 0.5], self.dtype), hidden)  # for i, f, o; and g = tanh(a)
        self._ones = np.repeat(np.array([0.0, 0.0, 1.0, 0.0], self.dtype), hidden)

    def own(self) -> tuple[str, ...]:
        return super().own() + (("W_ch",) if self.peepholes else ())

    def advance(  # type: ignore[override]
        self,
        W: list[FloatArray],
        a: FloatArray,
        h: FloatArray,
        c: FloatArray,
        h_new: FloatArray,
        c_new: FloatArray,
        tanh_c: FloatArray,
    ) -> None:
        """`c_t = f * c_(t-1) + i * g`, `h_t = o * tanh(c_t)`."""
        a += np.dot(h, W[0])
        i, f, g, o = self.split(a)
        peep = self._peep(a, c) if self.peepholes else None
        self.squash(a)
        np.multiply(f, c, out=c_new)
        c_new += i * g
        if peep is not None:
            sigmoid(peep + self.W_ch[2] * c_new, out=o)
        np.multiply(o, np.tanh(c_new, out=tanh_c), out=h_new)

    def squash(self, a: FloatArray) -> None:
        """Sigmoid for i, f and o, tanh for g, in one go over the four gates side by side."""
        a *= self._half
        np.tanh(a, out=a)
        a *= self._half
        a += self._rest

    def _peep(self, a: FloatArray, c: FloatArray) -> FloatArray:
        """i and f look at c before; o, which looks at c after, has to wait: here is what it has so far."""
        i, f, _, o = self.split(a)
        i += self.W_ch[0] * c
        f += self.W_ch[1] * c
        return o.copy()

    def retreat(  # type: ignore[override]
        self,
        d_h: FloatArray,
        d_c: FloatArray,
        d_a: FloatArray,
        a: FloatArray,
        h: FloatArray,
        c: FloatArray,
        h_new: FloatArray,
        c_new: FloatArray,
        tanh_c: FloatArray,
    ) -> None:
        """The gradient on c_t has two parts: from h_t through tanh, and from the future through f."""
        i, f, g, o = self.split(a)
        d_i, d_f, d_g, d_o = self.split(d_a)
        through = h_new * tanh_c  # d h / d c = o (1 - tanh(c)**2) = o - h tanh(c)
        np.subtract(o, through, out=through)
        through *= d_h
        d_c += through
        if self.peepholes:
            d_c += d_h * tanh_c * sigmoid_slope(o) * self.W_ch[2]
        np.multiply(d_c, g, out=d_i)
        np.multiply(d_c, c, out=d_f)
        np.multiply(d_c, i, out=d_g)
        np.multiply(d_h, tanh_c, out=d_o)
        slopes = 1 - a  # (1 - s) s for i, f and o, (1 - g) (1 + g) for g
        slopes *= a + self._ones
        d_a *= slopes
        d_c *= f
        if self.peepholes:
            d_c += d_i * self.W_ch[0] + d_f * self.W_ch[1]
        np.dot(d_a, self.W_hh, out=d_h)

    def d_params(self, tape: Tape, into: Grads | None = None) -> Grads:
        grads = super().d_params(tape, into)
        if self.peepholes:
            d_i, d_f, _, d_o = self.split(tape.d_parts[0])
            before, after = tape.before[1], tape.after[1]
            for row, (d, c) in enumerate(((d_i, before), (d_f, before), (d_o, after))):
                np.einsum("tbh,tbh->h", d, c, out=grads["W_ch"][row])
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
    pieces = (2, 1)  # r and z side by side; n, which waits for r, apart
    extra_names = ("u",)
    b_hn: FloatArray

    def __init__(self, inputs: int, hidden: int, *, reset_after: bool = True, **options: Any) -> None:
        super().__init__(inputs, hidden, **options)
        self.reset_after = bool(reset_after)
        self.more_gradients = 1 if reset_after else 0  # d_u = r * d_n, which arrives at W_hn in place of d_n
        self.b_hn = np.zeros(hidden, self.dtype)

    def own(self) -> tuple[str, ...]:
        return super().own() + (("b_hn",) if self.reset_after and self.bias else ())

    def advance(  # type: ignore[override]
        self, W: list[FloatArray], rz: FloatArray, n: FloatArray, h: FloatArray, h_new: FloatArray, u: FloatArray
    ) -> None:
        """`h_t = z * h_(t-1) + (1 - z) * n`, written as `n + z * (h_(t-1) - n)`."""
        rz += np.dot(h, W[0])
        sigmoid(rz, out=rz)
        r, z = rz[:, : self.hidden], rz[:, self.hidden :]
        n += self._from_state(r, h, W[1], u)
        np.tanh(n, out=n)
        np.subtract(h, n, out=h_new)
        h_new *= z
        h_new += n

    def _from_state(self, r: FloatArray, h: FloatArray, W_hn: FloatArray, u: FloatArray) -> FloatArray:
        """What the state gives to n: `r * u` with `u = W_hn h + b_hn`, or `W_hn u` with `u = r * h`."""
        if not self.reset_after:
            product: FloatArray = np.dot(np.multiply(r, h, out=u), W_hn)
            return product
        np.dot(h, W_hn, out=u)
        u += self.b_hn
        return r * u

    def retreat(  # type: ignore[override]
        self, d_h: FloatArray, d_rz: FloatArray, d_n: FloatArray, *rows: FloatArray
    ) -> None:
        """`h_(t-1)` is reached by three roads: through z, through r and n, and directly."""
        *d_u, rz, n, h, _, u = rows
        W_hrz, W_hn = (self.W_hh[rows] for rows in self.rows)
        r, z, d_r, d_z = rz[:, : self.hidden], rz[:, self.hidden :], d_rz[:, : self.hidden], d_rz[:, self.hidden :]
        tanh_slope(n, out=d_n)
        d_n *= d_h * (1 - z)
        np.multiply(d_h, h - n, out=d_z)
        d_h *= z
        if self.reset_after:
            np.multiply(d_n, u, out=d_r)
            d_h += np.dot(np.multiply(d_n, r, out=d_u[0]), W_hn)
        else:
            d_rh = np.dot(d_n, W_hn)
            np.multiply(d_rh, h, out=d_r)
            d_h += d_rh * r
        d_rz *= sigmoid_slope(rz)
        d_h += np.dot(d_rz, W_hrz)

    def d_params(self, tape: Tape, into: Grads | None = None) -> Grads:
        """As for every cell, but for W_hn: `sum_t d_u_t h_(t-1)^T`, or before the reset `sum_t d_n_t (r_t
        h_(t-1))^T`.
        """
        grads = super().d_params(tape, into)
        d_last, into_n = _flat(tape.d_parts[-1]), grads["W_hh"][self.rows[1]]
        np.dot(d_last.T, _flat(tape.before[0] if self.reset_after else tape.extras[0]), out=into_n)
        if self.reset_after and self.bias:
            np.add.reduce(d_last, axis=0, out=grads["b_hn"])
        return grads


STILL = {0.0: -1e4, 0.5: 0.0, 1.0: 1e4}  # the bias at which sigmoid gives exactly this, in float32 and float64


def hold(cell: Cell, **gates: float) -> Cell:
    """A copy of an LSTM or GRU cell whose named gates stand still at 0, 1/2 or 1, whatever it reads.

    `hold(cell, f=1, i=0)` keeps every c as it is, to the last bit. The gate's weights (peepholes, too) become 0, and
    its bias one at which `sigmoid` gives exactly that number. gates: i, f, o of an `LSTMCell`; r, z of a `GRUCell` (g
    and n are candidates, not gates). The given cell is not changed. TypeError for a cell without gates, ValueError for
    a gate that does not exist, another number, or a cell without biases. Chapter 06.
    """
    known = {LSTMCell: ("i", "f", "o"), GRUCell: ("r", "z")}.get(type(cell), ())
    if not known:
        raise TypeError(f"cell: expected an LSTMCell or a GRUCell, got {type(cell).__name__}")
    if not cell.bias:
        raise ValueError("cell: expected one with biases; a gate without a bias cannot be held")
    held = deepcopy(cell)
    for name, value in gates.items():
        if name not in known:
            raise ValueError(f"gates: expected some of {', '.join(known)}, got {name!r}")
        if value not in STILL:
            raise ValueError(f"{name}: expected 0, 0.5 or 1, got {value!r}")
        rows = held.blocks[held.gates.index(name)]
        held.W_xh[rows] = held.W_hh[rows] = 0
        held.b_h[rows] = STILL[value]
        if isinstance(held, LSTMCell):
            held.W_ch[("i", "f", "o").index(name)] = 0
    return held
