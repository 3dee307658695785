"""Names of people and places in sentences: an answer for every word. Chapters 01, 05 and 07."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .given import a_list, a_text, a_whole, places
from .stored import Examples, IntArray, padded, stored_rows
from .vocabulary import Vocabulary

__all__ = ["NameScores", "Names", "Sentences", "name_scores", "names"]

TAGS = ("other", "person", "place")
LETTERS = "opl"  # how the file writes the tags
KINDS = ("plain", "before", "after")
CARD = """\
Names in sentences: person, place, or neither?
what     English sentences, lower case, no punctuation, with a tag for each word: 0 other, 1 person, 2 place. Some words
         are names in one sentence and not in another (rose, paris, will, teddy). Three kinds of sentence:
         plain    every word has the same tag wherever it stands:       omar cleaned the kitchen table every day
         before   what stands before the doubtful word decides:         i like my friend amber / i like the colour amber
         after    what follows decides, sometimes 8 words later:        they say rose sings in the choir /
                                                                        they say rose curtains hang in the hall
size     1,512 sentences to learn from (720 plain, 360 before, 432 after), 564 for the test (300, 120, 144), of 4 to 14
         words; 280 different words, all of them in the training sentences;
         one word in eight is a name
split    drawn at random; no sentence stands in both. In `after` the sentences are twins, in one part both: word for
         word the same up to the doubtful one
bounds   in each kind, each doubtful word is a person's name as often as it is not. So who knows only the word is right
         at half of the doubtful words, and who has read only up to it is right at half of those in `after`
from     written for this book: word lists and patterns in rnnlib/data/name_patterns.py
licence  MIT, as the book
made     python -m tools.make_data: patterns filled at random with a fixed seed
limits   a toy: some thirty patterns, and no name in the test is new. Real text has names that nobody has seen
"""


@dataclass(frozen=True, repr=False)
class Sentences:
    """B sentences. They unpack as x, y, lengths: `fit(model, *sentences, ...)` and `model.batch(*sentences)` work.

    texts: the sentences. x: (T, B) the number of each word in the vocabulary, as `Embedding` reads it; `one_hot` makes
    vectors of it. y: (T, B) tags, 0 other, 1 person, 2 place. lengths: (B,) words. x and y are 0 in the padding.
    kinds: (B,) "plain", "before" or "after". doubtful: (B,) the step of the word that is a name in some sentences and
    not in others, counted from 0; -1 in plain sentences. vocabulary: the words.
    """

    texts: tuple[str, ...]
    x: IntArray
    y: IntArray
    lengths: IntArray
    kinds: NDArray[np.str_]
    doubtful: IntArray
    vocabulary: Vocabulary

    def __iter__(self) -> Iterator[IntArray]:
        return iter((self.x, self.y, self.lengths))

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        counts = ", ".join(f"{int((self.kinds == kind).sum())} {kind}" for kind in KINDS)
        return f"Sentences({len(self)}: {counts})"

    def where(
        self, *, kind: str | None = None, positions: Collection[int] | None = None, at_most: int | None = None
    ) -> Sentences:
        """The sentences for which all that is given holds. ValueError where nothing is left. Chapter 01.

        kind: of this kind. positions: names stand at these positions and nowhere else; the first word is at position 1.
        at_most: so many names (words) or fewer. Sentences without any name are kept: a network that is to learn what a
        name is must see what is none.
        """
        if kind is not None:
            a_text("kind", kind)
        if positions is not None:
            places("positions", [*a_list("positions", positions, "positions")], 1 << 31)
        if at_most is not None:
            a_whole("at_most", at_most, 0)
        kept = np.ones(len(self), dtype=bool)
        if kind is not None:
            kept &= self.kinds == kind
        if positions is not None:
            elsewhere = ~np.isin(np.arange(len(self.y)) + 1, list(positions))  # (T,)
            kept &= ~(self.y[elsewhere] > 0).any(axis=0)
        if at_most is not None:
            kept &= (self.y > 0).sum(axis=0) <= at_most
        if not kept.any():
            all_of = f"kind={kind!r}, names at {positions} only, and at most {at_most} names"
            raise ValueError(f"kind, positions, at_most: no sentence has {all_of}")
        return self.take(np.flatnonzero(kept))

    def take(self, chosen: ArrayLike) -> Sentences:
        """The chosen sentences, by their numbers 0..B-1. T stays."""
        at = places("chosen", chosen, len(self))
        texts = tuple(self.texts[b] for b in at.tolist())
        x, y, lengths = self.x[:, at], self.y[:, at], self.lengths[at]
        return Sentences(texts, x, y, lengths, self.kinds[at], self.doubtful[at], self.vocabulary)

    def one_hot(self) -> Examples:
        """The same examples with x (T, B, V): 1 at the number of the word, 0 elsewhere and in the padding."""
        x = np.eye(len(self.vocabulary))[self.x]
        x[np.arange(len(x))[:, None] >= self.lengths] = 0
        return Examples(x, self.y, self.lengths)

    def at_doubtful(self, tags: ArrayLike) -> NDArray[Any]:
        """Of tags (T, B), or of y, those at the doubtful words, in the order of the sentences that have one."""
        found = np.flatnonzero(self.doubtful >= 0)
        if np.shape(tags) != self.y.shape:
            raise ValueError(f"tags: expected {self.y.shape}, as y has, got {np.shape(tags)}")
        result: NDArray[Any] = np.asarray(tags)[self.doubtful[found], found]
        return result


@dataclass(frozen=True, repr=False)
class Names:
    """train, test: `Sentences`. vocabulary: the V words of both, sorted. tags: the names of the tags 0, 1, 2."""

    train: Sentences
    test: Sentences
    vocabulary: Vocabulary
    tags: tuple[str, ...] = TAGS
    card: str = CARD

    def __repr__(self) -> str:
        return f"Names({len(self.train)} sentences to learn from, {len(self.test)} for the test)"

    def word_majority(self, x: IntArray) -> IntArray:
        """The baseline: every word gets the tag that it has most often in `train`, whatever stands around it.

        x (T, B) words -> (T, B) tags. Where two tags are as frequent, the smaller number; a word that `train` does not
        have is 0, other. Chapter 05.
        """
        if np.ndim(x) != 2:
            raise ValueError(f"x: expected (T, B), got {np.shape(x)}")
        places("x", np.ravel(x), len(self.vocabulary))
        counts = np.zeros((len(self.vocabulary), len(self.tags)), dtype=np.intp)
        true = np.arange(len(self.train.x))[:, None] < self.train.lengths
        np.add.at(counts, (self.train.x[true], self.train.y[true]), 1)
        result: IntArray = counts.argmax(axis=1)[x]
        return result


class NameScores(NamedTuple):
    """Shares, 0 to 1. accuracy: of all words, those with the right tag. precision: of the words called a name,
    those that are one, of that kind. recall: of the words that are names, those that were found, with their kind.
    f1: 2 P R / (P + R)."""

    accuracy: float
    precision: float
    recall: float
    f1: float


def name_scores(tags: ArrayLike, y: ArrayLike, lengths: ArrayLike) -> NameScores:
    """Predicted tags (T, B) against the true ones y (T, B); what lies past `lengths` (B,) does not count.

        P = hits / called names,  R = hits / true names,  F1 = 2 P R / (P + R)

    A hit is a name with its right tag. Seven words in eight are no names, so accuracy flatters who finds none; F1 does
    not. Where nothing is called a name, or nothing is one, that share is 0. ValueError for other shapes. Chapter 05.
    """
    guess, true, ends = np.asarray(tags), np.asarray(y), np.asarray(lengths)
    if guess.ndim != 2 or guess.shape != true.shape or ends.shape != guess.shape[1:]:
        got = f"{guess.shape}, {true.shape}, {ends.shape}"
        raise ValueError(f"tags, y, lengths: expected (T, B), (T, B), (B,), got {got}")
    places("lengths", ends, len(guess) + 1)
    inside = np.arange(len(true))[:, None] < ends
    guess, true = guess[inside], true[inside]
    hits = int(((guess == true) & (true > 0)).sum())
    precision, recall = hits / max(1, int((guess > 0).sum())), hits / max(1, int((true > 0).sum()))
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return NameScores(float((guess == true).mean()), precision, recall, f1)


def names() -> Names:
    """Sentences with the names of people and places, and what decides which word is one. Chapters 01, 05 and 07.

    A file that was changed is a ValueError.
    """
    rows = stored_rows("names.tsv")
    vocabulary = Vocabulary.from_texts(text for *_, text in rows)
    longest = max(len(tags) for *_, tags, _ in rows)
    train, test = (_sentences([r for r in rows if r[0] == part], vocabulary, longest) for part in ("train", "test"))
    return Names(train, test, vocabulary)


def _sentences(rows: list[list[str]], vocabulary: Vocabulary, longest: int) -> Sentences:
    """Rows (part, kind, doubtful, tags, text); T is the longest of all, so that both parts have the same."""
    _, kinds, doubtful, tags, texts = zip(*rows, strict=True)
    x, lengths = vocabulary.pad(texts)
    y, _ = padded([[LETTERS.index(tag) for tag in line] for line in tags])
    room = ((0, longest - len(x)), (0, 0))
    at = np.array([int(place) for place in doubtful])
    return Sentences(texts, np.pad(x, room), np.pad(y, room), lengths, np.array(kinds), at, vocabulary)
