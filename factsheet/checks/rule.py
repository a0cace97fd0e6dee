"""A rule: a stable id, how grave its findings are, and the function that finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from factsheet.checks.context import Context
    from factsheet.checks.diagnostic import Finding, Severity

Option = bool | int | float | str | tuple[str, ...]


class Rule(NamedTuple):
    """A check over a sheet that fits the schema.

    Attributes:
        id: stable and never reused, `FS201`; the first digit is the family.
        slug: the fault in words, `average-mismatch`.
        severity: of each finding, unless the settings say otherwise.
        why: why the fault matters, one sentence.
        check: yields findings and never raises; a raise is a bug of ours.
        whole_sheet_only: whether the rule would raise false alarms on a sheet whose faulty keys were left out.
        options: what `[tool.factsheet.rules.ID]` can set, with the defaults.
        online: whether it needs the network; such a rule runs only when asked for by `--online`.
    """

    id: str
    slug: str
    severity: Severity
    why: str
    check: Callable[[Context], Iterable[Finding]]
    whole_sheet_only: bool = False
    options: Mapping[str, Option] = {}
    online: bool = False
