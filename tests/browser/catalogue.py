"""Every public widget as one line of a notebook, in one place: what test_catalogue.py proves, it proves for each.

A new widget is one more entry of CATALOGUE. `line` displays it; `large` displays it with 10 steps and 16 units, or with
what is nearest to that, for the size of its state. Both may use the names that SETUP and the widget's own `setup` make.
`moves` are pairs: the button that a reader presses ("a control: one of its buttons"; "slider 0" is an arrow key on the
first slider), and what does the same to the widget `it` in Python.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from rnnlib import widgets

SETUP = """import dataclasses
import numpy as np
from rnnlib import Adam, Dense, LSTMCell, ManyToMany, ManyToOne, Recurrent, RNNCell, diagrams, widgets
from rnnlib.trace import trace
from rnnlib.data import CLASSES, Vocabulary
from rnnlib.widgets.laboratory import action, choice, slider, text, whole

words = Vocabulary(["bad", "good", "he", "is", "not", "sad", "today", "was"])
sentence = "he was not sad today"
ten = "he was not sad he is good today not bad"

def reads(H=4):
    rng = np.random.default_rng(5)
    return ManyToOne(Recurrent(RNNCell(len(words), H, rng=rng)), Dense(H, 2, rng=rng), classes=CLASSES)

def gated():
    rng = np.random.default_rng(5)
    return ManyToOne(Recurrent(LSTMCell(len(words), 16, rng=rng)), Dense(16, 2, rng=rng), classes=CLASSES)

def pages(text=sentence, H=4):
    return diagrams.sentence(trace(reads(H), words.one_hot([text])[0][:, 0], text.split()))
"""


@dataclass(frozen=True)
class Widget:
    """How a widget is displayed."""

    line: str
    large: str = ""
    setup: str = ""
    moves: tuple[tuple[str, str], ...] = ()


NEW_SEED, RESET = ("New seed", "it.set(seed=it.seed + 1)"), ("Reset", "it.reset()")
SHAPES = ("1-1", "1-N", "N-M", "N-N", "N-1")
CATALOGUE = {
    "Stepper": Widget("widgets.Stepper(pages())", "widgets.Stepper(pages(ten, 16))"),
    "SentenceStepper": Widget(
        "widgets.SentenceStepper(reads(), words, sentence)",
        "widgets.SentenceStepper(reads(16), words, ten)",
        moves=(("Swap with the next word", "it.swap.click()"),),
    ),
    "Laboratory": Widget(
        "Room()",
        "Room(ten)",
        setup="""class Room(widgets.Laboratory):
    def __init__(self, said="not sad today", **options):
        super().__init__(
            whole("count", 1, 1, 3, ticks={"twice": 2}),
            slider("w", 0.5, -2, 2, 0.05, ticks={"w = 1": 1.0}),
            choice("word", ("good", "bad"), "good"),
            text("said", said, placeholder="type"),
            action("Say it", lambda: self.say("It is said.")),
            **{"seed": 3} | options,
        )

    def draw(self, *, count, w, word, said, seed):
        self.draws = getattr(self, "draws", 0) + 1
        drawn = pages(" ".join([*said.split(), *[word] * count]), 16 if said == ten else 4)
        return dataclasses.replace(drawn, title=f"w = {w:.2f}")
""",
        moves=(("twice", "it.set(count=2)"), ("w = 1", "it.set(w=1)"), ("word: bad", "it.set(word='bad')"), RESET),
    ),
    "ShapeGallery": Widget(
        "widgets.ShapeGallery()",
        "widgets.ShapeGallery(shape='N-M', T=9)",
        moves=(
            *((code, f"it.set(shape={code!r})") for code in SHAPES),
            ("rolled up", "it.set(view='rolled up')"),
            ("slider 0", "it.set(T=5)"),
            RESET,
        ),
    ),
    "OneUnit": Widget(
        "widgets.OneUnit()",
        moves=(
            ("1.5", "it.set(w_h=1.5)"),
            ("−1.5", "it.set(w_h=-1.5)"),
            ("slider 0", "it.set(w_h=-1.45)"),
            ("constant", "it.set(drive='constant')"),
            RESET,
        ),
    ),
    "TwoComputations": Widget(
        "widgets.TwoComputations()",
        "widgets.TwoComputations(reads(16), words.one_hot([ten])[0][:, 0])",
        moves=(("all numbers", "it.set(fill=False)"), ("a⟨t⟩, Wₐₓ", "it.set(notation='a')"), NEW_SEED),
    ),
    "GradientChain": Widget(
        "widgets.GradientChain()",
        "widgets.GradientChain(steps(), np.eye(10), [0, 1] * 5, list('abcdefghij'))",
        setup="""def steps():
    rng = np.random.default_rng(5)
    return ManyToMany(Recurrent(RNNCell(10, 16, rng=rng)), Dense(16, 2, rng=rng))
""",
        moves=(("slider 0", "it.set(updates=1)"), ("many to many", "it.set(shape='many to many')"), NEW_SEED),
    ),
    "Temperature": Widget(
        "widgets.Temperature()",
        "widgets.Temperature(range(16), 'abcdefghijklmnop', length=10)",
        moves=(
            ("0.01", "it.set(temperature=0.01)"),
            ("0.5", "it.set(temperature=0.5)"),
            ("Draw a symbol", "it.draw_one()"),
            ("Draw a symbol", "it.draw_one()"),
            ("Undo", "it.undo()"),
        ),
    ),
    "VanishOrExplode": Widget(
        "widgets.VanishOrExplode()",
        moves=(
            ("linear", "it.set(activation='linear')"),
            ("slider 0", "it.set(radius=1.55)"),
            ("radius = 1", "it.set(radius=1)"),
            ("no input", "it.set(drive=0)"),
            RESET,
        ),
    ),
    "TrainingDesk": Widget(
        "widgets.TrainingDesk(reads(), *examples, **recipe, vocabulary=words, sentence=sentence, train=True)",
        "widgets.TrainingDesk(reads(16), *examples, **recipe, vocabulary=words, sentence=ten, train=True)",
        setup="""texts = ["he is good", "he is bad", "not good", "not bad"]
one_hot, lengths = words.one_hot(texts)
examples = one_hot, [1, 0, 0, 1], lengths
recipe = dict(epochs=10, optimizer=Adam(0.05), evaluate={"test": examples})
""",
    ),
    "MemoryRace": Widget("widgets.MemoryRace()"),
    "NeuronText": Widget(
        "widgets.NeuronText(letters(), 'he was not sad↵he is good')",
        "widgets.NeuronText(letters(16), 40 * 'he is ')",
        setup="""from rnnlib.data import Symbols
from rnnlib.language import LanguageModel

def letters(H=6):
    return LanguageModel.from_symbols(Symbols("adeghinostw \\n"), hidden=H, rng=np.random.default_rng(5))
""",
        moves=(("vowel", "it.set(feature='a vowel')"), RESET),
    ),
    "GateLaboratory": Widget(
        "widgets.GateLaboratory()",
        "widgets.GateLaboratory(gated(), words, ten)",
        moves=(
            ("forget gate f: ½", "it.set(f=0.5)"),
            ("input gate i: free", "it.set(i='free')"),
            ("output gate o: 1", "it.set(o=1)"),
            ("tables", "it.set(view='tables')"),
            RESET,
        ),
    ),
    "ConeOrChain": Widget(
        "widgets.ConeOrChain()",
        moves=(("doubling", "it.set(dilated=True)"), ("slider 0", "it.set(kernel=4)"), NEW_SEED),
    ),
    "TreeComposer": Widget(
        "widgets.TreeComposer()",
        moves=(("to the right", "it.set(shape='right')"), ("to the left", "it.set(shape='left')"), RESET),
    ),
    "SentimentPlayground": Widget(
        "widgets.SentimentPlayground(reads(), words, sentence)", "widgets.SentimentPlayground(reads(16), words, ten)"
    ),
}


def names() -> dict[str, Any]:
    """What the lines may use."""
    space: dict[str, Any] = {}
    for setup in (SETUP, *(widget.setup for widget in CATALOGUE.values())):
        exec(setup, space)
    return space


def made(line: str) -> Any:
    """The widget that a line displays."""
    return eval(line, names())


def steppers_in(widget: Any) -> list[widgets.Stepper]:
    """Every Stepper that a widget has."""
    if isinstance(widget, widgets.Stepper):
        return [widget]
    return [stepper for child in getattr(widget, "children", ()) for stepper in steppers_in(child)]


def cells() -> list[str]:
    """A notebook: all setups, then each widget in a cell of its own."""
    setup = "\n".join([SETUP, *(widget.setup for widget in CATALOGUE.values())])
    return [setup, *(widget.line for widget in CATALOGUE.values())]


# ---- for tests of all widgets at once

TOO_WIDE = "node => Math.max(0, node.scrollWidth - node.clientWidth - 1)"


def opened_in(*places):
    return pytest.mark.parametrize("shown", [tuple(place.split()) for place in places], indirect=True, ids="-".join)


in_all = opened_in("lab light", "lab dark", "notebook light", "notebook dark")
in_both = opened_in("lab light", "notebook light")
in_one = opened_in("lab light")


def steppers(shown):
    """The first stepper of each widget, by the widget's name."""
    return {name: output.locator(".rnn-stepper").first for name, output in shown.widgets.items()}


def wrong(shown, problem, part=steppers):
    """The widgets of which `problem` has something to say, and what."""
    said = {name: problem(element) for name, element in part(shown).items()}
    return {name: what for name, what in said.items() if what}


def whole(shown):
    """The whole of each widget."""
    return shown.widgets
