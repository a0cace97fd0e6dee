"""A verification as text for a terminal and as JSON: who signed what, and what is otherwise by now."""

from __future__ import annotations

import json
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from factsheet.comparing.difference_report import change_lines
from factsheet.reports.text import encodable, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.attestation.verification import Verification
    from factsheet.reports.text import Style

SCHEMA: Final = "factsheet.verify/1"
_MOST: Final = 40
"""Changes and files that are listed: a sheet that was written anew has no use for all of them."""
_LONGEST: Final = 200


def verification_text(found: Verification, name: str, sheet: str, style: Style) -> str:
    """Write a verification for a terminal.

    Args:
        found: the verification.
        name: of the envelope.
        sheet: of the sheet that it was compared with; empty where there is none.
        style: colours.
    """
    return "\n".join(_lines(found, one_line(name), one_line(sheet), style)) + "\n"


def _lines(found: Verification, name: str, sheet: str, style: Style) -> Iterator[str]:
    declared = found.declaration
    head = "the signature holds" if len(found.signers) == 1 else "the signatures hold"
    yield style.strong(f"{name}: {head}{'' if found.holds else ', and not everything is as it was signed'}")
    for signer in found.signers:
        yield f"  signed by  {one_line(signer.key)} ({one_line(signer.owner)})"
    issued = f"{declared.issued.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"  issued     {issued}, by factsheet {_short(declared.program)}"
    yield f"  checks     {_checks(declared.checks)}, at that time"
    yield f"  sheet      {_sheet(found, sheet)}"
    yield from _files(found)
    if found.sheet == "unchanged":
        yield f"  results    {_results(found)}"
    if found.changes:
        yield ""
        yield style.error(f"Facts that changed since: {len(found.changes)}")
        for change in found.changes[:_MOST]:
            yield from change_lines(change, style)
        if len(found.changes) > _MOST:
            yield f"  and {len(found.changes) - _MOST} more; `--format json` has them all"
    elif found.sheet == "rewritten":
        yield ""
        yield style.error("Written otherwise, with the same meaning:")
        yield from (f"  {one_line(place)}" for place in found.places[:_MOST])
    if found.derived:
        yield ""
        yield "Results that this program gets otherwise:"
        for one in found.derived[:_MOST]:
            yield f"  {one_line(one.name)}: {one_line(one.then)} → {one_line(one.now)}"


def _files(found: Verification) -> Iterator[str]:
    listed = found.files
    if len(listed) > _MOST:  # of which those that are as they were need no line
        listed = tuple(file for file in listed if file.state != "unchanged")
        yield f"  files      {len(found.files) - len(listed)} of {len(found.files)} unchanged"
    for file in listed[:_MOST]:
        by = " (as the sheet states it)" if file.stated_only else ""
        yield f"  {file.role:<10} {_short(file.name)}: {file.state}{by}"
    if len(listed) > _MOST:
        yield f"  and {len(listed) - _MOST} more files; `--format json` has them all"


def _short(text: str) -> str:
    """Return a text of the signer's for a line: they may have put one of any length there."""
    return one_line(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _checks(checks: dict[str, Any]) -> str:
    counts = [(checks.get(word), word) for word in ("errors", "warnings")]
    return ", ".join(f"{count} {word}" for count, word in counts if type(count) is int) or "none recorded"


def _sheet(found: Verification, sheet: str) -> str:
    signed = _short(found.declaration.sheet_name)
    if found.sheet == "not compared":
        return f"{signed}, {found.declaration.digest}; no sheet was given to compare with it"
    words = {
        "unchanged": f"{sheet} says what was signed as {signed}",
        "changed": f"{sheet} says something else than what was signed as {signed}",
        "rewritten": f"{sheet} is written otherwise than what was signed as {signed}, with the same meaning",
    }
    return words[found.sheet]


def _results(found: Verification) -> str:
    if not found.derived:
        return "recomputed, the same"
    if found.same_program:
        return f"{len(found.derived)} differ, and this is the version that the declaration names"
    return f"{len(found.derived)} come out otherwise by this version"


def verification_json(found: Verification, name: str, sheet: str) -> str:
    """Write a verification as JSON, in ASCII."""
    declared = found.declaration
    data = {
        "schema": SCHEMA,
        "envelope": name,
        "sheet": sheet or None,
        "holds": found.holds,
        "signers": [{"key": one.key, "owner": one.owner} for one in found.signers],
        "declaration": {
            "sheet": declared.sheet_name,
            "digest": declared.digest,
            "issued": declared.issued.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "program": declared.program,
            "checks": declared.checks,
        },
        "facts": {
            "state": found.sheet,
            "changes": [
                {
                    "place": change.place,
                    "kind": change.kind,
                    "old": change.old,
                    "new": change.new,
                    "words": change.words,
                    "effect": change.effect,
                }
                for change in found.changes
            ],
            "places": list(found.places),
        },
        "files": [
            {
                "name": file.name,
                "role": file.role,
                "sha256": file.sha256,
                "state": file.state,
                "stated_only": file.stated_only,
            }
            for file in found.files
        ],
        "results": {
            "same_program": found.same_program,
            "changes": [{"name": one.name, "then": one.then, "now": one.now} for one in found.derived],
        },
    }
    return json.dumps(_encodable(data), indent=2) + "\n"


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, dict):
        return {encodable(str(key)): _encodable(entry) for key, entry in value.items()}
    return [_encodable(entry) for entry in value] if isinstance(value, list) else value
