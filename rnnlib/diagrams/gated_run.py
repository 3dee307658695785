"""The numbers of a gated layer, step by step in the order in which it reads, and the arithmetic of one unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..functions import FloatArray
from ..look.lettering import clip, quoted, share, signed, term
from ..trace import LayerTrace, Trace
from .pages import Table, Tip

NAMES = {
    "f": "forget gate", "i": "input gate", "g": "candidate", "o": "output gate",
    "r": "reset gate", "z": "update gate", "n": "candidate",
}  # fmt: skip
SWITCHES = ("f", "i", "o", "r", "z")  # what is between 0 and 1
Piece = tuple[str, str]


@dataclass(frozen=True)
class GatedRun:
    """A run of an LSTM or GRU layer over T steps. letter: of the hidden state."""

    trace: Trace
    record: LayerTrace
    letter: str

    @property
    def T(self) -> int:
        return len(self.record.x)

    @property
    def H(self) -> int:
        return int(self.record.states["h"].shape[1])

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """What is read at each step. A decoder reads the start symbol, then what it wrote."""
        trace = self.trace
        if self.record.name.startswith("decoder"):
            return ("start", *(trace.classes[k] for k in trace.written[:-1]))
        return self._ordered(trace.tokens)

    def _ordered(self, steps: tuple[str, ...]) -> tuple[str, ...]:
        return steps[::-1] if self.record.reverse else steps

    def _param(self, name: str) -> FloatArray | None:
        return self.trace.params.get(f"{self.record.name}.{name}")

    @cached_property
    def states(self) -> dict[str, FloatArray]:
        """Name -> (T+1, H), in the order of reading."""
        turn = slice(None, None, -1 if self.record.reverse else 1)
        return {name: s[turn] for name, s in self.record.states.items()}

    @cached_property
    def gates(self) -> dict[str, FloatArray]:
        """Name -> (T, H), in the order of reading."""
        turn = slice(None, None, -1 if self.record.reverse else 1)
        return {name: g[turn] for name, g in self.record.gates.items()}

    @cached_property
    def parts(self) -> dict[str, dict[str, FloatArray]]:
        """What goes into each activation, name -> (T, H): from the input (and bias), from the state before."""
        turn = slice(None, None, -1 if self.record.reverse else 1)
        found = {}
        for name, array in (("in", self.record.from_input), ("state", self.record.from_state)):
            pieces = np.split(array[turn], len(self.gates), axis=1)
            found[name] = dict(zip(self.gates, pieces, strict=True))
        return found

    @cached_property
    def peepholes(self) -> FloatArray | None:
        """(3, H), for i, f, o; None where the layer has none."""
        return self._param("W_ch")

    @cached_property
    def reset_after(self) -> bool:
        """Whether r multiplies what the state gives to n (PyTorch, Keras), and not the state itself (Cho et al.)."""
        return self.record.reset_after

    @cached_property
    def inner(self) -> FloatArray:
        """`W_hn h + b_hn` at each step, (T, H)."""
        b_hn = self._param("b_hn")
        return self.parts["state"]["n"] + (0 if b_hn is None else b_hn)

    @cached_property
    def derived(self) -> dict[str, FloatArray]:
        """What the picture shows between the gates and the states, name -> (T, H)."""
        g, s = self.gates, self.states
        if self.record.kind == "lstm":
            found = {"f×c": g["f"] * s["c"][:-1], "i×g": g["i"] * g["g"], "tanh c": np.tanh(s["c"][1:])}
            if self.peepholes is not None:
                seen = {"i": s["c"][:-1], "f": s["c"][:-1], "o": s["c"][1:]}
                found |= {f"peep {n}": W * seen[n] for n, W in zip("ifo", self.peepholes, strict=True)}
            return found
        found = {"z×h": g["z"] * s["h"][:-1], "1−z": 1 - g["z"], "(1−z)×n": (1 - g["z"]) * g["n"]}
        if self.reset_after:
            return found | {"u": self.inner, "reset": g["r"] * self.inner}
        W = self._param("W_hh")
        assert W is not None  # every recurrent layer of a trace has its weights there
        return found | {"reset": (g["r"] * s["h"][:-1]) @ np.split(W, 3)[2].T}

    def value(self, address: str) -> float:
        """The number that an address names, "f/3/1": what, at which step of reading, of which unit (from 0)."""
        name, step, unit = address.split("/")
        t, k = int(step), int(unit)
        if name in self.states:
            return float(self.states[name][t, k])
        if name in self.gates or name in self.derived:
            return float((self.gates | self.derived)[name][t - 1, k])
        part, gate = name.split()
        return float(self.parts[part][gate][t - 1, k])

    # ---- arithmetic

    def _n(self, name: str, t: int, k: int, style: str = "signed") -> Piece:
        address = f"{name}/{t}/{k}"
        return {"signed": signed, "term": term, "share": share}[style](self.value(address)), address

    def tips(self, t: int, k: int) -> dict[str, Tip]:
        """The unit's state, and each of its gates, at step t."""
        head = (f"unit {k + 1}", "soft")
        if t == 0:
            return {"state": (head, ("starts at", ""), self._n("h", 0, k), ("before anything is read", "soft"))}
        found = {"state": (head, *(self._lstm(t, k) if self.record.kind == "lstm" else self._gru(t, k)))}
        return found | {name: self._gate(name, t, k) for name in self.gates}

    def _lstm(self, t: int, k: int) -> Tip:
        return (
            ("c = f", ""), self._n("f", t, k, "share"), ("×", ""), self._n("c", t - 1, k), ("before", "soft"),
            ("+ i", ""), self._n("i", t, k, "share"), ("× g", ""), self._n("g", t, k), ("=", ""), self._n("c", t, k),
            (f"; {self.letter} = o", ""), self._n("o", t, k, "share"), ("× tanh(c)", ""), self._n("tanh c", t, k),
            ("=", ""), self._n("h", t, k),
        )  # fmt: skip

    def _gru(self, t: int, k: int) -> Tip:
        return (
            (f"{self.letter} = z", ""), self._n("z", t, k, "share"), ("×", ""), self._n("h", t - 1, k),
            ("before", "soft"), ("+ (1 − z)", ""), self._n("1−z", t, k, "share"), ("× n", ""), self._n("n", t, k),
            ("=", ""), self._n("h", t, k),
        )  # fmt: skip

    def _gate(self, name: str, t: int, k: int) -> Tip:
        """A gate or a candidate: what goes into its activation, and what comes out."""
        act = "σ" if name in SWITCHES else "tanh"
        tip: list[Piece] = [
            (NAMES[name], "soft"),
            (f"{name} = {act}(", ""),
            self._n(f"in {name}", t, k),
            (f"from {quoted(self.tokens[t - 1])} and bias", "soft"),
        ]
        if name == "n":
            tip += self._through_reset(t, k)
        else:
            tip += [self._n(f"state {name}", t, k, "term"), ("from the state before", "soft")]
        if self.peepholes is not None and name in "ifo":
            seen = "c" if name == "o" else "c before"
            tip += [self._n(f"peep {name}", t, k, "term"), (f"from {seen}, through the peephole", "soft")]
        return (*tip, (") =", ""), self._n(name, t, k, "share" if name in SWITCHES else "signed"))

    def _through_reset(self, t: int, k: int) -> list[Piece]:
        if not self.reset_after:
            return [self._n("reset", t, k, "term"), ("from r × the state before, all units", "soft")]
        return [("+ r", ""), self._n("r", t, k, "share"), ("×", ""), self._n("u", t, k), ("from the state", "soft")]


# ---- what is said


def caption(run: GatedRun, k: int, t: int) -> str:
    if not t:
        return f"Step 0 of {run.T}: the start. Nothing has been read; on the right is the first state."
    gate, road = ("f", "c") if run.record.kind == "lstm" else ("z", "h")
    letter = "c" if road == "c" else run.letter
    kept = share(run.value(f"{gate}/{t}/{k}"))
    before, after = (signed(run.value(f"{road}/{s}/{k}")) for s in (t - 1, t))
    moved = f"goes from {before} to {after}" if before != after else f"stays at {after}"
    more = f" Out of it, {run.letter} = {signed(run.value(f'h/{t}/{k}'))}." if road == "c" else ""
    return (
        f"Step {t} of {run.T}, {quoted(run.tokens[t - 1])}: {gate} keeps {kept} of the old {letter}; "
        f"{letter} {moved}.{more}"
    )


def note(run: GatedRun, k: int, unit: int | None) -> str:
    which = "" if run.H == 1 else f"Unit {k + 1} of {run.H}{', the one that moves most' if unit is None else ''}. "
    backward = "This layer reads from right to left. " if run.record.reverse else ""
    lines = "The lines below bring the state of all units, and the whole vector that is read."
    if run.record.kind == "lstm":
        return f"{which}{backward}{lines}"
    form = "r times what the state gives" if run.reset_after else "r times the state, before the weights"
    return f"{which}{backward}{lines} This form of the GRU: {form}."


def table(run: GatedRun, k: int) -> Table:
    rows: list[tuple[str, ...]] = [("", "start", *(clip(token, 130) for token in run.tokens))]
    for name, numbers in (run.gates | run.derived).items():
        style: Callable[[float], str] = share if name in (*SWITCHES, "1−z") else signed
        rows.append((f"{NAMES.get(name, '')} {name}".strip(), "", *(style(v) for v in numbers[:, k])))
    rows += [(f"state {name}", *(signed(v) for v in numbers[:, k])) for name, numbers in run.states.items()]
    return tuple(rows)
