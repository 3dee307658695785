"""What holds for every widget of the catalogue, without a browser: its state is a line of code, and it is stored as the
page at which reading ends. What it refuses: test_widgets_bounds.py. What a browser shows: browser/test_catalogue.py."""

import pytest

from rnnlib import widgets
from tests.browser.catalogue import CATALOGUE, names, steppers_in

GIVEN = {  # what a line of code calls by a name, where a reader brought it
    "SentenceStepper": "model, vocabulary = reads(), words",
    "NeuronText": "model = letters()",
    "GateLaboratory": "model, vocabulary = gated(), words",
    "GradientChain": "model, x, y, tokens = steps(), np.eye(10), [0, 1] * 5, list('abcdefghij')",
    "TwoComputations": "model, x = reads(16), words.one_hot([ten])[0][:, 0]",
    "Temperature": "logits, symbols = range(16), 'abcdefghijklmnop'",
}
LINES = [
    pytest.param(name, line, id=f"{name}-{kind}")
    for name, widget in CATALOGUE.items()
    for kind, line in (("moved", widget.line), ("own", widget.large))
    if line
    and name not in ("Stepper", "Laboratory", "TrainingDesk", "SentimentPlayground")  # these have none
    and (kind == "moved" or name not in ("SentenceStepper", "NeuronText"))  # whose usual one is a reader's
]


def made(name, line):
    """A widget, the usual one after all moves of the catalogue that do not put it back; the names of its code."""
    space = names() | {found: getattr(widgets, found) for found in widgets.__all__}
    exec(GIVEN.get(name, "pass"), space)
    it = eval(line, space)
    for button, move in CATALOGUE[name].moves:
        if line == CATALOGUE[name].line and button != "Reset":
            exec(move, {"it": it})
    return it, space


@pytest.mark.parametrize(("name", "line"), LINES)
def test_the_state_is_a_line_of_code_that_rebuilds_it(name, line):
    it, space = made(name, line)
    code = getattr(it, "stepper", it).code
    again = eval(code.replace("{t}", "1"), space)
    same, now = (steppers_in(found)[0] for found in (again, it))
    assert (same.pages.table, same.pages.captions, same.t) == (now.pages.table, now.pages.captions, 1)
    assert getattr(again, "values", None) == getattr(it, "values", None)


@pytest.mark.parametrize("name", CATALOGUE)
def test_it_is_stored_with_its_first_question_or_as_the_page_at_which_reading_ends(name):
    it, _ = made(name, CATALOGUE[name].line)
    data, _ = it._repr_mimebundle_()
    pages = steppers_in(it)[0].pages
    asked = next((question.prompt for question in pages.questions if question), None)
    lines = data["text/plain"].splitlines()
    assert asked in lines if asked else lines[-1] == pages.captions[len(pages) - 1 - pages.start]
