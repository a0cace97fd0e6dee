"""Scores of an example's networks as the result tables of its sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from factsheet.crossbar.functional.studies.durations import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from factsheet.crossbar.functional.studies.drift_study import DriftStudy


_CONFIDENCE: Final = 0.9


@dataclass(frozen=True, slots=True)
class ResultTables:
    """What the scores of all networks of an example have in common."""

    task: str
    classes: int
    size: int
    """Test examples."""
    evidence: str
    """The id of the sheet's reference."""
    titles: Mapping[str, str]
    """The networks by their names."""

    def tables(self, studies: Mapping[str, DriftStudy]) -> list[dict[str, Any]]:
        """Return the scores in floating point and on the arrays, as a sheet's result tables."""
        points = {name: one.series.points for name, one in studies.items()}
        times = [point.seconds for point in next(iter(points.values()))]
        rows = [
            self._row(
                f"{self.task}, {written(seconds)} after programming",
                {name: own[index].mean for name, own in points.items()},
            )
            for index, seconds in enumerate(times)
        ]
        digital = self._row(self.task, {name: one.digital for name, one in studies.items()})
        return [
            {
                "name": "In floating point",
                "metric": "accuracy",
                "systems": self._systems("digital"),
                "tasks": [digital],
            },
            {
                "name": "On the simulated arrays",
                "metric": "accuracy",
                "systems": self._systems("analog"),
                "tasks": rows,
            },
        ]

    def of_training(self, analog: DriftStudy, digital: float) -> dict[str, dict[str, str]]:
        """Return the score on the arrays and its baseline in floating point, as the sheet's facts on training."""
        first = analog.series.points[0]
        ends = first.interval(_CONFIDENCE)
        spread = (
            "" if ends is None else f", ± {percent((ends[1] - ends[0]) / 2)} at {100 * _CONFIDENCE:.0f} %"
        )
        return {
            "hwa_training.accuracy": {
                "value": percent(first.mean),
                "source": "simulated",
                "evidence": self.evidence,
                "note": f"{written(first.seconds)} after programming; mean of {analog.series.repeats} chips{spread}.",
            },
            "hwa_training.baseline_accuracy": {
                "value": percent(digital),
                "source": "measured",
                "evidence": self.evidence,
                "note": "The network trained and run in floating point.",
            },
        }

    def _row(self, task: str, scores: Mapping[str, float]) -> dict[str, Any]:
        return {
            "task": task,
            "type": "classification",
            "classes": self.classes,
            "size": self.size,
            "scores": {name: percent(score) for name, score in scores.items()},
        }

    def _systems(self, kind: str) -> list[dict[str, Any]]:
        source = "measured" if kind == "digital" else "simulated"
        return [
            {"id": name, "name": title, "kind": kind, "source": source, "evidence": self.evidence}
            for name, title in self.titles.items()
        ]


def percent(score: float) -> str:
    """Return a share as a sheet writes it."""
    return f"{100 * score:.2f} %"


def show(heading: str, studies: Mapping[str, DriftStudy]) -> None:
    """Print means and spreads over the chips."""
    print(heading)
    for name, one in studies.items():
        shown = [f"{100 * point.mean:.1f} ± {100 * (point.spread or 0):.1f}" for point in one.series.points]
        print(f"  {name:15} {100 * one.digital:5.1f}   {'   '.join(shown)}", flush=True)
