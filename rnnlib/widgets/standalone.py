"""Steppers as a page of HTML that needs no Python, no widget manager and no other host; and what a notebook keeps."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..diagrams import Picture
from ..look.palette import DARK, LIGHT

if TYPE_CHECKING:
    from .stepper import Stepper

__all__ = ["kept", "standalone"]

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
body[data-jp-theme-light] {{ padding: 0; background: var(--jp-layout-color0); color: {soft}; }}
body[data-jp-theme-light="false"] {{ color: {dark_soft}; }}
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
        module=first._esm,
        shim=(HERE / "standalone.js").read_text(encoding="utf-8"),
    )


# The picture and the sentence are seen until the page in the frame runs and says so (standalone.js). Of the widget's
# own output before them nothing is seen while it shows no stepper, for its model goes with its kernel. A stepper that
# lives hides all of this (stepper.js); it is given half a second to come.
KEPT = """<div data-rnn="{name}">
{picture}
<p>{sentence}</p>
<iframe title="{title}" loading="lazy" style="width:100%;height:0;border:0" srcdoc="{frame}"></iframe>
<style>
@keyframes rnn-wait {{ from {{ visibility: hidden }} }}
[data-rnn="{name}"] {{ animation: rnn-wait 0.5s step-end }}
[data-rnn="{name}"][data-steps] > :not(iframe),
.jp-OutputArea-child:not(:has(.rnn-stepper)):has(+ .jp-OutputArea-child [data-rnn="{name}"]) {{ display: none }}
</style>
</div>"""
SENTENCE = "This is the stored picture. Run the cell, or trust the notebook, and it steps."
# A page is 5 to 10 times as long as what it is packed into.
FRAME = """<!doctype html>
<meta charset="utf-8">
<script type="module">
const packed = Uint8Array.from(atob("{packed}"), (letter) => letter.charCodeAt(0));
const page = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
document.write(await new Response(page).text());
document.close();
</script>
"""


def kept(document: str, picture: Picture, title: str, name: str) -> str:
    """What a notebook keeps of a widget: the document, packed, in a frame of its own; where scripts may not run, the
    picture and a sentence. name: what the widget calls it, to hide it while it lives itself."""
    packed = base64.b64encode(zlib.compress(document.encode(), 9)).decode("ascii")
    return KEPT.format(
        name=escape(name),
        picture=picture.html(),
        sentence=SENTENCE,
        title=escape(title),
        frame=escape(FRAME.format(packed=packed)),
    )
