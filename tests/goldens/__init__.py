"""What PyTorch, ONNX and Keras computed, made by `python -m tools.make_goldens`; NumPy alone reads it.

A file holds many small cases. So it is one vector of numbers, and an index in JSON: case -> settings, and for each
array where it starts and its shape.
"""

import json
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

HERE = Path(__file__).parent


class Case(NamedTuple):
    """What was asked for (`settings`), and all arrays that went in and came out (float64)."""

    settings: dict[str, Any]
    arrays: dict[str, Any]

    def starting(self, prefix: str) -> dict[str, Any]:
        """The arrays whose names start so, without that start."""
        return {name.removeprefix(prefix): a for name, a in self.arrays.items() if name.startswith(prefix)}


def write(name: str, cases: dict[str, Case], made_by: str) -> Path:
    index: dict[str, Any] = {"made_by": made_by, "cases": {}}
    numbers: list[Any] = []
    start = 0
    for title, case in cases.items():
        places = {}
        for key, array in case.arrays.items():
            places[key] = [start, list(np.shape(array))]
            numbers.append(np.asarray(array, np.float64).ravel())
            start += numbers[-1].size
        index["cases"][title] = {"settings": case.settings, "arrays": places}
    path = HERE / f"{name}.npz"
    text = np.frombuffer(json.dumps(index).encode(), np.uint8)
    np.savez_compressed(path, index=text, numbers=np.concatenate(numbers))
    return path


def read(name: str) -> dict[str, Case]:
    with np.load(HERE / f"{name}.npz", allow_pickle=False) as file:
        index, numbers = json.loads(file["index"].tobytes()), file["numbers"]
    cases = {}
    for title, case in index["cases"].items():
        arrays = {
            k: numbers[start : start + prod(shape)].reshape(shape) for k, (start, shape) in case["arrays"].items()
        }
        cases[title] = Case(case["settings"], arrays)
    return cases
