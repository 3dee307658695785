"""Rows of the book's experiments."""

import numpy as np

import rnnlib as rn
from rnnlib import data
from rnnlib.book import bugs, contest, datebook, ladder, race, sentiment
from rnnlib.book.experiment import Rules
from tests.doors import Door
from tests.doors.core import NAN, rng
from tests.doors.data import labelled

FEW = Rules(examples=4, questions=4, epochs=1, batch_size=4)


def investigated():
    """Weights, and a run of them."""
    draw = rng()
    w = bugs.weights(rng=draw, hidden=3)
    x, y = bugs.echo(1, rng=draw, steps=3, examples=2)
    return w, x, y, bugs.forward(w, x, y)


BUGS = {
    "book.bugs.echo": Door(lambda: {"delay": 1, "rng": rng()}),
    "book.bugs.weights": Door(lambda: {"rng": rng()}),
    "book.bugs.forward": Door(lambda: dict(zip(("w", "x", "y"), investigated(), strict=False)), {"x": NAN, "y": NAN}),
    "book.bugs.differences": Door(dict),
    "book.masks.accuracy": Door(lambda: {"kind": "none", "seeds": 2, "updates": 1}),
    "book.bugs.code": Door(lambda: {"suspect": "A"}),
    "book.bugs.check": Door(lambda: {"suspect": "A", "steps": 2}),
    "book.bugs.cosine": Door(lambda: {"suspect": "A", "seeds": 2, "after": 1}),
    "book.bugs.train": Door(lambda: {"suspect": "A", "delay": 1, "seeds": 2, "updates": 1}),
    "book.bugs.table": Door(lambda: {"results": [bugs.train("A", delay=1, seeds=2, updates=1)]}),
}
RUNS = {
    "book.tying.tie": Door(lambda: {"kind": "one table", "sentences": 94, "rules": FEW}, heavy=True),
    "book.tying.stored_tying": Door(dict),
    "book.guests.talk": Door(lambda: {"sentences": 2, "alike": 0.5, "rng": rng()}),
    "book.guests.labelled": Door(lambda: {"group": "nowhere"}),
    "book.guests.few": Door(lambda: {"count": 3, "rng": rng()}),
    "Rules": Door(lambda: {"examples": 4, "questions": 4}),
    "Rules.but": Door(lambda: {"self": FEW, "epochs": 2}),
    "Rules.fit": Door(
        lambda: {"self": FEW, "model": race.racer("RNN"), "rng": rng(), "data": data.recall(2, 4, rng=rng())[:2]}
    ),
    "Runs.distinct": Door(lambda: {"self": race.stored_race(), "name": "kind"}),
    "Runs.runs": Door(lambda: {"self": race.stored_race(), "setting": ("RNN", 5)}, named={"setting": "kind: "}),
    "Runs.spread": Door(
        lambda: {"self": race.stored_race(), "value": lambda result: 1.0, "setting": ("RNN", 5)},
        named={"setting": "kind: "},
    ),
    "Experiment.stored": Door(lambda: {"self": race.EXPERIMENT}),
    "book.by_hand.by_hand": Door(dict),
    "book.by_hand.one_hot": Door(lambda: {"text": "not bad"}),
    "book.contest.contestant": Door(lambda: {"kind": "GRU"}),
    "book.contest.questions": Door(lambda: {"depth": 2, "rules": FEW}),
    "book.contest.trained": Door(lambda: {"kind": "GRU", "rules": FEW}),
    "book.contest.contest": Door(lambda: {"kind": "GRU", "rules": FEW, "depths": (2,)}, {"depths": "empty: none"}),
    "book.contest.stored_contest": Door(dict),
    "Contest.accuracy": Door(lambda: {"self": contest.stored_contest(), "kind": "GRU", "depth": 2}),
    "Contest.median": Door(lambda: {"self": contest.stored_contest(), "kind": "GRU", "depth": 2}),
    "book.race.racer": Door(lambda: {"kind": "GRU"}),
    "book.race.race": Door(lambda: {"kind": "GRU", "lag": 2, "rules": FEW, "asked": (3,)}, {"asked": "empty: none"}),
    "book.race.entered": Door(
        lambda: {"model": race.racer("GRU"), "kind": "mine", "lag": 2, "seed": 0, "rules": FEW},
        {"kind": "text: a name", "asked": "empty: none"},
    ),
    "book.race.stored_race": Door(dict),
    "Race.accuracy": Door(lambda: {"self": race.stored_race(), "kind": "GRU", "lag": 5}),
    "Race.median": Door(lambda: {"self": race.stored_race(), "kind": "GRU", "lag": 5}),
    "Race.fails": Door(lambda: {"self": race.stored_race(), "kind": "GRU"}),
    "Race.remembers": Door(lambda: {"self": race.stored_race(), "kind": "GRU"}),
    "book.ladder.rung": Door(lambda: {"kind": "road", "inputs": 3, "units": 2, "rng": rng()}),
    "book.ladder.climb": Door(lambda: {"kind": "road", "units": 4, "rules": FEW}, heavy=True),
    "book.ladder.far": Door(lambda: {"kind": "road", "lag": 2, "units": 2, "rules": FEW}),
    "book.ladder.stored_ladder": Door(dict),
    "book.ladder.stored_road": Door(dict),
    "Ladder.shares": Door(lambda: {"self": ladder.stored_ladder(), "kind": "road", "units": 12}, heavy=True),
    "Ladder.longer": Door(lambda: {"self": ladder.stored_ladder(), "kind": "road", "units": 12}, heavy=True),
    "book.datebook.book": Door(lambda: {"examples": 16, "questions": 16}),
    "book.datebook.rate": Door(lambda: {"kind": "GRU"}),
    "book.datebook.reader": Door(lambda: {"kind": "GRU"}),
    "book.datebook.right": Door(lambda: {"model": datebook.reader(), "asked": datebook.book(16, 16).test}),
    "book.datebook.reading": Door(lambda: {"kind": "GRU", "rules": FEW}, heavy=True),
    "book.datebook.stored_reader": Door(dict),
    "book.datebook.stored_readings": Door(dict),
    "book.source.plain": Door(lambda: {"function": rn.fit}),
    "book.source.source": Door(lambda: {"functions": (rn.fit,)}, named={"functions": "function: "}),
}
ALL = {"lengths": "none: every sentence has T words"}
TEXTS = ["he is sad", "he is glad"] * 4


def a_bag():
    return sentiment.bag_of_words(TEXTS, np.array([0, 1] * 4))


def a_committee():
    part = data.load_labelled_sentences(**labelled())
    members = (sentiment.review_network(len(part.vocabulary), rng=rng(), size=2, units=2),)
    return sentiment.Committee(members), part


def asked():
    committee, part = a_committee()
    return {"self": committee, "x": part.test.x, "lengths": part.test.lengths}


SENTIMENT = {
    "book.sentiment.bag_of_words": Door(lambda: {"sentences": TEXTS, "y": np.array([0, 1] * 4), "penalties": [1.0]}),
    "BagOfWords.predict": Door(lambda: {"self": a_bag(), "sentences": TEXTS}),
    "BagOfWords.accuracy": Door(lambda: {"self": a_bag(), "sentences": TEXTS, "y": np.array([0, 1] * 4)}),
    "book.sentiment.logistic_regression": Door(
        lambda: {"x": np.zeros((3, 2), int), "y": np.array([0, 1]), "lengths": np.array([3, 2]), "words": 2}, ALL
    ),
    "Committee.predict": Door(asked, ALL),
    "Committee.accuracy": Door(lambda: {"self": a_committee()[0], "part": a_committee()[1].test}),
    "book.sentiment.review_network": Door(
        lambda: {"words": 4, "rng": rng(), "size": 2, "units": 2}, {"classes": "text: a name a letter"}
    ),
    "book.sentiment.sentiment_recipe": Door(lambda: {"data": a_committee()[1]}, heavy=True),
}
BOOK = BUGS | RUNS | SENTIMENT
