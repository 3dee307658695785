"""The site in Firefox: `python -m tools.site.firefox site [PICTURE.png]`, with a Firefox or Firefox ESR on the path.

It opens the first chapter from the disk and from a server, with every other host out of reach, steps, searches,
measures formulas and changes the theme; the picture shows the page at the end. It speaks WebDriver BiDi, which Firefox
knows by itself.
"""

from __future__ import annotations

import base64
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

from tools.site.served import served

PAGE = "read/00_start_here.html"
# A proxy that is not there stands before every host but this machine; nothing is asked at the first start.
PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "127.0.0.1",
    "datareporting.policy.dataSubmissionEnabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "ui.systemUsesDarkTheme": 0,
}
CHECKS = {
    "steps": """async () => {
        const frame = document.querySelector('iframe');
        frame.scrollIntoView();
        while (!frame.contentDocument?.querySelector('.stage svg')) await new Promise(requestAnimationFrame);
        const inside = frame.contentDocument, where = () => inside.querySelector('.where').textContent;
        const press = (key) => inside.querySelector('.stage').dispatchEvent(
            new frame.contentWindow.KeyboardEvent('keydown', { key, bubbles: true }));
        press('Home');
        const first = where();
        press('ArrowRight');
        return /^t = 0 /.test(first) && /^t = 1 /.test(where());
    }""",
    "searches": """async () => {
        const field = document.querySelector('.search input'), links = '.found li a';
        field.value = 'forget gate';
        field.dispatchEvent(new Event('input'));
        while (!document.querySelector(links)) await new Promise(requestAnimationFrame);
        return document.querySelector(links).href.includes('06_memory');
    }""",
    "formulas": """async () => {
        await document.fonts.ready;
        const sizes = [...document.querySelectorAll('math msub')].map(({ children }) =>
            parseFloat(getComputedStyle(children[1]).fontSize) / parseFloat(getComputedStyle(children[0]).fontSize));
        const drawn = [...document.fonts].some((font) => font.family.includes('Book Math') && font.status === 'loaded');
        return drawn && sizes.length > 9 && Math.max(...sizes) < 0.8;
    }""",
    "themes": """async () => {
        const colour = () => getComputedStyle(document.querySelector('main svg rect.surface')).fill;
        const light = colour();
        document.querySelector('.theme').click();
        const inside = document.querySelector('iframe').contentDocument;
        await new Promise((done) => setTimeout(done, 200));
        return light !== colour() && inside.body.dataset.jpThemeLight === document.body.dataset.jpThemeLight;
    }""",
}


class Firefox:
    """A browser that takes commands. asked: the addresses that its pages asked for."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(f"{address}/session", timeout=60, suppress_origin=True)
        self.numbers, self.asked = itertools.count(1), list[str]()
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["network.beforeRequestSent"])
        self.context = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def command(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self.socket.recv())
            if said.get("method") == "network.beforeRequestSent":
                self.asked.append(said["params"]["request"]["url"])
            if said.get("id") == number:
                break
        if said["type"] == "error":
            raise RuntimeError(f"{method}: {said['message']}")
        result: dict[str, Any] = said["result"]
        return result

    def open(self, address: str) -> None:
        size = {"width": 1366, "height": 768}
        self.command("browsingContext.setViewport", context=self.context, viewport=size)
        self.command("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def says(self, function: str) -> Any:
        target = {"context": self.context}
        said = self.command("script.callFunction", functionDeclaration=function, target=target, awaitPromise=True)
        return said["result"]["value"] if said["type"] == "success" else said["exceptionDetails"]["text"]

    def photograph(self, path: Path) -> None:
        path.write_bytes(
            base64.b64decode(self.command("browsingContext.captureScreenshot", context=self.context)["data"])
        )


@contextmanager
def firefox() -> Iterator[Firefox]:
    """Firefox without a window, with a profile of its own, ended afterwards."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        sys.exit("There is no Firefox on the path (Debian: apt-get install firefox-esr).")
    with tempfile.TemporaryDirectory() as profile:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
        Path(profile, "user.js").write_text("".join(lines), encoding="utf-8")
        command = [program, "--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        try:
            said = (re.search(r"BiDi listening on (ws://\S+)", line) for line in process.stderr)
            yield Firefox(next(found[1] for found in said if found))
        finally:
            process.terminate()
            process.wait()
            process.stderr.close()


def main(arguments: list[str]) -> int:
    folder, failed = Path(arguments[0]).resolve(), 0
    with firefox() as browser, served(folder) as address:
        for place in (folder.as_uri(), address):
            browser.open(f"{place}/{PAGE}")
            for name, check in CHECKS.items():
                said = browser.says(check)
                failed += said is not True
                print(f"{place.split(':')[0]}: {name}: {'yes' if said is True else said}", flush=True)
        others = [url for url in browser.asked if not url.startswith((address, "file:", "data:", "blob:", "about:"))]
        failed += len(others)
        print(f"requests to other hosts: {others or 'none'}")
        for picture in arguments[1:]:
            browser.photograph(Path(picture))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
