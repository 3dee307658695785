"""Histories and results as matplotlib figures: pure functions, one style, no change of global settings.

training_curves   loss and accuracy over the epochs, with the spread over seeds   chapters 04, 08
gradient_norms    the largest gradient of each epoch, on a log axis               chapter 04
confusion         what was taken for what                                         chapters 05, 08
length_accuracy   accuracy against the length of the sequence                     chapters 01, 05
saliency          what leaving each word out does                                 chapter 08
themed            any of them as an SVG that follows light and dark
measured          a figure of times, which differ from run to run, as a PNG

Needs matplotlib.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike
from PIL import Image

from . import asked
from .diagrams.pages import Picture
from .look import palette
from .look.lettering import clip, signed
from .look.palette import FONT, theme_css
from .training import History

__all__ = [
    "INK",
    "INPUT",
    "KINDS",
    "LINE",
    "LOSS",
    "MINUS",
    "NOW",
    "OUTPUT",
    "PLUS",
    "SOFT",
    "STATE",
    "confusion",
    "gradient_norms",
    "length_accuracy",
    "measured",
    "saliency",
    "style",
    "themed",
    "training_curves",
]

INK, SOFT, LINE = "#1d2433", "#667085", "#c9d0da"
NOW, PLUS, MINUS = "#0b7a75", "#5b3fa8", "#d9600a"
GRID = "#e8ebf0"
INPUT, STATE, OUTPUT, LOSS = (palette.LIGHT[role] for role in palette.ROLES)
KINDS = {kind: palette.LIGHT[name] for kind, name in palette.KINDS.items()}  # the colour of an RNN, LSTM, GRU

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
    "axes.axisbelow": True,
    "grid.color": GRID,
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


def _history(name: str, value: object) -> None:
    """One history, or some."""
    if not isinstance(value, History):
        asked.some(History)(name, value)


@asked.asks(name=asked.text, histories=_history, floor=asked.share)
def training_curves(
    histories: History | Sequence[History], *, name: str = "test", floor: float | None = None
) -> Figure:
    """Loss and accuracy over the epochs: thin lines for single seeds, a thick one for their median.

    histories: one, or one for each seed, all of the same length, with a set called `name` in `evaluate`. floor: the
    accuracy of who always names the largest class (`rnnlib.judging.floor`), a broken line. ValueError where there is
    no history, and for a floor outside of 0 to 1. Chapters 04 and 08.
    """
    runs = [histories] if isinstance(histories, History) else list(histories)
    if not runs or any(name not in run.losses for run in runs):
        raise ValueError(f"histories: expected at least one with {name!r} in `evaluate`")
    with style():
        figure, (left, right) = plt.subplots(1, 2, figsize=(8.4, 2.8), layout="constrained")
        _lines(left, [run.loss for run in runs], LOSS, "--")
        _lines(left, [run.losses[name] for run in runs], LOSS)
        left.set(title="Loss", xlabel="epoch", ylim=(0, None))
        _names(left, ["– –  training", f"——  {name}"], LOSS, top=0.94)  # losses fall: the upper right corner is free
        _lines(right, [run.accuracies[name] for run in runs], OUTPUT)
        right.set(title="Accuracy", xlabel="epoch", ylim=(0, 1.04))
        _names(right, [name], OUTPUT, top=0.12)
        if floor is not None:
            right.axhline(floor, color=SOFT, linewidth=1.2, linestyle="--")
            said, at = f"always the largest class: {floor:.2f}", (0.98, floor - 0.02)
            right.text(*at, said, color=SOFT, ha="right", va="top", fontsize=9, transform=right.get_yaxis_transform())
    return figure


def _lines(axes: Axes, curves: Sequence[Sequence[float]], color: str, line: str = "-") -> None:
    """A thin line for each seed, where there are several, and a thick one for their median."""
    epochs = range(1, len(curves[0]) + 1)
    if len(curves) > 1:
        for curve in curves:
            axes.plot(epochs, curve, line, color=color, linewidth=0.6, alpha=0.35)
    middle = [sorted(values)[len(values) // 2] for values in zip(*curves, strict=True)]
    axes.plot(epochs, middle, line, color=color)


def _names(axes: Axes, labels: Sequence[str], color: str, top: float) -> None:
    """The curves' names in their colour, in a corner that the curves leave free."""
    for place, label in enumerate(labels):
        axes.text(0.98, top - 0.12 * place, label, color=color, ha="right", va="top", transform=axes.transAxes)


@asked.asks(histories=asked.kind(Mapping))
def gradient_norms(histories: Mapping[str, History | Sequence[History]]) -> Figure:
    """The largest gradient norm of each epoch (before clipping) on a log axis, a colour for each name.

    histories: name -> one history, or one for each seed (thin lines, and a thick one for their median). Names stand at
    the ends of the curves. ValueError where there is none, or for more than four names. Chapter 04.
    """
    if not 1 <= len(histories) <= 4:
        raise ValueError(f"histories: expected 1 to 4 names, got {len(histories)}")
    with style():
        figure, axes = plt.subplots(layout="constrained")
        for (name, given), color in zip(histories.items(), (PLUS, MINUS, NOW, INK)[: len(histories)], strict=True):
            runs = [given] if isinstance(given, History) else list(given)
            color = KINDS.get(name, color)
            _lines(axes, [run.gradient_norm for run in runs], color)
            last = sorted(run.gradient_norm[-1] for run in runs)[len(runs) // 2]
            place = (len(runs[0].gradient_norm), last)
            axes.annotate(clip(name, 150), place, (5, 0), textcoords="offset points", color=color, va="center")
        axes.set(title="Largest gradient norm", xlabel="epoch", yscale="log")
        axes.margins(x=0.02)
    return figure


@asked.asks(truth=asked.numbers(1), answers=asked.numbers(1), classes=asked.names())
def confusion(truth: ArrayLike, answers: ArrayLike, classes: Sequence[str]) -> Figure:
    """How many examples of each class (rows) were taken for which (columns), 0 left blank.

    A mistake is coloured by its share of the row, beside the largest such share; what is right is grey. truth,
    answers: class numbers. ValueError for different lengths, and for a number that is no class. Chapters 05, 08.
    """
    truth, answers = np.asarray(truth), np.asarray(answers)
    K = len(classes)
    if truth.shape != answers.shape or truth.ndim != 1:
        raise ValueError(f"answers: expected {truth.shape}, as truth has, got {answers.shape}")
    if len(truth) and not (min(truth.min(), answers.min()) >= 0 and max(truth.max(), answers.max()) < K):
        raise ValueError(f"truth, answers: expected numbers from 0 to {K - 1}")
    counts = np.zeros((K, K), int)
    np.add.at(counts, (truth.astype(int), answers.astype(int)), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    mistakes = np.where(np.eye(K, dtype=bool), 0, shares)
    mistakes = mistakes / (mistakes.max(initial=0) or 1)  # the largest has the full colour
    with style():
        figure, axes = plt.subplots(figsize=(1.8 + 0.52 * K, 1.2 + 0.36 * K), layout="constrained")
        axes.grid(False)
        for row, column in np.ndindex(K, K):
            right, count = row == column, counts[row, column]
            color, shade = (
                (LINE, 0.12 + 0.4 * right) if right or not count else (LOSS, 0.2 + 0.4 * mistakes[row, column])
            )
            corner = (column - 0.47, row - 0.47)
            axes.add_patch(Rectangle(corner, 0.94, 0.94, facecolor=color, alpha=float(shade), edgecolor="none"))
            weight = "normal" if right else "bold"
            axes.text(column, row, str(count or ""), ha="center", va="center", weight=weight)
        names = [clip(name, 110) for name in classes]
        axes.set(xlim=(-0.5, K - 0.5), ylim=(K - 0.5, -0.5), xlabel="answer", ylabel="truth")
        axes.set_xticks(range(K), names, rotation=30 if max(map(len, names)) > 4 else 0)
        axes.set_yticks(range(K), names)
        axes.set_title("What was taken for what")
    return figure


@asked.asks(lengths=asked.numbers(1), right=asked.numbers(1), bins=asked.numbers(1))
def length_accuracy(lengths: ArrayLike, right: ArrayLike, *, bins: Sequence[int] | None = None) -> Figure:
    """Accuracy against the length of the sequence, and how many there are of each length.

    lengths: of each sequence. right: whether it was answered rightly (or a share, 0..1). bins: the first length of each
    group, rising; each length by itself if None. ValueError for different sizes, or none at all. Chapters 01 and 05.
    """
    lengths, right = np.asarray(lengths), np.asarray(right, float)
    if lengths.shape != right.shape or lengths.ndim != 1 or not len(lengths):
        raise ValueError(f"right: expected one for each of at least one length, got {lengths.shape} and {right.shape}")
    starts = np.unique(lengths) if bins is None else np.asarray(bins)
    group = np.searchsorted(starts, lengths, side="right") - 1
    kept = [k for k in range(len(starts)) if (group == k).any()]
    with style():
        figure, axes = plt.subplots(layout="constrained")
        for k in kept:
            inside = right[group == k]
            axes.bar(str(starts[k]), inside.mean(), color=PLUS, width=0.7)
            axes.annotate(
                str(len(inside)), (str(starts[k]), inside.mean()), (0, 2), textcoords="offset points", ha="center"
            )
        axes.set(title="Accuracy by length", xlabel="length (over the bars: how many)", ylim=(0, 1.12))
        axes.set_yticks([0, 0.5, 1])
    return figure


@asked.asks(tokens=asked.names(), change=asked.numbers(1, finite=False))
def saliency(tokens: Sequence[str], change: ArrayLike) -> Figure:
    """What leaving each word out does to a probability: a bar for each word, down where it falls.

    change (T,): as `rnnlib.saliency.occlusion(...).change[:, k]` gives it. ValueError where there is not one for each
    token. Chapter 08.
    """
    change = np.asarray(change, float)
    if change.shape != (len(tokens),):
        raise ValueError(f"change: expected {(len(tokens),)}, one for each token, got {change.shape}")
    with style():
        figure, axes = plt.subplots(figsize=(max(4.2, 0.8 * len(tokens)), 2.6), layout="constrained")
        colors = [PLUS if value >= 0 else MINUS for value in change]
        axes.bar(range(len(tokens)), np.nan_to_num(change), color=colors, width=0.6)
        axes.axhline(0, color=LINE, linewidth=1.2)
        for place, value in enumerate(change):
            if np.isfinite(value):
                axes.annotate(
                    signed(value),
                    (place, value),
                    (0, 3 if value >= 0 else -11),
                    textcoords="offset points",
                    ha="center",
                )
        axes.set_xticks(range(len(tokens)), [clip(token, 90) for token in tokens])
        axes.set(title="Change when the word is left out", ylim=(-1.2, 1.2))
    return figure


COLOURS = {INK: "ink", SOFT: "soft", LINE: "line", GRID: "line", NOW: "now", PLUS: "plus", MINUS: "minus"}
COLOURS |= {"#ffffff": "surface", "#000000": "ink"}
COLOURS |= {palette.LIGHT[name]: name for name in (*palette.ROLES, *palette.KINDS.values())}
SVG = "http://www.w3.org/2000/svg"
PLACES = ("d", "x", "y", "points", "transform", "width", "height", "x1", "x2", "y1", "y2")


@asked.asks(figure=asked.kind(Figure), alt=asked.text)
def themed(figure: Figure, alt: str = "") -> Picture:
    """The figure as an SVG in the book's colours and type, light or dark as the page around it; then it is closed.

    The same bytes on every machine: coordinates have one decimal, ids come from what is drawn, no date is in it. alt:
    in words what is to be seen; the titles if empty.
    """
    with plt.rc_context({"svg.fonttype": "none", "svg.hashsalt": "rnnlib"}):
        drawn = io.StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    alt = alt or "; ".join(
        axes.get_title(loc) for axes in figure.axes for loc in ("left", "center") if axes.get_title(loc)
    )
    plt.close(figure)
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(drawn.getvalue())
    for element in root.iter():
        for name in PLACES:
            if name in element.attrib:
                element.attrib[name] = re.sub(r"-?\d+\.\d+", _one_decimal, element.attrib[name])
    for name in ("width", "height"):
        root.attrib[name] = f"{float(root.attrib[name].removesuffix('pt')) * 4 / 3:.0f}"
    root.attrib |= {"class": "rnn-plot", "role": "img", "aria-label": alt}
    for extra in root.findall(f"{{{SVG}}}metadata"):
        root.remove(extra)
    rules = ET.Element(f"{{{SVG}}}style")
    rules.text = theme_css(".rnn-plot") + f".rnn-plot text{{font-family:{FONT}}}"
    root.insert(0, rules)
    text = ET.tostring(root, encoding="unicode")
    for colour, name in COLOURS.items():
        text = re.sub(rf"((?:fill|stroke): ?){colour}", rf"\1var(--rnn-{name},{colour})", text)
    mark = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Picture(re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{mark}-", text) + "\n", alt)


class Photograph(bytes):
    """A figure as a PNG; as the last line of a cell, a notebook shows it."""

    alt: str
    width: int  # of the page's pixels: it has more of its own, for sharp screens

    def __repr__(self) -> str:
        return f"Photograph: {self.alt}"

    def html(self) -> str:
        """The picture, and its text in its place where it cannot be seen, as an element of HTML."""
        packed = base64.b64encode(self).decode("ascii")
        return f'<img alt="{escape(self.alt)}" width="{self.width}" src="data:image/png;base64,{packed}">'

    _repr_html_ = html


@asked.asks(figure=asked.kind(Figure), alt=asked.text)
def measured(figure: Figure, alt: str) -> Photograph:
    """The figure as a PNG, for what was measured here and comes out otherwise elsewhere; then it is closed.

    Stored outputs of notebooks are compared number by number in tests, pictures made of pixels are not. alt:
    in words what is to be seen. Chapters 03, 06 and 07.
    """
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=2 * figure.dpi, metadata={"Software": None})
    plt.close(figure)
    small = io.BytesIO()  # a notebook has to stay under 1 MB; a plot has few colours
    Image.open(drawn).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(small, "png", optimize=True)
    photograph = Photograph(small.getvalue())
    photograph.alt, photograph.width = alt, round(figure.get_figwidth() * figure.dpi)
    return photograph


def _one_decimal(found: re.Match[str]) -> str:
    rounded = round(float(found[0]), 1) + 0.0
    return f"{rounded:g}"
