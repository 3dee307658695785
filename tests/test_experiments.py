"""The form of a stored experiment: what every one of them stores, and what is asked of its results."""

import json
from dataclasses import dataclass, replace

import pytest

from rnnlib.book import experiment as form
from rnnlib.book.experiment import SEEDS, Experiment, Rules, Runs
from tools.make_runs import EXPERIMENTS

RULES = Rules(examples=8, questions=4)


@dataclass(frozen=True)
class Throw:
    kind: str
    size: int
    seed: int
    share: float
    curve: tuple[float, ...] = ()
    at: dict[int, float] | None = None


def throw(kind, size, seed, *, share=0.5):
    return Throw(kind, size, seed, share, (1.0, share), {2: share, 10: 1.0})


ONE = Experiment("throws", throw, Runs[Throw], Throw, (("a", 1), ("a", 2), ("b", 1)), RULES)
RESULTS = tuple(throw(*setting, seed, share=seed / 3) for setting in ONE.settings for seed in (2, 0, 1))
RUNS = Runs(RESULTS, {}, RULES)


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setattr(form, "FOLDER", tmp_path)
    ONE.path.write_text(ONE.text(RESULTS), encoding="utf-8")
    return ONE.path


each_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)


@each_experiment
def test_what_is_stored_is_read_back_as_it_was(experiment):
    assert experiment.text(experiment.stored().results) == experiment.path.read_text(encoding="utf-8")


@each_experiment
def test_every_setting_has_a_stored_result_for_every_seed_by_the_rules_of_the_module(experiment):
    runs = experiment.stored()
    assert runs.rules == experiment.rules and experiment.path.stat().st_size < 30_000
    assert len(runs.results) == len(experiment.settings) * len(SEEDS)
    for setting in experiment.settings:
        assert [run.seed for run in runs.runs(*setting)] == list(SEEDS)


def test_what_comes_back_is_equal_to_its_types_but_for_the_fifth_place(written):
    back = replace(ONE, rules=RULES.but(epochs=1)).stored()
    assert back.rules == RULES and back.results[1] == RESULTS[1]
    thirds = back.results[0]
    assert (thirds.share, thirds.curve, thirds.at) == (0.6667, (1.0, 0.6667), {2: 0.6667, 10: 1.0})


def test_a_file_with_other_columns_is_refused(written):
    stored = json.loads(written.read_text(encoding="utf-8"))
    stored["columns"][3] = "loss"
    written.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(ValueError, match=r"throws\.json: expected the columns .*'share'.* got .*'loss'"):
        ONE.stored()


def test_repeat_gives_what_comes_out_now_beside_what_is_stored(written):
    again, stored = ONE.repeat("a", 2, seed=1, share=0.25)
    assert (again.share, stored.share) == (0.25, 0.3333)
    assert (again.kind, again.size, again.seed) == (stored.kind, stored.size, stored.seed) == ("a", 2, 1)


def test_the_results_of_a_setting_come_by_seed_and_their_numbers_sorted():
    assert [run.seed for run in RUNS.runs("a", 2)] == [0, 1, 2]
    assert {run.size for run in RUNS.runs("a")} == {1, 2} and (RUNS.kinds, RUNS.seeds) == (("a", "b"), (0, 1, 2))
    assert RUNS.spread(lambda run: -run.share, "a", 2).tolist() == [-2 / 3, -1 / 3, 0]


@pytest.mark.parametrize("setting", [("c",), ("c", 1), ("a", 3), ("b", 2)])
def test_a_setting_that_did_not_take_part_is_refused_by_name(setting):
    with pytest.raises(ValueError, match="at least one result"):
        replace(RUNS, results=()).runs(*setting)
    with pytest.raises(ValueError, match=f"kind.*: expected one of a, b.*, got {setting[0]!r}"):
        RUNS.runs(*setting)
