"""The sentiment playground: a verdict word by word, and what it hangs on. Chapter 08."""

from __future__ import annotations

from ..data import Vocabulary
from ..diagrams import Pages
from ..diagrams.leaving import leaving_out
from ..models import ManyToOne
from ..saliency import occlusion
from ..trace import trace
from .bounds import a_flag, a_kind, a_page, a_text
from .laboratory import Laboratory, action, text
from .reading import known_words

__all__ = ["SentimentPlayground"]

LONGEST = 24  # words that have room


class SentimentPlayground(Laboratory):
    """Type a sentence: the probability after each word, and how it changes when a word is left out, for each word.

    model: a `ManyToOne` that reads one-hot words of `vocabulary`. sentence: the one to begin with. ask: whether the
    reader has to say first which word can least be left out, of the first sentence. "Turn the order round" reads the
    words from the last to the first. Of a sentence the first 24 known words are read. A wrong thing typed gets a
    sentence, as in `SentenceStepper`. t, present: as in `Stepper`. ValueError for a vocabulary that does not fit and
    for a first sentence without a known word; TypeError for another model and what is of another kind. Chapter 08.
    """

    def __init__(
        self,
        model: ManyToOne,
        vocabulary: Vocabulary,
        sentence: str,
        *,
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        a_kind("model", model, ManyToOne, "a ManyToOne")
        a_kind("vocabulary", vocabulary, Vocabulary, "a Vocabulary")
        if model.body.inputs != len(vocabulary):
            raise ValueError(f"vocabulary: expected {model.body.inputs} words, got {len(vocabulary)}")
        words, answer = known_words(a_text("sentence", sentence), vocabulary, LONGEST)
        if not words:
            raise ValueError(f"sentence: expected at least one known word, got {sentence!r}")
        self.model, self.vocabulary, self.words, self.ask = model, vocabulary, words, a_flag("ask", ask)
        super().__init__(
            text("sentence", sentence, placeholder="type a sentence, then press Enter"),
            action("Turn the order round", self._turned),
            t=a_page(t),
            present=a_flag("present", present),
            fixed=("model", "vocabulary"),
        )
        self.say(answer)

    def draw(self, *, sentence: str) -> Pages:
        """The pages for this sentence; for one without a known word, those of the last one that had some."""
        words, answer = known_words(sentence, self.vocabulary, LONGEST)
        first = not hasattr(self, "stepper")
        if not first:
            known = "" if words else f" Known words: {', '.join([*self.vocabulary][:60])}."
            self.say(answer + known)
        self.words = words or self.words
        x = self.vocabulary.one_hot([" ".join(self.words)], dtype=self.model.dtype)[0][:, 0]
        return leaving_out(trace(self.model, x, self.words), occlusion(self.model, x), ask=self.ask and first)

    def _turned(self) -> None:
        self.set(sentence=" ".join(reversed(self.words)))
