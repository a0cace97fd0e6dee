"""The formats by name, and what all of them have in common."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys
from typing import TYPE_CHECKING, get_args

import pytest
from runs import ROW, a_run, diagnostic_at, document_of_text

import factsheet.reports
from factsheet.checks.diagnostic import CONFIDENCES
from factsheet.reports.formats import FormatName, write_report, writer_of
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.text import Style

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.checks.diagnostic import Confidence

FORMATS: tuple[FormatName, ...] = get_args(FormatName)
PLAIN = Style(coloured=False)
ENDINGS: dict[FormatName, str] = {
    "full": "full.txt",
    "concise": "concise.txt",
    "json": "json",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "sarif": "sarif",
    "junit": "junit.xml",
}


def test_the_names_are_those_of_the_modules_that_write() -> None:
    modules = [
        importlib.import_module(f"factsheet.reports.{found.name}")
        for found in pkgutil.iter_modules(factsheet.reports.__path__)
    ]
    writers = {module.__name__: module.write for module in modules if hasattr(module, "write")}
    assert {writer_of(name) for name in FORMATS} == set(writers.values())
    assert len(writers) == len(FORMATS)
    assert {f"factsheet.reports.{name}" for name in FORMATS} == {name.removesuffix("_v1") for name in writers}


def test_a_name_that_is_no_format_is_refused() -> None:
    with pytest.raises(AssertionError):
        writer_of("yaml")  # type: ignore[arg-type]  # on purpose


@pytest.mark.parametrize("name", FORMATS)
def test_the_report_is_the_one_that_was_reviewed(
    name: FormatName, golden: Callable[[str, str], None]
) -> None:
    golden(f"report/run.{ENDINGS[name]}", write_report(a_run(), name, PLAIN))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_people_and_programs_read_how_sure_a_finding_is(name: FormatName, confidence: Confidence) -> None:
    document = document_of_text()
    found = diagnostic_at(document, ROW)._replace(confidence=confidence)
    report = CheckReport((CheckedFile("sheet.yaml", document, (found,)),), (), "1.2.3")
    text = write_report(report, name, PLAIN)
    if name in {"json", "sarif"}:
        assert f'"confidence": "{confidence}"' in text
    else:
        assert (f"{found.message} (confidence: {confidence})" in text) == (confidence != "high")


def test_colour_is_the_one_that_was_reviewed(golden: Callable[[str, str], None]) -> None:
    golden("report/run.coloured.txt", write_report(a_run(), "full", Style(coloured=True)))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"full", "concise"}))
def test_machines_are_never_given_colour(name: FormatName) -> None:
    assert write_report(a_run(), name, Style(coloured=True)) == write_report(a_run(), name, PLAIN)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_ends_its_last_line(name: FormatName) -> None:
    assert write_report(a_run(), name, PLAIN).endswith("\n")


@pytest.mark.parametrize("name", ["concise", "github"])
def test_a_run_without_findings_is_no_line(name: FormatName) -> None:
    assert write_report(CheckReport((), (), "1.2.3"), name, PLAIN) == ""


def test_what_prints_findings_loads_no_other_format() -> None:
    program = "import sys, factsheet.reports.full; print(*[name for name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert "factsheet.reports.full" in loaded
    others = {
        "json_v1",
        "github",
        "gitlab",
        "sarif",
        "junit",
        "fingerprint",
        "report",
    }
    assert not {f"factsheet.reports.{name}" for name in others} & loaded
    assert not {"json", "xml.etree.ElementTree", "hashlib", "rich"} & loaded
