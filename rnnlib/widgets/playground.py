"""The sentiment playground: a verdict word by word, and what it hangs on. Chapter 08."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from ..checks import as_flag, one_of
from ..data import LabelledSentences, Vocabulary
from ..data.text import BLANK, UNKNOWN
from ..diagrams import Pages, leaving_out
from ..exercises import predict
from ..functions import FloatArray
from ..look.lettering import quoted, share
from ..models import ManyToOne
from ..saliency import occlusion
from ..trace import Trace, trace
from .bounds import a_kind, a_page, a_text
from .laboratory import Laboratory, action, choice, text
from .reading import known_words, typed_words

__all__ = ["SentimentPlayground"]

LONGEST = 24  # words that have room
NAMED = 5  # further classes of which the probability is said
VERDICT = "its verdict"


class SentimentPlayground(Laboratory):
    """Type a sentence: the probability after each word, and how it changes when a word is left out, for each word.

    model: a `ManyToOne` that reads one-hot words, or the numbers of words (with an `Embedding`). vocabulary: its words;
    or what `load_labelled_sentences` gave, and then a sentence is read as those of the file were: "wasn't" is "was
    n't", and an unknown word is "<unk>". sentence: the one to begin with. follow: the class whose probability is shown;
    "" is the last one of two, and of more than two the verdict, whatever it is (there the reader can choose). ask:
    whether the reader has to say first which word can least be left out, of the first sentence.

    "Turn the order round" reads the words from the last to the first. Of a sentence the first 24 words are read. A
    wrong thing typed gets a sentence, as in `SentenceStepper`. t, present: as in `Stepper`. ValueError for a vocabulary
    or a class that does not fit and for a first sentence without a known word; TypeError for another model and what is
    of another kind. Chapter 08.
    """

    def __init__(
        self,
        model: ManyToOne,
        vocabulary: Vocabulary | LabelledSentences,
        sentence: str,
        *,
        follow: str = "",
        ask: bool = True,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        a_kind("model", model, ManyToOne, "a ManyToOne")
        self.data = vocabulary if isinstance(vocabulary, LabelledSentences) else None
        known = vocabulary.vocabulary if isinstance(vocabulary, LabelledSentences) else vocabulary
        a_kind("vocabulary", known, Vocabulary, "a Vocabulary, or what load_labelled_sentences gave")
        if model.body.inputs != len(known):
            raise ValueError(f"vocabulary: expected {model.body.inputs} words, got {len(known)}")
        self.model, self.vocabulary, self.ask = model, known, as_flag("ask", ask)
        one_of("follow", follow, ("", *model.classes))
        self.typed, answer = self._read(a_text("sentence", sentence))
        if not self.typed:
            raise ValueError(f"sentence: expected at least one known word, got {sentence!r}")
        named = {VERDICT: ""} | {name: name for name in model.classes}
        several = [choice("follow", named, follow, label="show")] if follow or len(model.classes) > 2 else []
        super().__init__(
            text("sentence", sentence, placeholder="type a sentence, then press Enter"),
            *several,
            action("Turn the order round", self._turned),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=("model", "vocabulary" if self.data is None else "data"),
        )
        self.say(answer)

    def draw(self, *, sentence: str, follow: str = "") -> Pages:
        """The pages for this sentence; for one without a known word, those of the last one that had some."""
        typed, answer = self._read(sentence)
        first = not hasattr(self, "stepper")
        if not first:
            known = "" if typed else f" Known words: {', '.join([*self.vocabulary][:60])}."
            self.say(answer + known)
        self.typed = typed or self.typed
        x, record = self._run(self.words)
        whole = record.probabilities[-1]
        k = self.model.classes.index(follow) if follow else len(whole) - 1 if len(whole) == 2 else int(whole.argmax())
        without = occlusion(self.model, x)
        ask = predict.leaving_out(record, without, k) if self.ask and first else None
        pages = leaving_out(record, without, output=k, ask=ask)
        if len(whole) <= 2:
            return pages
        others = sorted((j for j in range(len(whole)) if j != k), key=lambda j: -whole[j])
        said = ", ".join(f"{quoted(self.model.classes[j])} {share(float(whole[j]))}" for j in others[:NAMED])
        more = f", and {len(others) - NAMED} more" if len(others) > NAMED else ""
        return dataclasses.replace(
            pages, captions=(f"{pages.captions[0]} The others: {said}{more}.", *pages.captions[1:])
        )

    @property
    def words(self) -> list[str]:
        """What the network reads."""
        return [word if word in self.vocabulary else UNKNOWN for word in self.typed]

    def _read(self, sentence: str) -> tuple[list[str], str]:
        """The words that are read, as they were typed, and what is said about them."""
        if self.data is None:
            return known_words(sentence, self.vocabulary, LONGEST)
        return typed_words(sentence, self.data, LONGEST)

    def _run(self, words: list[str]) -> tuple[Any, Trace]:
        """The input, and its record with what the network says of the first word, of the first two, and so on.

        (Of a network that reads from both ends, or that takes a mean over all words, the record of the whole sentence
        does not have that: its state at a word knows of the later ones.)
        """
        if self.model.body.takes_ids:
            x: Any = np.array([self.vocabulary.index(word) for word in words])
        else:
            x = self.vocabulary.one_hot([" ".join(words)], dtype=self.model.dtype)[0][:, 0]
        T = len(x)
        so_far: FloatArray = self.model.predict(np.stack([x] * T, axis=1), np.arange(1, T + 1))
        return x, dataclasses.replace(trace(self.model, x, words), probabilities=so_far)

    def _turned(self) -> None:
        bare = self.data is not None and self.data.report.by == "characters"
        turned = ("" if bare else " ").join(reversed(self.typed))
        self.set(sentence=turned.replace(BLANK, " ") if bare else turned)
