"""Spoken vowels: frames of sound, of different lengths, and who speaks. Chapters 01 and 05."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .stored import Examples, padded, stored_arrays

__all__ = ["Vowels", "vowels"]

DECIMALS = 4
CARD = """\
Japanese vowels: who is speaking?
what     nine men say the two vowels /ae/, one after the other. An utterance is a sequence of frames (25.6 ms of sound,
         a new one each 6.4 ms, sampled at 10 kHz); a frame is 12 LPC cepstrum coefficients, which tell the shape of the
         mouth and throat. No unit, from -1.9 to 2.2
size     640 utterances of 7 to 29 frames, 9,961 frames in all
split    as published: 270 to learn from (30 of each speaker) and 370 for the test (24 to 88 of each), which were spoken
         on other occasions
labels   the speaker, 0 to 8
from     M. Kudo, J. Toyama, M. Shimbo: Japanese Vowels, UCI Machine Learning Repository, doi.org/10.24432/C5NS47, and
         their paper in Pattern Recognition Letters 20 (1999) 1103-1111; as shipped with aeon 1.6.0
licence  Creative Commons Attribution 4.0 (CC BY 4.0). Changed here: rounded
made     python -m tools.make_data: rounded from six decimals to four, frames one after the other in one array
limits   nine men, one language, one syllable: accuracy here says nothing about other speakers. The largest class of the
         test set has 88 of 370 utterances: always to name that speaker gives 0.238
"""


@dataclass(frozen=True)
class Vowels:
    """train, test: x (T, B, 12) coefficients as published, y (B,) speakers 0..8, lengths (B,) frames.

    speakers: a name for each label. frame_ms: milliseconds from one frame to the next.
    """

    train: Examples
    test: Examples
    speakers: tuple[str, ...] = tuple(f"speaker {k}" for k in range(1, 10))
    frame_ms: float = 6.4
    card: str = CARD

    def __repr__(self) -> str:
        return f"Vowels({len(self.train.y)} utterances to learn from, {len(self.test.y)} for the test)"


def vowels() -> Vowels:
    """The Japanese vowels, split as published. `standardised(train, test)` scales them. Chapters 01 and 05.

    A file that was changed is a ValueError.
    """
    stored = stored_arrays("vowels.npz")
    frames = stored["frames"] / 10.0**DECIMALS  # (N, 12)
    utterances = np.split(frames, np.cumsum(stored["lengths"], dtype=np.intp)[:-1])
    speakers, first_test = stored["speakers"].astype(np.intp), int(stored["first_test"])

    def part(here: slice) -> Examples:
        x, lengths = padded(utterances[here])
        return Examples(x, speakers[here], lengths)

    return Vowels(part(slice(first_test)), part(slice(first_test, None)))
