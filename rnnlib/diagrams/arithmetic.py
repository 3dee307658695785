"""The arithmetic of one element at one step, each number with what it is and where it comes from.

A line is made of pieces (text, kind), see `pages.Pages`.
"""

from __future__ import annotations

import numpy as np

from ..trace import Trace
from .lettering import quoted, share, signed, term
from .pages import Tip, value

SHOWN_OUTPUTS = 4


def _n(trace: Trace, address: str, style: str = "signed") -> tuple[str, str]:
    printed = {"signed": signed, "term": term, "share": share}[style](value(trace, address))
    return printed, address


def _rounded(trace: Trace, total: str, *parts: str) -> tuple[tuple[str, str], ...]:
    """A remark where the parts, as printed, do not add up to the total, as printed."""
    printed = [round(value(trace, address), 2) for address in (total, *parts)]
    return () if abs(printed[0] - sum(printed[1:])) < 0.005 else (("(rounded)", "soft"),)


def state_tip(trace: Trace, t: int, k: int, letter: str) -> Tip:
    """The first computation: the state of unit k (from 0) after step t."""
    head = (f"unit {k + 1}", "soft")
    if t == 0:
        return (head, ("starts at", ""), _n(trace, f"h/0/{k}"), ("before the first word", "soft"))
    return (head, *{"lstm": _lstm, "gru": _gru}.get(trace.kind, _rnn)(trace, t, k, letter))


def _rnn(trace: Trace, t: int, k: int, letter: str) -> Tip:
    at = f"{t}/{k}"
    squash = trace.activation
    return (
        (f"{squash}(", ""),
        _n(trace, f"from_input/{at}"),
        (f"from {quoted(trace.tokens[t - 1])} and bias", "soft"),
        _n(trace, f"from_state/{at}", "term"),
        ("from the state before", "soft"),
        (f") = {squash}(", ""),
        _n(trace, f"total/{at}"),
        (") =", ""),
        _n(trace, f"h/{at}"),
        *_rounded(trace, f"total/{at}", f"from_input/{at}", f"from_state/{at}"),
    )


def _lstm(trace: Trace, t: int, k: int, letter: str) -> Tip:
    at = f"{t}/{k}"
    return (
        ("c = f", ""),
        _n(trace, f"f/{at}", "share"),
        ("×", ""),
        _n(trace, f"c/{t - 1}/{k}"),
        ("before", "soft"),
        ("+ i", ""),
        _n(trace, f"i/{at}", "share"),
        ("×", ""),
        _n(trace, f"g/{at}"),
        (f"from {quoted(trace.tokens[t - 1])} and the state", "soft"),
        ("=", ""),
        _n(trace, f"c/{at}"),
        (f"; {letter} = o", ""),
        _n(trace, f"o/{at}", "share"),
        ("× tanh(c) =", ""),
        _n(trace, f"h/{at}"),
    )


def _gru(trace: Trace, t: int, k: int, letter: str) -> Tip:
    at = f"{t}/{k}"
    return (
        (f"{letter} = z", ""),
        _n(trace, f"z/{at}", "share"),
        ("×", ""),
        _n(trace, f"h/{t - 1}/{k}"),
        ("before", "soft"),
        ("+ (1 − z) × n", ""),
        _n(trace, f"n/{at}"),
        (f"from {quoted(trace.tokens[t - 1])} and the state", "soft"),
        ("=", ""),
        _n(trace, f"h/{at}"),
    )


def output_tip(trace: Trace, t: int, k: int) -> Tip:
    """The second computation: output k after step t."""
    head = (quoted(trace.classes[k]), "soft")
    if t == 0:
        return (head, ("is computed once a word has been read", "soft"))
    squash = _squash(trace)
    shown = [k, *(j for j in range(len(trace.classes)) if j != k)][:SHOWN_OUTPUTS]
    others: list[tuple[str, str]] = []
    for j in shown[1:]:
        others += [
            ("with" if j == shown[1] else "and", ""),
            _n(trace, f"logits/{t}/{j}"),
            (quoted(trace.classes[j]), "soft"),
        ]
    if len(trace.classes) > len(shown):
        others.append((f"and {len(trace.classes) - len(shown)} more", "soft"))
    return (
        head,
        _n(trace, f"W_hy h/{t}/{k}"),
        ("from the state", "soft"),
        _n(trace, f"b_y/{t}/{k}", "term"),
        ("bias", "soft"),
        ("=", ""),
        _n(trace, f"logits/{t}/{k}"),
        *_rounded(trace, f"logits/{t}/{k}", f"W_hy h/{t}/{k}", f"b_y/{t}/{k}"),
        (f"; {squash}", ""),
        *(others if squash == "softmax" else ()),
        ("=", ""),
        _n(trace, f"p/{t}/{k}", "share"),
    )


def _squash(trace: Trace) -> str:
    """What makes the answer of the logits."""
    return trace.squash or "as it is"


def input_tip(trace: Trace, t: int) -> Tip:
    """What the word of step t is for the network: where its vector is one-hot, the number of the word."""
    x = trace.x[t - 1]
    hot = np.flatnonzero(x)
    one_hot = len(hot) == 1 and x[hot[0]] == 1
    which = f": number {hot[0] + 1} is 1, all others are 0" if one_hot else ""
    line = f"{quoted(trace.tokens[t - 1])} is a vector of {len(x)} numbers{which}"
    return ((f"word {t}", "soft"), (line, ""))
