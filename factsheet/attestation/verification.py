"""Verifying a declaration: who signed it, and what of the sheet, the files and the results is otherwise by now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from factsheet._version import __version__
from factsheet.attestation.attested_files import as_paths, digests_of
from factsheet.attestation.compared_files import compare_files
from factsheet.attestation.compared_results import compare_results
from factsheet.attestation.envelope import LARGEST
from factsheet.attestation.signatures import Trust, open_declaration
from factsheet.attestation.statement import as_json, derived_of
from factsheet.attestation.trusted_keys import read_trusted_keys
from factsheet.comparing.difference import ComparedVersion, difference
from factsheet.errors import FutureDatedError, OutdatedError, UsageError, in_one_line
from factsheet.sheet.digest import canonical_json, digest_of, plain_data
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.decoding import ReadingLimits
from factsheet.source.document import dotted
from factsheet.source.loader import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from factsheet.attestation.compared_files import VerifiedFile
    from factsheet.attestation.compared_results import DerivedChange
    from factsheet.attestation.signatures import Signer
    from factsheet.attestation.sigstore_bundle import SigstoreTrust
    from factsheet.attestation.statement import SheetDeclaration
    from factsheet.comparing.changes import AnswerChange
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

SheetState: TypeAlias = Literal["unchanged", "changed", "rewritten", "not compared"]
"""`rewritten`: it says the same by its meaning, in other words than those that were signed."""
_SKEW: Final = timedelta(minutes=5)
"""How far two clocks that are set may be apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """A declaration whose signatures hold, and what is otherwise by now.

    Attributes:
        signers: who signed it.
        declaration: what they signed.
        sheet: whether the sheet still says what was signed.
        changes: what changed by its meaning.
        places: every answer that is written otherwise.
        files: weights and data.
        derived: results that this program gets otherwise from the same sheet.
        same_program: whether this is the version that made the declaration.
    """

    signers: tuple[Signer, ...]
    declaration: SheetDeclaration
    sheet: SheetState = "not compared"
    changes: tuple[AnswerChange, ...] = ()
    places: tuple[str, ...] = ()
    files: tuple[VerifiedFile, ...] = ()
    derived: tuple[DerivedChange, ...] = ()
    same_program: bool = True

    @property
    def holds(self) -> bool:
        """Whether all that was compared is as it was signed; another version's results may differ."""
        same = self.sheet in ("unchanged", "not compared")
        files = all(file.state in ("unchanged", "not compared") for file in self.files)
        return same and files and not (self.derived and self.same_program)


def verify(
    envelope: Path | str | bytes,
    sheet: SheetFields | None = None,
    *,
    keys: Sequence[Path | str] = (),
    allowed_signers: Path | str | None = None,
    signer: str | Sequence[str] | None = None,
    signatures: int = 1,
    sigstore: SigstoreTrust | None = None,
    weights: Sequence[Path | str] = (),
    data: Sequence[Path | str] = (),
    not_before: datetime | None = None,
    newer_than: Path | str | bytes | None = None,
    now: datetime | None = None,
) -> Verification:
    """Verify a declaration, and compare it with the sheet and the files as they are.

    Args:
        envelope: the file, or its content.
        sheet: the sheet as it is; without it, the signatures alone are verified.
        keys: files of public keys that are trusted.
        allowed_signers: a list of them in OpenSSH's form.
        signer: of that list, who has to have signed; of several, each.
        signatures: how many trusted signatures it has to have at least.
        sigstore: for a Sigstore bundle, whose certificate is trusted.
        weights: files or folders of weights as they are.
        data: files or folders of data as they are.
        not_before: refuse a declaration that is older.
        newer_than: an earlier declaration: refuse one that is older than it.
        now: the moment; one that was issued later is refused. By default, that of this machine's clock.

    Raises:
        UntrustedError: it is signed by nobody who is trusted, was changed, or is out of date.
        AttestationError: it is no envelope or no declaration, or a key cannot be used.
        UsageError: nothing says who is trusted.
    """
    content, name = envelope_content(envelope)
    signers = (signer,) if isinstance(signer, str) else tuple(signer or ())
    paths = as_paths(keys)
    trusted = (
        read_trusted_keys(paths, allowed_signers, signers) if paths or allowed_signers is not None else ()
    )
    if not trusted and sigstore is None:
        raise UsageError(
            "nothing says whose signature is trusted",
            "anybody can sign a declaration",
            "name the supplier's public key, `--key supplier.pub`, or a list of keys, `--allowed-signers`",
        )
    moment = _in_zone(now or datetime.now(UTC))
    trust = Trust(keys=trusted, sigstore=sigstore, signers=signers, signatures=signatures)
    found, declaration = open_declaration(content, name, trust)
    _refuse_future(declaration.issued, moment, name)
    if not_before is not None and declaration.issued < _in_zone(not_before):
        raise _outdated(declaration.issued, _in_zone(not_before), name, "the day that is asked for")
    if newer_than is not None:
        earlier_content, earlier_name = envelope_content(newer_than)
        # Who else has to have signed is asked of the new one alone.
        _, earlier = open_declaration(earlier_content, earlier_name, Trust(keys=trusted, sigstore=sigstore))
        _refuse_future(earlier.issued, moment, earlier_name)
        if declaration.issued < earlier.issued:
            raise _outdated(declaration.issued, earlier.issued, name, earlier_name)
    state, changes, places = _compared(declaration, sheet)
    given = (*digests_of(weights, "weights"), *digests_of(data, "data"))
    same = sheet is not None and state == "unchanged"
    return Verification(
        signers=found,
        declaration=declaration,
        sheet=state,
        changes=changes,
        places=places,
        files=tuple(compare_files(declaration.files, given)),
        derived=tuple(compare_results(declaration.derived, as_json(derived_of(sheet))))
        if same and sheet
        else (),
        same_program=declaration.program == __version__,
    )


def envelope_content(envelope: Path | str | bytes) -> tuple[bytes, str]:
    """Return what an envelope's file holds, up to just past the largest, and what to call it in messages.

    Raises:
        SourceUnreadableError: it cannot be read.
    """
    if isinstance(envelope, bytes):
        return envelope, "the envelope"
    return read_bytes(envelope, limits=ReadingLimits(bytes=LARGEST)), in_one_line(str(envelope))


def _in_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _refuse_future(issued: datetime, now: datetime, name: str) -> None:
    if issued > now + _SKEW:
        raise FutureDatedError(
            f"it says that it was issued on {issued:%Y-%m-%d %H:%M:%S UTC}, which is to come by this machine's clock",
            "every later declaration would be taken for older than it, and keys for valid that are not yet",
            "see that the clock is right, and ask the supplier for a declaration that names the moment it is made",
            place=name,
        )


def _outdated(issued: datetime, wanted: datetime, name: str, what: str) -> OutdatedError:
    shown = "%Y-%m-%d %H:%M:%S UTC"
    return OutdatedError(
        f"it was issued on {issued.astimezone(UTC):{shown}}, before {what}: {wanted.astimezone(UTC):{shown}}",
        "an older declaration is signed as well as a newer one, and was put in its place",
        "ask the supplier for the newest one",
        place=name,
    )


def _compared(
    declaration: SheetDeclaration, sheet: SheetFields | None
) -> tuple[SheetState, tuple[AnswerChange, ...], tuple[str, ...]]:
    if sheet is None:
        return "not compared", (), ()
    if digest_of(sheet) == declaration.digest:
        return "unchanged", (), ()
    # Both by way of JSON, which keeps of a number its value: digits that were written then are not known.
    now = as_json(plain_data(sheet))
    then, is_now = (
        ComparedVersion(name=name, sheet=read, misfits=misfits)
        for name, (read, misfits) in (
            ("as signed", read_any_sheet(declaration.facts, within_lists=True)),
            ("now", read_any_sheet(now, within_lists=True)),
        )
    )
    changes = difference(then, is_now).changes
    places = tuple(dotted(path) for path in _unlike(declaration.facts, now, ()))
    return ("changed" if changes else "rewritten"), changes, places


def _unlike(then: Any, now: Any, path: KeyPath) -> Iterator[KeyPath]:
    """Yield the paths at which plain data differs, as deep as both have something."""
    if isinstance(then, dict) and isinstance(now, dict):
        for key in dict.fromkeys((*then, *now)):
            yield from _unlike(then.get(key), now.get(key), (*path, key))
    elif isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        for index, pair in enumerate(zip(then, now, strict=True)):
            yield from _unlike(*pair, (*path, index))
    elif canonical_json(then) != canonical_json(now):  # to which 1 is no true
        yield path
