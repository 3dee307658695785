"""Exercises and quiz of chapter 00, Start here."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, sigmoid
from ..layers import Dense, Recurrent
from ..models import ManyToOne
from ..trace import Trace, trace
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

Rng = np.random.Generator
Shapes = tuple[tuple[int, ...], ...]


def a_run(rng: Rng, T: int, V: int, H: int) -> Trace:
    """A network with random weights reads a text of T words."""
    model = ManyToOne(Recurrent(RNNCell(V, H, rng=rng)), Dense(H, 2, rng=rng))
    return trace(model, np.eye(V)[rng.integers(V, size=T)])


# ---- 00.1 Which key?

NAMES = {  # how a key may be written
    "home": {"home", "pos1", "pos 1"},
    "end": {"end", "ende"},
    "left": {"←", "left", "arrowleft", "arrow left", "left arrow", "<-"},
    "right": {"→", "right", "arrowright", "arrow right", "right arrow", "->"},
    "space": {"space", "spacebar", "space bar", ""},
    "tab": {"tab"},
}


def is_key(answer: Any, name: str) -> bool:
    """Whether the answer is that key, however it is written."""
    return isinstance(answer, str) and answer.strip().lower() in NAMES[name]


def is_home(answer: Any) -> bool:
    """The first page, in one step."""
    return is_key(answer, "home")


def is_end(answer: Any) -> bool:
    """The last page."""
    return is_key(answer, "end")


def is_left(answer: Any) -> bool:
    """One page back."""
    return is_key(answer, "left")


def is_right(answer: Any) -> bool:
    """One page forward."""
    return is_key(answer, "right")


def is_space(answer: Any) -> bool:
    """Plays."""
    return is_key(answer, "space")


WHICH_KEY = Exercise(
    number="00.1",
    task="Name the key that leads from word 4 to the state before the first word, in one step.",
    right="Home",
    accepts=is_home,
    wrong=(
        Wrong("←", "that goes back one word, from word 4 to word 3. The start is four steps away.", shows=is_left),
        Wrong(
            "End",
            "that goes to the other end: the last word. You are asked for the place before the first one.",
            shows=is_end,
        ),
        Wrong("→", "that goes one word forward, to word 5. The start lies the other way.", shows=is_right),
        Wrong("Space", "that plays: the words go on by themselves, forward and one by one.", shows=is_space),
    ),
    hints=(
        "Click the picture, step to word 4, and try the keys of the table.",
        "Two keys in the table jump. One of them jumps to the last word.",
    ),
    otherwise='that is no key of the table. Write its name as it stands there, in quotation marks, for example "Tab".',
    praise="right. And at the start all numbers are 0: the network knows nothing yet.",
)


# ---- 00.2 Read a number off the state


def some_states(rng: Rng) -> tuple[FloatArray, int, int]:
    """States h (T+1, H), a word t, and a unit k, both counted from 1."""
    return a_run(rng, 5, 20, 8).h, int(rng.integers(2, 6)), int(rng.integers(1, 5))


def the_unit(h: FloatArray, t: int, k: int) -> Any:
    """Row t is the state after word t; units are counted from 1, columns from 0."""
    return h[t, k - 1]


def unit_from_0(h: FloatArray, t: int, k: int) -> Any:
    """The next unit."""
    return h[t, k]


def word_before(h: FloatArray, t: int, k: int) -> Any:
    """The state before the word."""
    return h[t - 1, k - 1]


def both_from_elsewhere(h: FloatArray, t: int, k: int) -> Any:
    """The next unit, before the word."""
    return h[t - 1, k]


def axes_swapped(h: FloatArray, t: int, k: int) -> Any:
    """Units in rows."""
    return h[k - 1, t]


def whole_state(h: FloatArray, t: int, k: int) -> Any:
    """All units."""
    return h[t]


UNIT_FROM_0 = "the word is right, the unit is not: this is the unit below it in the picture."
WORD_BEFORE = "the unit is right, the word is not: this is its number one word earlier."
READ_OFF = Exercise(
    number="00.2",
    task="Give the number of unit k after word t.",
    right=the_unit,
    inputs=some_states,
    wrong=(
        Wrong(unit_from_0, UNIT_FROM_0, "The picture counts units from 1, Python counts columns from 0."),
        Wrong(
            word_before, WORD_BEFORE, "`h[0]` is the state before the first word. Which row is the one after word 1?"
        ),
        Wrong(
            both_from_elsewhere,
            "word and unit are both off by one: this is the unit below, one word earlier.",
            "`h` has a row for the start, so words need no - 1. Columns have no such extra place.",
        ),
        Wrong(
            axes_swapped,
            "rows and columns have changed places: time comes first.",
            "`h` has the shape (T + 1, H): the row says when, the column says which unit.",
        ),
        Wrong(
            whole_state,
            "this is the whole column of the picture, all units of that moment. One number is asked for.",
            "`h[t]` is right so far. It takes a second index.",
        ),
    ),
    hints=(
        "`h[0]` is the state before the first word, so `h[1]` is the one after word 1.",
        "The picture counts units from 1. What is the column of unit 1 in NumPy?",
    ),
)


# ---- 00.3 Shapes


def sizes(rng: Rng) -> tuple[int, int, int]:
    """T words, V words in the vocabulary, H units, all different."""
    T = int(rng.integers(3, 6))
    return T, T + int(rng.integers(7, 12)), T + int(rng.integers(2, 6))


def the_shapes(T: int, V: int, H: int) -> Shapes:
    """Those of a run of the library."""
    run = a_run(np.random.default_rng(0), T, V, H)
    return run.x.shape, run.h.shape, run.probabilities.shape


def no_start(T: int, V: int, H: int) -> Shapes:
    """As many states as words."""
    return (T, V), (T, H), (T, 2)


def answers_for_start(T: int, V: int, H: int) -> Shapes:
    """An answer before the first word, too."""
    return (T, V), (T + 1, H), (T + 1, 2)


def words_in_columns(T: int, V: int, H: int) -> Shapes:
    """Time second."""
    return (V, T), (H, T + 1), (2, T)


def words_as_numbers(T: int, V: int, H: int) -> Shapes:
    """One number a word."""
    return (T,), (T + 1, H), (T, 2)


def one_answer(T: int, V: int, H: int) -> Shapes:
    """The last answer only."""
    return (T, V), (T + 1, H), (2,)


THREE_SHAPES = Exercise(
    number="00.3",
    task="Give the shapes of x, h and p for a text of T words.",
    right=the_shapes,
    inputs=sizes,
    parts=("shape of x", "shape of h", "shape of p"),
    wrong=(
        Wrong(
            no_start,
            "one row of h is missing: before the first word there is a state, too.",
            "Count the columns in the picture, the one above “start” included.",
        ),
        Wrong(
            answers_for_start,
            "p has a row too many: at the start nothing has been read, and nothing is answered.",
            "Look at the top of the picture, above “start”: is there a bar?",
        ),
        Wrong(
            words_in_columns,
            "rows and columns have changed places: time comes first.",
            "`x[0]` is to be the first word, so the first number of each shape counts steps.",
        ),
        Wrong(
            words_as_numbers,
            "a word is not one number here, but V of them: a 1 at its place, 0 elsewhere.",
            "How many numbers does one word of the vocabulary need?",
        ),
        Wrong(
            one_answer,
            "that is the last answer alone. The record keeps what the network would say after each word.",
            "There is a bar above every word.",
        ),
    ),
    hints=(
        "Print the shapes of `run.x`, `run.h` and `run.probabilities` for a text, then put letters for the numbers.",
        "Time comes first in all three. One of the three has one row more than there are words.",
    ),
)


# ---- 00.4 One step by hand


def weights_and_states(rng: Rng) -> tuple[FloatArray, ...]:
    """W_xh, W_hh, b_h, a word x and the state before it. W_hh is large enough to be missed."""
    V, H = 6, 4
    word = np.eye(V)[rng.integers(V)]
    before = np.tanh(rng.normal(size=H))
    return rng.normal(size=(H, V)), rng.normal(size=(H, H)), rng.normal(size=H), word, before


def the_step(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """The library's cell."""
    cell = RNNCell(W_xh.shape[1], len(b_h), rng=np.random.default_rng(0))
    cell.set_params({"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h})
    state, _ = cell.step(x[None], before[None])
    return np.asarray(state)[0]


def no_tanh(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """The sum."""
    return W_xh @ x + W_hh @ before + b_h


def no_bias(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """Without b_h."""
    return np.tanh(W_xh @ x + W_hh @ before)


def no_memory(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """Without the state before."""
    return np.tanh(W_xh @ x + b_h)


def transposed(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """With W_hh the other way round."""
    return np.tanh(W_xh @ x + before @ W_hh + b_h)


def no_product(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """The state before is added as it is."""
    return np.tanh(W_xh @ x + before + b_h)


def tanh_of_each(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """The sum of two tanh."""
    return np.tanh(W_xh @ x) + np.tanh(W_hh @ before + b_h)


def logistic(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray, x: FloatArray, before: FloatArray) -> Any:
    """Another squeeze."""
    return sigmoid(W_xh @ x + W_hh @ before + b_h)


ONE_STEP = Exercise(
    number="00.4",
    task="Compute the new state from the word and the state before it.",
    right=the_step,
    inputs=weights_and_states,
    wrong=(
        Wrong(
            no_tanh,
            "the sum is right, and the squeeze is missing: some numbers leave the range from −1 to +1.",
            "The last thing that happens to the sum is `np.tanh`.",
        ),
        Wrong(no_bias, "the bias b_h is missing.", "Three things are added up, and the third is no product."),
        Wrong(
            no_memory,
            "the state before is missing. A network like this one forgets each word at once.",
            "The second part of the sum is `W_hh @ h_before`.",
        ),
        Wrong(
            transposed,
            "W_hh works the wrong way round: `h_before @ W_hh` uses its columns where the rows belong.",
            "Weights are stored (to, from), and stand on the left: `W_hh @ h_before`.",
        ),
        Wrong(
            no_product,
            "the state before is added as it is. It has to go through its weights first.",
            "W_hh is not used yet.",
        ),
        Wrong(
            tanh_of_each,
            "each part is squeezed by itself, and then they are added: the result can reach beyond 1.",
            "First the whole sum, then one tanh around it.",
        ),
        Wrong(
            logistic,
            "that is the sigmoid: it squeezes into 0 to 1, and no number can be negative. This state uses tanh.",
        ),
    ),
    hints=(
        "It is the first of the two computations of section 2, written in NumPy: `@` is the matrix product.",
        "`np.tanh( ... @ x + ... @ h_before + ... )`: three blanks, three names.",
    ),
    praise="right. It gives what the library's cell gives. You have computed one step of a recurrent network.",
)


EXERCISES: tuple[Exercise, ...] = (WHICH_KEY, READ_OFF, THREE_SHAPES, ONE_STEP)


# ---- quiz

QUIZ: tuple[Item, ...] = (
    Item(
        "What is the hidden state after five words?",
        (
            Choice("A list of the five words.", "The network keeps no list. You cannot read the words off the state."),
            Choice(
                "As many numbers as there are units, computed from the fifth word and the state before it.",
                "Eight units, eight numbers, after five words as after fifty. The words are in them as far as the "
                "weights have put them there.",
                right=True,
            ),
            Choice(
                "The probability of “positive”.",
                "That is the answer. It is computed from the state, by the second computation.",
            ),
        ),
    ),
    Item(
        "“sad” pushes the answer down in one sentence and up in another. What is different?",
        (
            Choice(
                "The weights: “not” has changed them.", "Weights change in training only. While it reads, none does."
            ),
            Choice("The vector of the word “sad”.", "It is the same each time: a 1 at the same place."),
            Choice(
                "The state in which the word arrives.",
                "The new state comes from the word and the state before. Only the second of them differs.",
                right=True,
            ),
        ),
    ),
    Item(
        "One part of `W_xh x_t + W_hh h_(t-1) + b_h` is always 0 at the first word. Which?",
        (
            Choice("`W_hh h_0`", "The first state is all zeros, and a matrix times zeros is zeros.", right=True),
            Choice("`W_xh x_1`", "x_1 has a 1 in it, so this is the column of W_xh that belongs to the first word."),
            Choice(
                "`b_h`", "The bias is the same at every step. It is 0 before training, and learned like the weights."
            ),
            Choice("None of them", "Look at the picture at the start: all units are at 0 there."),
        ),
    ),
    Item(
        "Six networks agree on “he was not sad” and disagree on “not not happy”. What follows?",
        (
            Choice("Some of them were not trained long enough.", "All six have every test phrase right."),
            Choice(
                "Where the training phrases say nothing, the random beginning decides.",
                "All six were told the same and learned it. Beyond that each goes its own way.",
                right=True,
            ),
            Choice(
                "“not not happy” has no answer.",
                "A person has one. The networks answer, too: some are sure of one thing, some of the other.",
            ),
        ),
    ),
    Item(
        "A text with the notation of the course writes `W_ax`. What is it called in this book?",
        (
            Choice("`W_hx`", "The letters change places: the course writes (to, from), this book (from, to)."),
            Choice("`W_ax`", "One thing has one name here, and the state is h."),
            Choice("`W_hh`", "That is W_aa: from state to state."),
            Choice(
                "`W_xh`",
                "From x to h. The state is called h, and the letters of the index change places.",
                right=True,
            ),
        ),
    ),
)
