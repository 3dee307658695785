"""The Stepper: pages that Python has drawn, turned in the browser. It holds no maths."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import ipywidgets
import traitlets
from IPython.display import DisplayHandle, display

from ..checks import as_flag, expect, shown
from ..diagrams import Pages, Picture, static_svg
from ..look.palette import theme_css
from .bounds import a_kind, a_text
from .standalone import kept, standalone

__all__ = ["Kept", "Stepper", "link"]

HERE = Path(__file__).parent
VIEW = "application/vnd.jupyter.widget-view+json"
REST = 0.5  # s without new pages until the notebook keeps them


class Kept:
    """A widget around a `stepper` that can be seen again, and stepped, when its kernel has gone.

    A cell has two outputs: the widget, and what the notebook keeps of it, which shows wherever the widget does not (the
    next day, in an exported page). The second one is renewed when the pages change. With the environment variable
    RNNLIB_PICTURES set there is one output, a picture and its lines as text: the book is stored like that.
    """

    stepper: Stepper
    note = ""  # a sentence above what is kept

    def html(self, note: str | None = None) -> str:
        """A page of HTML that steps in any browser, with no Python and no other host. note: a sentence above it; the
        widget's own if None."""
        return standalone([self.stepper], self.note if note is None else note)

    def _ipython_display_(self) -> None:
        if os.environ.get("RNNLIB_PICTURES"):
            raise NotImplementedError  # IPython takes the next best form: the bundle
        data, _ = self._repr_mimebundle_()
        display({VIEW: data[VIEW], "text/plain": ""}, raw=True)
        self.stepper.keep(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """The view, a picture of one page, and the lines under it as text."""
        bundle = super()._repr_mimebundle_(**kwargs)  # type: ignore[misc]
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        return data | {"text/html": self.stepper.stored().html(), "text/plain": self.stepper.said()}, metadata


class Stepper(Kept, anywidget.AnyWidget):
    """Step through pages with a slider, the arrow keys or the play button: forward, backward, at any speed.

    pages: what a function of `diagrams` gave. Assign others at any time: the step stays where it was, or goes
    to the last that there is. t: the step, 0 to T; where reading begins if None. It can be read and set from
    Python, and `observe(f, "t")` hears of it; `link` gives several widgets one step. present: 1.4 times as large,
    for a projector. code: the call that "copy this state" gives, with {t} for the step. error: a message for the
    reader; what an observer of `t` raises is shown here (and raised on). TypeError for pages that are none,
    ValueError for a step that does not exist.

    Keys: left, right, Home, End; Space plays and pauses; up and down show another element's arithmetic, Enter
    keeps it; 1, 2, ... answer a question; Escape leaves.
    """

    _esm = "".join((HERE / name).read_text(encoding="utf-8") for name in ("host.js", "parts.js", "stepper.js"))
    _css = theme_css(":is(.rnn-stepper, .rnn-lab)") + (HERE / "stepper.css").read_text(encoding="utf-8")

    pages = traitlets.Instance(Pages).tag(sync=True, to_json=lambda pages, _: pages.state())
    t = traitlets.Int(0).tag(sync=True)
    present = traitlets.Bool(False).tag(sync=True)
    code = traitlets.Unicode("").tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)
    kept = traitlets.Unicode("").tag(sync=True)  # the name of what the notebook keeps

    def __init__(
        self, pages: Pages, *, t: int | None = None, present: bool = False, code: str = "Stepper(pages, t={t})"
    ) -> None:
        if not isinstance(pages, Pages):
            raise TypeError(f"pages: expected Pages, as diagrams.sentence gives, got {type(pages).__name__}")
        page = t is None or (type(t) is int and 0 <= t < len(pages))
        expect(page, f"t: expected 0 to {len(pages) - 1}, got {shown(t)}")
        as_flag("present", present), a_text("code", code)
        self.shown = t  # the page of the stored picture, if one was asked for
        self._renew: Any = None  # once it is displayed: renews what the notebook keeps
        t = pages.start if t is None else t
        super().__init__(pages=pages, t=t, present=present, code=code, kept=uuid4().hex)

    @traitlets.validate("t")
    def _within(self, proposal: dict[str, Any]) -> int:
        """A step that does not exist becomes the nearest one that does."""
        return int(min(max(proposal["value"], 0), len(self.pages) - 1))

    @traitlets.observe("pages")
    def _turned(self, change: dict[str, Any]) -> None:
        self.t = min(self.t, len(change["new"]) - 1)
        if self._renew:
            self._renew()

    @property
    def stepper(self) -> Stepper:  # type: ignore[override]
        """Itself."""
        return self

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

    def stored(self) -> Picture:
        """The stored picture: the page asked for; else the first that asks something; else the one where reading ends.
        A page that asks shows its question."""
        return static_svg(self.pages, self._page(), question=True)

    def said(self) -> str:
        """The stored picture's lines as text."""
        t = self._page()
        asked = self.pages.questions[t] if self.pages.questions else None
        return "\n".join([self.pages.title, *(asked.said() if asked else self.pages.said(t))])

    def _page(self) -> int:
        pages, last = self.pages, len(self.pages) - 1
        if self.shown is not None:
            return min(self.shown, last)
        order = sorted(range(len(pages.questions)), reverse=pages.backward)
        return next((t for t in order if pages.questions[t]), last - pages.start)

    def keep(self, shown: Kept) -> None:
        """Display what the notebook keeps of `shown`, and renew it when the pages have changed and come to rest."""

        def bundle() -> dict[str, str]:
            page = kept(shown.html(), self.stored(), self.pages.title, self.kept)
            return {"text/html": page, "text/plain": self.said()}

        handle = DisplayHandle(self.kept)
        handle.display(bundle(), raw=True)
        try:
            loop = asyncio.get_running_loop()  # of the kernel, in whose thread alone something can be displayed
        except RuntimeError:
            return
        waiting: list[asyncio.TimerHandle] = []

        def wait() -> None:
            while waiting:
                waiting.pop().cancel()
            waiting.append(loop.call_later(REST, lambda: handle.update(bundle(), raw=True)))

        self._renew = lambda: loop.call_soon_threadsafe(wait)

    def __repr__(self) -> str:
        return f"Stepper({len(self.pages)} pages: {self.pages.title})"


def link(first: ipywidgets.Widget, *others: ipywidgets.Widget) -> None:
    """One step for several widgets (`Stepper`, or what has one): turn a page in one, and the others follow, also
    without Python."""
    found = [getattr(widget, "stepper", widget) for widget in (first, *others)]
    steppers = [a_kind("widgets", one, Stepper, "a Stepper, or what has one") for one in found]
    for other in steppers[1:]:
        other.t = steppers[0].t
        ipywidgets.jslink((steppers[0], "t"), (other, "t"))
