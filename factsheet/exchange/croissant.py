"""Croissant 1.0 and 1.1: the data sets that a sheet names as JSON-LD, each described as far as the sheet says it.

Names are those of the Croissant format specification and of its RAI extension (MLCommons). A sheet knows no files of a
data set and no fields of its records: there is no `distribution`, and the one record set has the splits that were
used, with their sizes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.authoring.importing.data_sets.own_splits import LISTED, SPLITS, SPLITS_OF
from factsheet.exchange.data_rows import TESTED, TRAINED, data_rows
from factsheet.exchange.exported import ExportedFile
from factsheet.exchange.formats import option_of
from factsheet.exchange.ledger import FactLedger
from factsheet.exchange.scores import distinct_names
from factsheet.exchange.si_json import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.exchange.data_rows import DataRow, SaidAt
    from factsheet.exchange.exported import Exported
    from factsheet.exchange.request import ExportRequest
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.references import Reference
    from factsheet.source.document import KeyPath

_CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification asks for, so that a reader without JSON-LD knows the keys."""
_SINCE_1_1: Final = {
    "arrayShape": "cr:arrayShape",
    "containedIn": "cr:containedIn",
    "description": {"@container": "@language"},
    "isArray": "cr:isArray",
    "name": {"@container": "@language"},
}
_USES: Final = {TRAINED: "Training", TESTED: "Testing"}
"""Words of the RAI extension, 1.0, for `rai:dataUseCases`."""
_BIBTEX: Final = {
    "id": "",
    "title": "title",
    "authors": "author",
    "venue": "howpublished",
    "year": "year",
    "doi": "doi",
    "arxiv": "eprint",
    "url": "url",
    "note": "note",
}
"""Fields of BibTeX for those of a reference; the id is the key of the entry."""
_OF_DATA: Final = ("training_data", "test_data")
_NO_PLACE: Final = "Croissant describes data sets"
_NO_FIELD: Final = "Croissant has no field for it"
_NO_PROVENANCE: Final = "Croissant does not hold where a single answer comes from"
_TOGETHER: Final = "it is of all data sets together, and each is described by itself"
_OTHERWISE: Final = "another place of the sheet says otherwise of this data set, and is taken"


@dataclass(slots=True)
class _DataSet:
    """A data set with every place that names it."""

    rows: list[DataRow] = field(default_factory=list)

    def first(self, name: str) -> SaidAt | None:
        """Return what the first place says that says anything."""
        return next((row.said[name] for row in self.rows if name in row.said), None)

    def text(self, name: str) -> str:
        """Return the same as text; empty where no place says it."""
        found = self.first(name)
        return "" if found is None else found.text

    def words(self, name: str) -> list[str]:
        """Return the same as a list."""
        found = self.first(name)
        return [] if found is None else list(found.words)


def export(request: ExportRequest) -> Exported:
    """Return the data sets of a sheet, a file for each."""
    version = option_of(request, "croissant", "version")
    sheet, ledger = request.sheet, FactLedger(request.sheet)
    found: dict[tuple[str, str], _DataSet] = {}
    for row in data_rows(sheet):
        revision = row.said["revision"].text if "revision" in row.said else ""
        found.setdefault((row.said["name"].text, revision), _DataSet()).rows.append(row)
    otherwise: set[KeyPath] = set()
    for one in found.values():
        otherwise |= _carry(ledger, one, sheet)
    named = distinct_names({key: key[0] for key in found})
    files = [
        ExportedFile(f"{name}.croissant.json", json_text(_document(found[key], sheet, version)).encode())
        for key, name in named
    ]

    def reason_of(path: KeyPath) -> str:
        if path in otherwise or path[:-1] in otherwise:
            return _OTHERWISE
        if path[0] not in _OF_DATA or len(path) == 1:  # an empty section is an answer too
            return ""
        if any(ledger.carries(path[:end]) for end in range(2, len(path))):
            return _NO_PROVENANCE
        return _TOGETHER if path[1] in {"name", "summary", "size", "split", "source"} else _NO_FIELD

    return ledger.exported(files, _NO_PLACE, reason_of)


def _carry(ledger: FactLedger, one: _DataSet, sheet: SheetFields) -> set[KeyPath]:
    """Mark what is carried, and return the places whose answers are not, because others differ."""
    otherwise: set[KeyPath] = set()
    for row in one.rows:
        for name, said in row.said.items():
            first = one.first(name)
            if name in SPLITS_OF or first is None or first.words == said.words:
                ledger.carry(said.path)
            elif not ledger.carries(said.path):
                otherwise.add(said.path)
    cited = _cited(one, sheet)
    for number, reference in enumerate(sheet.references or ()):
        for key in _BIBTEX if reference in cited else ():
            value = getattr(reference, key)
            lost = (
                "" if _balanced(str(value)) == str(value) else "braces and line breaks are others in BibTeX"
            )
            ledger.carry(("references", number, key), lost=lost)
    return otherwise


def _cited(one: _DataSet, sheet: SheetFields) -> list[Reference]:
    ids = one.words("citing")
    return [reference for reference in sheet.references or () if reference.id in ids]


def _document(one: _DataSet, sheet: SheetFields, version: str) -> dict[str, Any]:
    summary = one.text("summary")
    uses = dict.fromkeys(row.used for row in one.rows)
    words = " and ".join("trained on" if used == TRAINED else "tested on" for used in uses)
    subject = f"Data that {sheet.overview.model.words()} was {words}."
    data: dict[str, Any] = {
        "@context": dict(sorted({**_CONTEXT, **(_SINCE_1_1 if version == "1.1" else {})}.items())),
        "@type": "sc:Dataset",
        "conformsTo": [
            f"http://mlcommons.org/croissant/{version}",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": one.text("name"),
        "description": f"{summary or subject} {LISTED}",
        "version": one.text("revision"),
        "url": one.text("address"),
        "license": _licence(one.text("licence")),
        "inLanguage": one.words("language"),
        "keywords": one.words("tasks"),
        "citeAs": "\n".join(map(_bibtex, _cited(one, sheet))),
        "rai:dataUseCases": [_USES[used] for used in uses],
        "rai:dataPreprocessingProtocol": one.words("preprocessing"),
        "rai:dataBiases": one.words("known_biases"),
        "recordSet": _splits(one.rows),
    }
    return {key: value for key, value in data.items() if value}


def _licence(name: str) -> str:
    """Return a licence by its address at SPDX, as Croissant recommends, where it is written as SPDX writes it."""
    return f"https://spdx.org/licenses/{name}" if SPDX.get(name.casefold()) == name else name


def _splits(rows: Iterable[DataRow]) -> list[dict[str, Any]]:
    """Return the splits as records, in which Croissant lists the splits of a data set."""
    records: list[dict[str, str]] = []
    for row in rows:
        record = {key: row.said[name].text for name, key in SPLITS_OF.items() if name in row.said}
        record = {**record, "used": _USES[row.used]} if record else {}
        if record and record not in records:
            records.append(record)
    columns = [key for key in (*SPLITS_OF.values(), "used") if any(key in record for record in records)]
    if not columns:
        return []
    return [
        {
            "@type": "cr:RecordSet",
            "@id": SPLITS,
            "name": SPLITS,
            "description": "Parts of the data set that were used, for what, and how many examples they have.",
            "dataType": "cr:Split",
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": f"{SPLITS}/{key}",
                    "name": key,
                    "dataType": "sc:Text",
                }
                for key in columns
            ],
            "data": [{f"{SPLITS}/{key}": record.get(key) for key in columns} for record in records],
        }
    ]


def _bibtex(reference: Reference) -> str:
    """Return a reference in the form that Croissant recommends for citations."""
    fields = {name: getattr(reference, key) for key, name in _BIBTEX.items() if name}
    said = [f"{key} = {{{_balanced(str(value))}}}" for key, value in fields.items() if value]
    return f"@misc{{{reference.id}, {', '.join(said)}}}"


def _balanced(text: str) -> str:
    return " ".join(text.replace("{", "(").replace("}", ")").split())
