"""What do more steps do to the number of parameters? Chapters 01, 03 and 05."""

from __future__ import annotations

from ...questions import Answer, Question
from ...views.forward import Forward

PROMPT = "If T goes from 4 to 9, what happens to the number of parameters?"
ANSWERS = {
    "it grows with T": "The boxes are one unit at several steps, not several units: no step has weights of its own.",
    "it stays as it is": "The weights are made once and used at every step. Move T from 4 to 9 and read the number.",
    "only W_hh grows": "W_hh leads from all units to all units: its sides are the number of units, T is in neither.",
}
RIGHT = 1


def wiring(run: Forward) -> dict[int, Question]:
    """Before the first page, of what has steps."""
    answers = tuple(Answer(text, reply) for text, reply in ANSWERS.items())
    return {} if run.shape.code == "1-1" else {0: Question(PROMPT, answers, RIGHT)}
