"""The settings of a check: which rules run, how grave their findings are, with which options."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from factsheet.checks.diagnostic import Severity
    from factsheet.checks.rule import Option, Rule
    from factsheet.readers.roles import RoleName
    from factsheet.readers.stages import StageName


class Settings(NamedTuple):
    """The rules that a check runs, and how.

    Attributes:
        select: ids or beginnings of ids (`FS2`) that run; empty for all.
        ignore: ids or beginnings of ids that do not run; the longer prefix wins over `select`.
        severities: another severity, by id or beginning of an id.
        options: options by rule id.
        roles: the roles whose needs are checked.
        stage: how complete a sheet has to be; `None` for what the sheet says of itself.
        online: whether rules may use the network.
        higher_is_better: which direction is better, by metric, where a sheet does not say.
        today: the day of the check, which dates are compared with; `None` where none is known.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: Mapping[str, Severity] = {}
    options: Mapping[str, Mapping[str, Option]] = {}
    roles: tuple[RoleName, ...] = ()
    stage: StageName | None = None
    online: bool = False
    higher_is_better: Mapping[str, bool] = {}
    today: date | None = None

    def runs(self, rule_id: str) -> bool:
        """Return whether findings of a rule are wanted."""
        if not (self.select or self.ignore):
            return True
        ignored = _longest(rule_id, self.ignore)
        return _longest(rule_id, self.select) > ignored if self.select else ignored < 0

    def severity(self, rule_id: str, default: Severity) -> Severity:
        """Return the severity of a rule's findings."""
        prefix = _longest(rule_id, self.severities) if self.severities else -1
        return default if prefix < 0 else self.severities[rule_id[:prefix]]

    def options_of(self, rule: Rule) -> Mapping[str, Option]:
        """Return a rule's options, its defaults filled in."""
        given = self.options.get(rule.id)
        return {**rule.options, **given} if given else rule.options


def _longest(rule_id: str, prefixes: Iterable[str]) -> int:
    """Return the length of the longest prefix of the id among those given; -1 where none is."""
    return max((len(prefix) for prefix in prefixes if rule_id.startswith(prefix)), default=-1)


DEFAULT_SETTINGS = Settings()
