"""What a reader touches: controls around diagrams. Each is displayed by one line of a notebook.

Stepper           pages that Python drew, turned in the browser           every chapter
SentenceStepper   type a sentence, step through what a network makes of it  chapters 00, 03, 08
"""

from .sentence import SentenceStepper
from .stepper import Stepper

__all__ = ["SentenceStepper", "Stepper"]
