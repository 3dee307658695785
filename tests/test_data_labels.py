"""What a reader may rely on when her file names its classes in her own way."""

from collections.abc import Callable

import pytest

from rnnlib.data import LabelledSentences, load_labelled_sentences
from tests.conftest import Write

GOOD = ["I liked the soup", "what a fine day", "lovely room, truly", "warm bread again", "so kind of them", "best ever"]
BAD = ["cold soup again", "what a rainy day", "dirty room, sadly", "stale bread there", "so rude of them", "the worst"]
SOSO = ["it was okay", "so so", "neither here nor there", "average", "could be worse", "meh indeed"]
Load = Callable[..., LabelledSentences]


@pytest.fixture
def load(write: Write) -> Load:
    return lambda content, **options: load_labelled_sentences(write(content), **options)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def rows(form: str, bad: object = "negative", good: object = "positive", soso: object = None) -> str:
    """A line for each sentence: {t} the sentence, {q} in quotes, {l} its label."""
    groups = [(BAD, bad), (GOOD, good), *([(SOSO, soso)] if soso is not None else [])]
    return "".join(form.format(t=t, q=quoted(t), l=label) for texts, label in groups for t in texts)


def kept(data: LabelledSentences) -> dict[str, str]:
    """Each sentence with the name of its class."""
    return {
        text: data.classes[k]
        for part in (data.train, data.test)
        for text, k in zip(part.texts, part.y.tolist(), strict=True)
    }


@pytest.mark.parametrize(
    "form",
    [
        "{t}\t{l}\n",
        "{t};{l}\n",
        "{q}\t{l}\n",
        "{l}\t{t}\n",
        "{l}, {q}\n",
        "{q},{l},,\n",
        "{q};{l}\r\n",
        "{t},{l}\n",
    ],
)
@pytest.mark.parametrize("labels", [("0", "1"), ("nein", "ja"), ("3", "7")])
def test_two_classes_are_read_from_every_plain_form(load: Load, form: str, labels: tuple[str, str]) -> None:
    data = load(rows(form, *labels))
    names = ("negative", "positive") if labels == ("0", "1") else tuple(sorted(labels))
    assert data.classes == names and not data.report.bad
    expected = {text: label for texts, label in ((BAD, labels[0]), (GOOD, labels[1])) for text in texts}
    if labels == ("0", "1"):
        expected = {text: names[int(label)] for text, label in expected.items()}
    assert kept(data) == expected


@pytest.mark.parametrize("header", ["text,label", "Satz,Urteil"])
def test_a_header_is_no_sentence(load: Load, header: str) -> None:
    data = load(header + "\n" + rows("{q},{l}\n"))
    assert data.report.header == tuple(header.split(",")) and len(kept(data)) == 12
    assert f"header: {header.replace(',', ', ')}" in str(data.report)


@pytest.mark.parametrize("labels", [(0, 2, 1), (-1, 1, 0), ("neg", "pos", "neu")])
def test_a_third_class_is_a_class(load: Load, labels: tuple[object, ...]) -> None:
    data = load(rows("{t}\t{l}\n", *labels))
    order = sorted(map(int, labels)) if isinstance(labels[0], int) else sorted(labels)  # type: ignore[arg-type]
    assert data.classes == tuple(map(str, order)) and data.report.train == (5, 5, 5) and not data.report.bad
    assert all(kept(data)[text] == str(labels[2]) for text in SOSO)
    assert all(name in str(data.report) for name in data.classes)


def test_uneven_classes_have_their_floor_in_the_report(load: Load) -> None:
    text = rows("{t}\t{l}\n", 0, 1)
    assert "floor" not in str(load(text).report)
    more = "".join(f"good {a} and {b}\t1\n" for a in "abcd" for b in "efg")
    assert "floor          always positive: 80.0% of the test's sentences" in str(load(text + more).report)


def test_classes_may_be_named_and_ordered(load: Load) -> None:
    named = load(rows("{t}\t{l}\n", 0, 2, 1), classes=("negative", "neutral", "positive"))
    assert named.classes == ("negative", "neutral", "positive") and kept(named)["so so"] == "neutral"
    ordered = load(rows("{t}\t{l}\n", "low", "high", "mid"), classes=("low", "mid", "high"))
    assert ordered.classes == ("low", "mid", "high") and kept(ordered)["best ever"] == "high"


def test_spellings_of_a_label_are_one_class(load: Load) -> None:
    data = load(rows("{t}\t{l}\n") + "nice\tPositive \nugly\tNEGATIVE\n" + "awful\tnegative\n")
    assert data.classes == ("negative", "positive") and kept(data)["ugly"] == "negative"


def test_quotes_of_speech_are_no_quotes_of_csv(load: Load) -> None:
    assert '"the worst" he said' in kept(load(rows('"{t}" he said\t{l}\n', 0, 1)))


def test_more_columns_are_chosen_by_name(load: Load) -> None:
    rows_ = "".join(f"{k},{row}" for k, row in enumerate(rows("{q},{l}\n").splitlines(keepends=True)))
    assert len(kept(load("id,text,label\n" + rows_))) == 12
    assert len(kept(load("nr,Satz,Urteil\n" + rows_, columns=("Satz", "Urteil")))) == 12
    assert len(kept(load(rows_, columns=(1, 2)))) == 12
    with pytest.raises(ValueError, match=r"got 3 columns .*columns=\(\"text\", \"label\"\) or columns=\(0, 1\)"):
        load(rows_)


def test_commas_in_sentences_do_not_hide_a_semicolon(load: Load) -> None:
    data = load(rows("well, {t};{l}\n").replace(", truly", "; truly"))
    assert kept(data)["well, lovely room; truly"] == "positive" and data.report.how == "semicolon"


NOT_PLAIN = {
    "mixed labels": (rows("{t}\t{l}\n", "negative", 1), "all words or all whole numbers, got '1', 'negative'"),
    "decimals": (rows("{t}\t{l}\n", "0.25", "0.75"), "got a number with decimals, 0.25"),
    "scores": ("".join(f"{t}\t0.{k}7\n" for k, t in enumerate(GOOD + BAD)), "no column with few different values"),
    "a broken quote": (rows("{q},{l}\n").replace('again"', "again"), "line 1: quotes are not as CSV has them"),
    "either column": ("".join(f"{a}\t{b}\n" for a in "xyz" for b in "pqr") * 3, r"say which with columns=\(0, 1\)"),
    "one class": (rows("{t}\t{l}\n", "spam", "spam"), "at least 2 classes, got one label, spam"),
    "a third without labels": (rows("{t}\t{l}\n", 0, 1) + "\n".join(SOSO), "6 of 18 lines cannot be read: line 13"),
    "no labels at all": ("\n".join(GOOD), "no tab, comma or semicolon"),
    "another form": (rows('{{"text": {q}, "label": "{l}"}}\n'), "quotes are not as CSV"),
}


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_is_not_plain_is_a_stop_with_a_sentence(load: Load, name: str) -> None:
    content, what = NOT_PLAIN[name]
    with pytest.raises(ValueError, match=what) as caught:
        load(content)
    assert "\n" not in str(caught.value)


def test_classes_that_the_file_does_not_have_are_a_stop(load: Load) -> None:
    with pytest.raises(ValueError, match="expected labels of the classes neg, pos, got 'neg', 'neu', 'pos'"):
        load(rows("{t}\t{l}\n", "neg", "pos", "neu"), classes=("neg", "pos"))


# ---- what is read is what is compared


def long(count: int, words: int = 50) -> str:
    """So many pairs of sentences that only end in different ways."""
    return "".join(
        f"place {chr(97 + n)} {'in the room ' * words}{end}\t{label}\n"
        for n in range(count)
        for label, end in enumerate(("terrible", "wonderful"))
    )


def test_sentences_that_differ_after_the_cut_only_contradict_each_other(load: Load) -> None:
    with pytest.raises(
        ValueError, match=r'first 100 words, 24 sentences read as .*: longest=153 reads all .*keep="end"'
    ):
        load(long(12))
    assert len(kept(load(long(12), longest=200))) == 24


def test_the_end_of_a_sentence_can_be_kept(load: Load) -> None:
    text = rows("the hall " * 60 + "{t}\t{l}\n", 0, 1)
    data = load(text, keep="end")
    assert data.report.cut == 12 and data.words("x " * 200 + "the worst")[-1] in ("worst", "<unk>")
    assert len(data.words("x " * 200)) == 100 and "last 100 words are read, the beginning is not" in str(data.report)
    with pytest.raises(ValueError, match='keep="end" the last ones'):
        load(text)
    mixed = load(rows("{t}\t{l}\n", 0, 1) + "word " * 101 + "here\t1\n")
    assert "1 sentences: their first 100 words are read, the end is not" in str(mixed.report)


def test_what_differs_by_case_and_punctuation_only_is_repeated(load: Load) -> None:
    data = load(rows("{t}\t{l}\n", 0, 1) + "SO SO!\t1\nso; so !\t1\nThe Worst...\t1\n")
    assert data.report.repeated == (14,) and data.report.contradictory == (6, 15)


def test_what_differs_by_unknown_words_only_is_repeated_or_contradictory(load: Load) -> None:
    text = "".join(
        f"{a} and {b} was {w}\t{k}\n" for a in "pqrst" for b in "vwxyz" for k, w in enumerate(("bad", "good"))
    )
    data = load(text + "the aaa of table\t1\nthe bbb of table\t1\nx in ccc\t1\nx in ddd\t0\n" * 1, least=2, seed=3)
    report = data.report
    assert set(report.repeated) == {52} and set(report.contradictory) == {53, 54} and report.alike == 3
    assert "3 of these are alike only by words that are <unk>" in str(report)


def test_where_rare_words_make_the_difference_they_keep_their_numbers(load: Load) -> None:
    text = "".join(
        f"the parcel of {a}{b} was {w}\t{k}\n" for a in "pqr" for b in "xyz" for k, w in enumerate(("bad", "good"))
    )
    data = load(text.replace("pxwas", "px was"))
    assert data.report.least == 1 or data.report.alike < 2
    names = "".join(f"day {chr(97 + n)}{chr(97 + m)} all good\t1\n" for n in range(5) for m in range(5))
    spared = load(names + "broken box\t0\nbroken jar\t0\nleft open\t0\n")
    assert spared.report.spared > 3 and spared.report.least == 1 and sum(spared.report.train) == 22
