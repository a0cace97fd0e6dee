"""Declarations that several have signed: signatures that are added, taken away, missing or asked for."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from key_pairs import MOMENT, SMALL, KeyPair, openssl_key, ssh_key

import factsheet
from factsheet import errors
from factsheet.attestation import attesting
from factsheet.cli.run import run
from factsheet.sheet.digest import canonical_json

if TYPE_CHECKING:
    from pathlib import Path

Keys = dict[str, KeyPair]


@pytest.fixture
def both(envelope: bytes, small: factsheet.FactSheet, keys: Keys) -> bytes:
    return factsheet.add_signature(
        envelope, small, [keys["other"].private], signed_by=[keys["supplier"].public]
    )


def publics(keys: Keys, *names: str) -> list[Path]:
    return [keys[name].public for name in names]


def without(content: bytes, index: int) -> bytes:
    data = json.loads(content)
    del data["signatures"][index]
    return canonical_json(data).encode() + b"\n"


def test_an_added_signature_is_of_the_same_statement(
    both: bytes, envelope: bytes, small: factsheet.FactSheet, keys: Keys
) -> None:
    assert json.loads(both)["payload"] == json.loads(envelope)["payload"]
    assert json.loads(both)["signatures"][:1] == json.loads(envelope)["signatures"]
    found = factsheet.verify(both, small, keys=publics(keys, "supplier", "other"), signatures=2)
    assert found.holds
    assert [signer.owner for signer in found.signers] == [
        str(key) for key in publics(keys, "supplier", "other")
    ]
    # As if both had signed at once: Ed25519 has one signature for a key and a text.
    assert both == factsheet.attest(
        small, [keys["supplier"].private, keys["other"].private], name="net.yaml", moment=MOMENT
    )


def test_nobody_signs_what_they_have_not_verified(
    envelope: bytes, small: factsheet.FactSheet, keys: Keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    mine, theirs = [keys["other"].private], publics(keys, "supplier")
    changed = small.updated("parameters.power", "3130 mW")
    with pytest.raises(errors.AttestationError, match=r"parameters\.power"):
        factsheet.add_signature(envelope, changed, mine, signed_by=theirs)
    with pytest.raises(errors.UnknownSignerError):
        factsheet.add_signature(envelope, small, mine, signed_by=publics(keys, "other"))
    data = json.loads(envelope)
    data["signatures"][0]["sig"] = "A" * 86 + "=="
    altered = canonical_json(data).encode() + b"\n"
    with pytest.raises(errors.AlteredEnvelopeError):
        factsheet.add_signature(altered, small, mine, signed_by=theirs)
    with pytest.raises(errors.UsageError):
        factsheet.add_signature(envelope, small, mine, signed_by=[])
    with pytest.raises(errors.UsageError):
        factsheet.add_signature(envelope, small, [], signed_by=theirs)
    with pytest.raises(errors.EnvelopeError):
        factsheet.add_signature(b"{}", small, mine, signed_by=theirs)
    weights = tmp_path / "w"
    weights.write_bytes(b"others")
    with pytest.raises(errors.AttestationError, match=r"not about what is here: w$"):
        factsheet.add_signature(envelope, small, mine, signed_by=theirs, weights=[weights])
    with monkeypatch.context() as patched:  # results that another version gets otherwise
        patched.setattr("factsheet.attestation.verification.__version__", "9.9.9")
        patched.setattr("factsheet.attestation.verification.derived_of", lambda _: {"problem": "odd"})
        with pytest.raises(errors.AttestationError, match=r"not about what is here: .*problem"):
            factsheet.add_signature(envelope, small, mine, signed_by=theirs)


def test_a_key_signs_one_declaration_once(
    both: bytes, envelope: bytes, small: factsheet.FactSheet, keys: Keys
) -> None:
    with pytest.raises(errors.DuplicateSignatureError):
        factsheet.add_signature(
            envelope, small, [keys["supplier"].private], signed_by=publics(keys, "supplier")
        )
    with pytest.raises(errors.DuplicateSignatureError):
        factsheet.add_signature(
            both, small, [keys["other"].private], signed_by=publics(keys, "supplier", "other")
        )


def test_a_passphrase_is_asked_for_once_the_rest_is_verified(
    envelope: bytes, small: factsheet.FactSheet, keys: Keys, tmp_path: Path
) -> None:
    locked, asked = ssh_key(tmp_path / "locked", "x"), []

    def answer(name: str) -> bytes:
        asked.append(name)
        return b"x"

    arguments: Any = {"signed_by": publics(keys, "supplier"), "passphrase": answer}
    with pytest.raises(errors.AttestationError):
        factsheet.add_signature(
            envelope, small.updated("parameters.power", "2 W"), [locked.private], **arguments
        )
    assert not asked
    assert factsheet.add_signature(envelope, small, [locked.private], **arguments)
    assert len(asked) == 1


def test_a_signature_that_was_taken_away_is_missed(both: bytes, keys: Keys) -> None:
    trusted = publics(keys, "supplier", "other")
    for index in (0, 1):
        stripped = without(both, index)
        assert factsheet.verify(stripped, keys=trusted).holds  # by one of those that are trusted
        with pytest.raises(errors.MissingSignatureError, match="1 of the 2 signatures"):
            factsheet.verify(stripped, keys=trusted, signatures=2)


@pytest.fixture
def signers(keys: Keys, tmp_path: Path) -> Path:
    lines = (f"{name} {pair.public.read_text('utf-8')}" for name, pair in keys.items())
    (tmp_path / "signers").write_text("".join(lines), "utf-8")
    return tmp_path / "signers"


def test_each_signer_that_is_named_has_to_have_signed(
    both: bytes, envelope: bytes, signers: Path, keys: Keys
) -> None:
    named: Any = {"allowed_signers": signers, "signer": ["supplier", "other"]}
    found = factsheet.verify(both, **named)
    assert [signer.owner for signer in found.signers] == ["supplier", "other"]
    for stripped, missing in ((envelope, "other"), (without(both, 0), "supplier")):
        with pytest.raises(errors.MissingSignatureError, match=f"not signed by `{missing}`"):
            factsheet.verify(stripped, **named)
    with pytest.raises(errors.UnknownSignerError):
        factsheet.verify(both, allowed_signers=signers, signer="supplier")
    # A key beside the list is trusted, and is not that signer.
    with pytest.raises(errors.MissingSignatureError, match="not signed by `supplier`"):
        factsheet.verify(
            without(both, 0), allowed_signers=signers, signer="supplier", keys=publics(keys, "other")
        )
    with pytest.raises(errors.KeyFileError, match="for `nobody`"):
        factsheet.verify(both, allowed_signers=signers, signer=["supplier", "nobody"])


def test_a_key_counts_by_any_of_its_lines(envelope: bytes, keys: Keys, tmp_path: Path) -> None:
    # ssh-keygen(1), ALLOWED SIGNERS: a line allows a signature or does not; any that allows it is enough.
    key = " ".join(keys["supplier"].public.read_text("utf-8").split()[:2])
    file = tmp_path / "signers"
    past, future = 'valid-before="20200101Z"', 'valid-after="20990101Z"'
    file.write_text(f"old {past} {key}\nlater {future} {key}\nme {key}\nalso {key}\n", "utf-8")
    (signer,) = factsheet.verify(envelope, allowed_signers=file).signers
    assert signer.owner == "me, also"
    with pytest.raises(errors.UnknownSignerError, match="no longer valid"):
        factsheet.verify(envelope, allowed_signers=file, signer="old")
    with pytest.raises(errors.UnknownSignerError, match="not yet valid"):
        factsheet.verify(envelope, allowed_signers=file, signer="later")
    with pytest.raises(errors.MissingSignatureError, match="not signed by `old`"):
        factsheet.verify(envelope, allowed_signers=file, signer=["old", "me"])


def test_the_command_adds_a_signature_and_names_each(
    keys: Keys,
    signers: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.yaml").write_text(SMALL, "utf-8")
    private, public = ({name: str(pair[half]) for name, pair in keys.items()} for half in (0, 1))
    assert run(["attest", "net.yaml", "--key", private["supplier"], "-o", "one.jsonl"]) == 0
    add = ["attest", "net.yaml", "--key", private["other"], "--add-to", "one.jsonl"]
    before = (tmp_path / "one.jsonl").read_bytes()
    for wrong in (
        add,
        [*add[:-2], "--signed-by", public["supplier"]],
        [*add, "--signed-by", public["supplier"], "-o", "one.jsonl"],
        [*add, "--signed-by", "none", "-o", "two.jsonl"],
        ["attest", "net.yaml", "--statement", *add[4:], "--signed-by", public["supplier"]],
    ):
        assert run(wrong) == 2
    assert run([*add, "--signed-by", public["other"], "-o", "two.jsonl"]) == 1  # it is signed by another
    assert (tmp_path / "one.jsonl").read_bytes() == before
    assert run([*add, "--signed-by", public["supplier"], "-o", "two.jsonl"]) == 0
    capsys.readouterr()
    verify = ["net.yaml", "--allowed-signers", str(signers), "--signer", "supplier", "--signer", "other"]
    assert run(["verify", "two.jsonl", *verify]) == 0
    shown = capsys.readouterr().out
    assert "the signatures hold" in shown
    assert [line.split()[-1] for line in shown.splitlines() if "signed by" in line] == [
        "(supplier)",
        "(other)",
    ]
    assert run(["verify", "one.jsonl", *verify]) == 1
    both = ["--key", public["supplier"], "--key", public["other"]]
    assert run(["verify", "one.jsonl", *both]) == 0
    assert run(["verify", "one.jsonl", *both, "--signatures", "2"]) == 1
    assert run(["verify", "one.jsonl", *both, "--signatures", "0"]) == 2


def test_a_declaration_comes_from_standard_input(
    envelope: bytes,
    keys: Keys,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "net.yaml").write_text(SMALL, "utf-8")
    public = ["--key", str(keys["supplier"].public)]
    for content, sheet, status in ((envelope, [str(tmp_path / "net.yaml")], 0), (b"", [], 2)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert run(["verify", "-", *sheet, *public]) == status
    assert capsys.readouterr().out.startswith("<stdin>: the signature holds\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SMALL.encode())))
    assert run(["verify", "-", "-", *public]) == 2


def test_other_programs_read_a_declaration_of_two(both: bytes, keys: Keys) -> None:
    # DSSE 1.0: each signature is over the same PAE.
    from cryptography.hazmat.primitives.serialization import load_ssh_public_key
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import SSlibKey

    envelope = Envelope.from_dict(
        {**json.loads(both), "signatures": [dict(one) for one in json.loads(both)["signatures"]]}
    )
    known = []
    for name, one in zip(("supplier", "other"), json.loads(both)["signatures"], strict=True):
        key: Any = load_ssh_public_key(keys[name].public.read_bytes())
        known.append(SSlibKey.from_crypto(key, one["keyid"]))
    assert len(envelope.verify(known, 2)) == 2


def test_keys_of_both_programs_sign_together(
    envelope: bytes, small: factsheet.FactSheet, keys: Keys, tmp_path: Path
) -> None:
    pair = openssl_key(tmp_path / "key")
    both = attesting.add_signature(envelope, small, [pair.private], signed_by=publics(keys, "supplier"))
    assert factsheet.verify(both, small, keys=[*publics(keys, "supplier"), pair.public], signatures=2).holds
