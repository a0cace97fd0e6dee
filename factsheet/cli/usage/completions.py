"""What a shell offers for a word that is being typed; each list is loaded when it is asked for.

The functions are given to options and arguments as `autocompletion`: they take what is typed so far and return
pairs of a word and what it means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

Offers = list[tuple[str, str]]


def complete_roles(incomplete: str) -> Offers:
    """Offer the roles, after the last comma of several, and `all`."""
    from factsheet.readers.roles import ROLE_NAMES, ROLES

    titles = [(name, ROLES[name].title) for name in ROLE_NAMES]
    return _in_list(incomplete, [*titles, ("all", "every role")])


def complete_views(incomplete: str) -> Offers:
    """Offer whose page to write: the roles, `full` and `all`."""
    return [*complete_roles(incomplete), ("full", "the whole sheet")]


def complete_templates(incomplete: str) -> Offers:
    """Offer the templates of sheets."""
    from factsheet.sheet_templates.known_templates import known_names

    return [(name, "a template of sheets") for name in known_names() if name.startswith(incomplete)]


def complete_rules(incomplete: str) -> Offers:
    """Offer the ids of the rules, after the last comma of several."""
    from factsheet.checks.documentation import index

    return _in_list(incomplete.upper(), [(rule_id, slug) for rule_id, slug, _ in index()])


def complete_fields(incomplete: str) -> Offers:
    """Offer sections, and the fields of the one that is named so far."""
    from factsheet.authoring.field_catalogue import catalogue

    # A row is named by its number or by one of its values: `results[0]`, `tasks[task=RTE]`.
    rows = re.findall(r"\[[^\]]*\]", incomplete)
    asked = re.sub(r"\[[^\]]*\]", "[*]", incomplete)
    deepest = asked.count(".") + (1 if asked else 0)
    return [
        (_with_rows(entry.path, rows), entry.question or entry.meaning)
        for entry in catalogue()
        if entry.path.startswith(asked) and entry.path.count(".") <= deepest
    ]


def _with_rows(path: str, rows: list[str]) -> str:
    """Return a path with the rows that are named so far, and the first of every further list."""
    given = iter(rows)
    return re.sub(r"\[\*\]", lambda _: next(given, "[0]"), path)


def complete_report_formats() -> list[str]:
    """Offer the forms of a report of findings."""
    from factsheet.reports.formats import FormatName

    return list(get_args(FormatName))


def complete_export_formats(incomplete: str) -> Offers:
    """Offer the formats that a sheet is exported to."""
    from factsheet.exchange.formats import FORMATS

    return [(form.name, form.title) for form in FORMATS.values() if form.name.startswith(incomplete)]


def complete_explained(incomplete: str) -> Offers:
    """Offer what `explain` explains: rules, and fields."""
    rules = complete_rules(incomplete) if incomplete[:1] in {"", "F", "f"} else []
    return rules if incomplete[:2].upper() == "FS" else [*rules, *complete_fields(incomplete)]


def complete_profiles(incomplete: str) -> Offers:
    """Offer the hardware profiles that come with the program, after the last comma of several."""
    from factsheet.hardware.profile import digital_names, profile_names, profile_of

    chips = [(name, profile_of(name).title) for name in profile_names()]
    # Reading the many devices for their titles would take longer than anybody waits for a completion.
    return _in_list(incomplete, [*chips, *((name, "a digital device") for name in digital_names())])


def _in_list(incomplete: str, offers: Iterable[tuple[str, str]]) -> Offers:
    """Return the offers for the last of several words that commas part, each with the words before it."""
    before = incomplete.rpartition(",")[0]
    given = before.split(",") if before else []
    return [
        (f"{before},{word}" if before else word, meaning) for word, meaning in offers if word not in given
    ]
