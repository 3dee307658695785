"""What every part with weights has in common: named parameters, views of one flat vector, initial values, checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .functions import FloatArray, IntArray

__all__ = ["Grads", "Parametric", "as_floats", "as_lengths", "flatten", "initial", "leaves", "map_state"]

LARGEST = float(np.finfo(np.float64).max)
Grads = dict[str, Any]  # name -> array for a part's own parameters, name -> Grads for a part inside it


class Parametric:
    """Something with parameters: its own (`names`) and those of the parts inside it (`parts`).

    A parameter is an attribute that holds an array. `params` gives them all under flat names such as
    `"recurrent.W_hh"`; the arrays are the ones that the network computes with, so a change in place is a change
    of the network. Assigning an attribute (`cell.W_hh = array`) works too, and is checked by `set_params`.
    """

    names: ClassVar[tuple[str, ...]] = ()
    dtype: np.dtype[Any]

    def own(self) -> tuple[str, ...]:
        """The names of this part's own parameters that are trained."""
        return self.names

    def parts(self) -> dict[str, Parametric]:
        """The parts inside this one, by name."""
        return {}

    def kept(self) -> tuple[str, ...]:
        """The names of all arrays that belong to this part: those of `own()`, and frozen ones."""
        return self.own()

    def _walk(self, prefix: str = "") -> Iterator[tuple[str, Parametric, str]]:
        for name in self.own():
            yield prefix + name, self, name
        for part_name, part in self.parts().items():
            yield from part._walk(f"{prefix}{part_name}.")

    @property
    def params(self) -> dict[str, FloatArray]:
        """Flat name -> array, in a fixed order."""
        return {key: getattr(owner, name) for key, owner, name in self._walk()}

    @property
    def parameter_count(self) -> int:
        """How many numbers are learned. It does not depend on the length of a sequence."""
        return sum(array.size for array in self.params.values())

    def set_params(self, values: dict[str, FloatArray]) -> None:
        """Copy values into the parameters, all or none: a missing, foreign or misshapen one is a ValueError."""
        params = self.params
        if wrong := sorted(set(params) ^ set(values)):
            raise ValueError(f"set_params: expected exactly {sorted(params)}; the difference is {wrong}")
        checked = {key: as_floats(key, values[key], array.shape, self.dtype) for key, array in params.items()}
        for key, array in params.items():
            array[...] = checked[key]

    def refuse_shared(self) -> None:
        """A ValueError where one part stands in two places: its gradient would be the sum of both, and is not."""
        owners = [(id(owner), name) for _, owner, name in self._walk()]
        if len(set(owners)) < len(owners):
            raise ValueError(f"{type(self).__name__}: the same layer or cell is used twice; make one for each place")

    def vector(self) -> FloatArray:
        """All parameters as one new flat array."""
        return np.concatenate([array.ravel() for array in self.params.values()] or [np.zeros(0, self.dtype)])

    def bind(self, vector: FloatArray) -> None:
        """Make every parameter a view of `vector`, so that an update of the vector updates the network."""
        for (_, owner, name), view in zip(self._walk(), self._cut(vector), strict=True):
            setattr(owner, name, view)

    def restore(self, vector: FloatArray) -> None:
        """Copy the values of a flat vector, as `vector()` gives it, into the parameters."""
        for array, values in zip(self.params.values(), self._cut(vector), strict=True):
            array[...] = values

    def _cut(self, vector: FloatArray) -> Iterator[FloatArray]:
        start = 0
        for array in self.params.values():
            yield vector[start : start + array.size].reshape(array.shape)
            start += array.size

    def blank(self, vector: FloatArray | None = None) -> Grads:
        """A place for gradients: nested names -> arrays of zeros, or -> views of a flat `vector`."""
        views = self._cut(np.zeros(self.parameter_count, self.dtype) if vector is None else vector)
        return self._nest(views)

    def _nest(self, views: Iterator[FloatArray]) -> Grads:
        grads: Grads = {name: next(views) for name in self.own()}
        for name, part in self.parts().items():
            grads[name] = part._nest(views)
        return grads


def flatten(grads: Grads, prefix: str = "") -> dict[str, FloatArray]:
    """Nested gradients under the flat names of `Parametric.params`."""
    flat: dict[str, FloatArray] = {}
    for name, value in grads.items():
        flat |= flatten(value, f"{prefix}{name}.") if isinstance(value, dict) else {prefix + name: value}
    return flat


def initial(
    init: float | str, shape: tuple[int, int], fan: int, rng: np.random.Generator, dtype: DTypeLike
) -> FloatArray:
    """First values of a weight matrix.

    init: a number s for N(0, s**2); `"uniform"` for U(-1/sqrt(fan), 1/sqrt(fan)); `"orthogonal"` and `"identity"`
    for square blocks of `fan` columns (orthogonal: Q of a QR decomposition, all singular values 1). Chapter 04.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected a numpy.random.Generator such as default_rng(0), got {type(rng).__name__}")
    if not isinstance(init, str):
        init = as_number("init", init, zero=True)
        return (rng.standard_normal(shape) * init).astype(dtype)
    if init == "uniform" or (init in ("orthogonal", "identity") and shape[1] != fan):
        return rng.uniform(-1, 1, shape).astype(dtype) / np.dtype(dtype).type(max(fan, 1) ** 0.5)
    blocks = shape[0] // fan
    if init == "orthogonal":
        pairs = [np.linalg.qr(rng.standard_normal((fan, fan))) for _ in range(blocks)]
        return np.concatenate([q * np.sign(np.diag(r)) for q, r in pairs]).astype(dtype)
    if init == "identity":
        return np.tile(np.eye(fan, dtype=dtype), (blocks, 1))
    raise ValueError(f'init: expected a number >= 0, "uniform", "orthogonal" or "identity", got {init!r}')


def as_size(name: str, value: int, least: int = 1) -> int:
    """A whole number of at least `least`, or a ValueError that names the argument."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"{name}: expected a whole number of at least {least}, got {value!r}")
    return int(value)


def as_number(name: str, value: Any, *, zero: bool = False, below: float = float("inf")) -> float:
    """A finite number > 0 (or >= 0) and below a bound; else a ValueError that names the argument."""
    number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    plain = value.item() if isinstance(value, np.generic) else value
    if not number or not 0 <= plain < min(below, LARGEST) or not (plain or zero):
        limit = f" and < {below:g}" if below < float("inf") else ""
        raise ValueError(f"{name}: expected a finite number {'>= 0' if zero else '> 0'}{limit}, got {value!r}")
    return float(value)


def as_dtype(dtype: DTypeLike) -> np.dtype[Any]:
    """float32 or float64, or a TypeError."""
    result = np.dtype(dtype)
    if result not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"dtype: expected float32 or float64, got {result}")
    return result


def as_floats(name: str, x: ArrayLike, shape: tuple[int | str, ...], dtype: DTypeLike) -> FloatArray:
    """`x` as an array of `dtype` whose shape fits; a letter in `shape` stands for any size of at least 0."""
    if type(x) is np.ndarray and x.shape == shape and x.dtype == dtype:
        return x
    try:
        array = np.asarray(x)
    except ValueError:
        raise ValueError(
            f"{name}: expected one array, got rows of different lengths (pad them, and give lengths)"
        ) from None
    if array.dtype != dtype:
        if array.dtype.kind not in "fiub":
            raise TypeError(f"{name}: expected real numbers, got dtype {array.dtype}")
        array = array.astype(dtype)
    if array.ndim != len(shape) or any(
        isinstance(want, int) and want != got for want, got in zip(shape, array.shape, strict=True)
    ):
        expected = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
        hint = ""
        if array.ndim == 2 and len(shape) == 3 and array.shape[1] == shape[2]:
            hint = f"; one sequence is {name}[:, None]"
        raise ValueError(f"{name}: expected {expected}, got {array.shape}{hint}")
    return array


def as_lengths(lengths: ArrayLike | None, T: int, B: int, name: str = "lengths") -> IntArray | None:
    """`lengths` as (B,) whole numbers from 0 to T, or None where there are none; else a ValueError."""
    if lengths is None:
        return None
    array = np.asarray(lengths)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name}: expected whole numbers, got dtype {array.dtype}")
    if array.shape != (B,):
        raise ValueError(f"{name}: expected ({B},), one for each sequence, got {array.shape}")
    if B and (array.min() < 0 or array.max() > T):
        raise ValueError(f"{name}: expected 0 to {T} (the padded length), got {array.min()} to {array.max()}")
    return array.astype(np.intp, copy=False)


def leaves(state: Any) -> list[FloatArray]:
    """The arrays of a state, however it is nested; none for None."""
    if state is None:
        return []
    if isinstance(state, (tuple, list)):
        return [leaf for part in state for leaf in leaves(part)]
    return [state]


def map_state(change: Callable[[FloatArray], FloatArray], state: Any) -> Any:
    """The same nesting, with every array changed."""
    if state is None:
        return None
    return tuple(map_state(change, s) for s in state) if isinstance(state, (tuple, list)) else change(state)
