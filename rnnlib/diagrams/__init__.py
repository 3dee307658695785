"""Pictures of networks: pure functions from a trace, a data set or sizes to SVG. One look for all of them.

sentence       a sentence through a network, all its pages in one SVG        chapters 00, 03, 08
static_svg     one page of such a run as a picture that stands alone
five_things    real things on their way through the five shapes              chapter 01
five_shapes    one to one, one to many, many to one, many to many           chapters 01, 05
dense_or_recurrent  an ordinary network beside a recurrent one              chapter 01
wiring         a model step by step: its shapes, its weights                 chapters 01, 03, 05
padding        sentences of different lengths in one batch: each keeps its state past its end   chapter 03
trajectory     where the states of some sentences go, in a plane            chapter 03
unrolling      one unit, and its loop that opens into a chain               chapter 03
folded         one network, rolled up and unrolled                           chapter 03
sizes          the matrices of a unit, to scale                              chapter 02
units          several units make a network                                  chapters 02, 03
unit           one step and its two computations                             chapter 02
computations   one step after the other, as matrices with numbers           chapter 02
one_unit       one scalar unit: its map, and its states over time           chapter 02
derivation     the backward pass, one page for each line of its derivation    chapter 04
training_step  forward, loss, backward, update, on one unit                  chapter 04
gradient_chain  a gradient on its way back, step by step                     chapter 04
vanish         the size of dh_T/dh_t over t, with and without tanh           chapter 04
lstm_cell      one unit of an LSTM, with its numbers                         chapter 06
gru_cell       one unit of a GRU, with its numbers                           chapter 06
layers         stacked, bidirectional, encoder and decoder: which feeds which  chapters 05, 07
heat_strip     all units at all steps, as colours                            chapters 03, 06
gates          an LSTM or GRU as it is, and with gates held                chapter 06
valves         the same as a road with valves, as wide as they are open    chapter 06
contributions  what each word contributes to an answer, for several networks  chapter 06
temperature    the next symbol: its probabilities, and the one drawn         chapter 05
memory_race    accuracy against lag for RNN, LSTM and GRU, lag by lag        chapter 06
cone           convolutions and a chain: which outputs hear of a change      chapter 07
composition    a sentence over a tree, node by node                          chapter 07
many_to_one    words in, one verdict out                                     chapters 05, 08
leaving_out    a verdict, and what it is without each word                  chapter 08
attention      a query meets keys, values flow into the context             chapter 09
bars           numbers beside each other, where the point is a comparison   chapter 08
neurons        a text in the colours of one unit of a language model         chapter 09
data_picture   phrases with their labels                                     chapter 08
book_map       the chapters, and which builds on which                       chapter 00
"""

from ..questions import Answer, Question
from .attention import attention
from .bars import bars
from .book_map import book_map
from .composition import composition
from .computations import computations
from .cone import cone
from .contributions import contributions
from .data_picture import data_picture
from .dense_or_recurrent import dense_or_recurrent
from .derivation import derivation
from .five_shapes import five_shapes
from .five_things import five_things
from .folded import folded
from .gates import gates
from .gradient_chain import gradient_chain
from .gru_cell import gru_cell
from .heat_strip import heat_strip
from .layers import layers
from .leaving_out import leaving_out
from .lstm_cell import lstm_cell
from .many_to_one import many_to_one
from .memory_race import memory_race
from .neurons import neurons
from .one_unit import one_unit
from .padding import padding
from .pages import Pages, Picture, static_svg
from .sentence import sentence
from .sizes import sizes
from .temperature import temperature
from .training_step import training_step
from .trajectory import trajectory
from .unit import unit
from .units import units
from .unrolling import unrolling
from .valves import valves
from .vanish import vanish
from .wiring import wiring

__all__ = [
    "Answer",
    "Pages",
    "Picture",
    "Question",
    "attention",
    "bars",
    "book_map",
    "composition",
    "computations",
    "cone",
    "contributions",
    "data_picture",
    "dense_or_recurrent",
    "derivation",
    "five_shapes",
    "five_things",
    "folded",
    "gates",
    "gradient_chain",
    "gru_cell",
    "heat_strip",
    "layers",
    "leaving_out",
    "lstm_cell",
    "many_to_one",
    "memory_race",
    "neurons",
    "one_unit",
    "padding",
    "sentence",
    "sizes",
    "static_svg",
    "temperature",
    "training_step",
    "trajectory",
    "unit",
    "units",
    "unrolling",
    "valves",
    "vanish",
    "wiring",
]
