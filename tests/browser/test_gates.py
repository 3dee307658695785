"""The gate laboratory in a browser: f = 1 and i = 0 keep c to the last bit while h changes."""

from playwright.sync_api import expect

from tests.browser.conftest import both_applications, one_theme

SETUP = "from rnnlib.widgets import GateLaboratory"


@one_theme
@both_applications
def test_f_1_and_i_0_keep_c_while_h_changes(open_laboratory):
    lab = open_laboratory(SETUP, "GateLaboratory(f='free', ask=False)")
    gate = lab.root.locator(".rnn-control")
    gate.filter(has_text="forget gate f").get_by_role("button", name="1", exact=True).click()
    gate.filter(has_text="input gate i").get_by_role("button", name="0", exact=True).click()
    expect(lab.caption).to_contain_text("f held at 1 and i held at 0")
    c, h = ([lab.stage.locator(f'[data-n="as changed/{n}/{t}/0"]').text_content() for t in range(6)] for n in "ch")
    assert set(c) == {"+0.80"} and len(set(h)) > 2
    expect(lab.badge).to_contain_text("largest difference 0")
    for row in ("road", "full"):
        assert lab.stage.locator(f'[data-n="as it is/{row}/0/0"]').count() == 1
    assert lab.notebook.trouble == []


@one_theme
def test_what_becomes_of_c_and_h_is_asked_before_it_is_shown(open_laboratory):
    lab = open_laboratory(SETUP, "GateLaboratory()")
    assert [lab.root.get_by_role("button", name=n, exact=True).count() for n in ("free", "0", "1")] == [3, 3, 3]
    expect(lab.root.locator(".mod-active")).to_have_text(["1", "0", "free"])
    expect(lab.caption).to_contain_text("What do c and h do?")
    cover = lab.stage.locator(".page.on .cover").first
    expect(cover).to_be_visible()
    lab.press("2")
    expect(lab.said).to_contain_text("c stays, but h is not c")
    expect(cover).to_be_hidden()
    for _ in range(3):
        lab.press("ArrowRight")
    expect(lab.caption).to_contain_text("c stays at +0.80, to the last bit")
    expect(lab.caption).to_contain_text("while h goes from")
    lab.button("Reset").click()
    expect(lab.root.locator(".mod-active")).to_have_text(["1", "0", "free"])
    assert lab.notebook.trouble == []
