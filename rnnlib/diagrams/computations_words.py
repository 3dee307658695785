"""What is said about the two computations: names in either notation, arithmetic, captions, the table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .computations_run import COUNT, OPERATIONS, STEPS, Network, Place, listed
from .lettering import clip, quoted
from .notation import NOTATIONS
from .pages import Table, Tip

SHOWN_SCORES = 4  # that have a place in a line of softmax
LETTERS = {"h": ("x", "h", "y"), "a": ("x", "a", "y")}


@dataclass(frozen=True)
class Say:
    """Names in one notation. Markup is for a picture, the plain names are for sentences."""

    notation: str

    def markup(self, letter: str, t: int | str) -> str:
        """x, h or y at step t: "h_{3}", "a^{<3>}"."""
        name = dict(zip("xhy", LETTERS[self.notation], strict=True))[letter]
        return f"{name}_{{{t}}}" if self.notation == "h" else f"{name}^{{<{t}>}}"

    def at(self, letter: str, t: int | str) -> str:
        """The same in a sentence: "h_3", "a<3>"."""
        return self.markup(letter, t).replace("^{", "").replace("{", "").replace("}", "")

    def matrix(self, name: str) -> str:
        """W_xh, W_hh, W_hy, b_h or b_y, as markup."""
        names = NOTATIONS[self.notation]
        return {
            "W_xh": names.from_input,
            "W_hh": names.from_state,
            "W_hy": names.to_output,
            "b_h": names.b_state,
            "b_y": names.b_output,
        }[name]

    def plain(self, name: str) -> str:
        """The same in a sentence: "W_xh", "W_ax"."""
        return self.matrix(name).replace("{", "").replace("}", "")


VECTORS = {"xh": ("W_xh", "x", 0), "hh": ("W_hh", "h", 1), "hy": ("W_hy", "h", 0)}  # matrix, vector, steps back


def product(say: Say, name: str, t: int) -> str:
    """ "W_xh x_2"."""
    matrix, letter, back = VECTORS[name]
    return f"{say.plain(matrix)} {say.at(letter, t - back)}"


def mark(say: Say, page: int) -> str:
    """What the place is called."""
    t, k = Place.of(page)
    if t == 0:
        return "the start"
    letters = dict(zip("xhy", LETTERS[say.notation], strict=True))
    names = {"W_x": say.plain("W_xh"), "W_h": say.plain("W_hh"), "W_y": say.plain("W_hy"), "b_y": say.plain("b_y")}
    return f"step {t}: {OPERATIONS[k].mark.format(**names, **letters)}"


# ---- arithmetic


def tips(network: Network, say: Say, page: int) -> dict[str, Tip]:
    """The arithmetic of every number that this page computes."""
    t, k = Place.of(page)
    if t == 0:
        return {f"h/{i + 1}": _start(network, say, i) for i in network.units}
    name = OPERATIONS[k].gives
    make = {"sum": _sum, "h": _tanh, "score": _score, "p": _softmax}.get(name, _product)
    return {f"{name}/{i + 1}": (head(network, name, i), *make(network, say, name, t, i)) for i in network.rows(name)}


def head(network: Network, name: str, i: int) -> tuple[str, str]:
    """Whose number it is."""
    return (who(network, name, i), "soft")


def who(network: Network, name: str, i: int) -> str:
    return quoted(network.trace.classes[i]) if name in ("hy", "score", "p") else f"unit {i + 1}"


def _n(network: Network, address: str) -> tuple[str, str]:
    return network.text(address), address


def _start(network: Network, say: Say, i: int) -> Tip:
    return (head(network, "h", i), (f"{say.at('h', 0)} starts at", ""), _n(network, f"h/0/{i}"))


def _product(network: Network, say: Say, name: str, t: int, i: int) -> Tip:
    """A row times a column."""
    matrix, letter, back = VECTORS[name]
    shown = network.product(name, t)[3]
    pieces: list[tuple[str, str]] = [(f"row of {say.plain(matrix)} × {say.at(letter, t - back)}:", "soft"), ("(", "")]
    for j in shown:
        pieces += [_n(network, f"{matrix}/{i}/{j}"), ("×", ""), _n(network, f"{letter}/{t - back}/{j}")]
        pieces.append((") + (" if j != shown[-1] else ")", ""))
    hidden = network.product(name, t)[0].shape[1] - len(shown)
    if hidden:
        pieces += [_n(network, f"{name}_rest/{t}/{i}"), (f"from {hidden} more", "soft")]
    return (*pieces, ("=", ""), _n(network, f"{name}/{t}/{i}"))


def _sum(network: Network, say: Say, name: str, t: int, i: int) -> Tip:
    parts = (f"xh/{t}/{i}", f"hh/{t}/{i}", f"b_h/{i}")
    names = (product(say, "xh", t), product(say, "hh", t), say.plain("b_h"))
    return (*_added(network, parts, names), ("=", ""), *_total(network, f"sum/{t}/{i}", parts))


def _score(network: Network, say: Say, name: str, t: int, i: int) -> Tip:
    parts = (f"hy/{t}/{i}", f"b_y/{i}")
    names = (product(say, "hy", t), say.plain("b_y"))
    return (*_added(network, parts, names), ("=", ""), *_total(network, f"score/{t}/{i}", parts))


def _added(network: Network, parts: tuple[str, ...], names: tuple[str, ...]) -> Tip:
    pieces: list[tuple[str, str]] = []
    for address, name in zip(parts, names, strict=True):
        text = network.text(address)
        first = address == parts[0]
        pieces += [(text if first else f"{text[0]} {text[1:]}", address), (f"from {name}", "soft")]
    return tuple(pieces)


def _total(network: Network, address: str, parts: tuple[str, ...]) -> Tip:
    """The total, with a remark where the parts as printed do not add up to it."""
    printed = [round(network.value(a), 2) for a in (address, *parts)]
    rounded = abs(printed[0] - sum(printed[1:])) > 0.005
    return (_n(network, address), *((("(rounded)", "soft"),) if rounded else ()))


def _tanh(network: Network, say: Say, name: str, t: int, i: int) -> Tip:
    return (
        (f"{say.at('h', t)} = tanh(", ""),
        _n(network, f"sum/{t}/{i}"),
        (") =", ""),
        _n(network, f"h/{t}/{i}"),
    )


def _softmax(network: Network, say: Say, name: str, t: int, i: int) -> Tip:
    K = len(network.trace.classes)
    others = [i, *(j for j in range(K) if j != i)][:SHOWN_SCORES]
    pieces: list[tuple[str, str]] = [("exp(", ""), _n(network, f"score/{t}/{i}"), (") / ( exp(", "")]
    for j in others:
        pieces += [_n(network, f"score/{t}/{j}"), (") + exp(" if j != others[-1] else ")", "")]
    more = [(f"+ {K - len(others)} more", "soft")] if len(others) < K else []
    return (*pieces, *more, (") =", ""), _n(network, f"p/{t}/{i}"))


# ---- sentences


def caption(network: Network, say: Say, page: int, i: int) -> str:
    """What this page computes, in plain words; i: the number that is followed."""
    t, k = Place.of(page)
    if t == 0:
        zero = "all zeros" if not network.trace.h[0].any() else "given"
        return (
            f"The start. The weights are here before anything is read, and they stay the same at every step. "
            f"The first state, {say.at('h', 0)}, is {zero}."
        )
    name = OPERATIONS[k].gives
    said = _captions(network, say, t, i)[name]
    return f"Step {t} of {network.T}, computation {OPERATIONS[k].computation}. {said}"


def _captions(network: Network, say: Say, t: int, i: int) -> dict[str, str]:
    n = {name: network.text(f"{name}/{t}/{i}") for name in ("xh", "hh", "sum", "h")} if i in network.units else {}
    before = say.at("h", t - 1)
    nothing = f"{before} is all zeros, so {product(say, 'hh', t)} is zero: there is nothing to remember yet."
    past = f"Each unit multiplies its row of {say.plain('W_hh')} with {before}: all that it knows of the past."
    return {
        "xh": f"{say.at('x', t)} comes in: {_token(network, t)}. Each unit multiplies its row of {say.plain('W_xh')} "
        "with it, pair by pair, and adds up.",
        "hh": past if network.trace.h[t - 1].any() else nothing,
        "sum": f"What comes from the input, from the state before and from the bias {say.plain('b_h')} is added up.",
        "h": f"tanh brings each sum between −1 and 1{_squeezed(n, i)}. That is the new state, {say.at('h', t)}.",
        "hy": f"The output reads the new state: each class multiplies its row of {say.plain('W_hy')} with "
        f"{say.at('h', t)}.",
        "score": f"The bias {say.plain('b_y')} is added. These scores can be any numbers, also below 0.",
        "p": _answer(network, say, t),
    }


def _token(network: Network, t: int) -> str:
    token = network.trace.tokens[t - 1]
    numbers = network.trace.x.shape[1]
    count = "1 number" if numbers == 1 else f"{numbers} numbers"
    return count if token == f"x_{t}" else f"{quoted(token)}, as {count}"


def _squeezed(n: dict[str, str], i: int) -> str:
    return f": of unit {i + 1}, from {n['sum']} to {n['h']}" if n else ""


def _answer(network: Network, say: Say, t: int) -> str:
    p = network.trace.probabilities[t - 1]
    best = int(np.argmax(p))
    most = f"{quoted(network.trace.classes[best])} has most, {network.text(f'p/{t}/{best}')}"
    said = f"softmax makes probabilities of the scores; they add up to 1: {most}. The state is not the output: "
    on = f"goes on to step {t + 1}" if t < network.T else "would go on to the next step"
    return f"{said}{say.at('h', t)} {on}, {say.at('y', t)} does not."


# ---- the rest


def note(network: Network) -> str:
    """What has no room in the picture."""
    trace = network.trace
    sizes = {
        "units": (network.units, trace.H),
        "inputs": (network.inputs, trace.x.shape[1]),
        "classes": (network.outputs, len(trace.classes)),
    }
    cut = [
        f"{len(shown)} of {size} {name} (number {listed([str(k + 1) for k in shown])})"
        for name, (shown, size) in sizes.items()
        if len(shown) < size
    ]
    said = [f"Shown are {listed(cut)}; the others are in all sums."] if cut else []
    if network.steps < trace.T:
        said.append(f"The first {STEPS} of {trace.T} steps are shown; the table has all.")
    return " ".join(said)


def table(network: Network, say: Say) -> Table:
    trace = network.trace
    steps = range(1, trace.T + 1)
    x, letter, _ = LETTERS[say.notation]
    parts = {"xh": f"{say.plain('W_xh')} {x}", "hh": f"{say.plain('W_hh')} {letter}", "sum": "sum", "h": "state"}
    answers = {"score": "score of", "p": "probability of"}
    rows = [
        (f"{label}, unit {k + 1}", network.text(f"h/0/{k}") if name == "h" else "", *_row(network, name, k, steps))
        for name, label in parts.items()
        for k in range(trace.H)
    ] + [
        (f"{label} {clip(which, 130)}", "", *_row(network, name, k, steps))
        for name, label in answers.items()
        for k, which in enumerate(trace.classes)
    ]
    return (("", "start", *(clip(token, 130) for token in trace.tokens)), *rows)


def _row(network: Network, name: str, k: int, steps: range) -> list[str]:
    return [network.text(f"{name}/{t}/{k}") for t in steps]


def alternative(network: Network, say: Say) -> str:
    trace = network.trace
    return (
        f"A plain recurrent network with {trace.x.shape[1]} inputs, {trace.H} hidden units and {len(trace.classes)} "
        f"outputs, as matrices with numbers, {COUNT} operations a step for {network.steps} steps. Above, the new "
        f"state from {say.plain('W_xh')}, {say.plain('W_hh')} and {say.plain('b_h')}; below, the output from the new "
        f"state, {say.plain('W_hy')} and {say.plain('b_y')}."
    )
