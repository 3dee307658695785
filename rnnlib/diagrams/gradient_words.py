"""What is said about a gradient on its way back: the arithmetic of each element, captions, the question, the table."""

from __future__ import annotations

import numpy as np

from ..look.lettering import clip, fine, power, quoted, share, size
from .gradient_layout import Look
from .pages import Answer, Question, Table, Tip

TERMS = 3  # of a sum over units, that are written out


def _n(look: Look, address: str, style: str = "fine") -> tuple[str, str]:
    return {"fine": fine, "share": share, "term": _term}[style](look.value(address)), address


def _term(value: float) -> str:
    """A number in a sum: its sign, a blank, its size."""
    text = fine(value)
    return f"{text[0]} {text[1:]}" if value else "+ 0"


def _rounded(look: Look, total: str, *parts: str) -> tuple[tuple[str, str], ...]:
    """A remark where the parts, as printed, do not add up to the total, as printed."""
    printed = [round(look.value(address), 3) for address in (total, *parts)]
    return () if abs(printed[0] - sum(printed[1:])) < 0.0005 else (("(rounded)", "soft"),)


# ---- arithmetic


def tips(look: Look, t: int) -> dict[str, Tip]:
    """The arithmetic of every element of page t."""
    if t > look.T:
        return {"loss/0": _loss(look)} | {f"d_y/{k + 1}": _output(look, look.T, k) for k in look.outputs}
    found: dict[str, Tip] = {}
    if t:
        for k in look.units:
            found[f"unit/{k + 1}"] = _unit(look, t, k)
        for k in look.units:
            found[f"y/{k + 1}"] = _from_output(look, t, k)
            found[f"future/{k + 1}"] = _from_future(look, t, k)
    return found | {f"W/{i + 1},{j + 1}": _weight(look, t, i, j) for i in look.units for j in look.units}


def shown_lines(look: Look, t: int) -> tuple[str, ...]:
    """What page t shows at first: the unit with the largest gradient, and the weight that this step changes most."""
    if t > look.T:
        return ("loss/0",)
    units = list(look.units)
    part = look.record.contributions["W_hh"][t - 1] if t else look.summed("W_hh", 0)
    i, j = np.unravel_index(np.abs(part[np.ix_(units, units)]).argmax(), (len(units), len(units)))
    weight = f"W/{units[i] + 1},{units[j] + 1}"
    if not t:
        return (weight,)
    return (f"unit/{units[int(np.abs(look.record.d_h[t - 1, units]).argmax())] + 1}", weight)


def _unit(look: Look, t: int, k: int) -> Tip:
    at = f"{t}/{k}"
    future = "from the future" if t < look.T else "from the future (this is the last step)"
    return (
        (f"unit {k + 1}", "soft"),
        (f"d h_{t} =", ""),
        _n(look, f"y/{at}"),
        (f"from y_{t}", "soft"),
        _n(look, f"future/{at}", "term"),
        (future, "soft"),
        ("=", ""),
        _n(look, f"d_h/{at}"),
        *_rounded(look, f"d_h/{at}", f"y/{at}", f"future/{at}"),
        ("; × slope", ""),
        _n(look, f"slope/{at}", "share"),
        (f"= d a_{t} =", ""),
        _n(look, f"d_a/{at}"),
    )


def _from_output(look: Look, t: int, k: int) -> Tip:
    head = (f"unit {k + 1}, from y_{t}", "soft")
    if look.d_y(t) is None:
        return (head, _n(look, f"y/{t}/{k}"), (f"only the last state is read: step {t} has no loss of its own", "soft"))
    d_y = look.d_y(t)
    K = 0 if d_y is None else len(d_y)
    pairs = [(f"W_hy/{c}/{k}", f"d_y/{t}/{c}", quoted(look.record.forward.classes[c])) for c in range(K)]
    return (head, *_products(look, pairs, f"y/{t}/{k}", "outputs"))


def _from_future(look: Look, t: int, k: int) -> Tip:
    head = (f"unit {k + 1}, from the future", "soft")
    if t == look.T:
        return (head, _n(look, f"future/{t}/{k}"), ("this is the last step: nothing comes after it", "soft"))
    pairs = [(f"W_hh/{j}/{k}", f"d_a/{t + 1}/{j}", f"unit {j + 1}") for j in range(look.record.d_h.shape[1])]
    return (head, (f"W_hh^T at t = {t + 1}:", ""), *_products(look, pairs, f"future/{t}/{k}", "units"))


def _products(look: Look, pairs: list[tuple[str, str, str]], total: str, of: str) -> tuple[tuple[str, str], ...]:
    """The largest products of a sum written out, the others by their number."""
    order = sorted(pairs, key=lambda pair: -abs(look.value(pair[0]) * look.value(pair[1])))
    pieces: list[tuple[str, str]] = []
    for weight, gradient, name in order[:TERMS]:
        pieces += [*([("+", "")] if pieces else []), _n(look, weight), ("×", ""), _n(look, gradient), (name, "soft")]
    if len(order) > TERMS:
        pieces.append((f"+ {len(order) - TERMS} more {of}", "soft"))
    return (*pieces, ("=", ""), _n(look, total))


def _weight(look: Look, t: int, i: int, j: int) -> Tip:
    head = (f"d W_hh, row {i + 1}, column {j + 1}", "soft")
    if t == 0:
        return (
            head,
            (f"the sum over {look.T} steps:" if look.T > 1 else "the part of the one step:", ""),
            _n(look, f"sum/0/{i}/{j}"),
        )
    return (
        head,
        ("so far", "soft"),
        _n(look, f"sum/{t + 1}/{i}/{j}") if t < look.T else ("0", ""),
        (f"; step {t} adds", "soft"),
        _n(look, f"d_a/{t}/{i}"),
        (f"d a_{t}", "soft"),
        ("×", ""),
        _n(look, f"h/{t - 1}/{j}"),
        (f"h_{t - 1}", "soft"),
        ("=", ""),
        _n(look, f"part/{t}/{i}/{j}"),
        ("; together", "soft"),
        _n(look, f"sum/{t}/{i}/{j}"),
    )


def _loss(look: Look) -> Tip:
    where = f"at each of {look.T} steps, the mean of them" if look.many else "at the last step alone"
    return (("the loss", "soft"), _n(look, "loss/0", "share"), (where, "soft"))


def _output(look: Look, t: int, k: int) -> Tip:
    name = quoted(look.record.forward.classes[k])
    return (
        (f"output {name} at t = {t}", "soft"),
        ("answer", ""),
        _n(look, f"p/{t}/{k}", "share"),
        ("; gradient of the loss on what goes into it", ""),
        _n(look, f"d_y/{t}/{k}"),
    )


# ---- sentences


def caption(look: Look, t: int) -> str:
    """What happens on page t, in plain words."""
    T = look.T
    if t > T:
        where = "every step" if look.many else "the last step alone"
        return f"The loss is {share(look.record.loss)}. It reads the outputs of {where}: there the gradient starts."
    if t == 0:
        parts = "the part of its one step" if T == 1 else f"the parts of all {T} steps"
        return (
            f"The sums are complete: each gradient is the sum of {parts}. Only now the weights change, once; "
            "the same weights serve every step."
        )
    word = quoted(look.tokens[t - 1])
    if t == T:
        return (
            f"Step {t}, {word}: all of the gradient comes from y_{t}. Its part goes into the sums; no weight changes."
        )
    source = (
        f"from y_{t} and from step {t + 1}" if look.d_y(t) is not None else f"from step {t + 1} alone, through W_hh"
    )
    ratio = _length(look, t), _length(look, t + 1)
    grown = f"It has length {size(ratio[0])}, at step {t + 1} it had {size(ratio[1])}."
    nothing = " h_0 is 0, so this step adds nothing to d W_hh." if t == 1 and not look.record.forward.h[0].any() else ""
    return f"Step {t}, {word}: the gradient on h_{t} comes {source}. {grown}{nothing}"


def _length(look: Look, t: int) -> float:
    return float(np.linalg.norm(look.record.d_h[t - 1]))


def questions(look: Look) -> tuple[Question | None, ...]:
    """Before the second step back: what becomes of the weights?"""
    T = look.T
    prompt = (
        f"Step {T} has put its part into the sum for W_hh. Step {T - 1} comes next. "
        "Which W_hh does it use, and where does its part go?"
    )
    answers = (
        Answer(f"a W_hh that step {T} has updated", "No weight changes while the gradient is on its way."),
        Answer("a copy of W_hh of its own", "There is one W_hh, and so one sum."),
        Answer("the same W_hh, the same sum", "All steps share one W_hh. Its gradient is the sum of their parts."),
    )
    asked = Question(prompt, answers, 2)
    return tuple(asked if t == T - 1 and T > 1 else None for t in range(T + 2))


def sums_up(look: Look) -> str:
    """Whether the parts of all steps add up to the library's gradients, in all their elements."""
    record = look.record
    gaps = [
        np.abs(parts.sum(axis=0) - record.gradients[f"body.{name}"]).max()
        for name, parts in record.contributions.items()
    ]
    largest, scale = float(max(gaps)), max(float(np.abs(g).max()) for g in record.gradients.values())
    if largest <= 16 * look.T * np.finfo(record.d_h.dtype).eps * scale:  # rounding of T sums
        return f"the parts of {look.T} steps add up to the library's gradient, largest difference {power(largest)}"
    return f"the parts of {look.T} steps do NOT add up to the library's gradient, difference {power(largest)}"


def note(look: Look, apart: float | None) -> str:
    said = []
    if apart is not None:
        said.append(
            f"The library's gradient differs from central differences by {power(apart)} (relative, the worst array)."
        )
    H, n = look.record.d_h.shape[1], len(look.units)
    if n < H:
        said.append(f"{n} of {H} units are shown, those with the largest gradients; all sums go over all units.")
    K = look.record.d_logits.shape[1]
    if len(look.outputs) < K:
        said.append(f"{len(look.outputs)} of {K} outputs are shown.")
    said.append(
        "d h is the gradient of the loss on h; a is what goes into the activation. Colours of gradients are "
        "logarithmic from −1 to +1, the same at every step; those of the state h are not."
    )
    return " ".join(said)


def alternative(look: Look) -> str:
    tokens = clip(" ".join(look.tokens), 900)
    return (
        f"A gradient goes back through {look.T} steps: {tokens}. Above, the gradient on the state at each step; below, "
        "the numbers of one step, and the sum of what the steps add to the gradient of W_hh."
    )


def table(look: Look) -> Table:
    record, steps = look.record, range(1, look.T + 1)
    rows: list[tuple[str, ...]] = [("", *(f"t = {t}" for t in steps))]
    for k in look.units:
        for name, array in (
            ("from y", record.from_output),
            ("from the future", record.from_future),
            ("on h", record.d_h),
        ):
            rows.append((f"unit {k + 1}, {name}", *(fine(array[t - 1, k]) for t in steps)))
    rows.append(("length of the gradient on h", *(size(_length(look, t)) for t in steps)))
    for name in record.contributions:
        rows.append((f"length of d {name} so far", *(size(float(np.linalg.norm(look.summed(name, t)))) for t in steps)))
    return tuple(rows)
