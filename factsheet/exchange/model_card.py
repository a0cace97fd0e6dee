"""A model card of the Hugging Face Hub: front matter with `model-index`, and the whole sheet as its text.

A card that exists is completed: its front matter key by key, and the sheet between two comments of its text.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.authoring.importing.cards.own_block import (
    END,
    begin_of,
    block_in,
    identifier_of,
    slug,
    without_comments_of_ours,
)
from factsheet.exchange.exported import Exported, ExportedFile
from factsheet.exchange.front_matter import INDEX, FrontMatter
from factsheet.exchange.ledger import FactLedger
from factsheet.exchange.scores import (
    data_set_of,
    is_hub_id,
    link_of,
    model_scores,
    number_of,
    source_of,
)
from factsheet.source.editing import value_at

if TYPE_CHECKING:
    from factsheet.exchange.request import ExportRequest
    from factsheet.exchange.scores import ModelScore
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_TAGS: Final = ("analog-ai", "factsheet")
_IN_TEXT: Final = "it is in the text of the card, for people"
_IN_INDEX: Final = "it is in the results of the card, in their words"
_LIKE_ROW: Final = "it reads like a name that is made of the row's, where a sheet states no data set"
_STAYS: Final = "the card says otherwise, and that stays; it is in the text of the card, for people"
_FRONT: Final = re.compile(
    r"\A(\ufeff?\s*---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n|\Z))", re.DOTALL | re.MULTILINE
)
_FENCED: Final = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)[^\n]*$", re.MULTILINE | re.DOTALL)
_TITLE: Final = re.compile(r"^# |^[^\n#>|-][^\n]*\n=+[ \t]*$", re.MULTILINE)
_HEADING: Final = re.compile(r"^(#{1,5} )", re.MULTILINE)
_OF_KEYS: Final[dict[str, KeyPath]] = {
    "license": ("overview", "licence"),
    "license_name": ("overview", "licence"),
    "license_link": ("overview", "licence_link"),
    "library_name": ("setup", "framework"),
    "pipeline_tag": ("purpose", "task_ids"),
    "model_name": ("overview", "model"),
    INDEX: ("overview", "model"),
}
_LIBRARY: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_TASK: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
_ADDRESS: Final = re.compile(r"https://huggingface\.co/(?:datasets/)?([\w.-]+/[\w.-]+|[\w.-]+)/?")


def export(request: ExportRequest) -> Exported:
    """Return a sheet as a card: what the Hub reads in the front matter, everything as text below it."""
    from factsheet.pages.rendering import render  # the templates of pages

    ledger = FactLedger(request.sheet)
    ledger.carry_below((), lost=_IN_TEXT)
    ours = _front_matter(request.sheet, ledger)
    page = render(request.sheet, role="full", format="md")
    card = _Card(request.existing)
    card.front.complete(ours)
    for one in card.front.kept:
        for path in _places(request.sheet, one.path):
            ledger.carry(path, lost=_STAYS)
    text = card.with_page(page if isinstance(page, str) else page.decode())
    exported = ledger.exported([ExportedFile("README.md", text.encode())], _IN_TEXT)
    return replace(exported, kept=tuple(card.front.kept))


class _Card:
    """The text of a card in parts: what is before the front matter, the front matter, and the rest."""

    def __init__(self, text: str) -> None:
        self.block = block_in(text)
        self.is_new = not text.strip() or (self.block is not None and self.block.whole)
        found = _FRONT.match(text)
        self.lines = "\r\n" if "\r\n" in text else "\n"
        self.rest = text if found is None else text[found.end() :]
        self.opening = f"---{self.lines}" if found is None else found[1]
        self.closing = f"---{self.lines}{self.lines}" if found is None else found[3]
        if found is None and text.startswith("\ufeff"):
            self.opening, self.rest = f"\ufeff{self.opening}", self.rest.removeprefix("\ufeff")
        written = {} if self.block is None else self.block.written
        self.front = FrontMatter("" if found is None else found[2], written)

    def with_page(self, page: str) -> str:
        """Return the card with a page between the two comments, in place of the one before or at the end."""
        block = block_in(self.rest)
        before, behind = (
            (self.rest, "") if block is None else (self.rest[: block.start], self.rest[block.end :])
        )
        if _TITLE.search(_FENCED.sub("", before + behind)):
            page = _demoted(page)
        begin = begin_of(self.front.written, whole=self.is_new)
        own = f"{begin}\n{without_comments_of_ours(page).rstrip()}\n{END}".replace("\n", self.lines)
        if block is None and before.strip():
            ending = "" if before.endswith("\n") else self.lines
            before, behind = f"{before}{ending}{self.lines}", self.lines
        elif block is None:
            behind = self.lines
        front = self.front.text
        front += "" if not front or front.endswith("\n") else self.lines
        return f"{self.opening}{front}{self.closing}{before}{own}{behind}"


def _demoted(page: str) -> str:
    """Return a page whose headings are one level lower; code stays as it is."""
    parts = re.split(rf"({_FENCED.pattern})", page, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if index % 2 else _HEADING.sub(r"#\1", part) for index, part in enumerate(parts))


def _places(sheet: SheetFields, path: KeyPath) -> list[KeyPath]:
    """Return which answers of a sheet a key of the front matter, or a metric of a result, is made of."""
    if path[0] != INDEX or path[-1] == "name":
        return [_OF_KEYS[str(path[0])]] if str(path[0]) in _OF_KEYS else []
    return [
        score.path
        for score in model_scores(sheet)
        if path == (INDEX,) or (score.task.task, _metric(score)["name"]) == path[-2:]
    ]


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
    # Of several tasks, nothing says which one a score is of.
    if results := _results(sheet, ledger, tasks[0] if len(tasks) == 1 else "other"):
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
    """Return what the Hub calls the data of training, where an address or a name with its owner says so."""
    rows = training.get("datasets") or [training]
    found = []
    for row in rows:
        address = _ADDRESS.fullmatch(str(_plain(row.get("address") or row.get("source")) or ""))
        name = address[1] if address else _plain(row.get("name"))
        # `GLUE` is a name for people; which of the Hub's data sets it is, only its owner's name says.
        if isinstance(name, str) and name not in found and (address or (is_hub_id(name) and "/" in name)):
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
        _carry_about(score, ledger, "" if exact else _IN_INDEX)
    return list(found.values())


def _carry_about(score: ModelScore, ledger: FactLedger, lost: str) -> None:
    """Mark what is carried with a score: its row, metric and system, and the data that it was taken on."""
    table, row = score.path[:3], score.row
    ledger.carry((*row, "task"), lost=lost)
    ledger.carry((*(row if score.task.metric else table), "metric"), lost=lost)
    if _names_system(score):
        number = [system.id for system in score.table.systems].index(score.system.id)
        ledger.carry((*table, "systems", number, "name"), lost=lost)
    for key in ("dataset", "configuration", "split", "revision"):
        levels = ((*score.path, "evaluation", key), (*row, "evaluation", key), (*table, "evaluation", key))
        stated = next((level for level in levels if value_at(ledger.data, level) is not None), None)
        if stated is not None:
            made_up = key == "dataset" and score.evaluation.dataset == slug(score.task.task)
            ledger.carry(stated, lost=lost or (_LIKE_ROW if made_up else ""))


def _names_system(score: ModelScore) -> bool:
    return score.several or score.system.kind == "analog"


def _metric(score: ModelScore) -> dict[str, Any]:
    name = score.metric or "score"
    whose = f"{name}, {score.system.name}" if _names_system(score) else name
    return {"type": identifier_of(score.metric or "score"), "value": number_of(score), "name": whose}


def _plain(answer: Any) -> Any:
    """Return the value of an answer with or without provenance; `None` where a reason stands for it."""
    return answer.get("value") if isinstance(answer, dict) else answer


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
