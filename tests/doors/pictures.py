"""Rows of pictures and plots. The widgets have a table of their own, in `tests/test_widgets_bounds.py`."""

import numpy as np
from matplotlib.figure import Figure

from rnnlib import diagrams
from rnnlib.book import by_hand, race
from rnnlib.flow import gradient_flow
from rnnlib.saliency import occlusion
from rnnlib.trace import trace, trace_back
from rnnlib.training import History
from rnnlib.views.forward import forward
from rnnlib.views.gates import gates_run
from rnnlib.views.scalar import scalar_run
from rnnlib.views.vanishing import vanishing
from rnnlib.views.writing import writing
from tests import zoo
from tests.doors import Door
from tests.doors.core import model, numbers
from tests.pictures import answering, updated

TEXT = {"title": "text: any text", "alt": "text: any text", "classes": "text: a name a letter"}
ANY_TEXT = TEXT | {"start": "negative: any number", "apart": "negative: any number", "h_0": "negative: any number"}
LETTERS = {"tokens": "and 2 tokens", "symbols": "logits: expected 2 numbers"}  # of "zz" there are two


def a_trace(name="many to one"):
    return trace(model(name), numbers(4, 2), list("abcd"))


def a_history():
    return History([1.0, 0.5], [1.0, 1.0], [0.1, 0.1], {"test": [1.0, 0.5]}, {"test": [0.5, 1.0]})


def a_figure():
    return Figure()


def things():
    image, sound = np.ones((2, 2)), numbers(4, 2)
    texts = {"digit": "six", "speaker": "he", "dates": ["1.2.3", "3-2-1"], "sentence": list("abc"), "tags": list("abc")}
    return {"image": image, "sound": sound} | texts


def two_traces():
    run = by_hand.by_hand()
    return {"traces": [trace(run, by_hand.one_hot(text), text.split()) for text in ("not bad", "good")]}


def flows():
    layer = zoo.layer("rnn tanh")
    return {"flows": {"tanh": gradient_flow(layer, numbers(4, 2))}, "W": layer.cell.W_hh}


NOTATIONS = ("five_shapes", "folded", "unit", "units")
TRACES = ("computations", "heat_strip", "layers", "sentence", "unrolling")
DIAGRAMS = (
    {f"diagrams.{name}": Door(dict) for name in NOTATIONS}
    | {f"diagrams.{name}": Door(lambda: {"trace": a_trace()}, ANY_TEXT) for name in TRACES}
    | {
        "diagrams.bars": Door(lambda: {"values": {"a": 0.5, "b": 1}, "title": "shares", "most": 1}, ANY_TEXT),
        "diagrams.book_map": Door(dict),
        "diagrams.five_things": Door(
            things, ANY_TEXT | {"speaker": "text: any text", "dates": "text: a date a letter"}
        ),
        "diagrams.derivation": Door(lambda: {"record": answering(2, 2)}, ANY_TEXT),
        "diagrams.training_step": Door(
            lambda: dict(zip(("record", "again"), updated(), strict=True), learning_rate=0.2), ANY_TEXT
        ),
        "diagrams.padding": Door(lambda: {"h": np.zeros((4, 2, 3)), "lengths": np.array([1, 1])}, ANY_TEXT),
        "diagrams.attention": Door(
            lambda: (
                {name: np.ones((2, 3)) for name in ("queries", "keys", "values")}
                | {"answers": np.ones((2, 2)) / 2}
                | {name: ["a", "b"] for name in ("entries", "questions", "classes")}
            ),
            ANY_TEXT | dict.fromkeys(("entries", "questions"), TEXT["classes"]),
        ),
        "diagrams.data_picture": Door(lambda: {"train_data": {"good": True}, "test_data": {"bad": False}}),
        "diagrams.dense_or_recurrent": Door(dict),
        "diagrams.many_to_one": Door(dict, TEXT),
        "diagrams.sizes": Door(dict),
        "diagrams.gates": Door(lambda: {"run": gates_run(zoo.layer("lstm"), numbers(4, 2), tuple("abcd"))}, ANY_TEXT),
        "diagrams.valves": Door(lambda: {"run": gates_run(zoo.layer("lstm"), numbers(4, 2), tuple("abcd"))}, ANY_TEXT),
        "diagrams.gradient_chain": Door(
            lambda: {"record": trace_back(model("many to one"), numbers(4, 2), 1)}, ANY_TEXT
        ),
        "diagrams.lstm_cell": Door(lambda: {"trace": a_trace("many to one, lstm")}),
        "diagrams.gru_cell": Door(lambda: {"trace": a_trace("many to one, gru, mean")}),
        "diagrams.leaving_out": Door(
            lambda: {"trace": a_trace(), "occlusion": occlusion(model("many to one"), numbers(4, 2))}, ANY_TEXT
        ),
        "diagrams.contributions": Door(
            lambda: {"networks": {"a": [occlusion(model("many to one"), numbers(1, 2))]}, "tokens": ["a"]},
            ANY_TEXT | {"answer": "text: any text"},
            {"tokens": "networks"},
        ),
        "diagrams.memory_race": Door(lambda: {"race": race.stored_race()}, ANY_TEXT),
        "diagrams.one_unit": Door(lambda: {"run": scalar_run(zoo.layer("rnn tanh", 1, 1).cell, numbers(4))}, ANY_TEXT),
        "diagrams.static_svg": Door(lambda: {"pages": diagrams.sentence(a_trace())}),
        "diagrams.temperature": Door(lambda: {"writing": writing(numbers(3), "abc")}, ANY_TEXT),
        "diagrams.trajectory": Door(two_traces, ANY_TEXT),
        "diagrams.vanish": Door(lambda: {"run": vanishing(**flows())}, ANY_TEXT),
        "diagrams.wiring": Door(lambda: {"run": forward(model("many to one"), 4)}),
    }
)
PLOTS = {
    "plots.style": Door(dict),
    "plots.training_curves": Door(lambda: {"histories": a_history()}, named={"name": "with 'zz' in `evaluate`"}),
    "plots.gradient_norms": Door(lambda: {"histories": {"a": a_history()}}),
    "plots.confusion": Door(
        lambda: {"truth": np.array([0, 1]), "answers": np.array([1, 1]), "classes": ["a", "b"]}, TEXT
    ),
    "plots.length_accuracy": Door(lambda: {"lengths": np.array([3, 2]), "right": np.array([1.0, 0.0])}),
    "plots.saliency": Door(
        lambda: {"tokens": ["a", "b"], "change": np.array([0.1, -0.2])},
        {"tokens": "text: a token a letter", "change": "nan inside, infinity inside: no bar"},
    ),
    "plots.measured": Door(lambda: {"figure": a_figure(), "alt": "a picture"}, ANY_TEXT),
    "plots.themed": Door(lambda: {"figure": a_figure()}, ANY_TEXT),
}
PICTURES = DIAGRAMS | PLOTS
