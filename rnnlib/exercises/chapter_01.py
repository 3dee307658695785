"""Exercises and quiz of chapter 01: sequences and five shapes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, IntArray
from ..layers import Dense
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

Padded = tuple[FloatArray, IntArray]
Counts = tuple[int, int]


# ---- 01.1 which shape

IMAGE, GENRE, REVIEW = "an image to its class", "a genre to a melody", "a review to positive or negative"
SPEECH, FILM = "a spoken sentence to its text", "each frame of a film to a label"
SHAPES = {IMAGE: "1-1", GENRE: "1-N", REVIEW: "N-1", SPEECH: "N-M", FILM: "N-N"}


def same_shapes(result: Any) -> bool:
    """Whether all five are right, however they are spaced."""
    return isinstance(result, dict) and {k: as_code(result.get(k)) for k in SHAPES} == SHAPES


def as_code(value: Any) -> str:
    """ "N to 1", "n-1" and "N-1" are the same."""
    return str(value).upper().replace(" TO ", "-").replace(" ", "")


def said(result: Any, task: str) -> str:
    return as_code(result.get(task)) if isinstance(result, dict) else ""


def no_dictionary(result: Any) -> bool:
    return not isinstance(result, dict) or not set(SHAPES) <= set(result)


def filled(answer: Any) -> Any:
    """The answer, or `...` while some of its places are open."""
    places = answer.values() if isinstance(answer, dict) else ()
    return ... if any(place is None or place is ... for place in places) else answer


def unknown_code(result: Any) -> bool:
    return any(said(result, task) not in SHAPES.values() for task in SHAPES)


def speech_in_step(result: Any) -> bool:
    return said(result, SPEECH) == "N-N" or said(result, FILM) == "N-M"


def review_answers_often(result: Any) -> bool:
    return said(result, REVIEW) in ("N-N", "N-M")


def turned_round(result: Any) -> bool:
    return said(result, GENRE) == "N-1" or said(result, REVIEW) == "1-N"


def image_in_pieces(result: Any) -> bool:
    return said(result, IMAGE) != "1-1"


WHICH = Exercise(
    "01.1",
    "Fill in `shapes`: the shape of each of the five tasks.",
    SHAPES,
    (
        Wrong(
            ["1-1", "1-N", "N-1", "N-M", "N-N"],
            "I expected the dictionary with its five tasks as they were.",
            "Change only what stands after each colon.",
            shows=no_dictionary,
        ),
        Wrong(
            {**SHAPES, FILM: "N to K"},
            "there is a shape that does not exist.",
            'The five are "1-1", "1-N", "N-1", "N-M" and "N-N".',
            shows=unknown_code,
        ),
        Wrong(
            {**SHAPES, SPEECH: "N-N", FILM: "N-M"},
            "speech and film have changed places. A frame of a film gets its label at once; a text has another length "
            "than the sound.",
            "In step: as many answers as inputs. With a lag: hear first, then write.",
            shows=speech_in_step,
        ),
        Wrong(
            {**SHAPES, REVIEW: "N-N"},
            "a review gets one verdict, not one for each word.",
            "How many answers does the reader of the review want?",
            shows=review_answers_often,
        ),
        Wrong(
            {**SHAPES, GENRE: "N-1", REVIEW: "1-N"},
            "it is the wrong way round: the first sign is what goes in, the second what comes out.",
            "A genre is one thing, a melody is many notes.",
            shows=turned_round,
        ),
        Wrong(
            {**SHAPES, IMAGE: "N-1"},
            "an image of fixed size goes in as one thing, however many points it has.",
            "No order in time, no lengths that differ: one thing.",
            shows=image_in_pieces,
        ),
    ),
    (
        "Ask twice: is what goes in one thing or a sequence? And what comes out?",
        "Where both are sequences: are they of one length, with an answer at each step? That is N-N, else N-M.",
    ),
    use=filled,
    accepts=same_shapes,
    praise="right: five tasks, five shapes.",
    otherwise="not all of them are right yet.",
)


# ---- 01.2 padding


def ragged(rng: np.random.Generator) -> tuple[list[FloatArray]]:
    """Three sequences of different lengths, the longest in the middle, with I = 2."""
    return ([rng.normal(size=(T, 2)) for T in (2, 5, 3)],)


def pad(sequences: list[FloatArray]) -> Padded:
    """Zeros past the end of each; time first."""
    lengths = np.array([len(sequence) for sequence in sequences], dtype=np.intp)
    x = np.zeros((int(lengths.max()), len(sequences), sequences[0].shape[1]))
    for b, sequence in enumerate(sequences):
        x[: len(sequence), b] = sequence
    return x, lengths


def batch_first(sequences: list[FloatArray]) -> Padded:
    x, lengths = pad(sequences)
    return x.transpose(1, 0, 2), lengths


def zeros_in_front(sequences: list[FloatArray]) -> Padded:
    x, lengths = pad(sequences)
    for b, sequence in enumerate(sequences):
        x[:, b] = 0
        x[len(x) - len(sequence) :, b] = sequence
    return x, lengths


def cut_off(sequences: list[FloatArray]) -> Padded:
    x, lengths = pad(sequences)
    return x[: lengths.min()], lengths


def all_of_one_length(sequences: list[FloatArray]) -> Padded:
    x, lengths = pad(sequences)
    return x, np.full_like(lengths, len(x))


def last_repeated(sequences: list[FloatArray]) -> Padded:
    x, lengths = pad(sequences)
    for b, sequence in enumerate(sequences):
        x[len(sequence) :, b] = sequence[-1]
    return x, lengths


def room_of_the_first(sequences: list[FloatArray]) -> Padded:
    x, lengths = pad(sequences)
    return x[: len(sequences[0])], np.minimum(lengths, len(sequences[0]))


def array_alone(sequences: list[FloatArray]) -> FloatArray:
    return pad(sequences)[0]


PAD = Exercise(
    "01.2",
    "Write `pad(sequences)`: many sequences as one array (T, B, I), and their lengths (B,).",
    pad,
    (
        Wrong(
            batch_first,
            "the batch comes first: (B, T, I). In this book time does, (T, B, I).",
            "`x[t, b]` is step t of sequence b.",
        ),
        Wrong(
            zeros_in_front,
            "the zeros stand in front. Here they stand past the end, so that step 1 of all is at `x[0]`.",
            "`x[: len(sequence), b] = sequence`.",
        ),
        Wrong(cut_off, "the long ones are cut off: T is the largest length, not the smallest.", "`lengths.max()`."),
        Wrong(
            all_of_one_length,
            "`lengths` says T for all: then nobody knows any longer what is padding.",
            "Of each sequence its own `len`.",
        ),
        Wrong(last_repeated, "the padding repeats the last step. It is zeros.", "Begin with `np.zeros((T, B, I))`."),
        Wrong(
            room_of_the_first,
            "T is the length of the first sequence. Others may be longer.",
            "Take the largest length.",
        ),
        Wrong(array_alone, "the lengths are missing: return `(x, lengths)`.", "Two results, with a comma."),
    ),
    (
        "First the lengths, then an array of zeros with room for the longest, then each sequence into it.",
        "`x = np.zeros((max(lengths), len(sequences), sequences[0].shape[1]))`, then `x[: len(s), b] = s` for each b.",
    ),
    inputs=ragged,
    parts=("x", "lengths"),
    praise="right. No sequence is cut, and it is known where each one ends.",
)


# ---- 01.3 how many numbers


def sizes(rng: np.random.Generator) -> tuple[int, int, int, int]:
    """T, I, H, K, all different."""
    T, inputs, units, outputs = (int(size) for size in rng.choice(np.arange(2, 30), 4, replace=False))
    return T, inputs, units, outputs


def parameters(T: int, inputs: int, units: int, outputs: int) -> Counts:
    """What the library's layers count."""
    rng = np.random.default_rng(0)
    output = Dense(units, outputs, rng=rng).parameter_count
    dense = Dense(T * inputs, units, rng=rng).parameter_count
    return dense + output, RNNCell(inputs, units, rng=rng).parameter_count + output


def no_loop(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    return dense, recurrent - units * units


def loop_of_vectors(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    return dense, recurrent - units * units + units


def one_for_each_step(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    output = outputs * (units + 1)
    return dense, T * (recurrent - output) + output


def one_word(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    return dense - (T - 1) * inputs * units, recurrent


def no_biases(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    return dense - units - outputs, recurrent - units - outputs


def no_outputs(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    output = outputs * (units + 1)
    return dense - output, recurrent - output


def exchanged(T: int, inputs: int, units: int, outputs: int) -> Counts:
    dense, recurrent = parameters(T, inputs, units, outputs)
    return recurrent, dense


COUNTS = Exercise(
    "01.3",
    "Write `parameters(T, I, H, K)`: how many numbers a dense and a recurrent network learn.",
    parameters,
    (
        Wrong(
            no_loop,
            "the recurrent network has no way from its state to its next state.",
            "Every unit hears every unit of the step before: H · H numbers more.",
        ),
        Wrong(
            loop_of_vectors,
            "from state to state you count H numbers. Every unit hears every unit: H · H.",
            "`W_hh` is a square.",
        ),
        Wrong(
            one_for_each_step,
            "your recurrent network has weights of its own for each step. They are shared: T does not come into it.",
            "The boxes in the picture are one unit at several times.",
        ),
        Wrong(
            one_word,
            "your dense network reads one step. It reads all T, with weights of their own: T · I inputs.",
            "Its first layer has T · I · H weights and H biases.",
        ),
        Wrong(no_biases, "the biases are missing: H for the hidden layer, K for the output.", "They are learned, too."),
        Wrong(no_outputs, "the output layer is missing.", "K (H + 1) in both networks."),
        Wrong(exchanged, "the two are exchanged: dense comes first.", "`return dense, recurrent`."),
    ),
    (
        "Three layers to count: T · I to H (dense), I and H to H (recurrent), H to K (both). A bias for each output of "
        "each layer.",
        "dense = (T·I + 1)·H + (H + 1)·K; for the recurrent one, what takes the place of T·I?",
    ),
    inputs=sizes,
    parts=("dense", "recurrent"),
    praise="right. The one grows with T, the other does not.",
)


# ---- 01.4 accuracy by place


def answered(rng: np.random.Generator) -> tuple[IntArray, IntArray, IntArray]:
    """Answers and truth (5, 8), the lengths; in the padding answers and truth are 0, and so agree."""
    lengths = np.array([5, 2, 4, 1, 3, 5, 2, 4], dtype=np.intp)
    y, answers = rng.integers(0, 3, (5, 8)), rng.integers(0, 3, (5, 8))
    answers = np.where(rng.random((5, 8)) < 0.5, y, answers)
    past = np.arange(5)[:, None] >= lengths
    y[past] = answers[past] = 0
    answers[4, 0], y[4, 0] = 1, 2  # a mistake at the last place, a hit at the first: no share is the same everywhere
    answers[0, 0] = y[0, 0]
    return answers, y, lengths


def inside(y: IntArray, lengths: IntArray) -> Any:
    return np.arange(len(y))[:, None] < lengths


def by_place(answers: IntArray, y: IntArray, lengths: IntArray) -> FloatArray:
    """Of the sentences that reach each step, the share with the right answer."""
    true = inside(y, lengths)
    return np.asarray(((answers == y) & true).sum(axis=1) / true.sum(axis=1))


def with_padding(answers: IntArray, y: IntArray, lengths: IntArray) -> FloatArray:
    return np.asarray((answers == y).mean(axis=1))


def divided_by_all(answers: IntArray, y: IntArray, lengths: IntArray) -> FloatArray:
    return np.asarray(((answers == y) & inside(y, lengths)).mean(axis=1))


def by_sentence(answers: IntArray, y: IntArray, lengths: IntArray) -> FloatArray:
    true = inside(y, lengths)
    return np.asarray(((answers == y) & true).sum(axis=0) / true.sum(axis=0))


def one_number(answers: IntArray, y: IntArray, lengths: IntArray) -> float:
    return float((answers == y)[inside(y, lengths)].mean())


def mistakes(answers: IntArray, y: IntArray, lengths: IntArray) -> FloatArray:
    return 1 - by_place(answers, y, lengths)


def counted(answers: IntArray, y: IntArray, lengths: IntArray) -> IntArray:
    return np.asarray(((answers == y) & inside(y, lengths)).sum(axis=1))


def off_by_one(answers: IntArray, y: IntArray, lengths: IntArray) -> FloatArray:
    return by_place(answers, y, np.minimum(lengths + 1, len(y)))


BY_PLACE = Exercise(
    "01.4",
    "Write `by_place(answers, y, lengths)`: the share of right answers at each place, without padding.",
    by_place,
    (
        Wrong(
            with_padding,
            "padding counts as right: both are 0 there. The later the place, the better it looks.",
            "Which sentences reach step t? Those with `t < lengths`, counted from 0.",
        ),
        Wrong(
            divided_by_all,
            "you divide by all sentences. Divide by those that reach the step.",
            "The number of them is `inside.sum(axis=1)`.",
        ),
        Wrong(
            by_sentence,
            "that is the share in each sentence, (B,). Asked is the share at each place, (T,).",
            "Sum over axis 1, the sentences.",
        ),
        Wrong(one_number, "that is one number for everything. Asked is one for each place.", "Sum over axis 1 only."),
        Wrong(mistakes, "that is the share of mistakes.", "1 minus it, or `==` in place of `!=`."),
        Wrong(counted, "these are numbers of right answers, not shares.", "Divide by how many reach the step."),
        Wrong(
            off_by_one,
            "one step of padding is counted in: `<=` in place of `<`?",
            "Steps count from 0, so a sentence of 3 words has the steps 0, 1 and 2.",
        ),
    ),
    (
        "Make a table (T, B) of true and false: whether step t of sentence b is a word. Compare `np.arange(T)` with "
        "`lengths`.",
        "`inside = np.arange(len(y))[:, None] < lengths`. Then right answers inside, divided by how many are inside.",
    ),
    inputs=answered,
    praise="right: a mask, and a share at each place.",
)


# ---- 01.5 over structure


def some_tree(rng: np.random.Generator) -> tuple[Any]:
    """A tree that is neither a chain nor balanced."""
    a, b, c, d, e, f = (float(number) for number in rng.normal(size=6))
    return (((a, (b, c)), (d, (e, f))),)


def value(tree: Any) -> float:
    """tanh(value of left - value of right) at every pair."""
    return float(tree) if isinstance(tree, float) else float(np.tanh(value(tree[0]) - value(tree[1])))


def in_a_row(tree: Any) -> list[float]:
    return [tree] if isinstance(tree, float) else [*in_a_row(tree[0]), *in_a_row(tree[1])]


def over_time(tree: Any) -> float:
    first, *others = in_a_row(tree)
    for number in others:
        first = float(np.tanh(first - number))
    return first


def sides_exchanged(tree: Any) -> float:
    return (
        float(tree) if isinstance(tree, float) else float(np.tanh(sides_exchanged(tree[1]) - sides_exchanged(tree[0])))
    )


def not_bent(tree: Any) -> float:
    return float(tree) if isinstance(tree, float) else not_bent(tree[0]) - not_bent(tree[1])


def bent_once(tree: Any) -> float:
    return float(np.tanh(not_bent(tree)))


def bent_leaves(tree: Any) -> float:
    return (
        float(np.tanh(tree)) if isinstance(tree, float) else float(np.tanh(bent_leaves(tree[0]) - bent_leaves(tree[1])))
    )


def added(tree: Any) -> float:
    return float(tree) if isinstance(tree, float) else float(np.tanh(added(tree[0]) + added(tree[1])))


STRUCTURE = Exercise(
    "01.5",
    "Write `value(tree)`: one rule at every joint, from the leaves to the whole.",
    value,
    (
        Wrong(
            over_time,
            "you go through the numbers from left to right: that is over time. Here the brackets decide.",
            "The function calls itself, once for the left branch and once for the right one.",
        ),
        Wrong(sides_exchanged, "left and right are exchanged.", "Left minus right."),
        Wrong(not_bent, "tanh is missing.", "At every pair: `np.tanh(left - right)`."),
        Wrong(bent_once, "tanh is applied once, at the top. It belongs to every joint.", "It is part of the rule."),
        Wrong(bent_leaves, "tanh is applied to the numbers, too. A number's value is itself.", "Only pairs are bent."),
        Wrong(added, "the two values are added. The rule is left minus right.", "`np.tanh(left - right)`."),
    ),
    (
        "Two cases: a number, whose value you know, and a pair, whose value you know once you know those of its parts.",
        "`if not isinstance(tree, tuple): return tree`, else `np.tanh(value(tree[0]) - ...)`.",
    ),
    inputs=some_tree,
    praise="right. One rule, wherever two things are joined.",
)


# ---- 01.6 the same bag


def two_texts(result: Any) -> bool:
    return isinstance(result, (tuple, list)) and len(result) == 2 and all(isinstance(text, str) for text in result)


def same_bag(result: Any) -> bool:
    """Two different sentences of at least three words with the same words."""
    if not two_texts(result):
        return False
    one, other = (text.split() for text in result)
    return len(one) >= 3 and one != other and sorted(one) == sorted(other)


def no_two_texts(result: Any) -> bool:
    return not two_texts(result)


def one_sentence(result: Any) -> bool:
    return result[0].split() == result[1].split()


def too_short(result: Any) -> bool:
    return min(len(text.split()) for text in result) < 3


def same_but_for_signs(result: Any) -> bool:
    bare = ["".join(sign for sign in text.lower() if sign.isalnum() or sign.isspace()) for text in result]
    return sorted(bare[0].split()) == sorted(bare[1].split())


def same_set(result: Any) -> bool:
    return set(result[0].split()) == set(result[1].split())


def other_words(result: Any) -> bool:
    return set(result[0].split()) != set(result[1].split())


BAG = Exercise(
    "01.6",
    "Give two sentences that differ, and have the same bag of words.",
    ("she is happy not sad", "she is sad not happy"),
    (
        Wrong(
            "she is happy not sad",
            "I expected two sentences: two strings with a comma between them.",
            '`twins = "...", "..."`.',
            shows=no_two_texts,
        ),
        Wrong(
            ("she is happy", "she is happy"),
            "that is the same sentence twice.",
            "The same words, in another order.",
            shows=one_sentence,
        ),
        Wrong(("come here", "here come"), "they need at least three words each.", "Try a not.", shows=too_short),
        Wrong(
            ("Dogs bite men", "men bite dogs."),
            "capitals and punctuation make other words: “Dogs” is not “dogs”.",
            "Write both in lower case, without punctuation.",
            shows=same_but_for_signs,
        ),
        Wrong(
            ("not bad not good", "not good bad"),
            "the words are the same, but one stands more often in one of them. A bag counts.",
            "Take the words of the first, each as often as it is there, and lay them in another order.",
            shows=same_set,
        ),
        Wrong(
            ("she is happy", "she is sad"),
            "they do not have the same words.",
            "Write one sentence, then reorder it.",
            shows=other_words,
        ),
    ),
    (
        "Who does something to whom? Exchange the two.",
        "Or move a “not”: happy not sad, sad not happy.",
    ),
    accepts=same_bag,
    praise="right. To a bag of words they are one sentence; to a network that reads in order they need not be.",
)


EXERCISES: tuple[Exercise, ...] = (WHICH, PAD, COUNTS, BY_PLACE, STRUCTURE, BAG)


QUIZ: tuple[Item, ...] = (
    Item(
        "Which of these is many to many in step?",
        (
            Choice(
                "Translating a sentence", "The translation has its own length and begins after the listening: a lag."
            ),
            Choice("A label for each frame of a film", "As many answers as inputs, each at its own step.", right=True),
            Choice("A verdict on a review", "A sequence in, one answer out: many to one."),
            Choice("A line of words for an image", "One thing in, a sequence out: one to many."),
        ),
    ),
    Item(
        "A dense network read sentences padded to 12 words; none in training had more than 7. What about word 10?",
        (
            Choice(
                "It answers as well as for word 5",
                "Place 10 has weights of its own, and they never met a word in training.",
            ),
            Choice("It stops with an error", "Only from word 13 on. Up to 12 there is room."),
            Choice(
                "It answers, and has never learned that place",
                "In the experiment it said “no” each time: right for half of the subjects.",
                right=True,
            ),
        ),
    ),
    Item(
        "The recurrent network knew louwill at place 4, though it had met him at place 1 only. Why?",
        (
            Choice("It has more parameters", "It has fewer: 850 in place of 6,748."),
            Choice(
                "It uses the same weights at each step, and others had taught it that names stand anywhere",
                "Both are needed. With everybody at place 1 only, it failed as well.",
                right=True,
            ),
            Choice(
                "Its state keeps a list of names",
                "The state is made anew for each sentence. What is learned is in the weights.",
            ),
        ),
    ),
    Item(
        "The same small ordinary network on each word by itself. What can it not do?",
        (
            Choice(
                "Read sentences of another length", "It can: it is used once for each word, however many there are."
            ),
            Choice("Know a word at a place where it never stood", "It can: it does not even know the place."),
            Choice(
                "Tell amber the friend from amber the colour",
                "The word is the same, so the answer is. It has no memory of what stood before.",
                right=True,
            ),
        ),
    ),
    Item(
        "Recurrent and recursive: what is the difference?",
        (
            Choice(
                "Recurrent goes over time, step by step; recursive goes over a structure, such as a tree",
                "Both use one rule with one set of weights, again and again.",
                right=True,
            ),
            Choice(
                "None, they are two spellings", "Both are recursion, but over different things: time and structure."
            ),
            Choice(
                "A recursive network has other weights at each joint", "No: the weights are shared over all joints."
            ),
            Choice(
                "A recurrent network needs a tree", "It needs an order, no more. It is the recursive one that does."
            ),
        ),
    ),
)
