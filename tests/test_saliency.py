"""Leaving out: each step's part in an answer, in numbers and as pages."""

import dataclasses

import numpy as np
import pytest

from rnnlib import Bidirectional, Dense, Embedding, ManyToOne, Recurrent, RNNCell, Stacked, diagrams
from rnnlib.data import load_labelled_sentences
from rnnlib.diagrams.pages import printed
from rnnlib.exercises import predict
from rnnlib.look.lettering import number
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
    record, without = trace(model, x, tokens or text.split()), occlusion(model, x)
    asked = predict.leaving_out(record, without, len(record.classes) - 1) if options.pop("ask", False) else None
    return diagrams.leaving_out(record, without, ask=asked, **options)


def of_numbers(vocabulary, K=3, seed=0):
    """Reads numbers of words, from both ends, and takes the mean: as the networks of the recipe do."""
    rng = np.random.default_rng(seed)
    left, right = (Recurrent(RNNCell(4, 3, rng=rng), reverse=back) for back in (False, True))
    body = Stacked([Embedding(len(vocabulary), 4, rng=rng), Bidirectional(left, right)])
    classes = ("negative", "neutral", "positive", *"abcdefg")[:K]
    return ManyToOne(body, Dense(6, K, rng=rng), pool="mean", classes=classes)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """Sentences of three classes, as a reader's file has them."""
    words = {"negative": ["cold", "rude"], "neutral": ["usual", "average"], "positive": ["kind", "tasty"]}
    lines = [
        f"The {a} was {w},{k}" for k, some in words.items() for w in some for a in ("soup", "tea", "room", "bread")
    ]
    path = tmp_path_factory.mktemp("three") / "reviews.csv"
    path.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    return load_labelled_sentences(path, least=1)


def own(three, sentence="The soup was rude", **options):
    return SentimentPlayground(of_numbers(three.vocabulary), three, sentence, **options)


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
    assert np.isnan(occlusion(model, one_hot("good")).without).all()  # of one step nothing is left
    for wrong in (np.zeros((3, 8), int), np.zeros(0, int)):
        with pytest.raises(ValueError, match="x: expected"):
            occlusion(of_numbers(WORDS), wrong)


def test_words_by_their_numbers_are_left_out_as_one_hot_words_are():
    model, x = a_model(), one_hot("he was not sad today")
    cell, same = model.body.cell, a_model().output
    table = Embedding(len(WORDS), len(WORDS), vectors=np.eye(len(WORDS)))
    looked_up = occlusion(ManyToOne(Stacked([table, Recurrent(cell)]), same), x.argmax(axis=1))
    assert looked_up.without == pytest.approx(occlusion(model, x).without, abs=1e-12)


# ---- pages


@pytest.mark.parametrize("text", ["he was not sad today", "good", " ".join(["not"] * 40)])
def test_every_number_in_the_picture_is_the_librarys(text):
    model, x = a_model(), one_hot(text)
    p, left = trace(model, x).probabilities, occlusion(model, x)
    found = {address: number(text) for address, text in printed(draw(text))}
    for t in range(1, len(x) + 1):
        assert found[f"p/{t}"] == pytest.approx(p[t - 1, 1], abs=5.1e-3)
        if len(x) > 1:
            assert found[f"change/{t}"] == pytest.approx(left.change[t - 1, 1], abs=5.1e-3)
            assert found[f"without/{t}"] == pytest.approx(left.without[t - 1, 1], abs=5.1e-3)
    assert draw(text).agreement.startswith("✓ agrees with rnnlib, largest difference 0")


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


# ---- more than two classes, and the reader's own sentences


@pytest.mark.parametrize("name", ["negative", "neutral", "positive"])
def test_the_class_that_is_shown_can_be_chosen(three, name):
    lab = own(three)
    lab.set(follow=name)
    k = lab.model.classes.index(name)
    p = lab.model.predict(*three.encode(["The soup was rude"]))[0, k]
    assert f"“{name}” is at {p:.2f}" in lab.pages.captions[0]
    assert lab.pages.captions == own(three, follow=name).pages.captions


def test_after_each_word_it_says_what_it_would_say_if_the_sentence_ended_there(three):
    lab = own(three, follow="neutral")
    for t in range(1, 5):
        p = lab.model.predict(*three.encode([" ".join(["the", "soup", "was", "rude"][:t])]))[0, 1]
        assert lab.pages.table[1][t] == f"{p:.2f}"


def test_own_sentences_are_read_as_those_of_the_file(three):
    lab = own(three, "The TEA wasn't rude!")
    lab._turned()
    assert lab.words == ["<unk>", "rude", "<unk>", "was", "tea", "the"]
    lab._turned()
    assert lab.words == three.words("The TEA wasn't rude!") == ["the", "tea", "was", "<unk>", "rude", "<unk>"]
    assert "“n&#x27;t”, “!”: read as &lt;unk&gt;" in lab.answer.value


@pytest.mark.parametrize("keep", ["start", "end"])
def test_of_a_long_sentence_the_end_that_was_kept_is_read(three, keep):
    read = dataclasses.replace(three, report=dataclasses.replace(three.report, keep=keep))
    lab = own(read, "kind " + "the " * 30 + "rude")
    assert len(lab.words) == 24 and (lab.words[0] == "kind") is (keep == "start")
    assert f"I read the {'first' if keep == 'start' else 'last'} 24" in lab.answer.value


def test_a_text_without_a_word_changes_nothing(three):
    lab = own(three)
    before = lab.pages
    lab.controls["sentence"].value = "..."
    assert lab.words == ["the", "soup", "was", "rude"] and lab.pages.svg[-200:] == before.svg[-200:]
    assert "no word here" in lab.answer.value
