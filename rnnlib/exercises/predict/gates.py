"""What becomes of the memory when gates are held? Chapter 06."""

from __future__ import annotations

from ...look.lettering import counted, signed
from ...questions import Answer, Question
from ...views.gates import KEEPS, SAYS, GatesRun

KEPT = (
    "The forget gate is held at 1, the input gate at 0. c begins at {begin}. "
    "The network reads {words}. What do c and h do?"
)
KEPT_ANSWERS = {
    "c is forgotten, and h goes to 0": "f = 1 forgets nothing: the old c is multiplied by f.",
    "both stay as they are": "c stays, but h is not c: h = o × tanh(c), and o reads every word.",
    "c stays as it is, h goes on changing": "c = 1 × c + 0 × g, so it stays to the last bit. h = o × tanh(c), and o "
    "reads every word.",
}
HELD = "Hold {gate_name} at 1. What happens to the {state_name}?"
HELD_ANSWERS = {
    "it is forgotten": "It is the other way round: {gate} = 1 keeps all, {gate} = 0 forgets all.",
    "all of it is kept": "{state} before is multiplied by {gate}, so 1 keeps it, whatever the name says.",
    "it is doubled": "{gate} is never above 1: it can keep or shrink, not grow.",
}


def gates(run: GatesRun, unit: int = 1) -> dict[int, Question]:
    """Before the first step, of the gates that are held."""
    (gate, state), kept = KEEPS[run.kind], {name: run.held.get(name) for name in "fi"} == {"f": 1, "i": 0}
    said = {"gate": gate, "state": state, "gate_name": SAYS[gate], "state_name": SAYS[state]}
    said |= {"begin": signed(run.numbers[f"free {state}"][0, unit - 1]), "words": counted(run.T, "word")}
    prompt, answers = (KEPT, KEPT_ANSWERS) if kept else (HELD, HELD_ANSWERS)
    told = tuple(Answer(text, reply.format(**said)) for text, reply in answers.items())
    return {0: Question(prompt.format(**said), told, right=2 if kept else 1)}
