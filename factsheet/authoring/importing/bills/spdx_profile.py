"""Read the fields of the AI and data set profiles of SPDX 3, of a bill of materials that another program wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from factsheet.authoring.importing.bills.spdx_graph import lines_in, listed, type_of
from factsheet.authoring.importing.bills.spdx_licences import licence_name
from factsheet.authoring.importing.collected import fault_of, path_of
from factsheet.authoring.importing.reading import line_of, number_of
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import add_tables
from factsheet.source.decoding import DEFAULT_LIMITS
from factsheet.source.scalars import NUMBER_FIRST, resolve_number

if TYPE_CHECKING:
    from factsheet.authoring.importing.bills.spdx_graph import ElementGraph, Node
    from factsheet.authoring.importing.collected import Collected
    from factsheet.authoring.importing.reading import SourceText
    from factsheet.source.dumping import Data

_UNITS: Final = {"kilowattHour": "kWh", "megajoule": "MJ"}
_HYPERPARAMETERS: Final = {
    **dict.fromkeys(("learningrate", "lr"), "training.learning_rate"),
    **dict.fromkeys(("epochs", "epoch", "numepochs", "numtrainepochs", "trainingepochs"), "training.epochs"),
    **dict.fromkeys(("batchsize", "trainbatchsize"), "training.batch_size"),
    **dict.fromkeys(("optimizer", "optimiser"), "training.optimiser"),
    "weightdecay": "training.weight_decay",
    "dropout": "training.dropout",
    "steps": "training.steps",
    "maxsteps": "training.steps",
    "seed": "training.seed",
    "warmup": "training.warm_up",
    "warmupsteps": "training.warm_up",
    "precision": "training.precision",
}
"""Fields by names of hyperparameters, without their capitals and signs."""
_FIELD: Final = re.compile(r"(?:hwa_)?training\.[a-z_]+")
_NO_FIELD: Final = "no field of a sheet holds it"
_RELATED: Final = frozenset(
    {"trainedOn", "testedOn", "descendantOf", "hasDeclaredLicense", "hasConcludedLicense"}
)


def take_profile(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    """Take what the profiles say of a model: its training, scores, energy, limits, data sets and ancestors."""
    for path, key in (
        ("purpose.summary" if line_of(model.get("summary")) else "overview.summary", "description"),
        ("training.summary", "ai_informationAboutTraining"),
        ("setup.integration", "ai_informationAboutApplication"),
    ):
        if (value := line_of(model.get(key))) is not None:
            collected.add(path, value, text.place(key))
    limit = model.get("ai_limitation")
    if limits := lines_in(limit.splitlines() if isinstance(limit, str) else None):
        collected.add("limitations.known", limits, text.place("ai_limitation"))
    if steps := lines_in(model.get("ai_modelDataPreprocessing")):
        collected.add("training_data.preprocessing", _prose(steps), text.place("ai_modelDataPreprocessing"))
    if risk := line_of(model.get("ai_safetyRiskAssessment")):
        where = text.place("ai_safetyRiskAssessment")
        collected.add("limitations.risks", f"The risk to safety is assessed as {risk}.", where)
    _hyperparameters(collected, graph, model, text)
    _metrics(collected, graph, model, text)
    _energy(collected, graph, model, text)
    _datasets(collected, graph, model, text)
    _ancestors(collected, graph, model, text)
    for kind, end in graph.relations(model):
        name = line_of(graph.node(end).get("name")) or line_of(graph.id_of(end))
        if kind not in _RELATED and name:
            collected.leave(f"{text.name} {kind}", name, "no part of the model itself")


def _prose(lines: list[str]) -> str:
    return " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in lines)


def _hyperparameters(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    taken: set[str] = set()
    for one in map(graph.node, listed(model.get("ai_hyperparameter"))):
        name, value = line_of(one.get("key")), line_of(one.get("value"))
        plain = re.sub(r"[^a-z]", "", (name or "").casefold())
        # Our own exports have them by their fields, and another program may pass the properties over.
        path = name if name and _FIELD.fullmatch(name) else _HYPERPARAMETERS.get(plain)
        where = f"{text.place('ai_hyperparameter')}, {name}"
        if path is not None and value is not None and path not in taken:
            taken.add(path)
            number = resolve_number(value, DEFAULT_LIMITS.digits) if value[:1] in NUMBER_FIRST else value
            collected.add(path, number if isinstance(number, int | float) else value, where)
        elif name is not None:
            collected.leave(
                where, value or name, _NO_FIELD if path is None else "another one says it already"
            )


def _metrics(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    scores = []
    for one in map(graph.node, listed(model.get("ai_metric"))):
        name, value = line_of(one.get("key")), line_of(one.get("value"))
        where = f"{text.place('ai_metric')}, {name}"
        number = number_of((value or "").removesuffix("%").strip())
        if name is None or value is None or number is None:
            collected.leave(where, value or name, "a score needs the name of its metric and a number")
            continue
        parts = re.fullmatch(r"(.+?) \((.+)\)", name)
        metric, task = (parts[1], parts[2]) if parts else (name, "all")
        scores.append(RawScore(task, metric, number, value, where))
    add_tables(collected, "AI package of the bill of materials", scores)


def _energy(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    energies = graph.node(model.get("ai_energyConsumption"))
    for kind, words in (("training", "training"), ("finetuning", "fine-tuning"), ("inference", "")):
        key = f"ai_{kind}EnergyConsumption"
        found = list(map(graph.node, listed(energies.get(key))))
        where = text.place(key)
        for one in found:
            quantity, unit = one.get("ai_energyQuantity"), line_of(one.get("ai_energyUnit"))
            if number_of(quantity) is None or unit not in _UNITS:
                collected.leave(where, f"{quantity} {unit}", "an energy needs a number, in kWh or MJ")
                continue
            energy = f"{quantity} {_UNITS[unit]}"
            if not words:
                collected.leave(where, energy, "it does not say of how many inferences it is")
            elif kind == "training" and len(found) == 1:
                collected.add("hardware.training.energy", energy, where)
            else:
                row: dict[str, Data] = {"activity": words, "energy": energy}
                collected.add("hardware.training.activities[]", row, where, source=None)


def _datasets(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    for kind, section in (("trainedOn", "training_data"), ("testedOn", "test_data")):
        biases = []
        for end in graph.related(model, kind):
            data = graph.node(end)
            name = line_of(data.get("name"))
            if name is None:
                what = line_of(graph.id_of(end)) or "a data set"
                collected.leave(text.place(kind), what, "it has no name in this file")
                continue
            where = f"{text.place(kind)}, {name}"
            licences = (licence_name(graph, one) for one in graph.related(data, "hasDeclaredLicense"))
            address = line_of(data.get("software_downloadLocation"))
            said: dict[str, Data] = {
                "name": name,
                "revision": line_of(data.get("software_packageVersion")),
                "licence": next(filter(None, licences), None),
                "note": line_of(data.get("description")) or line_of(data.get("summary")),
                "address": address if fault_of(path_of("overview.homepage"), address) is None else None,
            }
            row = {field: value for field, value in said.items() if value is not None}
            collected.add(f"{section}.datasets[]", row, where, source=None)
            biases += lines_in(data.get("dataset_knownBias"))
            if (size := number_of(data.get("dataset_datasetSize"))) is not None:
                why = "SPDX has it in bytes, and a sheet counts examples"
                collected.leave(f"{where}, dataset_datasetSize", f"{size:,.0f} bytes", why)
            for key in ("dataset_dataPreprocessing", "dataset_dataCollectionProcess"):
                for line in lines_in(data.get(key)):
                    collected.leave(f"{where}, {key}", line, "no field of a data set holds it")
        if biases:
            known = _prose(list(dict.fromkeys(biases)))
            collected.add(f"{section}.known_biases", known, text.place("dataset_knownBias"))


def _ancestors(collected: Collected, graph: ElementGraph, model: Node, text: SourceText) -> None:
    for end in graph.related(model, "descendantOf"):
        one = graph.node(end)
        if (name := line_of(one.get("name"))) and type_of(one):
            row: dict[str, Data] = {"name": name}
            if version := line_of(one.get("software_packageVersion")):
                row["revision"] = version
            where = f"{text.place('descendantOf')}, {name}"
            collected.add("model_architecture.base_models[]", row, where, source=None)
