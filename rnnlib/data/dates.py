"""Dates as people write them in eight languages, and as machines do: 5. März 2024 -> 2024-03-05. Chapters 05 and 09."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from numpy.typing import ArrayLike

from .given import a_list, a_text, a_whole, places, texts
from .stored import IntArray, stored_rows
from .symbols import Symbols

__all__ = ["DateFormat", "Dates", "WrittenDates", "dates"]

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "sv", "zh")
STYLES = ("full", "long", "medium")
HELD_OUT = 11  # every eleventh day is for the test: not a multiple of 7, so that it goes through all weekdays
CARD = """\
Dates: as written by people -> 2024-03-05
what     a date as text, in one of 8 languages (English of the USA, German, French, Spanish, Italian, Portuguese of
         Brazil, Swedish, Chinese) and 3 styles, and the same date as year-month-day. For 5 March 2024 in German:
         full     Dienstag, 5. März 2024
         long     5. März 2024
         medium   05.03.2024
size     as many as you ask for; 4,000 to learn from and 640 for the test unless you say otherwise, from 1950 to 2049
split    by day: every eleventh day is for the test, in all languages and styles, so no test date was ever seen in
         another language either
from     formats and names of months and weekdays: Unicode CLDR, as shipped with babel 2.18.0. The dates are drawn by us
licence  formats and names: Unicode License v3, Copyright 2004-2025 Unicode, Inc. (rnnlib/data/files/LICENSE.unicode);
         the rest MIT, as the book
made     python -m tools.make_data: the table of formats and names; it also writes every day from 1950 to 2049 with
         babel and compares. dates() fills the formats in at random, with a fixed seed
limits   no short forms such as 05/03/24: whether that is in March or May depends on the country, and the text does
         not say which
"""

WRITING = Symbols("0123456789-")
FIELD = re.compile(r"'([^']*)'|(EEEE|MMMM|MMM|MM|M|dd|d|y)")


@dataclass(frozen=True)
class DateFormat:
    """How a language writes a date. pattern: in the notation of CLDR, such as "d. MMMM y": d, dd day; M, MM month as a
    number, MMM short, MMMM long name; y year; EEEE weekday; words stand in quotes. months, short_months: 12 names.
    weekdays: 7 names, Monday first."""

    language: str
    style: str
    pattern: str
    months: tuple[str, ...]
    short_months: tuple[str, ...]
    weekdays: tuple[str, ...]

    def write(self, day: date) -> str:
        """The date as text."""
        if not isinstance(day, date):
            raise TypeError(f"day: expected a datetime.date, got {type(day).__name__}")
        parts = {
            "EEEE": self.weekdays[day.weekday()],
            "MMMM": self.months[day.month - 1],
            "MMM": self.short_months[day.month - 1],
            "MM": f"{day.month:02}",
            "M": str(day.month),
            "dd": f"{day.day:02}",
            "d": str(day.day),
            "y": str(day.year),
        }
        return FIELD.sub(lambda found: parts[found[2]] if found[2] else found[1], self.pattern)


@dataclass(frozen=True, repr=False)
class WrittenDates:
    """B dates. They unpack as x, y, lengths, y_lengths: `fit(model, *dates, ...)`, `model.batch(*dates)` work.

    texts, isos: (B,) the date as people write it, and as 2024-03-05. languages, styles: (B,) which format.
    x: (T, B) characters of the text, as `Embedding` reads them. y: (S, B) characters to write, each row closed by the
    end symbol; S = 11. lengths, y_lengths: (B,). Padding is 0.
    """

    texts: tuple[str, ...]
    isos: tuple[str, ...]
    languages: tuple[str, ...]
    styles: tuple[str, ...]
    x: IntArray
    y: IntArray
    lengths: IntArray
    y_lengths: IntArray

    def __iter__(self) -> Iterator[IntArray]:
        return iter((self.x, self.y, self.lengths, self.y_lengths))

    def __len__(self) -> int:
        return len(self.texts)

    def __repr__(self) -> str:
        return f"WrittenDates({len(self)}: {self.texts[0]!r} -> {self.isos[0]!r}, ...)"

    def take(self, chosen: ArrayLike) -> WrittenDates:
        """The chosen dates, by their numbers 0..B-1. T stays."""
        at = places("chosen", chosen, len(self))
        texts, isos, languages, styles = (
            tuple(column[b] for b in at.tolist()) for column in (self.texts, self.isos, self.languages, self.styles)
        )
        return WrittenDates(
            texts, isos, languages, styles, self.x[:, at], self.y[:, at], self.lengths[at], self.y_lengths[at]
        )

    def where(self, *, language: str | None = None, style: str | None = None) -> WrittenDates:
        """Those of one language, of one style, or both. ValueError where there is none."""
        for name, value in (("language", language), ("style", style)):
            if value is not None:
                a_text(name, value)
        pairs = enumerate(zip(self.languages, self.styles, strict=True))
        kept = [b for b, (spoken, form) in pairs if language in (None, spoken) and style in (None, form)]
        if not kept:
            raise ValueError(f"language, style: no date here has language={language!r} and style={style!r}")
        return self.take(kept)


@dataclass(frozen=True, repr=False)
class Dates:
    """train, test: `WrittenDates`. reading: the characters of all formats, whatever was asked for. writing: digits and
    "-", with an end symbol (K = 12). formats: the formats used."""

    train: WrittenDates
    test: WrittenDates
    reading: Symbols
    writing: Symbols
    formats: tuple[DateFormat, ...]
    card: str = CARD

    def __repr__(self) -> str:
        return f"Dates({len(self.train)} to learn from, {len(self.test)} for the test)"


def dates(
    *,
    train: int = 4000,
    test: int = 640,
    languages: Sequence[str] = LANGUAGES,
    styles: Sequence[str] = ("long", "medium"),
    years: tuple[int, int] = (1950, 2049),
    seed: int = 0,
) -> Dates:
    """Dates to learn from and dates for the test, the same for the same seed, each text once.

    train, test: how many; each language has the same share of them (to one), and within it each style, as far as two
    styles do not write the same. years: the first and the last, 1000 to 9999. ValueError for what does not exist, or
    where there are not so many. A file that was changed is a ValueError. Chapters 05 and 09.
    """
    a_whole("train", train), a_whole("test", test), a_whole("seed", seed, 0)
    texts("languages", languages), texts("styles", styles)
    if len(a_list("years", years, "two years")) != 2:
        raise ValueError(f"years: expected the first and the last, got {years!r}")
    for year in years:
        a_whole("years", year, 1000, 9999)
    stored = _formats()
    formats = [_one(stored, language, style) for language in languages for style in styles]
    first, last = years
    if not formats or not 1000 <= first <= last <= 9999:
        raise ValueError(
            "languages, styles, years: expected at least one language, one style and years from 1000 to 9999, got "
            f"{languages!r}, {styles!r}, {years!r}"
        )
    draw = random.Random(seed)  # `random()` alone is used: Python promises to keep it the same
    reading = _characters(stored)
    learned = _written(_drawn("train", train, formats, years, False, draw), reading)
    asked = _written(_drawn("test", test, formats, years, True, draw), reading)
    return Dates(learned, asked, reading, WRITING, tuple(formats))


def held_out(day: date) -> bool:
    """Whether a day is for the test."""
    return day.toordinal() % HELD_OUT == 0


def _formats() -> list[DateFormat]:
    """What the file says: one line for each language and style."""
    return [
        DateFormat(language, style, pattern, *(tuple(names.split("|")) for names in lists))
        for language, style, pattern, *lists in stored_rows("dates.tsv")
    ]


def _one(formats: list[DateFormat], language: str, style: str) -> DateFormat:
    for form in formats:
        if (form.language, form.style) == (language, style):
            return form
    known = f"{', '.join(LANGUAGES)} and {', '.join(STYLES)}"
    raise ValueError(f"languages, styles: expected some of {known}, got {language!r} and {style!r}")


def _characters(formats: list[DateFormat]) -> Symbols:
    """All that can stand in a date: each month in each format, the weekdays, the digits."""
    months = (form.write(date(2000, month, 1)) for form in formats for month in range(1, 13))
    return Symbols.from_texts([*months, *(name for form in formats for name in form.weekdays), "0123456789"])


def _drawn(
    name: str, count: int, formats: list[DateFormat], years: tuple[int, int], held: bool, draw: random.Random
) -> list[tuple[str, date, DateFormat]]:
    """`count` texts, all different, with their day and format; the formats take turns."""
    first = date(years[0], 1, 1).toordinal()
    days = date(years[1], 12, 31).toordinal() - first + 1
    found: dict[str, tuple[str, date, DateFormat]] = {}
    for _ in range(100 * count + 1000):
        if len(found) == count > 0:
            return list(found.values())
        form, day = formats[len(found) % len(formats)], date.fromordinal(first + int(draw.random() * days))
        text = form.write(day)
        if held_out(day) == held and text not in found:
            found[text] = (text, day, form)
    raise ValueError(f"{name}: expected at least 1 and not more dates than there are in {years}, got {count}")


def _written(drawn: list[tuple[str, date, DateFormat]], reading: Symbols) -> WrittenDates:
    texts, days, forms = zip(*drawn, strict=True)
    isos = tuple(day.isoformat() for day in days)
    languages, styles = tuple(form.language for form in forms), tuple(form.style for form in forms)
    (x, lengths), (y, y_lengths) = reading.pad(texts, end=False), WRITING.pad(isos, end=True)
    return WrittenDates(texts, isos, languages, styles, x, y, lengths, y_lengths)
