"""One unit as a laboratory: its weights, its input and its first state on sliders. Chapter 02."""

from __future__ import annotations

import numpy as np

from ..cells import RNNCell
from ..checks import as_flag, one_of
from ..diagrams import Pages, one_unit
from ..exercises import predict
from ..views.scalar import scalar_run
from .bounds import a_page, a_range
from .laboratory import Laboratory, choice, slider

__all__ = ["OneUnit"]

DRIVES = {  # the input at steps 1 to 12
    "pulse": [1.0] + [0.0] * 11,
    "constant": [1.0] * 12,
    "alternating": [1.0, -1.0] * 6,
    "silence": [0.0] * 12,
}
SHOWN = {"a pulse": "pulse", "constant": "constant", "alternating": "alternating", "silence": "silence"}
DIGITS = 6  # of a slider's value; the browser sends 0.2 back as 0.19999999999999996
NAMED = {"−1.5": -1.5, "−0.5": -0.5, "0.5": 0.5, "1": 1.0, "1.5": 1.5}


class OneUnit(Laboratory):
    """One tanh unit, `h_t = tanh(w_x x_t + w_h h_(t-1) + b)`: the map from state to state, and the states over time.

    w_x, w_h (-2 to 2), b, h_0 (-1 to 1): the weights and the first state. drive: what it reads, a "pulse" at step 1, a
    "constant" 1, "alternating" 1 and -1, or "silence". ask: whether the reader has to say first where the state goes;
    asked for the values with which the widget opens, and not once a control has been moved. notation: "h" or "a". t,
    present: as in `Stepper`. ValueError for a drive or notation that does not exist and for a number outside its range,
    TypeError for what is not True or False. Chapter 02.
    """

    def __init__(
        self,
        *,
        w_x: float = 1.0,
        w_h: float = 0.5,
        b: float = 0.0,
        h_0: float = 0.0,
        drive: str = "pulse",
        ask: bool = True,
        notation: str = "h",
        t: int | None = None,
        present: bool = False,
    ) -> None:
        one_of("drive", drive, DRIVES)
        for name, value, most in (("w_x", w_x, 2), ("w_h", w_h, 2), ("b", b, 1), ("h_0", h_0, 1)):
            a_range(name, value, -most, most)
        self.ask, self.notation = as_flag("ask", ask), one_of("notation", notation, "ha")
        super().__init__(
            slider("w_h", w_h, -2, 2, 0.05, label=f"w_{notation}", ticks=NAMED),
            slider("w_x", w_x, -2, 2, 0.05),
            slider("b", b, -1, 1, 0.05),
            slider("h_0", h_0, -1, 1, 0.05, label=f"{notation}_0"),
            choice("drive", SHOWN, drive, label="input"),
            lead=1,
            t=a_page(t),
            present=as_flag("present", present),
            fixed=[*([] if notation == "h" else [f"notation={notation!r}"]), *([] if ask else ["ask=False"])],
        )

    def draw(self, *, drive: str, **sliders: float) -> Pages:
        """The pages for these weights, this first state and this input."""
        w_x, w_h, b, h_0 = (round(sliders[name], DIGITS) for name in ("w_x", "w_h", "b", "h_0"))
        cell = RNNCell(1, 1, rng=np.random.default_rng(0))
        cell.set_params({"W_xh": np.array([[w_x]]), "W_hh": np.array([[w_h]]), "b_h": np.array([b])})
        run = scalar_run(cell, DRIVES[drive], h_0)
        ask = predict.one_unit(run, self.notation) if self.ask and self._untouched() else None
        return one_unit(run, notation=self.notation, ask=ask)

    def _untouched(self) -> bool:
        """Whether the controls stand where they stood at first."""
        return all(
            value == first if isinstance(value, str) else abs(value - first) < 0.1**DIGITS
            for value, first in zip(self.values.values(), self._first.values(), strict=True)
        )
