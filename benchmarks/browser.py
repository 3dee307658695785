"""From a key to the screen, in a real JupyterLab: pages that turn, and a slider with Python in the loop, each beside
`interact` with `plt.show()`; and how large the widgets are.

All are in one notebook, and they take turns, so that whatever else the machine does falls on all alike. A time is from
the key event to the end of the frame that paints the last change that the key made (a message posted from an animation
frame is read when that frame has been painted).
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser import catalogue, chromium
from tests.browser.applications import OpenNotebook, Server
from tests.browser.conftest import FLAGS

PRESSES, ROUNDS = 10, 4
SETUP = """import time
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact
from rnnlib import Dense, ManyToOne, Recurrent, RNNCell, diagrams, widgets
from rnnlib.trace import trace
from rnnlib.widgets.laboratory import slider

def record(H, gain=1.0):
    rng = np.random.default_rng(0)
    model = ManyToOne(Recurrent(RNNCell(4, H, rng=rng)), Dense(H, 2, rng=rng))
    return trace(model, gain * rng.normal(size=(10, 4)))

class Gain(widgets.Laboratory):
    def __init__(self):
        self.seconds = []
        super().__init__(slider("gain", 1.0, 0.0, 10.0, 0.1))

    def draw(self, *, gain):
        began = time.perf_counter()
        pages = diagrams.sentence(record(16, gain), title=f"gain {gain:.1f}")
        self.seconds.append(time.perf_counter() - began)
        return pages"""
CELLS = {
    "Stepper": "widgets.Stepper(diagrams.sentence(record(32)))",
    "Laboratory": "lab = Gain()\nlab",
    "interact": """run = record(32)
@interact(t=(0, 10))
def step(t=0):
    plt.imshow(run.h[: t + 1].T, vmin=-1, vmax=1, aspect="auto")
    plt.show()""",
    "interact, new numbers": """@interact(gain=(0.0, 10.0, 0.1))
def change(gain=1.0):
    plt.imshow(record(16, gain).h.T, vmin=-1, vmax=1, aspect="auto")
    plt.show()""",
}
WATCHED = {"Stepper": ".rnn-stepper", "Laboratory": ".stage"}  # the others: their output
FOCUSED = {"Stepper": ".stage"}  # the others: their slider
ASK = "print(len(lab.seconds), 1e3 * np.median(lab.seconds[1:]))"

WATCH = """(node) => {
    const seen = { changes: 0, painted: [], last: 0 };
    window.seen?.end();
    window.seen = seen;
    const note = event => { seen.last = event.timeStamp; };
    for (const kind of ['keydown', 'pointermove']) document.addEventListener(kind, note, true);
    const observer = new MutationObserver(() => {
        const from = seen.last, image = node.querySelector('img');
        seen.changes += 1;
        (image ? image.decode().catch(() => null) : Promise.resolve()).then(() => requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => seen.painted.push([from, performance.now()]);
            port2.postMessage(null);
        }));
    });
    observer.observe(node, { attributes: true, childList: true, subtree: true, characterData: true });
    seen.end = () => {
        observer.disconnect();
        for (const kind of ['keydown', 'pointermove']) document.removeEventListener(kind, note, true);
    };
}"""


def watch(output: Locator, name: str) -> None:
    """Look at one of them from now on, its slider or its pages having the focus."""
    output.scroll_into_view_if_needed()
    output.locator(FOCUSED.get(name, ".noUi-handle")).first.focus()
    output.locator(WATCHED.get(name, ".jp-OutputArea, .widget-output")).first.evaluate(WATCH)


def pressed(page: Page, key: str) -> float:
    """Milliseconds from the key to the screen. What changes within 80 ms after that belongs to the key as well."""
    page.evaluate("() => { seen.painted = []; }")
    page.keyboard.press(key)
    page.wait_for_function("() => seen.painted.length", polling=20)
    page.wait_for_timeout(80)
    return page.evaluate("() => Math.max(...seen.painted.map(([from, at]) => at - from))")


def key_to_paint(page: Page, outputs: dict[str, Locator]) -> dict[str, list[float]]:
    """The times of all of them, taking turns."""
    times: dict[str, list[float]] = {name: [] for name in outputs}
    for turn in range(ROUNDS):
        for name, output in outputs.items():
            watch(output, name)
            key = "ArrowLeft" if turn % 2 else "ArrowRight"
            times[name] += [pressed(page, key) for _ in range(PRESSES)][1:]  # the first wakes it up
    return times


def fast_presses(page: Page, output: Locator) -> tuple[int, int]:
    """Keys without a pause on the Stepper: how many, and how many pages were seen."""
    output.locator(".stage").focus()
    page.keyboard.press("Home")
    output.locator(".where").evaluate(WATCH)
    keys = ["ArrowRight"] * 10 + ["ArrowLeft"] * 10 + ["ArrowRight"] * 10
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    return len(keys), page.evaluate("() => seen.changes")


def lag_after_drag(page: Page, output: Locator, events: int = 100, seconds: float = 2.0) -> float:
    """Milliseconds from the last movement of a dragged slider to the last change on the screen."""
    handle = output.locator(".noUi-handle").first
    watch(output, "Laboratory")
    page.keyboard.press("Home")
    page.wait_for_timeout(1000)
    box: Any = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for k in range(events):
        page.mouse.move(x + 2 * (k + 1), y)
        page.wait_for_timeout(1e3 * seconds / events)
    page.wait_for_timeout(1500)
    lag = page.evaluate("() => Math.max(...seen.painted.map(([from, at]) => at)) - seen.last")
    page.mouse.up()
    return lag


def compare(notebook: OpenNotebook) -> None:
    """Print all that is measured in the page."""
    page = notebook.page
    outputs = {name: notebook.output(1 + k).first for k, name in enumerate(CELLS)}
    outputs["Stepper"].locator(".stage svg").wait_for()
    for output in outputs.values():  # or JupyterLab would have the keys of a plain slider
        for handle in output.locator(".noUi-handle").all():
            handle.evaluate("node => { node.dataset.lmSuppressShortcuts = 'true'; }")
    print("From a key to the screen, T = 10, in JupyterLab:")
    times = key_to_paint(page, outputs)
    middle = {name: statistics.median(values) for name, values in times.items()}
    what = ("pages turned, H = 32", "slider, Python, new pages, H = 16", "plt.show(), H = 32", "plt.show(), H = 16")
    for name, words in zip(times, what, strict=True):
        p95 = sorted(times[name])[int(0.95 * len(times[name]))]
        print(f"  {name:22} {words:34} median {middle[name]:6.1f} ms, p95 {p95:6.1f} ms")
    print(f"  pages turned: {middle['interact'] / middle['Stepper']:.1f} times as fast as interact (wanted: 8)")
    ratio = middle["interact, new numbers"] / middle["Laboratory"]
    print(f"  slider to new pages: {ratio:.1f} times as fast as interact (wanted: 2)")
    count, shown = fast_presses(page, outputs["Stepper"])
    print(f"  of {count} fast presses {shown} were shown")
    lags = sorted(lag_after_drag(page, outputs["Laboratory"]) for _ in range(3))
    print(f"  after a drag of 100 events in 2 s: {lags[1]:.0f} ms to the last picture, of {lags} (wanted: 150)")
    page.evaluate("() => seen.end()")
    notebook.cell(1 + len(CELLS)).locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    notebook.wait_until_idle()
    drawn, draw = notebook.output(1 + len(CELLS)).inner_text().split()
    print(f"  of that, Python draws for {float(draw):.1f} ms in the median of {drawn} draws", flush=True)


def sizes() -> None:
    """Print the size of each widget's state, at 10 steps and 16 units or what is nearest to that."""
    print("State of each widget, T = 10, H = 16 (wanted: under 400 kB):")
    for name, widget in catalogue.CATALOGUE.items():
        states = [
            stepper.pages.state() for stepper in catalogue.steppers_in(catalogue.made(widget.large or widget.line))
        ]
        print(f"  {name:18} {len(json.dumps(states, ensure_ascii=False).encode()) / 1e3:6.0f} kB")


def run() -> None:
    """Measure, and print what came out."""
    sizes()
    path = chromium.find()
    if path is None:
        print("No browser, no times: `python start.py test` installs Chromium.")
        return
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server("lab", Path(folder))
        server.use_theme("light")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            notebook = OpenNotebook(browser.new_page(viewport={"width": 1280, "height": 900}), server)
            notebook.open(server.write_notebook("bench.ipynb", SETUP, *CELLS.values(), ASK))
            notebook.run_all()
            compare(notebook)
        finally:
            browser.close()
            server.stop()


if __name__ == "__main__":
    sys.exit(run())
