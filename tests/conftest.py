"""What all tests share."""

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time, and no verdict on the speed of a shared machine.
settings.register_profile("book", derandomize=True, deadline=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]
