"""The chapters of the book, and which builds on which. Chapter 00."""

from collections.abc import Iterator, Sequence

from .. import asked
from ..book.chapters import CHAPTERS, Chapter, in_order
from ..checks import expect
from ..look.lettering import clip, wrap
from ..look.palette import SMALL, TEXT
from .pages import Picture, still
from .shapes import Element, arrow, bent, group, path, rect, words

LEFT, WIDTH, HEIGHT = 14, 250, 52  # of a box; the whole fits into a notebook in a narrow window
LANE, PITCH, TOP = 44, 68, 56  # between the columns, from box to box, above the first row
OUTSIDE, ROUND = 18, 9  # the way back to the right of the second column; the radius of a corner
NUMBER, LINE = 46, 19  # where a title begins, and its second line
COMING, HERE = "to come", "you are here"
TITLE = "The chapters, and which builds on which"
ALT = {  # what is said of each
    "chapter": "{number} {title}{coming}", "first": " comes first", "needs": " builds on {needs}",
    "early": " and can be read right after {early}", "end": ".", "here": " You are here.",
}  # fmt: skip
NOTES = ("An arrow leads to what builds on it.", "Short cut: {number}, right after {early}.")


@asked.asks()
def book_map(here: str = "", chapters: Sequence[Chapter] = CHAPTERS) -> Picture:
    """All chapters as boxes, with an arrow from each to those that build on it; what is to come has a broken edge.

    here: the number of the chapter that is marked, or "". On the left, from the top down, the chapters that build each
    on the one before; on the right those that follow. ValueError for no chapters, for a number that does not exist, and
    for a chapter that builds on a later one. Chapter 00.
    """
    numbers = in_order(chapters)
    expect(not here or here in numbers, f"here: expected one of {', '.join(numbers)}, got {here!r}")
    places = _places(chapters)
    rows = max(row for _, row in places.values()) + 1
    boxes = [element for c in chapters for element in _box(c, places[c.number], c.number == here)]
    drawn = [*_notes(chapters), *_ways(chapters, places), *boxes]
    width, texts = LEFT + 2 * WIDTH + LANE + OUTSIDE + 8, {"title": TITLE, "alt": "{said}"}
    return still(width, TOP + rows * PITCH + 4, texts, drawn, LEFT, said=_alt(here, chapters))


def _places(chapters: Sequence[Chapter]) -> dict[str, tuple[int, int]]:
    """Number -> (column, row). The first column holds the chapters at the beginning that have one follower each, and
    the one at which the ways part."""
    followers = [[later.number for later in chapters if chapter.number in later.builds_on] for chapter in chapters]
    road = 1
    while road < len(chapters) and followers[road - 1] == [chapters[road].number]:
        road += 1
    left = {chapter.number: (0, row) for row, chapter in enumerate(chapters[:road])}
    return left | {chapter.number: (1, row + 1) for row, chapter in enumerate(chapters[road:])}


def _alt(here: str, chapters: Sequence[Chapter]) -> str:
    """The whole map in words."""
    said = [f"{TITLE}."]
    for chapter in chapters:
        places = {"number": chapter.number, "title": chapter.title, "coming": "" if chapter.file else f" ({COMING})"}
        places |= {"needs": " and ".join(chapter.builds_on), "early": " or ".join(chapter.after)}
        marked = {"first": not chapter.builds_on, "needs": chapter.builds_on, "early": chapter.after}
        marked |= {"end": True, "here": chapter.number == here}
        said.append(
            ALT["chapter"].format(**places) + "".join(ALT[k].format(**places) for k, on in marked.items() if on)
        )
    return " ".join(said)


def _corner(place: tuple[int, int]) -> tuple[float, float]:
    """The upper left corner of a box."""
    column, row = place
    return LEFT + column * (WIDTH + LANE), TOP + row * PITCH


def _box(chapter: Chapter, place: tuple[int, int], here: bool) -> Iterator[Element]:
    """A chapter: its number and title, and whether it is to come."""
    x, y = _corner(place)
    there = bool(chapter.file)
    cls = "nowsoft now" if here else "panel surface" if there else "rest broken"
    yield rect(x, y, WIDTH, HEIGHT, cls, 10)
    label = HERE if here else "" if there else COMING
    lines = wrap(chapter.title, WIDTH - NUMBER - 10, TEXT)[:2]
    first = y + HEIGHT / 2 + 5 - (LINE / 2 if label or len(lines) > 1 else 0)
    yield words(chapter.number, x + 16, first, "big soft")
    for row, line in enumerate(lines):
        yield words(line, x + NUMBER, first + LINE * row, "big bold" if there else "big soft")
    if label:
        beside = len(lines) > 1  # a title of two lines leaves room at the end of the second
        tone = "accent" if here else "soft"
        yield words(label, x + (WIDTH - 12 if beside else NUMBER), first + LINE, f"end {tone}" if beside else tone)


def _ways(chapters: Sequence[Chapter], places: dict[str, tuple[int, int]]) -> Iterator[Element]:
    """An arrow for each chapter and each that it builds on. Where several run side by side they share one line, which
    the longest draws."""
    drawn: set[tuple[str, bool]] = set()  # the lines that are there: of whom, and whether it goes up
    pairs = [(needed, chapter.number) for chapter in chapters for needed in chapter.builds_on]
    pairs.sort(key=lambda pair: -abs(places[pair[0]][1] - places[pair[1]][1]))
    for start, end in pairs:
        (column, row), (other, last) = places[start], places[end]
        up, shared = last < row, end if column == other else start
        parts = _way(places[start], places[end], joins=(shared, up) in drawn)
        if row != last and not (column == other and last - row == 1):
            drawn.add((shared, up))
        yield group("way", *parts, data_from=start, data_to=end)


def _way(start: tuple[int, int], end: tuple[int, int], joins: bool) -> list[Element]:
    """The arrow from a box to one that builds on it: down, across, or around a corner. joins: the long part of the way
    is there already."""
    (x0, y0), (x1, y1) = _corner(start), _corner(end)
    from_y, to_y = y0 + HEIGHT / 2, y1 + HEIGHT / 2
    if start[0] == end[0] and start[1] + 1 == end[1]:
        return [arrow(x0 + WIDTH / 2, y0 + HEIGHT + 3, x1 + WIDTH / 2, y1 - 4)]
    if start[1] == end[1]:
        return [arrow(x0 + WIDTH + 3, from_y, x1 - 4, to_y)]
    if start[0] < end[0]:
        lane, way = x0 + WIDTH + LANE / 2, ROUND if from_y > to_y else -ROUND
        leaves = [(lane, to_y + way)] if joins else [(x0 + WIDTH + 3, from_y), (lane, from_y)]
        return bent([*leaves, (lane, to_y), (x1 - 4, to_y)])
    edge, lane = x0 + WIDTH, x0 + WIDTH + OUTSIDE
    if joins:
        return [path(f"M{edge + 3} {from_y:g}H{lane - ROUND}Q{lane} {from_y:g} {lane} {from_y + ROUND:g}", "flow")]
    return bent([(edge + 3, from_y), (lane, from_y), (lane, to_y), (edge + 4, to_y)])


def _notes(chapters: Sequence[Chapter]) -> Iterator[Element]:
    """What the empty place on the upper right has room for: how to read the map, and the first short cut."""
    early = [(c.number, " or ".join(c.after)) for c in chapters if c.after]
    lines = [NOTES[0], *(NOTES[1].format(number=number, early=after) for number, after in early[:1])]
    x, y = _corner((1, 0))
    for place, line in enumerate(lines):
        yield words(clip(line, WIDTH + OUTSIDE, SMALL), x, y + 22 + 22 * place, "soft")
