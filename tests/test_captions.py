"""A caption for a picture, as courses set it: features make the first state, words are looked up, one word counts
nothing. The two losses are those of a well-known exercise, whose weights and data are rows of evenly spaced numbers."""

import numpy as np
import pytest

from rnnlib import Dense, Embedding, LSTMCell, OneToMany, Recurrent, RNNCell, Stacked

N, FEATURES, WIDTH, H, V, T, NULL = 10, 20, 30, 40, 3, 13, 0


def even(*shape):
    """All weights of the exercise; there a matrix is stored (in, out)."""
    return np.linspace(-1.4, 1.3, num=int(np.prod(shape))).reshape(shape)


def a_captioner(kind, inputs=FEATURES, width=WIDTH, units=H, words=V):
    rng = np.random.default_rng(0)
    cell = {"rnn": RNNCell, "lstm": LSTMCell}[kind](width, units, rng=rng)
    body = Stacked([Embedding(words, width, rng=rng), Recurrent(cell)])
    counts = [float(word != NULL) for word in range(words)]
    begin, output = Dense(inputs, units, rng=rng), Dense(units, words, rng=rng)
    return OneToMany(begin, body, output, end=words - 1, class_weights=counts)


def of_the_exercise(kind):
    """The model with the exercise's weights; its LSTM has its gates in the order i, f, o, g."""
    model = a_captioner(kind)
    G = 4 if kind == "lstm" else 1
    given = {
        "begin.W_hy": even(FEATURES, H).T,
        "begin.b_y": even(H),
        "decoder.0.W_e": even(V, WIDTH),
        "decoder.1.W_xh": even(WIDTH, G * H).T,
        "decoder.1.W_hh": even(H, G * H).T,
        "decoder.1.b_h": even(G * H),
        "output.W_hy": even(H, V).T,
        "output.b_y": even(V),
    }
    if kind == "lstm":
        for name in ("decoder.1.W_xh", "decoder.1.W_hh", "decoder.1.b_h"):
            i, f, o, g = np.split(given[name], 4)
            given[name] = np.concatenate([i, f, g, o])
    model.set_params(given)
    return model


def captions(low=-1.5, high=0.3):
    """Features (N, D), and captions (T, N): the first word is read, the others are the targets."""
    words = (np.arange(N * T) % V).reshape(N, T).T
    return np.linspace(low, high, num=N * FEATURES).reshape(N, FEATURES), words


@pytest.mark.parametrize(
    ("kind", "features", "loss"), [("rnn", (-1.5, 0.3), 9.83235591003), ("lstm", (-0.5, 1.7), 9.82445935443)]
)
def test_the_losses_of_the_exercise(kind, features, loss):
    x, words = captions(*features)
    batch = of_the_exercise(kind).batch(x, words[1:], first=words[0])
    count = (words[1:] != NULL).sum()  # there the sum over all targets is divided by the captions, here it is a mean
    assert of_the_exercise(kind).loss(batch)[0] * count / N == pytest.approx(loss, abs=1e-10)


def test_a_word_that_does_not_count_counts_neither_in_the_loss_nor_in_the_accuracy():
    x, words = captions()
    model = of_the_exercise("rnn")
    batch = model.batch(x, words[1:], first=words[0])
    loss, accuracy = model.evaluate(batch)
    logits, true = model.logits(batch), words[1:] != NULL
    right = (logits.argmax(axis=2) == words[1:])[true]
    assert accuracy == right.mean()
    p = np.exp(logits - logits.max(axis=2, keepdims=True))
    p /= p.sum(axis=2, keepdims=True)
    chosen = np.take_along_axis(p, words[1:, :, None], axis=2)[..., 0][true]
    assert loss == pytest.approx(-np.log(chosen).mean())


def test_the_first_symbols_are_read_and_are_those_of_the_chosen_examples():
    x, words = captions()
    model = of_the_exercise("lstm")
    batch = model.batch(x, words[1:], first=words[0])
    few = model.batch(x[[4, 2]], words[1:, [4, 2]], first=words[0, [4, 2]])
    assert model.loss(batch.take(np.array([4, 2])))[0] == model.loss(few)[0]
    assert model.loss(batch)[0] != model.loss(model.batch(x, words[1:]))[0]
