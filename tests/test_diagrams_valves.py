"""The road with valves: a pipe is as wide as its gate is open, and what lies ahead is empty."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import GRUCell, LSTMCell, Recurrent, diagrams
from rnnlib.diagrams.valves import BORE, WIDE, Valves
from rnnlib.views.gates import gates_run

SVG = "{http://www.w3.org/2000/svg}"


def run(cell=LSTMCell, T=4, **held):
    rng = np.random.default_rng(2)
    tokens = tuple(f"w{t}" for t in range(T))
    return gates_run(Recurrent(cell(3, 2, rng=rng)), rng.normal(size=(T, 3)), tokens, held=held, start=0.8)


def boxes(elements):
    return [e for e in ET.fromstring(f"<g>{''.join(elements)}</g>").iter("rect")]


@pytest.mark.parametrize(("cell", "gates"), [(LSTMCell, "fio"), (GRUCell, ("z", "1−z"))])
def test_behind_a_valve_the_pipe_is_as_wide_as_the_gate_is_open(cell, gates):
    sheet = Valves(run(cell), 1, False)
    for gate, flows, box, way in sheet.pipes("free", 2):
        _, _, behind, *_ = boxes(sheet._pipe("free", 2, gate, flows, box, way))
        width = float(behind.get("height" if way == "across" else "width"))
        assert width == pytest.approx(BORE * sheet.numbers[f"free {gate}"][2, 0], abs=0.01)
        assert gate in gates


def test_what_lies_ahead_is_covered_before_it_is_reached():
    sheet = Valves(run(), 1, False)
    for t in range(4):
        hidden = boxes(sheet.page(t))[0]
        assert float(hidden.get("x")) < sheet.x(t + 1) - WIDE / 2 and hidden.get("class") == "surface"
    assert "surface" not in {e.get("class") for e in boxes(sheet.page(4))}


def test_a_gate_held_at_1_is_no_valve_where_a_lane_stands_alone():
    names = {a.split("/")[0] for a in valve_numbers(diagrams.valves(run(f=1, o=1), alone=True))}
    assert names == {"changed i", "changed g", "changed c", "changed h"}
    assert "changed f" in {a.split("/")[0] for a in valve_numbers(diagrams.valves(run(f=1, o=1)))}


def valve_numbers(pages):
    return [e.get("data-n") for e in ET.fromstring(pages.svg).iter(f"{SVG}text") if e.get("data-n")]
