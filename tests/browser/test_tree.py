"""The tree composer in a browser: 8 leaves are 7 deep to the right, 3 balanced; a node's vector is the library's."""

from playwright.sync_api import expect

from rnnlib.look.lettering import number
from rnnlib.widgets import TreeComposer
from tests.browser.conftest import both_applications, one_theme


@one_theme
@both_applications
def test_depth_and_vectors_are_those_of_the_library(server, open_notebook):
    cells = ("from rnnlib.widgets import TreeComposer\nlab = TreeComposer(ask=False)", "lab")
    notebook = open_notebook(server.write_notebook("tree.ipynb", *cells))
    notebook.run_all()
    lab = notebook.output(1)
    stage = lab.locator(".stage")
    stage.wait_for()
    depth = lab.locator('[data-n="depth/0/0"]')
    expect(depth).to_have_text("3")
    lab.get_by_role("button", name="to the right").click()
    expect(depth).to_have_text("7")
    stage.focus()
    notebook.page.keyboard.press("End")
    expect(lab.locator(".caption")).to_contain_text("That is the root")
    root = TreeComposer(shape="right", ask=False).pages.table[-1]
    shown = [lab.locator(f'.page.on [data-n="h/14/{k}"]').text_content() for k in range(6)]
    assert [number(text) for text in shown] == [number(text) for text in root[1:7]]
    lab.locator('.node[data-at="2"]').click()
    expect(lab.locator(".where")).to_have_text("node 2 / 7")
    assert notebook.trouble == []
