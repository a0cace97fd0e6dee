"""The statement that is signed: in-toto's Statement v1 with a declaration about a sheet as its predicate.

Its subjects are the sheet, by the SHA-256 of its canonical JSON, and files of weights and data by theirs. The predicate
holds all that the sheet says, so that whoever verifies can name what has changed since; what followed from it, with the
verdict on each claim; and what the checks found.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from factsheet._version import __version__
from factsheet.attestation.attested_files import FILE_ROLES, AttestedFile
from factsheet.checks.engine import check_sheet
from factsheet.checks.settings import DEFAULT_SETTINGS
from factsheet.errors import FactsheetError, StatementError, UnwritableDataError
from factsheet.recompute.engine import recompute
from factsheet.recompute.json_shape import to_json
from factsheet.sheet.digest import ALGORITHM, canonical_json, digest_of, digest_of_data, plain_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.sheet.model import SheetFields

STATEMENT_TYPE: Final = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE: Final = "factsheet:declaration/1"
SHEET_MEDIA_TYPE: Final = "application/json"
_DERIVED: Final = ("schema", "operating_point", "convention", "tile", "totals", "conventions", "problem")
_FACT: Final = ("name", "path", "claimed", "derived", "derived_low", "derived_high", "unit", "verdict")
_MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
_MOMENT_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_HEX: Final = re.compile("[0-9a-f]{64}")
_LARGEST_WHOLE: Final = 2**53
"""Canonical JSON has larger ones as texts: two of them can be one number to another reader (RFC 8785, appendix D)."""
_DEEPEST: Final = 64
"""Mappings and lists within each other; those of a sheet and its results are not half as deep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetDeclaration:
    """What a statement declares.

    Attributes:
        sheet_name: the sheet's file, as it was called.
        digest: of the sheet, `sha256:…`.
        facts: all that it said, as plain data.
        files: of weights and data.
        derived: what followed from it.
        checks: how many errors and warnings there were, and how often by which rule.
        issued: when it was made, as its maker's clock had it.
        program: the version that made it.
    """

    sheet_name: str
    digest: str
    facts: dict[str, Any]
    files: tuple[AttestedFile, ...]
    derived: dict[str, Any]
    checks: dict[str, Any]
    issued: datetime
    program: str


def statement_of(
    sheet: SheetFields, files: Sequence[AttestedFile], *, name: str, moment: datetime
) -> dict[str, Any]:
    """Return the statement about a sheet.

    Args:
        sheet: the sheet.
        files: the weights and data that it is about as well.
        name: what the sheet's file is called.
        moment: now.
    """
    subjects = [
        {
            "name": name,
            "digest": {"sha256": digest_of(sheet).removeprefix(ALGORITHM)},
            "mediaType": SHEET_MEDIA_TYPE,
            "annotations": {"canonical": "RFC 8785", "role": "sheet"},
        },
        *(
            {
                "name": one.name,
                "digest": {"sha256": one.sha256},
                "annotations": {"origin": one.origin, "role": one.role},
            }
            for one in files
        ),
    ]
    return {
        "_type": STATEMENT_TYPE,
        "predicateType": PREDICATE_TYPE,
        "subject": subjects,
        "predicate": {
            "checks": checks_of(sheet, moment),
            "derived": derived_of(sheet),
            "issued": moment.astimezone(UTC).strftime(_MOMENT),
            "program": {"name": "factsheet", "version": __version__},
            "sheet": plain_data(sheet),
        },
    }


def payload_of(statement: dict[str, Any]) -> bytes:
    """Return a statement as it is signed: canonical JSON.

    Raises:
        UnwritableDataError: a text in it is none that a file could hold.
    """
    try:
        return canonical_json(statement).encode()
    except UnicodeEncodeError:
        raise UnwritableDataError(
            "a text of the sheet holds half of a surrogate pair, and no file can"
        ) from None


def checks_of(sheet: SheetFields, moment: datetime) -> dict[str, Any]:
    """Return what all rules find with their defaults, nothing suppressed: counts by severity and by rule."""
    found = check_sheet(sheet, DEFAULT_SETTINGS._replace(today=moment.astimezone(UTC).date()))
    severities = Counter(str(one.severity) for one in found)
    return {
        "errors": severities["error"],
        "rules": dict(sorted(Counter(one.rule_id for one in found).items())),
        "warnings": severities["warning"],
    }


def derived_of(sheet: SheetFields) -> dict[str, Any]:
    """Return what follows from a sheet at its first operating point, with the verdict on each claim."""
    try:
        data = to_json(recompute(sheet))
    except FactsheetError as error:
        return {"facts": [], "problem": {"message": error.message, "path": error.place}}
    chip = data["chip"]
    kept: dict[str, Any] = {key: data[key] for key in _DERIVED}
    kept["facts"] = _facts(data["facts"])
    if isinstance(chip, dict):
        kept["chip"] = {"facts": _facts(chip["facts"]), "profile": chip["profile"]}
    return kept


def _facts(facts: Any) -> list[dict[str, Any]]:
    return [{key: fact[key] for key in _FACT} for fact in facts]


def as_json(data: object) -> Any:
    """Return plain data as it comes back from canonical JSON, so that both sides of a comparison went the same way."""
    return json.loads(canonical_json(data))


def read_statement(payload: bytes, name: str) -> SheetDeclaration:
    """Read a statement whose signature was verified.

    Args:
        payload: what was signed.
        name: of the file, for messages.

    Raises:
        StatementError: it is no declaration about a sheet, or contradicts itself.
    """
    try:
        declared, contradicts = _declaration(_unambiguous(payload))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        declared, contradicts = None, False
    if declared is None or contradicts:
        message = "contradicts itself: its digest of the sheet is not that of the facts in it"
        raise StatementError(
            f"it is signed, and {message if contradicts else 'is no declaration about a sheet'}",
            "the signer signed something else than what `factsheet attest` writes",
            "ask for a declaration made by `factsheet attest`",
            place=name,
        )
    return declared


def _declaration(data: Any) -> tuple[SheetDeclaration | None, bool]:
    """Return what a statement declares, `None` where it is another one, and whether its digest is not of its facts."""
    if data["_type"] != STATEMENT_TYPE or data["predicateType"] != PREDICATE_TYPE:
        return None, False
    predicate, (first, *others) = data["predicate"], data["subject"]
    if first["annotations"]["role"] != "sheet" or not _MOMENT_FORM.fullmatch(predicate["issued"]):
        return None, False
    declared = SheetDeclaration(
        sheet_name=first["name"],
        digest=ALGORITHM + _sha256(first),
        facts=predicate["sheet"],
        files=tuple(map(_file, others)),
        derived=predicate["derived"],
        checks=predicate["checks"],
        issued=datetime.strptime(predicate["issued"], _MOMENT).replace(tzinfo=UTC),
        program=predicate["program"]["version"],
    )
    mappings = (declared.facts, declared.checks, declared.derived)
    texts = (declared.sheet_name, declared.program, *(one.name for one in declared.files))
    if not all(isinstance(one, dict) for one in mappings) or not all(isinstance(one, str) for one in texts):
        return None, False
    if len({(one.role, one.name) for one in declared.files}) < len(declared.files):
        return None, False
    return declared, digest_of_data(declared.facts) != declared.digest


def _file(subject: Any) -> AttestedFile:
    notes = subject["annotations"]
    if notes["role"] not in FILE_ROLES or notes["origin"] not in ("file", "sheet"):
        raise ValueError
    return AttestedFile(subject["name"], _sha256(subject), notes["role"], notes["origin"])


def _sha256(subject: Any) -> str:
    """Return the one digest of a subject; another one beside it would be believed unseen."""
    ((algorithm, digest),) = subject["digest"].items()
    if algorithm != "sha256" or not _HEX.fullmatch(digest):
        raise ValueError
    return str(digest)


def _unambiguous(payload: bytes) -> Any:
    """Return what JSON says, where every reader takes it for the same.

    Raises:
        ValueError: it is none, or has a key twice, a number that is none or that not all can hold, half a character, or
            levels without end.
        RecursionError: likewise.
    """
    data = json.loads(
        payload.decode(),
        object_pairs_hook=_without_repeats,
        parse_constant=_refuse,
        parse_int=_whole,
        parse_float=_finite,
    )
    canonical_json(data).encode()  # half a surrogate pair has no encoding
    level, depth = [data], 0
    while level:
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        depth += 1
        if depth > _DEEPEST:
            raise ValueError
    return data


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found


def _refuse(_: str) -> Any:
    raise ValueError


def _whole(digits: str) -> int:
    number = int(digits)
    return number if abs(number) <= _LARGEST_WHOLE else _refuse(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse(digits)
