"""What all tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples each time, and no verdict on the speed of a shared machine.
settings.register_profile("book", derandomize=True, deadline=None)
settings.load_profile("book")


Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Make a file of a reader's own with this content."""

    def write(content: str | bytes, name: str = "own.txt", codec: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(codec))
        return path

    return write


@pytest.fixture(scope="session")
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[1]
