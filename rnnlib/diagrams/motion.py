"""A page that has come moves once: something slides to its place, or appears. Where motion is unwelcome, and in a
picture that stands alone, all is at its place from the start."""

from .shapes import Element, coordinate, group

STEP = 0.25  # s, for each movement
CSS = (
    "@keyframes rnn-slide{from{transform:translate(var(--x),var(--y))}}\n"
    "@keyframes rnn-appear{from{opacity:0}}\n"
    "@media (prefers-reduced-motion:no-preference){"
    f".rnn-svg .slide{{animation:rnn-slide {STEP}s ease-out var(--d) both}}"
    f".rnn-svg .appear{{animation:rnn-appear {STEP}s ease-out var(--d) both}}"
    "}\n"
)


def slide(x: float, y: float, after: float, *elements: Element) -> Element:
    """Elements that come from (x, y) px away. after: s from the start of the page."""
    return group("slide", *elements, style=f"--x:{coordinate(x)}px;--y:{coordinate(y)}px;--d:{coordinate(after)}s")


def appear(after: float, *elements: Element) -> Element:
    """Elements that were not there before. after: s from the start of the page."""
    return group("appear", *elements, style=f"--d:{coordinate(after)}s")
