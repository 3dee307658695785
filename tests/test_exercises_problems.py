"""What `check` says to an answer that raises, returns nothing, does not end, or multiplies what does not fit."""

import itertools
import signal
import sys
import threading
import time
from types import ModuleType

import numpy as np
import pytest

from rnnlib.exercises import Exercise, check, engine, guard
from rnnlib.exercises.compare import leaves, repeated
from rnnlib.exercises.guard import Overtime, guarded, printing
from rnnlib.exercises.problems import told
from rnnlib.exercises.reading import PARTS, Other, described, plain


def arrays(rng):
    return rng.normal(size=(3, 4)), rng.normal(size=3), [1.0, 2.0]


PRODUCT = Exercise("78.1", "Multiply.", lambda W, x, s: x @ W, (), ("Look.", "Use `@`."), inputs=arrays)
VALUE = Exercise("78.2", "Three numbers.", [1, 2, 3], (), ("a", "b"), accepts=lambda value: sum(value) == 6)


@pytest.fixture(autouse=True)
def chapter(monkeypatch):
    module = ModuleType("rnnlib.exercises.chapter_78")
    module.EXERCISES = (PRODUCT, VALUE)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(engine, "passed", set())


@pytest.fixture
def soon(monkeypatch):
    """Time is up soon."""
    monkeypatch.setattr(guard, "SECONDS", 0.1)


def said(answer):
    return check("78.1", answer).text


# ---- an end is made


def loops(W, x, s):
    while True:
        pass


def loops_in_a_line(W, x, s):
    while True: pass  # noqa: E701  # fmt: skip


def loops_and_catches(W, x, s):
    while True:
        try:
            for _ in range(10**6):
                x = x + 1
        except:  # noqa: E722
            pass


def loops_and_keeps(W, x, s):
    kept = []
    while True:
        try:
            for _ in range(10**6):
                x = x + 1
        except BaseException as problem:
            kept.append(problem)


def loops_and_cleans_up(W, x, s):
    while True:
        try:
            while True:
                x = x + 1
        finally:
            continue  # noqa: B012


def counts_for_ever(W, x, s):
    return sum(1 for _ in itertools.count())


def collects(W, x, s):
    return [k for k in itertools.count()]


def prints_for_ever(W, x, s):
    while True:
        print("again and again")


class Endless:
    def __array__(self, dtype=None, copy=None):
        while True:
            pass


ENDLESS = (loops, loops_in_a_line, loops_and_catches, loops_and_keeps, loops_and_cleans_up, counts_for_ever, collects)


@pytest.mark.parametrize("answer", [*ENDLESS, prints_for_ever], ids=lambda answer: answer.__name__)
def test_a_loop_without_an_end_is_ended(answer, soon, capsys):
    assert said(answer).startswith("your code was not done after 0.1 seconds, and was stopped in line ")


@pytest.mark.parametrize("answer", ENDLESS, ids=lambda answer: answer.__name__)
def test_a_loop_is_ended_where_there_are_no_signals(answer, soon, monkeypatch):
    monkeypatch.setattr(guard, "_alarms", lambda: False)
    heard = []
    thread = threading.Thread(target=lambda: heard.append(said(answer)))
    thread.start()
    thread.join()
    assert heard[0].startswith("your code was not done after 0.1 seconds")


def test_the_line_of_the_loop_is_named(soon):
    assert said(loops).endswith(("`while True:`: does this loop ever end?", "or something that it waits for?"))


def test_a_result_that_is_read_without_an_end_is_ended(soon):
    assert said(lambda W, x, s: Endless()).startswith("your code was not done after 0.1 seconds")
    assert check("78.2", Endless()).text.startswith("your code was not done after 0.1 seconds")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarm: what waits in C, waits")
def test_what_waits_or_computes_inside_one_call_is_ended(soon):
    assert "0.1 seconds" in said(lambda W, x, s: time.sleep(1000))
    assert "0.1 seconds" in said(lambda W, x, s: threading.Event().wait())
    assert "0.1 seconds" in said(lambda W, x, s: 10 ** (10**8))


def test_an_exception_whose_text_never_ends_gets_a_sentence(soon):
    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    def raises(W, x, s):
        raise Endless

    assert said(raises) == "your code stopped with an error that cannot be shown."


def test_all_is_as_before_afterwards(soon):
    def tracer(frame, event, arg):
        return None

    handler = signal.getsignal(signal.SIGALRM) if hasattr(signal, "SIGALRM") else None
    out = sys.stdout
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        said(loops)
        assert sys.gettrace() is tracer and sys.getprofile() is None
    finally:
        sys.settrace(before)
    assert sys.stdout is out
    if handler is not None:
        assert signal.getsignal(signal.SIGALRM) is handler and signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_debugger_is_left_alone():
    def debugger(frame, event, arg):
        return None

    debugger.__module__ = "pydevd.tracing"
    before = sys.gettrace()
    sys.settrace(debugger)
    try:
        seen, _ = guarded(sys.gettrace)
    finally:
        sys.settrace(before)
    assert seen is debugger


def test_what_is_raised_comes_back():
    assert guarded(lambda: 3) == (3, None)
    for kind in (SystemExit, KeyboardInterrupt, GeneratorExit, ValueError):
        result, problem = guarded(lambda kind=kind: (_ for _ in ()).throw(kind))
        assert result is None and isinstance(problem, kind)


def test_printing_goes_on_up_to_a_limit(capsys):
    with printing(10):
        print("four")
        print("and more than ten")
        print("no more")
    assert capsys.readouterr().out == "four\nand m" + guard.MORE
    with printing(0) as out:
        print("nothing")
    assert capsys.readouterr().out == "" and out.count == 8


# ---- nothing comes back


def forgot(W, x, s):
    x @ W


def forgot_in_a_branch(W, x, s):
    forgot_in_a_branch.calls += 1
    if forgot_in_a_branch.calls % 3:
        return x @ W


def prints(W, x, s):
    print(x @ W)


def test_a_missing_return_is_named(capsys):
    forgot_in_a_branch.calls = 0
    assert said(forgot) == "your function returns nothing: is `return` missing?"
    assert said(prints) == "your function prints, and returns nothing: put `return` in the place of `print`."
    assert said(forgot_in_a_branch).startswith("for some inputs your function returns nothing: is `return` missing in")


def half_a_stub(W, x, s):
    new = ...
    return new


def nothing_yet(W, x, s):
    """Only words."""


def names_a_blank(W, x, s):
    new = ...  # noqa: F841


def part_of_a_stub(W, x, s):
    return x @ W, ...


def raises_not_implemented(W, x, s):
    raise NotImplementedError


STUBS = (half_a_stub, nothing_yet, names_a_blank, part_of_a_stub, raises_not_implemented)


@pytest.mark.parametrize("answer", STUBS, ids=lambda answer: answer.__name__)
def test_a_stub_is_not_answered(answer):
    assert check("78.1", answer).kind == "open"


# ---- what an answer does besides


def test_what_is_changed_is_named():
    def arrays(W, x, s):
        x[0] = 0
        return x @ W

    def lists(W, x, s):
        s.append(3)
        return x @ W

    assert said(arrays) == "your code changes the arrays that it is given: work on a copy."
    assert said(lists) == "your code changes the list that it is given: work on a copy."


def test_what_changes_from_call_to_call_is_named():
    rng = np.random.default_rng(1)
    assert said(lambda W, x, s: rng.random(4)).startswith("called twice with the same inputs, your function does not ")
    assert not said(lambda W, x, s: np.full(4, np.nan)).startswith("called twice")


def test_what_is_no_data_is_named():
    for value, words in (
        ((k for k in "ab"), "a generator (is there a `yield` where `return` is meant?)"),
        (np.tanh, "a function (are its brackets missing?)"),
        (dict, "the class dict"),
        (map(abs, []), "a map (`list( ... )` makes a list of it)"),
        (1j, "complex numbers"),
        (np.ones(3) * 1j, "complex numbers"),
        ([1, None], "a list with nothing (None) in it"),
        (np.array([None]), "an array of objects, not of numbers"),
    ):
        assert (
            said(lambda W, x, s, value=value: value)
            == f"your answer: I expected an array of shape (4,), and got {words}."
        )


def test_a_list_too_long_or_too_deep_is_not_read():
    assert plain([0] * (PARTS + 1)) == Other(f"list with more than {PARTS:,} parts")
    one = [1]
    one.append(one)
    assert plain(one) == [1, Other("a list that contains itself")]


def test_plain_data_is_a_copy():
    array = np.zeros(3)
    read = plain((array, {"a": [np.float32(1)]}))
    array[0] = 1
    assert read[0].tolist() == [0, 0, 0] and read[1] == {"a": [1]}


def test_nan_again_is_the_same_again():
    one = leaves((np.array([np.nan, 1]), Other("a map")))
    assert repeated(one, one) and not repeated(one, leaves((np.array([np.nan, 2]), Other("a map"))))


def test_a_whole_number_of_thousands_of_digits_has_a_description():
    assert described(10**5000) == "int with thousands of digits"


# ---- exceptions in words


def recursion(W, x, s):
    return recursion(W, x, s)


def undefined(W, x, s):
    return W @ y  # noqa: F821


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            lambda W, x, s: sys.exit(),
            "it asks Python to end (`exit`), where an answer gives back its result with `return`.",
        ),
        (recursion, "a function calls itself again and again, and never comes to an end."),
        (undefined, "there is a name that nobody has defined (NameError: name 'y' is not defined)."),
        (lambda W, x, s: 1 / 0, "it divides by 0 (ZeroDivisionError)."),
        (
            lambda W, x, s: None + x,
            "something there is None: does a function of yours lack its `return` (TypeError: unsupported",
        ),
        (lambda W, x, s: np.tanh(...), "a blank (`...`) is not filled in yet (TypeError: "),
        (lambda W, x, s: W["x"], "an index has to be a whole number, a slice or an array of them (IndexError)."),
        (lambda W, x, s: 1 if x > 0 else 0, "an array of several numbers stands where one True or False is needed."),
    ],
)
def test_what_is_raised_is_said_in_words(answer, words):
    text = said(answer)
    assert text.startswith("your code stopped in line ") and words in text


def test_a_question_that_the_notebook_cannot_ask_is_no_stub():
    def asks(W, x, s):
        raise type("StdinNotImplementedError", (NotImplementedError,), {})("no frontend")

    assert said(asks).endswith("StdinNotImplementedError: no frontend.")


def test_an_exception_outside_of_the_readers_lines_is_told_too():
    assert told(ValueError("no")) == "your code could not be called as the exercise asks: ValueError: no."
    assert told(Overtime(guard.Limit(2))).startswith("your code was not done after 2 seconds: is there a loop")
    assert check("78.2", 3).text == "that is not it yet."


# ---- shapes


def inside(W, x, s):
    b = np.zeros(3)
    return np.tanh(x @ W + b)


def in_place(W, x, s):
    y = np.zeros(3)
    y += W.T
    return y


def over_two_lines(W, x, s):
    return (
        W
        @ x
    )  # fmt: skip


def into_a_row(W, x, s):
    out = np.zeros((3, 3))
    out[0] = W[0]
    return out


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda W, x, s: W @ x, "W has 4 columns, so x needs 4 numbers, and has 3; `x @ W` would fit."),
        (lambda W, x, s: np.tanh(W @ W), "in `W @ W`, W is (3, 4) and W is (3, 4): W has 4 columns, so W needs 4 "),
        (lambda W, x, s: W.T @ W.T, "W.T is (4, 3) and W.T is (4, 3): W.T has 3 columns, so W.T needs 3 rows, "),
        (inside, "in `x @ W + b`, x @ W is (4,) and b is (3,): `+` goes number by number, counted from the last size, "
         "and 4 numbers do not go with 3."),
        (lambda W, x, s: np.dot(W, x), "in `np.dot(W, x)`, W is (3, 4) and x is (3,): W has 4 columns, so x "),
        (lambda W, x, s: W[0] @ x, "W[0] is (4,) and x is (3,): W[0] has 4 numbers, so x needs 4 numbers, and has 3."),
        (lambda W, x, s: W @ 2.0, "2.0 is a single number: `@` is for arrays, and `*` is the product with a "),
        (in_place, "in `y += W.T`, y is (3,) and W.T is (4, 3): y keeps its shape, and what comes to it does not"),
        (over_two_lines, "in `W @ x`, W is (3, 4) and x is (3,): W has 4 columns"),
        (into_a_row, "what is put in has the shape (4,), and its place has the shape (3,)."),
        (lambda W, x, s: np.concatenate([W, W.T], axis=1), "along axis 0, array 0 has size 3 and array 1 has "),
        (lambda W, x, s: np.stack([x, W[0]]), "the arrays that are stacked do not all have the same shape."),
        (lambda W, x, s: W.reshape(5, 2), "12 numbers do not fill the shape (5,2) exactly."),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_a_shape_error_is_said_in_words(answer, words):
    text = said(answer)
    assert words in text and "gufunc" not in text and "operand" not in text


def test_a_product_without_names_is_said_in_words_too():
    space = {}
    exec("def answer(W, x, s):\n    return W @ x", space)  # a function whose source cannot be found
    assert said(space["answer"]).endswith(
        "in a matrix product the left side needs as many columns as the right side has rows, and here 4 meets 3."
    )
