"""Run a study of sensitivity: its variants into a journal as they come, then the mapping that holds a loss."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from factsheet.cli.simulate.hub_source import scored_model
from factsheet.cli.simulate.sensitivity_setup import cost_of
from factsheet.cli.simulate.simulate_placement import placed_evaluation, placed_model
from factsheet.cli.simulate.simulate_results import check_scores
from factsheet.cli.simulate.simulate_run import TrialPlan, earlier_results, run
from factsheet.cli.simulate.simulate_setup import check_test_set, scored_by
from factsheet.cli.simulate.simulations import about_model
from factsheet.crossbar.functional.studies.mixed_mapping import propose_mapping
from factsheet.crossbar.functional.studies.sensitivity import Scores, design_of, runner, sensitivity_of
from factsheet.crossbar.functional.studies.sensitivity_results import SCHEMA, scores_in
from factsheet.crossbar.functional.studies.variants import VariantExperiment, VariantTrial
from factsheet.networks.policy import pattern_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from factsheet.cli.simulate.simulate_setup import SimulateRequest
    from factsheet.crossbar.functional.studies.sensitivity import Design
    from factsheet.crossbar.functional.studies.sensitivity_study import SensitivityStudy
    from factsheet.crossbar.functional.studies.study_results import SimulationContext
    from factsheet.recompute.comparisons.mapping_costs import MappingCost

STUDY = "sensitivity"


class SensitivityOutcome(NamedTuple):
    """Losses by layer and by source; with a mapping and what it costs where a loss is accepted."""

    study: SensitivityStudy
    patterns: tuple[str, ...] = ()
    """Patterns of the layers that the mapping keeps digital, on top of those that the user keeps so."""
    cost: MappingCost | None = None


def sensitivity_of_model(
    request: SimulateRequest, seconds: float, loss: float | None
) -> tuple[SensitivityOutcome, SimulationContext]:
    """Return what each layer and each source costs a model; results that are kept are not worked out again.

    Args:
        request: the options.
        seconds: after programming.
        loss: what is accepted, in the unit of the scores; `None` for no mapping.

    Raises:
        FactsheetError: the model, its data or the hardware cannot be used, or the evaluation fails.
    """
    model, evaluate = scored_model(request)
    made, score = placed_model(request, model), placed_evaluation(request, evaluate)
    module = made()
    about = about_model(request, module)
    about = about._replace(configuration=about.configuration._replace(study=STUDY))
    metric, higher = scored_by(request)
    check_test_set(request, metric, [])  # a metric that is no share is better said now
    design = design_of(module, about.hardware, request.policy, seconds=seconds, chips=request.repeats)
    experiment = VariantExperiment(made, score, about.hardware, request.policy, design.names, request.seed)
    known: dict[VariantTrial, float] = {}
    before = {} if request.output is None else earlier_results(request.output, SCHEMA)
    if before.get("configuration") == about.configuration.digest:
        known |= scores_in(before)

    def kept(trials: Sequence[VariantTrial]) -> Mapping[VariantTrial, float]:
        """Run what is not known, with a bar and a journal."""

        def study(
            finished: Mapping[VariantTrial, float], keep: Callable[[VariantTrial, float], None]
        ) -> Mapping[VariantTrial, float]:
            return runner(
                experiment,
                workers=request.workers,
                scheduler=request.scheduler,
                finished=finished,
                on_result=keep,
            )(trials)

        fields = ("variant", "repeat", "seconds")
        work: TrialPlan[VariantTrial, Mapping[VariantTrial, float]] = TrialPlan(
            tuple(trials), fields, VariantTrial, study
        )
        found: Mapping[VariantTrial, float] = run(work, about.configuration, request.output, known)
        known.update(found)
        return known

    trials = design.trials(request.workers)
    scores = Scores(kept(trials), design.seconds, higher, request.test_examples)
    scored = [scores.by_trial[trial] for trial in trials]
    check_scores(metric, scores.digital, scored)
    check_test_set(request, metric, scored)
    study = sensitivity_of(design, scores, confidence=request.confidence, metric=metric)
    outcome = SensitivityOutcome(study)
    if loss is not None:
        proposed = propose_mapping(design, study, kept, accepted_loss=loss, examples=request.test_examples)
        study = replace(study, mapping=proposed, scores=dict(known))
        patterns = _patterns(proposed.digital, design)
        # With no layer digital nothing changes on the chip.
        outcome = SensitivityOutcome(study, patterns, cost_of(request, patterns) if patterns else None)
    return outcome, about


def _patterns(digital: Sequence[str], design: Design) -> tuple[str, ...]:
    """Return patterns that fit these layers and no other one on tiles."""
    others = [name for layer in design.layers for name in (layer.name, *layer.shared_by)]
    return tuple(pattern_for(name, others) for name in digital)
