"""The first page of the browser edition, and the words about what stays in the browser."""

from pathlib import Path

NAME = "Recurrent neural networks, live"


def about() -> str:
    return "# x\n"


def write(target: Path) -> None:
    pass
