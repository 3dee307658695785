"""What each known wrong answer gives is what it gave when its diagnosis was written: one number for each in slips.json.

After a new or changed slip: `python -m tests.test_exercises_slips` writes the numbers anew; look at what has changed.
"""

import json
from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest

from rnnlib.exercises.compare import leaves
from rnnlib.exercises.reading import plain
from tests.test_exercises_chapters import ALL

GOLDEN = Path(__file__).parent / "goldens" / "slips.json"
WRITTEN = [found for found in ALL if any(hasattr(wrong.answer, "keywords") for wrong in found.wrong)]


def number(found, wrong):
    """All numbers of all trials in one: each place has a weight of its own."""
    with np.errstate(all="ignore"):
        results = [found.result(wrong.answer, deepcopy(inputs)) for inputs in found.trials()]
    parts = [np.ravel(part) for result in results for part in leaves(plain(result)).values()]
    values = np.nan_to_num(np.concatenate(parts).astype(float), nan=3, posinf=5, neginf=7)
    return float(f"{values @ np.cos(np.arange(len(values))):.9g}")


def numbers(found):
    return {wrong.answer.keywords["slip"]: number(found, wrong) for wrong in found.wrong}


@pytest.mark.parametrize("found", WRITTEN, ids=lambda found: found.number)
def test_a_slip_gives_what_it_gave(found):
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))[found.number]
    assert numbers(found) == pytest.approx(golden, rel=1e-6, abs=1e-6)


if __name__ == "__main__":
    rows = [f"{json.dumps(found.number)}: {json.dumps(numbers(found))}" for found in WRITTEN]
    GOLDEN.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
