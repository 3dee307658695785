"""Handwritten digits: small images, read at once, row by row, or named letter by letter. Chapter 05."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .stored import Examples, IntArray, Pairs, stored_arrays
from .symbols import Symbols

__all__ = ["Digits", "digits"]

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
LETTERS = Symbols.from_texts(WORDS)
CARD = """\
Handwritten digits
what     grey images of 8 x 8 points. A point says how many of the 16 points that it replaces were inked, 0 to 16
size     1,797 images, 174 to 183 of each digit
labels   the digit, 0 to 9
split    fixed: 1,297 to learn from, 500 for the test. Of each digit, in the order of the file, every 3.6th image is for
         the test: 48 to 51 of each
from     E. Alpaydin, C. Kaynak: Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
         doi.org/10.24432/C50P49; the test set of that collection, as shipped with scikit-learn 1.9.1
licence  Creative Commons Attribution 4.0 (CC BY 4.0). Numbers unchanged
made     python -m tools.make_data: the table of numbers as one array of bytes
limits   thirteen people wrote them, and the same people stand in both parts: on other hands expect less. Where the last
         500 images are held out instead of every 3.6th, the test is clearly harder. The largest class of the test set
         has 51 of 500 images: always to name it gives 0.102
"""


@dataclass(frozen=True, repr=False)
class Digits:
    """images: (1797, 8, 8) ink, whole numbers 0..16, in the order of the source. labels: (1797,) digits 0..9.

    train, test: x (B, 64), the rows of an image one after the other, ink divided by 16, so 0..1; y (B,) digits.
    words: the English word for each digit. letters: their letters as symbols to write, with an end symbol.
    train_at, test_at: (B,) where an example stands in `images`.
    """

    images: NDArray[np.uint8]
    labels: IntArray
    train: Examples
    test: Examples
    train_at: IntArray
    test_at: IntArray
    words: tuple[str, ...] = WORDS
    letters: Symbols = LETTERS
    card: str = CARD

    def __repr__(self) -> str:
        return f"Digits({len(self.train.y)} images to learn from, {len(self.test.y)} for the test)"

    def rows(self, part: Examples) -> Examples:
        """The same images as sequences, from the top row to the bottom one: x (8, B, 8)."""
        _checked(part)
        return part._replace(x=part.x.reshape(-1, 8, 8).swapaxes(0, 1).copy())

    def spelled(self, part: Examples) -> Pairs:
        """The same images with their words to be written: y (S, B) letters, each word closed by `letters.end`.

        For `OneToMany`: x (B, 64), y_lengths (B,) letters with the end symbol. `letters.decode` reads an answer.
        """
        _checked(part)
        y, y_lengths = self.letters.pad([self.words[digit] for digit in part.y.tolist()], end=True)
        return Pairs(part.x, y, None, y_lengths)


def _checked(part: Examples) -> None:
    """TypeError where it is no part of the digits."""
    if not isinstance(part, Examples):
        raise TypeError(f"part: expected Examples, such as digits().test, got {type(part).__name__}")


def digits() -> Digits:
    """Handwritten digits of 8 x 8 points, with a fixed split. Chapter 05.

    A file that was changed is a ValueError.
    """
    stored = stored_arrays("digits.npz")
    images, labels = stored["images"], stored["labels"].astype(np.intp)
    held = stored["test"].astype(bool)
    x = images.reshape(len(images), 64) / 16.0
    test_at, train_at = np.flatnonzero(held), np.flatnonzero(~held)
    train, test = (Examples(x[at], labels[at]) for at in (train_at, test_at))
    return Digits(images, labels, train, test, train_at, test_at)
