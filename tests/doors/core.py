"""Rows of the core: functions, cells, layers, models, learning."""

import numpy as np

import rnnlib as rn
from rnnlib.layers import Forest
from rnnlib.parameters import leaves
from tests import model_zoo, zoo
from tests.doors import Door

NAN = "nan inside, infinity inside: what is no number gives no number"
ANY = "any: any value means yes or no"


def rng():
    return np.random.default_rng(3)


def numbers(*shape):
    return rng().standard_normal(shape)


def shares(*shape):
    return np.abs(numbers(*shape)) / 9


# ---- functions ------------------------------------------------------------------------------------------------------

ELEMENTS = "nan, infinity, negative, empty, rank, nan inside, infinity inside: element by element, on any shape"
SLOPES = ("relu_slope", "sigmoid_slope", "tanh_slope", "linear_slope")
OUT = "rank: a place of another shape is NumPy's own business"
FUNCTIONS = (
    {
        f"functions.{name}": Door(lambda: {"a": numbers(2, 3)}, {"a": ELEMENTS})
        for name in ("sigmoid", "tanh", "relu", "linear")
    }
    | {f"functions.{name}": Door(lambda: {"y": numbers(2, 3)}, {"y": ELEMENTS}) for name in SLOPES}
    | {
        "functions.log_softmax": Door(lambda: {"logits": numbers(2, 3)}, {"logits": f"rank, {NAN}"}),
        "functions.softmax": Door(lambda: {"logits": numbers(2, 3)}, {"logits": f"rank, {NAN}"}),
        "functions.cross_entropy": Door(
            lambda: {"logits": numbers(4, 3), "targets": shares(4, 3), "weights": shares(4)},
            {"logits": NAN, "targets": NAN, "weights": NAN},
        ),
        "functions.binary_cross_entropy": Door(
            lambda: {"logits": numbers(4, 3), "targets": shares(4, 3), "weights": shares(4)},
            {"logits": NAN, "targets": NAN, "weights": NAN},
        ),
        "functions.mean_squared_error": Door(
            lambda: {"y": numbers(4, 3), "targets": shares(4, 3), "weights": shares(4)},
            {"y": NAN, "targets": NAN, "weights": NAN},
        ),
    }
)

# ---- cells and layers -----------------------------------------------------------------------------------------------

SIZES = {"inputs": 2, "hidden": 3}
DTYPE = "none: NumPy's own word for float64"


def made(**more):
    return lambda: {"rng": rng()} | more


def own(layer, **more):
    """The arguments of `backward`: a run, and gradients on what it gave."""
    x = zoo.inputs_for(layer, 3, 2)
    y, final, tape = layer.forward(x)
    d_y, d_final = zoo.seeds_back(y, final)
    return {"self": layer, "d_y": d_y, "tape": tape, "d_final": d_final if leaves(final) else None} | more


def run(layer):
    x = zoo.inputs_for(layer, 3, 2)
    return {"self": layer, "x": x, "state": zoo.state_for(layer, 2), "lengths": np.array([3, 2]), "rng": rng()}


def a_tree():
    return rn.TreeRNN(2, 3, rng=rng())


def a_forest():
    return Forest(numbers(3, 2, 2), (((0, 1), 2), (0, 1)))


def grown():
    tree = a_tree()
    y, _, tape = tree.forward(a_forest())
    return {"self": tree, "d_y": np.ones_like(y), "tape": tape, "d_final": None}


def stepped(name):
    cell = zoo.cell(name)
    _, cache = cell.step(numbers(2, 2))
    d_state = (numbers(2, 3), numbers(2, 3)) if name == "lstm" else numbers(2, 3)
    return {"self": cell, "d_state": d_state, "cache": cache}


NO_DROPOUT = "any: there is no dropout inside"
FORWARD = {"x": NAN, "state": NAN, "rng": NO_DROPOUT}
BACKWARD = {"d_y": f"none, {NAN}", "d_final": NAN}  # None: zeros
NO_LOSS = {"inputs": "any: leaving the gradient on x out would save nothing"}
CELL = {"inputs": 2, "hidden": 3, "init": 0.1, "bias": True, "dtype": "f8"}
TYPE = {"dtype": "none: NumPy's own word for float64"}
WIDTH = {"inputs": 2, "outputs": 3, "init": 0.1, "dtype": "f8"}
LAYERS = {
    "Recurrent": lambda: zoo.layer("gru"),
    "Bidirectional": lambda: zoo.layer("both ways gru"),
    "Conv1D": lambda: zoo.layer("conv causal"),
    "Stacked": lambda: zoo.layer("stack of rnn and gru"),
    "Embedding": lambda: zoo.layer("embedding"),
    "Dropout": lambda: rn.Dropout(2, 0.5),
}
PARTS = {
    "RNNCell": Door(made(**CELL, activation="relu"), TYPE),
    "LSTMCell": Door(made(**CELL), TYPE | {"forget_bias": "negative: a bias may be any number"}),
    "GRUCell": Door(made(**CELL), TYPE),
    "Dense": Door(made(**WIDTH), TYPE),
    "Conv1D": Door(made(**WIDTH, kernel=2), TYPE | {"activation": "none: no activation"}),
    "TreeRNN": Door(made(inputs=2, hidden=3, init=0.1, dtype="f8"), TYPE),
    "Embedding": Door(made(words=4, outputs=3), TYPE),
    "Dropout": Door(lambda: {"outputs": 2, "rate": 0.5}),
    "Recurrent": Door(lambda: {"cell": zoo.cell("gru")}),
    "Bidirectional": Door(lambda: {"left": zoo.layer("gru"), "right": zoo.layer("reverse gru")}),
    "Stacked": Door(lambda: {"layers": [zoo.layer("gru")], "dropout": 0.5}),
    "Cell.step": Door(lambda: {"self": zoo.cell("lstm"), "x": numbers(2, 2)}, {"x": NAN}),
    "Cell.step_back": Door(lambda: stepped("gru"), {"d_state": f"none, {NAN}"}),
    "Dense.forward": Door(lambda: {"self": rn.Dense(2, 3, rng=rng()), "h": numbers(4, 2)}, {"h": NAN}),
    "Dense.backward": Door(
        lambda: {"self": rn.Dense(2, 3, rng=rng()), "h": numbers(4, 2), "d_y": numbers(4, 3)}, {"h": NAN, "d_y": NAN}
    ),
    "TreeRNN.forward": Door(lambda: {"self": a_tree(), "x": a_forest()}, {"rng": NO_DROPOUT}),
    "TreeRNN.backward": Door(grown, BACKWARD),
    "TreeRNN.nodes": Door(lambda: {k: v for k, v in grown().items() if k in ("self", "tape")}),
    "Recurrent.backward_steps": Door(lambda: own(zoo.layer("gru")), BACKWARD),
    "Recurrent.states": Door(lambda: {"self": (layer := zoo.layer("gru")), "tape": own(layer)["tape"]}),
    "Recurrent.gates": Door(lambda: {"self": (layer := zoo.layer("gru")), "tape": own(layer)["tape"]}),
    "Embedding.sparse_gradient": Door(
        lambda: {k: v for k, v in own(zoo.layer("embedding")).items() if k != "d_final"}, {"d_y": NAN}
    ),
    "Parametric.set_params": Door(lambda: {"self": zoo.cell("gru"), "values": zoo.cell("gru", seed=1).params}),
    "Parametric.restore": Door(
        lambda: {"self": zoo.cell("gru"), "vector": zoo.cell("gru", seed=1).vector()}, {"vector": NAN}
    ),
    "cells.hold": Door(lambda: {"cell": zoo.cell("lstm"), "f": 1, "i": 0}),
}
PARTS |= {f"{name}.forward": Door(lambda make=make: run(make()), FORWARD) for name, make in LAYERS.items()}
PARTS |= {f"{name}.backward": Door(lambda make=make: own(make()), BACKWARD) for name, make in LAYERS.items()}
PARTS |= {
    "Stacked.forward": Door(lambda: run(zoo.layer("stack of rnn and gru")), FORWARD),
    "Dropout.forward": Door(lambda: run(rn.Dropout(2, 0.5)), {"x": NAN}),
    "Embedding.forward": Door(lambda: run(zoo.layer("embedding")), {"rng": NO_DROPOUT}),
    "Dropout.backward": Door(lambda: own(rn.Dropout(2, 0.5)), BACKWARD | NO_LOSS),
    "Embedding.backward": Door(lambda: own(zoo.layer("embedding")), BACKWARD | NO_LOSS),
}

# ---- models ---------------------------------------------------------------------------------------------------------


def model(name="many to many, stack"):
    return model_zoo.model(name)


def examples(name="many to many, stack", **more):
    """A model, and data that it takes."""
    built = model(name)
    x, y, lengths = model_zoo.data(built)
    return {"self": built, "x": x, "y": y} | lengths | more


def writer(**more):
    built = model("encoder and decoder, gru")
    x, _, lengths = model_zoo.data(built)
    return {"self": built, "x": x, "lengths": lengths["lengths"]} | more


def a_batch(name="many to many, stack", **more):
    given = examples(name)
    built = given.pop("self")
    return {"self": built, "batch": built.batch(**given)} | more


def a_body(**more):
    return {"body": zoo.layer("gru"), "output": rn.Dense(3, 3, rng=rng())} | more


def a_decoder(**more):
    return {"body": zoo.layer("gru", 3), "output": rn.Dense(3, 3, rng=rng()), "end": 0} | more


MODEL = {"class_weights": [1.0, 2.0, 0.5], "classes": ("a", "b", "c")}
CLASSES = {"class_weights": "none: all alike", "start": "none: the end symbol"}
MODELS = {
    "ManyToOne": Door(lambda: a_body(**MODEL), CLASSES),
    "ManyToMany": Door(lambda: a_body(**MODEL), CLASSES),
    "OneToOne": Door(lambda: a_body(**MODEL), CLASSES),
    "OneToMany": Door(lambda: a_decoder(begin=rn.Dense(2, 3, rng=rng()), start=1, **MODEL), CLASSES),
    "EncoderDecoder": Door(lambda: a_decoder(encoder=zoo.layer("gru"), start=1, **MODEL), CLASSES),
    "Model.batch": Door(examples, {"y": "none: only answers are wanted"}),
    "Model.gradients": Door(examples, named={"y": "targets y"}),
    "Writer.batch": Door(
        lambda: writer(y=np.zeros((3, 3), int), y_lengths=np.array([3, 2, 1]), first=np.array([1, 2, 0]))
    ),
    "Writer.generate": Door(
        lambda: writer(max_length=3, temperature=0.5, rng=rng()),
        named={"temperature": "temperature, rng: ", "rng": "temperature, rng: "},
    ),
    "Writer.predict": Door(lambda: writer(max_length=3)),
    "Writer.beam": Door(lambda: writer(max_length=3)),
    "Writer.next_logits": Door(lambda: writer(symbols=np.array([1])), {"symbols": "empty: nothing is written yet"}),
    "Writer.exact_match": Door(lambda: a_batch("encoder and decoder, gru", max_length=3)),
    "Model.predict": Door(lambda: {k: v for k, v in examples().items() if k != "y"}),
    "Model.loss": Door(a_batch),
    "Model.logits": Door(a_batch),
    "Model.evaluate": Door(a_batch),
    "Model.answer": Door(lambda: {"self": model(), "logits": numbers(2, 3)}, {"logits": f"rank, {NAN}"}),
    "ManyToMany.windows": Door(lambda: a_batch(size=2)),
    "Batch.take": Door(lambda: {"self": a_batch()["batch"], "chosen": np.array([1])}),
}

# ---- learning -------------------------------------------------------------------------------------------------------


def lesson(**more):
    """All that `fit` is given; the optimizer has learned something before, so that it has something to lose."""
    given = examples()
    built, optimizer = given.pop("self"), rn.Adam(0.01, beta1=0.5)
    optimizer.update(built.vector(), built.vector())
    sets = {"test": (given["x"], given["y"], given["lengths"])}
    stop = rn.EarlyStopping("test")
    return {"model": built, "optimizer": optimizer, "evaluate": sets, "callbacks": [stop], "rng": rng(), **given} | {
        "epochs": 1,
        "batch_size": 2,
        "window": 2,
        "clip_norm": 1.0,
        "progress": False,
        **more,
    }


def updated(optimizer):
    optimizer.update(np.ones(3), np.ones(3))
    return {"self": optimizer, "vector": np.ones(3), "gradient": np.ones(3)}


LEARNING = {
    "SGD": Door(lambda: {"learning_rate": 0.1, "momentum": 0.5}),
    "RMSProp": Door(dict),
    "Adam": Door(dict),
    "AdamW": Door(lambda: {"beta1": 0.5}),
    "EarlyStopping": Door(lambda: {"on": "test"}, {"on": "text: a name that `fit` looks for"}),
    "Schedule": Door(lambda: {"rate": lambda epoch: 0.1}),
    "fit": Door(lesson),
    "training.clip_by_norm": Door(lambda: {"gradient": numbers(3), "bound": 1.0}, {"gradient": f"empty, {NAN}"}),
    "training.clip_by_value": Door(lambda: {"gradient": numbers(3), "bound": 1.0}, {"gradient": f"empty, {NAN}"}),
    "check_model": Door(lambda: {("model" if k == "self" else k): v for k, v in examples().items()}),
    "check_layer": Door(
        lambda: {("layer" if k == "self" else k): v for k, v in run(zoo.layer("gru")).items()},
        {"x": f"{NAN}: infinite errors", "state": NAN},
    ),
    "gradcheck.numerical_gradient": Door(
        lambda: {"f": lambda: 1.0, "array": numbers(3)}, {"array": f"empty, rank, {NAN}"}
    ),
    "gradcheck.relative_error": Door(
        lambda: {"a": numbers(3), "b": numbers(3)}, {"a": NAN, "b": NAN}, {"a": "b: expected"}
    ),
    "GradientReport.ok": Door(lambda: {"self": rn.gradcheck.GradientReport({"a": 1e-9})}),
}
LEARNING["Optimizer.update"] = Door(
    lambda: updated(rn.AdamW()), {"vector": NAN, "gradient": NAN}, {"vector": "gradient: "}
)

CORE = FUNCTIONS | PARTS | MODELS | LEARNING
