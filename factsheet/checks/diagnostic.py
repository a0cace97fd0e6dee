"""The results of a check: findings by path, and diagnostics with their place in the text.

Named tuples, here and in what else every check loads: they are made in a seventh of the time that frozen
dataclasses take, which counts when a command starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from factsheet.source.document import dotted

if TYPE_CHECKING:
    from factsheet.source.document import KeyPath, Span
    from factsheet.source.editing import Edit

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""From the gravest to the mildest."""
Confidence = Literal["high", "medium", "low"]
CONFIDENCES: tuple[Confidence, ...] = ("high", "medium", "low")
"""How sure a finding is, apart from how grave it would be. `high`: no reading of the sheet makes the figures right.
`medium`: one does that the sheet does not state, such as a pooler on tiles or a chip that sleeps between inferences.
`low`: it is unusual, and may well be right."""


class Change(NamedTuple):
    """A change to the sheet, by path.

    Attributes:
        path: the key whose value, or whose name, changes; of a fact with provenance, its `value` changes.
        text: what to write, as YAML; `None` removes the key with its value.
        word: replace these characters of the value instead of all of it.
        on_key: change the key's name and not its value.
    """

    path: KeyPath
    text: str | None
    word: str | None = None
    on_key: bool = False


class Finding(NamedTuple):
    """A fault that a rule finds. It names *where* by path; line and column are looked up later, once.

    Attributes:
        path: the key or value at fault.
        message: what is wrong.
        help: how to fix it.
        related: other places that the message mentions, each with what is there.
        related_words: for those of them that are prose, the characters to point at, in the same order.
        on_key: whether to point at the key and not at its value.
        word: the characters of the value to point at, for prose.
        changes: what would fix it.
        safe: whether the changes cannot alter what the author meant to say.
        severity: how grave this finding is, where that is not as its rule says; settings replace both.
        confidence: how sure it is.
    """

    path: KeyPath
    message: str
    help: str
    related: tuple[tuple[KeyPath, str], ...] = ()
    on_key: bool = False
    word: str | None = None
    changes: tuple[Change, ...] = ()
    safe: bool = False
    severity: Severity | None = None
    confidence: Confidence = "high"
    related_words: tuple[str, ...] = ()


class Related(NamedTuple):
    """Another place that a diagnostic mentions; its span is `None` for a sheet that was not read from text."""

    message: str
    span: Span | None
    path: KeyPath = ()


class Fix(NamedTuple):
    """Edits that fix a diagnostic; unsafe ones may change what the sheet says and need a person's eye."""

    edits: tuple[Edit, ...]
    safe: bool


class Diagnostic(NamedTuple):
    """A finding with its rule and its place, ready for any report format.

    Attributes:
        file: the sheet's name as reports show it.
        span: the place in the text; `None` for a sheet that was not read from text.
        path: the place in the sheet; empty for the sheet as a whole.
        confidence: how sure it is, apart from how grave.
        stands_for: how many findings of its rule it stands for, itself included: more than one for the last that is
            listed where a sheet has more of them than a report should hold.
    """

    rule_id: str
    slug: str
    severity: Severity
    message: str
    why: str
    help: str
    file: str
    span: Span | None
    path: KeyPath
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    confidence: Confidence = "high"
    stands_for: int = 1

    @property
    def doubt(self) -> str:
        """What a report says of a finding that is not sure: ` (confidence: medium)`; nothing of one that is."""
        return "" if self.confidence == "high" else f" (confidence: {self.confidence})"

    @property
    def line(self) -> int:
        """The line that it begins on, from 1; 0 for a sheet that was not read from text."""
        return 0 if self.span is None else self.span.line

    @property
    def place(self) -> str:
        """Where it is, for people: line and column, or the path in a sheet that was not read from text."""
        return dotted(self.path) if self.span is None else f"{self.span.line}:{self.span.column}"

    def __str__(self) -> str:
        place = ":".join(filter(None, (self.file, self.place)))
        return f"{place}: {self.severity} {self.rule_id} {self.slug}: {self.message}{self.doubt}"
