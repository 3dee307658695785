"""Where a kind fails for the first time: who still remembers? Chapter 06."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ...book.race import Race
from ...diagrams.memory_race import the
from ...look.lettering import listed, share
from ...questions import Answer, Question

PROMPT = "{who} {remember} for {before} steps. With as much training, who does for {lag}?"
RIGHT, MUCH, LITTLE, NOBODY = "In the median: {}.", "Too much is expected: {}.", "Too little is expected: {}.", "nobody"


def memory_race(race: Race) -> dict[int, Question]:
    """Page -> question, where a kind fails that has not failed before."""
    fails = {race.fails(kind) for kind in race.kinds}
    return {page: _question(race, page) for page, lag in enumerate(race.lags) if page and lag in fails}


def _question(race: Race, page: int) -> Question:
    shorter, lag = race.lags[page - 1 : page + 1]
    before, after = ([k for k in race.kinds if (race.fails(k) or math.inf) > at] for at in (shorter, lag))
    fewer = [[k for k in before if k != kind] for kind in before if len(before) > 1]
    choices = [*dict.fromkeys(map(tuple, (before, *fewer, after, ())))]
    who = the(before)
    remember = "remembers" if len(before) == 1 else "remember"
    prompt = PROMPT.format(who=f"{who[0].upper()}{who[1:]}", remember=remember, before=shorter, lag=lag)
    medians = {kind: f"{kind} {share(race.median(kind, lag))}" for kind in before}
    answers = tuple(Answer(listed(some) if some else NOBODY, _reply(medians, some, after)) for some in choices)
    return Question(prompt, answers, choices.index(tuple(after)))


def _reply(medians: dict[str, str], names: Sequence[str], right: Sequence[str]) -> str:
    """To the right answer all medians; to a wrong one, what is wrong with it."""
    if [*names] == [*right]:
        return RIGHT.format(", ".join(medians.values()))
    wrong = {MUCH: [k for k in names if k not in right], LITTLE: [k for k in right if k not in names]}
    return " ".join(text.format(listed([medians[k] for k in kinds])) for text, kinds in wrong.items() if kinds)
