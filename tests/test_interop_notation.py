"""The table of notations, and the gate orders that the conversions read from it."""

import numpy as np
import pytest

from rnnlib.cells import GRUCell, LSTMCell, RNNCell
from rnnlib.interop import GATES, Row, notation_table, reorder


@pytest.mark.parametrize("cell", [RNNCell, LSTMCell, GRUCell])
def test_the_book_s_gate_order_is_that_of_the_cells(cell):
    assert GATES["book"][cell.kind] == cell.gates


@pytest.mark.parametrize("who", ["pytorch", "keras", "onnx"])
@pytest.mark.parametrize("kind", ["rnn", "lstm", "gru"])
def test_every_order_has_the_same_gates(who, kind):
    assert sorted(GATES[who][kind]) == sorted(GATES["book"][kind])


def test_gates_are_reordered_block_by_block():
    iofg = np.repeat([1.0, 2.0, 3.0, 4.0], 2)
    assert reorder(iofg, "lstm", before="onnx", after="book").tolist() == [1, 1, 3, 3, 4, 4, 2, 2]


def test_an_array_that_has_not_so_many_blocks_is_refused():
    with pytest.raises(ValueError, match=r"expected 3 equal blocks along axis 0, got \(4, 2\)"):
        reorder(np.zeros((4, 2)), "gru", before="onnx", after="book")


def test_the_table_has_a_cell_for_each_of_the_five():
    rows = notation_table()
    assert Row._fields == ("about", "book", "source", "pytorch", "keras", "onnx")
    assert all(len(row) == 6 and all(row) for row in rows)
    assert len({row.about for row in rows}) == len(rows)


def test_the_table_shows_the_orders_that_are_computed_with():
    rows = {row.about: row for row in notation_table()}
    lstm, gru = rows["LSTM gates in order"], rows["GRU gates in order"]
    assert (lstm.book, lstm.pytorch, lstm.keras, lstm.onnx) == ("i f g o", "i f g o", "i f c o", "i o f c")
    assert (gru.book, gru.pytorch, gru.keras, gru.onnx) == ("r z n", "r z n", "z r h", "z r h")
