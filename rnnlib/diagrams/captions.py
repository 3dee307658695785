"""What is said about a sentence on its way through a network: captions, remarks, the table, the text in place of it."""

from __future__ import annotations

import numpy as np

from ..trace import Trace
from .arithmetic import input_tip, output_tip, state_tip
from .layout import Layout
from .lettering import clip, quoted, share, signed
from .pages import Table, Tip


def mover(trace: Trace, layout: Layout, t: int) -> int:
    """Of the units with a number, the one that moves most at step t."""
    if t == 0:
        return layout.shown[0]
    moved = np.abs(trace.h[t] - trace.h[t - 1])[list(layout.shown)]
    return layout.shown[int(moved.argmax())]


def caption(trace: Trace, layout: Layout, t: int) -> str:
    """What happens at step t, in plain words."""
    name = quoted(trace.classes[layout.output])
    if t == 0:
        state = "all units are at 0" if not trace.h[0].any() else "the units are at their first values"
        return f"Step 0 of {trace.T}: the start. Nothing has been read, {state}, and there is no verdict yet."
    p = [share(row[layout.output]) for row in trace.probabilities[max(t - 2, 0) : t]]
    verdict = f"{name} is at {p[0]}" if t == 1 else f"{name} goes from {p[0]} to {p[1]}"
    if t > 1 and p[0] == p[1]:
        verdict = f"{name} stays at {p[1]}"
    read = f"Step {t} of {trace.T}: the network reads {quoted(trace.tokens[t - 1])}."
    return f"{read} {_moves(trace, layout, t)}; {verdict}."


def _moves(trace: Trace, layout: Layout, t: int) -> str:
    k = mover(trace, layout, t)
    before, after = signed(trace.h[t - 1, k]), signed(trace.h[t, k])
    if trace.H == 1:
        who = "Its one unit moves"
    else:
        who = f"Of the {len(layout.shown)} units with numbers, unit" if layout.rest else "Unit"
        who = f"{who} {k + 1} moves most,"
    return f"{who} from {before} to {after}" if before != after else f"{who} by less than 0.01"


def note(trace: Trace, layout: Layout) -> str:
    if not layout.rest:
        return ""
    return (
        f"{len(layout.shown)} of {trace.H} units are shown with their numbers: those that move the verdict "
        f"most in this sentence. The other {len(layout.rest)} are the small squares; the table has all numbers."
    )


def alternative(trace: Trace, layout: Layout) -> str:
    return (
        f"A network with {trace.H} hidden units reads {trace.T} words: {clip(' '.join(trace.tokens), 900)}. "
        f"Above each word its hidden state, above that the probability of {trace.classes[layout.output]}."
    )


def tips(trace: Trace, layout: Layout, t: int) -> dict[str, Tip]:
    found = {f"state/{k + 1}": state_tip(trace, t, k, layout.letter) for k in layout.shown}
    found[f"output/{layout.output + 1}"] = output_tip(trace, t, layout.output)
    return found | ({"state/word": input_tip(trace, t)} if t else {})


def table(trace: Trace) -> Table:
    head = ("", "start", *(clip(token, 130) for token in trace.tokens))
    units = [(f"unit {k + 1}", *map(signed, trace.h[:, k])) for k in range(trace.H)]
    names = [clip(name, 130) for name in trace.classes]
    logits = [(f"output {name}", "", *map(signed, trace.logits[:, k])) for k, name in enumerate(names)]
    odds = [(f"probability of {n}", "", *map(share, trace.probabilities[:, k])) for k, n in enumerate(names)]
    return (head, *units, *logits, *odds)
