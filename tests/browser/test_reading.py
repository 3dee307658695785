"""The site's reading edition: from a disk and from a server, with every other host blocked, in light and dark."""

import re
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tools.execute import all_notebooks
from tools.site import build
from tools.site.served import served

RUN = "00_start_here.ipynb"  # its widgets step; of the others the stored pictures are shown
PAGES = [build.address(path) for path in all_notebooks()]
SOME = ["index.html", "read/solutions/02_unit.html"]
MORE = ["live.html", "read/00_start_here.html", "read/04_learning.html"]
THEMES = [
    ("light", "dark", SOME + MORE),
    ("dark", "light", SOME + MORE),
    ("light", "light", SOME),
    ("dark", "dark", SOME),
]
AXE = {"resultTypes": ["violations"], "iframes": False, "selectors": False}  # each frame is looked at by itself
UNNAMED = """[...document.querySelectorAll('main img, main svg')].map(
    (one) => (one.getAttribute('alt') ?? one.getAttribute('aria-label') ?? '').trim()).filter(
    (text) => !text || text.startsWith('No description')).length"""  # what nbconvert puts where there is none
RAW = r"""[...document.querySelectorAll('main *')]
    .filter((one) => !one.closest('pre, code, script, style, iframe, svg'))
    .flatMap((one) => [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data))
    .filter((text) => /\$|\\[a-z]{2,}/.test(text))"""
DANGLING = """[...document.querySelectorAll('a[href]')].map((one) => one.href).filter((href) =>
    href.split('#')[0] === location.href.split('#')[0] && href.includes('#')
    && ![href.split('#')[1], decodeURIComponent(href.split('#')[1])].some((id) => document.getElementById(id)))"""
SETTLED = "[...document.querySelectorAll('iframe')].every((frame) => frame.clientHeight > 100)"


@pytest.fixture(scope="session")
def site(tmp_path_factory, root):
    """All pages as they are stored, and one chapter run."""
    folder = tmp_path_factory.mktemp("site")
    run = build.run

    def one_run(path, stored):
        return run(path, path != root / "notebooks" / RUN)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "run", one_run)
        patch.setenv("PYTHONPATH", str(root))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        assert build.main(["--to", str(folder / "site")]) == 0
    return folder / "site"


@pytest.fixture(scope="session")
def addresses(site):
    """The site on a disk and on a server."""
    with served(site) as address:
        yield {"disk": site.as_uri(), "server": address}


@pytest.fixture
def reader(browser):
    """Opens a page in a browser of its own for which there is no other host; `trouble` says what went wrong."""
    contexts = []

    def one(address, system="light"):
        context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme=system)
        contexts.append(context)
        page = context.new_page()
        page.trouble = []
        host = urlsplit(address).netloc

        def asked(route):
            url = urlsplit(route.request.url)
            if url.scheme in ("file", "data", "blob") or url.netloc == host:
                route.continue_()
                return
            page.trouble.append(route.request.url)
            route.abort()

        page.route("**/*", asked)
        page.on("console", lambda said: page.trouble.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.trouble.append(str(error)))
        page.goto(address)
        return page

    yield one
    for context in contexts:
        context.close()


both_places = pytest.mark.parametrize("place", ["disk", "server"])


@both_places
def test_a_chapter_steps_and_asks_no_other_host(addresses, reader, place):
    page = reader(f"{addresses[place]}/read/00_start_here.html")
    widget = page.frame_locator("iframe").first
    widget.locator(".stage").focus()
    page.keyboard.press("Home")
    expect(widget.locator(".where")).to_have_text(re.compile("^t = 0 /"))
    before = widget.locator(".caption").text_content()
    page.keyboard.press("ArrowRight")
    expect(widget.locator(".where")).to_have_text(re.compile("^t = 1 /"))
    expect(widget.locator(".caption")).not_to_have_text(before)
    assert page.trouble == []


@both_places
def test_a_quiz_opens_and_asks_no_other_host(addresses, reader, place):
    page = reader(f"{addresses[place]}/read/02_unit.html")
    page.locator("summary", has_text="b)").first.click()
    expect(page.locator("details[open] b").first).to_have_text(re.compile("Right.|No."))
    assert page.trouble == []


@both_places
def test_the_search_finds_forget_gate_in_chapter_06(addresses, reader, place):
    page = reader(f"{addresses[place]}/read/01_sequences.html")
    page.keyboard.press("/")
    page.keyboard.type("forget gate")
    found = page.locator(".found li a")
    expect(found.first).to_have_text(re.compile("forget gate"))
    expect(found.first).to_have_attribute("href", re.compile(r"/06_memory\.html#"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/06_memory.html#**")
    expect(page.locator("h3", has_text="The forget gate")).to_be_in_viewport()
    assert page.trouble == []


def test_formulas_are_drawn_with_the_sites_font_and_small_indices(addresses, reader):
    page = reader(f"{addresses['disk']}/read/04_learning.html")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('20px \"Book Math\"') && [...document.fonts].length") == 1
    heights = page.evaluate("""[...document.querySelectorAll('main math msub')].slice(0, 40).map(
        ({ children }) => [...children].map((one) => parseFloat(getComputedStyle(one).fontSize)))
        .map(([one, two]) => two / one)""")
    assert len(heights) == 40 and min(heights) > 0.5 and max(heights) < 0.8
    assert page.locator("merror").count() == 0


@pytest.mark.parametrize(("system", "chosen", "names"), THEMES)
def test_axe_finds_nothing_serious_and_every_picture_has_its_text(addresses, reader, system, chosen, names):
    found = {}
    page = reader(f"{addresses['disk']}/index.html", system)
    if system != chosen:
        page.get_by_role("button", name="Dark").click()
    for name in names:
        page.goto(f"{addresses['disk']}/{name}")
        for frame in page.locator("iframe").all():
            frame.scroll_into_view_if_needed()
        page.wait_for_function(SETTLED)
        assert page.locator("body").get_attribute("data-jp-theme-light") == str(chosen == "light").lower()
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == chosen
        assert page.trouble == []
        rules = [rule for frame in page.frames for rule in Axe().run(frame, options=AXE).response["violations"]]
        page.trouble.clear()  # from a disk axe asks for the style sheet itself, and gets none
        found |= {
            (name, rule["id"]): [node["html"][:200] for node in rule["nodes"][:3]]
            for rule in rules
            if rule["impact"] in ("serious", "critical") or rule["id"] == "empty-table-header"
        }
        assert page.evaluate(UNNAMED) == 0, name
    assert found == {}


def test_frames_and_pictures_follow_the_switch(addresses, reader):
    page = reader(f"{addresses['disk']}/read/00_start_here.html", "dark")
    page.get_by_role("button", name="Dark").click()
    frame = page.frame_locator("iframe").first
    white = "rgb(255, 255, 255)"
    expect(frame.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == white
    assert frame.locator("body").evaluate("(body) => getComputedStyle(body).backgroundColor") == white
    painted = page.locator("main svg > rect.surface").first
    assert painted.evaluate("(one) => getComputedStyle(one).fill") == white
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-jp-theme-light", "true")


@pytest.fixture(scope="module")
def visits(addresses, browser):
    """Each page opened once from the disk: what stands in it raw, its links, and those to a place that is not there."""
    page, seen = browser.new_page(), {}
    for name in ["index.html", *PAGES]:
        page.goto(f"{addresses['disk']}/{name}", wait_until="domcontentloaded")
        links = page.evaluate("[...document.querySelectorAll('a[href]')].map((one) => one.getAttribute('href'))")
        seen[name] = SimpleNamespace(raw=page.evaluate(RAW), links=links, dangling=page.evaluate(DANGLING))
    page.close()
    return seen


def test_every_link_inside_the_site_leads_somewhere(visits, site):
    for name, seen in visits.items():
        inside = {link.split("#")[0].split("?")[0] for link in seen.links if not link.startswith(("http", "#"))}
        assert [link for link in inside if not ((site / name).parent / link).is_file()] == [], name
        assert seen.dangling == [], name


def test_no_formula_stands_raw_in_a_page(visits):
    assert {name: seen.raw for name, seen in visits.items() if seen.raw} == {}


def test_on_paper_widgets_are_pictures_and_nothing_is_cut(addresses, reader):
    page = reader(f"{addresses['disk']}/read/00_start_here.html", "dark")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("iframe").first).to_be_hidden()
    expect(page.locator("[data-rnn] > img").first).to_be_visible()
    expect(page.locator("header, nav, .live").first).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.set_viewport_size({"width": 690, "height": 1000})  # A4 between its margins
    wide = page.evaluate("""[...document.querySelectorAll('main pre, main img, main svg, main table')].filter(
        (one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1).length""")
    assert wide == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("body").get_attribute("data-jp-theme-light") == "false"
