"""How a model is wired: one page a time step, unrolled or rolled up, with the shapes that it returns and its weights.

Chapters 01, 03 and 05.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import asked
from ..checks import as_flag
from ..look.lettering import clean, text_width
from ..models import Model
from .columns import enters, leaves, loop, names, passed, read, written
from .forward import forward
from .pages import Pages, Question, checked
from .plan import BLOCK, BLOCK_HEIGHT, CELL, PAD, TOTAL, Plan
from .shapes import Element, arrow, canvas, cell, formula, group, rect, words
from .wiring_words import alternative, caption, mark, note, owner, table, tips, title, weight

LETTERS = {"x": ("T", "B", "I"), "h": ("T", "B", "H"), "s": ("S", "B", "H"), "y": ("T", "B", "K")}


@asked.asks(
    model=asked.kind(Model, "one of the five wirings of rnnlib.models"),
    T=asked.whole(),
    rolled=as_flag,
    writes=asked.optional(asked.whole()),
    notation=asked.notation,
    seed=asked.whole(0),
    ask=asked.optional(asked.kind(Question)),
)
def wiring(
    model: Model,
    T: int = 4,
    *,
    rolled: bool = False,
    writes: int | None = None,
    notation: str = "h",
    seed: int = 0,
    ask: Question | None = None,
) -> Pages:
    """A model of one of the five shapes over T steps: a page for the start and one for each step, in causal order.

    The shapes of x, h and y are those of one real run over T random inputs (a `OneToMany` writes T steps, a `OneToOne`
    has one), the counts those of `model.params`. rolled: one unit with its loop. writes: how many symbols an
    `EncoderDecoder` writes (3 if None). notation: "h" as in the book or "a" as in the course. ask: a question before
    the first page; it covers the number of parameters. TypeError for a model that is not one of the five over one
    `Recurrent` layer, ValueError for another notation, a T or writes below 1, or weights that are not finite.
    """
    names(notation)
    run = forward(model, T, writes=writes, notation=notation, seed=seed)
    plan = Plan(run, bool(rolled), notation)
    steps = range(len(run.columns))
    drawing = canvas(plan.width, plan.height, alternative(plan))
    drawing.extend(_shapes(plan))
    drawing.extend(_weights(plan))
    drawing.extend(_rolled(plan) if rolled else _unrolled(plan))
    for c in steps:
        page = [*(_rolled_page(plan, c) if rolled else _unrolled_page(plan, c)), *_used(plan, c)]
        drawing.append(group("page", *page, *(_cover(plan) if ask and not c else ()), data_t=str(c)))
    pages = Pages(
        svg=drawing.as_svg(header=""),
        captions=tuple(caption(plan, c) for c in steps),
        tips=tuple(tips(plan, c) for c in steps),
        lines=(("step/h", "weights/count"),) * len(steps),
        table=table(plan),
        title=clean(title(plan)),
        alt=alternative(plan),
        note=note(plan),
        marks=tuple(mark(plan, c) for c in steps),
        questions=tuple(None if c else ask for c in steps) if ask else (),
    )
    return checked(pages, run.value)


# ---- the shapes at the left


def _shapes(plan: Plan) -> Iterator[Element]:
    """x, h and y with their shapes, each at the height of its row."""
    frame, two = plan.frame, "s" in plan.run.shapes
    rows = {"y": frame.output, "h": frame.state, "x": frame.input}
    if two:
        rows |= {"s": frame.state - 26, "h": frame.state + 26}
    for name, y in rows.items():
        yield from _shape(plan, name, y)


def _shape(plan: Plan, name: str, y: float) -> Iterator[Element]:
    """One of them: the letters of its axes, and below them the numbers."""
    shape = plan.run.shapes[name]
    letters = LETTERS[name] if len(shape) == 3 else LETTERS[name][1:]
    if name == "y" and "s" in plan.run.shapes:
        letters = ("S", *letters[1:])
    letter = "a" if name == "h" and plan.notation == "a" else name
    yield formula(letter, 8, y + 5)
    x, commas = 38.0, ","
    yield words("(", 30, y + 15, "mid big")
    for place, (axis, size) in enumerate(zip(letters, shape, strict=True)):
        half = max(text_width(str(size)), 12) / 2
        x += half
        yield words(axis, x, y - 5, "mid soft")
        yield words(str(size), x, y + 15, "mid big bold", data_n=f"shape/{name}/{place}")
        x += half
        yield words(commas if place + 1 < len(shape) else ")", x + 4, y + 15, "mid big")
        x += 10


# ---- the weights below


def _weights(plan: Plan) -> Iterator[Element]:
    """Each array of parameters as a block with its sides, and their number."""
    params = plan.run.params
    last = ""
    for place, (name, array) in enumerate(params.items()):
        x, y = plan.block(place)
        if owner(name) != last or place % plan.across == 0:
            last = owner(name)
            yield words(last, x + 4, y - 8, "soft")
        parts = [rect(x + 3, y, BLOCK - 6, BLOCK_HEIGHT, "panel surface", 8)]
        parts.append(formula(weight(name, plan.notation), x + BLOCK / 2, y + 20, "mid"))
        parts.extend(_sides(name, array.shape, x + BLOCK / 2, y + 39))
        begin, end = plan.times(x)
        parts.extend((words("used", begin, y + 58, "soft"), words("×", end + 4, y + 58, "soft")))
        yield group("weight", *parts, data_tip=f"weights/{name}")
    total = [
        words(f"{plan.run.count:,}", 8, plan.strip + 30, "big bold", data_n="count/all/0"),
        words("parameters", 8, plan.strip + 50, "soft"),
        words("=", TOTAL - 14, plan.strip + 38, "mid big soft"),
    ]
    yield group("count", *total, data_tip="weights/count")


def _sides(name: str, shape: tuple[int, ...], x: float, y: float) -> Iterator[Element]:
    """5 × 3, each number with what it is."""
    if len(shape) == 1:
        yield words(f"{shape[0]:,}", x, y, "mid", data_n=f"param/{name}/0")
        return
    yield words(f"{shape[0]:,}", x - 8, y, "end", data_n=f"param/{name}/0")
    yield words("×", x, y, "mid soft")
    yield words(f"{shape[1]:,}", x + 8, y, data_n=f"param/{name}/1")


def _used(plan: Plan, c: int) -> Iterator[Element]:
    """What is used in column c, marked; and how often each array has been used so far."""
    used = plan.run.used(c)
    for place, name in enumerate(plan.run.params):
        x, y = plan.block(place)
        if name in used:
            yield rect(x + 3, y, BLOCK - 6, BLOCK_HEIGHT, "now", 8)
        times = f"{plan.run.uses(name, c)}"
        cls = "bold end" if name in used else "soft end"
        yield words(times, plan.times(x)[1], y + 58, cls, data_n=f"uses/{name}/{c}")


def _cover(plan: Plan) -> Iterator[Element]:
    """Over the number of parameters while the question is open."""
    yield rect(2, plan.strip + 6, TOTAL - 26, 54, "nowsoft cover", 8)
    yield words("?", TOTAL / 2 - 11, plan.strip + 38, "mid big bold cover")


# ---- unrolled


def _unrolled(plan: Plan) -> Iterator[Element]:
    """Every column as it is when it has been read."""
    frame = plan.frame
    for c, column in enumerate(plan.run.columns):
        yield group("column", *_box(plan, frame.x(c), c), data_tip="step/h", data_at=str(c))
        if c:
            yield from passed(frame, c, names(plan.notation))
        yield from _ends(plan, c)
        if column.reads:
            yield from enters(frame, c)
            yield formula(_into(plan, c), frame.x(c) + 8, _between(plan) + 6, "soft")
        if column.writes:
            yield from leaves(frame, c, names(plan.notation))


def _into(plan: Plan, c: int) -> str:
    return "W" if plan.run.columns[c].part == "begin" else names(plan.notation).from_input


def _between(plan: Plan) -> float:
    """Half way from the inputs to the units."""
    frame = plan.frame
    return (frame.state + frame.unit[1] / 2 + frame.under + frame.input - frame.pill[1] / 2) / 2


def _ends(plan: Plan, c: int) -> Iterator[Element]:
    """What goes in and what comes out."""
    column = plan.run.columns[c]
    if column.reads:
        yield group("word", *read(column, plan.frame, c), data_tip="step/x", data_at=str(c))
    if column.writes:
        yield group("verdict", *written(column, plan.frame, c), data_tip="step/y", data_at=str(c))


def _box(plan: Plan, x: float, c: int | None) -> Iterator[Element]:
    """A unit with the state of column c in it (empty if None), and its name."""
    frame = plan.frame
    width, height = frame.unit
    top = frame.state - height / 2
    yield rect(x - width / 2, top, width, height, "panel surface", 8)
    if c is None:
        return
    yield formula(plan.run.columns[c].state, x, top + height + 18, "mid")
    rest = plan.units - plan.shown
    y = frame.state - (CELL * plan.shown - 2 + (18 if rest else 0)) / 2
    for k in range(plan.shown):
        yield rect(x - width / 2 + PAD, y, width - 2 * PAD, CELL - 2, "rest", 3)
        yield cell(float(plan.run.states[c, k]), x - width / 2 + PAD, y, width - 2 * PAD, CELL - 2)
        y += CELL
    if rest:
        yield words("…", x, y + 8, "mid soft")


def _unrolled_page(plan: Plan, c: int) -> Iterator[Element]:
    """The future is pale, the present marked; the names on its arrows may reach into the future's place."""
    frame, column, labels = plan.frame, plan.run.columns[c], names(plan.notation)
    yield from _future(plan, c)
    width, height = frame.unit
    yield rect(frame.x(c) - width / 2, frame.state - height / 2, width, height, "now", 8)
    if c:
        yield from passed(frame, c, labels, "now", 10)
    if column.reads:
        yield from enters(frame, c, None, "now", 10)
        yield formula(_into(plan, c), frame.x(c) + 8, _between(plan) + 6, "soft")
        yield from read(column, frame, c, "nowsoft now")
    if column.writes:
        yield from leaves(frame, c, labels, "now", 10)
        yield from written(column, frame, c, "nowsoft now")


def _future(plan: Plan, c: int) -> Iterator[Element]:
    """A veil over what has not been read, from the present unit's edge on."""
    if c == plan.run.steps:
        return
    frame = plan.frame
    edge, half = frame.x(c) + frame.unit[0] / 2 + 2, frame.x(c) + frame.pitch / 2
    if not plan.rolled:
        yield rect(edge, frame.state - frame.unit[1] / 2 - 2, half - edge, frame.unit[1] + 4, "veil")
    yield rect(half, 0, plan.width - half, frame.input + 24, "veil")


# ---- rolled up


def _rolled(plan: Plan) -> Iterator[Element]:
    """All inputs and outputs in their places, and one empty unit for each part."""
    for c in range(len(plan.run.columns)):
        yield from _ends(plan, c)
    for part in plan.parts:
        yield group("column", *_box(plan, plan.unit_x(part), None), data_tip="step/h")


def _rolled_page(plan: Plan, c: int) -> Iterator[Element]:
    """The one unit as it is in column c, with what goes in, comes back and comes out."""
    frame, column = plan.frame, plan.run.columns[c]
    yield from _future(plan, c)
    here = column.part if column.part in plan.parts else plan.parts[0]
    x = plan.unit_x(here)
    width, height = frame.unit
    for part in plan.parts:
        yield from _box(plan, plan.unit_x(part), _held(plan, part, c))
        yield from _loop(plan, part, "now" if part == here and _comes_back(plan, c) else "flow")
    yield rect(x - width / 2, frame.state - height / 2, width, height, "now", 8)
    if len(plan.parts) > 1:
        cls = "now" if c == plan.run.reads + 1 else "flow"
        ends = (plan.unit_x(part) for part in plan.parts)
        yield arrow(next(ends) + width / 2 + 3, frame.state, next(ends) - width / 2 - 3, frame.state, cls)
    if column.reads:
        yield from enters(frame, c, None, "now", 10, x)
        yield from read(column, frame, c, "nowsoft now")
        yield _beside(_into(plan, c), x, _between(plan) + 6, frame.x(c) > x)
    if column.writes:
        yield from leaves(frame, c, None, "now", 10, x)
        yield from written(column, frame, c, "nowsoft now")
        yield _beside(
            names(plan.notation).to_output, x, (frame.output + frame.state - height / 2) / 2 + 14, frame.x(c) > x
        )


def _beside(label: str, x: float, y: float, left: bool) -> Element:
    """The name of the weights, on the side where the arrow is not."""
    return formula(label, x - 26 if left else x + 26, y, "soft end" if left else "soft")


def _held(plan: Plan, part: str, c: int) -> int | None:
    """The column whose state the unit of this part holds in column c; None before it has one."""
    mine = [k for k, column in enumerate(plan.run.columns) if column.part == part]
    if part == plan.parts[0]:
        return min(c, mine[-1])
    return c if c in mine else None


def _comes_back(plan: Plan, c: int) -> bool:
    return c > 0 and plan.run.columns[c - 1].part in (plan.run.columns[c].part, "begin")


def _loop(plan: Plan, part: str, cls: str) -> Iterator[Element]:
    """The state that comes back: at the right, and for the first of two units at the left."""
    left = len(plan.parts) > 1 and part == plan.parts[0]
    side = -1 if left else 1
    x = plan.unit_x(part) + side * plan.frame.unit[0] / 2
    yield from loop(x, plan.frame.state, side * 30, cls=cls, head=9 if cls == "now" else 7)
    yield formula(names(plan.notation).from_state, x + side * 36, plan.frame.state + 5, "soft end" if left else "soft")
