"""The digest of a sheet: what RFC 8785 says of its form, and what counts and what does not."""

from __future__ import annotations

import struct
from hashlib import sha256
from pathlib import Path

import pytest

from factsheet.api.fact_sheet import load, loads
from factsheet.sheet.digest import canonical_json, digest_of, digest_of_data, plain_data
from factsheet.source.dumping import dump_yaml
from factsheet.source.loader import read_sheet

SHEETS = [Path(f"sheets/{name}.yaml") for name in ("bert", "digits", "language")]

# RFC 8785, appendix B: a double's bits, and how it is written.
RFC_8785_NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "text"), RFC_8785_NUMBERS.items())
def test_writes_numbers_as_rfc_8785_does(bits: str, text: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical_json(number) == text


def test_writes_texts_and_the_order_of_keys_as_rfc_8785_does() -> None:
    # Sections 3.2.2 and 3.2.3 of the RFC: its example of texts, and of keys in the order of UTF-16 code units.
    text = '\u20ac$\x0f\nA\'B"\\\\"/'
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\u00f6"]

    assert canonical_json(text) == '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'
    written = canonical_json(dict.fromkeys(keys, 1))
    assert written == '{"\\r":1,"1":1,"\x80":1,"\u00f6":1,"\u20ac":1,"\U0001f600":1,"\ufb33":1}'


def test_is_sha_256_of_the_canonical_json() -> None:
    data = {"b": [1, 2.50, True, None], "a": {"empty": None}, "c": ()}

    assert canonical_json(data) == '{"a":{},"b":[1,2.5,true,null],"c":[]}'
    assert digest_of_data(data) == "sha256:" + sha256(canonical_json(data).encode()).hexdigest()


def test_tells_whole_numbers_apart_that_are_one_double() -> None:
    assert digest_of_data({"ops": 2**60}) != digest_of_data({"ops": 2**60 + 1})


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_takes_a_sheet_for_its_data_alone(path: Path) -> None:
    sheet, document = load(path), read_sheet(path).document
    assert document is not None
    assert isinstance(document.data, dict)
    # Without comments, in another layout, with the sections and the first keys of each the other way round.
    turned = {
        key: dict(reversed(value.items())) if isinstance(value, dict) else value
        for key, value in reversed(document.data.items())
    }
    again = loads(dump_yaml({"factsheet": 1, **turned}))

    assert digest_of(sheet) == digest_of(again)
    assert digest_of(sheet) != digest_of(sheet.updated("overview.summary", "Another one."))


def test_leaves_out_what_says_nothing_and_reads_numbers_by_their_value() -> None:
    text = "factsheet: 1\noverview: {name: A, model: M}\nrobustness: {accepted_loss: "

    assert plain_data(loads(text + "}\n")) == {
        "factsheet": 1,
        "overview": {"name": "A", "model": "M"},
        "robustness": {},
    }
    assert digest_of(loads(text + "}\n")) == digest_of(loads("# Why.\n" + text + "null}\n"))
