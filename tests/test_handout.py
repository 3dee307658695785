"""The sheets to compute by hand: their numbers, what they hide, how they print."""

import re
import subprocess

import numpy as np
import pytest

from rnnlib import functions
from tools import handout, handout_numbers, handout_page
from tools.handout_numbers import rounded, shown

CHAPTERS = ("02", "03", "04")
each = pytest.mark.parametrize("chapter", CHAPTERS)


@pytest.fixture(scope="module")
def sheets():
    return {(chapter, seed): handout_numbers.sheet(chapter, seed) for chapter in CHAPTERS for seed in (7, 8)}


def numbers(table):
    return np.array([[asked.value for asked in row] for _, row in table.rows])


def same(found, expected):
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def pages(sheet):
    """The two pages of a sheet: the questions and the key."""
    return re.findall(r'<section class="page".*?</section>', handout_page.page(sheet), re.DOTALL)


def cells(page):
    return re.findall(r"<td>(.*?)</td>", re.sub(r"<thead>.*?</thead>", "", page))


# ---- the numbers ----


def test_the_key_of_one_step_is_that_of_the_trace(sheets):
    sheet = sheets["02", 7]
    state, output = map(numbers, sheet.tables)
    run = sheet.run
    same(state, np.transpose([run.from_input[1], run.from_state[1], run.total[1], run.h[2]]))
    same(output[:, 0], run.logits[1])
    same(output[:, 2], run.probabilities[1])


def test_the_key_of_three_steps_is_that_of_the_trace(sheets):
    sheet = sheets["03", 7]
    state, output = map(numbers, sheet.tables)
    run = sheet.run
    rows = [a.ravel() for a in (run.from_input, run.from_state, run.total, run.h[1:])]
    same(state, np.transpose(rows))
    same(output[:, 2], functions.softmax(run.logits[2]))


def test_the_key_of_the_way_back_is_that_of_the_trace(sheets):
    sheet = sheets["04", 7]
    forward, back, sums = map(numbers, sheet.tables)
    run, way = sheet.run, sheet.back
    same(forward[:, 1], run.h[1:, 0])
    same(forward[:, 3], run.probabilities[:, 1])
    parts = [way.d_logits[:, 1], way.from_output, way.from_future, way.d_h, way.slopes, way.d_a]
    same(back, np.transpose([np.ravel(part)[::-1] for part in parts]))
    gradients = [way.gradients[f"body.{name}"].item() for name in ("W_xh", "W_hh", "b_h")]
    same(sums[:, 3], gradients)
    same(sums[:, :3].sum(axis=1), gradients)


@each
@pytest.mark.parametrize("seed", range(5))
def test_rounding_at_every_step_moves_the_last_digit_at_most(chapter, seed):
    for asked in handout_numbers.sheet(chapter, seed).asked:
        assert abs(rounded(asked.value) - asked.by_hand) < 0.011


def test_one_step_comes_out_by_hand_as_in_the_key(sheets):
    assert not any(asked.differs for seed in (7, 8) for asked in sheets["02", seed].asked)


@pytest.mark.parametrize(
    ("value", "text"), [(0.125, "0.13"), (-0.125, "−0.13"), (0.425, "0.43"), (-0.004, "0.00"), (1.0, "1.00")]
)
def test_a_half_is_rounded_as_it_is_taught(value, text):
    assert shown(value) == text


@each
def test_another_seed_gives_another_sheet_and_the_same_seed_the_same(sheets, chapter):
    first, second = sheets[chapter, 7], sheets[chapter, 8]
    assert {asked.value for asked in first.asked}.isdisjoint({asked.value for asked in second.asked} - {0.0, 1.0})
    assert handout_page.page(handout_numbers.sheet(chapter, 7)) == handout_page.page(first)


@pytest.mark.parametrize("chapter", ["05", "00", "2", "two", ""])
def test_a_chapter_without_a_sheet_is_refused_in_a_sentence(chapter, tmp_path, capsys):
    assert handout.main([chapter, "--to", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"chapter: there are sheets for 02, 03, 04, got {chapter!r}\n"
    assert list(tmp_path.iterdir()) == []


def test_a_seed_that_is_none_is_refused_in_a_sentence(tmp_path, capsys):
    assert handout.main(["02", "--seed", "-1", "--to", str(tmp_path)]) == 1
    assert "seed: expected a whole number" in capsys.readouterr().err


# ---- the page ----


@each
def test_the_sheet_hides_every_number_and_the_key_has_it(sheets, chapter):
    sheet = sheets[chapter, 7]
    questions, key = pages(sheet)
    assert cells(questions) == [""] * len(sheet.asked)
    assert [cell.split("<")[0] for cell in cells(key)] == [shown(asked.value) for asked in sheet.asked]


@each
def test_both_pages_give_the_same_numbers_and_the_sheet_says_how_to_round(sheets, chapter):
    questions, key = (re.search(r'<div class="given">.*?</div>', page).group() for page in pages(sheets[chapter, 7]))
    assert questions == key
    assert "Round every result to two decimals" in pages(sheets[chapter, 7])[0]


def test_what_is_given_is_what_was_run(sheets):
    given = dict(sheets["03", 7].given)
    run = sheets["03", 7].run
    same([given["x_1"], given["x_2"], given["x_3"]], run.x[:, 0])
    for name in ("W_xh", "W_hh", "b_h"):
        same(given[name], run.params[f"body.{name}"])
    page = pages(sheets["03", 7])[0]
    for value in np.concatenate([run.params["body.W_hh"].ravel(), run.params["output.W_hy"].ravel()]):
        assert f"<mn>{value:g}</mn>".replace("-", "−") in page


def test_the_page_asks_no_other_host(sheets):
    text = handout_page.page(sheets["02", 7])
    assert not re.search(r'(?:src|href)="|@import|url\(http', text)


# ---- the print ----


@each
def test_it_prints_on_two_pages_of_a4(chapter, tmp_path):
    html, pdf = handout.write(chapter, 7, tmp_path)
    said = pdf.read_bytes()
    assert html.exists()
    assert len(re.findall(rb"/Type\s*/Page\b", said)) == 2
    boxes = [list(map(float, box.split())) for box in re.findall(rb"/MediaBox\s*\[([^\]]*)\]", said)]
    for left, bottom, right, top in boxes:
        assert (left, bottom) == (0, 0) and abs(right - 595) < 1.5 and abs(top - 842) < 1.5


def test_without_a_browser_there_is_a_page_to_print(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(handout, "find", lambda: None)
    assert handout.main(["02", "--to", str(tmp_path)]) == 0
    assert [path.suffix for path in tmp_path.iterdir()] == [".html"]
    assert "open the page in yours and print it" in capsys.readouterr().out


def test_a_browser_that_fails_is_a_sentence(tmp_path, monkeypatch, capsys):
    def fail(*_, **__):
        raise subprocess.TimeoutExpired("chromium", handout.SECONDS)

    monkeypatch.setattr(handout.subprocess, "run", fail)
    monkeypatch.setattr(handout, "browser", lambda: "chromium")
    assert handout.main(["02", "--to", str(tmp_path)]) == 1
    assert "timed out" in capsys.readouterr().err
