"""The sentence stepper: type a sentence, and step through what a network makes of it. Chapters 00, 03 and 08."""

from __future__ import annotations

from typing import Any

import ipywidgets
import numpy as np

from ..data import Vocabulary
from ..diagrams import Pages
from ..diagrams import sentence as draw_sentence
from ..diagrams.arithmetic import quoted
from ..models import Model
from ..trace import trace
from .stepper import Stepper, with_picture

__all__ = ["SentenceStepper"]

LONGEST = 40  # words that a picture still holds
NAMED = 6  # unknown words that an answer names


class SentenceStepper(ipywidgets.VBox):  # type: ignore[misc]
    """A text field for a sentence, and a `Stepper` that shows what the network does with it, word by word.

    model: reads one-hot words, as `Vocabulary.one_hot` makes them; vocabulary: the words that it knows; sentence: the
    one to begin with. t: the step to begin with (the start if None). notation, units, output, title: as in
    `diagrams.sentence`. longest: the number of words that are read at most.

    A wrong thing typed gets a sentence that says what happens to it: unknown words are skipped, nothing at all changes
    nothing, a text that is too long is cut. ValueError or TypeError for a model or sentence that does not fit.
    """

    def __init__(
        self,
        model: Model,
        vocabulary: Vocabulary,
        sentence: str = "",
        *,
        t: int | None = None,
        present: bool = False,
        longest: int = LONGEST,
        **look: Any,
    ) -> None:
        if model.body.inputs != len(vocabulary):
            raise ValueError(f"vocabulary: expected {model.body.inputs} words, as the model has inputs, got {len(vocabulary)}")
        self.model, self.vocabulary, self.longest, self.look = model, vocabulary, longest, look
        words, answer = self._known(sentence)
        if not words:
            raise ValueError(f"sentence: expected at least one known word, got {sentence!r}. {answer}")
        self.stepper = Stepper(self._pages(words), t=t, present=present)
        self.field = ipywidgets.Text(
            value=sentence, placeholder="type a sentence and press Enter", continuous_update=False,
            layout=ipywidgets.Layout(width="auto", flex="1 1 auto", height="44px"),
        )
        self.button = ipywidgets.Button(description="Read it", layout=ipywidgets.Layout(width="110px", height="44px"))
        self.answer = ipywidgets.HTML(value=_line(answer))
        self.field.observe(self._typed, "value")
        self.button.on_click(self._typed)
        super().__init__([ipywidgets.HBox([self.field, self.button]), self.answer, self.stepper, self._hint()])
        self.add_class("rnn-sentence")

    @property
    def pages(self) -> Pages:
        """The pages that are shown."""
        return self.stepper.pages

    def read(self, text: str) -> None:
        """Show what the network does with this text; as if it had been typed."""
        words, answer = self._known(text)
        self.answer.value = _line(answer)
        if words:
            self.stepper.pages = self._pages(words)
            self.stepper.error = ""

    def _typed(self, _: Any) -> None:
        try:
            self.read(self.field.value)
        except Exception as problem:
            self.stepper.error = f"{type(problem).__name__}: {problem}"
            raise

    def _known(self, text: str) -> tuple[list[str], str]:
        """The words that the network will read, and a sentence about those that it will not."""
        typed = text.split()
        said = []
        unknown = [word for word in typed if word not in self.vocabulary]
        words = [word for word in typed if word in self.vocabulary]
        if not typed:
            return [], "There is no word here: type one or more of the words below."
        if unknown:
            said.append(_unknown(list(dict.fromkeys(unknown)), bool(words)))
        if len(words) > self.longest:
            said.append(f"This has {len(words):,} words that I know; I read the first {self.longest}.")
        return words[: self.longest], " ".join(said)

    def _pages(self, words: list[str]) -> Pages:
        x, _ = self.vocabulary.one_hot([" ".join(words)], dtype=self.model.dtype)
        return draw_sentence(trace(self.model, np.asarray(x)[:, 0], words), **self.look)

    def _hint(self) -> ipywidgets.HTML:
        return ipywidgets.HTML(value=_line(f"I know {len(self.vocabulary)} words: {', '.join(self.vocabulary)}."))

    def __repr__(self) -> str:
        return f"SentenceStepper({self.field.value!r})"

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        return with_picture(super()._repr_mimebundle_(**kwargs), self.pages, self.stepper._stored)


def _unknown(words: list[str], rest: bool) -> str:
    named = ", ".join(quoted(word) for word in words[:NAMED])
    more = f" and {len(words) - NAMED:,} more" if len(words) > NAMED else ""
    them = "it" if len(words) == 1 else "them"
    what = f"I skip {them} and read the rest." if rest else "There is nothing left to read; the picture stays as it was."
    return f"I do not know {named}{more}. {what}"


def _line(text: str) -> str:
    from html import escape

    return f'<div class="rnn-words">{escape(text)}</div>' if text else ""
