"""Notebooks are compared with what they store, and they store pictures where a reader has widgets. And long tests.

A test marked `@pytest.mark.long("why it is long, and what stands in for it")` runs with --all only; without, it is left
out, and the end of the report says so with its reason.
"""

import os

import pytest

# Before NumPy is loaded: workers that run side by side, each with as many threads as there are cores, wait for one
# another, and training took five times as long.
for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    if type(item).__name__ != "IPyNbCell":
        return (yield)
    item.parent.sanitize_patterns |= {r"data:image/png;base64,[\w+/=]+": "pixels"}  # drawn otherwise on each machine
    os.environ["RNNLIB_PICTURES"] = "1"  # the kernel of the notebook inherits it
    try:
        return (yield)
    finally:
        del os.environ["RNNLIB_PICTURES"]


LEFT_OUT = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="run the long tests, too")


def pytest_configure(config):
    config.stash[LEFT_OUT] = {}
    config.addinivalue_line("markers", "long(reason): runs with --all only")


def pytest_collection_modifyitems(config, items):
    if config.option.all:
        return
    found = [(item, item.get_closest_marker("long")) for item in items]
    config.stash[LEFT_OUT].update({item.nodeid: mark.args[0] for item, mark in found if mark})
    config.hook.pytest_deselected(items=[item for item, mark in found if mark])
    items[:] = [item for item, mark in found if not mark]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """A worker of pytest-xdist has collected what we have not."""
    node.config.stash[LEFT_OUT].update(getattr(node, "workeroutput", {}).get("left_out", {}))


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash[LEFT_OUT]


def pytest_terminal_summary(terminalreporter, config):
    left = config.stash[LEFT_OUT]
    if left:
        terminalreporter.section(f"left out: {len(left)} long tests, which run with --all")
    for name, reason in left.items():
        terminalreporter.write_line(f"{name}: {reason}")
