"""Find the bug: what the suspects of `rnnlib.book.bugs` are, and that the laboratory tells the truth about them."""

import numpy as np
import pytest

from rnnlib.book import bugs
from rnnlib.cells import RNNCell
from rnnlib.layers import Dense, Recurrent
from rnnlib.models import ManyToMany

GUILTY = [name for name, suspect in bugs.SUSPECTS.items() if suspect.guilty]
OFF = {  # the blocks whose gradient is wrong
    "A": {"W_xh", "W_hh", "b_h"},
    "B": {"W_xh", "W_hh", "b_h"},
    "D": {"W_xh", "W_hh", "b_h"},
    "E": {"W_hh"},
}


def blocks_off(suspect, **options):
    return {name for name, error in bugs.check(suspect, **options).errors.items() if error > 1e-4}


def network(seeds=None):
    """Weights with biases that are not zero, and sequences."""
    rng = np.random.default_rng(5) if seeds is None else [np.random.default_rng([5, n]) for n in range(seeds)]
    w = bugs.weights(rng=rng)
    w |= {name: np.random.default_rng(6).normal(size=w[name].shape) for name in ("b_h", "b_y")}
    return w, *bugs.echo(0, rng=rng)


def library(w):
    """The same network, made of the library's parts."""
    rng = np.random.default_rng(0)
    model = ManyToMany(Recurrent(RNNCell(bugs.SYMBOLS, bugs.UNITS, rng=rng)), Dense(bugs.UNITS, bugs.SYMBOLS, rng=rng))
    flat = {name.split(".")[-1]: array for name, array in model.params.items()}
    for name, array in flat.items():
        array[...] = w[name].reshape(array.shape)
    return model


# ---- the network and the right pass


@pytest.mark.parametrize("name", ["right", "C"])
def test_loss_and_right_gradients_are_the_librarys(name):
    w, x, y = network()
    loss, grads = library(w).gradients(x, y.argmax(-1))
    run = bugs.forward(w, x, y)
    backward = bugs.right if name == "right" else bugs.SUSPECTS[name].backward
    d = backward(w, x, run.h, run.d_z)
    assert abs(run.loss - loss) < 1e-12
    for key, grad in grads.items():
        assert np.abs(d[key.split(".")[-1]].reshape(grad.shape) - grad).max() < 1e-12


@pytest.mark.parametrize("name", ["right", *bugs.SUSPECTS])
def test_a_stack_of_networks_gives_what_each_gives_alone(name):
    w, x, y = network(seeds=3)
    run = bugs.forward(w, x, y)
    backward = bugs.right if name == "right" else bugs.SUSPECTS[name].backward
    together = backward(w, x, run.h, run.d_z)
    for n in range(3):
        one = {key: array[n] for key, array in w.items()}
        alone = bugs.forward(one, x[:, n], y[:, n])
        assert abs(alone.loss - run.loss[n]) < 1e-12 and alone.accuracy == run.accuracy[n]
        for key, grad in backward(one, x[:, n], alone.h, alone.d_z).items():
            assert np.abs(grad - together[key][n]).max() < 1e-12


def test_the_echo_is_what_was_shown_so_many_steps_ago():
    x, y = bugs.echo(3, rng=np.random.default_rng(0), steps=9, examples=5)
    assert x.shape == y.shape == (9, 5, 4)
    assert (y[3:] == x[:-3]).all() and not y[:3].any()
    with pytest.raises(ValueError, match="delay: expected"):
        bugs.echo(8, rng=np.random.default_rng(0), steps=8)


# ---- the check


@pytest.mark.parametrize("name", GUILTY)
def test_the_check_names_the_blocks_that_are_wrong_and_passes_the_rest(name):
    assert blocks_off(name) == OFF[name]
    errors = bugs.check(name).errors
    assert all(errors[block] < 1e-7 for block in set(errors) - OFF[name])


def test_the_readers_own_backward_pass_can_be_checked():
    def half(w, x, h, d_z):
        return {name: grad / 2 for name, grad in bugs.right(w, x, h, d_z).items()}

    assert all(error == pytest.approx(1 / 3, abs=1e-6) for error in bugs.check(half).errors.values())


def test_with_one_step_only_the_wrong_slope_is_seen():
    assert {name for name in bugs.SUSPECTS if blocks_off(name, steps=1)} == {"A"}


def test_with_a_symmetric_matrix_the_transpose_is_not_seen():
    assert {name for name in bugs.SUSPECTS if blocks_off(name, symmetric=True)} == set(GUILTY) - {"B"}


# ---- what is read


@pytest.mark.parametrize("name", ["right", *bugs.SUSPECTS])
def test_its_code_has_at_most_15_lines_and_runs(name):
    text = bugs.code(name)
    assert len(text.split("\n")) <= 15
    scope = {"np": np}
    exec(text, scope)  # the file's own source
    w, x, y = network()
    run = bugs.forward(w, x, y)
    (written,) = [value for key, value in scope.items() if key.startswith(("suspect", "right"))]
    backward = bugs.right if name == "right" else bugs.SUSPECTS[name].backward
    for key, grad in backward(w, x, run.h, run.d_z).items():
        assert (written(w, x, run.h, run.d_z)[key] == grad).all()


@pytest.mark.parametrize("name", GUILTY)
def test_the_wrong_line_put_right_is_the_right_pass(name):
    suspect, text = bugs.SUSPECTS[name], bugs.code(name)
    assert text.count(suspect.line) == 1 and suspect.instead in bugs.code("right")
    mended = text.replace(suspect.line, suspect.instead).split("\n")[1:]
    missing = [line for line in bugs.code("right").split("\n")[1:] if line not in mended]
    assert all("d_next" in line for line in missing)  # where the future is dropped, its lines are not there


# ---- what it costs


@pytest.fixture(scope="module")
def hard():
    return {name: bugs.train(name, delay=3) for name in ("right", *GUILTY)}


@pytest.mark.parametrize("name", GUILTY)
def test_every_wrong_pass_still_lowers_the_loss_of_every_seed(hard, name):
    losses = hard[name].losses
    assert losses.shape == (200, 20) and (losses[-20:].mean(0) < losses[0]).all()


def test_with_a_delay_of_3_the_right_pass_learns_and_every_bug_costs(hard):
    medians = {name: np.median(trained.accuracy) for name, trained in hard.items()}
    assert medians["right"] > 0.99
    assert all(medians[name] < 0.9 for name in GUILTY)
    assert medians["B"] < 0.65 and medians["D"] < 0.65


def test_the_wrong_slope_costs_more_the_longer_it_trains(hard):
    longer = bugs.train("A", delay=3, updates=600)
    assert np.median(longer.accuracy) < np.median(hard["A"].accuracy) - 0.1


def test_with_a_delay_of_1_three_bugs_stay_hidden():
    medians = {name: np.median(bugs.train(name, delay=1).accuracy) for name in ("right", *GUILTY)}
    assert {name for name, median in medians.items() if median < 0.99} == {"D"}


@pytest.mark.parametrize("name", GUILTY)
def test_a_wrong_gradient_points_downhill_at_first(name):
    cosines = bugs.cosine(name)
    assert cosines.shape == (20,) and (cosines > 0.5).all()


def test_the_direction_of_a_wrong_slope_is_lost_on_the_way():
    before, after = bugs.cosine("A"), bugs.cosine("A", after=300)
    assert before.min() > 0.99 and np.median(after) < 0.5


def test_the_table_has_a_row_for_each(hard):
    rows = bugs.table(hard.values()).split("\n")
    assert [row.split()[0] for row in rows[1:]] == list(hard)
    assert f"{np.median(hard['B'].accuracy):.2f} (" in rows[1 + list(hard).index("B")]


def test_the_differences_are_what_a_suspect_does_otherwise_and_no_more():
    parts = bugs.differences().text.split("suspect ")[1:]
    assert [part[0] for part in parts] == list(bugs.SUSPECTS)
    for part in parts:
        text = bugs.code(part[0])
        assert {line[0] for line in part.strip().split("\n")[1:]} <= {"+", "-"}
        assert all(line[1:] in text for line in part.split("\n")[1:] if line.startswith("+"))
        assert all(line[1:] in bugs.code("right") for line in part.split("\n")[1:] if line.startswith("-"))
        assert bugs.SUSPECTS[part[0]].line in part
