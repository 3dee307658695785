"""The training desk: training as it goes, with pause and stop; afterwards, back through the epochs.

Chapters 04 and 08.
"""

from __future__ import annotations

import copy
import inspect
import math
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from ..checks import as_flag, as_size
from ..data import Vocabulary
from ..diagrams import Pages
from ..diagrams import sentence as pages_of
from ..diagrams.training import MOST as MOST_READ
from ..diagrams.training import Reading, training
from ..functions import FloatArray
from ..judging import floor, judge
from ..models import Model
from ..trace import trace
from ..training import Diverged, History, Optimizer, Run, fit
from .background import Training
from .bounds import a_kind, a_page, a_seed, a_text, an_array
from .stepper import Stepper

__all__ = ["TrainingDesk"]

LONGEST = 10_000  # epochs of a training
MOST = 100  # epochs that have a page and keep their weights
WORDS = 40  # of the sentence below


class TrainingDesk(Training):
    """Loss, accuracy and gradient norm as training goes: pause, continue, stop; then step back through the epochs.

    model: any of `rnnlib.models`; it is trained in place, in the background, when "Train" is pressed (or at once with
    train=True, which waits for the end). x, y, lengths and `recipe` (batch_size, clip_norm, evaluate, ...): as in
    `fit`. epochs: 1 to 10,000. optimizer: as in `fit`; each training begins with a fresh copy. seed: of the order of
    the examples, 0 to 2**32 - 1. name: the set of `evaluate` that is shown. vocabulary, sentence: where both are given,
    what the network says after each of (at most 12) words at the chosen epoch stands below, and all of its states under
    "more". t: the epoch to begin with; the last one
    that there is, where there are fewer.

    "Reset" gives the model its first weights back. `at(epoch)` is a copy of the model as it was then; where there are
    more than 100 epochs, every second (third, ...) one is kept. What training raises is shown in the widget, also what
    `fit` says to a recipe. ValueError for examples that the model refuses and a number out of its range, TypeError for
    what is of another kind and for an argument that `fit` does not have. Chapters 04 and 08.
    """

    def __init__(
        self,
        model: Model,
        x: Any,
        y: ArrayLike,
        lengths: ArrayLike | None = None,
        *,
        epochs: int,
        optimizer: Optimizer,
        seed: int = 0,
        name: str = "test",
        vocabulary: Vocabulary | None = None,
        sentence: str = "",
        train: bool = False,
        t: int | None = None,
        present: bool = False,
        **recipe: Any,
    ) -> None:
        a_kind("model", model, Model, "a model of rnnlib")
        if isinstance(optimizer, type) or not hasattr(optimizer, "update") or not hasattr(optimizer, "learning_rate"):
            raise TypeError(f"optimizer: expected one such as SGD(0.1), got {type(optimizer).__name__}")
        _checked_recipe(recipe)
        self._begins, read_along = a_page(t), _checked_sentence(vocabulary, sentence)
        train, present = as_flag("train", train), as_flag("present", present)
        an_array("y", y)
        if lengths is not None:
            an_array("lengths", lengths)
        model.batch(x, y, lengths, *([recipe["y_lengths"]] if "y_lengths" in recipe else []))
        self.model, self.epochs, self.name = model, as_size("epochs", epochs, 1, LONGEST), a_text("name", name)
        self._data, self._optimizer, self._recipe = (x, y, lengths), optimizer, recipe
        self._start, self._floor = model.vector(), self._least()
        self._words: list[str] = []
        if vocabulary is not None and read_along:
            self._words = sentence.split()
            self._x = vocabulary.one_hot([sentence], dtype=model.dtype)[0][:, 0]
        self._forget()
        fixed = ("model", "x", "y", "lengths", f"epochs={epochs}", "optimizer=optimizer", *(f"{n}={n}" for n in recipe))
        super().__init__(label="Train", seed=a_seed(seed), present=present, fixed=fixed)
        if vocabulary is not None and read_along:
            self._read_along()
        if train:
            self._run(seed)
            self.redraw()
            self.stepper.t = self.stepper.shown = len(self.pages) - 1
        if self._begins is not None:
            self.stepper.t = self.stepper.shown = min(self._begins, len(self.pages) - 1)

    # ---- what is kept

    def _forget(self) -> None:
        self.history, self._said = History(), dict[int, FloatArray]()  # epoch -> what it says after each word
        self.kept: dict[int, FloatArray] = {0: self._start.copy()}
        self._every = max(1, -(-self.epochs // MOST))

    def at(self, epoch: int) -> Model:
        """A copy of the model as it was after this epoch (0: before training). ValueError where none was kept."""
        if epoch not in self.kept:
            raise ValueError(f"epoch: expected one of {', '.join(map(str, self.kept))}, got {epoch}")
        model = copy.deepcopy(self.model)
        model.restore(self.kept[epoch])
        return model

    def draw(self, *, seed: int) -> Pages:
        options: Any = {"name": self.name, "shown": [*self.kept][1:], "floor": self._floor, "reading": self._reading()}
        return training(self.history, epochs=self.epochs, **options)

    def _reading(self) -> Reading | None:
        """What the network makes of the sentence at each epoch that is kept; None without a sentence."""
        if not 1 <= len(self._words) <= MOST_READ:
            return None
        for epoch in self.kept.keys() - self._said.keys():
            self._said[epoch] = trace(self.at(epoch), self._x, self._words).probabilities[:, -1]
        return Reading(self._words, self.model.classes[-1], self._said)

    def _judged_on(self) -> tuple[Any, ...]:
        """The set of `evaluate` that is shown; `fit` says what is wrong with one that does not fit."""
        sets = self._recipe.get("evaluate")
        shown = sets.get(self.name) if isinstance(sets, dict) else None
        return tuple(shown) if isinstance(shown, (tuple, list)) else ()

    def _least(self) -> float | None:
        """The accuracy of who always names the largest class of that set; None where answers are no classes."""
        share = math.nan
        if examples := self._judged_on():
            with suppress(ValueError, TypeError):  # training will say it
                share = floor(self.model, *examples)
        return None if math.isnan(share) else share

    # ---- the sentence below

    def _read_along(self) -> None:
        """All states of the sentence at the chosen epoch: under "more"."""
        self.sentence = Stepper(self._read(), t=len(self._words), code="").add_class("rnn-rest")
        self.children: tuple[Any, ...] = (*self.children, self.sentence)
        self.stepper.observe(self._scrubbed, "t")

    def _read(self) -> Pages:
        epoch = [*self.kept][min(self.stepper.t, len(self.kept) - 1)]
        title = f"The same sentence after epoch {epoch}" if epoch else "The same sentence before training"
        return pages_of(trace(self.at(epoch), self._x, self._words), title=title)

    def _scrubbed(self, _: Any) -> None:
        self.sentence.pages = self._read()

    # ---- training

    def _pressed(self) -> None:
        """Train, pause or continue."""
        if not self.running:
            self.train()
        elif self._may_go.is_set():
            self.pause()
        else:
            self._label("Pause")
            self._may_go.set()

    def train(self) -> None:
        """Begin anew, in the background."""
        if self.running:
            return
        self.reset()
        self._label("Pause")
        self._begin(self._in_background)

    def pause(self) -> None:
        """Hold on after this epoch."""
        self._may_go.clear()
        self._label("Continue")

    def reset(self) -> None:
        """The model as it was at first, and nothing seen yet; a training that runs is stopped."""
        if self.running and not self._ends_first(self.reset):
            return
        self.model.restore(self._start)
        self._forget()
        self.say("")
        self._show(0)

    def _label(self, text: str) -> None:
        self._go.holder.description = text

    def _in_background(self) -> None:
        try:
            self._run(self.seed or 0)
        except Diverged as problem:
            self.history = problem.history
            self.say(str(problem))

    def _ended(self, error: str) -> None:
        """The button trains again, the last epoch is shown; what was learned is kept."""
        self._label("Train again")
        self._show_last()
        super()._ended(error)

    def _run(self, seed: int) -> None:
        x, y, lengths = self._data
        self.history = fit(
            self.model,
            x,
            y,
            lengths,
            epochs=self.epochs,
            optimizer=copy.deepcopy(self._optimizer),
            rng=np.random.default_rng(seed),
            callbacks=[*self._recipe.get("callbacks", ()), self._after_epoch],
            progress=False,
            **{name: value for name, value in self._recipe.items() if name != "callbacks"},
        )
        self.kept.setdefault(self.history.epochs, self.model.vector())
        if self._floor is not None and self.model.loss_name == "cross_entropy":
            found = judge(self.model, *self._judged_on())
            self.say(f"After the last epoch, {found.recall_line()}." if found.uneven else "")

    def _after_epoch(self, run: Run) -> None:
        self.history = run.history
        if run.epoch % self._every == 0:
            self.kept[run.epoch] = run.model.vector()
        if self._due():
            self._show_last()
        self._after(run)

    def _show_last(self) -> None:
        """New pages; who was at the last page follows to the new last one, who went back stays."""
        follows = self.stepper.t == len(self.pages) - 1
        self._show(len(self.kept) - 1 if follows else self.stepper.t)

    def _show(self, t: int) -> None:
        with self.stepper.hold_sync():
            self.redraw()
            self.stepper.t = t
        if hasattr(self, "sentence"):
            self.sentence.pages = self._read()


def _checked_recipe(recipe: dict[str, Any]) -> None:
    """TypeError for an argument that `fit` does not have, or that the desk gives itself."""
    own = ("model", "x", "y", "lengths", "epochs", "optimizer", "rng", "progress")
    known = [name for name in inspect.signature(fit).parameters if name not in own]
    for name in recipe:
        if name not in known:
            raise TypeError(f"{name}: expected one of the arguments of fit: {', '.join(known)}")


def _checked_sentence(vocabulary: Any, sentence: Any) -> bool:
    """Whether there is a sentence to read along. TypeError for what is none, ValueError for words not known."""
    words = a_text("sentence", sentence).split()
    if vocabulary is None:
        return False
    a_kind("vocabulary", vocabulary, Vocabulary, "a Vocabulary, or None")
    unknown = [word for word in words if word not in vocabulary]
    if unknown or len(words) > WORDS:
        what = f"{unknown[0]!r}, which is unknown" if unknown else f"{len(words)}"
        raise ValueError(f"sentence: expected at most {WORDS} known words, got {what}")
    return bool(words)
