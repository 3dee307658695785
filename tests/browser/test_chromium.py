"""How the browser for these tests is found and installed. Nothing is installed here."""

import shutil

import pytest

from tests.browser import chromium


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine without any browser; the list holds what was tried on it."""
    tried = []
    monkeypatch.setattr(chromium, "run", lambda command: tried.append(command) or 1)
    monkeypatch.setattr(chromium, "works", lambda path: False)
    monkeypatch.setattr(chromium, "playwrights_own", lambda: None)
    return tried


def test_no_browser_is_one_sentence_and_a_failing_status(bare_machine, capsys):
    assert chromium.main() == 1
    error = capsys.readouterr().err
    assert "need Chromium" in error
    assert error.count("\n") == 1


def test_debians_package_comes_before_playwrights_download(bare_machine, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 0, raising=False)
    monkeypatch.setattr(chromium.os, "name", "posix")
    chromium.install()
    assert [command[:2] for command in bare_machine[:2]] == [["apt-get", "update"], ["apt-get", "install"]]
    assert bare_machine[2][1:] == ["-m", "playwright", "install", "--with-deps", "chromium"]


def test_who_is_not_root_gets_playwrights_download(bare_machine, monkeypatch):
    monkeypatch.setattr(chromium.os, "geteuid", lambda: 1000, raising=False)
    chromium.install()
    assert [command[1:] for command in bare_machine] == [["-m", "playwright", "install", "chromium"]]


def test_where_there_is_a_browser_nothing_is_installed(bare_machine, monkeypatch):
    monkeypatch.setattr(chromium, "works", lambda path: True)
    assert chromium.main() == 0
    assert bare_machine == []


def test_a_program_of_that_name_that_is_no_browser_is_passed_over(tmp_path, monkeypatch):
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 10\n", encoding="utf-8")
    fake.chmod(0o755)
    monkeypatch.setattr(chromium.os, "name", "posix")
    assert not chromium.works(str(fake))
