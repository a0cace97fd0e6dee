"""Parameters and work of the most used architectures of the Hub, each from its config, beside the published number.

`python -m benchmarks.hub_models`, in the root of the repository, prints the table in docs/model-sources.md. Nothing is
downloaded: the configs are in tests/networks/from_models/hub_sizes.py.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "networks" / "from_models"), str(ROOT)]

from hub_sizes import PUBLISHED  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from hub_sizes import Published

_COLUMNS = (
    "model",
    "task",
    "run on",
    "parameters",
    "published",
    "analog weights",
    "static MACs",
    "dynamic MACs",
    "s",
)


def main() -> int:
    """Count every model and print a table; the exit status is 1 where a number is not the published one."""
    began = time.monotonic()
    import torch  # noqa: F401 - so that no model's time has the imports
    import transformers

    _row(PUBLISHED[0])  # what is imported for the first of them
    print(f"torch and transformers {transformers.__version__} imported in {time.monotonic() - began:.0f} s\n")
    print(f"| {' | '.join(_COLUMNS)} |")
    print("|---|---|---|" + "---:|" * (len(_COLUMNS) - 3))
    wrong = 0
    for model in PUBLISHED:
        cells, right = _row(model)
        wrong += not right
        print(f"| {' | '.join(cells)} |", flush=True)
    print(f"\n{len(PUBLISHED) - wrong} of {len(PUBLISHED)} have the published number of parameters")
    return int(wrong > 0)


def _row(model: Published) -> tuple[list[str], bool]:
    from factsheet.networks.counting import work_of
    from factsheet.networks.family import Run
    from factsheet.networks.from_models import huggingface

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "config.json").write_text(json.dumps(model.config), "utf-8")
        began = time.monotonic()
        network = huggingface.read(folder, Run(model.seq_len, asked=frozenset({"seq_len"})))
        took_s = time.monotonic() - began
    work = work_of(network)
    sizes = ", ".join(f"{size.name} {size.value}" for size in network.sizes)
    counts = (
        network.parameters,
        model.parameters,
        network.analog_weights,
        work.analog_macs,
        work.dynamic_macs,
    )
    cells = [model.repository, model.task, sizes, *(f"{count:,}" for count in counts), f"{took_s:.1f}"]
    return cells, network.parameters == model.parameters


if __name__ == "__main__":
    raise SystemExit(main())
