"""What a chapter prints of the library is what runs."""

import textwrap

import numpy as np
import pytest

from rnnlib import GRUCell, LSTMCell, RNNCell
from rnnlib import functions as f
from rnnlib.book.source import plain, source


@pytest.mark.parametrize("kind", [RNNCell, LSTMCell, GRUCell])
def test_the_text_that_is_shown_computes_what_the_method_computes(kind):
    rng = np.random.default_rng(0)
    cell = kind(2, 3, rng=rng)
    space = {"np": np, **{name: getattr(f, name) for name in f.__all__}}
    exec(plain(kind.forward), space)  # our own source, nothing from outside
    a, s = rng.standard_normal((2, 4, 3 * len(cell.gates)))
    state = tuple(rng.standard_normal((4, 3)) for _ in cell.state_names)
    shown, method = space["forward"](cell, a, s, state), cell.forward(a, s, state)
    assert all(np.array_equal(one, other) for one, other in zip(shown[0], method[0], strict=True))


def test_types_and_docstring_are_left_out_and_the_rest_stands_to_the_letter():
    def example(x: int, *, twice: bool = False) -> int:
        """Said elsewhere."""
        return 2 * x if twice else x  # a comment stays

    assert plain(example).split("\n")[-2:] == [
        "def example(x, *, twice=False):",
        "    return 2 * x if twice else x  # a comment stays",
    ]


def test_a_notebook_shows_it_in_the_colours_of_its_theme():
    shown = source(RNNCell.forward, RNNCell.backward)
    assert shown._repr_markdown_() == f"```python\n{shown!r}\n```"
    assert "h = self.act(a + s)" in repr(shown) and "# RNNCell" in repr(shown)


def test_what_is_no_function_is_refused():
    with pytest.raises(TypeError, match="function: expected"):
        source(textwrap.TextWrapper)
