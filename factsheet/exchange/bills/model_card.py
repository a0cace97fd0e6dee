"""The model card of a CycloneDX bill: parameters, metrics, and considerations with the energy of each activity."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.importing.bills.own_properties import PREFIX
from factsheet.exchange.bills.subject import energies_of, metrics_of, said

if TYPE_CHECKING:
    from factsheet.exchange.bills.held import HeldAnswers
    from factsheet.exchange.bills.subject import BillEnergy
    from factsheet.sheet.model import SheetFields

_ACTIVITIES: Final = (
    ("training", r"train|pre-?training"),
    ("fine-tuning", r"fine-?tun"),
    ("inference", r"inference"),
    ("data-preparation", r"prepar|clean|label|preprocess"),
    ("data-collection", r"collect|acqui|download"),
    ("validation", r"evaluat|validat|test"),
    ("design", r"design|trial|search"),
    ("deployment", r"deploy|conver|program"),
)
"""Activities of CycloneDX, each with words that a sheet names it by; the first that fits."""
_SOURCES: Final = (
    ("hydropower", r"hydro"),
    ("wind", r"wind"),
    ("solar", r"solar|photovolt"),
    ("nuclear", r"nuclear"),
    ("natural-gas", r"natural gas"),
    ("coal", r"coal|lignite"),
    ("geothermal", r"geotherm"),
    ("biofuel", r"bio"),
    ("oil", r"\boil\b"),
)


def card_of(
    sheet: SheetFields,
    held: HeldAnswers,
    datasets: list[str],
) -> dict[str, Any]:
    """Return the model card.

    Args:
        sheet: the sheet.
        held: gives answers by their paths, and notes which of them the bill holds.
        datasets: references to the data sets of the bill.
    """
    parts = {
        "modelParameters": _parameters(sheet, held, datasets),
        "quantitativeAnalysis": _analysis(sheet),
        "considerations": _considerations(sheet, held),
    }
    return {key: value for key, value in parts.items() if value}


def _parameters(sheet: SheetFields, held: HeldAnswers, datasets: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if task := said(sheet, "purpose", "task_ids") or said(sheet, "purpose", "trained_for"):
        found["task"] = task
    if family := held.text("model_architecture", "family"):
        found["architectureFamily"] = family
    if architecture := held.text("model_architecture", "summary"):
        found["modelArchitecture"] = architecture
    if datasets:
        found["datasets"] = [{"ref": ref} for ref in datasets]
    return found


def _analysis(sheet: SheetFields) -> dict[str, Any]:
    metrics = [
        {"type": one.metric, "value": one.value, **({"slice": one.subject} if one.subject else {})}
        for one in metrics_of(sheet)
    ]
    return {"performanceMetrics": metrics} if metrics else {}


def _considerations(sheet: SheetFields, held: HeldAnswers) -> dict[str, Any]:
    found: dict[str, Any] = {
        "users": held.lines("purpose", "intended_users"),
        "useCases": held.lines("purpose", "applications"),
        "technicalLimitations": held.lines("limitations", "known"),
        "performanceTradeoffs": held.lines("limitations", "challenges"),
    }
    risks = [
        {"name": text}
        for text in (said(sheet, "limitations", "ethics"), said(sheet, "limitations", "risks"))
        if text
    ]
    found["ethicalConsiderations"] = risks
    if bias := said(sheet, "robustness", "bias"):
        found["fairnessAssessments"] = [{"harms": bias}]
    if energies := [_energy(one) for one in energies_of(sheet)]:
        found["environmentalConsiderations"] = {"energyConsumptions": energies}
    return {key: value for key, value in found.items() if value}


def _energy(one: BillEnergy) -> dict[str, Any]:
    cost = {"value": one.kilowatt_hours, "unit": "kWh"}
    activity = _first(_ACTIVITIES, one.activity, "other")
    found: dict[str, Any] = {
        "activity": activity,
        "energyProviders": _providers(one, cost),
        "activityEnergyCost": cost,
    }
    for key, tonnes in (("co2CostEquivalent", one.tonnes), ("co2CostOffset", one.offset)):
        if tonnes is not None:
            found[key] = {"value": tonnes, "unit": "tCO2eq"}
    about = one.boundary if activity == one.activity else (("activity", one.activity), *one.boundary)
    if about:
        found["properties"] = [{"name": f"{PREFIX}{name}", "value": text} for name, text in about]
    return found


def _providers(one: BillEnergy, cost: dict[str, Any]) -> list[dict[str, Any]]:
    """Return whose electricity it was, where the sheet says so or says from which source it came."""
    if not (one.source or one.provider):
        return []
    source = _first(_SOURCES, one.source, "other") if one.source else "unknown"
    found = {
        "organization": {"name": one.provider or "not stated"},
        "energySource": source,
        "energyProvided": cost,
    }
    return [{"description": one.source, **found} if one.source else found]


def _first(table: tuple[tuple[str, str], ...], text: str, otherwise: str) -> str:
    return next((name for name, words in table if re.search(words, text, re.IGNORECASE)), otherwise)
