"""The check: a sheet in, its diagnostics out.

A sheet that was read from text is checked by `check_document`, and its diagnostics point at lines, carry fixes and
heed the comments that accept a finding. Any other sheet is checked by `check_sheet`, and its diagnostics name paths.
"""

from __future__ import annotations

from itertools import islice, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.capping import MOST, capped, standing_for
from factsheet.checks.diagnostic import Diagnostic, Fix, Related
from factsheet.checks.places import fix_of, place_of
from factsheet.checks.prefixes import check_prefixes
from factsheet.checks.registry import RULES, SCHEMA_IDS, SILENCEABLE
from factsheet.checks.rule import RuleContext
from factsheet.checks.settings import DEFAULT_SETTINGS
from factsheet.checks.suppressions import Ran, apply_suppressions, suppressions
from factsheet.recompute.comparisons.score_directions import with_directions
from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
from factsheet.sheet.model import SheetFields
from factsheet.sheet_templates.known_templates import read_sheet_as
from factsheet.source.editing import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.checks.diagnostic import Finding
    from factsheet.checks.rule import Rule
    from factsheet.checks.settings import Settings
    from factsheet.facts.misfits import Misfit
    from factsheet.source.document import Document, KeyPath
    from factsheet.source.loader import Loaded
    from factsheet.source.problems import Problem


class CheckedSheet(NamedTuple):
    """A sheet with what the checks found; `sheet` is `None` where it does not fit the schema."""

    sheet: SheetFields | None
    diagnostics: tuple[Diagnostic, ...]


def check_document(
    loaded: Loaded,
    name: str,
    settings: Settings = DEFAULT_SETTINGS,
    *,
    rules: Sequence[Rule] = RULES,
    model: type[SheetFields] = SheetFields,
) -> CheckedSheet:
    """Check what was read from text: the loader's problems, the schema, then the rules on what fits it.

    Args:
        loaded: what `factsheet.source` read.
        name: the file's name as reports show it.
        settings: which rules run, and how.
        rules: all the rules there are.
        model: the class of the sheet.

    Returns:
        The sheet and its diagnostics in the order of the text.

    Raises:
        ConfigurationError: the settings name a rule that there is none of.
    """
    check_prefixes(settings, rules)
    found = [_of_problem(problem, name) for problem in loaded.problems]
    document = loaded.document
    if document is None or document.data is None:
        return CheckedSheet(None, tuple(found))
    sheet, misfits = read_sheet_as(model, document.data)
    refused = {problem.path for problem in loaded.problems}
    found += [_of_misfit(misfit, document, name) for misfit in misfits if not _below(misfit.path, refused)]
    running = [] if sheet is None else _running(rules, settings, whole=not misfits)
    if sheet is not None:
        found += _run(running, sheet, settings, name=name, document=document)
    ran = Ran(
        known=frozenset((*(rule.id for rule in RULES), *SILENCEABLE)),
        ran=frozenset((*(rule.id for rule in running), *SILENCEABLE)),
    )
    kept = [
        diagnostic
        for diagnostic in apply_suppressions(document, found, file=name, settings=settings, rules=ran)
        # What cannot be read as a sheet is never silenced by a selection: nothing else could be trusted then.
        if diagnostic.rule_id.startswith("FS1") or settings.runs(diagnostic.rule_id)
    ]
    kept.sort(key=lambda diagnostic: (diagnostic.span.start if diagnostic.span else 0, diagnostic.rule_id))
    return CheckedSheet(sheet, tuple(capped(kept)))


def check_sheet(
    sheet: SheetFields,
    settings: Settings = DEFAULT_SETTINGS,
    *,
    name: str = "<sheet>",
    rules: Sequence[Rule] = RULES,
) -> tuple[Diagnostic, ...]:
    """Check a sheet that was not read from text, such as one that a program built.

    Args:
        sheet: the sheet; that it fits the schema was seen when it was made.
        settings: which rules run, and how.
        name: what reports call it.
        rules: all the rules there are.

    Returns:
        The diagnostics in the order of the rules, each with its path and without a span.

    Raises:
        ConfigurationError: the settings name a rule that there is none of.
    """
    check_prefixes(settings, rules)
    running = _running(rules, settings, whole=True)
    return tuple(_run(running, sheet, settings, name=name, document=None))


def _running(rules: Sequence[Rule], settings: Settings, *, whole: bool) -> list[Rule]:
    """Return the rules that the settings want and the sheet allows."""
    return [
        rule
        for rule in rules
        if settings.runs(rule.id)
        and (whole or not rule.whole_sheet_only)
        and (settings.online or not rule.online)
    ]


def _run(
    rules: Sequence[Rule], sheet: SheetFields, settings: Settings, *, name: str, document: Document | None
) -> Iterator[Diagnostic]:
    if settings.higher_is_better:
        sheet = with_directions(sheet, settings.higher_is_better)
    context = RuleContext(
        sheet=sheet,
        comparisons=SheetComparisons(sheet),
        options={},
        roles=settings.roles,
        stage=settings.stage,
        today=settings.today,
    )
    # A comment may accept any finding, so that all need their lines.
    most = None if document is not None and suppressions(document) else MOST
    for rule in rules:
        options = settings.options_of(rule)
        found = iter(rule.check(context._replace(options=options) if options else context))
        placed = [
            _of_finding(rule, finding, settings, name=name, document=document)
            for finding in islice(found, most)
        ]
        if placed:  # what no report lists is counted, and its place not looked up
            placed[-1] = standing_for(placed[-1], sum(1 for _ in found))
        yield from placed


def _of_finding(
    rule: Rule, finding: Finding, settings: Settings, *, name: str, document: Document | None
) -> Diagnostic:
    return Diagnostic(
        rule_id=rule.id,
        slug=rule.slug,
        severity=settings.severity(rule.id, finding.severity or rule.severity),
        message=finding.message,
        why=rule.why,
        help=_with_sheet(finding.help, name),
        file=name,
        span=place_of(document, finding.path, on_key=finding.on_key, word=finding.word),
        path=finding.path,
        related=tuple(
            Related(message, place_of(document, path, word=word), path)
            for (path, message), word in zip_longest(finding.related, finding.related_words)
            if path != finding.path
        ),
        fix=fix_of(finding, document) if finding.changes and document is not None else None,
        confidence=finding.confidence,
    )


def _with_sheet(help_: str, name: str) -> str:
    """Put the sheet into the commands that a rule names, so that they can be run as they are.

    What is no file, such as standard input, or has a name that no command line shows, stays `SHEET`.
    """
    placeholder = " SHEET "
    if placeholder not in help_ or name.startswith("<") or "`" in name or not name.isprintable():
        return help_
    from shlex import quote  # start-up: most sheets are without such a finding

    return help_.replace(placeholder, f" {quote(f'./{name}' if name.startswith('-') else name)} ")


def _of_misfit(misfit: Misfit, document: Document, name: str) -> Diagnostic:
    return Diagnostic(
        rule_id=SCHEMA_IDS[misfit.code],
        slug=misfit.code,
        severity="error",
        message=misfit.message,
        why=misfit.why,
        help=misfit.help,
        file=name,
        span=document.locate(misfit.path, prefer_key=misfit.on_key),
        path=misfit.path,
        fix=_renaming(misfit, document),
    )


def _renaming(misfit: Misfit, document: Document) -> Fix | None:
    """Return the fix of a key in another spelling; none where the sheet has both spellings."""
    key = document.key_span(misfit.path)
    if (
        misfit.rename is None
        or key is None
        or document.key_span((*misfit.path[:-1], misfit.rename)) is not None
    ):
        return None
    return Fix((Edit(key.start, key.end, misfit.rename),), safe=True)


def _of_problem(problem: Problem, name: str) -> Diagnostic:
    return Diagnostic(
        rule_id=SCHEMA_IDS[problem.code],
        slug=problem.code,
        severity="error",
        message=problem.message,
        why=problem.why,
        help=problem.help,
        file=name,
        span=problem.span,
        path=problem.path,
        related=tuple(Related(message, span) for message, span in problem.related),
    )


def _below(path: KeyPath, refused: set[KeyPath]) -> bool:
    """Return whether the loader has already refused this place or one above it."""
    return any(path[:end] in refused for end in range(1, len(path) + 1))
