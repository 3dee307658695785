"""A training run as pages: every number is the history's."""

import dataclasses

import pytest

from rnnlib.diagrams.pages import printed
from rnnlib.diagrams.training import FLOOR, training
from rnnlib.look.lettering import number
from rnnlib.training import History


def history(epochs=5, name="test"):
    steps = range(1, epochs + 1)
    return History(
        loss=[2.0 / k for k in steps],
        gradient_norm=[0.5 * 3.0**-k for k in steps],
        learning_rate=[0.1] * epochs,
        losses={name: [2.5 / k for k in steps]} if name else {},
        accuracies={name: [min(1.0, 0.2 * k) for k in steps]} if name else {},
        stopped="all epochs done",
    )


def test_every_number_in_the_picture_is_the_historys():
    seen = history()
    found = {address: number(text) for address, text in printed(training(seen))}
    assert len(found) == 4 * 5
    for k in range(1, 6):
        assert found[f"training/{k}"] == pytest.approx(seen.loss[k - 1], abs=5e-4)
        assert found[f"test/{k}"] == pytest.approx(seen.losses["test"][k - 1], abs=5e-4)
        assert found[f"accuracy/{k}"] == pytest.approx(seen.accuracies["test"][k - 1], abs=5e-3)
        assert found[f"gradient norm/{k}"] == pytest.approx(seen.gradient_norm[k - 1], abs=5e-4)


def test_page_0_is_before_training_and_then_one_for_each_epoch():
    pages = training(history())
    assert len(pages) == 6
    assert pages.captions[0].startswith("Before training")
    assert pages.captions[2] == "After epoch 2 of 5: the training loss is 1.000; accuracy is 0.40, 0.20 before."
    assert pages.captions[5].endswith("Training ended: all epochs done.")
    assert pages.marks[2] == "epoch 2 / 5"


def test_some_epochs_may_have_a_page():
    pages = training(history(6), shown=[2, 4, 6])
    assert pages.marks == ("epoch 0 / 6", "epoch 2 / 6", "epoch 4 / 6", "epoch 6 / 6")


def test_an_epoch_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="shown: expected epochs from 1 to 5"):
        training(history(), shown=[6])


def test_before_the_first_epoch_there_is_one_page():
    pages = training(History(), epochs=10)
    assert len(pages) == 1
    assert "10 epochs are planned" in pages.captions[0]


def test_without_a_set_to_evaluate_on_it_says_so():
    svg = training(history(name="")).svg
    assert "no set to evaluate on" in svg


def test_where_answers_are_numbers_there_is_a_loss_and_no_accuracy():
    pages = training(dataclasses.replace(history(), accuracies={"test": [float("nan")] * 5}), floor=0.5)
    assert "its answers are no classes" in pages.svg and "largest class" not in pages.svg
    assert pages.table[0] == ("epoch", "training loss", "gradient norm", "test")


# ---- the floor


def test_the_floor_stands_beside_the_accuracy():
    pages = training(history(), floor=0.5)
    assert pages.table[0] == ("epoch", "training loss", "gradient norm", "test", "accuracy", "largest class")
    assert [row[-1] for row in pages.table[1:]] == ["0.50"] * 5
    assert pages.captions[1].endswith("accuracy is 0.20 (largest class: 0.50).")
    assert "always the largest class" in pages.svg and FLOOR not in training(history()).svg
    assert pages.agreement.startswith("✓")


@pytest.mark.parametrize("seen", [History(), history(name="")])
def test_without_accuracies_there_is_no_floor_and_no_error(seen):
    assert FLOOR not in training(seen, epochs=10, floor=0.5).svg
