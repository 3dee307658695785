"""Which word can least be left out? Chapter 08."""

from __future__ import annotations

import numpy as np

from ...look.lettering import clip, signed
from ...questions import Answer, Question
from ...saliency import Occlusion
from ...trace import Trace

PROMPT = "Which word can least be left out?"
ANSWER = "{word} (word {t})"
MOST = "Left out, it changes the probability by {change}: more than any other."
LESS = "It changes the probability by {change} only."
CHOICES = 3


def leaving_out(trace: Trace, occlusion: Occlusion, output: int) -> dict[int, Question]:
    """Before the first page: the three words that change the class `output` most, in the order of reading. Nothing is
    asked of one word alone."""
    if trace.T < 2:
        return {}
    change = occlusion.change[:, output]
    order = [int(t) for t in np.argsort(-np.abs(change), kind="stable")[:CHOICES]]
    answers = []
    for t in sorted(order):
        said = {"word": clip(trace.tokens[t], 110), "t": t + 1, "change": signed(change[t])}
        answers.append(Answer(ANSWER.format(**said), (MOST if t == order[0] else LESS).format(**said)))
    return {0: Question(PROMPT, tuple(answers), sorted(order).index(order[0]))}
