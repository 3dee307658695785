"""Exercises that say what is wrong, and quizzes that say why. Each chapter NN has its own in `chapter_NN`, and
their words in `texts/NN.ini`.

check      the reader's answer against the library's, with a diagnosis       every chapter
hint       a first hint, and on the second call a second one                 every chapter
progress   which exercises of a chapter are done                             every chapter
quiz       five questions, each answer with its reason                       every chapter
"""

from .engine import Feedback, check, exercise, exercises, hint, progress
from .quizzes import Choice, Item, Quiz, quiz
from .task import Exercise, Wrong

__all__ = [
    "Choice",
    "Exercise",
    "Feedback",
    "Item",
    "Quiz",
    "Wrong",
    "check",
    "exercise",
    "exercises",
    "hint",
    "progress",
    "quiz",
]
