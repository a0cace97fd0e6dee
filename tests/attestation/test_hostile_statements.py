"""Statements with a right signature that say something else to another reader, or put anything in a result's place."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from key_pairs import MOMENT, KeyPair

import factsheet
from factsheet import errors
from factsheet.attestation.attesting import statement_payload
from factsheet.attestation.envelope import SealedPayload, signed_bytes
from factsheet.attestation.signing_keys import read_signing_key
from factsheet.attestation.verification_report import verification_json, verification_text
from factsheet.reports.text import Style
from factsheet.sheet.digest import digest_of_data

if TYPE_CHECKING:
    from collections.abc import Callable

    from factsheet.attestation.verification import Verification


@pytest.fixture
def verified(keys: dict[str, KeyPair], small: factsheet.FactSheet) -> Callable[..., Verification]:
    """Sign a payload as the supplier would, and verify it."""

    def verify(payload: bytes, **options: Any) -> Verification:
        signature = read_signing_key(keys["supplier"].private).sign(signed_bytes(payload))
        envelope = SealedPayload(payload, (signature,)).to_bytes()
        return factsheet.verify(envelope, small, keys=[keys["supplier"].public], **options)

    return verify


@pytest.fixture
def payload(small: factsheet.FactSheet) -> bytes:
    return statement_payload(small, name="n", moment=MOMENT)


@pytest.mark.parametrize(
    "change",
    [
        # RFC 8259, section 4: of names that are not unique, readers take the first, the last, or none.
        lambda text: text.replace('"issued":', '"issued":"2020-01-01T00:00:00Z","issued":').encode(),
        lambda text: text.replace('"issued":', '"x":{"a":1,"a":2},"issued":').encode(),
        lambda text: text.replace('"issued":', '"x":NaN,"issued":').encode(),
        lambda text: text.replace('"issued":', '"x":-Infinity,"issued":').encode(),
        lambda text: text.replace('"issued":', '"x":1e400,"issued":').encode(),
        lambda text: text.replace('"issued":', '"x":9007199254740993,"issued":').encode(),  # 2**53 + 1
        lambda text: text.replace('"issued":', r'"x":"\ud800","issued":').encode(),
        lambda text: text.replace('"issued":', r'"\udfff":1,"issued":').encode(),
        lambda text: text.replace('"issued":', f'"x":{"[" * 100}{"]" * 100},"issued":').encode(),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace('"n"', '"n\xe9"').encode("latin-1"),
    ],
)
def test_what_readers_of_json_take_differently_is_refused(
    change: Callable[[str], bytes], payload: bytes, verified: Callable[..., Verification]
) -> None:
    assert verified(payload).holds
    assert verified(payload + b"\n").holds  # as `--statement` writes it for others to sign
    with pytest.raises(errors.StatementError):
        verified(change(payload.decode()))


FILE = {
    "name": "w",
    "digest": {"sha256": "0" * 64},
    "annotations": {"role": "weights", "origin": "file"},
}


@pytest.mark.parametrize(
    "change",
    [
        lambda statement: statement["predicate"].update(issued="2026-1-1T0:0:0Z"),
        lambda statement: statement["predicate"].update(issued="٢٠٢٦-01-01T00:00:00Z"),
        lambda statement: statement["predicate"].update(issued="2026-01-01T00:00:00Z\n"),
        lambda statement: statement["predicate"].update(issued="2026-13-01T00:00:00Z"),
        lambda statement: statement["subject"][0]["annotations"].update(role="weights"),
        lambda statement: statement["subject"][0].pop("annotations"),
        lambda statement: statement["subject"][0]["digest"].update(sha512="0" * 128),
        lambda statement: statement["subject"].append({**FILE, "digest": {"sha512": "0" * 128}}),
        lambda statement: statement["subject"].extend([FILE, {**FILE, "digest": {"sha256": "1" * 64}}]),
    ],
)
def test_a_statement_that_could_be_taken_for_another_is_refused(
    change: Callable[[Any], object], payload: bytes, verified: Callable[..., Verification]
) -> None:
    statement = json.loads(payload)
    change(statement)
    with pytest.raises(errors.StatementError):
        verified(json.dumps(statement).encode())


@pytest.mark.parametrize(
    "derived",
    [
        {},
        {"facts": None},
        {"facts": [None, 1, "x", {}, {"name": None}, {"name": [1], "verdict": {"a": 1}}]},
        {"facts": [], "totals": {"verdict": "agrees"}},
        {"facts": [{"name": "n" * 100_000, "verdict": "v" * 100_000, "derived": "d" * 100_000, "unit": []}]},
        {"facts": [], "problem": "p" * 100_000, "tile": [[[1e308]]], "chip": {"facts": "x"}},
    ],
)
def test_anything_in_the_place_of_results_is_named_in_short(
    derived: dict[str, Any], payload: bytes, verified: Callable[..., Verification]
) -> None:
    statement = json.loads(payload)
    statement["predicate"]["derived"] = derived
    found = verified(json.dumps(statement).encode())
    text = verification_text(found, "e", "s", Style())
    assert len(text) < 20_000
    assert json.loads(verification_json(found, "e", "s"))["holds"] is found.holds


def test_long_names_of_a_signer_are_shown_in_short(
    payload: bytes, verified: Callable[..., Verification]
) -> None:
    statement = json.loads(payload)
    statement["subject"][0]["name"] = "n" * 100_000
    statement["subject"].append({**FILE, "name": "f" * 100_000})
    statement["predicate"]["program"]["version"] = "v" * 100_000
    assert len(verification_text(verified(json.dumps(statement).encode()), "e", "s", Style())) < 5_000


def test_keys_without_a_value_change_no_digest(payload: bytes, verified: Callable[..., Verification]) -> None:
    statement = json.loads(payload)
    facts = statement["predicate"]["sheet"]
    before = digest_of_data(facts)
    facts["overview"]["version"] = None
    assert digest_of_data(facts) == before
    assert verified(json.dumps(statement).encode()).holds


def test_a_moment_to_come_is_refused(
    small: factsheet.FactSheet, keys: dict[str, KeyPair], envelope: bytes
) -> None:
    public = [keys["supplier"].public]
    later = factsheet.attest(small, [keys["supplier"].private], moment=MOMENT + timedelta(minutes=6))
    assert factsheet.verify(later, keys=public, now=MOMENT + timedelta(minutes=1)).holds  # clocks differ
    with pytest.raises(errors.FutureDatedError, match="2026-11-30 12:06:00 UTC"):
        factsheet.verify(later, keys=public, now=MOMENT)
    # As the earlier one, it would make every true one outdated.
    with pytest.raises(errors.FutureDatedError):
        factsheet.verify(envelope, keys=public, newer_than=later, now=MOMENT)
    forged = factsheet.attest(small, [keys["supplier"].private], moment=datetime(2999, 1, 1, tzinfo=UTC))
    with pytest.raises(errors.FutureDatedError):
        factsheet.verify(forged, keys=public)


def test_a_moment_without_a_zone_is_in_utc(envelope: bytes, keys: dict[str, KeyPair]) -> None:
    public, day = [keys["supplier"].public], MOMENT.replace(tzinfo=None)
    assert factsheet.verify(envelope, keys=public, not_before=day, now=day).holds
    with pytest.raises(errors.OutdatedError):
        factsheet.verify(envelope, keys=public, not_before=day + timedelta(seconds=1))
