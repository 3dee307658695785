"""Cone or chain in a browser: R = 1 + (k - 1) * sum(d), and outside of it the change is exactly 0."""

from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme


@one_theme
@both_applications
def test_the_receptive_field_is_the_formulas_and_outside_it_is_0(open_laboratory):
    lab = open_laboratory("from rnnlib.widgets import ConeOrChain", "ConeOrChain(ask=False)")

    def shown(name):
        return [lab.stage.locator(f'[data-n="{name}/{t}/0"]').text_content() for t in range(1, 13)]

    def check(R):
        expect(lab.stage.locator('[data-n="R/0/0"]')).to_have_text(str(R))
        conv, chain = shown("conv"), shown("chain")
        assert [t for t in range(1, 13) if conv[t - 1] != "0"] == list(range(4, min(4 + R, 13)))
        assert [t for t in range(1, 13) if chain[t - 1] != "0"] == list(range(4, 13))

    check(1 + 2 * (1 + 1))
    lab.button("doubling").click()
    check(1 + 2 * (1 + 2))
    expect(lab.badge).to_contain_text("largest difference 0")
    assert lab.notebook.trouble == []
