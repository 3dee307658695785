"""A shape error of NumPy in words: which arrays do not fit, and why, with the names that the reader gave them.

The failing instruction says which part of the line it belongs to; the operands of that part are looked up where it
failed. Nothing is called for that but NumPy's element-wise functions.
"""

from __future__ import annotations

import ast
import itertools
import linecache
import re
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

__all__ = ["misfit"]

TELLTALE = (
    "matmul", "broadcast", "not aligned", "concatenat", "same shape", "number of dimensions", "reshape", "einsum",
    "core dimension", "does not have enough dimensions",
)  # fmt: skip
HARMLESS = (
    ast.Name, ast.Attribute, ast.Subscript, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Slice, ast.Tuple, ast.Call,
    ast.operator, ast.unaryop, ast.expr_context, ast.keyword,
)  # fmt: skip
PRODUCTS = ("dot", "matmul", "inner")
SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.MatMult: "@", ast.Pow: "**", ast.Mod: "%",
    ast.FloorDiv: "//",
}  # fmt: skip
LONGEST = 60  # letters of an operation that is shown
Shape = tuple[int, ...]


class Operand(NamedTuple):
    """One side of an operation: how it is written, and its shape."""

    text: str
    shape: Shape


def misfit(said: str, frame: FrameType, instruction: int) -> str:
    """Why shapes do not fit, for an exception of this message; nothing where it is about something else."""
    if not any(word in said for word in TELLTALE):
        return ""
    try:
        found = _operation(frame, instruction)
    except Exception:  # the line cannot be found or read: then without names
        found = None
    if found is None:
        return _by_message(said)
    sign, left, right, whole = found
    sides = f"{left.text} is {_shown(left.shape)} and {right.text} is {_shown(right.shape)}: "
    sides = f"in `{whole}`, {sides}" if len(whole) <= LONGEST else sides
    return sides + (_product(left, right) if sign == "@" else _elementwise(left, right, sign))


# ---- which operation, and its operands


def _operation(frame: FrameType, instruction: int) -> tuple[str, Operand, Operand, str] | None:
    """The sign, both sides, and the whole as it is written."""
    tree = _written(frame, instruction)
    pair: tuple[ast.expr, ast.expr]
    if isinstance(tree, ast.BinOp) and type(tree.op) in SIGNS:
        sign, pair = SIGNS[type(tree.op)], (tree.left, tree.right)
    elif isinstance(tree, ast.AugAssign) and type(tree.op) in SIGNS:
        sign, pair = SIGNS[type(tree.op)] + "=", (tree.target, tree.value)
    elif isinstance(tree, ast.Call) and isinstance(tree.func, ast.Attribute) and tree.func.attr in PRODUCTS:
        sides = tree.args if len(tree.args) == 2 else [tree.func.value, *tree.args]
        if len(sides) != 2:
            return None
        sign, pair = "@", (sides[0], sides[1])
    else:
        return None
    left, right = (Operand(ast.unparse(side), np.shape(_value(side, frame))) for side in pair)
    return sign.replace("@=", "@"), left, right, ast.unparse(tree)


def _written(frame: FrameType, instruction: int) -> ast.AST | None:
    """The part of the source that this instruction belongs to."""
    places = itertools.islice(frame.f_code.co_positions(), instruction // 2, None)
    first, last, start, end = next(places)
    if first is None or last is None or start is None or end is None:
        return None
    lines = [linecache.getline(frame.f_code.co_filename, k, frame.f_globals).encode() for k in range(first, last + 1)]
    lines[-1] = lines[-1][:end]  # before the start is cut off, which may be in the same line
    lines[0] = lines[0][start:]
    text = b"".join(lines).decode()
    statement = ast.parse(text if last == first else f"({text})").body[0]
    return statement.value if isinstance(statement, ast.Expr) else statement


def _value(side: ast.expr, frame: FrameType) -> Any:
    """What this side is there. Only names, indices, signs and element-wise functions are looked at."""
    names = frame.f_globals | frame.f_locals
    for part in ast.walk(side):
        if not isinstance(part, HARMLESS):
            raise ValueError("not looked at")
        if isinstance(part, ast.Call):
            function = eval(ast.unparse(part.func), names)
            if not isinstance(function, np.ufunc):
                raise ValueError("not called")
    return eval(ast.unparse(side), names)


# ---- in words


def _shown(shape: Shape) -> str:
    return str(shape) if shape else "a single number"


def _product(left: Operand, right: Operand) -> str:
    if not left.shape or not right.shape:
        return "`@` is for arrays, and `*` is the product with a single number."
    wide, high = left.shape[-1], right.shape[-2 if len(right.shape) > 1 else -1]
    if wide == high:
        return "the sizes before the last two do not fit each other."
    has = "numbers" if len(left.shape) == 1 else "columns"
    needs = "numbers" if len(right.shape) == 1 else "rows"
    other = f"; `{right.text} @ {left.text}` would fit" if _fits(right.shape, left.shape) else ""
    return f"{left.text} has {wide} {has}, so {right.text} needs {wide} {needs}, and has {high}{other}."


def _fits(left: Shape, right: Shape) -> bool:
    return left[-1] == right[-2 if len(right) > 1 else -1]


def _elementwise(left: Operand, right: Operand, sign: str) -> str:
    if sign.endswith("="):
        return f"{left.text} keeps its shape, and what comes to it does not fit into that."
    pairs = itertools.zip_longest(reversed(left.shape), reversed(right.shape), fillvalue=1)
    a, b = next((pair for pair in pairs if pair[0] != pair[1] and 1 not in pair), (0, 0))
    return f"`{sign}` goes number by number, counted from the last size, and {a} numbers do not go with {b}."


MESSAGES = (
    (
        r"size (\d+) is different from (\d+)",
        "in a matrix product the left side needs as many columns as the right side has rows, and here {1} meets {0}.",
    ),
    (
        r"shapes (\([\d, ]*\)) and (\([\d, ]*\)) not aligned",
        "a product of {0} and {1} does not fit: the left side needs as many columns as the right side has rows.",
    ),
    (r"does not have enough dimensions", "`@` is for arrays, and one of its sides is a single number."),
    (
        r"broadcast input array from shape (\([\d, ]*\)) into shape (\([\d, ]*\))",
        "what is put in has the shape {0}, and its place has the shape {1}.",
    ),
    (
        r"output operand with shape (\([\d, ]*\)).* broadcast shape (\([\d, ]*\))",
        "an array of shape {0} keeps its shape, and the result would be {1}.",
    ),
    (
        r"could not be broadcast together with (?:remapped )?shapes (.*)",
        "the shapes {0} do not go together number by number.",
    ),
    (
        r"along dimension (\d+), the array at index (\d+) has size (\d+) and the array at index (\d+) has size (\d+)",
        "the arrays that are joined do not fit: along axis {0}, array {1} has size {2} and array {3} has size {4}.",
    ),
    (r"must have same number of dimensions", "the arrays that are joined do not all have the same number of axes."),
    (r"must have the same shape", "the arrays that are stacked do not all have the same shape."),
    (r"zero-dimensional arrays cannot be concatenated", "single numbers cannot be joined: put them into lists first."),
    (
        r"cannot reshape array of size (\d+) into shape (\([\d, -]*\))",
        "{0} numbers do not fill the shape {1} exactly.",
    ),
)


def _by_message(said: str) -> str:
    """In words, without names."""
    for pattern, words in MESSAGES:
        if found := re.search(pattern, said):
            return words.format(*(part.strip() for part in found.groups()))
    return ""
