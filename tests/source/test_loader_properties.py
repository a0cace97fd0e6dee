from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loader_invariants import check_bytes

from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.source.document import Document, KeyPath

# Printable characters, astral ones among them, with the two control characters that a value may hold.
CHARACTERS = st.one_of(
    st.sampled_from("\n\t \"'\\:#-[]{},&*!|>%@`?~é²µ😀𝛑abn019"),
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029\ufeff\ufffe\uffff"),
)
TEXTS = st.text(CHARACTERS, max_size=40)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**39), 10**39),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
)
KEYS = st.text(CHARACTERS, min_size=1, max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)
INDENTED_BLOCK = re.compile(r"[|>][0-9]")
SHEETS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


class QuotingDumper(yaml.SafeDumper):
    """Never writes a text plain: YAML 1.1, which PyYAML speaks, has other plain scalars than YAML 1.2."""

    text_style = '"'

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_scalar(self, tag: str, value: Any, style: str | None = None) -> yaml.ScalarNode:
        if tag == "tag:yaml.org,2002:str":
            style = self.text_style
        return super().represent_scalar(tag, value, style)


def dump(data: object, style: str, flow: bool, width: int) -> str:
    dumper = type("Dumper", (QuotingDumper,), {"text_style": style})
    return str(
        yaml.dump(
            data, Dumper=dumper, default_flow_style=flow, width=width, allow_unicode=True, sort_keys=False
        )
    )


DUMPED = st.builds(
    lambda data, style, flow, width: (data, dump(data, style, flow, width)),
    SHEETS,
    st.sampled_from(['"', "'", "|", ">"]),
    st.booleans(),
    st.sampled_from([20, 80, 10_000]),
)


def nodes(path: KeyPath, value: object) -> list[tuple[KeyPath, object]]:
    entries: Any = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    return [(path, value), *(node for part, child in entries for node in nodes((*path, part), child))]


def reread(document: Document, path: KeyPath, value: object) -> object:
    """Cut a value out of the text by its span and read it on its own."""
    span = document.value_span(path)
    assert span is not None
    rest = document.text[span.end :]
    blank = rest[: len(rest) - len(rest.lstrip(" \t\r\n"))]  # trailing line breaks are content of `|+`
    cut = " " * (span.column - 1) + document.text[span.start : span.end] + blank
    if path == ():
        whole = cut
    elif isinstance(value, dict | list) and document.text[span.start] not in "[{":
        whole = f"v:\n{cut}\n"
    else:
        whole = f"v: {cut.lstrip(' ')}\n"
    loaded = load_bytes(whole.encode(), "cut")
    assert not loaded.problems
    assert loaded.document
    assert isinstance(loaded.document.data, dict)
    return loaded.document.data if path == () else loaded.document.data["v"]


@given(DUMPED)
@settings(deadline=None)
def test_what_pyyaml_dumps_comes_back(dumped: tuple[object, str]) -> None:
    data, text = dumped
    loaded = check_bytes(text.encode())
    assert not loaded.problems
    assert loaded.document
    assert loaded.document.data == data


@given(DUMPED)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_span_cuts_out_text_that_reads_as_the_same_value(dumped: tuple[object, str]) -> None:
    data, text = dumped
    document = load_bytes(text.encode(), "dumped").document
    assert document
    for path, value in nodes((), data):
        span = document.value_span(path)
        assert span is not None
        if INDENTED_BLOCK.search(text, span.start, span.end):
            continue  # an indentation indicator counts from the parent, which the cut leaves behind
        assert reread(document, path, value) == value


@given(SHEETS, st.sampled_from([None, 2]), st.booleans())
@settings(deadline=None)
def test_json_is_read_as_json(data: dict[str, object], indent: int | None, ascii_only: bool) -> None:
    # YAML 1.2 was made a superset of JSON; but an escape pair for one astral character is not YAML.
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    if ascii_only and all(ord(character) < 0x10000 for character in text):
        text = json.dumps(data, indent=indent, ensure_ascii=True)
    loaded = check_bytes(text.encode())
    assert not loaded.problems
    assert loaded.document
    assert loaded.document.data == json.loads(text)


@given(DUMPED, st.sampled_from(["\r\n", "\r"]))
@settings(deadline=None)
def test_line_breaks_of_every_kind_give_the_same_lines_and_columns(
    dumped: tuple[object, str], line_break: str
) -> None:
    data, text = dumped
    unix = load_bytes(text.encode(), "unix").document
    other = check_bytes(text.replace("\n", line_break).encode()).document
    assert unix
    assert other
    assert other.data == unix.data == data
    for path, _value in nodes((), data):
        for spans in (
            (unix.value_span(path), other.value_span(path)),
            (unix.key_span(path), other.key_span(path)),
        ):
            places = [span and (span.line, span.column, span.end_line, span.end_column) for span in spans]
            assert places[0] == places[1]


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_bytes_of_any_kind_give_a_documented_result(raw: bytes) -> None:
    check_bytes(raw)


@given(
    st.text(
        st.characters(codec="utf-8") | st.sampled_from("\n :-[]{}\"'|>&*!%#?,\t\r\x85\u2028\x1b"), max_size=80
    )
)
@settings(deadline=None, max_examples=300)
def test_text_of_any_kind_gives_a_documented_result(text: str) -> None:
    check_bytes(text.encode())
