"""The Python that docs/ show of the simulator runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from factsheet.crossbar.functional.analog_hardware import AnalogHardware

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
BLOCKS = [
    pytest.param(block, id=f"{page}-{number}")
    for page in ("functional-simulator", "simulate", "from-aihwkit")
    for number, block in enumerate(BLOCK.findall((ROOT / "docs" / f"{page}.md").read_text("utf-8")))
]


@pytest.mark.parametrize("block", BLOCKS)
def test_what_is_shown_runs(block: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path if "torch.save" in block else ROOT)  # what it writes is not of the repository
    torch.manual_seed(0)
    model = nn.Linear(8, 3)
    names: dict[str, Any] = {
        "model": model,
        "evaluate": lambda module: float(module(torch.ones(1, 8)).sum().detach()),
        "inputs": torch.ones(2, 8),
        "hardware": AnalogHardware(),
        "batches": [(torch.ones(2, 8), torch.zeros(2, dtype=torch.long))],
    }
    if "inject(" in block and "import clip_weights" not in block:
        exec("from factsheet.crossbar.functional.training.injection import inject", names)  # noqa: S102
    before = set(names)
    exec(block, names)  # noqa: S102  what the page tells its readers to run
    assert set(names) > before
