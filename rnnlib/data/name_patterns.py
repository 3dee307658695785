"""How the sentences of `names` are made: word lists and patterns written for this book. Chapters 01, 05 and 07.

`sentences()` gives them all, the same each time. Nothing here is needed to read the stored file: tools/make_data.py
writes it from here, and a test compares the two.

In the word lists a name is written with its tag, "anna/p" (person) or "oslo/l" (place). A star marks the doubtful word
of a sentence, the one that is a name in some sentences and not in others: "rose*/p", "rose*".
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

__all__ = ["Tagged", "sentences"]

SEED = 5
# ---- words --------------------------------------------------------------------------------------------------------
PEOPLE = (
    "anna/p|boris/p|clara/p|dmitri/p|elena/p|felix/p|hanna/p|igor/p|julia/p|karim/p|leila/p|mateo/p|"
    "nadia/p|omar/p|petra/p|rashid/p|sofia/p|tomas/p|ursula/p|viktor/p|wei/p|yuki/p|zoe/p|emil/p"
)
SURNAMES = "berg/p|novak/p|silva/p|tanaka/p|kowalski/p|rossi/p|moreau/p|roosevelt/p|larsen/p|okafor/p"
PLACES = (
    "athens/l|bergen/l|berlin/l|cairo/l|dublin/l|geneva/l|lima/l|lisbon/l|madrid/l|nairobi/l|oslo/l|prague/l|"
    "shanghai/l|tokyo/l|vienna/l|warsaw/l"
)
COLOURS = ("amber", "coral", "ginger", "hazel", "olive", "pearl", "rose", "ruby", "scarlet", "violet")  # or a person
TOWNS = ("austin", "charlotte", "chelsea", "florence", "georgia", "jordan", "lincoln", "paris", "sydney", "victoria")
ASKING = ("may", "will")  # a person, or the first word of a question

WHEN = [  # 1 to 5 words, so that what follows stands at position 2 to 6
    ("today", "yesterday", "again", "later"),
    ("last week", "this morning", "after lunch", "every day"),
    ("in the morning", "before the meeting", "during the holiday", "at six sharp"),
    ("after the long winter", "on a rainy day", "in the quiet evening", "before the first snow"),
    ("late in the evening yesterday", "on the day after lunch", "early in the new year", "at the end of winter"),
]
DID = "saw|found|bought|painted|lost|sold|carried|cleaned|hid|drew"
THINGS = (
    "the red car|an old map|the garden gate|a heavy box|two blue cups|the kitchen table|a wooden boat|the last cake"
)
OTHERS = "the old man|a young girl|the teacher|our neighbour|the tall singer|some children|a friend|my sister"
MET = "met|called|wrote to|waited for|thanked|sat beside"
WENT = "went to|came from|drove to|lived in|walked near|flew to"

PERSON_HEADS = "my friend|our neighbour|her sister|the singer|a teacher|young doctor"
COLOUR_HEADS = "the colour|a warm|a dark|the new|something|this old"
PLACE_HEADS = "the road to|the hills near|a train from|old houses in|the market in|the way to"
OPENINGS = "we remember|they spoke about|i like|she asked about|he painted|nobody forgot"

LEADS = "|they say|i hear that|we know that|it is true that|as you can see|yesterday|last week"
QUESTION_LEADS = "|so|and|now|well|but tell me"
BETWEEN = "||in my opinion|as far as i know|for many of us|to tell the truth"  # what puts the decision off
ABOUT_A_PERSON = (
    "sings in the choir|called me after lunch|lives next door|reads the news aloud|has two brothers|plays the violin"
)
ABOUT_A_COLOUR = (
    "paint covers the wall|curtains hang in the hall|shoes cost too much|paper lies on the table|"
    "glass is easy to break|flowers stand in the window"
)
ABOUT_A_PLACE = (
    "lies on a river|has many bridges|streets are full of music|trains run all night|grew around a market|"
    "hotels are full"
)
QUESTIONS = "you come with us|we open the window|it rain all night|they sing again|she wait for you|i read the news"
BEARS = "bears are on sale|bears are soft|bears sit on the shelf|bears make good presents"
GOOD = "kind|quiet|fine|good|lovely|bright"
PERSONS, SHADES, SPOTS = "neighbour|friend|teacher", "colour|shade|tone", "town|city|place"
COLOUR_READING = COLOURS, ABOUT_A_COLOUR, SHADES, ""
PLACE_READING = TOWNS, ABOUT_A_PLACE, SPOTS, "/l"


class Tagged(NamedTuple):
    """A sentence: its words, a tag for each ("o" other, "p" person, "l" place), what kind it is, its doubtful word.

    kind: "plain" (each word always has the same tag), "before" (what stands before the doubtful word decides its tag)
    or "after" (what follows decides). doubtful: the place of that word, counted from 0; -1 in a plain sentence.
    """

    text: str
    tags: str
    kind: str
    doubtful: int


class _Pen:
    """Writes sentences that it has not written before; every choice is drawn with one seed.

    Only `random()` is used: it is the one method that Python promises to keep the same.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._written: set[str] = set()

    def pick(self, options: Sequence[str] | str) -> str:
        """One of the options; they may stand in one str, with | between them."""
        choices = options.split("|") if isinstance(options, str) else options
        return choices[int(self._random.random() * len(choices))]

    def number(self, below: int) -> int:
        """0 to below - 1."""
        return int(self._random.random() * below)

    def new(self, count: int, kind: str, write: Callable[[int], tuple[str, ...]]) -> list[tuple[Tagged, ...]]:
        """`count` groups of sentences that were not there before; `write(k)` writes the k-th, as often as it takes."""
        groups: list[tuple[Tagged, ...]] = []
        while len(groups) < count:
            group = tuple(_read(marked, kind) for marked in write(len(groups)))
            texts = {sentence.text for sentence in group}
            if len(texts) == len(group) and not texts & self._written:
                self._written |= texts
                groups.append(group)
        return groups


def sentences() -> tuple[list[Tagged], list[Tagged]]:
    """All sentences: those to learn from, and those for the test; no sentence twice."""
    pen = _Pen(SEED)
    return list(_part(pen, 3)), list(_part(pen, 1))


def _part(pen: _Pen, size: int) -> Iterator[Tagged]:
    """`size` times as many sentences for training as for the test, except those with one name that was moved."""
    learning = size > 1
    groups = [
        *pen.new(300 if learning else 50, "plain", lambda k: (_one_name(pen, 0),)),
        *pen.new(120 if learning else 150, "plain", lambda k: (_one_name(pen, 1 + k % 5),)),
        *pen.new(30 * size, "plain", lambda k: (_no_name(pen),)),
        *pen.new(70 * size, "plain", lambda k: (_several(pen, k),)),
        *pen.new(120 * size, "before", lambda k: (_before(pen, k),)),
        *pen.new(72 * size, "after", lambda k: _after(pen, k)),
    ]
    return (sentence for group in groups for sentence in group)


# ---- patterns -----------------------------------------------------------------------------------------------------


def _one_name(pen: _Pen, moved: int) -> str:
    """One person who did something: the name comes first, or `moved` words of time stand before it."""
    who, what = pen.pick(PEOPLE), f"{pen.pick(DID)} {pen.pick(THINGS)}"
    if moved:
        return f"{pen.pick(WHEN[moved - 1])} {who} {what}"
    return f"{who} {what} {pen.pick(WHEN[pen.number(5)])}"


def _no_name(pen: _Pen) -> str:
    who, what, when = pen.pick(OTHERS), f"{pen.pick(DID)} {pen.pick(THINGS)}", pen.pick(WHEN[pen.number(5)])
    return pen.pick((f"{who} {what} {when}", f"{when} {who} {what}"))


def _several(pen: _Pen, k: int) -> str:
    """Two to four names, all of them certain."""
    who, other, family = pen.pick(PEOPLE), pen.pick(PEOPLE), pen.pick(SURNAMES)
    here, there, when = pen.pick(PLACES), pen.pick(PLACES), pen.pick(WHEN[pen.number(5)])
    return (
        f"{who} {family} {pen.pick(MET)} {other} {when}",
        f"{who} and {other} {pen.pick(WENT)} {here} {when}",
        f"{when} {who} {family} {pen.pick(WENT)} {here}",
        f"the road from {here} to {there} is long",
        f"{here} is far from {there}",
        f"{when} {pen.pick(OTHERS)} {pen.pick(MET)} {who} in {here}",
    )[k % 6]


def _before(pen: _Pen, k: int) -> str:
    """What stands before the doubtful word decides; what follows is the same for all readings."""
    words, heads, tag = (COLOURS, COLOUR_HEADS, "") if k % 4 < 2 else (TOWNS, PLACE_HEADS, "/l")
    word = words[k // 4 % len(words)] + "*"
    noun = f"{pen.pick(PERSON_HEADS)} {word}/p" if k % 2 else f"{pen.pick(heads)} {word}{tag}"
    opening, when = pen.pick(OPENINGS), pen.pick(WHEN[pen.number(5)])
    return pen.pick((f"{opening} {noun} {when}", f"{when} {opening} {noun}"))


def _after(pen: _Pen, k: int) -> tuple[str, str]:
    """Twins: the same words up to the doubtful word, which is a person in the first and is not in the second."""
    group, turn = k % 12, k // 12
    if group >= 10:
        return _teddy_or_question(pen, 2 * turn + group % 2)
    words, tails, nouns, tag = COLOUR_READING if group % 2 else PLACE_READING
    start = f"{pen.pick(LEADS)} {words[(turn * 5 + group // 2) % 10]}*"
    if (turn + group) % 3 == 0:  # decided at once
        return f"{start}/p {pen.pick(SURNAMES)} {pen.pick(ABOUT_A_PERSON)}", f"{start}{tag} {pen.pick(tails)}"
    if (turn + group) % 3 == 1:
        return f"{start}/p {pen.pick(ABOUT_A_PERSON)}", f"{start}{tag} {pen.pick(tails)}"
    middle = f"{pen.pick(BETWEEN)} is a {pen.pick(GOOD)}"  # decided by the last word, 4 to 8 words later
    return f"{start}/p {middle} {pen.pick(PERSONS)}", f"{start}{tag} {middle} {pen.pick(nouns)}"


def _teddy_or_question(pen: _Pen, turn: int) -> tuple[str, str]:
    leads, word, tails = (LEADS, "teddy", BEARS) if turn % 3 == 0 else (QUESTION_LEADS, ASKING[turn % 3 - 1], QUESTIONS)
    start = f"{pen.pick(leads)} {word}*"
    return f"{start}/p {pen.pick(SURNAMES)} {pen.pick(ABOUT_A_PERSON)}", f"{start} {pen.pick(tails)}"


def _read(marked: str, kind: str) -> Tagged:
    """Words with their marks -> the sentence, its tags, and the place of the star."""
    words = marked.split()
    tags = "".join(word.partition("/")[2] or "o" for word in words)
    doubtful = next((place for place, word in enumerate(words) if "*" in word), -1)
    return Tagged(" ".join(word.partition("/")[0].rstrip("*") for word in words), tags, kind, doubtful)
