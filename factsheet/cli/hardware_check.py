"""`factsheet hardware check`: what is wrong with profiles, and what can not be derived from them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.cli import exits
from factsheet.cli.profiles import diagnostic_of, words_of
from factsheet.cli.terminal import say, style_for
from factsheet.hardware import UnknownProfileError, profile_from
from factsheet.hardware.checking import check_profile
from factsheet.report import full
from factsheet.report.concise import unreadable
from factsheet.source import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.diagnostic import Diagnostic
    from factsheet.source import Document


class Checked(NamedTuple):
    """What came of one profile; `unreadable` says why there was nothing to check."""

    name: str
    document: Document | None
    diagnostics: tuple[Diagnostic, ...]
    unreadable: str | None = None


def check(names: Sequence[str], output_format: Literal["text", "json"]) -> int:
    """Check every profile named and return the exit status."""
    checked = [_check(name) for name in names]
    if output_format == "json":
        from factsheet.cli.hardware_json import checked_profiles, written  # only for JSON

        say(written(checked_profiles(checked)))
    else:
        _print(checked)
    if any(one.unreadable for one in checked):
        return exits.USAGE
    return exits.FINDINGS if _count(checked, "error") + _count(checked, "warning") else exits.CLEAN


def _check(name: str) -> Checked:
    try:
        found = check_profile(lambda: profile_from(name))
    except (UnknownProfileError, SourceError) as error:
        return Checked(name, None, (), words_of(error))
    diagnostics = tuple(diagnostic_of(finding, name) for finding in found.findings)
    return Checked(name, found.document, diagnostics)


def _count(checked: Sequence[Checked], severity: str) -> int:
    return sum(diagnostic.severity == severity for one in checked for diagnostic in one.diagnostics)


def _print(checked: Sequence[Checked]) -> None:
    style = style_for(sys.stdout)
    for one in checked:
        if one.unreadable:
            say(unreadable(one.name, one.unreadable, style) + "\n")
        for diagnostic in one.diagnostics:
            say(full(diagnostic, one.document, style) + "\n")
    counts = [_count(checked, severity) for severity in ("error", "warning", "info")]
    missed = sum(one.unreadable is not None for one in checked)
    words = ", ".join(
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in zip(counts, ("error", "warning", "note"), strict=True)
    )
    words = f"{len(checked)} profile{'' if len(checked) == 1 else 's'} checked: {words}"
    words += f"; {missed} could not be read" if missed else ""
    say(style.strong(words) if missed or counts[0] or counts[1] else style.good(words))
