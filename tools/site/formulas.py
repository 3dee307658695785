"""Formulas as MathML, which browsers draw themselves, and the font that they are drawn with.

A browser sets MathML well only with a font that has a table of mathematical measures: how small an index is, how high
it stands, how a bracket grows. Few systems bring one, so the site has its own: STIX Two, with the characters in use.
"""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from latex2mathml.converter import convert

INSIDE = re.compile(r"\\text\{([^{}$]*)\$([^$]*)\$([^{}]*)\}")
# What the converter does not know, or sets otherwise than a reader of formulas expects.
SAID = {
    r"\\(?:lvert|rvert)\b": "|",
    r"\\(?:lVert|rVert)\b": r"\\Vert ",
    r"\\mid\b": r"\\;|\\;",
}
NAMES = {"tanh", "softmax", "relu", "exp", "log", "ln", "max", "min"}
THIN = "0.167em"
SIGNS, OPENING = set("−-+±"), set("([{=<>,;→←≤≥≈")
BARS = {"/", "|", "‖", "∥"}
SCRIPTS = {"msub", "msup", "msubsup", "munder", "mover", "munderover"}
DRAWN = "√‾⏞⏟→←"  # no characters of a formula: roots, bars, braces and arrows are drawn with them
SPACE = "{http://www.w3.org/1998/Math/MathML}"


def mathml(formula: str, display: str = "inline") -> str:
    """A formula in LaTeX as MathML. ValueError for what cannot be read."""
    source = formula
    while INSIDE.search(source):  # a formula in a text in a formula: the text ends before it and goes on after it
        source = INSIDE.sub(r"\\text{\1}\2\\text{\3}", source)
    for pattern, said in SAID.items():
        source = re.sub(pattern, said, source)
    source = re.sub(r"\\text\{\}", "", source)
    root = ET.fromstring(convert(source, display=display))
    said = "".join(root.itertext())
    if "$" in said or "\\" in said:
        raise ValueError(f"formula: expected LaTeX that can be set, got {formula!r}")
    root.set("alttext", " ".join(formula.split()))
    _spaced(root)
    ET.register_namespace("", SPACE[1:-1])
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _spaced(node: ET.Element, small: bool = False) -> None:
    """The spaces of TeX: none around an operator in an index, none after a sign, a thin one beside a function's name.
    small: whether this stands in an index."""
    children = list(node)
    tag = node.tag.removeprefix(SPACE)
    for k, child in enumerate(children):
        text = (child.text or "").strip()
        before = (children[k - 1].text or "").strip() if k else ""
        if child.tag == f"{SPACE}mo" and text in NAMES:
            child.tag = f"{SPACE}mi"
        elif child.tag == f"{SPACE}mo" and text:
            first = (not k or (children[k - 1].tag == f"{SPACE}mo" and before in OPENING)) and tag not in SCRIPTS
            if small or text in BARS or (text in SIGNS and first):
                child.attrib |= {"lspace": "0", "rspace": "0"}
        _spaced(child, small or (tag in SCRIPTS and k > 0))
    for k in range(len(children) - 2, -1, -1) if tag == "mrow" else ():
        one, other = children[k : k + 2]
        if (_is_name(one) and _is_thing(other)) or (_is_name(other) and _is_thing(one)):
            node.insert(k + 1, ET.Element(f"{SPACE}mspace", width=THIN))


def _is_name(node: ET.Element) -> bool:
    """Whether it is the name of a function, or one with an index."""
    node = node[0] if node.tag.removeprefix(SPACE) in SCRIPTS and len(node) else node
    return (node.text or "").strip() in NAMES


def _is_thing(node: ET.Element) -> bool:
    """Whether it is neither an operator, a bracket nor a space."""
    return node.tag not in (f"{SPACE}mo", f"{SPACE}mspace", f"{SPACE}mtext")


def font(characters: Iterable[str]) -> str:
    """STIX Two with these characters and what a formula may need to grow, as a rule of CSS. It stands in the sheet
    itself, for from a file system browsers load no fonts."""
    found = find_spec("ziamath")  # it brings the font; nothing else of it is used
    assert found and found.origin
    source = Path(found.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    options = Options(flavor="woff", layout_features=["ssty", "dtls"], notdef_outline=True, name_IDs=[0, 1, 2, 13, 14])
    whole = TTFont(io.BytesIO(source.read_bytes()))
    cut = Subsetter(options)
    letters = {chr(place) for place in range(0x20, 0x7F)}
    cut.populate(text="".join(letters | set(DRAWN) | italics() | set(characters)))
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
