"""An ONNX file, byte by byte: the few messages of its format that a network of this library needs. Chapter 09.

The format is Protocol Buffers. A message is a row of fields; a field is its number and form (0: a whole number, 2: so
many bytes, 5: four bytes) in one number, and its content; a message inside a message is a field of bytes. That is all,
so that `to_onnx` needs no package but NumPy, and the same model gives the same bytes everywhere.
Numbers of fields, types and versions: the file onnx.proto of ONNX (IR version 8, operators of version 17).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

__all__ = ["Node", "Value", "encode"]

IR_VERSION, OPERATORS = 8, 17
LARGEST = (1 << 31) - 1  # bytes of a message in Protocol Buffers
ELEMENTS = {"float32": 1, "int32": 6, "int64": 7, "float64": 11}  # TensorProto.DataType
ATTRIBUTES = {  # type, and whether there are several -> (field of AttributeProto, AttributeProto.AttributeType)
    **{(float, False): (2, 1), (int, False): (3, 2), (str, False): (4, 3)},
    **{(float, True): (7, 6), (int, True): (8, 7), (str, True): (9, 8)},
}


class Node(NamedTuple):
    """One computation. inputs, outputs: names of values ("": left out); attributes: numbers, words, or tuples."""

    op_type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Any]


class Value(NamedTuple):
    """An input or output of the whole graph. shape: sizes, or letters for sizes that each call chooses."""

    name: str
    dtype: DTypeLike
    shape: tuple[int | str, ...]
    about: str = ""


def encode(
    nodes: Sequence[Node],
    inputs: Sequence[Value],
    outputs: Sequence[Value],
    arrays: Mapping[str, NDArray[Any]],
    *,
    about: str = "",
    version: str = "",
    notes: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of an ONNX file (ModelProto). arrays: the constants by name; notes: its metadata.

    ValueError where they are more than the 2 GiB that the format can hold.
    """
    graph = b"".join(
        [
            *(_field(1, _node(node, f"{node.op_type}_{k}")) for k, node in enumerate(nodes)),
            _field(2, "rnnlib"),
            *(_field(5, _tensor(name, array)) for name, array in arrays.items()),
            *(_field(11, _value(value)) for value in inputs),
            *(_field(12, _value(value)) for value in outputs),
        ]
    )
    head = [_field(1, IR_VERSION), _field(2, "rnnlib"), _field(3, version), _field(6, about)]
    pairs = [_field(14, _field(1, name) + _field(2, text)) for name, text in (notes or {}).items()]
    model = b"".join([*head, _field(7, graph), _field(8, _field(1, "") + _field(2, OPERATORS)), *pairs])
    if len(model) > LARGEST:
        raise ValueError(f"model: expected at most {LARGEST:,} bytes in an ONNX file, got {len(model):,}")
    return model


def _field(number: int, value: int | float | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow. Below 0: as 64 bits (two's complement)."""
    value &= (1 << 64) - 1
    result = bytearray()
    while value > 127:
        result.append(value & 127 | 128)
        value >>= 7
    return bytes([*result, value])


def _node(node: Node, name: str) -> bytes:
    parts = [*(_field(1, value) for value in node.inputs), *(_field(2, value) for value in node.outputs)]
    attributes = (_field(5, _attribute(key, value)) for key, value in node.attributes.items())
    return b"".join([*parts, _field(3, name), _field(4, node.op_type), *attributes])


def _attribute(name: str, value: Any) -> bytes:
    several = isinstance(value, tuple)
    values = value if several else (value,)
    number, code = ATTRIBUTES[type(values[0]), several]
    return b"".join([_field(1, name), *(_field(number, v) for v in values), _field(20, code)])


def _tensor(name: str, array: NDArray[Any]) -> bytes:
    content = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False)).tobytes()
    sizes = b"".join(_field(1, size) for size in array.shape)
    return sizes + _field(2, ELEMENTS[array.dtype.name]) + _field(8, name) + _field(9, content)


def _value(value: Value) -> bytes:
    sizes = (_field(1, _field(2 if isinstance(size, str) else 1, size)) for size in value.shape)
    tensor = _field(1, ELEMENTS[np.dtype(value.dtype).name]) + _field(2, b"".join(sizes))
    return _field(1, value.name) + _field(2, _field(1, tensor)) + _field(3, value.about)
