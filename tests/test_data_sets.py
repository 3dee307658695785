"""The stored sets: what is in them, where it comes from, and that a changed file is refused."""

import hashlib
import io
import shutil
from datetime import date

import numpy as np
import pytest

from rnnlib import Dense, EncoderDecoder, GRUCell, ManyToMany, ManyToOne, OneToMany, OneToOne, Recurrent, RNNCell
from rnnlib.data import Examples, Symbols, dates, digits, name_scores, names, standardised, stored, sunspots, vowels
from rnnlib.data.dates import LANGUAGES, STYLES, held_out
from rnnlib.data.name_patterns import sentences
from rnnlib.layers import Embedding, Stacked
from tools import make_data

LOADERS = {"sunspots.tsv": sunspots, "vowels.npz": vowels, "names.tsv": names, "digits.npz": digits, "dates.tsv": dates}


@pytest.fixture(scope="module")
def spoken():
    return vowels()


@pytest.fixture(scope="module")
def tagged():
    return names()


@pytest.fixture(scope="module")
def drawn():
    return digits()


@pytest.fixture(scope="module")
def written():
    return dates()


def rng(seed=0):
    return np.random.default_rng(seed)


# ---- files ----------------------------------------------------------------------------------------------------------


def test_every_file_has_a_checksum_and_all_are_small():
    files = [path for path in stored.FILES.iterdir() if not path.name.startswith(".")]
    assert {path.name for path in files} == set(stored.CHECKSUMS)
    assert set(make_data.MAKERS) == set(stored.CHECKSUMS)
    assert all(hashlib.sha256(path.read_bytes()).hexdigest() == stored.CHECKSUMS[path.name] for path in files)
    sizes = [path.stat().st_size for path in files]
    assert max(sizes) <= 250_000
    assert sum(sizes) < 1_000_000


@pytest.mark.parametrize("name", LOADERS)
def test_a_file_with_one_other_byte_is_refused(tmp_path, monkeypatch, name):
    for path in stored.FILES.iterdir():
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(stored, "FILES", tmp_path)
    LOADERS[name]()  # the copy is read
    raw = bytearray((tmp_path / name).read_bytes())
    raw[-100] ^= 1
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(ValueError, match=r"expected the file with SHA-256 .*, got .*make_data"):
        LOADERS[name]()


@pytest.mark.parametrize(
    ("load", "source", "licence"),
    [
        (sunspots, "NOAA", "public domain"),
        (vowels, "Kudo", "CC BY 4.0"),
        (names, "written for this book", "MIT"),
        (digits, "Alpaydin", "CC BY 4.0"),
        (dates, "CLDR", "Unicode License v3"),
    ],
)
def test_a_card_says_what_how_many_where_from_under_which_licence_and_how_made(load, source, licence):
    lines = load().card.splitlines()
    rows = {line[:9].strip(): line[9:] for line in lines if not line.startswith(" ") and line[8:9] == " "}
    assert {"what", "size", "from", "licence", "made", "split", "limits"} <= set(rows)
    assert source in rows["from"] or source in load().card.partition("from ")[2].partition("licence")[0]
    assert licence in rows["licence"]
    assert "tools.make_data" in rows["made"]


def test_an_npz_is_the_same_bytes_each_time_and_is_read_back():
    one, two = (make_data.as_npz(a=np.arange(6, dtype="<i2").reshape(2, 3), b=np.array(7, "u1")) for _ in range(2))
    assert one == two
    with np.load(io.BytesIO(one)) as file:
        assert file["a"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert file["b"].shape == () and file["b"] == 7


@pytest.mark.parametrize(
    "build",
    [
        lambda: standardised(Examples(np.ones((3, 2), int), np.zeros(2))),
        lambda: standardised(Examples(np.ones((4, 3)), np.zeros(4)), Examples(np.ones((4, 2)), np.zeros(4))),
        lambda: sunspots().windows(250),
        lambda: sunspots().windows(11, until=2009),
        lambda: names().train.where(kind="other"),
        lambda: name_scores(np.zeros((4, 2)), np.zeros((4, 3)), [4, 4, 4]),
        lambda: dates(languages=("xx",)),
        lambda: dates(years=(2049, 1950)),
        lambda: dates(languages=("de",), styles=("full",), train=9, test=99, years=(2000, 2000)),
        lambda: dates().test.where(language="en", style="full"),
        lambda: Symbols("aba"),
        lambda: Symbols("abc").encode("abx"),
        lambda: Symbols("abc").decode([4]),
        lambda: Symbols("abc").pad(["a", ""], end=False),
    ],
)
def test_what_does_not_exist_is_refused(build):
    with pytest.raises(ValueError, match=r"expected|unknown|no (?:sentence|date) "):
        build()


# ---- together: each is what a model takes ---------------------------------------------------------------------------


def readers(K=3, **options):
    return Recurrent(GRUCell(K, 3, rng=rng())), Dense(3, options.pop("outputs"), rng=rng())


def models():
    """A model for each set, the part that it is asked about, and the names of its answers."""
    drawn, tagged, written = digits(), names(), dates()
    letters, writing = len(drawn.letters), len(written.writing)
    words = Stacked([Embedding(280, 3, rng=rng()), Recurrent(RNNCell(3, 2, rng=rng()))])
    text = Stacked([Embedding(len(written.reading), 3, rng=rng()), Recurrent(GRUCell(3, 2, rng=rng()))])
    decoder = Recurrent(GRUCell(writing, 2, rng=rng())), Dense(2, writing, rng=rng())
    spelling = Dense(64, 3, rng=rng()), *readers(letters, outputs=letters)
    return {
        "sunspots": (ManyToOne(*readers(1, outputs=1), loss="mean_squared_error"), sunspots().windows(11)[0]),
        "vowels": (ManyToOne(*readers(12, outputs=9), classes=vowels().speakers), vowels().test),
        "names": (ManyToMany(words, Dense(2, 3, rng=rng()), classes=tagged.tags), tagged.test),
        "digits": (OneToOne(*readers(64, outputs=10), classes=drawn.words), drawn.test),
        "spelled": (OneToMany(*spelling, end=drawn.letters.end), drawn.spelled(drawn.test)),
        "dates": (EncoderDecoder(text, *decoder, end=written.writing.end), written.test.take(range(5))),
    }


@pytest.mark.parametrize("name", ["sunspots", "vowels", "names", "digits", "spelled", "dates"])
def test_a_model_takes_a_set_as_it_is(name):
    model, part = models()[name]
    assert model.loss(model.batch(*part))[0] > 0


@pytest.mark.parametrize(
    ("load", "one"),
    [
        (vowels, lambda part, b: part.x[: part.lengths[b], b].tobytes()),
        (names, lambda part, b: part.texts[b]),
        (digits, lambda part, b: part.x[b].tobytes()),
        (dates, lambda part, b: part.isos[b]),
    ],
)
def test_nothing_of_the_test_is_in_the_training_set(load, one):
    data = load()
    train, test = (
        [one(part, b) for b in range(len(part.lengths if part.lengths is not None else part.x))]
        for part in (data.train, data.test)
    )
    assert not set(train) & set(test) and len(set(test)) > 0.5 * len(test)


# ---- examples -------------------------------------------------------------------------------------------------------


def test_standardised_has_mean_0_and_spread_1_over_true_steps_and_keeps_padding(spoken):
    train, test = standardised(spoken.train, spoken.test)
    true = np.arange(len(train.x))[:, None] < train.lengths
    assert train.x[true].mean(axis=0) == pytest.approx(np.zeros(12), abs=1e-12)
    assert train.x[true].std(axis=0) == pytest.approx(np.ones(12))
    assert not train.x[~true].any()
    b, last = 5, spoken.test.lengths[5] - 1
    mean, spread = spoken.train.x[true].mean(axis=0), spoken.train.x[true].std(axis=0)
    assert test.x[last, b] == pytest.approx((spoken.test.x[last, b] - mean) / spread)
    assert not test.x[last + 1 :, b].any()


def test_standardised_leaves_a_constant_input_finite_and_its_arguments_as_they_were():
    x = np.ones((4, 3, 2))
    x[..., 1] = rng().normal(size=(4, 3))
    before = x.copy()
    (result,) = standardised(Examples(x, np.zeros(3, int)))
    assert not result.x[..., 0].any()
    assert np.array_equal(x, before)


# ---- sunspots -------------------------------------------------------------------------------------------------------


def test_sunspots_are_309_years_without_a_gap():
    data = sunspots()
    assert data.years.tolist() == list(range(1700, 2009))
    assert data.numbers.shape == (309,)
    assert (data.numbers.min(), data.numbers.max()) == (0.0, 190.2)
    assert data.years[data.numbers.argmax()] == 1957


def test_a_window_is_followed_by_the_number_of_the_next_year():
    data = sunspots()
    train, test = data.windows(11, until=1950)
    assert (train.x.shape, train.y.shape) == ((11, 239, 1), (239, 1))
    assert (test.x.shape, test.y.shape) == ((11, 59, 1), (59, 1))
    assert train.x[:, 0, 0] * 100 == pytest.approx(data.numbers[:11])
    assert train.y[:, 0] * 100 == pytest.approx(data.numbers[11:250])
    assert test.x[:, 0, 0] * 100 == pytest.approx(data.numbers[239:250])
    assert test.y[:, 0] * 100 == pytest.approx(data.numbers[250:])


# ---- vowels ---------------------------------------------------------------------------------------------------------


def test_vowels_are_640_utterances_of_7_to_29_frames(spoken):
    assert spoken.train.x.shape == (26, 270, 12)
    assert spoken.test.x.shape == (29, 370, 12)
    lengths = np.concatenate([spoken.train.lengths, spoken.test.lengths])
    assert (lengths.min(), lengths.max(), lengths.sum()) == (7, 29, 9961)
    assert np.bincount(spoken.train.y).tolist() == [30] * 9
    published = np.array([[1.860936, -0.207383, 0.261557], [1.891651, -0.193249, 0.235363]])
    assert spoken.train.x[:2, 0, :3] == pytest.approx(published, abs=5.1e-5) and not spoken.train.x[20:, 0].any()
    assert np.bincount(spoken.test.y).tolist() == [31, 35, 88, 44, 29, 24, 40, 50, 29]


# ---- names ----------------------------------------------------------------------------------------------------------


def test_the_patterns_give_the_stored_sentences_each_time(tagged):
    first, second = sentences(), sentences()
    assert first == second
    for part, made in zip((tagged.train, tagged.test), first, strict=True):
        assert part.texts == tuple(sentence.text for sentence in made)
        assert part.doubtful.tolist() == [sentence.doubtful for sentence in made]
    assert make_data.make_names(None) == (stored.FILES / "names.tsv").read_bytes()


def test_names_have_the_sizes_of_their_card(tagged):
    for part, size, kinds in ((tagged.train, 1512, [432, 360, 720]), (tagged.test, 564, [144, 120, 300])):
        assert len(part) == size
        assert np.unique(part.kinds, return_counts=True)[1].tolist() == kinds  # after, before, plain
        assert part.x.shape == part.y.shape == (14, size)
        assert part.lengths.min() >= 4
    assert len(tagged.vocabulary) == 280
    true = np.arange(14)[:, None] < tagged.train.lengths
    assert (tagged.train.y[true] > 0).mean() == pytest.approx(1 / 8, abs=0.01)


def test_the_arrays_say_what_the_texts_say(tagged):
    part = tagged.test
    for b in range(0, len(part), 7):
        length = part.lengths[b]
        assert tagged.vocabulary.decode(part.x[:length, b]) == part.texts[b]
        assert not part.x[length:, b].any() and not part.y[length:, b].any()


def test_tags_are_right_in_sentences_chosen_by_hand(tagged):
    tags = {text: tagged.train.y[:, b] for b, text in enumerate(tagged.train.texts)}
    assert tags["omar cleaned the kitchen table every day"].tolist()[:7] == [1, 0, 0, 0, 0, 0, 0]
    assert tags["karim and hanna went to prague before the meeting"].tolist()[:9] == [1, 0, 1, 0, 0, 2, 0, 0, 0]
    pairs = [(text, tag) for text, tag in tags.items() if text.startswith("they say rose ")]
    assert {int(tag[2]) for _, tag in pairs} == {0, 1}


@pytest.mark.parametrize("part", ["train", "test"])
@pytest.mark.parametrize("kind", ["before", "after"])
def test_each_doubtful_word_is_a_person_as_often_as_not(tagged, part, kind):
    chosen = getattr(tagged, part).where(kind=kind)
    words, tags = chosen.at_doubtful(chosen.x), chosen.at_doubtful(chosen.y)
    for word in np.unique(words):
        assert (tags[words == word] == 1).mean() == 0.5


def test_where_keeps_the_sentences_whose_names_stand_at_the_positions(tagged):
    first = tagged.train.where(kind="plain", positions={1})
    assert not first.y[1:].any()
    assert (first.y[0] > 0).sum() == 300 and (first.y[0] == 0).sum() == 90
    later = tagged.test.where(kind="plain", positions={2, 3, 4, 5, 6}, at_most=1)
    assert not later.y[0].any() and not later.y[6:].any()
    assert (later.y > 0).sum(axis=1)[1:6].tolist() == [30, 30, 30, 30, 30]
    assert (later.y > 0).sum(axis=0).max() == 1
    assert set(first.kinds) == {"plain"}


def test_name_scores_of_an_example_worked_by_hand():
    y = np.array([[1, 0], [0, 2], [0, 2], [9, 0]])
    tags = np.array([[1, 0], [2, 2], [0, 1], [1, 0]])
    scores = name_scores(tags, y, [3, 4])  # 3 names, 4 called, 2 hits; 7 words, 5 right
    assert scores == pytest.approx((5 / 7, 2 / 4, 2 / 3, 4 / 7))


# ---- digits ---------------------------------------------------------------------------------------------------------


def test_digits_are_1797_images_of_8_by_8(drawn):
    assert drawn.images.shape == (1797, 8, 8)
    assert (drawn.images.min(), drawn.images.max()) == (0, 16)
    assert np.bincount(drawn.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_split_is_fixed_disjoint_and_stratified(drawn):
    assert sorted([*drawn.train_at, *drawn.test_at]) == list(range(1797))
    assert (drawn.train.x.shape, drawn.test.x.shape) == ((1297, 64), (500, 64))
    share = np.bincount(drawn.test.y) / np.bincount(drawn.labels)
    assert share == pytest.approx(np.full(10, 500 / 1797), abs=0.003)
    for part, at in ((drawn.train, drawn.train_at), (drawn.test, drawn.test_at)):
        assert np.array_equal(part.x.reshape(-1, 8, 8) * 16, drawn.images[at])
        assert np.array_equal(part.y, drawn.labels[at])


def test_rows_go_from_top_to_bottom(drawn):
    rows = drawn.rows(drawn.test)
    assert rows.x.shape == (8, 500, 8)
    assert np.array_equal(rows.x[2, 7] * 16, drawn.images[drawn.test_at[7], 2])


def test_spelled_gives_each_image_its_word_closed_by_the_end_symbol(drawn):
    pairs = drawn.spelled(drawn.test)
    for b in range(40):
        letters = pairs.y[: pairs.y_lengths[b], b]
        assert drawn.letters.decode(letters) == drawn.words[drawn.test.y[b]]
        assert letters[-1] == drawn.letters.end and drawn.letters.end not in letters[:-1]


# ---- dates ----------------------------------------------------------------------------------------------------------

BY_HAND = {
    ("en", "full"): "Tuesday, March 5, 2024",
    ("en", "medium"): "Mar 5, 2024",
    ("de", "long"): "5. März 2024",
    ("de", "medium"): "05.03.2024",
    ("fr", "full"): "mardi 5 mars 2024",
    ("es", "long"): "5 de marzo de 2024",
    ("it", "full"): "martedì 5 marzo 2024",
    ("pt", "medium"): "5 de mar. de 2024",
    ("sv", "long"): "5 mars 2024",
    ("zh", "full"): "2024年3月5日星期二",
}


def test_dates_are_written_as_people_write_them(written):
    formats = {(f.language, f.style): f for f in dates(styles=STYLES, train=24, test=24).formats}
    assert len(formats) == 24
    for key, text in BY_HAND.items():
        assert formats[key].write(date(2024, 3, 5)) == text


def test_the_arrays_say_the_text_and_the_date(written):
    part = written.test
    for b in range(0, len(part), 9):
        text, iso = part.x[: part.lengths[b], b], part.y[: part.y_lengths[b], b]
        assert written.reading.decode(text) == part.texts[b]
        assert written.writing.decode(iso) == part.isos[b]
        assert date.fromisoformat(part.isos[b]).year in range(1950, 2050)


def test_no_test_date_was_seen_in_training_in_any_language(written):
    assert len(written.train), len(written.test) == (4000, 640)
    assert not set(written.train.isos) & set(written.test.isos)
    assert all(held_out(date.fromisoformat(iso)) for iso in written.test.isos)
    assert len(set(written.train.texts)) == 4000 and len(set(written.test.texts)) == 640


def test_languages_and_styles_have_equal_shares(written):
    pairs = list(zip(written.test.languages, written.test.styles, strict=True))
    assert {pairs.count((language, style)) for language in LANGUAGES for style in ("long", "medium")} == {40}
    assert set(written.test.where(language="zh").languages) == {"zh"}
    assert len(written.test.where(language="de", style="medium")) == 40


def test_the_same_seed_gives_the_same_dates(written):
    assert dates().train.texts == written.train.texts
    assert dates(seed=1).train.texts != written.train.texts
    assert written.train.texts[:2] == ("June 11, 2034", "Oct 18, 2025")


# ---- symbols --------------------------------------------------------------------------------------------------------


def test_symbols_there_and_back():
    symbols = Symbols.from_texts(["cab", "ba"])
    assert (symbols.characters, len(symbols), symbols.end) == ("abc", 4, 3)
    assert symbols.names == ("a", "b", "c", "end")
    assert symbols.encode("cab").tolist() == [2, 0, 1]
    assert symbols.decode([2, 0, 3, 1]) == "ca"  # what stands past the end symbol does not count
    y, lengths = symbols.pad(["ab", "c", ""], end=True)
    assert y.T.tolist() == [[0, 1, 3], [2, 3, 0], [3, 0, 0]]
    assert lengths.tolist() == [3, 2, 1]
