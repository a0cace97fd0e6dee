"""Trains the networks, simulates them, and writes what it finds into a sheet.

python examples/language/make.py                    # writes sheets/language.yaml
python examples/language/make.py --seeds 3          # also compares over three trainings, each some minutes more
python examples/language/make.py --stress           # also with several times the published noise
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402  the root has to be on the path first, for the modules below

import factsheet  # noqa: E402
from examples.language.data import LANGUAGES, parts  # noqa: E402
from examples.language.networks import (  # noqa: E402
    DIGITAL,
    DRIFT_S,
    HARDWARE,
    accuracy,
    aware,
    hardware,
    longer,
    trained,
)
from examples.result_tables import ResultTables, show  # noqa: E402
from factsheet.cli.run import run  # noqa: E402
from factsheet.crossbar.functional.devices.pcm import Pcm  # noqa: E402
from factsheet.crossbar.functional.studies.drift_study import DriftStudy  # noqa: E402
from factsheet.crossbar.functional.studies.repeated_scores import series_of  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware

NETWORKS: dict[str, tuple[str, Callable[[int], nn.Module]]] = {
    "floating-point": ("Trained in floating point", trained),
    "trained-on": ("Trained on without noise", longer),
    "hardware-aware": ("Trained on with noise", aware),
}
TABLES = ResultTables(
    "language of a sentence",
    len(LANGUAGES),
    len(parts()[2].labels),
    "language-example",
    {name: title for name, (title, _) in NETWORKS.items()},
)
_WRITTEN_UP = "hardware-aware"
REPEATS, FEWER = 10, 3
"""Chips of the sheet's figures, and of the comparisons beside them."""
ACCEPTED_LOSS = "1 %"
STRESS = (3.0, 6.0)
"""Multiples of the published noise of programming and of reading."""


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; returns an exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sheet", type=Path, default=ROOT / "sheets" / "language.yaml", help="which sheet to write"
    )
    parser.add_argument("--seeds", type=int, default=1, help="how many trainings to compare")
    parser.add_argument("--stress", action="store_true", help="also simulate with stronger noise")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    studies = {name: study(name, 0) for name in NETWORKS if name != _WRITTEN_UP}
    status, studies[_WRITTEN_UP] = simulate(asked.sheet)
    show("training seed 0", studies)
    write(asked.sheet, studies)
    print(f"{time.process_time():.0f} s of CPU time", flush=True)
    for seed in range(1, asked.seeds):
        show(f"training seed {seed}", {name: study(name, seed, FEWER) for name in NETWORKS})
    if asked.stress:
        for times in STRESS:
            stressed = noisier(times)
            show(
                f"{times:g} times the published noise of programming and reading",
                {name: study(name, 0, FEWER, stressed) for name in NETWORKS},
            )
    return status


def study(name: str, seed: int, repeats: int = REPEATS, arrays: AnalogHardware | None = None) -> DriftStudy:
    """Simulate a network of this training."""
    return factsheet.simulate(
        NETWORKS[name][1](seed),
        accuracy(),
        times=DRIFT_S,
        repeats=repeats,
        hardware=arrays or hardware(),
        digital=DIGITAL,
        seed=0,
    )


def noisier(times: float) -> AnalogHardware:
    """Return the arrays with a multiple of the noise of their devices; drift stays as it is."""
    return replace(hardware(), device=Pcm(programming=times, read_noise=times))


def write(file: Path, studies: dict[str, DriftStudy]) -> None:
    """Write the scores of all networks into the sheet, and the sizes of the parts of the data."""
    train, validation, test = (len(part.labels) for part in parts())
    split = f"{train} sentences to train on, {validation} to choose settings, {test} to score, by message"
    answers = {
        "performance.results": TABLES.tables(studies),
        "hwa_training.accuracy_metric": f"share of the {test} test sentences whose language is named rightly",
        **TABLES.of_training(studies[_WRITTEN_UP], studies["floating-point"].digital),
        "training_data.size": str(train),
        "training_data.split": split,
        "test_data.size": str(test),
    }
    sheet = factsheet.load(file)
    for path, answer in answers.items():
        sheet = sheet.updated(path, answer)
    sheet.save(file, overwrite=True)


def simulate(sheet: Path) -> tuple[int, DriftStudy]:
    """Have the commands write scores over time, the refresh interval, and what follows from network and chip.

    They run in this process, where the networks are trained already.

    Returns:
        The status of the commands, and the scores that they found.
    """
    kept = ROOT / "build" / "language"
    kept.mkdir(parents=True, exist_ok=True)
    results = kept / "simulation.json"
    results.unlink(missing_ok=True)
    what = [
        "simulate",
        "examples.language.networks:hardware_aware",
        "--data=examples.language.networks:accuracy",
        *(f"--digital={name}" for name in DIGITAL),
        f"--hardware={HARDWARE}",
        f"--write={sheet}",
    ]
    scores = [
        f"--repeats={REPEATS}",
        f"--accepted-loss={ACCEPTED_LOSS}",
        f"--test-examples={len(parts()[2].labels)}",
        f"--output={results}",
        f"--chart={kept / 'drift.svg'}",
    ]
    losses = ["--sensitivity", f"--repeats={FEWER}", f"--chart={kept / 'sensitivity.svg'}"]
    status = run(what + scores)
    found = read_study(results)
    return status or run(what + losses) or run(["fill", str(sheet), "--yes"]), found


def read_study(results: Path) -> DriftStudy:
    """Read the scores that the command wrote."""
    found = json.loads(results.read_text(encoding="utf-8"))
    points = found["over_time"]
    scores = {
        (chip, point["seconds"]): score for point in points for chip, score in enumerate(point["scores"])
    }
    times = [point["seconds"] for point in points]
    return DriftStudy(series_of(scores, times, found["repeats"]), found["digital"], found["seed"])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
