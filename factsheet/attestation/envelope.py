"""DSSE envelopes in the one form that `attest` writes: every byte of a file that is accepted is signed or implied.

The form is canonical JSON (RFC 8785) on one line, which is a line of the in-toto bundles that other programs read. The
payload is what a signature is over, by the encoding of DSSE 1.0 (PAE). Other spellings of the same content are refused:
spaces, other keys, another order, base64 with other ends.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from factsheet.attestation.extras import needing
from factsheet.errors import (
    DuplicateSignatureError,
    EnvelopeError,
    TruncatedEnvelopeError,
    UnknownPayloadError,
)
from factsheet.sheet.digest import canonical_json

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
LARGEST: Final = 1 << 24
"""Bytes of an envelope that are read: a sheet has at most one mebibyte."""
LARGEST_PAYLOAD: Final = LARGEST // 4 * 3 - (1 << 16)
"""Bytes that are signed: as base64, and with room for all signatures, an envelope that is read."""
_MOST_SIGNATURES: Final = 100
_START: Final = b'{"payload":"'
_FORM: Final = re.compile(
    rb'\{"payload":"(?P<payload>[A-Za-z0-9+/]+={0,2})","payloadType":"(?P<type>[ !#-\[\]-~]*)",'
    rb'"signatures":\[(?P<signatures>[^\[\]]*)\]\}\n'
)
_SIGNATURE: Final = re.compile(
    rb'\{"keyid":"(?P<keyid>[ !#-\[\]-~]*)","sig":"(?P<sig>[A-Za-z0-9+/]+={0,2})"\}'
)
_HELP: Final = "get the file again from whoever made it; `factsheet attest` writes a new one"


class EnvelopeSignature(NamedTuple):
    """A signature, with the fingerprint of the key that it says it is by."""

    keyid: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class SealedPayload:
    """What an envelope holds.

    Attributes:
        payload: what is signed.
        signatures: by whom.
        payload_type: how to understand the payload.
    """

    payload: bytes
    signatures: tuple[EnvelopeSignature, ...]
    payload_type: str = PAYLOAD_TYPE

    @property
    def signed_bytes(self) -> bytes:
        """The bytes that signatures are over: type and payload, each after its length (DSSE 1.0, PAE)."""
        return signed_bytes(self.payload, self.payload_type)

    def to_bytes(self) -> bytes:
        """Return the file.

        Raises:
            EnvelopeError: there are more signatures than are read.
        """
        if len(self.signatures) > _MOST_SIGNATURES:
            raise EnvelopeError(
                f"there are more than {_MOST_SIGNATURES} signatures",
                "no envelope with as many is read",
                "leave some of the keys out",
            )
        signatures = [
            {"keyid": one.keyid, "sig": base64.b64encode(one.signature).decode()} for one in self.signatures
        ]
        payload = base64.b64encode(self.payload).decode()
        data = {"payload": payload, "payloadType": self.payload_type, "signatures": signatures}
        return canonical_json(data).encode() + b"\n"


def signed_bytes(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """Return what a signature is over.

    Raises:
        SigningUnavailableError: the package that knows it is not installed.
    """
    with needing("sign", "signing and verifying"):
        from securesystemslib.dsse import Envelope

    encoded: bytes = Envelope(payload, payload_type, {}).pae()
    return encoded


def read_envelope(content: bytes, name: str) -> SealedPayload:
    """Read an envelope; no signature is verified yet.

    Args:
        content: the file.
        name: what to call it in messages.

    Raises:
        TruncatedEnvelopeError: it ends in the middle.
        UnknownPayloadError: it is around something else than an in-toto statement.
        DuplicateSignatureError: a key or a signature is in it twice.
        EnvelopeError: it is no envelope, or is written otherwise than `attest` does.
    """
    if len(content) > LARGEST:
        raise EnvelopeError(
            f"the envelope is larger than {LARGEST:,} bytes", "no sheet is as large", _HELP, place=name
        )
    form = _FORM.fullmatch(content)
    if form is None:
        raise _misfit(content, name)
    signatures = []
    rest = form["signatures"]
    for part in re.split(rb"(?<=\}),", rest, maxsplit=_MOST_SIGNATURES) if rest else ():
        found = _SIGNATURE.fullmatch(part)
        if found is None:
            raise _other_form("a signature of it has another form", name)
        signatures.append(EnvelopeSignature(found["keyid"].decode(), _decoded(found["sig"], name)))
    payload_type = form["type"].decode()
    if payload_type != PAYLOAD_TYPE:
        raise UnknownPayloadError(
            f"the envelope holds `{payload_type[:60]}`",
            f"only statements of in-toto can be a declaration: `{PAYLOAD_TYPE}`",
            "name the envelope that `factsheet attest` wrote",
            place=name,
        )
    if len(signatures) > _MOST_SIGNATURES:
        raise _other_form(f"more than {_MOST_SIGNATURES} signatures", name)
    if not signatures:
        raise EnvelopeError("the envelope is not signed", "anybody can have written it", _HELP, place=name)
    keys, values = {one.keyid for one in signatures}, {one.signature for one in signatures}
    if len(keys) < len(signatures) or len(values) < len(signatures):
        raise DuplicateSignatureError(
            "a signature is in the envelope twice",
            "it would be counted as that of two signers",
            _HELP,
            place=name,
        )
    return SealedPayload(_decoded(form["payload"], name), tuple(signatures), payload_type)


def _decoded(text: bytes, name: str) -> bytes:
    """Return what base64 says; its last character has bits that count for nothing, which have to be 0."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise _other_form("base64 in it is broken", name) from None
    if base64.b64encode(data) != text:
        raise _other_form("base64 in it is written otherwise than its content is", name)
    return data


def _other_form(message: str, name: str) -> EnvelopeError:
    why = "an accepted file has one form only, so that no byte of it can be changed unnoticed"
    return EnvelopeError(
        f"the envelope was changed, or not written by `factsheet attest`: {message}", why, _HELP, place=name
    )


def _misfit(content: bytes, name: str) -> EnvelopeError:
    """Return what is wrong with a file that has not the form of an envelope."""
    cut = TruncatedEnvelopeError(
        "the envelope ends in the middle",
        "what is missing may have been signed, or be the signature",
        _HELP,
        place=name,
    )
    if not content or _START.startswith(content) or (content.startswith(_START) and b"}" not in content):
        return cut
    try:
        data = json.loads(content)
    except json.JSONDecodeError as error:
        return (
            cut if error.pos >= len(content.rstrip()) and content.startswith(_START) else _no_envelope(name)
        )
    except (RecursionError, ValueError):
        return _no_envelope(name)
    if isinstance(data, dict) and "payload" in data and "signatures" in data:
        if content.rstrip(b"\n") + b"\n" != content:
            return cut if not content.endswith(b"\n") else _other_form("line breaks follow it", name)
        return _other_form("spaces, other keys, another order or other characters", name)
    return _no_envelope(name)


def _no_envelope(name: str) -> EnvelopeError:
    return EnvelopeError(
        "this is no envelope of a declaration",
        "nothing in it could be verified",
        "name the file that `factsheet attest` wrote, or a Sigstore bundle",
        place=name,
    )
