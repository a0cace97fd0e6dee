"""`factsheet simulate --sensitivity --write`: losses by layer and source into a sheet's text, and the mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from factsheet.authoring.recording import recorded, referenced
from factsheet.cli.gathering import read_one
from factsheet.cli.sheets import open_sheet
from factsheet.cli.simulate.sensitivity_report import is_share, with_reach
from factsheet.cli.simulate.simulate_record import new_errors, reference_to, with_metric, write_simulated
from factsheet.cli.simulate.simulate_results import in_words
from factsheet.cli.terminal import complain
from factsheet.crossbar.functional.studies.durations import written
from factsheet.errors import NoPlaceError, UsageError, WorkloadError
from factsheet.networks.declared import declared_network
from factsheet.networks.family import Run
from factsheet.networks.layer_layout import LayoutPlan
from factsheet.networks.paired_names import SizedLayer, paired_names
from factsheet.networks.policy import pattern_for
from factsheet.recompute.comparisons.score_scales import drift_scale
from factsheet.source.document import dotted
from factsheet.source.editing import put, value_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from factsheet.cli.simulate.sensitivity_run import SensitivityOutcome
    from factsheet.crossbar.functional.studies.sensitivity_study import Sensitivity
    from factsheet.crossbar.functional.studies.study_results import SimulationContext
    from factsheet.networks.operators import Network
    from factsheet.recompute.comparisons.mapping_costs import CostedFigure
    from factsheet.sheet.model import SheetFields
    from factsheet.source.dumping import Data

_IDENTIFIER: Final = "simulation-sensitivity"
"""The id of the reference that says what the facts can be reproduced from; the next study replaces it."""
_PROVENANCE: Final = {"source": "simulated", "evidence": _IDENTIFIER}
_LOSSES: Final = ("robustness", "sensitivity")
_LAYOUT: Final = ("model_architecture", "layout")


def record_sensitivity(
    sheet: Path,
    outcome: SensitivityOutcome,
    about: SimulationContext,
    output: Path | None,
    *,
    replace: Sequence[str] = (),
) -> None:
    """Write losses by layer and source into a sheet, and the proposed mapping as the layout of its layers.

    What the sheet states of them itself stays, and is said on standard error. The layout is left as it is where its
    layers have other names, or where with it the sheet would contradict itself.

    Args:
        sheet: the sheet.
        outcome: what was found.
        about: how.
        output: the file with the results, for the reference.
        replace: paths whose facts are replaced all the same.

    Raises:
        FactsheetError: the sheet cannot be read or written, or would no longer be valid; it is as it was.
    """
    loaded = read_one(sheet)
    fields = open_sheet(str(sheet))[1]
    data = None if loaded.document is None else loaded.document.data
    old = loaded.document.text if loaded.document is not None else ""
    declared = _declared(fields)
    names = _names(outcome, declared)
    text, kept, stated = old, [], False
    try:
        stated = _stated(value_at(data, _LOSSES)) and dotted(_LOSSES) not in replace
        if stated:
            kept.append(
                f"{dotted(_LOSSES)} stays as the sheet states it; `--replace {dotted(_LOSSES)}` replaces it"
            )
        else:
            text = recorded(text, *_LOSSES, _facts(outcome, names))
            text = with_metric(text, outcome.study, drift_scale(fields))
        text, why = _with_layout(
            text,
            _patterns(outcome, about, names, declared),
            fields,
            place=sheet,
            may=dotted(_LAYOUT) in replace,
        )
        kept += [why] if why else []
        if (
            text != old or not stated
        ):  # the same losses may be those of hardware that is written otherwise today
            text = referenced(
                text, _IDENTIFIER, reference_to(about, output, "Sensitivity of layers on analog tiles")
            )
    except NoPlaceError as error:
        raise UsageError(f"{error}; nothing was written", place=str(sheet)) from None
    write_simulated(sheet, old, text)
    for words in kept:
        complain(f"factsheet: {sheet}: {words}")


def _stated(losses: Any) -> bool:
    """Return whether somebody else than a simulation has written losses."""
    if not isinstance(losses, dict):
        return losses is not None
    rows = [row for name in ("layers", "noise_sources") for row in losses.get(name) or ()]
    facts = [losses.get("loss"), *(row.get("alone") for row in rows if isinstance(row, dict))]
    given = [fact for fact in facts if fact is not None]
    return not given or not all(
        isinstance(fact, dict) and fact.get("source") == "simulated" for fact in given
    )


def _declared(sheet: SheetFields) -> Network | None:
    """Return the network that the sheet declares, if it does."""
    try:
        return None if sheet.model_architecture is None else declared_network(sheet.model_architecture, Run())
    except WorkloadError:
        return None


def _names(outcome: SensitivityOutcome, declared: Network | None) -> dict[str, str]:
    """Return the sheet's name of each layer: its own in the declared network where it is certain, else the module's."""
    layers = [SizedLayer(one.name, one.rows, one.cols) for one in outcome.study.on_tiles]
    paired = None if declared is None else paired_names(layers, declared)
    return paired or {layer.name: layer.name or "(the module)" for layer in layers}


def _patterns(
    outcome: SensitivityOutcome, about: SimulationContext, names: dict[str, str], declared: Network | None
) -> tuple[str, ...]:
    """Return patterns of the layers that the mapping keeps digital, by the sheet's names; none where none has to be."""
    mapping = outcome.study.mapping
    if mapping is None or not mapping.digital:
        return ()
    known = names.values() if declared is None else [matrix.name for matrix in declared.static]
    return (*about.digital, *(pattern_for(names[name], known) for name in mapping.digital))


def _facts(outcome: SensitivityOutcome, names: dict[str, str]) -> dict[str, Data]:
    study, share = outcome.study, is_share(outcome.study)
    facts: dict[str, Data] = {
        "after": _simulated(written(study.seconds)),
        "chips": _simulated(study.loss.chips),
        "confidence": _simulated(f"{100 * study.confidence:.4g} %"),
        "loss": _simulated(with_reach(study.loss, study.confidence, share=share)),
        "layers": [_row(names[one.name], one, study.confidence, share=share) for one in study.layers],
    }
    if study.sources:
        facts["noise_sources"] = [_row(one.name, one, study.confidence, share=share) for one in study.sources]
    mapping = study.mapping
    if mapping is None:
        return facts
    accepted = in_words(mapping.accepted_loss, share=share)
    proposed: dict[str, Data] = {"accepted_loss": {"value": accepted, "source": "declared"}}
    if mapping.digital:
        proposed["digital"] = {"value": [names[name] for name in mapping.digital], **_PROVENANCE}
    proved = f"{mapping.proves} {mapping.leaves_open}"
    proposed["digital_layers"] = {**_simulated(len(mapping.digital)), "note": proved}
    if mapping.check is not None:
        loss = with_reach(mapping.check.loss, study.confidence, share=share)
        proposed["loss"] = _simulated(loss)
    cost = outcome.cost
    if cost is not None and cost.figures:
        proposed["profile"] = {"value": cost.profile, "source": "declared"}
        for figure in cost.figures:
            if figure.name in _COSTED:
                key = _COSTED[figure.name]
                before, after = _texts(figure)
                note = f"{cost.point}. {' '.join(f'{_sentence(one)}.' for one in cost.notes)}".strip()
                proposed[key] = {"value": after, "source": "derived", "note": note}
                proposed[f"{key}_all_on_tiles"] = {"value": before, "source": "derived"}
    facts["mapping"] = proposed
    return facts


_COSTED: Final = {"energy": "energy", "latency": "time"}
"""Figures that the sheet has a key for."""


def _texts(figure: CostedFigure) -> tuple[str, str]:
    """Return both figures as a sheet writes them; one that is of some parts alone says so in its note."""
    before, after = figure.texts
    if figure.bound in {None, "at least", "at most"}:
        return before, after
    return before.removeprefix(f"{figure.bound} "), after.removeprefix(f"{figure.bound} ")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _simulated(value: Data) -> dict[str, Data]:
    return {"value": value, **_PROVENANCE}


def _row(name: str, one: Sensitivity, confidence: float, *, share: bool) -> dict[str, Data]:
    row: dict[str, Data] = {
        "name": name,
        "alone": _simulated(with_reach(one.alone, confidence, share=share)),
        "won_back": _simulated(with_reach(one.won_back, confidence, share=share)),
    }
    if one.alone_beyond_noise is not None:
        flags = one.alone_beyond_noise, one.won_back_beyond_noise
        words = {(True, True): "both", (True, False): "alone", (False, True): "won back"}
        row["beyond_noise"] = words.get((bool(flags[0]), bool(flags[1])), "neither")
    return row


def _with_layout(
    text: str, patterns: Sequence[str], sheet: SheetFields, *, place: Path, may: bool
) -> tuple[str, str]:
    """Return the text with the mapping as its layout, or as it is and why.

    Args:
        text: of the sheet.
        patterns: of the layers to be digital; none where none has to be.
        sheet: its fields.
        place: its file.
        may: whether a layout that somebody stated may be replaced.
    """
    if not patterns:
        return text, ""
    path = dotted(_LAYOUT)
    architecture = sheet.model_architecture
    layout = None if architecture is None else architecture.layout
    if layout is not None and not may:
        sides = [fact for fact in (layout.analog, layout.digital) if fact is not None]
        if any(fact.source != "simulated" for fact in sides):
            stays = f"{path} stays as the sheet states it"
            return text, f"{stays}; `--replace {path}` puts the proposed mapping in its place"
    declared = _declared(sheet)
    unfit = (
        [] if declared is None else [name for _, name in LayoutPlan(digital=tuple(patterns)).unfit(declared)]
    )
    if unfit:
        names = ", ".join(f"`{name}`" for name in unfit[:3]) + (
            f" and {len(unfit) - 3} more" if unfit[3:] else ""
        )
        return text, f"{path} is left as it is: the network that the sheet declares has no layer {names}"
    if layout is not None and layout.analog is not None:
        return text, f"{path} is left as it is: it says which layers are on tiles; take `analog` out first"
    fact: Data = {"value": list(patterns), **_PROVENANCE}
    with_layout = put(text, (*_LAYOUT, "digital"), fact)
    new = new_errors(text, with_layout, str(place))
    if new:
        listed = "; ".join(new)
        return (
            text,
            f"{path} is left as it is: with the proposed mapping the sheet would contradict itself: {listed}",
        )
    return with_layout, ""
