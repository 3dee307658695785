"""The tree composer in a browser: 8 leaves are 7 deep to the right, 3 balanced; a node's vector is the library's."""

from playwright.sync_api import expect

from rnnlib.diagrams.lettering import number
from rnnlib.widgets import TreeComposer
from tests.browser.conftest import both_applications, one_theme


@one_theme
@both_applications
def test_depth_and_vectors_are_those_of_the_library(open_laboratory):
    lab = open_laboratory("from rnnlib.widgets import TreeComposer", "TreeComposer(ask=False)")
    depth = lab.stage.locator('[data-n="depth/0/0"]')
    expect(depth).to_have_text("3")
    lab.button("to the right").click()
    expect(depth).to_have_text("7")
    lab.stage.focus()
    lab.press("End")
    expect(lab.caption).to_contain_text("That is the root")
    root = TreeComposer(shape="right", ask=False).pages.table[-1]
    shown = [lab.stage.locator(f'.page.on [data-n="h/14/{k}"]').text_content() for k in range(6)]
    assert [number(text) for text in shown] == [number(text) for text in root[1:7]]
    lab.stage.locator('.node[data-at="2"]').click()
    expect(lab.where).to_have_text("node 2 / 7")
    assert lab.notebook.trouble == []
