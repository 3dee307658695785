"""A text of one's own, coloured by the units of a language model. Chapter 09."""

from __future__ import annotations

import unicodedata

from ..checks import as_flag, one_of
from ..diagrams import Pages
from ..diagrams import neurons as pages_of
from ..language import LanguageModel
from ..look.lettering import quoted
from ..views.neurons import FEATURES, LONGEST, neuron_run
from .bounds import a_kind, a_page, a_text
from .laboratory import Laboratory, choice, text

__all__ = ["NeuronText"]

SHORT = ("gap", "place in the word", "vowel", "last letter")  # what the features are called on the buttons
NOTHING = "There is no character here that the model knows. The picture stays as it was."


class NeuronText(Laboratory):
    """Type a text: each character in the colour of one unit after it, for the units that go best with a feature.

    model: a `LanguageModel` that reads characters. sentence: the text to begin with, 1 to 200 characters; "↵" is the
    end of a line. over: a longer text that the model has not learned from, over which it is measured what goes with
    what (the shown text if empty). feature: one of `views.neurons.FEATURES`. Characters that the model does not know
    are left out, and it says so. t, present: as in `Stepper`. ValueError for a text without a known character and for
    another feature, TypeError for what is of another kind. Chapter 09.
    """

    def __init__(
        self,
        model: LanguageModel,
        sentence: str,
        *,
        over: str = "",
        feature: str = "letters since the word began",
        t: int | None = None,
        present: bool = False,
    ) -> None:
        self.model = a_kind("model", model, LanguageModel, "a LanguageModel")
        if model.by != "characters":
            raise ValueError(f"model: expected one that reads characters, got one that reads {model.by}")
        one_of("feature", feature, FEATURES)
        self.over, _ = self._known(a_text("over", over))
        self.shown, said = self._known(a_text("sentence", sentence)[: 4 * LONGEST])
        if not self.shown:
            raise ValueError(f"sentence: expected at least one character that the model knows, got {sentence[:50]!r}")
        super().__init__(
            text("sentence", sentence.replace("\n", "↵"), label="text", placeholder="type, then press Enter"),
            choice("feature", dict(zip(SHORT, FEATURES, strict=True)), feature, label="goes with"),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=("model",) if not over else ("model", "over=over"),
        )
        self.say(said)

    def draw(self, *, sentence: str, feature: str) -> Pages:
        """The pages for this text; for one without a known character, those of the last one that had some."""
        shown, said = self._known(sentence)
        if hasattr(self, "stepper"):
            self.say(said if shown else NOTHING)
        self.shown = shown[:LONGEST] or self.shown
        return pages_of(neuron_run(self.model, self.shown, feature, over=self.over))

    def _known(self, typed: str) -> tuple[str, str]:
        """What of a text the model knows, and a sentence about the rest. A capital is read as a small letter where only
        that is known."""
        known, kept, lost = {*self.model.characters}, "", ""
        for sign in unicodedata.normalize("NFC", typed.replace("↵", "\n")):
            near = sign if sign in known else sign.lower()
            kept, lost = (kept + near, lost) if near in known else (kept, lost + sign)
        named = ", ".join(quoted(sign) for sign in dict.fromkeys(lost[:6]))
        return kept, f"I do not know {named}, and leave it out." if lost else ""
