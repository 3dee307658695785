"""Mistakes as a reader writes them, and a word of what she is told. Nothing here reads how the book writes them."""

import itertools
import re

import numpy as np
import pytest

from rnnlib.exercises import check, engine
from rnnlib.functions import log_softmax, sigmoid, softmax

GENRE, REVIEW = "a genre to a melody", "a review to positive or negative"
SPEECH, FILM = "a spoken sentence to its text", "each frame of a film to a label"
SHAPES = {"an image to its class": "1-1", GENRE: "1-N", REVIEW: "N-1", SPEECH: "N-M", FILM: "N-N"}


@pytest.fixture(autouse=True)
def a_new_reader(monkeypatch):
    monkeypatch.setattr(engine, "passed", set())


def padded(sequences, width):
    x = np.zeros((width, len(sequences), 2))
    for b, s in enumerate(sequences):
        x[: len(s), b] = s[:width]
    return x


def words(tree):
    return words(tree[0]) + words(tree[1]) if isinstance(tree, tuple) else [tree]


def forward(x, h, W, U, b, bend=np.tanh):
    out = []
    for x_t in x:
        h = bend(W @ x_t + U @ h + b)
        out.append(h)
    return np.stack(out)


def through_time(h, d_out, W, turned=True, slope=lambda h: 1 - h * h):
    d_W, d_next = 0, 0
    for t in range(len(d_out) - 1, -1, -1):
        d_a = (d_out[t] + d_next) * slope(h[t + 1])
        d_W = d_W + d_a[:, None] * h[t]
        d_next = d_a @ W if turned else W @ d_a
    return d_W


def greedy(decoder, state, end, most, stop=True, keep=False):
    text, symbol = [], end
    while len(text) < most:
        scores, new = decoder(symbol, state)
        state = state if keep else new
        symbol = int(np.argmax(scores))
        if symbol == end and stop:
            break
        text.append(symbol)
    return text


def one_sided(f, w, e):
    return np.array([(f(w + e * k) - f(w)) / e for k in np.eye(4)])


def step_back(d_h, d_c, c, i, f, g, o, tanh_c, future=1):
    slope = lambda s: s * (1 - s)  # noqa: E731
    d_c = d_c * future + d_h * o * (1 - tanh_c**2)
    d_a = [d_c * g * slope(i), d_c * c * slope(f), d_c * i * (1 - g**2), d_h * tanh_c * slope(o)]
    return np.hstack(d_a), d_c * f


def causal(x, W, b, first=-2, extra=1):
    at = lambda t: x[t] if 0 <= t < len(x) else np.zeros(3)  # noqa: E731
    return np.array([extra * b + sum(W[j] @ at(t + first + j) for j in range(3)) for t in range(len(x))])


def tree_vector(tree, x, W, b, L, R, c, bend=np.tanh):
    if not isinstance(tree, tuple):
        return np.tanh(W @ x[tree] + b)
    left, right = (tree_vector(part, x, W, b, L, R, c, bend) for part in tree)
    return bend(L @ left + R @ right + c)


def gru(W, change, first, last):
    return tuple(np.concatenate([w[:first], change(w[first:last]), w[last:]]) for w in W)


def beam(totals, gains, width, table):
    best = np.argsort(table(totals, gains), axis=None)[::-1][:width]
    return best // gains.shape[1], best % gains.shape[1], table(totals, gains).ravel()[best]


def nll(scores, y):
    return -np.array([[log_softmax(scores)[t, b, y[t, b]] for b in range(3)] for t in range(5)])


def true(n, lengths):
    return np.arange(n)[:, None] < lengths


MISTAKES = [
    ("00.1", "Ende", "goes to the other end"),
    ("00.1", "arrow left", "goes back one word"),
    ("00.2", lambda h, t, k: h[t - 1][k - 1], "one word earlier"),
    ("00.2", lambda h, t, k: h.T[t, k - 1], "time comes first"),
    ("00.3", lambda T, V, H: ((T, V), (T, H), (T, 2)), "one row of h is missing"),
    ("00.3", lambda T, V, H: ((V, T), (H, T + 1), (2, T)), "time comes first"),
    ("00.4", lambda W, U, b, x, h: np.tanh(W @ x + U.T @ h + b), "wrong way round"),
    ("00.4", lambda W, U, b, x, h: np.tanh(W @ x + U @ h), "bias b_h is missing"),
    ("01.1", SHAPES | {FILM: "n to m"}, "speech and film"),
    ("01.1", SHAPES | {REVIEW: "1-N"}, "wrong way round"),
    ("01.2", lambda s: (padded(s, 5).swapaxes(0, 1), np.array([2, 5, 3])), "the batch comes first"),
    ("01.2", lambda s: (padded(s, 2), np.array([2, 5, 3])), "cut off"),
    ("01.3", lambda T, X, H, K: ((T * X + 1) * H + (H + 1) * K, (X + 1) * H + (H + 1) * K), "its next state"),
    ("01.3", lambda T, X, H, K: ((T * X + 1) * H, (X + H + 1) * H), "output layer is missing"),
    ("01.4", lambda a, y, n: np.mean(a == y, axis=1), "padding counts as right"),
    ("01.4", lambda a, y, n: np.mean((a == y) & true(5, n), axis=1), "divide by all sentences"),
    ("01.5", lambda tree: list(itertools.accumulate(words(tree), lambda a, b: np.tanh(a - b)))[-1], "left to right"),
    ("01.6", ("a b c", "c b a."), "capitals and punctuation"),
    ("01.6", ("a b c", "a b d"), "do not have the same words"),
    ("02.1", lambda x, h, W, U, b, V, c: (np.tanh(W @ x + U @ h + b), softmax(V @ h + c)), "the state \\*before"),
    ("02.1", lambda x, h, W, U, b, V, c: (n := np.tanh(W @ x + U @ h + b), V @ n + c), "softmax is missing"),
    ("02.1", lambda x, h, W, U, b, V, c: (n := np.tanh(W @ x + h @ U + b), softmax(V @ n + c)), "`W_hh` is transposed"),
    ("02.1", lambda x, h, W, U, b, V, c: (n := W @ x + U @ h + b, softmax(V @ n + c)), "^tanh is missing"),
    ("02.2", lambda X, H, K: H * X + H * H + K * H, "Both biases are missing"),
    ("02.2", lambda X, H, K: H * (X + 2) + K * (H + 1), "It is square"),
    ("02.3", lambda x, h, W, b: np.tanh(np.hstack([x, h]) @ W.T + b), "input stands before the state"),
    ("02.3", lambda x, h, W, b: np.hstack([h, x]) @ W.T + b, "tanh is missing"),
    ("02.4", lambda s: np.exp(s) / np.exp(s).sum(1, keepdims=True), "overflows"),
    ("02.4", lambda s: softmax(s.T).T, "wrong axis"),
    ("02.5", lambda W, U, b, V, o: (W[o], U[o], b[o], V[:, o]), "the columns are not"),
    ("02.5", lambda W, U, b, V, o: (W[o], U[o][:, o], b[o], V), "`W_hy` is as it was"),
    ("02.6", (2, 0.5, 0), "fades"),
    ("02.6", (3, 1, 0), "fades"),
    ("02.6", (5, -3, 0), "flips"),
    ("02.6", (0.9, 3, 0), "does not overturn"),
    ("03.1", lambda x, h, W, U, b: forward(x, 0 * h, W, U, b), "begins with zeros"),
    ("03.1", lambda x, h, W, U, b: np.vstack([h, forward(x, h, W, U, b)]), "itself is in it"),
    ("03.2", lambda s, T: T - s, "one too few"),
    ("03.2", lambda s, T: s, "up to s"),
    ("03.3", lambda new, h, t, n: np.where((n >= t)[:, None], new, h), "off by one"),
    ("03.3", lambda new, h, t, n: new * (n > t)[:, None], "set to zeros"),
    ("03.4", lambda x, n: x.sum() / x.size, "padding is counted"),
    ("03.4", lambda x, n: np.mean([x[: n[b], b].mean() for b in range(3)]), "mean of the sentences"),
    ("03.5", lambda x, h, W, U, b: [forward(x[:, k], h[k], W, U.T, b)[-1] for k in (0, 1)], "not transposed"),
    ("03.5", lambda x, h, W, U, b: [forward(x[:, k], h[k], W, U, 2 * b)[-1] for k in (0, 1)], "added twice"),
    ("04.1", lambda h, y, V, c: softmax(V @ h + c) @ V * (1 - h * h), "truth is missing"),
    ("04.1", lambda h, y, V, c: (softmax(V @ h + c) - np.eye(3)[y]) @ V, "slope of tanh is missing"),
    ("04.2", lambda d, n, V, U: d @ V, "future is dropped"),
    ("04.2", lambda d, n, V, U: d @ V + U @ n, "`W_hh` is not transposed"),
    ("04.3", lambda h, d, W: through_time(h, d, W, turned=False), "not transposed on the way back"),
    ("04.3", lambda h, d, W: through_time(h, d, W, slope=lambda h: 1 + 0 * h), "slope of tanh is left out"),
    ("04.4", lambda g, m: [a.clip(-m, m) for a in g], "by value"),
    ("04.4", lambda g, m: [a / max(1, np.linalg.norm(a) / m) for a in g], "by its own norm"),
    ("04.5", one_sided, "one side only"),
    ("04.5", lambda f, w, e: one_sided(f, w, e) + one_sided(f, w, -e), "twice too large"),
    ("04.6", np.roll(np.eye(8), 3, 1) * 0.8, "vanishes: not even"),
    ("04.6", np.roll(np.eye(8), 3, 1) * 3, "states run to the ends"),
    ("05.1", lambda y, s: np.roll(y, 1, 0), "np.roll"),
    ("05.1", lambda y, s: y, "learn to copy"),
    ("05.2", lambda s, y, n: nll(s, y).mean(), "padding counts"),
    ("05.2", lambda s, y, n: nll(s, y)[true(5, n)].sum() / 3, "number of sequences"),
    ("05.3", lambda d, h, e, m: greedy(d, h, e, m, stop=False), "goes on after the end"),
    ("05.3", lambda d, h, e, m: greedy(d, h, e, m, keep=True), "is forgotten"),
    (
        "05.4",
        lambda x: (np.arccos((x[2] + x[0]) / x[1] / 2), np.array([[(x[2] + x[0]) / x[1], 1], [1, 0]])),
        "grows for ever",
    ),
    ("05.4", lambda x: ((x[2] + x[0]) / x[1] / 2, np.array([[(x[2] + x[0]) / x[1], -1], [1, 0]])), "the cosine"),
    ("05.5", lambda t, g, w: beam(t, g, w, lambda t, g: g), "forgotten"),
    ("05.5", lambda t, g, w: beam(t, g, w, lambda t, g: t[:, None] * g), "products"),
    ("05.6", lambda s, p: p, "wish itself"),
    ("05.6", lambda s, p: -1.0, "above zero"),
    ("06.1", lambda i, f, g, o, c: (o * np.tanh(n := i * c + f * g), n), "changed places: here"),
    ("06.1", lambda i, f, g, o, c: (o * np.tanh(n := c + i * g), n), "1997"),
    ("06.2", ([[0], [15], [0]], [[0], [0], [-6]], [6, -8, 0]), "the other way round"),
    ("06.2", ([[0], [-15], [8]], [[0], [0], [0]], [6, 8, 0]), "no other switches it off"),
    ("06.3", lambda p, n: np.exp(np.log(p) / n), "gate f itself"),
    ("06.3", lambda p, n: np.log(p / (1 - p)), "after \\*one\\* step"),
    ("06.4", lambda *W: gru(W, np.negative, 0, 3), "rows of r"),
    ("06.4", lambda *W: gru(W, lambda w: 1 - w, 3, 6), "1 minus is right for the gate"),
    ("06.5", lambda *a: step_back(*a, future=0), "part from the future"),
    ("06.5", lambda *a: (lambda d_a, d_c: (d_a, d_c / a[4]))(*step_back(*a)), "the forget gate is missing"),
    ("06.6", ([[0, 9], [0, 0], [9, 0], [0, 0]], [[0]] * 4, [-5, 9, 0, 0]), "grows beyond 3"),
    ("06.6", ([[0, 18], [0, -18], [-9, 0], [0, 0]], [[0]] * 4, [-9, 9, 0, 0]), "wrong sign"),
    ("07.1", lambda k, d: np.prod(k), "multiplied"),
    ("07.1", lambda k, d: np.dot(k, d), "k - 1 gaps"),
    ("07.2", lambda x, n: x[::-1], "padding is reversed"),
    ("07.2", lambda x, n: x[:, ::-1], "time that runs"),
    ("07.3", lambda x, W, b: causal(x, W, b, first=0), "comes \\*after\\*"),
    ("07.3", lambda x, W, b: causal(x, W, b, extra=3), "every step of the window"),
    ("07.4", lambda t, x, W, b, L, R, c: tree_vector(t, x, W, b, R, L, c), "left and right are swapped"),
    ("07.4", lambda *a: tree_vector(*a, bend=lambda a: a), "missing at the nodes"),
    ("07.5", lambda X, H: (n := H * (X + H + 1), 2 * n, 2 * n), "as if it read the words\\."),
    ("07.5", lambda X, H: (n := H * (X + H + 1), n + H * (2 * H + 1), n), "one set of weights"),
    ("07.6", ([2, 2, 2], [1, 2, 4]), "does not reach"),
    ("07.6", ([2, 2], [1, 200]), "over holes"),
    ("08.1", lambda text, v: [v.index(w) if w in v else 0 for w in text.split()], "capitals"),
    ("08.1", lambda text, v: [v.index(w) for w in text.lower().split() if w in v], "left out"),
    ("08.2", lambda ids, n, V: np.eye(V)[ids], "word 0, again and again"),
    ("08.2", lambda ids, n, V: np.eye(V)[ids] * true(4, n - 1)[..., None], "too early"),
    ("08.3", lambda h, n, V, c: softmax(h[-1] @ V.T + c), "last row of the table"),
    ("08.3", lambda h, n, V, c: softmax(np.mean(h, axis=0) @ V.T + c), "mean of all rows"),
    ("08.3", lambda h, n, V, c: softmax([h[: n[b], b].mean(0) @ V.T + c for b in range(3)]), "mean of all true"),
    ("08.4", lambda ids, n, w, b: sigmoid(b + w[ids].sum(0)), "padding is weighed"),
    ("08.4", lambda ids, n, w, b: b + (w[ids] * true(6, n)).sum(0), "this is the sum"),
    ("08.5", lambda y, share, rng: np.arange(32, 40), "end of the file"),
    ("08.5", lambda y, share, rng: [*range(8)], "another share"),
    ("09.1", lambda p, n: np.exp(-np.log(p).mean()), "padding is counted"),
    ("09.1", lambda p, n: np.exp(np.log(p[true(5, n)]).mean()), "upside down"),
    ("09.2", lambda q, k: softmax(k @ q), "not divided"),
    ("09.2", lambda q, k: softmax(k @ q / 9), "\\*root\\* of D"),
    ("09.3", lambda q, k, v, n: v[:n].sum(0) / n, "query is not asked"),
    ("09.3", lambda q, k, v, n: v[np.argmax(k[:n] @ q)], "best key alone"),
    ("09.4", lambda W: W, "nothing has moved"),
    ("09.4", lambda W: np.vstack([W[8:], W[4:8], W[:4]]), "in reverse: n, r, z"),
    ("09.5", lambda p, k: np.where(p < np.sort(p)[-k], 0, p), "do not add up"),
    ("09.5", lambda p, k: np.where(p < np.sort(p)[-k], 0, 1 / k), "all alike"),
]


@pytest.mark.parametrize(
    ("number", "answer", "word"), MISTAKES, ids=[f"{number}-{word[:20]}" for number, _, word in MISTAKES]
)
def test_a_mistake_is_called_by_its_name(number, answer, word):
    said = check(number, answer)
    assert said.kind == "wrong" and re.search(word, said.text), said


def test_each_exercise_is_among_them():
    assert {number for number, _, _ in MISTAKES} == {f.number for c in range(10) for f in engine.exercises(f"{c:02d}")}
