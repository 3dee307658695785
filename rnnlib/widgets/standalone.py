"""Steppers as a page of HTML that needs no Python, no widget manager and no other host."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..diagrams.palette import DARK, LIGHT

if TYPE_CHECKING:
    from .stepper import Stepper

__all__ = ["framed", "standalone"]

HERE = Path(__file__).parent
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{css}
body {{ margin: 0; padding: 0 8px; font-family: system-ui, sans-serif; background: {surface}; color: {soft}; }}
@media (prefers-color-scheme: dark) {{ body {{ background: {dark_surface}; color: {dark_soft}; }} }}
</style>
</head>
<body>
{note}<main></main>
<script type="application/json" id="states">{states}</script>
<script type="text/plain" id="module">{module}</script>
<script type="module">{shim}</script>
</body>
</html>
"""


def standalone(steppers: Sequence[Stepper], note: str = "") -> str:
    """The document: the steppers one above the other, with one step for all of them. note: a sentence before them."""
    first = steppers[0]
    names = ("t", "present", "code")
    states = [{"pages": s.pages.state(), "error": ""} | {name: getattr(s, name) for name in names} for s in steppers]
    return PAGE.format(
        title=escape(first.pages.title),
        css=first._css,
        surface=LIGHT["surface"],
        soft=LIGHT["soft"],
        dark_surface=DARK["surface"],
        dark_soft=DARK["soft"],
        note=f'<p class="rnn-words">{escape(note)}</p>\n' if note else "",
        states=json.dumps(states, ensure_ascii=False).replace("<", "\\u003c"),
        module=(HERE / "stepper.js").read_text(encoding="utf-8"),
        shim=(HERE / "standalone.js").read_text(encoding="utf-8"),
    )


def framed(document: str, title: str) -> str:
    """The document inside another page, as high as it needs to be."""
    style = "width:100%;height:640px;border:0"
    return f'<iframe title="{escape(title)}" style="{style}" srcdoc="{escape(document)}"></iframe>'
