"""Save and load: a cell, a layer or a model in one file that is checked, and never run. Chapter 08.

The file is an `.npz`: a zip, not compressed, of `manifest.json` and one `.npy` for each array (`numpy.load` opens it,
and so does any program for zips). The manifest says what the file holds: format and version of the library, the tree of
kinds with their arguments, the words of a vocabulary, and for each array its shape, dtype and SHA-256. It carries a
SHA-256 of itself. That guards against accidents; it is no signature: whoever can write the file can make another one.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
import struct
import sys
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

import numpy as np

from ..functions import FloatArray
from ..parameters import Parametric
from .building import as_path
from .kinds import Refused, build, describe

__all__ = ["load", "load_words", "save"]

FORMAT, VERSION = "rnnlib", 1
MANIFEST = "manifest.json"
LARGEST = 4 << 30  # bytes of a file
LARGEST_MANIFEST = 64 << 20
HEADER = 1024  # bytes; more than the head of any .npy that is written here
OVERHEAD = 256  # bytes that a zip needs for an entry, besides its name (twice) and its content
DTYPES = {"<f4": "float32", "<f8": "float64"}
UNREADABLE = (  # what a zip, an .npy or a manifest that is cut or changed can lead to
    *(BadZipFile, EOFError, LookupError, NotImplementedError, OSError, OverflowError, RuntimeError),
    *(AttributeError, MemoryError, TypeError, ValueError, struct.error, zlib.error),
)


def save(model: Parametric, path: str | os.PathLike[str], *, vocabulary: Iterable[str] | None = None) -> None:
    """Write a cell, a layer or a model, with all its arrays (frozen ones too), to `path` as it is given.

    vocabulary: the words that the model reads, in order (`data.Vocabulary`, or any words), one for each number that it
    reads: V for an `Embedding`, and for one-hot vectors of V numbers. The file appears whole or
    not at all: it is written beside `path`, brought to the disk, and put in its place in one move; a file that was
    there stays until then. The same model gives the same bytes.

    Raises: TypeError for what is no part of a network; ValueError for a class of your own (it could not be built again
    without running its code), for a part that stands in two places, and for words that are not distinct, or not as many
    as the model reads; OSError as `open` does.
    """
    if not isinstance(model, Parametric):
        raise TypeError(f"model: expected a cell, a layer or a model, got {type(model).__name__}")
    try:
        tree, arrays = describe(model)
    except Refused as bad:
        raise ValueError(f"save: {bad}") from None
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "library": str(getattr(sys.modules["rnnlib"], "__version__", "")),
        "model": tree,
        "vocabulary": None if vocabulary is None else _fitting(_words(vocabulary), model),
        "arrays": {name: _label(array) for name, array in arrays.items()},
    }
    manifest["checksum"] = _checksum(manifest)
    text = json.dumps(manifest, indent=1).encode()
    if len(text) > LARGEST_MANIFEST:
        raise ValueError(f"save: expected a manifest of at most {LARGEST_MANIFEST} bytes, got {len(text)}")
    _write_whole(Path(os.path.realpath(as_path(path))), text, arrays)


def load(path: str | os.PathLike[str]) -> Any:
    """Read what `save` wrote -> the cell, layer or model, with the same bits in every array.

    Nothing in the file is run: only the classes of this library are built, from numbers and words. Before anything is
    read or built, its size is compared with what the file has room for.

    Raises: ValueError that names the file and what is wrong with it, where it is cut, changed, larger than what it
    holds, of another kind, or made by a newer version; OSError as `open` does. The words: `load_words`.
    """
    model, _ = _load(as_path(path))
    return model


def load_words(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """The words that were saved with a model, in order; `data.Vocabulary(words)` gives them their numbers again.

    ValueError where the file holds none, and as for `load`.
    """
    _, words = _load(as_path(path))
    if words is None:
        raise ValueError(f"{path}: expected a vocabulary, but the model was saved without one")
    return words


# ---- writing ------------------------------------------------------------------------------------------------------


def _words(vocabulary: Iterable[str]) -> list[str]:
    if isinstance(vocabulary, (str, bytes)):
        raise TypeError("vocabulary: expected the words one by one, got a single string")
    if not isinstance(vocabulary, Iterable):
        raise TypeError(f"vocabulary: expected words, got {type(vocabulary).__name__}")
    words = list(vocabulary)
    if not words or any(not isinstance(word, str) for word in words) or len(set(words)) < len(words):
        raise ValueError("vocabulary: expected distinct words, at least one")
    return words


def _fitting(words: list[str], model: Any) -> list[str]:
    """The words, where there is one for each number that the model reads; what reads vectors of no words says nothing.

    A model that reads and a model that writes have one list of words each; where both do, it is the one that is read.
    """
    part = getattr(model, "encoder", None) or getattr(model, "body", model)
    while hasattr(part, "layers"):
        part = part.layers[0]
    reads = part.inputs if isinstance(part, Parametric) and hasattr(part, "inputs") else len(words)
    if len(words) != reads:
        raise ValueError(f"vocabulary: expected {reads} words, as the model reads, got {len(words)}")
    return words


def _little(array: FloatArray) -> FloatArray:
    """The array with its bytes in the order of the file, whatever the machine."""
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def _label(array: FloatArray) -> dict[str, Any]:
    digest = hashlib.sha256(np.ascontiguousarray(_little(array)).tobytes()).hexdigest()
    return {"shape": list(array.shape), "dtype": str(array.dtype), "sha256": digest}


def _checksum(manifest: Mapping[str, Any]) -> str:
    """SHA-256 of all of the manifest but the checksum, in one spelling."""
    rest = {key: value for key, value in manifest.items() if key != "checksum"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _write_whole(path: Path, manifest: bytes, arrays: Mapping[str, FloatArray]) -> None:
    """Beside its place first, then into its place in one move."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with beside.open("xb") as file:
            _write_zip(file, manifest, arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    with suppress(OSError):  # the new name itself to the disk, where folders can be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write_zip(file: BinaryIO, manifest: bytes, arrays: Mapping[str, FloatArray]) -> None:
    with ZipFile(file, "w", ZIP_STORED) as zipped:
        # A ZipInfo of its own is dated 1980, so that the same model gives the same bytes.
        zipped.writestr(ZipInfo(MANIFEST), manifest)
        for name, array in arrays.items():
            content = BytesIO()
            np.lib.format.write_array(content, _little(array), allow_pickle=False)
            zipped.writestr(ZipInfo(f"{name}.npy"), content.getbuffer())


# ---- reading ------------------------------------------------------------------------------------------------------


def _load(path: Path) -> tuple[Parametric, tuple[str, ...] | None]:
    with path.open("rb") as file:
        try:
            with _opened(file) as zipped:
                manifest = _manifest(zipped)
                labels = _labels(manifest, zipped)
                arrays = {name: _array(zipped, name, label) for name, label in labels.items()}
            words = manifest["vocabulary"]
            return build(manifest["model"], arrays), None if words is None else tuple(_words(words))
        except Refused as bad:
            raise ValueError(f"{path}: {bad}") from None
        except UNREADABLE as error:
            raise ValueError(f"{path}: cut, changed or not a file of this library ({error})") from None


def _opened(file: BinaryIO) -> ZipFile:
    """The zip, once the sizes that it declares are exactly what the file holds, so that nothing can swell."""
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST:
        raise Refused(f"expected at most {LARGEST:,} bytes, got {size:,}")
    if size == 0:
        raise Refused("the file is empty")
    zipped = ZipFile(file)
    entries = zipped.infolist()
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise Refused("the same name stands in it twice")
    if any(e.compress_type != ZIP_STORED or e.compress_size != e.file_size for e in entries):
        raise Refused("expected arrays that are not compressed, as save() writes them; compressed ones can swell")
    spare = size - sum(entry.file_size for entry in entries)
    if not 0 < spare <= sum(OVERHEAD + 2 * len(name.encode()) for name in names) + OVERHEAD:
        raise Refused(f"it has {size:,} bytes, which is not what its parts add up to ({size - spare:,})")
    return zipped


def _manifest(zipped: ZipFile) -> dict[str, Any]:
    """The manifest, once its own checksum has been found right."""
    if MANIFEST not in zipped.namelist():
        raise Refused(f"not a file of this library: it has no {MANIFEST}")
    if zipped.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
        raise Refused(f"{MANIFEST}: expected at most {LARGEST_MANIFEST:,} bytes")
    manifest = json.loads(zipped.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Refused(f"not a file of this library: its {MANIFEST} says another format")
    if manifest.get("version") != VERSION:
        raise Refused(f"expected format version {VERSION}, got {manifest.get('version')!r}; a newer library reads it")
    if manifest.get("checksum") != _checksum(manifest):
        raise Refused(f"{MANIFEST} has been changed: its checksum is another one")
    return manifest


def _labels(manifest: Mapping[str, Any], zipped: ZipFile) -> dict[str, dict[str, Any]]:
    """What the manifest says of each array, once it agrees with the entries of the zip in names and sizes."""
    labels: dict[str, dict[str, Any]] = manifest["arrays"]
    entries = {entry.filename: entry.file_size for entry in zipped.infolist() if entry.filename != MANIFEST}
    if wrong := sorted(set(entries) ^ {f"{name}.npy" for name in labels}):
        raise Refused(f"its arrays are not those of its manifest: {wrong[:5]}")
    for name, label in labels.items():
        shape, dtype = label["shape"], label["dtype"]
        if any(type(size) is not int or size < 0 for size in shape) or dtype not in DTYPES.values():
            raise Refused(f"{name}: expected sizes and float32 or float64, got {shape!r} and {dtype!r}")
        spare = entries[f"{name}.npy"] - math.prod(shape) * np.dtype(dtype).itemsize
        if not 0 < spare <= HEADER:
            raise Refused(f"{name}: {shape} of {dtype} does not fit its {entries[f'{name}.npy']:,} bytes")
    return labels


def _array(zipped: ZipFile, name: str, label: Mapping[str, Any]) -> FloatArray:
    """One array; what its own head says is compared with the manifest before its numbers are read."""
    content = BytesIO(zipped.read(f"{name}.npy"))
    if np.lib.format.read_magic(content) != (1, 0):
        raise Refused(f"{name}: expected an .npy of version 1.0")
    shape, _, dtype = np.lib.format.read_array_header_1_0(content)
    if list(shape) != label["shape"] or DTYPES.get(dtype.str) != label["dtype"]:
        raise Refused(f"{name}: expected {label['shape']} of {label['dtype']}, got {list(shape)} of {dtype}")
    if len(content.getbuffer()) - content.tell() != math.prod(shape) * dtype.itemsize:
        raise Refused(f"{name}: its bytes are not as many as its shape asks for")
    content.seek(0)
    array: FloatArray = np.lib.format.read_array(content, allow_pickle=False)
    if _label(array)["sha256"] != label["sha256"]:
        raise Refused(f"{name} has been changed: its checksum is another one")
    return array.astype(label["dtype"], copy=False)
