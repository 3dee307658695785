"""What a reader touches: controls around diagrams. Each is displayed by one line of a notebook.

Stepper           pages that Python drew, turned in the browser           every chapter
link              one step for several of them                            every chapter
Laboratory        controls above a Stepper: the base of most of what follows
SentenceStepper   type a sentence, step through what a network makes of it  chapters 00, 03, 08
"""

from .laboratory import Laboratory
from .sentence import SentenceStepper
from .stepper import Stepper, link

__all__ = ["Laboratory", "SentenceStepper", "Stepper", "link"]
