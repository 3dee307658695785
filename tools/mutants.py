"""Are the tests any good? Put one small fault after the other into a copy of the library, and see which test finds it.

`python start.py mutants` tries all faults, `python start.py mutants -- cells widgets` those whose place has such a name
(`pictures` are those of pictures). It ends with 1 if a fault is found by no test. How to add one: CONTRIBUTING.md.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from queue import Queue
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 1200  # seconds for one round of tests
ENDLESS = f"no end within {LONGEST} s"  # of the tests that come first: found, the fault makes something endless
AGES = count(1_000_000_000)  # times of change, all different: so no compiled file is taken for that of a changed one


class Fault(NamedTuple):
    """One small fault: the beginning of its file in `rnnlib/`, a text that stands there once, what comes in
    its place, and what that breaks."""

    where: str
    old: str
    new: str
    breaks: str


CORE = (
    Fault("functions", "y * (1 - y)", "y * (1 + y)", "the slope of the sigmoid"),
    Fault("functions", "2 * error, weights", "error, weights", "the gradient of the mean squared error"),
    Fault("functions", "sigmoid(logits) - targets", "logits - targets", "the gradient of the binary cross-entropy"),
    Fault("parameters", "q * np.sign(np.diag(r))", "r * np.sign(np.diag(r))", "the orthogonal first values"),
    Fault("cells", "np.dot(d_a, self.W_hh),)", "np.dot(d_a, self.W_hh.T),)", "RNN: the gradient on the state before"),
    Fault("cells", "d_c * c_before", "d_c * g", "LSTM: the gradient on the forget gate"),
    Fault("cells", "_i * self.W_ch[0]", "_i * self.W_ch[1]", "LSTM: the way back through the peephole of i"),
    Fault("cells", "h = z * h_before + (1 - z) * n", "h = z * n + (1 - z) * h_before", "GRU: what z multiplies"),
    Fault("cells", "self.split(d_s)[2], axis", "self.split(d_a)[2], axis", "GRU: the gradient on the inner bias"),
    Fault("layers/recurrent", "d_h + d_y[t]", "d_h + d_y[t - 1]", "which step's gradient comes in at step t"),
    Fault("layers/recurrent", "old, one) for old", "0 * old, one) for old", "the state past the end"),
    Fault("layers/recurrent", "d_a[mask] = d_s[mask] = 0", "d_a[mask] = 0", "padding has no part in the weights"),
    Fault("layers/simple", "np.add.at(sums, place, d_y[here])", "sums[place] += d_y[here]", "a word that comes twice"),
    Fault("layers/simple", "x.dtype.type(1 - self.rate)", "x.dtype.type(1)", "the mean of what dropout leaves"),
    Fault("layers/convolution", "reach // 2", "(reach + 1) // 2", "the middle of an even window"),
    Fault("layers/stacked", "d_xs[0] + d_xs[1]", "d_xs[0]", "the gradient that the right reader sends back"),
    Fault("layers/stacked", "np.concatenate(halves, axis=1)", "halves[0]", "the state that both directions hand over"),
    Fault("layers/tree", "np.dot(d_a, self.W_lh), np", "np.dot(d_a, self.W_rh), np", "the gradient of left children"),
    Fault("models/base", "(~batch.mask).astype", "(batch.mask | True).astype", "the loss: padding does not count"),
    Fault("models/reading", "d_s / _counts(y, batch)", "d_s / len(y)", "the gradient of a mean over true steps"),
    Fault("models/reading", "0 if self.body.reads_back else T - 1", "T - 1", "what a backward reader knows at the end"),
    Fault("models/reading", "np.where(self.body.reads_back, 0", "np.where(False, 0", "the same, of two directions"),
    Fault("models/reading", "batch.lengths - start", "batch.lengths", "the lengths within a window"),
    Fault("models/writing", "first[None], true[:-1]", "first[None], true[1:]", "the symbol that a decoder reads"),
    Fault("training/optimizers", "1 - self.beta2**self.t", "1 - self.beta2", "Adam: the correction of v"),
    Fault("training/optimizers", "+ self.momentum * self.m if", "+ self.m if", "how far Nesterov looks ahead"),
    Fault("training/optimizers", "gradient *= bound / size", "gradient *= bound / (size + bound)", "clipping by norm"),
    Fault("training/callbacks", "run.epoch + 1", "run.epoch", "the epoch that a schedule speaks of"),
    Fault("gradcheck", "/ (2 * epsilon)", "/ epsilon", "central differences"),
    Fault("gradcheck", "return max(self.errors", "return min(self.errors", "the worst of the errors"),
    Fault("decoding", "scores[:, None] + log_softmax(logits)", "log_softmax(logits)", "the sum over a beginning"),
    Fault("decoding", "gains[: stop + 1]", "gains[:stop]", "the end symbol's part in a probability"),
    Fault("language", '+ grads.pop("output.W_hy")', '+ 0 * grads.pop("output.W_hy")', "the gradient of a shared table"),
    Fault("flow", "np.abs(np.linalg.eigvals(W))", "np.real(np.linalg.eigvals(W))", "the spectral radius"),
)
PICTURES = (  # anywhere: a picture's numbers are computed in views, drawn in diagrams, written in look
    Fault(
        "diagrams/valves", "narrow, shut = BORE * share", "narrow, shut = BORE * value", "a pipe is as wide as its gate"
    ),
    Fault("diagrams/contributions", "p[:, None] - without", "without - p[:, None]", "the sign of a contribution"),
    Fault("", "return math.log10(value)", "return math.log10(value) ** 3", "a place on a log axis"),
    Fault("", "RANGE = 1.0", "RANGE = 2.0", "how strong the colour of a value is"),
    Fault("", "{round(value, decimals) + 0.0:+", "{abs(round(value, decimals)):+", "the sign of a number"),
    Fault("", "self.height * (1 - min(max(", "self.height * (min(max(", "which way is up in a field"),
    Fault("", '"i×g": g["i"] * g["g"]', '"i×g": g["i"] * g["o"]', "what is written into a cell"),
    Fault("", 'self.weights["w_h"] * self', 'self.weights["w_x"] * self', "the slope at a fixed point"),
    Fault("", "gaps[:-1] * gaps[1:] < 0", "gaps[:-1] * gaps[1:] < -1", "where the fixed points are"),
    Fault("", "[-1], temperature))", "[-1]))", "the temperature at which a symbol is drawn"),
    Fault("", ".receptive_field, -", ".kernel, -", "which steps an output of a convolution reads"),
    Fault("", '"xh": trace.from_input - ', '"xh": trace.from_input + ', "the product of weights and input"),
    Fault("", "q @ k.T / q.shape[1] ** 0.5", "q @ k.T", "the root under which attention's products stand"),
    Fault("", "np.divide(v @ h, size", "np.divide(v @ abs(h), size", "what a unit goes with"),
    Fault("", "abs(value) / self.within", "abs(value) * self.within", "a place on an axis with both signs"),
)
WIDGETS = (
    Fault("widgets/vanish", "with_radius(cell.W_hh, radius)", "with_radius(cell.W_hh, 1.0)", "what a slider moves"),
    Fault("widgets/gates", "float(value) for name", "1.0 for name", "at which value a gate is held"),
    Fault("widgets/temperature", "round(temperature, DIGITS)", "1.0", "the temperature of the pages"),
    Fault("widgets/laboratory", "self.set(**self._first)", "self.set()", "the controls after a reset"),
    Fault("widgets/stepper", 'min(self.t, len(change["new"]) - 1)', "0", "the step when others are drawn"),
    Fault(
        "widgets/desk", "model.restore(self.kept[epoch])", "model.restore(self.kept[0])", "an earlier epoch's weights"
    ),
)
EXERCISES = (
    Fault(
        "exercises/compare",
        "_same(got.T, expected, tolerance)",
        "_same(got, expected, tolerance)",
        "a transpose is named",
    ),
    Fault("exercises/compare", "_same(-got, expected", "_same(got, expected", "signs the other way round are named"),
    Fault(
        "exercises/compare", "for a, b in zip(one.values()", "for a, b in zip(one.values(), one.values()", "equality"
    ),
    Fault("exercises/engine", "wrong.diagnosis, hint", "found.otherwise, hint", "a known mistake's diagnosis"),
    Fault("exercises/engine", "if tried.changed:", "if False:", "who changes what is given is told"),
    Fault("exercises/trial", "came.append(result is None)", "came.append(False)", "a missing return is named"),
)
FAULTS = (*CORE, *PICTURES, *WIDGETS, *EXERCISES)

# Which tests are tried first, by the beginning of the file's name; then all others but those that a browser needs.
SOON = {
    "": ["test_core_random.py"],
    "functions": ["test_functions.py"],
    "parameters": ["test_cells.py"],
    "cells": ["test_core_random.py", "test_layers_gradients.py", "test_cells*.py"],
    "layers/": ["test_core_random.py", "test_layers_*.py"],
    "models/": ["test_models_*.py"],
    "training/": ["test_optimizers.py", "test_training*.py"],
    "gradcheck": ["test_gradcheck.py"],
    "decoding": ["test_models_writing.py", "test_language.py"],
    "flow": ["test_flow.py"],
    "language": ["test_language.py"],
    "diagrams/": ["test_diagrams*.py", "test_pictures.py"],
    "look/": ["test_diagrams*.py", "test_pictures.py"],
    "views/": ["test_diagrams*.py", "test_pictures.py", "test_neurons.py"],
    "widgets/": ["test_widgets*.py"],
    "exercises/": ["test_exercises*.py"],
}


def places(fault: Fault, root: Path = ROOT) -> dict[Path, int]:
    """The files that hold the text of a fault, and how often."""
    files = [path for path in (root / "rnnlib").rglob("*.py") if name(path, root).startswith(fault.where)]
    counts = {path: path.read_text(encoding="utf-8").count(fault.old) for path in files}
    return {path: count for path, count in counts.items() if count}


def name(path: Path, root: Path) -> str:
    """A file of the library as faults name it: "layers/base.py"."""
    return path.relative_to(root / "rnnlib").as_posix()


def wrong(fault: Fault, root: Path = ROOT) -> str:
    """Why a fault cannot be put in; nothing if it can."""
    found = places(fault, root)
    files = ", ".join(name(path, root) for path in found) or "no file"
    once = list(found.values()) == [1]
    return "" if once else f"rnnlib/{fault.where}*: {fault.old!r} stands in {files}, expected it once in one file"


def soon(path: Path, root: Path) -> list[str]:
    """The files of tests that are most likely to find a fault in this file."""
    patterns = [p for start, some in SOON.items() if start and name(path, root).startswith(start) for p in some]
    tests = root / "tests"
    return [f"tests/{found.name}" for pattern in patterns or SOON[""] for found in sorted(tests.glob(pattern))]


class Verdict(NamedTuple):
    """What became of a fault: the test that found it (nothing if none did), and the seconds that it took."""

    fault: Fault
    caught: str
    seconds: float


def copied(place: Path) -> Path:
    """All that is needed for the tests, in a folder where it may be spoilt."""
    leave = shutil.ignore_patterns(".git", ".venv", "__pycache__", "html", ".*_cache", "node_modules")
    return Path(shutil.copytree(ROOT, place, ignore=leave))


def write(path: Path, text: str) -> None:
    """Write a file that is seen to be another one: Python compares the time of change, in seconds."""
    path.write_text(text, encoding="utf-8")
    age = next(AGES)
    os.utime(path, (age, age))


def found_by(root: Path, tests: list[str]) -> str:
    """The first test that fails in this copy, or nothing."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-rfE", "--no-header", "-p", "no:cacheprovider", *tests]
    env = os.environ | {"PYTHONPATH": str(root), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        result = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return ENDLESS
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", result.stdout, re.MULTILINE)
    if result.returncode and not failed:
        raise RuntimeError(f"pytest: {(result.stdout + result.stderr)[-600:]}")
    return failed[0] if failed else ""


def tried(fault: Fault, root: Path) -> Verdict:
    """Put a fault into a copy, run the tests, and take it out again."""
    (path,), begun = places(fault, root), time.monotonic()
    sound = path.read_text(encoding="utf-8")
    write(path, sound.replace(fault.old, fault.new))
    try:
        caught = found_by(root, soon(path, root)) or found_by(root, ["tests", "--ignore=tests/browser"]).replace(
            ENDLESS, ""
        )
    finally:
        write(path, sound)
    return Verdict(fault, caught, time.monotonic() - begun)


def try_all(faults: list[Fault], copies: list[Path]) -> list[Verdict]:
    """All faults, as many at a time as there are copies; a line is printed for each as soon as it is known."""
    free: Queue[Path] = Queue()
    for copy in copies:
        free.put(copy)

    def one(fault: Fault) -> Verdict:
        root = free.get()
        try:
            verdict = tried(fault, root)
        finally:
            free.put(root)
        print(line(verdict), flush=True)
        return verdict

    with ThreadPoolExecutor(len(copies)) as pool:
        return [*pool.map(one, faults)]


def line(verdict: Verdict) -> str:
    """One line of the table."""
    fault, caught, seconds = verdict
    where = fault.where or "pictures"
    return f"{where:<20} {fault.breaks:<48} {seconds:4.0f} s  {caught.removeprefix('tests/') or 'SURVIVES'}"


def main(arguments: list[str] | None = None) -> int:
    """Try the faults that are asked for; how many are found by no test decides the exit status."""
    parser = argparse.ArgumentParser(prog="start.py mutants --", description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="cells, layers, pictures, widgets, ...; all faults if none is given")
    parser.add_argument("-n", type=int, default=2, help="as many at a time (2)")
    options = parser.parse_args(arguments)
    chosen = [f for f in FAULTS if not options.names or any(part in (f.where or "pictures") for part in options.names)]
    problems = [*filter(None, map(wrong, chosen))] or ([] if chosen else ["no fault has such a name"])
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [copied(Path(folder) / str(k)) for k in range(max(1, min(options.n, len(chosen))))]
        verdicts = try_all(chosen, copies)
        # Without a fault they all pass; every case of each, for the name of a case may be cut.
        finders = sorted({verdict.caught.split("[")[0] for verdict in verdicts if "::" in verdict.caught})
        false = found_by(copies[0], finders) if finders else ""
    caught = [verdict for verdict in verdicts if verdict.caught]
    print(f"{len(caught)} of {len(verdicts)} faults are found.")
    if false:
        print(f"{false} fails without a fault, too: it proves nothing.")
    return 1 if false or len(caught) < len(verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
