"""Keys of ssh-keygen and openssl, with and without a passphrase; key files that are unsafe, wrong or of others."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from key_pairs import MOMENT, KeyPair, openssl_key, ssh_key
from system_tools import program

import factsheet
from factsheet import errors
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.trusted_keys import read_trusted_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factsheet.attestation.verification import Verification

Make = "Callable[[Path, str], KeyPair]"
SECRET = "pä ss"  # noqa: S105  of a key made for the test


@pytest.mark.parametrize("make", [ssh_key, openssl_key])
@pytest.mark.parametrize("passphrase", ["", SECRET])
def test_keys_of_both_programs_sign(
    make: Callable[[Path, str], KeyPair], passphrase: str, small: factsheet.FactSheet, tmp_path: Path
) -> None:
    pair = make(tmp_path / "key", passphrase)
    asked: list[str] = []

    def answer(name: str) -> bytes:
        asked.append(name)
        return passphrase.encode()

    envelope = factsheet.attest(small, [pair.private], passphrase=answer)
    assert factsheet.verify(envelope, small, keys=[pair.public]).holds
    assert len(asked) == bool(passphrase)


@pytest.mark.parametrize("make", [ssh_key, openssl_key])
@pytest.mark.parametrize("answer", [None, b"", b"wrong"])
def test_a_passphrase_that_is_missing_or_wrong_is_named(
    make: Callable[[Path, str], KeyPair], answer: bytes | None, tmp_path: Path
) -> None:
    pair = make(tmp_path / "key", SECRET)
    with pytest.raises(errors.PassphraseError):
        read_signing_key(pair.private, lambda _: answer)


def test_fingerprints_are_those_of_ssh_keygen(keys: dict[str, KeyPair]) -> None:
    listed = subprocess.run(
        [program("ssh-keygen"), "-lf", str(keys["supplier"].public)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (key,) = read_trusted_keys([keys["supplier"].public])
    assert listed.split()[1] == key.fingerprint
    assert read_signing_key(keys["supplier"].private).fingerprint == key.fingerprint


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_key_that_others_can_read_is_not_used(mode: int, tmp_path: Path) -> None:
    pair = ssh_key(tmp_path / "key")
    pair.private.chmod(mode)
    with pytest.raises(errors.UnsafeKeyError, match=f"{mode:04o}"):
        read_signing_key(pair.private)
    pair.private.chmod(0o400)
    assert read_signing_key(pair.private).fingerprint


def test_the_wrong_half_of_a_pair_is_named(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    public = tmp_path / "public"
    public.write_bytes(keys["supplier"].public.read_bytes())
    public.chmod(0o600)
    with pytest.raises(errors.KeyFileError, match="this is a public key"):
        read_signing_key(public)
    with pytest.raises(errors.KeyFileError, match="this is a private key"):
        read_trusted_keys([keys["supplier"].private])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        b"-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n",
        b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n",
        b"-----BEGIN PUBLIC KEY-----\nMC4=\n-----END PUBLIC KEY-----\n",
        b"ssh-ed25519 AAAA\n",
        b"ssh-ed25519",
        b"x" * (2 << 20),
    ],
)
def test_files_that_are_no_key_are_named(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(errors.KeyFileError):
        read_signing_key(file)
    with pytest.raises(errors.KeyFileError):
        read_trusted_keys([file])


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    for read in (read_signing_key, lambda path: read_trusted_keys([path])):
        with pytest.raises(errors.KeyFileError, match="No such file"):
            read(tmp_path / "none")


@pytest.fixture
def listed(
    tmp_path: Path, keys: dict[str, KeyPair], small: factsheet.FactSheet, envelope: bytes
) -> Callable[..., Verification]:
    """Verify with a list of allowed signers, in which `KEY` is the supplier's key and `OTHER` the other one."""
    text = {name: " ".join(pair.public.read_text("utf-8").split()[:2]) for name, pair in keys.items()}

    def verify(lines: str, signer: str | None = None) -> Verification:
        file = tmp_path / "signers"
        file.write_text(lines.replace("KEY", text["supplier"]).replace("OTHER", text["other"]), "utf-8")
        return factsheet.verify(envelope, small, allowed_signers=file, signer=signer)

    return verify


@pytest.mark.parametrize(
    ("lines", "signer"),
    [
        ("me@example.org KEY a comment\n", None),
        ("# a list\n\nyou@x OTHER\nme@x,me@y KEY\n", "me@y"),
        ('*@example.org namespaces="git,fact*" KEY', "me@example.org"),
        ('me valid-after="20261130Z",valid-before="202612010000Z" KEY', "me"),
        ('"me@a b" KEY', None),
        ('me namespaces="x" KEY\nme KEY', "me"),
    ],
)
def test_a_key_of_a_list_is_accepted(
    lines: str, signer: str | None, listed: Callable[..., Verification]
) -> None:
    assert listed(lines, signer).holds


@pytest.mark.parametrize(
    ("lines", "signer", "error"),
    [
        ("me OTHER", None, errors.UnknownSignerError),
        ("me KEY\nyou OTHER", "you", errors.UnknownSignerError),
        ("*,!me KEY", "me", errors.KeyFileError),
        ("me cert-authority KEY", "me", errors.KeyFileError),
        ('me namespaces="git" KEY', "me", errors.KeyFileError),
        ("me touch-required KEY", "me", errors.KeyFileError),
        ('me valid-before="20261130Z" KEY', "me", errors.UnknownSignerError),
        ('me valid-after="20261201Z" KEY', "me", errors.UnknownSignerError),
        ('me valid-after="2026" KEY', "me", errors.KeyFileError),
        ('me valid-after="20269999" KEY', "me", errors.KeyFileError),
        ("KEY", None, errors.KeyFileError),
        ("me KE", None, errors.KeyFileError),
        ("", None, errors.KeyFileError),
        ("\0\x1b[31m", None, errors.KeyFileError),
        ("me ssh-ed25519 AAAA", None, errors.KeyFileError),
    ],
)
def test_a_key_that_a_list_does_not_allow_is_refused(
    lines: str, signer: str | None, error: type[Exception], listed: Callable[..., Verification]
) -> None:
    with pytest.raises(error):
        listed(lines, signer)


def test_the_moment_of_a_list_is_that_of_the_declaration(listed: Callable[..., Verification]) -> None:
    after = f"{MOMENT:%Y%m%d%H%M%S}Z"
    before = f"{MOMENT + timedelta(seconds=1):%Y%m%d%H%M%S}Z"
    assert listed(f'me valid-after="{after}",valid-before="{before}" KEY').holds
    with pytest.raises(errors.UnknownSignerError, match="no longer valid"):
        listed(f'me valid-before="{after}" KEY')
