"""The contest of structures: the stored runs say what the book says, and a short part of them comes out again."""

import pytest

from rnnlib.book.contest import (
    DEPTHS,
    EXPERIMENT,
    KINDS,
    RULES,
    as_inputs,
    contestant,
    questions,
    stored_contest,
)
from rnnlib.layers import TreeRNN

SMALL = RULES.but(examples=64, epochs=2, questions=20)


def test_a_short_part_of_the_stored_runs_comes_out_again():
    again, stored = EXPERIMENT.repeat("tree")
    assert again == stored


def test_what_rounding_can_change_comes_out_nearly_again():
    again, stored = EXPERIMENT.repeat("convolution", depths=(2,))  # at the others a last bit changes more, in the end
    assert again.accuracy[2] == pytest.approx(stored.accuracy[2], abs=0.02)
    assert again.trained == pytest.approx(stored.trained, abs=0.02)


def test_what_was_missed_at_the_last_depth_is_what_its_accuracy_says():
    for entry in stored_contest().results:
        assert len(entry.missed) == len(set(entry.missed)) == round((1 - entry.accuracy[5]) * RULES.questions)


def test_over_true_trees_the_tree_network_has_every_question_right():
    assert min(stored_contest().accuracy("tree", depth).min() for depth in DEPTHS) == 1


def test_over_trees_that_cut_in_the_middle_it_guesses_at_deep_sentences():
    runs = stored_contest()
    assert runs.median("halves", 5) < 0.56 < 0.97 < runs.median("halves", 2)


def test_of_those_that_read_words_in_a_row_the_one_that_reads_both_ways_is_best_at_depth():
    runs = stored_contest()
    chains = [kind for kind in runs.kinds if kind not in ("tree", "halves", "from the right")]
    for depth in (4, 5):
        assert max(chains, key=lambda kind: runs.median(kind, depth)) == "both ways"
    assert min(chains, key=lambda kind: runs.median(kind, 5)) == "RNN"


def test_at_the_last_depth_a_gru_from_the_right_is_as_good_as_both_ways_and_far_better_than_from_the_left():
    right, both, left = (stored_contest().median(kind, 5) for kind in ("from the right", "both ways", "GRU"))
    assert abs(right - both) < 0.05 < 0.1 < right - left


def test_a_chain_loses_with_every_depth():
    runs = stored_contest()
    for kind in ("RNN", "LSTM", "GRU", "convolution", "stacked", "both ways"):
        medians = [runs.median(kind, depth) for depth in DEPTHS]
        assert medians == sorted(medians, reverse=True)


def test_all_had_nearly_the_same_size():
    runs = stored_contest()
    assert runs.kinds == tuple(KINDS)
    assert max(runs.parameters.values()) / min(runs.parameters.values()) < 1.1


def test_only_a_tree_network_is_told_the_trees():
    data = questions(3, SMALL)
    assert as_inputs("tree", data)[0].trees == data.trees
    assert as_inputs("halves", data)[0].trees != data.trees
    assert [as_inputs(kind, data)[0].shape for kind in ("GRU", "tree")] == [data.one_hot().x.shape] * 2
    assert isinstance(contestant("halves").body, TreeRNN)
