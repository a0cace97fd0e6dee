"""Which end of a figure is the better one, by the name of its field: less time and energy, more throughput.

Scores are not here: their metric decides, in `factsheet.quantities.metrics`. A figure that is not listed has no better
end: more parameters or a larger batch are neither good nor bad.
"""

from __future__ import annotations

from typing import Final

_LOWER: Final = frozenset(
    {
        "latency",
        "execution_time",
        "classification_time",
        "latency_p50",
        "latency_p99",
        "time",  # of a proposed mapping
        "power",
        "energy",
        "energy_per_inference",
        "energy_cpu",
        "energy_gpu",
        "energy_memory",
        "duration",
        "carbon",
        "water",
        "cost",
        "area",
        "area_tiles",
        "tiles",
        "devices",
        "size_on_disk",
        "size_on_chip",
        "drift_loss",
        "loss",
        "alone",
        "refresh_sampling_error",
    }
)
_HIGHER: Final = frozenset(
    {
        "throughput",
        "energy_efficiency",
        "tops_per_watt",
        "utilisation",
        "refresh_interval",
        "refresh_from_first",
        "refresh_from_digital",
        "refresh_earliest",
        "refresh_share",
    }
)


def higher_is_better(name: str) -> bool | None:
    """Return whether more of a figure is better; `None` where neither end is, or nobody has said which.

    Args:
        name: the last key of its path, such as `energy_efficiency`, or the name of a derived fact, such as `latency`.
    """
    return True if name in _HIGHER else False if name in _LOWER else None
