from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.source.loader import load_bytes
from factsheet.source.scalars import WrittenFloat, WrittenInt, written


def value_of(plain: str) -> object:
    loaded = load_bytes(f"key: {plain}\n".encode(), "scalar")
    assert not loaded.problems
    assert loaded.document
    assert isinstance(loaded.document.data, dict)
    return loaded.document.data["key"]


# YAML 1.2.2, example 10.9 and the table of section 10.3.2, less what sheets refuse (0o7, 0x3A, the infinities).
@pytest.mark.parametrize(
    ("plain", "value"),
    [
        *((word, None) for word in ("", "~", "null", "Null", "NULL")),
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        ("0", 0),
        ("-19", -19),
        ("+5", 5),
        ("0.", 0.0),
        ("-0.0", -0.0),
        (".5", 0.5),
        ("+12e03", 12000.0),
        ("-2E+05", -200000.0),
        ("5e-5", 5e-5),
        ("66.40", 66.4),
    ],
)
def test_core_schema_scalars(plain: str, value: object) -> None:
    read = value_of(plain)
    assert read == value
    assert isinstance(read, type(value))


# Each is something else to YAML 1.1 (https://yaml.org/type/) or to a reader in a hurry, and text to YAML 1.2.
@pytest.mark.parametrize(
    "plain",
    [
        "1_000",
        "12:30:45",
        "190:20:30",
        "2022-11-14",
        "2001-12-14t21:59:43.10-05:00",
        "0b1010",
        "0.19 ms",
        "1.2.3",
        "1e",
        "e5",
        "+",
        "-",
        ".",
        "nUll",
        "tRUE",
        "yEs",
        "oN",
        "0X1F",
        "0O17",
        "١٢",
        "1٢",
        "²",
        "=",
        "nanometre",
        "inferences",
        "1,000",
    ],
)
def test_everything_else_is_text(plain: str) -> None:
    assert value_of(plain if plain != "-" else "'-'") == plain


@pytest.mark.parametrize(
    "quoted", ['"yes"', "'017'", '"1e999"', "'null'", '"0x1F"', "'.nan'", "|-\n  5", ">-\n  true"]
)
def test_quoted_and_block_scalars_are_always_text(quoted: str) -> None:
    assert isinstance(value_of(quoted), str)


@pytest.mark.parametrize("text", ["+5", "-0", "66.40", "1.0e3", "5e-5", ".5", "1.", "80.60", "1E6", "1e22"])
def test_a_number_keeps_its_digits_where_python_would_change_them(text: str) -> None:
    value = value_of(text)
    assert isinstance(value, WrittenInt | WrittenFloat)
    assert written(value) == value.text == text
    assert value == float(text)
    for copied in (copy.deepcopy(value), pickle.loads(pickle.dumps(value))):  # noqa: S301 - made on the line itself
        assert isinstance(copied, type(value))
        assert copied == value
        assert written(copied) == text


@pytest.mark.parametrize("text", ["5", "-19", "0", "66.4", "0.19", "1e-05", "1e+22"])
def test_a_number_is_plain_where_its_digits_are_pythons(text: str) -> None:
    value = value_of(text)
    assert type(value) in (int, float)
    assert written(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "null"), (True, "true"), (False, "false"), ("a b", "a b")]
)
def test_written_spells_the_other_scalars_as_yaml_does(value: object, text: str) -> None:
    assert written(value) == text


@given(st.from_regex(r"[-+]?([1-9][0-9]{0,15}|0)?\.[0-9]{1,15}([eE][-+]?[0-9]{1,2})?", fullmatch=True))
def test_every_decimal_reads_as_python_reads_it_and_keeps_its_text(text: str) -> None:
    value = value_of(text)
    assert value == float(text)
    assert written(value) == text
