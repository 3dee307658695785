"""Units of a language model over a text: what goes with what, and what a reader may type."""

import numpy as np
import pytest

from rnnlib.data import Symbols
from rnnlib.language import LanguageModel
from rnnlib.views.neurons import FEATURES, LONGEST, neuron_run
from rnnlib.widgets import NeuronText

TEXT = "abba cab\nbad ace"


def model(H=5):
    return LanguageModel.from_symbols(Symbols("abcde \n"), hidden=H, rng=np.random.default_rng(0))


@pytest.mark.parametrize(
    ("feature", "expected"),
    [
        ("the gap between two words", "0000100010001000"),
        ("letters since the word began", "1234012301230123"),
        ("a vowel", "1001001000100101"),
        ("the last letter of a word", "0001000100010000"),
    ],
)
def test_features_are_read_off_the_text(feature, expected):
    assert FEATURES[feature](TEXT).tolist() == [float(sign) for sign in expected]


def test_the_correlation_is_pearsons_over_the_other_text_and_the_states_are_those_of_the_text():
    own, over = model(), "bead a cab ace\n" * 5
    run = neuron_run(own, TEXT, "a vowel", over=over)
    h = own.body.forward(own.symbols.encode(over)[:, None])[0][:, 0]
    for k in range(5):
        assert run.r[k] == pytest.approx(np.corrcoef(h[:, k], FEATURES["a vowel"](over))[0, 1], abs=1e-12)
    np.testing.assert_array_equal(run.h, own.body.forward(own.symbols.encode(TEXT)[:, None])[0][:, 0])
    assert abs(run.r[run.best(5)]).tolist() == sorted(abs(run.r), reverse=True)


def test_a_unit_that_never_changes_goes_with_nothing():
    own = model()
    for array in own.params.values():
        array[...] = 0
    assert neuron_run(own, TEXT, "a vowel").r.tolist() == [0] * 5


def test_what_is_typed_is_read_as_far_as_it_is_known():
    typed = NeuronText(model(), "Abba zebra↵cab")
    assert typed.shown == "abba eba\ncab" and "“z”, “r”" in typed.answer.value
    typed.set(sentence="???")
    assert typed.shown == "abba eba\ncab" and "stays as it was" in typed.answer.value
    typed.set(sentence="ab" * 500, feature="a vowel")
    assert len(typed.shown) == LONGEST and typed.answer.value == ""


def test_words_are_no_characters():
    words = LanguageModel.from_symbols(Symbols(("a", "b"), "words"), hidden=3, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="model: expected one that reads characters, got one that reads words"):
        NeuronText(words, "a b")
