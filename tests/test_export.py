"""Exported pages: everything is in them, and no other host is asked."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import export

TEXT = r"""# One

Mathematics: $h_t = \tanh(W_{hh} h_{t-1})$, and

$$y = \frac{1}{2}$$

[next](02_two.ipynb), [there](../02_two.ipynb#part), [elsewhere](https://example.org/x.ipynb.txt)

<details><summary>open</summary>

hidden *text*

</details>

![a picture](picture.svg)
"""
WIDGET = """from rnnlib.widgets import Stepper
from tests.test_widgets import pages
Stepper(pages("not sad today"), t=1)"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, root):
    """An exported notebook with text, mathematics, a picture and a widget."""
    folder = tmp_path_factory.mktemp("export")
    (folder / "picture.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    notebook = new_notebook(cells=[new_markdown_cell(TEXT), new_code_cell(WIDGET)])
    nbformat.write(notebook, folder / "01_one.ipynb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(root))
        patch.delenv("RNNLIB_PICTURES", raising=False)
        patch.setenv("IPYTHONDIR", str(folder))
        assert export.main([str(folder / "01_one.ipynb"), "--to", str(folder / "out")]) == 0
    return (folder / "out" / "01_one.html").read_text(encoding="utf-8")


def test_nothing_is_fetched_from_elsewhere(page):
    assert re.findall(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?(?!data:)[^"'>\s]+""", page) == []
    assert not re.search(r"""@import|url\(["']?https?:|import\(["']http""", page)


def test_mathematics_is_mathml(page):
    assert page.count("<math") == 2
    text = re.sub(r"(?s)<(script|style|iframe)\b.*?</\1>", "", page)
    assert "tanh" in text and "$" not in text


def test_a_widget_is_a_page_that_turns(page):
    assert page.count("<iframe") == 1
    assert "widget-view" not in page
    assert "Step 1 of 3" in page


def test_links_to_chapters_lead_to_their_pages(page):
    assert 'href="02_two.html"' in page and 'href="../02_two.html#part"' in page
    assert 'href="https://example.org/x.ipynb.txt"' in page


def test_what_is_folded_stays_folded(page):
    inside = re.search(r"<details>(.*?)</details>", page, re.S)[1]
    assert "hidden <em>text</em>" in inside


def test_pictures_are_in_the_page(page):
    assert 'src="data:image/svg+xml;base64,' in page


def test_a_cell_that_fails_is_named_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("RNNLIB_PICTURES", raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), tmp_path / "broken.ipynb")
    assert export.main([str(tmp_path / "broken.ipynb"), "--to", str(tmp_path / "out")]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
    assert not (tmp_path / "out").exists()
