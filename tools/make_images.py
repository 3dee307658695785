"""Draw the pictures in images/ anew: `python start.py images`. The same bytes each time."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from rnnlib import diagrams  # noqa: E402
from rnnlib.data import CLASSES, phrases  # noqa: E402

FOLDER = ROOT / "images"


def pictures() -> dict[str, diagrams.Picture]:
    """File name -> picture."""
    return {
        "DNNvsRNN.svg": diagrams.dense_or_recurrent(),
        "RNN.svg": diagrams.units("a"),
        "RNN2.svg": diagrams.five_shapes(),
        "RNN_base.svg": diagrams.folded(),
        "RNN_data.svg": diagrams.data_picture(phrases.train_data, phrases.test_data),
        "RNN_many2one.svg": diagrams.many_to_one(("he", "is", "happy"), CLASSES),
        "RNN_unit.svg": diagrams.unit("a"),
    }


def main(folder: Path = FOLDER) -> None:
    """Write every picture, UTF-8 with line feeds on every system."""
    folder.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (folder / name).write_bytes(picture.encode("utf-8"))
        print(f"{folder.name}/{name}")


if __name__ == "__main__":
    main()
