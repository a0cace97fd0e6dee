"""Put a thousand generated sheets through each format and what reads it, and write the figures to a page of the docs.

`python tests/shared/measured_exports.py docs/exchange-measured.md`, or `nox -s exchange`.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exported_bills import SHEETS, sheet_in, sheet_of
from format_peers import PEERS
from generated_sheets import sheets
from hypothesis import HealthCheck, Phase, given, settings

from factsheet.exchange.formats import FORMATS, export_sheet
from factsheet.exchange.request import ExportRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.sheet.model import SheetFields

PAGE = Path(__file__).parents[2] / "docs" / "exchange-measured.md"
MOMENT = datetime(2026, 11, 30, tzinfo=UTC)
HEAD = """\
# Exports, measured

{count:,} generated sheets, and the {own} of this repository, in each [format](exchange.md), read or validated by what
the format's users have. A generated sheet is any that the schema takes: every field, kind and form of value, and texts
that YAML, Markdown, HTML or a spreadsheet could take for something else.

`nox -s exchange` makes this page.

{columns}
|---|---|---|---|---|---|---|---|
"""
COLUMNS = (
    "| format | read or validated by | generated sheets accepted | sheets of the repository accepted"
    " | answers carried | less exact | left out | bytes of a sheet, median |"
)
FOOT = """
Answers and bytes are those of this repository's sheets, which people wrote; a key of a fact, such as its source, is an
answer of its own. Results are of data sets with an identifier on the Hub alone, and none of these sheets names one.
"""


@dataclass
class Figures:
    """What became of sheets in one format."""

    tried: int = 0
    accepted: int = 0
    answers: int = 0
    unsaid: int = 0
    approximated: int = 0
    sizes: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def take(self, sheet: SheetFields, name: str) -> None:
        """Write a sheet, and have it read."""
        self.tried += 1
        try:
            made = export_sheet(request_of(sheet), name)
            PEERS[name](made)
        except Exception as error:  # noqa: BLE001  whatever goes wrong is counted, and shown
            self.faults.append(f"{name}: {type(error).__name__}: {error}"[:500])
            return
        self.accepted += 1
        self.answers += made.answers
        self.unsaid += len(made.unsaid)
        self.approximated += len(made.approximated)
        self.sizes.append(sum(len(file.content) for file in made.files))

    @property
    def median(self) -> int:
        """The bytes of a sheet in this format, in the middle of all."""
        return int(statistics.median(self.sizes or [0]))

    @property
    def words(self) -> str:
        """How many of them are accepted."""
        return f"{self.accepted:,} of {self.tried:,}"


def request_of(sheet: SheetFields, **options: Any) -> ExportRequest:
    return ExportRequest(sheet=sheet, name="sheet.yaml", moment=MOMENT, **options)


def drawn_sheets(count: int) -> list[dict[str, Any]]:
    """Return the plain data of that many sheets, the same ones every time."""
    drawn: list[dict[str, Any]] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(sheets())
    def collect(data: dict[str, Any]) -> None:
        drawn.append(data)

    collect()
    return drawn


def measured_formats(page: str) -> list[str]:
    """Return the formats that a page has figures of."""
    return re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE)


def page_of(drawn: Iterable[SheetFields], own: Iterable[SheetFields]) -> tuple[str, list[str]]:
    """Return the page, and what was not accepted."""
    generated = {name: Figures() for name in PEERS}
    written = {name: Figures() for name in PEERS}
    for sheet in drawn:
        for name, figures in generated.items():
            figures.take(sheet, name)
    for sheet in own:
        for name, figures in written.items():
            figures.take(sheet, name)
    rows = [
        f"| `{name}` | {FORMATS[name].checked_by} | {generated[name].words} | {one.words} |"
        f" {_share(one.answers - one.unsaid - one.approximated, one.answers)} |"
        f" {_share(one.approximated, one.answers)} | {_share(one.unsaid, one.answers)} | {one.median:,} |\n"
        for name, one in written.items()
    ]
    first = next(iter(generated.values()))
    head = HEAD.format(count=first.tried, own=next(iter(written.values())).tried, columns=COLUMNS)
    faults = [fault for kind in (generated, written) for one in kind.values() for fault in one.faults]
    return head + "".join(rows) + FOOT, faults


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}".replace("%", " %") if whole else "-"


def main() -> int:
    """Write the page, and return 1 where something was not accepted."""
    parser = argparse.ArgumentParser(description="Figures of exports.")
    parser.add_argument("page", type=Path, nargs="?", default=PAGE)
    parser.add_argument("--sheets", type=int, default=1000)
    arguments = parser.parse_args()
    drawn = drawn_sheets(arguments.sheets)
    page, faults = page_of(map(sheet_of, drawn), map(sheet_in, SHEETS))
    arguments.page.write_text(page, encoding="utf-8")
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
