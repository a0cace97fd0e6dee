"""Tell which of a sheet's uses its network cannot be for: an encoder by itself reads text, and writes none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.pages.key_figure import stated

if TYPE_CHECKING:
    from factsheet.pages.inputs import PageInputs

USES = "purpose.applications"
_READS_ONLY = re.compile(r"\bencoders?\b|\bbert\b", re.IGNORECASE)
_WRITES_TOO = re.compile(r"\bdecod|sequence[- ]to[- ]sequence|\bseq2seq\b|\bautoregressive", re.IGNORECASE)
_WRITING = re.compile(
    r"\babstractive\b|\bsummari[sz]ation of\b|\bgenerat(?:ion|ing|es?|ive)\b|\btranslat(?:ion|ing|es?)\b"
    r"|\bchat ?bots?\b|\b(?:writing|composing|drafting|paraphrasing)\b|\bcaption(?:s|ing)\b|\btext completion\b",
    re.IGNORECASE,
)
"""Uses that need text, or another sequence, written word by word."""
_DENIED = re.compile(r"\b(?:no|not|without|other than)\b|detect|recogni[sz]|classif|\bretriev", re.IGNORECASE)
_NAMED = ("model_architecture.family", "model_architecture.summary", "model_architecture.variants")
MARK = " (doubtful)"


def doubtful_uses(inputs: PageInputs) -> tuple[str, ...]:
    """Return the uses that need text to be written, of a network that is an encoder by all that the sheet says."""
    uses, family = stated(inputs, USES), stated(inputs, _NAMED[0])
    if uses is None or family is None or not _READS_ONLY.search(family.shown()):
        return ()
    said = " ".join(fact.shown() for path in _NAMED if (fact := stated(inputs, path)) is not None)
    if _WRITES_TOO.search(said):
        return ()
    return tuple(use for use in uses.items if _WRITING.search(use) and not _DENIED.search(use))


def mark_uses(inputs: PageInputs, text: str) -> str:
    """Return words that name uses with a mark behind each doubtful one."""
    for use in doubtful_uses(inputs):
        text = re.sub(rf"{re.escape(use)}(?!\w)", lambda found: f"{found[0]}{MARK}", text, count=1)
    return text


def doubt_in_words(inputs: PageInputs) -> str:
    """Return why uses are doubtful, in one sentence; empty where none is."""
    found = doubtful_uses(inputs)
    if not found:
        return ""
    whose = "The one marked doubtful writes" if len(found) == 1 else "Those marked doubtful write"
    return f"{whose} text, which an encoder by itself cannot."
