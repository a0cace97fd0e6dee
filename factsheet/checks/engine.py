"""The check service: one loaded document in, its diagnostics out, sorted by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.checks.diagnostic import Diagnostic, Related
from factsheet.checks.fixing import answer_span, fix_of, word_span
from factsheet.checks.registry import RULES, SCHEMA_IDS, SILENCEABLE
from factsheet.checks.rule import RuleContext
from factsheet.checks.settings import DEFAULT_SETTINGS
from factsheet.checks.suppressions import Ran, apply_suppressions
from factsheet.recompute.comparisons.sheet_comparisons import SheetComparisons
from factsheet.sheet.load import read_factsheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.diagnostic import Finding, Severity
    from factsheet.checks.rule import Rule
    from factsheet.checks.settings import Settings
    from factsheet.sheet.load import Misfit
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import Document, KeyPath, Span
    from factsheet.source.loader import Loaded
    from factsheet.source.problems import Problem


class CheckedSheet(NamedTuple):
    """A sheet with what the checks found; `sheet` is `None` where it does not fit the schema."""

    sheet: SheetFields | None
    diagnostics: tuple[Diagnostic, ...]


def check_loaded(
    loaded: Loaded, name: str, settings: Settings = DEFAULT_SETTINGS, rules: Sequence[Rule] = RULES
) -> CheckedSheet:
    """Check one document: the loader's problems, the schema, then the rules where the schema holds.

    Args:
        loaded: what `factsheet.source` read.
        name: the file's name as reports show it.
        settings: which rules run, and how.
        rules: all the rules there are.
    """
    found = [_from_problem(problem, name) for problem in loaded.problems]
    document = loaded.document
    if document is None or document.data is None:
        return CheckedSheet(None, tuple(found))
    sheet, misfits = read_factsheet(document.data)
    refused = {problem.path for problem in loaded.problems}
    found += [_from_misfit(misfit, document, name) for misfit in misfits if not _below(misfit.path, refused)]
    running = [rule for rule in rules if sheet is not None and _runs(rule, settings, whole=not misfits)]
    comparisons = None if sheet is None else SheetComparisons(sheet)
    for rule in running:
        assert sheet is not None  # noqa: S101  no rule runs without one
        assert comparisons is not None  # noqa: S101  as above
        context = RuleContext(
            sheet=sheet,
            comparisons=comparisons,
            options=settings.options_of(rule),
            roles=settings.roles,
            stage=settings.stage,
        )
        severity = settings.severity(rule.id, rule.severity)
        found += [_from_finding(rule, severity, finding, document, name) for finding in rule.check(context)]
    known = frozenset((*(rule.id for rule in RULES), *SILENCEABLE))
    ran = Ran(known, frozenset((*(rule.id for rule in running), *SILENCEABLE)))
    found = [
        diagnostic
        for diagnostic in apply_suppressions(document, found, name, settings, ran)
        # What can not be read as a sheet is never silenced by a selection: nothing else could be trusted then.
        if diagnostic.rule_id.startswith("FS1") or settings.runs(diagnostic.rule_id)
    ]
    found.sort(key=lambda diagnostic: (diagnostic.span.start, diagnostic.rule_id))
    return CheckedSheet(sheet, tuple(found))


def _runs(rule: Rule, settings: Settings, *, whole: bool) -> bool:
    if (rule.whole_sheet_only and not whole) or (rule.online and not settings.online):
        return False
    return settings.runs(rule.id)


def _below(path: KeyPath, refused: set[KeyPath]) -> bool:
    """Whether the loader has already refused this place or one above it."""
    return any(path[:end] in refused for end in range(1, len(path) + 1))


def _from_problem(problem: Problem, name: str) -> Diagnostic:
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


def _from_misfit(misfit: Misfit, document: Document, name: str) -> Diagnostic:
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
    )


def _from_finding(
    rule: Rule, severity: Severity, finding: Finding, document: Document, name: str
) -> Diagnostic:
    span = _place(document, finding.path, on_key=finding.on_key)
    if finding.word is not None:
        span = word_span(document, span, finding.word)
    return Diagnostic(
        rule_id=rule.id,
        slug=rule.slug,
        severity=severity,
        message=finding.message,
        why=rule.why,
        help=finding.help,
        file=name,
        span=span,
        path=finding.path,
        related=tuple(Related(message, _place(document, path)) for path, message in finding.related),
        fix=fix_of(finding, document) if finding.changes else None,
    )


def _place(document: Document, path: KeyPath, *, on_key: bool = False) -> Span:
    """Where to point for a path: at the key, at the answer, or at the nearest ancestor that the text has."""
    span = None if on_key else answer_span(document, path)
    return document.locate(path, prefer_key=on_key) if span is None else span
