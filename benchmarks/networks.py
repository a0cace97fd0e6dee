"""What it costs to count the work of BERT-base and Llama-2-7B, and what each counter says of it.

Every counter runs in a process of its own, which builds the model on the meta device from its config and counts one
sequence. docs/counting-tools.md explains the differences.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from subprocess import run

TOKENS = {"bert-base": 32, "llama-2-7b": 128}
CONFIGS: dict[str, dict[str, object]] = {
    "bert-base": {"model_type": "bert", "architectures": ["BertForSequenceClassification"]},
    "llama-2-7b": {
        "model_type": "llama",
        "architectures": ["LlamaForCausalLM"],
        "hidden_size": 4096,
        "intermediate_size": 11008,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
        "num_key_value_heads": 32,
        "vocab_size": 32000,
    },
}
MACS = {
    # 1536·(55296·L + 385) of stored weights, pooler and two labels included, and 18432·L² of attention
    "bert-base": 1536 * (55296 * 32 + 385) + 18432 * 32**2,
    # 32 layers of 4·4096² + 3·4096·11008 and a head of 4096·32000 for each token, and 2·32·4096·L² of attention
    "llama-2-7b": 128 * (32 * (4 * 4096**2 + 3 * 4096 * 11008) + 4096 * 32000) + 2 * 32 * 4096 * 128**2,
}
COUNTERS = {
    "factsheet": "factsheet",
    "torch.utils.flop_counter": "torch",
    "fvcore": "fvcore",
    "calflops": "calflops",
    "torchinfo": "torchinfo",
}


def count(counter: str, model: str) -> int:
    """MACs of one sequence, as one counter says."""
    values = CONFIGS[model]
    if counter == "factsheet":
        from factsheet.networks.counting import work_of
        from factsheet.networks.family import Run
        from factsheet.networks.from_models import huggingface

        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "config.json").write_text(json.dumps(values), "utf-8")
            work = work_of(huggingface.read(folder, Run(TOKENS[model])))
        return work.analog_macs + work.digital_macs + work.dynamic_macs

    import torch
    import transformers

    config = transformers.CONFIG_MAPPING[values["model_type"]].from_dict(values)
    architecture = CONFIGS[model]["architectures"][0]  # type: ignore[index]
    with torch.device("meta"), torch.no_grad():
        module = getattr(transformers, architecture)._from_config(config, dtype=torch.float32).eval()  # noqa: SLF001
        ids = torch.ones(1, TOKENS[model], dtype=torch.long)
        if counter == "torch.utils.flop_counter":
            from torch.utils.flop_counter import FlopCounterMode

            with FlopCounterMode(display=False) as flops:
                module(ids, use_cache=False) if model == "llama-2-7b" else module(ids)
            return int(flops.get_total_flops()) // 2
        if counter == "fvcore":
            from fvcore.nn import FlopCountAnalysis

            return int(FlopCountAnalysis(module, ids).unsupported_ops_warnings(False).total())
        if counter == "calflops":
            from calflops import calculate_flops

            answer = calculate_flops(
                module, kwargs={"input_ids": ids}, print_results=False, output_as_string=False
            )
            return int(answer[1])
        from torchinfo import summary

        return int(summary(module, input_data=ids, verbose=0, device="meta").total_mult_adds)


def main() -> int:
    """Run every counter on every model, and print a table."""
    print(f"{'model':<12} {'counter':<26} {'MACs':>20} {'of the formula':>15} {'s':>7} {'MB':>7}")
    for model in CONFIGS:
        for counter, package in COUNTERS.items():
            if find_spec(package) is None:
                print(f"{model:<12} {counter:<26} {'not installed':>20}")
                continue
            began = time.monotonic()
            done = run(
                [sys.executable, "-W", "ignore", __file__, counter, model],
                capture_output=True,
                text=True,
                check=False,
                env={
                    **os.environ,
                    "HF_HUB_OFFLINE": "1",
                    "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
                },
            )
            took_s = time.monotonic() - began
            if done.returncode:
                said = (done.stderr.strip().splitlines() or ["no message"])[-1]
                print(f"{model:<12} {counter:<26} {'fails':>20}  {said[:110]}")
                continue
            macs, peak_bytes = (int(number) for number in done.stdout.split()[-2:])
            share = f"{100 * macs / MACS[model]:.2f} %"
            print(
                f"{model:<12} {counter:<26} {macs:>20,} {share:>15} {took_s:>7.1f} {peak_bytes / 1e6:>7.0f}"
            )
    return 0


def one(counter: str, model: str) -> int:
    """Count once, and print the MACs and the peak of memory in bytes."""
    import resource

    macs = count(counter, model)
    unit = 1 if sys.platform == "darwin" else 1024
    print(macs, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
    return 0


if __name__ == "__main__":
    raise SystemExit(one(*sys.argv[1:3]) if len(sys.argv) > 2 else main())  # noqa: PLR2004 - counter and model
