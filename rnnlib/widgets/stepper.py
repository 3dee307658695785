"""The Stepper: pages that Python has drawn, turned in the browser. It holds no maths."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from ..diagrams import Pages, Picture, static_svg
from ..diagrams.palette import theme_css
from .standalone import framed, standalone

__all__ = ["Stepper", "link"]

HERE = Path(__file__).parent


class Stepper(anywidget.AnyWidget):
    """Step through pages with a slider, the arrow keys or the play button: forward, backward, at any speed.

    pages: what a function of `diagrams` gave. Assign others at any time: the step stays where it was, or goes
    to the last that there is. t: the step, 0 to T; where reading begins if None. It can be read and set from
    Python, and `observe(f, "t")` hears of it; `link` gives several widgets one step. present: 1.4 times as large,
    for a projector. code: the call that "copy this state" gives, with {t} for the step. error: a message for the
    reader; what an observer of `t` raises is shown here (and raised on). TypeError for pages that are none,
    ValueError for a step that does not exist.

    Keys: left, right, Home, End; Space plays and pauses; up and down show another element's arithmetic, Enter
    keeps it; 1, 2, ... answer a question; Escape leaves. A stored output holds one page as a picture, and its lines
    as text; with the environment variable RNNLIB_EXPORT set, also a page that steps without Python (see `html`).
    """

    _esm = (HERE / "stepper.js").read_text(encoding="utf-8")
    _css = theme_css(":is(.rnn-stepper, .rnn-lab)") + (HERE / "stepper.css").read_text(encoding="utf-8")

    pages = traitlets.Instance(Pages).tag(sync=True, to_json=lambda pages, _: pages.state())
    t = traitlets.Int(0).tag(sync=True)
    present = traitlets.Bool(False).tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)

    def __init__(
        self, pages: Pages, *, t: int | None = None, present: bool = False, code: str = "Stepper(pages, t={t})"
    ) -> None:
        if not isinstance(pages, Pages):
            raise TypeError(f"pages: expected Pages, as diagrams.sentence gives, got {type(pages).__name__}")
        if t is not None and not 0 <= t < len(pages):
            raise ValueError(f"t: expected 0 to {len(pages) - 1}, got {t}")
        self._stored = t  # the page of the stored picture: the one asked for, else the last
        super().__init__(pages=pages, t=pages.start if t is None else t, present=present, code=code)

    @traitlets.validate("t")
    def _within(self, proposal: dict[str, Any]) -> int:
        """A step that does not exist becomes the nearest one that does."""
        return int(min(max(proposal["value"], 0), len(self.pages) - 1))

    @traitlets.observe("pages")
    def _keep_step(self, change: dict[str, Any]) -> None:
        self.t = min(self.t, len(change["new"]) - 1)

    def notify_change(self, change: Any) -> None:
        """What an observer of the step raises is shown, and raised on."""
        if change["name"] != "t":
            super().notify_change(change)
            return
        self.error = ""
        with self.showing_errors():
            super().notify_change(change)

    @contextmanager
    def showing_errors(self) -> Iterator[None]:
        """What is raised inside is shown in the widget, and raised on."""
        try:
            yield
        except Exception as problem:
            self.error = f"{type(problem).__name__}: {problem}"
            raise

    def picture(self, t: int | None = None) -> Picture:
        """One page as a picture; the present one if t is None."""
        return static_svg(self.pages, self.t if t is None else t)

    def html(self, note: str = "") -> str:
        """A page of HTML that steps in any browser, with no Python and no other host. note: a sentence above it."""
        return standalone([self], note)

    def __repr__(self) -> str:
        return f"Stepper({len(self.pages)} pages: {self.pages.title})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return with_picture(super()._repr_mimebundle_(**kwargs), self)


def with_picture(bundle: Any, stepper: Stepper, note: str = "") -> Any:
    """A widget's mime bundle with its static form: a picture of one page, and the lines under it as text."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    pages = stepper.pages
    t = len(pages) - 1 - pages.start if stepper._stored is None else min(stepper._stored, len(pages) - 1)
    data["text/plain"] = "\n".join([pages.title, *pages.said(t)])
    data["image/svg+xml"] = str.__str__(static_svg(pages, t))
    if os.environ.get("RNNLIB_EXPORT"):
        data["text/html"] = framed(stepper.html(note), pages.title)
    return data, metadata


def link(first: ipywidgets.Widget, *others: ipywidgets.Widget) -> None:
    """One step for several widgets (`Stepper`, or what has one): turn a page in one, and the others follow, also
    without Python."""
    steppers = [getattr(widget, "stepper", widget) for widget in (first, *others)]
    for other in steppers[1:]:
        other.t = steppers[0].t
        ipywidgets.jslink((steppers[0], "t"), (other, "t"))
