"""The documentation of findings about suppression comments (family FS7)."""

from __future__ import annotations

from factsheet.checks.documented_rule import Documented
from factsheet.checks.suppress import MALFORMED, REASONLESS, SUPPRESSION_SLUGS, UNUSED

_FAULT = "parameters:\n  power: 3.13 W"
_SILENCED = f"{_FAULT}  # factsheet: ignore[FS208] the source gives no batch"

SUPPRESSIONS: tuple[Documented, ...] = (
    Documented(
        REASONLESS,
        SUPPRESSION_SLUGS[REASONLESS],
        "warning",
        "A suppression comment gives no reason.",
        "Looks at each `# factsheet: ignore[…]` for words behind the bracket. Without them the comment silences "
        "nothing.",
        "Whoever reads the sheet next has to know why a finding is accepted.",
        f"{_FAULT}  # factsheet: ignore[FS208]",
        _SILENCED,
        "Write the reason behind the bracket, or mend what was found and remove the comment.",
    ),
    Documented(
        UNUSED,
        SUPPRESSION_SLUGS[UNUSED],
        "warning",
        "A suppression comment silences nothing.",
        "Looks at each id that a `# factsheet: ignore[…]` names for a finding on its line; for a comment on a line of "
        "its own, on the next line that is neither blank nor a comment.",
        "A suppression that outlives its cause hides the next fault.",
        "parameters:\n  area: 780.4 mm²  # factsheet: ignore[FS208] the source gives no batch",
        _SILENCED,
        "Remove the comment, or the id that finds nothing; `--fix` does so where none of its ids finds anything.",
    ),
    Documented(
        MALFORMED,
        SUPPRESSION_SLUGS[MALFORMED],
        "warning",
        "A suppression comment names no rule, or something that is no rule's id.",
        "Looks at what stands in the brackets of each `# factsheet: ignore[…]`: ids such as `FS208`, with commas "
        "between them.",
        "A suppression for everything would also hide faults that nobody has looked at.",
        f"{_FAULT}  # factsheet: ignore the source gives no batch",
        _SILENCED,
        "Write the ids into brackets, as the finding's line shows them.",
    ),
)
