"""Pictures: every number in them is the trace's, whatever the network and the words."""

import dataclasses
import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import Dense, GRUCell, LSTMCell, ManyToOne, Recurrent, RNNCell, diagrams
from rnnlib.diagrams.pages import plain
from rnnlib.look import palette
from rnnlib.look.lettering import clip, number, share, signed, text_width, wrap
from rnnlib.trace import trace

SVG = "{http://www.w3.org/2000/svg}"
NASTY = [
    "<script>alert(1)</script>",
    "\"quo'te&",
    "🙂👩\u200d👩\u200d👧",
    "漢字漢字漢字漢字",
    "x" * 300,
    "a\x00\x1b",
    "\ud800",
    "]]>",
]


def run(T=5, H=8, cell=RNNCell, tokens=None, scale=1.0, classes=("negative", "positive"), inputs=6, **options):
    """A trace of a network with random weights."""
    rng = np.random.default_rng(3)
    body = Recurrent(cell(inputs, H, rng=rng, **options))
    model = ManyToOne(body, Dense(H, len(classes), rng=rng), classes=classes)
    for array in model.params.values():
        array *= 3  # states that use the whole range
    model.body.cell.b_h += rng.normal(size=model.body.cell.b_h.shape)
    model.output.b_y += rng.normal(size=len(classes))
    return trace(model, scale * rng.normal(size=(T, inputs)), tokens)


def elements(svg, tag="text"):
    return ET.fromstring(svg).iter(SVG + tag)


def texts(svg):
    return ["".join(element.itertext()) for element in elements(svg)]


# ---- every number is the trace's


SIZES = [(5, 8), (1, 1), (1, 8), (5, 1), (12, 16), (3, 64), (2, 128), (40, 4)]


@pytest.mark.parametrize("cell", [RNNCell, LSTMCell, GRUCell])
@pytest.mark.parametrize(("T", "H"), SIZES)
def test_every_state_in_the_picture_is_the_traces(T, H, cell):
    record = run(T, H, cell)
    found = {}
    for element in elements(diagrams.sentence(record).svg):
        if "data-n" in element.attrib:
            found[element.attrib["data-n"]] = "".join(element.itertext())
    shown = {int(address.split("/")[2]) for address in found if address.startswith("h/")}
    assert len(shown) == (H if H <= 10 else 8)
    assert {a for a in found if a[0] == "h"} == {f"h/{t}/{k}" for t in range(T + 1) for k in shown}
    assert {a for a in found if a[0] == "p"} == {f"p/{t}/1" for t in range(1, T + 1)}
    for address, text in found.items():
        name, t, k = address.split("/")
        exact = record.h[int(t), int(k)] if name == "h" else record.probabilities[int(t) - 1, int(k)]
        assert number(text) == round(float(exact), 2) + 0.0


def test_the_first_computation_adds_up_to_the_state():
    record = run()
    pages = diagrams.sentence(record)
    for t in range(1, 6):
        for k in range(8):
            line = plain(pages.tips[t][f"state/{k + 1}"])
            parts = [number(n) for n in re.findall(r"[+−] ?\d+\.\d\d", line)]
            from_input, from_state, total, state = parts
            assert from_input == round(record.from_input[t - 1, k], 2)
            assert from_state == round(record.from_state[t - 1, k], 2)
            assert total == round(record.total[t - 1, k], 2)
            assert state == round(np.tanh(record.total[t - 1, k]), 2) == round(record.h[t, k], 2)


def test_the_second_computation_leads_to_the_probability():
    record = run()
    pages = diagrams.sentence(record)
    W_hy, b_y = record.params["output.W_hy"], record.params["output.b_y"]
    for t in range(1, 6):
        line = plain(pages.tips[t]["output/2"])
        part, bias, logit, other, p = (number(n) for n in re.findall(r"(?:[+−] ?)?\d+\.\d\d", line))
        assert part == round(W_hy[1] @ record.h[t], 2)
        assert bias == round(b_y[1], 2)
        assert [other, logit] == [round(v, 2) for v in record.logits[t - 1]]
        assert p == round(record.probabilities[t - 1, 1], 2)


def test_each_output_by_itself_goes_through_a_sigmoid_and_not_through_softmax():
    rng = np.random.default_rng(3)
    body, output = Recurrent(RNNCell(2, 4, rng=rng)), Dense(4, 2, rng=rng)
    record = trace(ManyToOne(body, output, loss="binary_cross_entropy"), rng.normal(size=(3, 2)))
    line = plain(diagrams.sentence(record).tips[2]["output/2"])
    assert "softmax" not in line
    assert number(line.split("; sigmoid =")[1].strip()) == round(record.probabilities[1, 1], 2)


@pytest.mark.parametrize("cell", [LSTMCell, GRUCell])
def test_the_arithmetic_of_a_gated_unit_gives_its_state(cell):
    record = run(cell=cell)
    for t in range(1, 6):
        pieces = diagrams.sentence(record).tips[t]["state/3"]
        n = {kind.split("/")[0] + ("-" if kind.split("/")[1] == str(t - 1) else ""): number(text)
             for text, kind in pieces if "/" in kind}  # fmt: skip
        if cell is LSTMCell:
            assert n["f"] * n["c-"] + n["i"] * n["g"] == pytest.approx(n["c"], abs=0.03)
            assert n["o"] * np.tanh(n["c"]) == pytest.approx(n["h"], abs=0.02)
        else:
            assert n["z"] * n["h-"] + (1 - n["z"]) * n["n"] == pytest.approx(n["h"], abs=0.03)


def test_a_linear_unit_is_not_called_relu():
    line = plain(diagrams.sentence(run(activation="linear")).tips[2]["state/1"])
    assert "linear(" in line and "relu" not in line


def test_a_relu_unit_is_not_called_tanh():
    line = plain(diagrams.sentence(run(activation="relu")).tips[2]["state/1"])
    assert "relu(" in line and "tanh" not in line


def test_parts_that_do_not_add_up_when_rounded_are_called_rounded():
    record = run(T=12)
    for page in diagrams.sentence(record).tips[1:]:
        for name, tip in page.items():
            if name.startswith("state/") and name != "state/word":
                first, second, total = (number(text) for text, kind in tip[:8] if "/" in kind)
                assert ("(rounded)" in plain(tip)) == (abs(first + second - total) > 0.005)


def test_the_captions_numbers_are_the_traces():
    record = run(tokens=["he", "was", "not", "sad", "today"])
    captions = diagrams.sentence(record).captions
    assert captions[0].startswith("Step 0 of 5: the start.")
    for t in range(2, 6):
        k = np.abs(record.h[t] - record.h[t - 1]).argmax()
        p = record.probabilities[:, 1]
        assert captions[t] == (
            f"Step {t} of 5: the network reads “{record.tokens[t - 1]}”. Unit {k + 1} moves most, from "
            f"{signed(record.h[t - 1, k])} to {signed(record.h[t, k])}; "
            f"“positive” goes from {share(p[t - 2])} to {share(p[t - 1])}."
        )


def test_the_table_holds_every_state_and_output_of_the_run():
    record = run(T=3, H=64, tokens=["he", "is", "sad"])
    head, *rows = diagrams.sentence(record).table
    assert head == ("", "start", "he", "is", "sad")
    assert [row[0] for row in rows[:64]] == [f"unit {k + 1}" for k in range(64)]
    assert [[number(n) for n in row[1:]] for row in rows[:64]] == (np.round(record.h.T, 2) + 0.0).tolist()
    assert [number(n) for n in rows[-1][2:]] == np.round(record.probabilities[:, 1], 2).tolist()


# ---- pages


def test_the_first_line_is_the_unit_that_moved_most():
    record = run()
    pages = diagrams.sentence(record)
    for t in range(1, 6):
        assert pages.lines[t][0] == f"state/{np.abs(record.h[t] - record.h[t - 1]).argmax() + 1}"


def test_the_units_shown_are_those_that_move_the_verdict_most():
    record = run(H=20)
    names = [name for name in diagrams.sentence(record, units=3).tips[1] if re.fullmatch(r"state/\d+", name)]
    moved = np.abs(np.diff(record.h, axis=0)).sum(axis=0) * np.ptp(record.params["output.W_hy"], axis=0)
    assert {int(name[6:]) - 1 for name in names} == set(np.argsort(-moved)[:3])


@pytest.mark.parametrize(("notation", "there", "not_there"), [("h", "Whh", "Waa"), ("a", "Waa", "Whh")])
def test_both_notations_can_be_drawn(notation, there, not_there):
    labels = texts(diagrams.sentence(run(), notation=notation).svg)
    assert there in labels and not_there not in labels
    assert ("a<3>" in labels) == (notation == "a") and ("h3" in labels) == (notation == "h")


def test_another_class_can_be_shown():
    record = run()
    pages = diagrams.sentence(record, output="negative")
    assert pages.captions[1].endswith(f"“negative” is at {share(record.probabilities[0, 0])}.")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"notation": "x"}, "notation: expected"),
        ({"units": 0}, "units: expected a whole number of at least 1, got 0"),
        ({"units": True}, "units: expected"),
        ({"output": "sad"}, "output: expected one of negative, positive, got 'sad'"),
        ({"output": 2}, "output: expected 0 to 1, got 2"),
    ],
)
def test_what_cannot_be_drawn_is_a_clear_error(options, message):
    with pytest.raises(ValueError, match=message):
        diagrams.sentence(run(), **options)


def test_a_run_with_nan_is_not_drawn():
    record = run()
    broken = record.main.states["h"].copy()
    broken[2, 3] = np.nan
    layer = dataclasses.replace(record.main, states={"h": broken})
    with pytest.raises(ValueError, match="NaN"):
        diagrams.sentence(dataclasses.replace(record, layers=(layer, *record.layers[1:])))


@pytest.mark.parametrize("scale", [0.0, 1e4])
def test_constant_and_saturated_states_are_drawn_without_nan(scale):
    pages = diagrams.sentence(run(scale=scale))
    assert "nan" not in (pages.svg + json.dumps(pages.state())).lower()


# ---- words that somebody typed


@pytest.mark.parametrize("word", NASTY, ids=range(len(NASTY)))
def test_any_word_is_escaped_clipped_and_kept_whole_in_its_title(word):
    pages = diagrams.sentence(run(T=2, tokens=[word, "ok"]), title=word)
    picture = diagrams.static_svg(pages, 1)
    for svg in (pages.svg, picture):
        svg.encode("utf-8")
        tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}
        assert tags <= {"svg", "style", "defs", "g", "rect", "path", "text", "tspan", "title", "desc"}
        assert "<script" not in svg
    titles = ["".join(e.itertext()) for e in elements(pages.svg, "title")]
    kept = "".join(c for c in word if c.isprintable() or c == "\u200d")
    assert titles[0].replace(" ", "") == kept.replace(" ", "")
    assert max(map(text_width, texts(pages.svg))) < 130


def test_a_word_is_never_wider_than_its_place():
    for word in NASTY:
        assert text_width(clip(word, 80)) <= 80
        assert all(text_width(line) <= 300 for line in wrap(f"{word} and {word}", 300))


def test_numbers_have_a_sign_and_a_true_minus():
    assert [signed(v) for v in (-0.8049, 0.25, 0, -0.001, 1)] == ["−0.80", "+0.25", "+0.00", "+0.00", "+1.00"]


# ---- colours


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_number_can_be_read_on_its_cell(theme):
    dark = theme == "dark"
    tokens, inks = (palette.DARK, palette.ON_DARK) if dark else (palette.LIGHT, palette.ON_LIGHT)
    surfaces = palette.DARK_SURFACES if dark else palette.LIGHT_SURFACES
    for v in np.linspace(-1, 1, 201):
        ink = palette.channels(inks[palette.ink_class(v)[4 if dark else 3]])
        for surface in surfaces:
            fill = palette.mixed(tokens[palette.tone(v)], surface, palette.strength(v))
            assert palette.contrast(ink, fill) >= 4.5, v


@pytest.mark.parametrize("tokens", [palette.LIGHT, palette.DARK])
@pytest.mark.parametrize("text", ["ink", "soft"])
@pytest.mark.parametrize("ground", ["surface", "panel", "nowsoft"])
def test_text_can_be_read_on_every_ground(tokens, text, ground):
    assert palette.contrast(palette.channels(tokens[text]), palette.channels(tokens[ground])) >= 4.5


@pytest.mark.parametrize("tokens", [palette.LIGHT, palette.DARK])
@pytest.mark.parametrize("ground", ["surface", "panel"])
@pytest.mark.parametrize("name", [*palette.ROLES, *palette.KINDS.values()])
def test_a_colour_with_a_meaning_can_be_read_as_text(tokens, name, ground):
    assert palette.contrast(palette.channels(tokens[name]), palette.channels(tokens[ground])) >= 4.5


def test_no_colour_has_two_meanings():
    names = ["plus", "minus", "now", *palette.ROLES, *palette.KINDS.values()]
    for tokens in (palette.LIGHT, palette.DARK):
        assert len({tokens[name] for name in names}) == len(names)


def test_the_range_of_colours_is_the_same_at_every_step_and_in_every_run():
    assert palette.strength(0.5) == 0.5 and palette.strength(-1) == 1 and palette.strength(7) == 1
    fills = [(e.attrib["fill-opacity"]) for e in elements(diagrams.sentence(run(scale=0.01)).svg, "rect")
             if "fill-opacity" in e.attrib]  # fmt: skip
    assert max(map(float, fills)) == pytest.approx(np.abs(run(scale=0.01).h).max(), abs=0.01)


# ---- wiring, unit, data


@pytest.mark.parametrize("notation", ["h", "a"])
def test_the_unit_names_both_computations(notation):
    labels = texts(diagrams.unit(notation))
    formulas = {
        "h": ("ht = tanh( Wxh xt + Whh ht−1 + bh )", "yt = softmax( Why ht + by )"),
        "a": ("a<t> = tanh( Wax x<t> + Waa a<t−1> + ba )", "y<t> = softmax( Wya a<t> + by )"),
    }
    assert set(formulas[notation]) <= set(labels)


def test_many_to_one_has_its_words_and_both_outputs():
    labels = texts(diagrams.many_to_one(("<b>", "is", "x" * 50), ("no", "yes")))
    assert {"<b>", "is", "x1", "x2", "xn", "h1", "h2", "hn", "no", "yes", "softmax"} <= set(labels)


def test_the_picture_of_the_data_shows_phrases_with_their_own_labels():
    train = {f"phrase {n}": n % 3 == 0 for n in range(20)}
    picture = diagrams.data_picture(train, {"<i>": False})
    labels = texts(picture)
    shown = [label for label in labels if label.startswith("phrase ")]
    assert len(shown) == 8
    for phrase in shown:
        assert labels[labels.index(phrase) + 1].startswith(str(train[phrase]))
    assert "<i>" in labels and "… and 12 more" in labels
    assert {"train_data: 20 phrases", "test_data: 1 phrase"} <= set(labels)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: diagrams.unit("z"), "notation"),
        (lambda: diagrams.many_to_one(("a",)), "tokens: expected 3 words"),
        (lambda: diagrams.many_to_one(classes=()), "classes"),
        (lambda: diagrams.data_picture({}, {"a": True}), "train_data: expected at least one phrase"),
        (lambda: diagrams.data_picture({"a": True}, {"a": True}, rows=0), "rows: expected a whole number"),
    ],
)
def test_what_makes_no_picture_is_a_clear_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()
