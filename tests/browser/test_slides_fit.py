"""Every slide of every chapter fits a screen of 1280 by 720, its text is large enough, and together they say all that
the page says. The chapters are those stored: a picture stands for each widget. The widgets have slides of their own."""

import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from rnnlib.widgets.standalone import kept
from tests.browser.catalogue import CATALOGUE, made, steppers_in
from tools.site import build

CHAPTERS = [f"{k:02}" for k in range(10)]
# What can be seen, in order: text, and a sign for each picture. A slide that goes on repeats the head of a table; the
# score of a quiz is on each of its slides, and empty.
SEEN = """
const main = document.querySelector("main");
const apart = ".celltag_slide_notes, .celltag_slide_skip";
const no_text = "script, style, title, desc, thead";
const code = ".jp-CodeCell:has(iframe, details[data-answer]) .jp-Cell-inputWrapper"; // of a widget or a quiz
function out(node) {
  const cell = node.closest(".jp-Cell");
  return !cell || cell.matches(apart) || cell.querySelector(apart) || node.closest(no_text) || node.closest(code);
}
function seen() {
  const found = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.nodeType === 3 ? node.parentElement : node;
    if (node.nodeType === 3 ? !node.data.trim() : !/^(svg|img|iframe)$/i.test(node.tagName ?? "")) continue;
    if (!out(holder) && holder.checkVisibility()) found.push(node);
  }
  return found;
}
const said = (nodes) => nodes.map((node) => (node.nodeType === 3 ? node.data.replace(/\\s+/g, "") : "▣")).join("");
"""
PAGE = f"() => {{ {SEEN} return said(seen()); }}"
# Of the slide that is on: what it says; how far it reaches; its smallest text outside of pictures and formulas.
SLIDE = f"""() => {{ {SEEN}
  const nodes = seen(), size = {{ right: 0, bottom: 0, least: 99 }};
  for (const node of nodes) {{
    const range = document.createRange();
    node.nodeType === 3 ? range.selectNodeContents(node) : range.selectNode(node);
    for (const box of node.nodeType === 3 ? range.getClientRects() : [node.getBoundingClientRect()]) {{
      size.right = Math.max(size.right, box.right);
      size.bottom = Math.max(size.bottom, box.bottom);
    }}
    if (node.nodeType === 3 && !node.parentElement.closest("svg, math"))
      size.least = Math.min(size.least, parseFloat(getComputedStyle(node.parentElement).fontSize));
  }}
  const bar = document.querySelector(".rnn-slides").getBoundingClientRect().top;
  return {{ said: said(nodes), ...size, bar, height: main.offsetHeight, width: main.scrollWidth }};
}}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory, root):
    folder = tmp_path_factory.mktemp("site")
    assert build.build(sorted((root / "notebooks").glob("*.ipynb")), folder, stored=True) == 0
    return folder / "read"


@pytest.fixture(scope="module")
def screen(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    yield page
    page.close()


def slides(page, path):
    """(what the page says, its slides)"""
    page.goto(path.as_uri())
    whole = page.evaluate(PAGE)
    page.keyboard.press("s")
    count = int(page.locator(".rnn-slides span").inner_text().split(" / ")[1])
    found = []
    for _ in range(count):
        found.append(page.evaluate(SLIDE))
        page.keyboard.press("ArrowRight")
    return whole, found


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_slide_fits_a_screen_and_nothing_is_lost(screen, site, chapter):
    (path,) = site.glob(f"{chapter}_*.html")
    whole, found = slides(screen, path)
    faults = [
        (number, {name: value for name, value in slide.items() if name != "said"}, slide["said"][:60])
        for number, slide in enumerate(found, 1)
        if max(slide["height"], slide["bottom"]) > 720
        or max(slide["width"], slide["right"]) > 1280
        or slide["bottom"] > slide["bar"]
        or slide["least"] < 16
    ]
    assert faults == []
    assert "".join(slide["said"] for slide in found) == whole
    assert all(slide["said"] for slide in found)


def test_the_same_page_gives_the_same_slides_in_any_window(screen, site):
    (path,) = site.glob("05_*.html")
    _, found = slides(screen, path)
    screen.set_viewport_size({"width": 1920, "height": 1000})
    _, larger = slides(screen, path)
    screen.set_viewport_size({"width": 1280, "height": 720})
    assert [slide["said"] for slide in larger] == [slide["said"] for slide in found]


# All that can be opened is opened, slide by slide, one answer of a quiz after the other: how high each slide is then.
OPENED = """async () => {
  const heights = [], main = document.querySelector("main"), where = document.querySelector(".rnn-slides span");
  const settled = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  for (let slide = 0; ; slide++) {
    const next = () =>
      [...main.querySelectorAll("details:not([open], [data-tried])")].find((node) => node.checkVisibility());
    for (let shut = next(); shut; shut = next()) {
      shut.dataset.tried = "";
      shut.open = true;
      await settled();
      heights.push(main.offsetHeight);
    }
    heights.push(main.offsetHeight);
    const [at, all] = where.textContent.split(" / ");
    if (at === all) return heights;
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  }
}"""


@pytest.mark.parametrize("chapter", ["04", "08"])
def test_what_is_opened_on_a_slide_fits_too(screen, site, chapter):
    (path,) = site.glob(f"{chapter}_*.html")
    screen.goto(path.as_uri())
    screen.keyboard.press("s")
    heights = screen.evaluate(OPENED)
    assert len(heights) > 60 and max(heights) <= 720
    assert screen.locator("details[data-tried]").count() > 15


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    """Each widget below a heading, as an executed notebook keeps it."""
    cells = []
    for name, entry in CATALOGUE.items():
        widget = made(entry.line)
        stepper = steppers_in(widget)[0]
        page = kept(widget.html(), stepper.stored(), stepper.pages.title, f"{name}-1")
        cells.append(new_markdown_cell(f"## {name}", metadata={"slideshow": {"slide_type": "slide"}}))
        cells.append(new_code_cell(entry.line, outputs=[new_output("display_data", {"text/html": page})]))
    folder = tmp_path_factory.mktemp("gallery")
    nbformat.write(new_notebook(cells=cells), folder / "gallery.ipynb")
    assert build.build([folder / "gallery.ipynb"], folder, stored=True) == 0
    return folder / "read" / "gallery.html"


# The frame with its page: whether it has come to rest, where it ends, and its smallest text.
FRAME = """() => {
  const frame = [...document.querySelectorAll("main iframe")].find((frame) => frame.offsetParent);
  const page = frame?.contentDocument, root = page?.documentElement;
  if (!page?.querySelector(".rnn-stepper .stage svg") || !page.getElementById("slide")) return null;
  const texts = [...page.querySelectorAll(".rnn-stepper *")].filter(
    (node) => node.checkVisibility() && !node.closest("svg, sub") && node.textContent.trim());
  const share = (node) => node.getBoundingClientRect().height / node.viewBox.baseVal.height;
  return {
    height: document.querySelector("main").offsetHeight,
    inside: root.offsetHeight - frame.offsetHeight,
    wide: root.scrollWidth - frame.clientWidth,
    least: Math.min(...texts.map((node) => parseFloat(getComputedStyle(node).fontSize))),
    drawn: Math.min(...[...page.querySelectorAll(".stage svg")].map(share)),
  };
}"""
SETTLED = f"() => {{ const now = ({FRAME})(); return now && now.height <= 720 && now.inside <= 0 && now.wide <= 0; }}"


@pytest.mark.parametrize("number", range(len(CATALOGUE)), ids=list(CATALOGUE))
def test_every_widget_fits_its_slide_at_every_step(screen, gallery, number):
    screen.goto(gallery.as_uri())
    screen.keyboard.press("s")
    for _ in range(number):
        screen.keyboard.press("ArrowRight")
    assert screen.locator(".rnn-slides span").inner_text() == f"{number + 1} / {len(CATALOGUE)}"
    frame = screen.locator("iframe:visible")
    frame.content_frame.locator(".stage svg").first.wait_for()
    frame.content_frame.locator(".stage").first.focus()
    marks = set()
    for key in ["Home", *["ArrowRight"] * 3, "End"]:
        screen.keyboard.press(key)
        screen.wait_for_function(SETTLED)
        now = screen.evaluate(FRAME)
        assert now["least"] >= 16, json.dumps(now)
        assert now["drawn"] >= 0.5, json.dumps(now)
        marks.add(re.sub(r"\s", "", frame.content_frame.locator(".where").first.inner_text()))
    assert len(marks) > 1 or frame.content_frame.locator("[type=range]").get_attribute("max") == "0"
