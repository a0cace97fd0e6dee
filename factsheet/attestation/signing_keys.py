"""Private keys: from files of OpenSSH and PKCS#8, with or without a passphrase, refused where others can read them."""

from __future__ import annotations

import base64
import binascii
import warnings
from typing import TYPE_CHECKING, Any, Final

from factsheet.attestation.envelope import EnvelopeSignature
from factsheet.attestation.extras import needing
from factsheet.attestation.key_files import (
    NEW_KEY,
    ONLY_ED25519,
    fingerprint_of,
    read_key_file,
    require_one_block,
)
from factsheet.errors import KeyFileError, PassphraseError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factsheet.attestation.key_files import KeyFile

    Passphrase = Callable[[str], bytes | None]
    """Gives the passphrase of the key file that it is called with; `None` where nobody can be asked."""

_OPENSSH = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_ENCRYPTED = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
_PKCS8 = b"-----BEGIN PRIVATE KEY-----"
_MAGIC = b"openssh-key-v1\0"
_MOST_ROUNDS: Final = 10_000
"""Of bcrypt, for a passphrase; ssh-keygen has 16 or 24. Each takes some 10 ms: the field allows for a year of them."""


class SigningKey:
    """A private key of Ed25519."""

    def __init__(self, key: Any) -> None:
        """Take a key of the package `cryptography`."""
        from securesystemslib.signer import CryptoSigner, SSlibKey

        self.fingerprint = fingerprint_of(key.public_key())
        self._signer = CryptoSigner(key, SSlibKey.from_crypto(key.public_key(), self.fingerprint))

    def sign(self, content: bytes) -> EnvelopeSignature:
        """Sign bytes."""
        return EnvelopeSignature(self.fingerprint, bytes.fromhex(self._signer.sign(content).signature))


def read_signing_key(path: Path | str, passphrase: Passphrase = lambda _: None) -> SigningKey:
    """Read a private key.

    Args:
        path: a file of OpenSSH, or of PKCS#8 in PEM.
        passphrase: called only where the key is encrypted.

    Raises:
        SigningUnavailableError: the packages that sign are not installed.
        UnsafeKeyError: others can read the file.
        PassphraseError: the key is encrypted, and the passphrase is missing or wrong.
        KeyFileError: the file holds no private key of Ed25519.
    """
    with needing("sign", "signing"):
        import securesystemslib.signer  # noqa: F401  what is missing is said before anybody is asked for a secret
        from cryptography.exceptions import InternalError, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key
    file = read_key_file(path, private=True)
    start = file.content.lstrip()
    if not start.startswith((_OPENSSH, _ENCRYPTED, _PKCS8)):
        raise _no_private_key(file)
    require_one_block(file)
    openssh = start.startswith(_OPENSSH)
    rounds = _rounds_of(start) if openssh else None
    if rounds is not None and rounds > _MOST_ROUNDS:
        raise KeyFileError(
            f"its passphrase takes {rounds:,} rounds to open this key",
            "that is hours of work, more than any program of keys asks for: the file may be damaged",
            f"set fewer: `ssh-keygen -p -a 64 -f FILE`, or use another: {NEW_KEY}",
            place=file.name,
        )
    encrypted = start.startswith(_ENCRYPTED) or rounds is not None
    secret = _asked(file, passphrase) if encrypted else None
    try:
        with warnings.catch_warnings():  # of kinds of key that are on their way out: none is taken here
            warnings.simplefilter("ignore")
            key = (load_ssh_private_key if openssh else load_pem_private_key)(start, secret)
    except UnsupportedAlgorithm as error:
        raise KeyFileError(
            f"this key cannot be read here: {error}", help=f"use another: {NEW_KEY}", place=file.name
        ) from None
    # InternalError: parameters of a cipher that OpenSSL does not take. MemoryError, OverflowError: those of scrypt.
    except (ValueError, TypeError, InternalError, MemoryError, OverflowError):
        if encrypted:
            raise PassphraseError(
                "the passphrase does not open this key, or the file is damaged",
                "nothing was signed",
                "give the passphrase that the key was made with",
                place=file.name,
            ) from None
        raise KeyFileError(
            "this private key is damaged", help=f"use another: {NEW_KEY}", place=file.name
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError("this is no Ed25519 key", ONLY_ED25519, NEW_KEY, place=file.name)
    return SigningKey(key)


def _no_private_key(file: KeyFile) -> KeyFileError:
    if file.content.lstrip().startswith((b"ssh-", b"ecdsa-", b"-----BEGIN PUBLIC KEY-----")):
        return KeyFileError(
            "this is a public key",
            "signing takes the private one that belongs to it",
            "name that file: of OpenSSH's pair, the one without `.pub`",
            place=file.name,
        )
    return KeyFileError(
        "this is no private key in OpenSSH's form or in PKCS#8",
        "older forms do not say which kind of key they hold, or hold none of Ed25519",
        NEW_KEY,
        place=file.name,
    )


def _rounds_of(text: bytes) -> int | None:
    """Return the rounds for the passphrase of a file of OpenSSH, `None` where it has none (openssh/PROTOCOL.key)."""
    body = b"".join(text.partition(b"-----END")[0].splitlines()[1:])
    try:
        data = base64.b64decode(body)
    except binascii.Error:
        return None
    if not data.startswith(_MAGIC):
        return None
    cipher, rest = _part(data[len(_MAGIC) :])
    _, rest = _part(rest)
    options, _ = _part(rest)
    _, rounds = _part(options)
    return None if cipher == b"none" else int.from_bytes(rounds[:4], "big")


def _part(data: bytes) -> tuple[bytes, bytes]:
    """Return a field after its length, and what follows it (RFC 4251, section 5)."""
    end = 4 + int.from_bytes(data[:4], "big")
    return data[4:end], data[end:]


def _asked(file: KeyFile, passphrase: Passphrase) -> bytes:
    secret = passphrase(file.name)
    if not secret:
        raise PassphraseError(
            "this key has a passphrase, and none was given",
            "nothing was signed",
            "run at a terminal, which asks for it, or set FACTSHEET_KEY_PASSPHRASE",
            place=file.name,
        )
    return secret
