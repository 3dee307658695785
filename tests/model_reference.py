"""The loss of every wiring written plainly, one example at a time, for autograd. See `reference.py`."""

import autograd.numpy as np
import numpy
from autograd import grad

from rnnlib.layers import Recurrent, Stacked
from rnnlib.models import EncoderDecoder, ManyToMany, ManyToOne, OneToOne

from .reference import inside, log_softmax, run, sigmoid, summary


def dense(p, h):
    return p["W_hy"] @ h + p["b_y"]


def one_hot(k, K):
    return numpy.eye(K)[k]


def read(model, y, final):
    """What a ManyToOne model reads off a sequence."""
    if model.pool == "last":
        return summary(model.body, y, final)
    return np.mean(y, axis=0) if model.pool == "mean" else np.max(y, axis=0)


def memories(layer, final):
    """The final states of all recurrent layers inside, from the bottom up."""
    if isinstance(layer, Stacked):
        return [m for part, s in zip(layer.layers, final, strict=True) for m in memories(part, s)]
    return [final] if isinstance(layer, Recurrent) else []


def first_state(layer, states):
    """A decoder's first state out of an iterator over the states of its recurrent layers."""
    if isinstance(layer, Stacked):
        return tuple(first_state(part, states) for part in layer.layers)
    return next(states) if isinstance(layer, Recurrent) else ()


def from_vector(layer, h):
    """The states of a decoder that starts from h: every layer's h is h, every c is zero."""
    if isinstance(layer, Stacked):
        return [m for part in layer.layers for m in from_vector(part, h)]
    if not isinstance(layer, Recurrent):
        return []
    return [(h, *(numpy.zeros(layer.outputs) for _ in layer.cell.state_names[1:]))]


def answers(model, p, x, n, y, m):
    """The logits of one example: x of true length n, y of true length m."""
    body, output, K = inside(p, "body"), inside(p, "output"), model.output.outputs
    if isinstance(model, OneToOne):
        return [dense(output, run(model.body, body, x[None])[0][0])]
    if isinstance(model, ManyToOne):
        return [dense(output, read(model, *run(model.body, body, x[:n])))]
    if isinstance(model, ManyToMany):
        return [dense(output, h) for h in run(model.body, body, x[:n])[0]]
    symbols = [model.start, *y[: m - 1]]
    inputs = numpy.array(symbols) if model.body.takes_ids else numpy.array([one_hot(k, K) for k in symbols])
    if isinstance(model, EncoderDecoder):
        states = memories(model.encoder, run(model.encoder, inside(p, "encoder"), x[:n])[1])
    else:
        states = from_vector(model.body, dense(inside(p, "begin"), x))
    state = first_state(model.body, iter(states))
    return [dense(output, h) for h in run(model.body, inside(p, "decoder"), inputs, state)[0]]


def loss_of(model, z, target):
    """The loss of one answer (summed over the numbers of it, divided by how many there are)."""
    if model.loss_name == "cross_entropy":
        return -log_softmax(z)[target]
    if model.loss_name == "binary_cross_entropy":
        return -np.mean(target * np.log(sigmoid(z)) + (1 - target) * np.log(1 - sigmoid(z)))
    return np.mean((z - target) ** 2)


def plain_loss(model, p, x, y, lengths=None, y_lengths=None):
    """The weighted mean of the losses of all answers of all examples."""
    total, weight = 0.0, 0.0
    batch_axis = 1 if model.x_time else 0
    for b in range(x.shape[batch_axis]):
        one = x[:, b] if model.x_time else x[b]
        n = (int(lengths[b]) if lengths is not None else len(one)) if model.x_time else 1
        labels = y[:, b] if model.y_time else y[b : b + 1]
        m = int(y_lengths[b]) if y_lengths is not None else n if isinstance(model, ManyToMany) else len(labels)
        for z, label in zip(answers(model, p, one, n, labels, m), labels, strict=False):
            w = 1.0 if model.class_weights is None else model.class_weights[label]
            total, weight = total + w * loss_of(model, z, label), weight + w
    return total / weight


def plain_gradients(model, x, y, lengths=None, y_lengths=None):
    """Loss and gradients under the flat names of `params`."""
    p = {name: array.copy() for name, array in model.params.items()}
    loss = plain_loss(model, p, x, y, lengths, y_lengths)
    return loss, grad(lambda p: plain_loss(model, {k: p[k] for k in model.params}, x, y, lengths, y_lengths))(p)
