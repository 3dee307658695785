"""How will the state of one unit go on? Chapter 02."""

from __future__ import annotations

from ...diagrams.one_unit import FLAT, coefficient, input_of
from ...look.lettering import exact
from ...questions import Answer, Question
from ...views.scalar import ScalarRun

PROMPT = "{values}. The state starts at {begin} and the unit reads {reads}. Where does the state go?"
GOES_TO = {
    "it goes to 0": "A state goes to 0 only where the curve crosses the diagonal at 0 and is no steeper than it.",
    "it comes to rest at a value that is not 0": "A state comes to rest only where the curve crosses the diagonal and "
    "is no steeper than it.",
    "it keeps jumping between two values": "A state keeps jumping where the curve falls steeply at the crossing, or "
    "where the input changes for ever.",
}
READS = {
    "same": "{first} at every step", "pulse": "{first} at step 1, then 0 for ever",
    "turns": "{first} and {second} in turn", "any": "the {T} inputs below",
}  # fmt: skip
WHY = {
    "0": "The curve is no steeper than the diagonal at 0 ({w}), so each state is smaller than the one before.",
    "follows": "The input goes on changing, and the state follows it: {ends}.",
    "jumps": "{w} turns the sign of what it carries, and it is large enough for the jumps not to die.",
    "bent": "At 0 the curve is steeper than the diagonal ({w}), so the state is pushed away from there, until tanh has "
    "bent the curve back to the diagonal, at {ends}.",
    "moved": "The bias and the input move the curve: it meets the diagonal at {ends}, and there a state stays.",
}


def one_unit(run: ScalarRun, notation: str = "h") -> dict[int, Question]:
    """Asked at the start."""
    w, x, held = run.weights, run.x, run.held
    named = {"w_x": w["w_x"], f"w_{notation}": w["w_h"], "b": w["b"]}
    said = {"values": ", ".join(f"{name} = {coefficient(value)}" for name, value in named.items())}
    said |= {"begin": exact(run.h_0) if run.h_0 else "0", "first": input_of(x[0]), "T": str(run.T)}
    said |= {"second": input_of(x[1]) if run.T > 1 else "", "ends": ", ".join(exact(end) for end in run.ends)}
    said |= {"w": f"w_{notation} = {coefficient(w['w_h'])}"}
    pulse, turns = not x[1:].any(), (x[2:] == x[:-2]).all()
    reads = "same" if (x == x[0]).all() else "pulse" if pulse else "turns" if turns else "any"
    right = 2 if len(run.ends) == 2 else 0 if abs(run.ends[0]) < FLAT else 1
    jumps, rests = "follows" if held is None else "jumps", "moved" if w["b"] or held else "bent"
    why = WHY[("0", rests, jumps)[right]].format(**said)
    answers = tuple(Answer(text, why if k == right else hint) for k, (text, hint) in enumerate(GOES_TO.items()))
    return {0: Question(PROMPT.format(reads=READS[reads].format(**said), **said), answers, right)}
