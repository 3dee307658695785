"""What `check` says to an answer: right, not answered, wrong and why; hints, progress, quizzes."""

import sys
from types import ModuleType

import numpy as np
import pytest

from rnnlib import exercises
from rnnlib.exercises import Choice, Exercise, Item, Quiz, Wrong, check, engine, hint, progress, quiz, quizzes, wording
from rnnlib.exercises.compare import complaint, equal, leaves
from rnnlib.exercises.quizzes import marked

EXPECTED = "your answer: I expected an array of shape (2, 4), and got"


def product(W, x):
    return W @ x


def turned(W, x):
    return x @ W.T + 1 if W.shape[0] == W.shape[1] else W.T


def doubled(W, x):
    return 2 * product(W, x)


def matrices(rng):
    return rng.normal(size=(2, 3)), rng.normal(size=(3, 4))


def vectors(rng):
    return (rng.normal(size=3),)


def is_even(number):
    return number % 2 == 0


PRODUCT = Exercise(
    "77.1",
    "Multiply `W` by `x`.",
    product,
    (Wrong(doubled, "it is doubled.", "There is a 2 too many."), Wrong(turned, "it is turned.")),
    ("Look at the shapes.", "Use `@`."),
    inputs=matrices,
)
NUMBER = Exercise("77.2", "How much is 6 times 7?", 42, (Wrong(13, "that is the sum."),), ("Count.", "Count on."))
EVEN = Exercise(
    "77.3",
    "Give any even number.",
    2,
    (Wrong(-3, "it is odd, and negative.", shows=lambda n: n < 0), Wrong(3, "it is odd.", shows=lambda n: n % 2 == 1)),
    ("Half of it is whole.", "4."),
    accepts=is_even,
    praise="right, it is even.",
    otherwise="that is no whole number.",
)
PARTS = Exercise("77.4", "Two.", lambda a: (a + 1, a - 1), (), ("", ""), vectors, parts=("the sum", "the gap"))
QUESTION = {"asked": ("Which is `odd`?", ""), "a": ("2", "It is even."), "b, right": ("3", "It is.")}


@pytest.fixture(autouse=True)
def chapter(monkeypatch):
    module = ModuleType("rnnlib.exercises.chapter_77")
    module.EXERCISES = (PRODUCT, NUMBER, EVEN)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    said, sections = {"77.1": {}, "question 1": QUESTION}, wording.sections
    monkeypatch.setattr(quizzes, "sections", lambda chapter: said if chapter == "77" else sections(chapter))
    monkeypatch.setattr(engine, "passed", set())
    monkeypatch.setattr(engine, "asked", {})


def test_a_right_answer_is_done():
    answer = check("77.1", lambda W, x: np.einsum("ij,jk->ik", W, x))
    assert answer and answer.text == "right. It gives what the library gives."


def test_lists_in_place_of_arrays_are_right_too():
    assert check("77.1", lambda W, x: (W @ x).tolist())


def test_a_known_mistake_gets_its_own_diagnosis_and_hint():
    answer = check("77.1", lambda W, x: W @ x + W @ x)
    assert not answer and (answer.text, answer.hint) == ("it is doubled.", "There is a 2 too many.")


def test_a_mistake_without_a_hint_of_its_own_gets_the_first_one():
    assert check("77.1", lambda W, x: W.T).hint == "Look at the shapes."


def stub(W, x): ...


@pytest.mark.parametrize("answer", [None, ..., stub, lambda W, x: None, lambda W, x: NotImplemented])
def test_what_is_not_answered_is_told_so_and_not_counted_as_wrong(answer):
    said = check("77.1", answer)
    assert said.kind == "open" and said.text == "not answered yet. Multiply `W` by `x`."


def test_a_result_in_place_of_a_function_is_told_so():
    said = check("77.1", np.zeros(3)).text
    assert said == "I expected a function, and got ndarray: pass its name, not its result."


def test_an_exception_is_shown_with_the_readers_line():
    def mine(W, x):
        first = W[0]
        return first[17]

    said = check("77.1", mine).text
    assert "`return first[17]`" in said and "IndexError: index 17 is out of bounds" in said


def test_a_function_with_other_arguments_is_told_so():
    said = check("77.1", lambda W: W).text
    assert said == "your function is called with 2 arguments (W, x), and takes 1 (W)."
    said = check("77.1", lambda W, x, *, axis: W).text
    assert said.startswith("your function cannot be called with 2 arguments (W, x): missing a required ")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda W, x: x.T @ W.T, "your answer: got shape (4, 2), expected (2, 4): a transpose?"),
        (lambda W, x: W, "your answer: got shape (2, 3), expected (2, 4)."),
        (lambda W, x: "W", "your answer: I expected an array of shape (2, 4), and got str 'W'."),
        (lambda W, x: W @ x / 0, "your answer: there is NaN or infinity in it."),
        (lambda W, x: -(W @ x), "your answer: all signs are the other way round."),
        (lambda W, x: 3 * W @ x, "your answer: everything is 3 times what is expected."),
        (lambda W, x: (W, x), "I expected one result (your answer), and got 2 results."),
        (lambda W, x: (W @ x) > 0, "your answer: 8 of 8 numbers differ"),
        (lambda W, x: np.array([W, x], dtype=object), f"{EXPECTED} an array of objects, not of numbers."),
    ],
)
def test_what_is_wrong_is_said_first(answer, said):
    assert check("77.1", answer).text.startswith(said)


def test_a_square_answer_that_is_transposed_is_named():
    W = np.arange(4.0).reshape(2, 2)
    assert complaint({"W": W.T}, {"W": W}, 1e-9) == "W: it is the transpose of what is expected."


def test_an_infinity_does_not_hide_that_the_others_differ():
    one, other = leaves(np.array([np.inf, 5.0])), leaves(np.array([np.inf, 1.0]))
    assert not equal(one, other, 1e-9)
    assert equal(one, one, 1e-9)


def test_one_number_that_differs_is_named_by_its_place():
    def mine(W, x):
        y = W @ x
        y[1, 2] += 1
        return y

    assert check("77.1", mine).text.startswith("your answer: 1 of 8 numbers differ, most of all [1, 2]: got ")


def test_arrays_that_are_changed_are_told_so():
    def mine(W, x):
        W *= 2
        return W @ x / 2

    assert check("77.1", mine).text == "your code changes the arrays that it is given: work on a copy."


def test_a_part_of_several_is_called_by_its_name(monkeypatch):
    monkeypatch.setattr(sys.modules["rnnlib.exercises.chapter_77"], "EXERCISES", (PARTS,))
    assert check("77.4", lambda a: (a + 1, a[:2])).text == "the gap: got shape (2,), expected (3,)."
    assert check("77.4", lambda a: a + 1).text == "I expected 2 results (the sum, the gap), and got one result."


def test_a_value_is_compared_and_known_ones_are_diagnosed():
    assert check("77.2", 42) and check("77.2", 42.0) and check("77.2", np.int64(42))
    assert check("77.2", 13).text == "that is the sum."
    assert check("77.2", "many").text == "your answer: I expected a number, and got str 'many'."


def test_where_many_answers_are_right_each_is_accepted():
    assert check("77.3", 8) and check("77.3", 0).text == "right, it is even."
    assert check("77.3", 9).text == "it is odd." and check("77.3", -9).text == "it is odd, and negative."
    assert check("77.3", 2.5).text == "that is no whole number."


def test_the_inputs_are_random_but_the_same_each_time():
    seen = []

    def mine(W, x):
        seen.append(W)
        return W @ x

    check("77.1", mine)
    check("77.1", mine)
    assert len(seen) == 6 and not np.array_equal(seen[0], seen[1])
    assert all(np.array_equal(a, b) for a, b in zip(seen[:3], seen[3:], strict=True))


def test_a_second_hint_comes_when_it_is_asked_for_again():
    assert hint("77.1").text == "Hint 1: Look at the shapes.\n(Ask again for one more.)"
    assert hint("77.1").text == hint("77.1").text == "Hint 1: Look at the shapes.\nHint 2: Use `@`."


def test_progress_names_what_is_done_and_forgets_what_is_spoilt():
    check("77.2", 42)
    assert progress("77").text == (
        "1 of 3 done\n· 77.1 Multiply `W` by `x`.\n✓ 77.2 How much is 6 times 7?\n· 77.3 Give any even number."
    )
    check("77.2", 41)
    assert progress("77").text.startswith("0 of 3 done")


@pytest.mark.parametrize("number", ["77.9", "77", "7.1", 77.1, None, "99.1"])
def test_an_exercise_that_does_not_exist_is_an_error(number):
    with pytest.raises(ValueError, match=r"expected|no exercises"):
        check(number, product)


@pytest.mark.parametrize("chapter_name", ["7", "99", None, "../x"])
@pytest.mark.parametrize("asks", [exercises.exercises, progress, quiz])
def test_a_chapter_that_does_not_exist_is_an_error(asks, chapter_name):
    with pytest.raises(ValueError, match="chapter: "):
        asks(chapter_name)


def test_feedback_is_text_and_html_and_escapes_what_the_reader_wrote():
    said = check("77.2", "<script>")
    assert repr(said).startswith("✗ 77.2: ") and "\nHint: Count." in repr(said)
    assert "&lt;script&gt;" in said._repr_html_() and "<script>" not in said._repr_html_()
    assert "<code>@</code>" in (hint("77.1"), hint("77.1"))[1]._repr_html_()


def test_a_quiz_can_be_read_without_python_or_a_script_and_says_why():
    page = quiz("77")._repr_html_()
    assert page.count('<details name="quiz-77-1"') == 2  # of one name: one of them is open
    assert "<b>Right.</b> It is." in page and "<b>No.</b> It is even." in page
    assert "Which is <code>odd</code>?" in page and "<script" not in page


def test_the_text_of_a_quiz_does_not_give_the_answers_away():
    assert repr(quiz("77")) == "1. Which is `odd`?\n   a) 2\n   b) 3"
    assert isinstance(quiz("77"), Quiz)


@pytest.mark.parametrize("right", [(False, False), (True, True)])
def test_a_question_has_one_right_answer(right):
    with pytest.raises(ValueError, match="one of them right"):
        Item("?", tuple(Choice("a", "b", right=r) for r in right))


def test_backticks_are_code_and_asterisks_are_emphasis_outside_of_code():
    assert marked("`a * b * c` is *not* 2 * 3 * 4 < 5") == "<code>a * b * c</code> is <em>not</em> 2 * 3 * 4 &lt; 5"
    assert marked("before *it*: `b`*") == "before <em>it</em>: <code>b</code>*"
