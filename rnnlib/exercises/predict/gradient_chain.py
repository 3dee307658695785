"""What becomes of the weights while the gradient goes back? Chapter 04."""

from __future__ import annotations

from ...questions import Answer, Question
from ...trace import BackwardTrace

PROMPT = (
    "Step {T} has put its part into the sum for W_hh. Step {before} comes next. Which W_hh does it use, and where does "
    "its part go?"
)
ANSWERS = {
    "a W_hh that step {T} has updated": "No weight changes while the gradient is on its way.",
    "a copy of W_hh of its own": "There is one W_hh, and so one sum.",
    "the same W_hh, the same sum": "All steps share one W_hh. Its gradient is the sum of their parts.",
}
RIGHT = 2


def gradient_chain(record: BackwardTrace) -> dict[int, Question]:
    """Before the second step back."""
    T = record.forward.T
    answers = tuple(Answer(text.format(T=T), reply) for text, reply in ANSWERS.items())
    return {T - 1: Question(PROMPT.format(T=T, before=T - 1), answers, RIGHT)} if T > 1 else {}
