"""`factsheet doctor`: say what is installed, what is missing and what that costs."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, Literal

import typer

from factsheet.cli import exits
from factsheet.cli.options import TextOrJson
from factsheet.cli.terminal import say, style_for
from factsheet.reports.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.cli.doctor.checkup import Check

SCHEMA: Final = "factsheet.doctor/1"
_WORDS: Final = {"fine": "ok", "missing": "-", "fault": "FAULT"}


def doctor(output_format: Literal["text", "json"]) -> int:
    """Look at the installation, write what was found, and return 1 where something has to be put right."""
    from factsheet.cli.doctor.checkup import check_installation  # metadata of packages is read for it

    checks = check_installation()
    say(_json(checks) if output_format == "json" else _text(checks))
    return exits.FINDINGS if any(check.state == "fault" for check in checks) else exits.CLEAN


def _json(checks: Sequence[Check]) -> str:
    return json.dumps(
        {"schema": SCHEMA, "checks": [asdict(check) for check in checks]}, indent=2, ensure_ascii=False
    )


def _text(checks: Sequence[Check]) -> str:
    style = style_for(sys.stdout)
    width = max(len(check.topic) for check in checks)
    lines = []
    for check in checks:
        # Padded before it is coloured: codes for colour have no width.
        word = f"{_WORDS[check.state]:<5}"
        marked = style.strong(word) if check.state == "fault" else word
        lines.append(f"{marked}  {check.topic:<{width}}  {one_line(check.text)}")
        if check.help:
            lines.append(f"{'':<5}  {'':<{width}}  = help: {one_line(check.help)}")
    faults = sum(check.state == "fault" for check in checks)
    missing = sum(check.state == "missing" for check in checks)
    said = f"{faults} fault{'' if faults == 1 else 's'}, {missing} optional part{'' if missing == 1 else 's'} missing"
    return "\n".join([*lines, "", style.strong(said) if faults else style.good(said)])


def command(*, output_format: TextOrJson = "text") -> None:
    """Say what is installed, what is missing and what that costs, and whether the settings can work.

    Exit status: 0 all that is asked for works, 1 something has to be put right.

    Example:
      factsheet doctor
      factsheet doctor --format json
    """
    raise typer.Exit(doctor(output_format))
