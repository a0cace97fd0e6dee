"""Take how a script trains: from its optimiser, `TrainingArguments`, a Trainer, DeepSpeed, and constants.

What a call states and no field of a sheet holds is listed; what only a run knows is listed or asked. A default of a
library is never taken for what somebody chose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from factsheet.authoring.importing.analog.containers import MAPPING
from factsheet.authoring.importing.analog.doubts import leaves
from factsheet.authoring.importing.analog.found_configurations import SEEDING
from factsheet.authoring.importing.analog.open_values import in_words
from factsheet.authoring.importing.analog.values import Assumed, Member, Node, OpenValue, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from factsheet.authoring.importing.analog.found_configurations import Called, PythonReading
    from factsheet.authoring.importing.collected import Collected
    from factsheet.source.dumping import Data

_OPTIMISERS = (
    "SGD",
    "Adam",
    "AdamW",
    "RMSprop",
    "Adagrad",
    "Lion",
    "AnalogOptimizer",
    "AnalogSGD",
    "AnalogAdam",
)
_RATES = ("lr", "learning_rate")
_CONSTANTS = {
    "epochs": ("N_EPOCHS", "EPOCHS", "NUM_EPOCHS", "n_epochs", "num_epochs", "epochs"),
    "batch_size": ("BATCH_SIZE", "TRAIN_BATCH_SIZE", "batch_size", "train_batch_size"),
    "learning_rate": ("LEARNING_RATE", "LR", "learning_rate", "lr"),
    "seed": ("SEED", "seed"),
    "weight_decay": ("WEIGHT_DECAY", "weight_decay"),
    "optimiser": ("optimizer", "optimiser", "optimizer.name", "optimizer.type", "optim"),
}
CONSTANTS = frozenset(name for names in _CONSTANTS.values() for name in names)
"""Names of constants of a script, and of keys of a file, that state how a model is trained."""
_SWITCHES = {"fp16": "float16 mixed precision", "bf16": "bfloat16 mixed precision", "tf32": "TF32"}
"""Arguments that are true or false, of transformers and as sections of DeepSpeed, with what is trained in then."""
_PRECISIONS = {
    "16-mixed": _SWITCHES["fp16"],
    "bf16-mixed": _SWITCHES["bf16"],
    "16": _SWITCHES["fp16"],
    "bf16": _SWITCHES["bf16"],
    "fp16": _SWITCHES["fp16"],
    "bf16-true": "bfloat16",
    "16-true": "float16",
    "32-true": "float32",
    "32": "float32",
    "no": "float32",
}
"""Words of Lightning and Accelerate for `precision` and `mixed_precision`."""
_OPTIM = {"adamw": "AdamW", "adafactor": "Adafactor", "sgd": "SGD", "adagrad": "Adagrad", "lion": "Lion"}
_IN_WORDS = ("momentum", "nesterov", "betas")
"""Settings of an optimiser that are said with its name."""
_BESIDE = frozenset(
    [
        "params",
        "output_dir",
        "logging_dir",
        "run_name",
        "report_to",
        "hub_model_id",
        "push_to_hub",
        "deepspeed",
        "model",
        "args",
        "data_collator",
        "tokenizer",
        "processing_class",
        "train_dataset",
        "eval_dataset",
        "compute_metrics",
        "callbacks",
        "model_init",
        "optimizers",
        "optimizer",
        "logger",
        "default_root_dir",
        "save_strategy",
        "save_steps",
        "save_total_limit",
        "logging_steps",
        "logging_strategy",
    ]
)
"""Arguments about files, accounts and objects of the script, and the one that is read apart."""


def _as_it_is(value: Any) -> Data:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _share(value: Any) -> Data:
    return f"{value * 100:g} %" if isinstance(value, int | float) and 0 < value <= 1 else None


def _steps(value: Any) -> Data:
    return f"{value:g} steps" if isinstance(value, int | float) and value > 0 else None


def _positive(value: Any) -> Data:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _text(value: Any) -> Data:
    return value.lower().replace("_", " ") if isinstance(value, str) and value != "auto" else None


def _optimiser(value: Any) -> Data:
    if not isinstance(value, str):
        return None
    return next((name for key, name in _OPTIM.items() if value.lower().startswith(key)), value)


def _precision(value: Any) -> Data:
    return _PRECISIONS.get(str(value), value if isinstance(value, str) else None)


class _Argument(NamedTuple):
    """A field of a sheet and an argument that states it."""

    field: str
    name: str
    make: Callable[[Any], Data] = _as_it_is


_ARGUMENTS = (
    *(_Argument("learning_rate", name) for name in _RATES),
    _Argument("epochs", "num_train_epochs"),
    _Argument("epochs", "max_epochs", _positive),
    _Argument("steps", "max_steps", _positive),
    _Argument("batch_size", "per_device_train_batch_size"),
    _Argument("batch_size", "batch_size"),
    _Argument("seed", "seed"),
    _Argument("weight_decay", "weight_decay"),
    _Argument("warm_up", "warmup_ratio", _share),
    _Argument("warm_up", "warmup_steps", _steps),
    _Argument("warm_up", "num_warmup_steps", _steps),
    _Argument("schedule", "lr_scheduler_type", _text),
    _Argument("gradient_clipping", "max_grad_norm", _positive),
    _Argument("gradient_clipping", "gradient_clip_val", _positive),
    _Argument("gradient_clipping", "max_norm", _positive),
    _Argument("gradient_accumulation", "gradient_accumulation_steps", _positive),
    _Argument("gradient_accumulation", "accumulate_grad_batches", _positive),
    _Argument("precision", "precision", _precision),
    _Argument("precision", "mixed_precision", _precision),
    _Argument("optimiser", "optim", _optimiser),
)
_DEEPSPEED = {
    ("optimizer", "type"): _Argument("optimiser", "optim", _optimiser),
    ("optimizer", "params", "lr"): _ARGUMENTS[0],
    ("optimizer", "params", "weight_decay"): _Argument("weight_decay", "weight_decay"),
    ("scheduler", "type"): _Argument("schedule", "lr_scheduler_type", _text),
    ("scheduler", "params", "warmup_num_steps"): _Argument("warm_up", "warmup_steps", _steps),
    ("gradient_clipping",): _Argument("gradient_clipping", "max_grad_norm", _positive),
    ("gradient_accumulation_steps",): _Argument("gradient_accumulation", "", _positive),
    ("train_micro_batch_size_per_gpu",): _Argument("batch_size", "", _positive),
}
"""Keys of a configuration of DeepSpeed (deepspeed.ai/docs/config-json) that a field holds."""
_TRAINERS = ("TrainingArguments", "Trainer", "Accelerator")
_ROUND = (
    "clip_grad_norm_",
    "get_linear_schedule_with_warmup",
    "get_cosine_schedule_with_warmup",
    "range",
    *SEEDING,
)
"""Calls beside an optimiser that state how it is used."""


class _Stated(NamedTuple):
    """A value for a field, as a call has it: what it is to a sheet, the value itself, where."""

    answer: Data
    value: Value
    where: str


def optimises(call: Called) -> bool:
    """Return whether a call makes an optimiser."""
    return call.name in _OPTIMISERS and any(name in call.arguments for name in _RATES)


def add_training(collected: Collected, reading: PythonReading, section: str) -> None:
    """Take rate, batch, warm-up, precision and so on of a script from its calls, and from constants.

    Args:
        collected: takes them.
        reading: the script.
        section: `training` or `hwa_training`.
    """
    optimisers = [call for call in reading.calls if optimises(call)]
    stated: dict[str, list[_Stated]] = {}
    if optimisers and len({one.name for one in optimisers}) == 1:
        call = optimisers[0]
        words = _optimiser_words(call)
        stated["optimiser"] = [_Stated(words, words, f"{collected.name}:{call.line} {call.name}")]
    for call in _relevant(reading.calls):
        for field, one in _of_call(collected, call):
            stated.setdefault(field, []).append(one)
    loaders = [
        one for one in reading.calls if one.name == "DataLoader" and one.arguments.get("shuffle") is True
    ]
    for call in loaders:
        if "batch_size" in call.arguments:
            where = f"{collected.name}:{call.line} DataLoader(batch_size=…)"
            value = call.arguments["batch_size"]
            stated.setdefault("batch_size", []).append(_Stated(_as_it_is(_bare(value)), value, where))
    for field, names in _CONSTANTS.items():
        known = [name for name in names if name in reading.constants]
        make = _optimiser if field == "optimiser" else _as_it_is
        if known and field not in stated:
            stated[field] = [
                _Stated(
                    make(_bare(reading.constants[name])),
                    reading.constants[name],
                    f"{collected.name} {name}",
                )
                for name in known
            ]
    for field, ones in stated.items():
        _take_first(collected, f"{section}.{field}", ones)


def _optimiser_words(call: Called) -> str:
    """Return an optimiser with the settings that a sheet has in its words: `SGD, momentum 0.9`."""
    settings = {name: _bare(call.arguments.get(name)) for name in _IN_WORDS}
    words = [call.name]
    if isinstance(settings["momentum"], int | float):
        words.append(
            f"{'Nesterov ' if settings['nesterov'] is True else ''}momentum {settings['momentum']:g}"
        )
    betas = settings["betas"]
    if isinstance(betas, list) and all(isinstance(one, int | float) for one in betas):
        words.append(f"betas {' and '.join(f'{one:g}' for one in betas)}")
    return ", ".join(words)


def _relevant(calls: Sequence[Called]) -> Iterator[Called]:
    for call in calls:
        trainer = any(call.name.endswith(name) for name in _TRAINERS)
        if optimises(call) or trainer or call.name in _ROUND or call.name.endswith("LR"):
            yield call


def _of_call(collected: Collected, call: Called) -> Iterator[tuple[str, _Stated]]:
    """Yield what a call states; what no field holds is listed."""
    taken: set[str] = set(_IN_WORDS) if optimises(call) else set()
    for argument in _ARGUMENTS:
        if argument.name not in call.arguments:
            continue
        value = call.arguments[argument.name]
        taken.add(argument.name)
        yield (
            argument.field,
            _stated(argument, value, f"{collected.name}:{call.line} {call.name}({argument.name}=…)"),
        )
    for name, words in _SWITCHES.items():
        if call.arguments.get(name) is True:
            yield "precision", _Stated(words, words, f"{collected.name}:{call.line} {call.name}({name}=True)")
        taken.add(name)
    if "deepspeed" in call.arguments:
        yield from _of_deepspeed(collected, call)
    if "get_" in call.name and call.name.endswith("_schedule_with_warmup"):
        kind = call.name.removeprefix("get_").removesuffix("_schedule_with_warmup")
        yield "schedule", _Stated(kind, kind, f"{collected.name}:{call.line} {call.name}")
    if call.name.endswith("LR"):
        yield "schedule", _Stated(call.name, call.name, f"{collected.name}:{call.line} {call.name}")
    rest = {name: value for name, value in call.arguments.items() if name not in taken | _BESIDE}
    if rest and call.name not in _ROUND:
        shown = ", ".join(f"{name}={_shown(value)}" for name, value in rest.items())
        collected.leave(f"{collected.name}:{call.line} {call.name}", shown, "no field of a sheet holds it")


def _of_deepspeed(collected: Collected, call: Called) -> Iterator[tuple[str, _Stated]]:
    """Yield what a configuration of DeepSpeed states that is written in the script; a file of it is not opened."""
    value, where = call.arguments["deepspeed"], f"{collected.name}:{call.line} {call.name}(deepspeed=…)"
    if not isinstance(value, Node) or value.cls != MAPPING:
        if value is not None:
            collected.leave(
                where, _shown(value), "a configuration of DeepSpeed in a file of its own, which is not read"
            )
        return
    left = []
    for path, inner, line in leaves(value):
        place = f"{collected.name}:{line} deepspeed {'.'.join(path)}"
        argument = _DEEPSPEED.get(path)
        words = _SWITCHES.get(path[0]) if path[1:] == ("enabled",) else None
        if argument is not None and _bare(inner) != "auto":
            yield argument.field, _stated(argument, inner, place)
        elif words is not None and inner is True:
            yield "precision", _Stated(words, words, place)
        elif words is None and _bare(inner) != "auto":
            left.append(f"{'.'.join(path)}={_shown(inner)}")
    if left:
        collected.leave(where, ", ".join(left), "no field of a sheet holds it")


def _stated(argument: _Argument, value: Value, where: str) -> _Stated:
    return _Stated(argument.make(_bare(value)), value, where)


def _bare(value: Value) -> Any:
    if isinstance(value, Assumed):
        value = value.value
    return value.name if isinstance(value, Member) else value


def _shown(value: Value) -> str:
    return in_words(value)[:60]


def _take_first(collected: Collected, path: str, stated: Sequence[_Stated]) -> None:
    """Take what calls state alike; ask where they differ, and where the default of an option stands for it."""
    for _, value, where in stated:
        if isinstance(value, OpenValue):
            if value.default is None:
                collected.leave(where, value.text, "known only when the script is run")
            else:
                readings = [(f"the default of `{value.text}`, {value.default}", value.default)]
                collected.ask(path, where, value.text, readings)  # type: ignore[arg-type]
    known = [one for one in stated if one.answer is not None]
    if len({str(one.answer) for one in known}) == 1:
        answer, value, where = known[0]
        collected.add(path, answer, where, note=value.note if isinstance(value, Assumed) else "")
    elif known:
        collected.ask(path, known[0].where, "several values", [(one.where, one.answer) for one in known])
