"""The two computations as matrices: every number is the trace's, and each known slip is told its term."""

import dataclasses
import json
import re

import numpy as np
import pytest

from rnnlib import Bidirectional, Dense, GRUCell, ManyToMany, Recurrent, RNNCell, Stacked, diagrams
from rnnlib.diagrams.computations import Computations
from rnnlib.diagrams.pages import plain
from rnnlib.exercises import predict
from rnnlib.look.lettering import number
from rnnlib.trace import trace
from rnnlib.widgets.two_computations import SEED, small_run
from tests.svg import SVG, addressed, covers, elements, said, texts

OPERATIONS = ("xh", "hh", "sum", "h", "hy", "score", "p")


def computations(record, *, ask=False, notation="h", **options):
    asked = predict.computations(record, notation) if ask else None
    return diagrams.computations(record, notation=notation, ask=asked, **options)


def run(T=3, inputs=4, H=3, classes=("no", "yes"), scale=1.0, tokens=None, seed=3, bias=True):
    """A trace of a network with random weights."""
    rng = np.random.default_rng(seed)
    model = ManyToMany(
        Recurrent(RNNCell(inputs, H, rng=rng, bias=bias)), Dense(H, len(classes), rng=rng), classes=classes
    )
    for array in model.params.values():
        array += scale * rng.normal(size=array.shape)
    return trace(model, rng.normal(size=(T, inputs)), tokens)


def exact(record):
    """Address -> number, from the equations and the states of the trace: the sums are made anew."""
    p = {name.split(".")[-1]: array for name, array in record.params.items()}
    b_h = p.get("b_h", np.zeros(record.H))
    found = {f"{n}/{i}/{j}": p[n][i, j] for n in ("W_xh", "W_hh", "W_hy") for i, j in np.ndindex(p[n].shape)}
    found |= {f"b_h/{i}": v for i, v in enumerate(b_h)} | {f"b_y/{i}": v for i, v in enumerate(p["b_y"])}
    found |= {f"h/0/{k}": v for k, v in enumerate(record.h[0])}
    for t in range(1, record.T + 1):
        x, before, h = record.x[t - 1], record.h[t - 1], record.h[t]
        scores = p["W_hy"] @ h + p["b_y"]
        vectors = {
            "x": x,
            "xh": p["W_xh"] @ x,
            "hh": p["W_hh"] @ before,
            "sum": p["W_xh"] @ x + p["W_hh"] @ before + b_h,
            "h": np.tanh(p["W_xh"] @ x + p["W_hh"] @ before + b_h),
            "hy": p["W_hy"] @ h,
            "score": scores,
            "p": np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum(),
        }
        found |= {f"{name}/{t}/{k}": v for name, vector in vectors.items() for k, v in enumerate(vector)}
    return found


def as_printed(text, value):
    """Whether the text is the value, rounded to the decimals that are printed."""
    decimals = len(text.partition(".")[2].partition("e")[0])
    return number(text) == round(value, decimals) + 0.0


# ---- every number is the trace's


SIZES = [(3, 4, 3), (1, 1, 1), (1, 4, 8), (5, 1, 1), (2, 6, 16), (2, 3, 128), (40, 4, 4), (2, 300, 2)]


@pytest.mark.parametrize(("T", "inputs", "H"), SIZES)
def test_every_number_in_the_picture_is_the_traces(T, inputs, H):
    record = run(T, inputs, H)
    pages, numbers = computations(record), exact(record)
    found = [(e.get("data-n"), said(e)) for e in elements(pages.svg) if "data-n" in e.attrib]
    assert len(found) > 20
    assert [(a, text, numbers[a]) for a, text in found if not as_printed(text, numbers[a])] == []
    assert "largest difference 0 " in pages.agreement


def test_after_each_operation_its_numbers_are_there_and_the_next_ones_are_not():
    pages = computations(run())
    for page in range(1, 22):
        t, operation = (page - 1) // 7 + 1, (page - 1) % 7
        shown = {address.split("/")[0] for address in addressed(pages.svg, page) if f"/{t}/" in address}
        assert shown == {"x", *OPERATIONS[: operation + 1]}


def test_all_weights_stand_on_every_page():
    record = run()
    weights = {a for a in exact(record) if a[0] in "Wb"}
    background = {address for address in addressed(computations(record).svg) if address[0] in "Wb"}
    assert background == weights


@pytest.mark.parametrize(("inputs", "H", "K"), [(4, 3, 2), (18, 16, 2), (3, 128, 9)])
def test_the_arithmetic_of_a_row_leads_to_its_number(inputs, H, K):
    record = run(3, inputs, H, tuple(f"class {k}" for k in range(K)))
    pages, numbers = computations(record), exact(record)
    for page in range(1, 22):
        t, name = (page - 1) // 7 + 1, OPERATIONS[(page - 1) % 7]
        for tip in pages.tips[page].values():
            *parts, (text, address) = [(text, kind) for text, kind in tip if "/" in kind]
            assert as_printed(text, numbers[address]) and address.startswith(f"{name}/{t}/")
            values = [number(part) for part, _ in parts]
            if name in ("xh", "hh", "hy"):
                pairs, rest = values[: len(values) // 2 * 2], values[len(values) // 2 * 2 :]
                made = np.dot(pairs[::2], pairs[1::2]) + sum(rest)
                slack = 0.006 * (np.abs(pairs).sum() + 2)
                assert number(text) == pytest.approx(made, abs=slack)
            elif name in ("sum", "score"):
                assert number(text) == pytest.approx(sum(values), abs=0.021)
            elif name == "h":
                assert number(text) == pytest.approx(np.tanh(values[0]), abs=0.011)


def test_what_has_no_room_is_in_the_arithmetic_as_one_number():
    record = run(2, 18, 16)
    network = Computations(record, "h")
    W, x = record.params["body.W_xh"], record.x[1]
    hidden = [j for j in range(18) if j not in network.inputs]
    i = network.units[0]
    assert network.value(f"xh rest/2/{i}") == pytest.approx(W[i, hidden] @ x[hidden])
    assert f"from {len(hidden)} more" in plain(computations(record).tips[8][f"xh/{i + 1}"])


def test_the_table_holds_every_number_of_the_run():
    record = run(10, 4, 3)
    head, *rows = computations(record).table
    numbers = exact(record)
    assert head[:3] == ("", "start", "x_1") and len(head) == 12
    assert len(rows) == 4 * 3 + 2 * 2
    for place, name in enumerate(("xh", "hh", "sum", "h")):
        for k in range(3):
            row = rows[3 * place + k]
            assert [number(n) for n in row[2:]] == [round(numbers[f"{name}/{t}/{k}"], 2) + 0.0 for t in range(1, 11)]
    assert [number(n) for n in rows[-1][2:]] == [round(numbers[f"p/{t}/1"], 2) for t in range(1, 11)]


# ---- what is said


def test_the_marks_name_each_operation():
    pages = computations(run())
    names = ["W_xh x", "W_hh h", "the sum", "tanh", "W_hy h", "+ b_y", "softmax"]
    assert pages.marks == ("the start", *(f"step {t}: {name}" for t in (1, 2, 3) for name in names))
    course = computations(run(), notation="a")
    assert course.marks[1:7] == (
        "step 1: W_ax x", "step 1: W_aa a", "step 1: the sum", "step 1: tanh", "step 1: W_ya a", "step 1: + b_y",
    )  # fmt: skip


@pytest.mark.parametrize(("notation", "there", "not_there"), [("h", "Whh", "Waa"), ("a", "Waa", "Whh")])
def test_both_notations_can_be_drawn(notation, there, not_there):
    pages = computations(run(), notation=notation, ask=True)
    labels = texts(pages.svg)
    assert there in labels and not_there not in labels
    lines = [text for tips in pages.tips for tip in tips.values() for text, _ in tip]
    said = json.dumps([pages.captions, lines, pages.marks, [q and q.state() for q in pages.questions]])
    other = {"h": r"a<|W_a", "a": r"h_\d|W_h|W_xh"}[notation]
    assert re.search(other, said) is None


def test_without_a_past_there_is_nothing_to_remember():
    pages = computations(run())
    assert "h_0 is all zeros" in pages.captions[2]
    assert "all that it knows of the past" in pages.captions[9]


def test_what_has_no_room_is_named():
    assert computations(run()).note == ""
    note = computations(run(12, 18, 16, tuple("abcdef"))).note
    assert re.search(r"3 of 16 units \(number \d+, \d+ and \d+\)", note)
    assert "of 18 inputs" in note and "3 of 6 classes" in note and "The first 8 of 12 steps are shown" in note


def test_the_units_shown_are_those_that_move_the_output_most():
    record = run(5, 4, 20)
    moved = np.abs(np.diff(record.h, axis=0)).sum(axis=0) * np.ptp(record.params["output.W_hy"], axis=0)
    assert Computations(record, "h").units == tuple(sorted(np.argsort(-moved)[:3].tolist()))


# ---- blanks


def answered(question, value):
    """The reply to a typed number, as the Stepper finds it."""
    return next((a.reply for a in question.answers if a.low <= value <= a.high), question.otherwise)


def asked(record, name, t, **options):
    """The question about a quantity at step t, and which number of it is blank."""
    page = 1 + (t - 1) * 7 + OPERATIONS.index(name)
    question = computations(record, ask=True, **options).questions[page]
    numbers = exact(record)
    right = (question.answers[0].low + question.answers[0].high) / 2
    k = next(k for k in range(9) if abs(numbers[f"{name}/{t}/{k}"] - right) < 1e-9)
    return question, k


def parts(record):
    p = {name.split(".")[-1]: array for name, array in record.params.items()}
    return p["W_xh"], p["W_hh"], p["b_h"], p["W_hy"], p["b_y"]


SQUARE = run(3, 3, 3, seed=0, scale=0.7)  # as many inputs as units: also W_xh can be transposed


def slips(record):
    """(quantity, step) -> what comes out with one thing done wrong for number k, and the term that it is in."""
    W_xh, W_hh, b_h, W_hy, b_y = parts(record)
    x, h = np.vstack([record.x[:1] * 0, record.x]), record.h
    total = W_xh @ x[2] + W_hh @ h[1] + b_h
    one = W_xh @ x[1] + W_hh @ h[0] + b_h

    def softmax(z):
        return np.exp(z) / np.exp(z).sum()

    return [
        *([("xh", 1, W_xh.T @ x[1], "transposed")] if len(x[1]) == len(b_h) else []),
        ("xh", 1, W_xh @ x[1] + b_h, "The bias b_h is in it already"),
        ("xh", 1, np.abs(W_xh * x[1]).sum(axis=1), "minus signs in W_xh"),
        ("hh", 2, W_hh.T @ h[1], "transposed"),
        ("hh", 2, W_hh @ h[0], "W_hh times h_0"),
        ("hh", 2, W_hh @ h[2], "the new state, which is not known yet"),
        ("sum", 2, total - b_h, "The bias is left out: add b_h"),
        ("sum", 2, W_xh @ x[2] + b_h, "The state before is left out: add W_hh h_1"),
        ("sum", 2, W_hh @ h[1] + b_h, "The input is left out: add W_xh x_2"),
        ("sum", 2, np.tanh(total), "tanh is in it already"),
        ("sum", 2, W_xh @ x[2] + W_hh.T @ h[1] + b_h, "W_hh is transposed"),
        ("h", 1, one, "tanh is left out"),
        ("h", 1, np.tanh(one - b_h), "The bias is left out of the sum"),
        ("h", 1, np.tanh(np.tanh(one)), "tanh is applied twice"),
        ("h", 1, 1 / (1 + np.exp(-one)), "sigmoid"),
        ("score", 1, W_hy @ h[1], "The bias is left out: add b_y"),
        ("score", 1, W_hy @ one + b_y, "tanh is left out of the state"),
        ("score", 1, W_hy @ h[0] + b_y, "the state of the step before"),
        ("p", 2, softmax(W_hy @ h[2]), "The bias b_y is left out"),
        ("p", 2, W_hy @ h[2] + b_y, "softmax is left out"),
        ("p", 2, np.exp(W_hy @ h[2] + b_y), "exp of the score"),
        ("p", 2, softmax(W_hy @ h[1] + b_y), "the state of the step before"),
    ]


@pytest.mark.parametrize("case", range(22))
def test_a_known_slip_is_answered_with_the_term_that_it_is_in(case):
    name, t, wrong, term = slips(SQUARE)[case]
    question, k = asked(SQUARE, name, t)
    assert term in answered(question, wrong[k])


def test_in_the_small_network_of_the_book_the_slips_are_told_apart():
    record = small_run(SEED)
    for name, t, wrong, term in slips(record):
        question, k = asked(record, name, t)
        assert term in answered(question, wrong[k]), (name, term)


def test_the_state_itself_is_told_from_the_output():
    question, _ = asked(SQUARE, "score", 1)
    replies = [answered(question, float(h)) for h in SQUARE.h[1]]
    assert any("of h_1. The state is not the output" in reply for reply in replies)


@pytest.mark.parametrize(("name", "t"), [("xh", 1), ("h", 1), ("score", 1), ("hh", 2), ("sum", 2), ("p", 2)])
def test_the_right_number_as_printed_is_right_also_when_it_is_rounded_on_the_way(name, t):
    record = run(seed=7)
    question, k = asked(record, name, t)
    exactly = exact(record)[f"{name}/{t}/{k}"]
    for typed in (round(exactly, 2), exactly + 0.015, exactly - 0.015):
        assert answered(question, typed) == question.answers[0].reply
    assert question.typed and question.right == 0
    assert answered(question, 77.7).startswith("It is none of the known slips either.")


def test_the_blank_is_covered_and_nothing_else_on_the_page_shows_the_number():
    record = run(seed=7)
    pages = computations(record, ask=True)
    for page, question in enumerate(pages.questions):
        found = covers(pages.svg, page)
        assert len(found) == 2 * bool(question)  # and its question mark
        if question:
            x, y, width, height = (float(found[0].get(n)) for n in ("x", "y", "width", "height"))
            numbers = [e for e in elements(pages.svg, page=page) if "data-n" in e.attrib]
            (hidden,) = (
                e.get("data-n")
                for e in numbers
                if x < float(e.get("x")) < x + width and y < float(e.get("y")) < y + height
            )
            assert [e.get("data-n") for e in numbers].count(hidden) == 1


def test_no_blank_is_asked_for_that_cannot_be_found_from_the_picture():
    names = [q.prompt for q in computations(run(3, 18, 16, tuple("abcdef")), ask=True).questions if q]
    assert not any("blank: W_" in name or "blank: the probability" in name for name in names)
    assert len(names) == 3


# ---- pages


def test_a_picture_has_room_for_long_names_and_large_numbers():
    pages = computations(run(classes=("x" * 300, "y" * 300), scale=40.0))
    width = float(elements(pages.svg, "svg")[0].get("width"))
    assert width <= 920
    assert max(float(e.get("x")) for e in elements(pages.svg)) < width


def test_a_number_leads_to_the_page_on_which_it_was_computed():
    pages = computations(run())
    groups = [g for g in elements(pages.svg, "g", page=9) if "data-at" in g.attrib]  # step 2: W_hh h
    places = {g.find(f"{SVG}text").get("data-n"): g.get("data-at") for g in groups}
    assert (places["h/1/0"], places["xh/2/0"], places["hh/2/0"]) == ("4", "8", "9")


def test_the_upper_of_two_layers_can_be_drawn():
    rng = np.random.default_rng(0)
    body = Stacked([Recurrent(RNNCell(4, 5, rng=rng)), Recurrent(RNNCell(5, 3, rng=rng))])
    assert (
        "largest difference 0 "
        in computations(trace(ManyToMany(body, Dense(3, 2, rng=rng)), np.ones((2, 4)))).agreement
    )


# ---- what is refused


def refused():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(3, 4))
    both = Bidirectional(Recurrent(RNNCell(4, 3, rng=rng)), Recurrent(RNNCell(4, 3, rng=rng), reverse=True))
    bodies = {
        "plain": Recurrent(GRUCell(4, 3, rng=rng)),
        "read forward": both,
        "tanh": Recurrent(RNNCell(4, 3, rng=rng, activation="relu")),
    }
    found = {word: trace(ManyToMany(body, Dense(body.outputs, 2, rng=rng)), x) for word, body in bodies.items()}
    sigmoid = ManyToMany(Recurrent(RNNCell(4, 3, rng=rng)), Dense(3, 1, rng=rng), loss="binary_cross_entropy")
    broken = dataclasses.replace(run(), logits=np.full((3, 2), np.nan))
    return found | {"softmax": trace(sigmoid, x), "finite": broken}


@pytest.mark.parametrize("word", ["plain", "read forward", "tanh", "softmax", "finite"])
def test_another_kind_of_network_is_refused(word):
    with pytest.raises(ValueError, match=word):
        computations(refused()[word])
