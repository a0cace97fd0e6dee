"""A rule's documentation in parts, and how it is read out of the docstring of the rule's module."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.checks.diagnostic import Severity
    from factsheet.checks.rule import Option

FAMILIES: dict[str, str] = {
    "FS1": "reading and schema",
    "FS2": "consistency between facts",
    "FS3": "claims against recomputation",
    "FS4": "completeness",
    "FS5": "evidence and references",
    "FS6": "prose",
    "FS7": "suppression comments",
}
"""What the beginning of an id stands for."""

_PARTS = ("What it does", "Why it matters", "Fails", "Passes", "How to fix")
_HEADING = rf"^({'|'.join(_PARTS)}):[ \t]*"


class Documented(NamedTuple):
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
        how: how to mend it.
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
    options: Mapping[str, Option] = {}
    online: bool = False

    @property
    def family(self) -> str:
        """What its family of rules is about."""
        return FAMILIES[self.id[:3]]


def parts_of(docstring: str) -> dict[str, str]:
    """The parts of a docstring: `Summary` and the headings, prose without line breaks, snippets as they are.

    Raises:
        ValueError: a heading is missing, or stands out of order.
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
