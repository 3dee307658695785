"""Widgets without a browser: what they hold, what they store, and what they answer to a wrong thing typed."""

import json
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import Dense, ManyToOne, Recurrent, RNNCell, diagrams, widgets
from rnnlib.data import CLASSES, Vocabulary
from rnnlib.trace import trace
from rnnlib.widgets.stepper import HERE

WORDS = Vocabulary(["bad", "good", "he", "is", "not", "sad", "today", "was"])
VIEW = "application/vnd.jupyter.widget-view+json"


def a_model(H=4, cell=RNNCell, vocabulary=WORDS):
    rng = np.random.default_rng(5)
    inputs = len(vocabulary)
    return ManyToOne(Recurrent(cell(inputs, H, rng=rng)), Dense(H, 2, rng=rng), classes=CLASSES)


def pages(sentence="he was not sad today", **options):
    x, _ = WORDS.one_hot([sentence])
    return diagrams.sentence(trace(a_model(**options), x[:, 0], sentence.split()))


def reader(sentence="he was not sad today", **options):
    return widgets.SentenceStepper(a_model(), WORDS, sentence, **options)


def type_in(widget, text):
    """As a reader who types and presses Enter."""
    widget.field.value = text


def answer(widget):
    return "".join(ET.fromstring(widget.answer.value).itertext()) if widget.answer.value else ""


# ---- the Stepper


def test_a_stepper_starts_at_the_start_or_where_it_is_told():
    assert widgets.Stepper(pages()).t == 0
    assert widgets.Stepper(pages(), t=3).t == 3


def test_new_pages_leave_the_step_where_it_was():
    stepper = widgets.Stepper(pages(), t=3)
    stepper.pages = pages("he is not bad today")
    assert stepper.t == 3
    stepper.pages = pages("not bad")
    assert stepper.t == 2


def test_python_sets_the_step_and_stays_inside():
    stepper = widgets.Stepper(pages())
    heard = []
    stepper.observe(lambda change: heard.append(change["new"]), "t")
    for t in (2, 99, -5):
        stepper.t = t
    assert heard == [2, 5, 0]


def test_an_error_in_a_callback_is_shown_and_raised():
    stepper = widgets.Stepper(pages())

    def broken(change):
        if change["new"] == 2:
            raise ZeroDivisionError("no such <number>")

    stepper.observe(broken, "t")
    with pytest.raises(ZeroDivisionError):
        stepper.t = 2
    assert stepper.error == "ZeroDivisionError: no such <number>"
    stepper.t = 3
    assert stepper.error == ""


def test_the_browser_gets_everything_that_it_shows_as_json():
    stepper = widgets.Stepper(pages())
    sent = json.loads(json.dumps(stepper.get_state("pages")))["pages"]
    assert sent["svg"] == stepper.pages.svg
    assert sent["captions"] == list(stepper.pages.captions)
    assert sent["badge"].startswith("✓ agrees with rnnlib, largest difference 0")
    line = "".join(text for text, _ in sent["tips"][3]["state/2"])
    assert line.startswith("unit 2 tanh(")


# ---- what is stored


def test_the_bundle_has_the_view_a_picture_and_the_lines():
    for shown in (widgets.Stepper(pages(), t=3), reader(t=3)):
        data, _ = shown._repr_mimebundle_()
        assert set(data) == {VIEW, "text/html", "text/plain"}
        assert data["text/plain"].splitlines()[-1] == pages().captions[3]
        assert data["text/html"] == diagrams.static_svg(pages(), 3).html()
        assert type(data["text/html"]) is str
        json.dumps(data)


# ---- the sentence stepper


def test_a_new_sentence_gives_the_pages_of_that_sentence():
    widget = reader()
    type_in(widget, "he is good")
    x, _ = WORDS.one_hot(["he is good"])
    assert widget.pages == diagrams.sentence(trace(a_model(), x[:, 0], ["he", "is", "good"]))


def test_an_edit_leaves_the_step_where_it_was():
    widget = reader(t=3)
    type_in(widget, "he was not good today")
    assert widget.stepper.t == 3
    type_in(widget, "not bad")
    assert widget.stepper.t == 2


def test_the_button_reads_what_is_in_the_field():
    widget = reader()
    with widget.field.hold_trait_notifications():
        widget.field.set_trait("value", "he is good")
    widget.button.click()
    assert widget.pages.captions[3].startswith("Step 3 of 3: the network reads “good”.")


def test_unknown_words_are_named_and_skipped():
    widget = reader()
    type_in(widget, "he is xyz not zyx bad xyz")
    assert answer(widget).startswith("I do not know “xyz”, “zyx”. I skip them and read the rest.")
    assert len(widget.pages) == 5


def test_only_unknown_words_leave_the_picture_as_it_was():
    widget = reader()
    before = widget.pages
    type_in(widget, "xyz")
    assert answer(widget) == "I do not know “xyz”. Nothing is left to read: the picture stays as it was."
    assert widget.pages == before


@pytest.mark.parametrize("nothing", ["", "   ", "\t\n"])
def test_nothing_at_all_leaves_the_picture_as_it_was(nothing):
    widget = reader()
    before = widget.pages
    type_in(widget, nothing)
    assert answer(widget).startswith("There is no word here")
    assert widget.pages == before


def test_five_thousand_words_are_cut_and_it_says_so():
    widget = reader()
    type_in(widget, "not bad " * 2500)
    assert answer(widget) == "That is 5,000 words that I know; I read the first 40."
    assert len(widget.pages) == 41


def test_five_thousand_unknown_words_are_not_all_named():
    widget = reader()
    type_in(widget, " ".join(f"w{n}" for n in range(5000)) + " good")
    assert answer(widget).endswith("“w5” and 4,994 more. I skip them and read the rest.")
    assert len(answer(widget)) < 200


def test_markup_is_shown_and_not_run():
    widget = reader()
    type_in(widget, '<img/src=x/onerror=alert(1)> good & "bad" \'</div>')
    assert "<img" not in widget.answer.value and "&lt;img" in widget.answer.value
    assert "“<img" in answer(widget)
    assert len(widget.pages) == 3


def test_capitals_and_punctuation_are_left_out_and_it_says_so():
    widget = reader()
    type_in(widget, "He is NOT xyz. (Good!)")
    assert answer(widget).startswith(
        "I read “He” as “he”, “NOT” as “not”, “(Good!)” as “good”. I do not know “xyz.”. I skip it and read the rest."
    )
    assert len(widget.pages) == 5


def test_after_an_edit_the_columns_before_it_are_the_same_and_it_says_so():
    widget = reader()
    before = widget.record.h.copy()
    type_in(widget, "he was good today")
    assert np.array_equal(widget.record.h[:3], before[:3]) and not np.array_equal(widget.record.h[3], before[3])
    assert answer(widget) == "The first 2 words are as before, and their states, too: the same to the last bit."
    type_in(widget, "bad")
    assert answer(widget) == ""


def test_swap_exchanges_the_present_word_and_the_next():
    widget = reader(t=3)
    widget.swap.click()
    assert widget.record.tokens == ("he", "was", "sad", "not", "today")
    assert widget.field.value == "he was sad not today"
    assert answer(widget).startswith("“not” and “sad” have changed places: “positive” goes from ")
    assert widget.stepper.t == 3


def test_the_last_word_has_nothing_to_swap_with():
    widget = reader(t=5)
    widget.swap.click()
    assert answer(widget).startswith("There is no next word")
    assert widget.record.tokens == ("he", "was", "not", "sad", "today")


def test_all_units_come_as_a_second_view_with_the_same_step_and_go_again():
    widget = reader(t=2)
    widget.units.click()
    assert widget.strip in widget.children
    assert widget.strip.pages == diagrams.heat_strip(widget.record) and widget.strip.t == 2
    type_in(widget, "not bad")
    assert widget.strip.pages == diagrams.heat_strip(widget.record)
    widget.units.click()
    assert widget.strip is None and len(widget.children) == 5


def test_the_known_words_are_listed():
    shown = "".join(child.value for child in reader().children if hasattr(child, "value"))
    assert "I know 8 words: bad, good, he, is, not, sad, today, was." in shown


def test_an_error_while_reading_is_shown_in_the_widget():
    widget = reader()
    widget.look["units"] = 0
    with pytest.raises(ValueError, match="units"):
        type_in(widget, "he is good")
    assert widget.stepper.error == "ValueError: units: expected a whole number of at least 1, got 0"


def test_a_vocabulary_that_does_not_fit_is_an_error():
    with pytest.raises(ValueError, match="vocabulary: expected 8 words, as the model has inputs, got 2"):
        widgets.SentenceStepper(a_model(), Vocabulary(["a", "b"]), "a")


def test_a_first_sentence_without_a_known_word_is_an_error():
    with pytest.raises(ValueError, match="sentence: expected at least one known word, got 'xyz'"):
        reader("xyz")


# ---- the script


def test_the_script_is_short_and_generic():
    assert len((HERE / "stepper.js").read_text(encoding="utf-8").splitlines()) <= 300
    script = widgets.Stepper._esm
    assert not re.search(r"network|neural|sigmoid|tanh|softmax|\bword\b|sentence|probab|https?:|fetch|import\b", script)
    assert not re.search(r"Math\.(?!max|min)", script)


def test_the_style_loads_nothing():
    assert not re.search(r"url\(|@import|https?:", widgets.Stepper._css)
