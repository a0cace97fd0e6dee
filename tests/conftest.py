"""What the tests share: the published sheet, sheets made from text, golden files, and what a skipped test means."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from system_tools import require_pango

from factsheet.sheet.load import read_factsheet
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

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


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "accelerator: needs a GPU, which no machine of ours has to have")


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Where everything has been installed that tests need, one that skips has lost what it looked at."""
    if report.skipped and os.environ.get("FACTSHEET_NO_SKIPS") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"FACTSHEET_NO_SKIPS is set, and this was to be left out. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if item.get_closest_marker("accelerator") is None:
        refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)  # a whole module, such as by `importorskip`
    return report


@pytest.fixture(scope="session")
def pango() -> None:
    """Whatever makes PDFs."""
    require_pango()


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
