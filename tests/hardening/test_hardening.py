"""A few commands ended by signals while they write, a few edits raced by an editor; `nox -s kill race` does more."""

from __future__ import annotations

import os

import kill
import pytest
import race
from writes import QUICK

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="each trial is a child of a process that has all loaded"
)
SEED = 17


def test_commands_that_are_ended_leave_whole_files() -> None:
    done, faults = kill.run(SEED, range(8), 60, QUICK[::2])
    assert done
    assert not faults


def test_no_save_of_an_editor_is_lost() -> None:
    done, faults = race.run(SEED, range(8), 60, QUICK[:3:2])
    assert done
    assert not faults
