"""Set, read and remove single facts of a sheet by their path: `parameters.power=3.13 W`.

A value is what would follow the key in the sheet, as YAML. Rows are named by number, `results[0]`, or by one of their
keys, `tasks[task=RTE]`; `[+]` is a new row.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.typed_values import read_value
from factsheet.checks.engine import check_document
from factsheet.errors import NoPlaceError, UnwritableDataError, UsageError
from factsheet.facts.fact import ABSENCES
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import model_of
from factsheet.source.document import dotted
from factsheet.source.dumping import dump_flow
from factsheet.source.editing import apply_edits, put, put_item, removal, value_at
from factsheet.source.loader import load_bytes
from factsheet.source.scalars import written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from factsheet.authoring.field_catalogue import FieldEntry
    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.errors import FactsheetError
    from factsheet.source.document import Document, KeyPath
    from factsheet.source.dumping import Data

_STEP = re.compile(r"\.?([A-Za-z_][\w-]*)|\[([^\[\]]*)\]")
_SIGN = re.compile(r"(?:[^=\[\]]|\[[^\[\]]*\])*=")
NEW_ROW = "+"
_STRUCTURES = ("a mapping", "a list of mappings")
_TEXT_PARTS = frozenset({"text", "one line of text", "text, in Markdown", "a list of texts, or one text"})
"""Forms of fields that hold text, whatever it looks like."""


class Assignment(NamedTuple):
    """A path with the value that it is to have, both as they were typed."""

    path: str
    value: str


class Edited(NamedTuple):
    """A text after an edit.

    Attributes:
        text: the new text.
        path: where in the data.
        kept: the provenance that stays with a value that was replaced, as `source: cited`; empty if there is none.
        new: findings that the text before did not have.
    """

    text: str
    path: KeyPath
    kept: str
    new: tuple[Diagnostic, ...]


def read_assignment(text: str) -> Assignment:
    """Return the path and the value of `path=value`.

    Raises:
        UsageError: there is no `=` behind a path.
    """
    match = _SIGN.match(text)
    if match is None:
        raise UsageError(
            f"`{text[:60]}` sets nothing",
            "a fact is set by its path and its value",
            'write `path=value`, for example `"parameters.power=3.13 W"`',
        )
    return Assignment(match[0][:-1].strip(), text[match.end() :].strip())


def resolve(data: Any, path: str) -> KeyPath:
    """Return the keys and numbers of rows that a path means in a sheet; `-1` at its end for a new row.

    Raises:
        UsageError: the path is malformed, or names a row that there is not.
    """
    parts: list[str | int] = []
    node, place = data, 0
    while place < len(path):
        match = _STEP.match(path, place)
        if match is None or (match[1] is not None and bool(parts) != path.startswith(".", place)):
            raise UsageError(
                f"`{path[:80]}` is no path of a field",
                "a path is the section, then keys and rows",
                "write it like `performance.results[0].tasks[task=RTE].scores.analog`",
            )
        if match[1] is not None:
            parts.append(match[1])
            node = node.get(match[1]) if isinstance(node, dict) else None
        else:
            index = _row(node, match[2].strip(), parts, last=match.end() == len(path))
            parts.append(index)
            node = node[index] if isinstance(node, list) and 0 <= index < len(node) else None
        place = match.end()
    if not parts:
        raise UsageError("the path is empty", help="`factsheet fields` lists the fields")
    return tuple(parts)


def _row(node: Any, selector: str, above: list[str | int], *, last: bool) -> int:
    """Return the number of the row that a selector names; -1 for a new one."""
    rows = node if isinstance(node, list) else []
    if selector == NEW_ROW and last:
        return -1
    if selector.isdecimal() and len(selector) < len(str(10**6)):
        if int(selector) < len(rows):
            return int(selector)
        found = f"there are {len(rows)}, counted from 0" if rows else "there are none yet"
        if int(selector) == len(rows):
            raise UsageError(
                f"`{dotted(tuple(above))}` has no row `[{selector}]`: {found}",
                "a number names a row that is there",
                f"write `{dotted(tuple(above))}[{NEW_ROW}]` for a new row",
            )
    else:
        key, _, value = selector.partition("=")
        alike = [
            index
            for index, row in enumerate(rows)
            if isinstance(row, dict) and value and _text(row.get(key.strip())) == value.strip().strip("\"'")
        ]
        if len(alike) == 1:
            return alike[0]
        found = f"{len(alike)} rows are like that" if alike else "no row is like that"
    raise UsageError(
        f"`{dotted(tuple(above))}` has no row `[{selector[:40]}]`: {found}",
        "a row is named by its number, or by a key and its value",
        "write `[0]`, `[task=RTE]`, or `[+]` at the end for a new row",
    )


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    return str(value)


def set_fact(
    text: str, name: str, assignment: Assignment, provenance: Mapping[str, str] | None = None
) -> Edited:
    """Put a value at a path; provenance that the fact has stays with it, unless another one is given.

    Args:
        text: the sheet.
        name: its name, for findings.
        assignment: what to set.
        provenance: `source`, `evidence`, `by`, `date` and `note` of the value.

    Returns:
        The new text, which fits the schema as well as the old one did.

    Raises:
        UsageError: the path or the value does not fit; the message is that of the check.
        NoPlaceError: the text is no sheet, or cannot be edited there.
    """
    edited, path, kept = _put_fact(text, name, assignment, provenance)
    try:
        return _seen(text, edited, name, path, kept=kept)
    except UsageError as error:
        raise _shown_in_braces(text, error, assignment, path) from None


def set_facts(
    text: str, name: str, assignments: Sequence[Assignment], provenance: Mapping[str, str] | None = None
) -> tuple[list[Edited], list[FactsheetError]]:
    """Put several values, which have to fit together and not one by one; see `set_fact`.

    Returns:
        The text after each, what a check finds at the end with the last; and all that is wrong, where anything is.
    """
    before = text
    done: list[Edited] = []
    faults: list[FactsheetError] = []
    typed: dict[KeyPath, Assignment] = {}
    for one in assignments:
        try:
            text, path, kept = _put_fact(text, name, one, provenance)
        except (UsageError, NoPlaceError, UnwritableDataError) as error:
            faults.append(error)
        else:
            done.append(Edited(text, path, kept, ()))
            typed[path] = one
    new = _new_findings(before, text, name)
    for misfit in (found for found in new if found.rule_id.startswith("FS1")):
        assignment, refusal = typed.get(misfit.path), _refusal(misfit)
        braced = assignment and _shown_in_braces(text, refusal, assignment, misfit.path)
        faults.append(braced or refusal)
    if done:
        done[-1] = done[-1]._replace(new=new)
    return done, faults


def _put_fact(
    text: str, name: str, assignment: Assignment, provenance: Mapping[str, str] | None
) -> tuple[str, KeyPath, str]:
    """Return the text with a value in it, unchecked, with its place and the provenance that stays."""
    document = _document(text, name)
    path = resolve(document.data, assignment.path)
    value, kept = as_text(path, read_value(assignment.value), model_of(document.data)), ""
    if path[-1] == -1:
        if not isinstance(value, dict) and _holds_rows(path, model_of(document.data)):
            raise UsageError(
                f"a row of `{dotted(path[:-1])}` is a mapping",
                help=f'write it in braces: `"{assignment.path}={{key: value}}"`',
            )
        edited = put_item(text, path[:-1], value, same=lambda _: False)
        path = (*path[:-1], len(value_at(document.data, path[:-1]) or ()))
    else:
        before, place = value_at(document.data, path), path
        with_provenance = isinstance(before, dict) and "value" in before
        if provenance:
            rest = before if with_provenance and isinstance(before, dict) else {}
            value = {**rest, **(value if isinstance(value, dict) else {"value": value}), **provenance}
        elif with_provenance and not isinstance(value, dict):
            # Its layout stays with it.
            kept = dump_flow({key: said for key, said in before.items() if key != "value"}).strip()[1:-1]
            place = (*path, "value")
        edited = text if value_at(document.data, place) == value else put(text, place, value)
    return edited, path, kept


def _shown_in_braces(text: str, error: UsageError, assignment: Assignment, path: KeyPath) -> UsageError:
    """Return the error with the mapping that is wanted as it would be typed."""
    entry = _field_at(path, model_of(_document(text, "").data))
    if entry is not None and entry.form in _STRUCTURES and assignment.value[:1] not in ("{", "["):
        error.help = f'write it in braces: `"{assignment.path}={dump_flow(entry.example).strip()}"`'
    return error


def add_rows(text: str, name: str, path: str, rows: Sequence[dict[str, Data]]) -> Edited:
    """Put rows at the end of a list, which is begun where there is none.

    Args:
        text: the sheet.
        name: its name, for findings.
        path: the list, `references`.
        rows: what to add, as plain data; at least one.

    Returns:
        The new text with the path of the last row.

    Raises:
        UsageError: the path or a row does not fit; the message is that of the check.
        NoPlaceError: the text is no sheet, or cannot be edited there.
    """
    parts, edited = resolve(_document(text, name).data, path), text
    for row in rows:
        edited = put_item(edited, parts, row, same=lambda _: False)
    last = len(value_at(_document(edited, name).data, parts)) - 1
    return _seen(text, edited, name, (*parts, last))


def _field_at(path: KeyPath, model: type[SheetFields]) -> FieldEntry | None:
    """Return the field that a path is of, a row standing for its list."""
    from factsheet.authoring.field_catalogue import entries_at  # the whole schema is walked for it

    keys = ".".join(key for key in path if isinstance(key, str))
    exact = [entry for entry in entries_at(keys, model) if entry.path.replace("[*]", "") == keys]
    return exact[0] if exact else None


def _holds_rows(path: KeyPath, model: type[SheetFields]) -> bool:
    entry = _field_at(path, model)
    return entry is None or entry.form == "a list of mappings"


def as_text(path: KeyPath, value: Any, model: type[SheetFields] = SheetFields) -> Any:
    """Return a value whose numbers are their digits where a field holds text: of a version, 1.10 is not 1.1."""
    if isinstance(value, dict):
        return {
            key: as_text((*path, key) if key != "value" else path, inner, model)
            for key, inner in value.items()
        }
    numbers = isinstance(value, int | float) and not isinstance(value, bool)
    if numbers or (isinstance(value, list) and any(isinstance(one, int | float) for one in value)):
        entry = _field_at(path, model)
        if entry is not None and entry.form in _TEXT_PARTS:
            return written(value) if numbers else [written(one) for one in value]
    return value


def unset_fact(text: str, name: str, path: str) -> Edited:
    """Remove a key with its value, or a row.

    Raises:
        UsageError: there is no such key, or the sheet cannot do without it.
        NoPlaceError: the text is no sheet, or cannot be edited there.
    """
    document = _document(text, name)
    parts = resolve(document.data, path)
    container = value_at(document.data, parts[:-1])
    edit = removal(document, parts)
    if edit is None:
        raise UsageError(
            f"`{dotted(parts)}` is not in {name}", help=f"`factsheet get {parts[0]}` shows what is"
        )
    if len(container) == 1 and len(parts) > 1:
        # A mapping or a list without entries would be neither an answer nor the lack of one.
        return unset_fact(text, name, dotted(parts[:-1]))
    edited = apply_edits(text, [edit])
    after = load_bytes(edited.encode(), name).document
    left = None if after is None else value_at(after.data, parts[:-1])
    if left is None or len(left) != len(container) - 1:
        raise NoPlaceError(f"`{dotted(parts)}` cannot be removed the way it is written; edit it by hand")
    return _seen(text, edited, name, parts)


def get_fact(data: Any, path: str) -> Any:
    """Return what a sheet has at a path, as plain data; `None` where it has nothing.

    Raises:
        UsageError: the path is malformed, or names a row that there is not.
    """
    return value_at(data, resolve(data, path))


def absence_of(value: Any) -> str:
    """Return why a fact has no value, in words; empty where it has one."""
    if not isinstance(value, dict):
        return ""
    return next((f"{kind.replace('_', ' ')}: {value[kind]}" for kind in ABSENCES if kind in value), "")


def _document(text: str, name: str) -> Document:
    loaded = load_bytes(text.encode(), name)
    if loaded.document is None or not isinstance(loaded.document.data, dict):
        raise NoPlaceError(f"{name} is no sheet that could be read: run `factsheet validate {name}`")
    return loaded.document


def _seen(before: str, after: str, name: str, path: KeyPath, *, kept: str = "") -> Edited:
    """Return the edit with what a check finds that it did not find before.

    Raises:
        UsageError: the new text fits the schema less well.
    """
    new = _new_findings(before, after, name)
    misfit = next((one for one in new if one.rule_id.startswith("FS1")), None)
    if misfit is not None:
        raise _refusal(misfit)
    return Edited(after, path, kept, new)


def _refusal(misfit: Diagnostic) -> UsageError:
    message = f"nothing was written: {misfit.message}"
    return UsageError(message, misfit.why, misfit.help, place=dotted(misfit.path))


def _new_findings(before: str, after: str, name: str) -> tuple[Diagnostic, ...]:
    known = {
        _identity(found) for found in check_document(load_bytes(before.encode(), name), name).diagnostics
    }
    found = check_document(load_bytes(after.encode(), name), name).diagnostics
    return tuple(diagnostic for diagnostic in found if _identity(diagnostic) not in known)


def _identity(diagnostic: Diagnostic) -> tuple[str, KeyPath, str]:
    return diagnostic.rule_id, diagnostic.path, diagnostic.message
