"""Laboratory: controls above a Stepper; and what every widget has: questions, one step, a page that stands alone."""

import dataclasses
import json
import re

import pytest

from rnnlib import widgets
from rnnlib.diagrams import Answer, Question, static_svg
from rnnlib.widgets.laboratory import action, choice, slider, text, whole
from tests.test_widgets import VIEW, pages, reader

CHOICES = (Answer("it rises", "No: the word is negative."), Answer("it falls", "The word is negative."))
NUMBERS = (Answer("0.5", "As computed.", 0.49, 0.51), Answer("0.9", "That is without the bias.", 0.89, 0.91))


class Room(widgets.Laboratory):
    """Repeats a word."""

    def __init__(self, count=3, w=0.5, word="good", seed=3, **options):
        self.drawn = []
        controls = (
            whole("count", count, 1, 8, ticks={"many": 8}),
            slider("w", w, -2, 2, 0.05, ticks={"w = 1": 1.0}),
            choice("word", ("good", "bad"), word),
            text("said", "", placeholder="type"),
            action("Say it", lambda: self.say("<it>")),
        )
        super().__init__(*controls, seed=seed, fixed=("model",), **options)

    def draw(self, *, count, w, word, said, seed=None):
        if said:
            raise ValueError(f"said: expected nothing, got {said!r}")
        self.drawn.append((count, round(w, 2), word, seed))
        return pages(" ".join([word] * count))


def button(lab, label):
    def inside(widget):
        for child in getattr(widget, "children", ()):
            yield child
            yield from inside(child)

    return next(child for child in inside(lab) if getattr(child, "description", "") == label)


# ---- controls


def test_a_control_that_moves_gives_new_pages_and_the_step_stays():
    lab = Room(t=2)
    lab.controls["word"].value = "bad"
    assert lab.pages == pages("bad bad bad")
    assert lab.stepper.t == 2
    lab.controls["count"].value = 1
    assert lab.stepper.t == 1


def test_several_changes_at_once_are_one_drawing():
    lab = Room()
    lab.set(count=5, w=1.0, word="bad")
    assert lab.drawn == [(3, 0.5, "good", 3), (5, 1.0, "bad", 3)]
    assert lab.values == {"count": 5, "w": 1.0, "word": "bad", "said": ""}


def test_a_named_tick_sets_the_value():
    lab = Room()
    button(lab, "w = 1").click()
    button(lab, "many").click()
    assert (lab.values["w"], lab.values["count"]) == (1.0, 8)


def test_reset_puts_the_controls_back_and_keeps_the_seed():
    lab = Room()
    lab.set(count=5, seed=9)
    button(lab, "Reset").click()
    assert lab.drawn[-1] == (3, 0.5, "good", 9)


def test_new_seed_keeps_the_controls():
    lab = Room()
    lab.set(count=5)
    button(lab, "New seed").click()
    assert lab.drawn[-1] == (5, 0.5, "good", 4)


def test_without_a_seed_there_is_no_button_for_one():
    lab = Room(seed=None)
    with pytest.raises(StopIteration):
        button(lab, "New seed")
    assert lab.drawn == [(3, 0.5, "good", None)]


def test_an_action_may_say_something_and_it_is_escaped():
    lab = Room()
    button(lab, "Say it").click()
    assert "&lt;it&gt;" in lab.answer.value


def test_what_draw_raises_is_shown_and_raised_and_the_pages_stay():
    lab = Room()
    before = lab.pages
    with pytest.raises(ValueError, match="said"):
        lab.controls["said"].value = "<b>"
    assert lab.stepper.error == "ValueError: said: expected nothing, got '<b>'"
    assert lab.pages is before
    lab.controls["said"].value = ""
    assert lab.stepper.error == ""


def test_a_control_that_does_not_exist_is_an_error_and_nothing_moves():
    lab = Room()
    with pytest.raises(ValueError, match="nonsense: expected one of count, w, word, said"):
        lab.set(count=5, nonsense=1)
    assert lab.values["count"] == 3


def test_the_bundle_is_that_of_its_pages():
    lab = Room(t=2)
    data, _ = lab._repr_mimebundle_()
    assert set(data) == {VIEW, "text/html", "text/plain"}
    assert data["text/html"] == static_svg(lab.pages, 2).html()
    assert "0x" not in repr(lab)


# ---- questions


def test_the_browser_gets_the_questions():
    asked = dataclasses.replace(pages("good"), questions=(None, Question("And now?", CHOICES, 1)))
    none, question = json.loads(json.dumps(asked.state()))["questions"]
    assert none is None
    assert (question["prompt"], question["right"], question["typed"]) == ("And now?", 1, False)
    assert [answer["text"] for answer in question["answers"]] == ["it rises", "it falls"]


def test_an_answer_with_a_range_is_typed():
    assert Question("How much?", NUMBERS, 0, otherwise="Neither.").typed


@pytest.mark.parametrize(
    ("answers", "right", "complaint"),
    [(CHOICES, 2, "right"), (CHOICES, -1, "right"), (CHOICES[:1], 0, "answers"), (NUMBERS, 0, "otherwise")],
)
def test_a_question_that_cannot_be_asked_is_an_error(answers, right, complaint):
    with pytest.raises(ValueError, match=complaint):
        Question("?", answers, right)


@pytest.mark.parametrize("name", ["marks", "questions", "lines"])
def test_pages_with_too_few_of_something_are_an_error(name):
    with pytest.raises(ValueError, match=f"{name}: expected 2, one for each page, got 1"):
        dataclasses.replace(pages("good"), **{name: ("one",)})


def test_pages_that_are_read_backward_begin_at_the_end():
    backward = dataclasses.replace(pages(), backward=True)
    stepper = widgets.Stepper(backward)
    assert stepper.t == 5
    data, _ = stepper._repr_mimebundle_()
    assert data["text/plain"].splitlines()[-1] == backward.captions[0]


# ---- one step for several


def test_linked_widgets_begin_at_the_step_of_the_first():
    one, two = widgets.Stepper(pages(), t=3), reader()
    widgets.link(one, two)
    assert two.stepper.t == 3


# ---- a page that stands alone


def test_the_page_holds_the_pages_and_asks_no_other_host():
    page = widgets.Stepper(pages()).html("A <note>")
    states = re.search(r'id="states">(.*?)</script>', page, re.S)[1]
    (state,) = json.loads(states)
    assert state["pages"]["captions"] == list(pages().captions)
    assert "A &lt;note&gt;" in page
    addresses = set(re.findall(r"https?://[^\s\"'<\\]+", page))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_nothing_in_the_states_ends_the_script():
    forged = dataclasses.replace(pages(), title="</script><script>alert(1)</script>")
    page = widgets.Stepper(forged).html()
    assert "<script>alert" not in page
    assert page.count("</script>") == 3
