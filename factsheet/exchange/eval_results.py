"""The Hub's `.eval_results/*.yaml`: one file for each data set, whose scores the Hub shows with the data set too."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from factsheet.exchange.exported import Exported, ExportedFile
from factsheet.exchange.ledger import FactLedger
from factsheet.exchange.scores import (
    OTHER_SYSTEM,
    distinct_names,
    is_hub_id,
    link_of,
    model_scores,
    plain_number,
    source_of,
)
from factsheet.source.dumping import dump_block

if TYPE_CHECKING:
    from factsheet.exchange.request import ExportRequest
    from factsheet.exchange.scores import ModelScore
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_FOLDER: Final = ".eval_results"
_NO_TASK: Final = "default"
"""What the Hub calls the only task of a data set."""
_NO_PLACE: Final = "a file of results has scores alone"
_NO_DATA_SET: Final = (
    "the Hub lists results by the data set's id, such as `nyu-mll/glue`: state it in `evaluation.dataset`"
)
_NO_NUMBER: Final = "the Hub takes one number; this is a range, a bound, or said to be approximate"
_SHA: Final = re.compile(r"[0-9a-f]{40}")
_NUMBER: Final = re.compile(r"(-?\d[\d,]*(?:\.\d+)?)\s*(%?)")


def export(request: ExportRequest) -> Exported:
    """Return the scores of a sheet's model, a file for each data set that has an id on the Hub."""
    sheet, ledger = request.sheet, FactLedger(request.sheet)
    rows: dict[str, list[dict[str, Any]]] = {}
    reasons: dict[KeyPath, str] = {}
    for score in model_scores(sheet):
        dataset, number = score.evaluation.dataset, _number(score)
        if dataset is None or not is_hub_id(dataset):
            reasons[score.path] = _NO_DATA_SET
        elif number is None:
            reasons[score.path] = _NO_NUMBER
        else:
            rows.setdefault(dataset, []).append(_row(sheet, score, number))
            _carry(ledger, score)
    files = [
        ExportedFile(f"{_FOLDER}/{name}.yaml", dump_block(rows[dataset]).encode())
        for dataset, name in distinct_names({dataset: dataset for dataset in rows})
    ]

    def reason_of(path: KeyPath) -> str:
        known = next((reason for start, reason in reasons.items() if path[: len(start)] == start), None)
        scored = path[:2] == ("performance", "results") and "scores" in path
        return known or (OTHER_SYSTEM if scored and path[-1] in _systems(sheet, path) else "")

    return ledger.exported(files, _NO_PLACE, reason_of)


def _systems(sheet: SheetFields, path: KeyPath) -> set[str]:
    performance = sheet.performance
    tables = (performance.results if performance is not None else None) or ()
    number = path[2]
    return {system.id for system in tables[number].systems} if isinstance(number, int) else set()


def _number(score: ModelScore) -> Any:
    quantity = score.quantity
    found = _NUMBER.fullmatch(quantity.text)
    plain = found is not None and not quantity.approximate and quantity.kind == "point"
    return plain_number(Decimal(found[1].replace(",", ""))) if found is not None and plain else None


def _row(sheet: SheetFields, score: ModelScore, number: Any) -> dict[str, Any]:
    evaluation, placed = score.evaluation, score.placed
    dataset: dict[str, Any] = {"id": evaluation.dataset, "task_id": evaluation.configuration or _NO_TASK}
    revision = evaluation.revision
    if revision is not None and _SHA.fullmatch(revision):
        dataset["revision"] = revision
    row: dict[str, Any] = {"dataset": dataset, "value": number}
    if score.fact.date is not None:
        row["date"] = score.fact.date
    reference = source_of(sheet, placed)
    if reference is not None:
        row["source"] = {"url": link_of(reference), "name": reference.title}
    return {**row, "notes": _notes(score)}


def _notes(score: ModelScore) -> str:
    evaluation = score.evaluation
    unit = "in %" if score.quantity.text.endswith("%") else score.task.unit or score.table.unit
    parts = (
        score.task.task,
        " ".join(part for part in (score.metric or "score", unit) if part),
        f"{evaluation.split} split" if evaluation.split else "",
        "" if evaluation.shots is None else f"{evaluation.shots} shots",
        f"revision {evaluation.revision}"
        if evaluation.revision and not _SHA.fullmatch(evaluation.revision)
        else "",
        score.system.name if score.several or score.system.kind == "analog" else "",
    )
    return ", ".join(part for part in parts if part)


def _carry(ledger: FactLedger, score: ModelScore) -> None:
    ledger.carry(score.path)
    ledger.carry((*score.path, "date"))
    table = score.path[:3]
    in_notes = "it is in the notes, as text"
    for path, keys in (
        (score.row, ("task", "metric", "unit")),
        (table, ("metric", "unit")),
    ):
        for key in keys:
            ledger.carry((*path, key), lost=in_notes)
    systems = [system.id for system in score.table.systems]
    ledger.carry((*table, "systems", systems.index(score.system.id), "name"), lost=in_notes)
    for level in ((*score.path, "evaluation"), (*score.row, "evaluation"), (*table, "evaluation")):
        ledger.carry((*level, "dataset"))
        default = score.evaluation.configuration == _NO_TASK
        ledger.carry((*level, "configuration"), lost="it is the Hub's word for none" if default else "")
        ledger.carry((*level, "split"), lost=in_notes)
        ledger.carry((*level, "shots"), lost=in_notes)
        revision = score.evaluation.revision or ""
        ledger.carry((*level, "revision"), lost="" if _SHA.fullmatch(revision) else in_notes)
