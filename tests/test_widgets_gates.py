"""The gate laboratory: gates that are held, the sentence, and what is refused."""

import numpy as np
import pytest

from rnnlib import Dense, LSTMCell, ManyToOne, Recurrent, diagrams
from rnnlib.views.gates import gates_run
from rnnlib.widgets import GateLaboratory
from tests.test_widgets import WORDS


def test_it_opens_with_one_line_and_asks():
    lab = GateLaboratory()
    assert "What do c and h do?" in lab.pages.questions[0].prompt
    assert len(lab.pages) == 6
    assert lab.values | {"f": 1.0, "i": 0.0, "o": "free"} == lab.values


def test_a_gate_that_nobody_holds_is_shown_as_free():
    lab = GateLaboratory(o="free")
    assert [lab.controls[name].index for name in "fio"] == [0, 0, 0]
    lab.set(f=0.5)
    lab.reset()
    assert [lab.controls[name].index for name in "fio"] == [0, 0, 0]


def test_the_question_is_about_the_gates_that_are_held():
    assert "to the last bit" in GateLaboratory().pages.questions[0].answers[2].reply
    assert "update gate z at 1" in GateLaboratory(kind="gru").pages.questions[0].prompt


def test_a_gate_that_is_moved_is_held_and_nothing_is_asked_any_more():
    lab = GateLaboratory(f="free")
    lab.set(f=1.0, i=0.0)
    assert not lab.pages.questions
    assert "f held at 1 and i held at 0" in lab.pages.captions[0]
    assert "to the last bit" in lab.pages.captions[4]


def test_the_readers_own_model_is_shown():
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(LSTMCell(8, 5, rng=rng)), Dense(5, 2, rng=rng))
    lab = GateLaboratory(model, WORDS, "he is not bad", f="free", ask=False, start=0.0)
    x = WORDS.one_hot(["he is not bad"])[0][:, 0]
    run = gates_run(model.body, x, ("he", "is", "not", "bad"))
    assert lab.pages == diagrams.valves(run)
    lab.set(view="tables")
    assert lab.pages == diagrams.gates(run)


def test_another_view_is_no_answer_so_the_question_stays():
    lab = GateLaboratory()
    lab.set(view="tables")
    assert lab.pages.questions[0]


def test_a_gru_has_its_own_gates():
    lab = GateLaboratory(kind="gru", z=1.0)
    assert set(lab.values) == {"z", "r", "start", "unit", "sentence", "view"}


@pytest.mark.parametrize(("said", "answer"), [("he xyz", "I do not know 'xyz'"), ("", "got 0"), ("he " * 41, "got 41")])
def test_a_sentence_that_cannot_be_read_says_why_and_the_pages_stay(said, answer):
    lab = GateLaboratory()
    before = lab.pages
    with pytest.raises(ValueError):
        lab.controls["sentence"].value = said
    assert answer in lab.stepper.error and lab.pages is before


def test_forty_words_and_128_units_are_drawn():
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(LSTMCell(8, 128, rng=rng)), Dense(128, 2, rng=rng))
    lab = GateLaboratory(model, WORDS, "he is " * 20, unit=128)
    assert len(lab.pages) == 41 and lab.pages.agreement.startswith("✓")
