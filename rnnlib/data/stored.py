"""What the stored sets share: examples as `fit` takes them, and files that are checked before they are believed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Examples", "Pairs", "standardised"]

FILES = Path(__file__).parent / "files"
CHECKSUMS = {  # SHA-256 of each file, as `python -m tools.make_data` writes it
    "sunspots.tsv": "31e8703ddeb8c9f1622cba6d544aa2f55566e4c1c4bed6cd4e16701726320a96",
    "vowels.npz": "b76cf4a37e4ef1fcdc2931f6c498c27839e208777bcc8479133ff2abca85bb1c",
    "names.tsv": "dc45d50428d2d79ab9141cc6690f7986b5a2d8f840f21439a5e5b9e996f097ab",
    "digits.npz": "8ca905ec4cac214b94d1b7586b5b0e831b64d96a48c7e610b8e1326c41eecaa5",
    "dates.tsv": "c2a4cc342cd208f67f26d2d7c83a47a81798dae80ad30e286e5e3ffd3b31fb18",
    "LICENSE.unicode": "b4c0ae8ef04f7059f96ce5bbe0467f9fe6f6d81bbe13517701dfeb961fb4d0b6",
}

IntArray = NDArray[np.intp]


class Examples(NamedTuple):
    """B examples, in the order in which `fit`, `model.batch` and `evaluate=` take them: `fit(model, *train, ...)`.

    x: time first, (T, B, I) numbers or (T, B) symbols; (B, I) where there is no time. Padding is 0.
    y: what each set says. lengths: (B,) true steps of x, or None where all are alike or there is no time.
    """

    x: NDArray[Any]
    y: NDArray[Any]
    lengths: IntArray | None = None


class Pairs(NamedTuple):
    """B pairs of an input and a sequence to be written, as `OneToMany` and `EncoderDecoder` take them.

    x: (B, I), or (T, B) symbols with lengths (B,). y: (S, B) symbols, each row closed by the end symbol, with
    y_lengths (B,), the end symbol counted. Padding is 0.
    """

    x: NDArray[Any]
    y: IntArray
    lengths: IntArray | None
    y_lengths: IntArray


def standardised(train: Examples, *others: Examples) -> tuple[Examples, ...]:
    """Each of the I inputs shifted and scaled so that over the true steps of `train` its mean is 0 and its spread 1.

        (x - mean) / standard deviation

    The others get the numbers of `train`, not their own: a test set must not help to choose how it is read. Padding
    is 0, whatever it was. An input that is constant in `train` is shifted and not scaled. ValueError where an x is not
    (T, B, I) or (B, I), has another I, or has NaN or infinity at a true step: a gap has to be filled first, as
    `fill_gaps` does. Chapter 05.
    """
    for name, part in (("train", train), *((f"others[{k}]", part) for k, part in enumerate(others))):
        if not isinstance(part, Examples):
            raise TypeError(f"{name}: expected Examples(x, y, lengths), got {type(part).__name__}")
    true = _true(train, "train")
    mean, spread = true.mean(axis=0), true.std(axis=0)
    spread[spread == 0] = 1
    results = []
    for place, examples in enumerate((train, *others)):
        if examples.x.shape[-1] != len(mean):
            raise ValueError(f"x: expected {len(mean)} inputs, as train has, got {examples.x.shape[-1]}")
        _true(examples, f"others[{place - 1}]" if place else "train")
        x = (examples.x - mean) / spread
        x[~inside(examples)] = 0
        results.append(examples._replace(x=x))
    return tuple(results)


def inside(examples: Examples) -> NDArray[np.bool_]:
    """Where x is no padding: (T, B), or (B,) where there is no time."""
    x = examples.x
    if examples.lengths is None:
        return np.ones(x.shape[:-1], dtype=np.bool_)
    result: NDArray[np.bool_] = np.arange(len(x))[:, None] < examples.lengths
    return result


def _true(examples: Examples, name: str) -> NDArray[Any]:
    """The steps of all examples that are no padding, in a row (N, I); numbers all of them."""
    x = examples.x
    if x.ndim not in (2, 3) or x.dtype.kind != "f" or not x.size:
        raise ValueError(f"x: expected numbers (T, B, I) or (B, I), got {x.dtype} {x.shape}")
    true = inside(examples)
    wrong = ~np.isfinite(x) & true[..., None]
    if wrong.any():
        place = np.argwhere(wrong)[0].tolist()
        what = "NaN" if np.isnan(x[tuple(place)]) else "infinity"
        where = ", ".join(
            f"{word} {at}" for word, at in zip(("step", "sequence", "input")[-x.ndim :], place, strict=True)
        )
        raise ValueError(
            f"x: expected numbers, got {what} at {where} of {name} ({int(wrong.sum())} such in all): fill gaps first, "
            'and say where they were in a "missing" input; fill_gaps does both'
        )
    kept: NDArray[Any] = x[true]
    return kept


def padded(sequences: Sequence[ArrayLike]) -> tuple[NDArray[Any], IntArray]:
    """B sequences, each (T_b, ...), as one array (T, B, ...) with 0 in the padding, and their lengths (B,)."""
    arrays = [np.asarray(sequence) for sequence in sequences]
    lengths = np.fromiter(map(len, arrays), dtype=np.intp, count=len(arrays))
    result = np.zeros((int(lengths.max()), len(arrays), *arrays[0].shape[1:]), dtype=arrays[0].dtype)
    for b, array in enumerate(arrays):
        result[: len(array), b] = array
    return result, lengths


def stored_bytes(name: str, folder: Path | None = None) -> bytes:
    """A file of this package, whole, after its SHA-256 was compared with the one that is written above."""
    path = (FILES if folder is None else folder) / name
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != CHECKSUMS[name]:
        raise ValueError(
            f"{path}: expected the file with SHA-256 {CHECKSUMS[name][:12]}..., got {found[:12]}... "
            f"({len(raw):,} bytes). It was changed or is incomplete: install rnnlib again, "
            "or make the file anew with python -m tools.make_data"
        )
    return raw


def stored_rows(name: str) -> list[list[str]]:
    """The lines of a .tsv file, each split at its tabs, without the first line, which names the columns."""
    return [line.split("\t") for line in stored_bytes(name).decode("utf-8").splitlines()[1:]]


def stored_arrays(name: str) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file."""
    with np.load(io.BytesIO(stored_bytes(name)), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}
