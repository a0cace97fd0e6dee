"""Report what layers and sources of error cost: as text for people, as JSON, as a chart."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from factsheet.cli.simulate.simulate_results import heading, in_words, shares
from factsheet.crossbar.functional.studies.durations import written
from factsheet.crossbar.functional.studies.sensitivity_results import sensitivity_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rich.table import Table

    from factsheet.cli.simulate.sensitivity_run import SensitivityOutcome
    from factsheet.crossbar.functional.studies.losses import Loss
    from factsheet.crossbar.functional.studies.sensitivity_study import (
        LayerOnTiles,
        MappingProposal,
        Sensitivity,
        SensitivityStudy,
    )
    from factsheet.crossbar.functional.studies.study_results import SimulationContext
    from factsheet.pages.figures.sensitivity import LossRow
    from factsheet.recompute.comparisons.mapping_costs import MappingCost


def is_share(study: SensitivityStudy) -> bool:
    """Return whether scores are shares of a whole."""
    return shares(study.metric, list(study.scores.values()))


def with_reach(loss: Loss, confidence: float, *, share: bool) -> str:
    """Return a loss with the reach of its interval, where it has one: `0.80 % ± 0.15 %`."""
    ends = loss.interval(confidence)
    mean = in_words(loss.mean, share=share)
    if ends is None:
        return mean
    reach = in_words((ends[1] - ends[0]) / 2, share=share)
    # No spread at all, or one below the last digit: a ± of zero would say that the figure is exact.
    return f"{mean} ± {reach}" if reach.strip("0. %") else mean


def to_text(outcome: SensitivityOutcome, about: SimulationContext) -> str:
    """Return the losses as tables, and the mapping that is proposed."""
    from factsheet.cli.terminal import console_for, print_grid, print_text, text_of

    study, share = outcome.study, is_share(outcome.study)
    buffer = io.StringIO()
    console = console_for(buffer, to_file=False)
    for line in heading(about):
        print_text(console, line)
    lower = "" if study.higher_is_better else "lower is better"
    known = "; ".join(part for part in (study.metric, lower) if part)
    sure = f"{100 * study.confidence:.4g} %"
    print_text(
        console,
        f"digital: {in_words(study.digital, share=share)}{f' ({known})' if known else ''}; all layers on tiles,"
        f" {written(study.seconds)} after programming, lose {with_reach(study.loss, study.confidence, share=share)}",
    )
    print_text(console, f"± is the {sure} interval of the mean over chips\n")
    sizes = {layer.name: layer for layer in study.on_tiles}
    print_grid(console, _table(study.layers, study.confidence, share=share, sizes=sizes))
    print_text(
        console,
        f"alone, the layers lose {in_words(study.added_up, share=share)} in sum; all together they lose"
        f" {in_words(study.loss.mean, share=share)}\n",
    )
    if study.sources:
        print_grid(console, _table(study.sources, study.confidence, share=share))
    print_text(console, _verdict(study))
    if study.mapping is not None:
        for line in _mapping(study.mapping, outcome, share=share):
            print_text(console, line)
    return text_of(buffer)


def _table(
    rows: Sequence[Sensitivity],
    confidence: float,
    *,
    share: bool,
    sizes: dict[str, LayerOnTiles] | None = None,
) -> Table:
    from rich.text import Text  # only tables need it

    from factsheet.cli.terminal import grid_of

    what = "source of error" if sizes is None else "layer"
    size_columns = () if sizes is None else (("in x out", "right"), ("tiles", "right"))
    titles = ("alone", "won back without") if sizes is None else ("alone on tiles", "won back digital")
    grid = grid_of(
        (what, "left"),
        *size_columns,
        (titles[0], "right"),
        ("", "left"),
        (titles[1], "right"),
        ("", "left"),
    )
    for one in rows:
        size = None if sizes is None else sizes[one.name]
        cells = [
            one.name or "(the module)",
            *(() if size is None else (f"{size.rows} x {size.cols}", str(size.tiles))),
            with_reach(one.alone, confidence, share=share),
            _noise(one.alone_beyond_noise),
            with_reach(one.won_back, confidence, share=share),
            _noise(one.won_back_beyond_noise),
        ]
        grid.add_row(*(Text(cell) for cell in cells))
    return grid


def _noise(beyond: bool | None) -> str:
    return "noise" if beyond is False else ""


def _verdict(study: SensitivityStudy) -> str:
    rows = (*study.layers, *study.sources)
    if any(one.alone_beyond_noise is None for one in rows):
        return "Of a single chip nothing says which loss is more than noise; give --repeats 5 or more."
    within = any(
        flag is False for one in rows for flag in (one.alone_beyond_noise, one.won_back_beyond_noise)
    )
    if not within:
        return "Every loss is more than the noise of the chips."
    return (
        f"noise: not more than chips differ by chance, with {100 * study.confidence:.4g} % confidence that no loss of a"
        " column is called more by chance; more --repeats tell smaller losses apart"
    )


def _mapping(mapping: MappingProposal, outcome: SensitivityOutcome, *, share: bool) -> Iterator[str]:
    accepted = in_words(mapping.accepted_loss, share=share)
    many = len(mapping.digital) + len(mapping.on_tiles)
    yield ""
    if not mapping.digital:
        yield f"to lose no more than {accepted}, no layer has to be digital"
    elif not mapping.on_tiles:
        yield f"to lose no more than {accepted}, all {many} layers have to be digital"
    else:
        yield f"to lose no more than {accepted}, keep {len(mapping.digital)} of {many} layers digital:"
        yield f"  --digital {','.join(outcome.patterns)}"
    for check in mapping.checks:
        digital = "" if check.digital == mapping.digital else f" with {len(check.digital)} digital"
        outcome_words = "holds" if check.holds else "does not hold"
        yield (
            f"check on {check.loss.chips} other chips{digital}: a loss of {in_words(check.loss.mean, share=share)}, at"
            f" most {in_words(check.at_most, share=share)} at {100 * check.confidence:.4g} %: {outcome_words}"
        )
    yield mapping.proves
    yield mapping.leaves_open
    if outcome.cost is not None:
        yield from _cost(outcome.cost)


def _cost(cost: MappingCost) -> Iterator[str]:
    from factsheet.recompute.comparisons.mapping_costs import COSTED

    yield ""
    if cost.problem:
        yield f"what it costs in energy and time is not known: {cost.problem}"
        return
    yield f"on {cost.profile}, {cost.point}, all on tiles and with this mapping:"
    for figure in cost.figures:
        before, after = figure.texts
        change = "" if figure.change is None else f" ({100 * figure.change:+.3g} %)"
        yield f"  {COSTED[figure.name]}: {before} and {after}{change}"
    if cost.tiles is not None:
        yield f"  tiles: {cost.tiles[0]:,} and {cost.tiles[1]:,}"
    if cost.moved_ops is not None:
        yield f"  operations of an inference that become digital: {cost.moved_ops:,}"
    for note in cost.notes:
        yield f"  {note}"


def to_json(outcome: SensitivityOutcome, about: SimulationContext) -> str:
    """Return the losses and the mapping as a JSON document; `docs/simulate.md` describes it."""
    return sensitivity_to_json(
        outcome.study,
        about,
        patterns=outcome.patterns,
        cost=None if outcome.cost is None else _cost_json(outcome.cost),
    )


def _cost_json(cost: MappingCost) -> dict[str, object]:
    if cost.problem:
        return {"problem": cost.problem}
    return {
        "profile": cost.profile,
        "point": cost.point,
        "figures": {
            figure.name: {"all_on_tiles": figure.all_on_tiles, "mapping": figure.mixed, "bound": figure.bound}
            for figure in cost.figures
        },
        "tiles": None if cost.tiles is None else {"all_on_tiles": cost.tiles[0], "mapping": cost.tiles[1]},
        "moved_ops": cost.moved_ops,
        "notes": list(cost.notes),
    }


def draw_sensitivity(file: Path, outcome: SensitivityOutcome, about: SimulationContext) -> None:
    """Draw losses by layer and by source.

    Raises:
        ChartError: matplotlib is missing.
        WriteError: the file cannot be written.
    """
    from factsheet.cli.sheets import deliver
    from factsheet.pages.content.sensitivity import MOST_ROWS
    from factsheet.pages.figures.sensitivity import SensitivityChart, draw_losses

    study, share = outcome.study, is_share(outcome.study)
    digital = () if study.mapping is None else study.mapping.digital
    chips = study.loss.chips
    chart = SensitivityChart(
        tuple(_drawn(one, study, digital) for one in study.layers[:MOST_ROWS]),
        tuple(_drawn(one, study) for one in study.sources),
        left_out=max(0, len(study.layers) - MOST_ROWS),
        percent=share,
        sure=f"{100 * study.confidence:.4g} % interval of the mean over {chips} chips" if chips > 1 else "",
    )
    listed = "; ".join(
        f"{one.name} {in_words(one.alone.mean, share=share)}" for one in (*study.layers, *study.sources)[:40]
    )
    text = (
        f"Loss of score alone, {written(study.seconds)} after programming, by layer and by source of error:"
        f" {listed}. All on tiles lose {in_words(study.loss.mean, share=share)}."
    )
    title = f"Loss by layer and by source of error, {about.configuration.source}"
    deliver(draw_losses(chart, file.suffix.lower(), title=title, text=text), file)


def _drawn(one: Sensitivity, study: SensitivityStudy, digital: Sequence[str] = ()) -> LossRow:
    from factsheet.pages.figures.sensitivity import DrawnLoss, LossRow

    def drawn(loss: Loss) -> DrawnLoss:
        low, high = loss.interval(study.confidence) or (loss.mean, loss.mean)
        return DrawnLoss(low, loss.mean, high)

    name = one.name or "(the module)"
    return LossRow(name, drawn(one.alone), drawn(one.won_back), digital=one.name in digital)
