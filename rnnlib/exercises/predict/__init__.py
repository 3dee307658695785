"""What a widget asks before it shows a page: for each picture a function from its view to page -> question.

The questions know the slips that readers make, and say what each is; the pictures of `diagrams` know nothing of them.
"""

from .composition import composition
from .computations import computations
from .cone import cone
from .gates import gates
from .gradient_chain import gradient_chain
from .leaving_out import leaving_out
from .memory_race import memory_race
from .one_unit import one_unit
from .temperature import temperature
from .vanish import vanish
from .wiring import wiring

__all__ = [
    "composition",
    "computations",
    "cone",
    "gates",
    "gradient_chain",
    "leaving_out",
    "memory_race",
    "one_unit",
    "temperature",
    "vanish",
    "wiring",
]
