"""Dropout on the way from state to state: what a mask does to the gradient, and to a memory."""

import numpy as np
import pytest

from rnnlib.book import bugs, masks
from rnnlib.gradcheck import numerical_gradient, relative_error


@pytest.mark.parametrize("kind", masks.KINDS)
def test_the_gradient_under_a_mask_is_that_of_central_differences(kind):
    rng = np.random.default_rng(0)
    w, (x, y) = bugs.weights(rng=rng, hidden=5), bugs.echo(1, rng=rng, steps=5, examples=3)
    m = masks.masks(kind, 0.5, (5, 3, 5), rng)
    d = masks.gradients(w, x, y, m)
    for name, array in w.items():
        numbers = numerical_gradient(lambda: float(bugs.answers(w, masks.states(w, x, m), y).loss), array)
        assert relative_error(d[name], numbers) < 1e-6


def test_one_mask_is_the_same_at_all_steps_and_a_new_one_is_not():
    one, new = (masks.masks(kind, 0.5, (6, 4, 8), np.random.default_rng(0)) for kind in masks.KINDS[1:])
    assert (one == one[0]).all() and not (new == new[0]).all()
    assert set(np.unique(one)) == set(np.unique(new)) == {0.0, 2.0}


def test_without_a_mask_it_is_the_right_backward_pass():
    rng = np.random.default_rng(1)
    w, (x, y) = bugs.weights(rng=rng), bugs.echo(2, rng=rng)
    run, m = bugs.forward(w, x, y), np.ones((len(x), 16, bugs.UNITS))
    d, right = masks.gradients(w, x, y, m), bugs.right(w, x, run.h, run.d_z)
    assert all(np.abs(d[name] - right[name]).max() < 1e-12 for name in w)


def test_a_new_mask_at_each_step_costs_more_of_a_memory_than_one_for_all():
    none, one, new = (np.median(masks.accuracy(kind, rate=0.5)) for kind in masks.KINDS)
    assert none > 0.99 > one > new + 0.05
