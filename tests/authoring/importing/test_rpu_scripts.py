"""How people write configurations: copies, other names for a part, functions with arguments, data with odd values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from factsheet.authoring.importing import rpu_config
from factsheet.authoring.importing.imported import ImportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import Imported

HEAD = """
import copy
from aihwkit.simulator.configs import InferenceRPUConfig, WeightModifierType, IOParameters
"""


def read(folder: Path, text: str, name: str = "config.py") -> Imported:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return rpu_config.read(str(file), ImportOptions())


def values(found: Imported) -> dict[str, Any]:
    return {".".join(map(str, fact.path)): fact.value for fact in found.facts}


def strength(found: Imported) -> Any:
    return values(found)["hwa_training.weight_noise"]["value"]


def left(found: Imported) -> str:
    return "\n".join(f"{one.where} {one.what}: {one.why}" for one in found.left_out)


def readings(found: Imported, path: str) -> list[Any]:
    (asked,) = [one for one in found.unclear if ".".join(map(str, one.path)) == path]
    return [value for _, value in asked.readings]


def test_a_copy_that_is_changed_is_a_configuration_of_its_own(tmp_path: Path) -> None:
    script = f"""{HEAD}
base = InferenceRPUConfig()
base.modifier.type = WeightModifierType.ADD_NORMAL
base.modifier.std_dev = 0.1
other = copy.deepcopy(base)
other.modifier.std_dev = 0.4
"""
    found = read(tmp_path, script)
    assert "hwa_training.weight_noise" not in values(found)
    assert [one["value"] for one in readings(found, "hwa_training.weight_noise")] == [0.1, 0.4]


def test_what_is_set_under_another_name_is_set(tmp_path: Path) -> None:
    script = f"""{HEAD}
def get():
    made = InferenceRPUConfig()
    io = made.forward
    io.inp_res = 30
    noise = made.modifier
    noise.type = WeightModifierType.ADD_NORMAL
    noise.std_dev = 0.2
    return made

rpu_config = get()
rpu_config.modifier.std_dev = 0.33
setattr(rpu_config.forward, "inp_noise", 0.07)
"""
    found = read(tmp_path, script)
    facts = values(found)
    assert strength(found) == 0.33
    assert facts["hwa_training.dac_bits"] == 5  # 30 steps and 2 make 32
    assert facts["hwa_training.input_noise"]["value"] == 0.07
    assert "30 steps." in next(fact.note for fact in found.facts if fact.path[-1] == "dac_bits")


@pytest.mark.parametrize(
    ("call", "bits", "noise"),
    [("make(bits=8, noise=0.05)", 8, 0.05), ("make(8)", 8, 0.02), ("make()", 6, 0.02)],
)
def test_a_function_is_followed_with_what_it_is_given(
    tmp_path: Path, call: str, bits: int, noise: float
) -> None:
    script = f"""{HEAD}
def make(bits=6, noise=0.02):
    made = InferenceRPUConfig()
    made.forward.inp_res = 1 / (2**bits - 2)
    made.modifier.type = WeightModifierType.ADD_NORMAL
    made.modifier.std_dev = noise
    return made

rpu_config = {call}
"""
    found = read(tmp_path, script)
    assert values(found)["hwa_training.dac_bits"] == bits
    assert strength(found) == noise
    assert not any("a caller may give another" in fact.note for fact in found.facts)


def test_a_loop_over_parts_sets_each_of_them(tmp_path: Path) -> None:
    script = f"""{HEAD}
rpu_config = InferenceRPUConfig()
for part in (rpu_config.forward, rpu_config.backward):
    part.inp_noise = 0.09
"""
    facts = values(read(tmp_path, script))
    stated = [value["value"] for path, value in facts.items() if path.endswith("input_noise")]
    assert stated
    assert set(stated) == {0.09}


def test_what_is_set_on_something_unknown_is_listed_and_asked(tmp_path: Path) -> None:
    script = f"""{HEAD}
from mine import table
base = InferenceRPUConfig()
base.modifier.type = WeightModifierType.ADD_NORMAL
base.modifier.std_dev = 0.1
table["b"].modifier.std_dev = 0.3
"""
    found = read(tmp_path, script)
    assert "table['b'].modifier.std_dev: what it is set on was not followed" in left(found)
    assert [one["value"] for one in readings(found, "hwa_training.weight_noise")] == [0.1, 0.3]


def test_replace_copies_a_configuration_and_not_its_sections(tmp_path: Path) -> None:
    # dataclasses.replace hands the same objects on, as copy.copy does: Python's documentation of `dataclasses`.
    script = f"""{HEAD}
from dataclasses import replace
base = InferenceRPUConfig()
base.modifier.type = WeightModifierType.ADD_NORMAL
base.modifier.std_dev = 0.1
table = {{"a": base, "b": replace(base, forward=IOParameters(out_noise=0.2))}}
table["b"].modifier.std_dev = 0.3
"""
    found = read(tmp_path, script)
    assert strength(found) == 0.3
    assert [one["value"] for one in readings(found, "hwa_training.adc_noise")] == [0.06, 0.2]


NOISE = "cfg = InferenceRPUConfig()\ncfg.modifier.type = WeightModifierType.ADD_NORMAL\ncfg.modifier.std_dev = 0.1\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            "for name, value in {'std_dev': 0.2, 'pdrop': 0.1}.items():\n    setattr(cfg.modifier, name, value)",
            0.2,
        ),
        ("for part, value in zip((cfg.forward, cfg.modifier), (1, 0.2)):\n    part.std_dev = value", 0.2),
        ("parts = [cfg.forward, cfg.modifier]\nparts[1].std_dev = 0.2", 0.2),
        ("first, *rest = [cfg.forward, cfg.modifier]\nrest[0].std_dev = 0.2", 0.2),
        ("cfg.modifier.std_dev *= 3", 0.3),
        ("for _ in range(2):\n    cfg.modifier.std_dev += 0.1", 0.3),
        ("while True:\n    cfg.modifier.std_dev += 0.1\n    break", 0.2),
        ("if (part := cfg.modifier):\n    part.std_dev = 0.2", 0.2),
        ("match 1:\n    case 1:\n        cfg.modifier.std_dev = 0.2", 0.2),
        ("set_noise = lambda c: setattr(c.modifier, 'std_dev', 0.2)\nset_noise(cfg)", 0.2),
        ("vars(cfg.modifier).update(std_dev=0.2)", 0.2),
        ("object.__setattr__(cfg.modifier, 'std_dev', 0.2)", 0.2),
        ("cfg.modifier.__dict__['std_dev'] = 0.2", 0.2),
        ("getattr(cfg, 'modifier').std_dev = 0.2", 0.2),
        (
            "def run(c, **d):\n    for k in d:\n        setattr(c.modifier, k, d[k])\nrun(cfg, std_dev=0.2)",
            0.2,
        ),
        (
            "class Study:\n    def __init__(self, c):\n        self.c = c\nStudy(cfg).c.modifier.std_dev = 0.2",
            0.2,
        ),
    ],
)
def test_what_a_script_does_to_a_part_is_followed(tmp_path: Path, lines: str, expected: float) -> None:
    assert strength(read(tmp_path, f"{HEAD}{NOISE}{lines}\n")) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("for noise in (0.1, 0.2, 0.3):\n    cfg.modifier.std_dev = noise\n    train(cfg)", [0.1, 0.2, 0.3]),
        ("def tune():\n    cfg.modifier.std_dev = 0.2", [0.1, 0.2]),
        ("class A:\n    def tune(self):\n        self.cfg.modifier.std_dev = 0.2", [0.1, 0.2]),
        ("from mine import part\npart.std_dev = 0.2", [0.1, 0.2]),
        ("from mine import name\nsetattr(cfg.modifier, name, 0.2)", [0.1]),
        ("from mine import more\nvars(cfg.modifier).update(more)", [0.1]),
        (
            "from mine import part\nfor k, v in part.items():\n    setattr(getattr(cfg, k), 'std_dev', v)",
            [0.1],
        ),
        (
            "import functools\nMake = functools.partial(copy.deepcopy, cfg)\nMake().modifier.std_dev = 0.2",
            [0.1, 0.2],
        ),
        ("chosen = [cfg, copy.deepcopy(cfg)]\nchosen[1].modifier.std_dev = 0.2", [0.1, 0.2]),
        ("made = {n: copy.deepcopy(cfg) for n in (1, 2)}\nmade[2].modifier.std_dev = 0.2", [0.1, 0.1, 0.2]),
    ],
)
def test_what_a_script_may_do_to_a_part_is_asked(tmp_path: Path, lines: str, expected: list[float]) -> None:
    found = read(tmp_path, f"{HEAD}{NOISE}{lines}\n")
    assert "hwa_training.weight_noise" not in values(found)
    asked = [one["value"] for one in readings(found, "hwa_training.weight_noise")]
    assert asked == list(dict.fromkeys(expected))


def test_what_an_unknown_number_of_passes_changes_is_open(tmp_path: Path) -> None:
    lines = "while not converged(cfg):\n    cfg.modifier.std_dev = cfg.modifier.std_dev + 0.1"
    found = read(tmp_path, f"{HEAD}{NOISE}{lines}\n")
    assert "hwa_training.weight_noise" not in values(found)
    assert "what the loop on line 7 makes of it: known only when the script is run" in left(found)


def test_a_configuration_in_the_body_of_a_class_is_found(tmp_path: Path) -> None:
    inner = "".join(f"    {line}\n" for line in NOISE.splitlines())
    assert strength(read(tmp_path, f"{HEAD}class Study:\n{inner}    rate = 0.01\n")) == 0.1


def test_a_function_that_changes_what_it_is_given_changes_it(tmp_path: Path) -> None:
    script = f"""{HEAD}
def harden(config, strength):
    config.modifier.type = WeightModifierType.ADD_NORMAL
    config.modifier.std_dev = strength * 2

rpu_config = InferenceRPUConfig()
harden(rpu_config, strength=0.04)
"""
    assert strength(read(tmp_path, script)) == 0.08


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("setattr(rpu_config.forward, NAMES[0], 0.07)", "known only in a run"),
        ("rpu_config.__dict__.update(NAMES)", "was not followed"),
        ("tune(rpu_config)", "was not followed"),
        ("rpu_config['forward'] = 1", "it is set by what is computed"),
    ],
)
def test_a_line_that_is_not_followed_is_listed(tmp_path: Path, line: str, why: str) -> None:
    script = f"""{HEAD}
from mine import tune
rpu_config = InferenceRPUConfig()
rpu_config.modifier.type = WeightModifierType.ADD_NORMAL
rpu_config.modifier.std_dev = 0.1
{line}
"""
    assert f"config.py:9 {line.split(' = ', maxsplit=1)[0]}: " in left(read(tmp_path, script))
    assert why in left(read(tmp_path, script))


@pytest.mark.parametrize("call", ["loop(3)", "one(1)"])
def test_functions_that_call_themselves_end(tmp_path: Path, call: str) -> None:
    script = f"""{HEAD}
def loop(n):
    return loop(n - 1)

def one(n):
    return two(n)

def two(n):
    return one(n)

rpu_config = InferenceRPUConfig()
rpu_config.modifier.type = WeightModifierType.ADD_NORMAL
rpu_config.modifier.std_dev = 0.1
x = {call}
"""
    assert strength(read(tmp_path, script)) == 0.1


def test_what_data_states_is_no_default(tmp_path: Path) -> None:
    stated = {
        "forward": {"inp_res": 254, "out_res": 254, "out_noise": 0.04, "inp_sto_round": True},
        "modifier": {"type": "ADD_NORMAL", "std_dev": 0.05, "rel_to_actual_wmax": True},
        "mapping": {"max_input_size": 256, "max_output_size": 256},
    }
    found = read(tmp_path, json.dumps(stated), "config.json")
    assert strength(found) == 0.05
    for fact in found.facts:
        if fact.path[-1] in {"dac_bits", "adc_bits", "weight_noise", "rows", "cols", "adc_noise"}:
            assert "default" not in fact.note, fact
    assert "forward.inp_sto_round = True: no field of a sheet holds it" in left(found)


def test_a_flat_file_of_either_toolkit_leaves_the_toolkit_a_question(tmp_path: Path) -> None:
    flat = "modifier_type: AddNormal\nmodifier_std_dev: 0.02\nforward_inp_res: 254\ntile_size: 512\nout_noise: 0.04\n"
    found = read(tmp_path, flat, "config.yaml")
    assert len(readings(found, "hwa_training.toolkit")) == 2
    assert "tile_size = 512: it is in no section; write `mapping.max_input_size` if it is that" in left(found)
    assert "hwa_training.noise_in_evaluation" not in values(
        found
    )  # a default, of a toolkit that nobody knows
    assert "out_noise = 0.04" in left(found)


def test_a_bound_of_scaled_inputs_is_listed(tmp_path: Path) -> None:
    script = f"{HEAD}rpu_config = InferenceRPUConfig()\nrpu_config.forward.inp_bound = 3.0\n"
    assert "inputs are scaled by the largest one first" in left(read(tmp_path, script))


def test_a_strength_of_zero_is_no_noise(tmp_path: Path) -> None:
    stated = {"forward": {"out_noise": 0.0}, "modifier": {"type": "ADD_NORMAL", "std_dev": 0.0}, "remap": {}}
    facts = values(read(tmp_path, json.dumps(stated), "config.json"))
    assert not {path for path in facts if path.endswith(("weight_noise", "adc_noise"))}


@pytest.mark.parametrize(
    "line",
    [
        'rpu_config.mapping.max_input_size = "512"',
        "rpu_config.mapping.max_input_size = 511.5",
        "rpu_config.forward.out_res = 1e400",
        'rpu_config.forward.out_bound = "ten"',
        "rpu_config.modifier.std_dev = [1]",
        "rpu_config.forward.inp_res = -1e400",
        'rpu_config.clip.sigma = "wide"',
    ],
)
def test_a_value_that_a_setting_cannot_have_is_listed(tmp_path: Path, line: str) -> None:
    script = f"""{HEAD}
from aihwkit.simulator.configs import WeightClipType
rpu_config = InferenceRPUConfig()
rpu_config.clip.type = WeightClipType.LAYER_GAUSSIAN
{line}
"""
    value = line.partition(" = ")[2].strip('"')
    listed = left(read(tmp_path, script))
    assert ("inf" if "e400" in value else "a list" if value == "[1]" else value) in listed
    assert "config.py:7" in listed or "config.py:8" in listed


TRAINED = f"""{HEAD}{NOISE}
import torch
from transformers import TrainingArguments
torch.manual_seed(7)
settings = {{
    "bf16": {{"enabled": True}},
    "zero_optimization": {{"stage": 2}},
    "train_micro_batch_size_per_gpu": "auto",
    "optimizer": {{"type": "AdamW", "params": {{"lr": 2e-5, "betas": [0.9, 0.95]}}}},
}}
args = TrainingArguments(
    output_dir="out", learning_rate=2e-5, per_device_train_batch_size=8, gradient_accumulation_steps=4,
    num_train_epochs=3, warmup_ratio=0.1, weight_decay=0.01, lr_scheduler_type="cosine", max_grad_norm=0.5,
    fp16=False, label_smoothing_factor=0.1, deepspeed=settings,
)
"""


def test_arguments_of_a_trainer_and_of_deepspeed_are_taken_where_a_field_holds_them(tmp_path: Path) -> None:
    found = read(tmp_path, TRAINED)
    facts = values(found)
    expected = {
        "learning_rate": 2e-5,
        "batch_size": 8,
        "gradient_accumulation": 4,
        "epochs": 3,
        "warm_up": "10 %",
        "weight_decay": 0.01,
        "schedule": "cosine",
        "gradient_clipping": 0.5,
        "precision": "bfloat16 mixed precision",
        "optimiser": "AdamW",
        "seed": 7,
    }
    assert {name: facts[f"hwa_training.{name}"] for name in expected} == expected
    assert "zero_optimization.stage=2, optimizer.params.betas=[0.9, 0.95]: no field" in left(found)
    assert "label_smoothing_factor=0.1: no field" in left(found)


def test_deepspeed_and_the_trainer_that_differ_are_asked_about(tmp_path: Path) -> None:
    found = read(tmp_path, TRAINED.replace('"lr": 2e-5', '"lr": 1e-4'))
    assert readings(found, "hwa_training.learning_rate") == [2e-5, 1e-4]
    assert "hwa_training.learning_rate" not in values(found)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("SGD(net.parameters(), lr=0.1, momentum=0.9)", "SGD, momentum 0.9"),
        ("SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)", "SGD, Nesterov momentum 0.9"),
        ("AdamW(net.parameters(), lr=1e-4, betas=(0.9, 0.95))", "AdamW, betas 0.9 and 0.95"),
    ],
)
def test_an_optimiser_is_named_with_what_sets_it_apart(tmp_path: Path, call: str, words: str) -> None:
    facts = values(read(tmp_path, f"{HEAD}{NOISE}optimiser = torch.optim.{call}\n"))
    assert facts["hwa_training.optimiser"] == words


def test_layers_left_out_of_the_conversion_are_digital(tmp_path: Path) -> None:
    # `exclude_modules` of aihwkit.nn.conversion.convert_to_analog: names of modules that are not converted.
    line = "kept = ['lm_head']\nmodel = convert_to_analog(model, cfg, exclude_modules=[*kept, 'pooler'])\n"
    facts = values(read(tmp_path, f"{HEAD}{NOISE}{line}"))
    assert facts["model_architecture.layout.digital"] == ["lm_head", "pooler"]
    found = read(tmp_path, f"{HEAD}{NOISE}{line.replace('*kept', '*open()')}")
    assert "model_architecture.layout.digital" not in values(found)
    assert "convert_to_analog(exclude_modules=…)" in left(found)


ALIASED = """
from aihwkit.simulator.configs import InferenceRPUConfig as C, WeightModifierParameter as W, MappingParameter as M
from aihwkit.simulator.configs import WeightModifierType as T
cfg = C(modifier=W(type=T.ADD_NORMAL, std_dev=0.06), mapping=M(max_input_size=1 << 7))
cfg.forward.out_noise = 5e-2
"""


def test_classes_under_another_name_are_the_toolkits(tmp_path: Path) -> None:
    for text in (ALIASED, ALIASED.replace("cfg = C(", "Kept = C\ncfg = Kept(")):
        found = read(tmp_path, text)
        assert strength(found) == 0.06
        assert values(found)["parameters.tile.rows"] == 128


@pytest.mark.parametrize("method", ["__post_init__(self)", "__init__(self)"])
def test_a_class_of_its_own_sets_what_its_beginning_sets(tmp_path: Path, method: str) -> None:
    script = f"""{HEAD}
class Mine(InferenceRPUConfig):
    def {method}:
        super().__init__(forward=IOParameters(out_noise=0.02))
        self.modifier.type = WeightModifierType("AddNormal")
        self.modifier.std_dev = 0.08
class Yours(Mine):
    pass
rpu_config = Yours()
"""
    found = read(tmp_path, script)
    assert strength(found) == 0.08
    assert values(found)["hwa_training.adc_noise"]["value"] == 0.02


def test_a_strength_that_is_switched_off_is_listed(tmp_path: Path) -> None:
    # aihwkit adds no noise of weights where `w_noise_type` is NONE, its default (simulator/parameters/io.py).
    found = read(tmp_path, f"{HEAD}cfg = InferenceRPUConfig()\ncfg.forward.w_noise = 0.0175\n")
    assert "forward.w_noise = 0.0175: nothing follows from it" in left(found)


def test_what_a_file_states_beside_the_configuration_is_taken_or_listed(tmp_path: Path) -> None:
    text = (
        "model: resnet32\noptimizer: {name: SGD, lr: 0.1}\nseed: 4\n"
        "rpu_config: {modifier: {type: AddNormal, std_dev: 0.067}}\ntrain: {batch_size: 128, epochs: 200}\n"
    )
    found = read(tmp_path, text, "config.yaml")
    expected = {"optimiser": "SGD", "learning_rate": 0.1, "seed": 4, "batch_size": 128, "epochs": 200}
    assert {name: values(found)[f"hwa_training.{name}"] for name in expected} == expected
    assert "model = resnet32: no field" in left(found)


def test_epochs_and_schedule_of_a_loop_are_taken(tmp_path: Path) -> None:
    lines = "schedule = StepLR(optimiser, 10)\nfor epoch in range(30):\n    train()\n"
    times = "for t in [1, 3600]:\n    model.drift_analog_weights(t)\n"
    found = read(tmp_path, f"{HEAD}{NOISE}{lines}{times}")
    assert "drift_analog_weights(3600): a time at which weights are read" in left(found)
    facts = values(found)
    assert (facts["hwa_training.epochs"], facts["hwa_training.schedule"]) == (30, "StepLR")
