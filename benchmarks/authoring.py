"""How far `factsheet new` gets by itself: ten models with what a team has of each.

`python -m benchmarks.authoring --page docs/authoring-measured.md` writes the page, in the root of the repository. A
share counts fields of the core of a role's needs that the written sheet has a value for; every such value was taken
from a file or computed. It needs the extras `torch` and `hf`. Configurations are those of the models' public
repositories, cut to what says their size; cards, logs and results are written for this page in the forms that their
tools write.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from factsheet.authoring.beginning import begin_from  # noqa: E402
from factsheet.authoring.importing.kinds import recognise  # noqa: E402
from factsheet.checks.completeness import answer  # noqa: E402
from factsheet.checks.engine import check_document  # noqa: E402
from factsheet.readers.needs import needs_of  # noqa: E402
from factsheet.readers.roles import ROLE_NAMES  # noqa: E402
from factsheet.recompute.request import request_with  # noqa: E402
from factsheet.source.loader import load_bytes  # noqa: E402

if TYPE_CHECKING:
    from factsheet.authoring.drafting import NewSheet
    from factsheet.readers.roles import RoleName
    from factsheet.sheet.model import SheetFields

PROFILE = "ibm-2022"
TODAY = date(2026, 11, 30)
_SHORT = {
    "hardware-researcher": "hardware",
    "algorithm-designer": "algorithm",
    "data-scientist": "data",
    "ai-engineer": "engineer",
    "software-developer": "developer",
    "business-expert": "business",
}


class Subject(NamedTuple):
    """A model with what a team has of it.

    Attributes:
        name: what it is called.
        config: its `config.json`, or the code of a module that `make` in it gives.
        task: the Hub's word for what it does.
        data: the data set that it was tested on, and how good it is.
        seq_len: tokens of a sequence; `None` for images.
        analog: whether a simulation on analog tiles was run.
    """

    name: str
    config: dict[str, Any] | str
    task: str
    data: tuple[str, str, str, float]
    seq_len: int | None = None
    analog: bool = False


_BERT = {
    "architectures": ["BertModel"],
    "_name_or_path": "google-bert/bert-base-uncased",
    "model_type": "bert",
    "hidden_size": 768,
    "intermediate_size": 3072,
    "max_position_embeddings": 512,
    "num_attention_heads": 12,
    "num_hidden_layers": 12,
    "type_vocab_size": 2,
    "vocab_size": 30522,
    "transformers_version": "4.6.0",
}
_LSTM = '''"""A language model of one LSTM."""

from torch import nn


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(128, 256, batch_first=True)
        self.out = nn.Linear(256, 40)

    def forward(self, x):
        return self.out(self.lstm(x)[0])

    def example_inputs(self):
        import torch

        return torch.zeros(1, 50, 128)


def make():
    return Tagger()
'''
_DIGITS = '''"""Two dense layers for images of 8 x 8 pixels."""

import torch
from torch import nn


class Digits(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))

    def example_inputs(self):
        return torch.zeros(1, 64)


def make():
    return Digits()
'''
SUBJECTS = (
    Subject(
        "bert-base",
        _BERT,
        "text-classification",
        ("nyu-mll/glue", "validation", "accuracy", 0.8057),
        32,
        analog=True,
    ),
    Subject(
        "albert-base",
        {
            "architectures": ["AlbertModel"],
            "_name_or_path": "albert/albert-base-v2",
            "model_type": "albert",
            "embedding_size": 128,
            "hidden_size": 768,
            "intermediate_size": 3072,
            "max_position_embeddings": 512,
            "num_attention_heads": 12,
            "num_hidden_groups": 1,
            "num_hidden_layers": 12,
            "inner_group_num": 1,
            "type_vocab_size": 2,
            "vocab_size": 30000,
        },
        "text-classification",
        ("nyu-mll/glue", "validation", "accuracy", 0.823),
        128,
        analog=True,
    ),
    Subject(
        "llama-3.2-1b",
        {
            "architectures": ["LlamaForCausalLM"],
            "_name_or_path": "meta-llama/Llama-3.2-1B",
            "model_type": "llama",
            "head_dim": 64,
            "hidden_act": "silu",
            "hidden_size": 2048,
            "intermediate_size": 8192,
            "max_position_embeddings": 131072,
            "num_attention_heads": 32,
            "num_hidden_layers": 16,
            "num_key_value_heads": 8,
            "tie_word_embeddings": True,
            "vocab_size": 128256,
        },
        "text-generation",
        ("Rowan/hellaswag", "validation", "accuracy", 0.6),
        128,
    ),
    Subject(
        "whisper-tiny",
        {
            "architectures": ["WhisperForConditionalGeneration"],
            "_name_or_path": "openai/whisper-tiny",
            "model_type": "whisper",
            "d_model": 384,
            "decoder_attention_heads": 6,
            "decoder_ffn_dim": 1536,
            "decoder_layers": 4,
            "encoder_attention_heads": 6,
            "encoder_ffn_dim": 1536,
            "encoder_layers": 4,
            "max_source_positions": 1500,
            "max_target_positions": 448,
            "num_mel_bins": 80,
            "vocab_size": 51865,
        },
        "automatic-speech-recognition",
        ("openslr/librispeech_asr", "test", "accuracy", 0.925),
        64,
    ),
    Subject(
        "vit-b16",
        {
            "architectures": ["ViTForImageClassification"],
            "_name_or_path": "google/vit-base-patch16-224",
            "model_type": "vit",
            "hidden_size": 768,
            "image_size": 224,
            "intermediate_size": 3072,
            "num_attention_heads": 12,
            "num_channels": 3,
            "num_hidden_layers": 12,
            "patch_size": 16,
            "id2label": {str(number): f"LABEL_{number}" for number in range(1000)},
        },
        "image-classification",
        ("ILSVRC/imagenet-1k", "validation", "accuracy", 0.81),
    ),
    Subject(
        "resnet-18",
        {
            "architectures": ["ResNetForImageClassification"],
            "_name_or_path": "microsoft/resnet-18",
            "model_type": "resnet",
            "depths": [2, 2, 2, 2],
            "embedding_size": 64,
            "hidden_sizes": [64, 128, 256, 512],
            "layer_type": "basic",
            "num_channels": 3,
            "id2label": {str(number): f"LABEL_{number}" for number in range(1000)},
        },
        "image-classification",
        ("ILSVRC/imagenet-1k", "validation", "accuracy", 0.6976),
        analog=True,
    ),
    Subject(
        "mobilenet-v2",
        {
            "architectures": ["MobileNetV2ForImageClassification"],
            "_name_or_path": "google/mobilenet_v2_1.0_224",
            "model_type": "mobilenet_v2",
            "depth_multiplier": 1.0,
            "image_size": 224,
            "num_channels": 3,
            "id2label": {str(number): f"LABEL_{number}" for number in range(1001)},
        },
        "image-classification",
        ("ILSVRC/imagenet-1k", "validation", "accuracy", 0.718),
    ),
    Subject(
        "mixtral-8x7b",
        {
            "architectures": ["MixtralForCausalLM"],
            "_name_or_path": "mistralai/Mixtral-8x7B-v0.1",
            "model_type": "mixtral",
            "hidden_size": 4096,
            "intermediate_size": 14336,
            "max_position_embeddings": 32768,
            "num_attention_heads": 32,
            "num_experts_per_tok": 2,
            "num_hidden_layers": 32,
            "num_key_value_heads": 8,
            "num_local_experts": 8,
            "tie_word_embeddings": False,
            "vocab_size": 32000,
        },
        "text-generation",
        ("Rowan/hellaswag", "validation", "accuracy", 0.84),
        128,
    ),
    Subject(
        "lstm",
        _LSTM,
        "token-classification",
        ("eriktks/conll2003", "test", "accuracy", 0.95),
        50,
        analog=True,
    ),
    Subject("digits", _DIGITS, "image-classification", ("uci/digits", "test", "accuracy", 0.97), analog=True),
)
_CARD = """\
---
license: apache-2.0
language: [en]
library_name: transformers
pipeline_tag: {task}
datasets: [{dataset}]
model-index:
- name: {name}
  results:
  - task: {{type: {task}}}
    dataset: {{name: {dataset}, type: {dataset}, split: {split}}}
    metrics:
    - {{type: {metric}, value: {score}}}
---
# {name}

## Model description

{name}, trained to run on analog tiles.

## Direct use

Whatever asks for {words}.

## Out-of-scope use

Decisions about people without a person who checks them.

## How to get started

Load the weights with the library named above and call the model on one input.

## Limitations

Scores fall where inputs differ from the training data.

## Training data

{dataset}, as its authors publish it.

## Evaluation data

The {split} split of {dataset}.

### Training hyperparameters

- learning_rate: 5e-05
- train_batch_size: 32
- seed: 42
- num_epochs: 3.0

### Framework versions

- torch 2.13
"""
_PAGE = """\
# What `factsheet new` answers by itself, measured

This page is written by `python -m benchmarks.authoring --page docs/authoring-measured.md`, in the root of the
repository. Each of ten models comes with what a team has of it: a configuration or a module, a model card, the results
of its trainer, and for five of them a recipe of aihwkit and a simulation on analog tiles. Configurations are those of
the models' public repositories, cut to what says their size. The other files are written for this page in the forms
that their tools write, with all sections of the Hub's template answered, and their figures are made up: a card that
says less leaves more questions.

Time, energy, power and area are estimated on the profile `{profile}` for a batch of 4, and the sheet says so. The last
columns are the shares of the core facts of each role's needs that the new sheet has a value for: each was read from a
file or computed. A question left is a key without a value, with who could answer it. Seconds, from the files to
the checked sheet in one process, are of a machine with two cores that did other work besides; the first model also
loads torch and transformers.

"""
RECIPE = """\
from aihwkit.simulator.configs import InferenceRPUConfig, NoiseManagementType, WeightModifierType, WeightNoiseType

rpu_config = InferenceRPUConfig()
rpu_config.mapping.max_input_size = 512
rpu_config.mapping.max_output_size = 512
rpu_config.forward.noise_management = NoiseManagementType.NONE
rpu_config.forward.inp_bound = 3.0
rpu_config.forward.out_bound = 10.0
rpu_config.forward.inp_res = 1 / (2**8 - 2)
rpu_config.forward.out_res = 1 / (2**8 - 2)
rpu_config.forward.w_noise_type = WeightNoiseType.ADDITIVE_CONSTANT
rpu_config.forward.w_noise = 0.0175
rpu_config.forward.out_noise = 0.04
rpu_config.modifier.type = WeightModifierType.ADD_NORMAL
rpu_config.modifier.std_dev = 1.0
"""
"""The noise that the published BERT sheet states, as a configuration of aihwkit."""
_SIMULATION = {
    "schema": "factsheet.simulation/1",
    "metric": "accuracy",
    "higher_is_better": True,
    "repeats": 5,
    "hardware": {
        "tile": {"rows": 512, "cols": 512},
        "device": {"kind": "pcm", "programming": 1.0, "drift_exponent": 1.0, "read_noise": 1.0},
        "g_max_us": 25.0,
        "dac": {"bits": 8},
        "adc": {"bits": 8},
        "compensation": "global",
    },
}


class Measured(NamedTuple):
    """What came of one model."""

    subject: Subject
    seconds: float
    made: NewSheet
    errors: tuple[str, ...]
    sources: tuple[str, ...]

    def share(self, role: RoleName) -> float:
        """Return the share of a role's core fields that the sheet has a value for."""
        return core_share(self.made.sheet, role)


def core_share(sheet: SheetFields, role: RoleName) -> float:
    """Return the share of the core fields of a role's needs that a sheet has a value for; a reason why not is none."""
    fields = dict.fromkeys(field for asked in needs_of(role) for field in asked.need.core)
    return sum(answer(sheet, field).answered for field in fields) / len(fields)


def write_sources(subject: Subject, folder: Path) -> list[str]:
    """Write what a team has of a model, and return the sources by name."""
    dataset, split, metric, score = subject.data
    card = _CARD.format(
        name=subject.name,
        task=subject.task,
        words=subject.task.replace("-", " "),
        dataset=dataset,
        split=split,
        metric=metric,
        score=score,
    )
    (folder / "README.md").write_text(card, encoding="utf-8")
    logs = {"train_runtime": 3600.0, "train_samples": 10000, "eval_samples": 1000, "epoch": 3.0}
    (folder / "all_results.json").write_text(json.dumps(logs), encoding="utf-8")
    sources = [str(folder / "README.md")]
    if isinstance(subject.config, str):
        module = f"team_{subject.name}"
        (folder / f"{module}.py").write_text(subject.config, encoding="utf-8")
        sources.append(f"{module}:make")
    else:
        (folder / "config.json").write_text(json.dumps(subject.config), encoding="utf-8")
        sources.append(str(folder / "config.json"))
    if recognise(folder / "all_results.json") is not None:
        sources.append(str(folder / "all_results.json"))
    if subject.analog:
        points = [{"after": "1 day", "mean": score - 0.005}, {"after": "4 weeks", "mean": score - 0.02}]
        refresh = {"accepted_loss": 0.01, "seconds": 600000.0, "words": "after 6.9 days"}
        found = {**_SIMULATION, "digital": score, "over_time": points, "refresh": refresh}
        (folder / "recipe.py").write_text(RECIPE, encoding="utf-8")
        sources.append(str(folder / "recipe.py"))
        (folder / "simulation.json").write_text(json.dumps(found), encoding="utf-8")
        sources.append(str(folder / "simulation.json"))
    return sources


def measure(subject: Subject, folder: Path) -> Measured:
    """Begin a sheet from what a team has of a model, and check it."""
    sources = write_sources(subject, folder)
    sys.path.insert(0, str(folder))
    try:
        begun = time.perf_counter()
        made = begin_from(
            sources,
            name=subject.name,
            today=TODAY,
            request=request_with(None, seq_len=subject.seq_len, batch=4, hardware=PROFILE),
        )
        found = check_document(load_bytes(made.text.encode(), subject.name), subject.name).diagnostics
        seconds = time.perf_counter() - begun
    finally:
        sys.path.remove(str(folder))
    errors = tuple(one.message for one in found if one.severity == "error")
    return Measured(subject, seconds, made, errors, tuple(Path(source).name for source in sources))


def page(measured: list[Measured]) -> str:
    """Return the page of figures as Markdown."""
    head = ["model", "sources", "seconds", "errors", "questions left", *(_SHORT[role] for role in ROLE_NAMES)]
    rows = [
        [
            one.subject.name,
            str(len(one.sources)),
            f"{one.seconds:.1f}",
            str(len(one.errors)),
            str(len(one.made.questions)),
            *(f"{one.share(role):.0%}" for role in ROLE_NAMES),
        ]
        for one in measured
    ]
    table = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return _PAGE.format(profile=PROFILE) + "\n".join("| " + " | ".join(row) + " |" for row in table) + "\n"


def main(arguments: list[str]) -> int:
    """Measure all models, and write the page where one is named."""
    measured = []
    for subject in SUBJECTS:
        with tempfile.TemporaryDirectory() as folder:
            measured.append(measure(subject, Path(folder)))
    text = page(measured)
    if arguments[:1] == ["--page"]:
        Path(arguments[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 1 if any(one.errors for one in measured) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
