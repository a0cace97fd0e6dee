"""Read the `emissions.csv` of CodeCarbon: time, energy and emissions of a training, and the machine it ran on.

Columns and units are those of `EmissionsData` in codecarbon 3.3.2 (`codecarbon/output_methods/emissions_data.py`):
seconds, kilowatt-hours, kilograms, units of 1024³ bytes. Older files have fewer columns.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_text
from factsheet.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported, ImportOptions
    from factsheet.facts.section import Source
    from factsheet.source.dumping import Data

_NEEDED = frozenset({"timestamp", "duration", "emissions"})
_SHOWN_RUNS = 20
_TOTALS = (
    ("duration", "duration", "s"),
    ("energy", "energy_consumed", "kWh"),
    ("carbon", "emissions", "kg CO2e"),
)
_PARTS = (
    ("energy_cpu", "cpu_energy", "kWh"),
    ("energy_gpu", "gpu_energy", "kWh"),
    ("energy_memory", "ram_energy", "kWh"),
)
_ESTIMATES = (
    "counters of energy where the machine has them, and else an estimate from the rated power of the processor; the "
    "file does not say which"
)
_TRACKED = {"machine": "whole machine", "process": "this process"}
_UNUSED = (
    "project_name",
    "experiment_id",
    "emissions_rate",
    "cpu_power",
    "gpu_power",
    "ram_power",
    "os",
    "python_version",
    "cpu_utilization_percent",
    "gpu_utilization_percent",
    "ram_utilization_percent",
)
_GPUS = re.compile(r"(\d+) x (.+?)(?=,? ?\d+ x |$)")
"""Devices of one kind; codecarbon 3.3.2 writes several kinds one behind the other, with nothing between them."""


class _Run(NamedTuple):
    """The last row of a run: rows of one run are running totals."""

    row: Mapping[str, str]
    line: int
    is_short: bool = False
    """Whether the row has fewer columns than the header."""


def _recognises(_path: Path, head: bytes) -> bool:
    first = head.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace")
    names = {name.strip().strip('"') for name in first.split(",")}
    return names >= _NEEDED and bool(
        names & {"energy_consumed", "run_id", "project_name", "codecarbon_version"}
    )


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  every reader is called alike
    """Return what the training took, of the one run in the file, or a question where there are several.

    Raises:
        UsageError: it cannot be read, or has no row.
    """
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    rows = list(_rows(text.text))
    if not rows:
        raise UsageError(
            f"{text.name} has no row", "nothing was tracked, or nothing was written", "give another file"
        )
    runs: dict[str, list[_Run]] = {}
    for index, run in enumerate(rows):
        # A file of tasks has a row for each of them, which adds nothing up.
        key = run.row.get("run_id") or f"row {index}"
        runs.setdefault(f"{key} {run.row.get('task_name', '')}", []).append(run)
    listed = [last for totals in runs.values() for last in _lasts(totals)]
    if len(listed) == 1:
        _one(collected, listed[0])
        if len(rows) > 1:
            collected.leave(
                text.name,
                f"{len(rows) - 1:,} earlier rows",
                "running totals of the same run; the last counts",
            )
    else:
        _several(collected, listed)
    _machine(collected, listed)
    for run in listed[-_SHOWN_RUNS:]:
        if run.is_short:
            columns = f"{len(run.row)} columns, fewer than the header"
            collected.leave(
                f"{text.name}:{run.line}", columns, "the columns that it lacks are those at the end"
            )
    unused = [name for name in _UNUSED if any(run.row.get(name) for run in listed)]
    if unused:
        collected.leave(text.name, ", ".join(unused), "no field of a sheet holds it")
    return collected.imported()


def _lasts(totals: list[_Run]) -> list[_Run]:
    """Return the last of the running totals of a run; where they fall, also what they fell from: it began anew."""
    if all(_moment(run) for run in totals):
        totals = sorted(totals, key=_moment)
    falls = [
        before
        for before, after in pairwise(totals)
        if any(
            (number_of(after.row.get(column)) or 0) < (number_of(before.row.get(column)) or 0)
            for _, column, _ in _TOTALS
        )
    ]
    return [*falls, totals[-1]]


def _moment(run: _Run) -> str:
    """Return when a row was written, as text that sorts; empty where it does not say."""
    try:
        return datetime.fromisoformat(run.row.get("timestamp", "")).isoformat()
    except ValueError:
        return ""


def _rows(text: str) -> list[_Run]:
    reader = csv.DictReader(io.StringIO(text))
    found = []
    try:
        for row in reader:
            clean = {
                str(key).strip(): str(value).strip()
                for key, value in row.items()
                if key and value is not None
            }
            if any(clean.values()):
                found.append(_Run(clean, reader.line_num, None in row.values()))
    except csv.Error:  # a field longer than any: what was read so far stands
        return found
    return found


def _one(collected: Collected, run: _Run) -> None:
    version = run.row.get("codecarbon_version")
    by = f"CodeCarbon {version}" if version else "CodeCarbon"
    has_gpu = bool(run.row.get("gpu_model"))
    for field, column, unit in (*_TOTALS, *_PARTS):
        if field == "energy_gpu" and not has_gpu:
            continue  # the 0 of a machine without one, or one that was not looked for
        value = _value(collected, run, column)
        if value is None:
            continue
        note = f"Tracked by {by}." if field == "duration" else f"Tracked by {by}: {_ESTIMATES}."
        dated = {"value": f"{value} {unit}", **_date(run)}
        source: Source = "measured" if field == "duration" and "date" in dated else "declared"
        if source == "measured":
            dated["by"] = by
        collected.add(
            f"hardware.training.{field}", dated, _where(collected, run, column), source=source, note=note
        )
    pue = number_of(run.row.get("pue"))
    if pue is not None and pue > 1:  # 1 is what it is where nobody sets it
        collected.add("hardware.training.usage_effectiveness", pue, _where(collected, run, "pue"))
    water = number_of(run.row.get("water_consumed"))
    if water is not None and water > 0:
        collected.add(
            "hardware.training.water",
            f"{run.row['water_consumed']} L",
            _where(collected, run, "water_consumed"),
        )


def _several(collected: Collected, runs: list[_Run]) -> None:
    """Ask which run was the training: nobody knows what the others were, and a sum may count trials."""
    for field, column, unit in _TOTALS:
        readings: list[tuple[str, Data]] = []
        for run in runs[-_SHOWN_RUNS:]:
            value = _value(collected, run, column)
            if value is not None:
                name = run.row.get("task_name") or run.row.get("project_name") or "run"
                when = run.row.get("timestamp", "")
                words = line_of(f"{name} {when}, line {run.line}") or f"line {run.line}"
                readings.append((words, {"value": f"{run.row[column]} {unit}", **_date(run)}))
        if readings:
            what = f"{len(runs):,} runs, which are not one training"
            collected.ask(f"hardware.training.{field}", f"{collected.name} {column}", what, readings)
    if len(runs) > _SHOWN_RUNS:
        collected.leave(
            collected.name, f"{len(runs) - _SHOWN_RUNS:,} earlier runs", "only the last are asked about"
        )


def _machine(collected: Collected, runs: list[_Run]) -> None:
    """Take what all runs agree on: where they were, and on what."""
    agreed = {
        name: run_value
        for name in runs[-1].row
        if (run_value := line_of(runs[-1].row[name]))
        and all(run.row.get(name) == runs[-1].row[name] for run in runs)
    }
    for name in ("gpu_model", "cpu_model", "country_name"):
        if name not in agreed and any(run.row.get(name) for run in runs):
            collected.leave(
                f"{collected.name} {name}", "a value that differs", "its runs were on different machines"
            )
    last = runs[-1]
    _accelerators(collected, last, agreed)
    count = number_of(agreed.get("cpu_count"))
    if count is not None and count == int(count) and count > 0:
        collected.add(
            "hardware.training.cpu_count",
            int(count),
            _where(collected, last, "cpu_count"),
            note="Logical cores.",
        )
    if number_of(agreed.get("ram_total_size")):
        size = f"{agreed['ram_total_size']} GiB"
        note = "CodeCarbon divides by 1024³ and calls it GB."
        collected.add("hardware.training.memory", size, _where(collected, last, "ram_total_size"), note=note)
    for field, column in (("cpu", "cpu_model"), ("country", "country_name"), ("region", "region")):
        if column in agreed:
            collected.add(f"hardware.training.{field}", agreed[column], _where(collected, last, column))
    if agreed.get("cloud_provider") and agreed.get("on_cloud") != "N":
        cloud = " ".join(filter(None, (agreed["cloud_provider"], agreed.get("cloud_region"))))
        collected.add("hardware.training.cloud", cloud, _where(collected, last, "cloud_provider"))
    mode = agreed.get("tracking_mode", "")
    if mode in _TRACKED:
        collected.add("hardware.training.tracking", _TRACKED[mode], _where(collected, last, "tracking_mode"))
    elif mode:
        collected.leave(_where(collected, last, "tracking_mode"), mode, "it is no mode that is known")


def _accelerators(collected: Collected, last: _Run, agreed: Mapping[str, str]) -> None:
    """Take the accelerators, of one kind or several; their number where it is that of the column for it."""
    named = agreed.get("gpu_model", "")
    if not named:
        return
    where = _where(collected, last, "gpu_model")
    kinds = _GPUS.findall(named)
    whole = "".join(re.sub(r"[,\s]", "", f"{count}x{name}") for count, name in kinds)
    if whole != re.sub(r"[,\s]", "", named):
        kinds = []
    counted = sum(int(count) for count, _ in kinds)
    stated = number_of(agreed.get("gpu_count"))
    one = len(kinds) == 1
    words = kinds[0][1] if one else " and ".join(f"{count} x {name}" for count, name in kinds) or named
    collected.add("hardware.training.accelerator", words, where)
    if kinds and stated in {None, counted}:
        collected.add("hardware.training.accelerator_count", counted, where)
    elif kinds and stated is not None:
        what = f"{named}, and gpu_count {agreed['gpu_count']}"
        readings = [("as gpu_model counts them", counted), ("as gpu_count says", int(stated))]
        collected.ask("hardware.training.accelerator_count", where, what, readings)


def _value(collected: Collected, run: _Run, column: str) -> str | None:
    text = run.row.get(column)
    if not text:
        return None
    number = number_of(text)
    if number is None or number < 0:
        collected.leave(_where(collected, run, column), text, "it is no amount")
        return None
    if number == 0:
        collected.leave(_where(collected, run, column), text, "0 is what it is where nothing was tracked")
        return None
    return text


def _date(run: _Run) -> dict[str, str]:
    day = run.row.get("timestamp", "")[:10]
    try:
        return {"date": date.fromisoformat(day).isoformat()}
    except ValueError:
        return {}


def _where(collected: Collected, run: _Run, column: str) -> str:
    return f"{collected.name}:{run.line} {column}"


KIND = ImportKind("codecarbon", "an emissions file of CodeCarbon", _recognises, read)
