"""`factsheet verify`: who signed a declaration, and what is otherwise by now."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from factsheet.attestation.envelope import LARGEST
from factsheet.attestation.sigstore_bundle import SigstoreTrust
from factsheet.attestation.verification import verify
from factsheet.attestation.verification_report import verification_json, verification_text
from factsheet.cli import exits
from factsheet.cli.attestation.attest import Data, Weights
from factsheet.cli.gathering import STDIN_NAME
from factsheet.cli.options import Output, TextOrJson
from factsheet.cli.sheets import deliver, open_sheet_as_written
from factsheet.cli.terminal import style_for
from factsheet.errors import UsageError
from factsheet.reports.text import Style, one_line

STDIN = "-"


def moment_of(text: str) -> datetime:
    """Return the moment that a day, or a day with a time, begins; in UTC where no zone is named.

    Raises:
        UsageError: it is none.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(
            f"`{one_line(text[:60])}` is no day",
            help="write it like 2026-11-30, or 2026-11-30T12:00:00Z",
            place="--not-before",
        ) from None


def _from_standard_input(sheet: str | None) -> bytes:
    if sheet == STDIN:
        raise UsageError(
            "both the declaration and the sheet are to come from standard input",
            "there is one of it",
            "name the file of one of them",
            place=STDIN,
        )
    return b"" if sys.stdin is None else sys.stdin.buffer.read(LARGEST + 1)


def sigstore_trust_of(
    identity: str | None, issuer: str | None, trusted_root: Path | None
) -> SigstoreTrust | None:
    """Return whom to trust of Sigstore's signers; `None` where nothing is said.

    Raises:
        UsageError: a part is missing.
    """
    if identity is None and issuer is None and trusted_root is None:
        return None
    if not identity or not issuer or trusted_root is None:
        raise UsageError(
            "a Sigstore bundle is verified by identity, issuer and trusted root together",
            "each of them alone fits signatures of others",
            "give `--identity`, `--issuer` and `--trusted-root`",
        )
    return SigstoreTrust(identity=identity, issuer=issuer, trusted_root=trusted_root)


def command(
    *,
    envelope: Annotated[
        Path,
        typer.Argument(
            metavar="ENVELOPE", help="The declaration that `attest` wrote, or a Sigstore bundle; or `-`."
        ),
    ],
    sheet: Annotated[
        str | None,
        typer.Argument(
            metavar="SHEET",
            help="The sheet as it is now, or `-`. Left out: the signatures alone are verified.",
            show_default=False,
        ),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A public key that you trust, of ssh-keygen or in PEM; repeated for several.",
            show_default=False,
        ),
    ] = None,
    allowed_signers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A list of trusted keys in OpenSSH's form.", show_default=False),
    ] = None,
    signer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Of that list, who has to have signed; repeated for several, each of whom has to.",
            show_default=False,
        ),
    ] = None,
    signatures: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="How many trusted signatures it has to have at least."),
    ] = 1,
    weights: Weights = None,
    data: Data = None,
    not_before: Annotated[
        str | None,
        typer.Option(metavar="DAY", help="Refuse a declaration that is older than this.", show_default=False),
    ] = None,
    newer_than: Annotated[
        Path | None,
        typer.Option(
            metavar="ENVELOPE",
            help="Refuse a declaration that is older than this earlier one.",
            show_default=False,
        ),
    ] = None,
    identity: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Of a Sigstore bundle: who has to have signed it.", show_default=False
        ),
    ] = None,
    issuer: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Of a Sigstore bundle: who vouches for that.", show_default=False),
    ] = None,
    trusted_root: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Of a Sigstore bundle: the instance's trusted_root.json.", show_default=False
        ),
    ] = None,
    output_format: TextOrJson = "text",
    output: Output = None,
) -> None:
    """Verify a declaration: what is signed, by which key, and which facts, files and results have changed since.

    Nothing is looked up on the network. The exit status is 0 where all that was compared is as it was signed, 1 where
    something changed or the signature is not to be trusted, 2 where nothing could be verified.

    Example:
      factsheet verify bert.intoto.jsonl sheets/bert.yaml --key supplier.pub
      factsheet verify bert.intoto.jsonl --allowed-signers signers --signer ibm
      factsheet verify new.jsonl sheets/bert.yaml --key k.pub --newer-than old.jsonl
    """
    if signer and allowed_signers is None:
        raise UsageError(
            "`--signer` names a signer of a list, and no list is given",
            help="give the list: `--allowed-signers FILE`",
            place="--signer",
        )
    trust = sigstore_trust_of(identity, issuer, trusted_root)
    since = None if not_before is None else moment_of(not_before)
    shown, now = ("", None) if sheet is None else open_sheet_as_written(sheet)
    found = verify(
        envelope if str(envelope) != STDIN else _from_standard_input(sheet),
        now,
        keys=key or (),
        allowed_signers=allowed_signers,
        signer=signer,
        signatures=signatures,
        sigstore=trust,
        weights=weights or (),
        data=data or (),
        not_before=since,
        newer_than=newer_than,
    )
    called = STDIN_NAME if str(envelope) == STDIN else str(envelope)
    if output_format == "json":
        deliver(verification_json(found, called, shown), output)
    else:
        style = Style() if output is not None else style_for(sys.stdout)
        deliver(verification_text(found, called, shown, style), output)
    raise typer.Exit(exits.CLEAN if found.holds else exits.FINDINGS)
