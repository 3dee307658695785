"""Starts one student's server, as that student: her own copies of the notebooks, a limit to what a program may take.

The hub (or Kubernetes) runs it in place of `jupyterhub-singleuser`, in her home folder.
"""

import os
import subprocess
import sys
from pathlib import Path

BOOK = Path(__file__).resolve().parents[1] / "notebooks"
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def as_bytes(size):
    """A size such as "512M" or "1.5G" as a number of bytes. ValueError where it is none."""
    number, unit = (size[:-1], size[-1:].upper()) if size[-1:].upper() in UNITS else (size, "")
    try:
        wanted = int(float(number) * UNITS.get(unit, 1))
    except ValueError:
        wanted = 0
    if wanted <= 0:
        raise ValueError(f'CLASSROOM_MEMORY: expected a size such as "512M" or "1.5G", got {size!r}')
    return wanted


def hold(size):
    """No program from here on gets more than this: Python answers with a MemoryError, and nobody else is slowed."""
    import resource  # not on Windows, where there is no hub either

    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def give(book, home):
    """Copies of the notebooks that are not there yet, and their paths. What she has changed stays hers."""
    given = []
    for path in sorted(book.rglob("[0-9][0-9]_*.ipynb")):
        copy = home / "notebooks" / path.relative_to(book)
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            given.append(copy)
    return given


def trust(paths):
    """Mark new copies as trusted, so that stored pictures show: beside the server's start, and behind it."""
    if paths:
        command = ["nice", "-n", "10", sys.executable, "-m", "jupyter", "trust", *map(str, paths)]
        # A child of the shell, not of the server, which would never ask how it ended.
        subprocess.run(["sh", "-c", '"$@" </dev/null >/dev/null 2>&1 &', "sh", *command], check=False)


def main(arguments):
    if os.environ.get("CLASSROOM_MEMORY"):
        hold(as_bytes(os.environ["CLASSROOM_MEMORY"]))
    os.chdir(Path.home())
    trust(give(BOOK, Path.home()))
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
