"""The guests of chapter 08: what their talk and the labelled sentences hold."""

import numpy as np
import pytest

from rnnlib.book import guests


def kind(word):
    return next((k for good, bad in guests.GROUPS.values() for k, some in enumerate((good, bad)) if word in some), None)


@pytest.mark.parametrize("alike", [0.0, 0.9, 1.0])
def test_both_words_of_a_sentence_are_alike_as_often_as_said(alike):
    talk = guests.talk(1000, alike, np.random.default_rng(0))
    kinds = [[kind(word) for word in sentence if kind(word) is not None] for sentence in talk]
    assert all(len(pair) == 2 for pair in kinds)
    assert np.mean([one == other for one, other in kinds]) == pytest.approx(alike, abs=0.03)


def test_a_word_without_a_label_is_in_no_sentence_that_is_learned_from():
    learned, tests = guests.few(28, np.random.default_rng(0))
    words = {word for text in learned for word in text.split()}
    assert {word for word in words if kind(word) is not None} <= {*sum(guests.GROUPS["with labels"], ())}
    assert len(learned) == 28 and not learned.keys() & {text for test in tests.values() for text in test}
    heard = {word for sentence in guests.talk(2000, 0.9, np.random.default_rng(0)) for word in sentence}
    assert not heard & {*sum(guests.GROUPS["nowhere"], ())}


def test_not_turns_a_verdict_round():
    for group in guests.GROUPS:
        verdicts = guests.labelled(group)
        assert all(
            verdicts[text] != verdicts[text.replace("was ", "was not ")] for text in verdicts if "not" not in text
        )
        assert sum(verdicts.values()) * 2 == len(verdicts)
