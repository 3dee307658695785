"""The sentence stepper: type a sentence, and step through what a network makes of it.

Chapters 00, 03 and 08.
"""

from __future__ import annotations

import string
from html import escape
from typing import Any

import ipywidgets

from ..data import Vocabulary
from ..diagrams import Pages
from ..diagrams import sentence as pages_of
from ..diagrams.lettering import quoted
from ..models import Model
from ..trace import trace
from .stepper import Stepper, with_picture

__all__ = ["SentenceStepper"]

LONGEST = 40  # words that a picture still holds
NAMED = 6  # words that an answer names
PUNCTUATION = string.punctuation + "“”‘’«»…–—¡¿。，！？、"
PROMPT = "type a sentence, then press Enter"
NOTHING = "There is no word here: type one or more of the words below. The picture stays as it was."


class SentenceStepper(ipywidgets.VBox):
    """A text field for a sentence, and a `Stepper` that shows what the network does with it, word by word.

    model: one that reads one-hot words, as `Vocabulary.one_hot` makes them. vocabulary: the words that it
    knows. sentence: the one to begin with. t: the step to begin with (the start if None). present: for a
    projector. longest: how many words are read at most. Others (notation, units, output, title): as in
    `diagrams.sentence`.

    A wrong thing typed gets a sentence that says what happens to it: capitals and punctuation are left out
    where that makes a known word, unknown words are skipped, nothing at all changes nothing, a text that is
    too long is cut. ValueError for a vocabulary that does not fit the model, and for a first sentence without
    a known word. Chapters 00, 03 and 08.
    """

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
        if model.body.inputs != len(vocabulary):
            raise ValueError(
                f"vocabulary: expected {model.body.inputs} words, as the model has inputs, got {len(vocabulary)}"
            )
        self.model, self.vocabulary, self.longest, self.look = model, vocabulary, longest, look
        words, answer = self._known(sentence)
        if not words:
            raise ValueError(f"sentence: expected at least one known word, got {sentence!r}")
        self.stepper = Stepper(self._pages(words), t=t, present=present)
        self.field = ipywidgets.Text(value=sentence, placeholder=PROMPT, continuous_update=False)
        self.button = ipywidgets.Button(description="Read it")
        self.answer = ipywidgets.HTML(_line(answer))
        super().__init__(self._rows())
        self.add_class("rnn-sentence")
        self.field.observe(self._typed, "value")
        self.button.on_click(self._typed)

    def _rows(self) -> list[ipywidgets.Widget]:
        """The field and its button, what is said about the words, the pages, and the words that are known."""
        self.field.layout = ipywidgets.Layout(width="auto", flex="1 1 auto")
        self.button.layout = ipywidgets.Layout(width="110px")
        known = f"I know {len(self.vocabulary)} words: {', '.join(self.vocabulary)}."
        entry = ipywidgets.HBox([self.field, self.button])
        return [entry, self.answer, self.stepper, ipywidgets.HTML(_line(known))]

    @property
    def pages(self) -> Pages:
        """The pages that are shown."""
        return self.stepper.pages

    def read(self, text: str) -> None:
        """Show what the network does with this text, as if it had been typed."""
        words, answer = self._known(text)
        self.answer.value = _line(answer)
        if words:
            self.stepper.pages = self._pages(words)

    def _typed(self, _: Any) -> None:
        self.stepper.error = ""
        with self.stepper.showing_errors():
            self.read(self.field.value)

    def _known(self, text: str) -> tuple[list[str], str]:
        """The words that the network will read, and what is said about those that it will not read as
        typed."""
        typed = text.split()
        if not typed:
            return [], NOTHING
        read = [self._nearest(word) for word in typed]
        words = [word for word in read if word]
        said = _read_as({word: known for word, known in zip(typed, read, strict=True) if known and known != word})
        said += _unknown([word for word, known in zip(typed, read, strict=True) if not known], bool(words))
        if len(words) > self.longest:
            said.append(f"That is {len(words):,} words that I know; I read the first {self.longest}.")
        return words[: self.longest], " ".join(said)

    def _nearest(self, word: str) -> str:
        """The word, or the same without capitals and punctuation, if it is known; else nothing."""
        plain = word.lower().strip(PUNCTUATION)
        return word if word in self.vocabulary else plain if plain in self.vocabulary else ""

    def _pages(self, words: list[str]) -> Pages:
        x, _ = self.vocabulary.one_hot([" ".join(words)], dtype=self.model.dtype)
        return pages_of(trace(self.model, x[:, 0], words), **self.look)

    def __repr__(self) -> str:
        return f"SentenceStepper({self.field.value!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return with_picture(super()._repr_mimebundle_(**kwargs), self.stepper)


def _read_as(pairs: dict[str, str]) -> list[str]:
    if not pairs:
        return []
    named = ", ".join(f"{quoted(word)} as {quoted(known)}" for word, known in [*pairs.items()][:NAMED])
    return [f"I read {named}{_more(len(pairs))}."]


def _unknown(typed: list[str], rest: bool) -> list[str]:
    if not typed:
        return []
    words = [*dict.fromkeys(typed)]
    named = ", ".join(quoted(word) for word in words[:NAMED])
    them = "it" if len(words) == 1 else "them"
    nothing = "Nothing is left to read: the picture stays as it was."
    then = f"I skip {them} and read the rest." if rest else nothing
    return [f"I do not know {named}{_more(len(words))}. {then}"]


def _more(count: int) -> str:
    return f" and {count - NAMED:,} more" if count > NAMED else ""


def _line(text: str) -> str:
    return f'<div class="rnn-words">{escape(text)}</div>' if text else ""
