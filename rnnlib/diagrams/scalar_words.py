"""What is said about a scalar unit: its arithmetic, captions, the question, the table, the text in place of it."""

from __future__ import annotations

import numpy as np

from ..look.lettering import MINUS, exact
from .pages import Answer, Question, Table, Tip
from .scalar_run import ScalarRun

FLAT = 5e-5  # what is printed as 0.0000
GOES_TO = ("it goes to 0", "it comes to rest at a value that is not 0", "it keeps jumping between two values")
HINTS = (
    "A state goes to 0 only where the curve crosses the diagonal at 0 and is no steeper than it.",
    "A state comes to rest only where the curve crosses the diagonal and is no steeper than it.",
    "A state keeps jumping where the curve falls steeply at the crossing, or where the input changes for ever.",
)


def coefficient(value: float) -> str:
    """A weight: two decimals where that is all of it, else four."""
    return exact(value, 2 if abs(round(value, 2) - value) < 1e-9 else 4)


def input_of(value: float) -> str:
    """An input: as many digits as it needs, at most four; the sign unless it is 0."""
    return f"{value:+.4g}".replace("-", MINUS) if value else "0"


def spoken_state(notation: str, t: int | str) -> str:
    """The state's name in a sentence."""
    return f"h_{t}" if notation == "h" else f"a<{t}>"


# ---- arithmetic


def tips(run: ScalarRun, notation: str, t: int) -> dict[str, Tip]:
    fixed = {f"fixed/{k + 1}": fixed_tip(run, notation, k) for k in range(len(run.fixed))}
    return {"step": step_tip(run, notation, t), **fixed}


def step_tip(run: ScalarRun, notation: str, t: int) -> Tip:
    head = (spoken_state(notation, t), "soft")
    if t == 0:
        return (head, ("starts at", ""), (exact(run.h[0]), "h/0"))
    w = run.weights
    return (
        head,
        ("= tanh(", ""),
        ("w_x", "soft"),
        (coefficient(w["w_x"]), f"w_x/{t}"),
        ("×", ""),
        ("input", "soft"),
        (input_of(run.x[t - 1]), f"x/{t}"),
        (f"+ w_{notation}", "soft"),
        (coefficient(w["w_h"]), f"w_h/{t}"),
        ("×", ""),
        (spoken_state(notation, t - 1), "soft"),
        (exact(run.h[t - 1]), f"h/{t - 1}"),
        ("+ b", "soft"),
        (coefficient(w["b"]), f"b/{t}"),
        (") = tanh(", ""),
        (exact(run.total[t - 1]), f"total/{t}"),
        (") =", ""),
        (exact(run.h[t]), f"h/{t}"),
    )


def fixed_tip(run: ScalarRun, notation: str, k: int) -> Tip:
    fixed = run.fixed[k]
    size = abs(fixed.slope)
    if abs(size - 1) <= 1e-9:
        does = "just 1 in size: states near it creep to it"
    else:
        does = "below 1 in size: it pulls states to it" if size < 1 else "above 1 in size: it pushes states away"
    return (
        ("a state that stays", "soft"),
        (exact(fixed.h), f"fixed/{k}"),
        ("comes out as it went in; the slope there, w × (1 − h²), is", ""),
        (exact(fixed.slope), f"slope/{k}"),
        (f", {does}", ""),
    )


# ---- sentences


def caption(run: ScalarRun, notation: str, t: int) -> str:
    """What happens at step t, in plain words."""
    here = exact(run.h[t])
    if t == 0:
        start = f"Step 0 of {run.T}: the start, at {here}. "
        return start + "At each step: up or down to the curve, that is the new state; across to the diagonal, and on."
    said = f"Step {t} of {run.T}: the input is {input_of(run.x[t - 1])}. {_moves(run, t)}"
    return f"{said} {_end(run)}" if t == run.T else said


def _moves(run: ScalarRun, t: int) -> str:
    before, after = run.h[t - 1], run.h[t]
    if exact(before) == exact(after):
        return f"The state stays at {exact(after)}."
    verb = "changes its sign, from" if before * after < 0 else "rises from" if after > before else "falls from"
    return f"The state {verb} {exact(before)} to {exact(after)}."


def _end(run: ScalarRun) -> str:
    gap = run.value(f"gap/{run.T}")
    ends = " and ".join(exact(end) for end in run.ends)
    goes = f"it keeps jumping between {ends}" if len(run.ends) == 2 else f"it ends at {ends}"
    said = f"If it goes on like this, {goes}."
    if not run.x.any():
        return said
    left = f"still makes a difference of {exact(gap)}" if abs(gap) >= FLAT else "makes no difference any more"
    return f"{said} What was read {left}."


# ---- the question


def question(run: ScalarRun, notation: str) -> Question:
    """How will it go on? Asked at the start."""
    w = run.weights
    named = {"w_x": w["w_x"], f"w_{notation}": w["w_h"], "b": w["b"]}
    values = ", ".join(f"{name} = {coefficient(value)}" for name, value in named.items())
    start = f"The state starts at {exact(run.h[0])}" if run.h_0 else "The state starts at 0"
    prompt = f"{values}. {start} and the unit reads {reads(run)}. Where does the state go?"
    right = 2 if len(run.ends) == 2 else 0 if abs(run.ends[0]) < FLAT else 1
    replies = [*HINTS]
    replies[right] = _why(run, notation, right)
    return Question(prompt, tuple(Answer(*pair) for pair in zip(GOES_TO, replies, strict=True)), right)


def reads(run: ScalarRun) -> str:
    """The inputs, in words."""
    x = run.x
    first = input_of(x[0])
    if (x == x[0]).all():
        return f"{first} at every step"
    if not x[1:].any():
        return f"{first} at step 1, then 0 for ever"
    if (x[2:] == x[:-2]).all():
        return f"{first} and {input_of(x[1])} in turn"
    return f"the {run.T} inputs below"


def _why(run: ScalarRun, notation: str, right: int) -> str:
    w, ends = run.weights["w_h"], [exact(end) for end in run.ends]
    name = f"w_{notation} = {coefficient(w)}"
    if right == 0:
        return f"The curve is no steeper than the diagonal at 0 ({name}), so each state is smaller than the one before."
    if right == 2 and run.held is None:
        return f"The input goes on changing, and the state follows it: {ends[0]}, {ends[1]}."
    if right == 2:
        return f"{name} turns the sign of what it carries, and it is large enough for the jumps not to die."
    if run.weights["b"] == 0 and not run.held:
        return (
            f"At 0 the curve is steeper than the diagonal ({name}), so the state is pushed away from there, until tanh "
            f"has bent the curve back to the diagonal, at {ends[0]}."
        )
    return f"The bias and the input move the curve: it meets the diagonal at {ends[0]}, and there a state stays."


# ---- the rest


def table(run: ScalarRun) -> Table:
    steps = range(run.T + 1)
    return (
        ("", *(f"t = {t}" for t in steps)),
        ("input", "", *(input_of(x) for x in run.x)),
        ("sum before tanh", "", *(exact(total) for total in run.total)),
        ("state", *(exact(h) for h in run.h)),
        ("state without the input", *(exact(h) for h in run.silent)),
    )


def alternative(run: ScalarRun) -> str:
    kept = ", ".join(exact(fixed.h) for fixed in run.fixed)
    where = f"The curve crosses the diagonal at {kept}." if kept else "The input changes until the end."
    return (
        f"Left: the curve from one state of a tanh unit to the next, and the way of the state over it in {run.T} "
        f"steps. {where} Right: its states over time, from {exact(run.h[0])} to {exact(run.h[-1])}; the largest is "
        f"{exact(float(np.max(run.h)))}, the smallest {exact(float(np.min(run.h)))}."
    )
