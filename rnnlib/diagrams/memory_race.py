"""The memory race, lag by lag: who still names the digit that was shown so many steps before. Chapter 06."""

from collections.abc import Iterator, Sequence

from .. import asked
from ..book.race import REMEMBERS, Race, Result
from ..checks import expect
from ..look.lettering import listed
from ..look.palette import KINDS as TONES
from ..look.scale import Scale
from ..look.templates import Tip, of_picture
from .chart import FILLS, Axes, apart, band, cursor, curve, end_label, frame, level, points
from .pages import Pages
from .shapes import Element, arrow, cover, group, rect, words
from .sheet import Ask, Sheet, Table, paged

WIDTH, HEIGHT = 700, 372  # narrow enough for 768 px with a notebook around it
TOP, BOTTOM, LEFT, RIGHT = 92, 322, 44, 372  # of the first field
COLUMN, ROW, SECOND = 448, 22, 206  # of the numbers: their kind, the height of a row; where the second field begins
COLUMNS = {"median": 556, "worst": 604, "best": 646, "parameters": 698}  # where each number ends
TICKS, EXAMPLE, CELL = {0: "0", 0.5: "0.5", 1: "1"}, "baabb", 26  # of the letters that mean nothing


def the(names: Sequence[str]) -> str:
    """The RNN; RNN and GRU."""
    return f"the {names[0]}" if len(names) == 1 else listed(names)


@asked.asks()
def memory_race(race: Race, *, own: Sequence[Result] = (), ask: Ask = None, title: str = "") -> Pages:
    """A page for each lag: accuracy so far, the numbers at this lag, and what the same networks do at other lags.

    race: the runs, as `stored_race()` gives. own: more results, of lags that the race has, drawn as rings. ask: page ->
    question, which covers the lag and its numbers. ValueError for a race without runs, runs that are missing or not
    finite, a kind that has no colour, a lag of `own` that has no page. Chapter 06.
    """
    expect(race.results, "race: expected at least one run, got none")
    for kind in race.kinds:
        known = kind in TONES and kind in race.parameters
        expect(known, f"race: expected kinds of {', '.join(TONES)} with their parameters, got {kind!r}")
    for result in own:
        there = result.lag in race.lags and result.kind in TONES
        expect(there, f"own: expected lags of the race, {race.lags}, got {result.kind}, {result.lag}")
    right = all(0 <= share <= 1 for result in (*race.results, *own) for share in result.accuracy.values())
    expect(right, "race, own: expected shares of right answers, finite, from 0 to 1")
    return paged(MemoryRace(race, own), title, ask)


def _over(lags: Sequence[int]) -> Scale:
    """A log axis over these lags; around a single one if there is no other."""
    low, high = lags[0], lags[-1]
    return Scale(low, high, "log") if low < high else Scale(low / 2, low * 2, "log")


def _ticks(axes: Axes, lags: Sequence[int]) -> dict[float, str]:
    """The lags as ticks; one that would touch its neighbour is left out, the last one stays."""
    kept = [lags[-1]]
    for lag in reversed(lags[:-1]):
        if axes.px(kept[-1]) - axes.px(lag) > 10 + 8 * len(str(lag)):
            kept.append(lag)
    return {float(lag): str(lag) for lag in reversed(kept)}


class MemoryRace(Sheet):
    WORDS = of_picture("memory_race")

    def __init__(self, race: Race, own: Sequence[Result]) -> None:
        self.race, self.own, self.last, self.width, self.height = race, own, len(race.lags) - 1, WIDTH, HEIGHT
        self.numbers = race.numbers | {"own": [result.accuracy for result in own]}
        self.field = Axes(LEFT, TOP, RIGHT - LEFT, BOTTOM - TOP, _over(race.lags), Scale(0, 1))
        self.second = Axes(COLUMN + 32, SECOND, 168, BOTTOM - SECOND, _over(race.asked), Scale(0, 1))
        self.said = {
            "last": race.asked[-1], "shortest": race.lags[0], "longest": race.lags[-1], "seeds": len(race.seeds),
            "epochs": race.rules.epochs, "examples": f"{race.rules.examples:,}",
        }  # fmt: skip

    def form(self, name: str) -> str:
        return "count" if name.startswith(("passed", "parameters")) else "share"

    def lag(self, page: int) -> int:
        return self.race.lags[page]

    def background(self) -> Iterator[Element]:
        race = self.race
        yield words("share of right answers", LEFT, TOP - 20, "soft")
        yield words("guessing", LEFT + 6, self.field.py(race.chance) - 6, "soft")
        for axes, lags, label in ((self.field, race.lags, "lag, log scale"), (self.second, race.asked, "lag asked")):
            yield from frame(axes, x_ticks=_ticks(axes, lags), y_ticks=TICKS, x_label=label)
            yield level(axes, race.chance)
        for name, x in COLUMNS.items():
            yield words("size" if name == "parameters" else name, x, 54, "end soft")

    def page(self, page: int) -> Iterator[Element]:
        lag, lags = self.lag(page), self.race.lags[: page + 1]
        yield from _sequence(lag)
        yield from self._curves(lag, lags)
        yield from self._numbers(lag)
        yield from self._others(lag)
        if page in self.ask:
            yield from self._covers(self.field.px(lags[-2]))
            for kind in self.race.kinds:
                yield from points(self.field, lags[:-1], self._medians(kind, lags[:-1]), TONES[kind])
        yield cursor(self.field, lag)
        if lag in self.race.asked:
            yield cursor(self.second, lag)

    def _medians(self, kind: str, lags: Sequence[int]) -> list[float]:
        return [self.numbers[f"median {kind}"][lag] for lag in lags]

    def _covers(self, edge: float) -> Iterator[Element]:
        """What hides this lag and its numbers while the reader thinks."""
        x = self.second.x - 3
        yield from cover(edge, TOP - 12, COLUMN - 22 - edge, BOTTOM + 11 - TOP)
        yield from cover(COLUMN - 8, 60, WIDTH - COLUMN + 8, 4 + ROW * len(self.race.kinds))
        yield from cover(x, SECOND - 12, WIDTH - x, BOTTOM + 11 - SECOND)

    def _curves(self, lag: int, lags: Sequence[int]) -> Iterator[Element]:
        """Accuracy up to this lag: a thin line for each seed, a thick one for the median; rings for the reader's."""
        axes, kinds = self.field, self.race.kinds
        for kind in kinds:
            for seed in self.race.seeds:
                known = {at: s[seed] for at, s in self.numbers[f"right {kind}"].items() if at <= lag and seed in s}
                yield curve(axes, [*known], [*known.values()], TONES[kind], thick=False, cls="seed")
        for kind in kinds:
            medians = self._medians(kind, lags)
            yield curve(axes, lags, medians, TONES[kind])
            yield from points(axes, lags, medians, TONES[kind])
        yield from self._named(axes, lag, [self._medians(kind, lags)[-1] for kind in kinds])
        for result in self._mine(lag).values():
            x, y = axes.px(lag), axes.py(result.accuracy[lag])
            yield rect(x - 8, y - 8, 16, 16, f"curve thick stroke-{TONES[result.kind]} own", 8)
            yield words("yours", x - 12, y + 5, "end")

    def _mine(self, lag: int) -> dict[int, Result]:
        """The reader's runs for this lag, by their numbers."""
        return {k: result for k, result in enumerate(self.own) if result.lag == lag}

    def _named(self, axes: Axes, x: float, ends: Sequence[float]) -> Iterator[Element]:
        """The kinds beside the ends of their curves, kept apart and below the upper edge."""
        shifts = apart([axes.py(end) for end in ends])
        down = max(0, axes.y - min(axes.py(end) + shift for end, shift in zip(ends, shifts, strict=True)))
        for kind, end, shift in zip(self.race.kinds, ends, shifts, strict=True):
            yield end_label(axes, kind, x, end, TONES[kind], shift=shift + down)

    def _numbers(self, lag: int) -> Iterator[Element]:
        for row, kind in enumerate(self.race.kinds, 1):
            y = 54 + row * ROW
            yield group(
                "row",
                rect(COLUMN - 6, y - 16, WIDTH - COLUMN + 6, ROW, "surface", 4),
                words(kind, COLUMN, y, f"bold {FILLS[TONES[kind]]}"),
                *(
                    self.number(f"{name} {kind}/{lag}", x, y, "end bold" if name == "median" else "end")
                    for name, x in COLUMNS.items()
                ),
                data_tip=f"seeds/{kind}",
            )

    def _others(self, lag: int) -> Iterator[Element]:
        """The networks that were trained for this lag, asked at all lags."""
        race, axes = self.race, self.second
        yield words(f"trained for lag {lag},", COLUMN, SECOND - 38, "big")
        yield words("asked at others", COLUMN, SECOND - 18, "big")
        for kind in race.kinds:
            shares = [race.accuracy(kind, lag, at) for at in race.asked]
            yield band(axes, race.asked, [float(s[0]) for s in shares], [float(s[-1]) for s in shares], TONES[kind])
        medians = {kind: [*self.numbers[f"asked {kind}"][lag].values()] for kind in race.kinds}
        for kind, values in medians.items():
            yield curve(axes, race.asked, values, TONES[kind])
        yield from self._named(axes, race.asked[-1], [values[-1] for values in medians.values()])

    def _each(self, name: str, lag: int) -> str:
        return ", ".join(self.say(name, kind=kind, lag=lag) for kind in self.race.kinds)

    def caption(self, page: int) -> str:
        race, lag, shorter, last = self.race, self.lag(page), self.lag(max(page - 1, 0)), self.race.asked[-1]
        failing = [kind for kind in race.kinds if race.fails(kind) == lag]
        held = [kind for kind in failing if race.median(kind, shorter, last) >= REMEMBERS]
        here = self.say("here", who=the(failing), fail="fails" if len(failing) == 1 else "fail") if failing else ""
        far = self.say("far", others=self._each("asked", lag)) if last > lag else ""
        if held:
            far = self.say("held", shorter=shorter, who=the(held))
        return self.say("caption", lag=lag, medians=self._each("median", lag), failing=here, far=far)

    def tips(self, page: int) -> dict[str, Tip]:
        """First the seeds of the kind whose worst one is worst."""
        lag, last = self.lag(page), self.race.asked[-1]
        worst = min(self.race.kinds, key=lambda kind: self.value(f"worst {kind}/{lag}"))
        found = {}
        for kind in (worst, *(kind for kind in self.race.kinds if kind != worst)):
            at = [{"kind": kind, "lag": lag, "seed": run.seed} for run in self.race.runs(kind, lag)]
            several = {
                name: sum((self.tip(of, **p) for p in at), ())
                for name, of in (("shares", "share"), ("passes", "passes"))
            }
            found[f"seeds/{kind}"] = self.tip("seeds", kind=kind, **several)
        for k, result in self._mine(lag).items():
            more = self.tip("own far", k=k, last=max(result.accuracy)) if last > lag else ()
            found[f"own/{k}"] = self.tip("own", k=k, lag=lag, more=more, **_facts(result))
        return found

    def lines(self, page: int) -> tuple[str, ...]:
        """The seeds of the kind whose worst one is worst, and the reader's last run for this lag."""
        names = [*self.tips(page)]
        return (names[0], *[name for name in names if name.startswith("own")][-1:])

    def mark(self, page: int) -> str:
        return self.say("mark", lag=self.lag(page))

    def table(self) -> Table:
        rows = []
        for kind in self.race.kinds:
            for seed in self.race.seeds:
                runs = self.numbers[f"right {kind}"].items()
                shares = [self.text(f"right {kind}/{lag}/{seed}") if seed in s else "" for lag, s in runs]
                rows.append((f"{kind}, seed {seed}", *shares))
            rows.append((f"{kind}, median", *(self.text(f"median {kind}/{lag}") for lag in self.race.lags)))
        return (("kind, seed", *(f"lag {lag}" for lag in self.race.lags)), *rows)

    def alt(self) -> str:
        fails = {kind: self.race.fails(kind) for kind in self.race.kinds}
        ends = [self.say("remembers" if lag is None else "fails", kind=kind, lag=lag) for kind, lag in fails.items()]
        return self.say("alt", ends="; ".join(ends), sizes=self._each("size", self.race.lags[0]))


def _facts(result: Result) -> dict[str, object]:
    return {name: getattr(result, name) for name in ("kind", "seed", "epochs", "stopped")}


def _sequence(lag: int) -> Iterator[Element]:
    """What a network reads: the digit, the letters, the question; and what it has to answer."""
    y, shown, hidden, x = 12, EXAMPLE[:lag], lag - len(EXAMPLE), float(LEFT)
    for text in ("7", *shown):
        yield rect(x, y, CELL, CELL, "panel surface" if text != "7" else "nowsoft now", 6)
        yield words(text, x + CELL / 2, y + 18, "mid big bold" if text == "7" else "mid soft")
        x += CELL + 4
    if hidden > 0:
        text = f"… {hidden} more …" if hidden > 1 else "b"
        yield words(text, x + 2, y + 18, "soft")
        x += 18 + (8 * len(text) if hidden > 1 else 0)
    yield rect(x, y, CELL, CELL, "panel", 6)
    yield words("?", x + CELL / 2, y + 18, "mid big bold")
    yield arrow(x + CELL + 5, y + 13, x + CELL + 31, y + 13)
    yield words("7", x + CELL + 38, y + 18, "big bold")
