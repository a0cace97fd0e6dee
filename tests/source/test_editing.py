"""Edits change the lines that they concern, and no other byte of the text."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factsheet.errors import NoPlaceError, UnwritableDataError
from factsheet.source.editing import Edit, apply_edits, put, put_item, removal
from factsheet.source.loader import load_bytes

BERT = (Path(__file__).parents[2] / "sheets" / "bert.yaml").read_text(encoding="utf-8")
SHEET = """\
# Kept: the first line.
factsheet: 1

overview:   # kept
    name: "Net"   # quoted on purpose
    model: net-1
    # Kept, above a mapping in braces.
    version: { value: '1.0' , source: declared }  # odd spaces
purpose:
  trained_for:
  - one   # kept
  -   two
  summary: >
    folded
    prose

  # Kept, below the prose.
setup: ~  # nothing yet
references:
- id: a
  title: A   # kept
- {id: b, title: B}
tags: [x, 'y']

# Kept: the last line.
"""
VALUES = st.one_of(
    st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=20),
    st.sampled_from(["yes", "a: b", "#", "word " * 40 + "end", "two\nlines\n", ""]),
    st.integers(-(10**6), 10**6),
    st.booleans(),
    st.lists(st.sampled_from(["a", "b, c"]), max_size=3),
    st.dictionaries(st.sampled_from(["value", "note"]), st.sampled_from(["5 W", "no", "a\nb"]), max_size=2),
    st.lists(st.fixed_dictionaries({"after": st.just("1 h"), "more": st.just(["a", "b"])}), max_size=2),
)
PATHS = [
    ("overview", "name"),
    ("overview", "model"),
    ("overview", "version"),
    ("overview", "version", "value"),
    ("overview", "version", "note"),
    ("overview", "licence"),
    ("purpose", "trained_for"),
    ("purpose", "trained_for", 0),
    ("purpose", "trained_for", 1),
    ("purpose", "summary"),
    ("purpose", "benefits"),
    ("setup", "framework"),
    ("setup", "weights", "value"),
    ("references", 0, "title"),
    ("references", 0, "year"),
    ("references", 1, "year"),
    ("references", 1),
    ("tags", 1),
    ("tags",),
    ("robustness", "drift", "value"),
    ("robustness",),
]


def data(text: str) -> Any:
    loaded = load_bytes(text.encode(), "sheet")
    assert loaded.problems == (), text
    assert loaded.document is not None
    return loaded.document.data


def with_value(found: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    if isinstance(found, list):
        return [
            with_value(one, path[1:], value) if index == path[0] else one for index, one in enumerate(found)
        ]
    below = (found or {}).get(path[0])
    return {**(found or {}), path[0]: with_value(below, path[1:], value)}


def changes(before: str, after: str) -> list[tuple[list[str], list[str]]]:
    """Which lines went, and which came in their place."""
    one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    steps = difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return [(one[a:b], other[c:d]) for kind, a, b, c, d in steps if kind != "equal"]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PATHS), VALUES, st.sampled_from(["\n", "\r\n"]))
def test_a_value_is_put_at_a_path_and_the_rest_stays(
    path: tuple[str | int, ...], value: Any, end: str
) -> None:
    text = SHEET.replace("\n", end)
    after = put(text, path, value)
    assert data(after) == with_value(data(text), path, value)
    assert after.count("\n") == after.count(end)
    old = load_bytes(text.encode(), "sheet").document
    assert old is not None
    span, key = old.value_span(path), old.key_span(path)
    first, last = (1, 0) if span is None else ((key or span).line, span.end_line)
    gone = [line for lines, _ in changes(text, after) for line in lines]
    if span is None:  # at most the line that the new key goes into
        assert len(gone) <= 1
        assert len(changes(text, after)) == 1
    else:
        assert set(gone) <= set(text.splitlines(keepends=True)[first - 1 : last])
    kept = [line for line in text.splitlines() if line.lstrip().startswith("# Kept")]
    assert [line for line in after.splitlines() if line.lstrip().startswith("# Kept")] == kept


def test_a_comment_behind_a_value_stays_with_it() -> None:
    assert "    name: Other   # quoted on purpose\n" in put(SHEET, ("overview", "name"), "Other")
    assert "  - three   # kept\n" in put(SHEET, ("purpose", "trained_for", 0), "three")
    assert "setup:  # nothing yet\n  framework: torch\n" in put(SHEET, ("setup", "framework"), "torch")
    assert "{ value: '1.0' , source: cited }  # odd spaces" in put(
        SHEET, ("overview", "version", "source"), "cited"
    )


def test_what_stays_the_same_in_a_value_stays_as_it_is_written() -> None:
    rows = data(SHEET)["references"]
    assert put(SHEET, ("references",), rows) == SHEET
    rows[1] = {**rows[1], "title": "C"}
    assert changes(SHEET, put(SHEET, ("references",), rows)) == [
        (["- {id: b, title: B}\n"], ["- {id: b, title: C}\n"])
    ]


def test_what_is_added_looks_like_its_neighbours() -> None:
    assert changes(SHEET, put(SHEET, ("overview", "licence"), "MIT")) == [([], ["    licence: MIT\n"])]
    assert changes(SHEET, put(SHEET, ("robustness", "drift"), "5 %")) == [
        ([], ["\n", "robustness:\n", "  drift: 5 %\n"])
    ]
    assert changes(SHEET, put(SHEET, ("overview", "version", "note"), "new")) == [
        (
            ["    version: { value: '1.0' , source: declared }  # odd spaces\n"],
            ["    version: { value: '1.0' , source: declared, note: new}  # odd spaces\n"],
        )
    ]


def test_an_item_is_added_once_and_then_replaced() -> None:
    def same(one: Any) -> bool:
        return bool(one.get("id") == "c")

    once = put_item(SHEET, ("references",), {"id": "c", "title": "C"}, same=same)
    assert changes(SHEET, once) == [([], ["- id: c\n", "  title: C\n"])]
    twice = put_item(once, ("references",), {"id": "c", "title": "D"}, same=same)
    assert data(twice)["references"][2] == {"id": "c", "title": "D"}
    assert put_item(twice, ("references",), {"id": "c", "title": "D"}, same=same) == twice
    assert data(put_item(SHEET, ("tags",), "z", same="z".__eq__))["tags"] == ["x", "y", "z"]
    assert data(put_item(SHEET, ("figures",), {"id": "f"}, same=same))["figures"] == [{"id": "f"}]


def test_a_real_sheet_keeps_all_its_lines() -> None:
    after = put(BERT, ("robustness", "accepted_loss"), {"value": "1 %", "source": "declared"})
    ((gone, come),) = changes(BERT, after)
    assert (len(gone), len(come)) in {(0, 1), (1, 1)}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ("a",)),
        ("[1]", ("a",)),
        ("a: [\n", ("a",)),
        ("a: words\n", ("a", "b")),
        ("a: [1]\n", ("a", 3)),
        ("a: 1\n...\n", ("b",)),
    ],
)
def test_a_text_without_a_place_is_refused(text: str, path: tuple[str | int, ...]) -> None:
    with pytest.raises(NoPlaceError):
        put(text, path, "x")


def test_data_that_no_sheet_holds_is_refused() -> None:
    with pytest.raises(UnwritableDataError):
        put(SHEET, ("overview", "name"), float("nan"))


def test_edits_are_carried_out_from_the_end() -> None:
    assert apply_edits("abcdef", [Edit(0, 1, "AA"), Edit(4, 6, ""), Edit(2, 2, "-")]) == "AAb-cd"


def test_a_key_or_an_item_is_removed_with_its_line() -> None:
    document = load_bytes(SHEET.encode(), "sheet").document
    assert document is not None
    for path in (("overview", "model"), ("purpose", "trained_for", 0), ("tags", 0), ("references", 1)):
        edit = removal(document, path)
        assert edit is not None
        assert len([line for lines, _ in changes(SHEET, apply_edits(SHEET, [edit])) for line in lines]) == 1
