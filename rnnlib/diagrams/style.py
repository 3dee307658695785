"""One look for every diagram: palette, type, numbers, arrows and boxes (drawsvg elements; no ids, no randomness).

Colours are CSS variables with literal fallbacks, so that the same SVG is light or dark as its host is. In Jupyter the
host's surface, ink and font are used; outside, `prefers-color-scheme` decides.
"""

from __future__ import annotations

import unicodedata
from typing import Any
from xml.sax.saxutils import escape

import drawsvg as draw

Element = Any  # drawsvg has no type hints

LIGHT = {
    "surface": "#ffffff",
    "panel": "#f6f7f9",
    "ink": "#1d2433",
    "soft": "#5d6779",
    "line": "#c9d0da",
    "now": "#0b7a75",
    "nowsoft": "#e3f3f1",
    "plus": "#5b3fa8",
    "minus": "#d9600a",
}
DARK = {
    "surface": "#15181e",
    "panel": "#1c2129",
    "ink": "#e8ecf2",
    "soft": "#98a2b3",
    "line": "#3a4250",
    "now": "#3fc7bf",
    "nowsoft": "#123331",
    "plus": "#8f74ea",
    "minus": "#e8791f",
}
HOST = {"surface": "--jp-layout-color0", "ink": "--jp-content-font-color1"}
FONT = 'var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif)'
SERIF = 'Georgia, "Times New Roman", "DejaVu Serif", serif'

# The ink of a number on a filled cell, first choice first. Black is there because neither the ink nor white
# reaches 4.5:1 on the middle tones.
ON_LIGHT = {"i": LIGHT["ink"], "w": "#ffffff", "b": "#000000"}
ON_DARK = {"w": "#ffffff", "b": "#000000"}
LIGHT_SURFACES = ("#ffffff",)
DARK_SURFACES = ("#111111", "#15181e", "#212121")  # Jupyter's dark themes, and ours
AA = 4.5

RANGE = 1.0  # every cell is coloured on -1..1, in every picture and at every step
TEXT, SMALL = 15, 14
RULES = f"""
.rnn-svg text{{font-family:{FONT};font-variant-numeric:tabular-nums;font-size:{SMALL}px;fill:var(--rnn-ink,{LIGHT["ink"]})}}
.rnn-svg .mid{{text-anchor:middle}}
.rnn-svg .end{{text-anchor:end}}
.rnn-svg .big{{font-size:{TEXT}px}}
.rnn-svg .bold{{font-weight:600}}
.rnn-svg .soft{{fill:var(--rnn-soft,{LIGHT["soft"]})}}
.rnn-svg .sym{{font-family:{SERIF};font-style:italic;font-size:16px}}
.rnn-svg .sub{{font-size:12px}}
.rnn-svg .accent{{fill:var(--rnn-now,{LIGHT["now"]})}}
.rnn-svg .panel{{fill:var(--rnn-panel,{LIGHT["panel"]});stroke:var(--rnn-line,{LIGHT["line"]});stroke-width:1.2}}
.rnn-svg .surface{{fill:var(--rnn-surface,{LIGHT["surface"]})}}
.rnn-svg .rest{{fill:none;stroke:var(--rnn-line,{LIGHT["line"]});stroke-width:1.2}}
.rnn-svg .flow{{fill:none;stroke:var(--rnn-soft,{LIGHT["soft"]});stroke-width:1.2;stroke-linecap:round}}
.rnn-svg .now{{fill:none;stroke:var(--rnn-now,{LIGHT["now"]});stroke-width:2.6;stroke-linecap:round}}
.rnn-svg .nowsoft{{fill:var(--rnn-nowsoft,{LIGHT["nowsoft"]})}}
.rnn-svg .plus{{fill:var(--rnn-plus,{LIGHT["plus"]})}}
.rnn-svg .minus{{fill:var(--rnn-minus,{LIGHT["minus"]})}}
.rnn-svg .mark{{fill:none;stroke:var(--rnn-ink,{LIGHT["ink"]});stroke-width:1.8}}
.rnn-svg .veil{{fill:var(--rnn-surface,{LIGHT["surface"]});fill-opacity:.62;pointer-events:none}}
.rnn-svg .page{{pointer-events:none}}
.rnn-svg .chosen rect{{stroke:var(--rnn-ink,{LIGHT["ink"]});stroke-width:1.8}}
"""


# ---- colour ------------------------------------------------------------------------------------------------------


def _channels(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2)."""
    r, g, b = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast of two sRGB colours, 1 to 21 (WCAG 2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, surface: str, share: float) -> tuple[float, ...]:
    """What a fill of `colour` with opacity `share` looks like on `surface`."""
    return tuple(share * c + (1 - share) * s for c, s in zip(_channels(colour), _channels(surface), strict=True))


def strength(value: float) -> float:
    """|value| as a share of the fixed range, 0..1, to two decimals (as it is drawn)."""
    return round(min(abs(value) / RANGE, 1.0), 2)


def _readable(choices: dict[str, str], colour: str, surfaces: tuple[str, ...], share: float) -> str:
    def worst(ink: str) -> float:
        return min(contrast(_channels(ink), mixed(colour, surface, share)) for surface in surfaces)

    good = [name for name, ink in choices.items() if worst(ink) >= AA]
    return good[0] if good else max(choices, key=lambda name: worst(choices[name]))


def ink_class(value: float) -> str:
    """The class of a number on its filled cell: two letters, the ink in the light and in the dark theme."""
    name, share = tone(value), strength(value)
    light = _readable(ON_LIGHT, LIGHT[name], LIGHT_SURFACES, share)
    return f"on-{light}{_readable(ON_DARK, DARK[name], DARK_SURFACES, share)}"


def tone(value: float) -> str:
    """The name of the data colour: "plus" or "minus"."""
    return "minus" if value < 0 else "plus"


def _variables(tokens: dict[str, str], dark: bool) -> str:
    named = [f"--rnn-{n}:{f'var({HOST[n]},{c})' if n in HOST else c}" for n, c in tokens.items()]
    pairs = [(light, other) for light in ON_LIGHT for other in ON_DARK]
    inks = [f"--rnn-on-{one}{two}:{ON_DARK[two] if dark else ON_LIGHT[one]}" for one, two in pairs]
    return ";".join(named + inks)


def theme_css(selector: str) -> str:
    """The palette as CSS variables on `selector`: the host's theme in Jupyter, else what the system prefers."""
    light, dark = _variables(LIGHT, False), _variables(DARK, True)
    return (
        f"{selector}{{{light}}}\n"
        f"@media (prefers-color-scheme: dark){{{selector}{{{dark}}}}}\n"
        f'body[data-jp-theme-light="true"] {selector}{{{light}}}\n'
        f'body[data-jp-theme-light="false"] {selector}{{{dark}}}\n'
    )


def diagram_css() -> str:
    """The rules of the classes that the drawings use."""
    inks = [
        f".rnn-svg .on-{one}{two}{{fill:var(--rnn-on-{one}{two},{ON_LIGHT[one]})}}" for one in ON_LIGHT for two in ON_DARK
    ]
    return RULES + "\n".join(inks) + "\n"


# ---- numbers and words -------------------------------------------------------------------------------------------

MINUS = "\u2212"


def signed(value: float) -> str:
    """Two decimals, the sign always printed, a true minus sign; what rounds to zero is +0.00."""
    return f"{round(float(value), 2) + 0.0:+.2f}".replace("-", MINUS)


def term(value: float) -> str:
    """A number in a sum: its sign, a blank, its size."""
    text = signed(value)
    return f"{text[0]} {text[1:]}"


def share(value: float) -> str:
    """A probability, two decimals."""
    return f"{float(value):.2f}"


def number(text: str) -> float:
    """A printed number read back."""
    return float(text.replace(MINUS, "-").replace(" ", ""))


def clean(text: str) -> str:
    """The text without what XML cannot hold (control characters, half surrogates); white space becomes one space."""
    kept = (c if c.isprintable() or unicodedata.category(c) in ("Cf", "Co", "Zs") else " " for c in str(text))
    return " ".join("".join(kept).split())


def attribute(text: str) -> str:
    """The text as the value of an attribute; drawsvg writes attributes as they are."""
    return escape(clean(text), {'"': "&quot;"})


def _width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0.0
    return 0.34 if char in "iljft.,:;'|!()[] " else 0.88 if char in "mwMW@%" else 0.7 if char.isupper() else 0.6


def text_width(text: str, size: float = TEXT) -> float:
    """About how wide the text is, in px: on the safe side."""
    return size * sum(map(_width, text))


def clip(text: str, width: float, size: float = TEXT) -> str:
    """The text, cut with an ellipsis where it would be wider than `width` px."""
    text = clean(text)
    if text_width(text, size) <= width:
        return text
    kept, room = "", width - size * 0.9
    for char in text:
        room -= size * _width(char)
        if room < 0:
            break
        kept += char
    return kept.rstrip() + "…"


def wrap(text: str, width: float, size: float = TEXT) -> list[str]:
    """The text in lines of at most `width` px; a longer word is clipped."""
    lines = [""]
    for word in clean(text).split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(clip(word, width, size))
    return [line for line in lines if line]


# ---- shapes ------------------------------------------------------------------------------------------------------


def words(text: str, x: float, y: float, cls: str = "", **data: str) -> Element:
    """A line of text; `data` are data-... attributes."""
    return draw.Text(clean(text), None, _n(x), _n(y), **_attributes(cls, data))


def rect(x: float, y: float, width: float, height: float, cls: str, radius: float = 0, **data: str) -> Element:
    """A box, rounded where a radius is given."""
    corner = {"rx": _n(radius)} if radius else {}
    return draw.Rectangle(_n(x), _n(y), _n(width), _n(height), **corner, **_attributes(cls, data))


def path(d: str, cls: str, **data: str) -> Element:
    """A path."""
    return draw.Path(d, **_attributes(cls, data))


def group(cls: str, *children: Element, **data: str) -> Element:
    """Elements together, under one class."""
    return draw.Group(children, **_attributes(cls, data))


def arrow(x0: float, y0: float, x1: float, y1: float, cls: str = "flow", head: float = 7, **data: str) -> Element:
    """The one arrow of the book: a line with an open head, from (x0, y0) to (x1, y1), straight."""
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    ux, uy = (x1 - x0) / length * head, (y1 - y0) / length * head
    wings = f"M{_n(x1 - ux - uy * 0.62)} {_n(y1 - uy + ux * 0.62)}L{_n(x1)} {_n(y1)}L{_n(x1 - ux + uy * 0.62)} {_n(y1 - uy - ux * 0.62)}"
    return path(f"M{_n(x0)} {_n(y0)}L{_n(x1)} {_n(y1)}{wings}", cls, **data)


def symbol(letter: str, index: str, x: float, y: float, cls: str = "", *, above: bool = False) -> Element:
    """A letter with its index below the line (or above it: the course's notation)."""
    text = words(letter, x, y, f"sym {cls}".strip())
    shift = -6 if above else 4
    if index:
        text.append(draw.TSpan(clean(index), class_="sub", dy=shift))
    return text


def cell(value: float, x: float, y: float, width: float, height: float, label: str = "", **data: str) -> list[Element]:
    """A value as a filled box (and its number): colour by sign, strength by size on the fixed range."""
    box = rect(x, y, width, height, tone(value), 3, fill_opacity=_n(strength(value)))
    if not label:
        return [box]
    return [box, words(label, x + width / 2, y + height / 2 + 5, f"mid {ink_class(value)}", **data)]


def titled(text: str) -> Element:
    """A title: what a pointer that rests on the element shows."""
    return draw.Title(clean(text))


def canvas(width: float, height: float, alt: str, *, css: str = "", cls: str = "rnn-svg") -> Element:
    """An empty drawing with the look's rules in it."""
    drawing = draw.Drawing(_n(width), _n(height), class_=cls, role="img", aria_label=attribute(alt))
    drawing.append_css(diagram_css() + css)
    return drawing


def _n(value: float) -> int | float:
    """A coordinate, short and the same on every machine."""
    rounded = round(float(value), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _attributes(cls: str, data: dict[str, Any]) -> dict[str, Any]:
    named = {k: attribute(v) if isinstance(v, str) else v for k, v in data.items()}
    return {"class_": cls, **named} if cls else named
