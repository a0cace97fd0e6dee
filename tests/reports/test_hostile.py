"""Names and messages that were made to break out of a report."""

from __future__ import annotations

import json
import re
from typing import get_args
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest
from runs import TEXT, diagnostic_at, document_of_text
from schema_checks import check_gitlab, check_junit, check_sarif
from workflow_commands import read_commands

from factsheet.checks.diagnostic import Fix, Related
from factsheet.reports.formats import FormatName, write_report
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.reports.text import Style, encodable, harmless, readable
from factsheet.source.editing import Edit

FORMATS: tuple[FormatName, ...] = get_args(FormatName)

HOSTILE = {
    "space": "a b",
    "quotes": 'it\'s "quoted" `so`',
    "semicolon": "a; rm -rf b",
    "command": "$(touch b) ${HOME} `id`",
    "workflow": "::error file=x::y",
    "workflow-stop": "::stop-commands::x",
    "properties": "a,line=1,title=b:c",
    "percent": "100%0A%25%3A",
    "newline": "a\nb",
    "return": "a\rb\r\nc",
    "workflow-line": "a\n::add-mask::b",
    "tab": "a\tb",
    "cdata": "a]]>b",
    "markup": "<b>&amp;<!--x--></b>",
    "escape": "\x1b[31ma\x1b[2J",
    "nul": "a\x00b",
    "bell": "a\x07\x7f\x85b",
    "separator": "a\u2028b\u2029c",
    "override": "a\u202egnp.\u2066b",
    "not-xml": "a\ufffe\uffffb",
    "not-utf-8": "a\udcffb",
    "emoji": "🧪👩‍🔬 é",
    "link": "[a](https://example.org) ![b](c)",
    "braces": "{0} {{x}} {value: 3 W}",
    "long": "x" * 5000,
    "dash": "-rf",
    "empty-looking": " ",
}


def hostile_run(text: str) -> CheckReport:
    name = f"{text}.yaml"
    document = document_of_text()
    place = document.value_span(("parameters", "area"))
    assert place is not None
    found = diagnostic_at(
        document,
        ("parameters", text),
        message=text,
        why=text,
        help_=text,
        file=name,
        related=(Related(text, place),),
        fix=Fix((Edit(0, 1, text),), safe=True),
    )
    clean = CheckedFile(f"clean {name}", None, ())
    return CheckReport(
        (CheckedFile(name, document, (found,)), clean), ((f"gone {name}", f"gone {name}: {text}"),), "1"
    )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", FORMATS)
def test_no_report_holds_what_drives_a_terminal_or_can_not_be_encoded(name: FormatName, text: str) -> None:
    report = write_report(hostile_run(text), name, Style())
    report.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", report)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_terminal_report_keeps_its_lines(text: str) -> None:
    plain = write_report(hostile_run("plain"), "full", Style()).splitlines()
    lines = write_report(hostile_run(text), "full", Style()).splitlines()
    assert len(lines) == len(plain)
    assert len(write_report(hostile_run(text), "concise", Style()).splitlines()) == 2
    assert not any(line.startswith("::") for line in lines)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_workflow_commands_say_what_was_said(text: str) -> None:
    unreadable, finding = read_commands(write_report(hostile_run(text), "github", Style()))
    assert (unreadable.name, finding.name) == ("error", "error")
    assert finding.properties["file"] == harmless(f"{text}.yaml")
    assert list(finding.properties) == ["file", "line", "col", "endLine", "endColumn", "title"]
    assert finding.message == readable(f"{text}\nwhy: {text}\nhelp: {text}")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_json_says_what_was_said(text: str) -> None:
    data = json.loads(write_report(hostile_run(text), "json", Style()))
    (found,) = data["sheets"][0]["diagnostics"]
    assert found["file"] == encodable(f"{text}.yaml")
    assert found["message"] == readable(text)
    assert found["fix"]["edits"][0]["text"] == encodable(text)
    assert data["sheets"][1] == {"file": encodable(f"clean {text}.yaml"), "diagnostics": []}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_sarif_stays_valid(text: str) -> None:
    report = write_report(hostile_run(text), "sarif", Style())
    check_sarif(report)
    (run,) = json.loads(report)["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert re.fullmatch(r"[A-Za-z0-9_.~/%-]+", location["uri"])
    assert unquote(location["uri"], errors="surrogateescape") == f"{text}.yaml"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_gitlab_stays_valid(text: str) -> None:
    report = write_report(hostile_run(text), "gitlab", Style())
    check_gitlab(report)
    assert len(json.loads(report)) == 2


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_junit_stays_valid(text: str) -> None:
    report = write_report(hostile_run(text), "junit", Style())
    check_junit(report)
    root = ET.fromstring(report)  # noqa: S314  what we have written ourselves
    assert [len(suite) for suite in root] == [1, 1, 1]
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    # XML 1.0, 3.3.3: a line feed in an attribute survives as a character reference alone.
    assert failure.get("message") == readable(text)


def test_the_sheet_itself_is_no_way_in_either() -> None:
    # An escape in double quotes puts into the data what the text may not hold.
    text = TEXT.replace('"\\U0001F9EA Größen"', '"\\e[31m\\u202e"')
    document = document_of_text(text)
    found = diagnostic_at(document, ("overview", "name"), message=str(document.data))
    for name in FORMATS:
        report = CheckReport((CheckedFile("a.yaml", document, (found,)),), (), "1")
        assert "\x1b" not in write_report(report, name, Style())
