"""Every argument of every widget: what does not fit is refused by its name, and what fits is drawn.

The table has a line for each argument of each widget, found by walking `rnnlib.widgets.__all__`; a new argument without
a line fails. Sizes are bounded in the widgets, so that nothing here can take long.
"""

import inspect
import math
import re

import numpy as np
import pytest

from rnnlib import SGD, Dense, LSTMCell, ManyToOne, OneToMany, Recurrent, RNNCell, TreeRNN, checks, diagrams, widgets
from rnnlib.book.race import RULES, stored_race
from rnnlib.data import CLASSES, Symbols, Vocabulary
from rnnlib.language import LanguageModel
from rnnlib.trace import trace
from rnnlib.views.writing import writing

WORDS = Vocabulary(["bad", "good", "he", "is", "not", "sad", "today", "was"])
SENTENCE = "he was not sad"
BASES = ("Stepper", "Laboratory", "link")  # what the others are made of: they have tests of their own


def rng():
    return np.random.default_rng(1)


def reader(cell=RNNCell):
    return ManyToOne(Recurrent(cell(len(WORDS), 4, rng=rng())), Dense(4, 2, rng=rng()), classes=CLASSES)


def writer():
    body = Recurrent(RNNCell(3, 4, rng=rng()))
    return OneToMany(Dense(2, 4, rng=rng()), body, Dense(4, 3, rng=rng()), end=0)


def sequence():
    return WORDS.one_hot([SENTENCE])[0][:, 0]


def examples():
    x, lengths = WORDS.one_hot(["he was sad", "he was not sad"])
    return {"x": x, "y": [0, 1], "lengths": lengths}


# ---- what does not fit

RAGGED = [[1.0, 2.0], [3.0]]
NUMBERS = (math.nan, math.inf, -math.inf)
NONSENSE = ("text", RAGGED, object(), np.zeros((2, 2, 2, 2)), np.array([None]), 10**400)
NO_NUMBER = (None, "1", [1], *NUMBERS, *NONSENSE, True)
NO_WHOLE = (*NO_NUMBER, -1, 1.5, 10**9, [])
NO_SEED = (*NO_NUMBER, -1, 1.5, 2**32, [])
NO_PAGE = (*(value for value in NO_NUMBER if value is not None), -1, 1.5, 10**9, [])
NO_FLAG = (None, "yes", "", 0, 1, 1.5, 10**9, -1, *NUMBERS, [], RAGGED, np.array([True, False]))
NO_WORD = (None, "", "neither", 1.5, -1, 10**9, *NUMBERS, [], ["h"], RAGGED, np.array(["h", "a"]))
NO_TEXT = (None, 1.5, -1, 10**9, *NUMBERS, [], ["he"], RAGGED, np.array(["he"]))
NO_SENTENCE = (*NO_TEXT, "", "   ", "?!", "word " * 10**5)
NO_MODEL = ("model", 1.5, -1, 10**9, *NUMBERS, [], RAGGED, RNNCell, Dense(4, 2, rng=rng()))
NO_VOCABULARY = ("he was", 1.5, -1, 10**9, *NUMBERS, ["he", "was"], [], Vocabulary(["he"]))
NO_OPTIMIZER = (None, "sgd", 0.1, *NUMBERS, SGD, [], -1, 10**9)
NO_INPUTS = (
    "text",
    1.5,
    10**9,
    [],
    RAGGED,
    np.zeros((0, 8)),
    np.zeros((2, 3)),
    np.zeros((2, 2, 2, 2)),
    [None],
    *NUMBERS,
)
NO_INPUTS = (
    *NO_INPUTS,
    [None],
    np.full((4, 8), np.nan),
    np.full((4, 8), np.inf),
    np.zeros((200, 8)),
    np.array([{}]),
    -1,
)
NO_LABELS = (
    None,
    "text",
    1.5,
    -1,
    10**9,
    [],
    RAGGED,
    [0, 7],
    [0.5, 1],
    [math.nan, 1],
    np.zeros((2, 2)),
    np.array([{}]),
)
NO_TOKENS = (1.5, -1, 10**9, *NUMBERS, [], ["one"], [1, 2, 3, 4], RAGGED, ["a"] * 10**5)
NO_OUTPUT = ("neither", -1, 1.5, 10**9, *NUMBERS, [], RAGGED)
NO_HELD = (None, "shut", -1, 0.25, 10**9, *NUMBERS, [], RAGGED, True)
T, PRESENT, ASK = ("t", NO_PAGE), ("present", NO_FLAG), ("ask", NO_FLAG)
SEED, NOTATION = ("seed", NO_SEED), ("notation", NO_WORD)


def number(*beyond):
    return (*NO_NUMBER, *beyond, 10**9, -(10**9), [])


MODEL = {"model": reader, "vocabulary": lambda: WORDS}
READS = {**MODEL, "sentence": lambda: SENTENCE}
TYPED = {"model": lambda: LanguageModel.from_symbols(Symbols("abc "), rng=rng(), hidden=3), "sentence": lambda: "a cab"}
CHAIN = {"model": reader, "x": sequence, "y": lambda: 1}
WRITES = {"logits_or_model": writer, "symbols": lambda: "ab."}
DESK = {"model": reader, "epochs": lambda: 2, "optimizer": lambda: SGD(0.1)}
DESK |= {name: (lambda name=name: examples()[name]) for name in ("x", "y", "lengths")}
TREE = {"layer": lambda: TreeRNN(2, 3, rng=rng()), "vectors": lambda: lambda word: np.ones(2)}

# widget -> (what it is called with besides, the arguments with what they are not)
TABLE = {
    "ConeOrChain": [
        ({}, [("kernel", NO_WHOLE), ("layers", NO_WHOLE), ("changed", (*NO_WHOLE, 0, 13)), ("dilated", NO_FLAG)]),
        ({}, [SEED, ASK, T, PRESENT]),
    ],
    "GateLaboratory": [
        ({}, [("sentence", NO_SENTENCE), ("kind", NO_WORD), ("unit", (*NO_WHOLE, 0)), ("start", number(1.1)), ASK, T]),
        ({}, [PRESENT, ("view", NO_WORD), *((gate, NO_HELD) for gate in "ifo"), ("held", ())]),
        ({"kind": lambda: "gru"}, [(gate, NO_HELD) for gate in "zr"]),
        ({"vocabulary": lambda: WORDS}, [("model", (None, *NO_MODEL, reader()))]),
        ({"model": lambda: reader(LSTMCell)}, [("vocabulary", (None, *NO_VOCABULARY))]),
    ],
    "GradientChain": [
        ({}, [("shape", NO_WORD), ("updates", NO_WHOLE), ("learning_rate", number(0)), ("units", (*NO_WHOLE, 0))]),
        ({}, [SEED, ASK, T, PRESENT]),
        (CHAIN, [("x", NO_INPUTS), ("y", NO_LABELS), ("tokens", NO_TOKENS), ("model", (None, *NO_MODEL))]),
    ],
    "MemoryRace": [
        ({}, [("kind", NO_WORD), SEED, ASK, T, PRESENT, ("runs", NO_TEXT[1:]), ("rules", NO_TEXT[1:])]),
    ],
    "NeuronText": [
        (TYPED, [("model", (None, *NO_MODEL, reader())), ("sentence", (*NO_TEXT, "", "?!")), ("over", NO_TEXT)]),
        (TYPED, [("feature", NO_WORD), T, PRESENT]),
    ],
    "OneUnit": [
        ({}, [("w_x", number(2.1)), ("w_h", number(-2.1)), ("b", number(1.1)), ("h_0", number(-1.1))]),
        ({}, [("drive", NO_WORD), NOTATION, ASK, T, PRESENT]),
    ],
    "SentenceStepper": [
        (READS, [("model", (None, *NO_MODEL)), ("vocabulary", (None, *NO_VOCABULARY)), ("sentence", NO_SENTENCE)]),
        (READS, [("longest", (*NO_WHOLE, 0)), T, PRESENT, NOTATION, ("units", (*NO_WHOLE, 0))]),
        (READS, [("output", NO_OUTPUT), ("title", NO_TEXT), ("look", ()), ("colour", ("red",))]),
    ],
    "SentimentPlayground": [
        (READS, [("model", (None, *NO_MODEL)), ("vocabulary", (None, *NO_VOCABULARY)), ("sentence", NO_SENTENCE)]),
        (READS, [ASK, T, PRESENT, ("follow", (None, 1.5, "zz", -1))]),
    ],
    "ShapeGallery": [
        ({}, [("shape", NO_WORD), ("T", (*NO_WHOLE, 0, 10)), ("view", NO_WORD), SEED, NOTATION, T, PRESENT]),
    ],
    "Temperature": [
        ({}, [("logits_or_model", (None, 1.5, *NUMBERS, [], [[1]], RAGGED, ["a"], [1, math.nan, 2], [None] * 3))]),
        ({}, [("logits_or_model", (np.zeros(10**6), np.zeros((3, 3)), reader(), -1, 10**9, "abc"))]),
        ({}, [("symbols", (None, *NO_TOKENS, "ab", "", [1, 2, 3])), ("temperature", number(0, 5.1))]),
        ({}, [("length", NO_WHOLE), SEED, ASK, T, PRESENT]),
        (WRITES, [("x", ("text", 1.5, [], RAGGED, np.zeros(3), np.zeros((2, 2)), [None, 1]))]),
        (WRITES, [("x", ([math.nan, 1], [math.inf, 1]))]),
    ],
    "TrainingDesk": [
        (DESK, [("model", (None, *NO_MODEL)), ("x", NO_INPUTS), ("y", NO_LABELS)]),
        (DESK, [("lengths", (*NO_LABELS[1:], [9, 9]))]),
        (DESK, [("epochs", (*NO_WHOLE, 0)), ("optimizer", NO_OPTIMIZER), SEED, ("name", NO_TEXT)]),
        (DESK, [("train", NO_FLAG), ("t", (-1, 1.5, "text", True, [], *NUMBERS)), PRESENT]),
        (DESK, [("vocabulary", NO_VOCABULARY[:-1]), ("recipe", ()), ("patience", (3,))]),
        ({**DESK, "vocabulary": lambda: WORDS}, [("sentence", (*NO_TEXT, "unknown words", "he " * 10**4))]),
    ],
    "TreeComposer": [
        ({}, [("sentence", (*NO_TEXT, "", "   ", "()", "a " * 10)), ("shape", NO_WORD), SEED, ASK, T, PRESENT]),
        ({"shape": lambda: "typed"}, [("sentence", ("((he is) good", "a b c", ")", "(a b) c d"))]),
        (TREE, [("layer", (None, *NO_MODEL)), ("vectors", (None, "text", 1.5, -1, 10**9, *NUMBERS, [], RAGGED))]),
    ],
    "TwoComputations": [
        ({}, [("source", NO_MODEL), NOTATION, ("fill", NO_FLAG), SEED, T, PRESENT]),
        ({"source": reader, "x": sequence}, [("x", (None, *NO_INPUTS)), ("tokens", NO_TOKENS)]),
    ],
    "VanishOrExplode": [
        ({}, [("radius", number(0, 2.1)), ("activation", NO_WORD), ("T", (*NO_WHOLE, 0, 101)), ("drive", number(3.1))]),
        ({}, [SEED, ("hidden", (*NO_WHOLE, 0, 3000)), ASK, T, PRESENT]),
    ],
}  # fmt: skip

LINES = [
    pytest.param(name, given, argument, values, id=f"{name}-{argument}-{k}")
    for name, parts in TABLE.items()
    for k, (given, arguments) in enumerate(parts)
    for argument, values in arguments
]


def test_every_argument_of_every_widget_has_a_line():
    for name in widgets.__all__:
        if name not in BASES:
            lines = {argument for _, arguments in TABLE[name] for argument, _ in arguments}
            assert set(inspect.signature(getattr(widgets, name)).parameters) <= lines, name


@pytest.mark.parametrize(("name", "given", "argument", "values"), LINES)
def test_what_does_not_fit_is_refused_by_its_name(name, given, argument, values):
    for value in values:
        options = {key: make() for key, make in given.items()}
        model = options.get("model")
        before = model.vector() if hasattr(model, "vector") else None
        with pytest.raises((ValueError, TypeError)) as refused:
            getattr(widgets, name)(**options | {argument: value})
        message = str(refused.value)
        assert re.match(rf"[\w, ]*\b{argument}\b[\w, ]*: ", message), (value, message)
        assert len(message) < 500, message
        assert before is None or np.array_equal(model.vector(), before)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("ConeOrChain", {"kernel": np.int64(4), "layers": 4, "changed": 12, "dilated": np.bool_(True), "seed": 10**9}),
        ("GateLaboratory", {"unit": 6, "start": -1, "f": 0.5, "kind": "lstm"}),
        ("GradientChain", {"updates": 20, "units": 1000, "learning_rate": 100}),
        ("MemoryRace", {"seed": 2**32 - 1, "runs": stored_race(), "rules": RULES}),
        ("OneUnit", {"w_x": -2, "w_h": np.float32(2), "b": 1, "h_0": -1}),
        ("ShapeGallery", {"T": 9, "seed": 0, "notation": "a"}),
        ("Temperature", {"temperature": 5, "length": 40}),
        ("TreeComposer", {"sentence": "((a b) c)", "shape": "typed"}),
        ("TwoComputations", {"source": trace(reader(), sequence(), SENTENCE.split()), "fill": False}),
        ("VanishOrExplode", {"radius": 2, "T": 100, "drive": 3, "hidden": 64}),
    ],
)
def test_the_bounds_themselves_are_drawn(name, options):
    assert len(getattr(widgets, name)(**options).pages)


def test_the_bounds_of_what_a_model_gives_are_drawn():
    assert widgets.SentenceStepper(reader(), WORDS, SENTENCE, longest=1, units=1000, output=0, title="").record.T == 1
    assert len(widgets.Temperature(writer(), "ab.", x=[[1.0, 2.0]]).pages)
    desk = widgets.TrainingDesk(**{name: make() for name, make in DESK.items()} | {"epochs": 10_000}, t=7)
    assert desk.stepper.t == 0


def test_a_message_is_short_whatever_came():
    for value in ("x" * 10**6, [0] * 10**5, 10**5000):
        with pytest.raises(ValueError) as refused:
            checks.as_size("T", value, 1, 9)
        assert len(str(refused.value)) < 150


@pytest.mark.parametrize(
    "wrong", [{"t": "a"}, {"t": np.nan}, {"t": True}, {"t": 10**9}, {"present": None}, {"code": 3}]
)
def test_a_stepper_refuses_what_does_not_fit_by_its_name(wrong):
    pages = diagrams.temperature(writing([2.0, 1.0, 0.0], "abc"))
    with pytest.raises((ValueError, TypeError), match=next(iter(wrong))):
        widgets.Stepper(pages, **wrong)


def test_what_has_no_step_is_not_linked():
    with pytest.raises(TypeError, match="widgets: expected a Stepper"):
        widgets.link(None)
