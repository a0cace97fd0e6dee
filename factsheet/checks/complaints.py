"""What the evaluators of the published BERT FactSheet missed, by the needs that it concerns (Table 6 of the study)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.sheet.study import found_incomplete

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.sheet.roles import RoleName

TABLE_6: Mapping[str, tuple[str, ...]] = {
    "overview": ("Overview",),
    "purpose": ("Purpose",),
    "architecture": ("Model Architecture",),
    "parameters": ("Parameters and Inference Attributes",),
    "training": ("Training Methodology", "Training Data", "Test Data"),
    "inference": ("Inference Methodology", "Hardware Characteristics"),
    "accuracy": ("Performance Metrics",),
    "prediction_time": ("Performance Metrics",),
    "hardware_performance": ("Performance Metrics", "Hardware Characteristics"),
    "scaling": ("Performance Metrics",),
}
"""The facts of Table 6 that answer a need, by the need's key; the other needs have no fact there."""


def complaint(role: RoleName, need: str) -> str:
    """What this role's evaluators found incomplete of a need, to follow who asked for it; empty if nothing."""
    found = [fact for fact in found_incomplete(role) if fact in TABLE_6.get(need, ())]
    if not found:
        return ""
    listed = " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
    return f"; those who evaluated the published BERT sheet found {listed} incomplete in it (Table 6)"
