"""Public keys that a consumer trusts: single files, and lists in OpenSSH's form of allowed signers."""

from __future__ import annotations

import re
import shlex
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from factsheet.attestation.extras import needing
from factsheet.attestation.key_files import (
    NEW_KEY,
    ONLY_ED25519,
    fingerprint_of,
    has_small_order,
    read_key_file,
    require_one_block,
)
from factsheet.errors import KeyFileError, UnknownSignerError, in_one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from factsheet.attestation.envelope import EnvelopeSignature

NAMESPACE: Final = "factsheet"
"""What `namespaces=` of a list of allowed signers has to allow."""
_PRIVATE: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
_OPTION: Final = r'[A-Za-z][A-Za-z-]*(?:="(?:[^"\\]|\\.)*")?'
_LINE: Final = re.compile(
    rf'(?P<principals>"[^"]+"|\S+)[ \t]+(?:(?P<options>{_OPTION}(?:,{_OPTION})*)[ \t]+)??'
    r"(?P<kind>(?:ssh|sk-ssh|ecdsa|sk-ecdsa)-[\w@.-]+)[ \t]+(?P<key>[A-Za-z0-9+/]+=*)(?:[ \t].*)?"
)
_MOMENT: Final = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}


class SignerLine(NamedTuple):
    """What a line of a list says of its key: when it counts, and which of the signers that are asked for it is of.

    Attributes:
        valid_after: it counts from here; `None` for always.
        valid_before: and up to here.
        signers: of those who have to have signed.
    """

    valid_after: datetime | None = None
    valid_before: datetime | None = None
    signers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedKey:
    """A key whose signatures are accepted.

    Attributes:
        fingerprint: as `ssh-keygen -l` prints it.
        key: the key itself, of securesystemslib.
        owner: whose it is: the principals of a list, else the name of the file.
        listed: what the line of a list says of it.
    """

    fingerprint: str
    key: Any
    owner: str
    listed: SignerLine

    def signed(self, signature: EnvelopeSignature, content: bytes) -> bool:
        """Return whether a signature over these bytes is by this key, whatever key it names."""
        from securesystemslib.exceptions import UnverifiedSignatureError
        from securesystemslib.signer import Signature

        try:
            self.key.verify_signature(Signature(self.fingerprint, signature.signature.hex()), content)
        except UnverifiedSignatureError:  # of which a broken signature is one kind
            return False
        return True

    def counts_at(self, moment: datetime) -> bool:
        """Return whether the list lets a signature of this moment count."""
        after, before, _ = self.listed
        return (after is None or moment >= after) and (before is None or moment < before)

    def out_of_time(self, moment: datetime, name: str) -> UnknownSignerError:
        """Return why a signature of a moment at which the key does not count is refused."""
        after = self.listed.valid_after
        early = after is not None and moment < after
        return UnknownSignerError(
            f"the key {self.fingerprint} of {self.owner} was {'not yet' if early else 'no longer'} valid when "
            f"this was signed ({moment:%Y-%m-%d})",
            "the list of allowed signers says from when to when it counts",
            "ask the supplier for a declaration by a key that is valid",
            place=name,
        )


def read_trusted_keys(
    keys: Sequence[Path | str], allowed_signers: Path | str | None = None, signers: Sequence[str] = ()
) -> tuple[TrustedKey, ...]:
    """Return the keys that files and a list of allowed signers name; one for each file and line.

    Args:
        keys: files with one public key each, of OpenSSH or in PEM.
        allowed_signers: a list as `ssh-keygen -Y verify -f` reads it.
        signers: of the list, who has to have signed; the keys of others in it are left out.

    Raises:
        SigningUnavailableError: the packages that verify are not installed.
        KeyFileError: a file cannot be read, or holds no key that can be used.
    """
    with needing("sign", "verifying"):
        import securesystemslib.signer  # noqa: F401
    found = [key for path in keys for key in _keys_of_file(path)]
    if allowed_signers is not None:
        found += _keys_of_list(allowed_signers, signers)
    return tuple(found)


def _keys_of_file(path: Path | str) -> list[TrustedKey]:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    file = read_key_file(path)
    if _PRIVATE.search(file.content):
        raise KeyFileError(
            "this is a private key",
            "it belongs to whoever signs, and nowhere else",
            f"name the public one: `ssh-keygen -y -f {shlex.quote(file.name)}` prints it",
            place=file.name,
        )
    text = file.content.strip()
    if text.startswith(b"-----BEGIN PUBLIC KEY-----"):
        require_one_block(file)
        try:
            with warnings.catch_warnings():  # of kinds of key that are on their way out: none is taken here
                warnings.simplefilter("ignore")
                key = load_pem_public_key(text)
        except UnsupportedAlgorithm:
            raise _other_kind(file.name) from None
        except ValueError:
            raise KeyFileError("this public key is damaged", help=NEW_KEY, place=file.name) from None
        return [_trusted(key, file.name, file.name)]
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(b"#")]
    if len(lines) != 1 or not lines[0].startswith((b"ssh-", b"ecdsa-", b"sk-")):
        raise KeyFileError(
            "this is no public key in OpenSSH's form or in PEM",
            help="name one file for each key; a list of several is given as `--allowed-signers`",
            place=file.name,
        )
    return [_trusted(_loaded(lines[0], file.name), file.name, file.name)]


def _loaded(line: bytes, place: str) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    kind = line.split()[0]
    if b"-cert-" in kind:
        raise KeyFileError(
            "this is a certificate, and no key",
            "until when it is valid, and by whose word, would be ignored",
            "name the key that it is about: the file `.pub` without `-cert`",
            place=place,
        )
    if kind != b"ssh-ed25519":  # of a FIDO device's key, the package would give the point within it
        raise _other_kind(place)
    try:
        return load_ssh_public_key(b" ".join(line.split()[:2]))
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError("this public key is damaged", ONLY_ED25519, NEW_KEY, place=place) from None


def _other_kind(place: str) -> KeyFileError:
    return KeyFileError("this is no Ed25519 key", ONLY_ED25519, NEW_KEY, place=place)


def _trusted(key: object, owner: str, place: str, *, listed: SignerLine | None = None) -> TrustedKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from securesystemslib.signer import SSlibKey

    if not isinstance(key, Ed25519PublicKey):
        raise _other_kind(place)
    if has_small_order(key):
        raise KeyFileError(
            "this public key is one of those that belong to nobody: the point has a small order",
            "one signature fits every statement under it, and anybody can write it",
            NEW_KEY,
            place=place,
        )
    fingerprint = fingerprint_of(key)
    return TrustedKey(
        fingerprint=fingerprint,
        key=SSlibKey.from_crypto(key, fingerprint),
        owner=owner,
        listed=listed or SignerLine(),
    )


def _keys_of_list(path: Path | str, signers: Sequence[str]) -> list[TrustedKey]:
    file = read_key_file(path)
    try:
        # At line feeds alone, as OpenSSH does: other breaks may be in a comment, and what follows them is one still.
        lines = file.content.decode().split("\n")
    except UnicodeDecodeError:
        raise KeyFileError("this list of allowed signers is not in UTF-8", place=file.name) from None
    found = [
        key
        for number, line in enumerate(lines, 1)
        if line.strip() and not line.lstrip().startswith("#")
        for key in _keys_of_line(line.strip(), signers, f"{file.name}:{number}")
    ]
    missing = [signer for signer in signers if not any(signer in key.listed.signers for key in found)]
    if missing or not found:
        whom = f" for `{in_one_line(missing[0])}`" if missing else ""
        raise KeyFileError(
            f"this list of allowed signers has no key that can be used{whom}",
            "authorities, keys of other kinds than Ed25519, and those for other namespaces than "
            f"`{NAMESPACE}` are left out",
            "add a line: NAME, then the supplier's public key",
            place=file.name,
        )
    return found


def _keys_of_line(line: str, signers: Sequence[str], place: str) -> Iterator[TrustedKey]:
    found = _LINE.fullmatch(line)
    if found is None:
        raise KeyFileError(
            "this line is none of a list of allowed signers",
            "whom it allows cannot be told, and nobody was allowed",
            'write it as `man ssh-keygen` has it: `name@example.org namespaces="factsheet" ssh-ed25519 AAAA…`',
            place=place,
        )
    options = _options(found["options"] or "", place)
    principals = found["principals"].strip('"')
    named = tuple(signer for signer in signers if _matches(signer, principals))
    if signers and not named:
        return
    if "cert-authority" in options or found["kind"] != "ssh-ed25519":
        return
    if "namespaces" in options and not _matches(NAMESPACE, options["namespaces"]):
        return
    key = _loaded(f"{found['kind']} {found['key']}".encode(), place)
    yield _trusted(
        key,
        in_one_line(principals),
        place,
        listed=SignerLine(
            _moment(options.get("valid-after"), place), _moment(options.get("valid-before"), place), named
        ),
    )


def _options(text: str, place: str) -> dict[str, str]:
    """Return the options of a line; one that is not known could forbid what would be allowed without it."""
    known = {"cert-authority", "namespaces", "valid-after", "valid-before"}
    found: dict[str, str] = {}
    for option in re.findall(_OPTION, text):
        name, _, value = option.partition("=")
        if name.lower() not in known:
            raise KeyFileError(
                f"the option `{in_one_line(name)}` is not known",
                "it may restrict the key in a way that would be ignored",
                f"known are {', '.join(sorted(known))}",
                place=place,
            )
        if name.lower() in found:
            raise KeyFileError(
                f"the option `{in_one_line(name)}` is there twice",
                "which of them restricts the key cannot be told",
                "leave one of them",
                place=place,
            )
        found[name.lower()] = value.strip('"')
    return found


def _matches(name: str, patterns: str) -> bool:
    """Return whether a name fits a list of patterns of OpenSSH: commas between them, `!` before what is left out."""
    parts = [part.strip() for part in patterns.split(",") if part.strip()]
    if any(part.startswith("!") and _fits(name, part[1:]) for part in parts):
        return False
    return any(not part.startswith("!") and _fits(name, part) for part in parts)


def _fits(name: str, pattern: str) -> bool:
    # Brackets mean nothing in OpenSSH's patterns.
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def _moment(text: str | None, place: str) -> datetime | None:
    if text is None:
        return None
    digits = text.removesuffix("Z")
    # Nothing else than digits fits the form of none.
    form = _MOMENT.get(len(digits), "") if digits.isascii() and digits.isdecimal() else ""
    try:
        moment = datetime.strptime(digits, form)  # noqa: DTZ007  local time without a Z, as OpenSSH has it
        return moment.replace(tzinfo=UTC) if text.endswith("Z") else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        raise KeyFileError(
            f"`{in_one_line(text[:40])}` is no time",
            help="write YYYYMMDD or YYYYMMDDHHMM, and a Z behind it for UTC",
            place=place,
        ) from None
