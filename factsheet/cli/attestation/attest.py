"""`factsheet attest`: a signed declaration about a sheet."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from factsheet.attestation.attesting import add_signature, attest, statement_payload
from factsheet.cli.gathering import STDIN_NAME
from factsheet.cli.options import Output, SheetArgument
from factsheet.cli.sheets import deliver, open_sheet_as_written
from factsheet.errors import PassphraseError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSPHRASE = "FACTSHEET_KEY_PASSPHRASE"  # noqa: S105  the name of a variable

Weights = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PATH",
        help="A file of the model's weights, or a folder of them; repeated for several.",
        show_default=False,
    ),
]
Data = Annotated[
    list[Path] | None,
    typer.Option(
        metavar="PATH", help="A file of data, or a folder of them; repeated for several.", show_default=False
    ),
]


def passphrase_of(name: str) -> bytes | None:
    """Return the passphrase of a key: from the environment, else as a person types it, unseen.

    Args:
        name: the key's file.
    """
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return os.fsencode(given)
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    from getpass import getpass  # only for a person

    try:
        return getpass(f"Passphrase for {name}: ").encode("utf-8", "surrogateescape")
    except EOFError:
        return None
    except UnicodeDecodeError:
        raise PassphraseError(
            "what was typed is no text in this terminal's encoding",
            "nothing was signed",
            f"see that the terminal is set to UTF-8, or set {PASSPHRASE}",
            place=name,
        ) from None


def make_declaration(
    name: str | None,
    keys: Sequence[Path],
    *,
    weights: Sequence[Path] = (),
    data: Sequence[Path] = (),
    bare: bool = False,
    add_to: Path | None = None,
    signed_by: Sequence[Path] = (),
    output: Path | None = None,
) -> int:
    """Write the declaration about a sheet.

    Raises:
        FactsheetError: the sheet, a key or a file cannot be used.
    """
    if bare == bool(keys):
        raise UsageError(
            "a bare statement is signed by no key" if bare else "no key is given",
            "another program signs it" if bare else "nobody could tell whose declaration it is",
            "leave one of `--statement` and `--key` out"
            if bare
            else "name the file of your private key: `--key FILE`",
            place="--statement" if bare else "--key",
        )
    if (add_to is None) != (not signed_by) or (bare and add_to is not None):
        raise UsageError(
            "a signature is added to a declaration whose signatures have been verified",
            "you would sign what nobody you know has signed",
            "give `--add-to ENVELOPE` with `--signed-by FILE`, the public key of whoever signed it",
            place="--add-to" if signed_by or bare else "--signed-by",
        )
    shown, sheet = open_sheet_as_written(name)
    if add_to is not None:
        both = add_signature(
            add_to, sheet, keys, signed_by=signed_by, weights=weights, data=data, passphrase=passphrase_of
        )
        return deliver(both.decode(), output)
    called = "sheet" if shown == STDIN_NAME else Path(shown).name
    if bare:
        payload = statement_payload(sheet, name=called, weights=weights, data=data)
        return deliver(payload.decode() + "\n", output)
    made = attest(sheet, keys, name=called, weights=weights, data=data, passphrase=passphrase_of)
    return deliver(made.decode(), output)


def command(
    *,
    sheet: SheetArgument = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Your private Ed25519 key, of ssh-keygen or in PEM; repeated for several signers.",
            show_default=False,
        ),
    ] = None,
    weights: Weights = None,
    data: Data = None,
    statement: Annotated[
        bool,
        typer.Option("--statement", help="Write the bare in-toto statement, for another program to sign."),
    ] = False,
    add_to: Annotated[
        Path | None,
        typer.Option(
            metavar="ENVELOPE",
            help="Sign what this declaration says, and keep the signatures that are in it.",
            show_default=False,
        ),
    ] = None,
    signed_by: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="With `--add-to`: the public key of whoever signed it before; repeated for several.",
            show_default=False,
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Sign a declaration about a sheet: what it says, what follows from it, and which weights and data it is about.

    It is an in-toto statement in a DSSE envelope. The sheet is signed as canonical JSON, so that comments and layout
    may change after. A passphrase is asked for at a terminal, or taken from FACTSHEET_KEY_PASSPHRASE. It takes the
    extra `sign`.

    Example:
      factsheet attest sheets/bert.yaml --key ~/.ssh/supplier -o bert.intoto.jsonl
      factsheet attest sheets/bert.yaml --key k.pem --weights model.safetensors
      factsheet attest sheets/bert.yaml --statement -o statement.json
      factsheet attest x.yaml --key me --add-to x.jsonl --signed-by k.pub -o y.jsonl
    """
    raise typer.Exit(
        make_declaration(
            sheet,
            key or (),
            weights=weights or (),
            data=data or (),
            bare=statement,
            add_to=add_to,
            signed_by=signed_by or (),
            output=output,
        )
    )
