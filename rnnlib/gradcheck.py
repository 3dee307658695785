"""Is a backward pass right? Compare it with central differences, parameter by parameter. Chapter 04."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from .checks import Rng, as_floats, as_number, as_rng, expect
from .functions import FloatArray
from .layers import Forest, Layer
from .layers.base import Lengths
from .models import Model
from .parameters import Grads, leaves, map_state


def numerical_gradient(f: Callable[[], float], array: FloatArray, epsilon: float = 1e-5) -> FloatArray:
    """`d f / d array`, element by element: `(f(p + e) - f(p - e)) / 2e`, an error of order e**2.

    `f` reads `array`, which is changed in place and put back, also where f raises. In float64, e = 1e-5 balances the
    error of the formula (about e**2) against rounding (about 1e-16 / e). ValueError for float32: there the rounding
    wins.
    """
    expect(callable(f), f"f: expected a function, got {type(f).__name__}", TypeError)
    given = getattr(array, "dtype", type(array).__name__)
    expect(given == np.float64, f"array: expected an array of float64, got {given}: rounding would hide the difference")
    as_number("epsilon", epsilon)
    result = np.empty_like(array)
    for index in np.ndindex(array.shape):
        kept = array[index]
        try:
            array[index] = kept + epsilon
            above = f()
            array[index] = kept - epsilon
            result[index] = (above - f()) / (2 * epsilon)
        finally:
            array[index] = kept
    return result


def relative_error(a: FloatArray, b: FloatArray) -> float:
    """`|a - b| / (|a| + |b|)` with the Euclidean norm of the whole array: 0 for equal arrays, at most 1.

    NaN or infinity anywhere gives infinity, so that it can never pass as agreement.
    """
    a = as_floats("a", a, (...,))
    b = as_floats("b", b, a.shape)
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        return float("inf")
    size = float(np.linalg.norm(a) + np.linalg.norm(b))
    return float(np.linalg.norm(a - b)) / size if size else 0.0


class GradientReport(NamedTuple):
    """The relative error for each name. `worst` is the largest; `ok(1e-7)` says whether all are below."""

    errors: dict[str, float]

    @property
    def worst(self) -> float:
        """The largest of the errors."""
        return max(self.errors.values())

    def ok(self, tolerance: float = 1e-7) -> bool:
        """Whether every gradient agrees within the tolerance."""
        return self.worst <= as_number("tolerance", tolerance, zero=True)

    def __str__(self) -> str:
        width = max(map(len, self.errors))
        return "\n".join(f"{name:<{width}}  {error:.1e}" for name, error in self.errors.items())


def check_model(
    model: Model, x: Any, y: ArrayLike, lengths: Lengths = None, *, epsilon: float = 1e-5, **more: Any
) -> GradientReport:
    """The gradient of the model's loss for every parameter, against central differences.

    x, y, lengths (and y_lengths, by name) as the model's `batch` takes them. Cost: two forward passes for each number
    in the model, so use a small one (16 units, a few phrases).
    """
    expect(isinstance(model, Model), f"model: expected a model, got {type(model).__name__}", TypeError)
    batch = model.batch(x, y, lengths, **more)
    expect(y is not None and batch.size, "y: expected targets of at least one example")
    return _compare(lambda: model.loss(batch)[0], model.params, model.loss(batch)[1], epsilon)


def check_layer(
    layer: Layer, x: Any, state: Any = None, lengths: Lengths = None, *, rng: Rng, epsilon: float = 1e-5
) -> GradientReport:
    """The gradients of a layer over time: for `x`, for the first state, and for every parameter.

    The loss is a random weighted sum of all outputs and of the final state, so that every element matters. x may be
    whole numbers (then it has no gradient) or a `Forest`.
    """
    expect(isinstance(layer, Layer), f"layer: expected a layer over time, got {type(layer).__name__}", TypeError)
    as_rng("rng", rng), as_number("epsilon", epsilon)
    numbers = np.array(x.x if isinstance(x, Forest) else x)
    x = x._replace(x=numbers) if isinstance(x, Forest) else numbers
    expect(numbers.size, "x: expected at least one step of one sequence: without numbers nothing is compared")
    first = map_state(np.array, state)
    y, final, tape = layer.forward(x, first, lengths)
    d_y, d_final = rng.standard_normal(y.shape), map_state(lambda s: rng.standard_normal(s.shape), final)

    def loss() -> float:
        pairs = zip(leaves((d_y, d_final)), leaves(layer.forward(x, first, lengths)[:2]), strict=True)
        return float(sum(np.vdot(d, s) for d, s in pairs))

    d_x, d_state, grads = layer.backward(d_y, tape, d_final)
    arrays = layer.params | {f"state {k}": array for k, array in enumerate(leaves(first))}
    grads |= {f"state {k}": gradient for k, gradient in enumerate(leaves(d_state))}
    if d_x is not None and numbers.dtype.kind == "f":
        arrays["x"], grads["x"] = numbers, d_x
    return _compare(loss, arrays, grads, epsilon)


def _compare(loss: Callable[[], float], arrays: Grads, grads: Grads, epsilon: float) -> GradientReport:
    """Each gradient beside the numerical one of the same name."""
    numbers = {name: numerical_gradient(loss, array, epsilon) for name, array in arrays.items()}
    return GradientReport({name: relative_error(grads[name], number) for name, number in numbers.items()})
