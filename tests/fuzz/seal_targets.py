"""Declarations, Sigstore bundles and keys: whatever is in them, it is refused by name, and nothing changed passes."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from fuzz_cases import ROOT, Case, Fault, Target, run_command
from mutations import as_json, mutated_json, mutated_text, mutated_tree

import factsheet
from factsheet.attestation.attesting import statement_payload
from factsheet.attestation.envelope import SealedPayload, signed_bytes
from factsheet.attestation.signing_keys import SigningKey
from factsheet.sheet.digest import digest_of_data

if TYPE_CHECKING:
    import random
    from pathlib import Path

PUBLIC = ROOT / "tests" / "attestation" / "public"
SHEET = b"factsheet: 1\noverview: {name: A net, model: net}\nparameters: {power: 3.13 W}\n"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
"""Of the tests alone."""
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)
LINE = KEY.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
OF_BUNDLE = (
    "https://github.com/trailofbits/pypi-attestation-models/.github/workflows/release.yml@refs/tags/v0.0.4a2"
)


@cache
def _statement() -> bytes:
    return statement_payload(factsheet.loads(SHEET.decode()), name="net.yaml", moment=MOMENT)


def _sealed(payload: bytes) -> bytes:
    return SealedPayload(payload, (SigningKey(KEY).sign(signed_bytes(payload)),)).to_bytes()


def _make_declaration(dice: random.Random) -> Case:
    if dice.random() < 0.4:
        return Case(
            {
                "e.jsonl": mutated_text(_sealed(_statement()), [LINE], dice, most=2),
                "net.yaml": SHEET,
                "k.pub": LINE,
            },
            ("changed",),
        )
    statement: Any = mutated_tree(json.loads(_statement()), dice)
    try:  # so that what is behind the digest is reached as well
        digest = digest_of_data(statement["predicate"]["sheet"]).removeprefix("sha256:")
        statement["subject"][0]["digest"]["sha256"] = digest
    except (TypeError, KeyError, IndexError, AttributeError, ValueError, RecursionError):
        pass
    content = as_json(statement)
    if dice.random() < 0.2:
        content = mutated_text(content, [LINE], dice, most=2)
    return Case({"e.jsonl": _sealed(content), "net.yaml": SHEET, "k.pub": LINE}, ("signed",))


def _verify(_: Path, case: Case) -> None:
    arguments = ("verify", "e.jsonl", "net.yaml", "--key", "k.pub")
    ran = run_command(*arguments)
    if case.arguments == ("changed",) and ran.status == 0 and case.files["e.jsonl"] != _sealed(_statement()):
        raise Fault("a changed envelope holds")
    if len(ran.out) > 100_000:
        raise Fault(f"verify writes {len(ran.out):,} characters")
    as_data = run_command(*arguments, "--format", "json")
    if as_data.status != ran.status:
        raise Fault("verify ends otherwise as JSON")
    if as_data.out:
        json.loads(as_data.out, parse_constant=_no_json)


def _no_json(word: str) -> None:
    raise Fault(f"verify writes {word} as JSON")


def _make_bundle(dice: random.Random) -> Case:
    bundle, root = (
        json.loads((PUBLIC / name).read_bytes())
        for name in ("pypi_attestation_models-0.0.4a2.sigstore.json", "trusted_root.json")
    )
    first = dice.random() < 0.7
    return Case(
        {
            "b.json": mutated_json(bundle, [LINE], dice) if first else json.dumps(bundle).encode(),
            "root.json": json.dumps(root).encode() if first else mutated_json(root, [LINE], dice),
        }
    )


def _verify_bundle(_: Path, __: Case) -> None:
    whom = ("--identity", OF_BUNDLE, "--issuer", "https://token.actions.githubusercontent.com")
    ran = run_command("verify", "b.json", *whom, "--trusted-root", "root.json")
    if ran.status == 0:
        raise Fault("an attestation of PyPI's is taken for a declaration")


def _keys() -> dict[str, bytes]:
    private = [
        KEY.private_bytes(encoding, form, NoEncryption())
        for encoding, form in ((Encoding.PEM, PrivateFormat.OpenSSH), (Encoding.PEM, PrivateFormat.PKCS8))
    ]
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signers = b'# a list\nme@x,*@y valid-after="20260101Z",namespaces="factsheet" ' + LINE + b"\n"
    return {"openssh": private[0], "pkcs8": private[1], "pem": public, "line": LINE, "signers": signers}


def _make_key(dice: random.Random) -> Case:
    kind, content = dice.choice(tuple(_keys().items()))
    others = tuple(_keys().values())
    begin, _, rest = content.partition(b"\n")
    if content.startswith(b"-----") and dice.random() < 0.6:
        body, _, end = rest.rpartition(b"\n-----")
        data = mutated_text(base64.b64decode(body), [b"bcrypt", b"\xff" * 4], dice, most=2)
        content = begin + b"\n" + base64.encodebytes(data) + b"-----" + end
    else:
        content = mutated_text(content, others, dice, most=3)
    return Case({"key": content, "net.yaml": SHEET, "e.jsonl": _sealed(_statement())}, (kind,))


def _use_key(folder: Path, case: Case) -> None:
    (folder / "key").chmod(0o600)
    if case.arguments[0] in ("openssh", "pkcs8"):
        run_command("attest", "net.yaml", "--key", "key", "-o", "made.jsonl")
    run_command("verify", "e.jsonl", "--key", "key")
    run_command("verify", "e.jsonl", "--allowed-signers", "key", "--signer", "me@x")


TARGETS = (
    Target("declarations", _make_declaration, _verify),
    Target("bundles", _make_bundle, _verify_bundle),
    Target("keys", _make_key, _use_key),
)
