"""Faults planted in sheets one at a time, what is found of them, and sheets in which nothing is wrong.

The lists are in `faults/`; `benchmarks/faults.py` prints what is found of them.
"""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import yaml

from factsheet.checks.engine import check_document
from factsheet.source.editing import put, put_item
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source.document import Document, KeyPath

HERE: Final = Path(__file__).parent / "faults"
SHEETS: Final = Path(__file__).parents[2] / "sheets"
Place = Literal["line", "elsewhere", "no"]


class SheetFault(NamedTuple):
    """One fault, as edits of a sheet.

    Attributes:
        sheet: the sheet's name: of `sheets/`, or of `faults/correct/`.
        category: what kind of facts it concerns.
        wrong: what is wrong, in words.
        edits: each a mapping: `path` with `old` and `new`, with `text` and `new`, or with `append`;
            `text` and `new` without a path for words anywhere.
    """

    sheet: str
    category: str
    wrong: str
    edits: tuple[dict[str, Any], ...]


class Outcome(NamedTuple):
    """A fault with what was found of it.

    Attributes:
        place: `line` if a finding is on a changed line or names one as related.
        findings: those that the sheet without the fault does not have.
    """

    fault: SheetFault
    place: Place
    findings: tuple[Diagnostic, ...]

    @property
    def rules(self) -> frozenset[str]:
        """The rules that found it."""
        return frozenset(item.rule_id for item in self.findings)


@cache
def read_faults(path: Path) -> tuple[SheetFault, ...]:
    """Read one of the lists."""
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    entries = yaml.load(path.read_text(encoding="utf-8"), loader)["faults"]  # noqa: S506 - both are the safe ones
    return tuple(
        SheetFault(item["sheet"], item["category"], item["wrong"], tuple(item["edits"])) for item in entries
    )


def all_faults() -> list[SheetFault]:
    """Read all lists."""
    return [fault for path in sorted(HERE.glob("*.yaml")) for fault in read_faults(path)]


def correct_sheets() -> list[Path]:
    """Return the sheets in which nothing is wrong."""
    return sorted((HERE / "correct").glob("*.yaml"))


@cache
def sheet_text(name: str) -> str:
    """Read the sheet of that name."""
    paths = (SHEETS / f"{name}.yaml", HERE / "correct" / f"{name}.yaml")
    return next(path for path in paths if path.exists()).read_text(encoding="utf-8")


def findings(text: str, name: str) -> tuple[Diagnostic, ...]:
    """Check a text with every rule."""
    return tuple(
        item
        for item in check_document(load_bytes(text.encode(), name), name).diagnostics
        if item.severity in {"error", "warning"}
    )


@cache
def _usual(name: str) -> Counter[tuple[str, KeyPath, str]]:
    return Counter(map(_identity, findings(sheet_text(name), name)))


def _identity(item: Diagnostic) -> tuple[str, KeyPath, str]:
    return item.rule_id, item.path, item.message


def measure(fault: SheetFault) -> Outcome:
    """Plant a fault and check the sheet."""
    before = sheet_text(fault.sheet)
    text = plant(fault, before)
    usual, new = _usual(fault.sheet).copy(), []
    for item in findings(text, fault.sheet):
        if usual[_identity(item)] > 0:
            usual[_identity(item)] -= 1
        else:
            new.append(item)
    changed = changed_lines(before, text)
    if any(not changed.isdisjoint(_lines(item)) for item in new):
        return Outcome(fault, "line", tuple(new))
    return Outcome(fault, "elsewhere" if new else "no", tuple(new))


def _lines(item: Diagnostic) -> Iterator[int]:
    yield item.line
    for related in item.related:
        if related.span is not None:
            yield related.span.line


def changed_lines(before: str, after: str) -> frozenset[int]:
    """Return the lines of the second text, from 1, that are not as they were in the first."""
    matcher = SequenceMatcher(None, before.split("\n"), after.split("\n"), autojunk=False)
    lines: set[int] = set()
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag != "equal":
            lines |= set(range(start + 1, max(end, start + 1) + 1))
    return frozenset(lines)


def plant(fault: SheetFault, text: str) -> str:
    """Carry out the edits of a fault; every other line stays as it is.

    Raises:
        ValueError: the sheet does not hold what an edit replaces.
    """
    for edit in fault.edits:
        if "path" not in edit:
            text = _replaced_anywhere(text, edit["text"], edit["new"], edit.get("nth", 1))
            continue
        document = _document(text)
        path = _path(document.data, edit["path"])
        if "append" in edit:
            text = put_item(text, path, _read(edit["append"]), same=lambda _: False)
        elif "text" in edit:
            text = _replaced_words(document, path, edit["text"], edit["new"])
        else:
            text = _replaced_value(document, path, edit["old"], edit["new"])
    return text


def _replaced_anywhere(text: str, old: str, new: str, nth: int) -> str:
    parts = text.split(old)
    if len(parts) <= nth:
        raise ValueError(f"the sheet has {len(parts) - 1} places with {old!r}")
    return old.join(parts[:nth]) + new + old.join(parts[nth:])


def _read(written: str) -> Any:
    data = _document(f"value: {written}").data
    assert isinstance(data, dict)
    return data["value"]


def _document(text: str) -> Document:
    document = load_bytes(text.encode(), "sheet").document
    assert document is not None
    return document


def _path(data: Any, written: str) -> KeyPath:
    """Return the path of the data that a path with selectors means: `results[name=GLUE].tasks[0]`."""
    path: list[str | int] = []
    for key, selector in re.findall(r"([^.\[\]]+)|\[([^\]]*)\]", written):
        if key:
            path.append(key)
        elif selector.isdigit():
            path.append(int(selector))
        else:
            name, _, value = selector.partition("=")
            items = _at(data, path)
            places = [number for number, item in enumerate(items) if _stated(item.get(name)) == value]
            if len(places) != 1:
                raise ValueError(f"{written}: {len(places)} entries have {selector}")
            path.append(places[0])
    return tuple(path)


def _at(data: Any, path: Iterable[str | int]) -> Any:
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _stated(value: Any) -> str | None:
    """Return what a fact states, as text; `None` where it is open."""
    if isinstance(value, dict):
        value = value.get("value")
    return None if value is None or isinstance(value, dict) else str(value)


def _replaced_value(document: Document, path: KeyPath, old: Any, new: str) -> str:
    there = _at(document.data, path)
    if there is None:
        if old is not None:
            raise ValueError(f"{path}: nothing is there to replace")
        return put(document.text, path, _read(new))
    if isinstance(there, dict) and "value" in there:
        path = (*path, "value")
    if isinstance(old, list):
        stated = [_stated(item) for item in _at(document.data, path)] == [str(item) for item in old]
    else:
        stated = _stated(_at(document.data, path)) == old
    span = document.value_span(path)
    if span is None or not (stated or document.text[span.start : span.end] == old):
        raise ValueError(f"{path}: holds {_at(document.data, path)!r}, not {old!r}")
    return document.text[: span.start] + new + document.text[span.end :]


def _replaced_words(document: Document, path: KeyPath, words: str, new: str) -> str:
    there = _at(document.data, path)
    span = document.value_span((*path, "value") if isinstance(there, dict) and "value" in there else path)
    if span is None:
        raise ValueError(f"{path}: nothing is there to replace")
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    found = list(pattern.finditer(document.text, span.start, span.end))
    if len(found) != 1:
        raise ValueError(f"{path}: holds {words!r} {len(found)} times")
    start, end = found[0].span()
    gaps = re.findall(r"\s+", document.text[start:end])  # a line break stays after the same number of words
    first, *rest = new.split()
    gaps += [" "] * max(0, len(rest) - len(gaps))
    new = first + "".join(gap + word for gap, word in zip(gaps, rest, strict=False))
    return document.text[:start] + new + document.text[end:]
