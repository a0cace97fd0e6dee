"""The statement that is signed: in-toto's Statement v1 with a declaration about a sheet as its predicate.

Its subjects are the sheet, by the SHA-256 of its canonical JSON, and files of weights and data by theirs. The predicate
holds all that the sheet says, so that whoever verifies can name what has changed since; what followed from it, with the
verdict on each claim; and what the checks found.
"""

from __future__ import annotations

import json
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
_HEX: Final = re.compile("[0-9a-f]{64}")


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
        declared, contradicts = _declaration(json.loads(payload))
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
    declared = SheetDeclaration(
        sheet_name=first["name"],
        digest=ALGORITHM + first["digest"]["sha256"],
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
    return declared, digest_of_data(declared.facts) != declared.digest


def _file(subject: Any) -> AttestedFile:
    digest, notes = subject["digest"]["sha256"], subject["annotations"]
    if (
        not _HEX.fullmatch(digest)
        or notes["role"] not in FILE_ROLES
        or notes["origin"] not in ("file", "sheet")
    ):
        raise ValueError
    return AttestedFile(subject["name"], digest, notes["role"], notes["origin"])
