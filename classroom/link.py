"""Makes the link that a class clicks: it copies the book into each student's folder on a hub and opens a chapter.

    python classroom/link.py https://hub.example.org https://code.example.org/teacher/book --chapter 02

The hub needs nbgitpuller, which fetches what is new at each click and keeps what a student has changed.
Standard library only.
"""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def chapters():
    """The chapters' files by number."""
    return {path.name[:2]: path.name for path in sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))}


def web_address(name, text):
    """The address without its last slash. ValueError where it is none."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"{name}: expected an address such as https://hub.example.org, got {text!r}")
    return text.rstrip("/")


def link(hub, repository, *, branch="main", chapter="00"):
    """The address that pulls the repository's branch and opens a chapter in JupyterLab."""
    if chapter not in chapters():
        raise ValueError(f"chapter: expected one of {', '.join(chapters())}, got {chapter!r}")
    repository = web_address("repository", repository)
    folder = repository.rsplit("/", 1)[1].removesuffix(".git")
    query = {"repo": repository, "branch": branch, "urlpath": f"lab/tree/{folder}/notebooks/{chapters()[chapter]}"}
    return f"{web_address('hub', hub)}/hub/user-redirect/git-pull?{urlencode(query)}"


def main(arguments):
    parser = argparse.ArgumentParser(prog="link.py", description=__doc__.splitlines()[0])
    parser.add_argument("hub", help="the address of the hub")
    parser.add_argument("repository", help="where the book is kept: an address that git can clone")
    parser.add_argument("--branch", default="main")
    parser.add_argument("--chapter", default="00", help="00 to 09")
    options = parser.parse_args(arguments)
    try:
        print(link(options.hub, options.repository, branch=options.branch, chapter=options.chapter))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
