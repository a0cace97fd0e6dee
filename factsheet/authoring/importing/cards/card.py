"""Read a Hugging Face model card: its front matter, the results in it, and sections that their headings name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.cards.card_results import add_model_index, listed
from factsheet.authoring.importing.cards.card_sections import called_in, read_sections
from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import Imported, ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_text
from factsheet.source.loader import load_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import ImportOptions
    from factsheet.authoring.importing.reading import SourceText

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_NO_LICENCE = frozenset({"other", "unknown", "custom", "cc"})
_KNOWN = frozenset(
    {
        *(
            "license",
            "license_name",
            "license_link",
            "language",
            "datasets",
            "base_model",
            "base_model_relation",
        ),
        *("library_name", "pipeline_tag", "model-index", "co2_eq_emissions", "model_name"),
    }
)
_NO_FACTS = frozenset(
    [
        "tags",
        "widget",
        "thumbnail",
        "inference",
        "metrics",
        "extra_gated_prompt",
        "extra_gated_fields",
        "new_version",
    ]
)


def _recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in {".md", ".markdown", ".mdx"} and bool(head)


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  a card needs none
    """Return what a card states. Prose is taken from sections whose headings say what they answer; tables are not read.

    Raises:
        UsageError: it cannot be read.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    front = _FRONT.match(text.text)
    body = text.text[front.end() :] if front else text.text
    if front is None:
        collected.leave(text.name, "front matter", "there is none between two lines of `---`")
    else:
        _front_matter(collected, text, front[1])
    read_sections(collected, text, body)
    return replace(collected.imported(), called=called_in(body))


def _front_matter(collected: Collected, text: SourceText, front: str) -> None:
    loaded = load_bytes(front.encode(), text.name)
    for problem in loaded.problems:
        why = "the front matter is read as strictly as a sheet; what is at fault was not taken"
        collected.leave(f"{text.name}:{problem.span.line + 1}", problem.message, why)
    data = loaded.document.data if loaded.document is not None else None
    if not isinstance(data, dict):
        return
    _licence(collected, text, data)
    _named(collected, text, data)
    _datasets(collected, text, data)
    _emissions(collected, text, data.get("co2_eq_emissions"))
    add_model_index(collected, text, data)
    listed = ", ".join(sorted(_NO_FACTS & set(data)))
    if listed:
        collected.leave(text.name, listed, "a sheet has no field for what the Hub shows with a model")
    for key in data:
        if key not in _KNOWN and key not in _NO_FACTS:
            collected.leave(text.place(key), key, "no field of a sheet is known to be meant")


def _named(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    languages = [line for each in listed(data.get("language")) if (line := line_of(each)) and line != "unk"]
    if "unk" in listed(data.get("language")):
        collected.leave(text.place("language"), "unk", "it stands for a language that is not known")
    if languages:
        collected.add("overview.languages", languages, text.place("language"), source=None)
    if (library := line_of(data.get("library_name"))) is not None:
        collected.add("setup.framework", library, text.place("library_name"), source=None)
    if (task := line_of(data.get("pipeline_tag"))) is not None:
        collected.add("purpose.task_ids", [task], text.place("pipeline_tag"), source=None)
        collected.add(
            "purpose.trained_for", [task.replace("-", " ")], text.place("pipeline_tag"), source=None
        )
    relation = line_of(data.get("base_model_relation"))
    for each in listed(data.get("base_model")):
        if (name := line_of(each)) is not None:
            row = {"name": name, **({"relation": relation} if relation else {}), **_address(name, "")}
            collected.add("model_architecture.base_models[]", row, text.place("base_model"), source=None)


def _licence(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    named = [line for each in listed(data.get("license")) if (line := line_of(each))]
    own = line_of(data.get("license_name"))
    if named and named[0].casefold() in _NO_LICENCE:
        collected.leave(text.place("license"), named[0], "it names no licence, or several of a family")
        named = []
    if named or own:
        licence = " and ".join(SPDX.get(one.casefold(), one) for one in named) or own
        collected.add("overview.licence", licence, text.place("license"), source=None)
    link = line_of(data.get("license_link"))
    if link is not None:
        if link.startswith(("http://", "https://")):
            collected.add("overview.licence_link", link, text.place("license_link"), source=None)
        else:
            collected.leave(text.place("license_link"), link, "it is no address")


def _datasets(collected: Collected, text: SourceText, data: dict[str, Any]) -> None:
    names = [line for each in listed(data.get("datasets")) if (line := line_of(each))]
    where = text.place("datasets")
    if names:
        collected.add("training_data.name", ", ".join(names)[:300], where, source=None)
    if len(names) == 1 and _HUB_ID.fullmatch(names[0]):
        collected.add(
            "training_data.source", f"https://huggingface.co/datasets/{names[0]}", where, source=None
        )
    for name in names if len(names) > 1 else ():
        link = _address(name, "datasets/").get("source")
        row = {"name": name, **({"address": link} if link else {})}
        collected.add("training_data.datasets[]", row, where, source=None)


def _address(name: str, kind: str) -> dict[str, str]:
    return {"source": f"https://huggingface.co/{kind}{name}"} if _HUB_ID.fullmatch(name) else {}


def _emissions(collected: Collected, text: SourceText, stated: object) -> None:
    where = text.place("co2_eq_emissions")
    values = stated if isinstance(stated, dict) else {"emissions": stated}
    if number_of(values.get("emissions")) is not None:
        carbon = f"{values['emissions']} g CO2e"
        collected.add("hardware.training.carbon", carbon, where, note="The Hub's unit is the gram.")
    for key, path in (
        ("hardware_used", "hardware.training.accelerator"),
        ("geographical_location", "hardware.training.region"),
    ):
        if (line := line_of(values.get(key))) is not None:
            collected.add(path, line, where, source=None)
    for key in ("source", "training_type"):
        if (line := line_of(values.get(key))) is not None:
            collected.leave(f"{where} {key}", line, "no field of a sheet holds it")


KIND = ImportKind("card", "a Hugging Face model card", _recognises, read)
