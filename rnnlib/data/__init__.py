"""Small data sets that need no network, readers of your own files, and what turns words into numbers. Reads nothing
else of `rnnlib`.

phrases       our own phrases, each with its sentiment: `train_data`, `test_data`      chapter 08
vocabulary    `Vocabulary`: words <-> numbers, padded batches, one-hot vectors         chapter 08
recall        `recall`: name the digit that was shown first, many steps later          chapter 06
memo          `memo`: keep the number last written down, say it when asked            chapter 06
sunspots      `sunspots`: one number a year, 1700 to 2008                              chapters 01, 05
vowels        `vowels`: frames of spoken vowels, and who speaks                        chapters 01, 05
names         `names`: sentences with the names of people and places, tagged           chapters 01, 05, 07
digits        `digits`: images of handwritten digits; as rows; with their words        chapter 05
nested        `nested`: judgements inside judgements, each with its tree               chapter 07
dates         `dates`: dates as people write them, and as 2024-03-05                   chapters 05, 09
symbols       `Symbols`: characters or words <-> numbers, with an end symbol           chapters 05, 09
stored        `Examples`, `Pairs` as `fit` takes them; `standardised`                  chapter 05

Your own files; `encoding` names what is not UTF-8, and nothing in a file is ever run:
loading       `load_phrases`: two dictionaries of phrases                              chapter 08
sentences     `load_labelled_sentences`: a sentence and its class on each line         chapter 08
corpus        `load_text`: a text to write on from, as characters or words             chapter 09
tags          `load_tagged_words`: a word and its tag on each line (CoNLL)             chapter 05
tag_scores    `tag_scores`, `entity_scores`: F1 by tag, and by whole name              chapter 05
vectors       `load_word_vectors`: GloVe or word2vec, as rows for `Embedding`          chapter 08
gaps          `fill_gaps`: a number for each NaN of a series, and a mark               chapter 05
text          `tokens`, `characters`: how a sentence is cut                            chapter 08
encoding      `read_text`, `text_lines`: from bytes to lines, for all of them          chapters 08, 09
"""

from . import phrases
from .corpus import Corpus, load_text
from .dates import DateFormat, Dates, WrittenDates, dates
from .digits import Digits, digits
from .encoding import read_text, text_lines
from .gaps import fill_gaps
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
from .tag_scores import Score, entity_scores, tag_scores
from .tags import TaggedSentences, TaggedSet, load_tagged_words
from .text import characters, tokens
from .vectors import WordVectors, load_word_vectors
from .vocabulary import Vocabulary
from .vowels import Vowels, vowels

__all__ = [
    "CLASSES",
    "Corpus",
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
    "Score",
    "Sentences",
    "Sunspots",
    "Symbols",
    "TaggedSentences",
    "TaggedSet",
    "Vocabulary",
    "Vowels",
    "WordVectors",
    "WrittenDates",
    "characters",
    "dates",
    "digits",
    "entity_scores",
    "fill_gaps",
    "labels",
    "load_labelled_sentences",
    "load_phrases",
    "load_tagged_words",
    "load_text",
    "load_word_vectors",
    "memo",
    "name_scores",
    "names",
    "nested",
    "nested_words",
    "phrases",
    "read_text",
    "recall",
    "recall_words",
    "standardised",
    "sunspots",
    "tag_scores",
    "text_lines",
    "tokens",
    "vowels",
]
