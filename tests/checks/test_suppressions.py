"""Suppression comments: what they silence, and what is said of those that silence nothing."""

from __future__ import annotations

import pytest

from factsheet.checks.engine import check_document
from factsheet.checks.settings import Settings
from factsheet.checks.suppressions import suppressions
from factsheet.source.document import Document
from factsheet.source.loader import load_bytes

HEAD = "factsheet: 1\noverview: {name: a, model: b}\n"


def found(text: str) -> list[tuple[int, str]]:
    loaded = load_bytes((HEAD + text).encode(), "sheet.yaml")
    return [(item.line, item.rule_id) for item in check_document(loaded, "sheet.yaml").diagnostics]


PROVENANCE = "provenance: {source: declared, by: us}\n"
FAULT = "performance:\n  classification_time: 0.19 ms"


@pytest.mark.parametrize(
    "text",
    [
        PROVENANCE + FAULT + "  # factsheet: ignore[FS208] the source does not say\n",
        PROVENANCE + FAULT + "  #factsheet:ignore[FS208]  spaces do not matter\n",
        PROVENANCE
        + FAULT.replace("  class", "  # factsheet: ignore[FS208] the source does not say\n  class")
        + "\n",
        PROVENANCE
        + FAULT.replace(
            "  class", "  # factsheet: ignore[FS208] over a blank line\n\n  # and a comment\n  class"
        )
        + "\n",
        PROVENANCE + FAULT.replace("\n", "\r\n") + "  # factsheet: ignore[FS208] other line breaks\r\n",
    ],
)
def test_a_finding_with_a_reason_is_silenced(text: str) -> None:
    assert found(text) == []


def test_without_the_comment_it_is_found() -> None:
    assert found(PROVENANCE + FAULT + "\n") == [(5, "FS208")]


@pytest.mark.parametrize(
    ("comment", "also"),
    [
        ("# factsheet: ignore[FS208]", "FS701"),
        ("# factsheet: ignore", "FS703"),
        ("# factsheet: ignore[] because", "FS703"),
        ("# factsheet: ignore[batch] because", "FS703"),
        ("# factsheet: ignore[FS201] because", "FS702"),
    ],
)
def test_a_suppression_that_is_not_right_silences_nothing_and_is_reported(comment: str, also: str) -> None:
    assert found(f"{PROVENANCE}{FAULT}  {comment}\n") == [(5, "FS208"), (5, also)]


def test_an_unused_suppression_is_reported_with_a_safe_fix() -> None:
    text = HEAD + "purpose:\n  # factsheet: ignore[FS208] long gone\n  summary: text\n"
    (diagnostic,) = check_document(load_bytes(text.encode(), "x"), "x").diagnostics
    assert diagnostic.rule_id == "FS702"
    assert diagnostic.fix is not None
    assert diagnostic.fix.safe
    edit = diagnostic.fix.edits[0]
    assert text[: edit.start] + edit.text + text[edit.end :] == HEAD + "purpose:\n  summary: text\n"


@pytest.mark.parametrize(
    "scalar",
    [
        'summary: "# factsheet: ignore[FS208] text"',
        "summary: |\n    # factsheet: ignore[FS208] text\n    more",
        "summary: text#factsheet:ignore[FS208] text",
    ],
)
def test_what_stands_inside_text_is_text(scalar: str) -> None:
    assert found(f"purpose:\n  {scalar}\n") == []


def test_errors_of_the_schema_can_be_accepted_too() -> None:
    assert found("purpose:\n  sumary: text  # factsheet: ignore[FS152] a tool of ours reads this key\n") == []


def test_what_leaves_open_what_the_text_says_can_not_be_accepted() -> None:
    text = "purpose:\n  summary: one\n  summary: two  # factsheet: ignore[FS120] both are fine\n"
    assert found(text) == [(5, "FS120"), (5, "FS703")]


def test_a_rule_that_does_not_run_leaves_its_suppressions_in_peace() -> None:
    text = HEAD + PROVENANCE + FAULT + "  # factsheet: ignore[FS208] the source does not say\n"
    loaded = load_bytes(text.encode(), "x")
    assert check_document(loaded, "x", Settings(ignore=("FS208",))).diagnostics == ()


def test_the_severity_of_what_is_said_of_suppressions_can_be_set() -> None:
    text = HEAD + "purpose:\n  summary: text  # factsheet: ignore[FS208] long gone\n"
    settings = Settings(severities={"FS7": "error"})
    (diagnostic,) = check_document(load_bytes(text.encode(), "x"), "x", settings).diagnostics
    assert (diagnostic.rule_id, diagnostic.severity) == ("FS702", "error")


def test_comments_in_a_row_are_for_the_line_below_and_each_line_is_looked_at_once_or_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = 500
    text = (
        HEAD
        + "# factsheet: ignore[FS208] a reason\n# another comment\n\n" * rows
        + "purpose: {summary: It tells.}\n"
    )
    document = load_bytes(text.encode(), "sheet.yaml").document
    assert document is not None
    looked_at: list[int] = []
    line_text = Document.line_text

    def counted(of: Document, line: int) -> str:
        looked_at.append(line)
        return line_text(of, line)

    monkeypatch.setattr(Document, "line_text", counted)
    lines = 3 * rows
    assert {(one.line, one.standalone) for one in suppressions(document)} == {(2 + lines + 1, True)}
    # Looking through all that follows, for each of them, would be some 375,000.
    assert len(looked_at) <= 2 * lines
