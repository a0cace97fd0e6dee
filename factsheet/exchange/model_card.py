"""A model card of the Hugging Face Hub: front matter with `model-index`, and the whole sheet as its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.exchange.exported import Exported, ExportedFile
from factsheet.exchange.ledger import FactLedger
from factsheet.exchange.scores import (
    data_set_of,
    is_hub_id,
    link_of,
    metric_id,
    model_scores,
    number_of,
    source_of,
)
from factsheet.source.dumping import dump_block

if TYPE_CHECKING:
    from factsheet.exchange.request import ExportRequest
    from factsheet.exchange.scores import ModelScore
    from factsheet.sheet.model import SheetFields

_TAGS: Final = ("analog-ai", "factsheet")
_IN_TEXT: Final = "it is in the text of the card, for people"
_IN_INDEX: Final = "it is in the results of the card, in their words"
_LIBRARY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_TASK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_ADDRESS: Final = re.compile(r"https://huggingface\.co/(?:datasets/)?([\w.-]+/[\w.-]+|[\w.-]+)/?")


def export(request: ExportRequest) -> Exported:
    """Return a sheet as a card: what the Hub reads in the front matter, everything as text below it."""
    from factsheet.pages.rendering import render  # the templates of pages

    ledger = FactLedger(request.sheet)
    ledger.carry_below((), lost=_IN_TEXT)
    front = _front_matter(request.sheet, ledger)
    page = render(request.sheet, role="full", format="md")
    body = page if isinstance(page, str) else page.decode()
    return ledger.exported(
        [ExportedFile("README.md", f"---\n{dump_block(front)}---\n\n{body}".encode())], _IN_TEXT
    )


def _front_matter(sheet: SheetFields, ledger: FactLedger) -> dict[str, Any]:
    front: dict[str, Any] = {}
    data = ledger.data
    overview, purpose = data.get("overview", {}), data.get("purpose", {})
    if languages := _plain(overview.get("languages")):
        front["language"] = languages
        ledger.carry(("overview", "languages"))
    front.update(_licence(overview, ledger))
    library = _plain(data.get("setup", {}).get("framework"))
    if isinstance(library, str) and _LIBRARY.fullmatch(library):
        front["library_name"] = library
        ledger.carry(("setup", "framework"))
    tasks = [one for one in _listed(_plain(purpose.get("task_ids"))) if _TASK.fullmatch(str(one))]
    if tasks:
        front["pipeline_tag"] = tasks[0]
        ledger.carry(
            ("purpose", "task_ids"), lost="" if len(tasks) == 1 else "a card has one task: the first"
        )
    bases = (
        [row for row in sheet.model_architecture.base_models or () if is_hub_id(row.name)]
        if (sheet.model_architecture is not None)
        else []
    )
    if bases:
        front["base_model"] = [row.name for row in bases]
    front["tags"] = list(_TAGS)
    trained = [name for name in _data_sets(data.get("training_data", {})) if is_hub_id(name)]
    if trained:
        front["datasets"] = trained
    front["model_name"] = sheet.overview.model.words()
    ledger.carry(("overview", "model"))
    if results := _results(sheet, ledger, str(front.get("pipeline_tag", "other"))):
        front["model-index"] = [{"name": sheet.overview.model.words(), "results": results}]
    return front


def _licence(overview: dict[str, Any], ledger: FactLedger) -> dict[str, str]:
    """Return the keys of a licence: by the Hub's name where it has one, else by its own name."""
    licence, link = _plain(overview.get("licence")), _plain(overview.get("licence_link"))
    found: dict[str, str] = {}
    if isinstance(licence, str):
        known = next((key for key, name in SPDX.items() if name == licence), None)
        found = {"license": known} if known else {"license": "other", "license_name": licence}
        ledger.carry(("overview", "licence"))
    if isinstance(link, str):
        found["license_link"] = link
        ledger.carry(("overview", "licence_link"))
    return found


def _data_sets(training: dict[str, Any]) -> list[str]:
    """Return the names of the data that the model was trained on, by the Hub's where an address gives it."""
    rows = training.get("datasets") or [training]
    found = []
    for row in rows:
        address = _ADDRESS.fullmatch(str(_plain(row.get("address") or row.get("source")) or ""))
        name = address[1] if address else _plain(row.get("name"))
        if isinstance(name, str) and name not in found:
            found.append(name)
    return found


def _results(sheet: SheetFields, ledger: FactLedger, task: str) -> list[dict[str, Any]]:
    """Return the scores of the model as `model-index` has them, those of one task on one data set together."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for score in model_scores(sheet):
        evaluation = score.evaluation
        dataset: dict[str, Any] = {"name": score.task.task, "type": data_set_of(score)}
        details = {
            "config": evaluation.configuration,
            "split": evaluation.split,
            "revision": evaluation.revision,
        }
        dataset |= {key: value for key, value in details.items() if value}
        reference = source_of(sheet, score.placed)
        source = {"name": reference.title, "url": link_of(reference)} if reference is not None else None
        result = found.setdefault(
            (*dataset.items(), source and source["url"]),
            {
                "task": {"type": task},
                "dataset": dataset,
                "metrics": [],
                **({"source": source} if source is not None else {}),
            },
        )
        result["metrics"].append(_metric(score))
        exact = not isinstance(number_of(score), str)
        ledger.carry(score.path, lost="" if exact else _IN_INDEX)
        ledger.carry((*score.row, "task"))
    return list(found.values())


def _metric(score: ModelScore) -> dict[str, Any]:
    name = score.metric or "score"
    whose = f"{name}, {score.system.name}" if score.several or score.system.kind == "analog" else name
    return {"type": metric_id(score.metric), "value": number_of(score), "name": whose}


def _plain(answer: Any) -> Any:
    """Return the value of an answer with or without provenance; `None` where a reason stands for it."""
    return answer.get("value") if isinstance(answer, dict) else answer


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
