"""From a text to the pieces that a network reads: words, or characters, of any script. Chapters 05, 08 and 09."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

__all__ = [
    "TOKENIZERS",
    "UNKNOWN",
    "characters",
    "damaged",
    "joined",
    "letters",
    "long_words",
    "tokens",
    "words_and_signs",
]

UNKNOWN = "<unk>"  # stands for every word that is not in the vocabulary
NUMBER = "<number>"  # stands for every number above 10
BLANK = "␣"  # a blank, where characters are read and a symbol may not be a blank itself
LONG_WORD = 40  # letters; where a text has no blanks, a whole sentence is such a word
BLANKLESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]{10}")  # Thai, Lao, Burmese, Khmer

# Chinese characters and Japanese signs: they stand without blanks, so each is a word by itself
EAST = "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
PICTURES = "\u2600-\u27bf\U0001f300-\U0001faff"  # such as a smiling face
DAMAGE = re.compile("\ufffd|â€|Ã[\x80-\xbf]|Â[\xa0-\xbf]")
JOINERS = "\u200c\u200d"  # inside words of Persian and of Indian scripts, and between pictures that are one
SKINS = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"

_NOT = re.compile(r"\b([^\W\d_]+)n't\b")
_VERBS = {"ca": "can", "wo": "will", "sha": "shall"}
_SIGNS = str.maketrans({"’": "'", "‘": "'", "！": "!", "？": "?", "\u00ad": None})
_CLOSING = set(".,:;!?)]}…%。，、：；！？）」』》”’")
_OPENING = set("([{（「『《“‘¿¡")


def tokens(sentence: str) -> list[str]:
    """A sentence as the words that a network reads.

        "I don't like it, it's 2 HOURS too long!"  ->  i do n't like it it s 2 hours too long !

    - Lower case. Letters of any script make a word, with the marks that belong to them (हीरा is one word); a Chinese
      character is one by itself, and so is a Japanese sign. Unicode's form NFC: é is one letter, however it was typed.
    - Apostrophes: "n't" is a word of its own ("can't" is can n't, "won't" is will n't): one frequent word is learned
      better than a dozen rare ones. Every other apostrophe only parts: "it's" is it, s.
    - "!" and "?" and picture signs are words, because they carry feeling. All other punctuation parts words and is
      dropped; so is markup such as <br>.
    - Numbers from 0 to 10 stay, because in reviews they are marks ("2 of 10"); any other one is "<number>".

    Thai, Lao, Khmer and Burmese have no blanks: there a whole sentence is one long word; read `characters` instead.
    TypeError for what is no str. Chapter 08.
    """
    text = _normal(sentence).lower().translate(_SIGNS)
    if "<" in text:
        text = re.sub(r"<\s{0,3}/?\s{0,3}[a-z]{1,10}\s{0,3}/?\s{0,3}>", " ", text)
    if "n't" in text:
        text = _NOT.sub(lambda found: f"{_VERBS.get(found[1], found[1])} n't", text)
    return [_number(word) if word[0].isdigit() else word for word in _word_pattern(_marks(text)).findall(text)]


def characters(sentence: str) -> list[str]:
    """A sentence as the characters that a network reads: lower case, a letter with the marks that belong to it.

    "很好 吗" -> 很 好 ␣ 吗; हीरा -> ही रा. Blanks between words are ␣, at both ends they are dropped. Chapter 08.
    """
    text = _normal(sentence).lower().strip()
    return letters(re.sub(r"\s+", BLANK, text))


def letters(text: str) -> list[str]:
    """A text cut into what a reader calls characters: marks stay with their letter, joined pictures together.

    Nothing is lost: `"".join(letters(text)) == text` in Unicode's form NFC.
    """
    text = _normal(text)
    joining = {sign for sign in set(text) if unicodedata.category(sign)[0] == "M" or sign in JOINERS or sign in SKINS}
    if not joining:
        return list(text)
    found: list[str] = []
    for sign in text:
        joins = found and (sign in joining or found[-1][-1] == "\u200d") and not found[-1].isspace()
        if joins and len(found[-1]) < LONG_WORD:  # so many marks are no letter any more
            found[-1] += sign
        else:
            found.append(sign)
    return found


def words_and_signs(text: str) -> list[str]:
    """A text as words, numbers, single signs of punctuation and ends of lines, its case kept: for a text to write on.

    'She left. "Why?"' -> She left . " Why ? ". Words keep their apostrophes; `joined` puts all together again.
    """
    text = _normal(text)
    return _piece_pattern(_marks(text)).findall(text)


def joined(pieces: Sequence[str]) -> str:
    """Words and signs as a text: blanks between words, none before a full stop, none between Chinese characters."""
    text, quoted = "", False
    for piece in pieces:
        last = text[-1:]
        opens = last in _OPENING or (last == '"' and quoted)
        closes = piece in _CLOSING or (piece == '"' and quoted)
        if not (text and not last.isspace()) or opens or closes or piece == "\n" or _eastern(last) or _eastern(piece):
            text += piece
        else:
            text += " " + piece
        quoted = quoted != (piece == '"')
        quoted = quoted and piece != "\n"
    return text


def damaged(texts: Iterable[str]) -> int:
    """How many texts have signs that stand for letters which another program could not read."""
    return sum(DAMAGE.search(text) is not None for text in texts)


def long_words(split: Sequence[Sequence[str]]) -> int:
    """In how many of these sentences most letters stand in words so long that they must be whole sentences."""
    count = 0
    for words in split:
        long = [word for word in words if len(word) >= LONG_WORD or (not word.isascii() and BLANKLESS.match(word))]
        count += 2 * sum(map(len, long)) > sum(map(len, words))
    return count


def short(value: object) -> str:
    """A value as Python writes it, cut where it is long: errors stay readable."""
    try:
        text = repr(value)
    except Exception:  # a whole number of a million digits, an object that cannot be shown
        text = type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def _normal(text: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"sentence: expected a str, got {type(text).__name__}")
    return unicodedata.normalize("NFC", text)


def _marks(text: str) -> str:
    """The combining marks and joiners of a text, each once, sorted: `re` has no class for them."""
    if text.isascii():
        return ""
    return "".join(sorted(sign for sign in set(text) if unicodedata.category(sign)[0] == "M" or sign in JOINERS))


@lru_cache(maxsize=256)
def _word_pattern(marks: str) -> re.Pattern[str]:
    letter = rf"[^\W\d_{EAST}]"
    more = rf"(?:{letter}|[{marks}])" if marks else letter
    return re.compile(
        rf"n't\b"
        rf"|[{EAST}]"
        rf"|{letter}{more}*"  # letters of any script, and their marks
        rf"|\d+(?:[.,:]\d+)*"  # 3, 1.50, 10,000, 20:15
        rf"|[!?]"
        rf"|[{PICTURES}]"
    )


@lru_cache(maxsize=256)
def _piece_pattern(marks: str) -> re.Pattern[str]:
    letter = rf"(?:[^\W\d_{EAST}]{f'[{marks}]*' if marks else ''})"
    more = rf"[{marks}]*" if marks else ""
    return re.compile(rf"\n|[{EAST}]{more}|{letter}+(?:['’]{letter}+)*|\d+(?:[.,:]\d+)*|[^\s]{more}")


def _number(word: str) -> str:
    return word if len(word) <= 2 and word.isascii() and int(word) <= 10 else NUMBER


def _eastern(piece: str) -> bool:
    return bool(piece) and re.match(rf"[{EAST}\u3000-\u303f\uff01-\uff60]", piece) is not None


TOKENIZERS: dict[str, Callable[[str], list[str]]] = {"words": tokens, "characters": characters}
