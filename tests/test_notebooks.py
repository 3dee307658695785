"""What the notebooks store. That the code still gives the same today, nbval says (`start.py test`)."""

import json
import re
from pathlib import Path

import pytest

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
CHAPTERS = sorted(NOTEBOOKS.glob("*.ipynb")) + sorted(NOTEBOOKS.glob("solutions/*.ipynb"))
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:root|home|tmp|Users|work|mnt|private)/|\b[A-Z]:\\\\|site-packages")
ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}|<[\w.]+ object at ")
LARGEST = 1_000_000  # bytes


def name(path):
    return path.relative_to(NOTEBOOKS).as_posix()


each_notebook = pytest.mark.parametrize("path", CHAPTERS, ids=name)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def code_cells(path):
    cells = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    return [cell for cell in cells if "".join(cell["source"]).strip()]


def outputs(path):
    return [output for cell in code_cells(path) for output in cell["outputs"]]


def stored_text(path):
    """All that the outputs say, without the bytes of pictures."""
    forms = [form for output in outputs(path) for form in output.get("data", {}).items()]
    said = [output.get("text", "") for output in outputs(path)]
    return re.sub(r"data:image/png;base64,[\w+/=]+", "", json.dumps([content for _, content in forms] + said))


@each_notebook
def test_every_code_cell_has_been_run_in_order(path):
    counts = [cell["execution_count"] for cell in code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))
    keys = {key for cell in read(path)["cells"] for key in cell["metadata"]}
    assert keys & {"execution", "ExecuteTime"} == set() and path.stat().st_size < LARGEST
    wrong = [output for output in outputs(path) if "error" in (output["output_type"], output.get("name", "")[3:])]
    assert wrong == []  # no error, nothing on stderr


@each_notebook
def test_no_output_names_a_place_on_a_machine_or_in_memory(path):
    text = stored_text(path)
    assert MACHINE_PATH.findall(text) == []
    assert ADDRESS.findall(text) == []


@each_notebook
def test_the_kernel_is_python3_of_no_special_version(path):
    metadata = read(path)["metadata"]
    assert metadata["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert "version" not in metadata.get("language_info", {})


@each_notebook
def test_no_widget_state_is_stored(path):
    assert "widgets" not in read(path)["metadata"]
    views = [output for output in outputs(path) if "widget-view" in json.dumps(list(output.get("data", {})))]
    assert views == []
