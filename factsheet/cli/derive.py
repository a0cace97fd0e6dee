"""`factsheet derive`: what the sheet claims beside what follows from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from factsheet.cli import exits
from factsheet.cli.exits import Stop
from factsheet.cli.opened import deliver, open_sheet

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.crossbar import TileShape
    from factsheet.derive import Derivation

_TILE = re.compile(r"([1-9]\d{0,5})(?:[x×]([1-9]\d{0,5}))?")


def derive(
    sheet: str | None,
    *,
    seq_len: int | None,
    batch: int | None,
    tile: str | None,
    convention: str | None,
    output_format: Literal["table", "json"],
    explain: str | None,
    output: Path | None,
) -> int:
    """Derive facts and write them as a table, as JSON, or one fact with its arithmetic.

    Raises:
        Stop: the sheet can not be read or an option is off; the message says how to mend it.
    """
    from factsheet.derive import DeriveError  # start-up: `validate` does without
    from factsheet.derive import derive as run
    from factsheet.workload import WorkloadError

    shape = _tile_shape(tile)
    name, factsheet = open_sheet(sheet)
    try:
        derivation = run(factsheet, seq_len=seq_len, batch=batch, tile=shape, convention=convention)
        if (
            seq_len is not None
            and derivation.problem is not None
            and derivation.problem.path.endswith("positions")
        ):
            raise derivation.problem  # asked for on the command line, so it is the command line that is wrong
        return deliver(_text(derivation, name, output_format, explain, output), output)
    except (DeriveError, WorkloadError) as error:
        raise Stop(_message(name, error)) from None


def _text(
    derivation: Derivation,
    name: str,
    output_format: Literal["table", "json"],
    explain: str | None,
    output: Path | None,
) -> str:
    if explain is not None:
        from factsheet.derive import explain as arithmetic  # only for --explain

        return "\n".join(arithmetic(derivation, explain)) + "\n"
    if output_format == "json":
        import json  # only for JSON

        from factsheet.derive import to_json

        return json.dumps(to_json(derivation), indent=2, ensure_ascii=False) + "\n"
    from factsheet.cli.derive_table import table  # loads rich

    return table(derivation, name, to_file=output is not None)


def _message(name: str, error: Exception) -> str:
    message, why, help_ = (getattr(error, part) for part in ("message", "why", "help"))
    path = getattr(error, "path", "")
    where = f"{name}: {path}" if path else name
    return f"factsheet: {where}: {message}\n  = why: {why}\n  = help: {help_}"


def _tile_shape(text: str | None) -> TileShape | None:
    if text is None:
        return None
    match = _TILE.fullmatch(text.strip())
    if match is None:
        raise Stop(
            f"factsheet: --tile {text[:40]}: expected `512` or `512x256`, rows first, each from 1 to 999999\n"
            "  A tile is one array; its rows are inputs, its columns outputs, counted in weights.",
            exits.USAGE,
        )
    from factsheet.crossbar import TileShape

    return TileShape(int(match[1]), int(match[2] or match[1]))
