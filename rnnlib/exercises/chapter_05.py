"""Exercises and quiz of chapter 05: variants by shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, IntArray, cross_entropy, log_softmax, softmax
from ..layers import Dense, Recurrent
from ..models import OneToMany
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]


# ---- 05.1 what the decoder reads


def targets(rng: np.random.Generator) -> tuple[IntArray, int]:
    """y (S, B) symbols 1 to 5, S and B alike so that a slip in the axis still fits, and the start symbol 6."""
    return rng.integers(1, 6, size=(4, 4)), 6


def reads(y: IntArray, start: int) -> IntArray:
    """The true symbols one step late, as the library's decoders read them."""
    return np.concatenate([np.full((1, y.shape[1]), start), y[:-1]])


def reads_its_answer(y: IntArray, start: int) -> IntArray:
    return y.copy()


def reads_ahead(y: IntArray, start: int) -> IntArray:
    return np.concatenate([y[1:], np.full((1, y.shape[1]), start)])


def rolled(y: IntArray, start: int) -> IntArray:
    return np.roll(y, 1, axis=0)


def across_the_batch(y: IntArray, start: int) -> IntArray:
    return np.concatenate([np.full((len(y), 1), start), y[:, :-1]], axis=1)


def one_too_long(y: IntArray, start: int) -> IntArray:
    return np.concatenate([np.full((1, y.shape[1]), start), y])


def zero_first(y: IntArray, start: int) -> IntArray:
    return np.concatenate([np.zeros((1, y.shape[1]), y.dtype), y[:-1]])


READS = Exercise(
    "05.1",
    "Write `reads(y, start)`: what a decoder reads under teacher forcing.",
    reads,
    (
        Wrong(
            reads_its_answer,
            "at each step it reads the very symbol that it has to write. It would learn to copy.",
            "At step s it may know what came before s.",
        ),
        Wrong(
            reads_ahead,
            "this is shifted the other way: at step s it reads the symbol after the one that it has to write.",
            "The targets arrive one step late, so `start` stands in the first row.",
        ),
        Wrong(
            rolled,
            "`np.roll` puts the last symbols into the first row. There the start symbol belongs.",
            "Nothing is written before the first step.",
        ),
        Wrong(
            across_the_batch,
            "this is shifted along the batch: each text reads its neighbour's letters.",
            "Time comes first: axis 0.",
        ),
        Wrong(
            one_too_long,
            "one row too many. The last symbol is written and never read.",
            "As many rows as y has: leave out the last one, `y[:-1]`.",
        ),
        Wrong(zero_first, "the first row is 0. It is `start`, whatever number that is.", "`np.full(..., start)`."),
    ),
    (
        "A row of `start`, and below it y without its last row.",
        "`np.concatenate([np.full((1, B), start), y[:-1]])`.",
    ),
    inputs=targets,
    praise="right: the inputs are the targets, one step late.",
)


# ---- 05.2 the masked loss

Loss = tuple[FloatArray, IntArray, IntArray]


def padded_scores(rng: np.random.Generator) -> Loss:
    """scores (S, B, K), y (S, B), lengths (B,), one of them full and all different."""
    S, B, K = 5, 3, 4
    return rng.normal(size=(S, B, K)), rng.integers(0, K, size=(S, B)), np.array([5, 2, 3])[rng.permutation(3)]


def sequence_loss(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    """The library's cross-entropy with weight 0 in the padding."""
    S, _, K = scores.shape
    mask = (np.arange(S)[:, None] < lengths).astype(float).ravel()
    return cross_entropy(scores.reshape(-1, K), np.eye(K)[y.ravel()], mask)[0]


def _gains(scores: FloatArray, y: IntArray) -> FloatArray:
    """The log probability of each true symbol, (S, B)."""
    return np.asarray(np.take_along_axis(log_softmax(scores), y[:, :, None], axis=2)[:, :, 0])


def _inside(scores: FloatArray, lengths: IntArray) -> Any:
    return np.arange(len(scores))[:, None] < lengths


def with_padding(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return -float(_gains(scores, y).mean())


def over_all_steps(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return -float((_gains(scores, y) * _inside(scores, lengths)).mean())


def mean_of_means(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return -float(((_gains(scores, y) * _inside(scores, lengths)).sum(axis=0) / lengths).mean())


def a_sum(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return -float(_gains(scores, y)[_inside(scores, lengths)].sum())


def per_sequence(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return a_sum(scores, y, lengths) / len(lengths)


def without_the_end(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return -float(_gains(scores, y)[_inside(scores, lengths - 1)].mean())


def other_sign(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    return -sequence_loss(scores, y, lengths)


def scores_alone(scores: FloatArray, y: IntArray, lengths: IntArray) -> float:
    gains = np.take_along_axis(scores, y[:, :, None], axis=2)[:, :, 0]
    return -float(gains[_inside(scores, lengths)].mean())


MASKED = Exercise(
    "05.2",
    "Write `sequence_loss(scores, y, lengths)`: the mean cross-entropy over all true steps of a batch.",
    sequence_loss,
    (
        Wrong(
            with_padding,
            "the padding counts here. The network would be paid for writing zeros after the end.",
            "Make a mask: `np.arange(S)[:, None] < lengths`.",
        ),
        Wrong(
            over_all_steps,
            "the padding adds nothing, but it is counted: you divide by S B. Divide by the number of true steps.",
            "`mask.sum()`, or take the mean over `gains[mask]`.",
        ),
        Wrong(
            mean_of_means,
            "this is a mean over sequences of their means. So a letter of a short word counts more than one of a "
            "long word; the library's mean is over all letters.",
            "One sum over everything true, and one division.",
        ),
        Wrong(a_sum, "this is the sum. It would grow with the batch.", "Divide by the number of true steps."),
        Wrong(
            per_sequence,
            "divided by the number of sequences: this is the mean over texts, and long ones weigh more.",
            "Divide by the number of true steps.",
        ),
        Wrong(
            without_the_end,
            "the last true step is left out, and that is the end symbol. Who never learns it never stops.",
            "`lengths` counts the end symbol: steps 0 to length - 1 are true.",
        ),
        Wrong(other_sign, "the sign is the other way round: a loss falls as the log probability grows.", "A minus."),
        Wrong(
            scores_alone,
            "these are the scores of the true symbols. They have to go through `log_softmax` first.",
            "`log_softmax(scores)` over the last axis.",
        ),
    ),
    (
        "Three things: log probabilities, those of the true symbols, the mean over the true steps.",
        "`np.take_along_axis(log_softmax(scores), y[:, :, None], axis=2)[:, :, 0]`, then a mask (S, B).",
    ),
    inputs=padded_scores,
    praise="right: one mean over everything that is true.",
)


# ---- 05.3 greedy decoding

UNITS, SYMBOLS, MOST = 6, 7, 15


class Decoder:
    """A small decoder as one function: `scores, state = decoder(symbol, state)`. Symbols are whole numbers."""

    def __init__(self, rng: np.random.Generator) -> None:
        cell = RNNCell(SYMBOLS, UNITS, rng=rng, init=0.9)
        begin, output = Dense(4, UNITS, rng=rng), Dense(UNITS, SYMBOLS, rng=rng)
        self.model = OneToMany(begin, Recurrent(cell), output, end=0)
        self.x = 3 * rng.normal(size=(1, 4))

    def __call__(self, symbol: Any, state: FloatArray) -> tuple[FloatArray, FloatArray]:
        symbols = np.full((1, 1), int(symbol), dtype=np.intp)
        y, state, _ = self.model.body.forward(np.eye(SYMBOLS)[symbols], state)
        scores: FloatArray = self.model.output.forward(y[0])[0]
        return scores, state

    @property
    def state(self) -> FloatArray:
        """The first state, (1, H)."""
        return self.model.begin.forward(self.x)

    @property
    def text(self) -> tuple[int, ...]:
        """What the library writes with it; () where it does not end."""
        (result,) = self.model.generate(self.x, max_length=MOST)
        return result.symbols if result.ended else ()


Task = tuple[Decoder, FloatArray, int, int]


def decoder_that_ends(rng: np.random.Generator) -> Task:
    """A decoder whose text has 3 to 8 different-looking symbols, its first state, the end symbol and the limit."""
    while True:
        decoder = Decoder(rng)
        if 3 <= len(decoder.text) <= 8 and len(set(decoder.text)) > 2:
            return decoder, decoder.state, 0, MOST


def write(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    """What the library writes."""
    return list(decoder.text)


def _written(decoder: Decoder, state: FloatArray, end: int, most: int, **slips: bool) -> list[int]:
    """Greedy writing, with one slip or another."""
    symbol, first = end, state
    written: list[int] = []
    for _ in range(most):
        scores, state = decoder(end if slips.get("deaf") else symbol, first if slips.get("stuck") else state)
        symbol = int(scores.argmin() if slips.get("least") else scores.argmax())
        if symbol == end and not slips.get("endless"):
            return [*written, symbol] if slips.get("kept") else written
        written.append(symbol)
    return written


def keeps_the_end(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return _written(decoder, state, end, most, kept=True)


def keeps_the_start(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return [end, *_written(decoder, state, end, most)]


def never_stops(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return _written(decoder, state, end, most, endless=True)


def forgets_the_state(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return _written(decoder, state, end, most, stuck=True)


def reads_nothing(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return _written(decoder, state, end, most, deaf=True)


def least_likely(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return _written(decoder, state, end, most, least=True)


def drops_the_first(decoder: Decoder, state: FloatArray, end: int, most: int) -> list[int]:
    return _written(decoder, state, end, most)[1:]


WRITE = Exercise(
    "05.3",
    "Write `write(decoder, state, end, most)`: greedy decoding, until the end symbol.",
    write,
    (
        Wrong(
            keeps_the_end,
            "the end symbol stands in your text. It says that the text is over, and is no part of it.",
            "Look whether it is the end before you append.",
        ),
        Wrong(
            keeps_the_start,
            "the start symbol stands in your text. It is read first; nobody wrote it.",
            "Begin with an empty list.",
        ),
        Wrong(
            never_stops,
            "it goes on after the end symbol, until `most`.",
            "When the symbol is `end`, leave the loop.",
        ),
        Wrong(
            forgets_the_state,
            "each step begins from the first state: what was written is forgotten.",
            "`scores, state = decoder(symbol, state)` gives the new state; pass that one on.",
        ),
        Wrong(
            reads_nothing,
            "it reads `end` at every step. From the second step on it reads what it wrote before.",
            "The symbol that was chosen is the next input.",
        ),
        Wrong(least_likely, "it takes the least likely symbol each time.", "`argmax`."),
        Wrong(
            drops_the_first,
            "the first symbol is missing. The first call of the decoder writes already.",
            "Every symbol that is chosen, and is not the end, belongs into the text.",
        ),
    ),
    (
        "Read `end` first. Then, at most `most` times: one call, one argmax, and stop or append.",
        "In the loop: `scores, state = decoder(symbol, state)`, then `symbol = int(scores.argmax())`, then stop at the "
        "end.",
    ),
    inputs=decoder_that_ends,
    praise="right: letter for letter what the library writes.",
)


# ---- 05.4 F1

Tags = tuple[IntArray, IntArray]


def tagged(rng: np.random.Generator) -> Tags:
    """guess, truth (40,) tags 0, 1, 2, with some of every sort of mistake and unequal precision and recall."""
    truth = np.concatenate([np.zeros(20, np.intp), np.repeat([1, 2], 10)])
    guess = truth.copy()
    guess[rng.choice(20, rng.integers(2, 5), replace=False)] = 1  # called a name, and is none
    guess[20 + rng.choice(8, rng.integers(5, 8), replace=False)] = 0  # a name that was not found
    guess[28:30], guess[38:40] = 2, 1  # a name of the wrong kind
    order = rng.permutation(40)
    return guess[order], truth[order]


def _rates(guess: IntArray, truth: IntArray) -> tuple[float, float]:
    hits = float(((guess == truth) & (truth > 0)).sum())
    return hits / float((guess > 0).sum()), hits / float((truth > 0).sum())


def f1(guess: IntArray, truth: IntArray) -> float:
    """2 P R / (P + R), as `rnnlib.data.name_scores` has it."""
    precision, recall = _rates(guess, truth)
    return 2 * precision * recall / (precision + recall)


def accuracy(guess: IntArray, truth: IntArray) -> float:
    return float((guess == truth).mean())


def any_kind(guess: IntArray, truth: IntArray) -> float:
    return f1((guess > 0).astype(int), (truth > 0).astype(int))


def plain_mean(guess: IntArray, truth: IntArray) -> float:
    return float(np.mean(_rates(guess, truth)))


def precision_alone(guess: IntArray, truth: IntArray) -> float:
    return _rates(guess, truth)[0]


def recall_alone(guess: IntArray, truth: IntArray) -> float:
    return _rates(guess, truth)[1]


def others_are_hits(guess: IntArray, truth: IntArray) -> float:
    hits = float((guess == truth).sum())
    return 2 * hits / float((guess > 0).sum() + (truth > 0).sum())


def half_of_it(guess: IntArray, truth: IntArray) -> float:
    return f1(guess, truth) / 2


F1 = Exercise(
    "05.4",
    "Write `f1(guess, truth)`: the F1 score of tags, 0 for no name.",
    f1,
    (
        Wrong(
            accuracy,
            "this is the accuracy: it counts the words that are no names and were left alone.",
            "Tag 0 is never a hit.",
        ),
        Wrong(
            any_kind,
            "a person taken for a place is a hit here. The kind has to be right, too.",
            "`(guess == truth) & (truth > 0)`.",
        ),
        Wrong(
            plain_mean,
            "this is the plain mean of precision and recall. With P = 1 and R = 0 it would be a half.",
            "`2 * P * R / (P + R)`.",
        ),
        Wrong(precision_alone, "this is the precision: who names one sure name gets 1.", "The recall is missing."),
        Wrong(recall_alone, "this is the recall: who calls each word a name gets 1.", "The precision is missing."),
        Wrong(
            others_are_hits,
            "words that are no names, and were called none, are hits here. So it can be above 1.",
            "A hit is a name: `truth > 0`.",
        ),
        Wrong(half_of_it, "the factor 2 is missing: with P = R = 1 it has to be 1.", "`2 * P * R / (P + R)`."),
    ),
    (
        "Three counts: hits, words called a name, words that are one.",
        "`P = hits / called`, `R = hits / names`.",
    ),
    inputs=tagged,
    praise="right.",
)


# ---- 05.5 one step of beam search

Beam = tuple[FloatArray, FloatArray, int]


def beam_step(rng: np.random.Generator) -> Beam:
    """totals (3,) so far, gains (3, 5) log probabilities of the next symbol, width 3."""
    while True:
        totals, gains = -rng.uniform(0.5, 3, size=3), log_softmax(2 * rng.normal(size=(3, 5)))
        everything = [beam(totals, gains, 3) for beam in (extend, best_of_each, forgets_the_past, multiplies)]
        if len({str(np.round(result[2], 6)) + str(result[0]) for result in everything}) == len(everything):
            return totals, gains, 3


Extended = tuple[IntArray, IntArray, FloatArray]


def _top(values: FloatArray, width: int) -> Extended:
    best = np.argsort(-values, axis=None, kind="stable")[:width]
    parents, symbols = np.unravel_index(best, values.shape)
    return np.asarray(parents), np.asarray(symbols), values[parents, symbols]


def extend(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    """The best continuations of all beginnings, as the library's beam keeps them."""
    return _top(totals[:, None] + gains, width)


def best_of_each(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    symbols = gains.argmax(axis=1)
    values = totals + gains.max(axis=1)
    order = np.argsort(-values, kind="stable")[:width]
    return order, symbols[order], values[order]


def forgets_the_past(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    return _top(gains, width)


def multiplies(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    return _top(totals[:, None] * gains, width)


def worst_first(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    parents, symbols, values = _top(-(totals[:, None] + gains), width)
    return parents, symbols, -values


def swapped(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    parents, symbols, values = extend(totals, gains, width)
    return symbols, parents, values


def along_the_symbols(totals: FloatArray, gains: FloatArray, width: int) -> Extended:
    return _top(gains + np.resize(totals, gains.shape[1]), width)


EXTEND = Exercise(
    "05.5",
    "Write `extend(totals, gains, width)`: one step of beam search.",
    extend,
    (
        Wrong(
            best_of_each,
            "each beginning gets one continuation. They compete: a good beginning may have two of the best, and "
            "another one none.",
            "Take the best of all k K sums, not the best of each row.",
        ),
        Wrong(
            forgets_the_past,
            "only the new symbols are compared; what a beginning has cost before is forgotten.",
            "`totals[:, None] + gains`.",
        ),
        Wrong(
            multiplies,
            "these are products. Probabilities are multiplied; their logarithms are added.",
            "`totals[:, None] + gains`.",
        ),
        Wrong(worst_first, "these are the worst ones: `argsort` puts the smallest first.", "`np.argsort(-sums, ...)`."),
        Wrong(
            swapped,
            "parents and symbols are swapped: the row is the beginning, the column the symbol.",
            "`parents, symbols = np.unravel_index(best, sums.shape)`.",
        ),
        Wrong(
            along_the_symbols,
            "the totals are added along the symbols. There is one for each beginning, so it belongs to a row.",
            "`totals[:, None]` has shape (k, 1).",
        ),
    ),
    (
        "A table of k times K sums; of all its places, the `width` best.",
        "`np.argsort(-sums, axis=None)[:width]`, then `np.unravel_index` says row and column.",
    ),
    inputs=beam_step,
    parts=("parents", "symbols", "totals"),
    praise="right: this is what a beam does at each step.",
)


# ---- 05.6 a temperature to order


def wish(rng: np.random.Generator) -> tuple[FloatArray, float]:
    """Scores (6,), and the probability that the most likely symbol shall get; that needs a T far from 1."""
    while True:
        scores, wanted = 2 * rng.normal(size=6), float(rng.uniform(0.3, 0.9))
        if abs(softmax(scores).max() - wanted) > 0.1 and abs(softmax(scores, wanted).max() - wanted) > 0.1:
            return scores, wanted


def temperature_for(scores: FloatArray, wanted: float) -> float:
    """By halving: the hotter, the smaller the largest probability."""
    cold, hot = 1e-3, 1e3
    for _ in range(100):
        middle = float(np.sqrt(cold * hot))
        cold, hot = (middle, hot) if softmax(scores, middle).max() > wanted else (cold, middle)
    return hot


def _number(result: Any) -> float | None:
    try:
        return float(result)
    except (TypeError, ValueError):
        return None


def fits(result: Any, scores: FloatArray, wanted: float) -> bool:
    """Whether the most likely symbol gets what was wanted, to a thousandth."""
    T = _number(result)
    return T is not None and T > 0 and abs(float(softmax(scores, T).max()) - wanted) < 1e-3


def not_positive(result: Any, scores: FloatArray, wanted: float) -> bool:
    T = _number(result)
    return T is not None and T <= 0


def negative(scores: FloatArray, wanted: float) -> float:
    return -temperature_for(scores, wanted)


def turned_over(result: Any, scores: FloatArray, wanted: float) -> bool:
    T = _number(result)
    return T is not None and T > 0 and fits(1 / T, scores, wanted)


def inverse(scores: FloatArray, wanted: float) -> float:
    return 1 / temperature_for(scores, wanted)


def itself(result: Any, scores: FloatArray, wanted: float) -> bool:
    T = _number(result)
    return T is not None and abs(T - wanted) < 1e-9


def the_wish(scores: FloatArray, wanted: float) -> float:
    return wanted


def near(result: Any, scores: FloatArray, wanted: float) -> bool:
    T = _number(result)
    return T is not None and T > 0 and abs(float(softmax(scores, T).max()) - wanted) < 0.05


def coarse(scores: FloatArray, wanted: float) -> float:
    return temperature_for(scores, wanted + 0.01)


def by_ratio(result: Any, scores: FloatArray, wanted: float) -> bool:
    T = _number(result)
    return T is not None and abs(T - float(softmax(scores).max()) / wanted) < 1e-9


def rule_of_three(scores: FloatArray, wanted: float) -> float:
    return float(softmax(scores).max() / wanted)


TEMPERATURE = Exercise(
    "05.6",
    "Write `temperature_for(scores, wanted)`: the T at which the most likely symbol has the probability `wanted`.",
    temperature_for,
    (
        Wrong(
            negative,
            "a temperature is above zero. A negative one would make the least likely symbol the most likely.",
            "Look between 0.001 and 1000.",
            shows=not_positive,
        ),
        Wrong(
            inverse,
            "this is one over the temperature: the scores are divided by T, not multiplied.",
            "`softmax(scores / T)`.",
            shows=turned_over,
        ),
        Wrong(
            the_wish,
            "this is the wish itself. The temperature that fulfils it depends on the scores.",
            "Try some T, look at `softmax(scores / T).max()`, and go the right way.",
            shows=itself,
        ),
        Wrong(
            rule_of_three,
            "a rule of three: the probability at T = 1 over the one that is wanted. Softmax is no straight line.",
            "Search: the hotter, the smaller the largest probability.",
            shows=by_ratio,
        ),
        Wrong(
            coarse,
            "near, but not to a thousandth. Search finer.",
            "Halve the interval again and again: 40 times are enough.",
            shows=near,
        ),
    ),
    (
        "No formula gives it. But the largest probability falls when T rises, so you can close in on it.",
        "Keep a T that is too cold and one that is too hot, try their middle, and replace one of the two.",
    ),
    inputs=wish,
    accepts=fits,
    praise="right. You can order how sure a writer shall sound; what it knows stays the same.",
)


EXERCISES: tuple[Exercise, ...] = (READS, MASKED, WRITE, F1, EXTEND, TEMPERATURE)


QUIZ: tuple[Item, ...] = (
    Item(
        "You make a many to one of a network in step, over the same cell. What changes?",
        (
            Choice("The cell gets other equations", "The cell is the same; it does not know which wiring it is in."),
            Choice(
                "Where the output layer is applied: once, at the end, and no longer at each step",
                "One line moves out of the loop. That is all.",
                right=True,
            ),
            Choice("`W_hh` needs another shape", "`W_hh` is (H, H), whatever is done with the states."),
            Choice("It needs a longer state", "The state's size is your choice; no wiring asks for another one."),
        ),
    ),
    Item(
        "What does a decoder read at step 3 under teacher forcing, and what at test time?",
        (
            Choice(
                "In training its own symbol 2, at test time the true symbol 2",
                "The other way round: at test time nobody knows the true one.",
            ),
            Choice(
                "The true symbol 3 in both",
                "That is what it has to write. If it could read it, it would copy.",
            ),
            Choice(
                "In training the true symbol 2, at test time its own symbol 2",
                "And that is why it meets its own mistakes for the first time at test time: exposure bias.",
                right=True,
            ),
        ),
    ),
    Item(
        "A tagger has accuracy 0.88 and F1 0. What has it learned?",
        (
            Choice("To say “no name” to each word", "Seven of eight words are none. No hit: F1 is 0.", right=True),
            Choice(
                "To find most names, of the wrong kind",
                "Then it would be wrong at the names alone, and "
                "F1 0 as well: possible, but rare. Silence is the common way to this pair.",
            ),
            Choice("Nearly everything: F1 is a matter of taste", "It has found no name. That was the task."),
        ),
    ),
    Item(
        "Beam search adds up log probabilities. Why does it like short texts?",
        (
            Choice(
                "Short texts are more frequent in the data", "It holds where all lengths are equally frequent, too."
            ),
            Choice("The end symbol has the largest probability", "Not at each step. Often it has next to none."),
            Choice(
                "It looks at a few beginnings only", "With more beginnings it gets worse: then it finds the empty text."
            ),
            Choice(
                "Every further symbol adds a number below zero",
                "A log probability is at most 0, so a sum never rises. A length penalty works against that.",
                right=True,
            ),
        ),
    ),
    Item(
        "Which wiring would you take for live subtitles: words of a talk in, words of another language out, at once?",
        (
            Choice(
                "In step, from both ends",
                "From both ends means: wait until the talk is over. And the languages have other numbers of words.",
            ),
            Choice(
                "Encoder and decoder, a sentence at a time: a short lag is the price",
                "Lengths and order differ, so it takes a lag; cutting at sentences keeps it short.",
                right=True,
            ),
            Choice(
                "In step, from the left", "One word for each word, in the same order: no two languages are like that."
            ),
            Choice("Many to one", "One answer for a whole talk makes no subtitles."),
        ),
    ),
)
