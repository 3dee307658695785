"""The sentence stepper: type a sentence, and step through what a network makes of it.

Chapters 00, 03 and 08.
"""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from ..checks import as_flag, as_size, one_of
from ..data import Vocabulary
from ..diagrams import Pages, heat_strip
from ..diagrams import sentence as pages_of
from ..look.lettering import quoted, share
from ..models import Model
from ..trace import Trace, trace
from .bounds import a_kind, a_page, a_text
from .laboratory import NEEDS_PYTHON, line
from .reading import known_words
from .stepper import Kept, Stepper, link

__all__ = ["SentenceStepper"]

LONGEST = 40  # words that a picture still holds
WIDEST = 1000  # units that have their numbers
LOOKS = ("notation", "units", "output", "title")
PROMPT = "type a sentence, then press Enter"


class SentenceStepper(Kept, ipywidgets.VBox):
    """A text field for a sentence, and a `Stepper` that shows what the network does with it, word by word.

    model: one that reads one-hot words, as `Vocabulary.one_hot` makes them. vocabulary: the words that it
    knows. sentence: the one to begin with. t: the step to begin with (the start if None). present: for a
    projector. longest: how many words are read at most, 1 to 40. Others (notation, units, output, title): as in
    `diagrams.sentence`; units at most 1000.

    "Swap with the next word" exchanges the word of the present step and the one after it. After a change it is said how
    many words are as they were, and whether their states are the same to the last bit. "All units" adds a second view
    with the same step. A wrong thing typed gets a sentence that says what happens to it: capitals and punctuation are
    left out where that makes a known word, unknown words are skipped, nothing at all changes nothing, a text that is
    too long is cut. ValueError for a vocabulary that does not fit the model, a number out of its range, and a first
    sentence without a known word; TypeError for what is of another kind. Chapters 00, 03 and 08.
    """

    note = NEEDS_PYTHON

    def __init__(
        self,
        model: Model,
        vocabulary: Vocabulary,
        sentence: str,
        *,
        t: int | None = None,
        present: bool = False,
        longest: int = LONGEST,
        **look: Any,
    ) -> None:
        a_kind("model", model, Model, "a model of rnnlib")
        a_kind("vocabulary", vocabulary, Vocabulary, "a Vocabulary")
        as_size("longest", longest, 1, LONGEST)
        _checked_look(look)
        if model.body.inputs != len(vocabulary):
            raise ValueError(
                f"vocabulary: expected {model.body.inputs} words, as the model has inputs, got {len(vocabulary)}"
            )
        self.model, self.vocabulary, self.longest, self.look = model, vocabulary, longest, look
        words, answer = known_words(a_text("sentence", sentence), vocabulary, longest)
        if not words:
            raise ValueError(f"sentence: expected at least one known word, got {sentence!r}")
        self.record = self._run(words)
        self.stepper = Stepper(pages_of(self.record, **look), t=a_page(t), present=as_flag("present", present))
        self.strip: Stepper | None = None
        self.field = ipywidgets.Text(sentence, placeholder=PROMPT, continuous_update=False, description="sentence")
        self.button = ipywidgets.Button(description="Read it")
        self.swap = ipywidgets.Button(description="Swap with the next word", tooltip="the present word and the next")
        self.units = ipywidgets.Button(description="All units", tooltip="all units at all steps, as colours")
        self.answer = ipywidgets.HTML(line(answer))
        super().__init__(self._rows())
        self.add_class("rnn-lab").add_class("rnn-sentence")
        self._name_state()
        self.field.observe(self._typed, "value")
        self.button.on_click(self._typed)
        self.swap.on_click(self._swapped)
        self.units.on_click(self._all_units)

    def _rows(self) -> list[ipywidgets.Widget]:
        """The field and its button, what is said about the words, the pages, and the words that are known."""
        self.field.layout = ipywidgets.Layout(width="auto", flex="1 1 auto")
        known = f"I know {len(self.vocabulary)} words: {', '.join(self.vocabulary)}."
        entry = ipywidgets.Box([self.field, self.button, self.swap, self.units]).add_class("rnn-entry")
        needs = ipywidgets.HTML(line(NEEDS_PYTHON)).add_class("rnn-needs-python")
        strip = [] if self.strip is None else [self.strip]
        listed = ipywidgets.HTML(line(known)).add_class("rnn-rest")
        return [entry, needs, self.stepper, self.answer, *strip, listed]

    @property
    def pages(self) -> Pages:
        """The pages that are shown."""
        return self.stepper.pages

    def read(self, text: str) -> None:
        """Show what the network does with this text, as if it had been typed."""
        words, answer = known_words(text, self.vocabulary, self.longest)
        if words:
            before, self.record = self.record, self._run(words)
            self.stepper.pages = pages_of(self.record, **self.look)
            if self.strip is not None:
                self.strip.pages = heat_strip(self.record)
            answer = f"{answer} {_unchanged(before, self.record)}".strip()
        self.answer.value = line(answer)
        self._name_state()

    def _name_state(self) -> None:
        self.stepper.code = f"SentenceStepper(model, vocabulary, {' '.join(self.record.tokens)!r}, t={{t}})"

    def _typed(self, _: Any) -> None:
        self.stepper.error = ""
        with self.stepper.showing_errors():
            self.read(self.field.value)

    def _swapped(self, _: Any) -> None:
        """The word of the present step (the first, at the start) changes places with the next."""
        words = list(self.record.tokens)
        t = max(self.stepper.t, 1)
        if t == len(words):
            self.answer.value = line("There is no next word: step back, and swap there.")
            return
        before, last = self.record, len(self.record.classes) - 1
        words[t - 1], words[t] = words[t], words[t - 1]
        self.field.value = " ".join(words)
        p = [share(float(run.probabilities[-1, last])) for run in (before, self.record)]
        verdict = f"{quoted(self.record.classes[last])} goes from {p[0]} to {p[1]} at the end."
        said = f"{quoted(words[t])} and {quoted(words[t - 1])} have changed places: {verdict}"
        self.answer.value = line(f"{said} {_unchanged(before, self.record)}".strip())

    def _all_units(self, _: Any) -> None:
        """The second view comes, or goes."""
        if self.strip is None:
            self.strip = Stepper(heat_strip(self.record), t=self.stepper.t, present=self.stepper.present, code="")
            link(self.stepper, self.strip)
        else:
            self.strip.close()
            self.strip = None
        self.children = self._rows()

    def _run(self, words: list[str]) -> Trace:
        x, _ = self.vocabulary.one_hot([" ".join(words)], dtype=self.model.dtype)
        return trace(self.model, x[:, 0], words)

    def __repr__(self) -> str:
        return f"SentenceStepper({self.field.value!r})"


def _unchanged(before: Trace, after: Trace) -> str:
    """Of two runs: how many words they begin with in common, and whether the states there are the same."""
    shorter = min(before.T, after.T)
    pairs = zip(before.tokens[:shorter], after.tokens[:shorter], strict=True)
    common = next((k for k, (one, other) in enumerate(pairs) if one != other), shorter)
    if not common or before.tokens == after.tokens:
        return ""
    same = all(np.array_equal(before.states[n][: common + 1], after.states[n][: common + 1]) for n in before.states)
    words = "The first word is" if common == 1 else f"The first {common} words are"
    states = "its state" if common == 1 else "their states"
    return f"{words} as before, and {states}, too: the same to the last bit." if same else f"{words} as before."


def _checked_look(look: dict[str, Any]) -> None:
    """TypeError for an argument that the picture does not have, or one of another kind; ValueError for other values."""
    for name, value in look.items():
        if name not in LOOKS:
            raise TypeError(f"{name}: expected one of the arguments {', '.join(LOOKS)}")
        if name == "notation":
            one_of(name, value, "ha")
        elif name == "units":
            as_size(name, value, 1, WIDEST)
        elif name == "output" and value is not None:
            a_kind(name, value, (str, int, np.integer), "the name or the number of a class")
        elif name == "title":
            a_text(name, value)
