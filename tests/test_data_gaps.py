"""What a reader may rely on when a series has gaps."""

import numpy as np
import pytest

from rnnlib.data import Examples, fill_gaps, standardised


def series(seed: int = 0, lengths: list[int] | None = None) -> Examples:
    rng = np.random.default_rng(seed)
    x = rng.normal(3, 2, (8, 4, 2))
    return Examples(x, np.zeros(4), None if lengths is None else np.array(lengths))


@pytest.mark.parametrize(("value", "what"), [(np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")])
@pytest.mark.parametrize("place", [(5, 3, 1), (0, 0, 0)])
def test_a_gap_is_refused_with_its_place(value: float, what: str, place: tuple[int, int, int]) -> None:
    test, still, train = series(1), np.ones((3, 2)), series()
    test.x[2, 1, 0] = still[1, 1] = np.nan
    with pytest.raises(ValueError, match=r"got NaN at step 2, sequence 1, input 0 of others\[1\]"):
        standardised(series(), series(), test)
    with pytest.raises(ValueError, match="got NaN at sequence 1, input 1 of train"):
        standardised(Examples(still, np.zeros(3)))
    train.x[place] = value
    where = "step {}, sequence {}, input {}".format(*place)
    with pytest.raises(
        ValueError, match=rf"x: expected numbers, got {what} at {where} of train \(1 such in all\): fill"
    ):
        standardised(train)


def test_padding_may_hold_anything() -> None:
    clean, dirty = series(lengths=[8, 5, 3, 1]), series(lengths=[8, 5, 3, 1])
    dirty.x[5:, 1], dirty.x[3:, 2] = np.nan, np.inf
    (a,), (b,) = standardised(clean), standardised(dirty)
    assert np.array_equal(a.x, b.x) and (b.x[5:, 1] == 0).all()
    assert np.array_equal(fill_gaps(clean, mark=False)[0].x, fill_gaps(dirty, mark=False)[0].x)


def test_a_gap_is_filled_with_the_last_number_before_it_and_marked() -> None:
    train = series()
    train.x[3:5, 1, 0] = np.nan
    (filled,) = fill_gaps(train)
    assert filled.x.shape == (8, 4, 4)
    assert (filled.x[3:5, 1, 0] == train.x[2, 1, 0]).all() and filled.x[5, 1, 0] == train.x[5, 1, 0]
    assert np.argwhere(filled.x[:, :, 2:] == 1).tolist() == [[3, 1, 0], [4, 1, 0]]
    assert np.isfinite(standardised(filled)[0].x).all()


def test_before_the_first_number_stands_the_mean_of_train() -> None:
    train, test = series(), series(1)
    test.x[:2, 0, 1] = np.nan
    _, filled = fill_gaps(train, test, mark=False)
    assert np.allclose(filled.x[:2, 0, 1], train.x[:, :, 1].mean())


@pytest.mark.parametrize(
    ("x", "what"),
    [
        (np.full((3, 2, 1), np.nan), "at least one number in each input, got none in input 0"),
        (np.full((3, 2, 1), np.inf), r"got infinity \(train\)"),
        (np.ones((3, 2)), r"expected numbers \(T, B, 2\)"),
    ],
)
def test_what_cannot_be_filled_is_an_error(x: np.ndarray, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        fill_gaps(Examples(x, np.zeros(2)))
