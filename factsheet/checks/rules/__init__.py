"""The rules, one module each; a module's docstring is the rule's documentation."""

from factsheet.checks.rules.analog_above_total import ANALOG_ABOVE_TOTAL
from factsheet.checks.rules.average_mismatch import AVERAGE_MISMATCH
from factsheet.checks.rules.batch_unstated import BATCH_UNSTATED
from factsheet.checks.rules.classes_on_regression import CLASSES_ON_REGRESSION
from factsheet.checks.rules.dangling_reference import DANGLING_REFERENCE
from factsheet.checks.rules.data_against_table import DATA_AGAINST_TABLE
from factsheet.checks.rules.point_out_of_range import POINT_OUT_OF_RANGE
from factsheet.checks.rules.power_time_efficiency import POWER_TIME_EFFICIENCY
from factsheet.checks.rules.score_against_average import SCORE_AGAINST_AVERAGE
from factsheet.checks.rules.scores_against_systems import SCORES_AGAINST_SYSTEMS

__all__ = [
    "ANALOG_ABOVE_TOTAL",
    "AVERAGE_MISMATCH",
    "BATCH_UNSTATED",
    "CLASSES_ON_REGRESSION",
    "DANGLING_REFERENCE",
    "DATA_AGAINST_TABLE",
    "POINT_OUT_OF_RANGE",
    "POWER_TIME_EFFICIENCY",
    "SCORES_AGAINST_SYSTEMS",
    "SCORE_AGAINST_AVERAGE",
]
