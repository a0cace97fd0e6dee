"""Verifying a declaration: who signed it, and what of the sheet, the files and the results is otherwise by now."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from factsheet._version import __version__
from factsheet.attestation.attested_files import AttestedFile, digests_of
from factsheet.attestation.envelope import LARGEST, read_envelope
from factsheet.attestation.sigstore_bundle import is_bundle, read_bundle
from factsheet.attestation.statement import as_json, derived_of, read_statement
from factsheet.attestation.trusted_keys import read_trusted_keys
from factsheet.comparing.difference import ComparedVersion, difference
from factsheet.errors import (
    AlteredEnvelopeError,
    FalseKeyIdError,
    OutdatedError,
    UnknownSignerError,
    UsageError,
    in_one_line,
)
from factsheet.sheet.digest import canonical_json, digest_of, plain_data
from factsheet.sheet_templates.known_templates import read_any_sheet
from factsheet.source.decoding import ReadingLimits
from factsheet.source.document import dotted
from factsheet.source.loader import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from factsheet.attestation.envelope import SealedPayload
    from factsheet.attestation.sigstore_bundle import SigstoreTrust
    from factsheet.attestation.statement import SheetDeclaration
    from factsheet.attestation.trusted_keys import TrustedKey
    from factsheet.comparing.changes import AnswerChange
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

SheetState: TypeAlias = Literal["unchanged", "changed", "rewritten", "not compared"]
"""`rewritten`: it says the same by its meaning, in other words than those that were signed."""
FileState: TypeAlias = Literal["unchanged", "changed", "not compared", "not declared"]
_DUST: Final = 1e-9
"""Relative difference that another machine's arithmetic can make."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the fingerprint of the key, or the identity of a Sigstore certificate, and whose it is."""

    key: str
    owner: str


@dataclass(frozen=True, slots=True)
class VerifiedFile:
    """A file of the declaration, or one that was given and is none of it."""

    name: str
    role: str
    sha256: str
    state: FileState
    stated_only: bool = False
    """Whether the signer never read it, and took the digest from the sheet."""


@dataclass(frozen=True, slots=True)
class DerivedChange:
    """A derived result that comes out otherwise now."""

    name: str
    then: str
    now: str


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
    signer: str | None = None,
    sigstore: SigstoreTrust | None = None,
    weights: Sequence[Path | str] = (),
    data: Sequence[Path | str] = (),
    not_before: datetime | None = None,
    newer_than: Path | str | bytes | None = None,
) -> Verification:
    """Verify a declaration, and compare it with the sheet and the files as they are.

    Args:
        envelope: the file, or its content.
        sheet: the sheet as it is; without it, the signatures alone are verified.
        keys: files of public keys that are trusted.
        allowed_signers: a list of them in OpenSSH's form.
        signer: of that list, who has to have signed.
        sigstore: for a Sigstore bundle, whose certificate is trusted.
        weights: files or folders of weights as they are.
        data: files or folders of data as they are.
        not_before: refuse a declaration that is older.
        newer_than: an earlier declaration: refuse one that is older than it.

    Raises:
        UntrustedError: it is signed by nobody who is trusted, was changed, or is out of date.
        AttestationError: it is no envelope or no declaration, or a key cannot be used.
        UsageError: nothing says who is trusted.
    """
    content, name = _content_of(envelope)
    trusted = () if not keys and allowed_signers is None else read_trusted_keys(keys, allowed_signers, signer)
    if not trusted and sigstore is None:
        raise UsageError(
            "nothing says whose signature is trusted",
            "anybody can sign a declaration",
            "name the supplier's public key, `--key supplier.pub`, or a list of keys, `--allowed-signers`",
        )
    signers, declaration = _opened(content, name, trusted, sigstore)
    if not_before is not None and declaration.issued < not_before:
        raise _outdated(declaration.issued, not_before, name, "the day that is asked for")
    if newer_than is not None:
        earlier_content, earlier_name = _content_of(newer_than)
        _, earlier = _opened(earlier_content, earlier_name, trusted, sigstore)
        if declaration.issued < earlier.issued:
            raise _outdated(declaration.issued, earlier.issued, name, earlier_name)
    state, changes, places = _compared(declaration, sheet)
    given = (*digests_of(weights, "weights"), *digests_of(data, "data"))
    same = sheet is not None and state == "unchanged"
    return Verification(
        signers=signers,
        declaration=declaration,
        sheet=state,
        changes=changes,
        places=places,
        files=tuple(_files(declaration.files, given)),
        derived=tuple(_derived(declaration.derived, as_json(derived_of(sheet)))) if same and sheet else (),
        same_program=declaration.program == __version__,
    )


def _content_of(envelope: Path | str | bytes) -> tuple[bytes, str]:
    if isinstance(envelope, bytes):
        return envelope, "the envelope"
    return read_bytes(envelope, limits=ReadingLimits(bytes=LARGEST)), in_one_line(str(envelope))


def _opened(
    content: bytes, name: str, trusted: Sequence[TrustedKey], sigstore: SigstoreTrust | None
) -> tuple[tuple[Signer, ...], SheetDeclaration]:
    """Return who signed and what; nothing of a payload is looked at before its signatures hold."""
    if is_bundle(content):
        if sigstore is None:
            raise UsageError(
                "this is a Sigstore bundle",
                "it is signed by a certificate for an identity, and not by a key of the supplier's",
                "say whom you trust: `--identity NAME --issuer URL --trusted-root trusted_root.json`",
                place=name,
            )
        identity, payload = read_bundle(content, sigstore, name)
        return (Signer(identity, sigstore.identity),), read_statement(payload, name)
    if not trusted:
        raise UsageError(
            "this is an envelope signed by a key, and no key is given",
            help="name the supplier's public key: `--key supplier.pub`",
            place=name,
        )
    sealed = read_envelope(content, name)
    found = _signers(sealed, trusted, name)
    declaration = read_statement(sealed.payload, name)
    for key in found:
        key.require_valid(declaration.issued, name)
    return tuple(Signer(key.fingerprint, key.owner) for key in found), declaration


def _signers(sealed: SealedPayload, trusted: Sequence[TrustedKey], name: str) -> list[TrustedKey]:
    """Return the key of each signature; one that is not trusted would be a part of the file that nobody vouches for."""
    content, found = sealed.signed_bytes, []
    known = {key.fingerprint: key for key in trusted}
    for signature in sealed.signatures:
        by = next((key for key in trusted if key.signed(signature, content)), None)
        says = in_one_line(signature.keyid[:60])
        if by is not None and by.fingerprint != signature.keyid:
            raise FalseKeyIdError(
                f"a signature says that it is by the key `{says}`, and it is by {by.fingerprint}",
                "whoever reads the file would take another for its signer",
                "ask the supplier for a declaration made by `factsheet attest`",
                place=name,
            )
        if by is None and signature.keyid in known:
            raise AlteredEnvelopeError(
                f"the signature by {says} ({known[signature.keyid].owner}) does not fit: it is of something else",
                "the statement, or the signature, was changed after signing",
                "do not rely on it; get the declaration again from the supplier",
                place=name,
            )
        if by is None:
            raise UnknownSignerError(
                f"it is signed by the key `{says}`, which is not among those that are trusted",
                f"trusted are {', '.join(f'{key.fingerprint} ({key.owner})' for key in trusted[:3])}",
                "ask the supplier for the key's fingerprint by another way, and name the key if it is theirs",
                place=name,
            )
        found.append(by)
    return found


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


def _files(declared: Sequence[AttestedFile], given: Sequence[AttestedFile]) -> Iterator[VerifiedFile]:
    """Yield what became of each file: found by its digest, whatever it is called now, else by its name."""
    digests = {one.sha256 for one in given}
    names = {(one.role, one.name) for one in given}
    single = {role: [one for one in given if one.role == role] for role in ("weights", "data")}
    for one in declared:
        state: FileState = "not compared"
        if one.sha256 in digests:
            state = "unchanged"
        elif (one.role, one.name) in names or (one.origin == "sheet" and single[one.role]):
            state = "changed"
        yield VerifiedFile(one.name, one.role, one.sha256, state, one.origin == "sheet")
    known = {one.sha256 for one in declared}
    known_names = {(one.role, one.name) for one in declared}
    for one in given:
        if one.sha256 not in known and (one.role, one.name) not in known_names:
            yield VerifiedFile(one.name, one.role, one.sha256, "not declared")


def _derived(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[DerivedChange]:
    before, after = _results(then), _results(now)
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if old is None or new is None or not _same(old, new):
            yield DerivedChange(name, _words(old), _words(new))


def _results(derived: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results by name; of a declaration that holds something else in their place, that as it is."""
    chip = derived.get("chip")
    parts = [("", derived.get("facts")), ("chip ", chip.get("facts") if isinstance(chip, dict) else None)]
    found: dict[str, Any] = {
        name: derived.get(name)
        for name in ("operating_point", "convention", "tile", "totals", "problem")
        if derived.get(name)
    }
    for start, facts in parts:
        for fact in facts if isinstance(facts, list) else ():
            if isinstance(fact, dict):
                found[f"{start}{fact.get('name')}"] = {
                    key: fact.get(key) for key in ("derived", "unit", "verdict", "claimed")
                }
    return found


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, int | float) and isinstance(new, int | float):
        return math.isclose(old, new, rel_tol=_DUST)
    return bool(old == new)


def _words(result: Any) -> str:
    if result is None:
        return "nothing"
    if isinstance(result, dict) and "verdict" in result:
        return f"{result['derived']} {result['unit'] or ''}".strip() + f" ({result['verdict']})"
    return in_one_line(str(result))[:200]
