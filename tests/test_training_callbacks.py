"""Schedules, early stopping, buckets by length, and windows of truncated backpropagation."""

import numpy as np
import pytest

from rnnlib.cells import RNNCell
from rnnlib.layers import Dense, Recurrent, Stacked
from rnnlib.models import ManyToMany, ManyToOne
from rnnlib.training import SGD, EarlyStopping, Schedule, fit

N, T = 8, 6


def rng(seed=0):
    return np.random.default_rng(seed)


def build(wiring=ManyToOne):
    draw = rng()
    return wiring(Recurrent(RNNCell(2, 5, rng=draw)), Dense(5, 2, rng=draw))


def examples(time=False):
    x = rng(9).standard_normal((T, N, 2))
    return x, (x[..., 0] > 0).astype(int) if time else (x[0, :, 0] > 0).astype(int)


def train(model, *data, **options):
    data = data or examples()
    return fit(model, *data, **({"epochs": 4, "optimizer": SGD(0.1), "rng": rng(1), "progress": False} | options))


# ---- schedules ------------------------------------------------------------------------------------------------------


def test_a_schedule_sets_the_rate_of_the_epoch_that_comes_next():
    history = train(build(), optimizer=SGD(0.5), callbacks=[Schedule(lambda epoch: 1 / epoch)])
    assert history.learning_rate == [0.5, 1 / 2, 1 / 3, 1 / 4]
    with pytest.raises(ValueError, match="schedule's learning rate"):
        train(build(), callbacks=[Schedule(lambda epoch: 0)])


# ---- early stopping -------------------------------------------------------------------------------------------------


def stopping(losses, **options):
    """Early stopping on a set whose loss is taken from a list; the weights after each epoch."""
    model, weights, script = build(), [], iter(losses)
    early = EarlyStopping("held", **options)

    def pretend(run):
        weights.append(run.model.vector())
        run.history.losses["held"][-1] = next(script)

    history = train(model, epochs=len(losses), evaluate={"held": examples()}, callbacks=[pretend, early])
    return model, weights, history


@pytest.mark.parametrize(
    ("losses", "options", "epochs", "best"),
    [
        ([5.0, 4, 4, 4, 4, 4], {"patience": 2}, 4, 1),
        ([5.0, 3, 4, 6, 7], {"patience": 3}, 5, 1),
        ([5.0, 3, 4], {"patience": 10}, 3, 1),  # all epochs are done
        ([5.0, 4, 3, 2, 1], {"patience": 1}, 5, 4),
        ([5.0, 4.95, 4.9, 4.85], {"patience": 2, "least": 0.5}, 3, 0),
    ],
)
def test_it_stops_when_the_loss_has_not_fallen_for_so_long_and_the_best_weights_come_back(
    losses, options, epochs, best
):
    model, weights, history = stopping(losses, **options)
    assert history.epochs == epochs and np.array_equal(model.vector(), weights[best])
    assert ("held" in history.stopped) == (epochs < len(losses) or losses[-1] == 7)


def test_the_same_object_can_be_used_again():
    early, model = EarlyStopping("held", patience=50), build()
    train(model, evaluate={"held": examples()}, callbacks=[early])
    first = early.best
    other = build()
    train(other, evaluate={"held": examples()}, callbacks=[early], epochs=1)
    assert early.best_epoch == 1 and early.best > first


# ---- buckets --------------------------------------------------------------------------------------------------------


class Watched(ManyToOne):
    """Notes the lengths of the batches that it is asked for."""

    def loss(self, batch, rng=None):
        lengths = [len(batch.x)] * batch.size if batch.lengths is None else batch.lengths.tolist()
        self.seen = [*getattr(self, "seen", []), lengths]
        return super().loss(batch, rng)


LENGTHS = [1, 6, 2, 5, 1, 6, 2, 5]


def seen(**options):
    model = build()
    model.__class__ = Watched
    train(model, *examples(), LENGTHS, batch_size=2, **options)
    return model.seen


def test_a_bucket_holds_examples_of_similar_length():
    assert all(a == b for a, b in seen(bucket=True))


def test_every_example_is_in_one_bucket_each_epoch():
    batches = seen(bucket=True, epochs=3)
    epochs = np.array(batches).reshape(3, N)
    assert all(sorted(epoch) == sorted(LENGTHS) for epoch in epochs.tolist())


def test_buckets_do_not_come_from_short_to_long():
    first = [batch[0] for batch in seen(bucket=True, epochs=6)]
    assert any(first[k : k + 4] != sorted(first[k : k + 4]) for k in range(0, 24, 4))


# ---- windows --------------------------------------------------------------------------------------------------------


def test_a_window_of_the_whole_length_is_training_without_windows():
    whole, cut = build(ManyToMany), build(ManyToMany)
    train(whole, *examples(time=True), batch_size=4)
    train(cut, *examples(time=True), batch_size=4, window=T)
    assert np.array_equal(whole.vector(), cut.vector())


def test_dropout_is_on_in_every_window():
    def network():
        draw = rng()
        body = Stacked([Recurrent(RNNCell(2, 5, rng=draw)), Recurrent(RNNCell(5, 5, rng=draw))], dropout=0.5)
        return ManyToMany(body, Dense(5, 2, rng=draw))

    model, by_hand, draw = network(), network(), rng(1)
    x, y = examples(time=True)
    train(model, x, y, batch_size=N, window=2, epochs=1, rng=rng(1))
    order, state = draw.permutation(N), None
    for piece in by_hand.windows(by_hand.batch(x[:, order], y[:, order]), 2):
        _, grads, state = by_hand.loss_from(state, piece, draw)
        for name, array in by_hand.params.items():
            array -= 0.1 * grads[name]
    np.testing.assert_allclose(model.vector(), by_hand.vector(), rtol=1e-12)
