"""The seeded faults of `tools/mutants.py` can all be put in; the tool itself tries them."""

import ast

import pytest

from tools import mutants


def test_there_are_enough_of_each_kind():
    least = {mutants.CORE: 20, mutants.PICTURES: 10, mutants.WIDGETS: 5, mutants.EXERCISES: 5}
    assert all(len(faults) >= count for faults, count in least.items())


@pytest.mark.parametrize("fault", mutants.FAULTS, ids=lambda fault: fault.breaks)
def test_a_fault_applies_once_and_leaves_a_file_that_python_reads(fault, root):
    assert mutants.wrong(fault, root) == ""
    (path,) = mutants.places(fault, root)
    assert mutants.soon(path, root)
    ast.parse(path.read_text(encoding="utf-8").replace(fault.old, fault.new))


def test_a_fault_whose_text_is_not_there_is_an_error(capsys, monkeypatch):
    gone = mutants.Fault("cells", "no such text", "", "nothing")
    monkeypatch.setattr(mutants, "FAULTS", (gone,))
    assert mutants.main([]) == 2
    assert "rnnlib/cells*: 'no such text' stands in no file, expected it once in one file" in capsys.readouterr().err
