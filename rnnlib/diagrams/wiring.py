"""How a model is wired: one page a time step, unrolled or rolled up, with the shapes that it returns and its weights.

Chapters 01, 03 and 05.
"""

from collections.abc import Iterator

from .. import asked
from ..look.lettering import spoken, text_width
from ..look.notation import Notation
from ..look.templates import Tip, of_picture
from ..views.forward import Forward
from .boxes import Box
from .columns import Column, Frame, enters, leaves, loop, passed, read, written
from .pages import Pages
from .shapes import Element, arrow, cell, cover, formula, group, rect, words
from .sheet import Ask, Sheet, Table, paged

GUTTER, RIGHT, WIDE = 150, 16, 860  # px: the place of the shapes, the margin, and how wide a picture should be
CELL, PAD, MOST = 13, 5, 8  # of the units in a box; how many have a square of their own
OUT, NAME, PILL = 17, 20, 28  # heights: of the outputs' middle, of a unit's name, of a pill
GAP, STEEP = 27, 40  # the height of an arrow, and of one that leans
BLOCK, BLOCK_HEIGHT, TOTAL = 86, 58, 128  # of the weights, and the width of their sum, which stands before them
VALUES = 6  # numbers of a state that a line still holds
AXES = {"x": "TBI", "h": "TBH", "s": "SBH", "y": "TBK"}


@asked.asks()
def wiring(run: Forward, *, rolled: bool = False, notation: str = "h", ask: Ask = None) -> Pages:
    """A model of one of the five shapes step by step: a page for the start and one for each step, in causal order.

    run: from `views.forward.forward`: the shapes of x, h and y are those that the model gave, the counts those of its
    parameters. rolled: one unit with its loop. notation: "h" as in the book or "a" as in the course. ask: page ->
    question; it covers the number of parameters. Chapters 01, 03 and 05.
    """
    return paged(Wiring(run, rolled, Notation(notation)), ask=ask)


class Wiring(Sheet):
    WORDS = of_picture("wiring")

    def __init__(self, run: Forward, rolled: bool, notation: Notation) -> None:
        self.run, self.rolled, self.notation, self.params = run, rolled, notation, run.model.params
        names = [[notation.at(*n) if len(n) == 2 else "".join(n) for n in place[1:4]] for place in run.places]
        self.columns = [Column(s, x, y, p.again, part=p.part) for (s, x, y), p in zip(names, run.places, strict=True)]
        self.last, self.units = len(run.places) - 1, run.states.shape[1]
        self.numbers = run.numbers
        self.shown = self.units if self.units <= MOST else MOST - 2
        self.said = {
            **{name: notation.plain(name) for name in ("W_xh", "W_hh", "b_h", "W_hy", "b_y")},
            "called": run.shape.name, "does": run.shape.does, "examples": run.shape.examples,
            "H": self.units, "reads": run.reads, "writes": run.writes,
            "form": self.WORDS["rolled" if rolled else "unrolled"],
            "shapes": ", ".join(f"{name} has the shape {shape}" for name, shape in run.shapes.items()),
        }  # fmt: skip
        self.said |= {"some": self.say("some", shown=self.shown) if self.shown < self.units else ""}
        self._place()

    def form(self, name: str) -> str:
        return "signed" if name == "h" else "count"

    def _place(self) -> None:
        """Where things stand: columns of time, the weights in rows of blocks below them."""
        pitch = min(122.0, max(54.0, (WIDE - GUTTER - RIGHT) / len(self.columns)))
        squares = 2 * PAD + CELL * self.shown - 2 + (18 if self.shown < self.units else 0)
        high, gap = max(squares, 88 if "s" in self.run.shapes else 50), STEEP if self.rolled else GAP
        state = OUT + PILL / 2 + gap + high / 2
        unit = 64.0 if self.rolled else min(pitch - 16, 64.0), float(high)
        below = state + high / 2 + NAME + gap + PILL / 2
        self.frame = Frame(GUTTER + pitch / 2, pitch, OUT, state, below, unit, (min(pitch - 8, 66.0), PILL), NAME)
        self.parts = {}  # with a unit of their own, and the middle of that, when they are rolled up
        for part in dict.fromkeys(column.part for column in self.columns[1:]):
            places = [self.frame.x(c) for c, column in enumerate(self.columns) if c and column.part == part]
            self.parts[part] = sum(places) / len(places)
        edge, self.strip = self.frame.x(self.last + 0.5), below + PILL / 2 + 28
        self.across = max(1, int((max(edge + RIGHT, WIDE) - 12 - TOTAL) // BLOCK))
        at = [divmod(k, self.across) for k in range(len(self.params))]
        left, down = TOTAL + 3, BLOCK_HEIGHT + 26
        self.blocks = [Box(left + c * BLOCK, self.strip + r * down, BLOCK - 6, BLOCK_HEIGHT) for r, c in at]
        self.width = max(edge + RIGHT, TOTAL + min(len(self.params), self.across) * BLOCK + 12, 700)
        self.height = self.blocks[-1].bottom + 2

    def unit(self, x: float) -> Box:
        """The box of a unit around x."""
        width, height = self.frame.unit
        return Box(x - width / 2, self.frame.state - height / 2, width, height)

    def background(self) -> Iterator[Element]:
        state, apart = self.frame.state, 22 * ("s" in self.run.shapes)
        rows = {"y": OUT, "s": state - apart, "h": state + apart, "x": self.frame.input}
        for name in self.run.shapes:
            yield from self._shape(name, rows[name])
        yield from self._weights()
        for c, column in enumerate(self.columns):
            if not self.rolled:
                yield group("column", *self._box(self.frame.x(c), c), data_tip="step/h", data_at=str(c))
                yield from self._arrows(c) if c or column.reads else ()
            if column.reads:
                yield group("word", *read(column, self.frame, c), data_tip="step/x", data_at=str(c))
            if column.writes:
                yield group("verdict", *written(column, self.frame, c), data_tip="step/y", data_at=str(c))
        if self.rolled:
            yield from (group("column", *self._box(x, None), data_tip="step/h") for x in self.parts.values())

    def _shape(self, name: str, y: float) -> Iterator[Element]:
        """The letters of its axes, and below them the numbers."""
        shape = self.run.shapes[name]
        axes = AXES[name].replace("T", "S") if "s" in self.run.shapes and name == "y" else AXES[name]
        yield formula("a" if name == "h" and self.notation.name == "a" else name, 8, y + 5)
        yield words("(", 30, y + 15, "mid big")
        x = 38.0
        for place, axis in enumerate(axes if len(shape) == 3 else axes[1:]):
            half = max(text_width(str(shape[place])), 12) / 2
            yield words(axis, x + half, y - 5, "mid soft")
            yield self.number(f"shape {name}/{place}", x + half, y + 15, "mid big bold")
            x += 2 * half + 10
            yield words("," if place + 1 < len(shape) else ")", x - 6, y + 15, "mid big")

    def _weights(self) -> Iterator[Element]:
        """Each array of parameters as a block with its sides, and their number."""
        last = ""
        for place, (key, box) in enumerate(zip(self.params, self.blocks, strict=True)):
            if owner(key) != last or place % self.across == 0:
                last = owner(key)
                yield words(last, box.x + 1, box.y - 6, "soft")
            x, y = box.middle, box.y + 34
            parts = [rect(*box, "panel surface", 8), formula(self.notation.weight(key), x, box.y + 17, "mid")]
            if self.params[key].ndim == 1:
                parts.append(self.number(f"sides {key}/0", x, y, "mid"))
            else:
                parts += [self.number(f"sides {key}/0", x - 8, y, "end"), self.number(f"sides {key}/1", x + 8, y)]
                parts.append(words("×", x, y, "mid soft"))
            parts += [words("used", box.x + 10, y + 18, "soft"), words("×", box.right - 15, y + 18, "soft")]
            yield group("weight", *parts, data_tip=f"weights/{key}")
        yield words("=", TOTAL - 14, self.strip + 34, "big soft mid")
        total = self.number("size all/0", 8, self.strip + 26, "big bold")
        yield group("count", total, words("parameters", 8, self.strip + 46, "soft"), data_tip="weights/count")

    def _box(self, x: float, c: int | None) -> Iterator[Element]:
        """A unit with the state of column c in it (empty if None), and its name."""
        box = self.unit(x)
        yield rect(*box, "panel surface stroke-state", 8)
        if c is None:
            return
        yield formula(self.columns[c].state, x, box.bottom + 15, "mid")
        more, inner = 18 * (self.shown < self.units), CELL * self.shown - 2
        cells = Box(box.x + PAD, box.level - (inner + more) / 2, box.width - 2 * PAD, inner)
        for k, place in enumerate(cells.cells(self.shown, gap=2)):
            yield rect(*place, "rest", 3)
            yield cell(float(self.run.states[c, k]), *place)
        if more:
            yield words("…", x, cells.bottom + 10, "mid soft")

    def _arrows(self, c: int, cls: str = "flow") -> Iterator[Element]:
        """What comes into column c and goes out of it, unrolled."""
        column, frame = self.columns[c], self.frame
        if c:
            yield from passed(frame, c, self.notation, cls)
        if column.reads:
            yield from enters(frame, c, None, cls)
            yield self._into(c, frame.x(c) + 11)
        if column.writes:
            yield from leaves(frame, c, self.notation, cls)

    def _into(self, c: int, x: float, cls: str = "soft") -> Element:
        """The name of the weights on what is read, half way to the unit."""
        name = "W" if self.columns[c].part == "begin" else self.notation.weight("W_xh")
        frame = self.frame
        return formula(name, x, (frame.state + frame.unit[1] / 2 + NAME + frame.input - PILL / 2) / 2 + 6, cls)

    def page(self, t: int) -> Iterator[Element]:
        """The future is empty and pale, the present marked; the names on its arrows may reach into its place."""
        frame, column = self.frame, self.columns[t]
        if not self.rolled:
            yield from (rect(*self.unit(frame.x(c)), "panel surface", 8) for c in range(t + 1, self.last + 1))
        if t < self.last:
            box, half = self.unit(frame.x(t)), frame.x(t) + frame.pitch / 2
            if not self.rolled:
                yield rect(box.right + 2, box.y - 2, half - box.right - 2, box.height + 4, "veil")
            yield rect(half, 0, self.width - half, frame.input + 20, "veil")
        if self.rolled:
            yield from self._loops(t)
        else:
            yield rect(*self.unit(frame.x(t)), "now", 8)
            yield from self._arrows(t, "now")
        yield from read(column, frame, t, "nowsoft now") if column.reads else ()
        yield from written(column, frame, t, "nowsoft now") if column.writes else ()
        for key, box in zip(self.params, self.blocks, strict=True):
            used = self.run.used(key)[t]
            yield from [rect(*box, "now", 8)] * used
            yield self.number(f"uses {key}/{t}", box.right - 19, box.y + 52, "bold end" if used else "soft end")
        if t in self.ask:
            yield from cover(2, self.strip + 2, TOTAL - 26, 54)

    def _loops(self, t: int) -> Iterator[Element]:
        """The one unit as it is in column t, with what goes in, comes back and comes out."""
        frame, column, n, (first, *second) = self.frame, self.columns[t], self.notation, self.parts
        here = column.part if column.part in self.parts else first
        back = t > 0 and self.columns[t - 1].part in (column.part, "begin")
        for part, x in self.parts.items():
            mine = [k for k, other in enumerate(self.columns) if other.part == part]
            yield from self._box(x, min(t, mine[-1]) if part == first else t if t in mine else None)
            side, end = (-1, " end") if second and part == first else (1, "")  # two loops go apart
            edge, now = x + side * frame.unit[0] / 2, part == here and back
            yield from loop(edge, frame.state, side * 30, cls="now" if now else "flow")
            yield formula(n.weight("W_hh"), edge + side * 36, frame.state + 5, f"soft{end}")
        x = self.parts[here]
        yield rect(*self.unit(x), "now", 8)
        if second:
            ends = self.unit(self.parts[first]).right + 3, self.unit(self.parts[second[0]]).x - 3
            yield arrow(ends[0], frame.state, ends[1], frame.state, "now" if t == self.run.reads + 1 else "flow")
        beside, cls = (x - 26, "soft end") if frame.x(t) > x else (x + 26, "soft")  # where the arrow is not
        if column.reads:
            yield from enters(frame, t, None, "now", x)
            yield self._into(t, beside, cls)
        if column.writes:
            yield from leaves(frame, t, None, "now", x)
            yield formula(n.weight("W_hy"), beside, (OUT + self.unit(x).y) / 2 + 14, cls)

    def names(self, t: int) -> dict[str, str | int]:
        """What the templates of step t speak of."""
        column, old = self.columns[t], spoken(self.columns[t - 1].state)
        x, y, state = (spoken(name) for name in (column.reads, column.writes, column.state))
        row = f"{x} is x[{t - 1}]" if len(self.run.shapes["x"]) == 3 else x
        return {
            "t": t, "written": t - self.run.reads, "state": state, "x": x, "y": y, "row": row,
            "old": old, "whose": self.run.whose(t), "old_c": f"c{old[1:]}",
            "owner": owner(column.part), "key": f"{column.part}.W_xh",
        }  # fmt: skip

    def caption(self, t: int) -> str:
        column, last, names = self.columns[t], self.columns[t - 1], self.names(t)
        if not t:
            return self.say("start", begins=self.say("from x" if column.reads else "at zero", **names))
        second = last.part not in (column.part, "begin", "body")
        use = "again" if self.value(f"uses {names['key']}/{t}") > 1 else "first use"
        said = {
            "whose": f"caption {names['whose']}",
            "made": "step" if not self.rolled else "second" if second else "loop",
            "answer": "answer" if column.writes else "no answer",
            "again": "no step" if self.run.shape.code == "1-1" else use,
        }
        return self.say("caption", **names | {place: self.say(kind, **names) for place, kind in said.items()})

    def mark(self, t: int) -> str:
        kind = "begins" if not t else "reading" if t <= self.run.reads else "writing"
        return self.say(kind, **self.names(t)) if self.run.shape.code == "N-M" else ""

    def tips(self, t: int) -> dict[str, Tip]:
        column, names = self.columns[t], self.names(t)
        values = tuple((self.text(at), at) for at in (f"h/{t}/{k}" for k in range(min(self.units, VALUES))))
        more = f"and {self.units - VALUES} more" if self.units > VALUES else ""
        kind, act = self.run.equation(t)
        squashed = self.say(self.run.model.loss_name, **names)
        found = {
            "step/h": self.tip(
                "state", equation=self.say(kind or "no begin", act=act, **names), values=values, more=more
            ),
            "step/x": self.tip(f"input {names['whose']}" if column.reads else "no input", **names),
            "step/y": self.tip("output" if column.writes else "no output", squashed=squashed, **names),
            "weights/count": self._count(),
        }
        for key, array in self.params.items():
            what = {"key": key, "owner": owner(key), "what": self.notation.plain(key)}
            found[f"weights/{key}"] = self.tip("matrix" if array.ndim > 1 else "bias", t=t, **what)
        return found

    def lines(self, t: int) -> tuple[str, ...]:
        return "step/h", "weights/count"

    def _count(self) -> Tip:
        """The sum of all parameters: over the arrays, or over the parts where there are several."""
        said = [(key, self.notation.plain(key) if "." in key else key) for key in self.run.terms]
        each = [self.tip("term", key=key, what=what, plus="+ " * bool(n)) for n, (key, what) in enumerate(said)]
        return self.tip("count", terms=sum(each, ()))

    def table(self) -> Table:
        head = ("", *(spoken(column.state) for column in self.columns))
        return (head, *(self.row(f"unit {k + 1}", "h", k) for k in range(self.units)))


def owner(key: str) -> str:
    """The part of the model that a parameter belongs to, as it is called."""
    return {"body": "unit"}.get(key.split(".")[0], key.split(".")[0])
