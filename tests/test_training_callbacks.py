"""Schedules, early stopping, buckets by length, and windows of truncated backpropagation."""

import numpy as np
import pytest

from rnnlib.cells import RNNCell
from rnnlib.layers import Dense, Recurrent
from rnnlib.models import ManyToMany, ManyToOne
from rnnlib.training import SGD, Adam, EarlyStopping, Schedule, fit

from . import zoo

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


@pytest.mark.parametrize("rate", [0, -1.0, np.nan, np.inf, None])
def test_a_schedule_that_gives_no_rate_is_refused_by_name(rate):
    with pytest.raises(ValueError, match="schedule's learning rate"):
        train(build(), callbacks=[Schedule(lambda epoch: rate)])


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


def test_it_stops_when_the_loss_has_not_fallen_for_so_many_epochs():
    _, _, history = stopping([5.0, 4, 4, 4, 4, 4], patience=2)
    assert history.epochs == 4 and "held" in history.stopped


def test_the_best_weights_come_back():
    model, weights, _ = stopping([5.0, 3, 4, 6, 7], patience=3)
    assert np.array_equal(model.vector(), weights[1])


def test_the_best_weights_come_back_where_all_epochs_are_done_too():
    model, weights, history = stopping([5.0, 3, 4], patience=10)
    assert np.array_equal(model.vector(), weights[1]) and history.epochs == 3


def test_a_loss_that_goes_on_falling_stops_nothing():
    _, _, history = stopping([5.0, 4, 3, 2, 1], patience=1)
    assert history.epochs == 5


def test_a_fall_smaller_than_the_least_does_not_count():
    _, _, history = stopping([5.0, 4.95, 4.9, 4.85], patience=2, least=0.5)
    assert history.epochs == 3


def test_the_same_object_can_be_used_again():
    early, model = EarlyStopping("held", patience=50), build()
    train(model, evaluate={"held": examples()}, callbacks=[early])
    first = early.best
    other = build()
    train(other, evaluate={"held": examples()}, callbacks=[early], epochs=1)
    assert early.best_epoch == 1 and early.best > first


def test_a_set_that_is_not_evaluated_is_named():
    with pytest.raises(ValueError, match="EarlyStopping: 'held' is not in evaluate"):
        train(build(), callbacks=[EarlyStopping("held")])


@pytest.mark.parametrize("options", [{"patience": 0}, {"patience": 1.5}, {"least": -1.0}, {"least": np.nan}])
def test_options_without_sense_are_refused(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        EarlyStopping("held", **options)


def test_weights_in_float32_come_back_in_float32():
    draw = rng()
    model = ManyToOne(Recurrent(RNNCell(2, 5, rng=draw, dtype=np.float32)), Dense(5, 2, rng=draw, dtype=np.float32))
    train(model, evaluate={"held": examples()}, callbacks=[EarlyStopping("held", patience=1)])
    assert {array.dtype for array in model.params.values()} == {np.dtype(np.float32)}


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


def test_time_is_cut_to_the_longest_of_a_batch():
    model = build()
    batch = model.batch(*examples(), LENGTHS).take(np.array([0, 4]))
    assert batch.x.shape == (1, 2, 2) and batch.lengths is None


# ---- windows --------------------------------------------------------------------------------------------------------


def test_a_window_of_the_whole_length_is_training_without_windows():
    whole, cut = build(ManyToMany), build(ManyToMany)
    train(whole, *examples(time=True), batch_size=4)
    train(cut, *examples(time=True), batch_size=4, window=T)
    assert np.array_equal(whole.vector(), cut.vector())


def test_windows_carry_the_state_and_update_after_each():
    model, by_hand = build(ManyToMany), build(ManyToMany)
    x, y = examples(time=True)
    train(model, x, y, batch_size=N, window=2, epochs=1, rng=rng(1))
    order = rng(1).permutation(N)
    state = None
    for piece in by_hand.windows(by_hand.batch(x[:, order], y[:, order]), 2):
        _, grads, state = by_hand.loss_from(state, piece)
        state = state.copy()
        for name, array in by_hand.params.items():
            array -= 0.1 * grads[name]
    np.testing.assert_allclose(model.vector(), by_hand.vector(), rtol=1e-12)


def test_windows_learn():
    model = build(ManyToMany)
    x, y = examples(time=True)
    train(model, x, y, [3, 6, 4, 6, 5, 6, 1, 2], batch_size=4, window=2, epochs=60, optimizer=Adam(0.03), clip_norm=1.0)
    assert model.evaluate(model.batch(x, y, [3, 6, 4, 6, 5, 6, 1, 2]))[1] == 1


@pytest.mark.parametrize("window", [0, -1, 1.5, True, "2"])
def test_a_window_is_a_whole_number_of_steps(window):
    with pytest.raises(ValueError, match="window"):
        train(build(ManyToMany), *examples(time=True), window=window)


def test_windows_need_an_answer_at_every_step():
    with pytest.raises(ValueError, match="window"):
        train(build(), window=2)


@pytest.mark.parametrize("name", ["reverse gru", "both ways lstm", "stack of both ways", "conv centred"])
def test_windows_need_a_body_that_looks_at_nothing_but_its_state_and_the_step(name):
    body = zoo.layer(name)
    model = ManyToMany(body, Dense(body.outputs, 2, rng=rng()))
    before = model.vector()
    with pytest.raises(ValueError, match="window"):
        train(model, *examples(time=True), window=2)
    assert np.array_equal(model.vector(), before)
