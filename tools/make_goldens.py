"""Make tests/goldens/*.npz: what PyTorch, the ONNX reference evaluator and Keras compute in float64, for the tests.

Run from the folder of the project: `pip install -e .[parity]`, then `python -m tools.make_goldens`. The library
takes no part: the numbers come from the other side alone. tests/parity makes larger cases with the same functions.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

import numpy as np

from tests.goldens import Case, write

Arrays = dict[str, Any]
LENGTHS = (4, 1, 5)
FORMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "no bias": {"bias": False},
    "two layers": {"num_layers": 2},
    "bidirectional": {"bidirectional": True},
    "packed": {"lengths": LENGTHS},
    "packed, two layers, bidirectional": {"lengths": LENGTHS, "num_layers": 2, "bidirectional": True},
    "zero state": {"zero_state": True},
    "two windows": {"window": 3},
}
KINDS = {"rnn tanh": ("rnn", "tanh"), "rnn relu": ("rnn", "relu"), "lstm": ("lstm", "tanh"), "gru": ("gru", "tanh")}


# ---- PyTorch ------------------------------------------------------------------------------------------------------


def pytorch_case(
    kind: str,
    nonlinearity: str = "tanh",
    *,
    seed: int,
    T: int = 5,
    B: int = 3,
    inputs: int = 2,
    hidden: int = 3,
    num_layers: int = 1,
    bidirectional: bool = False,
    bias: bool = True,
    lengths: tuple[int, ...] = (),
    zero_state: bool = False,
    window: int = 0,
) -> Case:
    """One run forward and back in float64: outputs, final states, and the gradient of `sum(output * d_output) + ...`.

    window: the run is cut into pieces of so many steps; the state between two pieces is detached (truncated
    backpropagation through time), and the gradients on the weights add up.
    """
    torch: Any = import_module("torch")
    rng = np.random.default_rng(seed)
    options: dict[str, Any] = {"num_layers": num_layers, "bidirectional": bidirectional, "bias": bias}
    if kind == "rnn":
        options["nonlinearity"] = nonlinearity
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](inputs, hidden, **options)
    module = module.double()
    for weight in module.parameters():
        weight.data = torch.from_numpy(rng.standard_normal(weight.shape) / hidden**0.5)
    D = 2 if bidirectional else 1
    names = ("h", "c") if kind == "lstm" else ("h",)
    shape = (num_layers * D, B, hidden)
    arrays: Arrays = {"x": rng.standard_normal((T, B, inputs)), "d_output": rng.standard_normal((T, B, D * hidden))}
    arrays |= {f"first_{s}": rng.standard_normal(shape) for s in names if not zero_state}
    arrays |= {f"d_last_{s}": rng.standard_normal(shape) for s in names}
    arrays |= {f"weight:{name}": tensor.numpy().copy() for name, tensor in module.state_dict().items()}
    _run_pytorch(torch, module, arrays, names, lengths, window or T)
    settings = {"kind": kind, "nonlinearity": nonlinearity, "num_layers": num_layers, "window": window or T}
    return Case(settings | {"bidirectional": bidirectional, "lengths": list(lengths)}, arrays)


def _run_pytorch(
    torch: Any, module: Any, arrays: Arrays, names: tuple[str, ...], lengths: tuple[int, ...], window: int
) -> None:
    """Run the module over all windows, and put what came out beside what went in."""
    x = torch.tensor(arrays["x"], requires_grad=True)
    given = [torch.tensor(arrays[f"first_{s}"], requires_grad=True) for s in names if f"first_{s}" in arrays]
    state: Any = None if not given else (tuple(given) if len(names) == 2 else given[0])
    outputs = []
    for start in range(0, len(x), window):
        piece = x[start : start + window]
        if lengths:
            piece = torch.nn.utils.rnn.pack_padded_sequence(piece, lengths, enforce_sorted=False)
        output, last = module(piece, state)
        if lengths:
            output, _ = torch.nn.utils.rnn.pad_packed_sequence(output, total_length=len(x))
        loss = (output * torch.tensor(arrays["d_output"][start : start + window])).sum()
        lasts = last if len(names) == 2 else (last,)
        if start + window >= len(x):
            loss = loss + sum(
                (a * torch.tensor(arrays[f"d_last_{s}"])).sum() for s, a in zip(names, lasts, strict=True)
            )
        loss.backward()
        outputs.append(output.detach().numpy())
        detached = tuple(a.detach() for a in lasts)
        state = detached if len(names) == 2 else detached[0]
    arrays["output"] = np.concatenate(outputs)
    arrays |= {f"last_{s}": a.detach().numpy() for s, a in zip(names, lasts, strict=True)}
    arrays["d_x"] = x.grad.numpy()
    arrays |= {f"d_first_{s}": a.grad.numpy() for s, a in zip(names, given, strict=False)}
    arrays |= {f"gradient:{name}": weight.grad.numpy() for name, weight in module.named_parameters()}


# ---- ONNX ---------------------------------------------------------------------------------------------------------


def onnx_case(
    op_type: str,
    *,
    seed: int,
    direction: str = "forward",
    layout: int = 0,
    bias: bool = True,
    peepholes: bool = False,
    initial: bool = False,
    lengths: tuple[int, ...] = (),
    linear_before_reset: int = 0,
    activation: str = "",
    T: int = 5,
    B: int = 3,
    inputs: int = 2,
    hidden: int = 3,
) -> Case:
    """The outputs of one node by `onnx.reference.ReferenceEvaluator`, in float64.

    The evaluator does not look at sequence_lens; so with lengths it runs on each sequence alone, cut to its length.
    """
    rng = np.random.default_rng(seed)
    G, D = {"RNN": 1, "LSTM": 4, "GRU": 3}[op_type], 2 if direction == "bidirectional" else 1
    shapes: dict[str, tuple[int, ...]] = {
        "X": (T, B, inputs),
        "W": (D, G * hidden, inputs),
        "R": (D, G * hidden, hidden),
    }
    shapes |= {"B": (D, 2 * G * hidden)} if bias else {}
    shapes |= {f"initial_{s}": (D, B, hidden) for s in "hc"[: 2 if op_type == "LSTM" else 1]} if initial else {}
    shapes |= {"P": (D, 3 * hidden)} if peepholes else {}
    arrays: Arrays = {name: rng.standard_normal(shape) * 0.7 for name, shape in shapes.items()}
    attributes: dict[str, Any] = {"hidden_size": hidden, "direction": direction, "layout": layout}
    attributes |= {"linear_before_reset": linear_before_reset} if op_type == "GRU" else {}
    attributes |= {"activations": [activation] * D} if activation else {}
    if layout:
        arrays |= {n: arrays[n].swapaxes(0, 1).copy() for n in ("X", "initial_h", "initial_c") if n in arrays}
    outputs = (
        _run_onnx(op_type, arrays, attributes) if not lengths else _run_alone(op_type, arrays, attributes, lengths)
    )
    names = ("Y", "Y_h", "Y_c")[: len(outputs)]
    settings = {"op_type": op_type, "attributes": attributes, "lengths": list(lengths)}
    return Case(settings, arrays | dict(zip(names, outputs, strict=True)))


def onnx_node(op_type: str, arrays: Arrays, attributes: dict[str, Any], more: tuple[str, ...] = ()) -> Any:
    """The node, with an empty name for each input that is not given."""
    helper: Any = import_module("onnx").helper
    order = ["X", "W", "R", "B", "sequence_lens", "initial_h", *(["initial_c", "P"] if op_type == "LSTM" else [])]
    names = [name if name in arrays or name in more else "" for name in order]
    while not names[-1]:
        names.pop()
    outputs = ["Y", "Y_h", "Y_c"][: 3 if op_type == "LSTM" else 2]
    return helper.make_node(op_type, inputs=names, outputs=outputs, **attributes)


def _run_onnx(op_type: str, arrays: Arrays, attributes: dict[str, Any]) -> list[Any]:
    evaluator: Any = import_module("onnx.reference").ReferenceEvaluator
    result: list[Any] = evaluator(onnx_node(op_type, arrays, attributes)).run(None, arrays)
    return result


def _run_alone(op_type: str, arrays: Arrays, attributes: dict[str, Any], lengths: tuple[int, ...]) -> list[Any]:
    """Every sequence by itself; Y is 0 past its end."""
    layout = attributes["layout"]
    batch, time = (0, 1) if layout else (1, 0)
    states = [name for name in ("initial_h", "initial_c") if name in arrays]
    columns = []
    for b, length in enumerate(lengths):
        one = arrays | {name: np.take(arrays[name], [b], axis=batch) for name in ("X", *states)}
        one["X"] = np.take(one["X"], range(length), axis=time)
        Y, *ends = _run_onnx(op_type, one, attributes)
        room = [(0, 0)] * 4
        room[time] = (0, arrays["X"].shape[time] - length)
        columns.append([np.pad(Y, room), *ends])
    axes = (0, 0, 0) if layout else (2, 1, 1)
    return [np.concatenate(parts, axis=axis) for parts, axis in zip(zip(*columns, strict=True), axes, strict=False)]


def onnx_cases() -> dict[str, Case]:
    operators: dict[str, dict[str, Any]] = {
        "RNN": {"op_type": "RNN"},
        "LSTM": {"op_type": "LSTM"},
        "LSTM peepholes": {"op_type": "LSTM", "peepholes": True},
        "GRU": {"op_type": "GRU"},
        "GRU linear_before_reset": {"op_type": "GRU", "linear_before_reset": 1},
    }
    forms: dict[str, dict[str, Any]] = {
        "forward, no bias": {"bias": False},
        "reverse, initial": {"direction": "reverse", "initial": True},
        "bidirectional, ragged": {"direction": "bidirectional", "lengths": LENGTHS, "initial": True},
        "reverse, ragged": {"direction": "reverse", "lengths": LENGTHS},
        "forward, batch first": {"layout": 1, "initial": True},
        "bidirectional, batch first, ragged": {"direction": "bidirectional", "layout": 1, "lengths": LENGTHS},
    }
    pairs = [(o, f) for o in operators for f in forms]
    return {f"{o}, {f}": onnx_case(**operators[o], **forms[f], seed=100 + k) for k, (o, f) in enumerate(pairs)}


# ---- Keras --------------------------------------------------------------------------------------------------------


def keras_case(
    kind: str,
    *,
    seed: int,
    bias: bool = True,
    reset_after: bool = True,
    bidirectional: bool = False,
    activation: str = "tanh",
    T: int = 5,
    B: int = 3,
    inputs: int = 2,
    hidden: int = 3,
) -> Case:
    """The outputs of all steps (B, T, D*H) of one Keras layer; x is (B, T, I).

    In float64 as far as Keras goes: in its own cells a product of two float64 matrices is rounded to float32. LSTM and
    GRU with reset_after=True run as the one operation of the backend, which is not.
    """
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras: Any = import_module("keras")
    keras.config.set_floatx("float64")
    layers = keras.layers
    rng = np.random.default_rng(seed)
    options: dict[str, Any] = {"return_sequences": True, "use_bias": bias, "activation": activation}
    options |= {"reset_after": reset_after} if kind == "gru" else {}
    layer = {"rnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}[kind](hidden, **options)
    layer = layers.Bidirectional(layer) if bidirectional else layer
    x = rng.standard_normal((B, T, inputs))
    layer.build(x.shape)
    layer.set_weights([rng.standard_normal(w.shape) * 0.6 for w in layer.get_weights()])
    output = keras.ops.convert_to_numpy(layer(x))
    arrays: Arrays = {"x": x, "output": output} | {f"weight:{k}": w for k, w in enumerate(layer.get_weights())}
    settings = {"kind": kind, "reset_after": reset_after, "bidirectional": bidirectional, "activation": activation}
    return Case(settings, arrays)


def keras_cases() -> dict[str, Case]:
    kinds: dict[str, dict[str, Any]] = {
        "SimpleRNN": {"kind": "rnn"},
        "SimpleRNN relu": {"kind": "rnn", "activation": "relu"},
        "LSTM": {"kind": "lstm"},
        "GRU": {"kind": "gru"},
        "GRU reset before": {"kind": "gru", "reset_after": False},
    }
    forms: dict[str, dict[str, Any]] = {
        "plain": {},
        "no bias": {"bias": False},
        "bidirectional": {"bidirectional": True},
    }
    pairs = [(k, f) for k in kinds for f in forms]
    return {f"{k}, {f}": keras_case(**kinds[k], **forms[f], seed=200 + n) for n, (k, f) in enumerate(pairs)}


# ---- all ----------------------------------------------------------------------------------------------------------


def pytorch_cases() -> dict[str, Case]:
    pairs = [(k, f) for k in KINDS for f in FORMS]
    return {f"{k}, {f}": pytorch_case(*KINDS[k], **FORMS[f], seed=n) for n, (k, f) in enumerate(pairs)}


def main() -> None:
    makers = {"pytorch": ("torch", pytorch_cases), "onnx": ("onnx", onnx_cases), "keras": ("keras", keras_cases)}
    for name, (module, make) in makers.items():
        cases = make()
        path = write(name, cases, f"{module} {import_module(module).__version__}, float64")
        print(f"{path.name}: {len(cases)} cases, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
