"""From the bytes of a text file to its lines: the one place where `rnnlib.data` decodes. Chapters 08 and 09.

UTF-8 and UTF-16 with a byte order mark are read. Any other file has to be named (`encoding="cp1252"`), because bytes do
not say what they mean: what is refused here is refused whole, with a guess, and is never read in part.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

from .given import a_file, a_text, a_whole

__all__ = ["likely_encoding", "read_text", "text_lines"]

CHUNK = 1 << 20  # bytes
LONGEST_LINE = 10_000_000  # characters; a longer one is no text
LARGEST = 100_000_000  # bytes that are read whole
ENDS = "\r\n|\r|\n"
SAMPLE = 20_000  # bytes that are looked at to guess
MAGIC = {
    b"PK\x03\x04": "a zip archive (.xlsx and .docx files are such)",
    b"\xd0\xcf\x11\xe0": "an old Office file (.xls, .doc)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
NAMES = {
    "cp1252": "Windows-1252 (Western European)",
    "latin-1": "Latin-1 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1255": "Windows-1255 (Hebrew)",
    "cp1256": "Windows-1256 (Arabic)",
    "cp874": "Windows-874 (Thai)",
    "cp850": "code page 850 (old DOS)",
    "mac_roman": "Mac Roman",
    "gbk": "GBK (Chinese)",
    "big5": "Big5 (Chinese)",
    "shift_jis": "Shift JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "euc_kr": "EUC-KR (Korean)",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 without its byte order mark",
    "utf-16-be": "UTF-16 without its byte order mark",
    "utf-32": "UTF-32",
}
EAST = ("euc_kr", "gbk", "big5", "shift_jis", "euc_jp")
REST = ("cp1252", "cp1255", "cp1250", "cp1254", "cp1251", "cp1256", "koi8-r", "cp1253", "cp874", "mac_roman", "cp850")
USUAL = {  # the letters with signs of the languages that an encoding is used for
    "cp1250": "ąćęłńóśźżáčďéěíňřšťúůýžőűöüăâîşţäëôľĺŕđß",
    "cp1254": "çğıöşüâîû",
    "": "äöüßéèêëàâçñóíáúôîïûùòìåøæœãõ",
}
FINALS = "ךםןףץة"  # letters of Hebrew and Arabic that only end words


def read_text(path: str | os.PathLike[str], *, encoding: str | None = None, largest: int = LARGEST) -> str:
    """A whole text file, as `text_lines` reads it, lines ended by "\\n". ValueError for more than `largest` bytes."""
    path = a_file(path)
    a_whole("largest", largest)
    with path.open("rb") as file:
        size = file.seek(0, io.SEEK_END) if file.seekable() else 0
    if size > largest:
        raise ValueError(f"{path}: expected a text file of at most {largest:,} bytes, got a larger one")
    return "\n".join(text_lines(path, encoding=encoding, longest=largest))


def text_lines(
    path: str | os.PathLike[str], *, encoding: str | None = None, longest: int = LONGEST_LINE
) -> Iterator[str]:
    r"""The lines of a text file, one after the other, without their ends (\n, \r\n or \r), in Unicode's form NFC.

    encoding: None reads UTF-8, with or without a byte order mark, and UTF-16 with one; "cp1252", "gbk", ... reads that.
    ValueError, one sentence with file and line, for bytes that are no such text (with the likely encoding and what to
    do), for UTF-8 under another name, for NUL characters, for a line of more than `longest` characters, and for an
    encoding that does not exist.
    Raises FileNotFoundError, IsADirectoryError, PermissionError as `open` does. At most a line and a megabyte are held.
    """
    if encoding is not None:
        a_text("encoding", encoding)
    return _lines(a_file(path), encoding, a_whole("longest", longest))


def _lines(path: Path, encoding: str | None, longest: int) -> Iterator[str]:
    """The lines of `text_lines`, once its arguments are checked."""
    with path.open("rb") as file:
        codec = _codec(path, file.read(4), encoding)
        file.seek(0)
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(codec)(), translate=True)
        number, rest, more, seen = 1, "", True, b""
        doubted = encoding is not None and _one_byte_each(codec)
        while more:
            raw = file.read(CHUNK)
            more, seen = bool(raw), raw or seen
            if doubted and not raw.isascii():
                doubted = False
                _refuse_utf8(path, raw, codec)
            try:
                text = decoder.decode(raw, final=not more)
            except UnicodeError as error:
                raise ValueError(_undecodable(path, number, codec, error, seen)) from None
            if "\0" in text:
                raise ValueError(_nul(path, number + text.count("\n", 0, text.index("\0")), raw)) from None
            *lines, rest = (rest + text).split("\n")
            for line in (*lines, rest):
                if len(line) > longest:
                    at = number + lines.index(line) if line in lines else number + len(lines)
                    raise ValueError(f"{path}, line {at}: expected at most {longest:,} characters in a line, got more")
            if number == 1 and lines:
                lines[0] = lines[0].removeprefix("\ufeff")
            yield from (unicodedata.normalize("NFC", line) for line in lines)
            number += len(lines)
    if rest:
        yield unicodedata.normalize("NFC", rest.removeprefix("\ufeff") if number == 1 else rest)


def _codec(path: Path, head: bytes, encoding: str | None) -> str:
    """The codec to read with: the one that was named, or what the first bytes say."""
    if encoding is not None:
        try:
            b"a".decode(encoding)
            codecs.getincrementaldecoder(encoding)
        except UnicodeError:
            pass
        except (LookupError, ValueError, TypeError):
            raise ValueError(f'encoding: expected a name such as "utf-8" or "cp1252", got {encoding!r}') from None
        return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
    for start, kind in MAGIC.items():
        if head.startswith(start):
            raise ValueError(f"{path}: expected a text file, got {kind}; save it as plain text (CSV) in UTF-8")
    if head in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        raise ValueError(f"{path}: expected UTF-8 text, got UTF-32; {_advice('utf-32')}")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _one_byte_each(codec: str) -> bool:
    """Whether each byte is a character, so that any bytes at all look like text."""
    try:
        return len(b"\xc3\xa9".decode(codec)) == 2
    except UnicodeError:
        return False


def _refuse_utf8(path: Path, raw: bytes, codec: str) -> None:
    """UTF-8 that is read as another encoding gives signs such as Ã© in place of letters, and no error."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return
    raise ValueError(f"{path}: expected {NAMES.get(codec, codec)} text, got UTF-8; leave encoding out")


def _undecodable(path: Path, number: int, codec: str, error: UnicodeError, raw: bytes) -> str:
    """The sentence about bytes that the codec does not know; `number` is the line where this piece begins."""
    expected = NAMES["utf-8"] if codec == "utf-8-sig" else NAMES.get(codec, codec)
    if not isinstance(error, UnicodeDecodeError):
        return f"{path}, line {number}: expected {expected} text, got something else ({error.__class__.__name__})"
    try:
        before = error.object[: error.start].decode(codec)
    except UnicodeError:
        before = error.object[: error.start].decode("latin-1")
    where = f"{path}, line {number + len(re.findall(ENDS, before))}"
    got = f"expected {expected} text, got the byte 0x{error.object[error.start]:02x}"
    if codec == "utf-8-sig" and _mostly_utf8(raw):
        return f"{where}: {got} in a file that is UTF-8 elsewhere; mend that line"
    return f"{where}: {got}; {_advice(likely_encoding(raw))}"


def _advice(encoding: str | None) -> str:
    if encoding is None:
        return 'what it is cannot be told from its bytes: save it as UTF-8, or name what it is with encoding="..."'
    return f'the file is probably {NAMES[encoding]}: read it with encoding="{encoding}", or save it as UTF-8'


def _nul(path: Path, number: int, raw: bytes) -> str:
    sample = raw[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    for mine, other, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if mine > 0.3 * len(sample) / 2 and other < mine / 4:
            return f"{path}, line {number}: expected UTF-8 text, got a NUL character; {_advice(name)}"
    return f"{path}, line {number}: expected text, got a NUL character: this is no text file, or a damaged one"


def _mostly_utf8(raw: bytes) -> bool:
    """Whether most of what is not ASCII in these bytes is UTF-8: then a few bytes are damage and no other encoding."""
    text = raw[:-3].decode("utf-8", "surrogateescape")
    bad = sum("\udc80" <= sign <= "\udcff" for sign in text)
    return sum(not sign.isascii() for sign in text) - bad > 3 * bad


def likely_encoding(raw: bytes) -> str | None:
    """The encoding in which these bytes make the most likely text, or None where none does. A guess, by cheap means.

    Each candidate decodes a sample; each character that is not ASCII is then good (a letter among letters of its own
    script, small after small; a frequent Chinese character; a curly quote where quotes stand) or bad.
    """
    first = next((at for at, byte in enumerate(raw) if byte > 127), None)
    if first is None:
        return None
    sample = raw[max(raw.rfind(b"\n", 0, first) + 1, first - 200) :][:SAMPLE]
    scores: dict[str, float] = {}
    for name in (*EAST, *REST):
        try:
            text = codecs.getincrementaldecoder(name)().decode(sample)
        except UnicodeDecodeError:
            continue
        scores[name] = _plausible(text, name)
    best = max(scores, key=scores.__getitem__, default="")  # of equals the first
    return best if best and scores[best] >= 0.6 else None


def _plausible(text: str, encoding: str) -> float:
    """How likely a decoded text is, at most 1: the mean over all characters that are not ASCII."""
    judge: Callable[[str, str, str, str], float] = _eastern if encoding in EAST else _western
    marks = [
        judge(sign, text[at - 1 : at], text[at + 1 : at + 2], encoding)
        for at, sign in enumerate(text)
        if not sign.isascii()
    ]
    return sum(marks) / len(marks) if marks else 0.0


def _eastern(sign: str, before: str, after: str, encoding: str) -> float:
    """A Chinese, Japanese or Korean character: frequent ones are in the first half of the table of their encoding."""
    if before.isascii() and before.isalpha() and after.isascii() and after.isalpha():
        return -1
    code, raw = ord(sign), sign.encode(encoding, "ignore")
    if 0x3040 <= code <= 0x30FF:  # kana
        return 1 if encoding in ("shift_jis", "euc_jp") else 0.3
    if 0xAC00 <= code <= 0xD7A3:  # hangul
        return 1
    if 0x3001 <= code <= 0x3011 or 0xFF01 <= code <= 0xFF5E:  # full-width punctuation
        return 1
    if 0x4E00 <= code <= 0x9FFF and len(raw) == 2:
        first, last = {"gbk": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "shift_jis": (0x88, 0x97)}.get(encoding, (0xB0, 0xCF))
        frequent = first <= raw[0] <= last and (encoding != "gbk" or raw[1] >= 0xA1)
        alone = before.isascii() and after.isascii()
        return 0.2 if not frequent or encoding == "euc_kr" else 0.5 if alone else 0.95
    return 0.8 if sign in "“”‘’—…·" else -0.5


def _western(sign: str, before: str, after: str, encoding: str) -> float:
    """A letter of an alphabet, or a sign that stands beside letters."""
    kind = unicodedata.category(sign)
    if kind[0] in "LM":
        beside = [other for other in (before, after) if other.isalpha() or unicodedata.category(other or " ")[0] == "M"]
        alike = all(_script(other) == _script(sign) for other in beside)
        if not alike or (sign in FINALS and after.isalpha()) or (kind == "Lu" and before.islower()):
            return -0.5
        if kind == "Lo" and _script(sign) == "LATIN":  # the ordinals ª and º
            return 0
        if _script(sign) == "LATIN":
            usual = sign.lower() in USUAL.get(encoding, USUAL[""])
            alone = all(other.isascii() for other in beside)  # in these languages most letters are plain ones
            return 1 - 0.1 * (not usual) - 0.1 * (not alone) - 0.3 * (not beside)
        return 0.9 if kind == "Lu" and after.isupper() else 1 if beside else 0.7
    if sign in "‘’“”–—…„«»‚":
        inside = before.isalpha() and after.isalpha()
        return (1 if sign == "’" else -0.5) if inside else 0.4 if sign == "‚" else 1
    return 0.8 if sign in "€£¥§°©®·•¿¡½²™\xa0" and not (before.isalpha() and after.isalpha()) else -0.5


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]
