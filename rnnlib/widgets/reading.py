"""What a reader types, as words that the network knows; and a sentence about what could not be read as typed."""

from __future__ import annotations

import string

from ..data import LabelledSentences, Vocabulary
from ..data.labelled import cut
from ..data.text import TOKENIZERS, UNKNOWN
from ..look.lettering import quoted

__all__ = ["known_words", "typed_words"]

NAMED = 6  # words that an answer names
PUNCTUATION = string.punctuation + "“”‘’«»…–—¡¿。，！？、"
NOTHING = "There is no word here: type one or more of the words below. The picture stays as it was."


def known_words(text: str, vocabulary: Vocabulary, longest: int) -> tuple[list[str], str]:
    """The words that the network will read, and what is said about those that it will not read as typed.

    Capitals and punctuation are left out where that makes a known word, unknown words are skipped, and of what is known
    the first `longest` words are read.
    """
    typed = text.split()
    if not typed:
        return [], NOTHING
    read = [_nearest(word, vocabulary) for word in typed]
    words = [word for word in read if word]
    said = _read_as({word: known for word, known in zip(typed, read, strict=True) if known and known != word})
    said += _unknown([word for word, known in zip(typed, read, strict=True) if not known], bool(words))
    if len(words) > longest:
        said.append(f"That is {len(words):,} words that I know; I read the first {longest}.")
    return words[:longest], " ".join(said)


def typed_words(text: str, data: LabelledSentences, longest: int) -> tuple[list[str], str]:
    """The words of a text, parted as those of the reader's file were, and what is said about them.

    A word that the network does not know stays in its place, for it is read as "<unk>". Of more than `longest` words
    (or more than the file's sentences have), those at the end that was kept are read.
    """
    form, split = data.report, TOKENIZERS[data.report.by]
    pieces = text.split() if form.by == "words" else [text]
    marks = {piece for piece in pieces if piece.startswith("<") and piece in data.vocabulary}  # such as <number>
    words = [word for piece in pieces for word in ([piece] if piece in marks else split(piece))]
    if not words:
        return [], NOTHING
    most = min(longest, form.longest)
    read = cut(words, most, form.keep)
    unknown = [*dict.fromkeys(word for word in read if word not in data.vocabulary)]
    said = []
    if unknown:
        named = ", ".join(quoted(word) for word in unknown[:NAMED])
        said.append(f"I do not know {named}{_more(len(unknown))}: read as {UNKNOWN}.")
    if len(words) > most:
        end = "first" if form.keep == "start" else "last"
        said.append(f"That is {len(words):,} {form.by}; I read the {end} {most}.")
    return read, " ".join(said)


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    """The word, or the same without capitals and punctuation, if it is known; else nothing."""
    plain = word.lower().strip(PUNCTUATION)
    return word if word in vocabulary else plain if plain in vocabulary else ""


def _read_as(pairs: dict[str, str]) -> list[str]:
    if not pairs:
        return []
    named = ", ".join(f"{quoted(word)} as {quoted(known)}" for word, known in [*pairs.items()][:NAMED])
    return [f"I read {named}{_more(len(pairs))}."]


def _unknown(typed: list[str], rest: bool) -> list[str]:
    if not typed:
        return []
    words = [*dict.fromkeys(typed)]
    named = ", ".join(quoted(word) for word in words[:NAMED])
    them = "it" if len(words) == 1 else "them"
    nothing = "Nothing is left to read: the picture stays as it was."
    then = f"I skip {them} and read the rest." if rest else nothing
    return [f"I do not know {named}{_more(len(words))}. {then}"]


def _more(count: int) -> str:
    return f" and {count - NAMED:,} more" if count > NAMED else ""
