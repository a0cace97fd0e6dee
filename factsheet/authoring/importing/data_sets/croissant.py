"""Read the description of a data set in Croissant, or in schema.org's JSON-LD without it.

Names are those of the Croissant format specification 1.0 and 1.1 and of its RAI extension (MLCommons).
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.cards.licences import licence_at
from factsheet.authoring.importing.collected import Collected, fault_of, path_of
from factsheet.authoring.importing.data_sets.citations import references_in
from factsheet.authoring.importing.data_sets.json_ld import items, node_of_type, texts
from factsheet.authoring.importing.data_sets.own_splits import LISTED, SPLITS_OF
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import line_of, read_json
from factsheet.authoring.importing.untouched import leave_untouched
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportOptions
    from factsheet.authoring.importing.reading import SourceText
    from factsheet.source.dumping import Data

_ENDINGS: Final = frozenset({"", ".json", ".jsonld"})
_SECTIONS: Final = {"Training": "training_data", "Testing": "test_data"}
_OF_THE_FILE: Final = frozenset(
    {"@context", "@type", "@id", "conformsTo", "distribution", "recordSet", "license"}
)
"""Keys that say how the file is made, or are listed by themselves."""
_SUBJECT: Final = re.compile(r"Data that .+ was (trained|tested) on( and (trained|tested) on)?\.")
_MOST_ROWS: Final = 1000
_ROWS: Final = {"description": "note", "url": "address", "version": "revision"}


def _recognises(path: Path, head: bytes) -> bool:
    if path.suffix.lower() not in _ENDINGS or b'"@context"' not in head:
        return False
    return b"mlcommons.org/croissant" in head or (
        b"schema.org" in head
        and re.search(rb'"@type"\s*:\s*"(https?://schema\.org/|s[a-z]*:)?Dataset"', head) is not None
    )


def read(source: str, options: ImportOptions, *, section: str = "training_data") -> Imported:  # noqa: ARG001
    """Return what a description says of its data set.

    Args:
        source: the file.
        options: as for every reader.
        section: where the data set belongs, unless the file is an export of ours and says what it was used for.

    Raises:
        UsageError: it cannot be read, or describes no data set that has a name.
    """
    data, text = read_json(source)
    node = node_of_type(data, "Dataset")
    name = next(texts(node, "name"), None)
    if name is None:
        raise UsageError(
            f"{text.name} describes no data set that has a name",
            "a row of `training_data.datasets` begins with it",
            "give a file with a `name` in an object of the type Dataset",
        )
    collected = Collected(text.name, KIND.words, text.left_out)
    is_ours = any(said.endswith(LISTED) for said in texts(node, "description"))
    row = _row(collected, node, name, text)
    uses = [_SECTIONS[use] for use in texts(node, "dataUseCases") if is_ours and use in _SECTIONS]
    sections = list(dict.fromkeys(uses)) or [section]
    splits = list(_own_splits(node)) if is_ours else []
    for used, split in splits[:_MOST_ROWS] or [(one, {}) for one in sections]:
        collected.add(f"{used}.datasets[]", {**row, **split}, f"{text.name} name", source=None)
    if len(splits) > _MOST_ROWS:
        collected.leave(text.name, "further splits", f"only {_MOST_ROWS:,} are read")
    _about_section(collected, node, sections[0], text, is_ours=is_ours)
    if not is_ours:
        _leave_parts(collected, node, text)
    read_whole = {"description", "rai:dataUseCases"} if is_ours else set()
    if any(fact.path[0] == "references" for fact in collected.facts):
        read_whole |= {"citeAs", "cr:citeAs"}
    leave_untouched(collected, node, _OF_THE_FILE | read_whole)
    found = collected.imported()
    if is_ours:
        return found
    words = f"{text.name} does not say what its data were used for; they are taken as those of {section}."
    return replace(found, comments=(((section,), words),))


def _row(collected: Collected, node: Mapping[str, Any], name: str, text: SourceText) -> dict[str, Data]:
    """Return what the row of a data set says; what its field does not take is listed."""
    row: dict[str, Data] = {"name": name}
    said: dict[str, str] = {
        field: value for key, field in _ROWS.items() if (value := next(texts(node, key), None)) is not None
    }
    note = said.pop("note", "")
    if note.endswith(LISTED):
        note = note.removesuffix(LISTED).strip()
        note = "" if _SUBJECT.fullmatch(note) else note
    if note:
        said["note"] = note
    licences = [licence_at(one) for one in texts(node, "license")]
    if len(licences) == 1:
        said["licence"] = licences[0]
    elif licences:
        collected.leave(text.place("license"), ", ".join(licences), "the field holds one licence")
    if languages := list(texts(node, "inLanguage")):
        said["language"] = ", ".join(languages)
    for key, value in said.items():
        fault = fault_of(path_of("training_data.datasets[]"), {"name": name, key: value})
        if fault is None:
            row[key] = value
        else:
            collected.leave(f"{text.name} {key}", value, f"`datasets[].{key}` does not take it: {fault}")
    cited = _citations(collected, node, text)
    return {**row, "source": cited} if cited else row


def _citations(collected: Collected, node: Mapping[str, Any], text: SourceText) -> list[Data]:
    ids: list[Data] = []
    for citation in items(node, "citeAs"):
        if not isinstance(citation, str):
            continue
        for reference in references_in(citation):
            kept = {"id": reference["id"], "title": reference["title"]}
            for key, value in reference.items():
                if fault_of(path_of("references[]"), {**kept, key: value}) is None:
                    kept[key] = value
            collected.add("references[]", dict(kept), text.place("citeAs"), source=None)
            ids.append(kept["id"])
    return ids


def _own_splits(node: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Data]]]:
    """Yield the section and what a row says, for each split in an export of ours."""
    for record in _records(node):
        said = {key.rpartition("/")[2]: value for key, value in record.items()}
        row: dict[str, Data] = {
            field: words for field, key in SPLITS_OF.items() if (words := line_of(said.get(key))) is not None
        }
        size = row.get("size")
        if isinstance(size, str) and re.fullmatch(r"[1-9][0-9]{0,14}", size):
            row["size"] = int(size)
        section = _SECTIONS.get(str(said.get("used")))
        if section is not None and row:
            yield section, row


def _records(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the records of the record sets that list splits."""
    for records in items(node, "recordSet"):
        if isinstance(records, dict) and any(kind.endswith("Split") for kind in texts(records, "dataType")):
            yield from (one for one in items(records, "data") if isinstance(one, dict))


def _about_section(
    collected: Collected, node: Mapping[str, Any], section: str, text: SourceText, *, is_ours: bool
) -> None:
    for key, field in (("dataPreprocessingProtocol", "preprocessing"), ("dataBiases", "known_biases")):
        if said := list(texts(node, key)):
            collected.add(f"{section}.{field}", " ".join(said), text.place(f"rai:{key}"))
    if is_ours and (tasks := list(texts(node, "keywords"))):
        collected.add(f"{section}.tasks", list(tasks), text.place("keywords"))


def _leave_parts(collected: Collected, node: Mapping[str, Any], text: SourceText) -> None:
    """List what says how the data are stored, and which splits there are."""
    splits = [
        name
        for record in _records(node)
        for key, value in record.items()
        if key.endswith("name") and (name := line_of(value)) is not None
    ]
    if splits:
        collected.leave(
            text.place("recordSet"),
            ", ".join(splits),
            "splits that there are; it does not say which was used",
        )
    sets = [
        name
        for one in items(node, "recordSet")
        if isinstance(one, dict) and (name := next(texts(one, "name"), None)) is not None
    ]
    if sets:
        collected.leave(text.place("recordSet"), ", ".join(sets), "how records are laid out is in no sheet")
    if files := len(list(items(node, "distribution"))):
        collected.leave(
            text.place("distribution"), f"{files:,} files", "where the files of data are is in no sheet"
        )


KIND: Final = ImportKind("croissant", "a data set in Croissant", _recognises, read)
TESTED: Final = ImportKind(
    "croissant-test",
    "a data set in Croissant that the model was tested on",
    lambda _path, _head: False,  # nothing in a file says so: it has to be named
    partial(read, section="test_data"),
)
