"""The library's own source, to be read beside the equations: what is shown is what runs. Chapters 02, 04 and 06."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

from ..checks import shown

__all__ = ["Source", "plain", "source"]


class Source:
    """Python code, or a difference between two, as a notebook shows it: in the colours of its theme."""

    def __init__(self, text: str, language: str = "python") -> None:
        self.text, self.language = text, language

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return f"```{self.language}\n{self.text}\n```"


def source(*functions: Callable[..., Any]) -> Source:
    """The source of functions or methods, one below the other, without types and docstrings, else to the letter.

    TypeError for what has no source in Python.
    """
    return Source("\n\n".join(map(plain, functions)))


def plain(function: Callable[..., Any]) -> str:
    """The source of one function as text, its first line without types, its docstring left out."""
    try:
        text = textwrap.dedent(inspect.getsource(function)).rstrip()
    except TypeError:
        raise TypeError(f"function: expected a function or a method, got {shown(function)}") from None
    (node,) = ast.parse(text).body
    if not isinstance(node, ast.FunctionDef):
        raise TypeError(f"function: expected a function or a method, got {shown(function)}")
    first = node.body[1] if ast.get_docstring(node) is not None else node.body[0]
    body = text.split("\n")[first.lineno - 1 :]
    signature = inspect.signature(function)
    names = [p.replace(annotation=p.empty) for p in signature.parameters.values()]
    arguments = signature.replace(parameters=names, return_annotation=signature.empty)
    owner = function.__qualname__.rpartition(".")[0]
    head = [f"# {owner}"] if owner else []
    return "\n".join([*head, f"def {function.__name__}{arguments}:", *body])
