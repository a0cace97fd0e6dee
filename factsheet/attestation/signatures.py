"""Who signed a declaration: each signature held to the keys that are trusted, and to those that have to be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.attestation.envelope import read_envelope
from factsheet.attestation.sigstore_bundle import is_bundle, read_bundle
from factsheet.attestation.statement import read_statement
from factsheet.errors import (
    AlteredEnvelopeError,
    FalseKeyIdError,
    MissingSignatureError,
    UnknownSignerError,
    UsageError,
    in_one_line,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.attestation.envelope import SealedPayload
    from factsheet.attestation.sigstore_bundle import SigstoreTrust
    from factsheet.attestation.statement import SheetDeclaration
    from factsheet.attestation.trusted_keys import TrustedKey


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed: the fingerprint of the key, or the identity of a Sigstore certificate, and whose it is."""

    key: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whose signatures are accepted, and which of them have to be there.

    Attributes:
        keys: of files and lists.
        sigstore: whose certificate, for a Sigstore bundle.
        signers: of a list, each of whom has to have signed.
        signatures: how many there have to be at least.
    """

    keys: Sequence[TrustedKey] = ()
    sigstore: SigstoreTrust | None = None
    signers: Sequence[str] = ()
    signatures: int = 1


def open_declaration(content: bytes, name: str, trust: Trust) -> tuple[tuple[Signer, ...], SheetDeclaration]:
    """Return who signed and what; nothing of a payload is looked at before its signatures hold.

    Raises:
        UntrustedError: a signature does not hold, is by nobody who is trusted, or is missing.
        AttestationError: it is no envelope or no declaration.
        UsageError: it is a Sigstore bundle and only keys are trusted, or the other way round.
    """
    if is_bundle(content):
        if trust.sigstore is None:
            raise UsageError(
                "this is a Sigstore bundle",
                "it is signed by a certificate for an identity, and not by a key of the supplier's",
                "say whom you trust: `--identity NAME --issuer URL --trusted-root trusted_root.json`",
                place=name,
            )
        identity, payload = read_bundle(content, trust.sigstore, name)
        _require_signatures(1, trust, name)
        return (Signer(identity, trust.sigstore.identity),), read_statement(payload, name)
    sealed = read_envelope(content, name)
    if not trust.keys:
        raise UsageError(
            "this is an envelope signed by a key, and no key is given",
            help="name the supplier's public key: `--key supplier.pub`",
            place=name,
        )
    by_each = _signers(sealed, trust.keys, name)
    declaration = read_statement(sealed.payload, name)
    found: list[Signer] = []
    named: set[str] = set()
    for keys in by_each:
        valid = [key for key in keys if key.counts_at(declaration.issued)]
        if not valid:
            raise keys[0].out_of_time(declaration.issued, name)
        owners = dict.fromkeys(key.owner for key in valid)
        found.append(Signer(valid[0].fingerprint, ", ".join(owners)))
        named.update(signer for key in valid for signer in key.listed.signers)
    missing = [signer for signer in trust.signers if signer not in named]
    if missing:
        raise MissingSignatureError(
            f"it is not signed by `{in_one_line(missing[0])}`",
            f"it is signed by {', '.join(signer.owner for signer in found)} alone, and a signature can be taken away",
            "ask for the declaration with the signatures of all who are to sign",
            place=name,
        )
    _require_signatures(len(found), trust, name)
    return tuple(found), declaration


def _require_signatures(count: int, trust: Trust, name: str) -> None:
    if count < trust.signatures:
        raise MissingSignatureError(
            f"{count} of the {trust.signatures} signatures that it has to have are there",
            "a signature can be taken away from a declaration, and the others hold without it",
            "ask for the declaration with the signatures of all who are to sign",
            place=name,
        )


def _signers(sealed: SealedPayload, trusted: Sequence[TrustedKey], name: str) -> list[list[TrustedKey]]:
    """Return the key of each signature, as often as it is trusted.

    A signature that is not trusted would be a part of the file that nobody vouches for.
    """
    content, found = sealed.signed_bytes, []
    known: dict[str, list[TrustedKey]] = {}
    for key in trusted:
        known.setdefault(key.fingerprint, []).append(key)
    for signature in sealed.signatures:
        by = next((keys for keys in known.values() if keys[0].signed(signature, content)), None)
        says = in_one_line(signature.keyid[:60])
        if by is not None and by[0].fingerprint != signature.keyid:
            raise FalseKeyIdError(
                f"a signature says that it is by the key `{says}`, and it is by {by[0].fingerprint}",
                "whoever reads the file would take another for its signer",
                "ask the supplier for a declaration made by `factsheet attest`",
                place=name,
            )
        if by is None and signature.keyid in known:
            raise AlteredEnvelopeError(
                f"the signature by {says} ({known[signature.keyid][0].owner}) does not fit: it is of something else",
                "the statement, or the signature, was changed after signing",
                "do not rely on it; get the declaration again from the supplier",
                place=name,
            )
        if by is None:
            shown = list(known.values())[:3]
            raise UnknownSignerError(
                f"it is signed by the key `{says}`, which is not among those that are trusted",
                f"trusted are {', '.join(f'{keys[0].fingerprint} ({keys[0].owner})' for keys in shown)}",
                "ask the supplier for the key's fingerprint by another way, and name the key if it is theirs",
                place=name,
            )
        found.append(by)
    return found
