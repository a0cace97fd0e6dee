"""What the tests share: the published sheet, sheets made from text, and golden files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.sheet.model import SheetFields

TESTS = Path(__file__).parent

# How long an example takes is the machine's affair, and no test asserts a time.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="Write what the program puts out now to tests/golden/ instead of comparing; review the diff like code.",
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a file below tests/golden/, or writes that file."""
    update = bool(request.config.getoption("--update-golden"))

    def check(name: str, text: str) -> None:
        file = TESTS / "golden" / name
        if update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.is_file(), f"{file} is missing; run pytest with --update-golden and review it"
        assert text == file.read_text(encoding="utf-8"), "run pytest with --update-golden and review the diff"

    return check


def sheet_of(text: str) -> SheetFields:
    """The sheet that a YAML text holds; it has to be a valid one."""
    loaded = load_bytes(text.encode(), "test.yaml")
    assert not loaded.problems, loaded.problems
    assert loaded.document is not None
    sheet, misfits = read_factsheet(loaded.document.data)
    assert sheet is not None, misfits
    assert not misfits, misfits
    return sheet


@pytest.fixture(scope="session")
def make_sheet() -> Callable[[str], SheetFields]:
    return sheet_of


@pytest.fixture(scope="session")
def bert() -> SheetFields:
    """The published BERT sheet."""
    return sheet_of((TESTS.parent / "sheets" / "bert.yaml").read_text(encoding="utf-8"))
