"""The training loop: what it visits, what it checks, and what is kept when it goes wrong."""

import os
import subprocess
import sys

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.data import Vocabulary, labels, phrases
from rnnlib.layers import Dense, Recurrent
from rnnlib.models import ManyToOne
from rnnlib.training import SGD, Adam, Diverged, fit

from . import model_zoo

N, T = 6, 4


def rng(seed=0):
    return np.random.default_rng(seed)


def build(kind=RNNCell, hidden=4, dtype=np.float64):
    draw = rng()
    return ManyToOne(Recurrent(kind(2, hidden, rng=draw, dtype=dtype)), Dense(hidden, 2, rng=draw, dtype=dtype))


def examples(n=N):
    """Whether the first number of a sequence is positive."""
    x = rng(9).standard_normal((T, n, 2))
    return x, (x[0, :, 0] > 0).astype(int)


def train(model, **options):
    defaults = {"epochs": 3, "optimizer": SGD(0.1), "rng": rng(1), "progress": False}
    return fit(model, *examples(), **(defaults | options))


class Watched(ManyToOne):
    """Notes the batches that it is asked for, and can raise at one of them."""

    def loss(self, batch, rng=None):
        self.seen = [*getattr(self, "seen", []), batch.x[0, :, 0].copy()]
        if len(self.seen) == getattr(self, "interrupt_at", None):
            raise KeyboardInterrupt
        return super().loss(batch, rng)


def watched(**attributes):
    model = build()
    model.__class__ = Watched
    vars(model).update(attributes)
    return model


# ---- learning -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", model_zoo.MODELS)
def test_every_wiring_can_be_trained(name):
    model = model_zoo.model(name)
    x, y, more = model_zoo.data(model, B=4)
    if hasattr(model, "end"):
        y[more["y_lengths"] - 1, np.arange(4)] = model.end
    batch = model.batch(x, y, **more)
    before = model.loss(batch)[0]
    fit(model, x, y, **more, epochs=20, optimizer=Adam(0.02), rng=rng(), batch_size=2, progress=False)
    assert model.loss(batch)[0] < before


def test_the_recipe_of_the_book_learns_its_phrases():
    """64 tanh units, one phrase an update, SGD 0.02, weights N(0, 1)/1000, gradient elements within [-1, 1].

    Here with the phrases of at most four words, which is quick; all of them are for the benchmark.
    """
    short = {phrase: label for phrase, label in phrases.train_data.items() if len(phrase.split()) <= 4}
    vocabulary, draw = Vocabulary.from_texts(short), rng()
    (x, lengths), y = vocabulary.one_hot(short), labels(short)
    model = ManyToOne(Recurrent(RNNCell(len(vocabulary), 64, rng=draw, init=0.001)), Dense(64, 2, rng=draw, init=0.001))

    def until_all_are_right(run):
        if run.history.accuracies["train"][-1] == 1:
            run.stop = "all right"

    history = fit(
        model,
        x,
        y,
        lengths,
        epochs=1000,
        optimizer=SGD(0.02),
        rng=draw,
        clip_value=1.0,
        evaluate={"train": (x, y, lengths)},
        callbacks=[until_all_are_right],
        progress=False,
    )
    assert history.stopped == "all right"


# ---- the order ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batch_size", [1, 4, 100])
def test_every_example_is_visited_once_an_epoch(batch_size):
    model = watched()
    train(model, batch_size=batch_size)
    sizes = [min(batch_size, N - start) for start in range(0, N, batch_size)]
    assert [len(batch) for batch in model.seen] == 3 * sizes
    visited = np.concatenate(model.seen).reshape(3, N)
    assert len({tuple(epoch) for epoch in visited}) == 3  # in a new order
    assert all(sorted(epoch) == sorted(examples()[0][0, :, 0]) for epoch in visited)


# ---- the same seed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])
def test_the_same_seed_gives_the_same_weights_and_history_bit_for_bit(kind):
    results = []
    for _ in range(2):
        model = build(kind)
        history = train(model, batch_size=3, optimizer=Adam(0.01))
        results.append((model.vector().tobytes(), history.loss, history.gradient_norm))
    assert results[0] == results[1]


def test_looking_at_the_model_changes_nothing():
    plain, looked_at = build(), build()
    train(plain)
    train(looked_at, evaluate={"train": examples()}, callbacks=[lambda run: run.model.predict(examples()[0])])
    assert np.array_equal(plain.vector(), looked_at.vector())


def test_the_global_generator_is_left_alone():
    before = np.random.get_state(legacy=False)  # noqa: NPY002
    train(build())
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    assert np.array_equal(before["state"]["key"], after["state"]["key"])


THREADS = """
import hashlib
import numpy as np
from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.layers import Dense, Recurrent
from rnnlib.models import ManyToOne
from rnnlib.training import Adam, fit
for kind in (RNNCell, LSTMCell, GRUCell):
    for T, B, I, H in ((6, 1, 18, 16), (10, 32, 18, 64)):
        rng = np.random.default_rng(0)
        model = ManyToOne(Recurrent(kind(I, H, rng=rng)), Dense(H, 2, rng=rng))
        x, y = rng.standard_normal((T, 2 * B, I)), rng.integers(0, 2, 2 * B)
        fit(model, x, y, epochs=2, batch_size=B, optimizer=Adam(0.01), rng=rng, clip_norm=1.0, progress=False)
        print(kind.__name__, H, hashlib.sha256(model.vector().tobytes()).hexdigest())
"""


def test_the_number_of_blas_threads_does_not_change_the_weights(root):
    printed = []
    for threads in ("1", "2"):
        environment = os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        run = subprocess.run(
            [sys.executable, "-c", THREADS], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        printed.append(run.stdout.splitlines())
    assert len(printed[0]) == 6 and printed[0] == printed[1]


# ---- float32 --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clip", [{}, {"clip_norm": 0.1}, {"clip_value": 0.01}])
def test_float32_parameters_stay_float32(clip):
    model = build(GRUCell, dtype=np.float32)
    train(model, optimizer=Adam(0.01), **clip)
    assert {array.dtype for array in model.params.values()} == {np.dtype(np.float32)}


# ---- clipping -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clip", "size"), [("clip_norm", np.linalg.norm), ("clip_value", lambda step: np.abs(step).max())]
)
def test_clipping_bounds_the_step_of_an_update(clip, size):
    model = build()
    before = model.vector()
    gradient = np.concatenate([g.ravel() for g in model.gradients(*examples())[1].values()])
    history = train(model, epochs=1, batch_size=N, **{clip: 1e-3})
    assert history.gradient_norm == [pytest.approx(np.linalg.norm(gradient))]  # before clipping
    assert size(model.vector() - before) == pytest.approx(0.1 * 1e-3, rel=1e-9)


# ---- history, callbacks, evaluate -----------------------------------------------------------------------------------


def test_an_update_is_a_step_against_the_gradient_and_the_history_has_the_mean_loss_and_the_largest_norm():
    model, by_hand = build(), build()
    history = train(model, epochs=1, batch_size=N // 2, optimizer=SGD(0.1), rng=rng(1))
    batch, order, losses, norms = by_hand.batch(*examples()), rng(1).permutation(N), [], []
    for half in np.split(order, 2):
        loss, grads = by_hand.loss(batch.take(half))
        losses.append(loss)
        norms.append(np.linalg.norm(np.concatenate([grads[name].ravel() for name in by_hand.params])))
        for name, array in by_hand.params.items():
            array -= 0.1 * grads[name]
    assert losses[0] != losses[1]
    assert history.loss == [pytest.approx(np.mean(losses), rel=1e-12)]
    assert history.gradient_norm == [pytest.approx(max(norms), rel=1e-12)] and history.stopped == "all epochs done"
    np.testing.assert_allclose(model.vector(), by_hand.vector(), rtol=1e-13)


def test_evaluate_looks_at_the_weights_of_the_epoch_s_end():
    model = build()
    history = train(model, evaluate={"train": examples()})
    assert (history.losses["train"][-1], history.accuracies["train"][-1]) == model.evaluate(model.batch(*examples()))


def test_callbacks_are_called_after_each_epoch_in_their_order():
    calls = []
    train(build(), callbacks=[lambda run: calls.append(run.epoch), lambda run: calls.append("then")])
    assert calls == [1, "then", 2, "then", 3, "then"]


def test_a_callback_can_stop_the_fit_with_a_reason():
    def stop(run):
        run.stop = "enough" if run.epoch == 2 else ""

    history = train(build(), callbacks=[stop])
    assert history.epochs == 2 and history.stopped == "enough"


# ---- at the door ----------------------------------------------------------------------------------------------------

X, Y = examples()
REFUSED = {  # besides what `tests/doors/` tries at every argument
    "clip_value and clip_norm": {"clip_value": 1.0, "clip_norm": 1.0},
    "optimizer class": {"optimizer": SGD},
    "callbacks function": {"callbacks": print},
    "x width": {"x": X[..., :1]},
    "x no steps": {"x": X[:0]},
    "x no examples": {"x": X[:, :0], "y": Y[:0]},
    "y too few": {"y": Y[:-1]},
    "y not a class": {"y": Y + 1},
    "lengths too long": {"lengths": [T + 1] * N},
    "lengths zero": {"lengths": [0] + [T] * (N - 1)},
    "evaluate without y": {"evaluate": {"test": (X,)}},
    "evaluate width": {"evaluate": {"test": (X[..., :1], Y)}},
    "evaluate no examples": {"evaluate": {"test": (X[:, :0], Y[:0])}},
    "evaluate five": {"evaluate": {"test": (X, Y, None, None, None)}},
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_by_name_before_anything_changes(name):
    model, optimizer, generator, calls = build(), Adam(0.01), rng(1), []
    before, params, state = model.vector(), dict(model.params), generator.bit_generator.state
    options = {"x": X, "y": Y, "epochs": 1, "optimizer": optimizer, "rng": generator, "callbacks": [calls.append]}
    wrong = REFUSED[name]
    with pytest.raises((ValueError, TypeError), match=next(iter(wrong)).split("_")[0]):
        fit(model, **(options | wrong), progress=False)
    assert model.vector().tobytes() == before.tobytes()
    assert all(model.params[key] is array for key, array in params.items())
    assert (optimizer.t, optimizer.m, optimizer.v, calls) == (0, None, None, [])
    assert generator.bit_generator.state == state


# ---- divergence -----------------------------------------------------------------------------------------------------


def numbers():
    """Answers with one number; too large a learning rate throws its bias farther out at every update."""
    return ManyToOne(Recurrent(RNNCell(2, 4, rng=rng())), Dense(4, 1, rng=rng()), loss="mean_squared_error")


def diverge(batch_size, epochs=50, optimizer=None, **options):
    model = numbers()
    evaluated = {"train": examples()}
    with pytest.raises(Diverged) as caught:  # and NumPy warns of nothing
        train(
            model, optimizer=optimizer or SGD(1e10), epochs=epochs, batch_size=batch_size, evaluate=evaluated, **options
        )
    return model, caught.value


@pytest.mark.parametrize("batch_size", [1, 4, N])
def test_a_diverging_fit_says_where_and_has_the_history_and_finite_weights(batch_size):
    model, error = diverge(batch_size)
    assert isinstance(error, FloatingPointError) and np.isfinite(model.vector()).all()
    assert len(error.history.loss) == error.history.epochs < 50 and error.history.stopped == str(error)
    assert np.isfinite(error.history.loss).all()
    for word in ("update", "epoch", "gradient norm", "learning rate"):
        assert word in str(error)


def test_the_weights_that_are_kept_are_those_before_the_update_that_went_wrong():
    weights = []
    model, _ = diverge(N, callbacks=[lambda run: weights.append(run.model.vector())])
    assert len(weights) > 2  # one update an epoch: the loss of weights[-1] is no longer finite, that of weights[-2] is
    assert np.array_equal(model.vector(), weights[-2])
    model, _ = diverge(N, epochs=1, optimizer=Adam(1e308, epsilon=1e-300))  # in the last update
    assert np.isfinite(model.vector()).all()


# ---- interrupts -----------------------------------------------------------------------------------------------------


def test_an_interrupt_in_a_callback_keeps_what_was_learned():
    model, snapshots = build(), []

    def interrupt(run):
        snapshots.append(run.model.vector())
        if run.epoch == 2:
            raise KeyboardInterrupt

    history = train(model, epochs=10, callbacks=[interrupt])
    assert (history.epochs, history.stopped) == (2, "interrupted")
    assert np.array_equal(model.vector(), snapshots[-1])


def test_an_interrupt_inside_an_epoch_keeps_the_updates_so_far():
    model = watched(interrupt_at=1)  # none so far
    before, history = model.vector(), train(model)
    assert (history.epochs, history.loss, history.stopped) == (0, [], "interrupted")
    assert np.array_equal(model.vector(), before)
    short, long = watched(interrupt_at=N + 3), watched()
    history = train(short)
    kept = []
    long_history = train(long, callbacks=[lambda run: kept.append(run.model.vector())])
    assert (history.epochs, history.stopped) == (1, "interrupted")
    assert history.loss == long_history.loss[:1]
    assert not any(np.array_equal(short.vector(), weights) for weights in kept)  # two updates past the first epoch
    assert np.isfinite(short.vector()).all()


def test_an_error_in_a_callback_is_not_swallowed():
    def wrong(run):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train(build(), callbacks=[wrong])
