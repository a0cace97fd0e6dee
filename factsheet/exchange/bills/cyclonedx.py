"""CycloneDX 1.6 and 1.7 in JSON: the model as subject with its model card, its data sets and its hardware beside it.

What CycloneDX has a field for is in that field; every other answer is a property that is named by its path,
`factsheet:parameters.power`, of the model, of the device or of the data set that it is about. An answer that a field
holds less exactly is a property as well, so that nothing is lost. `factsheet.authoring.importing.bills` reads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from factsheet import _version
from factsheet.authoring.importing.cards.licences import SPDX
from factsheet.exchange.bills.held import HeldAnswers
from factsheet.exchange.bills.model_card import card_of
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
from factsheet.exchange.si_json import json_text

if TYPE_CHECKING:
    from factsheet.exchange.bills.subject import BillDataset
    from factsheet.exchange.exported import Exported
    from factsheet.exchange.request import ExportRequest
    from factsheet.sheet.model import SheetFields

_LONGEST_VERSION: Final = 1024
_ALGORITHMS: Final = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
_ADDRESSES: Final = (
    (("overview", "homepage"), "website"),
    (("setup", "weights"), "distribution"),
    (("setup", "implementation"), "vcs"),
)


def export(request: ExportRequest) -> Exported:
    """Return a sheet as a bill of materials."""
    version = option_of(request, "cyclonedx", "version")
    ledger = FactLedger(request.sheet)
    bill = _Bill(request, ledger.data)
    ledger.carry_below(())
    content = json_text(bill.document(version)).encode()
    return ledger.exported([ExportedFile(f"{request.stem}.cdx.json", content)], "")


class _Bill:
    def __init__(self, request: ExportRequest, data: dict[str, Any]) -> None:
        self.request, self.data = request, data
        self.sheet: SheetFields = request.sheet
        self.held = HeldAnswers(self.sheet, data)
        self.datasets = datasets_of(self.sheet)
        names = {"inference": inference_device(self.sheet), "training": training_device(self.sheet)}
        self.devices = {key: name for key, name in names.items() if name}

    def document(self, version: str) -> dict[str, Any]:
        model = self._model()
        properties = properties_by_owner(
            self.data, self.held.paths, [one.path for one in self.datasets], devices=self.devices
        )
        model["properties"] = list(as_objects(properties.get("model", ())))
        components = [
            *(
                self._device(key, name, list(as_objects(properties.get(key, ()))))
                for key, name in self.devices.items()
            ),
            *(
                _dataset(number, one, list(as_objects(properties.get(one.path, ()))))
                for number, one in enumerate(self.datasets, 1)
            ),
        ]
        refs = [component["bom-ref"] for component in components]
        tool = {"type": "application", "name": "factsheet", "version": _version.__version__}
        return {
            "$schema": f"http://cyclonedx.org/schema/bom-{version}.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": version,
            "serialNumber": f"urn:uuid:{serial_of(self.request)}",
            "version": 1,
            "metadata": {
                "timestamp": moment_of(self.request),
                "tools": {"components": [tool]},
                "component": model,
            },
            "components": components,
            "dependencies": [{"ref": "model", "dependsOn": refs}, *({"ref": ref} for ref in refs)],
        }

    def _model(self) -> dict[str, Any]:
        model: dict[str, Any] = {
            "type": "machine-learning-model",
            "bom-ref": "model",
            "name": self.held.text("overview", "model"),
        }
        version = said(self.sheet, "overview", "version")
        if version and len(version) <= _LONGEST_VERSION:
            model["version"] = self.held.text("overview", "version")
        if summary := self.held.text("overview", "summary"):
            model["description"] = summary
        if maker := self.held.text("overview", "organisation"):
            model["manufacturer"] = {"name": maker}
        if licence := self._licence():
            model["licenses"] = [{"license": licence}]
        if hashes := self._hashes():
            model["hashes"] = hashes
        if references := self._references():
            model["externalReferences"] = references
        if ancestors := self._ancestors():
            model["pedigree"] = {"ancestors": ancestors}
        model["modelCard"] = card_of(self.sheet, self.held, self._refs())
        return model

    def _refs(self) -> list[str]:
        return [f"data-{number}" for number, _ in enumerate(self.datasets, 1)]

    def _licence(self) -> dict[str, str]:
        licence, link = self.held.text("overview", "licence"), said(self.sheet, "overview", "licence_link")
        if not licence:
            return {}
        found = {"id": licence} if SPDX.get(licence.casefold()) == licence else {"name": licence}
        if link and is_plain_address(link):
            found["url"] = link
            if "name" in found:
                self.held.text("overview", "licence_link")
        return found

    def _hashes(self) -> list[dict[str, str]]:
        digest = self.held.text("setup", "weights_digest")
        algorithm, _, digits = digest.partition(":")
        return [{"alg": _ALGORITHMS[algorithm], "content": digits}] if algorithm in _ALGORITHMS else []

    def _references(self) -> list[dict[str, str]]:
        found = [
            {"type": kind, "url": self.held.text(*path)}
            for path, kind in _ADDRESSES
            if is_plain_address(said(self.sheet, *path))
        ]
        contact = said(self.sheet, "overview", "contact")
        if is_plain_address(contact):
            found.append({"type": "support", "url": contact})
        found += [
            {"type": "documentation", "url": one.address, "comment": one.name}
            for one in references_of(self.sheet)
        ]
        return found

    def _ancestors(self) -> list[dict[str, Any]]:
        """Return the models that it was made from."""
        found: list[dict[str, Any]] = []
        for ancestor in ancestors_of(self.sheet):
            one: dict[str, Any] = {"type": "machine-learning-model", "name": ancestor.name}
            if ancestor.version:
                one["version"] = ancestor.version
            if ancestor.address:
                one["externalReferences"] = [{"type": "distribution", "url": ancestor.address}]
            found.append(one)
        return found

    def _device(self, key: str, name: str, properties: list[dict[str, str]]) -> dict[str, Any]:
        found: dict[str, Any] = {"type": "device", "bom-ref": f"{key}-hardware", "name": name}
        if summary := said(self.sheet, "hardware", key, "summary"):
            found["description"] = summary
        return {**found, "properties": properties} if properties else found


def _dataset(number: int, one: BillDataset, properties: list[dict[str, str]]) -> dict[str, Any]:
    contents: dict[str, Any] = {"type": "dataset", "name": one.name}
    if one.note:
        contents["description"] = one.note
    if one.address:
        contents["contents"] = {"url": one.address}
    found: dict[str, Any] = {"type": "data", "bom-ref": f"data-{number}", "name": one.name}
    if one.version:
        found["version"] = one.version
    if one.licence:
        known = SPDX.get(one.licence.casefold()) == one.licence
        found["licenses"] = [{"license": {"id" if known else "name": one.licence}}]
    found["data"] = [contents]
    found["properties"] = [{"name": "factsheet:used-for", "value": one.used}, *properties]
    return found
