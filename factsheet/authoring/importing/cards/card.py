"""Read a Hugging Face model card: its front matter, the results in it, and sections that their headings name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.cards.body_results import without_repeated
from factsheet.authoring.importing.cards.card_results import INDEX_KEYS, listed, read_model_index
from factsheet.authoring.importing.cards.card_sections import read_sections
from factsheet.authoring.importing.cards.labelled import base_model, carbon_of, hub_address
from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.authoring.importing.cards.own_block import without_block, written_in
from factsheet.authoring.importing.cards.prose_figures import leave_figures
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import Imported, ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_text
from factsheet.authoring.importing.tables.scores import add_tables
from factsheet.source.editing import value_at
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from factsheet.authoring.importing.imported import ImportOptions
    from factsheet.authoring.importing.reading import SourceText
    from factsheet.authoring.importing.tables.raw_score import RawScore

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LONGEST = 200_000
_MOST_LINES = 5_000
"""Characters and lines of a body; large tables of results are in the front matter."""
_NO_LICENCE = frozenset({"other", "unknown", "custom", "cc"})
_KNOWN = frozenset(
    {
        *("license", "license_name", "license_link", "language", "datasets", "base_model"),
        *("base_model_relation", "library_name", "pipeline_tag", "co2_eq_emissions", "model_name"),
        *INDEX_KEYS,
    }
)
_NO_FACTS = frozenset(
    {
        *("tags", "widget", "thumbnail", "inference", "metrics", "new_version"),
        *("extra_gated_prompt", "extra_gated_fields", "extra_gated_heading", "extra_gated_button_content"),
    }
)


def _recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in {".md", ".markdown", ".mdx"} and bool(head)


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  a card needs none
    """Return what a card states: its front matter, its results, and prose below headings that say what it answers.

    Raises:
        UsageError: it cannot be read.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    front = _FRONT.match(text.text)
    body = whole = text.text[front.end() :] if front else text.text
    if (others := without_block(body)) != body:
        why = "it is for people; programs read the front matter, and the sheet has all of it"
        collected.leave(text.name, "the page of a sheet, put in by `factsheet export`", why)
        body = others
    read_of_it = "\n".join(body[:_LONGEST].split("\n", _MOST_LINES)[:_MOST_LINES])
    if len(read_of_it) < len(body):
        why = f"of a card, {_LONGEST:,} characters and {_MOST_LINES:,} lines below the front matter are read"
        collected.leave(text.name, f"{len(body) - len(read_of_it):,} further characters", why)
        body = read_of_it
    scores: list[RawScore] = []
    if front is None:
        collected.leave(text.name, "front matter", "there is none between two lines of `---`")
    else:
        scores = _front_matter(collected, text, front[1], written_in(whole))
    data_set = _one_data_set(collected)
    found = read_sections(collected, text, body, data_set)
    more = without_repeated(collected, found.scores, scores, data_set)
    add_tables(collected, "Model card", [*scores, *more])
    above = 0 if front is None else text.text.count("\n", 0, front.end())
    leave_figures(collected, found.sections, above, [*scores, *found.scores])
    return replace(collected.imported(), called=found.called)


def _one_data_set(collected: Collected) -> str | None:
    """Return the one set of data that the front matter names."""
    path = ("training_data", "name")
    name = next((str(fact.value) for fact in collected.facts if fact.path == path), None)
    return None if name is None or "," in name else name


def _front_matter(
    collected: Collected, text: SourceText, front: str, written: Mapping[str, frozenset[str]]
) -> list[RawScore]:
    loaded = load_bytes(front.encode(), text.name)
    data = loaded.document.data if loaded.document is not None else None
    for problem in loaded.problems:
        why = "the front matter is read as strictly as a sheet; what is at fault was not taken"
        if problem.code == "duplicate-key":
            why = "the first of them was taken"
        elif isinstance(data, dict) and problem.path and isinstance(value_at(data, problem.path), str):
            why = (
                "it was taken as the word that is written there; quotation marks make it one for every reader"
            )
        collected.leave(f"{text.name}:{problem.span.line + 1}", problem.message, why)
    if not isinstance(data, dict):
        for found in re.finditer(r"^([\w-]+):", front, re.MULTILINE):
            collected.leave(text.place(found[1]), found[1], "the front matter could not be read")
        return []
    _licence(collected, text, data)
    _named(collected, text, data)
    _datasets(collected, text, data)
    _emissions(collected, text, data.get("co2_eq_emissions"))
    scores = read_model_index(collected, text, data, written.get(INDEX_KEYS[0], frozenset()))
    unused = ", ".join(sorted(_NO_FACTS & set(data)))
    if unused:
        collected.leave(text.name, unused, "a sheet has no field for what the Hub shows with a model")
    for key, value in data.items():
        if key not in _KNOWN and key not in _NO_FACTS:
            collected.leave(text.place(key), f"{key}: {value}", "no field of a sheet is known to be meant")
    return scores


def _lines(collected: Collected, text: SourceText, data: dict[str, Any], key: str) -> list[str]:
    """Return the texts under a key, one or a list of them; what is no text is listed."""
    found = []
    for each in listed(data.get(key)):
        if (line := line_of(each)) is not None:
            found.append(line)
        elif each not in (None, ""):
            collected.leave(text.place(key), each, "it is no text that says something")
    return found


def _named(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    stated = [
        name.strip()
        for line in _lines(collected, text, data, "language")
        for name in re.split(r"[,;/]|\band\b", line)
        if name.strip()
    ]
    languages = [line for line in stated if line != "unk"]
    if "unk" in stated:
        collected.leave(text.place("language"), "unk", "it stands for a language that is not known")
    if languages:
        collected.add("overview.languages", languages, text.place("language"), source=None)
    for library in _lines(collected, text, data, "library_name")[:1]:
        collected.add("setup.framework", library, text.place("library_name"), source=None)
    for name in _lines(collected, text, data, "model_name")[:1]:
        collected.add("overview.model", name, text.place("model_name"), source=None)
    tasks = _lines(collected, text, data, "pipeline_tag")
    if tasks:
        collected.add("purpose.task_ids", tasks, text.place("pipeline_tag"), source=None)
        words = [task.replace("-", " ") for task in tasks]
        collected.add("purpose.trained_for", words, text.place("pipeline_tag"), source=None)
    relation = line_of(data.get("base_model_relation"))
    names = _lines(collected, text, data, "base_model")
    for name in names:
        row = {**base_model(name), **({"relation": relation} if relation else {})}
        collected.add("model_architecture.base_models[]", row, text.place("base_model"), source=None)
    if relation and not names:
        collected.leave(text.place("base_model_relation"), relation, "no base model is named")


def _licence(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    named = _lines(collected, text, data, "license")
    own = line_of(data.get("license_name"))
    if named and named[0].casefold() in _NO_LICENCE:
        collected.leave(text.place("license"), named[0], "it names no licence, or several of a family")
        named = []
    if named or own:
        if named and own:
            collected.leave(text.place("license_name"), own, "`license` names one that is known")
        names = [SPDX.get(one.casefold(), one) for one in named]
        if len(names) > 1:
            readings = [
                ("whichever one chooses", " OR ".join(names)),
                ("all of them together", " AND ".join(names)),
            ]
            collected.ask("overview.licence", text.place("license"), ", ".join(names), readings)
        else:
            collected.add("overview.licence", names[0] if names else own, text.place("license"), source=None)
    link = line_of(data.get("license_link"))
    if link is not None:
        if link.startswith(("http://", "https://")):
            collected.add("overview.licence_link", link, text.place("license_link"), source=None)
        else:
            collected.leave(text.place("license_link"), link, "it is no address")


def _datasets(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    names = _lines(collected, text, data, "datasets")
    where = text.place("datasets")
    if names:
        collected.add("training_data.name", ", ".join(names)[:300], where, source=None)
    if len(names) == 1 and (address := hub_address(names[0], "datasets/")) is not None:
        collected.add("training_data.source", address, where, source=None)
    for name in names if len(names) > 1 else ():
        link = hub_address(name, "datasets/")
        row = {"name": name, **({"address": link} if link else {})}
        collected.add("training_data.datasets[]", row, where, source=None)


def _emissions(collected: Collected, text: SourceText, stated: object) -> None:
    """Take emissions in grams, as the Hub has them, and what CodeCarbon writes beside them: kWh and hours."""
    if stated is None:
        return
    where = text.place("co2_eq_emissions")
    values = dict(stated) if isinstance(stated, dict) else {"emissions": stated}
    emissions = values.pop("emissions", values.pop("value", None))
    if number_of(emissions) is not None:
        collected.add(
            "hardware.training.carbon", f"{emissions} g CO2e", where, note="The Hub's unit is the gram."
        )
    elif emissions is not None:
        collected.add("hardware.training.carbon", carbon_of(str(emissions)), where)
    for key, path, unit in (
        ("energy_consumed", "hardware.training.energy", "kWh"),
        ("hours_used", "hardware.training.duration", "h"),
    ):
        if number_of(values.get(key)):
            collected.add(path, f"{values.pop(key)} {unit}", f"{where} {key}")
    for key, path in (
        ("hardware_used", "hardware.training.accelerator"),
        ("cpu_model", "hardware.training.cpu"),
        ("geographical_location", "hardware.training.region"),
    ):
        if (line := line_of(values.get(key))) is not None:
            collected.add(path, line, where, source=None)
            values.pop(key)
    for key, value in values.items():
        if value is not None:
            collected.leave(f"{where} {key}", value, "no field of a sheet holds it")


KIND = ImportKind("card", "a Hugging Face model card", _recognises, read)
