"""Phrases with their labels: their form, and a reader of such files that never runs them. Chapter 08."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .encoding import read_text
from .given import a_file

__all__ = ["CLASSES", "Phrases", "labels", "load_phrases"]

CLASSES = ("negative", "positive")  # the names of the labels 0 (False) and 1 (True)
LARGEST = 5_000_000  # bytes; a file of phrases that is larger is another kind of file


class Phrases(NamedTuple):
    """Two dictionaries phrase -> True (positive) or False (negative): to learn from, and to test with."""

    train_data: dict[str, bool]
    test_data: dict[str, bool]


def labels(data: Mapping[str, bool]) -> NDArray[np.intp]:
    """phrase -> True or False becomes (B,): 1 for True, 0 for False, in the order of the dictionary.

    Any other label is a ValueError that names the phrase (1 and 0 too: they may be counts).
    `CLASSES[label]` is the name of a label. Chapter 08.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"data: expected a dictionary phrase -> True or False, got {type(data).__name__}")
    for phrase, label in data.items():
        if not isinstance(label, (bool, np.bool_)):
            raise ValueError(f"label of {_short(phrase)}: expected True or False, got {_short(label)}")
    return np.fromiter(data.values(), dtype=np.intp, count=len(data))


def load_phrases(path: str | os.PathLike[str], *, encoding: str | None = None) -> Phrases:
    """Read a `.py` file that holds two dictionaries and nothing else, without running it.

        train_data = {
            'good': True,
            'bad': False,
        }
        test_data = {'not bad': True}

    Comments, blank lines and a docstring may stand beside them. Every phrase is a str with at least one word,
    every label True or False. A phrase that stands in a dictionary twice counts once; with two different
    labels it is an error. A phrase may stand in both dictionaries: such a test phrase tests memory and
    nothing else, so look at `train_data.keys() & test_data.keys()`.

    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does; ValueError, with the file and
    the line, for anything else that does not fit: other statements (an import, a call), a missing or second
    `train_data`, an empty dictionary, `**other`, values that are not written out, a file larger than 5 MB, and one
    that is no UTF-8, unless `encoding` says what it is. Chapter 08.
    """
    path = a_file(path)
    try:
        return _phrases(_parse(read_text(path, encoding=encoding, largest=LARGEST)))
    except _Bad as bad:
        line, message = bad.args
        raise ValueError(f"{path}, line {line}: {message}" if line else f"{path}: {message}") from None


class _Bad(Exception):
    """(line, sentence): what is wrong with a file; line 0 where it is no single line."""


def _parse(text: str) -> ast.Module:
    """The syntax tree. Nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a doubtful escape such as "\d" is the file's own business
            return ast.parse(text)
    except SyntaxError as error:
        raise _Bad(error.lineno or 0, f"expected two dictionaries, got a syntax error: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise _Bad(0, "expected two flat dictionaries, got an expression that is nested too deeply") from None


def _phrases(tree: ast.Module) -> Phrases:
    found: dict[str, tuple[int, dict[str, bool]]] = {}
    for statement in _without_docstring(tree.body):
        name, value = _assignment(statement)
        if name in found:
            raise _Bad(statement.lineno, f"{name}: expected it once, got it on line {found[name][0]} too")
        found[name] = statement.lineno, _dictionary(name, value)
    for name in Phrases._fields:
        if name not in found:
            raise _Bad(0, f"expected two dictionaries, train_data and test_data, got no {name}")
    return Phrases(*(found[name][1] for name in Phrases._fields))


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body


def _assignment(statement: ast.stmt) -> tuple[str, ast.expr]:
    """The name and the value of `train_data = ...` or `test_data = ...`; any other statement is refused."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=("train_data" | "test_data") as name)], value=value):
            return name, value
        case ast.Assign(targets=[ast.Name(id=name)]):
            got = f"the name {_short(name)}"
        case ast.AnnAssign():
            got = "an annotated assignment; leave the annotation out"
        case ast.Expr(value=value):
            got = _kind(value)
        case _:
            got = f"another statement ({type(statement).__name__})"
    raise _Bad(statement.lineno, f"expected only train_data = {{...}} and test_data = {{...}}, got {got}")


def _dictionary(name: str, node: ast.expr) -> dict[str, bool]:
    if not isinstance(node, ast.Dict):
        raise _Bad(node.lineno, f"{name}: expected a dictionary {{phrase: True or False}}, got {_kind(node)}")
    data: dict[str, bool] = {}
    seen: dict[str, tuple[int, bool]] = {}
    for line, phrase, label in _entries(name, node):
        words = " ".join(phrase.split())  # the network sees words: two spellings of the blanks are one phrase
        first, before = seen.setdefault(words, (line, label))
        if before is not label:
            raise _Bad(line, f"{name}: the phrase {_short(words)} is {label}, but {before} on line {first}")
        data[phrase] = label
    if not data:
        raise _Bad(node.lineno, f"{name}: expected at least one phrase, got an empty dictionary")
    return data


def _entries(name: str, node: ast.Dict) -> Iterator[tuple[int, str, bool]]:
    """Line, phrase and label of each entry, checked."""
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            raise _Bad(value.lineno, f"{name}: expected phrases that are written out, got **")
        phrase = _literal(name, key)
        if not isinstance(phrase, str):
            raise _Bad(key.lineno, f"{name}: expected a phrase in quotes, got {_short(phrase)}")
        if not phrase.split():
            raise _Bad(key.lineno, f"{name}: expected a phrase with at least one word, got {_short(phrase)}")
        label = _literal(name, value)
        if label is not True and label is not False:
            got = f"label of {_short(phrase)}: expected True or False, got {_short(label)}"
            raise _Bad(value.lineno, f"{name}: {got}")
        yield key.lineno, phrase, label


def _literal(name: str, node: ast.expr) -> object:
    """The value of a literal; `ast.literal_eval` runs nothing."""
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise _Bad(node.lineno, f"{name}: expected values that are written out, got {_kind(node)}") from None


def _kind(node: ast.expr) -> str:
    """What an expression is, in words."""
    match node:
        case ast.Constant(value=value):
            return _short(value)
        case ast.Name(id=name):
            return f"the name {_short(name)}"
        case ast.Call():
            return "a call"
        case ast.JoinedStr():
            return "an f-string"
        case ast.DictComp() | ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return "a comprehension"
    return f"another expression ({type(node).__name__})"


def _short(value: object) -> str:
    """A value as Python writes it, cut where it is long: errors stay readable."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
