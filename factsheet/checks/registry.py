"""Every id that a check reports: the rules, one line each, and what the loader and the schema refuse (family FS1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.checks.rules.completeness.unanswered_at_stage import UNANSWERED_AT_STAGE
from factsheet.checks.rules.completeness.unanswered_for_role import UNANSWERED_FOR_ROLE
from factsheet.checks.rules.consistency.analog_above_total import ANALOG_ABOVE_TOTAL
from factsheet.checks.rules.consistency.average_mismatch import AVERAGE_MISMATCH
from factsheet.checks.rules.consistency.batch_unstated import BATCH_UNSTATED
from factsheet.checks.rules.consistency.classes_on_regression import CLASSES_ON_REGRESSION
from factsheet.checks.rules.consistency.data_against_table import DATA_AGAINST_TABLE
from factsheet.checks.rules.consistency.dates_out_of_order import DATES_OUT_OF_ORDER
from factsheet.checks.rules.consistency.gap_against_averages import GAP_AGAINST_AVERAGES
from factsheet.checks.rules.consistency.implied_tops_per_watt import IMPLIED_TOPS_PER_WATT
from factsheet.checks.rules.consistency.metric_unknown_to_task import METRIC_UNKNOWN_TO_TASK
from factsheet.checks.rules.consistency.point_out_of_range import POINT_OUT_OF_RANGE
from factsheet.checks.rules.consistency.power_time_efficiency import POWER_TIME_EFFICIENCY
from factsheet.checks.rules.consistency.refresh_against_drift import REFRESH_AGAINST_DRIFT
from factsheet.checks.rules.consistency.same_split import SAME_SPLIT
from factsheet.checks.rules.consistency.score_against_average import SCORE_AGAINST_AVERAGE
from factsheet.checks.rules.consistency.score_out_of_range import SCORE_OUT_OF_RANGE
from factsheet.checks.rules.consistency.scores_against_systems import SCORES_AGAINST_SYSTEMS
from factsheet.checks.rules.consistency.tile_against_profile import TILE_AGAINST_PROFILE
from factsheet.checks.rules.evidence.dangling_reference import DANGLING_REFERENCE
from factsheet.checks.rules.evidence.figure_without_provenance import FIGURE_WITHOUT_PROVENANCE
from factsheet.checks.rules.evidence.identifier_in_url import IDENTIFIER_IN_URL
from factsheet.checks.rules.evidence.malformed_link import MALFORMED_LINK
from factsheet.checks.rules.evidence.measured_without_evidence import MEASURED_WITHOUT_EVIDENCE
from factsheet.checks.rules.evidence.reference_without_locator import REFERENCE_WITHOUT_LOCATOR
from factsheet.checks.rules.evidence.unreachable_link import UNREACHABLE_LINK
from factsheet.checks.rules.evidence.unused_reference import UNUSED_REFERENCE
from factsheet.checks.rules.recomputation.chip_figure_differs import CHIP_FIGURE_DIFFERS
from factsheet.checks.rules.recomputation.energy_differs import ENERGY_DIFFERS
from factsheet.checks.rules.recomputation.ops_differ import OPS_DIFFER
from factsheet.checks.rules.recomputation.parameters_differ import PARAMETERS_DIFFER
from factsheet.checks.rules.recomputation.reuse_differs import REUSE_DIFFERS
from factsheet.checks.rules.recomputation.several_networks import SEVERAL_NETWORKS
from factsheet.checks.rules.recomputation.size_differs import SIZE_DIFFERS
from factsheet.checks.rules.recomputation.stale_derived import STALE_DERIVED
from factsheet.checks.rules.recomputation.structure_impossible import STRUCTURE_IMPOSSIBLE
from factsheet.checks.rules.recomputation.tiles_differ import TILES_DIFFER
from factsheet.checks.rules.wording.empty_phrase import EMPTY_PHRASE
from factsheet.checks.rules.wording.missing_figure import MISSING_FIGURE
from factsheet.checks.rules.wording.misspelt_metric import MISSPELT_METRIC
from factsheet.checks.rules.wording.other_model_name import OTHER_MODEL_NAME
from factsheet.checks.rules.wording.prose_figure_against_field import PROSE_FIGURE_AGAINST_FIELD
from factsheet.checks.rules.wording.undefined_acronym import UNDEFINED_ACRONYM
from factsheet.checks.rules.wording.unit_in_prose import UNIT_IN_PROSE

if TYPE_CHECKING:
    from factsheet.checks.rule import Rule

SCHEMA_IDS: dict[str, str] = {
    "file-too-large": "FS101",
    "wide-encoding": "FS102",
    "not-utf-8": "FS103",
    "control-character": "FS104",
    "unusual-line-break": "FS105",
    "stray-byte-order-mark": "FS106",
    "too-many-nodes": "FS107",
    "too-deep": "FS108",
    "too-many-problems": "FS109",
    "syntax": "FS110",
    "tab-indentation": "FS111",
    "directive": "FS112",
    "several-documents": "FS113",
    "empty-document": "FS114",
    "not-a-mapping": "FS115",
    "duplicate-key": "FS120",
    "non-string-key": "FS121",
    "complex-key": "FS122",
    "empty-key": "FS123",
    "merge-key": "FS124",
    "scalar-too-long": "FS130",
    "yaml-1.1-boolean": "FS131",
    "octal-integer": "FS132",
    "hexadecimal-integer": "FS133",
    "not-a-number": "FS134",
    "infinite-number": "FS135",
    "number-out-of-range": "FS136",
    "number-too-long": "FS137",
    "tag": "FS140",
    "anchor": "FS141",
    "alias": "FS142",
    "wrong-answer": "FS150",
    "wrong-shape": "FS151",
    "unknown-key": "FS152",
    "missing-key": "FS153",
}

SILENCEABLE = ("FS150", "FS151", "FS152", "FS153")
"""What a comment can accept. The rest of FS1 leaves open what a text says, and no reason mends that."""

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
    METRIC_UNKNOWN_TO_TASK,
    GAP_AGAINST_AVERAGES,
    IMPLIED_TOPS_PER_WATT,
    TILE_AGAINST_PROFILE,
    SAME_SPLIT,
    DATES_OUT_OF_ORDER,
    REFRESH_AGAINST_DRIFT,
    SCORE_OUT_OF_RANGE,
    PARAMETERS_DIFFER,
    OPS_DIFFER,
    TILES_DIFFER,
    REUSE_DIFFERS,
    SIZE_DIFFERS,
    ENERGY_DIFFERS,
    STRUCTURE_IMPOSSIBLE,
    SEVERAL_NETWORKS,
    CHIP_FIGURE_DIFFERS,
    STALE_DERIVED,
    UNANSWERED_FOR_ROLE,
    UNANSWERED_AT_STAGE,
    DANGLING_REFERENCE,
    UNUSED_REFERENCE,
    FIGURE_WITHOUT_PROVENANCE,
    MEASURED_WITHOUT_EVIDENCE,
    REFERENCE_WITHOUT_LOCATOR,
    MALFORMED_LINK,
    UNREACHABLE_LINK,
    IDENTIFIER_IN_URL,
    OTHER_MODEL_NAME,
    MISSPELT_METRIC,
    UNDEFINED_ACRONYM,
    EMPTY_PHRASE,
    MISSING_FIGURE,
    UNIT_IN_PROSE,
    PROSE_FIGURE_AGAINST_FIELD,
)
