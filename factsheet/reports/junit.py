"""JUnit XML: one suite a sheet, one failed case a finding, and one passed case for a sheet without any."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from factsheet.reports.text import dotted, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.reports.report import CheckedFile, CheckReport
    from factsheet.reports.text import Style


def write(report: CheckReport, style: Style) -> str:  # noqa: ARG001  the interface of all formats
    """Return a run as XML, in ASCII with character references, so that no encoding gets in its way."""
    suites = [_unreadable(name, reason) for name, reason in report.unreadable]
    suites += [_suite(file) for file in report.files]
    totals = {
        key: str(sum(int(suite.get(key, "0")) for suite in suites)) for key in ("tests", "failures", "errors")
    }
    root = ET.Element("testsuites", {"name": "factsheet", **totals})
    root.extend(suites)
    ET.indent(root)
    xml: bytes = ET.tostring(root, encoding="us-ascii", xml_declaration=True)
    return xml.decode("ascii") + "\n"


def _suite(file: CheckedFile) -> ET.Element:
    suite = _empty_suite(file.name, tests=max(len(file.diagnostics), 1), failures=len(file.diagnostics))
    for name, diagnostic in zip(_case_names(file.diagnostics), file.diagnostics, strict=True):
        kind, message = f"{diagnostic.severity} {diagnostic.rule_id}", readable(diagnostic.message)
        failure = ET.SubElement(_case(suite, name), "failure", {"type": kind, "message": message})
        place = f"{file.name}:{diagnostic.place}"
        failure.text = readable(
            f"{place}: {diagnostic.message}{diagnostic.doubt}\nwhy: {diagnostic.why}\nhelp: {diagnostic.help}"
        )
    if not file.diagnostics:
        _case(suite, "no findings")
    return suite


def _unreadable(name: str, reason: str) -> ET.Element:
    suite = _empty_suite(name, tests=1, errors=1)
    message = readable(reason)
    ET.SubElement(
        _case(suite, "readable"), "error", {"type": "unreadable", "message": message}
    ).text = message
    return suite


def _case_names(diagnostics: Sequence[Diagnostic]) -> list[str]:
    """Return names without a line number, by which CI servers recognise a case; numbered where two would agree."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for diagnostic in diagnostics:
        name = " ".join(filter(None, (diagnostic.rule_id, diagnostic.slug, dotted(diagnostic.path))))
        ordinal = seen[name] = seen.get(name, 0) + 1
        names.append(name if ordinal == 1 else f"{name} ({ordinal})")
    return names


def _empty_suite(name: str, *, tests: int, failures: int = 0, errors: int = 0) -> ET.Element:
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": 0}
    return ET.Element(
        "testsuite", {"name": readable(name), **{key: str(value) for key, value in counts.items()}}
    )


def _case(suite: ET.Element, name: str) -> ET.Element:
    # The suffix would be read as a class in a package.
    sheet = suite.get("name", "").removesuffix(".yaml").removesuffix(".yml")
    return ET.SubElement(suite, "testcase", {"name": readable(name), "classname": sheet})
