"""A training run, epoch by epoch: loss, accuracy and the gradient's norm, with a cursor to go back in time.

Chapters 04 and 08.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ..look.lettering import clip, power, share, text_width
from ..look.scale import Scale
from ..training import History
from .chart import Axes, cursor, curve, frame, level, points
from .pages import Pages, Table, Tip, checked
from .shapes import Element, canvas, group, rect, words

WIDTH, HEIGHT, PANEL, FIELD, TOP = 860, 258, 214, 148, 62
LEFT = (46, 332, 618)  # where the three fields begin
TITLE = "What does training do, epoch by epoch?"
TRAINING = "training"
FLOOR = "largest class"


def training(
    history: History,
    *,
    epochs: int | None = None,
    name: str = "test",
    shown: Sequence[int] | None = None,
    floor: float | None = None,
    title: str = TITLE,
) -> Pages:
    """A history as pages: page 0 is before training, then one page for each epoch in `shown`.

    Left the mean loss over the updates of an epoch, and the loss on the set `name` of `evaluate` where there is one;
    in the middle the accuracy on it; right the largest gradient norm of the epoch, on a log axis. epochs: how many are
    planned (the axis is that long); those that were finished if None. shown: the epochs that have a page, rising; all
    if None. floor: the accuracy of who always names the largest class (`rnnlib.judging.floor`); a broken line, and a
    column of the table. ValueError for an epoch that is not in the history. Chapters 04 and 08.
    """
    done = history.epochs
    pages = [0, *(range(1, done + 1) if shown is None else shown)]
    if any(not 0 <= epoch <= done for epoch in pages):
        raise ValueError(f"shown: expected epochs from 1 to {done}, got {list(pages[1:])}")
    curves = _curves(history, name, floor)
    fields = _fields(curves, max(epochs or done, 1))
    alt = f"A training run of {done} epochs: loss, accuracy and gradient norm over the epochs."
    drawing = canvas(WIDTH, HEIGHT, alt)
    drawing.extend(_background(fields, curves, name))
    if FLOOR in curves and floor is not None:
        drawing.append(level(fields["accuracy"], floor, f"always the {FLOOR}"))
    drawing.extend(group("page", *_page(fields, curves, epoch), data_t=str(page)) for page, epoch in enumerate(pages))
    ended = f" Training ended: {history.stopped}." if history.stopped else ""
    result = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(_caption(curves, epoch, epochs or done, ended if epoch == done else "") for epoch in pages),
        tips=tuple({"epoch/1": _tip(curves, epoch)} if epoch else {} for epoch in pages),
        lines=tuple(("epoch/1",) if epoch else () for epoch in pages),
        table=_table(curves, pages[1:]),
        title=title,
        alt=alt,
        marks=tuple(f"epoch {epoch} / {epochs or done}" for epoch in pages),
    )
    return checked(result, lambda address: _value(curves, address))


Curves = dict[str, list[float]]


def _curves(history: History, name: str, floor: float | None) -> Curves:
    """What is drawn: a value for each epoch. A set that is not there has no curve."""
    curves = {TRAINING: history.loss, "gradient norm": history.gradient_norm}
    if name in history.losses:
        curves |= {name: history.losses[name]}
    shares = history.accuracies.get(name)
    if shares is not None and not (shares and all(map(math.isnan, shares))):  # they are NaN where answers are numbers
        curves |= {"accuracy": shares} | ({} if floor is None else {FLOOR: [floor] * len(shares)})
    return {key: [float(value) for value in values] for key, values in curves.items()}


def _value(curves: Curves, address: str) -> float:
    name, epoch = address.split("/")
    return curves[name][int(epoch) - 1]


def _printed(name: str, value: float) -> str:
    """A value as it is printed: three decimals; what is very small or large, with two digits and a power of ten."""
    if name in ("accuracy", FLOOR):
        return share(value)
    return f"{value:.3f}" if 1e-3 <= value < 1e3 else power(value)


def _fields(curves: Curves, epochs: int) -> dict[str, Axes]:
    """The three fields; each has one range for the whole run."""
    across = Scale(0, epochs)
    losses = [value for name in curves if name not in ("gradient norm", "accuracy", FLOOR) for value in curves[name]]
    norms = [value for value in curves["gradient norm"] if value > 0 and math.isfinite(value)]
    low = math.floor(math.log10(min(norms, default=0.1)))
    high = max(math.ceil(math.log10(max(norms, default=10.0))), low + 1)
    scales = {
        "loss": Scale(0, max([*filter(math.isfinite, losses), 0.1]) * 1.04),
        "accuracy": Scale(0, 1),
        "gradient norm": Scale(10.0**low, 10.0**high, "log"),
    }
    return {
        name: Axes(x, TOP, PANEL, FIELD, across, scale) for (name, scale), x in zip(scales.items(), LEFT, strict=True)
    }


def _lines(curves: Curves) -> Iterator[tuple[str, str, str]]:
    """Field, curve and tone of each line."""
    tones = {TRAINING: "plus", "gradient norm": "ink"}
    for name in (name for name in curves if name != FLOOR):
        field = name if name in ("accuracy", "gradient norm") else "loss"
        yield field, name, tones.get(name, "minus")


def _background(fields: dict[str, Axes], curves: Curves, name: str) -> Iterator[Element]:
    titles = {"loss": "loss", "accuracy": f"accuracy, {clip(name, 90)}", "gradient norm": "largest gradient norm"}
    for field, axes in fields.items():
        yield words(titles[field], axes.x - 30, 20, "big bold")
        yield from frame(axes, x_label="epoch")
    for field, line, tone in _lines(curves):
        yield curve(fields[field], range(1, len(curves[line]) + 1), curves[line], tone)
    if "accuracy" not in curves:
        why = "its answers are no classes" if name in curves else "no set to evaluate on"
        yield words(why, LEFT[1] + 20, TOP + FIELD / 2, "soft")


def _page(fields: dict[str, Axes], curves: Curves, epoch: int) -> Iterator[Element]:
    """The cursor, and the values of this epoch in the colours of their lines."""
    for axes in fields.values():
        if epoch < axes.across.high:
            edge = axes.px(epoch) + 2
            yield rect(edge, axes.y - 6, axes.right + 3 - edge, axes.height + 5, "veil")
        yield cursor(axes, epoch)
    right = {field: axes.right for field, axes in fields.items()}
    for field, line, tone in reversed([*_lines(curves)]) if epoch else ():
        value = curves[line][epoch - 1]
        yield from points(fields[field], [epoch], [value], tone, radius=4.5)
        text = _printed(line, value)
        fill = {"plus": "plus", "minus": "minus"}.get(tone, "fill-ink")
        yield words(text, right[field], 46, f"end bold {fill}", data_n=f"{line}/{epoch}")
        if field == "loss":
            room = text_width(text) + 4
            yield words(clip(line, 70), right[field] - room, 46, f"end {fill}")
            right[field] -= room + text_width(clip(line, 70)) + 10


def _caption(curves: Curves, epoch: int, epochs: int, ended: str) -> str:
    if not epoch:
        return f"Before training: the weights are as they were drawn. {epochs} epochs are planned."
    said = f"After epoch {epoch} of {epochs}: the training loss is {_printed(TRAINING, curves[TRAINING][epoch - 1])}"
    if "accuracy" in curves:
        before, now = ([math.nan, *curves["accuracy"]][k] for k in (epoch - 1, epoch))
        same = share(before) == share(now)
        move = "" if math.isnan(before) else ", as before" if same else f", {share(before)} before"
        least = f" ({FLOOR}: {share(curves[FLOOR][0])})" if FLOOR in curves else ""
        said += f"; accuracy is {share(now)}{move}{least}"
    return f"{said}.{ended}"


def _tip(curves: Curves, epoch: int) -> Tip:
    pieces: list[tuple[str, str]] = [(f"epoch {epoch}", "soft")]
    named = {TRAINING: "training loss"}
    for name, values in curves.items():
        known = name in ("accuracy", "gradient norm", FLOOR)
        label = named.get(name, name if known else f"{clip(name, 90)} loss")
        pieces += [(label, ""), (_printed(name, values[epoch - 1]), f"{name}/{epoch}"), (";", "")]
    return tuple(pieces[:-1])


def _table(curves: Curves, epochs: Sequence[int]) -> Table:
    head = ("epoch", *("training loss" if name == TRAINING else clip(name, 130) for name in curves))
    rows = [(str(epoch), *(_printed(name, values[epoch - 1]) for name, values in curves.items())) for epoch in epochs]
    return (head, *rows)
