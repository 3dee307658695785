"""Rows of the instruments: traces, flow, saliency, and what goes to and from others."""

import numpy as np

from rnnlib import Dense, interop
from rnnlib.data import Symbols
from rnnlib.interop.onnx_graph import operator_arrays
from rnnlib.language import LanguageModel
from tests import model_zoo, zoo
from tests.doors import Door
from tests.doors.core import NAN, model, numbers, rng
from tests.doors.data import a_corpus

WEIGHTS = "nan inside, infinity inside: weights are taken over as they are"


def a_sequence(name="many to one", **more):
    built = model(name)
    return {"model": built, "x": numbers(4, 2), "tokens": ["a", "b", "c", "d"]} | more


LOOKING = {
    "trace.trace": Door(a_sequence),
    "trace.trace_back": Door(lambda: a_sequence(y=1)),
    "flow.gradient_flow": Door(lambda: {"layer": zoo.layer("gru"), "x": numbers(4, 2), "state": numbers(3)}),
    "flow.cell_state_flow": Door(lambda: {"layer": zoo.layer("lstm"), "x": numbers(4, 2)}),
    "flow.largest_singular_value": Door(lambda: {"W": numbers(3, 3)}),
    "flow.spectral_radius": Door(lambda: {"W": numbers(3, 3)}),
    "flow.with_radius": Door(lambda: {"W": numbers(3, 3), "radius": 1.5}),
    "saliency.occlusion": Door(lambda: {"model": model("many to one"), "x": numbers(4, 2)}),
}

# ---- to and from others ---------------------------------------------------------------------------------------------


def onnx(**more):
    arrays = {name: np.array(array) for name, array in operator_arrays(zoo.cell("lstm with peepholes")).items()}
    first = {"initial_h": numbers(1, 2, 3), "initial_c": numbers(1, 2, 3), "sequence_lens": np.array([4, 2])}
    return {"op_type": "LSTM", **arrays, "hidden_size": 3, **first} | more


def operator(**more):
    return {"self": interop.from_onnx(**onnx()), "X": numbers(4, 2, 2)} | more


def torch(**more):
    return {"weights": interop.to_pytorch(zoo.layer("gru")), "kind": "gru"} | more


def grads():
    layer = zoo.layer("gru")
    return {"layer": layer, "grads": layer.params}


def a_state():
    return {"layer": (layer := zoo.layer("gru")), "state": zoo.state_for(layer, 2)}


def saved():
    interop.save(model(), "m.npz", vocabulary=["a", "b"])
    return {"path": "m.npz"}


FILE = {"path": "text: a file of that name"}
INTEROP = {
    "interop.reorder": Door(
        lambda: {"array": numbers(6, 2), "kind": "gru", "before": "book", "after": "keras"},
        {"array": f"empty, {NAN}"},
    ),
    "interop.notation_table": Door(dict),
    "interop.from_keras": Door(lambda: {"kind": "gru", "weights": interop.to_keras(zoo.layer("gru"))}),
    "interop.to_keras": Door(lambda: {"layer": zoo.layer("gru")}),
    "interop.from_pytorch": Door(torch),
    "interop.to_pytorch": Door(lambda: {"layer": zoo.layer("gru")}),
    "interop.gradients_to_pytorch": Door(grads),
    "interop.state_to_pytorch": Door(a_state, {"state": NAN}),
    "interop.state_from_pytorch": Door(
        lambda: {
            "layer": (layer := zoo.layer("gru")),
            "state": interop.state_to_pytorch(layer, zoo.state_for(layer, 2)),
        },
        {"state": NAN},
    ),
    "interop.from_onnx": Door(
        onnx,
        dict.fromkeys(["W", "R", "B", "P", "initial_h", "initial_c"], WEIGHTS)
        | dict.fromkeys(["activation_alpha", "activation_beta"], "empty: none are given"),
    ),
    "OnnxOperator.run": Door(operator, {"X": NAN}),
    "interop.save": Door(lambda: {"model": model(), "path": "m.npz", "vocabulary": ["a", "b"]}, FILE),
    "interop.load": Door(saved),
    "interop.load_words": Door(saved),
    "interop.to_onnx": Door(
        lambda: {"model": model("many to one"), "path": "m.onnx"}, FILE | {"dtype": "none: the model's own"}
    ),
}

# ---- how good a model is, and a model of a language -----------------------------------------------------------------


def judged(**more):
    built = model("many to one")
    x, y, lengths = model_zoo.data(built)
    return {"model": built, "x": x, "y": y, "more": (lengths["lengths"],)} | more


def writer(**more):
    return {"self": LanguageModel.from_symbols(Symbols("abc"), rng=rng(), hidden=3, embedding=2)} | more


def written(**more):
    return writer(prompt="ab", max_length=3, temperature=0.5, rng=rng(), stop="c") | more


def streamed(**more):
    model = writer()["self"]
    x = np.array([[0, 1], [1, 2], [2, 0]])
    return {"self": model, "x": x, "y": x, "lengths": np.array([3, 2])} | more


def a_reader():
    text = a_corpus()
    return {"self": LanguageModel.from_symbols(text.symbols, rng=rng(), hidden=3), "corpus": text}


PAIR = {"temperature": "temperature, rng: ", "rng": "temperature, rng: ", "more": "lengths: "}
LANGUAGE = {
    "judging.judge": Door(judged, {"more": "none: every sequence has T steps"}, PAIR),
    "judging.floor": Door(judged, {"more": "none: every sequence has T steps"}, PAIR),
    "LanguageModel": Door(
        lambda: {"body": zoo.layer("gru", 4), "output": Dense(3, 4, rng=rng()), "symbols": "abc"},
        named={"symbols": "characters: expected distinct characters"},
    ),
    "LanguageModel.from_symbols": Door(
        lambda: {"symbols": Symbols("abc"), "rng": rng(), "hidden": 3, "embedding": 2},
        {"embedding": "none: one-hot rows", "dtype": "none: NumPy's own word for float64"},
    ),
    "LanguageModel.batch": Door(streamed),
    "LanguageModel.evaluate": Door(
        lambda: writer(batch=streamed().pop("self").batch(streamed()["x"], streamed()["y"]))
    ),
    "LanguageModel.bits": Door(a_reader),
    "LanguageModel.read": Door(lambda: writer(text="ab")),
    "LanguageModel.write": Door(written, named=PAIR),
    "LanguageModel.generate": Door(written, named=PAIR),
}
TOOLS = LOOKING | INTEROP | LANGUAGE
