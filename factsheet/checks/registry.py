"""All rules, in the order of their ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.rules import (
    ANALOG_ABOVE_TOTAL,
    AVERAGE_MISMATCH,
    BATCH_UNSTATED,
    CLASSES_ON_REGRESSION,
    DANGLING_REFERENCE,
    DATA_AGAINST_TABLE,
    POINT_OUT_OF_RANGE,
    POWER_TIME_EFFICIENCY,
    SCORE_AGAINST_AVERAGE,
    SCORES_AGAINST_SYSTEMS,
)

if TYPE_CHECKING:
    from factsheet.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    AVERAGE_MISMATCH,
    SCORE_AGAINST_AVERAGE,
    SCORES_AGAINST_SYSTEMS,
    CLASSES_ON_REGRESSION,
    DATA_AGAINST_TABLE,
    ANALOG_ABOVE_TOTAL,
    POWER_TIME_EFFICIENCY,
    BATCH_UNSTATED,
    POINT_OUT_OF_RANGE,
    DANGLING_REFERENCE,
)
