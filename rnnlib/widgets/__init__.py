"""What a reader touches: controls around diagrams. Each is displayed by one line of a notebook.

Stepper           pages that Python drew, turned in the browser           every chapter
link              one step for several of them                            every chapter
Laboratory        controls above a Stepper: the base of most of what follows
SentenceStepper   type a sentence, step through what a network makes of it  chapters 00, 03, 08
ShapeGallery      five shapes, rolled up or unrolled, over T steps       chapters 01, 03, 05
OneUnit           one scalar unit: it forgets, keeps or flips               chapter 02
TwoComputations   the state, then the output, as matrices with numbers  chapter 02
GradientChain     step backward: what each step adds to the gradient        chapter 04
VanishOrExplode   the radius of W_hh, tanh, and a gradient on its way back  chapter 04
TrainingDesk      training as it goes, and back through its epochs         chapters 04, 08
Temperature       the next symbol: sharper, flatter, drawn at random       chapter 05
NeuronText        a text that you type, coloured by the units of a model     chapter 09
GateLaboratory    hold the gates of an LSTM or a GRU                      chapter 06
SentimentPlayground  a verdict word by word, and what it hangs on           chapter 08
MemoryRace        RNN, LSTM and GRU on the recall task, lag by lag         chapter 06
ConeOrChain       what a convolution reads, beside a recurrent chain      chapter 07
TreeComposer      one sentence over different trees                       chapter 07
"""

from .cone import ConeOrChain
from .desk import TrainingDesk
from .gallery import ShapeGallery
from .gates import GateLaboratory
from .gradient_chain import GradientChain
from .laboratory import Laboratory
from .neurons import NeuronText
from .one_unit import OneUnit
from .playground import SentimentPlayground
from .race import MemoryRace
from .sentence import SentenceStepper
from .stepper import Stepper, link
from .temperature import Temperature
from .tree import TreeComposer
from .two_computations import TwoComputations
from .vanish import VanishOrExplode

__all__ = [
    "ConeOrChain",
    "GateLaboratory",
    "GradientChain",
    "Laboratory",
    "MemoryRace",
    "NeuronText",
    "OneUnit",
    "SentenceStepper",
    "SentimentPlayground",
    "ShapeGallery",
    "Stepper",
    "Temperature",
    "TrainingDesk",
    "TreeComposer",
    "TwoComputations",
    "VanishOrExplode",
    "link",
]
