"""Reading key files: those of OpenSSH and PEM, no more of them than a key can have."""

from __future__ import annotations

import base64
import hashlib
import os
import shlex
import stat
from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.errors import KeyFileError, UnsafeKeyError, in_one_line, reason_of
from factsheet.source.loader import is_endless_pipe
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


_PRIME: Final = 2**255 - 19
_OF_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""y of such a point: a root of d·y⁴ + 2·y² - 1 = 0, since twice the point has y = 0 (RFC 8032, section 5.1)."""
_SMALL_ORDER: Final = frozenset({0, 1, _PRIME - 1, _OF_ORDER_8, _PRIME - _OF_ORDER_8})
"""y of the points whose eightfold is the neutral one."""


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
        if is_endless_pipe(path):
            raise KeyFileError(
                "this is a named pipe, which may never end",
                "nothing was read from it",
                "name a file, or let the shell open the pipe: `<(…)`",
                place=name,
            )
        with Path(path).open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            # Of the file that is open, so that none can take its place in between. Windows has no such bits.
            if private and os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise UnsafeKeyError(
                    f"others can read this private key: its mode is {stat.S_IMODE(mode):04o}",
                    "whoever has it signs in your name",
                    f"`chmod 600 {shlex.quote(name)}`; if anybody may have read it, make a new one",
                    place=name,
                )
            content = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise KeyFileError(
            f"the key cannot be read: {reason_of(error)}", help="see that the path is right", place=name
        ) from None
    if len(content) > LARGEST:
        raise KeyFileError("this is no file of keys: it is too large", help=NEW_KEY, place=name)
    return KeyFile(name, content.removeprefix(BOM_UTF8))


def require_one_block(file: KeyFile) -> None:
    """Refuse a file in PEM that holds anything but one key: which of several counts, nobody could see.

    Raises:
        KeyFileError: something is before it or behind it.
    """
    lines = file.content.split()
    if file.content.count(b"-----BEGIN ") != 1 or not lines or not lines[-1].endswith(b"-----"):
        raise KeyFileError(
            "this file holds more than one key",
            "the first would count, and the rest would be ignored",
            "put each key into a file of its own, with nothing behind it",
            place=file.name,
        )


def has_small_order(key: Ed25519PublicKey) -> bool:
    """Return whether a public key is one of the few points under which one signature fits every text."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    # The highest bit is the sign of x; numbers from the prime on are other spellings of those below 19.
    return (int.from_bytes(raw, "little") & (2**255 - 1)) % _PRIME in _SMALL_ORDER


def wire_form(key: Ed25519PublicKey) -> bytes:
    """Return a public key as SSH sends it (RFC 8709, section 4): what its fingerprint is of, however it is stored."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return b"".join(len(part).to_bytes(4, "big") + part for part in (b"ssh-ed25519", raw))


def fingerprint_of(key: Ed25519PublicKey) -> str:
    """Return a key's fingerprint as `ssh-keygen -l` prints it: `SHA256:` and base64 without its end."""
    digest = hashlib.sha256(wire_form(key)).digest()
    return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"
