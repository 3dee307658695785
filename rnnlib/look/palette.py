"""One palette for every diagram, as CSS: light or dark as the host is, and readable numbers on every fill.

Colours are CSS variables with literal fallbacks. In Jupyter the host's surface, ink and font are used;
elsewhere `prefers-color-scheme` decides.
"""

from __future__ import annotations

from functools import cache

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
    "input": "#1f6fb5",
    "state": "#2f7d32",
    "output": "#b8305a",
    "loss": "#8a6400",
    "rnn": "#8a5a44",
    "lstm": "#a3268f",
    "gru": "#5f6d10",
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
    "input": "#5aa9e8",
    "state": "#66bb6a",
    "output": "#f06f97",
    "loss": "#d9b13b",
    "rnn": "#c89b84",
    "lstm": "#e07ad0",
    "gru": "#b3c24a",
}
# One hue, one meaning (chapter 00 says it to the reader): what a thing is, and which kind of cell a curve belongs to.
# The sign of a number has a scale of its own, minus and plus; "now" is the present step; training is a broken line.
ROLES = ("input", "state", "output", "loss")
KINDS = {"RNN": "rnn", "LSTM": "lstm", "GRU": "gru"}
HOST = {"surface": "--jp-layout-color0", "ink": "--jp-content-font-color1"}
FONT = 'var(--jp-ui-font-family, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif)'
SERIF = 'Georgia, "Times New Roman", "DejaVu Serif", serif'
TEXT, SMALL = 15, 14  # px

RANGE = 1.0  # every cell is coloured on -1..1, in every picture and at every step
AA = 4.5  # the least contrast of a number on its cell
# The ink of a number on a filled cell, first choice first. Neither the ink nor white reaches AA on the middle
# tones; black does.
ON_LIGHT = {"i": LIGHT["ink"], "w": "#ffffff", "b": "#000000"}
ON_DARK = {"w": "#ffffff", "b": "#000000"}
LIGHT_SURFACES = ("#ffffff",)
DARK_SURFACES = ("#111111", "#15181e")  # Jupyter's, and ours

RULES = {
    "text": f"font-family:{FONT};font-variant-numeric:tabular-nums;font-size:{SMALL}px;fill:$ink",
    ".mid": "text-anchor:middle",
    ".end": "text-anchor:end",
    ".big": f"font-size:{TEXT}px",
    ".bold": "font-weight:600",
    ".soft": "fill:$soft",
    ".sym": f"font-family:{SERIF};font-style:italic;font-size:16px",
    ".name": f"font-family:{FONT};font-style:normal;font-size:{TEXT}px",
    ".roman": "font-style:normal",
    ".sub": "font-size:12px",
    ".accent": "fill:$now",
    ".panel": "fill:$panel;stroke:$line;stroke-width:1.2",
    ".surface": "fill:$surface",
    ".rest": "fill:none;stroke:$line;stroke-width:1.2",
    ".flow": "fill:none;stroke:$soft;stroke-width:1.2;stroke-linecap:round",
    ".now": "fill:none;stroke:$now;stroke-width:2.6;stroke-linecap:round",
    ".nowsoft": "fill:$nowsoft",
    ".plus": "fill:$plus",
    ".minus": "fill:$minus",
    ".mark": "fill:none;stroke:$ink;stroke-width:1.6",
    ".veil": "fill:$surface;fill-opacity:.62",
    ".zone": "fill:$panel",
    ".page": "pointer-events:none",
    ".page [data-tip]": "pointer-events:auto",
    ".curve": "fill:none;stroke-width:1.2;stroke-linejoin:round;stroke-linecap:round",
    ".thick": "stroke-width:2.6",
    **{
        f".stroke-{name}": f"stroke:${name}"
        for name in ("plus", "minus", "now", "ink", "soft", *ROLES, *KINDS.values())
    },
    **{f".role-{name}": f"fill:${name}" for name in (*ROLES, *KINDS.values())},
    **{f".tint-{name}": f"fill:${name};fill-opacity:.14;stroke:${name};stroke-width:1.4" for name in ROLES},
    ".fill-ink": "fill:$ink",
    ".grid": "fill:none;stroke:$line;stroke-width:1;stroke-opacity:.55",
    ".broken": "stroke-dasharray:5 4",
    ".band": "fill-opacity:.16",
    ".chosen rect:first-child": "stroke:$ink;stroke-width:2.6",
}


@cache
def diagram_css() -> str:
    """The rules of the classes that the drawings use."""
    inks = {f".on-{one}{two}": f"fill:$on-{one}{two}" for one in ON_LIGHT for two in ON_DARK}
    fallbacks = LIGHT | {f"on-{one}{two}": ON_LIGHT[one] for one in ON_LIGHT for two in ON_DARK}
    css = "".join(f".rnn-svg {name}{{{rule}}}\n" for name, rule in (RULES | inks).items())
    for name in sorted(fallbacks, key=len, reverse=True):  # $nowsoft before $now
        css = css.replace(f"${name}", f"var(--rnn-{name},{fallbacks[name]})")
    return css


def theme_css(selector: str) -> str:
    """The palette as CSS variables on `selector`: the host's theme in Jupyter, else what the system
    prefers."""
    light, dark = _variables(LIGHT, ON_LIGHT, 0), _variables(DARK, ON_DARK, 1)
    return (
        f"{selector}{{{light}}}\n"
        f"@media (prefers-color-scheme: dark){{{selector}{{{dark}}}}}\n"
        f'body[data-jp-theme-light="true"] {selector}{{{light}}}\n'
        f'body[data-jp-theme-light="false"] {selector}{{{dark}}}\n'
    )


def _variables(tokens: dict[str, str], inks: dict[str, str], theme: int) -> str:
    named = [f"--rnn-{n}:{f'var({HOST[n]},{c})' if n in HOST else c}" for n, c in tokens.items()]
    pairs = [(one, two) for one in ON_LIGHT for two in ON_DARK]
    return ";".join(named + [f"--rnn-on-{one}{two}:{inks[(one, two)[theme]]}" for one, two in pairs])


# ---- colours of values


def tone(value: float) -> str:
    """The name of the data colour: "plus" or "minus"."""
    return "minus" if value < 0 else "plus"


def strength(value: float) -> float:
    """|value| as a share of the fixed range, 0..1, to two decimals (as it is drawn)."""
    return round(min(abs(value) / RANGE, 1.0), 2)


def ink_class(value: float) -> str:
    """The class of a number on its filled cell: two letters, the ink in the light and in the dark theme."""
    return _ink_class(tone(value), strength(value))


@cache
def _ink_class(name: str, share: float) -> str:
    light = _readable(ON_LIGHT, LIGHT[name], LIGHT_SURFACES, share)
    return f"on-{light}{_readable(ON_DARK, DARK[name], DARK_SURFACES, share)}"


def _readable(choices: dict[str, str], colour: str, surfaces: tuple[str, ...], share: float) -> str:
    """The first choice that can be read on all surfaces, else the best."""
    worst = {
        name: min(contrast(channels(ink), mixed(colour, surface, share)) for surface in surfaces)
        for name, ink in choices.items()
    }
    return next((name for name in choices if worst[name] >= AA), max(worst, key=lambda name: worst[name]))


def channels(colour: str) -> tuple[float, ...]:
    """#rrggbb as three numbers 0..1."""
    return tuple(int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))


def mixed(colour: str, surface: str, share: float) -> tuple[float, ...]:
    """What a fill of `colour` with opacity `share` looks like on `surface`."""
    pairs = zip(channels(colour), channels(surface), strict=True)
    return tuple(share * c + (1 - share) * s for c, s in pairs)


def luminance(colour: tuple[float, ...]) -> float:
    """Relative luminance of an sRGB colour (WCAG 2)."""
    r, g, b = ((c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast of two sRGB colours, 1 to 21 (WCAG 2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
