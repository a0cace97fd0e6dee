"""Changes by path become edits of the text; everything else survives byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factsheet.checks.diagnostic import Change, Finding, Fix
from factsheet.checks.fixing import apply_fixes
from factsheet.checks.places import fix_of
from factsheet.source.editing import Edit
from factsheet.source.loader import load_bytes

BLOCK = """\
a:  # keep
  b: one   # keep too
  'c' : "two"

  d: [x, y]
e: {f: 1, g: 2, h: 3}
i: |
  folded
  text
"""


def changed(text: str, *changes: Change) -> str:
    document = load_bytes(text.encode(), "x").document
    assert document is not None
    fix = fix_of(Finding((), "m", "h", changes=changes, safe=True), document)
    assert fix is not None
    return apply_fixes(text, [fix])[0]


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        (Change(("a", "b"), "three"), "b: one ", "b: three "),
        (Change(("a", "c"), "three"), '"two"', "three"),
        (Change(("a", "b"), "z", on_key=True), "  b: one", "  z: one"),
        (Change(("a", "b"), None), "  b: one   # keep too\n", ""),
        (Change(("a", "d", 0), "z"), "[x, y]", "[z, y]"),
        (Change(("e", "f"), None), "{f: 1, g", "{g"),
        (Change(("e", "g"), None), "f: 1, g: 2, h", "f: 1, h"),
        (Change(("e", "h"), None), ", h: 3}", "}"),
        (Change(("e",), None), "e: {f: 1, g: 2, h: 3}\n", ""),
        (Change(("i",), "better", word="folded"), "  folded", "  better"),
        (Change(("i",), "x", word="folded text"), "folded\n  text", "x"),
    ],
)
def test_only_what_is_named_changes(change: Change, old: str, new: str) -> None:
    assert BLOCK.count(old) == 1
    assert changed(BLOCK, change) == BLOCK.replace(old, new)


LIST = """\
a:
  - b: one  # first
    c: two
  # between
  - {d: three}
  - four
e: [{f: five}, six]
"""


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        (("a", 0), "  - b: one  # first\n    c: two\n", ""),
        (("a", 1), "  - {d: three}\n", ""),
        (("a", 2), "  - four\n", ""),
        (("e", 0), "{f: five}, ", ""),
        (("e", 1), ", six", ""),
    ],
)
def test_an_entry_of_a_list_goes_with_its_lines_or_its_comma(
    place: tuple[str | int, ...], old: str, new: str
) -> None:
    assert LIST.count(old) == 1
    assert changed(LIST, Change(place, None)) == LIST.replace(old, new)


def test_a_whole_word_comes_before_a_part_of_a_longer_one() -> None:
    text = "a: ALBERT and BERTs are no BERT\n"
    assert changed(text, Change(("a",), "model", word="BERT")) == "a: ALBERT and BERTs are no model\n"


@pytest.mark.parametrize(
    "change",
    [Change(("z",), "x"), Change(("a", "b"), "x", word="absent"), Change(("a", "d", 0), "x", on_key=True)],
)
def test_a_change_without_a_place_is_no_fix(change: Change) -> None:
    document = load_bytes(BLOCK.encode(), "x").document
    assert document is not None
    assert fix_of(Finding((), "m", "h", changes=(change,)), document) is None


def test_of_two_that_overlap_the_first_wins() -> None:
    fixes = [
        Fix((Edit(2, 4, "B"),), safe=True),
        Fix((Edit(0, 3, "A"),), safe=True),
        Fix((Edit(5, 6, ""),), safe=True),
    ]
    assert apply_fixes("012345", fixes) == ("A34", 2)


@given(st.text(max_size=30), st.data())
def test_edits_that_do_not_touch_are_independent_of_their_order(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6, unique=True)))
    edits = [Edit(start, end, "~") for start, end in zip(cuts[::2], cuts[1::2], strict=False)]
    fixes = [Fix((edit,), safe=True) for edit in edits]
    assert apply_fixes(text, fixes) == apply_fixes(text, fixes[::-1])
    kept = apply_fixes(text, fixes)[0]
    inside = {index for edit in edits for index in range(edit.start, edit.end)}
    assert kept.replace("~", "") == "".join(c for i, c in enumerate(text) if i not in inside).replace("~", "")
