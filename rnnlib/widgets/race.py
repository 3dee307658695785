"""The memory race: stored runs of RNN, LSTM and GRU, lag by lag, and a button to train one anew. Chapter 06."""

from __future__ import annotations

from typing import Any

from ..book.experiment import Rules
from ..book.race import UNITS, Race, Result, race, stored_race
from ..checks import as_flag, one_of
from ..diagrams import Pages, memory_race
from ..exercises import predict
from ..training import Run
from .background import STOPPED, Training
from .bounds import a_kind, a_page, a_seed
from .laboratory import choice

__all__ = ["MemoryRace"]


class MemoryRace(Training):
    """Accuracy on the recall task against the lag, for networks of nearly the same size; a page for each lag.

    runs: a `race.Race`; the stored runs of the book if None. kind: which kind the button trains, "RNN", "LSTM" or
    "GRU"; it trains for the lag of the present page, with `seed`, in the background, by the same rules as the stored
    runs, and its result is a ring among them. seed: of that training, 0 to 2**32 - 1; the stored runs have 0 to 4, and
    7 gives another network. ask: whether the reader says first who remembers, where one ceases to. t, present: as in
    `Stepper`. rules: of that training, if they are to be others than those of the runs.

    `own` are the reader's results; "Reset" takes them away. `train`, `stop` and `wait` are the buttons for programs.
    What a training raises is shown in the widget. ValueError for a kind or a seed that does not exist, TypeError for
    what is of another kind. Chapter 06.
    """

    def __init__(
        self,
        runs: Race | None = None,
        *,
        kind: str = "LSTM",
        seed: int = 7,
        ask: bool = True,
        rules: Rules | None = None,
        t: int | None = None,
        present: bool = False,
    ) -> None:
        one_of("kind", kind, UNITS)
        self.runs = stored_race() if runs is None else a_kind("runs", runs, Race, "a Race, or None for the stored one")
        if rules is not None:
            a_kind("rules", rules, Rules, "Rules, or None for those of the runs")
        self.ask, self.rules, self.own = as_flag("ask", ask), rules or self.runs.rules, list[Result]()
        super().__init__(
            choice("kind", tuple(UNITS), kind, label="kind to train"),
            label="Train",
            seed=a_seed(seed),
            t=a_page(t),
            present=as_flag("present", present),
            fixed=() if runs is None else ("runs",),
        )
        self.stepper.observe(self._name_button, "t")
        self._name_button()

    def _name_button(self, _: Any = None) -> None:
        self._go.holder.description = f"Train one for lag {self.lag}"

    @property
    def lag(self) -> int:
        """The lag of the present page."""
        return self.runs.lags[self.stepper.t]

    def draw(self, *, kind: str, seed: int) -> Pages:
        """The pages; kind and seed are those of the next training, and change nothing on them."""
        return memory_race(self.runs, own=self.own, ask=predict.memory_race(self.runs) if self.ask else None)

    def _pressed(self) -> None:
        self.train()

    def train(self) -> None:
        """Train one network for the lag of the present page, in the background; stopped, it leaves no ring."""
        if self.running:
            return
        kind, lag, seed = self.values["kind"], self.lag, self.seed or 0
        who = f"{kind}, lag {lag}, seed {seed}"
        self._go.holder.disabled = True
        self.say(f"Training begins: {who}.")

        def report(run: Run) -> None:
            if self._due():
                right = run.history.accuracies["check"][-1]
                self.say(f"{who}: epoch {run.epoch} of at most {self.rules.epochs}, {right:.2f} right.")
            self._after(run)

        self._begin(lambda: self._show(race(kind, lag, seed, rules=self.rules, asked=self.runs.asked, after=report)))

    def reset(self) -> None:
        """The kind as it was, and no results of the reader's; a training that runs is stopped."""
        if self.running and not self._ends_first(self.reset):
            return
        self.own.clear()
        self.say("")
        super().reset()

    def _ended(self, error: str) -> None:
        super()._ended(error)
        if error:
            self.say("")
        self._go.holder.disabled = False

    def _show(self, result: Result) -> None:
        who = f"{result.kind}, lag {result.lag}, seed {result.seed}"
        if result.stopped == STOPPED:
            self.say(f"{who}: stopped after epoch {result.epochs}; it is not drawn.")
            return
        self.own.append(result)
        self.redraw()
        right, how = result.accuracy[result.lag], result.stopped
        self.say(f"{who}: {right:.2f} of the questions right after {result.epochs} epochs ({how}). The ring is yours.")
