"""The Stepper: pages that Python has drawn, turned in the browser. It holds no maths and knows nothing of networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ..diagrams import Pages, static_svg
from ..diagrams.style import theme_css

__all__ = ["Stepper"]

HERE = Path(__file__).parent


class Stepper(anywidget.AnyWidget):  # type: ignore[misc]
    """Step through pages with a slider, the arrow keys or the play button; forward, backward, at any speed.

    pages: what a function of `diagrams` gave; assign others at any time, and the step stays where it was (or goes to
    the last that there is). t: the step, 0 to T, readable and settable from Python; `observe(f, "t")` hears of it.
    present: 1.4 times as large, for a projector. error: a message that the reader should see; what a callback on `t`
    raises is put here. ValueError or TypeError for pages or steps that do not fit.

    Keys: left, right, Home, End, Space (play, pause), up and down (another element's arithmetic), Enter (keeps it),
    Escape (leaves). Rules: no autoplay, no network, and the stored output holds one page as a picture.
    """

    _esm = (HERE / "stepper.js").read_text(encoding="utf-8")
    _css = theme_css(".rnn-stepper") + (HERE / "stepper.css").read_text(encoding="utf-8")

    pages = traitlets.Instance(Pages).tag(sync=True, to_json=lambda pages, _: pages.state())
    t = traitlets.Int(0).tag(sync=True)
    present = traitlets.Bool(False).tag(sync=True)
    error = traitlets.Unicode("").tag(sync=True)

    def __init__(self, pages: Pages, *, t: int | None = None, present: bool = False) -> None:
        if not isinstance(pages, Pages):
            raise TypeError(f"pages: expected Pages, as diagrams.sentence(...) gives, got {type(pages).__name__}")
        start = 0 if t is None else t
        if not 0 <= start < len(pages):
            raise ValueError(f"t: expected 0 to {len(pages) - 1}, got {t}")
        self._stored = len(pages) - 1 if t is None else t
        super().__init__(pages=pages, t=start, present=present)

    @traitlets.validate("t")
    def _within(self, proposal: dict[str, Any]) -> int:
        """A step that does not exist becomes the nearest one that does."""
        return int(min(max(proposal["value"], 0), len(self.pages) - 1))

    @traitlets.observe("pages")
    def _keep_step(self, change: dict[str, Any]) -> None:
        self.t = min(self.t, len(change["new"]) - 1)

    def notify_change(self, change: Any) -> None:
        """What an observer of the step raises is shown in the widget too, and raised on."""
        if change["name"] != "t":
            super().notify_change(change)
            return
        try:
            super().notify_change(change)
        except Exception as problem:
            self.error = f"{type(problem).__name__}: {problem}"
            raise
        self.error = ""

    def static(self, t: int | None = None) -> str:
        """The picture of one page; the present step if t is None."""
        return static_svg(self.pages, self.t if t is None else t)

    def __repr__(self) -> str:
        return f"Stepper({len(self.pages)} pages: {self.pages.title})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return with_picture(super()._repr_mimebundle_(**kwargs), self.pages, self._stored)


def with_picture(bundle: Any, pages: Pages, t: int) -> Any:
    """A widget's bundle with the static form: a picture of page t, and its caption as text."""
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    data["text/plain"] = "\n".join([pages.title, *pages.said(t)])
    data["image/svg+xml"] = str.__str__(static_svg(pages, t))
    return data, metadata
