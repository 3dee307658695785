"""Small data sets that need no network, and what turns words into numbers. Reads nothing else of `rnnlib`.

phrases       our own phrases, each with its sentiment: `train_data`, `test_data`      chapter 08
loading       `load_phrases`: a file of the same form, read without running it         chapter 08
vocabulary    `Vocabulary`: words <-> numbers, padded batches, one-hot vectors         chapter 08
recall        `recall`: name the digit that was shown first, many steps later        chapter 06
"""

from . import phrases
from .loading import CLASSES, Phrases, labels, load_phrases
from .recall import Recall, recall, recall_words
from .vocabulary import Vocabulary

__all__ = ["CLASSES", "Phrases", "Recall", "Vocabulary", "labels", "load_phrases", "phrases", "recall", "recall_words"]
