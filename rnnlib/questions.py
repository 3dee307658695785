"""What is asked before a page of a picture is shown: the form of a question, and of its answers. Chapter 00."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Answer", "Question"]


@dataclass(frozen=True)
class Answer:
    """An answer to a question, and what is said to who gives it. low, high: for a typed number, the range (both
    ends included) in which it is this answer."""

    text: str
    reply: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Question:
    """Asked before a page is shown in full: one of several answers, or a number to type where they have ranges.

    right: which answer it is, from 0. otherwise: what is said to a number that is in no range; of two ranges the
    first holds. about: which number of the page it asks for, from 0. While the question is open, the elements of the
    page of class "cover" hide what would give the answer away. ValueError for fewer than two answers to choose from, or
    a `right` that does not exist.
    """

    prompt: str
    answers: tuple[Answer, ...]
    right: int
    otherwise: str = ""
    about: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.right < len(self.answers):
            raise ValueError(f"right: expected 0 to {len(self.answers) - 1}, got {self.right}")
        if not self.typed and len(self.answers) < 2:
            raise ValueError("answers: expected at least 2 to choose from, got 1")
        if self.typed and not self.otherwise:
            raise ValueError("otherwise: expected a sentence for a number in no range, got none")

    @property
    def typed(self) -> bool:
        """Whether a number is typed."""
        return self.answers[0].low is not None

    def said(self) -> list[str]:
        """What is asked and the answers to choose from, a line each."""
        return [self.prompt, *(f"{k}. {answer.text}" for k, answer in enumerate(self.answers, 1) if not self.typed)]

    def state(self) -> dict[str, Any]:
        """What the browser needs, as JSON."""
        said = {name: getattr(self, name) for name in ("prompt", "right", "typed", "otherwise")}
        return said | {"answers": [vars(answer) for answer in self.answers]}
