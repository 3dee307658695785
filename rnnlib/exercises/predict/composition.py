"""How deep is a tree? Chapter 07."""

from __future__ import annotations

from ...questions import Answer, Question

PROMPT = "8 words: how deep is a tree that branches to the right, and how deep a balanced one?"
ANSWERS = {
    "8 and 8": "Depth counts compositions on the longest way, and two words need one.",
    "7 and 3": "A chain has a composition for each word but the first; halving 8 three times gives 1.",
    "3 and 3": "Only the balanced one halves at each step.",
}
RIGHT = 1


def composition() -> dict[int, Question]:
    """Before the first page."""
    return {0: Question(PROMPT, tuple(Answer(*pair) for pair in ANSWERS.items()), RIGHT)}
