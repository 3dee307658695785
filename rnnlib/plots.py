"""Histories as matplotlib figures: pure functions, one style, no change of global settings. Needs matplotlib."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .training import History

__all__ = ["INK", "LINE", "MINUS", "NOW", "PLUS", "SOFT", "style", "training_curves"]

INK, SOFT, LINE = "#1d2433", "#667085", "#c9d0da"
NOW, PLUS, MINUS = "#0b7a75", "#5b3fa8", "#d9600a"

STYLE: dict[Any, Any] = {
    "figure.figsize": (4.2, 2.6),
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "axes.prop_cycle": cycler(color=[PLUS, MINUS, NOW, INK]),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": LINE,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e8ebf0",
    "lines.linewidth": 2.0,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "axes.labelsize": 10,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "svg.hashsalt": "rnnlib",
}


@contextmanager
def style() -> Iterator[None]:
    """The book's look for the plots made inside `with style():`; the reader's own settings stay as they are."""
    with plt.rc_context(STYLE):
        yield


def training_curves(histories: History | Sequence[History], *, name: str = "test") -> Figure:
    """Loss and accuracy over the epochs: thin lines for single seeds, a thick one for their median.

    histories: one, or one for each seed, all of the same length, with a set called `name` in `evaluate`.
    ValueError where there is none. Chapters 04 and 08.
    """
    runs = [histories] if isinstance(histories, History) else list(histories)
    if not runs or any(name not in run.losses for run in runs):
        raise ValueError(f"histories: expected at least one with {name!r} in `evaluate`")
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 2.8), layout="constrained")
        _lines(left, [run.loss for run in runs], PLUS)
        _lines(left, [run.losses[name] for run in runs], MINUS)
        left.set(title="Loss", xlabel="epoch", ylim=(0, None))
        _names(left, {"training": PLUS, name: MINUS}, top=0.94)  # losses fall: the upper right corner is free
        _lines(right, [run.accuracies[name] for run in runs], MINUS)
        right.set(title="Accuracy", xlabel="epoch", ylim=(0, 1.04))
        _names(right, {name: MINUS}, top=0.12)
    return figure


def _lines(axes: Axes, curves: Sequence[Sequence[float]], color: str) -> None:
    """A thin line for each seed, where there are several, and a thick one for their median."""
    epochs = range(1, len(curves[0]) + 1)
    if len(curves) > 1:
        for curve in curves:
            axes.plot(epochs, curve, color=color, linewidth=0.6, alpha=0.35)
    middle = [sorted(values)[len(values) // 2] for values in zip(*curves, strict=True)]
    axes.plot(epochs, middle, color=color)


def _names(axes: Axes, colors: dict[str, str], top: float) -> None:
    """The curves' names in their colours, in a corner that the curves leave free."""
    for place, (label, color) in enumerate(colors.items()):
        axes.text(0.98, top - 0.12 * place, label, color=color, ha="right", va="top", transform=axes.transAxes)
