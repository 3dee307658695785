"""Pictures of networks: pure functions from a trace (or from sizes) to SVG. One look for all of them.

sentence      a sentence through a network, all its pages in one SVG      chapters 00, 03, 08
static_svg    one page of such a run as a picture that stands alone
"""

from .pages import Pages, Picture, static_svg
from .sentence import sentence

__all__ = ["Pages", "Picture", "sentence", "static_svg"]
