"""The core can be read in an evening: how long it, its files and its functions are. A rule without a test drifts.

A line of code is one that holds anything but blanks, a comment or a docstring. A function's lines are all of its own,
its signature included; only of a cell's `forward`, which reads as its equations, the lines below the signature count.
"""

import ast
import io
import tokenize

import pytest

FILES = ("functions", "checks", "parameters", "cells", "decoding", "gradcheck")
FOLDERS = ("layers", "models", "training")
BESIDE = ("layers/tree.py", "layers/convolution.py")  # the alternatives to recurrence
CORE, RECURRENT, FUNCTION, METHOD, FORWARD, FILE = 1727, 1543, 40, 15, 10, 300
NO_CODE = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENDMARKER}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


def core(root):
    """Name -> source of each file of the core."""
    package = root / "rnnlib"
    paths = [package / f"{name}.py" for name in FILES]
    paths += [path for name in FOLDERS for path in sorted((package / name).rglob("*.py"))]
    return {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def docstrings(tree):
    """Where each docstring begins: (line, column)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | FUNCTIONS) and ast.get_docstring(node, clean=False) is not None:
            yield node.body[0].lineno, node.body[0].col_offset


def code(source):
    """The numbers of the lines of code."""
    documented, found = set(docstrings(ast.parse(source))), set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE and token.start not in documented:
            found |= set(range(token.start[0], token.end[0] + 1))
    return found


def functions(source):
    """(name, lines of code) of each function and method; those inside another count there, too."""
    lines = code(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, FUNCTIONS):
            yield node.name, len(lines & set(range(node.lineno, node.end_lineno + 1)))


def methods(source, signature=True):
    """(class.method, lines of code) of each method."""
    lines = code(source)
    for owner in ast.walk(ast.parse(source)):
        for node in owner.body if isinstance(owner, ast.ClassDef) else ():
            if isinstance(node, FUNCTIONS):
                start = node.lineno if signature else node.body[0].lineno
                yield f"{owner.name}.{node.name}", len(lines & set(range(start, node.end_lineno + 1)))


def too_long(sizes, most):
    """Those (name, lines) of more than `most` lines."""
    return [(name, size) for name, size in sizes if size > most]


# ---- the rules ------------------------------------------------------------------------------------------------------


def test_the_core_is_short(root):
    assert sum(len(code(source)) for source in core(root).values()) <= CORE


def test_the_core_without_trees_and_convolution_is_shorter(root):
    assert sum(len(code(source)) for name, source in core(root).items() if name not in BESIDE) <= RECURRENT


def test_no_function_of_the_core_is_long(root):
    sizes = [(f"{file}: {name}", size) for file, source in core(root).items() for name, size in functions(source)]
    assert too_long(sizes, FUNCTION) == []


def test_what_a_cell_does_is_short_enough_to_stand_beside_its_equations(root):
    source = core(root)["cells.py"]
    steps = [(name, size) for name, size in methods(source, signature=False) if name.endswith(".forward")]
    assert {name for name, _ in steps} >= {"RNNCell.forward", "LSTMCell.forward", "GRUCell.forward"}
    assert too_long(methods(source), METHOD) + too_long(steps, FORWARD) == []


def test_no_file_of_the_core_is_long(root):
    sizes = [(file, len(source.splitlines())) for file, source in core(root).items()]
    assert too_long(sizes, FILE) == []


# ---- how it is counted ----------------------------------------------------------------------------------------------


def test_every_file_of_the_core_is_counted(root):
    found = core(root)
    assert set(BESIDE) < set(found)
    assert {"functions.py", "cells.py", "layers/recurrent.py", "models/writing.py", "training/fit.py"} < set(found)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('"""Two\nlines."""\nx = 1\n', {3}),
        ('x = """Two\n\nlines that are no docstring."""\n', {1, 2, 3}),
        ("x = f(\n    1,\n\n    # a comment\n    2,\n)\n", {1, 2, 5, 6}),
        ('def f():\n    """What it does."""\n    return 1\n', {1, 3}),
        ('def f(): """What it does."""\n', {1}),
        (
            'class C:\n    """What."""\n\n    def m(self):\n        """And\n\n        how."""\n        pass\n',
            {1, 4, 8},
        ),
    ],
)
def test_blank_lines_comments_and_docstrings_are_not_code(source, lines):
    assert code(source) == lines


SOURCE = '''
class C:
    def m(self):
        """A docstring
        of two lines."""

        def inner():
            # a comment
            return 1

        return inner()


def f(a,
      b):
    return a
'''


def test_functions_count_with_their_signature_and_all_that_stands_inside():
    assert dict(functions(SOURCE)) == {"m": 4, "inner": 2, "f": 3}
    assert dict(methods(SOURCE)) == {"C.m": 4}
    assert dict(methods(SOURCE, signature=False)) == {"C.m": 3}
    assert too_long(functions(SOURCE), 3) == [("m", 4)]
