"""start.py: what it decides, and what it says when something is wrong. Nothing is installed here."""

import ast
import errno
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

import start

SOURCE = start.ROOT / "start.py"


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A copy of the book in an empty folder, where installing is only written down in `.calls`."""
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(start.ROOT / name, tmp_path / name)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / start.FIRST_CHAPTER).write_text("{}", encoding="utf-8")
    venv = tmp_path / ".venv"
    python = venv / start.PYTHON.relative_to(start.VENV)
    places = {"ROOT": tmp_path, "VENV": venv, "PYTHON": python, "PINS": tmp_path / "constraints.txt"}
    places |= {"STAMP": venv / start.STAMP.name, "OWN": tmp_path / "home" / "rnnlib-book"}
    for name, value in places.items():
        monkeypatch.setattr(start, name, value)
    world = SimpleNamespace(root=tmp_path, venv=venv, python=python, calls=[], answer=(0, ""))

    def run_quietly(command, doing):
        words = [str(word) for word in command]
        world.calls.append(words)
        if words[-1] == str(venv) and "venv" in words:
            python.parent.mkdir(parents=True)
            python.touch()
            return 0, ""
        return world.answer

    monkeypatch.setattr(start, "run_quietly", run_quietly)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(start.signal, "signal", lambda number, handler: None)  # pytest keeps its own
    return world


def installed(book):
    """The arguments of each `pip install`, after the constraints."""
    return [call[call.index("-c") + 2 :] for call in book.calls if "install" in call]


# ---- what an old or foreign Python meets ----


def test_an_old_python_gets_one_sentence():
    sentence = start.python_problem((3, 8))
    assert sentence.count("\n") == 1
    assert "3.11 or newer" in sentence
    assert "3.8" in sentence
    assert [start.python_problem(version) for version in [(3, 11), (4, 0)]] == ["", ""]


def test_an_old_python_can_read_the_file():
    source = SOURCE.read_text(encoding="ascii")
    tree = ast.parse(source, feature_version=(3, 4))
    for node in ast.walk(tree):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        names += [node.module] if isinstance(node, ast.ImportFrom) else []
        assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        assert not isinstance(node, new), f"line {node.lineno}: Python 2 cannot read this"
        if isinstance(node, ast.FunctionDef):
            assert not node.args.kwonlyargs
            assert not node.returns
        assert not (isinstance(node, ast.Raise) and node.cause)
        assert not (isinstance(node, ast.Dict) and None in node.keys)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(element, ast.Starred) for element in node.elts)


def test_the_version_check_comes_before_everything_else():
    body = ast.parse(SOURCE.read_text(encoding="utf-8")).body
    imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    check = next(node for node in body if isinstance(node, ast.If))
    assert [name.name for name in imports[0].names] == ["sys"]
    assert all(node.lineno > check.lineno for node in imports[1:])


# ---- the command line ----


def test_help_lists_every_command_with_one_line():
    answer = subprocess.run([sys.executable, SOURCE, "--help"], capture_output=True, text=True, check=True)
    for command in ("open", "test", "lint", "images", "execute", "mutants", "bench"):
        (line,) = [text for text in answer.stdout.splitlines() if text.split()[:1] == [command]]
        assert len(line.split()) > 2


def test_no_command_means_open():
    assert start.parse([]).function is start.open_book
    assert start.parse(["--no-browser", "--port", "9000"]).port == 9000


def test_a_tool_gets_its_words_in_their_order():
    assert start.parse(["handout", "02", "--seed", "7", "--", "-x"]).rest == ["02", "--seed", "7", "-x"]


@pytest.mark.parametrize("command", ["open", "test", "lint"])
def test_a_word_that_nobody_understands_is_refused(command, capsys):
    with pytest.raises(SystemExit):
        start.parse([command, "--fast"])
    assert "--fast" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "eight"])
def test_a_port_that_is_none_is_refused(port, capsys):
    with pytest.raises(SystemExit) as stopped:
        start.parse([f"--port={port}"])
    assert stopped.value.code != 0
    assert "is not a port" in capsys.readouterr().err


# ---- .venv ----


def test_the_first_time_makes_venv_and_installs_with_pins(book):
    start.set_up(["book"])
    assert book.calls[0][1:] == ["-m", "venv", str(book.venv)]
    assert installed(book) == [["pip", "hatchling"], ["--no-build-isolation", "-e", ".[book]"]]
    assert all(str(book.root / "constraints.txt") in call for call in book.calls if "install" in call)


def test_the_second_time_installs_nothing(book):
    start.set_up(["book", "dev"])
    book.calls.clear()
    start.set_up(["book"])
    assert book.calls == []
    book.python.unlink()
    start.set_up(["book"])
    assert "venv" in book.calls[0]


@pytest.mark.parametrize("file", ["constraints.txt", "pyproject.toml"])
def test_changed_pins_are_installed_into_the_same_venv_with_what_it_had(book, file):
    start.set_up(["book", "dev"])
    book.calls.clear()
    with (book.root / file).open("a", encoding="utf-8") as text:
        text.write("\n# newer\n")
    start.set_up(["book"])
    assert [call for call in book.calls if "venv" in call] == []
    assert installed(book)[-1][-1] == ".[book,dev]"


def test_a_half_made_venv_is_made_anew(book):
    book.python.parent.mkdir(parents=True)
    leftover = book.venv / "leftover"
    leftover.touch()
    start.set_up(["book"])
    assert not leftover.exists()
    assert start.read_stamp()["extras"] == ["book"]


def test_an_interrupted_update_counts_as_half_made(book, monkeypatch):
    start.set_up(["book"])

    def interrupt(command, doing):
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "install_step", interrupt)
    with pytest.raises(KeyboardInterrupt):
        start.set_up(["book", "dev"])
    assert start.read_stamp() == {}


@pytest.mark.parametrize("stamp", ["", "[]", "{", '{"extras": "book"}', '{"extras": ["book"], "place": "elsewhere"}'])
def test_a_stamp_that_is_not_ours_counts_for_nothing(book, stamp):
    start.set_up(["book"])
    start.STAMP.write_text(stamp, encoding="utf-8")
    book.calls.clear()
    start.set_up(["book"])
    assert "venv" in book.calls[0]
    assert json.loads(start.STAMP.read_text(encoding="utf-8"))["place"] == start.place()


def test_uv_is_used_where_there_is_one(book, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/uv" if name == "uv" else None)
    start.set_up(["book"])
    programs = [call[0] for call in book.calls]
    assert programs[:3] == ["/bin/uv", "/bin/uv", "/bin/uv"]
    assert installed(book)[-1][-1] == ".[book]"


def test_another_pythons_settings_stay_outside(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    assert {"PYTHONPATH", "PIP_USER"} & set(start.environment()) == set()


# ---- a shared installation ----


@pytest.fixture
def as_somebody():
    """Run as a user whom rights bind: root is nobody for a moment."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield
    if root:
        os.seteuid(0)


@pytest.fixture
def open_folder():
    """A folder that every user can reach (pytest's own folders are for one user)."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)
        Path(name).chmod(0o777)


def test_a_folder_that_may_be_written_is_left_as_it_was(open_folder, as_somebody):
    assert start.writable(open_folder)
    assert list(open_folder.iterdir()) == []


def test_a_folder_that_is_read_only_is_not_writable(open_folder, request):
    open_folder.chmod(0o555)
    request.getfixturevalue("as_somebody")
    assert not start.writable(open_folder)


def test_a_full_disk_is_not_taken_for_a_shared_installation(book, monkeypatch):
    def full(path):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(Path, "touch", full)
    with pytest.raises(OSError, match="no space"):
        start.writable(book.root)


@pytest.fixture
def shared(book, monkeypatch):
    """A book that somebody else has installed with [book], here for reading only."""
    start.set_up(["book"])
    book.calls.clear()
    monkeypatch.setattr(start, "writable", lambda folder: start.OWN in (folder, *folder.parents))
    return book


def test_a_shared_venv_that_is_ready_is_used(shared):
    before = sorted(shared.venv.rglob("*"))
    start.set_up(["book"])
    assert installed(shared) == []
    assert sorted(shared.venv.rglob("*")) == before


def test_a_shared_venv_is_used_from_any_python(shared):
    stamp = json.loads(start.STAMP.read_text(encoding="utf-8"))
    start.STAMP.write_text(json.dumps(stamp | {"place": f"{shared.root} Python 3.99"}), encoding="utf-8")
    start.set_up(["book"])
    assert installed(shared) == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda: start.STAMP.unlink(), "is not finished"),
        (lambda: start.PYTHON.unlink(), "is not finished"),
        (lambda: start.PINS.write_text("# newer", encoding="utf-8"), "is older than this copy"),
    ],
)
def test_a_shared_venv_that_is_not_ready_is_one_sentence(shared, capsys, spoil, told):
    spoil()
    assert start.main(["open"]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert "ask its owner" in error
    assert error.count("\n") == 1
    assert installed(shared) == []


def test_a_command_that_needs_more_than_the_shared_venv_has_names_it(shared, capsys):
    assert start.main(["lint"]) == 1
    assert "lacks what this command needs ([dev])" in capsys.readouterr().err


def opened(monkeypatch):
    """Open the book with a JupyterLab that ends at once; what it was started with."""
    labs = []

    def start_lab(port, token, book, own):
        labs.append(SimpleNamespace(book=book, own=own))
        return SimpleNamespace(wait=lambda timeout=None: 0, poll=lambda: 0)

    monkeypatch.setattr(start, "start_lab", start_lab)
    monkeypatch.setattr(start, "wait_until_open", lambda lab, port, log: None)
    assert start.main(["open", "--no-browser"]) == 0
    return labs[0]


def test_in_a_shared_installation_everything_of_hers_is_in_her_own_folder(shared, monkeypatch):
    before = sorted(shared.venv.rglob("*"))
    lab = opened(monkeypatch)
    assert lab.book == start.OWN
    assert lab.own == start.OWN / ".book"
    assert (lab.own / "trusted.txt").exists()
    assert (start.OWN / start.FIRST_CHAPTER).read_text(encoding="utf-8") == "{}"
    assert sorted(shared.venv.rglob("*")) == before


def test_what_she_has_changed_in_her_copy_stays(shared, monkeypatch):
    opened(monkeypatch)
    (start.OWN / start.FIRST_CHAPTER).write_text("hers", encoding="utf-8")
    opened(monkeypatch)
    assert (start.OWN / start.FIRST_CHAPTER).read_text(encoding="utf-8") == "hers"


def test_in_an_installation_of_ones_own_nothing_is_written_elsewhere(book, monkeypatch):
    lab = opened(monkeypatch)
    assert (lab.book, lab.own) == (book.root, book.venv)
    assert not start.OWN.exists()


# ---- what is said meanwhile ----


def followed(*events):
    """What `follow` tells and returns; an event is a line, or the seconds that pass in silence."""
    now, told, left = [0.0], [], [*events, None]

    def get(timeout):
        if not isinstance(left[0], (int, float)):
            return left.pop(0)
        passed = min(timeout, left[0])
        now[0] += passed
        left[0] -= passed
        if left[0] <= 0:
            left.pop(0)
        raise queue.Empty

    def tell(text):
        told.append((now[0], text.strip()))

    output = start.follow(SimpleNamespace(get=get), "finding the packages", tell, lambda: now[0])
    return told, output


def test_a_silent_installer_is_spoken_for_every_few_seconds():
    told, output = followed(20)
    times = [when for when, _ in told]
    assert times == [0, 3, 6, 9, 12, 15, 18]
    assert told[-1][1] == "finding the packages ... 18 s"
    assert output == ""


def test_an_installer_that_talks_all_the_time_is_told_in_a_few_words():
    told, _ = followed(*[event for _ in range(100) for event in (0.1, "Collecting numpy>=2\n")])
    assert [text for _, text in told][1:] == ["finding numpy ... 3 s", "finding numpy ... 6 s", "finding numpy ... 9 s"]


def test_all_that_was_said_is_kept():
    _, output = followed("one\n", 7, "two\n", "three")
    assert output == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Collecting numpy>=2 (from rnnlib==0.1.0)", "finding numpy"),
        ("  Downloading numpy-2.5.1-cp311-cp311-linux.whl.metadata (6.6 kB)", "downloading numpy"),
        ("Downloading jupyterlab (11.8MiB)", "downloading jupyterlab"),
        (" Downloaded pygments", "downloading pygments"),
        ("Installing collected packages: webencodings, tqdm", "unpacking the packages"),
        ("Resolved 96 packages in 310ms", "downloading 96 packages"),
        ("Prepared 96 packages in 2.1s", "unpacking the packages"),
        ("Installed 96 packages in 120ms", "compiling the packages"),
        ("WARNING: something", ""),
    ],
)
def test_what_pip_and_uv_say_becomes_short_words(said, told):
    assert start.news(said + "\n") == told


def test_a_program_is_heard_to_its_end_and_its_status_kept(capsys):
    talk = "import sys; print('Collecting numpy'); sys.stderr.write('no'); sys.exit(3)"
    assert start.run_quietly([sys.executable, "-c", talk], "trying") == (3, "Collecting numpy\nno")
    assert capsys.readouterr().out == "  trying ...\n"


# ---- what goes wrong ----


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Retrying ... NewConnectionError: Failed to establish a new connection", "internet connection"),
        ("error: Failed to fetch: https://...\n cause: dns error", "internet connection"),
        ("The virtual environment was not created because ensurepip is not available", "-venv"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "yours to write"),
        ("ERROR: No matching distribution found for pyzmq==27.3.0", "Python 3.11 to 3.14"),
        ("something else", "read its messages"),
    ],
)
def test_a_failed_installation_is_one_sentence_and_a_log(book, capsys, said, told):
    book.answer = (1, said)
    assert start.main(["open"]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert (book.venv / "install.log").read_text(encoding="utf-8") == said
    assert start.read_stamp() == {}


def test_a_python_without_ensurepip_is_told_before_anything_is_removed(book, monkeypatch, capsys):
    (book.venv / "bin").mkdir(parents=True)
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    assert start.main([]) == 1
    assert "apt install python3" in capsys.readouterr().err
    assert (book.venv / "bin").exists()


def test_a_port_that_is_taken_is_one_sentence(book, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert start.main(["--port", str(taken.getsockname()[1])]) == 1
    error = capsys.readouterr().err
    assert "is taken" in error
    assert error.count("\n") == 1
    assert book.calls == []


def test_a_copy_without_the_first_chapter_says_so(book, capsys):
    (book.root / start.FIRST_CHAPTER).unlink()
    assert start.main([]) == 1
    assert "not complete" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_file_that_cannot_be_written_is_one_sentence(book, monkeypatch, capsys, number):
    def refuse(extras):
        raise OSError(number, "no", "somewhere")

    monkeypatch.setattr(start, "set_up", refuse)
    assert start.main(["lint"]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "start again" in error


def test_ctrl_c_is_quiet(book, monkeypatch, capsys):
    def interrupt(extras):
        raise KeyboardInterrupt

    monkeypatch.setattr(start, "set_up", interrupt)
    assert start.main([]) == 130
    assert capsys.readouterr().err == ""


def test_a_lab_that_dies_is_one_sentence(book):
    lab = subprocess.Popen([sys.executable, "-c", "pass"])
    lab.wait()
    with pytest.raises(start.Problem, match="did not start"):
        start.wait_until_open(lab, 1, Path("lab.log"))


# ---- open ----


def test_the_notebooks_are_trusted_once_for_each_state(book):
    book.venv.mkdir()
    start.trust_notebooks(book.venv)
    start.trust_notebooks(book.venv)
    assert [call[2] for call in book.calls] == ["jupyter"]
    (book.root / start.FIRST_CHAPTER).write_text('{"cells": []}', encoding="utf-8")
    start.trust_notebooks(book.venv)
    assert len(book.calls) == 2


def test_a_notebook_that_is_not_the_books_is_not_trusted(book):
    book.venv.mkdir()
    (book.root / "notebooks" / "downloaded.ipynb").write_text("{}", encoding="utf-8")
    start.trust_notebooks(book.venv)
    assert not any("downloaded" in word for word in book.calls[0])


def test_lab_listens_here_only_and_asks_nobody_for_news(book, monkeypatch):
    book.venv.mkdir()
    started = []
    monkeypatch.setattr(subprocess, "Popen", lambda command, **settings: started.append((command, settings)))
    start.start_lab(8888, "secret", book.root, book.venv)
    command, settings = started[0]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--LabApp.news_url=None" in command
    assert "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate" in command
    assert settings["env"]["JUPYTER_TOKEN"] == "secret"
    assert not any("secret" in word for word in command)  # other users can read the command line


# ---- test and lint ----


@pytest.fixture
def programs(book, monkeypatch):
    """Programs that `run` would start; `failing` says which words make one fail."""
    world = SimpleNamespace(started=[], failing=[])

    def run(command):
        words = [str(word) for word in command]
        world.started.append(words[1:])
        return int(any(word in words for word in world.failing))

    monkeypatch.setattr(start, "run", run)
    return world


def runs_of_pytest(programs):
    """The arguments of each, after those that all have."""
    common = ["-m", "pytest", "--nbval", "--nbval-current-env", "-n", "2", "--dist", "loadfile"]
    runs = [words for words in programs.started if "pytest" in words]
    assert all(words[: len(common)] == common for words in runs)
    return [words[len(common) + 1 :] for words in runs]


def test_test_lints_then_runs_core_and_data_then_the_rest_and_compares_stored_outputs(book, programs):
    (book.root / "tests").mkdir()
    for name in ("test_data_one.py", "test_cells.py", "test_widgets.py"):
        (book.root / "tests" / name).touch()
    assert start.main(["test"]) == 0
    assert programs.started[:3] == [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
    ]
    first, rest = runs_of_pytest(programs)
    assert first == [str(book.root / "tests" / name) for name in ("test_cells.py", "test_data_one.py")]
    assert rest == ["tests", "notebooks", *(f"--ignore-glob={pattern}" for pattern in start.FIRST)]


def test_every_pattern_of_the_first_verdict_names_tests():
    for pattern in start.FIRST:
        assert list(start.ROOT.glob(pattern)), pattern


@pytest.mark.parametrize("word", ["ruff", "mypy", "pytest", "notebooks", "tests/browser/chromium.py"])
def test_test_fails_when_any_part_of_it_fails(programs, word):
    programs.failing = [word]
    assert start.main(["test"]) == 1


def test_tests_run_even_when_lint_fails_and_each_part_has_a_verdict(programs, capsys):
    programs.failing = ["ruff"]
    assert start.main(["test"]) == 1
    assert len(runs_of_pytest(programs)) == 2
    said = [line.split(" (")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("----")]
    assert said == [
        "---- Style, format and types: NOT in order, see above",
        "---- First verdict: core and data: in order",
        "---- All other tests: in order",
        "---- Everything together: NOT in order, see above",
    ]


def test_without_a_browser_there_is_a_first_verdict_and_no_more(programs):
    programs.failing = ["tests/browser/chromium.py"]
    assert start.main(["test"]) == 1
    assert len(runs_of_pytest(programs)) == 1


def test_named_tests_replace_the_whole(book, programs):
    (book.root / "tests").mkdir()
    (book.root / "tests" / "test_one.py").touch()
    start.main(["test", "--", "tests/test_one.py::test_it", "-x"])
    assert runs_of_pytest(programs) == [["tests/test_one.py::test_it", "-x"]]


def test_long_tests_run_when_they_are_asked_for(programs):
    start.main(["test", "--all"])
    start.main(["test", "--all", "--", "-x"])
    first, rest, whole = runs_of_pytest(programs)
    assert "--all" not in first and rest[0] == "--all"
    assert whole == ["--all", "tests", "notebooks", "-x"]


def test_the_tools_run_in_venv(book, monkeypatch):
    started = []
    monkeypatch.setattr(start, "run", lambda command: started.append(command) or 0)
    assert start.main(["execute"]) == 0
    assert started == [[book.python, book.root / "tools/execute.py"]]


@pytest.mark.parametrize(
    ("words", "extras"),
    [
        ([], "book,dev"),
        (["--to", "out"], "book,dev"),
        (["--live"], "book,dev,site"),
        (["--self-contained", "p"], "book,dev,site"),
    ],
)
def test_the_site_is_built_with_what_it_needs(book, programs, words, extras):
    assert start.main(["site", *words]) == 0
    assert installed(book)[-1][-1] == f".[{extras}]"


def test_ci_runs_what_people_run():
    text = (start.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert text.count("start.py test") == 2
