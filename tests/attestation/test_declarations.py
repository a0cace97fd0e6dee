"""What breaks a declaration and what does not, for every sheet of the repository, its files and the command line."""

from __future__ import annotations

import json
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from key_pairs import MOMENT, SMALL, KeyPair, ssh_key

import factsheet
from factsheet import errors
from factsheet.attestation.attesting import statement_payload
from factsheet.attestation.envelope import SealedPayload, signed_bytes
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.statement import payload_of
from factsheet.cli.run import run
from factsheet.sheet.digest import digest_of_data

if TYPE_CHECKING:
    from factsheet.attestation.verification import Verification

ROOT = Path(__file__).parents[2]
SHEETS = sorted((ROOT / "sheets").glob("*.yaml"))
SHEETS = [file for file in SHEETS if not file.name.endswith(".review.yaml")]


def compared(envelope: bytes, text: str, keys: dict[str, KeyPair]) -> Verification:
    return factsheet.verify(envelope, factsheet.loads(text), keys=[keys["supplier"].public])


@pytest.mark.parametrize("file", SHEETS, ids=lambda file: file.stem)
def test_each_sheet_of_the_repository_is_what_was_signed(file: Path, keys: dict[str, KeyPair]) -> None:
    envelope = factsheet.attest(factsheet.load(file), [keys["supplier"].private], moment=MOMENT)
    commented = file.read_text("utf-8").replace("\noverview:", "\n# a comment\noverview:   # and another")
    assert commented != file.read_text("utf-8")
    found = compared(envelope, commented, keys)
    assert found.holds
    assert found.sheet == "unchanged"
    assert found.derived == ()


@pytest.mark.parametrize(
    ("old", "new", "state", "places"),
    [
        ("3.13 W", "3.2 W", "changed", ("parameters.power",)),
        ("3.13 W", "3130 mW", "rewritten", ("parameters.power",)),
        ("3.13 W", "3.130 W", "changed", ("parameters.power",)),
        ("parameters: {power: 3.13 W}\n", "", "changed", ("parameters",)),
        ("model: net}", "model: net, version: 2.0.0}", "changed", ("overview.version",)),
        ("name: A net, model: net", "model: net, name: A net", "unchanged", ()),
    ],
)
def test_a_figure_breaks_it_and_order_does_not(
    old: str, new: str, state: str, places: tuple[str, ...], envelope: bytes, keys: dict[str, KeyPair]
) -> None:
    assert old in SMALL
    found = compared(envelope, SMALL.replace(old, new), keys)
    assert (found.sheet, found.places) == (state, places)
    assert found.holds is (state == "unchanged")
    assert bool(found.changes) is (state == "changed")


def test_files_are_held_to_their_digests(
    small: factsheet.FactSheet, keys: dict[str, KeyPair], tmp_path: Path
) -> None:
    weights, folder = tmp_path / "w.bin", tmp_path / "data"
    folder.mkdir()
    for file in (weights, folder / "a.csv", folder / "b.csv"):
        file.write_bytes(file.name.encode())
    envelope = factsheet.attest(small, [keys["supplier"].private], weights=[weights], data=[folder])
    public = [keys["supplier"].public]
    declared = {file.name: file.sha256 for file in factsheet.verify(envelope, keys=public).files}
    assert declared == {
        name: sha256(name.rpartition("/")[2].encode()).hexdigest()
        for name in ("w.bin", "data/a.csv", "data/b.csv")
    }
    renamed = weights.rename(tmp_path / "other.bin")
    assert factsheet.verify(envelope, small, keys=public, weights=[renamed], data=[folder]).holds
    (folder / "a.csv").write_bytes(b"other")
    (folder / "c.csv").write_bytes(b"new")
    found = factsheet.verify(envelope, small, keys=public, data=[folder])
    assert {file.name: file.state for file in found.files} == {
        "w.bin": "not compared",
        "data/a.csv": "changed",
        "data/b.csv": "unchanged",
        "data/c.csv": "not declared",
    }
    assert not found.holds


def test_the_weights_are_those_that_the_sheet_names(keys: dict[str, KeyPair], tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(b"weights")
    digest = sha256(b"weights").hexdigest()
    sheet = factsheet.loads(f"{SMALL}setup: {{weights_digest: 'sha256:{digest}'}}\n")
    (stated,) = factsheet.verify(
        factsheet.attest(sheet, [keys["supplier"].private]), keys=[keys["supplier"].public]
    ).files
    assert (stated.sha256, stated.stated_only) == (digest, True)
    (read,) = factsheet.verify(
        factsheet.attest(sheet, [keys["supplier"].private], weights=[tmp_path / "w.bin"]),
        keys=[keys["supplier"].public],
    ).files
    assert (read.sha256, read.stated_only) == (digest, False)
    (tmp_path / "w.bin").write_bytes(b"others")
    with pytest.raises(errors.AttestationError, match="no file given has it"):
        factsheet.attest(sheet, [keys["supplier"].private], weights=[tmp_path / "w.bin"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: dict[str, KeyPair]) -> Path:
    (tmp_path / "net.yaml").write_text(SMALL, "utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["attest", "net.yaml", "--key", str(keys["supplier"].private), "-o", "net.jsonl"]) == 0
    return tmp_path


def test_the_exit_status_says_whether_it_holds(
    folder: Path, keys: dict[str, KeyPair], capsys: pytest.CaptureFixture[str]
) -> None:
    public = ["--key", str(keys["supplier"].public)]
    assert run(["verify", "net.jsonl", "net.yaml", *public]) == 0
    assert run(["verify", "net.jsonl", "net.yaml", *public, "--format", "json", "-o", "found.json"]) == 0
    assert json.loads((folder / "found.json").read_text("utf-8"))["holds"] is True
    assert run(["verify", "net.jsonl", "net.yaml", *public, "--not-before", "2026-01-01"]) == 0
    assert run(["verify", "net.jsonl", "net.yaml", *public, "--not-before", "9000-01-01"]) == 1
    assert run(["verify", "net.jsonl", "net.yaml", "--key", str(keys["other"].public)]) == 1
    (folder / "net.yaml").write_text(SMALL.replace("3.13", "3.14"), "utf-8")
    capsys.readouterr()
    assert run(["verify", "net.jsonl", "net.yaml", *public]) == 1
    assert "3.13 W → 3.14 W" in capsys.readouterr().out
    for wrong in (["net.yaml"], ["none"], ["net.jsonl", "net.yaml", "--not-before", "x"]):
        assert run(["verify", *wrong, *public]) == 2
    for wrong in ([], ["--signer", "me", *public], ["--identity", "me"], ["--key", "none"]):
        assert run(["verify", "net.jsonl", "net.yaml", *wrong]) == 2
    for wrong in (
        [],
        ["--statement", "--key", "k"],
        ["--key", "none"],
        ["--key", str(keys["supplier"].public)],
    ):
        assert run(["attest", "net.yaml", *wrong]) == 2


def test_a_passphrase_comes_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = ssh_key(folder / "locked", "pä ss")
    assert run(["attest", "net.yaml", "--key", "locked", "-o", "other.jsonl"]) == 2  # nobody to ask
    monkeypatch.setenv("FACTSHEET_KEY_PASSPHRASE", "pä ss")
    assert run(["attest", "net.yaml", "--key", "locked", "-o", "other.jsonl"]) == 0
    assert run(["verify", "other.jsonl", "net.yaml", "--key", str(pair.public)]) == 0


def test_no_output_takes_the_place_of_a_key_or_a_foreign_envelope(folder: Path) -> None:
    pair = ssh_key(folder / "mine")
    before = pair.private.read_bytes()
    assert run(["attest", "net.yaml", "--key", "mine", "-o", "mine"]) == 2
    assert pair.private.read_bytes() == before
    (folder / "slsa.jsonl").write_text('{"payload":"e30=","payloadType":"x","signatures":[]}\n', "utf-8")
    assert run(["attest", "net.yaml", "--key", "mine", "-o", "slsa.jsonl"]) == 2
    assert run(["attest", "net.yaml", "--key", "mine", "-o", "net.jsonl"]) == 0  # one of ours


def test_a_bundle_is_no_envelope_of_a_key(folder: Path, keys: dict[str, KeyPair]) -> None:
    bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": {}}
    (folder / "b.json").write_text(json.dumps(bundle), "utf-8")
    assert run(["verify", "b.json", "--key", str(keys["supplier"].public)]) == 2
    trust = ["--identity", "me", "--issuer", "https://x", "--trusted-root"]
    assert run(["verify", "b.json", *trust, "none.json"]) == 2


def test_a_passphrase_is_asked_for_at_a_terminal_and_not_shown(folder: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    pair = ssh_key(folder / "locked", "pä ss")
    arguments = ["-m", "factsheet", "attest", "net.yaml", "--key", "locked", "-o", "asked.jsonl"]
    child = pexpect.spawn(sys.executable, arguments, cwd=str(folder), encoding="utf-8", timeout=120)
    child.expect("Passphrase for locked: ")
    child.sendline("pä ss")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert "pä ss" not in child.before
    assert run(["verify", "asked.jsonl", "net.yaml", "--key", str(pair.public)]) == 0


def test_what_a_signer_wrote_drives_no_terminal(
    folder: Path, keys: dict[str, KeyPair], capsys: pytest.CaptureFixture[str]
) -> None:
    odd = "a\x1b[31m\n::error::x\u202e"
    statement = json.loads(statement_payload(factsheet.loads(SMALL), name=odd, moment=MOMENT))
    facts = statement["predicate"]["sheet"]
    facts["overview"]["name"] = odd
    statement["subject"][0]["digest"] = {"sha256": digest_of_data(facts).removeprefix("sha256:")}
    statement["predicate"]["program"]["version"] = odd
    payload = payload_of(statement)
    signature = read_signing_key(keys["supplier"].private).sign(signed_bytes(payload))
    (folder / "odd.jsonl").write_bytes(SealedPayload(payload, (signature,)).to_bytes())
    capsys.readouterr()
    assert run(["verify", "odd.jsonl", "net.yaml", "--key", str(keys["supplier"].public)]) == 1
    shown = capsys.readouterr().out
    assert "by factsheet a\ufffd[31m ::error::x\ufffd" in shown
    assert "overview.name" in shown
    assert not [one for one in shown.replace("\n", "") if not one.isprintable()]
    assert not re.search(r"^\s*::", shown, re.MULTILINE)
