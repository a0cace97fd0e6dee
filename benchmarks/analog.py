"""What simulated crossbars cost beside plain torch: a layer, BERT-base's encoder, programming, a point in time, memory.

Each comparison runs its two sides in turns and gives the ratio of the fastest turns, in CPU time where one thread
works: on a machine that others use too, a ratio holds where a time does not. Every number of threads has a process of
its own.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from subprocess import run
from typing import TYPE_CHECKING

from _measure import ROOT, fastest, verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import nn

LIMITS = {
    "a layer of 768×3072, batch 128": 1.5,
    "BERT-base's encoder, SL 32, batch 4": 1.4,
    "programming": 2.0,
    "a further point in time": 2.0,
}
BYTES_A_WEIGHT = 10
NORMALS = {"programming": 6, "a further point in time": 2}
"""Normal numbers a weight that the PCM model needs. Of two devices each: the noise of programming, ν, and the read
noise of the read-out that compensation starts from; then read noise alone."""


def encoder(layers: int) -> nn.Module:
    """BERT-base's encoder in plain torch, with random weights: 85 million in 72 dense layers."""
    import torch
    from torch import nn

    class Layer(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.query, self.key, self.value = (nn.Linear(768, 768) for _ in range(3))
            self.output, self.up, self.down = nn.Linear(768, 768), nn.Linear(768, 3072), nn.Linear(3072, 768)
            self.first, self.second = nn.LayerNorm(768), nn.LayerNorm(768)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            heads = (
                part(x).unflatten(-1, (12, 64)).transpose(1, 2) for part in (self.query, self.key, self.value)
            )
            mixed = nn.functional.scaled_dot_product_attention(*heads).transpose(1, 2).flatten(2)
            x = self.first(x + self.output(mixed))
            out: torch.Tensor = self.second(x + self.down(nn.functional.gelu(self.up(x))))
            return out

    return nn.Sequential(*(Layer() for _ in range(layers)))


def measure(threads: int, device: str, layers: int) -> None:
    """Print the ratios for so many threads."""
    import torch
    from torch import nn

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.layers.conversion import convert_to_analog
    from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights
    from factsheet.crossbar.functional.tiles.converters import Converter

    torch.set_num_threads(threads)
    torch.manual_seed(0)
    hardware = AnalogHardware(dac=Converter(8, 4.0), adc=Converter(8, 10.0), output_noise=0.04)
    on_gpu = device == "cuda"
    clock = time.process_time if threads == 1 and not on_gpu else time.perf_counter

    def waited(work: Callable[[], object]) -> Callable[[], object]:
        def whole() -> None:
            work()
            if on_gpu:
                torch.cuda.synchronize()

        return whole

    def report(what: str, taken: dict[str, float], times: float = 1.0) -> None:
        own, other = taken.values()
        where = (
            f"{threads} thread{'s' if threads > 1 else ''}" if not on_gpu else torch.cuda.get_device_name()
        )
        line = verdict(f"{what}, {where}", own / (other * times), LIMITS[what], "×")
        print(f"{line}   ({own * 1e3:.1f} ms and {other * times * 1e3:.1f} ms)", flush=True)

    with torch.inference_mode():
        layer, x = nn.Linear(768, 3072).to(device), torch.randn(128, 768, device=device)
        analog = convert_to_analog(layer, hardware)
        program_analog_weights(analog)
        drift_analog_weights(analog, 3600.0)
        sides = {"analog": waited(lambda: analog(x)), "plain": waited(lambda: layer(x))}
        report("a layer of 768×3072, batch 128", fastest(sides, 60, clock))

        bert, x = encoder(layers).to(device).eval(), torch.randn(4, 32, 768, device=device)
        analog = convert_to_analog(bert, hardware)
        weights = sum(one.weight.numel() for one in bert.modules() if isinstance(one, nn.Linear))
        numbers = torch.empty(2**20, device=device)

        def draw() -> None:
            """One normal number for each weight, in portions that a cache holds."""
            for _ in range(weights // numbers.numel()):
                numbers.normal_()

        sides = {"analog": waited(lambda: program_analog_weights(analog)), "plain": waited(draw)}
        report("programming", fastest(sides, 4, clock), NORMALS["programming"])
        points = iter(range(1000))
        sides = {
            "analog": waited(lambda: drift_analog_weights(analog, 3600.0 * next(points))),
            "plain": waited(draw),
        }
        report("a further point in time", fastest(sides, 12, clock), NORMALS["a further point in time"])
        sides = {"analog": waited(lambda: analog(x)), "plain": waited(lambda: bert(x))}
        report("BERT-base's encoder, SL 32, batch 4", fastest(sides, 24, clock))


def resident_bytes() -> int:
    """Memory of this process that is in RAM now."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096


def measure_memory(layers: int, *, keep: bool) -> None:
    """Print the peak of memory beyond the weights while a network is programmed and moved in time."""
    import torch

    from factsheet.crossbar.functional.analog_hardware import AnalogHardware
    from factsheet.crossbar.functional.layers.analog_layers import AnalogLayer
    from factsheet.crossbar.functional.layers.conversion import convert_to_analog
    from factsheet.crossbar.functional.layers.programming import drift_analog_weights, program_analog_weights

    torch.set_num_threads(1)
    small = convert_to_analog(encoder(1), AnalogHardware())
    program_analog_weights(small)  # whatever torch allocates once is not counted
    bert = encoder(layers)
    analog = convert_to_analog(bert, AnalogHardware(), inplace=True)
    weights = sum(one.matrix.target.numel() for one in analog.modules() if isinstance(one, AnalogLayer))
    before = peak = resident_bytes()
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            peak = max(peak, resident_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    program_analog_weights(analog, keep=keep)
    drift_analog_weights(analog, 3600.0)
    done.set()
    watcher.join()
    how = "devices kept" if keep else "devices drawn again"
    value = (peak - before) / weights
    print(verdict(f"peak of memory beyond the weights, {how}", value, BYTES_A_WEIGHT, " bytes a weight"))


def main() -> int:
    """Run every part in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="all")
    parser.add_argument("--layers", type=int, default=12, help="layers of the encoder; 12 are BERT-base")
    options = parser.parse_args()
    kind, _, value = options.part.partition("=")
    if kind == "threads":
        measure(int(value), "cpu", options.layers)
    elif kind == "memory":
        measure_memory(options.layers, keep=value == "kept")
    elif kind == "cuda":
        measure(1, "cuda", options.layers)
    else:
        import torch

        parts = ["threads=1", "threads=2", "memory=kept", "memory=drawn"]
        parts += ["cuda"] if torch.cuda.is_available() else []
        for part in parts:
            command = [sys.executable, __file__, part, "--layers", str(options.layers)]
            run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
        if not torch.cuda.is_available():
            print("no CUDA device here: no figures for one")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
