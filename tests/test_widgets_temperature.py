"""Temperature as a widget: it draws, takes back, and says when it cannot."""

import numpy as np

from rnnlib import Dense, GRUCell, OneToMany, Recurrent, diagrams
from rnnlib.views.writing import writing
from rnnlib.widgets import Temperature


def writer(scale=2.0):
    """A model of 5 symbols with opinions; 4 ends the text."""
    rng = np.random.default_rng(3)
    model = OneToMany(Dense(2, 6, rng=rng), Recurrent(GRUCell(5, 6, rng=rng)), Dense(6, 5, rng=rng), end=4)
    for array in model.params.values():
        array *= scale
    return model


def button(lab, name):
    found = [b for row in lab.children[0].children for b in row.children if getattr(b, "description", "") == name]
    return found[0]


def test_it_opens_with_one_line_and_asks_once():
    lab = Temperature()
    assert len(lab.pages) == 1 and lab.pages.questions[0] is not None
    lab.set(temperature=0.5)
    assert not any(lab.pages.questions)


def test_the_buttons_draw_and_take_back():
    lab = Temperature(seed=1)
    for n in (1, 2, 3):
        button(lab, "Draw a symbol").click()
        assert len(lab.pages) == n + 1 and lab.stepper.t == n - 1
    button(lab, "Undo").click()
    assert len(lab.pages) == 3 and lab.stepper.t == 1
    for _ in range(5):
        button(lab, "Undo").click()
    assert len(lab.pages) == 1 and "Nothing is written" in lab.answer.value


def test_at_most_40_symbols_and_it_says_so():
    lab = Temperature(length=40)
    button(lab, "Draw a symbol").click()
    assert len(lab.pages) == 41 and "40 symbols is the most" in lab.answer.value


def test_the_same_seed_draws_the_same_symbols_and_another_does_not():
    one, same, other = (Temperature(length=30, seed=seed).pages.captions for seed in (1, 1, 2))
    assert one == same and one != other


def test_reset_keeps_the_seed():
    lab = Temperature()
    lab.set(temperature=2.0, length=5, seed=9)
    lab.reset()
    assert lab.values == {"temperature": 1.0, "length": 0} and lab.seed == 9


def test_a_model_gives_its_logits_for_the_text_so_far():
    model, x = writer(), [1.0, -1.0]
    lab = Temperature(model, "abcd.", x=x, temperature=1.5, length=12, seed=2)

    def logits(written):
        return model.next_logits(np.array([x]), written)[0]

    assert lab.pages == diagrams.temperature(writing(logits, "abcd.", 1.5, length=12, seed=2, end=4))
    assert len({pages for pages in lab.pages.captions}) == len(lab.pages)


def test_at_the_end_symbol_the_text_ends_and_undo_goes_on_from_there():
    model = writer()
    lab = next(
        lab
        for lab in (Temperature(model, "abcd.", temperature=5.0, length=40, seed=s) for s in range(9))
        if len(lab.pages) < 40
    )
    pages = len(lab.pages)
    assert "end symbol" in lab.pages.captions[-1]
    button(lab, "Draw a symbol").click()
    assert "the text has ended" in lab.answer.value and len(lab.pages) == pages
    button(lab, "Undo").click()
    assert len(lab.pages) == pages and "not drawn yet" in lab.pages.captions[-1]
    assert lab.values["length"] == pages - 1
