"""What is said about a wiring: captions, the lines under the picture, remarks, the text in place of it."""

from __future__ import annotations

from ..cells import RNNCell
from ..look.lettering import signed
from .columns import Column
from .forward import Forward
from .notation import NOTATIONS
from .pages import Table, Tip
from .plan import Plan
from .shapes import spoken

VALUES = 6  # numbers of a state that a line still holds
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
DENSE = {"begin.W_hy": "W", "begin.b_y": "b"}


def weight(name: str, notation: str) -> str:
    """A parameter's name as a formula: "body.W_xh" is W_{xh}, or W_{ax} in the other notation."""
    if name in DENSE:
        return DENSE[name]
    letter, index = name.split(".")[-1].split("_")
    if notation == "a":
        index = {"xh": "ax", "hh": "aa", "hy": "ya", "h": "a"}.get(index, index)
    return f"{letter}_{{{index}}}"


def owner(name: str) -> str:
    """The part of the model that a parameter belongs to, as it is called."""
    return {"body": "unit"}.get(name.split(".")[0], name.split(".")[0])


# ---- captions


def caption(plan: Plan, c: int) -> str:
    """What happens in column c."""
    run = plan.run
    place = f"Step {c} of {run.steps}:"
    if c == 0:
        return f"{place} the start. {_start(run)} For example: {run.shape.examples}."
    here, before = run.columns[c], spoken(run.columns[c - 1].state)
    state = spoken(here.state)
    if plan.rolled:
        made = f"{_read(run, c)} goes into the unit, and its own {before} comes back to it; now it holds {state}"
        if c and run.columns[c - 1].part not in (here.part, "begin", "body"):
            made = f"{_read(run, c)} goes into the second unit, with {before} from the first; now it holds {state}"
    else:
        made = f"{_read(run, c)} and {before} become {state}"
    return f"{place} {made}. {_answer(run, here)} {_again(run, c)}"


def _start(run: Forward) -> str:
    first = spoken(run.columns[0].state)
    if run.columns[0].reads:
        return f"The one input x makes the first state {first}; nothing is written yet."
    return f"Nothing has been read, and {first} is zero."


def _read(run: Forward, c: int) -> str:
    here = run.columns[c]
    if not here.again:
        return spoken(here.reads)
    return f"{spoken(here.reads)}, {'the start symbol' if run.starts(c) else 'which it wrote before'},"


def _answer(run: Forward, column: Column) -> str:
    if not column.writes:
        return "Nothing is written."
    return f"{spoken(column.writes)} comes out."


def _again(run: Forward, c: int) -> str:
    matrix = next(name for name in run.used(c) if name.endswith("W_xh"))
    times = run.uses(matrix, c)
    which = "the unit's" if matrix.startswith("body") else f"the {owner(matrix)}'s"
    if run.shape.code == "1-1":
        return "There is no step before: the weights on the state have nothing to do."
    return f"Here {which} weights are used for the {_ordinal(times)} time{': the same ones' if times > 1 else ''}."


def _ordinal(n: int) -> str:
    if n <= len(ORDINALS):
        return ORDINALS[n - 1]
    return f"{n}{'th' if n % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def mark(plan: Plan, c: int) -> str:
    """What the place is called."""
    run = plan.run
    if run.shape.code != "N-M":
        return f"t = {c} / {run.steps}"
    if c == 0:
        return "start"
    return f"reads {c} / {run.reads}" if c <= run.reads else f"writes {c - run.reads} / {run.writes}"


# ---- lines


def tips(plan: Plan, c: int) -> dict[str, Tip]:
    """The lines of page c."""
    run = plan.run
    found: dict[str, Tip] = {"step/h": _state(plan, c), "step/x": _input(run, c), "step/y": _output(plan, c)}
    found["weights/count"] = _count(plan)
    return found | {f"weights/{name}": _weight(plan, name, c) for name in run.params}


def _state(plan: Plan, c: int) -> Tip:
    run = plan.run
    shown = range(min(plan.units, VALUES))
    values = [(signed(run.states[c, k]), f"h/{c}/{k}") for k in shown]
    more = [(f"and {plan.units - VALUES} more", "soft")] if plan.units > VALUES else []
    return (("state", "soft"), (f"{_equation(plan, c)} =", ""), ("(", ""), *values, *more, (")", ""))


def _equation(plan: Plan, c: int) -> str:
    """How the state comes about, as plain text."""
    here, names = plan.run.columns[c], NOTATIONS[plan.notation]
    state = spoken(here.state)
    if c == 0:
        return f"{state} = W x + b" if here.reads else state
    before = spoken(plan.run.columns[c - 1].state)
    cell = plan.run.cell(here.part)
    x = spoken(here.reads)
    if not isinstance(cell, RNNCell):
        memory = f", c{before[1:]}" if cell.kind == "lstm" else ""
        return f"{state} = {cell.kind.upper()}({x}, {before}{memory})"
    parts = [spoken(name) for name in (names.from_input, names.from_state, names.b_state)]
    total = f"{parts[0]} {x} + {parts[1]} {before} + {parts[2]}"
    return f"{state} = {total}" if cell.activation == "linear" else f"{state} = {cell.activation}({total})"


def _input(run: Forward, c: int) -> Tip:
    here = run.columns[c]
    head = ("input", "soft")
    if not here.reads:
        return (head, ("nothing is read here", ""))
    if here.again:
        start = "the start symbol" if run.starts(c) else "the symbol that was written the step before"
        return (head, (f"{spoken(here.reads)}: {start}", ""))
    size = (f"{run.shapes['x'][-1]}", f"shape/x/{len(run.shapes['x']) - 1}")
    row = f"{spoken(here.reads)} is x[{c - 1}]:" if len(run.shapes["x"]) == 3 else "x:"
    return (head, (row, ""), size, ("numbers", ""))


def _output(plan: Plan, c: int) -> Tip:
    run, names = plan.run, NOTATIONS[plan.notation]
    here, head = run.columns[c], ("output", "soft")
    if not here.writes:
        return (head, ("nothing is written here", ""))
    form = {"cross_entropy": "softmax({})", "binary_cross_entropy": "sigmoid({})"}.get(run.model.loss_name, "{}")
    total = f"{spoken(names.to_output)} {spoken(here.state)} + {spoken(names.b_output)}"
    size = (f"{run.shapes['y'][-1]}", f"shape/y/{len(run.shapes['y']) - 1}")
    return (head, (f"{spoken(here.writes)} = {form.format(total)}:", ""), size, ("numbers", ""))


def _count(plan: Plan) -> Tip:
    """The sum of all parameters: over the arrays, or over the parts where there are several."""
    params = plan.run.params
    parts = dict.fromkeys(name.split(".")[0] for name in params)
    if len(parts) > 2:
        terms = [(part, plan.run.part(part), f"count/{part}/0") for part in parts]
    else:
        terms = [(spoken(weight(name, plan.notation)), a.size, f"size/{name}/0") for name, a in params.items()]
    pieces: list[tuple[str, str]] = [("parameters", "soft")]
    for place, (name, size, address) in enumerate(terms):
        pieces += [(f"{'+ ' if place else ''}{name}", "soft"), (f"{size:,}", address)]
    return (*pieces, ("=", ""), (f"{plan.run.count:,}", "count/all/0"), ("; T is not in this sum", "soft"))


def _weight(plan: Plan, name: str, c: int) -> Tip:
    array = plan.run.params[name]
    sides: list[tuple[str, str]] = []
    for axis, size in enumerate(array.shape):
        sides += [("×", "")] * bool(axis) + [(f"{size:,}", f"param/{name}/{axis}")]
    product = [("=", ""), (f"{array.size:,}", f"size/{name}/0")] if array.ndim > 1 else []
    times = (f"{plan.run.uses(name, c)}", f"uses/{name}/{c}")
    head = f"{owner(name)}: {spoken(weight(name, plan.notation))}"
    return (
        (head, "soft"),
        *sides,
        *product,
        ("numbers", ""),
        ("; used so far:", ""),
        times,
        ("×, always the same ones", "soft"),
    )


# ---- the rest


def note(plan: Plan) -> str:
    """What the small squares are."""
    colours = "in the colour of its value: violet above 0, orange below. The table has the numbers"
    some = f"{plan.shown} of {plan.units} units are drawn in each box. " if plan.shown < plan.units else ""
    return f"{some}A small bar is one unit, {colours}. B = 1: one sequence at a time."


def table(plan: Plan) -> Table:
    """The states of the whole run."""
    head = ("", *(spoken(column.state) for column in plan.run.columns))
    return (head, *((f"unit {k + 1}", *map(signed, plan.run.states[:, k])) for k in range(plan.units)))


def title(plan: Plan) -> str:
    """What it is."""
    shape = plan.run.shape
    return f"{shape.name}: {shape.does}"


def alternative(plan: Plan) -> str:
    """What stands for the picture where it cannot be seen."""
    run = plan.run
    shapes = ", ".join(f"{name} has the shape {shape}" for name, shape in run.shapes.items())
    form = "rolled up, one unit with a loop" if plan.rolled else "unrolled over time"
    return (
        f"{title(plan)}. The network {form}: {run.reads} in, {run.writes} out, {plan.units} hidden units. {shapes}. "
        f"{run.count:,} parameters."
    )
