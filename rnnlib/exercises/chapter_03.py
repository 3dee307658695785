"""Exercises and quiz of chapter 03: unrolling, padding, and what the last state holds."""

from __future__ import annotations

import numpy as np

from ..cells import RNNCell
from ..functions import FloatArray, IntArray
from ..layers import Recurrent
from .engine import Exercise, Wrong
from .quizzes import Choice, Item

__all__ = ["EXERCISES", "QUIZ"]

Arrays = tuple[FloatArray, ...]


def _layer(W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> Recurrent:
    """The library's layer with these weights."""
    cell = RNNCell(W_xh.shape[1], len(W_hh), rng=np.random.default_rng(0))
    cell.set_params({"W_xh": W_xh, "W_hh": W_hh, "b_h": b_h})
    return Recurrent(cell)


def _weights(rng: np.random.Generator) -> Arrays:
    """W_xh (3, 4), W_hh (3, 3), b_h (3,)."""
    return rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), rng.normal(size=3)


# ---- 03.1 the loop


def a_sequence(rng: np.random.Generator) -> Arrays:
    """x (6, 4), h_0 (3,), and the weights."""
    return rng.normal(size=(6, 4)), rng.normal(size=3), *_weights(rng)


def unroll(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    """What the library's layer gives."""
    h: FloatArray = _layer(W_xh, W_hh, b_h).forward(x[:, None], state=h_0[None])[0][:, 0]
    return h


def from_zeros(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return unroll(x, np.zeros_like(h_0), W_xh, W_hh, b_h)


def always_the_first(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.array([np.tanh(W_xh @ x_t + W_hh @ h_0 + b_h) for x_t in x])


def with_the_first(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return np.concatenate([h_0[None], unroll(x, h_0, W_xh, W_hh, b_h)])


def one_step_late(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return with_the_first(x, h_0, W_xh, W_hh, b_h)[:-1]


def the_last_alone(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    last: FloatArray = unroll(x, h_0, W_xh, W_hh, b_h)[-1]
    return last


def from_the_end(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return unroll(x[::-1], h_0, W_xh, W_hh, b_h)


def without_tanh(x: FloatArray, h_0: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    states, h = [], h_0
    for x_t in x:
        h = W_xh @ x_t + W_hh @ h + b_h
        states.append(h)
    return np.array(states)


UNROLL = Exercise(
    "03.1",
    "Write `unroll(x, h_0, W_xh, W_hh, b_h)`: every state, as one array (T, H).",
    unroll,
    (
        Wrong(from_zeros, "it begins with zeros and not with `h_0`.", "The first state before is `h_0`."),
        Wrong(
            always_the_first,
            "every step starts from `h_0` again: no step hears of the one before.",
            "The state that was made last is the state before of the next step.",
        ),
        Wrong(with_the_first, "`h_0` itself is in it: (T + 1, H). Leave it out.", "Collect the new states only."),
        Wrong(
            one_step_late,
            "off by one in time: `h_0` comes first, and the last state is missing.",
            "Compute the new state first, then keep it.",
        ),
        Wrong(the_last_alone, "this is the last state. All of them are asked for.", "Append each to a list."),
        Wrong(from_the_end, "the sequence is read from its end.", "for x_t in x, in this order."),
        Wrong(without_tanh, "tanh is missing.", "`np.tanh( ... )` around the three terms."),
    ),
    (
        "A list, a variable h that begins as `h_0`, and a loop over the rows of x.",
        "In the loop: `h = np.tanh(W_xh @ x_t + W_hh @ h + b_h)`, then `states.append(h)`.",
    ),
    inputs=a_sequence,
    praise="right. That is the whole of the unrolled network.",
)


# ---- 03.2 who hears whom


def a_step(rng: np.random.Generator) -> tuple[int, int]:
    """s and T, with 1 < s < T, and s not in the middle."""
    T = int(rng.integers(10, 40))
    return int(rng.integers(2, T // 2)), T


def outputs_that_hear(s: int, T: int) -> int:
    """Counted in a run of the library: which states change when step s does."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(T, 1, 2))
    other = x.copy()
    other[s - 1] += 1
    layer = Recurrent(RNNCell(2, 3, rng=rng, init="orthogonal"))
    return int((layer.forward(x)[0] != layer.forward(other)[0]).any(axis=(1, 2)).sum())


def off_by_one(s: int, T: int) -> int:
    return T - s


def those_before(s: int, T: int) -> int:
    return s


def all_of_them(s: int, T: int) -> int:
    return T


def itself_alone(s: int, T: int) -> int:
    return 1


HEAR = Exercise(
    "03.2",
    "Write `outputs_that_hear(s, T)`: how many outputs can change when step s does.",
    outputs_that_hear,
    (
        Wrong(off_by_one, "one too few: y_s itself hears of x_s, too.", "From s to T, both included."),
        Wrong(
            those_before,
            "these are the steps up to s. Time goes the other way: a state hears of what came *before* it.",
            "y_s, y_(s+1), ..., y_T.",
        ),
        Wrong(all_of_them, "y_1 was there before x_s was read. It cannot change.", "Only from step s on."),
        Wrong(itself_alone, "the state hands it on: later outputs hear of x_s through h.", "Follow the arrows right."),
    ),
    (
        "Which states are made with x_s, directly or through the state before?",
        "h_s, h_(s+1), ..., h_T. Count them.",
    ),
    inputs=a_step,
)


# ---- 03.3 past the end


def a_moment(rng: np.random.Generator) -> tuple[FloatArray, FloatArray, int, IntArray]:
    """new (5, 3), h (5, 3), t, and lengths around it, t itself among them."""
    t = int(rng.integers(2, 5))
    return rng.normal(size=(5, 3)), rng.normal(size=(5, 3)), t, np.array([t - 1, t, t + 1, t + 2, t])


def held(new: FloatArray, h: FloatArray, t: int, lengths: IntArray) -> FloatArray:
    """new inside a sentence, h past its end."""
    return np.where((t < lengths)[:, None], new, h)


def one_step_longer(new: FloatArray, h: FloatArray, t: int, lengths: IntArray) -> FloatArray:
    return np.where((t <= lengths)[:, None], new, h)


def exchanged(new: FloatArray, h: FloatArray, t: int, lengths: IntArray) -> FloatArray:
    return np.where((t < lengths)[:, None], h, new)


def zeros_past(new: FloatArray, h: FloatArray, t: int, lengths: IntArray) -> FloatArray:
    return np.where((t < lengths)[:, None], new, 0)


def not_held(new: FloatArray, h: FloatArray, t: int, lengths: IntArray) -> FloatArray:
    return new.copy()


def added(new: FloatArray, h: FloatArray, t: int, lengths: IntArray) -> FloatArray:
    result: FloatArray = (t < lengths)[:, None] * new + h
    return result


HELD = Exercise(
    "03.3",
    "Write `held(new, h, t, lengths)`: the states after step t, kept past the end of a sentence.",
    held,
    (
        Wrong(
            one_step_longer,
            "off by one: steps count from 0, so a sentence of length 3 has the steps 0, 1, 2.",
            "`t < lengths` and not `t <= lengths`.",
        ),
        Wrong(exchanged, "the two are exchanged: inside a sentence the state is new.", "np.where(inside, new, h)."),
        Wrong(
            zeros_past,
            "past the end the state is set to zeros, and so the final state is lost.",
            "It stays as it was: h.",
        ),
        Wrong(not_held, "the lengths are not used: padding changes the state.", "Where t is past the end: h."),
        Wrong(added, "h is added everywhere. It counts only where the sentence has ended.", "m new + (1 - m) h."),
    ),
    (
        "`t < lengths` says for each sentence whether step t is inside it.",
        "As a column, `(t < lengths)[:, None]`, it chooses between new and h with `np.where`.",
    ),
    inputs=a_moment,
    praise="right. One line, and padding changes nothing.",
)


# ---- 03.4 a loss without padding


def some_losses(rng: np.random.Generator) -> tuple[FloatArray, IntArray]:
    """losses (6, 3), in the padding, too, and lengths."""
    return rng.uniform(0.1, 3, (6, 3)), np.array([6, 2, 3])[rng.permutation(3)]


def masked_mean(losses: FloatArray, lengths: IntArray) -> float:
    """The mean of what lies inside the sentences."""
    return float(losses[np.arange(len(losses))[:, None] < lengths].mean())


def mean_of_all(losses: FloatArray, lengths: IntArray) -> float:
    return float(losses.mean())


def divided_by_all(losses: FloatArray, lengths: IntArray) -> float:
    return float(losses[np.arange(len(losses))[:, None] < lengths].sum() / losses.size)


def not_divided(losses: FloatArray, lengths: IntArray) -> float:
    return float(losses[np.arange(len(losses))[:, None] < lengths].sum())


def mean_of_means(losses: FloatArray, lengths: IntArray) -> float:
    return float(np.mean([losses[:n, b].mean() for b, n in enumerate(lengths)]))


def by_sentence(losses: FloatArray, lengths: IntArray) -> float:
    return not_divided(losses, lengths) / len(lengths)


MASKED = Exercise(
    "03.4",
    "Write `masked_mean(losses, lengths)`: the mean over all true steps.",
    masked_mean,
    (
        Wrong(mean_of_all, "the padding is counted.", "`np.arange(T)[:, None] < lengths` is True inside."),
        Wrong(
            divided_by_all,
            "the sum leaves the padding out, the division does not: the more padding, the smaller the loss.",
            "Divide by `lengths.sum()`.",
        ),
        Wrong(not_divided, "this is the sum. The mean is asked for.", "Divide by the number of true steps."),
        Wrong(
            mean_of_means,
            "it is the mean of the sentences' means: a step of a short sentence counts for more.",
            "One mean over all true steps.",
        ),
        Wrong(by_sentence, "it is divided by the number of sentences, not of steps.", "Divide by `lengths.sum()`."),
    ),
    (
        "First choose the true steps, then take one mean.",
        "`losses[np.arange(len(losses))[:, None] < lengths].mean()`.",
    ),
    inputs=some_losses,
)


# ---- 03.5 before the loop


def a_batch(rng: np.random.Generator) -> Arrays:
    """x (5, 2, 4), h (2, 3), and the weights."""
    return rng.normal(size=(5, 2, 4)), rng.normal(size=(2, 3)), *_weights(rng)


def last_state(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    """What the library's layer ends with."""
    states: FloatArray = _layer(W_xh, W_hh, b_h).forward(x, state=h)[0]
    return states[-1]


def turned(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    for part in x @ W_xh.T + b_h:
        h = np.tanh(part + h @ W_hh)
    return h


def bias_twice(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return last_state(x, h, W_xh, W_hh, 2 * b_h)


def bias_left_out(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    return last_state(x, h, W_xh, W_hh, 0 * b_h)


def both_before(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    recurrent, state = h @ W_hh.T, h
    for part in x @ W_xh.T + b_h:
        state = np.tanh(part + recurrent)
    return state


def bent_twice(x: FloatArray, h: FloatArray, W_xh: FloatArray, W_hh: FloatArray, b_h: FloatArray) -> FloatArray:
    for part in np.tanh(x @ W_xh.T + b_h):
        h = np.tanh(part + h @ W_hh.T)
    return h


BEFORE = Exercise(
    "03.5",
    "Write `last_state(x, h, W_xh, W_hh, b_h)`: h_T for a batch, with the input product before the loop.",
    last_state,
    (
        Wrong(
            turned,
            "`W_hh` is not transposed. States are rows here, so it is `h @ W_hh.T`.",
            "(B, H) times (H, H): which axis of `W_hh` belongs to the state before?",
        ),
        Wrong(bias_twice, "the bias is added twice: before the loop and in it.", "Once is enough."),
        Wrong(bias_left_out, "the bias is left out.", "Add it before the loop, to all steps at once."),
        Wrong(
            both_before,
            "the recurrent product stands before the loop, too. It has to wait for the state.",
            "`h @ W_hh.T` changes with every step.",
        ),
        Wrong(
            bent_twice,
            "tanh is applied to the input part by itself. It is applied once, to the whole sum.",
            "No tanh before the loop.",
        ),
    ),
    (
        "`x @ W_xh.T` works on all steps and sequences at once: (T, B, I) @ (I, H).",
        "`parts = x @ W_xh.T + b_h`, then `for part in parts: h = np.tanh(part + h @ W_hh.T)`.",
    ),
    inputs=a_batch,
)


EXERCISES: tuple[Exercise, ...] = (UNROLL, HEAR, HELD, MASKED, BEFORE)


QUIZ: tuple[Item, ...] = (
    Item(
        "A network was trained on sentences of 10 words. Can it read one of 25?",
        (
            Choice("No: it has ten sets of weights", "It has one set, used ten times. It can be used 25 times."),
            Choice("Yes: T is no parameter", "Whether it does *well* there is another question.", right=True),
            Choice("Only if the sentence is cut to 10 words", "Nothing has to be cut: the loop runs 25 times."),
        ),
    ),
    Item(
        "Which inputs can y_3 depend on?",
        (
            Choice("x_3 alone", "h_3 is made with h_2, and that with x_2 and x_1."),
            Choice("x_2 and x_3", "h_2 was made with h_1: x_1 is in it, too."),
            Choice("x_1, x_2, x_3", "All up to 3, and none after it.", right=True),
            Choice("All of the sentence", "x_4 has not been read yet. (Chapter 07 reads from both ends.)"),
        ),
    ),
    Item(
        "A sentence of 40 words has been read by a network with 16 units. What does h_40 hold?",
        (
            Choice("The 40 words", "16 numbers: most of what was said is gone."),
            Choice(
                "A lossy summary, in which late words stand out",
                "Section 4 measured it: the last letters can be read off, early ones cannot.",
                right=True,
            ),
            Choice("The last word only", "What came shortly before it can be read off as well."),
            Choice("The weights for word 40", "Weights are not states. They are the same at each step."),
        ),
    ),
    Item(
        "Which product may stand before the loop, and why?",
        (
            Choice("W_hh h_(t-1): it is the larger one", "It needs the state before, which is not there yet."),
            Choice("W_xh x_t: it needs no state", "All inputs are there from the start.", right=True),
            Choice("Both: matrices do not change", "The matrices do not, the states do."),
            Choice("Neither: time is time", "The input part of step 9 does not wait for step 8."),
        ),
    ),
    Item(
        "Short and long sentences form a batch. The loss is averaged over all T · B answers. What happens?",
        (
            Choice("Nothing: padding has loss 0", "Whatever is computed there has a loss, right or wrong."),
            Choice(
                "The network is trained on answers to nothing, and the loss depends on how batches were made",
                "Mask the loss, and divide by the number of true steps.",
                right=True,
            ),
            Choice("An error is raised", "The shapes fit. Nothing complains."),
        ),
    ),
)
