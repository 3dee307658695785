"""The form of a stored experiment: rules, a result for each network, medians over the seeds, and the file.

An experiment trains networks of several settings (a kind and, say, a lag), five seeds of each, all by the same `Rules`.
Each gives a result, a frozen dataclass: first the setting, then `seed`, then what came out. `Runs` is all of them
together; `Experiment` knows how one of them is made, and where they are stored. Chapters 05, 06, 07.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields, replace
from operator import attrgetter
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from ..checks import as_number, as_size, expect, one_of, shown
from ..functions import FloatArray
from ..models import Model
from ..training import Adam, History, Optimizer, fit

__all__ = ["SEEDS", "Experiment", "Rules", "Runs"]

SEEDS = range(5)
FOLDER = Path(__file__).parent / "results"
R = TypeVar("R")  # a result


@dataclass(frozen=True)
class Rules:
    """What is the same for all: how many examples there are to learn from and how many questions in the end, epochs,
    examples an update, Adam's learning rate, the bound of the gradient's norm."""

    examples: int
    questions: int
    epochs: int = 30
    batch_size: int = 32
    learning_rate: float = 0.01
    clip_norm: float = 1.0

    def __post_init__(self) -> None:
        for name in ("examples", "questions", "epochs", "batch_size"):
            as_size(name, getattr(self, name))
        as_number("learning_rate", self.learning_rate), as_number("clip_norm", self.clip_norm)

    def but(self, **changes: Any) -> Rules:
        """These rules with some of them changed."""
        return replace(self, **changes)

    def fit(
        self, model: Model, *data: Any, rng: np.random.Generator, optimizer: Optimizer | None = None, **options: Any
    ) -> History:
        """`rnnlib.fit` by these rules. optimizer: another one than Adam at the learning rate."""
        expect(len(data) > 1, "data: expected x, y, with lengths where there are any", TypeError)
        return fit(
            model,
            *data,
            epochs=self.epochs,
            batch_size=self.batch_size,
            optimizer=Adam(self.learning_rate) if optimizer is None else optimizer,
            clip_norm=self.clip_norm,
            rng=rng,
            progress=False,
            **options,
        )


def as_rules(rules: Any) -> Rules:
    """Rules, or a TypeError."""
    expect(
        isinstance(rules, Rules), f"rules: expected Rules, such as RULES.but(epochs=3), got {shown(rules)}", TypeError
    )
    return rules


def as_after(after: Any) -> Any:
    """What is called after each epoch, or None; else a TypeError."""
    expect(after is None or callable(after), f"after: expected a function of a Run, got {shown(after)}", TypeError)
    return after


@dataclass(frozen=True)
class Runs(Generic[R]):
    """All results of an experiment, with the number of parameters of each kind and the rules."""

    results: tuple[R, ...]
    parameters: dict[str, int]
    rules: Rules

    def distinct(self, name: str) -> tuple[Any, ...]:
        """What the results have under this name, each value once, in their order."""
        if self.results:
            one_of("name", name, _columns(type(self.results[0])))
        return tuple(dict.fromkeys(getattr(result, name) for result in self.results))

    @property
    def kinds(self) -> tuple[str, ...]:
        return self.distinct("kind")

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(sorted(self.distinct("seed")))

    def runs(self, *setting: Any) -> list[R]:
        """The results of this setting (`"GRU"`, or `"GRU", 30`), in the order of their seeds. ValueError for none."""
        if not self.results:
            raise ValueError("runs: expected at least one result, got none")
        names = _columns(type(self.results[0]))[: len(setting)]
        plain = all(isinstance(one, (str, int)) for one in setting)
        found = [one for one in self.results if plain and tuple(getattr(one, name) for name in names) == setting]
        if not found:
            known = " and one of ".join(", ".join(map(str, self.distinct(name))) for name in names)
            raise ValueError(
                f"{', '.join(names) or 'setting'}: expected one of {known}, got {', '.join(map(repr, setting))}"
            )
        return sorted(found, key=attrgetter("seed"))

    def spread(self, value: Callable[[R], float], *setting: Any) -> FloatArray:
        """A number of each result of this setting, sorted: the worst and the best are at the ends."""
        expect(callable(value), f"value: expected a function of a result, got {shown(value)}", TypeError)
        return np.sort([value(result) for result in self.runs(*setting)])


C = TypeVar("C", bound=Runs[Any])


@dataclass(frozen=True)
class Experiment(Generic[C]):
    """How results are made and stored. name: of the file. run: `(*setting, seed, **options)` -> a `result`. settings:
    all that take part. network: kind -> one that is not trained, to count its parameters."""

    name: str
    run: Callable[..., Any]
    runs: type[C]
    result: type
    settings: tuple[tuple[Any, ...], ...]
    rules: Rules
    network: Callable[[str], Any] | None = None

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.json"

    def stored(self) -> C:
        """The results that come with the book. ValueError where the file has other columns than a result."""
        stored = json.loads(self.path.read_text(encoding="utf-8"), object_hook=_numbered)
        if stored["columns"] != (columns := _columns(self.result)):
            raise ValueError(f"{self.path}: expected the columns {columns}, got {stored['columns']}")
        results = (self.result(*(tuple(v) if isinstance(v, list) else v for v in row)) for row in stored["runs"])
        return self.runs(tuple(results), stored["parameters"], Rules(**stored["rules"]))

    def text(self, results: Iterable[Any]) -> str:
        """Results as the text of the file: what is common to all, then a line each, so that a change is a changed line.
        Numbers are rounded to four places."""
        kinds = dict.fromkeys(setting[0] for setting in self.settings)
        about = {
            "what": f"Results of {self.run.__module__}, made by `python -m tools.make_runs {self.name}`.",
            "rules": asdict(self.rules),
            "parameters": {kind: self.network(kind).parameter_count for kind in kinds} if self.network else {},
            "columns": _columns(self.result),
        }
        rows = ",\n  ".join(json.dumps(_rounded(list(asdict(result).values()))) for result in results)
        return f'{json.dumps(about, indent=1)[:-2]},\n "runs": [\n  {rows}\n ]\n}}\n'

    def repeat(self, *setting: Any, seed: int = 0, **options: Any) -> tuple[Any, Any]:
        """What comes out now for this setting and seed, and what is stored of it. options: of `run`, for a part."""
        (stored,) = (result for result in self.stored().runs(*setting) if result.seed == seed)
        return self.run(*setting, seed, **options), stored


def _columns(result: type) -> list[str]:
    return [field.name for field in fields(result)]


def _rounded(value: Any) -> Any:
    """The same with every number rounded to four places."""
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def _numbered(stored: dict[str, Any]) -> dict[Any, Any]:
    """Numbers as keys, which JSON has as text, are numbers again."""
    return {int(key) if key.isdigit() else key: value for key, value in stored.items()}
