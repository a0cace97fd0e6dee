"""Making a declaration: the statement about a sheet in an envelope, signed by each key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from factsheet.attestation.attested_files import as_paths, digests_of, with_stated
from factsheet.attestation.envelope import LARGEST_PAYLOAD, SealedPayload, read_envelope
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.statement import payload_of, statement_of
from factsheet.attestation.verification import envelope_content, verify
from factsheet.errors import AttestationError, DuplicateSignatureError, UsageError, in_one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.attestation.signing_keys import Passphrase, SigningKey
    from factsheet.sheet.model import SheetFields


def attest(
    sheet: SheetFields,
    keys: Sequence[Path | str],
    *,
    name: str = "sheet",
    weights: Sequence[Path | str] = (),
    data: Sequence[Path | str] = (),
    moment: datetime | None = None,
    passphrase: Passphrase = lambda _: None,
) -> bytes:
    """Return the signed declaration about a sheet: an in-toto statement in a DSSE envelope.

    Args:
        sheet: the sheet.
        keys: files of private Ed25519 keys, in OpenSSH's form or PEM; each signs.
        name: what the sheet's file is called.
        weights: files or folders of weights that it is about as well.
        data: files or folders of data, likewise.
        moment: when it is made; now, if left out.
        passphrase: gives the passphrase of an encrypted key, by the name of its file.

    Raises:
        AttestationError: a key cannot be used, or the weights are not those that the sheet names.
        SourceUnreadableError: a file cannot be read.
        UsageError: no key is given, or two files have one name.
    """
    signers = _signers_of(keys, passphrase)
    payload = statement_payload(sheet, name=name, weights=weights, data=data, moment=moment)
    return _signed(SealedPayload(payload, ()), signers)


def _signers_of(keys: Sequence[Path | str], passphrase: Passphrase) -> list[SigningKey]:
    if not keys:
        raise UsageError(
            "no key is given",
            "nobody could tell whose declaration it is",
            "name the file of your private key",
        )
    return [read_signing_key(key, passphrase) for key in as_paths(keys)]


def _signed(sealed: SealedPayload, signers: Sequence[SigningKey]) -> bytes:
    """Return an envelope with further signatures behind those that are in it."""
    all_keys = [*(one.keyid for one in sealed.signatures), *(signer.fingerprint for signer in signers)]
    if len(set(all_keys)) < len(all_keys):
        raise DuplicateSignatureError(
            "one key would sign twice",
            "its signatures would count as those of two signers",
            "name each key once, and none that has signed already",
        )
    content = sealed.signed_bytes
    return replace(
        sealed, signatures=(*sealed.signatures, *(signer.sign(content) for signer in signers))
    ).to_bytes()


def add_signature(
    envelope: Path | str | bytes,
    sheet: SheetFields,
    keys: Sequence[Path | str],
    *,
    signed_by: Sequence[Path | str],
    weights: Sequence[Path | str] = (),
    data: Sequence[Path | str] = (),
    passphrase: Passphrase = lambda _: None,
) -> bytes:
    """Return a declaration with further signatures of what is signed in it, once all of that has been verified.

    Nobody should sign what they have not compared: every signature that is there has to be by a key of `signed_by`,
    the sheet has to say what was signed, and this program has to get the same results from it.

    Args:
        envelope: the declaration, or its file.
        sheet: the sheet that it is about.
        keys: files of private Ed25519 keys; each signs.
        signed_by: files of the public keys of those who signed it before.
        weights: files or folders of weights as they are, to compare as well.
        data: files or folders of data, likewise.
        passphrase: as of `attest`.

    Raises:
        AttestationError: it does not verify, is about something else, or a key cannot be used or has signed it already.
        SourceUnreadableError: a file cannot be read.
        UsageError: no key is given.
    """
    content, name = envelope_content(envelope)
    sealed = read_envelope(content, name)
    found = verify(content, sheet, keys=signed_by, weights=weights, data=data)
    unlike = [
        *found.places,
        *(file.name for file in found.files if file.state not in ("unchanged", "not compared")),
        *(result.name for result in found.derived),
    ]
    if unlike:
        more = f" and {len(unlike) - 3} more" if len(unlike) > 3 else ""  # noqa: PLR2004  of a list in a sentence
        raise AttestationError(
            f"it is not about what is here: {', '.join(in_one_line(one[:80]) for one in unlike[:3])}{more}",
            "your signature would stand under something that you have not seen, or that comes out otherwise here",
            "`factsheet verify` lists what differs; ask for a declaration of what is here",
            place=name,
        )
    return _signed(sealed, _signers_of(keys, passphrase))


def statement_payload(
    sheet: SheetFields,
    *,
    name: str = "sheet",
    weights: Sequence[Path | str] = (),
    data: Sequence[Path | str] = (),
    moment: datetime | None = None,
) -> bytes:
    """Return the bare statement, for another program to sign; otherwise as `attest`."""
    files = with_stated((*digests_of(weights, "weights"), *digests_of(data, "data")), sheet)
    payload = payload_of(statement_of(sheet, files, name=name, moment=moment or datetime.now(UTC)))
    if len(payload) > LARGEST_PAYLOAD:
        raise AttestationError(
            f"the declaration would have {len(payload):,} bytes, of which {len(files):,} files take most",
            f"none of more than {LARGEST_PAYLOAD:,} is read again",
            "put the files into an archive, or their digests into one file, and name that",
        )
    return payload
