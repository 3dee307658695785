"""A plain per-step program of the kind that tutorials print: the baseline of the benchmark.

It is the source's `class RNN`, whose `step` computes a state and an output, completed by biases, softmax, and a
backward pass with a loop over the steps. One phrase is one list of column vectors; every matrix product is written
where the equation has it. Nothing in it is made slow on purpose, and its gradients are right.
"""

import numpy as np


class RNN:
    """Many to one, trained on one phrase after the other."""

    def __init__(self, words, hidden, classes, rng):
        self.word_number = {word: number for number, word in enumerate(words)}
        self.W_xh = rng.standard_normal((hidden, len(words))) / 1000
        self.W_hh = rng.standard_normal((hidden, hidden)) / 1000
        self.W_hy = rng.standard_normal((classes, hidden)) / 1000
        self.b_h = np.zeros((hidden, 1))
        self.b_y = np.zeros((classes, 1))

    def one_hot(self, phrase):
        vectors = []
        for word in phrase.split(" "):
            v = np.zeros((len(self.word_number), 1))
            v[self.word_number[word]] = 1
            vectors.append(v)
        return vectors

    def step(self, x):
        self.h = np.tanh(np.dot(self.W_hh, self.h) + np.dot(self.W_xh, x) + self.b_h)
        return np.dot(self.W_hy, self.h) + self.b_y

    def forward(self, xs):
        self.h = np.zeros_like(self.b_h)
        self.hs = [self.h]
        for x in xs:
            y = self.step(x)
            self.hs.append(self.h)
        e = np.exp(y - np.max(y))
        return e / np.sum(e)

    def backward(self, xs, d_y, learning_rate):
        d_W_hy = np.dot(d_y, self.hs[-1].T)
        d_b_y = d_y
        d_W_xh = np.zeros_like(self.W_xh)
        d_W_hh = np.zeros_like(self.W_hh)
        d_b_h = np.zeros_like(self.b_h)
        d_h = np.dot(self.W_hy.T, d_y)
        for t in reversed(range(len(xs))):
            d_a = (1 - self.hs[t + 1] ** 2) * d_h
            d_b_h += d_a
            d_W_xh += np.dot(d_a, xs[t].T)
            d_W_hh += np.dot(d_a, self.hs[t].T)
            d_h = np.dot(self.W_hh.T, d_a)
        for d in [d_W_xh, d_W_hh, d_W_hy, d_b_h, d_b_y]:
            np.clip(d, -1, 1, out=d)
        self.W_xh -= learning_rate * d_W_xh
        self.W_hh -= learning_rate * d_W_hh
        self.W_hy -= learning_rate * d_W_hy
        self.b_h -= learning_rate * d_b_h
        self.b_y -= learning_rate * d_b_y

    def train_epoch(self, data, learning_rate, rng):
        """One epoch over all phrases in a new order: mean loss and accuracy."""
        items = list(data.items())
        rng.shuffle(items)
        loss, right = 0.0, 0
        for phrase, label in items:
            xs, target = self.one_hot(phrase), int(label)
            p = self.forward(xs)
            loss -= np.log(p[target, 0])
            right += int(np.argmax(p) == target)
            d_y = p.copy()
            d_y[target] -= 1
            self.backward(xs, d_y, learning_rate)
        return loss / len(items), right / len(items)

    def test(self, data):
        """Mean loss and accuracy."""
        loss, right = 0.0, 0
        for phrase, label in data.items():
            p = self.forward(self.one_hot(phrase))
            loss -= np.log(p[int(label), 0])
            right += int(np.argmax(p) == int(label))
        return loss / len(data), right / len(data)
