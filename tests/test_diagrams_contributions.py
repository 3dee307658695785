"""What each word contributes: the difference that leaving it out makes, for the words that have been read."""

import numpy as np
import pytest

from rnnlib import Dense, ManyToOne, Recurrent, RNNCell, diagrams
from rnnlib.diagrams.pages import printed
from rnnlib.look.lettering import number
from rnnlib.saliency import occlusion

T = 4
WORDS = ["not", "sad", "at", "all"]


def network(seed):
    rng = np.random.default_rng(seed)
    return ManyToOne(Recurrent(RNNCell(3, 4, init=1.5, rng=rng)), Dense(4, 3, init=1.5, rng=rng))


def inputs():
    return np.random.default_rng(9).normal(size=(T, 3))


def prefixes(model, steps=T):
    return [occlusion(model, inputs()[:t]) for t in range(1, steps + 1)]


def test_a_number_is_what_is_lost_without_the_word():
    models = {"one": network(1), "two": network(2)}
    pages = diagrams.contributions({name: prefixes(model) for name, model in models.items()}, WORDS, output=2)
    found, x = dict(printed(pages)), inputs()
    for k, model in enumerate(models.values()):
        for t in range(2, T + 1):
            whole = model.predict(x[:t, None])[0, 2]
            for s in range(t):
                rest = np.delete(x[:t], s, axis=0)
                expected = whole - model.predict(rest[:, None])[0, 2]
                assert number(found[f"part{k}/{t}/{s}"]) == pytest.approx(expected, abs=5.1e-3)
    assert not [at for at in found if at.startswith("part") and int(at.split("/")[2]) >= int(at.split("/")[1])]


def test_the_caption_names_the_word_that_makes_the_largest_difference():
    model = network(1)
    pages = diagrams.contributions({"one": prefixes(model)}, WORDS)
    most = np.abs(occlusion(model, inputs()).change[:, 1]).argmax()
    assert pages.captions[T].endswith(f"one on “{WORDS[most]}”.")


@pytest.mark.parametrize(
    ("networks", "options", "said"),
    [
        ({}, {}, "1 to 5 over 1 to 12 words"),
        ({"one": prefixes(network(1), 3)}, {}, "occlusions of 1 to 4 words"),
        ({"one": prefixes(network(1))}, {"output": 3}, "one of 3, got 3"),
    ],
)
def test_what_does_not_fit_is_an_error(networks, options, said):
    with pytest.raises(ValueError, match=said):
        diagrams.contributions(networks, WORDS, **options)
