"""Quizzes: five questions a chapter, each answer with its reason.

A quiz is plain HTML that needs no kernel: each answer is a line that opens, one of a question at a time. Who opens one
sees whether it is right, and why, also in a saved notebook, an exported page, or on a code host. Where the page may
run a line of script, it keeps the score under the question that was answered last: the first answer to each counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from string import ascii_lowercase

from .wording import sections

__all__ = ["Choice", "Item", "Quiz", "quiz"]

Named = tuple[str, tuple[str, str]]


@dataclass(frozen=True)
class Choice:
    """One answer, and why it is right or wrong."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True)
class Item:
    """A question and its answers, one of them right. ValueError otherwise."""

    question: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        if sum(choice.right for choice in self.choices) != 1 or len(self.choices) < 2:
            raise ValueError(f"choices: expected at least two, one of them right, for {self.question!r}")


@dataclass(frozen=True, repr=False)
class Quiz:
    """The questions of a chapter. `code` between backticks is set as code."""

    chapter: str
    items: tuple[Item, ...]

    def __repr__(self) -> str:
        lines = []
        for k, item in enumerate(self.items, 1):
            lines += [f"{k}. {item.question}"]
            lines += [f"   {letter}) {choice.text}" for letter, choice in lettered(item)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        questions = "".join(self._question(k, item) for k, item in enumerate(self.items, 1))
        score = f'<p role="status" style="{TOTAL}"></p>'  # nothing, until there is one
        return f'<div style="{STYLE}" onclick="{escape(SCORE)}" onkeydown="{escape(KEYS)}">{questions}{score}</div>'

    def _question(self, number: int, item: Item) -> str:
        group = f"quiz-{self.chapter}-{number}"
        choices = "".join(_choice(letter, choice, group) for letter, choice in lettered(item))
        return f'<div><p style="margin:14px 0 2px"><b>{number}.</b> {marked(item.question)}</p>{choices}</div>'


STYLE = "font-size:15px;line-height:1.5;max-width:900px"
SUMMARY = "cursor:pointer;padding:9px 0"
REASON = "margin:0 0 8px 18px;padding:6px 12px;border-left:4px solid "
TOTAL = "margin:6px 0 0 18px;font-weight:bold"
TONES = {True: "var(--jp-success-color1, #0b7a75)", False: "var(--jp-warn-color1, #d9600a)"}
KEYS = "if (event.key === ' ') event.stopPropagation()"  # it opens an answer, and does not turn the slide
SCORE = """
const answer = event.target.closest('summary')?.parentNode, question = answer?.parentNode;
if (answer) {
  for (const other of question.querySelectorAll('details')) if (other !== answer) other.open = false;
  if (!question.dataset.first) {
    question.dataset.first = answer.dataset.answer;
    question.querySelector('b').append(answer.dataset.answer === 'right' ? ' ✓' : ' ✗');
  }
  const all = this.children.length - 1, done = this.querySelectorAll('[data-first]').length;
  const right = this.querySelectorAll('[data-first=right]').length;
  const first = `${right} of ${done} right at the first try`;
  const score = this.querySelector('[role=status]');
  question.after(score);
  score.textContent = done < all ? `${first}, ${all - done} to go.` : `${first}.`;
}"""


def lettered(item: Item) -> list[tuple[str, Choice]]:
    """Its choices: a), b), c), ..."""
    return [(ascii_lowercase[k], choice) for k, choice in enumerate(item.choices)]


def _choice(letter: str, choice: Choice, group: str) -> str:
    verdict = "Right" if choice.right else "No"
    return (
        f'<details name="{group}" data-answer="{verdict.lower()}" style="margin-left:18px">'
        f'<summary style="{SUMMARY}" tabindex="0" data-lm-suppress-shortcuts="true">'
        f"{letter}) {marked(choice.text)}</summary>"
        f'<div style="{REASON}{TONES[choice.right]}"><b>{verdict}.</b> {marked(choice.reason)}</div></details>'
    )


def marked(text: str) -> str:
    """Text as HTML; what stands between backticks is code, what stands between asterisks is emphasis."""
    words = escape(text).split("`")
    words[::2] = [
        re.sub(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])", r"<em>\1</em>", part) for part in words[::2]
    ]
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(words))


def quiz(chapter: str) -> Quiz:
    """The quiz of a chapter, "02". ValueError where it has none."""
    if not re.fullmatch(r"\d\d", str(chapter)):
        raise ValueError(f'chapter: expected two digits such as "02", got {chapter!r}')
    try:
        said = sections(chapter)
    except OSError:
        raise ValueError(f"chapter: there is no quiz for chapter {chapter}") from None
    return Quiz(chapter, tuple(_asked(*said[name].items()) for name in said if name.startswith("question")))


def _asked(question: Named, *choices: Named) -> Item:
    """An item of a text: what is asked, and the answers, of which one is called right."""
    return Item(question[1][0], tuple(Choice(*words, right=name.endswith("right")) for name, words in choices))
