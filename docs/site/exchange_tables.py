"""Write the tables of docs/exchange.md from the formats that there are and what they carry of this repository's sheets.

`python docs/site/exchange_tables.py docs/exchange.md` writes them anew, between marks; the rest of the page stays.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import factsheet
from factsheet.errors import FactsheetError
from factsheet.exchange.formats import FORMATS, export_sheet
from factsheet.exchange.ledger import FactLedger, answers_of
from factsheet.exchange.request import ExportRequest

if TYPE_CHECKING:
    from factsheet.source.document import KeyPath

ROOT = Path(__file__).parents[2]
MARKS = "<!-- {name}: python docs/site/exchange_tables.py docs/exchange.md -->\n{table}\n<!-- end -->"
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class Carried(NamedTuple):
    """How many answers of a field there are, and how many of them a format holds, exactly or less so."""

    answers: int
    exact: int
    less: int

    def words(self) -> str:
        """Return the share that is held, as a cell."""
        held = self.exact + self.less
        if not held:
            return ""
        share = "all" if held == self.answers else f"{max(1, min(99, round(100 * held / self.answers)))} %"
        return f"{share}, less exact" if self.less > self.exact else share


def sheets() -> list[Path]:
    """Return the sheets of this repository."""
    return sorted(
        file for file in (ROOT / "sheets").rglob("*.yaml") if not file.name.endswith(".review.yaml")
    )


def field_of(path: KeyPath) -> str:
    """Return the field that an answer is in, rows of a list together: `performance.results.tasks.scores`."""
    keys = [key for key in path if isinstance(key, str)]
    depth = 4 if "tasks" in keys[:3] else 3 if keys[1:2] in (["datasets"], ["results"]) else 2
    return ".".join(keys[:depth])


def carried() -> dict[str, dict[str, Carried]]:
    """Return what each format carries of each field of this repository's sheets, all of them together."""
    answers: Counter[str] = Counter()
    exact: Counter[tuple[str, str]] = Counter()
    less: Counter[tuple[str, str]] = Counter()
    for file in sheets():
        sheet = factsheet.load(file)
        paths = [path for path, _ in answers_of(FactLedger(sheet).data)]
        answers.update(map(field_of, paths))
        for name in FORMATS:
            try:
                made = export_sheet(ExportRequest(sheet=sheet, name=file.name, moment=MOMENT), name)
            except FactsheetError:
                continue  # a format that refuses a sheet carries nothing of it
            left, inexact = {one.path for one in made.unsaid}, {one.path for one in made.approximated}
            less.update((field_of(path), name) for path in paths if path in inexact)
            exact.update((field_of(path), name) for path in paths if path not in left | inexact)
    return {
        field: {name: Carried(count, exact[field, name], less[field, name]) for name in FORMATS}
        for field, count in sorted(answers.items())
    }


def format_table() -> str:
    """Return the formats, in the words of their registry."""
    rows = [f"| `{one.name}` | {one.title} | {one.checked_by} |" for one in FORMATS.values()]
    return "\n".join(["| `--to` | what it is | checked in the tests by |", "|---|---|---|", *rows])


def carried_table() -> str:
    """Return which share of each field each format carries; fields that all formats treat as most in one row."""
    head = " | ".join(f"`{name}`" for name in FORMATS)
    cells = {field: " | ".join(one.words() for one in row.values()) for field, row in carried().items()}
    usual, _ = Counter(cells.values()).most_common(1)[0]
    rows = [f"| `{field}` | {row} |" for field, row in cells.items() if row != usual]
    return "\n".join(
        [f"| of | {head} |", "|---|" + "---|" * len(FORMATS), *rows, f"| every other field | {usual} |"]
    )


TABLES = {"formats": format_table, "carried": carried_table}


def page(text: str) -> str:
    """Return a page with its tables anew.

    Raises:
        ValueError: it has no place for one of them.
    """
    for name, table in TABLES.items():
        whole = MARKS.format(name=name, table=table())
        place = re.compile(rf"<!-- {name}: .*?<!-- end -->", re.DOTALL)
        if not place.search(text):
            raise ValueError(f"the page has no marks for the table `{name}`")
        text = place.sub(lambda _, whole=whole: whole, text, count=1)  # type: ignore[misc]
    return text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the tables of the page on formats anew.")
    parser.add_argument("page", type=Path, help="docs/exchange.md")
    file = parser.parse_args().page
    file.write_text(page(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
