"""What is written is read back as the same data, by the strict loader and by every other reader of YAML."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import ruamel.yaml
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.errors import UnwritableDataError
from factsheet.source.characters import unsafe_in_value
from factsheet.source.discovery import find_sheets
from factsheet.source.dumping import dump_block, dump_flow, dump_yaml
from factsheet.source.loader import load_bytes
from factsheet.source.scalars import WrittenFloat, WrittenInt, written

SHEETS = find_sheets([Path(__file__).parents[2] / "sheets"])
ODD = [
    *("yes", "No", "on", "Y", "~", "null", "true", "NaN", "inf", ".inf", "-", "?", ":", "=", "<<", ""),
    *("1", "-0", "+5", "0x1F", "0o7", "007", "1_000", "12:30", "1e5", "5e-5", "6.", ".5", "2024-05-01"),
    *(
        " a",
        "a ",
        "a  b",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "a, b",
        "[a",
        "{a: b}",
        "%a",
        "@a",
        "`a`",
        "&a",
        "*a",
        "!a",
    ),
    *(
        "'a'",
        '"a"',
        "a\\b",
        "a\tb",
        "\ta",
        "a\nb",
        "a\n",
        "\na",
        "a\n\nb\n",
        "a\n b",
        "a \nb",
        "\n",
        " \n ",
        "a\n\n",
    ),
    *("---", "...", "--- a", "a\n---\nb", "a\n...\nb", "µW", "780.4 mm²", "é😀", "\x85", "\u2028", "x" * 300),
    *("a\xa0b", "a\r\nb", "| a", "> a", "key:", "x " * 80, "word " * 60 + "end", "a: " * 70 + "b", "\ufeffa"),
]
TEXTS = st.one_of(
    st.sampled_from(ODD),
    st.lists(st.sampled_from([*ODD, "word", " ", "\n", ": ", " #"]), min_size=2, max_size=12).map("".join),
    st.text(st.characters(codec="utf-8"), max_size=60),
).filter(lambda text: unsafe_in_value(text) is None)
NUMBERS = st.one_of(
    st.integers(-(10**39), 10**39),
    st.floats(allow_nan=False, allow_infinity=False),
    st.from_regex(r"\A[-+]?(\.[0-9]{1,6}|[0-9]{1,6}(\.[0-9]{0,6})?)([eE][-+]?[0-9]{1,2})?\Z").map(
        lambda text: load_bytes(f"a: {text}".encode(), "a").document.data["a"]  # type: ignore[union-attr, index]
    ),
).filter(lambda number: not isinstance(number, str))
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())
KEYS = TEXTS.filter(lambda text: text not in {"", "<<"})
DATA = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=20,
)


def strict(text: str) -> Any:
    document, problems = load_bytes(text.encode(), "written")
    assert problems == (), (problems, text)
    assert document is not None
    return document.data


def digits(data: Any) -> Any:
    """The data with each number as it is written, and of its kind."""
    if isinstance(data, dict):
        return {key: digits(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [digits(value) for value in data]
    if isinstance(data, WrittenInt | WrittenFloat):
        return float(data), data.text
    return data if isinstance(data, str | bool | None) else (float(data), repr(data))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, DATA, min_size=1, max_size=4))
def test_a_new_sheet_is_read_back_as_the_same_data(data: Any) -> None:
    assert digits(strict(dump_yaml(data))) == digits(data)


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(KEYS, st.recursive(TEXTS, lambda below: st.lists(below, max_size=3)), min_size=1))
def test_other_readers_of_yaml_read_the_same_texts(data: Any) -> None:
    text = dump_yaml(data)
    assert yaml.safe_load(text) == data
    assert ruamel.yaml.YAML(typ="safe", pure=True).load(text) == data


@settings(max_examples=80, deadline=None)
@given(DATA, st.integers(0, 9))
def test_a_part_is_read_back_wherever_it_is_put(data: Any, indent: int) -> None:
    assert digits(strict(f"a: {dump_flow(data)}\n")["a"]) == digits(data)
    assert digits(strict(f"a: {{b: {dump_flow(data)}, c: [{dump_flow(data)}]}}\n")["a"]["c"]) == digits(
        [data]
    )
    block = dump_block({"b": data}, indent=indent + 1, line_break="\r\n")
    assert "\n" not in block.replace("\r\n", "")
    assert digits(strict(f"a:\r\n{block}c: 1\r\n")) == digits({"a": {"b": data}, "c": 1})


@pytest.mark.parametrize("text", ODD)
def test_an_odd_text_stays_a_text(text: str) -> None:
    if unsafe_in_value(text) is None:
        assert strict(dump_yaml({"a": text, "b": [text], "c": {"d": text}})) == {
            "a": text,
            "b": [text],
            "c": {"d": text},
        }


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.stem)
def test_a_real_sheet_is_written_readably(sheet: Path) -> None:
    data = strict(sheet.read_text(encoding="utf-8"))
    text = dump_yaml(data)
    assert digits(strict(text)) == digits(data)
    assert max(map(len, text.splitlines())) < 300
    assert dump_yaml(strict(text)) == text


def test_prose_is_folded_and_lines_are_kept() -> None:
    prose, lines = "word " * 50 + "end", "first\nsecond: #1\n"
    assert dump_yaml({"a": {"prose": prose, "lines": lines}}) == (
        "a:\n"
        "  prose: >-\n"
        f"    {('word ' * 20).strip()}\n"
        f"    {('word ' * 20).strip()}\n"
        "    word word word word word word word word word word end\n"
        "  lines: |\n"
        "    first\n"
        "    second: #1\n"
    )


def test_paragraphs_are_a_block() -> None:
    text = dump_yaml({"a": "One.\n\nTwo.", "b": 1})
    assert text == "a: |-\n  One.\n\n  Two.\nb: 1\n"
    assert strict(text) == {"a": "One.\n\nTwo.", "b": 1}


def test_what_is_plain_for_one_reader_and_not_for_another_is_quoted() -> None:
    assert dump_yaml({"a": "no", "b": "12:30", "c": "2024-05-01", "d": "0.19 ms", "e": "1e5"}) == (
        'a: "no"\nb: "12:30"\nc: "2024-05-01"\nd: 0.19 ms\ne: "1e5"\n'
    )


def test_a_date_is_written_as_its_text() -> None:
    assert strict(dump_yaml({"a": dt.date(2024, 5, 1)})) == {"a": "2024-05-01"}


@pytest.mark.parametrize(
    "data",
    [
        {"a": float("nan")},
        {"a": [float("inf")]},
        {"a": object()},
        {"a": 10**41},
        {"a": "\x1b"},
        {"": 1},
        {1: 2},
    ],
)
def test_what_no_sheet_can_hold_is_refused(data: Any) -> None:
    with pytest.raises(UnwritableDataError):
        dump_yaml(data)


@given(st.dictionaries(st.sampled_from("abc"), st.text(st.characters(categories=("L", "N", "P", "S", "Zs")))))
def test_any_text_reads_back(data: dict[str, str]) -> None:
    assert strict(dump_yaml({"key": data})) == {"key": data}


@pytest.mark.parametrize(
    "number", [WrittenFloat("66.40"), WrittenFloat("5e-5"), WrittenInt("+5"), 0.1, 3, True]
)
def test_a_number_keeps_its_digits(number: object) -> None:
    text = dump_yaml({"number": number})
    assert text == f"number: {written(number)}\n"
    assert written(strict(text)["number"]) == written(number)


def test_what_others_read_as_something_else_is_quoted() -> None:
    words = ["yes", "No", "null", "1.10", "007", "2022-11-14", "12:30"]
    text = dump_yaml({"words": words})
    assert text == "words:\n" + "".join(f'  - "{word}"\n' for word in words)
    assert strict(text)["words"] == words


def test_sections_of_several_lines_are_apart() -> None:
    text = dump_yaml(
        {"factsheet": 1, "overview": {"name": "a", "summary": "word " * 40 + "end"}, "setup": {}}
    )
    assert text.startswith("factsheet: 1\n\noverview:\n  name: a\n  summary: >-\n    word word")
    assert text.endswith("end\nsetup: {}\n")
