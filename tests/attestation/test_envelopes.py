"""Envelopes: what in-toto's own models read of them, and that no byte of one can be changed unnoticed."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import google.protobuf.json_format as pb_json
import pytest
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as StatementMessage
from key_pairs import MOMENT, KeyPair, ssh_key

import factsheet
from factsheet import errors
from factsheet.attestation.envelope import EnvelopeSignature, SealedPayload, read_envelope, signed_bytes
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.statement import payload_of, statement_of
from factsheet.attestation.trusted_keys import read_trusted_keys
from factsheet.sheet.digest import canonical_json, plain_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from factsheet.attestation.verification import Verification

Keys = dict[str, KeyPair]


def verified(content: bytes, keys: Keys, *names: str, **options: Any) -> Verification:
    return factsheet.verify(content, keys=[keys[name].public for name in names or ("supplier",)], **options)


def resigned(
    keys: Keys, payload: bytes, payload_type: str = "application/vnd.in-toto+json", keyid: str | None = None
) -> bytes:
    """An envelope whose signature is right."""
    signature = read_signing_key(keys["supplier"].private).sign(signed_bytes(payload, payload_type))
    return SealedPayload(
        payload, (signature if keyid is None else signature._replace(keyid=keyid),), payload_type
    ).to_bytes()


def statement_in(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.b64decode(json.loads(content)["payload"]))
    return found


def test_in_toto_s_own_models_read_the_statement(envelope: bytes) -> None:
    message = pb_json.ParseDict(statement_in(envelope), StatementMessage())
    Statement.copy_from_pb(message).validate()
    assert message.type == "https://in-toto.io/Statement/v1"
    assert [subject.name for subject in message.subject] == ["net.yaml"]


def test_the_signature_is_over_what_dsse_says(envelope: bytes, keys: Keys) -> None:
    # DSSE 1.0, protocol: PAE(type, body) = "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body.
    data = json.loads(envelope)
    payload, kind = base64.b64decode(data["payload"]), data["payloadType"].encode()
    pae = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key

    key: Any = load_ssh_public_key(keys["supplier"].public.read_bytes())
    key.verify(base64.b64decode(data["signatures"][0]["sig"]), pae)  # raises where it does not fit


def test_the_pae_is_that_of_the_example_in_dsse_s_specification() -> None:
    # https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, test vectors.
    assert signed_bytes(b"hello world", "http://example.com/HelloWorld") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_the_subject_is_the_canonical_sheet(envelope: bytes, small: factsheet.FactSheet) -> None:
    canonical = canonical_json(plain_data(small)).encode()
    assert statement_in(envelope)["subject"][0]["digest"] == {"sha256": sha256(canonical).hexdigest()}


def test_signatures_by_the_same_key_at_the_same_moment_are_the_same(
    envelope: bytes, small: factsheet.FactSheet, keys: Keys
) -> None:
    again = factsheet.attest(small, [keys["supplier"].private], name="net.yaml", moment=MOMENT)
    assert again == envelope


@pytest.mark.parametrize("mask", [0x01, 0x20, 0xFF])
def test_every_byte_flipped_in_turn_is_refused(mask: int, envelope: bytes, keys: Keys) -> None:
    assert verified(envelope, keys).holds
    held = []
    for index in range(len(envelope)):
        changed = bytearray(envelope)
        changed[index] ^= mask
        try:
            verified(bytes(changed), keys)
        except errors.AttestationError:
            continue
        held.append(index)
    assert not held


def test_every_beginning_of_an_envelope_is_called_truncated(envelope: bytes, keys: Keys) -> None:
    kinds = {}
    for length in range(len(envelope)):
        with pytest.raises(errors.EnvelopeError) as caught:
            verified(envelope[:length], keys)
        kinds[length] = type(caught.value)
    assert {length for length, kind in kinds.items() if kind is not errors.TruncatedEnvelopeError} == set()


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + b"\n",
        lambda text: b" " + text,
        lambda text: text.replace(b'","payloadType"', b'", "payloadType"'),
        lambda text: text.replace(b"/vnd", b"\\/vnd"),
        lambda text: text.replace(b"}\n", b',"more":1}\n'),
        lambda text: text.replace(b'{"payload"', b'{"payload":"","payload"'),
        lambda text: json.dumps(json.loads(text), indent=1).encode(),
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text[:-1] + b"\0",
    ],
)
def test_other_spellings_of_the_same_content_are_refused(
    change: Callable[[bytes], bytes], envelope: bytes, keys: Keys
) -> None:
    changed = change(envelope)
    assert changed != envelope
    with pytest.raises(errors.EnvelopeError):
        verified(changed, keys)


def test_the_unused_bits_of_base64_count(keys: Keys) -> None:
    # RFC 4648, section 3.5: an encoder sets pad bits to zero, and a decoder may refuse others.
    content = SealedPayload(b"a", (EnvelopeSignature("k", b"s"),)).to_bytes()
    assert b'"YQ=="' in content
    with pytest.raises(errors.EnvelopeError, match="base64"):
        read_envelope(content.replace(b'"YQ=="', b'"YR=="'), "e")


def test_a_swapped_payload_is_named(envelope: bytes, keys: Keys) -> None:
    data = json.loads(envelope)
    statement = statement_in(envelope)
    statement["predicate"]["sheet"]["parameters"]["power"] = "2 W"
    data["payload"] = base64.b64encode(canonical_json(statement).encode()).decode()
    with pytest.raises(errors.AlteredEnvelopeError):
        verified(canonical_json(data).encode() + b"\n", keys)


def test_a_key_that_is_not_trusted_is_named_with_its_fingerprint(envelope: bytes, keys: Keys) -> None:
    (key,) = read_trusted_keys([keys["supplier"].public])
    with pytest.raises(errors.UnknownSignerError) as caught:
        verified(envelope, keys, "other")
    assert key.fingerprint in caught.value.message


def test_a_keyid_that_lies_is_refused(envelope: bytes, keys: Keys) -> None:
    payload = base64.b64decode(json.loads(envelope)["payload"])
    (other,) = read_trusted_keys([keys["other"].public])
    for keyid in (other.fingerprint, "", "supplier"):
        with pytest.raises(errors.FalseKeyIdError):
            verified(resigned(keys, payload, keyid=keyid), keys, "supplier", "other")


def test_another_type_of_payload_is_refused_though_its_signature_is_right(
    envelope: bytes, keys: Keys
) -> None:
    payload = base64.b64decode(json.loads(envelope)["payload"])
    with pytest.raises(errors.UnknownPayloadError):
        verified(resigned(keys, payload, "application/json"), keys)


def test_signatures_that_are_there_twice_are_refused(envelope: bytes, keys: Keys) -> None:
    data = json.loads(envelope)
    (signature,) = data["signatures"]
    for second in (signature, {**signature, "keyid": "SHA256:other"}, {**signature, "sig": "AAAA"}):
        content = canonical_json({**data, "signatures": [signature, second]}).encode() + b"\n"
        with pytest.raises(errors.DuplicateSignatureError):
            verified(content, keys)


def test_an_envelope_without_a_signature_is_refused(envelope: bytes, keys: Keys) -> None:
    content = canonical_json({**json.loads(envelope), "signatures": []}).encode() + b"\n"
    with pytest.raises(errors.EnvelopeError, match="not signed"):
        verified(content, keys)


def test_every_signature_has_to_be_by_a_trusted_key(small: factsheet.FactSheet, keys: Keys) -> None:
    both = factsheet.attest(small, [keys["supplier"].private, keys["other"].private])
    assert len(verified(both, keys, "supplier", "other").signers) == 2
    with pytest.raises(errors.UnknownSignerError):
        verified(both, keys, "supplier")


def test_one_key_does_not_sign_twice(small: factsheet.FactSheet, keys: Keys) -> None:
    with pytest.raises(errors.DuplicateSignatureError):
        factsheet.attest(small, [keys["supplier"].private] * 2)


def test_an_older_declaration_is_refused(small: factsheet.FactSheet, keys: Keys, tmp_path: Path) -> None:
    older, newer = (
        factsheet.attest(small, [keys["supplier"].private], moment=MOMENT + timedelta(days=days))
        for days in (-1, 0)
    )
    first = MOMENT - timedelta(days=1)
    assert verified(newer, keys, newer_than=older, not_before=first).holds
    assert verified(older, keys, newer_than=older, not_before=first).holds
    with pytest.raises(errors.OutdatedError):
        verified(older, keys, newer_than=newer)
    with pytest.raises(errors.OutdatedError):
        verified(older, keys, not_before=first + timedelta(seconds=1))
    forged = factsheet.attest(small, [keys["other"].private], moment=MOMENT)
    with pytest.raises(errors.UnknownSignerError):  # a forged older one loosens nothing
        verified(older, keys, newer_than=forged)


@pytest.mark.parametrize(
    "payload",
    [
        b"", b"null", b"[]", b"{}", b"[" * 100_000, b'{"_type":"https://in-toto.io/Statement/v1"}', b"\xff",
        b'{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":[],"predicate":{}}',
    ],
)  # fmt: skip
def test_signed_payloads_that_are_no_declaration_are_refused(payload: bytes, keys: Keys) -> None:
    with pytest.raises(errors.EnvelopeError if not payload else errors.StatementError):
        verified(resigned(keys, payload), keys)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("subject",), []),
        (("subject", 0, "digest", "sha256"), 7),
        (("predicate", "sheet"), []),
        (("predicate", "issued"), "yesterday"),
        (("predicate", "issued"), None),
        (("predicate", "program"), {}),
        (("predicate", "checks"), 3),
        (("predicate", "derived"), "x"),
        (("predicate", "sheet", "parameters", "power"), "2 W"),
        (("subject", 0, "name"), ["x"]),
    ],
)
def test_a_signed_statement_with_a_wrong_part_is_refused(
    path: tuple[str | int, ...], value: object, small: factsheet.FactSheet, keys: Keys
) -> None:
    statement: Any = json.loads(canonical_json(statement_of(small, (), name="n", moment=MOMENT)))
    assert verified(resigned(keys, payload_of(statement)), keys).holds
    node = statement
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    with pytest.raises(errors.StatementError):
        verified(resigned(keys, json.dumps(statement).encode()), keys)


def test_a_bundle_of_every_kind_of_key_is_refused_by_name(small: factsheet.FactSheet, tmp_path: Path) -> None:
    for kind in (("-t", "rsa", "-b", "2048"), ("-t", "ecdsa")):
        pair = ssh_key(tmp_path / kind[1], "", *kind)
        with pytest.raises(errors.KeyFileError, match="no Ed25519 key"):
            factsheet.attest(small, [pair.private])
        with pytest.raises(errors.KeyFileError, match="no Ed25519 key"):
            read_trusted_keys([pair.public])
