"""Rows of the data: small sets, vocabularies, and files of the reader's own."""

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from rnnlib import data
from rnnlib.data import Symbols, Vocabulary
from tests.doors import Door
from tests.doors.core import rng

FILE = {"path": "text: a file of that name"}


def written(text, **more):
    Path("zz").write_text(text, encoding="utf-8")
    return {"path": "zz"} | more


def labelled(**more):
    lines = [
        f"he is {word} today\t{label}" for label, words in enumerate(("sad bad", "glad good")) for word in words.split()
    ]
    return written("\n".join(lines), classes=("no", "yes"), columns=(0, 1), encoding="utf-8", **more)


def tagged(**more):
    return written("\n".join(["he O\nis O\nAda B-PER\n", "she O\nsaw O\nRome B-LOC\n"] * 2), encoding="utf-8", **more)


def sentences(of):
    return {"self": of(**labelled())}


def scored(names):
    return {"tags": np.zeros((3, 2), int), "y": np.ones((3, 2), int), "lengths": np.array([3, 2]), "names": names}


def words():
    return Vocabulary(["a", "b", "c"])


names, digits, sunspots = cache(data.names), cache(data.digits), cache(data.sunspots)  # each is read once
NONE = {"chosen": "empty: none of them"}
TEXT = "text: any text is one"
NO_MORE = {"others": "empty: there are none"}
SETS = {
    "data.labels": Door(lambda: {"data": {"good": True}}),
    "data.dates": Door(
        lambda: {
            "train": 8,
            "test": 4,
            "languages": ("en", "de"),
            "styles": ("long",),
            "years": (1990, 1999),
            "seed": 1,
        }
    ),
    "data.digits": Door(dict),
    "data.names": Door(dict),
    "data.sunspots": Door(dict),
    "data.vowels": Door(dict),
    "data.nested_words": Door(dict),
    "data.nested": Door(lambda: {"examples": 4, "depths": (1, 2), "rng": rng()}),
    "data.memo": Door(lambda: {"steps": 5, "examples": 2, "rng": rng()}),
    "data.recall": Door(lambda: {"lag": 3, "examples": 2, "rng": rng()}),
    "data.recall_words": Door(dict),
    "data.fill_gaps": Door(lambda: {"train": gaps(), "others": (gaps(),)}),
    "data.standardised": Door(lambda: {"train": gaps(), "others": (gaps(),)}),
    "Nested.one_hot": Door(lambda: {"self": data.nested(2, (1,), rng=rng())}),
    "Sunspots.windows": Door(lambda: {"self": sunspots(), "steps": 5}),
    "Digits.rows": Door(lambda: {"self": digits(), "part": digits().test}),
    "Digits.spelled": Door(lambda: {"self": digits(), "part": digits().test}),
    "DateFormat.write": Door(lambda: {"self": some_dates().formats[0], "day": date(2024, 3, 5)}),
    "WrittenDates.take": Door(lambda: {"self": some_dates().train, "chosen": np.array([1])}, NONE),
    "WrittenDates.where": Door(lambda: {"self": some_dates().train, "language": "en", "style": "long"}),
    "Names.word_majority": Door(lambda: {"self": names(), "x": names().test.x}),
    "Sentences.where": Door(lambda: {"self": names().test, "kind": "plain"}, {"positions": "empty: no name at all"}),
    "Sentences.take": Door(lambda: {"self": names().test, "chosen": np.array([1])}, NONE),
    "Sentences.one_hot": Door(lambda: {"self": names().test}),
    "Sentences.at_doubtful": Door(lambda: {"self": names().test, "tags": names().test.y}),
}


def gaps():
    return data.Examples(rng().standard_normal((3, 2, 2)), np.array([0, 1]), np.array([3, 2]))


def some_dates():
    return data.dates(train=8, test=4, languages=("en", "de"), styles=("long",))


WORDS = {
    "Vocabulary": Door(lambda: {"words": ["a", "b"]}),
    "Vocabulary.from_texts": Door(lambda: {"texts": ["a b"]}),
    "Vocabulary.unknown": Door(lambda: {"self": words(), "text": "a d"}, {"text": TEXT}),
    "Vocabulary.encode": Door(lambda: {"self": words(), "text": "a b"}, named={"text": "unknown word 'zz' in"}),
    "Vocabulary.decode": Door(lambda: {"self": words(), "ids": np.array([0, 1])}, {"ids": "empty: no words"}),
    "Vocabulary.pad": Door(lambda: {"self": words(), "texts": ["a b"]}),
    "Vocabulary.one_hot": Door(
        lambda: {"self": words(), "texts": ["a b"]}, {"dtype": "none: NumPy's own word for float64"}
    ),
    "Symbols": Door(lambda: {"characters": "abc"}),
    "Symbols.from_texts": Door(lambda: {"texts": ["ab"]}),
    "Symbols.split": Door(lambda: {"self": Symbols("abc"), "text": "ab"}, {"text": TEXT}),
    "Symbols.encode": Door(
        lambda: {"self": Symbols("abc"), "text": "ab"}, named={"text": "unknown character 'z' in 'zz'"}
    ),
    "Symbols.decode": Door(
        lambda: {"self": Symbols("abc"), "numbers": np.array([0, 1])}, {"numbers": "empty: no symbols"}
    ),
    "Symbols.pad": Door(lambda: {"self": Symbols("abc"), "texts": ["ab"], "end": True}),
    "data.tokens": Door(lambda: {"sentence": "a b"}, {"sentence": TEXT}),
    "data.characters": Door(lambda: {"sentence": "a b"}, {"sentence": TEXT}),
    "data.tag_scores": Door(lambda: scored(("O", "A"))),
    "data.entity_scores": Door(lambda: scored(("O", "B-PER"))),
    "data.name_scores": Door(lambda: {k: v for k, v in scored(()).items() if k != "names"}),
}
FILES = {
    "data.load_phrases": Door(lambda: written("train_data = {'good': True}\ntest_data = {'bad': False}\n"), FILE),
    "data.load_labelled_sentences": Door(labelled, FILE),
    "data.load_tagged_words": Door(tagged, FILE | {"tag": "negative: the last column"}),
    "data.load_text": Door(lambda: written("ab\nba\nabab\n" * 20), FILE),
    "data.load_word_vectors": Door(lambda: written("a 1.0 2.0\nb 0.5 1\n", vocabulary=words(), size=2), FILE),
    "data.read_text": Door(lambda: written("ab"), FILE),
    "data.text_lines": Door(lambda: written("ab"), FILE | {"encoding": "text: found out at the first line"}),
    "LabelledSentences.split": Door(
        lambda: sentences(data.load_labelled_sentences) | {"sentence": "a"}, {"sentence": TEXT}
    ),
    "LabelledSentences.words": Door(
        lambda: sentences(data.load_labelled_sentences) | {"sentence": "a"}, {"sentence": TEXT}
    ),
    "LabelledSentences.encode": Door(lambda: sentences(data.load_labelled_sentences) | {"sentences": ["he is"]}),
    "LabelledSet.take": Door(
        lambda: {"self": data.load_labelled_sentences(**labelled()).train, "chosen": np.array([0])}, NONE
    ),
    "TaggedSentences.encode": Door(lambda: {"self": data.load_tagged_words(**tagged()), "sentences": [["he"]]}),
    "TaggedSentences.names": Door(
        lambda: {"self": data.load_tagged_words(**tagged()), "tags": np.zeros((2, 1), int), "lengths": np.array([2])}
    ),
    "Corpus.encode": Door(lambda: {"self": a_corpus(), "text": "ab"}, {"text": TEXT}),
    "Corpus.unknown": Door(lambda: {"self": a_corpus(), "text": "ab"}, {"text": TEXT}),
    "Corpus.decode": Door(lambda: {"self": a_corpus(), "numbers": np.array([1])}, {"numbers": "empty: no symbols"}),
    "Corpus.stream": Door(lambda: {"self": a_corpus(), "batch": 2}),
    "Corpus.lines": Door(lambda: {"self": a_corpus()}),
    "Corpus.floor": Door(lambda: {"self": a_corpus()}),
}


def a_corpus():
    return data.load_text(**written("ab\nba\nabab\n" * 20))


DATA = SETS | WORDS | FILES
