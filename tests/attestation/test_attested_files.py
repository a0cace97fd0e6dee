"""Weights and data of a declaration: what is missing, swapped, linked or too much, and what is compared with what."""

from __future__ import annotations

import os
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

import factsheet
from factsheet import errors
from factsheet.attestation import attesting
from factsheet.attestation.attested_files import AttestedFile, digests_of
from factsheet.attestation.compared_files import compare_files
from factsheet.attestation.verification_report import verification_text
from factsheet.reports.text import Style

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from key_pairs import KeyPair

    from factsheet.attestation.verification import Verification


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for name in ("train.csv", "test.csv", "more/labels.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"content of {name}", "utf-8")
    return folder


@pytest.fixture
def verified(data: Path, small: factsheet.FactSheet, keys: dict[str, KeyPair]) -> Callable[[], Verification]:
    envelope = factsheet.attest(small, [keys["supplier"].private], data=[data])
    return lambda: factsheet.verify(envelope, small, keys=[keys["supplier"].public], data=[data])


def states(found: Verification) -> dict[str, str]:
    return {one.name: one.state for one in found.files}


def test_a_file_that_is_gone_from_its_folder_is_missing(
    data: Path, verified: Callable[[], Verification]
) -> None:
    assert verified().holds
    (data / "test.csv").unlink()
    found = verified()
    assert states(found) == {
        "data/more/labels.csv": "unchanged",
        "data/test.csv": "missing",
        "data/train.csv": "unchanged",
    }
    assert not found.holds


def test_files_that_change_names_are_changed(data: Path, verified: Callable[[], Verification]) -> None:
    (data / "test.csv").rename(data / "x")
    (data / "train.csv").rename(data / "test.csv")
    (data / "x").rename(data / "train.csv")
    found = verified()
    assert states(found) == {
        "data/more/labels.csv": "unchanged",
        "data/test.csv": "changed",
        "data/train.csv": "changed",
    }
    assert not found.holds


def attested(name: str, content: str, role: str = "data", origin: str = "file") -> AttestedFile:
    return AttestedFile(name, sha256(content.encode()).hexdigest(), role, origin)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("declared", "given", "expected"),
    [
        # A folder that is called otherwise by now: its files are found by what they hold.
        (["d/a:1", "d/b:2"], ["e/a:1", "e/b:2"], ["unchanged", "unchanged"]),
        (["d/a:1", "d/b:2"], ["e/a:1"], ["unchanged", "missing"]),
        # One file of it, by itself: the others were not given.
        (["d/a:1", "d/b:2"], ["a:1"], ["unchanged", "not compared"]),
        (["a:1", "b:2"], ["a:1"], ["unchanged", "not compared"]),
        (["a:1"], ["b:1"], ["unchanged"]),
        (["a:1"], ["b:2"], ["not compared", "not declared"]),
        (["d/a:1"], ["d/b:2"], ["missing", "not declared"]),
        # Two of the same content, and one of them is there.
        (["d/a:1", "d/b:1"], ["d/a:1"], ["unchanged", "missing"]),
        (["d/a:1", "d/b:1"], ["e/c:1"], ["unchanged", "missing"]),
        # The name counts before the content.
        (["d/a:1", "d/b:2"], ["d/a:2", "d/c:1"], ["changed", "missing", "not declared"]),
    ],
)
def test_files_are_found_by_name_then_by_content(
    declared: list[str], given: list[str], expected: list[str]
) -> None:
    then, now = ([attested(*one.split(":")) for one in side] for side in (declared, given))
    assert [one.state for one in compare_files(then, now)] == expected


def test_weights_are_no_data_and_those_that_a_sheet_names_have_any_name() -> None:
    weights = attested("w", "1", "weights")
    assert [one.state for one in compare_files([weights], [attested("w", "1", "data")])] == [
        "not compared",
        "not declared",
    ]
    stated = attested("https://example.org/w", "1", "weights", "sheet")
    assert [one.state for one in compare_files([stated], [attested("mine", "1", "weights")])] == ["unchanged"]
    assert [one.state for one in compare_files([stated], [attested("mine", "2", "weights")])] == [
        "changed",
        "not declared",
    ]


def test_a_link_to_a_folder_is_refused_and_one_to_a_file_is_followed(data: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "blob").write_bytes(b"of a cache")
    (data / "model.bin").symlink_to(outside / "blob")  # as the Hub's cache has its files
    found = {one.name: one.sha256 for one in digests_of([data], "data")}
    assert found["data/model.bin"] == sha256(b"of a cache").hexdigest()
    (data / "linked").symlink_to(outside, target_is_directory=True)
    with pytest.raises(errors.SourceUnreadableError, match="link to a folder"):
        digests_of([data], "data")


def test_a_repository_within_is_left_out_and_nothing_else_that_is_hidden(data: Path) -> None:
    before = digests_of([data], "data")
    (data / ".git").mkdir()
    (data / ".git" / "HEAD").write_text("ref", "utf-8")
    assert digests_of([data], "data") == before
    (data / ".hidden").write_text("x", "utf-8")
    assert "data/.hidden" in {one.name for one in digests_of([data], "data")}


def test_a_folder_that_cannot_be_listed_is_not_passed_over(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = os.scandir

    def refused(path: str) -> object:
        if os.fspath(path).endswith("more"):
            raise PermissionError(13, "Permission denied", path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(errors.SourceUnreadableError, match=r"more.*Permission denied"):
        digests_of([data], "data")


def test_of_many_files_those_that_differ_are_listed(data: Path, verified: Callable[[], Verification]) -> None:
    for number in range(50):
        (data / f"new{number}").write_text(str(number), "utf-8")
    (data / "test.csv").unlink()
    text = verification_text(verified(), "e", "s", Style())
    assert "  files      2 of 53 unchanged\n" in text
    assert "  data       data/test.csv: missing\n" in text
    assert "  and 11 more files; `--format json` has them all\n" in text  # 51 differ, and 40 have a line


def test_a_path_by_itself_is_one_path(
    data: Path, small: factsheet.FactSheet, keys: dict[str, KeyPair]
) -> None:
    private, public = (str(file) for file in keys["supplier"])
    envelope = factsheet.attest(small, private, data=str(data))
    found = factsheet.verify(envelope, keys=public, data=str(data))
    assert len(found.files) == 3
    assert found.holds


def test_a_declaration_that_could_not_be_read_again_is_not_made(
    data: Path, small: factsheet.FactSheet, keys: dict[str, KeyPair], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attesting, "LARGEST_PAYLOAD", 1_000)
    with pytest.raises(errors.AttestationError, match=r"3 files take most"):
        factsheet.attest(small, [keys["supplier"].private], data=[data])


def test_the_largest_declaration_is_one_that_is_read() -> None:
    from factsheet.attestation.envelope import (
        LARGEST,
        LARGEST_PAYLOAD,
        EnvelopeSignature,
        SealedPayload,
        read_envelope,
    )

    # A fingerprint has 50 characters, a signature of Ed25519 64 bytes (RFC 8032), and 100 are the most.
    signatures = tuple(EnvelopeSignature(f"{number:050d}", bytes([number]) * 64) for number in range(100))
    sealed = SealedPayload(bytes(LARGEST_PAYLOAD), signatures)
    content = sealed.to_bytes()
    assert len(content) <= LARGEST
    assert read_envelope(content, "e") == sealed
    with pytest.raises(errors.EnvelopeError, match="more than 100 signatures"):
        SealedPayload(b"x", (*signatures, EnvelopeSignature("k", b"s"))).to_bytes()
    more = content.replace(b'"signatures":[', b'"signatures":[{"keyid":"k","sig":"AAAA"},')
    with pytest.raises(errors.EnvelopeError, match="more than 100 signatures"):
        read_envelope(more, "e")
