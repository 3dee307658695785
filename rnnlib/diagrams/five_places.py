"""Where networks of the five shapes stand side by side, column by column. Chapter 01."""

from itertools import accumulate

from ..views.five import FIVE
from .boxes import Box

HEAD, OUT, STATE, IN, THING, HEIGHT = 18, 76, 134, 194, 262, 304  # heights: of a name, of the middles below, of all
UNIT, CHIP, IMAGE, EDGE = 26, 26, 52, 10  # px: a unit, the height of a chip, an image, the room beside a network
PITCH = {"1-1": 86, "1-N": 38, "N-1": 40, "N-M": 33, "N-N": 70}  # from step to step
READS = {"1-1": (0,), "1-N": (0,), "N-1": (0, 1, 3), "N-M": (0, 2), "N-N": (0, 1, 2)}  # the columns that read
WRITES = {"1-1": (0,), "1-N": (1, 2, 3), "N-1": (3,), "N-M": (3, 5), "N-N": (0, 1, 2)}  # and those that write
GAPS = {"N-1": (2,), "N-M": (1, 4)}  # where steps are left out
COLUMNS = {code: range(max(READS[code] + WRITES[code]) + 1) for code in PITCH}
WIDE = {code: PITCH[code] * len(COLUMNS[code]) + 2 * EDGE for code in PITCH}
NAMES = {shape.code: shape.name for shape in FIVE.values()}
LEFT = dict(zip(WIDE, accumulate(WIDE.values(), initial=0), strict=False))  # where each of the five begins


def middle(code: str, column: int) -> float:
    """Of a column of a network."""
    return LEFT[code] + EDGE + PITCH[code] * (column + 0.5)


def place(code: str, column: int, y: float, wide: float = UNIT) -> Box:
    """A box around the middle of a column."""
    return Box(middle(code, column) - wide / 2, y - CHIP / 2, wide, CHIP)


def into(code: str, column: int) -> Box:
    """Of what goes in: words and signs have more room."""
    return place(code, column, IN, PITCH[code] - 6 if code in ("N-M", "N-N") else UNIT)


def out(code: str, column: int) -> Box:
    """Of what comes out, inside of its network's room."""
    wide = 92 if code == "N-1" else PITCH[code] - 6
    box = place(code, column, OUT, wide)
    return box._replace(x=min(box.x, LEFT[code] + WIDE[code] - 6 - wide))
