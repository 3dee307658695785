"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Before NumPy is loaded: workers that run side by side, each with as many threads as there are cores, wait for one
# another, and training took five times as long.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# The same examples each time, and no verdict on the speed of a shared machine.
settings.register_profile("book", derandomize=True, deadline=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]
