"""`derive --check`: say where a sheet describes another network than the model it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.authoring.importing.model_agreement import disagreements
from factsheet.cli import exits
from factsheet.cli.terminal import complain
from factsheet.errors import in_one_line
from factsheet.source.document import dotted
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from factsheet.api.fact_sheet import FactSheet
    from factsheet.recompute.derivation import Derivation
    from factsheet.recompute.request import Request

_LISTED = 20


def report_disagreements(name: str, sheet: FactSheet, request: Request, derivation: Derivation) -> int:
    """Say each disagreement at its place in the sheet, and return the exit status.

    Args:
        name: what the sheet is called.
        sheet: the sheet.
        request: what was asked for, with the model.
        derivation: what follows from the model.

    Raises:
        WorkloadError: the model cannot be read.
    """
    source = request.model or ""
    found = disagreements(sheet, source, request, derivation)
    if not found:
        return exits.CLEAN
    document = load_bytes(sheet.to_yaml().encode("utf-8", "surrogatepass"), name).document
    where, model = in_one_line(name), in_one_line(source)
    for one in found[:_LISTED]:
        span = None if document is None else document.locate(one.path)
        place = where if span is None else f"{where}:{span.line}:{span.column}"
        complain(
            f"{place}: {in_one_line(dotted(one.path))}: the sheet says {in_one_line(one.stated)},"
            f" {model} gives {in_one_line(one.given)}"
        )
    if len(found) > _LISTED:
        complain(f"factsheet: and {len(found) - _LISTED:,} more")
    many = "1 fact differs" if len(found) == 1 else f"{len(found):,} facts differ"
    complain(
        f"factsheet: {where}: {many} from {model}\n"
        "  = why: readers take the figures of the sheet for those of this model\n"
        "  = help: correct the sheet, or the model; `factsheet fill --from` shows what the model states, and "
        "`--replace` takes it over"
    )
    return exits.FINDINGS
