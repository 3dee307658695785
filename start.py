"""Set up the book and open it: `python start.py`. All that it can do: `python start.py --help`.

Standard library only. This file keeps to what even Python 2 can read (no annotations, no f-strings), so that
an old Python answers with a sentence and not with a syntax error.
"""

import sys

OLDEST = (3, 11)


def python_problem(version):
    """What is wrong with this version of Python, in one sentence; empty if nothing is."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    sentence = (
        "The book needs Python {0}.{1} or newer and this is Python {2}.{3}: get one from "
        "https://www.python.org/downloads/ and start with it, for example: python{0}.{1} start.py\n"
    )
    return sentence.format(OLDEST[0], OLDEST[1], version[0], version[1])


if python_problem(sys.version_info):
    sys.stderr.write(python_problem(sys.version_info))
    sys.exit(1)

import argparse
import errno
import hashlib
import importlib.util
import json
import os
import queue
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
import webbrowser
from pathlib import Path

WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "rnnlib-stamp.json"  # written last: no stamp means that .venv is not finished
PINS = ROOT / "constraints.txt"
OWN = Path.home() / "rnnlib-book"  # a reader's own part of an installation that she shares with others
FIRST_CHAPTER = "notebooks/00_start_here.ipynb"
USUAL_PORT = 8888
BEAT = 3  # seconds: nobody looks at a terminal that stands still for longer

# JupyterLab fetches no news and does not ask whether it may. Kept in .venv, beneath a reader's own settings.
LAB_DEFAULTS = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
LAB_OPTIONS = ["--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]

# What an installer says when it fails (a pattern), and what the reader is told. The first that fits is taken.
EXPLANATIONS = {
    r"no space left|errno 28|disk is full|not enough space": "The disk is full: free 1 GB and start again.",
    r"connection|connect\b|name resolution|failed to fetch|max retries|timed out|proxy|dns|certificate": (
        "The packages could not be downloaded: check the internet connection (or the proxy) and start again."
    ),
    r"ensurepip": (
        "This Python cannot make virtual environments: run `sudo apt install python{0}.{1}-venv` (Debian, "
        "Ubuntu) or get Python from https://www.python.org/downloads/, and start again."
    ),
    r"permission denied|errno 13|errno 30|access is denied|read-only file system": (
        "A file could not be written: make sure that this folder is yours to write to, close programs that "
        "use its .venv, and start again."
    ),
    r"no matching distribution|no solution found|requires a different python|no usable wheels": (
        "The pinned packages do not fit Python {0}.{1} on this system: start with Python 3.11 to 3.14."
    ),
    r"": "The installation failed: read its messages, mend what they name, and start again.",
}

# What an installer says on its way (a pattern), and what the reader is told of it. The first that fits is taken.
NEWS = {
    r"Collecting ([\w.-]+)": "finding {0}",
    r"Download(?:ing|ed) ([\w.-]+?)(?=-\d|\s|$)": "downloading {0}",
    r"Resolved (\d+) packages": "downloading {0} packages",
    r"Prepared (\d+) packages|Installing collected packages": "unpacking the packages",
    r"Installed (\d+) packages": "compiling the packages",
}


class Problem(Exception):
    """Something that the reader can mend. Its text is the one sentence that she sees."""


def explain(output):
    """The sentence for what a program said before it failed."""
    sentence = next(text for pattern, text in EXPLANATIONS.items() if re.search(pattern, output, re.IGNORECASE))
    return sentence.format(*sys.version_info[:2])


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# ---- other programs ----


def environment(**more):
    """The environment for programs of .venv: nothing of another Python leaks in."""
    foreign = ("PYTHONPATH", "PYTHONHOME", "PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV")
    env = {name: value for name, value in os.environ.items() if name not in foreign}
    env.update(VIRTUAL_ENV=str(VENV), JUPYTER_PREFER_ENV_PATH="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    env.setdefault("PIP_RETRIES", "2")
    env.update(more)
    return env


def run(command):
    """Run a program in the reader's terminal and return its exit status."""
    process = subprocess.Popen([str(part) for part in command], cwd=str(ROOT), env=environment())
    try:
        return process.wait()
    except (KeyboardInterrupt, SystemExit) as reason:
        stop(process, ask=isinstance(reason, SystemExit))  # Ctrl-C has reached the program as well
        raise


def run_quietly(command, doing):
    """Run a program and return its exit status and all that it said.

    doing: what it does, in a few words; the reader sees them, or newer ones, while it takes its time.
    """
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    pipes.update(encoding="utf-8", errors="replace")
    env = environment(PYTHONUNBUFFERED="1")  # each line when it is said
    process = subprocess.Popen([str(part) for part in command], cwd=str(ROOT), env=env, **pipes)
    lines = queue.Queue()
    threading.Thread(target=listen, args=(process.stdout, lines), daemon=True).start()
    try:
        output = follow(lines, doing)
        return process.wait(), output
    except BaseException:
        stop(process)
        raise


def listen(stream, lines):
    """Put each line of the stream into the queue, and None after the last."""
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(None)


def follow(lines, doing, tell=say, clock=time.monotonic):
    """All lines of the queue as one text; at once and every BEAT seconds, a few words on what goes on."""
    tell("  {0} ...".format(doing))
    output, began = [], clock()
    told = began
    while True:
        try:
            line = lines.get(timeout=max(0, told + BEAT - clock()))
        except queue.Empty:
            line = ""
        if line is None:
            return "".join(output)
        output.append(line)
        doing = news(line) or doing
        if clock() - told >= BEAT:
            told = clock()
            tell("  {0} ... {1:.0f} s".format(doing, told - began))


def news(line):
    """What a line of an installer tells the reader; empty for a line that tells her nothing."""
    for pattern, words in NEWS.items():
        found = re.match(pattern, line.strip())
        if found:
            return words.format(*found.groups())
    return ""


def stop(process, ask=True):
    """End a program that we started: first politely, after 10 s by force."""
    if ask and process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=10)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


# ---- a shared installation ----


def writable(folder):
    """Whether we may write in this folder: found out by trying, for rights alone do not tell on every system."""
    probe = folder / ".writable-{0}".format(secrets.token_hex(4))
    try:
        probe.touch()
        probe.unlink()
        return True
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            return False
        raise  # a full disk, say: not a matter of rights


def shared():
    """Whether .venv is there and somebody else's: it is used as it is."""
    return VENV.is_dir() and not writable(VENV)


def own_folder():
    """Where logs, notes and window layouts go: .venv, or the reader's own folder beside a shared one."""
    folder = OWN / ".book" if shared() else VENV
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def book_folder():
    """Where the notebooks are that the reader works in: here, or copies of her own where she may not write."""
    if writable(ROOT / "notebooks"):
        return ROOT
    for path in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        copy = OWN / path.relative_to(ROOT)
        if not copy.exists():  # what she has changed stays hers
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return OWN


def check_shared(extras):
    """A shared .venv has to be ready: whoever may write it makes it so."""
    stamp = read_stamp()
    if not stamp.get("place", "").startswith("{0} Python ".format(ROOT)) or not PYTHON.exists():
        lacks = "is not finished"
    elif stamp.get("pins") != pins():
        lacks = "is older than this copy of the book"
    elif not set(extras) <= set(stamp["extras"]):
        lacks = "lacks what this command needs ([{0}])".format(",".join(sorted(set(extras) - set(stamp["extras"]))))
    else:
        return
    sentence = "{0} {1} and is not yours to change: ask its owner to run this command once, or use a copy of your own."
    raise Problem(sentence.format(VENV, lacks))


# ---- .venv ----


def install_step(command, doing):
    """Run one step of the installation; keep what it said if it fails."""
    status, output = run_quietly(command, doing)
    if status == 0:
        return
    sentence = explain(output)
    if VENV.is_dir():
        (VENV / "install.log").write_text(output, encoding="utf-8")
        sentence += " (All messages: {0})".format(VENV / "install.log")
    raise Problem(sentence)


def place():
    """A .venv belongs to one folder and one Python: moved or upgraded, it is made anew."""
    return "{0} Python {1}.{2}".format(ROOT, *sys.version_info[:2])


def pins():
    """A fingerprint of everything that decides what is installed."""
    return hashlib.sha256(PINS.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def read_stamp():
    """What the stamp says: place, pins, extras. An unfinished .venv has none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return stamp if isinstance(stamp["extras"], list) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def make_venv(uv):
    """A new, empty .venv. Whatever was there before was not finished."""
    # Started from inside .venv, sys.executable is about to be removed: use the Python below it.
    base = getattr(sys, "_base_executable", None) or sys.executable
    if not uv and importlib.util.find_spec("ensurepip") is None:
        raise Problem(explain("ensurepip"))
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))
    command = [uv, "venv", "--python", base, VENV] if uv else [base, "-m", "venv", VENV]
    install_step(command, "making an empty .venv")


def look_through_fonts():
    """The first import of matplotlib does it, once for each user: better here than in the first cell."""
    run_quietly([PYTHON, "-c", "import matplotlib.font_manager"], "looking through the fonts")


def set_up(extras):
    """Make .venv hold the project with these extras. Quick when it does already."""
    if shared():
        check_shared(extras)
        look_through_fonts()
        return
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
        say("Setting up .venv (the first time this downloads about 100 MB and takes a minute or two) ...")
        make_venv(uv)
    install = [PYTHON, "-m", "pip", "install", "--progress-bar", "off", "-c", PINS]
    if uv:
        install = [uv, "pip", "install", "--python", PYTHON, "--compile-bytecode", "-c", PINS]
    # The build tool first, then the project with it: nothing is fetched that constraints.txt does not name.
    install_step(install + ["pip", "hatchling"], "finding the build tool")
    project = ["--no-build-isolation", "-e", ".[{0}]".format(",".join(extras))]
    install_step(install + project, "finding the packages")
    look_through_fonts()
    defaults = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    defaults.parent.mkdir(parents=True, exist_ok=True)
    defaults.write_text(json.dumps(LAB_DEFAULTS), encoding="utf-8")
    stamp = {"place": place(), "pins": pins(), "extras": list(extras)}
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")


# ---- open ----


def free_port(wanted):
    """The port to use: `wanted`, which must be free, or else a free one."""
    for port in [wanted] if wanted else list(range(USUAL_PORT, USUAL_PORT + 50)) + [0]:
        with socket.socket() as probe:
            if not WINDOWS:  # a port that was closed a moment ago counts as free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return probe.getsockname()[1]
            except OSError:
                continue
    sentence = "Port {0} is taken or not allowed: choose another, or leave out --port and a free one is found."
    raise Problem(sentence.format(wanted))


def trust_notebooks(own):
    """Mark the book's own notebooks as trusted for this user, so that stored pictures show at once.

    By what is in them: it holds for her copies as well. own: the folder of the note that it is done.
    """
    folder = ROOT / "notebooks"
    notebooks = sorted(folder.glob("[0-9][0-9]_*.ipynb")) + sorted(folder.glob("solutions/[0-9][0-9]_*.ipynb"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in notebooks)).hexdigest()
    note = own / "trusted.txt"
    if note.exists() and note.read_text(encoding="utf-8") == digest:
        return
    status, _ = run_quietly([PYTHON, "-m", "jupyter", "trust"] + notebooks, "trusting the book's pictures")
    if status == 0:  # if it fails, the book still opens, and its pictures show after a run
        note.write_text(digest, encoding="utf-8")


def start_lab(port, token, book, own):
    """Start JupyterLab on the folder `book`, for this machine only, without news; layout and log are kept in `own`."""
    command = [str(PYTHON), "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1"]
    command += ["--ServerApp.port={0}".format(port), "--ServerApp.port_retries=0"]
    command += ["--ServerApp.root_dir={0}".format(book), "--LabApp.default_url=/lab/tree/" + FIRST_CHAPTER]
    command += ["--LabApp.workspaces_dir={0}".format(own / "workspaces")] + LAB_OPTIONS
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command += ["--allow-root"]
    # A session of its own: Ctrl-C comes to us alone, and we stop it in order.
    settings = {"cwd": str(book), "env": environment(JUPYTER_TOKEN=token), "start_new_session": not WINDOWS}
    with (own / "lab.log").open("wb") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **settings)


def wait_until_open(lab, port, log, seconds=90):
    """Return when the server takes connections."""
    end = time.monotonic() + seconds
    while lab.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Problem("JupyterLab did not start: {0} says why.".format(log))


def has_browser():
    """A Linux machine without a screen has at best a browser inside the terminal: not that one."""
    named = [os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")]
    return not sys.platform.startswith("linux") or any(named)


def open_book(options):
    """Open the book in JupyterLab and stay until it is closed."""
    if not (ROOT / FIRST_CHAPTER).is_file():
        raise Problem("{0} is missing: this copy of the book is not complete.".format(FIRST_CHAPTER))
    free_port(options.port)  # a port that is taken is said before a long installation
    set_up(["book"])
    own, book = own_folder(), book_folder()
    if book != ROOT:
        say("This installation is shared: your own copies of the notebooks are in {0}".format(book))
    trust_notebooks(own)
    port, token = free_port(options.port), secrets.token_hex(16)
    lab = start_lab(port, token, book, own)
    try:
        wait_until_open(lab, port, own / "lab.log")
        url = "http://127.0.0.1:{0}/lab/tree/{1}?token={2}".format(port, FIRST_CHAPTER, token)
        say("The book is open at {0}\nCtrl-C here closes it.".format(url))
        if has_browser() and not options.no_browser:
            webbrowser.open(url)
        return lab.wait()
    finally:
        stop(lab)


# ---- test, lint, and the tools ----


def lint(options):
    """Check style, format and types; all of them, also when the first fails."""
    set_up(["book", "dev"])
    checks = (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"])
    return max([run([PYTHON, "-m"] + check) != 0 for check in checks])


# The tests of the first verdict, and all of them.
CORE = "cells core data functions gradcheck layers models optimizers training"
FIRST = ["tests/test_{0}*.py".format(name) for name in CORE.split()]
WHOLE = ["tests", "notebooks"]


def pytest(arguments):
    """Run tests; by file, for a notebook has one kernel, and in their order, for the long files are the first."""
    command = ["--nbval", "--nbval-current-env", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    return run([PYTHON, "-m", "pytest"] + command + arguments) != 0


def verdict(began, what, failed):
    """Say how one part went, and after how long; and hand on whether it failed."""
    answer = "NOT in order, see above" if failed else "in order"
    say("---- {0}: {1} ({2:.0f} s from the start) ----".format(what, answer, time.monotonic() - began))
    return failed


def test(options):
    """Get what the tests need, then lint and run every test: what is quick comes first, and has its own verdict."""
    began = time.monotonic()
    set_up(["book", "dev", "site"] + (["classroom"] if options.all else []))
    everything = ["--all"] if options.all else []
    failed = verdict(began, "Style, format and types", lint(options) != 0)
    if options.rest:  # options for pytest, and perhaps the tests that are meant
        named = any((ROOT / part.split("::")[0]).exists() for part in options.rest)
        rest = everything + ([] if named else WHOLE) + options.rest
    else:
        first = sorted(path for pattern in FIRST for path in ROOT.glob(pattern))
        failed = verdict(began, "First verdict: core and data", pytest(first)) or failed
        rest = everything + WHOLE + ["--ignore-glob={0}".format(pattern) for pattern in FIRST]
    if run([PYTHON, "tests/browser/chromium.py"]) != 0:
        return 1  # it has said why; browser tests are never left out in silence
    failed = verdict(began, "All other tests" if not options.rest else "The tests", pytest(rest)) or failed
    return int(verdict(began, "Everything together", failed))


def tool(path, extras):
    """A command that hands over to one program of this project."""

    def command(options):
        set_up(extras)
        return run([PYTHON, ROOT / path] + options.rest)

    command.is_tool = True  # it understands its words itself
    return command


def site(options):
    """The site; the tools for the browser edition come only when it is asked for."""
    live = any(word.startswith(("--l", "--se")) for word in options.rest)
    return tool("tools/site/build.py", ["book", "dev"] + (["site"] if live else []))(options)


site.is_tool = True


COMMANDS = (
    ("open", "open the book in JupyterLab (also without a command)", open_book),
    ("test", "lint and run every test (after --: options for pytest)", test),
    ("lint", "check style, format and types only", lint),
    ("images", "draw the pictures in images/ again", tool("tools/make_images.py", ["book"])),
    ("execute", "run all notebooks and store their outputs", tool("tools/execute.py", ["book", "dev"])),
    ("handout", "a sheet to print for chapter 02, 03 or 04: handout 02 --seed 7", tool("tools/handout.py", ["book"])),
    ("site", "write the book as a site that needs no server: site/", site),
    ("film", "make the moving picture of README.md again", tool("tools/film.py", ["book", "dev"])),
    ("mutants", "put small faults into a copy: does a test find each?", tool("tools/mutants.py", ["book", "dev"])),
    ("bench", "measure what the book speaks of", tool("benchmarks/run.py", ["book", "dev", "classroom"])),
)


def port_number(text):
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("{0!r} is not a port: give a number from 1 to 65535".format(text))
    return int(text)


def parse(arguments):
    """Options from the command line; where no command is named, `open` is meant."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        arguments = ["open"] + arguments
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="start.py", description="Set up the book, open it, test it.")
    commands = parser.add_subparsers(title="commands", metavar="command", required=True)
    for name, text, function in COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        command.set_defaults(function=function)
        if name == "test":
            command.add_argument("--all", action="store_true", help="also the long tests, which are left out else")
        if name == "open":
            command.add_argument("--no-browser", action="store_true", help="only print the address")
            command.add_argument("--port", type=port_number, help="default: 8888, or the next free one")
    options, words = parser.parse_known_args(arguments[:split])
    if words and not hasattr(options.function, "is_tool"):
        parser.error("unrecognized arguments: " + " ".join(words))
    options.rest = words + arguments[split + 1 :]
    return options


def main(arguments):
    options = parse(arguments)
    for name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):  # closing the terminal closes JupyterLab too
        signal.signal(getattr(signal, name), lambda number, frame: sys.exit(128 + number))
    try:
        return options.function(options)
    except Problem as problem:
        message = str(problem)
    except OSError as error:
        reason = "{0}: {1}".format(error.strerror, error.filename or ROOT)
        message = "{0} ({1})".format(explain("errno {0} {1}".format(error.errno, reason)), reason)
    except KeyboardInterrupt:
        return 130
    sys.stderr.write(message + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
