"""Runs to report, made by hand, so that a rule's new wording changes no test of a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.diagnostic import Diagnostic, Fix, Related
from factsheet.reports.report import CheckedFile, CheckReport
from factsheet.source.editing import Edit
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.source.document import Document, KeyPath

TEXT = """\
factsheet: 1
overview:
  name: "\\U0001F9EA Größen"
  model: BERT-base
performance:
  results:
    - name: GLUE 🧪
      systems: [{id: analog, name: Analog, kind: analog}]
      tasks:
        - {task: 🧪 STS-B, type: regression, classes: 2, scores: {analog: 84.52 %}}
        - task: RTE
          scores:
            analog: 64.00 %
parameters:
  area: 780.4 mm²  # factsheet: ignore[FS208] no batch
"""

ROW: KeyPath = ("performance", "results", 0, "tasks", 0)


def document_of_text(text: str = TEXT) -> Document:
    document = load_bytes(text.encode(), "sheet.yaml").document
    assert document is not None
    return document


def diagnostic_at(
    document: Document,
    path: KeyPath,
    *,
    rule_id: str = "FS204",
    slug: str = "classes-on-regression",
    severity: str = "error",
    message: str = "a regression has no classes",
    why: str = "the count belongs to another row",
    help_: str = "remove `classes`",
    file: str = "sheet.yaml",
    related: tuple[Related, ...] = (),
    fix: Fix | None = None,
) -> Diagnostic:
    assert severity in {"error", "warning", "info"}
    return Diagnostic(
        rule_id,
        slug,
        severity,  # type: ignore[arg-type]  # looked at above
        message,
        why,
        help_,
        file,
        document.locate(path),
        path,
        related,
        fix,
    )


def a_run(version: str = "1.2.3") -> CheckReport:
    """An error with a fix that needs an eye, a warning with a safe one, a note over lines, a clean sheet, no sheet."""
    name = "sheets/first sheet.yaml"
    document = document_of_text()
    comment = TEXT.index("  # factsheet:")
    kind = document.value_span((*ROW, "type"))
    assert kind is not None
    removed = Edit(TEXT.index("classes: 2, "), TEXT.index("scores: {analog: 84"), "")
    found = (
        diagnostic_at(
            document,
            (*ROW, "classes"),
            file=name,
            related=(Related("the type is stated here", kind),),
            fix=Fix((removed,), safe=False),
        ),
        diagnostic_at(
            document,
            ("performance", "results", 0, "tasks", 1),
            rule_id="FS999",
            slug="no-rule-of-ours",
            severity="info",
            message="two lines, 100 % of them",
            why="a span may be longer than a line",
            help_="leave it",
            file=name,
        ),
        diagnostic_at(
            document,
            (),
            rule_id="FS702",
            slug="unused-suppression",
            severity="warning",
            message="FS208 finds nothing on the line that this suppression is for",
            why="a suppression that outlives its cause hides the next fault",
            help_="remove it",
            file=name,
            fix=Fix((Edit(comment, TEXT.index("\n", comment), ""),), safe=True),
        )._replace(span=document.span_at(comment + 2, TEXT.index("\n", comment))),
    )
    reason = "gone.yaml: cannot be read: No such file or directory."
    return CheckReport(
        (CheckedFile(name, document, found), CheckedFile("sheets/clean.yaml", None, ())),
        (("gone.yaml", reason),),
        version,
    )


def a_run_of(*diagnostics: Diagnostic, document: Document | None = None) -> CheckReport:
    name = diagnostics[0].file if diagnostics else "sheet.yaml"
    return CheckReport((CheckedFile(name, document, diagnostics),), (), "1.2.3")
