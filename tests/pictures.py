"""Every picture of `rnnlib.diagrams` in one place, each over texts that somebody may have typed: what test_pictures.py
proves, it proves for each. A new picture is one more entry."""

import numpy as np

from rnnlib import (
    Bidirectional,
    Conv1D,
    Dense,
    EncoderDecoder,
    GRUCell,
    LSTMCell,
    ManyToMany,
    ManyToOne,
    Recurrent,
    RNNCell,
    TreeRNN,
    diagrams,
)
from rnnlib.book.race import stored_race
from rnnlib.data import Symbols
from rnnlib.diagrams.training import Reading, training
from rnnlib.exercises import predict
from rnnlib.flow import gradient_flow
from rnnlib.language import LanguageModel
from rnnlib.saliency import occlusion
from rnnlib.trace import trace, trace_back
from rnnlib.training import History
from rnnlib.views.cone import cone_run
from rnnlib.views.forward import forward
from rnnlib.views.gates import gates_run
from rnnlib.views.neurons import neuron_run
from rnnlib.views.scalar import scalar_run
from rnnlib.views.tree import tree_run
from rnnlib.views.vanishing import vanishing
from rnnlib.views.writing import writing
from rnnlib.widgets.gallery import small

WORDS = ["<script>alert(1)</script>", "\"quo'te&", "漢字漢字漢字", "x" * 300, "a\x00\ud800]]>"]
CLASSES = ("<b>no", "yes & so on, and so on, and so on")
T, I, H = len(WORDS), 6, 4  # noqa: E741


def run(cell=RNNCell, wiring=ManyToOne, H=H, tokens=WORDS, scale=3, **options):
    """A trace of a network with random weights, whose states use the whole range."""
    rng = np.random.default_rng(3)
    model = wiring(Recurrent(cell(I, H, rng=rng, **options)), Dense(H, 2, rng=rng), classes=CLASSES)
    for array in model.params.values():
        array *= scale
    return trace(model, rng.normal(size=(len(tokens), I)), tokens)


def pair(wiring=ManyToMany):
    """A network that reads from both ends."""
    rng = np.random.default_rng(1)
    body = Bidirectional(Recurrent(LSTMCell(I, 3, rng=rng)), Recurrent(LSTMCell(I, 3, rng=rng), reverse=True))
    return trace(wiring(body, Dense(6, 2, rng=rng), classes=CLASSES), rng.normal(size=(T, I)), WORDS)


def translator():
    rng = np.random.default_rng(4)
    body, words = Recurrent(GRUCell(I, H, rng=rng)), Dense(H, 5, rng=rng)
    return trace(EncoderDecoder(body, Recurrent(GRUCell(5, H, rng=rng)), words, end=0), rng.normal(size=(T, I)), WORDS)


def back(wiring=ManyToOne, scale=1):
    rng = np.random.default_rng(2)
    model = wiring(Recurrent(RNNCell(I, H, rng=rng)), Dense(H, 2, rng=rng), classes=CLASSES)
    for array in model.params.values():
        array *= scale
    return trace_back(model, rng.normal(size=(T, I)), [0, 1, 1, 0, 1] if wiring is ManyToMany else 1, WORDS)


def unit(w=0.5, x=(1.0, 0.0, 0.0, 0.0), bias=True):
    cell = RNNCell(1, 1, bias=bias, rng=np.random.default_rng(0))
    cell.set_params({"W_xh": np.ones((1, 1)), "W_hh": np.full((1, 1), w)} | ({"b_h": np.zeros(1)} if bias else {}))
    return scalar_run(cell, x)


def gated(cell, scale=1.0, **held):
    rng = np.random.default_rng(5)
    cell = cell(I, H, rng=rng)
    for array in cell.params.values():
        array *= scale
    return gates_run(Recurrent(cell), rng.normal(size=(T, I)), tuple(WORDS), held=held, start=0.8)


def flows():
    layer = Recurrent(RNNCell(I, H, rng=np.random.default_rng(0)))
    x = np.random.default_rng(1).normal(size=(T, I))
    return vanishing({"tanh": gradient_flow(layer, x)}, layer.cell.W_hh)


def cones():
    rng = np.random.default_rng(3)
    stack = [Conv1D(I, I, kernel=3, dilation=d, activation="tanh", rng=rng) for d in (1, 2)]
    return cone_run(stack, Recurrent(RNNCell(I, I, rng=rng)), rng.normal(size=(8, I)), rng.normal(size=I), 3)


def tree():
    rng = np.random.default_rng(3)
    return tree_run(TreeRNN(I, 7, rng=rng), rng.normal(size=(T, I)), (((0, 1), 2), (3, 4)), WORDS)


def left_out():
    rng = np.random.default_rng(3)
    model = ManyToOne(Recurrent(RNNCell(I, H, rng=rng)), Dense(H, 2, rng=rng), classes=CLASSES)
    x = 2 * rng.normal(size=(T, I))
    return trace(model, x, WORDS), occlusion(model, x)


def hanging():
    """Two networks over one sentence, and an occlusion for each length."""
    x, rng = 2 * np.random.default_rng(3).normal(size=(T, I)), np.random.default_rng(4)
    models = {
        name: ManyToOne(Recurrent(cell(I, H, rng=rng)), Dense(H, 2, rng=rng), classes=CLASSES)
        for name, cell in {"<RNN>": RNNCell, "GRU": GRUCell}.items()
    }
    return {name: [occlusion(model, x[:t]) for t in range(1, T + 1)] for name, model in models.items()}


def ragged():
    """Three sentences of different lengths: their states, and how long they are."""
    layer, lengths = Recurrent(RNNCell(I, H, rng=np.random.default_rng(1))), np.array([T, 2, 4])
    _, _, tape = layer.forward(np.random.default_rng(5).normal(size=(T, 3, I)), lengths=lengths)
    return layer.states(tape)["h"], lengths


def looked_up():
    """Five entries and three questions: queries, keys, values, and the probabilities of two answers."""
    rng = np.random.default_rng(7)
    return [rng.normal(size=size) for size in ((3, I), (T, I), (T, H))], rng.dirichlet(np.ones(2), 3)


def letters():
    """A model of letters, and what its units do over a text."""
    model = LanguageModel.from_symbols(
        Symbols("".join(dict.fromkeys("<script>&'alert\n "))), hidden=8, rng=np.random.default_rng(0)
    )
    return neuron_run(model, "<script> \na tree's rat&" * 4, "a vowel")


def answering(T=4, K=3):
    """A network of two units with an answer at each step."""
    model = ManyToMany(
        Recurrent(RNNCell(I, 2, rng=np.random.default_rng(2))), Dense(2, K, rng=np.random.default_rng(3))
    )
    return trace_back(model, np.random.default_rng(4).normal(size=(T, I)), np.arange(T) % K)


def updated(rate=0.2, T=3):
    """One unit with one answer, before and after an update."""
    rng = np.random.default_rng(2)
    model = ManyToOne(Recurrent(RNNCell(1, 1, rng=rng)), Dense(1, 1, rng=rng), loss="mean_squared_error")
    x, y = rng.normal(size=(T, 1)), np.ones(1)
    before = trace_back(model, x, y)
    for name, array in model.params.items():
        array -= rate * before.gradients[name]
    return before, trace_back(model, x, y)


HISTORY = History([1.0, 0.5, 0.0001], [1.0, 12.0, 0.3], [0.1] * 3, {"<t>": [1.0, 0.5, 0.4]}, {"<t>": [0.5, 0.75, 1.0]})
READ = {epoch: np.linspace(0.01, 0.99, T) for epoch in range(4)}


def asked(picture, ask, *args, **options):
    """A picture with its questions."""
    return lambda: picture(*(arguments := [a() for a in args]), ask=ask(*arguments), **options)


def wired(code):
    return forward(small(code, 0), 4)


THINGS = (np.eye(8), WORDS[3], np.random.default_rng(0).normal(size=(9, 5)), WORDS[0], WORDS[:2])

PAGES = {
    "five_things": lambda: diagrams.five_things(*THINGS, WORDS[:3], WORDS[2:5]),
    "sentence": lambda: diagrams.sentence(run(), title="<i>"),
    "sentence, 40 LSTM units": lambda: diagrams.sentence(run(LSTMCell, H=40), notation="a"),
    "sentence, GRU": lambda: diagrams.sentence(run(GRUCell), output=0),
    "heat_strip": lambda: diagrams.heat_strip(run(H=70)),
    "computations": lambda: diagrams.computations(run(wiring=ManyToMany), ask=predict.computations(run())),
    "computations, a": lambda: diagrams.computations(run(H=12), notation="a"),
    "one_unit": asked(diagrams.one_unit, predict.one_unit, unit),
    "one_unit, jumping": lambda: diagrams.one_unit(unit(-1.5), notation="a"),
    "unrolling": lambda: diagrams.unrolling(run(H=9)),
    "trajectory": lambda: diagrams.trajectory([run(), run(tokens=WORDS[:3])]),
    "padding": lambda: diagrams.padding(*ragged(), tokens=[WORDS] * 3),
    "attention": lambda: diagrams.attention(
        *looked_up()[0], entries=WORDS, questions=WORDS[:3], answers=looked_up()[1], classes=CLASSES
    ),
    "neurons": lambda: diagrams.neurons(letters()),
    "derivation": lambda: diagrams.derivation(answering(), t=2),
    "training_step": lambda: diagrams.training_step(*updated(), learning_rate=0.2),
    "gradient_chain": lambda: diagrams.gradient_chain(back()),
    "gradient_chain, a loss a step": lambda: diagrams.gradient_chain(back(ManyToMany)),
    "vanish": asked(diagrams.vanish, predict.vanish, flows),
    "lstm_cell": lambda: diagrams.lstm_cell(run(LSTMCell, peepholes=True)),
    "gru_cell": lambda: diagrams.gru_cell(run(GRUCell), unit=2, notation="a"),
    "gru_cell, 2014": lambda: diagrams.gru_cell(run(GRUCell, reset_after=False)),
    "layers": lambda: diagrams.layers(run()),
    "layers, both ways": lambda: diagrams.layers(pair()),
    "layers, translating": lambda: diagrams.layers(translator()),
    "gates": asked(diagrams.gates, predict.gates, lambda: gated(LSTMCell, f=1.0, i=0.0)),
    "gates, GRU": lambda: diagrams.gates(gated(GRUCell, z=1.0), unit=2),
    "valves": asked(diagrams.valves, predict.gates, lambda: gated(LSTMCell, f=1.0, i=0.0)),
    "valves, alone": lambda: diagrams.valves(gated(LSTMCell, f=1.0, o=1.0), alone=True),
    "valves, GRU": lambda: diagrams.valves(gated(GRUCell, z=0.5), unit=2),
    "temperature": asked(
        diagrams.temperature, predict.temperature, lambda: writing([2.0, 1.0, 0, -1, 0.5], WORDS, 0.5, length=3)
    ),
    "memory_race": asked(diagrams.memory_race, predict.memory_race, stored_race),
    "cone": asked(diagrams.cone, predict.cone, cones),
    "composition": lambda: diagrams.composition(tree(), ask=predict.composition()),
    "leaving_out": lambda: diagrams.leaving_out(*left_out(), ask=predict.leaving_out(*left_out(), 1)),
    "contributions": lambda: diagrams.contributions(hanging(), WORDS, answer=CLASSES[1]),
    "training": lambda: training(HISTORY, name="<t>", floor=0.6),
    "training, a sentence": lambda: training(HISTORY, name="<t>", reading=Reading(WORDS, CLASSES[1], READ)),
    **{
        f"wiring, {code}": lambda code=code: diagrams.wiring(wired(code))
        for code in ("1-1", "1-N", "N-1", "N-M", "N-N")
    },
    "wiring, rolled up": lambda: diagrams.wiring(wired("N-M"), rolled=True, notation="a"),
}
STILLS = {
    **{name: getattr(diagrams, name) for name in ("unit", "units", "folded", "five_shapes", "dense_or_recurrent")},
    "sizes": diagrams.sizes,
    "unit, a": lambda: diagrams.unit("a"),
    "many_to_one": lambda: diagrams.many_to_one(WORDS[:3], CLASSES),
    "data_picture": lambda: diagrams.data_picture({WORDS[0]: True, "good": True}, {word: False for word in WORDS}),
    "bars": lambda: diagrams.bars({WORDS[0]: 0.5, WORDS[3]: -0.25}, WORDS[1]),
    "bars, shares": lambda: diagrams.bars(dict.fromkeys(WORDS, 1.0), "shares", most=1),
    "book_map": lambda: diagrams.book_map("06"),
}
OF_A_RUN = {
    "sentence": RNNCell, "heat_strip": RNNCell, "computations": RNNCell, "layers": GRUCell,
    "lstm_cell": LSTMCell, "gru_cell": GRUCell,
}  # fmt: skip
ODD_RUNS = {
    "constant": {"scale": 0.0}, "saturated": {"scale": 1e4}, "one step": {"tokens": ["a"]}, "one unit": {"H": 1},
    "40 steps": {"tokens": ["a"] * 40}, "128 units": {"H": 128}, "no bias": {"bias": False},
}  # fmt: skip
EXTREMES = {
    f"{name}, {kind}": lambda name=name, odd=odd: getattr(diagrams, name)(run(OF_A_RUN[name], **odd))
    for name in OF_A_RUN
    for kind, odd in ODD_RUNS.items()
} | {
    **{
        f"one_unit, {w:g}, {kind}": lambda w=w, x=x: diagrams.one_unit(unit(w, x))
        for w in (0.0, 1000.0, -1000.0)
        for kind, x in {"silent": [0.0], "loud": [1e6, -1e6, 1e6], "long": np.linspace(-2, 2, 100)}.items()
    },
    "one_unit, no bias": lambda: diagrams.one_unit(unit(bias=False)),
    **{f"gates, {scale:g}": lambda scale=scale: diagrams.gates(gated(GRUCell, scale)) for scale in (0, 1e3)},
    **{f"gradient_chain, {s:g}": lambda s=s: diagrams.gradient_chain(back(scale=s)) for s in (0, 30)},
    **{
        f"training, {value:g}": lambda value=value: training(History([value] * 3, [value] * 3, [0.1] * 3))
        for value in (1e-12, 1e9, 0.0)
    },
}
