"""What a notebook keeps of a widget: what is seen of it, and stepped, when its kernel has gone."""

import base64
import json
import re
import zlib
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from rnnlib import diagrams, widgets
from rnnlib.widgets.laboratory import NEEDS_PYTHON
from rnnlib.widgets.standalone import kept
from tests.test_widgets import VIEW, pages, reader

SHOWN = "from rnnlib.widgets import stepper\nfrom tests.test_widgets import reader, type_in\nshown = reader(t=3)\nshown"
CHANGED = """import asyncio
stepper.REST = 0
type_in(shown, "not bad")
for _ in range(9):
    await asyncio.sleep(0)"""


def document(html):
    """The page in the frame."""
    frame = unescape(re.search(r'srcdoc="([^"]*)"', html)[1])
    return zlib.decompress(base64.b64decode(re.search(r'atob\("([^"]*)"\)', frame)[1])).decode()


def states(html):
    return json.loads(re.search(r'id="states">(.*?)</script>', document(html), re.S)[1])


def tags(html):
    """Each tag of a piece of HTML with its attributes."""
    found = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
    parser.feed(html)
    return found


@pytest.fixture(scope="module")
def executed(root, tmp_path_factory):
    """The outputs of a cell that ends in a widget: those it has at first, and after the reader typed; its name."""

    def outputs(*cells, **environment):
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("RNNLIB_PICTURES", raising=False)
            patch.setenv("PYTHONPATH", str(root))
            patch.setenv("IPYTHONDIR", str(tmp_path_factory.mktemp("ipython")))
            for name, value in environment.items():
                patch.setenv(name, value)
            NotebookClient(notebook, resources={"metadata": {"path": str(root)}}).execute()
        return [output.data for output in notebook.cells[0].outputs]

    return outputs


def test_a_cell_has_the_widget_and_what_the_notebook_keeps_of_it(executed):
    live, stored = executed(SHOWN)
    assert set(live) == {VIEW, "text/plain"} and live["text/plain"] == ""
    assert set(stored) == {"text/html", "text/plain"}
    assert stored["text/plain"].splitlines()[-1] == pages().captions[3]
    (state,) = states(stored["text/html"])
    assert state["t"] == 3 and state["pages"]["captions"] == list(pages().captions)
    assert NEEDS_PYTHON in document(stored["text/html"])


def test_new_pages_are_kept(executed):
    _, stored = executed(SHOWN, CHANGED)
    (state,) = states(stored["text/html"])
    assert state["pages"]["captions"] == list(pages("not bad").captions)
    assert stored["text/plain"].splitlines()[-1] == pages("not bad").captions[2]


def test_where_the_book_is_stored_there_is_a_picture_alone(executed):
    (output,) = executed(SHOWN, RNNLIB_PICTURES="1")
    assert set(output) == {VIEW, "text/html", "text/plain"}
    assert output["text/html"] == diagrams.static_svg(pages(), 3).html()


def test_where_no_script_runs_there_are_the_picture_and_a_sentence():
    picture = diagrams.static_svg(pages())
    html = kept("<p>", picture, "What?", "some")
    (image,) = [attributes for tag, attributes in tags(html) if tag == "img"]
    assert unquote(image["src"].partition(",")[2].replace("\n", "")) == str.__str__(picture)
    assert image["alt"] == picture.alt
    assert re.findall(r"<p>(.*)</p>", html) == [
        "This is the stored picture. Run the cell, or trust the notebook, and it steps."
    ]


def test_nothing_in_the_page_or_its_title_ends_the_frame():
    forged = """'"></iframe><script>alert(1)</script>&"""
    html = kept(forged, diagrams.Picture("<svg>'&#%</svg>", forged), forged, "some")
    assert [tag for tag, _ in tags(html)] == ["div", "img", "p", "iframe", "style"]
    assert document(html) == forged
    (image,) = [attributes for tag, attributes in tags(html) if tag == "img"]
    assert unquote(image["src"].partition(",")[2]) == "<svg>'&#%</svg>"


def test_two_widgets_of_the_same_pages_are_kept_apart():
    assert widgets.Stepper(pages()).kept != widgets.Stepper(pages()).kept
    assert reader().stepper.kept


def test_what_is_kept_is_packed():
    shown = reader()
    html = kept(shown.html(), shown.stepper.stored(), "", "some")
    assert len(html) - html.index("<iframe") < 0.3 * len(shown.html())
