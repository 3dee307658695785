"""The lines of the derivation and the scene of a training step: every number is the library's, or follows from it."""

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.look.lettering import number
from tests.pictures import answering, updated


def shown(pages):
    """Address -> the number as it is printed."""
    return {address: number(text) for address, text in printed(pages)}


def close(found, exact):
    return abs(found - exact) <= 0.0051


def test_the_scene_reads_answers_and_is_told_what_the_network_was():
    before, after = updated()
    found = shown(diagrams.training_step(before, after, learning_rate=0.2))
    w = before.forward.params
    for t in range(1, 4):
        x, h = before.forward.x[t - 1, 0], before.forward.h[:, 0]
        total = w["body.W_xh"].item() * x + w["body.W_hh"].item() * h[t - 1] + w["body.b_h"].item()
        assert close(found[f"x/{t}"], x) and close(found[f"h/{t}"], np.tanh(total))
        assert close(found[f"d_h/{t}"], before.d_h[t - 1, 0])
    assert close(found["truth/0"], 1) and close(found["loss/0"], (found["z/0"] - 1) ** 2)
    assert close(found["loss/1"], after.loss) and close(found["z/1"], after.forward.logits[-1, 0])


def test_the_sums_of_the_scene_end_at_the_gradient_and_the_update_follows_it():
    before, after = updated()
    found = shown(diagrams.training_step(before, after, learning_rate=0.2))
    names = ("body.W_xh", "body.W_hh", "body.b_h", "output.W_hy", "output.b_y")
    for k, name in enumerate(names):
        grad, old = before.gradients[name].item(), before.forward.params[name].item()
        assert close(found[f"so far/1/{k}"], grad) and close(found[f"new/{k}"], old - 0.2 * grad)
    part = before.contributions["W_hh"].reshape(3)
    assert close(found["so far/3/1"], part[2]) and close(found["so far/2/1"], part[1] + part[2])


def test_the_scene_refuses_an_update_that_is_not_the_one_after():
    before, after = updated()
    with pytest.raises(ValueError, match="again: expected the same network after the update"):
        diagrams.training_step(before, after, learning_rate=0.3)


def test_the_lines_show_the_gradients_of_their_step_and_the_sums_of_all():
    record = answering(T=3, K=2)
    found = shown(diagrams.derivation(record, t=2))
    for k in range(2):
        assert close(found[f"d_y/2/{k}"], record.d_logits[1, k])
        assert close(found[f"truth/2/{k}"], float(k == 1))  # the labels are 0, 1, 0
        assert close(found[f"from y/2/{k}"], record.from_output[1, k])
        assert close(found[f"future/2/{k}"], record.from_future[1, k])
        assert close(found[f"d_a/2/{k}"], record.d_h[1, k] * record.slopes[1, k])
    for i, j in np.ndindex(2, 2):
        assert close(found[f"out sum/{i}/{j}"], record.gradients["output.W_hy"][i, j])
        assert close(found[f"in sum/{i}/{j}"], record.gradients["body.W_hh"][i, j])
        assert close(found[f"out/3/{i}/{j}"], record.d_logits[2, i] * record.forward.h[3, j])


def test_the_lines_refuse_the_last_step_which_has_no_future():
    with pytest.raises(ValueError, match="t: expected a step before the last"):
        diagrams.derivation(answering(T=3), t=3)
