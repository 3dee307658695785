"""What does a temperature near 0 do? Chapter 05."""

from __future__ import annotations

import numpy as np

from ...look.lettering import clean, exact, quoted
from ...questions import Answer, Question
from ...views.writing import Writing

PROMPT = "The largest logits are {named}. τ goes down to 0.01. Which symbol is drawn then?"
ANSWERS = {
    "each about as often": "That is what a high τ does: divided by much, all logits are nearly the same.",
    "{best}, practically always": "It is {gap} ahead of the next one; divided by 0.01 that is 100 times as much. Move "
    "τ and see.",
    "{least}, practically always": "Dividing by τ > 0 does not change which logit is the largest.",
    "as at τ = 1": "τ = 1 leaves the logits as they are; 0.01 makes their differences 100 times as large.",
}
RIGHT, APART = 1, 0.1  # the right answer; two logits nearer than that are not asked about


def temperature(writing: Writing) -> dict[int, Question]:
    """Before the first page. Not asked where two symbols are the most probable, or nearly."""
    z = writing.logits[0]
    order = np.argsort(-z, kind="stable")
    if len(z) < 2 or z[order[0]] - z[order[1]] < APART:
        return {}
    names = [quoted(clean(writing.symbols[i]) or "␣", 90) for i in order]
    named = ", ".join(f"{name} {exact(z[i], 2)}" for name, i in zip(names[:3], order, strict=False))
    said = {"named": named, "best": names[0], "least": names[-1], "gap": exact(float(z[order[0]] - z[order[1]]), 2)}
    answers = tuple(Answer(text.format(**said), reply.format(**said)) for text, reply in ANSWERS.items())
    return {0: Question(PROMPT.format(**said), answers, RIGHT)}
