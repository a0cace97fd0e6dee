from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.source.document import Document, KeyPath, Span

TEXT = """\
# A comment first
factsheet: 1

performance:
  results:
    - {task: CoLA, analog: 57.30 %}
    -   task: MRPC   # a comment
        note: >
          two
          lines

# between
        notes: ["😀𝛑", x]
  empty:
last: 'it''s'
"""


def load(text: str) -> Document:
    document = load_bytes(text.encode(), "sheet").document
    assert document
    return document


def cut(span: Span | None) -> str | None:
    return None if span is None else TEXT[span.start : span.end]


@pytest.mark.parametrize(
    ("path", "key", "value", "place"),
    [
        (("factsheet",), "factsheet", "1", (2, 12, 2, 13)),
        (("performance", "results", 0), None, "{task: CoLA, analog: 57.30 %}", (6, 7, 6, 36)),
        (("performance", "results", 0, "analog"), "analog", "57.30 %", (6, 28, 6, 35)),
        (("performance", "results", 1, "task"), "task", "MRPC", (7, 15, 7, 19)),
        (("performance", "results", 1, "note"), "note", ">\n          two\n          lines", (8, 15, 10, 16)),
        (("performance", "results", 1, "notes", 0), None, '"😀𝛑"', (13, 17, 13, 21)),
        (("performance", "results", 1, "notes", 1), None, "x", (13, 23, 13, 24)),
        (("performance", "empty"), "empty", "", (14, 9, 14, 9)),
        (("last",), "last", "'it''s'", (15, 7, 15, 14)),
    ],
)
def test_spans(path: KeyPath, key: str | None, value: str, place: tuple[int, int, int, int]) -> None:
    document = load(TEXT)
    span = document.value_span(path)
    assert cut(span) == value
    assert span
    assert (span.line, span.column, span.end_line, span.end_column) == place
    assert cut(document.key_span(path)) == key


def test_a_block_ends_with_its_last_value() -> None:
    document = load("a:\n  b: 1\n\n# c\n\nd: 2\n")
    span = document.value_span(("a",))
    assert span
    assert (span.end_line, span.end_column) == (2, 7)


def test_a_mapping_without_brackets_ends_with_its_value() -> None:
    document = load("a: [b: c  , d]\n")
    span = document.value_span(("a", 0))
    assert span
    assert document.text[span.start : span.end] == "b: c"


@pytest.mark.parametrize(
    ("path", "prefer_key", "value"),
    [
        (("performance", "results", 0, "task"), False, "CoLA"),
        (("performance", "results", 0, "task"), True, "task"),
        (("performance", "results", 0, "digital", "x"), False, "{task: CoLA, analog: 57.30 %}"),
        (("performance", "results", 0, "task", "deeper"), True, "task"),
        (("performance", "results", 7), True, "results"),
        (("performance", "results", -1), True, "results"),
        (("performance", "results", "0"), True, "results"),
        (("nowhere", "at", "all"), False, ""),
        ((), False, ""),
    ],
)
def test_locate_falls_back_to_the_nearest_ancestor(path: KeyPath, prefer_key: bool, value: str) -> None:
    assert cut(load(TEXT).locate(path, prefer_key=prefer_key)) == value


def test_locate_without_data_is_the_start() -> None:
    span = load("a: [").locate(("a", 0))
    assert (span.line, span.column, span.start, span.end) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    ("needle", "path"),
    [
        ("CoLA", ("performance", "results", 0, "task")),
        ("task:", ("performance", "results", 0, "task")),
        ("lines", ("performance", "results", 1, "note")),
        (", analog", ("performance", "results", 0)),
        ("𝛑", ("performance", "results", 1, "notes", 0)),
        ("# A comment", ()),
    ],
)
def test_path_at(needle: str, path: KeyPath) -> None:
    assert load(TEXT).path_at(TEXT.index(needle)) == path


def test_line_text_is_safe_to_print_and_keeps_its_columns() -> None:
    document = load("a: 1\r\nb: \x1b[31mred\u2028\tx\r\n")
    assert document.line_text(1) == "a: 1"
    assert document.line_text(2) == "b: \ufffd[31mred\ufffd\tx"
    assert [document.line_text(line) for line in (0, 3, 4, -1)] == [""] * 4


def test_importing_the_package_loads_no_parser_and_nothing_heavy() -> None:
    code = "import sys, factsheet.source; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"yaml", "tempfile", "typing_extensions", "pydantic", "rich", "importlib.metadata"} & set(
        modules
    )
