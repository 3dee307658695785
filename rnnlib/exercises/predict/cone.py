"""Which outputs of convolutions can change? Chapter 07."""

from __future__ import annotations

from ...questions import Answer, Question
from ...views.cone import ConeRun

PROMPT = "Token {c} is changed. Which outputs of the convolutions can change?"
ANSWERS = {
    "all from {c} on": "That is the chain: its state carries everything on.",
    "{c} and at most the next {more}": "An output reads R = {R} tokens, itself the last of them.",
    "all of them": "They are causal: none of the outputs before {c} reads token {c}.",
}
RIGHT = 1


def cone(run: ConeRun) -> dict[int, Question]:
    """Before the first page."""
    said = {"c": run.changed, "R": run.R, "more": run.R - 1}
    answers = tuple(Answer(text.format(**said), reply.format(**said)) for text, reply in ANSWERS.items())
    return {0: Question(PROMPT.format(**said), answers, RIGHT)}
