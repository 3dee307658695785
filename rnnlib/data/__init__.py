"""Small data sets that need no network, and what turns words into numbers. Reads nothing else of `rnnlib`.

phrases       our own phrases, each with its sentiment: `train_data`, `test_data`      chapter 08
loading       `load_phrases`: a file of the same form, read without running it         chapter 08
sentences     `load_labelled_sentences`: your own file, a sentence and its label a line   chapter 08
vocabulary    `Vocabulary`: words <-> numbers, padded batches, one-hot vectors         chapter 08
recall        `recall`: name the digit that was shown first, many steps later          chapter 06
memo          `memo`: keep the number last written down, say it when asked            chapter 06
sunspots      `sunspots`: one number a year, 1700 to 2008                              chapters 01, 05
vowels        `vowels`: frames of spoken vowels, and who speaks                        chapters 01, 05
names         `names`: sentences with the names of people and places, tagged           chapters 01, 05, 07
digits        `digits`: images of handwritten digits; as rows; with their words        chapter 05
nested        `nested`: judgements inside judgements, each with its tree             chapter 07
dates         `dates`: dates as people write them, and as 2024-03-05                   chapters 05, 09
symbols       `Symbols`: characters <-> numbers, with an end symbol                    chapter 05
stored        `Examples`, `Pairs` as `fit` takes them; `standardised`                  chapter 05
"""

from . import phrases
from .dates import DateFormat, Dates, WrittenDates, dates
from .digits import Digits, digits
from .labelled import LabelledSentences, LabelledSet
from .loading import CLASSES, Phrases, labels, load_phrases
from .memo import Memo, memo
from .names import Names, NameScores, Sentences, name_scores, names
from .nested import Nested, nested, nested_words
from .recall import Recall, recall, recall_words
from .report import ReadingReport
from .sentences import load_labelled_sentences
from .stored import Examples, Pairs, standardised
from .sunspots import Sunspots, sunspots
from .symbols import Symbols
from .text import characters, tokens
from .vocabulary import Vocabulary
from .vowels import Vowels, vowels

__all__ = [
    "CLASSES",
    "DateFormat",
    "Dates",
    "Digits",
    "Examples",
    "LabelledSentences",
    "LabelledSet",
    "Memo",
    "NameScores",
    "Names",
    "Nested",
    "Pairs",
    "Phrases",
    "ReadingReport",
    "Recall",
    "Sentences",
    "Sunspots",
    "Symbols",
    "Vocabulary",
    "Vowels",
    "WrittenDates",
    "characters",
    "dates",
    "digits",
    "labels",
    "load_labelled_sentences",
    "load_phrases",
    "memo",
    "name_scores",
    "names",
    "nested",
    "nested_words",
    "phrases",
    "recall",
    "recall_words",
    "standardised",
    "sunspots",
    "tokens",
    "vowels",
]
