"""Reading key files: those of OpenSSH and PEM, no more of them than a key can have."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.errors import KeyFileError, UnsafeKeyError, in_one_line, reason_of
from factsheet.source.writing import note_input

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LARGEST: Final = 1 << 20
"""Bytes of a file of keys; a list of all signers of a company is shorter."""
ONLY_ED25519: Final = (
    "keys of other kinds are refused: Ed25519 has one size, one form of signature, no parameter to get wrong"
)
NEW_KEY: Final = (
    "`ssh-keygen -t ed25519 -f supplier` makes one, as does "
    "`openssl genpkey -algorithm ed25519 -out supplier.pem`"
)


class KeyFile(NamedTuple):
    """What a file of keys holds, with its name for people."""

    name: str
    content: bytes


def read_key_file(path: Path | str, *, private: bool = False) -> KeyFile:
    """Read a file that may hold keys.

    Args:
        path: the file.
        private: whether it holds a secret, which nobody else may be able to read.

    Raises:
        UnsafeKeyError: others can read the secret.
        KeyFileError: it cannot be read, or is too large.
    """
    name = in_one_line(str(path))
    note_input(Path(path))
    try:
        with Path(path).open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            # Of the file that is open, so that none can take its place in between. Windows has no such bits.
            if private and os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise UnsafeKeyError(
                    f"others can read this private key: its mode is {stat.S_IMODE(mode):04o}",
                    "whoever has it signs in your name",
                    f"`chmod 600 {name}`; if anybody may have read it, make a new one",
                    place=name,
                )
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise KeyFileError(
            f"the key cannot be read: {reason_of(error)}", help="see that the path is right", place=name
        ) from None
    if len(content) > LARGEST:
        raise KeyFileError("this is no file of keys: it is too large", help=NEW_KEY, place=name)
    return KeyFile(name, content)


def wire_form(key: Ed25519PublicKey) -> bytes:
    """Return a public key as SSH sends it (RFC 8709, section 4): what its fingerprint is of, however it is stored."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", raw))


def fingerprint_of(key: Ed25519PublicKey) -> str:
    """Return a key's fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without its end."""
    digest = hashlib.sha256(wire_form(key)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
