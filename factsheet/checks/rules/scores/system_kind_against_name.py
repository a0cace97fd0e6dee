"""A system's kind contradicts its name, or a gap has no system of one kind.

What it does: reports a system of kind `analog` whose name or id says digital, GPU or CPU, and one of kind `digital`
that is called analog or by an analog device; a name with both words is ignored. Also reports a `gap` in a table that
has no analog, or no digital, system to take the difference of.

Why it matters: which column is which decides the sign of every gap, and whether there is one.

Fails:
    performance:
      results:
        - name: Results
          systems:
            - {id: digital, name: BERT paper (digital), kind: analog}
            - {id: analog, name: Analog AI, kind: analog}
          tasks: [{task: RTE, scores: {digital: 66.40 %, analog: 64.00 %}}]

Passes:
    performance:
      results:
        - name: Results
          systems:
            - {id: digital, name: BERT paper (digital), kind: digital}
            - {id: analog, name: Analog AI, kind: analog}
          tasks: [{task: RTE, scores: {digital: 66.40 %, analog: 64.00 %}}]

How to fix: correct `kind`, or the name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Finding
from factsheet.checks.rule import Rule
from factsheet.quantities.metrics import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.checks.rule import RuleContext
    from factsheet.sheet.performance import ResultTable, System
    from factsheet.source.document import KeyPath

_DIGITAL = frozenset({"digital", "gpu", "cpu"})
_ANALOG = frozenset(
    {"analog", "analogue", "aimc", "pcm", "reram", "rram", "memristor", "crossbar", "crossbars"}
)


def _check(context: RuleContext) -> Iterator[Finding]:
    performance = context.sheet.performance
    for index, table in enumerate((performance.results or ()) if performance is not None else ()):
        path = ("performance", "results", index)
        wrong = False
        for place, system in enumerate(table.systems):
            other = _named(system)
            if other is not None and system.kind is not None and other != system.kind:
                wrong = True
                yield Finding(
                    (*path, "systems", place, "kind"),
                    f"{system.name} (`{system.id}`) is said to be {system.kind}",
                    f"write `kind: {other}`, or correct the name",
                    related=(((*path, "systems", place, "name"), system.name),),
                )
        if not wrong:
            yield from _without_a_side(table, path)


def _named(system: System) -> str | None:
    """Return the kind that a system's name or id states; `None` for neither or both."""
    words = set(plain(f"{system.name} {system.id}").split())
    digital, analog = bool(words & _DIGITAL), bool(words & _ANALOG)
    if digital == analog or words & {"aware", "trained", "ready", "simulated", "simulation", "emulated"}:
        return None
    return "digital" if digital else "analog"


def _without_a_side(table: ResultTable, path: KeyPath) -> Iterator[Finding]:
    kinds = [system.kind for system in table.systems]
    if table.gap is None or table.gap.quantity is None or None in kinds:
        return
    for kind in ("analog", "digital"):
        if kind not in kinds:
            yield Finding(
                (*path, "gap"),
                f"the table has a gap, but no system of kind `{kind}`",
                "correct the `kind` of the system that it is taken from, or remove the gap",
                related=(((*path, "systems"), "the systems are declared here"),),
            )


RULE = Rule(
    "FS247",
    "system-kind-against-name",
    "warning",
    "which column is which decides the sign of every gap, and whether there is one",
    _check,
)
