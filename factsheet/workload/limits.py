"""What holds for dimensions of every family: how many layers can be written out, and how heads share a width."""

from __future__ import annotations

from factsheet.workload.errors import WorkloadError

MAX_LAYERS = 4096
"""More blocks than any network has; each is written out, so that the number has to have an end."""


def check_layers(layers: int, field: str = "layers") -> None:
    """Refuse a number of layers that can not be written out.

    Raises:
        WorkloadError: there are more than `MAX_LAYERS`.
    """
    if layers > MAX_LAYERS:
        raise WorkloadError(
            f"{layers:,} layers are more than the {MAX_LAYERS:,} that can be written out",
            "operators are derived layer by layer",
            f"correct `{field}`",
            field,
        )


def check_heads(heads: int, hidden_size: int) -> None:
    """Refuse heads that do not share a width equally.

    Raises:
        WorkloadError: the heads do not divide the hidden size.
    """
    if hidden_size % heads:
        raise WorkloadError(
            f"{heads} heads do not divide a hidden size of {hidden_size}",
            "each attention head takes an equal share of the hidden size, unless the width of a head is given",
            "correct `heads` or `hidden_size`",
            "heads",
        )
