"""What a reader may rely on when her own tagged words are read."""

from collections.abc import Callable

import numpy as np
import pytest

from rnnlib.data import TaggedSentences, entity_scores, load_tagged_words, tag_scores
from rnnlib.data.tag_scores import entities
from tests.conftest import Write

TINY = "-DOCSTART- -X- O O\n\nAda NNP B-NP B-PER\nsaw VBD B-VP O\nParis NNP B-NP B-LOC\n. . O O\n \nIt PRP B-NP O\n"
TINY += "rained VBD B-VP O\n. . O O\n\nGo VB B-VP O"
Load = Callable[..., TaggedSentences]


@pytest.fixture
def load(write: Write) -> Load:
    return lambda content, codec="utf-8", **options: load_tagged_words(write(content, codec=codec), **options)


def sentences(data: TaggedSentences) -> dict[tuple[str, ...], list[str]]:
    """Each sentence with the names of its tags."""
    found = {}
    for part in (data.train, data.test):
        found |= dict(zip(part.words, data.names(part.y, part.lengths), strict=True))
    return found


EXPECTED = {
    ("Ada", "saw", "Paris", "."): ["B-PER", "O", "B-LOC", "O"],
    ("It", "rained", "."): ["O", "O", "O"],
    ("Go",): ["O"],
}


@pytest.mark.parametrize(
    "content",
    [
        TINY,
        TINY + "\n\n\n",
        TINY.replace("\n", "\r\n"),
        TINY.replace(" ", "\t"),
        TINY.replace(" ", "   ").replace("\n", "  \n"),
        "\ufeff" + TINY.replace("\n \n", "\n\t\n"),
        "# a note about the file\n" + TINY,
        "".join(line.rsplit(" ", 3)[0] + " " + line.split(" ")[-1] + "\n" for line in TINY.splitlines()),
    ],
    ids=["as it is", "empty lines", "CRLF", "tabs", "many blanks", "mark and tab", "comment", "two columns"],
)
def test_every_usual_form_gives_the_same_sentences(load: Load, content: str) -> None:
    data = load(content)
    x, y, lengths = data.train  # what `fit` takes
    assert x.shape == y.shape == (max(lengths), len(data.train))
    assert sentences(data) == EXPECTED and data.tags == ("O", "B-LOC", "B-PER")


def test_conll_u_is_read_when_its_columns_are_named(load: Load) -> None:
    row = "{}\t{}\t_\t{}\t_\t_\t0\t_\t_\t_\n"
    first = "# text = Go home\n" + row.format("1", "Go", "VERB") + row.format("2-3", "homes", "_")
    text = first + row.format("2", "home", "ADV") + "\n# text = It rains\n" + row.format("1", "It", "PRON")
    text += row.format("2", "rains", "VERB") + "\n"
    assert sentences(load(text, word=1, tag=3)) == {("Go", "home"): ["VERB", "ADV"], ("It", "rains"): ["PRON", "VERB"]}
    with pytest.raises(ValueError, match=r"expected words, got numbers; .* word=1, tag=3"):
        load(text, tag=3)


def test_spaces_that_are_words_stay_words(load: Load) -> None:
    assert ("\u3000", "我") in sentences(load("\u3000 O\n我 B-X\n\n他 O\n"))
    assert ("New York", "is") in sentences(load("New York\tB-LOC\nis\tO\n\nGo\tO\n"))
    assert ("#", "love") in sentences(load("# O\nlove B-X\n\nno O\n"))


def test_a_word_that_was_never_read_is_unknown_and_no_error(load: Load) -> None:
    data = load(TINY)
    x, lengths = data.encode(["Ada likes Rome", ["It", "rained"]])
    assert lengths.tolist() == [3, 2] and x[1:, 0].tolist() == [0, 0] and data.vocabulary[0] == "<unk>"
    assert load(TINY, lower=True).vocabulary[x[0, 0]] == "ada" or data.vocabulary[x[0, 0]] in ("Ada", "<unk>")
    with pytest.raises(TypeError, match=r"write \[sentence\]"):
        data.encode("Ada likes Rome")


def test_rare_words_teach_what_to_make_of_unknown_ones(load: Load) -> None:
    data = load(TINY, least=2)
    assert (data.train.x == 0).sum() > 2 and len(data.vocabulary) <= 2


def test_the_network_reads_no_test_sentence_in_training(load: Load) -> None:
    text = "".join(f"{a} O\n{b} B-X\n\n" for a in "abcdef" for b in "uvwxyz") * 2
    data = load(text)
    rows = [{tuple(p.x[: p.lengths[b], b].tolist()) for b in range(len(p))} for p in (data.train, data.test)]
    assert not rows[0] & rows[1] and len(data.repeated) == 36
    assert "36 repeated sentences" in data.report and "floor          always O: 50.0%" in data.report


@pytest.mark.parametrize("seed", range(4))  # in some of them the odd one is in the test
def test_no_test_sentence_reads_as_one_to_learn_from_whatever_its_tags(load: Load, seed: int) -> None:
    rare = "".join(f"{a}{a} O\nruns {'O' if k else 'B-X'}\n\n" for k, a in enumerate("abcdef"))
    data = load(rare + "".join(f"{a} O\n{b} B-X\n\n" for a in "abcdef" for b in "uvwxyz"), least=2, seed=seed)
    rows = [{tuple(p.x[: p.lengths[b], b].tolist()) for b in range(len(p))} for p in (data.train, data.test)]
    assert not rows[0] & rows[1]


@pytest.mark.parametrize(
    ("content", "options", "what"),
    [
        ("Ada B-PER\nsaw\nParis B-LOC\n\nx O\n", {}, "line 2: expected 2 columns, as most lines have, got 1: 'saw'"),
        ("Ada\nsaw\n", {}, "line 1: expected a word and its tag, got one column: 'Ada'"),
        ("Ada\t\tO\nsaw\tit\tO\n", {"word": 1}, "line 1: .* got an empty column"),
        ("a O\n\nb O\n", {}, "at least 2 different tags, got O"),
        ("a O\nb X\n", {}, "at least 2 sentences that read differently, got 1"),
        (TINY, {"tag": 4}, "tag: expected a column from 0 to 3, got 4"),
        (TINY, {"tag": 0}, "word, tag: expected two columns"),
        ("".join(f"a{n} t{n}\n\n" for n in range(60)), {}, "60 different ones for 60 words"),
    ],
)
def test_what_cannot_be_meant_is_an_error(load: Load, content: str, options: dict, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        load(content, **options)


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("O B-PER I-PER O", [("PER", 1, 3)]),
        ("B-PER B-PER", [("PER", 0, 1), ("PER", 1, 2)]),
        ("B-PER I-LOC I-LOC", [("PER", 0, 1), ("LOC", 1, 3)]),
        ("I-PER I-PER O I-LOC", [("PER", 0, 2), ("LOC", 3, 4)]),  # IOB1
        ("B-X E-X S-Y S-Y", [("X", 0, 2), ("Y", 2, 3), ("Y", 3, 4)]),  # IOBES
        ("B I O B", [("entity", 0, 2), ("entity", 3, 4)]),
        ("NNP O .", []),
    ],
)
def test_entities_begin_and_end_where_their_tags_say(tags: str, expected: list) -> None:
    assert list(entities(tags.split())) == expected


def test_an_entity_counts_whole_and_a_tag_word_by_word() -> None:
    names = ("O", "B-PER", "I-PER", "B-LOC")
    y = np.array([[1, 3], [2, 0], [0, 0]])
    guess = np.array([[1, 3], [0, 1], [0, 3]])
    scores = entity_scores(guess, y, [3, 2], names)
    assert scores["PER"] == (0, 0, 0, 1) and scores["LOC"] == (1, 1, 1, 1)
    assert scores["all"] == pytest.approx((1 / 3, 1 / 2, 0.4, 2))
    tags = tag_scores(guess, y, [3, 2], names)
    assert tags["B-PER"] == pytest.approx((1 / 2, 1, 2 / 3, 1)) and tags["I-PER"].support == 1
    assert tags["B-LOC"].precision == 1  # what lies past the end does not count


@pytest.mark.parametrize(
    ("guess", "names", "what"),
    [([[3]], ("O", "B-X"), "from 0 to 1"), ([[0, 1]], ("O", "B-X"), "expected"), ([[0]], ("NN", "VB"), '"B-PER"')],
)
def test_scores_of_what_does_not_fit_are_an_error(guess: list, names: tuple, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        entity_scores(guess, [[0]], [1], names)
