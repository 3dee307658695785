"""Stored pictures in a notebook that nobody has run: they are seen, and have their text, trusted or not."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import both_applications, one_theme


@one_theme
@both_applications
@pytest.mark.parametrize("trusted", [True, False])
def test_a_stored_picture_is_seen_with_its_text(server, open_notebook, root, trusted):
    book = json.loads((root / "notebooks" / "02_unit.ipynb").read_text(encoding="utf-8"))
    stored = [
        cell for cell in book["cells"] if cell["cell_type"] == "code" and "svg+xml" in json.dumps(cell["outputs"])
    ]
    book["cells"] = stored[:2]
    path = server.notebooks / f"stored_{trusted}.ipynb"
    path.write_text(json.dumps(book), encoding="utf-8")
    if trusted:
        server.trust(path)
    page = open_notebook(path.name).page
    pictures = page.locator(".jp-OutputArea-output img")
    pictures.nth(1).wait_for()
    seen = pictures.evaluate_all("them => them.map(one => [one.alt.slice(0, 25), one.naturalWidth > 700])")
    assert seen == [["What does one step comput", True], ["One step of a recurrent n", True]]
    found = Axe().run(page, context=".jp-Notebook").response["violations"]
    assert "image-alt" not in [rule["id"] for rule in found]
