"""What a reader may rely on when her texts are in any script: words, characters, symbols."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnlib.data import Symbols, Vocabulary, characters, load_labelled_sentences, tokens
from rnnlib.data.text import joined, letters, words_and_signs


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("हीरा और हार", "हीरा|और|हार"),  # vowel signs of Hindi
        ("வணக்கம், நன்றி!", "வணக்கம்|நன்றி|!"),  # Tamil
        ("שָׁלוֹם עוֹלָם", "שָׁלוֹם|עוֹלָם"),  # pointed Hebrew
        ("مُمْتَازٌ جِدًّا", "مُمْتَازٌ|جِدًّا"),  # pointed Arabic
        ("می‌خواهم خوب", "می‌خواهم|خوب"),  # Persian, with a joiner that parts no word
        ("iPhone很好！真的？", "iphone|很|好|!|真|的|?"),
        ("𠮷野家で食べた", "𠮷|野|家|で|食|べ|た"),
        ("soft\u00adhyphen", "softhyphen"),
        ("e\u0301te\u0301 nai\u0308f", "été|naïf"),
    ],
)
def test_a_word_keeps_all_that_belongs_to_it(sentence: str, expected: str) -> None:
    assert tokens(sentence) == unicodedata.normalize("NFC", expected).split("|")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("很好 吗", "很|好|␣|吗"),
        ("อร่อย", "อ|ร่|อ|ย"),
        (" Good! ", "g|o|o|d|!"),
        ("👍🏽 👨‍👩‍👧", "👍🏽|␣|👨‍👩‍👧"),
        ("e\u0301", "é"),
    ],
)
def test_a_character_is_a_letter_with_its_marks(sentence: str, expected: str) -> None:
    assert characters(sentence) == expected.split("|")


@given(st.text(st.characters(codec="utf-8")))
def test_nothing_is_lost_when_a_text_is_cut_into_letters(text: str) -> None:
    assert "".join(letters(text)) == unicodedata.normalize("NFC", text)


@given(st.text(st.characters(codec="utf-8")))
def test_nothing_but_blanks_is_lost_when_a_text_is_cut_into_words_and_signs(text: str) -> None:
    dense = "".join(unicodedata.normalize("NFC", text).split())
    assert "".join("".join(words_and_signs(text)).split()) == dense


@pytest.mark.parametrize(
    "text",
    [
        'He said yes.\nShe left (early), at 10:30; "Why?" he asked.',
        "今天天气很好，我不喜欢下雨。",
        "don’t l'homme: हीरा और हार!",
        "50% of [them]…",
    ],
)
def test_words_and_signs_make_the_text_again(text: str) -> None:
    assert joined(words_and_signs(text)) == text


def test_an_accent_typed_in_two_ways_is_one_word_of_a_vocabulary() -> None:
    vocabulary = Vocabulary(["cafe\u0301", "good"])
    assert vocabulary.words == ("café", "good")
    for text in ("café good", "cafe\u0301 good"):
        assert vocabulary.encode(text).tolist() == [0, 1] and vocabulary.unknown(text) == ()
    assert "cafe\u0301" in vocabulary and vocabulary.index("cafe\u0301") == 0
    with pytest.raises(ValueError, match="'café' twice"):
        Vocabulary(["café", "cafe\u0301"])


@pytest.mark.parametrize("text", ["很好很好", "हीरा हार", "a 🎵 b", "ABC|def\n"])
def test_symbols_read_and_write_characters_of_any_script(text: str) -> None:
    symbols = Symbols.from_texts([text])
    assert symbols.decode(symbols.encode(text)) == text and symbols.end == len(symbols) - 1
    words = Symbols(("<unk>", ".", "She", "left", "\n"), by="words")
    assert words.encode("She  left.\nHe stayed.").tolist() == [2, 3, 1, 4, 0, 0, 1]
    assert words.decode([2, 3, 1, 4, 2, 5, 3]) == "She left.\nShe"
    assert Symbols(("end",), by="words").names == ("end", "<end>")


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("อาหารอร่อยมากและบริการดีมาก", 1),  # Thai
        ("很好很好很好很好很好很好很好很好", 0),  # each character is a word
        ("Donaudampfschifffahrtsgesellschaft war gut und die Leute waren nett", 0),
    ],
)
def test_the_report_says_when_a_sentence_is_one_long_word(tmp_path: Path, text: str, long: int) -> None:
    path = tmp_path / "file.tsv"
    others = "".join(f"{a} {b}\t{k}\n" for a in "abc" for k, b in enumerate(("good", "bad")))
    path.write_text(f"{text}\t1\n{others * 1}", encoding="utf-8")
    report = load_labelled_sentences(path).report
    assert report.long == long and ('by="characters" reads letters' in str(report)) == bool(long)


def test_a_tokenizer_by_characters_is_one_argument_away(tmp_path: Path) -> None:
    path = tmp_path / "thai.tsv"
    good, bad = ["อาหารอร่อยมากบริการดี", "ราคาถูกและสะอาดมาก"], ["อาหารไม่อร่อยเลยแย่", "บริการแย่มากจริงนะ"]
    path.write_text("".join(f"{t}\t{k}\n" for k, part in enumerate((bad, good)) for t in part), encoding="utf-8")
    data = load_labelled_sentences(path, by="characters")
    assert data.split("อร่อย")[:2] == ["อ", "ร่"] and data.encode(["อร่อย"])[1].tolist() == [4]
    assert "characters" in str(data.report)
    assert load_labelled_sentences(path).report.long == 4
    with pytest.raises(ValueError, match='by: expected "words" or "characters", got \'letters\''):
        load_labelled_sentences(path, by="letters")
