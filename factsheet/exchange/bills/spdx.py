"""SPDX 3.0.1 in JSON-LD: the model as a package of the AI profile, its data sets and its hardware beside it.

Written in the canonical serialisation of the specification, with characters beyond ASCII escaped. What SPDX has a
field for is in that field; every answer that no field holds exactly is a property, `factsheet:parameters.power`, in an
extension of the package that it is about. `factsheet.authoring.importing.bills` reads it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from factsheet import _version
from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.errors import UsageError
from factsheet.exchange.bills.ai_package import ai_fields
from factsheet.exchange.bills.held import HeldAnswers
from factsheet.exchange.bills.named_properties import as_objects, properties_by_owner
from factsheet.exchange.bills.subject import (
    ancestors_of,
    datasets_of,
    inference_device,
    is_plain_address,
    moment_of,
    references_of,
    said,
    serial_of,
    training_device,
)
from factsheet.exchange.exported import ExportedFile
from factsheet.exchange.formats import option_of
from factsheet.exchange.ledger import FactLedger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.exchange.bills.named_properties import NamedProperty
    from factsheet.exchange.bills.subject import BillDataset
    from factsheet.exchange.exported import Exported
    from factsheet.exchange.request import ExportRequest

_CONTEXT: Final = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
_NAMES: Final = "https://spdx.org/spdxdocs/factsheet-"
_CREATION: Final = "_:CreationInfo0"
_NO_LICENCE_KNOWN: Final = "expandedlicensing_NoAssertionLicense"
_REQUIRED_OF_AI: Final = frozenset(
    {"suppliedBy", "releaseTime", "software_downloadLocation", "software_packageVersion"}
)
"""What `AIPackage` has to have, beside licences and a purpose, in a document that conforms with the AI profile."""


def export(request: ExportRequest) -> Exported:
    """Return a sheet as a bill of materials.

    Raises:
        UsageError: the option `released` is no date.
    """
    ledger = FactLedger(request.sheet)
    document = _Document(request, ledger.data, _moment_of(option_of(request, "spdx", "released")))
    ledger.carry_below(())
    text = json.dumps(document.data(), sort_keys=True, separators=(",", ":"), allow_nan=False)
    content = text.replace("\x7f", "\\u007f").encode()
    return ledger.exported([ExportedFile(f"{request.stem}.spdx3.json", content)], "")


def _moment_of(day: str) -> str:
    if not day:
        return ""
    try:
        return f"{date.fromisoformat(day).isoformat()}T00:00:00Z"
    except ValueError:
        raise UsageError(
            f"`{day[:60]}` is no date", help="write it as 2026-11-30", place="--option released"
        ) from None


class _Document:
    def __init__(self, request: ExportRequest, data: dict[str, Any], released: str) -> None:
        self.request, self.sheet, self.plain, self.released = request, request.sheet, data, released
        self.held = HeldAnswers(self.sheet, data)
        moment = re.sub(r"\W", "", moment_of(request))
        # An element is what it is for good: the same sheet at another moment has other elements.
        self.base = f"{_NAMES}{serial_of(request)}-{moment}"
        self.graph: list[dict[str, Any]] = []
        self.relationships = 0

    def data(self) -> dict[str, Any]:
        model = self._model()
        datasets = list(enumerate(datasets_of(self.sheet), 1))
        names = (
            ("inference", inference_device(self.sheet)),
            ("training", training_device(self.sheet)),
        )
        devices = {key: name for key, name in names if name}
        properties = properties_by_owner(
            self.plain, self.held.paths, [one.path for _, one in datasets], devices=devices
        )
        _extend(model, properties.get("model", ()))
        self._licence(model["spdxId"], said(self.sheet, "overview", "licence"), "licence", of_model=True)
        for number, one in datasets:
            self._dataset(model, f"data-{number}", one, properties.get(one.path, ()))
        for key, name in devices.items():
            self._device(model, key, name, properties.get(key, ()))
        self._ancestors(model)
        creation = {
            "type": "CreationInfo",
            "@id": _CREATION,
            "specVersion": "3.0.1",
            "created": moment_of(self.request),
            "createdBy": [self._id("tool")],
        }
        return {"@context": _CONTEXT, "@graph": [creation, *self._heads(model), *self.graph]}

    def _heads(self, model: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the document, the bill in it, and who wrote them."""
        tool = self._element("SoftwareAgent", "tool", name=f"factsheet {_version.__version__}")
        # Not `extension`: the context of 3.0.1 expands that word to the property of the same name.
        profiles = ["core", "software", "simpleLicensing"]
        if model.keys() >= _REQUIRED_OF_AI:
            profiles.append("ai")
        bill = self._element(
            "software_Sbom",
            "bill",
            profileConformance=profiles,
            rootElement=[model["spdxId"]],
            element=[one["spdxId"] for one in self.graph],
        )
        document = self._element(
            "SpdxDocument",
            "document",
            name=said(self.sheet, "overview", "name"),
            profileConformance=profiles,
            rootElement=[bill["spdxId"]],
        )
        return [tool, document, bill]

    def _id(self, name: str) -> str:
        return f"{self.base}#{name}"

    def _element(self, kind: str, local: str, /, **fields: Any) -> dict[str, Any]:
        """Return an element; of its fields, those that say something."""
        found = {"type": kind, "spdxId": self._id(local), "creationInfo": _CREATION}
        return found | {key: value for key, value in fields.items() if value}

    def _add(self, kind: str, local: str, /, **fields: Any) -> dict[str, Any]:
        found = self._element(kind, local, **fields)
        self.graph.append(found)
        return found

    def _relate(self, start: str, kind: str, *ends: str, scope: str = "", comment: str = "") -> None:
        self.relationships += 1
        self._add(
            "LifecycleScopedRelationship" if scope else "Relationship",
            f"relationship-{self.relationships}",
            **{"from": start, "relationshipType": kind, "to": list(ends), "scope": scope, "comment": comment},
        )

    def _model(self) -> dict[str, Any]:
        maker = self.held.text("overview", "organisation")
        maker_id = self._add("Organization", "organisation", name=maker)["spdxId"] if maker else ""
        return self._add(
            "ai_AIPackage",
            "model",
            name=self.held.text("overview", "model"),
            summary=self.held.text("overview", "summary"),
            description=said(self.sheet, "purpose", "summary"),
            suppliedBy=maker_id,
            releaseTime=self.released,
            software_primaryPurpose="model",
            software_packageVersion=self.held.text("overview", "version"),
            software_homePage=self._address("overview", "homepage"),
            software_downloadLocation=self._address("setup", "weights"),
            externalRef=self._references(),
            verifiedUsing=self._hashes(),
            **ai_fields(self.sheet, self.held),
        )

    def _address(self, *path: str) -> str:
        return self.held.text(*path) if is_plain_address(said(self.sheet, *path)) else ""

    def _references(self) -> list[dict[str, Any]]:
        found = []
        if code := self._address("setup", "implementation"):
            found.append(_reference("vcs", code))
        contact = said(self.sheet, "overview", "contact")
        if is_plain_address(contact):
            found.append(_reference("support", contact))
        return found + [
            _reference("documentation", one.address, one.name) for one in references_of(self.sheet)
        ]

    def _hashes(self) -> list[dict[str, str]]:
        algorithm, _, digits = self.held.text("setup", "weights_digest").partition(":")
        return [{"type": "Hash", "algorithm": algorithm, "hashValue": digits}] if digits else []

    def _licence(self, start: str, licence: str, element: str, *, of_model: bool = False) -> None:
        """Add the licence that is declared; nobody looked into the package to conclude another."""
        end = _NO_LICENCE_KNOWN
        if licence:
            listed = is_listed(licence)
            link = said(self.sheet, "overview", "licence_link") if of_model else ""
            fields: dict[str, Any] = {"name": "" if listed else licence}
            if is_plain_address(link):
                fields["externalRef"] = [_reference("license", link)]
                self.held.text("overview", "licence_link")
            if of_model:
                self.held.text("overview", "licence")
            words = re.sub(r"[^A-Za-z0-9.]+", "-", licence).strip("-.")[:80] or "licence"
            expression = licence if listed else f"LicenseRef-{words}"
            fields["simplelicensing_licenseExpression"] = expression
            end = self._add("simplelicensing_LicenseExpression", element, **fields)["spdxId"]
        self._relate(start, "hasDeclaredLicense", end)
        self._relate(start, "hasConcludedLicense", _NO_LICENCE_KNOWN)

    def _dataset(
        self, model: dict[str, Any], element: str, one: BillDataset, properties: Iterable[NamedProperty]
    ) -> None:
        # Its size would be in bytes, and a sheet counts examples.
        dataset = self._add(
            "dataset_DatasetPackage",
            element,
            name=one.name,
            description=one.note,
            software_primaryPurpose="data",
            software_packageVersion=one.version,
            software_downloadLocation=one.address,
            dataset_datasetType=["noAssertion"],
            dataset_dataPreprocessing=[one.preprocessing] if one.preprocessing else [],
            dataset_knownBias=[one.biases] if one.biases else [],
        )
        _extend(dataset, properties)
        self._licence(dataset["spdxId"], one.licence, f"{element}-licence")
        self._relate(
            model["spdxId"], "trainedOn" if one.used == "training" else "testedOn", dataset["spdxId"]
        )

    def _device(
        self, model: dict[str, Any], key: str, name: str, properties: Iterable[NamedProperty]
    ) -> None:
        """Add hardware: SPDX has no class of it before 3.1, but a package whose purpose is `device`."""
        device = self._add(
            "software_Package",
            f"{key}-hardware",
            name=name,
            description=said(self.sheet, "hardware", key, "summary"),
            software_primaryPurpose="device",
        )
        _extend(device, properties)
        if key == "inference":
            self._relate(
                model["spdxId"], "dependsOn", device["spdxId"], scope="runtime", comment="It runs on this."
            )
        else:
            self._relate(
                model["spdxId"],
                "usesTool",
                device["spdxId"],
                scope="development",
                comment="It was trained on this.",
            )

    def _ancestors(self, model: dict[str, Any]) -> None:
        """Add the models that it was made from; a name is too little for a package of the AI profile."""
        for number, one in enumerate(ancestors_of(self.sheet), 1):
            ancestor = self._add(
                "software_Package",
                f"base-model-{number}",
                name=one.name,
                software_primaryPurpose="model",
                software_packageVersion=one.version,
                software_downloadLocation=one.address,
            )
            self._relate(model["spdxId"], "descendantOf", ancestor["spdxId"])


def is_listed(licence: str) -> bool:
    """Return whether a licence is an expression of nothing but identifiers of SPDX, joined by AND and OR."""
    words = licence.split(" ")
    return all(
        word in {"AND", "OR"} if index % 2 else SPDX.get(word.casefold()) == word
        for index, word in enumerate(words)
    ) and bool(len(words) % 2)


def _reference(kind: str, address: str, comment: str = "") -> dict[str, Any]:
    found = {"type": "ExternalRef", "externalRefType": kind, "locator": [address]}
    return {**found, "comment": comment} if comment else found


def _extend(package: dict[str, Any], properties: Iterable[NamedProperty]) -> None:
    """Put properties into the extension that SPDX took over from CycloneDX for pairs of a name and a text."""
    entries = [
        {"type": "extension_CdxPropertyEntry", **one}
        for one in as_objects(properties, "extension_cdxPropName", "extension_cdxPropValue")
    ]
    if entries:
        package["extension"] = [
            {"type": "extension_CdxPropertiesExtension", "extension_cdxProperty": entries}
        ]
