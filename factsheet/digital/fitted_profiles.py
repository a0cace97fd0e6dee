"""Write the digital profiles that come with the program, each fitted to its table of published times.

`python -m factsheet.digital.fitted_profiles` writes them anew. A device without a table gets no profile.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from factsheet.digital.fitting import (
    QUARTER,
    device_line,
    factor_off,
    fit,
    fit_power,
    miss,
    ops_of,
    predicted,
    split_of,
)
from factsheet.hardware.digital.published_tables import (
    PublishedLatency,
    board_source,
    board_tables,
    device_figures,
    latency_tables,
)
from factsheet.hardware.profile import DIGITAL_FOLDER
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from factsheet.digital.roofline import Roofline
    from factsheet.hardware.digital.published_tables import LatencyTable

_HEAD = "# Written by `python -m factsheet.digital.fitted_profiles`; docs/digital-baselines.md says how it was fitted."
_UPPER = {"fp32": "FP32", "tf32": "TF32", "fp16": "FP16", "bf16": "BF16", "int8": "INT8"}
_OWN_BOARD = {("v100", "fp16"): "NVIDIA V100", ("v100-pcie", "fp16"): "NVIDIA V100"}
"""Devices and formats with a table of their own board's power; an operation in another format takes another energy."""


def profile_text(table: LatencyTable) -> str:
    """Return the file of the profile that is fitted to a table."""
    return "\n".join(_lines(table)) + "\n"


def _lines(table: LatencyTable) -> Iterator[str]:
    figures = device_figures(table.device)
    split = split_of(table)
    line = fit(
        split.fitted,
        device_line(
            _si(figures["peak"][table.dtype], "ops_per_second"),
            _si(figures["bandwidth"], "data_rate"),
            table.dtype,
        ),
    )
    yield _HEAD
    yield "profile: 1"
    yield "kind: digital"
    yield f"name: {table.name}"
    device = str(figures["title"])
    yield f"title: {_text(f'{device}, {_UPPER[table.dtype]}, {table.stack}')}"
    yield f"device: {_text(device)}"
    yield f"dtype: {table.dtype}"
    yield f"stack: {_text(table.stack)}"
    yield f"peak: {_flow(figures['peak'][table.dtype])}"
    yield f"bandwidth: {_flow(figures['bandwidth'])}"
    fitted = {"standing": "fitted", "fitted_to": split.fitted_words, "source": table.source}
    share = {"value": float(f"{line.utilisation * 100:.3g}"), "unit": "%", **fitted}
    if line.utilisation == 1:
        share["note"] = "The fit ends at the peak: the stack may not compute in this format throughout."
    yield f"utilisation: {_flow(share)}"
    yield f"kernel_time: {_flow({'value': float(f'{line.kernel_time * 1e6:.3g}'), 'unit': 'us', **fitted})}"
    yield from _power(table, figures)
    yield "fit:"
    yield f"  fitted_on: {_text(split.fitted_words)}"
    yield f"  points: {len(split.fitted)}"
    yield f"  kind: {'convolutional' if table.images else 'transformer'}"
    yield f"  networks: [{', '.join(sorted({point.network for point in split.fitted}))}]"
    if not table.images:
        yield f"  seq_len: {_ends([point.seq_len for point in split.fitted])}"
    yield f"  batch: {_ends([point.batch for point in split.fitted])}"
    yield f"  ops: {_ends([ops_of(point) for point in split.fitted])}"
    yield from _check(split.kept, line, split.kept_words)


def _check(kept: Sequence[PublishedLatency], line: Roofline, words: str) -> Iterator[str]:
    if not kept:
        return
    largest = max(factor_off(predicted(line, point), point.seconds) for point in kept)
    yield f"  checked_on: {_text(words)}"
    yield f"  checked: {len(kept)}"
    yield f"  within_quarter: {sum(abs(miss(line, point)) <= QUARTER for point in kept)}"
    figure = {
        "value": _up(largest * 100),
        "unit": "%",
        "standing": "inferred",
        "formula": "largest of model / published and published / model at the kept points, less 1, rounded up",
        "source": "the table that was fitted",
    }
    yield f"  largest: {_flow(figure)}"


def _power(table: LatencyTable, figures: Mapping[str, Any]) -> Iterator[str]:
    if "wall" in figures:
        yield "wall:"
        yield from (f"  {name}: {_flow(figure)}" for name, figure in figures["wall"].items())
        return
    yield "power:"
    yield f"  limit: {_flow(figures['limit'])}"
    ops = float(ops_of(PublishedLatency("resnet-50", 1, 1, 0.0)))
    boards = {one.board: (one, fit_power(one.rows, ops)) for one in board_tables()}
    own = _OWN_BOARD.get((table.device, table.dtype))
    source = board_source()
    if own is not None:
        board, (idle, each, worst) = boards[own]
        words = f"the published powers of a {own} with {board.network}, at {len(board.rows)} batches"
        fitted = {"standing": "fitted", "fitted_to": words, "source": source}
        yield f"  idle: {_flow({'value': float(f'{idle:.3g}'), 'unit': 'W', **fitted})}"
        yield f"  per_operation: {_flow({'value': float(f'{each * 1e12:.3g}'), 'unit': 'pJ', **fitted})}"
        spread = {"value": _up(worst * 100), "unit": "%", **fitted}
        yield f"  spread: {_flow(spread)}"
        return
    idles = sorted(idle / board.limit_w for board, (idle, _, _) in boards.values())
    fulls = sorted(max(power for *_, power in board.rows) / board.limit_w for board, _ in boards.values())
    for name, (low, high), formula in (
        ("idle_share", idles, "power at no work over the limit, by the lines through the tables of"),
        ("full_share", fulls, "largest published power over the limit, in the tables of"),
    ):
        figure = {
            "value": f"{low * 100:.2g} to {high * 100:.2g}",
            "unit": "%",
            "standing": "inferred",
            "formula": f"{formula} {' and '.join(boards)}",
            "source": source,
            "note": "No table of this board in this format was found.",
        }
        yield f"  {name}: {_flow(figure)}"


def _up(number: float) -> float:
    """Return a number to two digits, rounded up: it is the end of a range that has to hold."""
    return Interval(0.0, number).outward(2).high


def _si(figure: Mapping[str, Any], dimension: str) -> float:
    return parse_quantity(f"{figure['value']} {figure['unit']}", dimension).value


def _ends(values: Sequence[int]) -> str:
    return f"[{min(values)}, {max(values)}]"


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _flow(figure: Mapping[str, Any]) -> str:
    """Return a figure as a mapping on one line; JSON is YAML."""
    parts = (
        f"{key}: {value if key in {'value', 'unit', 'standing'} and value != '%' else _text(str(value))}"
        for key, value in figure.items()
    )
    return f"{{{', '.join(parts)}}}"


def write_profiles() -> None:
    """Write every profile into the package."""
    DIGITAL_FOLDER.mkdir(exist_ok=True)
    for table in latency_tables():
        (DIGITAL_FOLDER / f"{table.name}.yaml").write_text(profile_text(table), encoding="utf-8")


if __name__ == "__main__":
    write_profiles()
