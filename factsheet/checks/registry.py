"""Every id that a check reports: the rules, one line each, and what the loader and the schema refuse (family FS1)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factsheet.checks.rule import Rule

_RULE_MODULES = (
    "consistency.average_mismatch",
    "consistency.score_against_average",
    "consistency.scores_against_systems",
    "consistency.classes_on_regression",
    "consistency.data_against_table",
    "consistency.analog_above_total",
    "consistency.power_time_efficiency",
    "consistency.batch_unstated",
    "consistency.point_out_of_range",
    "consistency.metric_unknown_to_task",
    "consistency.gap_against_averages",
    "consistency.implied_tops_per_watt",
    "consistency.tile_against_profile",
    "consistency.same_split",
    "consistency.dates_out_of_order",
    "consistency.refresh_against_drift",
    "consistency.score_out_of_range",
    "crosschecks.stated_twice",
    "crosschecks.same_at_two_lengths",
    "crosschecks.larger_point_takes_less",
    "crosschecks.no_batch_fits",
    "scores.score_in_no_table",
    "scores.far_above_digital",
    "scores.score_rises_over_time",
    "scores.averages_over_other_tasks",
    "scores.classes_against_outputs",
    "scores.unlike_metrics_averaged",
    "scores.row_twice",
    "scores.system_kind_against_name",
    "scores.direction_against_metric",
    "scores.averaging_unstated",
    "plausibility.implausible_value",
    "plausibility.noise_without_reference",
    "plausibility.date_in_future",
    "recomputation.layout_names_nothing",
    "plausibility.out_of_order",
    "plausibility.inference_unit",
    "plausibility.parts_against_whole",
    "plausibility.settings_contradict",
    "recomputation.parameters_differ",
    "recomputation.ops_differ",
    "recomputation.tiles_differ",
    "recomputation.reuse_differs",
    "recomputation.size_differs",
    "recomputation.energy_differs",
    "recomputation.structure_impossible",
    "recomputation.several_networks",
    "recomputation.chip_figure_differs",
    "recomputation.stale_derived",
    "recomputation.unstated_reading",
    "completeness.unanswered_for_role",
    "completeness.unanswered_at_stage",
    "evidence.dangling_reference",
    "evidence.unused_reference",
    "evidence.figure_without_provenance",
    "evidence.measured_without_evidence",
    "evidence.reference_without_locator",
    "evidence.malformed_link",
    "evidence.unreachable_link",
    "evidence.identifier_in_url",
    "wording.other_model_name",
    "wording.misspelt_metric",
    "wording.undefined_acronym",
    "wording.empty_phrase",
    "wording.missing_figure",
    "wording.unit_in_prose",
    "wording.prose_figure_against_field",
    "wording.prose_against_table",
)
"""The module of each rule below `factsheet.checks.rules`, in the order of the ids. Each calls its rule `RULE`; what a
rule is called, how grave it is and how it is documented is written in its module and read from there.
"""

RULES: tuple[Rule, ...] = tuple(
    import_module(f"factsheet.checks.rules.{name}").RULE for name in _RULE_MODULES
)

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
"""What a comment can accept. The rest of FS1 leaves open what a text says, and no reason changes that."""
