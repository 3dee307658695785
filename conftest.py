"""Notebooks are compared with what they store, and they store pictures where a reader has widgets."""

import os

import pytest


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
