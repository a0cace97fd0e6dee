"""Sigstore bundles, verified without the network: by a trusted root that the consumer has as a file."""

from __future__ import annotations

import json
import logging
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from factsheet.attestation.envelope import PAYLOAD_TYPE
from factsheet.attestation.extras import needing
from factsheet.errors import BundleRefusedError, KeyFileError, UnknownPayloadError, in_one_line
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from collections.abc import Iterator

_MEDIA_TYPE: Final = "application/vnd.dev.sigstore.bundle"
_LARGEST_ROOT: Final = 1 << 20
"""Bytes of a trusted root; that of the public instance has 7,000."""


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
    if b"mediaType" not in content:  # which no envelope has
        return False
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and str(data.get("mediaType")).startswith(_MEDIA_TYPE)


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
    root = Path(trust.trusted_root)
    note_input(root)
    try:
        with _quiet():
            _require_small_file(root)
            verifier = Verifier(trusted_root=TrustedRoot.from_file(str(root)))
    except (OSError, ValueError, Error) as error:
        raise KeyFileError(
            f"the trusted root cannot be used: {_words_of(error)[:200]}",
            help="name the `trusted_root.json` of the Sigstore instance that signed",
            place=in_one_line(str(root)),
        ) from None
    try:
        with _quiet():
            bundle = Bundle.from_json(content)
            whom = policy.Identity(identity=trust.identity, issuer=trust.issuer)
            payload_type, payload = verifier.verify_dsse(bundle, whom)
    except Exception as error:  # noqa: BLE001  whatever of it cannot be verified is refused, whichever library says so
        raise BundleRefusedError(
            f"the bundle does not verify: {_words_of(error)[:300]}",
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


def _require_small_file(root: Path) -> None:
    """Refuse what has no end: the package reads all of it.

    Raises:
        OSError: there is no such file.
        ValueError: it is no regular file, or has the size of none of them.
    """
    state = root.stat()
    if not stat.S_ISREG(state.st_mode):
        raise ValueError("it is no regular file")
    if state.st_size > _LARGEST_ROOT:
        raise ValueError("it is too large")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the package's log off the terminal where nobody has said where it goes; what matters of it is raised."""
    log, nowhere = logging.getLogger("sigstore"), logging.NullHandler()
    log.addHandler(nowhere)
    try:
        yield
    finally:
        log.removeHandler(nowhere)


def _words_of(error: Exception) -> str:
    return in_one_line(" ".join(str(error).split()))
