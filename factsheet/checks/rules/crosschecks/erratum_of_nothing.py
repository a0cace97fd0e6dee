"""An erratum names a place that a sheet does not have.

What it does: follows the path in `at` of every erratum through the fields of the schema, and through the rows that the
sheet has.

Why it matters: the erratum is shown beside no figure, so that readers take the published one for right.

Fails:
    errata: [{at: hwa_training.wieght_noise, published: "1.0", problem: It is relative to nothing.}]

Passes:
    errata: [{at: hwa_training.weight_noise, published: "1.0", problem: It is relative to nothing.}]

How to fix: write the path as in the sheet, with the number of a row from 0: `performance.results[0].gap`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.facts.section import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext


def _check(context: RuleContext) -> Iterator[Finding]:
    for index, erratum in enumerate(context.sheet.errata or ()):
        missing = _missing(context.sheet, erratum.at)
        if missing:
            yield Finding(
                ("errata", index, "at"),
                f"there is no `{missing}` at this place of a sheet",
                "write the path as in the sheet, with the number of a row from 0: `performance.results[0].gap`",
            )


def _missing(node: object, at: str) -> str:
    """Return the part of a path that leads nowhere; empty where all of it is known."""
    for part in map(str, re.findall(r"[^.\[\]]+", at)):
        if isinstance(node, tuple):
            if not part.isdecimal() or int(part) >= len(node):
                return part
            node = node[int(part)]
        elif isinstance(node, dict):
            node = node.get(part)
        elif isinstance(node, Record) or (isinstance(node, type) and issubclass(node, Record)):
            fields = (type(node) if isinstance(node, Record) else node).model_fields
            if part not in fields:
                return part
            given = getattr(node, part) if isinstance(node, Record) else None
            node = _record_in(fields[part].annotation) if given is None else given
        else:
            return ""  # below a fact, or in rows that there are none of
    return ""


def _record_in(annotation: object) -> object:
    """Return the record that a field of this type can hold; `None` where it holds none, or rows."""
    options = (annotation, *get_args(annotation))
    return next((one for one in options if isinstance(one, type) and issubclass(one, Record)), None)


RULE = Rule(
    "FS231",
    "erratum-of-nothing",
    "warning",
    "the erratum is shown beside no figure, so that readers take the published one for right",
    _check,
)
