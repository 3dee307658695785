"""Controls above a Stepper: who moves one gets new pages from Python, in the same place. It holds no maths."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets

from ..diagrams import Pages
from .stepper import Kept, Stepper

__all__ = ["Control", "Laboratory", "action", "choice", "line", "slider", "text", "whole"]

NEEDS_PYTHON = "The controls need Python: run the notebook to use them. The pages can be turned without."


@dataclass(frozen=True, eq=False)
class Control:
    """Something to move: the name of its value ("" for a button), the widget that holds the value, and what is
    shown."""

    name: str
    holder: ipywidgets.Widget
    shown: ipywidgets.Widget


def slider(
    name: str, value: float, low: float, high: float, step: float, *, label: str = "", ticks: Mapping[str, float] = {}
) -> Control:
    """A number between two others: dragged, moved by keys, or typed. ticks: values with a name, as buttons."""
    digits = max(0, -math.floor(math.log10(step)))
    holder = ipywidgets.FloatSlider(
        value, min=low, max=high, step=step, readout_format=f".{digits}f", **_called(label or name)
    )
    return Control(name, holder, _with_ticks(holder, ticks))


def whole(
    name: str, value: int, low: int, high: int, *, step: int = 1, label: str = "", ticks: Mapping[str, int] = {}
) -> Control:
    """A whole number between two others."""
    holder = ipywidgets.IntSlider(value, min=low, max=high, step=step, **_called(label or name))
    return Control(name, holder, _with_ticks(holder, ticks))


def _called(label: str) -> dict[str, Any]:
    """The label of a slider, an index below the line: its sign stays in the text, and is not seen."""
    # The host leaves no <sub>.
    index = r'\1<i class="rnn-unseen">_</i><i class="rnn-index">\2</i>'
    html = re.sub(r"\b([A-Za-z])_(\w+)", index, escape(label))
    return {"description": html, "description_allow_html": True, "tooltip": label}


def _with_ticks(holder: ipywidgets.Widget, ticks: Mapping[str, float]) -> ipywidgets.Widget:
    def setter(value: float) -> Callable[[Any], None]:
        return lambda _: setattr(holder, "value", value)

    buttons = [ipywidgets.Button(description=label) for label in ticks]
    for button, value in zip(buttons, ticks.values(), strict=True):
        button.on_click(setter(value))
    shown = ipywidgets.Box([holder, *([_row(buttons, "rnn-ticks")] if buttons else [])])
    return _styled(shown, "rnn-control")


def choice(
    name: str, options: Sequence[Any] | Mapping[str, Any], value: Any, *, label: str = "", tips: Sequence[str] = ()
) -> Control:
    """One of a few. options: the values, or what is shown -> value. tips: what each is called at length."""
    named = dict(options) if isinstance(options, Mapping) else {str(option): option for option in options}
    holder = ipywidgets.ToggleButtons(options=list(named.items()), value=value, tooltips=[*(tips or named)])
    caption = ipywidgets.Label(label or name)
    return Control(name, holder, _styled(ipywidgets.Box([caption, holder]), "rnn-control", "rnn-narrow"))


def text(name: str, value: str, *, label: str = "", placeholder: str = "") -> Control:
    """A line to type; Enter, or leaving the field, reads it."""
    holder = ipywidgets.Text(value, placeholder=placeholder, continuous_update=False, description=label or name)
    return Control(name, holder, _styled(ipywidgets.VBox([holder]), "rnn-control", "rnn-wide"))


def action(label: str, act: Callable[[], None]) -> Control:
    """A button that does something."""
    button = ipywidgets.Button(description=label)
    button.on_click(lambda _: act())
    return Control("", button, _styled(ipywidgets.Box([button]), "rnn-control", "rnn-narrow"))


def line(text: str) -> str:
    """A sentence for the reader as HTML, safe."""
    return f'<div class="rnn-words">{escape(text)}</div>' if text else ""


def _styled(widget: ipywidgets.Widget, *classes: str) -> ipywidgets.Widget:
    for name in classes:
        widget.add_class(name)
    return widget


def _row(widgets: Sequence[ipywidgets.Widget], name: str) -> ipywidgets.Widget:
    return _styled(ipywidgets.Box(list(widgets)), name)


class Laboratory(Kept, ipywidgets.VBox):
    """Controls above a `Stepper`. A subclass says what is drawn for their values: `draw(**values) -> Pages`.

    controls: made by `slider`, `whole`, `choice`, `text`, `action`; the first `lead` of them stand in the row above the
    picture, the others, "Reset" and "New seed" below it when "more" is pressed. seed: where there is one, a button "New
    seed", and `draw` gets `seed=`. t: the step to begin with. present: for a projector. fixed: the arguments before
    those of the controls in the call that "copy this state" gives. More than one change at a time makes one drawing;
    what `draw` raises is shown in the widget, and the pages stay as they were.

    `values` are the controls' values, `set(w_h=1.5)` moves them, `stepper` shows the `pages`, `say` tells the reader
    something. "Reset" puts the controls back (it keeps the seed).
    """

    note = NEEDS_PYTHON

    def __init__(
        self,
        *controls: Control,
        lead: int = 2,
        seed: int | None = None,
        t: int | None = None,
        present: bool = False,
        fixed: Sequence[str] = (),
    ) -> None:
        self.controls = {control.name: control.holder for control in controls if control.name}
        self.seed, self.fixed = seed, tuple(fixed)
        self._first = self.values
        self._busy = False
        self.stepper = Stepper(self._drawn(), t=t, present=present)
        self.answer = ipywidgets.HTML("")
        needs = _styled(ipywidgets.HTML(line(NEEDS_PYTHON)), "rnn-needs-python")
        shown = [control.shown for control in controls]
        rest = _styled(_row([*shown[lead:], self._buttons()], "rnn-controls"), "rnn-rest")
        super().__init__([_row(shown[:lead], "rnn-controls"), needs, self.stepper, self.answer, rest])
        self.add_class("rnn-lab")
        self._name_state()
        for holder in self.controls.values():
            holder.observe(self._moved, "value")

    def _buttons(self) -> ipywidgets.Widget:
        reset = ipywidgets.Button(description="Reset", tooltip="the controls as they were; the seed stays")
        reset.on_click(lambda _: self.reset())
        new = ipywidgets.Button(description="New seed", tooltip="other random numbers, the controls stay")
        new.on_click(lambda _: self.set(seed=(self.seed or 0) + 1))
        return _styled(_row([reset, *([] if self.seed is None else [new])], "rnn-buttons"), "rnn-control", "rnn-narrow")

    def draw(self, *_: Any, **values: Any) -> Pages:
        """The pages for these values of the controls."""
        raise NotImplementedError

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: holder.value for name, holder in self.controls.items()}

    @property
    def pages(self) -> Pages:
        """The pages that are shown."""
        return self.stepper.pages

    def set(self, *, seed: int | None = None, **values: Any) -> None:
        """Move controls, as if by hand, and draw once. ValueError for a control that does not exist."""
        for name in values:
            if name not in self.controls:
                raise ValueError(f"{name}: expected one of {', '.join(self.controls)}")
        self._busy = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._busy = False
        self.seed = self.seed if seed is None else seed
        self.redraw()

    def reset(self) -> None:
        """The controls as they were; the seed stays."""
        self.set(**self._first)

    def redraw(self) -> None:
        """Draw the present values. What is raised is shown in the widget, and raised on."""
        self.stepper.error = ""
        with self.stepper.showing_errors():
            self.stepper.pages = self._drawn()
        self._name_state()

    def say(self, text: str) -> None:
        """A sentence for the reader, under the controls; an empty one takes it away."""
        self.answer.value = line(text)

    def _moved(self, _: Any) -> None:
        if not self._busy:
            self.redraw()

    def _drawn(self) -> Pages:
        return self.draw(**self.values, **({} if self.seed is None else {"seed": self.seed}))

    def _name_state(self) -> None:
        values = self.values | ({} if self.seed is None else {"seed": self.seed})
        named = [f"{name}={_short(value)}" for name, value in values.items()]
        self.stepper.code = f"{type(self).__name__}({', '.join([*self.fixed, *named, 't={t}'])})"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.pages)} pages: {self.pages.title})"


def _short(value: Any) -> str:
    """A value as it is written in a call: no more digits than a slider has steps."""
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
