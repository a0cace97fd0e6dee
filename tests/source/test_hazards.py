from __future__ import annotations

import pytest
from loader_invariants import check_bytes

from factsheet.source.decoding import ReadingLimits
from factsheet.source.loader import load_bytes
from factsheet.source.problems import CODES

DEEP = "a: " + "[" * 24 + "]" * 24

# Text, then code, line, column and path of its one problem.
HAZARDS = [
    # Keys
    ("a: 1\nb: 2\na: 3\n", "duplicate-key", 3, 1, ("a",)),
    ("a:\n  - {x: 1, 'x': 2}\n", "duplicate-key", 2, 12, ("a", 0, "x")),
    ("1: a\n", "non-string-key", 1, 1, ("1",)),
    ("a:\n  1.5: b\n", "non-string-key", 2, 3, ("a", "1.5")),
    ("true: a\n", "non-string-key", 1, 1, ("true",)),
    ("~: a\n", "non-string-key", 1, 1, ("~",)),
    ("null: a\n", "non-string-key", 1, 1, ("null",)),
    ("017: a\n", "non-string-key", 1, 1, ("017",)),
    ("? [x, z]\n: a\n", "complex-key", 1, 3, ("?",)),
    ("a: {{ name }}\n", "complex-key", 1, 5, ("a", "?")),
    ('"": a\n', "empty-key", 1, 1, ("",)),
    ("? \n: a\n", "empty-key", 1, 2, ("",)),
    ("a: 1\n: b\n", "empty-key", 2, 1, ()),
    ("{: a}\n", "empty-key", 1, 2, ()),
    ("<<: {a: 1}\n", "merge-key", 1, 1, ("<<",)),
    ("b:\n  NO: 1\n", "yaml-1.1-boolean", 2, 3, ("b", "NO")),
    ("y: 1\n", "yaml-1.1-boolean", 1, 1, ("y",)),
    # Values that readers differ on
    *(
        (f"key: {word}\n", "yaml-1.1-boolean", 1, 6, ("key",))
        for base in ("y", "yes", "on", "n", "no", "off")
        for word in sorted({base, base.capitalize(), base.upper()})
    ),
    ("a: 017\n", "octal-integer", 1, 4, ("a",)),
    ("a: -0032\n", "octal-integer", 1, 4, ("a",)),
    ("a: 089\n", "octal-integer", 1, 4, ("a",)),
    ("a: 0o17\n", "octal-integer", 1, 4, ("a",)),
    ("a: 0x1F\n", "hexadecimal-integer", 1, 4, ("a",)),
    ("a: -0xff\n", "hexadecimal-integer", 1, 4, ("a",)),
    *(
        (f"a: {word}\n", "not-a-number", 1, 4, ("a",))
        for word in (".nan", ".NaN", ".NAN", "nan", "NaN", "+nan")
    ),
    *(
        (f"a: {word}\n", "infinite-number", 1, 4, ("a",))
        for word in (".inf", "-.INF", "+.Inf", "inf", "-inf", "Infinity", "-Infinity")
    ),
    ("a: 1e999\n", "number-out-of-range", 1, 4, ("a",)),
    ("a: -1e400\n", "number-out-of-range", 1, 4, ("a",)),
    ("a: 1e-400\n", "number-out-of-range", 1, 4, ("a",)),
    ("a: " + "1" * 41 + "\n", "number-too-long", 1, 4, ("a",)),
    ("a: 0." + "1" * 40 + "\n", "number-too-long", 1, 4, ("a",)),
    ("a: 0x" + "f" * 10_000 + "\n", "number-too-long", 1, 4, ("a",)),
    ("a: " + "x" * 20_001 + "\n", "scalar-too-long", 1, 4, ("a",)),
    # Tags, anchors, aliases
    ("a: !!python/object/apply:os.system [ls]\n", "tag", 1, 4, ("a",)),
    ("a: !!str 5\n", "tag", 1, 4, ("a",)),
    ("a: ! b\n", "tag", 1, 4, ("a",)),
    ("a:\n  - !<tag:x,2000:y> b\n", "tag", 2, 5, ("a", 0)),
    ("!t a: b\n", "tag", 1, 1, ("a",)),
    ("--- !t\na: b\n", "tag", 1, 5, ()),
    ("a: !e!x b\n", "tag", 1, 4, ()),
    ("a: &x 1\n", "anchor", 1, 4, ("a",)),
    ("&x a: 1\n", "anchor", 1, 1, ("a",)),
    ("a: *x\n", "alias", 1, 4, ("a",)),
    ("*x : 1\n", "alias", 1, 1, ("*x",)),
    # Characters
    ('a: "b\\x1b[31m"\n', "control-character", 1, 6, ("a",)),
    ('a: "\\\\x41 \\e"\n', "control-character", 1, 11, ("a",)),
    ('a: "\\r"\n', "control-character", 1, 5, ("a",)),
    ('a: "\\x7f"\n', "control-character", 1, 5, ("a",)),
    ('a: "\\N"\n', "control-character", 1, 5, ("a",)),
    ('"\\b": 1\n', "control-character", 1, 2, ("\ufffd",)),
    ("a: b\x1b[31m\n", "control-character", 1, 5, ("a",)),
    ("a: 1\nb: [x, y\x7f\x7f]\n", "control-character", 2, 9, ("b", 1)),
    ("a: \x00\n", "control-character", 1, 4, ("a",)),
    ("a: 1 # \x07\n", "control-character", 1, 8, ()),
    ("# \x85b: 2\na: 1\n", "unusual-line-break", 1, 3, ()),
    ("a: b\u2028c\n", "unusual-line-break", 1, 5, ("a",)),
    ("a: b\ufeff\n", "stray-byte-order-mark", 1, 5, ("a",)),
    # The text as a whole
    ("", "empty-document", 1, 1, ()),
    ("# nothing but a comment\n", "empty-document", 1, 1, ()),
    ("---\n", "empty-document", 1, 1, ()),
    ("null\n", "empty-document", 1, 1, ()),
    ("\n- a\n", "not-a-mapping", 2, 1, ()),
    ("factsheet:1\n", "not-a-mapping", 1, 1, ()),
    ("a: 1\n---\nb: 2\n", "several-documents", 2, 1, ()),
    ("a: 1\n...\nb: 2\n", "several-documents", 3, 1, ()),
    ("a: 1\n...\n# x\n%TAG ! x\n---\nb: 2\n", "several-documents", 4, 1, ()),
    ("%YAML 1.1\n---\na: 1\n", "directive", 1, 1, ()),
    ("# x\n%TAG !e! tag:x,2000:\n---\na: 1\n", "directive", 2, 1, ()),
    (f"b: {DEEP[3:-1]}]\n", "too-deep", 1, 27, ()),
    ("a:\n\tb: 1\n", "tab-indentation", 2, 1, ()),
    ("a:\n  b: 1\n\tc: 2\n", "tab-indentation", 3, 1, ()),
    ("a: |\n\tb\n", "tab-indentation", 2, 1, ()),
]


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "path"), HAZARDS, ids=[f"{row[1]}-{row[0][:24]!r}" for row in HAZARDS]
)
def test_hazard_is_refused_where_it_stands(
    parser: str, text: str, code: str, line: int, column: int, path: tuple[str | int, ...]
) -> None:
    problems = check_bytes(text.encode()).problems
    assert [problem.code for problem in problems] == [code]
    assert (problems[0].span.line, problems[0].span.column) == (line, column)
    assert problems[0].path == path


def test_every_code_is_provoked_somewhere_here() -> None:
    elsewhere = {
        "syntax",
        "file-too-large",
        "wide-encoding",
        "not-utf-8",
        "too-many-nodes",
        "too-many-problems",
    }
    assert {row[1] for row in HAZARDS} | elsewhere == set(CODES)


def test_a_refused_value_is_kept_as_its_text_and_the_rest_is_read() -> None:
    text = 'a: NO\nb: 017\nc: !!int "5"\nd: *x\ne: .inf\nf: "\\x1b[0m"\ng: 1\nh: &y 2\na: 3\n? [z]\n: 4\n'
    loaded = load_bytes(text.encode(), "sheet")
    assert loaded.document
    assert loaded.document.data == {
        "a": "NO",
        "b": "017",
        "c": "5",
        "d": "*x",
        "e": ".inf",
        "f": "\ufffd[0m",
        "g": 1,
        "h": 2,
    }
    assert [problem.span.line for problem in loaded.problems] == [1, 2, 3, 4, 5, 6, 8, 9, 10]


def test_a_duplicate_key_points_at_the_first() -> None:
    (problem,) = load_bytes(b"a: 1\n# x\n  \na: 2\n", "sheet").problems
    ((label, span),) = problem.related
    assert label == "first given here"
    assert (span.line, span.column, span.end_column) == (1, 1, 2)


def test_a_tag_and_an_anchor_on_one_node_are_two_problems() -> None:
    problems = load_bytes(b"a: &x !t {b: 1}\n", "sheet").problems
    assert [(problem.code, problem.span.column, problem.span.end_column) for problem in problems] == [
        ("anchor", 4, 6),
        ("tag", 7, 9),
    ]


def test_an_alias_to_itself_is_read_and_refused() -> None:
    problems = load_bytes(b"a: &x [*x]\n", "sheet").problems
    assert [(problem.code, problem.path) for problem in problems] == [("anchor", ("a",)), ("alias", ("a", 0))]


# The values of https://yaml.org/type/int.html and of Python's own int().
@pytest.mark.parametrize(
    ("text", "decimal"), [("0o17", "15"), ("0x1F", "31"), ("-0x1F", "-31"), ("0032", "32")]
)
def test_the_help_for_another_base_gives_the_decimal_number(text: str, decimal: str) -> None:
    (problem,) = load_bytes(f"a: {text}\n".encode(), "sheet").problems
    assert f"Write {decimal} if" in problem.help


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 23 + "]" * 23,
        "a: " + "1" * 40,
        "a: " + "x" * 20_000,
        "a: 1.7976931348623157e308",
        "a: 5e-324",
        "a: 0e-999",
        "a: 0.00",
        'a: "\\L\\P\\_ \\t\\n"',
        "a: 'tab\there'",
        "---\na: 1\n...\n",
        "a: '<<'\n'<<': 1\n",
        '"yes": 1\n"1": 2\n"null": 3',
        "nan: 1\ninf: 2",
        "a: {b: 1, }",
        "a: 5 % of *all* & !more",
    ],
)
def test_what_comes_close_to_a_hazard_is_read(parser: str, text: str) -> None:
    assert not check_bytes(text.encode()).problems


def test_limits_are_those_asked_for() -> None:
    small = ReadingLimits(bytes=60, depth=2, nodes=5, scalar_chars=5, digits=3, problems=2)

    def codes(text: str) -> list[str]:
        return [problem.code for problem in load_bytes(text.encode(), "sheet", small).problems]

    assert codes("a: [1]") == []
    assert codes("a: [[1]]") == ["too-deep"]
    assert codes("{a: 1, b: 2}") == []
    assert codes("{a: [], b: []}") == []
    assert codes("a: [1, 2, 3]") == ["too-many-nodes"]
    assert codes("a: 12345x") == ["scalar-too-long"]
    assert codes("a: 1234") == ["number-too-long"]
    assert codes("{a: yes, b: no}") == ["yaml-1.1-boolean"] * 2
    assert codes("[yes, no, on]") == ["yaml-1.1-boolean"] * 2 + ["too-many-problems"]
    assert codes("a: '\x01 \x01 \x01'") == ["control-character"] * 2 + ["too-many-problems"]
    assert codes("#" * 60 + "\n") == ["file-too-large"]


def test_a_bomb_of_aliases_is_refused_without_being_built() -> None:
    # The "billion laughs" in YAML: nine levels of nine would be 387 million values.
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    loaded = check_bytes("\n".join(levels).encode())
    assert {problem.code for problem in loaded.problems} == {"anchor", "alias"}
