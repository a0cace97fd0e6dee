"""Key files that somebody else wrote: of other kinds, damaged, without end, or under which anybody can sign."""

from __future__ import annotations

import base64
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from key_pairs import KeyPair, openssl_key, ssh_key
from system_tools import program

import factsheet
from factsheet import errors
from factsheet.attestation.attested_files import digests_of
from factsheet.attestation.envelope import EnvelopeSignature, SealedPayload, read_envelope
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.trusted_keys import read_trusted_keys
from factsheet.cli.attestation.attest import passphrase_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# RFC 8032, section 5.1: the field, and the curve -x² + y² = 1 + d·x²·y².
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
Point = tuple[int, int]


def point_of(encoded: bytes) -> Point | None:
    """The point by RFC 8032, section 5.1.3, but that y may be written with the prime added."""
    number = int.from_bytes(encoded, "little")
    y, sign = (number & (2**255 - 1)) % P, number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    if x * x % P != square:
        return None
    return (P - x if x % 2 != sign else x) % P, y


def twice(point: Point) -> Point:
    x, y = point
    product = D * x * x * y * y
    return 2 * x * y * pow(1 + product, -1, P) % P, (y * y + x * x) * pow(1 - product, -1, P) % P


def written(field: bytes) -> bytes:
    return len(field).to_bytes(4, "big") + field


def public_line(raw: bytes, kind: str = "ssh-ed25519", *more: bytes) -> str:
    blob = b"".join(map(written, (kind.encode(), raw, *more)))
    return f"{kind} {base64.b64encode(blob).decode()} a comment\n"


# y of a point of order 8: 2·y² = 1 - d·y⁴, since -x² + y² = 1 + d·x²·y², and twice it has y² + x² = 0.
OF_ORDER_8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
SMALL = [
    number + (sign << 255)
    for number in (0, 1, P - 1, P, P + 1, OF_ORDER_8, P - OF_ORDER_8)
    for sign in (0, 1)
]


@pytest.mark.parametrize("number", SMALL, ids=lambda number: f"{number:064x}")
def test_a_key_under_which_anybody_can_sign_is_refused(number: int, tmp_path: Path) -> None:
    raw = number.to_bytes(32, "little")
    point = point_of(raw)
    assert point is not None
    assert twice(twice(twice(point))) == (0, 1)  # by the curve's own law, its order is 8 or less
    (tmp_path / "key.pub").write_text(public_line(raw), "utf-8")
    with pytest.raises(errors.KeyFileError, match="small order"):
        read_trusted_keys([tmp_path / "key.pub"])


def test_one_signature_under_such_a_key_would_fit_every_statement(
    envelope: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # R the neutral point and S = 0: S·B = R + k·A for every k, where A is neutral too (RFC 8032, section 5.1.7).
    (tmp_path / "key.pub").write_text(public_line((1).to_bytes(32, "little")), "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr("factsheet.attestation.trusted_keys.has_small_order", lambda _: False)
        (key,) = read_trusted_keys([tmp_path / "key.pub"])
        forged = EnvelopeSignature(key.fingerprint, (1).to_bytes(32, "little") + bytes(32))
        content = SealedPayload(read_envelope(envelope, "e").payload, (forged,)).to_bytes()
        assert factsheet.verify(content, keys=[tmp_path / "key.pub"]).holds
    with pytest.raises(errors.KeyFileError, match="belong to nobody"):
        factsheet.verify(content, keys=[tmp_path / "key.pub"])


def test_a_key_of_a_fido_device_is_none_of_these(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    raw = base64.b64decode(keys["supplier"].public.read_text("utf-8").split()[1])[-32:]
    (tmp_path / "sk.pub").write_text(public_line(raw, "sk-ssh-ed25519@openssh.com", b"ssh:"), "utf-8")
    listed = subprocess.run(
        [program("ssh-keygen"), "-lf", str(tmp_path / "sk.pub")], capture_output=True, text=True, check=True
    ).stdout
    assert "ED25519-SK" in listed  # the file is as ssh-keygen has it
    with pytest.raises(errors.KeyFileError, match="no Ed25519 key"):
        read_trusted_keys([tmp_path / "sk.pub"])


def test_a_certificate_is_no_key(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    authority = ssh_key(tmp_path / "ca")
    public = tmp_path / "me.pub"
    public.write_bytes(keys["supplier"].public.read_bytes())
    command = [program("ssh-keygen"), "-q", "-s", str(authority.private), "-I", "id", "-V", "-10d:-5d"]
    subprocess.run([*command, str(public)], check=True)
    with pytest.raises(errors.KeyFileError, match="certificate"):
        read_trusted_keys([tmp_path / "me-cert.pub"])


@pytest.mark.parametrize("curve", ["SM2", "secp112r1", "wap-wsg-idm-ecid-wtls1"])
def test_a_curve_that_is_not_known_is_another_kind(curve: str, tmp_path: Path) -> None:
    options = ["-algorithm", "EC", "-pkeyopt", f"ec_paramgen_curve:{curve}"]
    private, public = tmp_path / "key", tmp_path / "key.pub"
    subprocess.run([program("openssl"), "genpkey", *options, "-out", str(private)], check=True)
    subprocess.run(
        [program("openssl"), "pkey", "-in", str(private), "-pubout", "-out", str(public)], check=True
    )
    private.chmod(0o600)
    with pytest.raises(errors.KeyFileError, match="no Ed25519 key"):
        read_trusted_keys([public])
    with pytest.raises(errors.KeyFileError, match="cannot be read here"):
        read_signing_key(private)


@pytest.mark.parametrize("between", [b"", b"junk\n"])
def test_of_two_keys_in_one_file_none_counts(between: bytes, tmp_path: Path) -> None:
    one, two = (openssl_key(tmp_path / name) for name in "ab")
    for first, second in ((one.private, two.private), (one.public, two.public)):
        file = tmp_path / f"both-{first.suffix}"
        file.write_bytes(first.read_bytes() + between + second.read_bytes())
        file.chmod(0o600)
        read = read_signing_key if first == one.private else lambda path: read_trusted_keys([path])
        with pytest.raises(errors.KeyFileError, match="more than one key"):
            read(file)
        file.write_bytes(first.read_bytes() + b"and more\n")
        with pytest.raises(errors.KeyFileError, match="more than one key"):
            read(file)


def test_scrypt_that_openssl_does_not_take_is_a_damaged_file(tmp_path: Path) -> None:
    plain, locked = openssl_key(tmp_path / "plain").private, tmp_path / "locked.der"
    options = ["-topk8", "-outform", "DER", "-scrypt", "-scrypt_N", "16384", "-passout", "pass:x"]
    subprocess.run(
        [program("openssl"), "pkcs8", *options, "-in", str(plain), "-out", str(locked)], check=True
    )
    # RFC 7914, section 2: N is a power of 2. 16384 is 0x4000, in DER 02 02 40 00; 0x7fff is none.
    broken = locked.read_bytes().replace(b"\x02\x02\x40\x00", b"\x02\x02\x7f\xff")
    assert broken != locked.read_bytes()
    text = base64.encodebytes(broken).decode()
    file = tmp_path / "broken"
    file.write_text(
        f"-----BEGIN ENCRYPTED PRIVATE KEY-----\n{text}-----END ENCRYPTED PRIVATE KEY-----\n", "utf-8"
    )
    file.chmod(0o600)
    with pytest.raises(errors.PassphraseError):
        read_signing_key(file, lambda _: b"x")


def test_a_key_with_rounds_without_end_is_refused_before_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    pair = ssh_key(tmp_path / "key", "x")
    data = base64.b64decode("".join(pair.private.read_text("utf-8").splitlines()[1:-1]))
    # openssh/PROTOCOL.key: the field of the KDF holds a salt of 16 bytes, and the rounds after it.
    start = data.index(b"bcrypt") + len(b"bcrypt") + 4
    end = start + 4 + int.from_bytes(data[start : start + 4], "big")
    changed = data[:end] + (2**31).to_bytes(4, "big") + data[end + 4 :]
    text = base64.encodebytes(changed).decode()
    pair.private.write_text(
        f"-----BEGIN OPENSSH PRIVATE KEY-----\n{text}-----END OPENSSH PRIVATE KEY-----\n", "utf-8"
    )

    def ask(_: str) -> bytes:
        pytest.fail("a passphrase is asked for")

    with pytest.raises(errors.KeyFileError, match=r"2,147,483,648 rounds"):
        read_signing_key(pair.private, ask)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes with a name in a folder")
@pytest.mark.parametrize(
    "read",
    [
        read_signing_key,
        lambda path: read_trusted_keys([path]),
        lambda path: read_trusted_keys([], path),
        lambda path: digests_of([path], "data"),
        lambda path: digests_of([path.parent], "weights"),
    ],
    ids=["private", "public", "list", "file", "folder"],
)
def test_a_named_pipe_is_not_waited_for(read: Callable[[Path], object], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises((errors.KeyFileError, errors.SourceUnreadableError), match=r"pipe|regular file"):
        read(tmp_path / "pipe")


def test_a_mark_of_byte_order_is_no_part_of_a_key_or_a_name(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    text = keys["supplier"].public.read_bytes()
    (tmp_path / "key.pub").write_bytes(b"\xef\xbb\xbf" + text)
    assert read_trusted_keys([tmp_path / "key.pub"])
    (tmp_path / "list").write_bytes(b"\xef\xbb\xbfme " + text)
    assert read_trusted_keys([], tmp_path / "list", ["me"])


def test_a_comment_of_a_list_hides_no_key(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    # To ssh-keygen, a line ends at a line feed alone; U+2028 and a form feed are within this comment.
    key = " ".join(keys["other"].public.read_text("utf-8").split()[:2])
    for mark in "\u2028\x0c\x85\x1e":
        (tmp_path / "list").write_text(f"# a comment{mark}me {key}\n", "utf-8")
        with pytest.raises(errors.KeyFileError, match="no key"):
            read_trusted_keys([], tmp_path / "list")


def test_an_option_that_is_there_twice_is_refused(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    key = keys["supplier"].public.read_text("utf-8")
    (tmp_path / "list").write_text(f'me valid-before="20200101Z",valid-before="20990101Z" {key}', "utf-8")
    with pytest.raises(errors.KeyFileError, match="there twice"):
        read_trusted_keys([], tmp_path / "list")


def test_a_name_in_advice_can_be_pasted_into_a_shell(tmp_path: Path) -> None:
    odd = tmp_path / "a b;echo $(x)"
    ssh_key(tmp_path / "key").private.rename(odd)
    odd.chmod(0o644)
    for read in (read_signing_key, lambda path: read_trusted_keys([path])):
        with pytest.raises(errors.KeyFileError) as caught:
            read(odd)
        assert shlex.quote(str(odd)) in caught.value.help


@pytest.mark.parametrize(
    ("fault", "found"),
    [(EOFError(), None), (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"), errors.PassphraseError)],
)
def test_what_is_typed_in_place_of_a_passphrase_is_no_fault(
    fault: Exception, found: type[Exception] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(_: str) -> str:
        raise fault

    monkeypatch.delenv("FACTSHEET_KEY_PASSPHRASE", raising=False)
    monkeypatch.setattr("getpass.getpass", typed)
    for stream in ("stdin", "stderr"):
        monkeypatch.setattr(f"sys.{stream}.isatty", lambda: True)
    if found is None:
        assert passphrase_of("key") is None
    else:
        with pytest.raises(found):
            passphrase_of("key")
