"""What is said about the memory race: captions, the questions, the numbers seed by seed. Chapter 06."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..book.race import REMEMBERS, Race, Result
from ..look.lettering import share
from .pages import Answer, Question, Table, Tip

NOTE = (
    "Each network learned with lags from 1 up to its own, for at most {epochs} passes over {examples} sequences, or "
    "until it had them right. Thin lines and pale bands: {seeds} seeds; thick lines: their median. A kind fails where "
    "the median is under 0.95. Size is the number of parameters."
)


def caption(race: Race, lag: int) -> str:
    shares = [f"{kind} {share(race.median(kind, lag))}" for kind in race.kinds]
    said = f"Lag {lag}. Right answers in the median: {', '.join(shares)}; guessing gives {share(race.chance)}."
    failing = [kind for kind in race.kinds if race.fails(kind) == lag]
    if failing:
        said += f" Here {_the(failing)} {'fails' if len(failing) == 1 else 'fail'}."
    far = race.asked[-1]
    held = [kind for kind in failing if _held(race, kind, lag, far) >= REMEMBERS]
    if held:
        said += f" Trained for lag {_before(race, lag)}, {_the(held)} still knew it at lag {far}: what fails "
        said += "here is learning it, not keeping it."
    elif far > lag:
        others = ", ".join(f"{kind} {share(race.median(kind, lag, far))}" for kind in race.kinds)
        said += f" Asked at lag {far}, which they have not seen: {others}."
    return said


def _before(race: Race, lag: int) -> int:
    return max((other for other in race.lags if other < lag), default=lag)


def _held(race: Race, kind: str, lag: int, far: int) -> float:
    """What the networks that were trained for the lag before this one know when asked at a far one."""
    return race.median(kind, _before(race, lag), far)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _the(names: Sequence[str]) -> str:
    return f"the {names[0]}" if len(names) == 1 else _listed(names)


def question(race: Race, lag: int) -> Question | None:
    """Where a kind fails for the first time: who still remembers?"""
    at = race.lags.index(lag)
    if at == 0 or not any(race.fails(kind) == lag for kind in race.kinds):
        return None
    before, after = _remember(race, race.lags[at - 1]), _remember(race, lag)
    choices = [before, *(tuple(k for k in before if k != kind) for kind in before if len(before) > 1), after, ()]
    choices = list(dict.fromkeys(choices))
    who = f"{_the(before)} {'remembers' if len(before) == 1 else 'remember'} for {race.lags[at - 1]} steps."
    prompt = f"{who[0].upper()}{who[1:]} With as much training, who does for {lag}?"
    answers = tuple(Answer(_said(names), _reply(race, lag, names, after, before)) for names in choices)
    return Question(prompt, answers, choices.index(after))


def _remember(race: Race, lag: int) -> tuple[str, ...]:
    """The kinds that have not failed up to this lag."""
    return tuple(kind for kind in race.kinds if (race.fails(kind) or math.inf) > lag)


def _reply(race: Race, lag: int, names: Sequence[str], right: Sequence[str], before: Sequence[str]) -> str:
    """To the right answer all medians; to a wrong one, what is wrong with it."""
    medians = {kind: f"{kind} {share(race.median(kind, lag))}" for kind in before}
    if names == right:
        return f"In the median: {', '.join(medians.values())}."
    less = [medians[kind] for kind in names if kind not in right]
    more = [medians[kind] for kind in right if kind not in names]
    said = [
        f"Too much is expected of {_listed(less)}." if less else "",
        f"Too little of {_listed(more)}." if more else "",
    ]
    return " ".join(filter(None, said))


def _said(names: Sequence[str]) -> str:
    return _listed(names) if names else "nobody"


def tips(race: Race, own: Mapping[int, Result], lag: int) -> dict[str, Tip]:
    tips = {f"seeds/{kind}": _seeds_tip(race, kind, lag) for kind in race.kinds}
    return tips | {f"own/{k}": _own_tip(k, result) for k, result in own.items()}


def _seeds_tip(race: Race, kind: str, lag: int) -> Tip:
    runs, at = race.runs(kind, lag), f"{kind}/{lag}"
    shares = [(share(run.accuracy[lag]), f"seed/{at}/{run.seed}") for run in runs]
    epochs = [(str(run.epochs), f"epochs/{at}/{run.seed}") for run in runs]
    return ((f"{kind}, seed by seed:", "soft"), *shares, ("; passes over the sequences:", "soft"), *epochs)


def _own_tip(k: int, result: Result) -> Tip:
    far = max(result.accuracy)
    return (
        (f"your {result.kind}", "soft"),
        (f"seed {result.seed}, {result.epochs} epochs ({result.stopped}):", "soft"),
        (share(result.accuracy[result.lag]), f"own/{k}/{result.lag}"),
        *(
            (("; asked at lag", "soft"), (f"{far}:", "soft"), (share(result.accuracy[far]), f"own/{k}/{far}"))
            if far > result.lag
            else ()
        ),
    )


def lines(race: Race, own: Mapping[int, Result], lag: int) -> tuple[str, ...]:
    """The seeds of the kind whose worst one is worst, and the reader's last run for this lag."""
    worst = min(race.kinds, key=lambda kind: race.accuracy(kind, lag)[0])
    return (f"seeds/{worst}", *(f"own/{k}" for k in list(own)[-1:]))


def table(race: Race) -> Table:
    head = ("kind, seed", *(f"lag {lag}" for lag in race.lags))
    rows = []
    for kind in race.kinds:
        for seed in race.seeds:
            runs = {lag: {run.seed: run for run in race.runs(kind, lag)}.get(seed) for lag in race.lags}
            rows.append(
                (
                    f"{kind}, seed {seed}",
                    *("" if run is None else share(run.accuracy[lag]) for lag, run in runs.items()),
                )
            )
        rows.append((f"{kind}, median", *(share(race.median(kind, lag)) for lag in race.lags)))
    return (head, *rows)


def alternative(race: Race) -> str:
    ends = []
    for kind in race.kinds:
        fails = race.fails(kind)
        ends.append(f"the {kind} " + ("remembers at every lag" if fails is None else f"fails at lag {fails}"))
    size = ", ".join(f"{kind} {race.parameters[kind]:,}" for kind in race.kinds)
    return (
        f"Share of right answers on the recall task against the lag, {race.lags[0]} to {race.lags[-1]} steps, for "
        f"networks of nearly the same size ({size} parameters): {'; '.join(ends)}."
    )
