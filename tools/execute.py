"""Run notebooks top to bottom and store their outputs, and nothing of the machine they ran on.

`python start.py execute` runs all; `python start.py execute -- notebooks/08_sentiment.ipynb` runs one.
"""

import asyncio
import os
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[1]
# A view points to a widget's state, which is not stored: without a kernel one sees the picture beside it.
NOT_STORED = {"application/vnd.jupyter.widget-view+json"}
# Who ran it, when, on which Python: no part of the book.
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
CELL_METADATA_NOT_KEPT = {"execution", "ExecuteTime", "collapsed", "trusted"}


def all_notebooks() -> list[Path]:
    """The chapters and their solutions, in order."""
    folder = ROOT / "notebooks"
    return sorted(folder.glob("*.ipynb")) + sorted(folder.glob("solutions/*.ipynb"))


def execute(notebook: NotebookNode, folder: Path) -> None:
    """Run every cell in place, as a reader does who presses "run all"; the first error stops."""
    asyncio.run(client(notebook, folder).async_execute())


def client(notebook: NotebookNode, folder: Path) -> NotebookClient:
    """What runs a notebook."""
    return NotebookClient(
        notebook,
        timeout=300,
        kernel_name=KERNEL["name"],
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # not once for each notebook how its kernel listens
        resources={"metadata": {"path": str(folder)}},
    )


def normalise(notebook: NotebookNode) -> None:
    """Keep what is the same each time on each machine."""
    notebook.metadata = NotebookNode(kernelspec=NotebookNode(KERNEL), **_kept(notebook.metadata))
    for cell in notebook.cells:
        for key in CELL_METADATA_NOT_KEPT & set(cell.metadata):
            del cell.metadata[key]
        if cell.cell_type == "code":
            cell.outputs = [output for output in map(_without_views, joined(cell.outputs)) if output]


def _kept(metadata: NotebookNode) -> dict[str, object]:
    """A title and slide settings are the author's; the rest is the machine's."""
    return {key: metadata[key] for key in ("title", "rise") if key in metadata}


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Text that came in pieces as one piece: where it was cut depends on the machine's speed."""
    result: list[NotebookNode] = []
    for output in outputs:
        before = result[-1] if result else None
        if output.output_type == "stream" and before and before.get("name") == output.name:
            before.text += output.text
        else:
            result.append(output)
    return result


def _without_views(output: NotebookNode) -> NotebookNode | None:
    """The output without the forms that are not stored; None if nothing else was there to see."""
    if "data" not in output:
        return output
    for form in NOT_STORED & set(output.data):
        del output.data[form]
    output.metadata = NotebookNode({k: v for k, v in output.metadata.items() if k in output.data})
    return output if any(output.data.values()) else None


def plain(error: CellExecutionError) -> str:
    """What a cell raised, without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error))


def run_one(path: Path) -> str:
    """Run and store one notebook; what went wrong, or an empty string."""
    notebook = nbformat.read(path, as_version=4)
    try:
        execute(notebook, path.parent)
    except CellExecutionError as error:
        return plain(error)
    normalise(notebook)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)
    return ""


def main(arguments: list[str]) -> int:
    """Run the notebooks named, or all; one that fails is left as it was."""
    os.environ["RNNLIB_PICTURES"] = "1"  # the widgets in the notebook's own process give a picture and its lines alone
    failed = 0
    for path in [Path(name).resolve() for name in arguments] or all_notebooks():
        began = time.monotonic()
        problem = run_one(path)
        failed += bool(problem)
        print(f"{path.name}: {problem or 'stored'} ({time.monotonic() - began:.1f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
