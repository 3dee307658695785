"""The ladder of gates: the stored runs say what the book says, and a short part of them comes out again."""

from itertools import pairwise

import numpy as np
import pytest

from rnnlib.book.ladder import EVERY, EXPERIMENT, RULES, RUNGS, SIZES, rung, stored_ladder, stored_road
from rnnlib.cells import LSTMCell, RNNCell
from rnnlib.data import memo


@pytest.mark.parametrize("kind", ["RNN", *RUNGS])
def test_a_short_part_of_the_stored_runs_comes_out_again(kind):
    again, stored = EXPERIMENT.repeat(kind, 2, rules=RULES.but(epochs=2 * EVERY))
    assert np.round(again.curve, 3) == pytest.approx(np.round(stored.curve[:2], 3), abs=2e-3)


def test_every_gate_adds_to_what_is_explained():
    runs = stored_ladder()
    for units in (2, 4):
        medians = [np.median(runs.shares(kind, units)) for kind in ("road", "input gate", "output gate", "forget gate")]
        assert all(later > before + 0.1 for before, later in pairwise(medians))


def test_the_bare_road_answers_at_lag_100_where_a_plain_network_fails_at_30():
    assert stored_road().accuracy("road", 100).min() >= 0.98


def test_a_plain_network_has_nearly_as_many_parameters_as_the_gated_one_of_its_size():
    rng = np.random.default_rng(0)
    for units, plain in SIZES.items():
        gated = LSTMCell(3, units, rng=rng).parameter_count + units + 1
        assert gated == pytest.approx(RNNCell(3, plain, rng=rng).parameter_count + plain + 1, rel=0.14)


def test_what_is_held_stays_held_while_the_rest_learns():
    cell = rung("input gate", 3, 2, rng=np.random.default_rng(0))
    gates = dict(zip(cell.gates, cell.split(cell.b_h), strict=True))
    held = [gates[gate] for gate in cell.gates if gate in RUNGS["input gate"]]
    assert np.concatenate(held).tolist() == [1e4] * 4


def test_an_answer_of_the_memo_task_is_the_last_value_written_where_it_is_asked_and_zero_elsewhere():
    x, y = memo(40, 30, rng=np.random.default_rng(0))
    for b in range(30):
        kept = 0.0
        for t in range(40):
            value, write, ask = x[t, b]
            kept = value if write else kept
            assert y[t, b, 0] == (kept if ask else 0)
