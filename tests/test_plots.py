"""The plots say what the history says, and leave the reader's settings alone."""

import matplotlib
import matplotlib.pyplot as plt
import pytest

from rnnlib import plots
from rnnlib.training import History

matplotlib.use("Agg")


def history(shift: float) -> History:
    return History(
        loss=[0.7 + shift, 0.4 + shift, 0.1 + shift],
        losses={"test": [0.8 + shift, 0.5 + shift, 0.3 + shift]},
        accuracies={"test": [0.5, 0.75, 1.0]},
    )


@pytest.fixture(autouse=True)
def no_figure_is_left_open():
    yield
    plt.close("all")


def test_the_curves_are_the_history():
    left, right = plots.training_curves(history(0)).axes
    assert [list(line.get_ydata()) for line in left.lines] == [[0.7, 0.4, 0.1], [0.8, 0.5, 0.3]]
    assert [list(line.get_ydata()) for line in right.lines] == [[0.5, 0.75, 1.0]]


def test_several_seeds_are_thin_lines_and_their_median_a_thick_one():
    left, _ = plots.training_curves([history(0.2), history(0), history(0.1)]).axes
    thick = [line for line in left.lines if line.get_linewidth() > 1]
    assert len(left.lines) == 8
    assert list(thick[0].get_ydata()) == pytest.approx([0.8, 0.5, 0.2])


def test_a_history_without_the_set_is_refused():
    with pytest.raises(ValueError, match="'validation'"):
        plots.training_curves(history(0), name="validation")


def test_global_settings_stay_as_they_were():
    before = dict(plt.rcParams)
    plots.training_curves(history(0))
    assert dict(plt.rcParams) == before
