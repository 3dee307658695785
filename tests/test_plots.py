"""The plots say what the history says, and leave the reader's settings alone."""

import base64
import re
import xml.etree.ElementTree as ET

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

from rnnlib import plots
from rnnlib.training import History

matplotlib.use("Agg")


def history(shift: float) -> History:
    return History(
        loss=[0.7 + shift, 0.4 + shift, 0.1 + shift],
        losses={"test": [0.8 + shift, 0.5 + shift, 0.3 + shift]},
        accuracies={"test": [0.5, 0.75, 1.0]},
        gradient_norm=[3.0 + shift, 0.3 + shift, 0.03 + shift],
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


def test_the_floor_stands_in_the_field_of_the_accuracy():
    left, right = plots.training_curves(history(0), floor=0.5).axes
    assert list(right.lines[-1].get_ydata()) == [0.5, 0.5]
    assert "always the largest class: 0.50" in texts(right) and len(left.lines) == 2


def test_global_settings_stay_as_they_were():
    before = dict(plt.rcParams)
    plots.training_curves(history(0))
    assert dict(plt.rcParams) == before


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_gradient_norms_stand_on_a_log_axis_each_with_its_name():
    (axes,) = plots.gradient_norms({"clipped": history(0), "free": [history(0), history(0.2), history(0.1)]}).axes
    assert axes.get_yscale() == "log"
    assert list(axes.lines[0].get_ydata()) == [3.0, 0.3, 0.03]
    assert list(axes.lines[-1].get_ydata()) == pytest.approx([3.1, 0.4, 0.13])
    assert texts(axes) == ["clipped", "free"]


def test_the_confusion_counts_rows_by_truth_and_columns_by_answer():
    (axes,) = plots.confusion([0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 0, 2], ("a", "b", "c")).axes
    assert texts(axes) == ["1", "1", "", "1", "2", "", "", "", "1"]


def test_the_confusion_colours_the_mistakes_and_nothing_else():
    (axes,) = plots.confusion([0, 0, 1, 1, 1, 2], [0, 1, 1, 1, 0, 2], ("a", "b", "c")).axes
    coloured = [to_hex(patch.get_facecolor()) == plots.LOSS for patch in axes.patches]
    assert np.flatnonzero(coloured).tolist() == [1, 3]  # one of two, one of three: the larger share is the stronger
    assert axes.patches[1].get_alpha() > axes.patches[3].get_alpha() > axes.patches[0].get_alpha() * 0.5


def test_accuracy_by_length_has_a_bar_for_each_length_with_its_count():
    (axes,) = plots.length_accuracy([1, 2, 2, 5], [True, True, False, True]).axes
    assert [bar.get_height() for bar in axes.patches] == [1, 0.5, 1]
    assert texts(axes) == ["1", "2", "1"]
    (axes,) = plots.length_accuracy([1, 2, 2, 5], [1, 1, 0, 1], bins=[1, 4]).axes
    assert [bar.get_height() for bar in axes.patches] == pytest.approx([2 / 3, 1])


def test_saliency_has_a_bar_for_each_word_and_prints_the_sign():
    (axes,) = plots.saliency(["not", "<b>", "x" * 300], [-0.5, 0.25, np.nan]).axes
    assert [bar.get_height() for bar in axes.patches] == [-0.5, 0.25, 0]
    assert texts(axes) == ["−0.50", "+0.25"]
    with pytest.raises(ValueError, match="one for each token"):
        plots.saliency(["a"], [0, 1])


def test_a_themed_figure_follows_the_page_and_is_closed():
    figure = plots.saliency(["not", "<b>"], [-0.5, 0.25])
    picture = plots.themed(figure)
    assert not plt.fignum_exists(figure.number)
    ET.fromstring(picture)
    assert "prefers-color-scheme: dark" in picture and "var(--rnn-minus,#d9600a)" in picture
    assert "&lt;b&gt;" in picture and "<b>" not in picture
    assert picture.alt == "Change when the word is left out"


def test_a_themed_figure_has_the_same_short_bytes_each_time():
    one, two = (plots.themed(plots.training_curves(history(0))) for _ in range(2))
    other = plots.themed(plots.training_curves(history(0.1)))
    ids = [set(re.findall(r'\bid="([^"]+)"', shown)) for shown in (one, other)]
    assert one == two and ids[0] and not ids[0] & ids[1]  # two pictures in one page share no id
    places = re.findall(r'\b(?:d|x|y|transform)="([^"]*)"', one)
    assert places and not any(re.search(r"\d\.\d\d", place) for place in places)
    assert not re.search(r"20\d\d-\d\d-\d\d", one)


def test_a_figure_of_measured_times_is_pixels_and_says_what_is_to_be_seen():
    shown = plots.measured(plots.training_curves(history(0)), "seconds a step")
    (image,) = ET.fromstring(f"<p>{shown._repr_html_().removesuffix('>')}/></p>")
    pixels = base64.b64decode(image.attrib["src"].removeprefix("data:image/png;base64,"))
    assert pixels.startswith(b"\x89PNG") and repr(shown) == "Photograph: seconds a step"
    assert image.attrib["alt"] == "seconds a step"
    assert int.from_bytes(pixels[16:20], "big") == 2 * int(image.attrib["width"])
    assert not plots.plt.get_fignums() and b"atplotlib" not in shown
