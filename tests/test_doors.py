"""Every public callable refuses what is wrong, by name, and then nothing has changed. The table: `tests/doors/`."""

import pytest

from tests.doors import faults, public
from tests.doors.book import BOOK
from tests.doors.core import CORE
from tests.doors.data import DATA
from tests.doors.exempt import INSIDE, RECORDS
from tests.doors.pictures import PICTURES
from tests.doors.tools import TOOLS

PUBLIC = public()
ROWS = CORE | TOOLS | DATA | BOOK | PICTURES


@pytest.mark.parametrize("name", sorted(PUBLIC.keys() & ROWS.keys()))
def test_what_is_wrong_is_refused_by_name_and_changes_nothing(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert faults(PUBLIC[name], ROWS[name]) == []


def test_every_public_callable_has_a_row():
    exempt = RECORDS.keys() | INSIDE.keys()
    assert sorted(PUBLIC.keys() - ROWS.keys() - exempt) == []
    assert sorted((ROWS.keys() | exempt) - PUBLIC.keys()) == []
    assert sorted(ROWS.keys() & exempt) == []
