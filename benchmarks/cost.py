"""What an estimate costs: one network in process, a grid of 100,000 points, and ResNet-18 beside zigzag-dse.

zigzag-dse searches for a mapping of each layer onto an in-memory-computing core, which takes it minutes; it is measured
where it is installed (`pip install zigzag-dse six`), and is no part of the group of dependencies that `nox -s bench`
installs.
"""

from __future__ import annotations

import statistics
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from _measure import CannotMeasureError, cost_of, interleaved, median_cpu_s, verdict

from factsheet.crossbar.cost.estimate import estimate
from factsheet.crossbar.cost.grid import estimate_grid, grid_pieces
from factsheet.crossbar.cost.grid_arrays import GridAxes
from factsheet.crossbar.mapping import TileShape
from factsheet.hardware.chip import constants_of
from factsheet.hardware.profile import profile_of
from factsheet.networks.families.convolutional import ConvolutionalLayerShape, convolutional_operators
from factsheet.networks.families.encoder import FAMILY as ENCODER
from factsheet.networks.families.encoder import EncoderShape
from factsheet.networks.operators import Network

HERE = Path(__file__).resolve()
PROFILES = ("ibm-2022", "hermes-64", "ambrogio-34", "isaac-ce")
BASE = EncoderShape(12, 768, 12, 3072, 30522, 512, 2, pooler=True)
ESTIMATE_S = 1e-3
GRID_S = 2.0
GRID_BYTES = 128 * 2**20
ROUNDS = 3


def bert(seq_len: int) -> Network:
    """BERT-base (Devlin et al. 2019)."""
    return ENCODER.network(BASE, seq_len)


def resnet18() -> Network:
    """ResNet-18 (He et al. 2016, table 1) on an image of 224 x 224, as zigzag-dse's own ONNX file has it."""
    layers = [
        ConvolutionalLayerShape("conv", 64, (7, 7), (2, 2), (3, 3), name="stem"),
        ConvolutionalLayerShape("max_pool", 0, (3, 3), (2, 2), (1, 1), name="pool"),
    ]
    for stage, channels in enumerate((64, 128, 256, 512)):
        for block in range(2):
            name, before, step = f"stage.{stage}.{block}", layers[-1].name, 2 if stage and not block else 1
            around = before
            if step > 1:
                around = f"{name}.shortcut"
                layers.append(
                    ConvolutionalLayerShape("conv", channels, (1, 1), (2, 2), name=around, input=before)
                )
            first, second = f"{name}.first", f"{name}.second"
            layers += [
                ConvolutionalLayerShape(
                    "conv", channels, (3, 3), (step, step), (1, 1), name=first, input=before
                ),
                ConvolutionalLayerShape(
                    "conv", channels, (3, 3), None, (1, 1), name=second, input=first, adds=around
                ),
            ]
    layers += [
        ConvolutionalLayerShape("global_pool", name="average"),
        ConvolutionalLayerShape("linear", 1000, name="classes"),
    ]
    return Network("ResNet-18", convolutional_operators(layers, 3, (224, 224)))


def grid(seq_lens: int, *, in_pieces: bool) -> int:
    """Work out 200 points for each sequence length, and say how many that were."""
    chips = [constants_of(profile_of(name)) for name in PROFILES]
    tiles = [None, *(TileShape(side, side) for side in (128, 256, 512, 1024))]
    batches = (1, 2, 3, 4, 6, 8, 12, 16, 32, 64)
    axes = GridAxes(tuple(range(1, seq_lens + 1)), batches, tuple(tiles), tuple(chips))
    if in_pieces:
        return sum(piece.figures["energy"].size for piece in grid_pieces(bert, axes))
    return estimate_grid(bert, axes).figures["energy"].size


def estimates() -> float:
    """Time one estimate of BERT-base and of ResNet-18 in this process, and return the slower in CPU seconds."""
    chip = constants_of(profile_of("ibm-2022"))
    slower = 0.0
    for network, batch in ((bert(32), 4), (resnet18(), 1)):
        marks = [time.process_time()]
        for _ in range(301):
            estimate(network, chip, batch=batch)
            marks.append(time.process_time())
        took_s = statistics.median(after - before for before, after in pairwise(marks[1:]))
        print(f"  {took_s * 1e3:8.3f} ms  {network.name}, {len(network.operators)} operators")
        slower = max(slower, took_s)
    return slower


def grids() -> tuple[float, int]:
    """CPU seconds and bytes of memory that a grid adds to a process that has imported the same modules."""
    ask = (sys.executable, str(HERE))
    commands = {
        "imports, and 200 points": (*ask, "0"),
        "100,000 points": (*ask, "500"),
        "1,000,000 points in pieces": (*ask, "5000", "pieces"),
    }
    costs = interleaved(commands, ROUNDS)
    base_s = median_cpu_s(costs["imports, and 200 points"])
    base_bytes = max(cost.peak_bytes for cost in costs["imports, and 200 points"])
    for name, several in costs.items():
        peak = max(cost.peak_bytes for cost in several)
        print(f"  {median_cpu_s(several):8.2f} s  {peak / 2**20:6.1f} MiB  {name}")
    added_s = median_cpu_s(costs["100,000 points"]) - base_s
    most = max(cost.peak_bytes for name in commands for cost in costs[name])
    return added_s, most - base_bytes


def against_zigzag() -> None:
    """Print how long both take for ResNet-18, once, in processes of their own."""
    if find_spec("zigzag") is None:
        print("  zigzag-dse is not installed: `pip install zigzag-dse six` and run this again")
        return
    with TemporaryDirectory(
        prefix="factsheet-bench-"
    ) as folder:  # zigzag-dse writes into the working directory
        ours, theirs = (
            cost_of((sys.executable, str(HERE), what), Path(folder)) for what in ("resnet18", "zigzag")
        )
    print(
        f"  {ours.cpu_s:8.2f} s  {ours.peak_bytes / 2**20:6.1f} MiB  factsheet, imports and operators included"
    )
    print(
        f"  {theirs.cpu_s:8.2f} s  {theirs.peak_bytes / 2**20:6.1f} MiB  zigzag-dse, imports and search included"
    )
    print(f"  zigzag-dse / factsheet: {theirs.cpu_s / ours.cpu_s:,.0f}x the CPU time")


def zigzag() -> None:
    """Have zigzag-dse work out ResNet-18 on its analog in-memory-computing core, from the files that it comes with.

    Its search is made as short as it gets, one spatial mapping a layer; by default it looks at three.
    """
    import zigzag as package
    from zigzag.api import get_hardware_performance_zigzag

    inputs = Path(package.__file__).parent / "inputs"
    get_hardware_performance_zigzag(
        str(inputs / "workload" / "resnet18.onnx"),
        str(inputs / "hardware" / "aimc.yaml"),
        str(inputs / "mapping" / "default_imc.yaml"),
        opt="energy",
        dump_folder="outputs",
        in_memory_compute=True,
        nb_spatial_mappings_generated=1,
        loma_show_progress_bar=False,
    )


def main() -> int:
    """Measure, print, and return the exit status: 0 unless nothing could be measured."""
    try:
        print("One estimate in process, CPU (median of 300)")
        estimate_s = estimates()
        print(
            f"Grids of sequence lengths, batches, tiles and chips, CPU and peak memory (median of {ROUNDS})"
        )
        grid_s, grid_bytes = grids()
        print("ResNet-18, CPU and peak memory (one run)")
        against_zigzag()
    except CannotMeasureError as error:
        print(error, file=sys.stderr)
        return 2
    print(verdict("one estimate", estimate_s * 1e3, ESTIMATE_S * 1e3, " ms"))
    print(verdict("100,000 points, without imports", grid_s, GRID_S, " s"))
    print(verdict("memory of any grid, without imports", grid_bytes / 2**20, GRID_BYTES / 2**20, " MiB"))
    return 0


def one(what: str, *how: str) -> int:
    """Do one thing that a process of its own is measured by."""
    if what == "resnet18":
        estimate(resnet18(), constants_of(profile_of("ibm-2022")))
    elif what == "zigzag":
        zigzag()
    elif what == "0":
        grid(1, in_pieces=False)  # loads NumPy and the profiles
    else:
        grid(int(what), in_pieces=bool(how))
    return 0


if __name__ == "__main__":
    sys.exit(one(*sys.argv[1:]) if sys.argv[1:] else main())
