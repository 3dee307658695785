"""Whatever bytes a file holds: a reader gives a result, or a `ValueError` of one sentence, in bounded time."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rnnlib.data import (
    Vocabulary,
    load_labelled_sentences,
    load_phrases,
    load_tagged_words,
    load_text,
    load_word_vectors,
    read_text,
)

WORDS = Vocabulary(["<unk>", "the", "good", "很"])
READERS: dict[str, Callable[..., Any]] = {
    "load_labelled_sentences": load_labelled_sentences,
    "load_labelled_sentences, characters": lambda path, **how: load_labelled_sentences(
        path, by="characters", keep="end", longest=5, least=2, **how
    ),
    "load_phrases": load_phrases,
    "load_tagged_words": load_tagged_words,
    "load_text": load_text,
    "load_text, words": lambda path, **how: load_text(path, by="words", lower=True, least=2, **how),
    "load_word_vectors": lambda path, **how: load_word_vectors(path, WORDS, **how),
    "read_text": read_text,
}
PIECES = [
    *("good", "bad", "Ada", "很好", "हीरा", "e\u0301", "😀", "won’t", "-DOCSTART-", "# text", "nan", "inf", "0.5"),
    *("\t", "\t", ",", ";", '"', '""', " ", "\n", "\n", "\r\n", "\r", "\x00", "\ufeff", "\u2028", "\xa0", "\u3000"),
    *("0", "1", "2", "-1", "1.0", "１", "positive", "label", "text", "O", "B-PER", "I-PER", "sep=;", "train_data = {"),
    *("'a': True}", "test_data = {", "#", "(", "1-2", "\ud7ff", "\u200d", "\x85", "<br>", "."),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
ROWS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(PIECES), st.sampled_from("\t,; "), st.sampled_from(PIECES)),
    max_size=25,
).map(lambda rows: "".join(f"{a} {b}{sign}{label}\n" for a, b, sign, label in rows))
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "gbk", "shift_jis", "koi8-r"]
ENCODED = st.tuples(st.one_of(TEXTS, ROWS), st.sampled_from(CODECS)).map(lambda pair: pair[0].encode(pair[1], "ignore"))
BYTES = st.one_of(st.binary(max_size=300), ENCODED, st.tuples(ENCODED, st.binary(max_size=5)).map(b"".join))
NAMES = st.sampled_from([None, None, "utf-8", "cp1252", "utf-16", "gbk", "utf-7", "rot13", "idna", "undefined", "none"])


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=BYTES, encoding=NAMES)
@example(raw=b"", encoding=None)
@example(raw=b"\n\n \n", encoding=None)
@example(raw=b",", encoding=None)
@example(raw=b"a\tb\n" * 2, encoding=None)
@example(raw=b"\xff\xfe\x00", encoding=None)
@example(raw=b'"\n' * 50, encoding=None)
def test_any_bytes_give_a_result_or_a_sentence(tmp_path: Path, name: str, raw: bytes, encoding: str | None) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(raw)
    try:
        READERS[name](path, encoding=encoding)
    except ValueError as error:
        said = str(error)
        assert type(error) is ValueError, f"{type(error)}: {error}"
        assert said and "\n" not in said and len(said) < 800 + len(str(path))
        assert "expected" in said or "unknown" in said


@pytest.mark.parametrize("name", READERS)
def test_a_file_of_one_endless_line_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "line.txt"
    with path.open("wb") as file:
        for _ in range(21):
            file.write(b"good " * 200_000)  # 21 MB, no end of line
    with pytest.raises(ValueError, match=r"line 1: expected at most|at most [\d,]+ bytes") as caught:
        READERS[name](path) if name != "read_text" else read_text(path, largest=1_000_000)
    with pytest.raises(FileNotFoundError):
        READERS[name](tmp_path / "nowhere.txt")
    assert len(str(caught.value)) < 500


ENDLESS = {
    "an open tag": "<" + " " * 90_000 + "a\t1\n",
    "digits": "good " + "1" * 1_000_000 + "x 2\n" + "bad 1 2\n",
    "marks": "a" + "\u0301" * 90_000 + "\t0\n",
    "quotes": '"' * 90_001 + ",1\n",
    "late bytes": "a" * 900_000 + " caf\udce9\n",
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ENDLESS)
def test_no_text_makes_a_reader_try_for_ever(tmp_path: Path, name: str, reader: str) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(ENDLESS[name].encode("utf-8", "surrogateescape") * 2)
    try:
        READERS[reader](path)
    except ValueError as error:
        assert len(str(error)) < 1200


def test_what_a_file_says_is_not_run(tmp_path: Path) -> None:
    trap, path = tmp_path / "trap", tmp_path / "file.txt"
    for form in ("{}\t1\n{}\t0\n", "{} O\n\n{} B\n", "{} 0.1\n", "train_data = {{'a': {}}}\ntest_data = {{'b': True}}"):
        path.write_text(form.format(*[f"__import__('pathlib').Path({str(trap)!r}).touch()"] * 2), encoding="utf-8")
        for read in READERS.values():
            try:
                read(path)
            except ValueError:
                continue
    assert not trap.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=200))
def test_the_same_text_is_read_from_every_form_of_unicode(tmp_path: Path, text: str) -> None:
    read = []
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        path = tmp_path / "file.txt"
        path.write_bytes(("a" + text).encode(codec))
        read.append(read_text(path))
    assert read[0] == read[1] == read[2]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(st.lists(st.sampled_from("abcde"), min_size=1, max_size=6), st.sampled_from("012"))))
def test_no_sentence_of_the_test_reads_as_one_to_learn_from_and_none_of_these_as_another(
    tmp_path: Path, rows: list
) -> None:
    path = tmp_path / "file.tsv"
    path.write_text("".join(f"{' '.join(words)}\t{label}\n" for words, label in rows), encoding="utf-8")
    try:
        data = load_labelled_sentences(path, least=2, longest=3)
    except ValueError:
        return
    train, test = ([tuple(p.x[: p.lengths[b], b].tolist()) for b in range(len(p))] for p in (data.train, data.test))
    assert len(set(train)) == len(train) and not set(train) & set(test)
