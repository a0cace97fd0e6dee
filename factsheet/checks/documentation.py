"""The documentation of every id, in parts.

That of a rule is the docstring of its module; that of a refusal (FS1) is filled in from a sample, and that of a
finding about a suppression comment (FS7) is written here.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from difflib import get_close_matches
from textwrap import dedent
from typing import TYPE_CHECKING

from factsheet.checks.registry import RULES, SCHEMA_IDS
from factsheet.checks.schema_samples import SAMPLES, schema_wording
from factsheet.checks.suppressions import MALFORMED, REASONLESS, SUPPRESSION_SLUGS, UNUSED
from factsheet.errors import UnknownRuleError
from factsheet.source.problems import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.checks.diagnostic import Severity
    from factsheet.checks.rule import Option, Rule

FAMILIES: dict[str, str] = {
    "FS1": "reading and schema",
    "FS2": "consistency between facts",
    "FS3": "claims against recomputation",
    "FS4": "completeness",
    "FS5": "evidence and references",
    "FS6": "prose",
    "FS7": "suppression comments",
}
"""The subject of each family, by the beginning of its ids."""

_PARTS = ("What it does", "Why it matters", "Fails", "Passes", "How to fix")
_HEADING = rf"^({'|'.join(_PARTS)}):[ \t]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented:
    """The documentation of one id.

    Attributes:
        id: `FS204`.
        slug: the fault in words, `classes-on-regression`.
        severity: of its findings, unless the settings say otherwise.
        summary: the fault in a sentence.
        what: what is compared with what, or when it is reported.
        why: why it matters.
        fails: YAML in which it is found; empty where none can be shown.
        passes: YAML in which it is not; empty where none can be shown.
        how: how to fix it.
        options: what settings can change, with the defaults.
        online: whether it runs under `--online` alone.
    """

    id: str
    slug: str
    severity: Severity
    summary: str
    what: str
    why: str
    fails: str
    passes: str
    how: str
    options: Mapping[str, Option] = field(default_factory=dict)
    online: bool = False

    @property
    def family(self) -> str:
        """The subject of its family."""
        return FAMILIES[self.id[:3]]


def parts_of(docstring: str) -> dict[str, str]:
    """Return the parts of a docstring: `Summary` and the headings, prose without line breaks, snippets as they are.

    Raises:
        ValueError: a heading is missing, or is out of order.
    """
    summary, *rest = re.split(_HEADING, docstring, flags=re.MULTILINE)
    if tuple(rest[::2]) != _PARTS:
        raise ValueError(f"expected the headings {', '.join(_PARTS)}; found {', '.join(rest[::2]) or 'none'}")
    parts = dict(zip(rest[::2], rest[1::2], strict=True))
    return {"Summary": _prose(summary)} | {
        heading: dedent(text).strip("\n").rstrip() if heading in {"Fails", "Passes"} else _prose(text)
        for heading, text in parts.items()
    }


def _prose(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text.strip()))


_FAULT = "parameters:\n  power: 3.13 W"
_SILENCED = f"{_FAULT}  # factsheet: ignore[FS208] the source gives no batch"

SUPPRESSIONS: tuple[Documented, ...] = (
    Documented(
        id=REASONLESS,
        slug=SUPPRESSION_SLUGS[REASONLESS],
        severity="warning",
        summary="A suppression comment gives no reason.",
        what="Requires words after the bracket of each `# factsheet: ignore[…]`; without them it silences nothing.",
        why="The next reader of the sheet has to know why a finding is accepted.",
        fails=f"{_FAULT}  # factsheet: ignore[FS208]",
        passes=_SILENCED,
        how="Write the reason after the bracket, or fix the fault and remove the comment.",
    ),
    Documented(
        id=UNUSED,
        slug=SUPPRESSION_SLUGS[UNUSED],
        severity="warning",
        summary="A suppression comment silences nothing.",
        what="Looks for a finding of each id that a `# factsheet: ignore[…]` names: on its line or, for a comment on a "
        "line of its own, on the next line that is neither blank nor a comment.",
        why="A suppression that outlives its cause hides the next fault.",
        fails="parameters:\n  area: 780.4 mm²  # factsheet: ignore[FS208] the source gives no batch",
        passes=_SILENCED,
        how="Remove the comment, or the id that finds nothing; `--fix` does so where none of its ids finds anything.",
    ),
    Documented(
        id=MALFORMED,
        slug=SUPPRESSION_SLUGS[MALFORMED],
        severity="warning",
        summary="A suppression comment names no rule, or something that is not the id of a rule.",
        what="Checks that each `# factsheet: ignore[…]` has ids such as `FS208` in brackets, with commas between them.",
        why="A suppression for everything would also hide faults that nobody has looked at.",
        fails=f"{_FAULT}  # factsheet: ignore the source gives no batch",
        passes=_SILENCED,
        how="Write the ids in brackets, as the report of the finding shows them.",
    ),
)

_WHEN_READ = (
    "Reported while the text is read, before facts are compared with each other. No selection of rules leaves it "
    "out."
)
_WHEN_VALIDATED = (
    "Reported when the sheet is validated against its schema. The other checks continue without the part at fault, and "
    "no selection of rules leaves it out."
)


def all_documented() -> Iterator[Documented]:
    """Yield the documentation of every id, in the order of the ids."""
    for code, rule_id in sorted(SCHEMA_IDS.items(), key=lambda item: item[1]):
        yield _of_code(code, rule_id)
    yield from map(_of_rule, RULES)
    yield from SUPPRESSIONS


def document_of(name: str) -> Documented:
    """Return the documentation of an id or a slug, in either case of letters.

    Raises:
        UnknownRuleError: no id or slug has this name.
    """
    wanted = name.strip().lower()
    known = {word: entry for entry in all_documented() for word in (entry.id.lower(), entry.slug)}
    if wanted not in known:
        words = get_close_matches(wanted, known, 2, 0.7)
        close = tuple(word.upper() if word.startswith("fs") else word for word in words)
        hint = f"; did you mean {' or '.join(f'`{one}`' for one in close)}?" if close else ""
        raise UnknownRuleError(f"no rule is called `{name}`{hint}", candidates=close)
    return known[wanted]


def index() -> list[tuple[str, str, str]]:
    """Return id, slug and summary of everything that can be found in a sheet."""
    return [(entry.id, entry.slug, entry.summary) for entry in all_documented()]


def _of_rule(rule: Rule) -> Documented:
    docstring = sys.modules[rule.check.__module__].__doc__
    if docstring is None:  # python -OO
        return Documented(
            id=rule.id,
            slug=rule.slug,
            severity=rule.severity,
            summary=rule.why,
            what="",
            why=rule.why,
            fails="",
            passes="",
            how="",
        )
    parts = parts_of(docstring)
    return Documented(
        id=rule.id,
        slug=rule.slug,
        severity=rule.severity,
        summary=parts["Summary"],
        what=parts["What it does"],
        why=parts["Why it matters"],
        fails=parts["Fails"],
        passes=parts["Passes"],
        how=parts["How to fix"],
        options=rule.options,
        online=rule.online,
    )


def _of_code(code: str, rule_id: str) -> Documented:
    wording, sample = schema_wording(code), SAMPLES[code]
    what = _WHEN_READ if code in CODES else _WHEN_VALIDATED
    return Documented(
        id=rule_id,
        slug=code,
        severity="error",
        summary=wording.message,
        what=what,
        why=wording.why,
        fails=sample.fails,
        passes=sample.passes,
        how=wording.help,
    )
