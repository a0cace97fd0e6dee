"""Trains the networks, simulates them, and writes what it finds into a sheet.

python examples/digits/make.py                      # writes sheets/digits.yaml; about a minute on one core
python examples/digits/make.py --seeds 5            # also compares over five trainings; some minutes
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import torch  # noqa: E402  the root has to be on the path first, for the modules below

from examples.digits.data import accuracy, parts  # noqa: E402
from examples.digits.networks import DRIFT_S, HARDWARE, aware, hardware, longer, trained  # noqa: E402
from factsheet.authoring.recording import Answer, recorded  # noqa: E402
from factsheet.cli.run import run  # noqa: E402
from factsheet.crossbar.functional.studies.drift_study import DriftStudy, drift_study  # noqa: E402
from factsheet.crossbar.functional.studies.durations import written  # noqa: E402
from factsheet.source.writing import write_atomic  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import nn

NETWORKS: dict[str, tuple[str, Callable[[int], nn.Module]]] = {
    "floating-point": ("Trained in floating point", trained),
    "trained-on": ("Trained on without noise", longer),
    "hardware-aware": ("Trained on with noise", aware),
}
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
    show(0, studies)
    write(asked.sheet, studies)
    status = simulate(asked.sheet)
    for seed in range(1, asked.seeds):
        show(seed, {name: study(name, seed) for name in NETWORKS})
    return status


def study(name: str, seed: int, repeats: int = REPEATS) -> DriftStudy:
    """Simulate a network of this training."""
    return drift_study(NETWORKS[name][1](seed), accuracy(), DRIFT_S, repeats, hardware=hardware(), seed=0)


def write(sheet: Path, studies: dict[str, DriftStudy]) -> None:
    """Write the scores of all networks into the sheet."""
    text = sheet.read_text(encoding="utf-8")
    text = recorded(text, "performance", "results", tables(studies))
    digital = {name: f"{100 * one.digital:.2f} %" for name, one in studies.items()}
    first = studies["hardware-aware"].series.points[0]
    metric = (
        f"share of the 450 test images that are named rightly, {written(first.seconds)} after programming; the "
        "baseline's in floating point"
    )
    reached: Answer = {
        "value": f"{100 * first.mean:.2f} %",
        "source": "simulated",
        "evidence": "digits-example",
    }
    baseline: Answer = {
        "value": digital["floating-point"],
        "source": "measured",
        "evidence": "digits-example",
    }
    text = recorded(text, "hwa_training", "accuracy", reached)
    text = recorded(text, "hwa_training", "accuracy_metric", metric)
    text = recorded(text, "hwa_training", "baseline_accuracy", baseline)
    write_atomic(sheet, text)


def tables(studies: dict[str, DriftStudy]) -> list[Answer]:
    """Scores in floating point and on the arrays, as a sheet's result tables."""
    common: dict[str, Answer] = {"type": "classification", "classes": 10, "size": len(parts()[2].labels)}
    float_row: Answer = {
        "task": "digits",
        **common,
        "scores": {name: f"{100 * one.digital:.2f} %" for name, one in studies.items()},
    }
    rows: list[Answer] = [
        {
            "task": f"digits, {written(seconds)} after programming",
            **common,
            "scores": {name: f"{100 * one.series.points[index].mean:.2f} %" for name, one in studies.items()},
        }
        for index, seconds in enumerate(DRIFT_S)
    ]
    return [
        {
            "name": "In floating point",
            "metric": "accuracy",
            "systems": systems("digital"),
            "tasks": [float_row],
        },
        {
            "name": "On the simulated arrays",
            "metric": "accuracy",
            "systems": systems("analog"),
            "tasks": rows,
        },
    ]


def systems(kind: str) -> list[Answer]:
    """The columns of a table."""
    source = "measured" if kind == "digital" else "simulated"
    return [
        {"id": name, "name": title, "kind": kind, "source": source, "evidence": "digits-example"}
        for name, (title, _) in NETWORKS.items()
    ]


def simulate(sheet: Path) -> int:
    """Write scores over time and the refresh interval of the network trained with noise, as the command does."""
    return run(
        [
            "simulate",
            "examples.digits.networks:hardware_aware",
            "--data=examples.digits.data:accuracy",
            f"--hardware={HARDWARE}",
            f"--repeats={REPEATS}",
            f"--accepted-loss={ACCEPTED_LOSS}",
            f"--write={sheet}",
        ]
    )


def show(seed: int, studies: dict[str, DriftStudy]) -> None:
    """Print means and spreads over the chips."""
    print(f"training seed {seed}")
    for name, one in studies.items():
        shown = [f"{100 * point.mean:.1f} ± {100 * (point.spread or 0):.1f}" for point in one.series.points]
        print(f"  {name:15} {100 * one.digital:5.1f}   {'   '.join(shown)}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
