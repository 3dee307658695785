"""What a reader may rely on when her own sentences are read."""

from itertools import permutations

import numpy as np
import pytest

from rnnlib import Adam, Dense, Embedding, GRUCell, ManyToOne, Recurrent, Stacked, fit
from rnnlib.data import load_labelled_sentences, tokens
from rnnlib.data.sentences import UNKNOWN, encode_sentences
from tests.conftest import Write


def lines(count: int, word: str = "soup") -> str:
    """So many different sentences, every other one positive."""
    return "".join(f"the {word} of table {letters(n)} was {('bad', 'good')[n % 2]}\t{n % 2}\n" for n in range(count))


def letters(n: int) -> str:
    return "abcdefghij"[n // 100] + "abcdefghij"[n // 10 % 10] + "abcdefghij"[n % 10]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("It was GOOD.", "it was good"),
        ("I don't know, can't say; won't!", "i do n't know can n't say will n't !"),
        ("I don’t", "i do n't"),
        ("9 of 10, or 1.50 or 2024 or 11", "9 of 10 or <number> or <number> or <number>"),
        ("good... bad?!", "good bad ? !"),
        ("well-made <br /> film", "well made film"),
        ("Größe ÉTÉ", "größe été"),
        ("很好 很", "很 好 很"),
        ("--- ...", ""),
    ],
)
def test_what_makes_a_word(sentence: str, expected: str) -> None:
    assert tokens(sentence) == expected.split()


def test_the_split_keeps_the_share_of_both_labels(write: Write) -> None:
    text = lines(100) + "".join(f"fine {letters(n)}\t1\n" for n in range(100))
    data = load_labelled_sentences(write(text), test_share=0.3)
    assert data.report.train == (35, 105) and data.report.test == (15, 45)
    assert int(data.test.y.sum()) == 45 and len(data.train) == 140


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"no tab here 1", "expected sentence, tab, 0 or 1; got no tab in 'no tab here 1'"),
        (b"good\t2", "label: expected 0 or 1, got '2'"),
        (b"1\tgood", "label: expected 0 or 1, got 'good'; the label belongs behind the sentence"),
        (b"...\t1", "expected at least one word, got '...'"),
        (b"x " * 60_000 + b"\t1", "expected at most 100,000 characters, got more"),
    ],
)
def test_a_bad_line_is_left_out_and_named(write: Write, line: bytes, why: str) -> None:
    data = load_labelled_sentences(write(lines(10).encode() + line + b"\n" + lines(4, "tea").encode()))
    assert data.report.bad == ((11, why),)
    assert (len(data.train) + len(data.test), data.report.lines) == (14, 15)
    assert f"line 11: {why}" in str(data.report)


def test_a_tab_inside_a_sentence_and_blanks_around_a_label_are_no_trouble(write: Write) -> None:
    data = load_labelled_sentences(write(lines(10) + "so\tgood\t 1 \n\n   \n"))
    assert data.report.blank == 2 and not data.report.bad
    assert "so\tgood" in data.train.texts + data.test.texts


def test_a_sentence_that_repeats_another_stands_once(write: Write) -> None:
    data = load_labelled_sentences(write(lines(10) + "The soup, of table AAA: was bad...\t0\n" * 2))
    assert data.report.repeated == (11, 12) and len(data.train) + len(data.test) == 10
    assert "2 repeated (lines 11, 12)" in str(data.report)


def test_no_sentence_stands_on_both_sides_whatever_the_seed(write: Write) -> None:
    path, crossing = write(lines(30) * 3), []
    one, same, other = (load_labelled_sentences(path, seed=seed) for seed in (1, 1, 2))
    assert one.test.texts == same.test.texts != other.test.texts
    for seed in range(5):
        data = load_labelled_sentences(path, seed=seed)
        assert not {*map(tuple, map(tokens, data.train.texts))} & {*map(tuple, map(tokens, data.test.texts))}
        crossing.append(data.report.crossing)
    assert crossing == [12] * 5  # two repetitions of each of 6 test sentences


def test_a_sentence_with_both_labels_is_left_out_wherever_it_stands(write: Write) -> None:
    data = load_labelled_sentences(write("so so\t1\nso so\t1\n" + lines(10) + "so so\t0\n"))
    assert data.report.contradictory == (1, 2, 13) and data.report.repeated == ()
    assert len(data.train) + len(data.test) == 10 and data.report.lines == 13


def test_rare_words_and_words_of_the_test_alone_are_unknown(write: Write) -> None:
    text = lines(40).replace("bad", "bad and aaa").replace("aaa was", "zzz was")
    text += "".join(f"the {a} {b} was here\t{n % 2}\n" for n, (a, b) in enumerate(permutations("pqrstu", 2)))
    data = load_labelled_sentences(write(text + "a rare {word} here\t1\n"), least=2)
    assert data.vocabulary[0] == UNKNOWN and "rare" not in data.vocabulary
    assert {"the", "was", "here", "p", "q"} <= set(data.vocabulary)
    assert "rare" in load_labelled_sentences(write(text + "a rare word here\t1\n" * 1), least=1, seed=1).vocabulary


def test_a_new_sentence_is_read_with_the_unknown_word_for_what_is_new(write: Write) -> None:
    data = load_labelled_sentences(write(lines(20)))
    assert data.words("The WINE was good, wasn't it") == ["the", UNKNOWN, "was", "good", "was", UNKNOWN, UNKNOWN]
    x, lengths = data.encode(["The wine was good", "bad"])
    assert lengths.tolist() == [4, 1] and x.shape == (4, 2) and x[1, 0] == 0
    assert data.vocabulary[x[3, 0]] == "good"


@pytest.mark.parametrize(
    ("sentences", "error", "what"),
    [
        ("good", TypeError, "write \\[sentence\\]"),
        ([], ValueError, "expected at least one, got none"),
        (["good", "..."], ValueError, "expected at least one word, got '...'"),
    ],
)
def test_new_sentences_that_cannot_be_read(write: Write, sentences: object, error: type, what: str) -> None:
    data = load_labelled_sentences(write(lines(20)))
    with pytest.raises(error, match=what):
        encode_sentences(sentences, data.vocabulary)  # type: ignore[arg-type]


def test_a_part_is_what_fit_takes_and_a_network_learns_from_it(write: Write) -> None:
    data, rng = load_labelled_sentences(write(lines(60))), np.random.default_rng(0)
    body = Stacked([Embedding(len(data.vocabulary), 4, rng=rng), Recurrent(GRUCell(4, 4, rng=rng))])
    model = ManyToOne(body, Dense(4, 2, rng=rng))
    options = {"epochs": 10, "batch_size": 8, "optimizer": Adam(0.05), "bucket": True, "progress": False}
    fit(model, *data.train, rng=rng, evaluate={"test": tuple(data.test)}, **options)
    assert model.evaluate(model.batch(*data.test))[1] == 1
    assert (model.predict(*data.encode(["the soup was good", "a bad one"]))[:, 1] > 0.5).tolist() == [True, False]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "expected a sentence and a label on each line, got no line with text"),
        ("good,1\nbad,0\n", "at least 2 sentences with label 0, got 1"),
        ("good\nbad\n", "line 1: no tab, comma or semicolon in 'good'"),
        (
            "good\t1\nfine\t1\nbad\t0\nugly\tzero",
            r"at least 2 sentences with label 0, got 1 \(1 lines could not be read\)",
        ),
    ],
)
def test_a_file_from_which_nothing_can_be_learned_is_an_error(write: Write, content: str | bytes, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        load_labelled_sentences(write(content))
