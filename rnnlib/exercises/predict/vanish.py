"""How much of a gradient arrives? Chapter 04."""

from __future__ import annotations

from ...diagrams.vanish import verdict
from ...look.lettering import share
from ...questions import Answer, Question
from ...views.vanishing import Vanishing

PROMPT = (
    "The spectral radius of W_hh is {radius}: {above}. This is the {name} network. The gradient starts at the last "
    "state with size 1 and flows back to t = 0. How much arrives there?"
)
ANSWERS = ("more than 10 times as much", "about as much: between 0.1 and 10", "less than a tenth")
WHY = (
    "At each step back the gradient is multiplied by W_hh and by the slopes of the activation, in the {name} network "
    "{mean} on average. Both together decide, not the radius alone."
)
ALONE = "That is what W_hh alone does: the thin curve, the same weights without tanh."


def vanish(run: Vanishing) -> dict[int, Question]:
    """Asked at the end of the sequence, where the gradient starts."""
    name, radius = run.chosen, float(run.numbers["radius"][0])
    said = {"name": name, "radius": share(radius), "mean": share(run.numbers[f"mean {name}"][0])}
    said |= {"above": "above 1" if radius > 1 else "not above 1"}
    replies = [ALONE if name == "tanh" else "", "", ""]
    replies[verdict(run.left)] = WHY.format(**said)
    answers = tuple(Answer(*pair) for pair in zip(ANSWERS, replies, strict=True))
    return {run.T: Question(PROMPT.format(**said), answers, verdict(run.left))}
