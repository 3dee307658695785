"""The gate laboratory in a browser: f = 1 and i = 0 keep c to the last bit while h changes."""

from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme

AFTER = """from rnnlib.diagrams.gates import gate_run
from rnnlib.cells import hold
from rnnlib import Recurrent
words = lab.values["sentence"].split()
x = lab.vocabulary.one_hot([" ".join(words)])[0][:, 0]
run = gate_run(Recurrent(hold(lab.layer.cell, f=1, i=0)), x, 0.8)
len({c.tobytes() for c in run.values["c"]}), len({h.tobytes() for h in run.values["h"]})"""


@one_theme
@both_applications
def test_f_1_and_i_0_keep_c_while_h_changes(server, open_notebook):
    cells = ("from rnnlib.widgets import GateLaboratory\nlab = GateLaboratory(f='free', ask=False)", "lab", AFTER)
    notebook = open_notebook(server.write_notebook("gates.ipynb", *cells))
    notebook.run_all()
    lab = notebook.output(1)
    stage = lab.locator(".stage")
    stage.wait_for()
    gate = lab.locator(".rnn-control")
    gate.filter(has_text="forget gate f").get_by_role("button", name="1", exact=True).click()
    gate.filter(has_text="input gate i").get_by_role("button", name="0", exact=True).click()
    expect(lab.locator(".caption")).to_contain_text("f held at 1 and i held at 0")
    shown = {
        name: [stage.locator(f'[data-n="as changed/{name}/{t}/0"]').text_content() for t in range(6)] for name in "ch"
    }
    assert set(shown["c"]) == {"+0.80"}
    assert len(set(shown["h"])) > 2
    expect(notebook.output(2)).to_have_text("(1, 6)")
    expect(lab.locator(".badge")).to_contain_text("largest difference 0")
    for row in ("road", "full"):
        assert stage.locator(f'[data-n="as it is/{row}/0/0"]').count() == 1
    assert notebook.trouble == []


@one_theme
def test_what_becomes_of_c_and_h_is_asked_before_it_is_shown(server, open_notebook):
    notebook = open_notebook(
        server.write_notebook("asked.ipynb", "from rnnlib.widgets import GateLaboratory", "GateLaboratory()")
    )
    notebook.run_all()
    lab = notebook.output(1)
    lab.locator(".stage svg").wait_for()
    assert [lab.get_by_role("button", name=n, exact=True).count() for n in ("free", "0", "1")] == [3, 3, 3]
    expect(lab.locator(".mod-active")).to_have_text(["1", "0", "free"])
    expect(lab.locator(".caption")).to_contain_text("What do c and h do?")
    cover = lab.locator(".page.on .cover").first
    expect(cover).to_be_visible()
    lab.locator(".stage").focus()
    notebook.page.keyboard.press("2")
    expect(lab.locator(".said")).to_contain_text("c stays, but h is not c")
    expect(cover).to_be_hidden()
    for _ in range(3):
        notebook.page.keyboard.press("ArrowRight")
    expect(lab.locator(".caption")).to_contain_text("c stays at +0.80, to the last bit")
    expect(lab.locator(".caption")).to_contain_text("while h goes from")
    lab.get_by_role("button", name="Reset", exact=True).click()
    expect(lab.locator(".mod-active")).to_have_text(["1", "0", "free"])
    assert notebook.trouble == []
