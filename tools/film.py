"""Film the first widget of notebook 00 for the README: `python start.py film`.

The page of the notebook is built, its widget stepped through in a browser, and each step photographed. images/ gets
stepper.webp and stepper-dark.webp, which play, and stepper.png and stepper-dark.png, which stand still.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tests.browser.chromium import find  # noqa: E402
from tools.site.build import address, build  # noqa: E402

NOTEBOOK = ROOT / "notebooks" / "00_start_here.ipynb"
FOLDER = ROOT / "images"
PAUSE, REST = 1600, 4000  # ms a step is seen, and the last one
STILL = 3  # the step of the picture that stands still
SIZE = {"width": 1060, "height": 900}


def photographs(browser: Browser, page_file: Path, theme: str) -> list[Image.Image]:
    """The widget at each of its steps, as a reader sees it who presses the arrow key."""
    page = browser.new_page(viewport=SIZE, color_scheme=theme, device_scale_factor=1.5)  # type: ignore[arg-type]
    page.goto(page_file.as_uri())
    widget = page.frame_locator("iframe").first.locator(".rnn-stepper")
    widget.locator(".stage").focus()
    end = int(widget.locator("input[type=range]").get_attribute("max") or 0)
    taken = []
    for step in range(end + 1):
        if step:
            page.keyboard.press("ArrowRight")
        taken.append(_photograph(page))
    page.close()
    return taken


def _photograph(page: Page) -> Image.Image:
    picture = page.frame_locator("iframe").first.locator(".rnn-stepper").screenshot()
    return Image.open(io.BytesIO(picture)).convert("RGB")


def film(folder: Path = FOLDER) -> None:
    """Build, photograph, write."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", "--disable-gpu"])
        build([NOTEBOOK], Path(temporary))
        for theme, ending in (("light", ""), ("dark", "-dark")):
            page_file = Path(temporary) / address(NOTEBOOK)
            taken = photographs(browser, page_file, theme)
            taken[STILL].quantize(128, dither=Image.Dither.NONE).save(folder / f"stepper{ending}.png", optimize=True)
            durations = [PAUSE] * (len(taken) - 1) + [REST]
            target = folder / f"stepper{ending}.webp"
            look: dict[str, Any] = {"duration": durations, "loop": 0, "lossless": True, "method": 6}
            taken[0].save(target, save_all=True, append_images=taken[1:], **look)
            print(f"{target.name}: {len(taken)} steps, {target.stat().st_size // 1000} kB", flush=True)
        browser.close()


if __name__ == "__main__":
    film()
