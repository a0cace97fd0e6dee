"""The fields of the AI profile of SPDX 3.0.1: what a sheet says of a model, in the words of `ai_AIPackage`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from factsheet.exchange.bills.subject import energies_of, hyperparameters_of, part, said, scores_of, stated

if TYPE_CHECKING:
    from factsheet.exchange.bills.held import HeldAnswers
    from factsheet.sheet.model import SheetFields

_ENERGIES: Final = (
    ("ai_finetuningEnergyConsumption", r"fine-?tuning"),
    ("ai_trainingEnergyConsumption", r"(pre-?)?training"),
    ("ai_inferenceEnergyConsumption", r"inference"),
)
"""The kinds of energy of the profile, each with what a sheet calls it; evaluating the trained model is none."""


def ai_fields(sheet: SheetFields, held: HeldAnswers) -> dict[str, Any]:
    """Return the fields that the sheet answers.

    `safetyRiskAssessment`, `autonomyType` and `useSensitivePersonalInformation` are grades that no field of a sheet
    has, and nothing is graded here; thresholds of metrics, explainability and standards are not asked for.

    Args:
        sheet: the sheet.
        held: gives answers by their paths, and notes which of them the bill holds.
    """
    family = held.text("model_architecture", "family")
    preprocessing = said(sheet, "training_data", "preprocessing")
    found: dict[str, Any] = {
        "ai_typeOfModel": [family] if family else [],
        "ai_domain": held.lines("purpose", "applications"),
        "ai_informationAboutApplication": _joined(sheet, "setup", "integration", "interface", "instructions"),
        "ai_informationAboutTraining": _training(sheet),
        "ai_limitation": _limitation(sheet),
        "ai_modelDataPreprocessing": [preprocessing] if preprocessing else [],
        "ai_hyperparameter": [entry(name, text) for name, text in hyperparameters_of(sheet)],
        "ai_metric": [
            entry(f"{one.metric} ({one.subject})" if one.subject else one.metric, one.value)
            for one in scores_of(sheet)
        ],
    }
    if energies := _energies(sheet):
        found["ai_energyConsumption"] = {"type": "ai_EnergyConsumption", **energies}
    return {key: value for key, value in found.items() if value}


def entry(key: str, value: str) -> dict[str, str]:
    """Return a pair as SPDX has it."""
    return {"type": "DictionaryEntry", "key": key, "value": value}


def _joined(sheet: SheetFields, section: str, *keys: str) -> str:
    return "\n".join(filter(None, (said(sheet, section, key) for key in keys)))


def _training(sheet: SheetFields) -> str:
    return "\n".join(filter(None, (said(sheet, key, "summary") for key in ("training", "hwa_training"))))


def _limitation(sheet: SheetFields) -> str:
    """Return the limitations as one text; SPDX has a single one."""
    known = part(sheet, "limitations", "known")
    lines = list(known.items) if stated(known) else []
    return "\n".join(filter(None, (said(sheet, "limitations", "summary"), *lines)))


def _energies(sheet: SheetFields) -> dict[str, list[dict[str, str]]]:
    """Return the energies; one of no activity that SPDX knows is a property alone."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in energies_of(sheet):
        kind = next(
            (name for name, words in _ENERGIES if re.fullmatch(words, one.activity.strip(), re.IGNORECASE)),
            "",
        )
        if kind:
            # A decimal of XML Schema has no exponent.
            quantity = f"{Decimal(repr(one.kilowatt_hours)):f}"
            found.setdefault(kind, []).append(
                {
                    "type": "ai_EnergyConsumptionDescription",
                    "ai_energyQuantity": quantity,
                    "ai_energyUnit": "kilowattHour",
                }
            )
    return found
