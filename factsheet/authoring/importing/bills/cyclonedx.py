"""Read the model in a bill of materials, CycloneDX in JSON: its component and its model card.

Names are those of the CycloneDX 1.5 to 1.7 schemas (`modelCard`, `performanceMetrics`, `environmentalConsiderations`).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.bills.own_properties import Pairs, holds_a_sheet, own_pairs, take_sheet
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import SourceText, head_of, line_of, number_of, read_json
from factsheet.authoring.importing.tables.raw_score import RawScore
from factsheet.authoring.importing.tables.scores import add_tables
from factsheet.authoring.importing.untouched import leave_untouched
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from factsheet.authoring.importing.imported import Imported, ImportOptions
    from factsheet.source.dumping import Data

_MODEL = "machine-learning-model"
_SECTION = "model_architecture"
_UNITS = {"kWh": "kWh", "tCO2eq": "tCO2eq"}
_DEEPEST = 30
_DIGESTS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_COMPONENT = frozenset(
    {
        *("type", "bom-ref", "name", "group", "version", "publisher", "supplier", "manufacturer"),
        *("licenses", "description", "externalReferences", "hashes", "modelCard"),
    }
)
_CONSIDERATIONS = {
    "users": "purpose.intended_users",
    "useCases": "purpose.applications",
    "technicalLimitations": "limitations.known",
    "performanceTradeoffs": "limitations.challenges",
}


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() in {".md", ".py", ".csv"}:
        return False
    if re.search(rb'"bomFormat"\s*:\s*"CycloneDX"', head):
        return True
    return b"http://cyclonedx.org/schema/bom" in head and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
        (b"<", b"{")
    )


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return what a bill of materials says of its model.

    Raises:
        UsageError: it cannot be read, is XML, or lists no model.
    """
    data, text = _data(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    models = list(_models(data))
    if not models:
        raise UsageError(
            f"{text.name} lists no model",
            f"none of its components is of the type {_MODEL}",
            "give the bill of materials of the model",
        )
    if len(models) > 1:
        names = [name for model in models if (name := line_of(model.get("name")))]
        collected.ask(
            "overview.model",
            f"{text.name} components",
            f"{len(models):,} models",
            [(name, name) for name in names[:20]],
        )
        why = "the sheet is of one model; give a bill of materials of it alone"
        collected.leave(text.name, f"what it says of {', '.join(names[:20])}", why)
        return collected.imported()
    pairs = _own_properties(data, models[0])
    if holds_a_sheet(pairs):
        native = Collected(text.name, KIND.words)
        _component(native, models[0], text)
        _card(native, card if isinstance(card := models[0].get("modelCard"), dict) else {}, text, {})
        take_sheet(collected, pairs, native)
        return collected.imported()
    listed = {str(one.get("bom-ref")): one for one in _mappings(data.get("components")) if one.get("bom-ref")}
    listed |= {str(one["bom-ref"]): one for one in _nested_data(listed.values()) if one.get("bom-ref")}
    _component(collected, models[0], text)
    card = models[0].get("modelCard")
    if isinstance(card, dict):
        _card(collected, card, text, listed)
    left = sorted({*models[0]} - _COMPONENT)
    if left:
        collected.leave(text.name, ", ".join(left), "no field of a sheet holds it")
    leave_untouched(collected, models[0], _OF_THE_FILE)
    _other_components(collected, data, models[0])
    return collected.imported()


def _own_properties(data: Mapping[str, Any], model: Mapping[str, Any]) -> Pairs:
    """Return the properties of an export of ours: of the model, its data sets and its hardware."""
    components = [one for one in _mappings(data.get("components")) if one is not model]
    return [pair for one in (model, *components) for pair in own_pairs(one.get("properties"))]


_OF_THE_FILE = frozenset({"type", "bom-ref", "ref", "mime-type"})
"""Keys that say how the parts of a bill of materials hang together."""


def _other_components(collected: Collected, data: Mapping[str, Any], model: Mapping[str, Any]) -> None:
    """List what the bill has besides the model: libraries, and data that no data set of the model refers to."""
    said = " ".join(f"{fact.value}" for fact in collected.facts)
    names = [
        " ".join(filter(None, (line_of(one.get("type")), name, line_of(one.get("version")))))
        for one in _mappings(data.get("components"))
        if one is not model and (name := line_of(one.get("name"))) and name not in said
    ]
    if names:
        collected.leave(f"{collected.name} components", ", ".join(names), "no part of the model itself")


def _data(source: str) -> tuple[dict[str, Any], SourceText]:
    try:
        return read_json(source)
    except UsageError:
        advice = _conversion(head_of(Path(source)))
        if not advice:
            raise
    raise UsageError(f"{line_of(source)} is CycloneDX in XML", "it is read in JSON", advice)


def _conversion(head: bytes) -> str:
    is_xml = head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    return "convert it to JSON: `cyclonedx convert --output-format json`" if is_xml else ""


def _mappings(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _models(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the models: the subject of the bill of materials, else every one that it lists, nested ones too."""
    metadata = data.get("metadata")
    subject = metadata.get("component") if isinstance(metadata, dict) else None
    if isinstance(subject, dict) and subject.get("type") == _MODEL:
        yield subject
        return
    places = [(one, 0) for one in (*_mappings([subject]), *_mappings(data.get("components")))]
    while places:
        one, depth = places.pop(0)
        if one.get("type") == _MODEL:
            yield one
        if depth < _DEEPEST:
            places += [(inner, depth + 1) for inner in _mappings(one.get("components"))]


def _nested_data(components: Any) -> Iterator[dict[str, Any]]:
    for component in list(components):
        yield from _mappings(component.get("data"))


def _component(collected: Collected, model: Mapping[str, Any], text: SourceText) -> None:
    group, name = line_of(model.get("group")), line_of(model.get("name"))
    if name is not None:
        collected.add("overview.model", name, text.place("name") if group is None else f"{text.name} name")
        if group is not None:
            collected.leave(f"{text.name} group", group, "no field of a sheet holds it")
    for path, key in (("overview.version", "version"), ("overview.summary", "description")):
        if (value := line_of(model.get(key))) is not None:
            collected.add(path, value, f"{text.name} {key}")
    makers = {key: _maker(model.get(key)) for key in ("publisher", "supplier", "manufacturer")}
    stated = {key: maker for key, maker in makers.items() if maker is not None}
    if len(set(stated.values())) == 1:
        key, maker = next(iter(stated.items()))
        collected.add("overview.organisation", maker, f"{text.name} {key}")
    elif stated:
        readings = [(f"the {key}, {maker}", maker) for key, maker in stated.items()]
        collected.ask(
            "overview.organisation", text.name, "publisher, supplier and manufacturer differ", readings
        )
    _licence(collected, model, text)
    _references(collected, model, text)


def _references(collected: Collected, model: Mapping[str, Any], text: SourceText) -> None:
    for reference in _mappings(model.get("externalReferences")):
        kind, url = line_of(reference.get("type")), line_of(reference.get("url"))
        path = {
            "website": "overview.homepage",
            "distribution": "setup.weights",
            "vcs": "setup.implementation",
        }.get(kind or "")
        where = f"{text.name} externalReferences, {kind}"
        if path is not None and url is not None:
            collected.add(path, url, where)
        elif url is not None:
            collected.leave(where, url, "no field of a sheet holds an address of this type")
    for entry in _mappings(model.get("hashes")):
        kind, digest = line_of(entry.get("alg")), line_of(entry.get("content"))
        if kind in _DIGESTS and digest:
            collected.add("setup.weights_digest", f"{_DIGESTS[kind]}:{digest}", f"{text.name} hashes")
        else:
            why = "the sheet holds the SHA-256, SHA-384 or SHA-512 of the weights"
            collected.leave(f"{text.name} hashes", kind, why)


def _maker(value: object) -> str | None:
    return line_of(value.get("name")) if isinstance(value, dict) else line_of(value)


def _licence(collected: Collected, model: Mapping[str, Any], text: SourceText) -> None:
    where = f"{text.name} licenses"
    names = []
    for entry in _mappings(model.get("licenses")):
        licence = entry.get("license")
        named = licence if isinstance(licence, dict) else {}
        name = line_of(entry.get("expression")) or line_of(named.get("id")) or line_of(named.get("name"))
        if name is not None:
            names.append(name)
        url = line_of(named.get("url"))
        if url is not None and not line_of(named.get("id")):
            collected.add("overview.licence_link", url, where)
    if len(names) == 1:
        collected.add("overview.licence", names[0], where)
    elif names:
        readings = [
            (f"all of them: {' AND '.join(names)}", " AND ".join(names)),
            (f"one of them: {' OR '.join(names)}", " OR ".join(names)),
        ]
        collected.ask("overview.licence", where, ", ".join(names), readings)


def _card(collected: Collected, card: Mapping[str, Any], text: SourceText, listed: Mapping[str, Any]) -> None:
    parameters = card.get("modelParameters")
    if isinstance(parameters, dict):
        _parameters(collected, parameters, text, listed)
    analysis = card.get("quantitativeAnalysis")
    if isinstance(analysis, dict):
        _metrics(collected, analysis, text)
    considerations = card.get("considerations")
    if isinstance(considerations, dict):
        _considerations(collected, considerations, text)
    if _mappings(card.get("properties")):
        collected.leave(text.name, "properties of the model card", "their names are of whoever wrote them")


def _parameters(
    collected: Collected, parameters: Mapping[str, Any], text: SourceText, listed: Mapping[str, Any]
) -> None:
    task = line_of(parameters.get("task"))
    if task is not None:
        collected.add("purpose.trained_for", [task], text.place("task"))
    for path, key in (("family", "architectureFamily"), ("summary", "modelArchitecture")):
        if (value := line_of(parameters.get(key))) is not None:
            collected.add(f"{_SECTION}.{path}", value, text.place(key))
    said = []
    for words, key in (("in", "inputs"), ("out", "outputs")):
        formats = [name for one in _mappings(parameters.get(key)) if (name := line_of(one.get("format")))]
        if formats:
            said.append(f"{', '.join(formats)} {words}")
    if said:
        collected.add("setup.interface", f"{', '.join(said)}.", text.place("inputs"))
    if parameters.get("approach"):
        collected.leave(text.place("approach"), "the approach of learning", "no field of a sheet holds it")
    _datasets(collected, parameters, text, listed)


def _datasets(
    collected: Collected, parameters: Mapping[str, Any], text: SourceText, listed: Mapping[str, Any]
) -> None:
    found: dict[str, list[dict[str, Data]]] = {"training_data": [], "test_data": []}
    for one in _mappings(parameters.get("datasets")):
        data = listed.get(str(one.get("ref")), one) if "ref" in one else one
        name = line_of(data.get("name"))
        if name is None:
            collected.leave(
                text.place("datasets"), line_of(one.get("ref")) or "a data set", "it has no name in this file"
            )
            continue
        words = set(re.split(r"[^a-z]+", name.casefold()))
        tested = bool(words & {"test", "testing", "evaluation", "eval", "validation"})
        trained = bool(words & {"train", "training", "pretraining", "finetuning"})
        row: dict[str, Data] = {"name": name}
        if (version := line_of(data.get("version"))) is not None:
            row["revision"] = version
        if (note := line_of(data.get("description"))) is not None:
            row["note"] = note
        where = f"{text.place('datasets')}, {name}"
        if tested != trained:
            found["test_data" if tested else "training_data"].append(row)
            collected.add(f"{'test_data' if tested else 'training_data'}.datasets[]", row, where, source=None)
        else:
            # Nothing but its name says what a data set was for.
            collected.ask("training_data.datasets[]", where, name, [("it was trained on", row)])


def _metrics(collected: Collected, analysis: Mapping[str, Any], text: SourceText) -> None:
    scores = []
    for one in _mappings(analysis.get("performanceMetrics")):
        metric, value = line_of(one.get("type")), one.get("value")
        where = f"{text.place('performanceMetrics')}, {metric}"
        written = str(value).strip()
        number = number_of(written.removesuffix("%"))
        if metric is None or number is None:
            collected.leave(where, value, "a score needs the name of its metric and a number")
            continue
        about: tuple[tuple[str, Any], ...] = ()
        interval = one.get("confidenceInterval")
        if isinstance(interval, dict):
            bounds = f"{interval.get('lowerBound')} to {interval.get('upperBound')}"
            about = (
                (
                    "note",
                    line_of(f"Confidence interval {bounds}; the file does not say of which confidence."),
                ),
            )
        scores.append(RawScore(line_of(one.get("slice")) or "all", metric, number, written, where, row=about))
    add_tables(collected, "Model card of the bill of materials", scores)
    if analysis.get("graphics"):
        collected.leave(text.place("graphics"), "pictures", "a figure of a sheet needs a file")


def _considerations(collected: Collected, considerations: Mapping[str, Any], text: SourceText) -> None:
    for key, path in _CONSIDERATIONS.items():
        lines = [line for one in _listed(considerations.get(key)) if (line := line_of(one))]
        if lines:
            collected.add(path, lines, text.place(key))
    ethics = [
        f"{name}: {mitigation}" if (mitigation := line_of(one.get("mitigationStrategy"))) else name
        for one in _mappings(considerations.get("ethicalConsiderations"))
        if (name := line_of(one.get("name")))
    ]
    if ethics:
        collected.add(
            "limitations.ethics",
            " ".join(_sentence(one) for one in ethics),
            text.place("ethicalConsiderations"),
        )
    fairness = [
        _sentence(
            "; ".join(
                f"{words} {said}"
                for key, words in (
                    ("groupAtRisk", "at risk:"),
                    ("benefits", "benefit:"),
                    ("harms", "harm:"),
                    ("mitigationStrategy", "mitigation:"),
                )
                if (said := line_of(one.get(key)))
            )
        )
        for one in _mappings(considerations.get("fairnessAssessments"))
    ]
    if any(fairness):
        collected.add("robustness.bias", " ".join(filter(None, fairness)), text.place("fairnessAssessments"))
    environment = considerations.get("environmentalConsiderations")
    if isinstance(environment, dict):
        _environment(collected, environment, text)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text[0].upper()}{text[1:]}."


def _environment(collected: Collected, environment: Mapping[str, Any], text: SourceText) -> None:
    for one in _mappings(environment.get("energyConsumptions")):
        activity = line_of(one.get("activity")) or "not stated"
        cost, carbon = _amount(one.get("activityEnergyCost")), _amount(one.get("co2CostEquivalent"))
        offset = _amount(one.get("co2CostOffset"))
        where = f"{text.place('energyConsumptions')}, {activity}"
        if activity == "training":
            for path, amount in (("energy", cost), ("carbon", carbon), ("offset", offset)):
                if amount is not None:
                    collected.add(f"hardware.training.{path}", amount, where)
        elif cost is not None or carbon is not None:
            row: dict[str, Data] = {"activity": activity}
            row |= {
                name: amount for name, amount in (("energy", cost), ("carbon", carbon)) if amount is not None
            }
            collected.add("hardware.training.activities[]", row, where, source=None)
        if one.get("energyProviders"):
            collected.leave(where, "its providers of energy", "no field of a sheet holds them")


def _amount(value: object) -> str | None:
    if not isinstance(value, dict) or number_of(value.get("value")) is None:
        return None
    unit = line_of(value.get("unit"))
    return f"{value['value']} {unit}" if unit in _UNITS else None


KIND = ImportKind("cyclonedx", "a bill of materials in CycloneDX", _recognises, read, _conversion)
