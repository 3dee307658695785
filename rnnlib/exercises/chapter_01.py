"""Exercises of chapter 01: sequences and five shapes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import numpy as np

from ..cells import RNNCell
from ..layers import Dense
from .common import Array, Ints, Rng, inside, sizes
from .task import posed

__all__ = ["EXERCISES"]


# ---- 01.1 which shape

IMAGE, GENRE, REVIEW = "an image to its class", "a genre to a melody", "a review to positive or negative"
SPEECH, FILM = "a spoken sentence to its text", "each frame of a film to a label"
SHAPES = {IMAGE: "1-1", GENRE: "1-N", REVIEW: "N-1", SPEECH: "N-M", FILM: "N-N"}


def said(result: Any, task: str) -> str:
    """What is said of a task: "N to 1", "n-1" and "N-1" are the same."""
    return str(result.get(task)).upper().replace(" TO ", "-").replace(" ", "") if isinstance(result, dict) else ""


def same_shapes(result: Any) -> bool:
    """Whether all five are right, however they are spaced."""
    return all(said(result, task) == shape for task, shape in SHAPES.items())


def filled(answer: Any) -> Any:
    """The answer, or `...` while some of its places are open."""
    places = answer.values() if isinstance(answer, dict) else ()
    return ... if any(place is None or place is ... for place in places) else answer


WRONG_SHAPES = {
    "no_dictionary": ([*SHAPES.values()], lambda given: not isinstance(given, dict) or not set(SHAPES) <= set(given)),
    "unknown_code": (
        {**SHAPES, FILM: "N to K"},
        lambda given: any(said(given, task) not in SHAPES.values() for task in SHAPES),
    ),
    "speech_in_step": (
        {**SHAPES, SPEECH: "N-N", FILM: "N-M"},
        lambda given: said(given, SPEECH) == "N-N" or said(given, FILM) == "N-M",
    ),
    "review_answers_often": ({**SHAPES, REVIEW: "N-N"}, lambda given: said(given, REVIEW) in ("N-N", "N-M")),
    "turned_round": (
        {**SHAPES, GENRE: "N-1", REVIEW: "1-N"},
        lambda given: said(given, GENRE) == "N-1" or said(given, REVIEW) == "1-N",
    ),
    "image_in_pieces": ({**SHAPES, IMAGE: "N-1"}, lambda given: said(given, IMAGE) != "1-1"),
}


# ---- 01.2 padding


def ragged(rng: Rng) -> tuple[list[Array]]:
    """Three sequences of different lengths, the longest in the middle, with I = 2."""
    return ([rng.normal(size=(T, 2)) for T in (2, 5, 3)],)


def pad(sequences: list[Array], slip: str = "") -> Any:
    """Zeros past the end of each; time first."""
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.intp)
    T, first = int(lengths.max()), int(lengths[0])
    x, late = (
        np.stack([np.pad(s, ((late * (T - len(s)), (not late) * (T - len(s))), (0, 0))) for s in sequences], axis=1)
        for late in (False, True)
    )
    return {
        "batch_first": (x.transpose(1, 0, 2), lengths),
        "zeros_in_front": (late, lengths),
        "cut_off": (x[: lengths.min()], lengths),
        "all_of_one_length": (x, np.full_like(lengths, T)),
        "last_repeated": (np.stack([s[np.minimum(np.arange(T), len(s) - 1)] for s in sequences], axis=1), lengths),
        "room_of_the_first": (x[:first], np.minimum(lengths, first)),
        "array_alone": x,
    }.get(slip, (x, lengths))


# ---- 01.3 how many numbers


def of_the_layers(T: int, inputs: int, units: int, outputs: int) -> tuple[int, int]:
    """What the library's layers count."""
    rng = np.random.default_rng(0)
    output = Dense(units, outputs, rng=rng).parameter_count
    hidden = Dense(T * inputs, units, rng=rng).parameter_count
    return hidden + output, RNNCell(inputs, units, rng=rng).parameter_count + output


def parameters(T: int, inputs: int, units: int, outputs: int, slip: str = "") -> tuple[int, int]:
    """Of a dense and of a recurrent network."""
    output, biases = outputs * (units + 1), units + outputs
    cell = units * (inputs + units + 1)
    dense, recurrent = units * (T * inputs + 1) + output, cell + output
    return {
        "no_loop": (dense, recurrent - units * units),
        "loop_of_vectors": (dense, recurrent - units * units + units),
        "one_for_each_step": (dense, T * cell + output),
        "one_word": (units * (inputs + 1) + output, recurrent),
        "no_biases": (dense - biases, recurrent - biases),
        "no_outputs": (dense - output, recurrent - output),
        "exchanged": (recurrent, dense),
    }.get(slip, (dense, recurrent))


# ---- 01.4 accuracy by place


def answered(rng: Rng) -> tuple[Ints, Ints, Ints]:
    """Answers and truth (5, 8), the lengths; in the padding answers and truth are 0, and so agree."""
    lengths = np.array([5, 2, 4, 1, 3, 5, 2, 4], dtype=np.intp)
    y, answers = rng.integers(0, 3, (5, 8)), rng.integers(0, 3, (5, 8))
    answers = np.where(rng.random((5, 8)) < 0.5, y, answers)
    past = ~inside(5, lengths)
    y[past] = answers[past] = 0
    answers[4, 0], y[4, 0] = 1, 2  # a mistake at the last place, a hit at the first: no share is the same everywhere
    answers[0, 0] = y[0, 0]
    return answers, y, lengths


def by_place(answers: Ints, y: Ints, lengths: Ints, slip: str = "") -> Any:
    """Of the sentences that reach each step, the share with the right answer."""
    true = inside(len(y), lengths + 1 if slip == "off_by_one" else lengths)
    right = (answers == y) & true
    shares = right.sum(axis=1) / true.sum(axis=1)
    return {
        "with_padding": (answers == y).mean(axis=1),
        "divided_by_all": right.mean(axis=1),
        "by_sentence": right.sum(axis=0) / true.sum(axis=0),
        "one_number": right.sum() / true.sum(),
        "mistakes": 1 - shares,
        "counted": right.sum(axis=1),
    }.get(slip, shares)


# ---- 01.5 over structure


def some_tree(rng: Rng) -> tuple[Any]:
    """A tree that is neither a chain nor balanced."""
    a, b, c, d, e, f = (float(number) for number in rng.normal(size=6))
    return (((a, (b, c)), (d, (e, f))),)


def in_a_row(tree: Any) -> Iterator[float]:
    """The numbers of a tree, from left to right."""
    for part in tree:
        yield from (part,) if isinstance(part, float) else in_a_row(part)


def value(tree: Any, slip: str = "") -> Any:
    """tanh(value of left - value of right) at every pair."""
    if slip == "over_time":
        return reduce(lambda before, number: np.tanh(before - number), in_a_row(tree))
    if slip == "bent_once":
        return np.tanh(value(tree, "not_bent"))
    if isinstance(tree, float):
        return np.tanh(tree) if slip == "bent_leaves" else tree
    left, right = (value(part, slip) for part in tree)
    slips = {
        "sides_exchanged": np.tanh(right - left),
        "not_bent": left - right,
        "added": np.tanh(left + right),
    }
    return slips.get(slip, np.tanh(left - right))


# ---- 01.6 the same bag


def two_texts(result: Any) -> bool:
    """Whether it is a pair of texts."""
    return isinstance(result, (tuple, list)) and len(result) == 2 and all(isinstance(text, str) for text in result)


def same_bag(result: Any) -> bool:
    """Two different sentences of at least three words with the same words."""
    if not two_texts(result):
        return False
    one, other = (text.split() for text in result)
    return len(one) >= 3 and one != other and sorted(one) == sorted(other)


def bare(text: str) -> list[str]:
    """The words of a text in order of the alphabet, without capitals and punctuation."""
    return sorted("".join(sign for sign in text.lower() if sign.isalnum() or sign.isspace()).split())


WRONG_BAGS = {
    "no_two_texts": ("she is happy not sad", lambda pair: not two_texts(pair)),
    "one_sentence": (("she is happy", "she is happy"), lambda pair: pair[0].split() == pair[1].split()),
    "too_short": (("come here", "here come"), lambda pair: min(len(text.split()) for text in pair) < 3),
    "same_but_for_signs": (("Dogs bite men", "men bite dogs."), lambda pair: bare(pair[0]) == bare(pair[1])),
    "same_set": (("not bad not good", "not good bad"), lambda pair: {*pair[0].split()} == {*pair[1].split()}),
    "other_words": (("she is happy", "she is sad"), lambda pair: {*pair[0].split()} != {*pair[1].split()}),
}


EXERCISES = (
    posed("01.1", SHAPES, WRONG_SHAPES, use=filled, accepts=same_shapes),
    posed("01.2", pad, inputs=ragged, parts=("x", "lengths")),
    posed("01.3", of_the_layers, parameters, inputs=sizes(4, 30), parts=("dense", "recurrent")),
    posed("01.4", by_place, inputs=answered),
    posed("01.5", value, inputs=some_tree),
    posed("01.6", ("she is happy not sad", "she is sad not happy"), WRONG_BAGS, accepts=same_bag),
)
