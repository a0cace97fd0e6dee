from __future__ import annotations

import codecs
import unicodedata

import pytest
from loader_invariants import check_bytes

from factsheet.source.loader import load_bytes


def test_a_byte_order_mark_at_the_start_is_taken_off() -> None:
    loaded = check_bytes(codecs.BOM_UTF8 + b"a: 1\n")
    assert not loaded.problems
    assert loaded.document
    assert loaded.document.text == "a: 1\n"
    span = loaded.document.key_span(("a",))
    assert span
    assert (span.line, span.column, span.start) == (1, 1, 0)


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", "UTF-32"),
        ("utf-32-le", "UTF-32"),
        ("utf-32-be", "UTF-32"),
    ],
)
def test_wide_encodings_are_named_with_and_without_their_mark(encoding: str, said: str) -> None:
    loaded = check_bytes("factsheet: 1\n".encode(encoding))
    assert loaded.document is None
    (problem,) = loaded.problems
    assert problem.code == "wide-encoding"
    assert said in problem.message


def test_a_byte_that_is_not_utf8_is_placed_and_guessed_at() -> None:
    loaded = check_bytes("a: é\nb: 780.4 mm".encode() + b"\xb2\n")  # ² in Windows-1252
    (problem,) = loaded.problems
    assert problem.code == "not-utf-8"
    assert (problem.span.line, problem.span.column) == (2, 12)
    assert "0xB2" in problem.message
    assert "`²`" in problem.help
    assert loaded.document
    assert loaded.document.data is None
    assert loaded.document.line_text(2) == "b: 780.4 mm\ufffd"


# Unicode 15.0, table 3-7: overlong forms, surrogates, beyond U+10FFFF, a lone continuation, a sequence cut off.
@pytest.mark.parametrize("raw", [b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\x80", b"\xe2\x82"])
def test_ill_formed_utf8_is_refused(raw: bytes) -> None:
    assert [problem.code for problem in check_bytes(b"a: " + raw).problems] == ["not-utf-8"]


def test_a_file_over_a_mebibyte_is_not_read() -> None:
    assert not load_bytes(b"a: 1\n".ljust(1024 * 1024, b"#"), "sheet").problems[1:]
    loaded = check_bytes(b"a: 1\n".ljust(1024 * 1024 + 1, b"#"))
    assert loaded.document is None
    assert [problem.code for problem in loaded.problems] == ["file-too-large"]


def test_a_run_of_control_characters_is_one_problem() -> None:
    (problem,) = check_bytes(b"a: x\x01\x02\x03y\n").problems
    assert (problem.span.start, problem.span.end) == (4, 7)


def test_every_control_character_is_refused_written_out_or_escaped() -> None:
    # The Unicode character database decides what a control character is.
    for code in range(0x110):
        character = chr(code)
        if unicodedata.category(character) != "Cc" or character in "\t\n\r":
            continue
        assert check_bytes(f"a: 'x{character}y'\n".encode()).problems, hex(code)
        assert check_bytes(f'a: "x\\x{code:02x}y"\n'.encode()).problems, hex(code)
