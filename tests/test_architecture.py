"""Dependencies run one way (see CONTRIBUTING.md), and the library alone needs NumPy alone."""

import ast
import subprocess
import sys

import pytest

# each may read those before it
CORE = ["checks", "functions", "parameters", "cells", "layers", "decoding", "models", "training"]
READS = {name: set(CORE[:place]) for place, name in enumerate(CORE)} | {
    "data": set(),
    "trace": set(CORE),
    "gradcheck": set(CORE),
    "saliency": {*CORE, "trace"},
    "judging": set(CORE),
    "flow": {*CORE, "trace"},
    "language": {*CORE, "data"},
    "interop": {*CORE, "language"},
}
LIBRARY = set(READS)  # the core, its instruments, and data: none of them reads what only the book needs
READS |= {
    "book": LIBRARY,
    "asked": {"checks"},
    "questions": set(),
    "look": set(),
    "views": {*CORE, "asked", "saliency", "trace", "flow", "language", "book"},
    "diagrams": {"questions", *CORE, "asked", "look", "saliency", "trace", "flow", "book", "views"},
    "exercises": {"questions", *CORE, "gradcheck", "saliency", "trace", "interop", "book", "look", "views", "diagrams"},
    "plots": {*CORE, "asked", "look", "diagrams", "trace", "flow", "interop", "book"},
    "widgets": {"questions", *LIBRARY, "look", "book", "views", "diagrams", "exercises", "plots"},
    "__init__": LIBRARY,
}
HEAVY = {"matplotlib", "ipywidgets", "IPython", "jupyter_client", "jupyter_core", "jupyterlab", "notebook"}
HEAVY |= {"anywidget", "tqdm", "ipykernel", "traitlets", "torch", "onnx", "keras"}


def module_of(path, package):
    """The module that a file belongs to; a folder is one module."""
    return path.relative_to(package).parts[0].removesuffix(".py")


def arrows(source, depth):
    """The modules of rnnlib that a file reads. `depth`: 0 for a file in rnnlib/, 1 in a folder of it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level in (0, depth + 1):
            base = "rnnlib" if node.level else ""
            base = ".".join(filter(None, (base, node.module)))
            named = [base] if base != "rnnlib" else [f"rnnlib.{name.name}" for name in node.names]
        else:  # inside the same folder
            continue
        for name in named:
            if name.split(".")[0] == "rnnlib":
                yield name.split(".")[1] if "." in name else "__init__"


def wrong_arrows(package):
    for path in sorted(package.rglob("*.py")):
        module = module_of(path, package)
        if module not in READS:
            yield f"{module}: not in the table of this test"
            continue
        depth = len(path.relative_to(package).parts) - 1
        for read in arrows(path.read_text(encoding="utf-8"), depth):
            if read != module and read not in READS[module]:
                yield f"{path.relative_to(package).as_posix()} reads {read}"


def test_dependencies_run_one_way(root):
    assert list(wrong_arrows(root / "rnnlib")) == []


@pytest.mark.parametrize(
    ("file", "line", "finding"),
    [
        ("cells.py", "from .layers import Dense", "cells.py reads layers"),
        ("cells.py", "def late():\n    from rnnlib.models import ManyToOne", "cells.py reads models"),
        ("data/phrases.py", "from ..functions import tanh", "data/phrases.py reads functions"),
        ("cells/lstm.py", "from .. import layers", "cells/lstm.py reads layers"),
        ("trace.py", "import rnnlib", "trace.py reads __init__"),
        ("flow.py", "from .book import race", "flow.py reads book"),
        ("__init__.py", "from . import book", "__init__.py reads book"),
        ("helpers.py", "", "helpers: not in the table of this test"),
    ],
)
def test_an_arrow_the_wrong_way_is_found(tmp_path, file, line, finding):
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(line, encoding="utf-8")
    assert list(wrong_arrows(tmp_path)) == [finding]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("layers.py", "from .cells import RNNCell"),
        ("cells/lstm.py", "from .base import Cell\nfrom ..functions import tanh"),
        ("widgets/stepper.py", "from .. import diagrams\nimport anywidget"),
    ],
)
def test_an_arrow_the_right_way_is_not(tmp_path, file, line):
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(line, encoding="utf-8")
    assert list(wrong_arrows(tmp_path)) == []


def test_run_means_one_thing(root):
    """What a callback sees; a forward pass, a trained network and what it gave have names of their own."""
    tree = {path: ast.parse(path.read_text(encoding="utf-8")) for path in (root / "rnnlib").rglob("*.py")}
    having = [path.name for path, t in tree.items() for n in t.body if isinstance(n, ast.ClassDef) and n.name == "Run"]
    assert having == ["callbacks.py"]


def test_import_rnnlib_loads_numpy_and_nothing_of_the_notebook(root):
    program = "import rnnlib, sys; print(*{name.split('.')[0] for name in sys.modules})"
    answer = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    loaded = set(answer.stdout.split())
    assert "numpy" in loaded
    assert loaded & HEAVY == set()
    from_packages = {name for name in loaded if name not in sys.stdlib_module_names and not name.startswith("_")}
    from_packages.discard("cython_runtime")  # no package: what numpy.random was compiled with
    assert from_packages <= {"rnnlib", "numpy", "mkl", "sitecustomize", "usercustomize"}
