"""JSON within the bounds of sheets: what cannot be followed or computed is a ValueError, as a slip in it is."""

from __future__ import annotations

import json

import pytest

from factsheet.source.json_text import parse_json


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[" * 100_000, "nested too deeply"),
        ("[" * 501 + "]" * 501, "nested too deeply"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "nested too deeply"),
        (f'{{"a": [{10**400}]}}', "401 digits, and 40 are the most"),
        ("9" * 5000, "5,000 digits"),
        ('{"a": }', "Expecting value"),
    ],
    ids=[
        "lists",
        "lists that Python 3.12 follows",
        "objects",
        "a long number",
        "a very long number",
        "a slip",
    ],
)
def test_what_cannot_be_read_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        parse_json(text)


def test_what_python_itself_can_follow_is_read() -> None:
    assert parse_json("[" * 500 + "]" * 500) == json.loads("[" * 500 + "]" * 500)


def test_all_else_is_as_the_standard_library_reads_it() -> None:
    text = '{"a": [1, -2, 1.5e300, true, null, "x"], "b": 12345678901234567890}'
    assert parse_json(text) == json.loads(text)
    assert parse_json(text.encode("utf-16"), object_pairs_hook=list) == json.loads(
        text, object_pairs_hook=list
    )
