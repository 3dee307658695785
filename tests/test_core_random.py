"""300 random networks against the second, independent implementation: the equations written plainly, and autograd.

Cells of every kind and option, one to three layers, forward, backward and both ways, lengths, first states, both
dtypes: outputs, final states and every gradient. The draws are seeded, so that each network has its number.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np
import pytest

from rnnlib.layers import Bidirectional, Recurrent, Stacked
from rnnlib.parameters import map_state

from . import reference, zoo

COUNT = 300
TOLERANCE = {np.dtype(np.float64): (1e-10, 1e-14), np.dtype(np.float32): (1e-5, 1e-8)}  # relative, floor
WAYS = ("forward", "reverse", "both ways")
KINDS = tuple(zoo.CELLS)


class Drawn(NamedTuple):
    """A network by its number: for each layer its way, and for each of its readers the cell and the units."""

    layers: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    inputs: int
    T: int
    B: int
    lengths: np.ndarray | None
    started: bool
    dtype: np.dtype


def draw(number):
    """The first layer's kind and way go round in turn, so that each pair of them comes; all else is drawn."""
    rng = np.random.default_rng([number, 300])

    def size(most):
        return 1 if rng.random() < 0.25 else int(rng.integers(1, most + 1))

    layers = []
    for k in range(int(rng.integers(1, 4))):
        way = WAYS[number % 3] if k == 0 else str(rng.choice(WAYS))
        kinds = [str(rng.choice(KINDS)) for _ in range(2 if way == "both ways" else 1)]
        kinds[0] = KINDS[number // 3 % len(KINDS)] if k == 0 else kinds[0]
        layers.append((way, tuple((kind, size(4)) for kind in kinds)))
    T, B = size(5), size(3)
    lengths = rng.integers(0, T + 1, B) if rng.random() < 0.5 else None
    started, dtype = bool(rng.random() < 0.5), np.dtype(np.float32 if rng.random() < 0.4 else np.float64)
    return Drawn(tuple(layers), size(3), T, B, lengths, started, dtype)


def network(drawn, seed, dtype):
    """The layer that was drawn; a stack where there is more than one."""
    parts, width = [], drawn.inputs
    for way, cells in drawn.layers:
        made = [zoo.cell(kind, width, hidden, seed, dtype) for kind, hidden in cells]
        if way == "both ways":
            parts.append(Bidirectional(Recurrent(made[0]), Recurrent(made[1], reverse=True)))
        else:
            parts.append(Recurrent(made[0], reverse=way == "reverse"))
        width = parts[-1].outputs
    return zoo.shaken(parts[0] if len(parts) == 1 else Stacked(parts), seed)


def run(number):
    """Results of the library and of the plain equations, which are computed in float64 from the same numbers."""
    drawn = draw(number)
    layer, twin = network(drawn, number, drawn.dtype), network(drawn, number, np.float64)
    twin.set_params(layer.params)
    x = zoo.inputs_for(layer, drawn.T, drawn.B, number)
    state = zoo.state_for(layer, drawn.B, number) if drawn.started else None
    y, final, _ = layer.forward(x, state, drawn.lengths)
    d_y, d_final = zoo.seeds_back(y, final, number)
    got = reference.by_library(layer, x, state, drawn.lengths, d_y, d_final)
    x, state, d_y, d_final = (map_state(np.float64, given) for given in (x, state, d_y, d_final))
    return drawn, got, reference.plainly(twin, x, state, drawn.lengths, d_y, d_final)


@pytest.mark.parametrize("number", range(COUNT))
def test_a_random_network_gives_what_the_plain_equations_give(number):
    drawn, got, want = run(number)
    assert {array.dtype for array in got.values()} == {drawn.dtype}
    reference.assert_alike(got, want, *TOLERANCE[drawn.dtype])


def test_everything_that_can_be_drawn_is_drawn():
    seen = Counter()
    for drawn in map(draw, range(COUNT)):
        way, ((kind, _), *_) = drawn.layers[0]
        seen.update([(way, kind), f"{len(drawn.layers)} layers", drawn.dtype.name, f"first state: {drawn.started}"])
        seen.update([f"T = {drawn.T}", f"B = {drawn.B}", f"I = {drawn.inputs}"])
        seen.update({f"H = {hidden}" for _, cells in drawn.layers for _, hidden in cells})
        seen["lengths" if drawn.lengths is not None else "no lengths"] += 1
        if drawn.lengths is not None:
            seen.update({f"n {'= T' if n == drawn.T else '> 0' if n else '= 0'}" for n in drawn.lengths})
    wanted = [(way, kind) for way in WAYS for kind in KINDS]
    assert min(seen[pair] for pair in wanted) >= 9
    wanted = ["1 layers", "2 layers", "3 layers", "float32", "float64", "first state: True", "first state: False"]
    wanted += ["T = 1", "B = 1", "I = 1", "H = 1", "lengths", "no lengths", "n = 0", "n > 0", "n = T"]
    assert {name: seen[name] for name in wanted if seen[name] < 40} == {}
