"""Read a configuration of aihwkit or aihwkit-lightning: a script, JSON, YAML, a preset's name, or the user's callable.

A script is parsed and never run. What it leaves to the toolkit is taken from the version in
`factsheet/authoring/importing/analog/toolkits.py`, and said.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.authoring.importing.analog.fields import FIELDS
from factsheet.authoring.importing.analog.found_configurations import PythonReading
from factsheet.authoring.importing.analog.hardware_file import hardware_of
from factsheet.authoring.importing.analog.open_values import in_words
from factsheet.authoring.importing.analog.python_source import read_python
from factsheet.authoring.importing.analog.settings import AnalogConfiguration, answer
from factsheet.authoring.importing.analog.structured_source import configuration_in, node_of, node_of_object
from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING
from factsheet.authoring.importing.analog.values import Member, Node, Value, folded
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import ImportKind
from factsheet.authoring.importing.reading import SourceText, read_text
from factsheet.authoring.importing.training_calls import CONSTANTS, add_training, optimises
from factsheet.errors import FactsheetError, UsageError
from factsheet.source.characters import make_safe
from factsheet.source.json_text import parse_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from factsheet.authoring.importing.imported import Imported, ImportOptions

_TOOLKITS = {
    "aihwkit": "IBM Analog Hardware Acceleration Kit (aihwkit)",
    "aihwkit-lightning": "AIHWKIT-Lightning",
}
_PYTHON_MARKS = (b"RPUConfig", b"rpu_config", b"aihwkit", b"HWATrainingPreset")
_DATA_MARKS = (
    b"inp_res",
    b"out_res",
    b"out_noise",
    b"std_dev",
    b"max_input_size",
    b"rpu_config",
    b"noise_model",
)


def _recognises(path: Path, head: bytes) -> bool:
    if not head:
        return _preset(str(path)) is not None
    suffix = path.suffix.lower()
    if suffix == ".py":
        return any(mark in head for mark in _PYTHON_MARKS)
    if suffix in {".json", ".yaml", ".yml"}:
        return sum(mark in head for mark in _DATA_MARKS) > 1 and b"factsheet:" not in head
    return False


def read(source: str, options: ImportOptions) -> Imported:
    """Return the noise, bounds and converters of training and inference, and the hardware for a simulation.

    Raises:
        UsageError: it cannot be read, holds no configuration, or is a callable that the user did not ask to run.
    """
    return _imported(*configurations_in(source, run_code=options.run_code))


def configurations_in(
    source: str, *, run_code: bool = False
) -> tuple[Collected, list[AnalogConfiguration], PythonReading | None]:
    """Return the configurations of a source, and what a script says of training beside them.

    Args:
        source: a file, the name of a preset, or `module:callable`.
        run_code: whether the user asked for a callable to be run.

    Raises:
        UsageError: as `read`.
    """
    preset = _preset(source)
    if preset is not None:
        of_preset = AnalogConfiguration(preset, AIHWKIT, Node(preset), preset)
        return Collected(preset, KIND.words), [of_preset], None
    path = Path(source)
    if not path.exists() and ":" in source:
        collected, called = _of_callable(source, run_code=run_code)
        return collected, [called], None
    text = read_text(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    if path.suffix.lower() in {".json", ".yaml", ".yml"}:
        configuration, beside = _of_data(collected, text, path.suffix.lower())
        return collected, [configuration], beside
    reading = read_python(text.text, text.name)
    found: list[AnalogConfiguration] = []
    for one in reading.configurations:
        if one.toolkit.derives(one.node.cls, *one.toolkit.inference):
            found.append(AnalogConfiguration(one.words, one.toolkit, one.node, text.name))
        else:
            place = f"{text.name}:{one.node.line}" if one.node.line else text.name
            collected.leave(
                place, one.node.cls, "training on the chip, or without noise: no section of a sheet holds it"
            )
    for line in reading.unread:
        collected.leave(f"{text.name}:{line.line}", line.text, line.why)
    if not found:
        raise UsageError(
            f"{text.name} makes no configuration of inference or hardware-aware training",
            f"it makes {', '.join(dict.fromkeys(one.what for one in collected.left_out[:3]))}, which no section holds"
            if collected.left_out
            else "no InferenceRPUConfig or TorchInferenceRPUConfig is made in it, and nothing in it was run",
            "give the file that makes it, or `rpu-config=module:callable`, which is run",
        )
    return collected, found, reading


def _preset(source: str) -> str | None:
    name = source.rpartition(":")[2]
    return name if name.endswith("Preset") and name in AIHWKIT.inference else None


def _of_data(
    collected: Collected, text: SourceText, suffix: str
) -> tuple[AnalogConfiguration, PythonReading]:
    if suffix == ".json":
        try:
            data = parse_json(text.text)
        except ValueError as error:
            reason = make_safe(str(error))
            raise UsageError(f"{text.name} is no JSON that can be read", reason, "correct the file") from None
    else:
        data = _yaml(text)
    mapping = configuration_in(data)
    if mapping is None:
        raise UsageError(
            f"{text.name} holds no configuration of an analog toolkit",
            "none of its mappings has sections such as `forward` and `modifier`",
            "give the file that has them",
        )
    node, toolkit, certain = node_of(mapping)
    if not certain:
        why = "its keys are of either; what it does not state was left open, and no default of a toolkit was added"
        collected.leave(text.name, f"whether it is of {AIHWKIT.name} or {LIGHTNING.name}", why)
    beside = dict(_beside(data, mapping, ""))
    names: dict[str, Value] = {}
    for key, value in beside.items():
        known = key if key in CONSTANTS else key.rpartition(".")[2]
        if known in CONSTANTS and known not in names:
            names[known] = value
        else:
            collected.leave(
                text.name, f"{key} = {in_words(value)}", "no field of a sheet is known to be meant"
            )
    configuration = AnalogConfiguration(text.name, toolkit, node, text.name, certain=certain)
    return configuration, PythonReading((), (), names)


def _beside(data: object, mapping: object, above: str) -> Iterator[tuple[str, Value]]:
    """Yield what a file holds beside the configuration, by the keys that lead to it."""
    for key, value in data.items() if isinstance(data, dict) and data is not mapping else ():
        place = f"{above}.{key}".lstrip(".")
        if isinstance(value, dict):
            yield from _beside(value, mapping, place)
        else:
            yield place, value if isinstance(value, bool | int | float | str | None) else str(value)


def _yaml(text: SourceText) -> object:
    from factsheet.source.decoding import ReadingLimits  # with the parser of YAML
    from factsheet.source.loader import load_bytes  # with the parser of YAML

    loaded = load_bytes(text.text.encode(), text.name, ReadingLimits())
    if loaded.document is None or loaded.document.data is None:
        reason = loaded.problems[0].message if loaded.problems else "it is empty"
        raise UsageError(f"{text.name} is no YAML that can be read", reason, "correct the file")
    return _numbers(loaded.document.data)


def _numbers(data: object) -> object:
    """Read numbers that the loader of sheets keeps as they are written."""
    if isinstance(data, dict):
        return {str(key): _numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_numbers(value) for value in data]
    if isinstance(data, str):
        try:
            number = float(data)
        except ValueError:
            return data
        return (
            int(number) if number.is_integer() and "." not in data and "e" not in data.casefold() else number
        )
    return data


def _of_callable(source: str, *, run_code: bool) -> tuple[Collected, AnalogConfiguration]:
    if not run_code:
        raise UsageError(
            f"{make_safe(source)} is code, and code is run only where its source says so",
            help=f"name it `rpu-config={make_safe(source)}`",
        )
    import importlib  # only for a callable that the user names

    module, _, name = source.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)()
    except FactsheetError:
        raise
    except Exception as error:  # the user's own code may fail in any way
        reason = f"{type(error).__name__}: {make_safe(str(error))[:200]}"
        raise UsageError(
            f"{make_safe(source)} gave no configuration", reason, "correct it, and run again"
        ) from error
    name = make_safe(source)
    return Collected(name, KIND.words), configuration_of(made, name)


def configuration_of(made: object, name: str) -> AnalogConfiguration:
    """Return an object of a toolkit as a configuration.

    Args:
        made: an `rpu_config`.
        name: what to call it.

    Raises:
        UsageError: it is no configuration.
    """
    node = node_of_object(made)
    if not isinstance(node, Node) or not {"forward", "mapping"} & set(node.values):
        raise UsageError(
            f"{name}: a {type(made).__name__} is no configuration of an analog toolkit",
            "it has no sections such as `forward` and `mapping`",
            "give an InferenceRPUConfig or a TorchInferenceRPUConfig",
        )
    lightning = type(made).__module__.startswith("aihwkit_lightning")
    return AnalogConfiguration(name, LIGHTNING if lightning else AIHWKIT, node, name)


def _imported(
    collected: Collected, configurations: Sequence[AnalogConfiguration], reading: PythonReading | None
) -> Imported:
    trains = any(map(_trains, configurations)) or (reading is not None and any(map(optimises, reading.calls)))
    answered: set[str] = set()
    for field in FIELDS:
        paths = tuple(path for path in field.paths if trains or not path.startswith("hwa_training."))
        if paths and answer(collected, configurations, field._replace(paths=paths)):
            answered.add(field.keys[0])
    for configuration in configurations:
        _leave_rest(collected, configuration)
        _leave_without_effect(collected, configuration, answered)
    if trains and configurations[0].certain:
        name = configurations[0].toolkit.name
        collected.add("hwa_training.toolkit", _TOOLKITS[name], configurations[0].file)
    elif trains:
        readings = list(_TOOLKITS.items())
        collected.ask("hwa_training.toolkit", configurations[0].file, "whose configuration it is", readings)
    else:
        why = "no noise of training, clipping or learning is set; converters and noise are taken as those of inference"
        collected.leave(configurations[0].file, "hardware-aware training", why)
    if reading is not None:
        add_training(collected, reading, "hwa_training" if trains else "training")
        _digital_layers(collected, reading)
    if len(configurations) > 1:
        names = ", ".join(one.words for one in configurations[:5])
        collected.leave(
            collected.name, "hardware for `factsheet simulate`", f"it has several configurations: {names}"
        )
    else:
        collected.hardware = hardware_of(collected, configurations[0])
    return collected.imported()


def _digital_layers(collected: Collected, reading: PythonReading) -> None:
    """Take the layers that a script leaves out of the conversion to analog ones."""
    calls = [one for one in reading.calls if one.name.startswith("convert_to_analog")]
    left = [(one, one.arguments["exclude_modules"]) for one in calls if "exclude_modules" in one.arguments]
    for call, names in left:
        where = f"{collected.name}:{call.line} {call.name}(exclude_modules=…)"
        if isinstance(names, list) and names and all(isinstance(one, str) for one in names):
            note = "Left out of the conversion to analog layers."
            collected.add("model_architecture.layout.digital", [*names], where, note=note)
        elif names is not None and names != []:
            collected.leave(where, in_words(names), "known only when the script is run")


_FOLLOWED = frozenset(key for field in FIELDS for key in field.keys)
_NAMED = frozenset(field.keys[0] for field in FIELDS)
_BESIDE = frozenset({"mapping.weight_scaling_columnwise", "noise_model.g_converter.f_lst"})
"""Settings of the hardware of a simulation that no section of a sheet holds."""


def _leave_rest(collected: Collected, configuration: AnalogConfiguration) -> None:
    """List the settings that the source makes and nothing follows from."""
    for key, value in configuration.settings():
        if key not in _FOLLOWED | _BESIDE:
            shown = in_words(value)
            section = next((field.keys[0] for field in FIELDS if field.keys[0].endswith(f".{key}")), "")
            meant = section or ("mapping.max_input_size" if key == "tile_size" else "")
            why = (
                f"it is in no section; write `{meant}` if it is that"
                if meant
                else "no field of a sheet holds it"
            )
            collected.leave(configuration.where(key), f"{key} = {shown}", why)


def _leave_without_effect(
    collected: Collected, configuration: AnalogConfiguration, answered: Collection[str]
) -> None:
    """List the settings that fields hold and nothing follows from, such as a strength of noise that is switched off."""
    for key, value in configuration.settings():
        nothing = value in (None, 0, "") or folded(str(getattr(value, "name", value))) == "NONE"
        if key in _NAMED and key not in answered and not nothing:
            why = "nothing follows from it, as the rest of the configuration is set"
            collected.leave(configuration.where(key), f"{key} = {in_words(value)}", why)


def _trains(configuration: AnalogConfiguration) -> bool:
    """Return whether a configuration is one of training: weights are changed, clipped or remapped, ranges learnt."""
    kinds = [
        configuration.value(key)
        for key in ("modifier.type", "modifier.noise_type", "clip.type", "remap.type")
    ]
    active = any(
        not isinstance(kind, str | Member | None)
        or folded(str(getattr(kind, "name", kind) or "NONE")) != "NONE"
        for kind in kinds
    )
    learnt = configuration.value("pre_post.input_range.enable") is True and bool(
        configuration.value("pre_post.input_range.learn_input_range")
    )
    return active or learnt or "Training" in configuration.node.cls


KIND = ImportKind("rpu-config", "a configuration of aihwkit or aihwkit-lightning", _recognises, read)
