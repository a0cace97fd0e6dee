"""Rules as SARIF describes them: what a code host shows beside an alert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.documentation import UnknownRule, as_markdown, document_of
from factsheet.report.clean import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks import Diagnostic, Severity

    Json = Mapping[str, "Json"] | list["Json"] | str | int | bool | None

LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


def rule_descriptor(diagnostic: Diagnostic) -> Json:
    """The rule of a diagnostic; from the diagnostic alone where the rule is not one of ours."""
    try:
        known = document_of(diagnostic.rule_id)
    except UnknownRule:
        summary, severity = readable(diagnostic.slug.replace("-", " ")), diagnostic.severity
        explanation, guide = readable(diagnostic.why), readable(diagnostic.help)
        markdown, family = guide, ""
    else:
        summary, severity, family = known.summary, known.severity, known.family
        explanation, guide = f"{known.what} {_sentence(known.why)}", known.how
        markdown = as_markdown(known)
    return {
        "id": diagnostic.rule_id,
        "name": "".join(part.capitalize() for part in diagnostic.slug.split("-")),
        "shortDescription": {"text": _sentence(summary)},
        "fullDescription": {"text": _sentence(explanation)},
        "help": {"text": _sentence(guide), "markdown": markdown},
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": [family] if family else []},
    }


def stopped(text: str) -> str:
    """The text with a full stop, so that another sentence can follow."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _sentence(text: str) -> str:
    """Our own words as a sentence; what may begin with words of a sheet keeps its first letter as it is."""
    return stopped(text[:1].upper() + text[1:])
