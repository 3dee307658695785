"""The training desk: trains in the background, pauses, stops, and goes back through the epochs."""

import threading

import numpy as np
import pytest

from rnnlib import SGD, Adam, Dense, ManyToOne, Recurrent, RNNCell, diagrams, fit, widgets
from rnnlib.diagrams.pages import printed
from rnnlib.trace import trace
from tests.test_widgets import WORDS, a_model

TEXTS, LABELS = ["he is good", "he is bad", "not good", "not bad"], [1, 0, 0, 1]


def data():
    x, lengths = WORDS.one_hot(TEXTS)
    return x, LABELS, lengths


def desk(model=None, **options):
    x, y, lengths = data()
    settings = {"epochs": 6, "optimizer": Adam(0.05), "evaluate": {"test": (x, y, lengths)}} | options
    return widgets.TrainingDesk(model or a_model(), x, y, lengths, **settings)


def trained(epochs=6, seed=0):
    model = a_model()
    x, y, lengths = data()
    rng = np.random.default_rng(seed)
    fit(model, x, y, lengths, epochs=epochs, optimizer=Adam(0.05), rng=rng, progress=False)
    return model.vector()


def test_nothing_trains_before_the_button_is_pressed():
    model = a_model()
    shown = desk(model)
    assert len(shown.pages) == 1
    assert np.array_equal(model.vector(), a_model().vector())


def test_the_button_trains_as_fit_does():
    model = a_model()
    shown = desk(model)
    shown._go.holder.click()
    shown.wait()
    assert np.array_equal(model.vector(), trained())
    assert len(shown.pages) == 7
    assert shown.pages.captions[-1].endswith("Training ended: all epochs done.")
    assert shown.stepper.t == 6


def test_the_weights_of_each_epoch_are_kept():
    shown = desk(train=True)
    for epoch in (1, 4, 6):
        assert np.array_equal(shown.at(epoch).vector(), trained(epoch))
    assert np.array_equal(shown.at(0).vector(), a_model().vector())
    with pytest.raises(ValueError, match="epoch: expected one of 0, 1, 2"):
        shown.at(7)


def test_of_many_epochs_some_are_kept_and_the_last_is_among_them():
    shown = desk(epochs=205, train=True)
    assert [*shown.kept] == [0, *range(3, 205, 3), 205]


def test_pause_holds_on_and_continue_goes_on():
    """A callback presses "Pause"; the training waits for "Continue"."""
    paused, model = threading.Event(), a_model()

    def press(run):
        if run.epoch == 2:
            shown.pause()
            paused.set()

    shown = desk(model, callbacks=[press])
    shown.train()
    assert paused.wait(10)
    assert shown.running and shown._go.holder.description == "Continue"
    shown._go.holder.click()
    shown.wait()
    assert shown.history.epochs == 6
    assert np.array_equal(model.vector(), trained())


def test_stop_keeps_what_was_learned():
    def press(run):
        if run.epoch == 3:
            shown.stop()

    model = a_model()
    shown = desk(model, callbacks=[press])
    shown.train()
    shown.wait()
    assert shown.history.epochs == 3
    assert np.array_equal(model.vector(), trained(3))
    assert "you stopped it" in shown.pages.captions[-1]


def test_reset_gives_the_first_weights_back():
    model = a_model()
    shown = desk(model, train=True)
    shown.reset()
    assert np.array_equal(model.vector(), a_model().vector())
    assert len(shown.pages) == 1


def test_train_again_gives_the_same_run():
    model = a_model()
    shown = desk(model, train=True)
    shown.train()
    shown.wait()
    assert np.array_equal(model.vector(), trained())


def test_under_the_curves_stands_what_it_says_after_each_word_at_the_epoch():
    shown = desk(train=True, vocabulary=WORDS, sentence="he is not bad")
    x = WORDS.one_hot(["he is not bad"])[0][:, 0]
    said = [(address, text) for address, text in printed(shown.pages) if address.startswith("word/")]
    assert len(said) == 4 * len(shown.pages)
    for address, text in said:
        _, epoch, t = address.split("/")
        assert text == f"{trace(shown.at(int(epoch)), x).probabilities[int(t), -1]:.2f}"
    assert "word/" not in desk(train=True).pages.svg


def test_the_sentence_under_more_is_that_of_the_epoch():
    shown = desk(train=True, vocabulary=WORDS, sentence="he is not bad")
    x, _ = WORDS.one_hot(["he is not bad"])
    for epoch in (6, 2, 0):
        shown.stepper.t = epoch
        record = trace(shown.at(epoch), x[:, 0], ["he", "is", "not", "bad"])
        assert shown.sentence.pages.svg == diagrams.sentence(record).svg


def test_what_training_raises_is_shown():
    def broken(run):
        raise ZeroDivisionError("no")

    shown = desk(callbacks=[broken])
    shown.train()
    shown.wait()
    assert shown.stepper.error == "ZeroDivisionError: no"
    assert shown._go.holder.description == "Train again"


def test_a_training_that_diverges_says_so_and_keeps_the_last_good_weights():
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(RNNCell(8, 4, activation="relu", rng=rng)), Dense(4, 2, rng=rng))
    model.params["body.W_hh"][:] *= 1e200
    shown = desk(model, optimizer=SGD(1e200))
    shown.train()
    shown.wait()
    assert "the last good weights are kept" in shown.answer.value
    assert np.isfinite(model.vector()).all()


def test_a_recipe_that_fit_refuses_is_shown():
    shown = desk(batch_size=0)
    shown.train()
    shown.wait()
    assert shown.stepper.error.startswith("ValueError: batch_size")


def test_the_stored_picture_shows_the_last_epoch_of_a_run_that_was_made_at_once():
    data_, _ = desk(train=True)._repr_mimebundle_()
    assert data_["text/plain"].splitlines()[-1].startswith("After epoch 6 of 6")


# ---- beside its floor


def test_the_accuracy_stands_beside_the_share_of_the_largest_class():
    assert "(largest class: 0.50)" in desk(train=True).pages.captions[1]


def test_of_uneven_classes_the_recall_of_each_is_said_after_training_and_gone_after_a_reset():
    x, _, lengths = data()
    shown = desk(evaluate={"test": (x, [1, 0, 0, 0], lengths)}, train=True)
    assert "largest class: 0.75" in shown.pages.captions[1]
    assert "recall of each class: negative" in shown.answer.value
    shown.reset()
    assert shown.answer.value == ""


@pytest.mark.parametrize("options", [{"evaluate": None}, {"name": "other"}])
def test_without_the_set_there_is_no_floor(options):
    assert "largest class" not in desk(train=True, **options).pages.captions[1]


def test_numbers_have_no_floor():
    x, _, lengths = data()
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(RNNCell(len(WORDS), 3, rng=rng)), Dense(3, 1, rng=rng), loss="mean_squared_error")
    y = np.linspace(0, 1, 4)
    shown = widgets.TrainingDesk(
        model, x, y, lengths, epochs=2, optimizer=SGD(0.1), evaluate={"test": (x, y, lengths)}, train=True
    )
    assert "largest class" not in shown.pages.captions[1]
