"""Sigstore bundles, verified without the network: by a trusted root that the consumer has as a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from factsheet.attestation.envelope import PAYLOAD_TYPE
from factsheet.attestation.extras import needing
from factsheet.errors import BundleRefusedError, KeyFileError, UnknownPayloadError, in_one_line
from factsheet.source.writing import note_input

_MEDIA_TYPE: Final = b"application/vnd.dev.sigstore.bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class SigstoreTrust:
    """Whom to trust of those that Sigstore gives certificates to.

    Attributes:
        identity: the signer as the certificate names them: an address of mail, or the URL of a workflow.
        issuer: who vouches for that, such as `https://token.actions.githubusercontent.com`.
        trusted_root: file with the keys of the certificate authority and of the logs, `trusted_root.json`.
    """

    identity: str
    issuer: str
    trusted_root: Path | str


def is_bundle(content: bytes) -> bool:
    """Return whether a file says that it is a Sigstore bundle."""
    if _MEDIA_TYPE not in content:
        return False
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and str(data.get("mediaType")).startswith(_MEDIA_TYPE.decode())


def read_bundle(content: bytes, trust: SigstoreTrust, name: str) -> tuple[str, bytes]:
    """Return who signed a bundle, and what; nothing is looked up.

    The certificate has to be of the identity and by the authority, and the log's entry has to be proved and to be of
    this signature, at a time at which the certificate was valid.

    Raises:
        SigningUnavailableError: the packages that verify bundles are not installed.
        KeyFileError: the trusted root cannot be read.
        BundleRefusedError: it does not verify.
        UnknownPayloadError: it is around something else than an in-toto statement.
    """
    with needing("sigstore", "verifying a Sigstore bundle"):
        from sigstore.errors import Error
        from sigstore.models import Bundle, TrustedRoot
        from sigstore.verify import Verifier, policy
    root_name = in_one_line(str(trust.trusted_root))
    note_input(Path(trust.trusted_root))
    try:
        verifier = Verifier(trusted_root=TrustedRoot.from_file(str(trust.trusted_root)))
    except (OSError, ValueError, Error) as error:
        raise KeyFileError(
            f"the trusted root cannot be used: {in_one_line(str(error))[:200]}",
            help="name the `trusted_root.json` of the Sigstore instance that signed",
            place=root_name,
        ) from None
    try:
        bundle = Bundle.from_json(content)
        whom = policy.Identity(identity=trust.identity, issuer=trust.issuer)
        payload_type, payload = verifier.verify_dsse(bundle, whom)
    except Exception as error:  # noqa: BLE001  whatever of it cannot be verified is refused, whichever library says so
        raise BundleRefusedError(
            f"the bundle does not verify: {in_one_line(str(error))[:300]}",
            "neither who signed it nor what they signed is certain",
            f"do not rely on it; see that identity `{in_one_line(trust.identity)}`, issuer and trusted root are right",
            place=name,
        ) from None
    if payload_type != PAYLOAD_TYPE:
        raise UnknownPayloadError(
            f"the bundle holds `{in_one_line(payload_type)[:60]}`",
            "only statements of in-toto can be a declaration",
            "sign the statement that `factsheet attest --statement` writes",
            place=name,
        )
    return trust.identity, payload
