"""A second reader of ONNX files, for the tests: the format taken apart again, and each node run as its page says.

It needs neither `onnx` nor `onnxruntime` (tests/parity has both). RNN, LSTM and GRU are run by `from_onnx`, whose
numbers are compared with the ONNX project's own elsewhere.
"""

import struct
from types import SimpleNamespace

import numpy as np

from rnnlib.interop import from_onnx

DTYPES = {1: np.float32, 6: np.int32, 7: np.int64, 11: np.float64}


# ---- the format ---------------------------------------------------------------------------------------------------


def _number(data, place):
    value = shift = 0
    while True:
        byte = data[place]
        value, shift, place = value | (byte & 127) << shift, shift + 7, place + 1
        if byte < 128:
            return value - (1 << 64 if value >> 63 else 0), place


def fields(data):
    """All fields of a message: number -> the values in their order."""
    found, place = {}, 0
    while place < len(data):
        head, place = _number(data, place)
        form = head & 7
        if form == 0:
            value, place = _number(data, place)
        elif form == 5:
            value, place = struct.unpack_from("<f", data, place)[0], place + 4
        else:
            assert form == 2, f"form {form}"
            size, place = _number(data, place)
            value, place = data[place : place + size], place + size
            assert len(value) == size, "cut"
        found.setdefault(head >> 3, []).append(value)
    return found


def texts(message, number):
    return [value.decode() for value in message.get(number, [])]


def _attribute(data):
    message = fields(data)
    (name,), (kind,) = texts(message, 1), message[20]
    one = {1: 2, 2: 3, 3: 4}.get(kind)
    values = message[one or {6: 7, 7: 8, 8: 9}[kind]]
    values = [value.decode() if isinstance(value, bytes) else value for value in values]
    return name, values[0] if one else values


def _node(data):
    message = fields(data)
    attributes = dict(map(_attribute, message.get(5, [])))
    (op_type,) = texts(message, 4)
    return SimpleNamespace(op_type=op_type, inputs=texts(message, 1), outputs=texts(message, 2), attributes=attributes)


def _array(data):
    message = fields(data)
    (name,), (code,), (content,) = texts(message, 8), message[2], message[9]
    return name, np.frombuffer(content, np.dtype(DTYPES[code]).newbyteorder("<")).reshape(message.get(1, []))


def _value(data):
    message = fields(data)
    tensor = fields(fields(message[2][0])[1][0])
    sizes = [fields(size) for size in fields(tensor[2][0])[1]]
    shape = tuple(size[1][0] if 1 in size else size[2][0].decode() for size in sizes)
    return texts(message, 1)[0], (DTYPES[tensor[1][0]], shape)


def read(path):
    """The file: nodes, arrays, inputs and outputs (name -> dtype and shape), operators, about, notes."""
    model = fields(path.read_bytes())
    graph = fields(model[7][0])
    notes = [fields(pair) for pair in model.get(14, [])]
    return SimpleNamespace(
        nodes=[_node(data) for data in graph[1]],
        arrays=dict(map(_array, graph.get(5, []))),
        inputs=dict(map(_value, graph[11])),
        outputs=dict(map(_value, graph[12])),
        operators=fields(model[8][0])[2][0],
        about=texts(model, 6)[0],
        notes={texts(pair, 1)[0]: texts(pair, 2)[0] for pair in notes},
    )


# ---- the operators ------------------------------------------------------------------------------------------------


def _softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _conv(x, W, b, dilations, pads):
    (d,), (before, after) = dilations, pads
    k, T = W.shape[2], x.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (before, after)))
    y = sum(np.einsum("bit,oi->bot", padded[:, :, j * d : j * d + T], W[:, :, j]) for j in range(k))
    return y + b[:, None]


SIMPLE = {
    "Add": np.add,
    "Cast": lambda x, to: x.astype(DTYPES[to]),
    "CastLike": lambda x, like: x.astype(like.dtype),
    "Concat": lambda *parts, axis: np.concatenate(parts, axis),
    "Conv": _conv,
    "Div": np.divide,
    "Equal": np.equal,
    "Gather": lambda x, at, axis=0: np.take(x, at, axis),
    "GreaterOrEqual": np.greater_equal,
    "Identity": lambda x: x,
    "Less": np.less,
    "MatMul": np.matmul,
    "Max": np.maximum,
    "Range": np.arange,
    "ReduceMax": lambda x, axes, keepdims: x.max(tuple(axes), keepdims=bool(keepdims)),
    "ReduceMean": lambda x, axes, keepdims: x.mean(tuple(axes), keepdims=bool(keepdims)),
    "ReduceSum": lambda x, axes, keepdims: x.sum(tuple(axes), keepdims=bool(keepdims)),
    "Relu": lambda x: np.maximum(x, 0),
    "Shape": lambda x: np.array(x.shape),
    "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "Softmax": _softmax,
    "Squeeze": lambda x, axes: np.squeeze(x, tuple(axes)),
    "Sub": np.subtract,
    "Tanh": np.tanh,
    "Transpose": lambda x, perm: x.transpose(perm),
    "Unsqueeze": lambda x, axes: np.expand_dims(x, tuple(axes)),
    "Where": np.where,
}


def _recurrent(node, inputs):
    names = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
    given = {name: array for name, array in zip(names, inputs, strict=False) if array is not None}
    X = given.pop("X")
    assert min(given.get("sequence_lens", [1])) > 0, "length 0: onnxruntime 1.19 gives what stood in its memory"
    return from_onnx(node.op_type, **given, **node.attributes).run(X)


def run(file, **given):
    """The outputs of a file, by name."""
    assert set(given) == set(file.inputs)
    values = {"": None} | file.arrays
    for name, (dtype, shape) in file.inputs.items():
        assert (given[name].dtype, given[name].ndim) == (dtype, len(shape)), name
        values[name] = given[name]
    for node in file.nodes:
        inputs = [values[name] for name in node.inputs]
        if node.op_type in ("RNN", "LSTM", "GRU"):
            outputs = _recurrent(node, inputs)
        else:
            outputs = [SIMPLE[node.op_type](*inputs, **node.attributes)]
        assert not set(node.outputs) & set(values), "a value is computed twice"
        values |= zip(node.outputs, outputs, strict=True)
    return {name: values[name] for name in file.outputs}
