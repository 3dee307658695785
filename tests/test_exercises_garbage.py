"""`check` on whatever an answer is or does: a diagnosis of one sentence, nothing raised, nothing changed."""

import collections
import copy
import decimal
import enum
import math
import re
import sys

import numpy as np
import pytest

from rnnlib import exercises
from rnnlib.exercises import check, engine
from tests.test_exercises_chapters import ALL

CALLED = [found for found in ALL if found.inputs is not None]
VALUES = [found for found in ALL if found.inputs is None]


@pytest.fixture(autouse=True)
def a_new_reader(monkeypatch):
    monkeypatch.setattr(engine, "passed", set())


# ---- what an answer can be, and what it can give


class Trouble(Exception):
    pass


def fails(*_, **__):
    raise Trouble("on purpose. And\nonce more.")


def hostile(*names):
    """An object that raises in these of its methods."""
    return type("Hostile", (), dict.fromkeys(names, fails))()


def hostile_with(base, *arguments, **methods):
    return type("Hostile", (base,), {**dict.fromkeys(("__eq__", "__repr__", "__str__", "__len__"), fails), **methods})(
        *arguments
    )


class Meta(type):
    def __getattribute__(cls, name):
        raise Trouble("the class itself")


class Colour(enum.IntEnum):
    RED = 1


def cyclic_list():
    one = [1.0]
    one.append(one)
    return one


def cyclic_dictionary():
    one = {}
    one["again"] = one
    return one


def deep():
    one = []
    for _ in range(5000):
        one = [one]
    return one


def self_made():
    return Meta("Strange", (), {})()


LOOKED_AT = tuple(f"__{name}__" for name in ("array", "repr", "eq", "str", "len", "iter", "bool", "getattr", "float"))
DUNDERS = (*LOOKED_AT, "__getitem__", "__index__", "__int__", "__call__")
THINGS = {
    "ragged": lambda: [[1, 2], [3]],
    "ragged, nested": lambda: [[[1], [2, 3]], [[4, [5]]], 6],
    "ragged, with text": lambda: [1, "two", [3.0]],
    "10**400": lambda: 10**400,
    "10**5000": lambda: -(10**5000),
    "a list with 10**400": lambda: [1, 10**400],
    "cyclic list": cyclic_list,
    "cyclic dictionary": cyclic_dictionary,
    "deep": deep,
    "class with a class of its own": self_made,
    **{f"{name} raises": lambda name=name: hostile(name) for name in DUNDERS},
    "everything raises": lambda: hostile(*DUNDERS),
    "__hash__ raises": lambda: hostile("__hash__"),
    "__getattribute__ raises": lambda: hostile("__getattribute__"),
    "list of hostile ones": lambda: [hostile(*DUNDERS), hostile(*DUNDERS)],
    "hostile list": lambda: hostile_with(list, [1.0, 2.0]),
    "hostile dictionary": lambda: hostile_with(dict, {"a": 1}),
    "hostile text": lambda: hostile_with(str, "abc"),
    "hostile number": lambda: hostile_with(float, 3.5),
    "another __class__": lambda: type("Liar", (), {"__class__": property(fails)})(),
    "complex": lambda: 1 + 2j,
    "complex array": lambda: np.ones(3) * 1j,
    "object array": lambda: np.array([[], {}, None], object),
    "text": lambda: "tanh",
    "no text": lambda: "",
    "long text": lambda: "a" * 10**6,
    "bytes": lambda: b"\x00\xff",
    "NaN": lambda: math.nan,
    "array of NaN": lambda: np.full(3, np.nan),
    "infinity": lambda: [-math.inf] * 3,
    "a million and one": lambda: [0.0] * (10**6 + 1),
    "huge array": lambda: np.broadcast_to(0.0, (10**5, 10**5)),
    "huge range": lambda: range(10**12),
    "empty": lambda: [],
    "nothing inside": lambda: [None, None],
    "empty array": lambda: np.zeros((0, 7)),
    "many axes": lambda: np.zeros((1,) * 40),
    "dates": lambda: np.array(["2024-01-01"], "datetime64[D]"),
    "records": lambda: np.zeros(2, [("a", int)]),
    "masked": lambda: np.ma.masked_all(3),
    "set": lambda: {1, 2},
    "dictionary": lambda: {(1, 2): [3], None: {}},
    "generator": lambda: (k for k in range(3)),
    "map": lambda: map(abs, [1]),
    "decimal": lambda: decimal.Decimal("1.5"),
    "enumeration": lambda: Colour.RED,
    "named tuple": lambda: collections.namedtuple("Pair", "a b")(1, "b"),
    "truth": lambda: True,
    "function": lambda: np.tanh,
    "module": lambda: np,
    "class": lambda: dict,
    "class of exceptions": lambda: ZeroDivisionError,
    "exception": lambda: Trouble("as a result"),
}


def raises(problem):
    def deed(*inputs):
        raise problem

    return deed


def without_end(*inputs):
    return without_end(*inputs)


def asserts(*inputs):
    assert inputs is None


def spoils(*inputs):
    for part in inputs:
        if isinstance(part, np.ndarray):
            part[...] = 0
        elif isinstance(part, list):
            part.clear()
    return 0.5


def prints(*inputs):
    print("my answer is", len(inputs))


def computes(*inputs):
    len(inputs)


def yields(*inputs):
    yield 1


async def waits(*inputs):
    return 1


def itself(*inputs):
    return itself


DEEDS = {
    "leaves Python": lambda *inputs: sys.exit("bye"),
    "quits": raises(SystemExit),
    "interrupts": raises(KeyboardInterrupt),
    "closes": raises(GeneratorExit),
    "its own base exception": raises(type("Mine", (BaseException,), {})()),
    "speechless": raises(type("Speechless", (Exception,), {"__str__": fails, "__repr__": fails})()),
    "no memory": raises(MemoryError),
    "long error": raises(ValueError("One sentence. " * 100 + "\nand\nlines")),
    "stops iterating": lambda *inputs: next(iter(())),
    "by zero": lambda *inputs: 1 // 0,
    "undefined": lambda *inputs: no_such_name,  # noqa: F821
    "no key": lambda *inputs: {}["missing"],
    "its inputs": lambda *inputs: inputs,
    "at random": lambda *inputs: np.random.default_rng().random(3),
    "many": lambda a, b, c, d, e, f, g, h, i, j, k, m: a,
    "named only": lambda *, x: x,
    "none at all": lambda: 1.0,
    **{deed.__name__: deed for deed in (without_end, asserts, spoils, prints, computes, yields, waits, itself)},
}


# ---- what is said


def is_one_sentence(text):
    without_code = re.sub(r"`[^`]*`|'[^']*'", "", text)
    return "\n" not in text and not re.search(r"[.!?]\s+[A-Z]", without_code) and text[-1] in ".?!)"


def is_a_diagnosis(found, said):
    known = {found.otherwise, *(wrong.diagnosis for wrong in found.wrong)}
    return said.kind == "wrong" and not said and (said.text in known or is_one_sentence(said.text))


def checked(monkeypatch, found, answer):
    """What is said; and the inputs of the exercise are as before."""
    trials = found.trials()
    kept = copy.deepcopy(trials)
    monkeypatch.setattr(exercises.Exercise, "trials", lambda self: trials)
    said = check(found.number, answer)
    monkeypatch.undo()
    assert same(trials, kept)
    assert said.text in repr(said) and said._repr_html_()
    return said


def same(one, other):
    """Whether inputs are as they were; of functions and generators only the kind is looked at."""
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other)
    return type(one) is type(other) and (not isinstance(one, (int, float, str)) or one == other)


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.number)
def test_whatever_an_answer_is_gets_a_diagnosis(found, monkeypatch):
    for name, thing in THINGS.items():
        said = checked(monkeypatch, found, thing())
        assert is_a_diagnosis(found, said), (name, said)


@pytest.mark.parametrize("found", CALLED, ids=lambda found: found.number)
def test_whatever_an_answer_gives_gets_a_diagnosis(found, monkeypatch):
    for name, thing in THINGS.items():
        said = checked(monkeypatch, found, lambda *inputs, thing=thing: thing())
        assert is_a_diagnosis(found, said), (name, said)


@pytest.mark.parametrize("found", CALLED, ids=lambda found: found.number)
def test_whatever_an_answer_does_gets_a_diagnosis(found, monkeypatch, capsys):
    for name, deed in DEEDS.items():
        said = checked(monkeypatch, found, deed)
        assert is_a_diagnosis(found, said), (name, said)


@pytest.mark.parametrize("found", VALUES, ids=lambda found: found.number)
def test_a_function_in_place_of_a_value_gets_a_diagnosis(found):
    for deed in DEEDS.values():
        assert is_a_diagnosis(found, check(found.number, deed))
