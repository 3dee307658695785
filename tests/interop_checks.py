"""One case of another library against this one: what the tests of the goldens and of tests/parity share.

Every function gives the largest difference of each kind of result, so that a test can say what it asks for.
"""

import numpy as np

from rnnlib.interop import (
    from_keras,
    from_onnx,
    from_pytorch,
    gradients_to_pytorch,
    state_from_pytorch,
    state_to_pytorch,
)


def apart(ours, theirs):
    """The largest difference; shapes have to be the same."""
    assert np.shape(ours) == np.shape(theirs)
    return float(np.max(np.abs(np.subtract(ours, theirs)), initial=0.0))


def pytorch_layer(case, dtype=None):
    names = ("kind", "num_layers", "bidirectional", "nonlinearity")
    return from_pytorch(case.starting("weight:"), **{n: case.settings[n] for n in names}, dtype=dtype)


def state_of(layer, case, prefix):
    """h, or (h, c), of a case as a state of the layer; None where the case has none."""
    arrays = [case.arrays[prefix + s] for s in ("h", "c") if prefix + s in case.arrays]
    return state_from_pytorch(layer, arrays[0] if len(arrays) == 1 else tuple(arrays)) if arrays else None


def stacked_apart(layer, state, case, prefix):
    given = state_to_pytorch(layer, state)
    given = given if isinstance(given, tuple) else (given,)
    return max(apart(array, case.arrays[prefix + s]) for s, array in zip("hc", given, strict=False))


def run_windows(layer, case):
    """Forward and back over all windows, the state carried from one to the next and its gradient not."""
    x, d_y, size = case.arrays["x"], case.arrays["d_output"], case.settings["window"]
    lengths = np.array(case.settings["lengths"]) if case.settings["lengths"] else None
    state, outputs, d_inputs, totals, d_first = state_of(layer, case, "first_"), [], [], {}, None
    for start in range(0, len(x), size):
        y, state, tape = layer.forward(x[start : start + size], state, lengths)
        d_final = state_of(layer, case, "d_last_") if start + size >= len(x) else None
        d_x, d_state, grads = layer.backward(d_y[start : start + size], tape, d_final)
        d_first = d_state if start == 0 else d_first
        outputs.append(y)
        d_inputs.append(d_x)
        for name, array in grads.items():
            totals[name] = totals.get(name, 0) + array
    return np.concatenate(outputs), state, np.concatenate(d_inputs), d_first, totals


def against_pytorch(case, dtype=None):
    """Outputs, final states, and the gradients on inputs, initial states and weights."""
    layer = pytorch_layer(case, dtype)
    y, final, d_x, d_first, totals = run_windows(layer, case)
    theirs = case.starting("gradient:")
    ours = gradients_to_pytorch(layer, totals)
    assert list(ours) == list(theirs)
    result = {
        "output": apart(y, case.arrays["output"]),
        "final states": stacked_apart(layer, final, case, "last_"),
        "gradient on x": apart(d_x, case.arrays["d_x"]),
        "gradients on weights": max(apart(ours[name], theirs[name]) for name in theirs),
    }
    if "d_first_h" in case.arrays:
        result["gradients on initial states"] = stacked_apart(layer, d_first, case, "d_first_")
    return result


def onnx_operator(case, dtype=None):
    names = ("W", "R", "B", "P", "initial_h", "initial_c")
    arrays = {n: case.arrays[n] for n in names if n in case.arrays}
    lengths = case.settings["lengths"] or None
    return from_onnx(
        case.settings["op_type"], **arrays, **case.settings["attributes"], sequence_lens=lengths, dtype=dtype
    )


def against_onnx(case, dtype=None):
    """Y, Y_h, and for an LSTM Y_c."""
    names = [name for name in ("Y", "Y_h", "Y_c") if name in case.arrays]
    outputs = onnx_operator(case, dtype).run(case.arrays["X"])
    return {name: apart(array, case.arrays[name]) for name, array in zip(names, outputs, strict=True)}


def against_keras(case, dtype=None):
    """The outputs of all steps; Keras has the sequences first."""
    layer = from_keras(weights=list(case.starting("weight:").values()), **case.settings, dtype=dtype)
    y, _, _ = layer.forward(case.arrays["x"].swapaxes(0, 1))
    return {"output": apart(y.swapaxes(0, 1), case.arrays["output"])}
