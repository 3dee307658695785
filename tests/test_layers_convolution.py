"""Conv1D: which steps an output sees, and worked values."""

import numpy as np
import pytest

from rnnlib.layers import Conv1D


def conv(**options):
    return Conv1D(1, 1, rng=np.random.default_rng(0), **({"activation": None} | options))


def seen_by(layer, t, T=12):
    """The steps of x that the output at t depends on."""
    layer.W_k[...] = 1
    steps = []
    for s in range(T):
        x = np.zeros((T, 1, 1))
        x[s] = 1
        if layer.forward(x)[0][t, 0, 0]:
            steps.append(s)
    return steps


@pytest.mark.parametrize(
    ("options", "steps"),
    [
        ({"kernel": 1}, [5]),
        ({"kernel": 3}, [3, 4, 5]),
        ({"kernel": 3, "dilation": 2}, [1, 3, 5]),
        ({"kernel": 3, "causal": False}, [4, 5, 6]),
        ({"kernel": 3, "causal": False, "dilation": 2}, [3, 5, 7]),
        ({"kernel": 2, "causal": False}, [5, 6]),
    ],
)
def test_an_output_sees_its_window_and_nothing_else(options, steps):
    layer = conv(**options)
    assert seen_by(layer, 5) == steps and layer.receptive_field == steps[-1] - steps[0] + 1
