"""What a reader may rely on when a text file is not UTF-8."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rnnlib.data import (
    Vocabulary,
    load_labelled_sentences,
    load_phrases,
    load_tagged_words,
    load_text,
    load_word_vectors,
    read_text,
    text_lines,
)
from rnnlib.data.encoding import likely_encoding

SAMPLES = {
    "cp1252": "The soup wasn’t bad, and I won’t “complain”.\nLe café était déjà très bon, garçon!\n",
    "cp1250": "Zażółć gęślą jaźń, bardzo dobrze, dziękuję.\n",
    "cp1251": "Фильм был очень хороший, но конец плохой.\n",
    "koi8-r": "Фильм был очень хороший, но конец плохой.\n",
    "cp1253": "Το φαγητό ήταν πολύ καλό σήμερα.\n",
    "cp1254": "Çok güzel bir yemekti, teşekkür ederim, ağaç şeker ışık.\n",
    "cp1255": "האוכל היה טוב מאוד, שלום לכולם.\n",
    "cp1256": "كان الطعام جيدا جدا والخدمة سيئة.\n",
    "cp874": "อาหารอร่อยมากและบริการดี\n",
    "mac_roman": "It wasn’t “déjà vu”, señor; l’été à Nîmes.\n",
    "cp850": "Größe und Güte, schöne Straße; café olé.\n",
    "gbk": "今天天气很好，我不喜欢下雨。服务员很热情。\n",
    "big5": "今天天氣很好，我不喜歡下雨。服務員很熱情。\n",
    "shift_jis": "今日は天気がいいです。料理がとても美味しかった。\n",
    "euc_jp": "今日は天気がいいです。料理がとても美味しかった。\n",
    "euc_kr": "오늘 날씨가 아주 좋아요. 음식이 맛있었습니다.\n",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.txt"


@pytest.mark.parametrize("codec", SAMPLES)
def test_the_likely_encoding_is_named_and_with_it_the_file_is_read(path: Path, codec: str) -> None:
    path.write_bytes(b"plain\n" * 3 + SAMPLES[codec].encode(codec))
    with pytest.raises(ValueError, match=rf'line 4: expected UTF-8 .* read it with encoding="{codec}", or save it'):
        read_text(path)
    assert read_text(path, encoding=codec).endswith(SAMPLES[codec].strip())


@pytest.mark.parametrize("text", ["We won’t go", "caf\xe9\t1", "plain letters " * 10_000 + "café"])
def test_a_single_byte_is_enough_to_guess_western_europe(text: str) -> None:
    assert likely_encoding(text.encode("cp1252")) == "cp1252"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_that_says_so_is_read(path: Path, codec: str) -> None:
    path.write_bytes("Größe 很好\r\nzwei\rdrei 😀".encode(codec))
    assert list(text_lines(path)) == ["Größe 很好", "zwei", "drei 😀"]


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_named(path: Path, codec: str) -> None:
    path.write_bytes("good\t1\nbad\t0\n".encode(codec))
    with pytest.raises(ValueError, match=rf'encoding="{codec}"'):
        list(text_lines(path))
    assert list(text_lines(path, encoding=codec)) == ["good\t1", "bad\t0"]


def test_a_damaged_file_of_utf_8_is_not_taken_for_another_encoding(path: Path) -> None:
    path.write_bytes("很好。\n".encode() * 20 + b"\xe5\xa5\n" + "很好。\n".encode() * 20)
    with pytest.raises(ValueError, match=r"line 21: .* in a file that is UTF-8 elsewhere; mend that line"):
        list(text_lines(path))


def test_a_bad_byte_after_the_first_megabyte_is_found_with_its_line(path: Path) -> None:
    path.write_bytes(b"a line of plain letters\r\n" * 100_000 + "café\r\n".encode("cp1252"))
    with pytest.raises(ValueError, match=r"line 100001: .* 0xe9; .*Windows-1252"):
        read_text(path)


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"PK\x03\x04", "zip archive .*xlsx"),
        (b"\xd0\xcf\x11\xe0", "old Office file"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip archive"),
        (b"\xff\xfe\x00\x00", 'UTF-32; .*encoding="utf-32"'),
        (b"abc\x00\x01\x02", "NUL character: this is no text file"),
    ],
)
def test_what_is_no_text_file_is_named(path: Path, start: bytes, what: str) -> None:
    path.write_bytes(start + b" more" * 10)
    with pytest.raises(ValueError, match=what):
        list(text_lines(path))


@pytest.mark.parametrize("name", ["nonsense", "rot13", "a\0b"])
def test_an_encoding_that_does_not_exist_is_an_error_that_names_it(path: Path, name: str) -> None:
    path.write_bytes(b"abc")
    with pytest.raises(ValueError, match='encoding: expected a name such as "utf-8" or "cp1252"'):
        list(text_lines(path, encoding=name))


@pytest.mark.parametrize("codec", ["cp1252", "koi8-r"])
def test_utf_8_under_another_name_is_refused(path: Path, codec: str) -> None:
    path.write_bytes("the soup wasn’t bad\n".encode())
    with pytest.raises(ValueError, match="got UTF-8; leave encoding out"):
        list(text_lines(path, encoding=codec))
    path.write_bytes(b"plain letters")
    assert list(text_lines(path, encoding=codec)) == ["plain letters"]


@pytest.mark.parametrize("sign", ["wasn\ufffdt", "wasnâ€™t", "cafÃ©", "Â£5"])
def test_signs_that_another_program_left_are_counted(path: Path, sign: str) -> None:
    path.write_text(f"it {sign} bad\t1\n" + "".join(f"{a} {b}\t{k}\n" for a in "abc" for k, b in enumerate("xy")))
    report = load_labelled_sentences(path).report
    assert report.damaged == 1 and "in place of letters: another program read them" in str(report)


READERS: dict[str, tuple[Callable[..., object], str]] = {
    "sentences": (load_labelled_sentences, "it wasn’t good\t0\nso bad\t0\nvery good\t1\nit was fine\t1\n"),
    "phrases": (load_phrases, "train_data = {'wasn’t bad': True}\ntest_data = {'good': True}\n"),
    "tags": (load_tagged_words, "it O\nwasn’t O\n\nAda B-PER\n"),
    "vectors": (lambda path, **how: load_word_vectors(path, Vocabulary(["it"]), **how), "it 0.1 0.2\nwasn’t 0.3 0.4\n"),
    "text": (load_text, "it wasn’t bad\n"),
}


@pytest.mark.parametrize("name", READERS)
def test_every_reader_refuses_the_whole_file_and_takes_its_encoding(path: Path, name: str) -> None:
    read, text = READERS[name]
    path.write_bytes(text.encode("cp1252"))
    with pytest.raises(ValueError, match=r'file\.txt, line \d: .*0x92.* encoding="cp1252", or save it as UTF-8'):
        read(path)
    read(path, encoding="cp1252")
    for codec in ("utf-8-sig", "utf-16"):
        path.write_bytes(text.encode(codec))
        read(path)
