"""Cards and results that come back: all that the ledger calls carried is read again, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from exported_bills import SHEETS, sheet_in

import factsheet
from factsheet.authoring.importing.imported import ImportOptions
from factsheet.authoring.importing.kinds import recognise
from factsheet.exchange.formats import export_sheet
from factsheet.exchange.ledger import FactLedger, answers_of
from factsheet.exchange.request import ExportRequest
from factsheet.exchange.scores import model_scores
from factsheet.quantities.metrics import metric_named, plain
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.exchange.exported import Exported
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

FULL = """\
factsheet: 1
overview:
  name: A card
  model: tiny
  licence: {value: Apache-2.0, source: declared}
  licence_link: https://example.org/licence
  languages: [en, de]
setup: {framework: transformers}
purpose: {task_ids: [text-classification]}
model_architecture: {base_models: [{name: google/bert, relation: finetune}, {name: no id}]}
training_data: {name: GLUE, source: https://huggingface.co/datasets/nyu-mll/glue}
performance:
  results:
    - name: Of one system
      systems: [{id: a, name: Not named in a card}]
      tasks:
        - task: SST-2
          metric: accuracy
          evaluation: {dataset: nyu-mll/glue, configuration: sst2, split: validation, revision: main}
          scores: {a: {value: 90.50 %, source: cited, evidence: paper, date: 2024-05-01}}
        - {task: WMT14, metric: BLEU, scores: {a: 0.284}}
        - {task: Range, metric: accuracy, scores: {a: 80 to 82 %}}
        - {task: named-alike, metric: accuracy, evaluation: {dataset: named-alike}, scores: {a: 70.0 %}}
        - {task: mine, metric: "A score, of ours", evaluation: {dataset: my/data}, scores: {a: 12.5}}
        - task: CoLA
          metric: Matthews correlation
          evaluation:
            {dataset: nyu-mll/glue, configuration: default, revision: 0123456789abcdef0123456789abcdef01234567}
          scores: {a: 0.5565}
    - name: Of several
      metric: accuracy
      systems:
        - {id: d, name: In floating point, kind: digital}
        - {id: b, name: "On arrays, 4 bits", kind: analog}
        - {id: c, name: "On arrays, 8 bits", kind: analog}
      tasks:
        - {task: RTE, scores: {d: 66.0 %, b: 61.5 %, c: 64.25 %}}
references:
  - {id: paper, title: A paper, doi: 10.1000/xyz}
"""
CASES = [*(pytest.param(sheet_in(file), id=file.stem) for file in SHEETS), pytest.param(None, id="full")]
PLAIN = (
    ("overview", "model"),
    ("overview", "licence"),
    ("overview", "licence_link"),
    ("overview", "languages"),
    ("setup", "framework"),
    ("purpose", "task_ids"),
)
MADE_OF_OTHERS = {("purpose", "trained_for"), ("training_data", "source")}
"""Facts that a reader makes of an identifier: a task in words, the address of a data set."""


class Score(NamedTuple):
    """A score, with what was said about it; `None` is left open."""

    task: str | None
    metric: str | None
    system: str | None
    value: float | None
    dataset: str | None
    configuration: str | None
    split: str | None
    revision: str | None

    def fits(self, other: Score) -> bool:
        """Whether another one has all that this one says."""
        return all(
            one is None or (one == two or (isinstance(one, float) and one == pytest.approx(two)))
            for one, two in zip(self, other, strict=True)
        )


def exported(sheet: SheetFields, form: str) -> Exported:
    return export_sheet(
        ExportRequest(sheet=sheet, name="sheet.yaml", moment=datetime(2026, 11, 30, tzinfo=UTC)), form
    )


def read_back(made: Exported, folder: Path) -> dict[KeyPath, list[Any]]:
    """Return the values that a reader takes from files, by their path."""
    facts: dict[KeyPath, list[Any]] = {}
    for file in made.files:
        place = folder / file.name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(file.content)
        kind = recognise(place)
        assert kind is not None
        for found in kind.read(str(place), ImportOptions()).facts:
            facts.setdefault(found.path, []).append(found.value)
    return facts


def metric_words(metric: str | None) -> str | None:
    known = metric_named(metric)
    return None if metric in {None, "score"} else known.name if known is not None else plain(metric or "")


def scores_read(facts: dict[KeyPath, list[Any]]) -> list[Score]:
    found = []
    for table in facts.get(("performance", "results", -1), ()):
        names = {system["id"]: system["name"] for system in table["systems"]}
        for task in table["tasks"]:
            about = {
                "configuration": task.get("configuration"),
                **task.get("evaluation", {}),
            }
            for system, value in task["scores"].items():
                if isinstance(value, dict) and "not_disclosed" in value:
                    continue
                found.append(
                    Score(
                        task["task"],
                        metric_words(task.get("metric", table.get("metric"))),
                        None if names[system] == "model" else names[system],
                        parse_quantity(value, "score").value,
                        *(about.get(key) for key in ("dataset", "configuration", "split", "revision")),
                    )
                )
    return found


def scores_stated(sheet: SheetFields, carried: set[KeyPath] | None) -> list[Score]:
    """Return the scores of a sheet; with paths, what of each is carried, and those alone whose value is."""

    def is_carried(*paths: KeyPath) -> bool:
        return carried is None or any({path, (*path, "value")} & carried for path in paths)

    found = []
    for score in model_scores(sheet):
        if not is_carried(score.path):
            continue
        table, row = score.path[:3], score.row
        number = [system.id for system in score.table.systems].index(score.system.id)
        levels = [(*path, "evaluation") for path in (score.path, row, table)]
        about = [
            getattr(score.evaluation, key) if is_carried(*((*level, key) for level in levels)) else None
            for key in ("dataset", "configuration", "split", "revision")
        ]
        found.append(
            Score(
                score.task.task if is_carried((*row, "task")) else None,
                metric_words(score.metric) if is_carried((*row, "metric"), (*table, "metric")) else None,
                score.system.name if is_carried((*table, "systems", number, "name")) else None,
                score.quantity.value,
                *about,
            )
        )
    return found


def plain_answer(data: Any, path: KeyPath) -> Any:
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    data = data["value"] if isinstance(data, dict) and "value" in data else data
    return [data] if isinstance(data, str) else data


def carried_by(sheet: SheetFields, made: Exported) -> set[KeyPath]:
    lost = {one.path for one in (*made.unsaid, *made.approximated)}
    return {path for path, _ in answers_of(FactLedger(sheet).data)} - lost


@pytest.mark.parametrize("sheet", CASES)
@pytest.mark.parametrize("form", ["model-card", "eval-results"])
def test_what_is_carried_comes_back(sheet: SheetFields | None, form: str, tmp_path: Path) -> None:
    sheet = sheet or factsheet.loads(FULL)
    made = exported(sheet, form)
    carried, facts = carried_by(sheet, made), read_back(made, tmp_path)
    data = FactLedger(sheet).data
    for path in PLAIN:
        if {path, (*path, "value")} & carried:
            assert plain_answer(data, path) in [plain_answer({"x": one}, ("x",)) for one in facts[path]]
    read = scores_read(facts)
    for stated in scores_stated(sheet, carried):
        assert any(stated.fits(one) for one in read), stated


@pytest.mark.parametrize("sheet", CASES)
@pytest.mark.parametrize("form", ["model-card", "eval-results"])
def test_nothing_comes_back_that_the_sheet_does_not_say(
    sheet: SheetFields | None, form: str, tmp_path: Path
) -> None:
    sheet = sheet or factsheet.loads(FULL)
    facts = read_back(exported(sheet, form), tmp_path)
    data = FactLedger(sheet).data
    architecture, training = data.get("model_architecture", {}), data.get("training_data", {})
    bases = {row["name"] for row in architecture.get("base_models", ())}
    for path, values in facts.items():
        if path == ("model_architecture", "base_models", -1):
            assert {row["name"] for row in values} <= bases
        elif path[0] == "training_data":
            said = f"{training}"
            assert (
                all(part in said for one in values for part in str(one).split(", ")) or path in MADE_OF_OTHERS
            )
        elif path[0] not in {"performance", "test_data"} and path not in MADE_OF_OTHERS:
            assert plain_answer(data, path) in [plain_answer({"x": one}, ("x",)) for one in values], path
    stated = scores_stated(sheet, None)
    for one in scores_read(facts):
        if form == "eval-results":  # the name of a row is in the notes, as the ledger says
            one = one._replace(task=None)  # noqa: PLW2901  what is compared of it
        assert any(one.fits(each) for each in stated), one
