"""Nothing says where a figure comes from.

What it does: looks for a source, evidence or a person behind every figure: its own, its system's in a result table, its
section's or the sheet's. Where most figures of a section or of the sheet lack one, reports that once. A draft may lack
them; a sheet under review or published may not.

Why it matters: a reader cannot distinguish a measured figure from a hoped-for one.

Fails:
    overview: {name: Example, model: BERT-base, status: published}
    parameters:
      power: {value: 3.13 W, at: {batch: 4}}

Passes:
    overview: {name: Example, model: BERT-base, status: published}
    provenance: {source: declared}
    parameters:
      power: {value: 3.13 W, at: {batch: 4}}

How to fix: write `provenance:` at the top of the sheet or of the section, or `source` beside the figure. The sources
are `measured`, `declared`, `cited`, `simulated` and `derived`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.sheet.walk import facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.walk import Placed
    from factsheet.source.document import KeyPath

_STAGES = frozenset({"review", "published"})
_SHOWN = 8


def _check(context: RuleContext) -> Iterator[Finding]:
    sheet = context.sheet
    status = sheet.overview.status
    stage = context.stage or (status.text if status is not None else None)
    if stage not in _STAGES or (sheet.provenance is not None and sheet.provenance.source is not None):
        return
    figures = [placed for placed in facts(sheet) if placed.fact.quantity is not None]
    bare = [placed for placed in figures if not (placed.source or placed.evidence or placed.fact.by)]
    sections = _by(bare, lambda placed: placed.path[:1])
    if len(sections) > 1 and len(bare) > len(figures) / 2:
        yield _of_sheet(len(bare), len(figures), sections)
        return
    total = _by(figures, lambda placed: placed.path[:1])
    for path, found in sections.items():
        if len(found) > 1 and len(found) > len(total[path]) / 2:
            yield Finding(
                path,
                f"nothing says where {_share(len(found), len(total[path]))} of this section come from",
                f"add `provenance: {{source: …}}` under `{path[0]}:`, or at the top of the sheet",
                on_key=True,
            )
        else:
            yield from map(_of_figures, _by(found, lambda placed: _column(placed.path)).values())


def _of_sheet(count: int, total: int, sections: Mapping[KeyPath, list[Placed]]) -> Finding:
    first, *others = sections
    return Finding(
        first,
        f"nothing says where {_share(count, total)} of the sheet come from",
        "add `provenance: {source: declared}` at the top of the sheet, and its own `source` to a figure from elsewhere",
        related=tuple((path, f"{len(sections[path])} of them here") for path in others[:_SHOWN]),
        on_key=True,
    )


def _share(count: int, total: int) -> str:
    return f"the {count} figures" if count == total else f"{count} of the {total} figures"


def _of_figures(alike: list[Placed]) -> Finding:
    """Report the figures of one column of a table, or one figure alone."""
    first, *others = alike
    more = f", nor {len(others)} more of its kind" if others else ""
    return Finding(
        first.path,
        f"nothing says where {first.fact.words()} comes from{more}",
        _help(first.path),
        related=tuple((placed.path, placed.fact.words()) for placed in others[:_SHOWN]),
    )


def _help(path: KeyPath) -> str:
    if path[-2:-1] in {("scores",), ("averages",)}:
        return f"give the system `{path[-1]}` a `source`, under `systems:` of the table"
    return "write it as `{value: …, source: …}`, or add `provenance:` to the section"


def _column(path: KeyPath) -> KeyPath:
    """Return a path without the places in lists, which figures of one column share; an average goes with its scores."""
    if path[-2:-1] in {("scores",), ("averages",)}:
        return (*path[:3], path[-1])
    return tuple(part for part in path if isinstance(part, str))


def _by(placed: list[Placed], key: Callable[[Placed], KeyPath]) -> dict[KeyPath, list[Placed]]:
    groups: dict[KeyPath, list[Placed]] = {}
    for one in placed:
        groups.setdefault(key(one), []).append(one)
    return groups


RULE = Rule(
    "FS503",
    "figure-without-provenance",
    "warning",
    "a reader cannot distinguish a measured figure from a hoped-for one",
    _check,
    whole_sheet_only=True,
)
