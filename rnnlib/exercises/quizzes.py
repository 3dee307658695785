"""Quizzes: five questions a chapter, each answer with its reason.

A quiz is plain HTML that needs no kernel and no script: each answer is a line that opens. Who opens one sees whether it
is right, and why, also in a saved notebook, an exported page, or on a code host.
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
        return f'<div style="{STYLE}">' + "".join(_item(k, item) for k, item in enumerate(self.items, 1)) + "</div>"


STYLE = "font-size:15px;line-height:1.5;max-width:900px"
SUMMARY = "cursor:pointer;padding:9px 0"
REASON = "margin:0 0 8px 18px;padding:6px 12px;border-left:4px solid "
TONES = {True: "var(--jp-success-color1, #0b7a75)", False: "var(--jp-warn-color1, #d9600a)"}


def lettered(item: Item) -> list[tuple[str, Choice]]:
    """Its choices: a), b), c), ..."""
    return [(ascii_lowercase[k], choice) for k, choice in enumerate(item.choices)]


def _item(number: int, item: Item) -> str:
    choices = "".join(_choice(letter, choice) for letter, choice in lettered(item))
    return f'<p style="margin:14px 0 2px"><b>{number}.</b> {marked(item.question)}</p>{choices}'


def _choice(letter: str, choice: Choice) -> str:
    verdict = "Right" if choice.right else "No"
    return (
        f'<details style="margin-left:18px"><summary style="{SUMMARY}" tabindex="0" data-lm-suppress-shortcuts="true">'
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
