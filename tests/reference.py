"""The equations written plainly, for the tests: one sequence, one step at a time, differentiated by autograd.

Nothing here is taken from `rnnlib`: only sizes, names of parameters and options are read from its objects. A sequence
is cut to its true length before it is read, so there is no padding and no mask.
"""

import autograd.numpy as np
import numpy
from autograd import grad

from rnnlib.layers import Bidirectional, Conv1D, Dropout, Embedding, Recurrent, Stacked, TreeRNN
from rnnlib.parameters import leaves

# ---- functions ------------------------------------------------------------------------------------------------------


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def relu(a):
    return a * (a > 0)


def log_softmax(z):
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


# ---- one step of each cell ------------------------------------------------------------------------------------------


def rnn_step(cell, p, x, h):
    a = p["W_xh"] @ x + p["W_hh"] @ h[0] + p["b_h"]
    return ({"tanh": np.tanh, "relu": relu, "linear": lambda a: a}[cell.activation](a),)


def lstm_step(cell, p, x, state):
    h, c = state
    W_xi, W_xf, W_xg, W_xo = np.split(p["W_xh"], 4)
    W_hi, W_hf, W_hg, W_ho = np.split(p["W_hh"], 4)
    b_i, b_f, b_g, b_o = np.split(p["b_h"], 4)
    w_i, w_f, w_o = p["W_ch"] if cell.peepholes else (0.0, 0.0, 0.0)
    i = sigmoid(W_xi @ x + W_hi @ h + b_i + w_i * c)
    f = sigmoid(W_xf @ x + W_hf @ h + b_f + w_f * c)
    g = np.tanh(W_xg @ x + W_hg @ h + b_g)
    c_new = f * c + i * g
    o = sigmoid(W_xo @ x + W_ho @ h + b_o + w_o * c_new)
    return o * np.tanh(c_new), c_new


def gru_step(cell, p, x, state):
    (h,) = state
    W_xr, W_xz, W_xn = np.split(p["W_xh"], 3)
    W_hr, W_hz, W_hn = np.split(p["W_hh"], 3)
    b_r, b_z, b_n = np.split(p["b_h"], 3)
    r = sigmoid(W_xr @ x + W_hr @ h + b_r)
    z = sigmoid(W_xz @ x + W_hz @ h + b_z)
    if cell.reset_after:
        n = np.tanh(W_xn @ x + b_n + r * (W_hn @ h + p["b_hn"]))
    else:
        n = np.tanh(W_xn @ x + b_n + W_hn @ (r * h))
    return (z * h + (1 - z) * n,)


STEPS = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}

# ---- layers: one sequence x (n, I) and a first state -> outputs (n, O) and the state at the end ---------------------


def inside(p, part):
    """The parameters of one part: those whose names begin with `part.`"""
    return {name[len(part) + 1 :]: array for name, array in p.items() if name.startswith(part + ".")}


def recurrent(layer, p, x, state):
    cell, n = layer.cell, len(x)
    if not cell.bias:
        p = {"b_h": numpy.zeros(len(cell.gates) * cell.hidden), "b_hn": numpy.zeros(cell.hidden)} | p
    if state is None:
        state = tuple(numpy.zeros(cell.hidden) for _ in cell.state_names)
    state, ys = tuple(state), [None] * n
    for t in reversed(range(n)) if layer.reverse else range(n):
        state = STEPS[cell.kind](cell, p, x[t], state)
        ys[t] = state[0]
    return np.stack(ys) if n else numpy.zeros((0, cell.hidden)), state


def convolution(layer, p, x, state):
    k, d = layer.kernel, layer.dilation
    shift = (k - 1) * d if layer.causal else (k - 1) * d // 2
    ys = []
    for t in range(len(x)):
        a = p["b_k"]
        for j in range(k):
            seen = t + j * d - shift
            if 0 <= seen < len(x):
                a = a + p["W_k"][j] @ x[seen]
        ys.append({"relu": relu, "tanh": np.tanh, None: lambda a: a}[layer.activation](a))
    return np.stack(ys) if ys else numpy.zeros((0, layer.outputs)), ()


def composed(p, x, tree):
    """The vector of a tree's root."""
    if not isinstance(tree, tuple):
        return np.tanh(p["W_xh"] @ x[tree] + p["b_h"])
    left, right = composed(p, x, tree[0]), composed(p, x, tree[1])
    return np.tanh(p["W_lh"] @ left + p["W_rh"] @ right + p["b_n"])


def run(layer, p, x, state=None):
    """Any layer on one sequence. The state of a recurrent layer is a tuple (h,) or (h, c)."""
    if isinstance(layer, Recurrent):
        return recurrent(layer, p, x, state)
    if isinstance(layer, Conv1D):
        return convolution(layer, p, x, state)
    if isinstance(layer, Embedding):
        table = p.get("W_e", layer.W_e)
        return np.stack([table[k] for k in x]) if len(x) else numpy.zeros((0, layer.outputs)), ()
    if isinstance(layer, Bidirectional):
        left, right = (None, None) if state is None else state
        y_left, left = run(layer.left, inside(p, "left"), x, left)
        y_right, right = run(layer.right, inside(p, "right"), x, right)
        return np.concatenate([y_left, y_right], axis=1), (left, right)
    if isinstance(layer, Stacked):
        whole = [part for part in layer.layers if not isinstance(part, Dropout)]
        finals = []
        for k, part in enumerate(whole):
            x, final = run(part, inside(p, str(k)), x, None if state is None else state[k])
            finals.append(final)
        return x, tuple(finals)
    raise TypeError(layer)


def summary(layer, y, final):
    """What a layer knows at the end: the final h where it has one (of both directions), else the last output."""
    if isinstance(layer, Stacked):
        return summary(layer.layers[-1], y, final[-1])
    if isinstance(layer, Bidirectional):
        return np.concatenate([summary(layer.left, y, final[0]), summary(layer.right, y, final[1])])
    return final[0] if isinstance(layer, Recurrent) else y[-1]


# ---- comparison -----------------------------------------------------------------------------------------------------


def alike(got, want, tolerance=1e-10, floor=1e-14):
    """Whether two arrays agree: `|got - want| <= tolerance (|got| + |want|)`, in the norm of the whole array.

    Less than `floor` is no difference: where terms cancel, their rounding stays.
    """
    got, want = numpy.asarray(got), numpy.asarray(want)
    if got.shape != want.shape or not (numpy.isfinite(got).all() and numpy.isfinite(want).all()):
        return False
    size = numpy.linalg.norm(got) + numpy.linalg.norm(want)
    return bool(numpy.linalg.norm(got - want) <= tolerance * size + floor)


def assert_alike(got, want, tolerance=1e-10, floor=1e-14):
    """Two dictionaries name -> array agree in every entry."""
    assert sorted(got) == sorted(want)
    wrong = {name: (got[name], want[name]) for name in want if not alike(got[name], want[name], tolerance, floor)}
    assert not wrong, wrong


def state_of(layer, state, arrays, b):
    """Sequence b of a batch's state, nested as the layer is, out of an iterator over its arrays."""
    if state is None:
        return None
    if isinstance(layer, Recurrent):
        return tuple(next(arrays)[b] for _ in layer.cell.state_names)
    parts = (layer.left, layer.right) if isinstance(layer, Bidirectional) else getattr(layer, "layers", ())
    return tuple(state_of(part, s, arrays, b) for part, s in zip(parts, state, strict=True))


def plainly(layer, x, state, lengths, d_y, d_final):
    """Outputs, final state and all gradients of a layer on a batch, from the plain equations."""
    T, B = x.shape[:2]
    ends = [T] * B if lengths is None else [int(n) for n in lengths]

    def one(free, b):
        p = {name: free[f"d {name}"] for name in layer.params}
        arrays = iter([free[f"d state {k}"] for k in range(len(leaves(state)))])
        return run(layer, p, free.get("d x", x)[: ends[b], b], state_of(layer, state, arrays, b))

    def loss(boxes):
        free = {name: boxes[name] for name in names}
        total = sum(
            0.0 * np.sum(array) for array in free.values()
        )  # so that it depends on all, even where all is empty
        for b in range(B):
            y, final = one(free, b)
            total = total + np.sum(y * d_y[: ends[b], b])
            for s, d in zip(leaves(final), leaves(d_final), strict=True):
                total = total + np.sum(s * d[b])
        return total

    free = {f"d {name}": array.copy() for name, array in layer.params.items()}
    free |= {f"d state {k}": array for k, array in enumerate(leaves(state))}
    free |= {"d x": x} if x.dtype.kind == "f" else {}
    names = list(free)
    results = [one(free, b) for b in range(B)]
    y = numpy.zeros((T, B, layer.outputs))
    for b, (y_b, _) in enumerate(results):
        y[: ends[b], b] = y_b
    finals = zip(*(leaves(final) for _, final in results), strict=True)
    found = {"y": y} | {f"final {k}": numpy.stack(parts) for k, parts in enumerate(finals)}
    return found | grad(loss)(free)


def by_library(layer, x, state, lengths, d_y, d_final):
    """The same from the layer itself."""
    y, final, tape = layer.forward(x, state, lengths)
    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    found = {"y": y} | {f"final {k}": array for k, array in enumerate(leaves(final))}
    found |= {f"d {name}": array for name, array in grads.items()}
    found |= {f"d state {k}": array for k, array in enumerate(leaves(d_state))} if state is not None else {}
    return found | ({"d x": d_x} if d_x is not None else {})


def tree_by_hand(layer: TreeRNN, forest, d_y):
    """Outputs and gradients of a TreeRNN from the plain recursion."""

    def loss(free):
        p, x = free
        return sum(np.sum(composed(p, x[:, b], tree) * d_y[0, b]) for b, tree in enumerate(forest.trees))

    p = {name: array.copy() for name, array in layer.params.items()}
    y = numpy.stack([composed(p, forest.x[:, b], tree) for b, tree in enumerate(forest.trees)])[None]
    d_p, d_x = grad(loss)((p, forest.x))
    return {"y": y, "d x": d_x} | {f"d {name}": array for name, array in d_p.items()}
