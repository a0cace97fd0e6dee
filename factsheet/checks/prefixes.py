"""What people name in settings, ids of rules and beginnings of ids, roles and stages: refuse what there is none of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.registry import RULES, SCHEMA_IDS
from factsheet.checks.suppressions import SUPPRESSION_SLUGS
from factsheet.errors import ConfigurationError
from factsheet.readers.roles import ROLE_NAMES
from factsheet.readers.stages import STAGES
from factsheet.source.characters import make_safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.rule import Rule
    from factsheet.checks.settings import Settings

_FAMILY = len("FS2")
_ALIKE = 0.8
"""How alike ids are that one may be meant for the other: all but one character of five."""


def check_prefix(prefix: str, where: str, rules: Sequence[Rule] = ()) -> None:
    """Refuse an id, or the beginning of one, that no rule has.

    Args:
        prefix: `FS204`, or `FS2` for a family.
        where: what names it, for the message.
        rules: rules that run, besides those that come with the program.

    Raises:
        ConfigurationError: no id begins so.
    """
    slugs = {
        **{rule_id: slug for slug, rule_id in SCHEMA_IDS.items()},
        **{rule.id: rule.slug for rule in (*RULES, *rules)},
        **SUPPRESSION_SLUGS,
    }
    if prefix.startswith("F") and any(rule_id.startswith(prefix) for rule_id in slugs):
        return
    from difflib import get_close_matches  # only for a prefix that does not exist

    named = {slug: rule_id for rule_id, slug in slugs.items()}
    known = [*dict.fromkeys(rule_id[:_FAMILY] for rule_id in slugs), *slugs]
    close = get_close_matches(prefix.upper(), known, 1, _ALIKE) or [
        named[slug] for slug in get_close_matches(prefix.lower(), named, 1, _ALIKE)
    ]
    hint = f"did you mean `{close[0]}`? " if close else ""
    raise ConfigurationError(
        f"{where}: no rule's id begins with `{prefix[:30]}`; {hint}ids look like FS204, families like FS2",
    )


def check_prefixes(settings: Settings, rules: Sequence[Rule] = ()) -> None:
    """Refuse settings that name a rule, a role or a stage that there is none of: nobody would know what was checked.

    Raises:
        ConfigurationError: they do.
    """
    for name, prefixes in (
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("severities", settings.severities),
        ("options", settings.options),
    ):
        if isinstance(prefixes, str):
            raise ConfigurationError(f"Settings.{name}: expected ids in a tuple, found `{prefixes[:30]}`")
        for prefix in prefixes:
            check_prefix(prefix, f"Settings.{name}", rules)
    for field, given, known in (
        ("roles", settings.roles, _roles_for(settings.roles)),
        ("stage", () if settings.stage is None else (settings.stage,), STAGES),
    ):
        for one in given:
            if one not in known:
                raise ConfigurationError(
                    f"Settings.{field}: there is no `{make_safe(str(one))[:30]}`; there are {', '.join(known)}"
                )


def _roles_for(named: Sequence[str]) -> Sequence[str]:
    """Return the roles that settings may name: those of the study, and of other templates where one may be meant."""
    if all(role in ROLE_NAMES for role in named):
        return ROLE_NAMES
    from factsheet.sheet_templates.known_templates import known_roles  # reads every template

    return known_roles()
