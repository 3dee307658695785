"""What every part with weights has in common: named parameters, all of them as one vector, and first values.

Gradients are flat from the start: a dict name -> array, under the names of `params`.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from .checks import Rng, as_floats, as_number, as_rng, expect, one_of
from .functions import FloatArray

Init = float | str  # see `initial`
Grads = dict[str, FloatArray]  # under the flat names of `Parametric.params`


class Parametric:
    """Something with parameters: its own (`names`) and those of the parts inside it (`parts`).

    A parameter is an attribute that holds an array. `params` gives them all under flat names such as `"body.W_hh"`; the
    arrays are the ones that the network computes with, so a change in place is a change of the network.
    """

    names: tuple[str, ...] = ()
    dtype: np.dtype[Any]

    def own(self) -> tuple[str, ...]:
        """The names of this part's own parameters that are trained: all of `names`, but for frozen ones."""
        return self.names

    def parts(self) -> dict[str, "Parametric"]:
        """The parts inside this one, by name."""
        return {}

    def walk(self, prefix: str = "") -> Iterator[tuple[str, "Parametric", str]]:
        """Each parameter: its flat name, the part that owns it, and its name there."""
        for name in self.own():
            yield prefix + name, self, name
        for part_name, part in self.parts().items():
            yield from part.walk(f"{prefix}{part_name}.")

    @property
    def params(self) -> dict[str, FloatArray]:
        """Flat name -> array, in a fixed order."""
        return {key: getattr(owner, name) for key, owner, name in self.walk()}

    @property
    def parameter_count(self) -> int:
        """How many numbers are learned. It does not depend on the length of a sequence."""
        return sum(array.size for array in self.params.values())

    def set_params(self, values: dict[str, FloatArray]) -> None:
        """Copy values into the parameters, all or none: a missing, foreign or misshapen one is a ValueError."""
        params = self.params
        expect(isinstance(values, dict), f"values: expected name -> array, got {type(values).__name__}", TypeError)
        wrong = sorted(set(params) ^ set(values), key=str)
        expect(not wrong, f"set_params: expected exactly {sorted(params)}; the difference is {wrong}")
        checked = {key: as_floats(key, values[key], array.shape, self.dtype) for key, array in params.items()}
        for key, array in params.items():
            array[...] = checked[key]

    def refuse_shared(self) -> None:
        """A ValueError where one part stands in two places: its gradient would be the sum of both, and is not."""
        owners = [(id(owner), name) for _, owner, name in self.walk()]
        once = len(set(owners)) == len(owners)
        expect(once, f"{type(self).__name__}: the same layer or cell is used twice; make one for each place")

    def vector(self) -> FloatArray:
        """All parameters as one new flat array."""
        return np.concatenate([array.ravel() for array in self.params.values()] or [np.zeros(0, self.dtype)])

    def restore(self, vector: FloatArray) -> None:
        """Copy the values of a flat vector, as `vector()` gives it, into the parameters; all or none."""
        vector = as_floats("vector", vector, (self.parameter_count,), self.dtype)
        for array, values in self.beside(vector):
            array[...] = values

    def beside(self, vector: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
        """Each parameter, and the piece of a flat vector that belongs to it: a view of its shape."""
        arrays = list(self.params.values())
        pieces = np.split(vector, np.cumsum([array.size for array in arrays])[:-1]) if arrays else []
        return [(array, piece.reshape(array.shape)) for array, piece in zip(arrays, pieces, strict=True)]


def named(**parts: Grads) -> Grads:
    """The gradients of several parts under one roof: `named(body={"W_hh": g})` is `{"body.W_hh": g}`."""
    return {f"{part}.{name}": gradient for part, grads in parts.items() for name, gradient in grads.items()}


def as_init(init: Init) -> Init:
    """A spread, or the name of a way to draw first values, or a ValueError."""
    words = isinstance(init, str)
    return one_of("init", init, ("uniform", "orthogonal", "identity")) if words else as_number("init", init, zero=True)


def initial(init: Init, shape: tuple[int, int], fan: int, rng: Rng, dtype: DTypeLike) -> FloatArray:
    """First values of a weight matrix.

    init: a number s for N(0, s**2); `"uniform"` for U(-1/sqrt(fan), 1/sqrt(fan)); `"orthogonal"` and `"identity"`
    for square blocks of `fan` columns (orthogonal: Q of a QR decomposition, all singular values 1). Chapter 04.
    """
    as_init(init), as_rng("rng", rng)
    if not isinstance(init, str):
        return (rng.standard_normal(shape) * init).astype(dtype)
    if init == "uniform" or shape[1] != fan:
        even: FloatArray = rng.uniform(-1, 1, shape).astype(dtype)
        return even / even.dtype.type(max(fan, 1) ** 0.5)
    if init == "identity":
        return np.tile(np.eye(fan, dtype=dtype), (shape[0] // fan, 1))
    pairs = [np.linalg.qr(rng.standard_normal((fan, fan))) for _ in range(shape[0] // fan)]
    return np.concatenate([q * np.sign(np.diag(r)) for q, r in pairs]).astype(dtype)


def leaves(state: Any) -> list[FloatArray]:
    """The arrays of a state, however it is nested; none for None."""
    if isinstance(state, (tuple, list)):
        return [leaf for part in state for leaf in leaves(part)]
    return [] if state is None else [state]


def map_state(change: Callable[[FloatArray], FloatArray], state: Any) -> Any:
    """The same nesting, with every array changed."""
    if isinstance(state, (tuple, list)):
        return tuple(map_state(change, part) for part in state)
    return None if state is None else change(state)
