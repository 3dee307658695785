"""Cone or chain: what changes when one token does, by the library, in the picture and in the widget."""

import numpy as np
import pytest

from rnnlib import Conv1D, Recurrent, RNNCell, diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.look.lettering import number
from rnnlib.views.cone import cone_run
from rnnlib.widgets import ConeOrChain


def run(kernel=3, dilations=(1, 2), T=12, changed=4, seed=0):
    rng = np.random.default_rng(seed)
    x, other = rng.normal(size=(T, 3)), rng.normal(size=3)
    stack = [Conv1D(3, 3, kernel=kernel, dilation=d, activation="tanh", rng=rng) for d in dilations]
    return cone_run(stack, Recurrent(RNNCell(3, 4, rng=rng)), x, other, changed), (stack, x, other)


@pytest.mark.parametrize("kernel", [1, 2, 3, 4])
@pytest.mark.parametrize("dilations", [(1,), (1, 1), (1, 2), (1, 2, 4), (1, 1, 1, 1)])
def test_outside_the_receptive_field_it_is_exactly_0_and_inside_it_is_not(kernel, dilations):
    found, _ = run(kernel, dilations)
    assert 1 + (kernel - 1) * sum(dilations) == found.R
    changed = np.flatnonzero(found.levels[-1]) + 1
    assert changed.min() == 4 and changed.max() <= min(4 + found.R - 1, 12)
    if max(dilations) == 1 or kernel == 2:
        assert list(changed) == list(range(4, min(4 + found.R - 1, 12) + 1))
    assert list(np.flatnonzero(found.chain) + 1) == list(range(4, 13))


def test_the_changes_are_those_of_two_runs():
    found, (stack, x, other) = run()
    y = []
    for sequence in (x, np.concatenate([x[:3], other[None], x[4:]])):
        out = sequence[:, None]
        for layer in stack:
            out = layer.forward(out)[0]
        y.append(out[:, 0])
    assert found.levels[-1] == pytest.approx(np.abs(y[0] - y[1]).max(axis=1), abs=1e-15)


@pytest.mark.parametrize(
    ("kernel", "dilations", "levels"),
    [
        (3, (1,), {1: {9}, 0: {7, 8, 9}}),
        (3, (1, 2), {2: {9}, 1: {5, 7, 9}, 0: {3, 4, 5, 6, 7, 8, 9}}),
        (2, (1, 4), {2: {9}, 1: {5, 9}, 0: {4, 5, 8, 9}}),
    ],
)
def test_what_an_output_reads_is_a_step_for_each_weight(kernel, dilations, levels):
    assert run(kernel, dilations)[0].cone(9) == levels


@pytest.mark.parametrize("T", [1, 12])
def test_every_number_in_the_picture_is_the_runs(T):
    found, _ = run(T=T, changed=1)
    pages = diagrams.cone(found)
    shown = {address: number(text) for address, text in printed(pages)}
    assert len(shown) == 2 * T + 1 and shown["R/0"] == found.R
    for t in range(1, T + 1):
        assert shown[f"conv/{t}"] == pytest.approx(found.levels[-1][t - 1], rel=0.06, abs=5.1e-3)
        assert (shown[f"chain/{t}"] == 0) == (found.chain[t - 1] == 0)
    assert pages.agreement.startswith("✓ agrees with rnnlib, largest difference 0")


@pytest.mark.parametrize(
    ("options", "said"),
    [({"T": 13}, "1 to 12 tokens"), ({"changed": 13}, "changed"), ({"dilations": ()}, "at least one")],
)
def test_what_cannot_be_drawn_is_an_error(options, said):
    with pytest.raises(ValueError, match=said):
        run(**options)


def test_the_widget_asks_first_and_each_control_gives_its_run():
    lab = ConeOrChain()
    assert lab.pages.questions[0].right == 1
    lab.set(kernel=2, layers=3, dilated=True)
    assert not lab.pages.questions
    assert "R = 8" in lab.pages.captions[0]
    lab.set(changed=12)
    assert "Only output 12 of the convolutions" in lab.pages.captions[0]
    assert eval(lab.stepper.code.replace("{t}", "3")).pages == lab.pages or lab.ask
