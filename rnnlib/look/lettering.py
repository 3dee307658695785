"""How numbers and words are written in a picture: two decimals with a sign, clipped, wrapped, safe."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from xml.sax.saxutils import escape

from .palette import TEXT

MINUS = "\u2212"
NARROW, WIDE = set("iljft.,:;'|!()[] "), set("mwMW@%")


def signed(value: float) -> str:
    """Two decimals, the sign always printed, a true minus sign; what rounds to zero is +0.00."""
    return _exact(float(value), 2)


def share(value: float) -> str:
    """A probability or a gate: two decimals."""
    return f"{float(value):.2f}"


def exact(value: float, decimals: int = 4) -> str:
    """As many decimals as asked for, the sign always printed, a true minus sign."""
    return _exact(float(value), decimals)


@lru_cache(1 << 12)  # a number is printed at several places and on several pages
def _exact(value: float, decimals: int) -> str:
    return f"{round(value, decimals) + 0.0:+.{decimals}f}".replace("-", MINUS)


def power(value: float) -> str:
    """A size over many orders of magnitude: two digits and a power of ten, 3.2e−05; 0 is 0."""
    return f"{float(value):.1e}".replace("-", MINUS) if value else "0"


def fine(value: float) -> str:
    """A number with its sign that may be small: three decimals, below 0.001 a digit and a power of ten; 0 is 0."""
    if value == 0 or abs(value) >= 0.0009995:
        return exact(value, 3) if value else "0"
    return f"{float(value):+.0e}".replace("-", MINUS)


def size(value: float) -> str:
    """A size, short: three digits from 0.01 to 1000, as `power` beyond."""
    return f"{float(value):.3g}" if 0.01 <= value < 999.5 else power(value)


def plain_number(text: str) -> str:
    """A printed number as Python writes it."""
    return text.replace(MINUS, "-").replace(" ", "").replace(",", "")


def number(text: str) -> float:
    """A printed number read back."""
    return float(plain_number(text))


def clean(text: str) -> str:
    """The text without control characters and half surrogates (not XML); white space is one blank."""
    text = str(text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() or unicodedata.category(c) in ("Cf", "Co") else " " for c in text)
    return " ".join(text.split())


@lru_cache(1 << 12)  # the same classes and addresses again and again
def attribute(text: str) -> str:
    """The text as the value of an attribute."""
    return escape(clean(text), {'"': "&quot;"})


@lru_cache(1 << 12)
def text_width(text: str, size: float = TEXT) -> float:
    """About how wide the text is, in px: on the safe side."""
    return size * sum(map(_width, text))


def _width(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0.0
    if char in NARROW:
        return 0.36
    return 0.92 if char in WIDE else 0.7 if char.isupper() else 0.62


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


def quoted(word: str, width: float = 130) -> str:
    """The word in quotation marks, clipped."""
    return f"“{clip(word, width)}”"


def counted(count: int, what: str) -> str:
    """1 word, 2 words."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """1, 2 and 5."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


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


def spoken(markup: str) -> str:
    """The same line as plain text: W_xh, a<t>."""
    return re.sub(r"([_^])\{(.*?)\}", lambda found: ("_" if found[1] == "_" else "") + found[2], markup)
