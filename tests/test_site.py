"""The site: everything is in it, no other host is asked, formulas are set, pictures have their text."""

import json
import re

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.execute import all_notebooks
from tools.site import build, formulas, pages

TEXT = r"""# One: the first

Mathematics: $h_t = \tanh(W_{hh} h_{t-1})$, and

$$y = \frac{1}{2} \qquad (\text{$e_c$: one-hot; $\odot$: number by number})$$

[next](02_two.ipynb), [there](../02_two.ipynb#part), [elsewhere](https://example.org/x.ipynb.txt)

## A part

| | head |
|---|---|
| a | b |

<details><summary>open</summary>

hidden *text*

</details>

![a picture](picture.svg)
"""
WIDGET = """from rnnlib.widgets import OneUnit, Stepper
from tests.test_widgets import pages
Stepper(pages("not sad today"), t=1)"""
PICTURE = "from rnnlib import diagrams\ndiagrams.unit()"


@pytest.fixture(scope="module")
def site(tmp_path_factory, root):
    """The site of a notebook with text, mathematics, a picture, a stepper and a widget with controls."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    cells = [new_markdown_cell(TEXT), *map(new_code_cell, (WIDGET, PICTURE, "OneUnit(ask=False)"))]
    nbformat.write(new_notebook(cells=cells), folder / "01_one.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root))
        patch.setenv("IPYTHONDIR", str(folder))
        assert build.main([str(folder / "01_one.ipynb"), "--to", str(folder / "out")]) == 0
    return folder / "out"


@pytest.fixture(scope="module")
def page(site):
    return (site / "read" / "01_one.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(site):
    for path in site.rglob("*.html"):
        fetched = re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']([^"']+)""", path.read_text())
        assert [address for address in fetched if not re.match(r"data:|(?:\.\./)*assets/", address)] == []
    assert not re.search(r"""@import|url\(["']?(?!data:)""", (site / "assets" / "site.css").read_text())


def test_mathematics_is_mathml_also_inside_a_text(page):
    assert page.count("<math") == 2
    shown = re.sub(r'(?s)<(script|style|iframe)\b.*?</\1>|alttext="[^"]*"', "", page)
    assert "tanh" in shown and "⊙" in shown and "$" not in shown


def test_a_widget_is_a_page_that_turns(page):
    assert page.count("<iframe") == 2
    assert "widget-view" not in page
    assert "Step 1 of 3" in page


def test_a_widget_whose_controls_need_python_says_where_there_is_one(page):
    assert page.count('<p class="live">') == 1
    assert 'href="../live.html#A-part"' in page


def test_links_to_chapters_lead_to_their_pages(page):
    assert 'href="02_two.html"' in page and 'href="../02_two.html#part"' in page
    assert 'href="https://example.org/x.ipynb.txt"' in page


def test_what_is_folded_stays_folded(page):
    inside = re.search(r"<details>(.*?)</details>", page, re.S)[1]
    assert "hidden <em>text</em>" in inside


def test_pictures_are_in_the_page_and_follow_its_theme(page):
    assert 'src="data:image/svg+xml;base64,' in page
    assert re.search(r'<svg(?=[^>]+role="img")[^>]+aria-label="One step of a recurrent network', page)


def test_a_head_without_words_is_none(page):
    assert "<th></th>" not in page and "<th>head</th>" in page


def test_the_index_has_every_section(site):
    script = (site / "assets" / "index.js").read_text(encoding="utf-8")
    rows = json.loads(script.removeprefix("window.BOOK = ").removesuffix(";\n"))
    assert [row[:3] for row in rows if row[0].startswith("read/")] == [
        ["read/01_one.html#One:-the-first", "One: the first", "One: the first"],
        ["read/01_one.html#A-part", "One: the first", "A part"],
    ]
    assert "hidden text" in rows[1][3] and "import" not in rows[1][3]


def test_a_cell_that_fails_is_named_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), tmp_path / "broken.ipynb")
    assert build.main([str(tmp_path / "broken.ipynb"), "--to", str(tmp_path / "out")]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()


def test_a_browser_edition_that_cannot_be_made_is_said_in_one_line(tmp_path, capsys):
    nbformat.write(new_notebook(cells=[new_markdown_cell("# 01 · One")]), tmp_path / "01_one.ipynb")
    there = ["--to", str(tmp_path / "out"), "--self-contained", str(tmp_path / "nothing")]
    assert build.main([str(tmp_path / "01_one.ipynb"), "--stored", *there]) == 1
    assert "it is no complete Pyodide" in capsys.readouterr().err


def test_solutions_are_told_from_their_chapters(tmp_path, capsys):
    paths = [path for path in all_notebooks() if path.name.startswith("03")]
    assert build.build(paths, tmp_path, stored=True) == 0
    said = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert said == ["read/03_unrolling.html", "read/solutions/03_unrolling.html"]
    for page in said:  # and are called as they at the side
        assert 'aria-current="page">03 Unrolling</a>' in (tmp_path / page).read_text(encoding="utf-8")
    assert "Worked solutions</p>" in (tmp_path / said[1]).read_text(encoding="utf-8")


def test_a_text_for_teachers_becomes_a_page(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "CLASSROOM", tmp_path)
    (tmp_path / "teacher").mkdir()
    (tmp_path / "teacher" / "03.md").write_text(
        "# Chapter 03\n\n[it](../../notebooks/03_unrolling.ipynb), [elsewhere](../README.md)\n", encoding="utf-8"
    )
    build.build([build.BOOK / "solutions" / "03_unrolling.ipynb"], tmp_path / "out", stored=True)
    page = (tmp_path / "out" / "teacher" / "03.html").read_text(encoding="utf-8")
    assert '<a href="../read/03_unrolling.html">it</a>' in page and "README.md" not in page
    assert 'href="teacher/03.html"' in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


# ---- formulas


@pytest.mark.parametrize("path", all_notebooks(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_formula_of_the_book_can_be_set(path):
    notebook = nbformat.read(path, as_version=4)
    article = pages.article(notebook, path.stem, path.parent, "")
    shown = re.sub(
        r'(?s)<(script|style|iframe|pre|code|svg)\b.*?</\1>|(?:alttext|on\w+)="[^"]*"|<img[^>]*>', "", article.html
    )
    assert "$" not in shown and not re.search(r"\\[a-z]{2,}", shown)


def test_what_cannot_be_set_is_said():
    with pytest.raises(ValueError, match="formula: expected LaTeX that can be set"):
        formulas.mathml(r"\nosuchcommand x")


def test_an_operator_in_an_index_and_a_sign_take_no_room():
    assert '<mo lspace="0" rspace="0">−</mo><mn>1</mn>' in formulas.mathml("h_{t-1}")
    assert '<mo lspace="0" rspace="0">−</mo><mi>log</mi><mspace' in formulas.mathml(r"\ell = -\log p")
    assert "lspace" not in formulas.mathml("a - b")


def test_the_font_has_what_formulas_and_their_roots_are_drawn_with():
    import base64
    import io

    from fontTools.ttLib import TTFont

    packed = re.search(r"base64,([^)]+)\)", formulas.font("⊙"))[1]
    font = TTFont(io.BytesIO(base64.b64decode(packed)))
    assert {ord(sign) for sign in "⊙√𝑊1+("} <= set(font.getBestCmap())
    assert "MATH" in font and len(packed) < 250_000


# ---- publishing


def test_the_workflow_builds_the_site_and_publishes_its_folder(root):
    flow = yaml.safe_load((root / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8"))
    assert flow["permissions"] == {"contents": "read", "pages": "write", "id-token": "write"}
    steps = [step for job in flow["jobs"].values() for step in job["steps"]]
    assert any("python start.py site --live" in step.get("run", "") for step in steps)
    (upload,) = [step for step in steps if "upload-pages-artifact" in step.get("uses", "")]
    assert upload["with"]["path"] == "site"
    assert any("deploy-pages" in step.get("uses", "") for step in steps)
