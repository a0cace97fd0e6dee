from __future__ import annotations

import pytest
from loader_invariants import check_bytes

# Text, line and column of the slip, and a few words that must be in the message or the help.
SLIPS = [
    ("a: b: c\n", 1, 5, "second `: `"),
    ("a: 1\nb: see: this\n", 2, 7, "second `: `"),
    ("a: b\n  c: d\n", 2, 3, "already has a value"),
    ("a:\n  b: 1\n   c: 2\n", 3, 4, "already has a value"),
    ("a:\n  b:c\n  d: 1\n", 2, 4, "space is missing after the colon of `b`"),
    ("name:BERT\nlayers: 12\n", 1, 5, "space is missing after the colon of `name`"),
    ("a: 1\nfoo\n", 2, 1, "`foo` is not a key with a value"),
    ("foo\n\n# x\n  a: 1\n", 1, 1, "`foo` is not a key with a value"),
    ('a: 1\nb: "abc\nc: 2\n', 2, 4, "never closed"),
    ("a: 'abc\n---\n", 1, 4, "never closed"),
    ("a: 'it's'\n", 1, 8, "closing `'`"),
    ('a: "x" y\n', 1, 8, 'closing `"`'),
    ("a: {{ b }} c\n", 1, 12, "closing `}`"),
    ("a:\n  b: 1\n c: 2\n", 3, 2, "1 space, fits none"),
    ("a:\n    - x\n  - y\n", 3, 3, "2 spaces, fits none"),
    ("a: 1\n- b\n", 2, 1, "list item among the keys"),
    ("- b\na: 1\n", 2, 1, "among the items of a list"),
    ("a: [1, 2\nb: 1\n", 1, 4, "`[` opened here"),
    ("a: {x: 1\n", 1, 4, "`{` opened here"),
    ("a: [1 2}\n", 1, 4, "comma is missing before `}`"),
    ("a: 1\n}\n", 2, 1, "nothing to close"),
    ("a: ]\n", 1, 4, "missing before `]`"),
    ("a: {", 1, 5, "The text ends where a value is missing."),
    ("a: [1,\n\n", 1, 7, "The text ends where a value is missing."),
    ("a: @x\n", 1, 4, "cannot begin with `@`"),
    ("a: `x`\n", 1, 4, "in quotes"),
    ("a: %x\n", 1, 4, "cannot begin with `%`"),
    ("a: **bold**\n", 1, 4, "cannot begin with `*`"),
    ("a: & b\n", 1, 4, "cannot begin with `&`"),
    ("a: ? b\n", 1, 4, "question mark"),
    ("a: - b\n", 1, 4, "same line as its key"),
    ("a: | x\n", 1, 6, "must begin on the next line"),
    ('a: "C:\\data"\n', 1, 7, "`\\d` is no escape"),
    ('a: "\\xZZ"\n', 1, 5, "names no character"),
    (" a: 1\nb: 2\n", 2, 1, "does not belong to the document"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), SLIPS, ids=[repr(row[0][:24]) for row in SLIPS])
def test_slip_is_placed_and_put_in_plain_words(
    parser: str, text: str, line: int, column: int, words: str
) -> None:
    loaded = check_bytes(text.encode())
    problem = next(problem for problem in loaded.problems if problem.code == "syntax")
    assert (problem.span.line, problem.span.column) == (line, column)
    assert words in problem.message + problem.help
    assert problem.path == ()
    assert loaded.document
    assert loaded.document.data is None


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
@pytest.mark.parametrize(("text", "line", "column", "words"), SLIPS, ids=[repr(row[0][:24]) for row in SLIPS])
def test_slip_is_placed_the_same_with_other_line_breaks(
    text: str, line: int, column: int, words: str, line_break: str
) -> None:
    loaded = check_bytes(text.replace("\n", line_break).encode())
    problem = next(problem for problem in loaded.problems if problem.code == "syntax")
    assert (problem.span.line, problem.span.column) == (line, column)
    assert words in problem.message + problem.help


def test_a_quote_that_closes_too_late_points_at_where_it_was_opened(parser: str) -> None:
    (problem,) = check_bytes(b'a: "abc\nb: "x"\n').problems
    assert (problem.span.line, problem.span.column) == (2, 5)
    ((label, span),) = problem.related
    assert "opened" in label
    assert (span.line, span.column) == (1, 4)


def test_hazards_before_a_slip_are_reported_with_it(parser: str) -> None:
    problems = check_bytes(b"a: NO\nb: [\n").problems
    assert [problem.code for problem in problems] == ["yaml-1.1-boolean", "syntax"]


def test_a_surrogate_escape_is_refused_by_either_parser(parser: str) -> None:
    (problem,) = check_bytes(b'a: "\\ud83d\\ude00"\n').problems
    assert problem.code in ("syntax", "control-character")
    assert (problem.span.line, problem.span.column, problem.span.end_column) == (1, 5, 11)


def test_an_escape_beyond_unicode_is_refused_by_either_parser(parser: str) -> None:
    (problem,) = check_bytes(b'a: "\\UFFFFFFFF"\n').problems
    assert problem.code == "syntax"
    assert "names no character" in problem.message
