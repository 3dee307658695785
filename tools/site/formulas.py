"""Formulas as MathML, which browsers draw themselves, and the font that they are drawn with.

A browser sets MathML well only with a font that has a table of mathematical measures: how small an index is, how high it
stands, how a bracket grows. Few systems bring one, so the site has its own: STIX Two, with the characters in use.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from importlib.resources import files

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from latex2mathml.converter import convert

INSIDE = re.compile(r"\\text\{([^{}$]*)\$([^$]*)\$([^{}]*)\}")
# What the converter does not know, or sets otherwise than a reader of formulas expects.
SAID = {
    r"\\(?:lvert|rvert)\b": "|",
    r"\\(?:lVert|rVert)\b": r"\\Vert ",
    r"\\mid\b": r"\\;|\\;",
    r"\\top\b": r"{\\mathsf T}",
}
UPRIGHT = ("tanh", "softmax", "relu", "exp", "log", "ln", "max", "min")


def mathml(formula: str, display: str = "inline") -> str:
    """A formula in LaTeX as MathML. ValueError for what cannot be read."""
    source = formula
    while INSIDE.search(source):  # a formula in a text in a formula: the text ends before it and goes on after it
        source = INSIDE.sub(r"\\text{\1}\2\\text{\3}", source)
    for pattern, said in SAID.items():
        source = re.sub(pattern, said, source)
    source = re.sub(r"\\text\{\}", "", source)
    found = str(convert(source, display=display))
    if "$" in found or re.search(r">\s*\\[a-zA-Z]", found):
        raise ValueError(f"formula: expected LaTeX that can be set, got {formula!r}")
    return found.replace("<math ", f'<math alttext="{_attribute(formula)}" ', 1)


def _attribute(text: str) -> str:
    signs = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;", "\n": " "}
    return "".join(signs.get(sign, sign) for sign in text.strip())


def font(characters: Iterable[str]) -> str:
    """STIX Two with these characters and what a formula may need to grow, as a rule of CSS. It stands in the sheet
    itself, for from a file system browsers load no fonts."""
    source = files("ziamath").joinpath("fonts", "STIXTwoMath-Regular.ttf")
    options = Options(flavor="woff", layout_features=["ssty", "dtls"], notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    whole = TTFont(io.BytesIO(source.read_bytes()))
    cut = Subsetter(options)
    letters = {chr(place) for place in range(0x20, 0x7F)}
    cut.populate(text="".join(letters | italics() | set(characters)))
    cut.subset(whole)
    whole.flavor = "woff"
    packed = io.BytesIO()
    whole.save(packed)
    data = base64.b64encode(packed.getvalue()).decode("ascii")
    return f'@font-face{{font-family:"Book Math";src:url(data:font/woff;base64,{data}) format("woff")}}\n'


def italics() -> set[str]:
    """A letter that stands alone is drawn as its mathematical italic, which is another character."""
    latin = {chr(0x1D434 + k) for k in range(52)} | {"ℎ"}
    return latin | {chr(0x1D6E2 + k) for k in range(58)}
