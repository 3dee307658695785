"""Pictures of networks: pure functions from a trace, a data set or sizes to SVG. One look for all of them.

sentence       a sentence through a network, all its pages in one SVG        chapters 00, 03, 08
static_svg     one page of such a run as a picture that stands alone
unit           one step and its two computations                             chapter 02
vanish         the size of dh_T/dh_t over t, with and without tanh           chapter 04
many_to_one    words in, one verdict out                                     chapters 05, 08
data_picture   phrases with their labels                                     chapter 08
"""

from .dataset import data_picture
from .flow import vanish
from .many_to_one import many_to_one
from .pages import Answer, Pages, Picture, Question, static_svg
from .sentence import sentence
from .unit import unit

__all__ = [
    "Answer",
    "Pages",
    "Picture",
    "Question",
    "data_picture",
    "many_to_one",
    "sentence",
    "static_svg",
    "unit",
    "vanish",
]
