"""The links to Colab and Binder: all of them lead to the one address, and say what is needed there."""

import re
import tomllib
from urllib.parse import parse_qs, urlsplit

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tools import badges

CHAPTERS = [path.name for path in badges.chapters()]


def links(text):
    return re.findall(r"\]\((https://(?:colab\.research\.google|mybinder)[^)]*)\)", text)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_its_own_links_in_their_place(root, name):
    notebook = nbformat.read(root / "notebooks" / name, as_version=4)
    assert notebook.cells[badges.place()].source.split("\n")[-1] == badges.sentence(f"notebooks/{name}")
    assert sum(len(links(cell.source)) for cell in notebook.cells) == 2


def test_readme_has_the_links_and_the_cell_for_colab(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    assert badges.links("notebooks/00_start_here.ipynb") in text and badges.needed() in text
    assert len(links(text)) == 2


def test_readme_says_so_while_there_is_no_address(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    assert (badges.ADDRESS == "OWNER/REPOSITORY") == ("no public address" in text)


def test_the_links_name_a_file_that_there_is(root):
    colab, binder = links(badges.sentence("notebooks/06_memory.ipynb", "somebody/book"))
    assert colab.startswith("https://colab.research.google.com/github/somebody/book/blob/HEAD/")
    inside = [colab.split("/blob/HEAD/")[1], parse_qs(urlsplit(binder).query)["urlpath"][0].removeprefix("lab/tree/")]
    assert all((root / path).is_file() for path in inside)


def test_colab_is_told_to_get_what_it_lacks(root):
    """It has NumPy, matplotlib, ipywidgets and tqdm of its own."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [re.match(r"[a-z]+", line)[0] for line in project["optional-dependencies"]["book"]]
    there = {"ipywidgets", "matplotlib", "tqdm", "jupyterlab", "notebook"}
    assert set(listed) - there == {word for word in ("anywidget",) if f" {word} " in badges.needed()}


def test_the_line_moves_to_the_first_cell_with_the_first_address(tmp_path, monkeypatch):
    path = tmp_path / "a.ipynb"
    nbformat.write(
        new_notebook(cells=[new_markdown_cell("# A title\n\nA question?"), new_markdown_cell("The end")]), path
    )
    readme = tmp_path / "README.md"
    readme.write_text("\n\nColab needs".join(["<!-- badges --> <!-- /badges -->", " nothing"]), encoding="utf-8")
    monkeypatch.setattr(badges, "ROOT", tmp_path)
    monkeypatch.setattr(badges, "chapters", lambda: [path])
    cells = []
    for address in (badges.NONE, "old/one", "new/one"):
        badges.write(address)
        cells.append([cell.source for cell in nbformat.read(path, as_version=4).cells])
    assert cells[0] == ["# A title\n\nA question?", f"The end\n\n{badges.sentence('a.ipynb', badges.NONE)}"]
    assert cells[2] == [f"# A title\n\nA question?\n\n{badges.sentence('a.ipynb', 'new/one')}", "The end"]
    assert badges.links("notebooks/00_start_here.ipynb", "new/one") in readme.read_text(encoding="utf-8")


def test_what_is_no_address_is_refused(capsys):
    assert badges.main(["https://github.com/a/b"]) == 1
    assert "expected NAME/REPOSITORY" in capsys.readouterr().err


def test_binder_trusts_the_notebooks_once(root):
    script = root / "postBuild"
    assert script.stat().st_mode & 0o111, "it has to be executable"
    assert "jupyter trust notebooks/*.ipynb" in script.read_text(encoding="utf-8")
