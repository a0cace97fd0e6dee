"""The rules, one module each; a module's docstring is the rule's documentation."""

from factsheet.checks.rules.analog_above_total import ANALOG_ABOVE_TOTAL
from factsheet.checks.rules.average_mismatch import AVERAGE_MISMATCH
from factsheet.checks.rules.batch_unstated import BATCH_UNSTATED
from factsheet.checks.rules.chip_figure_differs import CHIP_FIGURE_DIFFERS
from factsheet.checks.rules.classes_on_regression import CLASSES_ON_REGRESSION
from factsheet.checks.rules.dangling_reference import DANGLING_REFERENCE
from factsheet.checks.rules.data_against_table import DATA_AGAINST_TABLE
from factsheet.checks.rules.dates_out_of_order import DATES_OUT_OF_ORDER
from factsheet.checks.rules.empty_phrase import EMPTY_PHRASE
from factsheet.checks.rules.energy_differs import ENERGY_DIFFERS
from factsheet.checks.rules.figure_without_provenance import FIGURE_WITHOUT_PROVENANCE
from factsheet.checks.rules.gap_against_averages import GAP_AGAINST_AVERAGES
from factsheet.checks.rules.identifier_in_url import IDENTIFIER_IN_URL
from factsheet.checks.rules.implied_tops_per_watt import IMPLIED_TOPS_PER_WATT
from factsheet.checks.rules.malformed_link import MALFORMED_LINK
from factsheet.checks.rules.measured_without_evidence import MEASURED_WITHOUT_EVIDENCE
from factsheet.checks.rules.metric_unknown_to_task import METRIC_UNKNOWN_TO_TASK
from factsheet.checks.rules.missing_figure import MISSING_FIGURE
from factsheet.checks.rules.misspelt_metric import MISSPELT_METRIC
from factsheet.checks.rules.ops_differ import OPS_DIFFER
from factsheet.checks.rules.other_model_name import OTHER_MODEL_NAME
from factsheet.checks.rules.parameters_differ import PARAMETERS_DIFFER
from factsheet.checks.rules.point_out_of_range import POINT_OUT_OF_RANGE
from factsheet.checks.rules.power_time_efficiency import POWER_TIME_EFFICIENCY
from factsheet.checks.rules.prose_figure_against_field import PROSE_FIGURE_AGAINST_FIELD
from factsheet.checks.rules.reference_without_locator import REFERENCE_WITHOUT_LOCATOR
from factsheet.checks.rules.refresh_against_drift import REFRESH_AGAINST_DRIFT
from factsheet.checks.rules.reuse_differs import REUSE_DIFFERS
from factsheet.checks.rules.same_split import SAME_SPLIT
from factsheet.checks.rules.score_against_average import SCORE_AGAINST_AVERAGE
from factsheet.checks.rules.score_out_of_range import SCORE_OUT_OF_RANGE
from factsheet.checks.rules.scores_against_systems import SCORES_AGAINST_SYSTEMS
from factsheet.checks.rules.several_networks import SEVERAL_NETWORKS
from factsheet.checks.rules.size_differs import SIZE_DIFFERS
from factsheet.checks.rules.stale_derived import STALE_DERIVED
from factsheet.checks.rules.structure_impossible import STRUCTURE_IMPOSSIBLE
from factsheet.checks.rules.tile_against_profile import TILE_AGAINST_PROFILE
from factsheet.checks.rules.tiles_differ import TILES_DIFFER
from factsheet.checks.rules.unanswered_at_stage import UNANSWERED_AT_STAGE
from factsheet.checks.rules.unanswered_for_role import UNANSWERED_FOR_ROLE
from factsheet.checks.rules.undefined_acronym import UNDEFINED_ACRONYM
from factsheet.checks.rules.unit_in_prose import UNIT_IN_PROSE
from factsheet.checks.rules.unreachable_link import UNREACHABLE_LINK
from factsheet.checks.rules.unused_reference import UNUSED_REFERENCE

__all__ = [
    "ANALOG_ABOVE_TOTAL",
    "AVERAGE_MISMATCH",
    "BATCH_UNSTATED",
    "CHIP_FIGURE_DIFFERS",
    "CLASSES_ON_REGRESSION",
    "DANGLING_REFERENCE",
    "DATA_AGAINST_TABLE",
    "DATES_OUT_OF_ORDER",
    "EMPTY_PHRASE",
    "ENERGY_DIFFERS",
    "FIGURE_WITHOUT_PROVENANCE",
    "GAP_AGAINST_AVERAGES",
    "IDENTIFIER_IN_URL",
    "IMPLIED_TOPS_PER_WATT",
    "MALFORMED_LINK",
    "MEASURED_WITHOUT_EVIDENCE",
    "METRIC_UNKNOWN_TO_TASK",
    "MISSING_FIGURE",
    "MISSPELT_METRIC",
    "OPS_DIFFER",
    "OTHER_MODEL_NAME",
    "PARAMETERS_DIFFER",
    "POINT_OUT_OF_RANGE",
    "POWER_TIME_EFFICIENCY",
    "PROSE_FIGURE_AGAINST_FIELD",
    "REFERENCE_WITHOUT_LOCATOR",
    "REFRESH_AGAINST_DRIFT",
    "REUSE_DIFFERS",
    "SAME_SPLIT",
    "SCORES_AGAINST_SYSTEMS",
    "SCORE_AGAINST_AVERAGE",
    "SCORE_OUT_OF_RANGE",
    "SEVERAL_NETWORKS",
    "SIZE_DIFFERS",
    "STALE_DERIVED",
    "STRUCTURE_IMPOSSIBLE",
    "TILES_DIFFER",
    "TILE_AGAINST_PROFILE",
    "UNANSWERED_AT_STAGE",
    "UNANSWERED_FOR_ROLE",
    "UNDEFINED_ACRONYM",
    "UNIT_IN_PROSE",
    "UNREACHABLE_LINK",
    "UNUSED_REFERENCE",
]
