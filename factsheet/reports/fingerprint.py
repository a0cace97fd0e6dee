"""Fingerprints that recognise a finding after the lines around it have moved."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from factsheet.reports.text import dotted, encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.checks.diagnostic import Diagnostic

_NUMBER = r"\d+(?:[.,]\d+)*"


def fingerprints(diagnostics: Sequence[Diagnostic], scope: str = "") -> tuple[str, ...]:
    """Return a fingerprint for each diagnostic, none twice, in their order.

    It is made of the rule's id, the place in the data and the message without its figures and its spacing, so
    that neither an inserted line nor a corrected digit makes a new finding of an old one. Where several
    diagnostics agree in all of it, they are numbered from the top.

    Args:
        diagnostics: those of one sheet.
        scope: what else distinguishes them, such as the sheet's name where fingerprints of several sheets meet.
    """
    seen: dict[str, int] = {}
    prints = []
    for diagnostic in diagnostics:
        message = " ".join(re.sub(_NUMBER, "#", diagnostic.message).split())
        identity = "\0".join((scope, diagnostic.rule_id, dotted(diagnostic.path), message))
        ordinal = seen[identity] = seen.get(identity, 0) + 1
        prints.append(sha256(encodable(f"{identity}\0{ordinal}").encode()).hexdigest())
    return tuple(prints)
