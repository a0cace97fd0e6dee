"""A rule: its id, how grave its findings are, the function that yields them, and what that function is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from factsheet.checks.diagnostic import Finding, Severity
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName
    from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
    from factsheet.sheet.model import SheetFields

Option = bool | int | float | str | tuple[str, ...]


class RuleContext(NamedTuple):
    """The input of a rule.

    Attributes:
        sheet: the sheet, possibly without the keys that the schema refused.
        comparisons: what follows from the sheet for its own claims.
        options: the rule's own options, defaults filled in.
        roles: the roles whose needs are checked; empty for none in particular.
        stage: how complete the sheet has to be; `None` for what the sheet says of itself.
        today: the day of the check; `None` where none is known.
    """

    sheet: SheetFields
    comparisons: SheetComparisons
    options: Mapping[str, Option]
    roles: tuple[RoleName, ...] = ()
    stage: StageName | None = None
    today: date | None = None


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
        most: the largest values of options that are numbers; all of these are above 0.
        online: whether it needs the network; such a rule runs only when asked for by `--online`.
    """

    id: str
    slug: str
    severity: Severity
    why: str
    check: Callable[[RuleContext], Iterable[Finding]]
    whole_sheet_only: bool = False
    options: Mapping[str, Option] = {}
    most: Mapping[str, float] = {}
    online: bool = False
