"""What things are called: h_t and W_xh as in the book, or a<t> and W_ax as in the course that writes so.

Markup (`h_{t}`) is for a picture, `spoken` makes plain text of it for a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from .lettering import spoken

COURSE = {"h": "a", "xh": "ax", "hh": "aa", "hy": "ya", "hn": "an"}  # letters and indices of the course
DENSE = {"begin.W_hy": "W", "begin.b_y": "b"}


@dataclass(frozen=True)
class Notation:
    """How one of the two writes it. name: "h" or "a", the letter of the state."""

    name: str = "h"

    def at(self, letter: str, step: int | str = "t") -> str:
        """A letter with its step: h_{3}, or a^{<3>}."""
        return f"{letter}_{{{step}}}" if self.name == "h" else f"{COURSE.get(letter, letter)}^{{<{step}>}}"

    def weight(self, name: str) -> str:
        """A parameter: W_{xh} or W_{ax} for "W_xh", also with the layer's name before it."""
        letter, index = name.split(".")[-1].split("_")
        return DENSE.get(name) or f"{letter}_{{{COURSE.get(index, index) if self.name == 'a' else index}}}"

    def said(self, letter: str, step: int | str = "t") -> str:
        """A letter with its step in a sentence: h_3, a<3>."""
        return spoken(self.at(letter, step))

    def plain(self, name: str) -> str:
        """A parameter in a sentence: W_xh, W_ax."""
        return spoken(self.weight(name))

    def equations(self) -> tuple[str, str]:
        """The two computations of one step as formulas."""
        x, h, before, y = self.at("x"), self.at("h"), self.at("h", "t−1"), self.at("y")
        W_xh, W_hh, W_hy, b_h, b_y = map(self.weight, ("W_xh", "W_hh", "W_hy", "b_h", "b_y"))
        return f"{h} = tanh( {W_xh} {x} + {W_hh} {before} + {b_h} )", f"{y} = softmax( {W_hy} {h} + {b_y} )"
