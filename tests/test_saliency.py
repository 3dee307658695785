"""Leaving out: each step's part in an answer, in numbers and as pages."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from rnnlib import diagrams
from rnnlib.diagrams.lettering import number
from rnnlib.diagrams.pages import printed
from rnnlib.saliency import Occlusion, occlusion
from rnnlib.trace import trace
from rnnlib.widgets import SentimentPlayground
from tests.test_widgets import WORDS, a_model

SVG = "{http://www.w3.org/2000/svg}"


def one_hot(text):
    return WORDS.one_hot([text])[0][:, 0]


def draw(text="he was not sad today", tokens=None, model=None, **options):
    model = model or a_model()
    x = one_hot(text)
    return diagrams.leaving_out(trace(model, x, tokens or text.split()), occlusion(model, x), **options)


def playground(sentence="he was not sad today", **options):
    return SentimentPlayground(a_model(), WORDS, sentence, **options)


def test_it_is_the_prediction_without_each_step():
    model, x = a_model(), one_hot("he was not sad today")
    found = occlusion(model, x)
    assert found.whole == pytest.approx(model.predict(x[:, None])[0], abs=1e-12)
    for t in range(5):
        rest = np.delete(x, t, axis=0)
        assert found.without[t] == pytest.approx(model.predict(rest[:, None])[0], abs=1e-12)
    assert found.change == pytest.approx(found.without - found.whole)


def test_of_one_step_nothing_is_left():
    assert np.isnan(occlusion(a_model(), one_hot("good")).without).all()


@pytest.mark.parametrize(("x", "error"), [(np.zeros((0, 8)), ValueError), (np.zeros((2, 7)), ValueError)])
def test_a_sequence_that_does_not_fit_is_an_error(x, error):
    with pytest.raises(error):
        occlusion(a_model(), x)


def test_another_model_is_an_error():
    with pytest.raises(TypeError, match="ManyToOne"):
        occlusion(a_model().body, one_hot("good"))


# ---- pages


@pytest.mark.parametrize("text", ["he was not sad today", "good", " ".join(["not"] * 40)])
def test_every_number_in_the_picture_is_the_librarys(text):
    model, x = a_model(), one_hot(text)
    p, left = trace(model, x).probabilities, occlusion(model, x)
    found = {address: number(text) for address, text in printed(draw(text))}
    for t in range(1, len(x) + 1):
        assert found[f"p/{t}/1"] == pytest.approx(p[t - 1, 1], abs=5.1e-3)
        if len(x) > 1:
            assert found[f"change/{t}/1"] == pytest.approx(left.change[t - 1, 1], abs=5.1e-3)
            assert found[f"without/{t}/1"] == pytest.approx(left.without[t - 1, 1], abs=5.1e-3)
    assert draw(text).agreement.startswith("✓ agrees with rnnlib, largest difference 0")


def test_no_number_in_the_picture_goes_unchecked():
    texts = ET.fromstring(draw().svg).iter(f"{SVG}text")
    assert [e.text for e in texts if "data-n" not in e.attrib and "." in (e.text or "")] == []


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", "\"quo'te&", "🙂", "漢字", "x" * 300])
def test_words_are_escaped_and_clipped(word):
    svg = draw(tokens=[word, "b", "c", "d", "e"]).svg
    ET.fromstring(svg)
    assert "<script>" not in svg and "x" * 30 not in svg


def test_the_question_has_the_word_that_changes_most_as_its_answer():
    pages = draw(ask=True)
    question = pages.questions[0]
    change = np.abs(occlusion(a_model(), one_hot("he was not sad today")).change[:, 1])
    assert question.answers[question.right].text.endswith(f"(word {change.argmax() + 1})")
    assert "more than any other" in question.answers[question.right].reply
    assert "does not say that the network understands" in pages.note


def test_an_occlusion_of_another_sentence_is_an_error():
    with pytest.raises(ValueError, match="same sentence"):
        diagrams.leaving_out(trace(a_model(), one_hot("he is")), occlusion(a_model(), one_hot("he is bad")))
    with pytest.raises(ValueError, match="same sentence"):
        diagrams.leaving_out(trace(a_model(), one_hot("he")), Occlusion(np.ones(2), np.ones((1, 2))))


# ---- the playground


def test_the_shown_probability_is_the_librarys():
    lab = playground()
    p = a_model().predict(one_hot("he was not sad today")[:, None])[0, 1]
    assert f"“positive” is at {p:.2f}" in lab.pages.captions[0]


def test_a_new_sentence_is_read_and_no_longer_asked_about():
    lab = playground()
    assert lab.pages.questions
    lab.controls["sentence"].value = "He is xyz good!"
    assert lab.words == ["he", "is", "good"]
    assert lab.pages == draw("he is good")
    assert "I do not know “xyz”" in lab.answer.value


@pytest.mark.parametrize(
    ("typed", "said"), [("", "no word here"), ("xyz <b>", "Nothing is left"), ("not " * 5000, "5,000")]
)
def test_empty_unknown_and_endless_texts_are_safe(typed, said):
    lab = playground()
    lab.controls["sentence"].value = typed
    assert said in lab.answer.value
    assert "<b>" not in lab.answer.value
    assert len(lab.pages) == (25 if "not" in typed else 6)


def test_the_order_is_turned_round():
    lab = playground()
    lab._turned()
    assert lab.words == ["today", "sad", "not", "was", "he"]
    assert lab.values["sentence"] == "today sad not was he"


@pytest.mark.parametrize(
    ("model", "sentence", "error"), [(a_model(), "xyz", ValueError), (a_model().body, "he", TypeError)]
)
def test_what_cannot_be_shown_is_an_error(model, sentence, error):
    with pytest.raises(error):
        SentimentPlayground(model, WORDS, sentence)
