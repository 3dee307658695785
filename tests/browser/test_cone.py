"""Cone or chain in a browser: R = 1 + (k - 1) * sum(d), and outside of it the change is exactly 0."""

from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme


@one_theme
@both_applications
def test_the_receptive_field_is_the_formulas_and_outside_it_is_0(server, open_notebook):
    cells = ("from rnnlib.widgets import ConeOrChain\nlab = ConeOrChain(ask=False)", "lab")
    notebook = open_notebook(server.write_notebook("cone.ipynb", *cells))
    notebook.run_all()
    lab = notebook.output(1)
    lab.locator(".stage").wait_for()

    def shown(name):
        return [lab.locator(f'[data-n="{name}/{t}/0"]').text_content() for t in range(1, 13)]

    def check(R):
        expect(lab.locator('[data-n="R/0/0"]')).to_have_text(str(R))
        conv, chain = shown("conv"), shown("chain")
        assert [t for t in range(1, 13) if conv[t - 1] != "0"] == list(range(4, min(4 + R, 13)))
        assert [t for t in range(1, 13) if chain[t - 1] != "0"] == list(range(4, 13))

    check(1 + 2 * (1 + 1))
    lab.get_by_role("button", name="doubling").click()
    check(1 + 2 * (1 + 2))
    expect(lab.locator(".badge")).to_contain_text("largest difference 0")
    assert notebook.trouble == []
