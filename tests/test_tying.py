"""One table or two in a language model: the stored runs say what chapter 09 says, and one of them comes out again."""

import numpy as np
import pytest

from rnnlib.book.tying import EXPERIMENT, KINDS, SENTENCES, UNITS, network, stored_tying


def test_a_stored_run_comes_out_again():
    again, stored = EXPERIMENT.repeat("two tables", 94)
    assert again.perplexity == pytest.approx(stored.perplexity, rel=0.02) and abs(again.epochs - stored.epochs) <= 2


def test_one_table_saves_a_number_for_each_word_and_unit():
    two, one = (network(kind) for kind in KINDS)
    assert two.parameter_count - one.parameter_count == len(two.symbols) * UNITS


@pytest.mark.parametrize("sentences", SENTENCES[1:])
def test_one_table_predicts_better_with_every_seed_where_there_is_enough_text(sentences):
    two, one = (stored_tying().spread(lambda run: run.perplexity, kind, sentences) for kind in KINDS)
    assert one[-1] < two[0] and np.median(two) < 12.2  # the bigrams of the chapter
