"""What the browser shows of each widget is what Python has drawn: at first, after each move, and when it asks.

What Python draws is proven without a browser (tests/test_widgets_*.py, tests/test_diagrams_*.py).
"""

import contextlib

import pytest
from playwright.sync_api import TimeoutError

from tests.browser.catalogue import CATALOGUE, TOO_WIDE, in_both, in_one, made, steppers, steppers_in, whole, wrong

PATIENCE = 15_000  # ms for one drawing on a busy machine
NUMBERS = "root => [...root.querySelectorAll('[data-n]')].map(node => [node.dataset.n, node.textContent])"
APART = f"""([stage, svg, expected]) => {{
    const drawn = document.createElement('div');
    drawn.innerHTML = svg;
    const stepper = stage.closest('.rnn-stepper'), numbers = {NUMBERS};
    const there = ['.title', '.badge', '.where', '.caption'].map(part => stepper.querySelector(part).textContent);
    const apart = there.filter((text, k) => !expected[k].includes(text));
    return JSON.stringify(numbers(stage)) === JSON.stringify(numbers(drawn)) ? apart : [...apart, 'other numbers'];
}}"""


@pytest.fixture(scope="module")
def twins():
    """The same widgets in this process: (application, name) -> widget."""
    made_once = {}

    def twin(application, name):
        if (application, name) not in made_once:
            made_once[application, name] = made(CATALOGUE[name].line)
        return made_once[application, name]

    return twin


def apart(shown, stepper, twin):
    """What of the widget on the screen is not as its twin has it."""
    pages, t = twin.pages.state(), twin.t
    caption = [pages["captions"][t], *([pages["questions"][t]["prompt"]] if pages["questions"][t] else [])]
    expected = [[pages["title"]], [pages["badge"]], [pages["marks"][t]], caption]
    given = [stepper.locator(".stage").element_handle(), pages["svg"], expected]
    if shown.page.evaluate(APART, given):
        with contextlib.suppress(TimeoutError):
            shown.page.wait_for_function(f"given => ({APART})(given).length === 0", arg=given, timeout=PATIENCE)
    return shown.page.evaluate(APART, given)


@in_both
def test_each_widget_shows_what_python_has_drawn(shown, twins):
    found = {}
    for name, output in shown.widgets.items():
        for k, twin in enumerate(steppers_in(twins(shown.application, name))):
            found[name, k] = apart(shown, output.locator(".rnn-stepper").nth(k), twin)
    assert {where: what for where, what in found.items() if what} == {}


TIPS = """root => {
    const stage = root.querySelector('.stage'), found = [];
    const nodes = [...stage.querySelectorAll('[data-tip]')].filter(node => node.checkVisibility());
    nodes.forEach((node, k) => {
        const event = { bubbles: true, screenX: k + 1, screenY: 1 };
        node.dispatchEvent(new PointerEvent('pointermove', event));
        const page = Number(node.dataset.at ?? root.querySelector('input[type=range]').value);
        found.push([node.dataset.tip, page, [...root.querySelectorAll('.line')].map(line => line.textContent)]);
    });
    stage.dispatchEvent(new PointerEvent('pointerleave', { screenX: -1 }));
    return found;
}"""


@in_one
def test_what_the_pointer_is_on_shows_its_arithmetic(shown, twins):
    def problem(name, stepper):
        tips = steppers_in(twins(shown.application, name))[0].pages.state()["tips"]
        found = []
        for tip, page, lines in stepper.evaluate(TIPS):
            text = "".join(text for text, _ in tips[page].get(tip, ()))
            found += [(tip, text, lines)] if text and text not in lines else []
        return found

    assert {name: what for name, stepper in steppers(shown).items() if (what := problem(name, stepper))} == {}


TURN = """(root, t) => {
    const slider = root.querySelector('input[type=range]');
    slider.value = t;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
}"""
ASK = """(root, given) => {
    const quiz = root.querySelector('.quiz'), covers = [...root.querySelectorAll('.page.on .cover')];
    const covered = () => covers.map(node => getComputedStyle(node).display !== 'none');
    const look = () => [covered(), root.querySelector('.caption').textContent];
    const before = look();
    if (typeof given === 'string') {
        quiz.querySelector('input').value = given;
        [...quiz.querySelectorAll('button')].find(button => button.textContent === 'check').click();
    } else quiz.querySelectorAll('button')[given].click();
    return [before, root.querySelector('.said').textContent, look()];
}"""


def given_for(question):
    """A wrong answer for each that is known, and at last the right one, as it is given; and the answer that it is."""
    order = [k for k in range(len(question.answers)) if k != question.right]
    if not question.typed:
        return [(order[0], order[0])]
    middle = [f"{(answer.low + answer.high) / 2:.6f}" for answer in question.answers]
    first = [
        next(j for j, other in enumerate(question.answers) if other.low <= float(text) <= other.high) for text in middle
    ]
    return [(middle[k], first[k]) for k in order if first[k] == k] + [(middle[question.right], question.right)]


@in_one
def test_each_question_hides_its_answer_and_says_what_is_wrong_with_a_wrong_one(shown, twins):
    """Each known wrong answer has its reply; the numbers stay covered until it is answered."""
    found = []
    for name, stepper in steppers(shown).items():
        pages = steppers_in(twins(shown.application, name))[0].pages
        for t, question in enumerate(pages.questions):
            for given, k in given_for(question) if question else []:
                stepper.evaluate(TURN, t)
                before, said, after = stepper.evaluate(ASK, given)
                verdict = "Yes. " if k == question.right else "No. "
                still = question.typed and k != question.right
                reply = f"{verdict}{question.answers[k].reply}"
                if False in before[0] or before[1] != question.prompt or reply not in said:
                    found.append((name, t, given, before, said, reply))
                if (not still) in after[0] or after[1] != (question.prompt if still else pages.captions[t]):
                    found.append((name, t, given, after))
    assert found == []


def move(output, name):
    """Press what a move names."""
    if name.startswith("slider "):
        handle = output.locator(".noUi-handle").nth(int(name[7:]))
        top = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
        handle.press("ArrowLeft" if top else "ArrowRight")
        return
    control, _, button = name.rpartition(": ")
    around = output.locator(".rnn-control").filter(has_text=control).first if control else output
    around.get_by_role("button", name=button, exact=True).or_(
        around.get_by_role("radio", name=button, exact=True)
    ).first.click()


@in_both
def test_after_each_move_the_widget_shows_what_python_draws(shown, twins):
    found = {}
    for name, output in shown.widgets.items():
        it, stepper = twins(shown.application, name), output.locator(".rnn-stepper").first
        stepper.evaluate(TURN, steppers_in(it)[0].t)
        for button, same in CATALOGUE[name].moves:
            move(output, button)
            exec(same, {"it": it})
            if what := apart(shown, stepper, steppers_in(it)[0]):
                found[name, button] = what
    assert found == {}
    shown.page.set_viewport_size({"width": 768, "height": 1024})
    assert wrong(shown, lambda output: output.evaluate(TOO_WIDE), whole) == {}
    assert shown.notebook.trouble == []
