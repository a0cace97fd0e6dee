"""Trains the networks, simulates them, and writes what it finds into a sheet.

python examples/digits/make.py                      # writes sheets/digits.yaml; about a minute on one core
python examples/digits/make.py --seeds 5            # also compares over five trainings; some minutes
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402  the root has to be on the path first, for the modules below

import factsheet  # noqa: E402
from examples.digits.data import accuracy, parts  # noqa: E402
from examples.digits.networks import DRIFT_S, HARDWARE, aware, hardware, longer, trained  # noqa: E402
from examples.result_tables import ResultTables, show  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

    from factsheet.crossbar.functional.studies.drift_study import DriftStudy

NETWORKS: dict[str, tuple[str, Callable[[int], nn.Module]]] = {
    "floating-point": ("Trained in floating point", trained),
    "trained-on": ("Trained on without noise", longer),
    "hardware-aware": ("Trained on with noise", aware),
}
TABLES = ResultTables(
    "digits",
    10,
    len(parts()[2].labels),
    "digits-example",
    {name: title for name, (title, _) in NETWORKS.items()},
)
REPEATS = 20
ACCEPTED_LOSS = "1 %"


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; returns an exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--sheet", type=Path, default=ROOT / "sheets" / "digits.yaml", help="which sheet to write"
    )
    parser.add_argument("--seeds", type=int, default=1, help="how many trainings to compare")
    asked = parser.parse_args(arguments)
    torch.set_num_threads(1)
    studies = {name: study(name, 0) for name in NETWORKS}
    show("training seed 0", studies)
    write(asked.sheet, studies)
    status = simulate(asked.sheet)
    for seed in range(1, asked.seeds):
        show(f"training seed {seed}", {name: study(name, seed) for name in NETWORKS})
    return status


def study(name: str, seed: int, repeats: int = REPEATS) -> DriftStudy:
    """Simulate a network of this training."""
    return factsheet.simulate(
        NETWORKS[name][1](seed), accuracy(), times=DRIFT_S, repeats=repeats, hardware=hardware(), seed=0
    )


def write(file: Path, studies: dict[str, DriftStudy]) -> None:
    """Write the scores of all networks into the sheet."""
    answers = {
        "performance.results": TABLES.tables(studies),
        "hwa_training.accuracy_metric": f"share of the {TABLES.size} test images that are named rightly",
        **TABLES.of_training(studies["hardware-aware"], studies["floating-point"].digital),
    }
    sheet = factsheet.load(file)
    for path, answer in answers.items():
        sheet = sheet.updated(path, answer)
    sheet.save(file, overwrite=True)


def simulate(sheet: Path) -> int:
    """Have the command write scores over time and over noise, the refresh interval and losses by layer and by source.

    They are those of the network trained with noise.
    """
    common = [
        *(sys.executable, "-m", "factsheet", "simulate"),
        "examples.digits.networks:hardware_aware",
        "--data=examples.digits.data:accuracy",
        f"--hardware={HARDWARE}",
        f"--repeats={REPEATS}",
        f"--test-examples={len(parts()[2].labels)}",
        f"--write={sheet}",
    ]
    over_time = [*common, f"--accepted-loss={ACCEPTED_LOSS}", "--noise=0.5,1,2"]
    by_part = [*common, "--sensitivity", "--times=1d"]
    # The program itself, with arguments from here.
    return max(subprocess.call(arguments, cwd=ROOT) for arguments in (over_time, by_part))  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
