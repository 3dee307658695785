"""Set up the book and open it: `python start.py`. Everything else that it can do: `python start.py --help`.

Standard library only. This file keeps to what even Python 2 can read (no annotations, no f-strings), so that an old
Python answers with a sentence and not with a syntax error.
"""

import sys

OLDEST = (3, 11)


def python_problem(version):
    """What is wrong with this Python, in one sentence; empty if nothing is."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    return (
        "The book needs Python {0}.{1} or newer and this is Python {2}.{3}: get one from "
        "https://www.python.org/downloads/ and start with it, for example: python{0}.{1} start.py\n"
    ).format(OLDEST[0], OLDEST[1], version[0], version[1])


if python_problem(sys.version_info):
    sys.stderr.write(python_problem(sys.version_info))
    sys.exit(1)

import argparse
import hashlib
import importlib.util
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
import webbrowser
from pathlib import Path

WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "rnnlib-stamp.json"  # written last: no stamp means that .venv is not finished
PINS = ROOT / "constraints.txt"
FIRST_CHAPTER = "notebooks/00_start_here.ipynb"
USUAL_PORT = 8888


class Problem(Exception):
    """Something that the reader can mend. Its text is the one sentence that she sees."""


# ---- running other programs ----


def child_environment(**more):
    """The environment for programs of .venv: nothing of another Python leaks in."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    env.update(VIRTUAL_ENV=str(VENV), JUPYTER_PREFER_ENV_PATH="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    env.setdefault("PIP_RETRIES", "2")
    env.update(more)
    return env


def run(command, **more_environment):
    """Run a program in the reader's terminal and return its exit status."""
    process = subprocess.Popen(
        [str(part) for part in command], cwd=str(ROOT), env=child_environment(**more_environment)
    )
    try:
        return process.wait()
    except (KeyboardInterrupt, SystemExit) as reason:
        stop(process, ask=isinstance(reason, SystemExit))  # Ctrl-C has reached the program as well
        raise


def run_quietly(command):
    """Run a program and return (exit status, all that it said)."""
    text = {
        "stdin": subprocess.DEVNULL,
        "stderr": subprocess.STDOUT,
        "encoding": "utf-8",
        "errors": "replace",
    }
    command = [str(part) for part in command]
    result = subprocess.run(command, cwd=str(ROOT), env=child_environment(), stdout=subprocess.PIPE, **text)
    return result.returncode, result.stdout


def stop(process, ask=True):
    """End a program that we started: first politely, after 10 s by force."""
    if ask and process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# ---- .venv ----

EXPLANATIONS = (
    (
        r"No space left|Errno 28|disk is full|not enough space",
        "The disk is full: free about 1 GB and start again.",
    ),
    (
        r"Connection|connect\b|name resolution|Failed to fetch|Max retries|timed out|Timeout|ProxyError|dns error|"
        r"CERTIFICATE_VERIFY|sending request",
        "The packages could not be downloaded: check the internet connection (or the proxy) and start again.",
    ),
    (
        r"ensurepip",
        "This Python cannot make virtual environments: on Debian or Ubuntu run `sudo apt install python{0}.{1}-venv`, "
        "elsewhere install Python from https://www.python.org/downloads/, and start again.",
    ),
    (
        r"Permission denied|Errno 13|Access is denied|Read-only file system",
        "A file could not be written: make sure that this folder is yours to write to, close programs that use its "
        ".venv, and start again.",
    ),
    (
        r"No matching distribution|No solution found|requires a different Python|no usable wheels",
        "The pinned packages do not fit Python {0}.{1} on this system: start with Python 3.11 to 3.14.",
    ),
)


def explain(output):
    """The sentence for what an installer said before it failed."""
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence.format(*sys.version_info[:2])
    return "The installation failed: read its messages, mend what they name, and start again."


def install_step(command):
    """Run one step of the installation; keep what it said if it fails."""
    status, output = run_quietly(command)
    if status == 0:
        return
    sentence = explain(output)
    if VENV.is_dir():
        log = VENV / "install.log"
        log.write_text(output, encoding="utf-8")
        sentence += " (All messages: {0})".format(log)
    raise Problem(sentence)


def pins():
    """A fingerprint of everything that decides what is installed."""
    content = PINS.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return hashlib.sha256(content).hexdigest()


def place():
    """A .venv belongs to one folder and one Python: moved or upgraded, it is made anew."""
    return "{0} Python {1}.{2}".format(ROOT, *sys.version_info[:2])


def read_stamp():
    """What the stamp says: place, pins, extras. An unfinished .venv has none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp if isinstance(stamp["extras"], list) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def remove_venv():
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))


def make_venv(uv):
    """A new, empty .venv. Whatever was there before was not finished."""
    # Started from inside .venv, sys.executable is about to be removed: use the Python below it.
    base = getattr(sys, "_base_executable", None) or sys.executable
    if not uv and importlib.util.find_spec("ensurepip") is None:
        raise Problem(explain("ensurepip"))
    remove_venv()
    install_step([uv, "venv", "--python", base, VENV] if uv else [base, "-m", "venv", VENV])


def set_up(extras):
    """Make .venv hold the project with these extras. Quick when it does already."""
    stamp = read_stamp()
    current = stamp.get("place") == place() and PYTHON.exists()
    if current and stamp.get("pins") == pins() and set(extras) <= set(stamp["extras"]):
        return
    uv = shutil.which("uv")
    if current:
        extras = sorted(set(extras) | set(stamp["extras"]))
        STAMP.unlink()
        say("Updating .venv ...")
    else:
        say("Setting up .venv (the first time, this downloads about 100 MB and takes a minute or two) ...")
        make_venv(uv)
    installer = (
        [uv, "pip", "install", "--python", PYTHON] if uv else [PYTHON, "-m", "pip", "install", "--quiet"]
    )
    if uv:
        installer.append("--compile-bytecode")
    # The build tool first and pinned, then the project with it: nothing is fetched that constraints.txt does not name.
    install_step(installer + ["-c", PINS, "pip", "hatchling"])
    install_step(installer + ["-c", PINS, "--no-build-isolation", "-e", ".[{0}]".format(",".join(extras))])
    # The first import of matplotlib looks through all fonts; better here than in the first cell.
    run_quietly([PYTHON, "-c", "import matplotlib.font_manager"])
    text = json.dumps({"place": place(), "pins": pins(), "extras": list(extras)}, indent=1)
    STAMP.write_text(text, encoding="utf-8")


# ---- open ----


def free_port(wanted):
    """The port to use: `wanted`, which must be free, or else a free one."""
    candidates = [wanted] if wanted else list(range(USUAL_PORT, USUAL_PORT + 50)) + [0]
    for port in candidates:
        with socket.socket() as probe:
            if not WINDOWS:  # a port that was closed a moment ago counts as free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    raise Problem(
        "Port {0} is taken or not allowed: choose another one, or leave out --port and a free one is found.".format(
            wanted
        )
    )


def trust_notebooks():
    """Mark the book's own notebooks as trusted for this user, so that stored pictures show at once."""
    notebooks = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    notebooks += sorted((ROOT / "notebooks" / "solutions").glob("[0-9][0-9]_*.ipynb"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in notebooks)).hexdigest()
    note = VENV / "trusted.txt"
    if note.exists() and note.read_text(encoding="utf-8") == digest:
        return
    status, _ = run_quietly([PYTHON, "-m", "jupyter", "trust"] + notebooks)
    if status == 0:  # if it fails, the book still opens; its pictures show after a run
        note.write_text(digest, encoding="utf-8")


def lab_command(port):
    """JupyterLab for this machine only, without news, with its window layout kept in .venv."""
    command = [
        PYTHON,
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port={0}".format(port),
        "--ServerApp.port_retries=0",
        "--ServerApp.root_dir={0}".format(ROOT),
        "--LabApp.default_url=/lab/tree/" + FIRST_CHAPTER,
        "--LabApp.workspaces_dir={0}".format(VENV / "workspaces"),
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return command + (["--allow-root"] if root else [])


def start_lab(port, token):
    """Start JupyterLab in a session of its own: Ctrl-C comes to us, and we stop it in order."""
    with (VENV / "lab.log").open("wb") as log:
        return subprocess.Popen(
            [str(part) for part in lab_command(port)],
            cwd=str(ROOT),
            env=child_environment(JUPYTER_TOKEN=token),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=not WINDOWS,
        )


def wait_until_open(lab, port, seconds=90):
    """Return when the server takes connections."""
    end = time.monotonic() + seconds
    while lab.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Problem("JupyterLab did not start: {0} says why.".format(VENV / "lab.log"))


def has_browser():
    """A Linux machine without a screen has at best a browser inside the terminal: not that one."""
    return not sys.platform.startswith("linux") or any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"))
    )


def open_book(options):
    """Open the book in JupyterLab."""
    if not (ROOT / FIRST_CHAPTER).is_file():
        raise Problem(
            "{0} is missing: this copy of the book is not complete, get it again.".format(FIRST_CHAPTER)
        )
    free_port(options.port)  # a port that is taken is said before a long installation
    set_up(["book"])
    trust_notebooks()
    port, token = free_port(options.port), secrets.token_hex(16)
    lab = start_lab(port, token)
    try:
        wait_until_open(lab, port)
        url = "http://127.0.0.1:{0}/lab/tree/{1}?token={2}".format(port, FIRST_CHAPTER, token)
        say("The book is open at {0}\nCtrl-C here closes it.".format(url))
        if not options.no_browser and has_browser():
            webbrowser.open(url)
        return lab.wait()
    finally:
        stop(lab)


# ---- test, lint, and the tools ----


def system_chromium():
    """The Chromium (or Chrome) of this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    found = [shutil.which(name) for name in names]
    found.append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        found.append(
            os.path.join(os.environ.get(folder, ""), "Google", "Chrome", "Application", "chrome.exe")
        )
    for path in filter(None, found):
        # Ubuntu has a program of this name that only says how to install it; --version opens a window on Windows.
        if os.path.isfile(path) and (WINDOWS or run_quietly([path, "--version"])[0] == 0):
            return path
    return None


def ensure_chromium():
    """Find a Chromium for the browser tests or install one; say so if neither works."""
    ask = "from playwright.sync_api import sync_playwright as p; import os, sys\n"
    ask += "with p() as play: sys.exit(not os.path.exists(play.chromium.executable_path))"
    if system_chromium() or run_quietly([PYTHON, "-c", ask])[0] == 0:
        return
    say("Installing Chromium for the browser tests ...")
    debian_root = shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0
    if debian_root:
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run_quietly(["apt-get", "update"])
        run_quietly(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
        if system_chromium():
            return
    command = (
        [PYTHON, "-m", "playwright", "install"] + (["--with-deps"] if debian_root else []) + ["chromium"]
    )
    if run_quietly(command)[0] != 0:
        raise Problem(
            "The browser tests need Chromium and it could not be installed: install Chromium or Chrome."
        )


def lint(options=None):
    """Check style, format and types."""
    set_up(["book", "dev"])
    checks = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
    return max([run([PYTHON, "-m"] + check) != 0 for check in checks])


def test(options):
    """Install what the tests need, lint, and run every test; arguments after -- go to pytest."""
    set_up(["book", "dev"])
    ensure_chromium()
    failed_lint = lint()
    # One run for all, so that its closing line counts everything; a file is the unit, for notebooks keep their kernel.
    chosen = [part for part in options.rest if (ROOT / part.split("::")[0]).exists()]
    everything = [] if chosen else ["tests", "notebooks"]
    command = [PYTHON, "-m", "pytest", "--nbval", "--nbval-current-env", "-n", "2", "--dist", "loadfile"]
    failed_tests = run(command + everything + options.rest)
    if failed_lint:
        say("The style, format or type check failed: see above.")
    return 1 if failed_lint or failed_tests else 0


def tool(path, extras):
    """A command that hands over to one program of this project."""

    def command(options):
        set_up(extras)
        return run([PYTHON, ROOT / path] + options.rest)

    return command


COMMANDS = (
    ("open", "open the book in JupyterLab (what happens with no command)", open_book),
    ("test", "check style and types and run every test; arguments after -- go to pytest", test),
    ("lint", "check style, format and types only", lint),
    ("images", "draw the pictures in images/ again", tool("tools/make_images.py", ["book"])),
    ("execute", "run all notebooks and store their outputs", tool("tools/execute.py", ["book", "dev"])),
    ("bench", "measure the times that the book speaks of", tool("tests/benchmarks/run.py", ["book", "dev"])),
)


def port_number(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("{0!r} is not a port: give a number from 1 to 65535".format(text))
    return int(text)


def parse(arguments):
    """Options from the command line; with no command named, `open` is meant."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["open"] + arguments
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="start.py", description="Set up the book, open it, test it.")
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)
    for name, text, function in COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(function=function)
        if name == "open":
            command.add_argument("--no-browser", action="store_true", help="only print the address")
            command.add_argument(
                "--port", type=port_number, help="default: {0}, or a free one".format(USUAL_PORT)
            )
    options = parser.parse_args(arguments[:split])
    options.rest = arguments[split + 1 :]
    return options


def main(arguments):
    for name in ("SIGTERM", "SIGHUP"):  # closing the terminal must close JupyterLab too
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, frame: sys.exit(128 + number))
    options = parse(arguments)
    try:
        return options.function(options)
    except Problem as problem:
        sys.stderr.write("{0}\n".format(problem))
    except OSError as error:
        sys.stderr.write("{0}\n".format(os_problem(error)))
    except KeyboardInterrupt:
        return 130
    return 1


def os_problem(error):
    """The sentence for a file that could not be read or written."""
    sentence = explain("Errno {0} {1}".format(error.errno, error.strerror))
    return "{0} ({1}: {2})".format(sentence, error.strerror, error.filename or ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
