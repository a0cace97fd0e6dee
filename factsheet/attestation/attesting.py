"""Making a declaration: the statement about a sheet in an envelope, signed by each key."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from factsheet.attestation.attested_files import digests_of, with_stated
from factsheet.attestation.envelope import SealedPayload, signed_bytes
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.statement import payload_of, statement_of
from factsheet.errors import DuplicateSignatureError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.attestation.signing_keys import Passphrase
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
    if not keys:
        raise UsageError(
            "no key is given",
            "nobody could tell whose declaration it is",
            "name the file of your private key",
        )
    signers = [read_signing_key(key, passphrase) for key in keys]
    if len({signer.fingerprint for signer in signers}) < len(signers):
        raise DuplicateSignatureError(
            "one key is given twice",
            "its signatures would count as those of two signers",
            "name each key once",
        )
    payload = statement_payload(sheet, name=name, weights=weights, data=data, moment=moment)
    content = signed_bytes(payload)
    return SealedPayload(payload, tuple(signer.sign(content) for signer in signers)).to_bytes()


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
    statement = statement_of(sheet, files, name=name, moment=moment or datetime.now(UTC))
    return payload_of(statement)
