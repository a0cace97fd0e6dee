"""Lay out how digital profiles come out at the published times that they were not fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from factsheet.digital.validation import DeviceCheck, KeptPoint
    from factsheet.hardware.digital.published_tables import PublishedLatency

_RULES = {
    "bert-large": "BERT-base, where BERT-large was fitted",
    "alternate batches": "ResNet-50 between the batches that were fitted",
    "corners": "BERT-base at four of nine points, where the other five were fitted",
    "alternate lengths": "BERT between the lengths that were fitted, and BERT-large",
    "length 128": "BERT-large at sequence length 384, where length 128 was fitted",
}
_HEAD = """\
## Digital devices

What the profiles of digital devices say beside the published times that they were not fitted to.
[digital-baselines.md](digital-baselines.md) describes the model and which points were fitted; each table was read where
`factsheet hardware show PROFILE` says. No published power or energy of these devices is held against the model: that of
the V100 is a line through six published powers, within a factor of
SPREAD of it, and the others' power is a range.
"""


def error_text(error: float) -> str:
    """Return a relative error in percent, with its sign."""
    return f"{round(error * 100, 1) + 0.0:+.1f} %"


def place_of(point: PublishedLatency) -> str:
    """Return what was timed: `bert-base, sequence length 32, batch 4`."""
    length = "" if point.network.startswith("resnet") else f", sequence length {point.seq_len:,}"
    return f"{point.network}{length}, batch {point.batch:,}"


def _range(kept: Sequence[KeptPoint]) -> str:
    errors = [point.error for point in kept]
    return f"{error_text(min(errors))} to {error_text(max(errors))}" if errors else "none"


def _share(met: int, of: int) -> str:
    return f"{met:,} of {of:,} ({met / of:.1%})" if of else "none"


def devices_table(checks: Sequence[DeviceCheck]) -> Table:
    """Return one line a profile, for the terminal."""
    from rich.text import Text  # loaded only for tables

    from factsheet.cli.terminal import grid_of

    grid = grid_of(
        ("digital device", "left"),
        ("fitted", "right"),
        ("kept", "right"),
        ("within 25 %", "right"),
        ("errors", "right"),
    )
    for check in checks:
        cells = (check.profile.name, len(check.split.fitted), len(check.kept), check.met)
        grid.add_row(*(Text(str(cell)) for cell in cells), Text(_range(check.kept)))
    return grid


def devices_markdown(checks: Sequence[DeviceCheck]) -> Iterator[str]:
    """Yield the section of docs/validation.md: by rule, by profile, and every point that is missed."""
    yield _HEAD.replace("SPREAD", _spread_of_power())
    yield "| Kept to check with | Points | Within 25 % | Errors |"
    yield "| --- | ---: | ---: | --- |"
    for rule, words in _RULES.items():
        kept = [point for check in checks if check.table.rule == rule for point in check.kept]
        if kept:
            met = sum(point.met for point in kept)
            yield f"| {words} | {len(kept):,} | {_share(met, len(kept))} | {_range(kept)} |"
    yield ""
    yield "| Device | Format | Stack | Profile | Fitted | Kept | Within 25 % | Errors |"
    yield "| --- | --- | --- | --- | ---: | ---: | ---: | --- |"
    for check in checks:
        given = check.profile.description
        cells = (
            given.device,
            given.dtype,
            given.stack,
            f"`{check.profile.name}`",
            f"{len(check.split.fitted):,}",
            f"{len(check.kept):,}",
            f"{check.met:,}",
            _range(check.kept),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield "Every point that is more than 25 % off:"
    yield ""
    yield "| Profile | Timed | Published | The model | Error |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for check in checks:
        for one in check.kept:
            if not one.met:
                published, model = (
                    format_value(value, "time", 3) for value in (one.point.seconds, one.model)
                )
                place = place_of(one.point)
                yield f"| `{check.profile.name}` | {place} | {published} | {model} | {error_text(one.error)} |"
    yield ""


def _spread_of_power() -> str:
    """Return the factor that the published powers of the V100 are within."""
    from factsheet.hardware.digital.profile import digital_profile_of

    board = digital_profile_of("v100-fp16-tensorrt").description.power
    return "-" if board is None or board.spread is None else f"{1 + board.spread.si:.3g}"


def devices_json(checks: Sequence[DeviceCheck]) -> list[dict[str, object]]:
    """Return each profile with its points."""
    return [
        {
            "profile": check.profile.name,
            "fitted": len(check.split.fitted),
            "fitted_on": check.split.fitted_words,
            "within_quarter": check.met,
            "source": check.table.source,
            "kept": [
                {
                    "network": one.point.network,
                    "seq_len": None if check.table.images else one.point.seq_len,
                    "batch": one.point.batch,
                    "published": one.point.seconds,
                    "model": one.model,
                    "unit": "s",
                    "error": one.error,
                }
                for one in check.kept
            ],
        }
        for check in checks
    ]
