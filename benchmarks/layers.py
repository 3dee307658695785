"""Forward and backward of RNN, LSTM and GRU: the library, PyTorch if it is installed, and the bare matrix products."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

from rnnlib import GRUCell, LSTMCell, Recurrent, RNNCell

try:
    import torch
except ImportError:  # the table then has no column for it
    torch = None

SIZES = [
    (1, 4, 18, 64),
    (1, 10, 18, 64),
    (32, 10, 18, 64),
    (32, 20, 64, 64),
    (64, 50, 128, 128),
    (64, 100, 256, 512),
]
CELLS = {"RNN": RNNCell, "LSTM": LSTMCell, "GRU": GRUCell}
GATES = {"RNN": 1, "LSTM": 4, "GRU": 3}
Job = Callable[[], object]


def library(kind: str, dtype: str, B: int, T: int, inputs: int, H: int) -> Job:
    """One forward and backward pass of `Recurrent`, gradients for all weights."""
    rng = np.random.default_rng(0)
    layer = Recurrent(CELLS[kind](inputs, H, rng=rng, dtype=dtype))
    x, d_y = (rng.standard_normal((T, B, n)).astype(dtype) for n in (inputs, H))

    def job() -> object:
        _, _, tape = layer.forward(x)
        return layer.backward(d_y, tape, inputs=False)

    return job


def pytorch(kind: str, dtype: str, B: int, T: int, inputs: int, H: int) -> Job:
    """The same with `torch.nn`, gradients for all weights."""
    torch.manual_seed(0)
    layer = getattr(torch.nn, kind)(inputs, H, dtype=getattr(torch, dtype))
    x, d_y = (torch.randn(T, B, n, dtype=getattr(torch, dtype)) for n in (inputs, H))

    def job() -> object:
        layer.zero_grad(set_to_none=False)
        return layer(x)[0].backward(d_y)

    return job


def products(kind: str, dtype: str, B: int, T: int, inputs: int, H: int) -> Job:
    """The matrix products that no method can do without, and nothing else: the limit."""
    rng, rows = np.random.default_rng(0), GATES[kind] * H
    W_x, W_h = (rng.standard_normal((rows, n)).astype(dtype) for n in (inputs, H))
    x, h, d = (rng.standard_normal((T, B, n)).astype(dtype) for n in (inputs, H, rows))
    a, h_out = np.empty((B, rows), dtype), np.empty((B, H), dtype)
    flat_x, flat_h, flat_d = (array.reshape(T * B, -1) for array in (x, h, d))

    def job() -> object:
        np.dot(flat_x, W_x.T)
        for t in range(T):
            np.dot(h[t], W_h.T, out=a)
        for t in range(T):
            np.dot(d[t], W_h, out=h_out)
        return np.dot(flat_d.T, flat_x), np.dot(flat_d.T, flat_h)

    return job


def compare(jobs: dict[str, Job], turns: int = 5, warm: float = 0.06, block: float = 0.12) -> dict[str, float]:
    """Median seconds of each job. They take turns, so that whatever else the machine does falls on all of them alike.

    A turn is a block of calls, and a block of short calls begins with some that do not count: the threads of the
    library before go on spinning for some milliseconds, and would take a core from the one that is measured.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(turns):
        for name, job in jobs.items():
            first = once(job)
            start = time.perf_counter()
            while first < warm and time.perf_counter() - start < warm:
                job()
            start = time.perf_counter()
            times[name].append(once(job))
            while time.perf_counter() - start < block:
                times[name].append(once(job))
    return {name: median(values) for name, values in times.items()}


def once(job: Job) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def table() -> None:
    """Print a row for each kind, dtype and size: milliseconds, and the two ratios that count."""
    print(f"{'':5} {'dtype':8} {'(B, T, I, H)':>20} {'library':>10} {'PyTorch':>10} {'products':>10}", end="")
    print(f" {'PyTorch/library':>16} {'library/products':>17}")
    for kind in CELLS:
        for dtype in ("float64", "float32"):
            for size in SIZES:
                jobs = {"library": library(kind, dtype, *size), "products": products(kind, dtype, *size)}
                if torch is not None:
                    jobs["PyTorch"] = pytorch(kind, dtype, *size)
                result = compare(jobs)
                ms = {name: 1e3 * value for name, value in result.items()}
                versus = f"{ms['PyTorch'] / ms['library']:16.2f}" if "PyTorch" in ms else f"{'not installed':>16}"
                print(
                    f"{kind:5} {dtype:8} {size!s:>20} {ms['library']:10.3f} {ms.get('PyTorch', float('nan')):10.3f} "
                    f"{ms['products']:10.3f} {versus} {ms['library'] / ms['products']:17.2f}",
                    flush=True,
                )


def linear_in_time() -> None:
    """Print the time a step for growing T: it stays level, because nothing depends on how much came before."""
    steps = (100, 1_000, 10_000)
    results = compare({str(T): library("RNN", "float64", 1, T, 18, 64) for T in steps})
    line = ", ".join(f"T = {T:,}: {1e6 * results[str(T)] / T:.2f} us a step" for T in steps)
    print(f"Cost over time (RNN, B = 1, H = 64): {line}")


if __name__ == "__main__":
    table()
    linear_in_time()
