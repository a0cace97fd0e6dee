"""A bundle of Sigstore's public instance, verified offline by the trusted root of that instance.

`public/pypi_attestation_models-0.0.4a2.sigstore.json` is signed by the release workflow of that package, and comes from
the tests of pypi-attestations 0.0.30 (Apache-2.0); `public/trusted_root.json` is that of the package sigstore 4.5.1
(Apache-2.0), which has it from the instance's TUF repository. What is signed is an attestation of PyPI's (PEP 740),
and no declaration about a sheet: to be refused as that, and not before, is to be verified.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import factsheet
from factsheet import errors
from factsheet.attestation.sigstore_bundle import read_bundle

PUBLIC = Path(__file__).parent / "public"
BUNDLE = (PUBLIC / "pypi_attestation_models-0.0.4a2.sigstore.json").read_bytes()
WHO = (
    "https://github.com/trailofbits/pypi-attestation-models/.github/workflows/release.yml@refs/tags/v0.0.4a2"
)
ISSUER = "https://token.actions.githubusercontent.com"


def trust(
    identity: str = WHO, issuer: str = ISSUER, root: Path = PUBLIC / "trusted_root.json"
) -> factsheet.SigstoreTrust:
    return factsheet.SigstoreTrust(identity=identity, issuer=issuer, trusted_root=root)


def test_a_bundle_of_the_public_instance_is_verified_offline() -> None:
    identity, payload = read_bundle(BUNDLE, trust(), "b")
    assert identity == WHO
    statement = json.loads(payload)
    assert statement["predicateType"] == "https://docs.pypi.org/attestations/publish/v1"
    # sha256sum of pypi_attestation_models-0.0.4a2.tar.gz, which is beside the bundle in those tests.
    digest = "c9709ce6fd5b67b59b4a28758cf14d3f411803c4b89b6068b1f1a8e4ee94c8ef"
    assert statement["subject"][0]["digest"] == {"sha256": digest}
    with pytest.raises(errors.StatementError, match="no declaration about a sheet"):
        factsheet.verify(BUNDLE, sigstore=trust())


def test_two_signatures_are_not_in_a_bundle() -> None:
    with pytest.raises(errors.MissingSignatureError, match="1 of the 2"):
        factsheet.verify(BUNDLE, sigstore=trust(), signatures=2)


@pytest.mark.parametrize(
    "whom",
    [trust(identity=WHO.replace("v0.0.4a2", "v0.0.4a3")), trust(issuer="https://github.com/login/oauth")],
)
def test_a_bundle_of_another_version_or_issuer_is_refused(whom: factsheet.SigstoreTrust) -> None:
    with pytest.raises(errors.BundleRefusedError, match=r"does not match|verify"):
        factsheet.verify(BUNDLE, sigstore=whom)


def strings_of(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(node, dict | list):
        items = node.items() if isinstance(node, dict) else enumerate(node)
        return [found for key, value in items for found in strings_of(value, (*path, key))]
    return [path] if isinstance(node, str) and node else []


# What nothing is signed with: two names, and a hint.
FREE = {"keyid", "mediaType"}


@pytest.mark.parametrize("path", strings_of(json.loads(BUNDLE)), ids=lambda path: ".".join(map(str, path)))
def test_a_change_of_any_part_is_refused(path: tuple[Any, ...]) -> None:
    bundle = json.loads(BUNDLE)
    node = bundle
    for step in path[:-1]:
        node = node[step]
    text = node[path[-1]]
    at = len(text) // 4  # in the signed part of a checkpoint: before its signature, it repeats the log's name
    node[path[-1]] = f"{text[:at]}{'1' if text[at] != '1' else '2'}{text[at + 1 :]}"
    with pytest.raises((errors.AttestationError, errors.UsageError)) as caught:
        factsheet.verify(json.dumps(bundle).encode(), sigstore=trust())
    assert not isinstance(caught.value, errors.StatementError) or path[-1] in FREE


@pytest.mark.parametrize(
    "content", [b"", b"x", b"{}", b"[" * 100_000, b'{"tlogs": [{}]}', b" " * (2 << 20)], ids=len
)
def test_a_trusted_root_that_is_none_is_named(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "root.json").write_bytes(content)
    with pytest.raises(errors.KeyFileError, match="the trusted root cannot be used") as caught:
        factsheet.verify(BUNDLE, sigstore=trust(root=tmp_path / "root.json"))
    assert caught.value.message.isprintable()
    assert "\ufffd" not in caught.value.message
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("place", ["/dev/zero", "pipe", "."])
def test_a_trusted_root_without_end_is_not_read(place: str, tmp_path: Path) -> None:
    import os

    if not hasattr(os, "mkfifo"):
        pytest.skip("Windows has none of these")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(errors.KeyFileError, match="no regular file"):
        factsheet.verify(BUNDLE, sigstore=trust(root=tmp_path / place))


def test_a_key_of_a_root_that_is_damaged_is_not_logged_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = json.loads((PUBLIC / "trusted_root.json").read_bytes())
    root["tlogs"][0]["publicKey"]["rawBytes"] = "AAAA"
    (tmp_path / "root.json").write_text(json.dumps(root), "utf-8")
    with pytest.raises(errors.AttestationError):
        factsheet.verify(BUNDLE, sigstore=trust(root=tmp_path / "root.json"))
    assert capsys.readouterr().err == ""


def test_a_bundle_is_known_by_what_it_says_and_not_by_how_it_is_spelt() -> None:
    spelt = BUNDLE.replace(b"application/vnd.dev", b"application\\/vnd.dev")
    assert spelt != BUNDLE
    with pytest.raises(errors.StatementError):
        factsheet.verify(spelt, sigstore=trust())
    nested = BUNDLE.rstrip()[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(errors.EnvelopeError):
        factsheet.verify(nested, sigstore=trust())
