"""Sigstore bundles: a certificate authority and logs of the test's own, and what a bundle by them is held to.

The formats are those of Sigstore's client specification: certificates with an embedded timestamp of the certificate
log (RFC 6962, section 3.2), an entry of kind dsse/0.0.1 with its inclusion promise, proof and checkpoint.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from key_pairs import MOMENT

pytest.importorskip("sigstore", reason="sigstore is not installed")

import factsheet
from factsheet import errors
from factsheet.attestation.attesting import statement_payload
from factsheet.attestation.envelope import PAYLOAD_TYPE, signed_bytes
from factsheet.cli.run import run
from factsheet.sheet.digest import canonical_json

if TYPE_CHECKING:
    from pathlib import Path

ISSUER, WHO = "https://accounts.example.org", "supplier@example.org"
START = datetime(2026, 1, 1, tzinfo=UTC)
SCT_LIST = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
OIDC_ISSUER = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.1")


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def spki(key: ec.EllipticCurvePrivateKey) -> bytes:
    encoded: bytes = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def sign(key: ec.EllipticCurvePrivateKey, data: bytes) -> bytes:
    signature: bytes = key.sign(data, ec.ECDSA(SHA256()))
    return signature


class Instance:
    """A Sigstore instance."""

    def __init__(self) -> None:
        self.ca, self.ctlog, self.rekor = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
        self.root = (
            x509.CertificateBuilder(name, name, self.ca.public_key(), x509.random_serial_number())
            .not_valid_before(START)
            .not_valid_after(START + timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.ca.public_key()), critical=False)
            .sign(self.ca, SHA256())
        )

    def trusted_root(self) -> str:
        def log(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
            public = {
                "rawBytes": b64(spki(key)),
                "keyDetails": "PKIX_ECDSA_P256_SHA_256",
                "validFor": {"start": "2026-01-01T00:00:00Z"},
            }
            key_id = b64(sha256(spki(key)).digest())
            return {
                "baseUrl": "https://log.invalid",
                "hashAlgorithm": "SHA2_256",
                "publicKey": public,
                "logId": {"keyId": key_id},
            }

        authority = {
            "subject": {"organization": "test", "commonName": "root"},
            "uri": "https://ca.invalid",
            "certChain": {"certificates": [{"rawBytes": b64(self.root.public_bytes(Encoding.DER))}]},
            "validFor": {"start": "2026-01-01T00:00:00Z"},
        }
        return json.dumps(
            {
                "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
                "tlogs": [log(self.rekor)],
                "certificateAuthorities": [authority],
                "ctlogs": [log(self.ctlog)],
                "timestampAuthorities": [],
            }
        )

    def certificate(self, key: ec.EllipticCurvePrivateKey, when: datetime) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder(
                self.root.subject, x509.Name([]), key.public_key(), x509.random_serial_number()
            )
            .not_valid_before(when)
            .not_valid_after(when + timedelta(minutes=10))
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.ca.public_key()), critical=False
            )
            .add_extension(x509.SubjectAlternativeName([x509.RFC822Name(WHO)]), critical=True)
            .add_extension(x509.UnrecognizedExtension(OIDC_ISSUER, ISSUER.encode()), critical=False)
        )
        tbs = builder.sign(self.ca, SHA256()).tbs_certificate_bytes
        millis = int(when.timestamp() * 1000).to_bytes(8, "big")
        entry = sha256(spki(self.ca)).digest() + len(tbs).to_bytes(3, "big") + tbs
        signature = sign(self.ctlog, b"\0\0" + millis + b"\0\1" + entry + b"\0\0")
        log_id = sha256(spki(self.ctlog)).digest()
        sct = b"\0" + log_id + millis + b"\0\0" + b"\4\3" + len(signature).to_bytes(2, "big") + signature
        listed = len(sct).to_bytes(2, "big") + sct
        listed = len(listed).to_bytes(2, "big") + listed
        assert len(listed) < 128
        octets = b"\x04" + bytes([len(listed)]) + listed
        return builder.add_extension(x509.UnrecognizedExtension(SCT_LIST, octets), critical=False).sign(
            self.ca, SHA256()
        )

    def bundle(self, payload: bytes, payload_type: str = PAYLOAD_TYPE) -> dict[str, Any]:
        key, when = ec.generate_private_key(ec.SECP256R1()), MOMENT
        certificate = self.certificate(key, when)
        signature = sign(key, signed_bytes(payload, payload_type))
        envelope = {
            "payload": b64(payload),
            "payloadType": payload_type,
            "signatures": [{"sig": b64(signature), "keyid": ""}],
        }
        spec = {
            "envelopeHash": {
                "algorithm": "sha256",
                "value": sha256(canonical_json(envelope).encode()).hexdigest(),
            },
            "payloadHash": {"algorithm": "sha256", "value": sha256(payload).hexdigest()},
            "signatures": [
                {"signature": b64(signature), "verifier": b64(certificate.public_bytes(Encoding.PEM))}
            ],
        }
        body = canonical_json({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec}).encode()
        log_id, root_hash = sha256(spki(self.rekor)).digest(), sha256(b"\0" + body).digest()
        time = int(when.timestamp()) + 60
        promise = canonical_json(
            {"body": b64(body), "integratedTime": time, "logID": log_id.hex(), "logIndex": 0}
        )
        note = f"log.invalid\n1\n{b64(root_hash)}\n"
        checkpoint = f"{note}\n\u2014 log.invalid {b64(log_id[:4] + sign(self.rekor, note.encode()))}\n"
        logged = {
            "logIndex": "0",
            "logId": {"keyId": b64(log_id)},
            "kindVersion": {"kind": "dsse", "version": "0.0.1"},
            "integratedTime": str(time),
            "inclusionPromise": {"signedEntryTimestamp": b64(sign(self.rekor, promise.encode()))},
            "inclusionProof": {
                "logIndex": "0",
                "rootHash": b64(root_hash),
                "treeSize": "1",
                "hashes": [],
                "checkpoint": {"envelope": checkpoint},
            },
            "canonicalizedBody": b64(body),
        }
        return {
            "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
            "verificationMaterial": {
                "certificate": {"rawBytes": b64(certificate.public_bytes(Encoding.DER))},
                "tlogEntries": [logged],
            },
            "dsseEnvelope": envelope,
        }


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.fixture(scope="module")
def instance() -> Instance:
    return Instance()


@pytest.fixture
def trust(instance: Instance, tmp_path: Path) -> factsheet.SigstoreTrust:
    file = tmp_path / "trusted_root.json"
    file.write_text(instance.trusted_root(), "utf-8")
    return factsheet.SigstoreTrust(identity=WHO, issuer=ISSUER, trusted_root=file)


def test_a_bundle_is_verified_offline(
    instance: Instance, trust: factsheet.SigstoreTrust, small: factsheet.FactSheet, tmp_path: Path
) -> None:
    content = json.dumps(instance.bundle(statement_payload(small, moment=MOMENT)))
    found = factsheet.verify(content.encode(), small, sigstore=trust)
    assert found.holds
    assert [signer.key for signer in found.signers] == [WHO]
    (tmp_path / "b.json").write_text(content, "utf-8")
    root = str(trust.trusted_root)
    whom = ["--identity", WHO, "--issuer", ISSUER, "--trusted-root", root]
    assert run(["verify", str(tmp_path / "b.json"), *whom]) == 0
    assert run(["verify", str(tmp_path / "b.json"), "--identity", "x", *whom[2:]]) == 1


def test_a_bundle_of_another_instance_signer_or_issuer_is_refused(
    instance: Instance, trust: factsheet.SigstoreTrust, small: factsheet.FactSheet, tmp_path: Path
) -> None:
    content = json.dumps(instance.bundle(statement_payload(small, moment=MOMENT))).encode()
    (tmp_path / "other.json").write_text(Instance().trusted_root(), "utf-8")
    for other in (
        replace(trust, identity="me@x"),
        replace(trust, issuer="https://x"),
        replace(trust, trusted_root=tmp_path / "other.json"),
    ):
        with pytest.raises(errors.BundleRefusedError):
            factsheet.verify(content, sigstore=other)


@pytest.mark.parametrize(
    "path",
    [
        ("dsseEnvelope", "payload"),
        ("dsseEnvelope", "payloadType"),
        ("dsseEnvelope", "signatures", 0, "sig"),
        ("verificationMaterial", "certificate", "rawBytes"),
        ("verificationMaterial", "tlogEntries", 0, "canonicalizedBody"),
        ("verificationMaterial", "tlogEntries", 0, "integratedTime"),
        ("verificationMaterial", "tlogEntries", 0, "inclusionPromise", "signedEntryTimestamp"),
        ("verificationMaterial", "tlogEntries", 0, "inclusionProof", "rootHash"),
        ("verificationMaterial", "tlogEntries", 0, "inclusionProof", "checkpoint", "envelope"),
    ],
    ids=lambda path: str(path[-1]),
)
def test_a_bundle_with_a_changed_part_is_refused(
    path: tuple[Any, ...], instance: Instance, trust: factsheet.SigstoreTrust, small: factsheet.FactSheet
) -> None:
    bundle = instance.bundle(statement_payload(small, moment=MOMENT))
    other = instance.bundle(statement_payload(small.updated("parameters.power", "2 W"), moment=MOMENT))
    node, donor = bundle, other
    for step in path[:-1]:
        node, donor = node[step], donor[step]
    node[path[-1]] = {"payloadType": "x", "integratedTime": "1800000000"}.get(path[-1], donor[path[-1]])
    with pytest.raises(errors.BundleRefusedError):
        factsheet.verify(json.dumps(bundle).encode(), sigstore=trust)


def test_a_bundle_of_something_else_is_refused(
    instance: Instance, trust: factsheet.SigstoreTrust, small: factsheet.FactSheet
) -> None:
    payload = statement_payload(small, moment=MOMENT)
    with pytest.raises(errors.UnknownPayloadError):
        factsheet.verify(json.dumps(instance.bundle(payload, "text/plain")).encode(), sigstore=trust)
    with pytest.raises(errors.StatementError):
        factsheet.verify(json.dumps(instance.bundle(b'{"_type":"x"}')).encode(), sigstore=trust)
