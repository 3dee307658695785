"""Find the Chromium that the browser tests drive; run as a program, install one where there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
WINDOWS_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


def find() -> str | None:
    """The path of this machine's Chromium or Chrome, else of playwright's own, else None."""
    candidates = [shutil.which(name) for name in NAMES]
    candidates.append(MAC)
    for folder in WINDOWS_FOLDERS:
        if folder in os.environ:
            candidates.append(str(Path(os.environ[folder], "Google/Chrome/Application/chrome.exe")))
    return next((path for path in candidates if path and works(path)), None) or playwrights_own()


def works(path: str) -> bool:
    """Whether this is a browser. Ubuntu has a program of that name which only says how to get one."""
    if not Path(path).is_file():
        return False
    if os.name == "nt":
        return True  # there, --version opens a window
    return run([path, "--version"]) == 0


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Debian's package where we may, and playwright's download where that leads to nothing."""
    debian_root = bool(shutil.which("apt-get")) and os.name == "posix" and os.geteuid() == 0
    if debian_root:
        run(["apt-get", "update"])
        run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
        if find():
            return
    libraries = ["--with-deps"] if debian_root else []
    run([sys.executable, "-m", "playwright", "install", *libraries, "chromium"])


def run(command: list[str]) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(command, env=environment, check=False, **quiet).returncode


def main() -> int:
    if find():
        return 0
    print("Installing Chromium for the browser tests ...", flush=True)
    install()
    if find():
        return 0
    print(
        "The browser tests need Chromium and it could not be installed: install Chromium or Google Chrome "
        "and start the tests again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
