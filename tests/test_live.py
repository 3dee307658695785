"""The browser edition's files: what is said when its build fails, and the packages that Python in the browser has."""

import importlib.metadata
import json
import re
import zipfile

import pytest

from tools.site import live, live_packages, live_page

OWN = ("asttokens", "ipython", "matplotlib", "micropip", "jedi", "numpy", "psygnal", "traitlets", "typing-extensions")


def lock():
    """A lock file that has what Pyodide has, in short."""
    entry = {"imports": [], "depends": [], "version": "1"}
    return {"packages": {name: entry | {"name": name, "file_name": f"{name}-1-py3-none-any.whl"} for name in OWN}}


@pytest.fixture
def pyodide(tmp_path):
    """A folder that looks like Pyodide's."""
    folder = tmp_path / "pyodide"
    folder.mkdir()
    for name in live.NEEDED:
        (folder / name).write_text("")
    for package in lock()["packages"].values():
        (folder / package["file_name"]).write_text("")
    (folder / live.LOCK).write_text(json.dumps(lock()))
    return folder


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ("-- static:jupyter-lite.json\n.  contents:copy\n", ""),
        (".  contents:copy\nFAIL check:pyodide: not found\n", "FAIL check:pyodide: not found"),
        ("TaskError - taskid:pre_build\n", "TaskError - taskid:pre_build"),
    ],
)
def test_a_log_that_says_fail_is_a_failure_though_it_ends_well(said, problem):
    assert live.failure(0, said) == problem


def test_a_build_that_ends_badly_is_a_failure_whatever_it_said():
    assert live.failure(1, "one\nall is lost\n") == "all is lost"
    assert live.failure(3, "") == "it ended with 3"


@pytest.mark.parametrize("name", live.NEEDED)
def test_an_incomplete_pyodide_is_refused_before_anything_is_written(pyodide, tmp_path, name):
    (pyodide / name).unlink()
    with pytest.raises(live.Incomplete, match=re.escape(f"has no {name}")):
        live.build_live(tmp_path / "out", pyodide)
    assert not (tmp_path / "out").exists()


def test_a_wheel_that_is_missing_fails_the_build(tmp_path):
    here = tmp_path / live.PYTHON
    here.mkdir(parents=True)
    (here / live.LOCK).write_text(json.dumps(lock()))
    with pytest.raises(live.Incomplete, match=r"The browser edition has no .*asttokens-1-py3-none-any\.whl"):
        live._complete(tmp_path)


def test_everything_that_the_book_imports_is_in_the_lock(tmp_path):
    found = lock()
    names = live_packages.complete(found, tmp_path, live.SHARED / live.KERNEL / "static" / "pypi")
    packages = found["packages"]
    assert {"rnnlib", "tqdm", "anywidget", "ipywidgets", "numpy", "piplite"} <= set(names) <= set(packages)
    assert set(packages["rnnlib"]["depends"]) == set(live_packages.asked_for()[1:])
    assert packages["ipywidgets"]["imports"] == ["ipywidgets"]
    new = [package["file_name"] for name, package in packages.items() if name not in OWN]
    assert all(zipfile.ZipFile(tmp_path / name).testzip() is None for name in new)
    assert not [file for name in new for file in zipfile.ZipFile(tmp_path / name).namelist() if file.endswith(".pyc")]
    for package in packages.values():
        assert set(package["depends"]) <= set(packages), package["name"]


def test_a_package_is_packed_again_with_every_file_that_python_imports(tmp_path):
    found = importlib.metadata.distribution("tqdm")
    wheel = zipfile.ZipFile(live_packages._packed(found, tmp_path))
    record = wheel.read(f"tqdm-{found.version}.dist-info/RECORD").decode()
    inside = set(wheel.namelist())
    assert {str(file) for file in found.files if file.suffix == ".py" and ".." not in file.parts} <= inside
    assert {line.split(",")[0] for line in record.splitlines()} == inside


def test_from_its_servers_pyodide_comes_by_address_and_the_rest_from_the_site(monkeypatch, tmp_path):
    monkeypatch.setattr(live, "_fetched", lambda url: lock())
    folder = tmp_path / live.PYTHON
    live._python(folder, None)
    written = json.loads((folder / live.LOCK).read_text())["packages"]
    own = {name for name, package in written.items() if package["file_name"].startswith(live.PYODIDE_CDN_URL)}
    assert own == set(OWN)
    assert all((folder / written[name]["file_name"]).is_file() for name in set(written) - own)
    settings = json.loads((tmp_path / "jupyter-lite.json").read_text())["jupyter-config-data"]["litePluginSettings"]
    (kernel,) = settings.values()
    assert kernel["pyodideUrl"] == f"{live.PYODIDE_CDN_URL}/pyodide.mjs"
    assert kernel["loadPyodideOptions"]["lockFileURL"] == "./static/pyodide/pyodide-lock.json"
    assert not (folder / "pyodide.mjs").exists()


def test_the_form_from_its_servers_is_built_without_pyodides_own_files(monkeypatch, tmp_path):
    monkeypatch.setattr(live, "_fetched", lambda url: lock())
    live.build_live(tmp_path / "live", None)
    there = {path.name for path in (tmp_path / "live" / live.PYTHON).iterdir()}
    assert live.LOCK in there and not there & set(live.NEEDED) - {live.LOCK}
    settings = (tmp_path / "live" / "jupyter-lite.json").read_text(encoding="utf-8")
    assert f"{live.PYODIDE_CDN_URL}/pyodide.mjs" in settings


def test_without_a_network_the_form_from_the_servers_says_so(monkeypatch):
    def unreachable(url, timeout):
        raise OSError("no route")

    monkeypatch.setattr(live.urllib.request, "urlopen", unreachable)
    with pytest.raises(live.Incomplete, match=r"could not be read \(no route\): build with --self-contained"):
        live._fetched("https://example.invalid/x.json")


def test_the_first_page_leads_to_every_chapter_and_has_what_the_other_pages_look_for(tmp_path):
    live_page.write(tmp_path)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{}</script>' in page
    chapters = [path.name for path in (live.ROOT / "notebooks").glob("[0-9]*.ipynb")]
    assert all(f"?path=notebooks/{name}" in page for name in chapters)
    assert "kept in this browser" in page and "Download" in page
