"""A handout as a page to print: the sheet, and on a second page the key."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from rnnlib import diagrams
from rnnlib.book.chapters import CHAPTERS
from rnnlib.exercises import exercises
from rnnlib.functions import FloatArray

from .handout_numbers import Asked, Sheet, Table, rounded, shown

STYLE = Path(__file__).with_name("handout.css").read_text(encoding="utf-8")
TITLES = {chapter.number: chapter.title for chapter in CHAPTERS}
TASKS = {
    "02": "Two units read one input. Compute the new state, then the output.",
    "03": "Two units read three inputs, one after the other, always with the same weights. Compute every state, and "
    "the answer after the last one.",
    "04": "One unit reads three inputs and answers after each; `c_t` is the right answer. Go forward, then walk back "
    "from the last step and say what each weight is told.",
}
RULE = (
    "<b>Rounding.</b> Round every result to two decimals (0.125 becomes 0.13, −0.125 becomes −0.13) and go on with the "
    "rounded number. No tanh on your calculator? tanh(`a`) = (`e`<sup>2`a`</sup> − 1) / (`e`<sup>2`a`</sup> + 1)."
)
SLIPS = {"02": "02.1", "03": "03.1", "04": "04.2"}  # the exercise whose known mistakes are those of this sheet


def page(sheet: Sheet) -> str:
    """The whole document: two pages of A4, with nothing that is fetched from elsewhere."""
    title = f"Chapter {sheet.chapter}, sheet {sheet.seed}"
    both = _questions(sheet) + _key(sheet)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n{both}</body></html>\n"
    )


def _questions(sheet: Sheet) -> str:
    who = '<span class="who">Name: __________________  Date: __________</span>'
    start = f'{_given(sheet)}<div class="picture c{sheet.chapter}">{_picture(sheet)}</div>'
    tables = "".join(_table(table, _blank) for table in sheet.tables)
    rule = f'<p class="rule">{formulas(RULE)}</p>'
    return _page(sheet, "sheet", who, f"<p>{formulas(TASKS[sheet.chapter])}</p>{start}{tables}{rule}")


def _key(sheet: Sheet) -> str:
    off = sum(number.differs for number in sheet.asked)
    note = "Rounding at every step changes none of these numbers: a class that rounds so gets exactly them."
    if off:
        note = (
            f"Numbers are those of the library, rounded once. In {off} of {len(sheet.asked)} places rounding at every "
            "step makes another last digit; it stands there, too, and is right as well."
        )
    slips = next(each for each in exercises(sheet.chapter) if each.number == SLIPS[sheet.chapter])
    said = [f"<li>{_code(wrong.diagnosis)}</li>" for wrong in slips.wrong[:4]]
    tables = "".join(_table(table, _filled) for table in sheet.tables)
    usual = f"<h2>If a number is off</h2><p>The usual slips, as exercise {slips.number} names them:</p><ul>"
    who = '<span class="who">for the teacher</span>'
    body = f"<p>{note}</p>{_given(sheet)}{tables}{usual}{''.join(said)}</ul>"
    return _page(sheet, "key", who, body)


def _page(sheet: Sheet, kind: str, who: str, body: str) -> str:
    head = f"<header><h1>{sheet.chapter} {TITLES[sheet.chapter]}: {kind} {sheet.seed}</h1>{who}</header>"
    again = f"python start.py handout {sheet.chapter} --seed {sheet.seed}"
    foot = f"<footer><span>Another seed, another sheet: <code>{again}</code></span><span>{kind}</span></footer>"
    return f'<section class="page" data-kind="{kind}">{head}\n{body}\n{foot}</section>\n'


def _picture(sheet: Sheet) -> str:
    return str(diagrams.unit() if sheet.chapter == "02" else diagrams.folded())


def _given(sheet: Sheet) -> str:
    parts = [f'<span class="f">{formulas(f"`{name}`")} = {_values(values)}</span>' for name, values in sheet.given]
    first = next(i for i, (name, _) in enumerate(sheet.given) if name[0] in "Ww")
    parts.insert(first, '<span class="break"></span>')  # inputs in one line, weights in the next
    return f'<div class="given">{"".join(parts)}</div>'


def _values(values: FloatArray) -> str:
    """A number; a vector or matrix as MathML, which browsers set themselves."""
    if not values.ndim:
        return _plain(values)
    rows = values.reshape(len(values), -1)
    cells = ("".join(f"<mtd><mn>{_plain(value)}</mn></mtd>" for value in row) for row in rows)
    table = "".join(f"<mtr>{row}</mtr>" for row in cells)
    return f"<math><mo>[</mo><mtable>{table}</mtable><mo>]</mo></math>"


def _plain(value: FloatArray) -> str:
    """A given number: as few decimals as it has."""
    return f"{rounded(float(value)):g}".replace("-", "−")


def formulas(text: str) -> str:
    """What stands between two ` as a formula: letters slanted, matrices bold, indices below, exponents above."""
    parts = text.split("`")
    return "".join(f'<span class="f">{re.sub(SYMBOL, _symbol, p)}</span>' if i % 2 else p for i, p in enumerate(parts))


SYMBOL = re.compile(r"([A-Za-zδ])(?:\^([a-z]))?(?:_(?:\{([^}]*)\}|(\w+)))?")


def _symbol(found: re.Match[str]) -> str:
    letter, above, below = found[1], found[2], found[3] or found[4]
    name = f"<b>{letter}</b>" if letter.isupper() else f"<i>{letter}</i>"
    return name + (f"<sup>{above}</sup>" if above else "") + (f"<sub>{below}</sub>" if below else "")


def _table(table: Table, cell: Callable[[Asked], str]) -> str:
    head = "".join(f"<th>{formulas(column)}</th>" for column in table.columns)
    narrow = " narrow" if max(len(label) for label, _ in table.rows) < 10 else ""
    rows = [f"<tr><th>{formulas(label)}</th>{''.join(map(cell, numbers))}</tr>" for label, numbers in table.rows]
    return (
        f'<h2>{table.title}</h2><table class="asked{narrow}"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def _blank(_: Asked) -> str:
    return "<td></td>"


def _filled(number: Asked) -> str:
    by_hand = f"<small>by hand {shown(number.by_hand)}</small>" if number.differs else ""
    return f"<td>{shown(number.value)}{by_hand}</td>"


def _code(text: str) -> str:
    """A diagnosis with its `code` set as code."""
    parts = escape(text, quote=False).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
