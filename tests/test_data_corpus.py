"""What a reader may rely on when her own text is read, to write on from."""

from collections.abc import Callable

import numpy as np
import pytest

from rnnlib.data import Corpus, load_text
from tests.conftest import Write

Load = Callable[..., Corpus]


@pytest.fixture
def load(write: Write) -> Load:
    return lambda content, codec="utf-8", **options: load_text(write(content, codec=codec), **options)


@pytest.mark.parametrize("by", ["characters", "words"])
@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好，我不喜欢下雨。\n我不喜欢下雨。",
        "He said yes.\nShe left. He stayed. Then night fell.",
        "हीरा और हार\nयह फिल्म बहुत अच्छी थी",
        "A2d fed | c2d e3 | 🎵\nX: 1",
    ],
)
def test_what_is_read_can_be_written_again(load: Load, by: str, text: str) -> None:
    corpus = load(text, by=by, test_share=0)
    written = corpus.decode(corpus.train)
    assert written.split() == text.split() if by == "characters" else "".join(written.split()) == "".join(text.split())
    assert corpus.encode(written).tolist() == corpus.train.tolist()


def test_no_sign_of_the_text_ends_a_line_early(load: Load) -> None:
    corpus = load("one . two .\n\nthe end\nend", by="words", test_share=0)
    y, lengths = corpus.lines()
    assert lengths.tolist() == [5, 3, 2] and (y[lengths - 1, range(3)] == corpus.symbols.end).all()
    assert [corpus.decode(y[:, b]) for b in range(3)] == ["one. two.", "the end", "end"]
    assert (y == corpus.symbols.end).sum() == 3


def test_the_stream_says_at_each_step_what_comes_next(load: Load) -> None:
    corpus = load("abcdefghijk" * 3, test_share=0)
    x, y, lengths = corpus.stream(3)
    assert x.shape == y.shape == (10, 3) and lengths is None
    assert np.array_equal(x[1:], y[:-1])
    assert [corpus.decode(x[:, b]) for b in range(3)] == ["abcdefghij", "kabcdefghi", "jkabcdefgh"]
    with pytest.raises(ValueError, match="batch: expected 1 to 32 for 33 characters, got 33"):
        corpus.stream(33)


def test_the_test_part_makes_no_symbols(load: Load) -> None:
    corpus = load("ab" * 45 + "zz" * 5, test_share=0.1)
    assert set(corpus.symbols.names) == {"<unk>", "a", "b", "end"} and (corpus.test == 0).all()
    assert corpus.unknown("abzq") == ("z", "q") and corpus.encode("az").tolist() == [1, 0]


def test_rare_words_are_unknown_if_that_is_asked_for(load: Load) -> None:
    corpus = load("the cat and the dog and the cow", by="words", least=2, test_share=0)
    assert corpus.symbols.names == ("<unk>", "and", "the", "end")
    assert load("The the", by="words", lower=True, test_share=0).train.tolist() == [1, 1]


def test_the_floor_is_that_of_counts(load: Load) -> None:
    floor = load("ab" * 1000).floor()
    assert floor["all alike"] == pytest.approx(np.log2(3)) and floor["unigrams"] == pytest.approx(1, abs=0.01)
    assert floor["bigrams"] < 0.01
    assert "bits for each  all alike 1.58, unigrams 1.00, bigrams 0.00" in load("ab" * 1000).report


@pytest.mark.parametrize(
    ("content", "options", "what"),
    [
        ("", {}, "at least two characters, got ''"),
        ("one", {"by": "words"}, "at least two words"),
    ],
)
def test_what_is_no_text_is_an_error(load: Load, content: str, options: dict, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        load(content, **options)
