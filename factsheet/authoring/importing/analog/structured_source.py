"""Read a configuration that is data, nested or flat, or an object that the user's own callable gives."""

from __future__ import annotations

import enum
from typing import Any

from factsheet.authoring.importing.analog.toolkits import AIHWKIT, LIGHTNING, Toolkit, ToolkitClass
from factsheet.authoring.importing.analog.values import STATED, Member, Node, OpenValue, Value

SECTIONS = (
    "forward",
    "modifier",
    "clip",
    "remap",
    "mapping",
    "pre_post",
    "input_range",
    "noise_model",
    "drift_compensation",
)
_LIGHTNING_KEYS = frozenset(
    {"out_noise_per_channel", "dynamic", "fast_mode", "noise_type", "quantization_type"}
)
_AIHWKIT_KEYS = frozenset(
    {
        "remap",
        "noise_model",
        "drift_compensation",
        "inp_bound",
        "w_noise",
        "w_noise_type",
        "max_output_size",
        "inp_noise",
    }
    | {"noise_management", "bound_management", "rel_to_actual_wmax", "digital_bias", "is_perfect", "ir_drop"}
)
_CLASS_KEYS = ("_target_", "__class__", "class", "name")
_DEEPEST = 12


def configuration_in(data: object, depth: int = 0) -> dict[str, Any] | None:
    """Return the mapping that is a configuration: the first one with sections of one, or with their names in front."""
    if not isinstance(data, dict) or depth > 4:  # noqa: PLR2004  levels above a configuration
        return None
    named = data.get("rpu_config")
    if isinstance(named, dict) and any(name in named for name in SECTIONS):
        return named
    nested = sum(name in data and isinstance(data[name], dict | str) for name in SECTIONS)
    flat = sum(str(key).startswith(tuple(f"{name}_" for name in SECTIONS)) for key in data)
    if nested > 1 or flat > 1 or (nested and any(str(key) in {"rpu_config", "forward"} for key in data)):
        return data
    return next(filter(None, (configuration_in(one, depth + 1) for one in data.values())), None)


def node_of(data: dict[str, Any]) -> tuple[Node, Toolkit, bool]:
    """Return a mapping as a configuration, the toolkit that its keys are of, and whether they tell.

    Where they do not, no default of a toolkit is added.
    """
    nested = _nested(data)
    keys = _keys(nested)
    lightning, aihwkit = bool(keys & _LIGHTNING_KEYS), bool(keys & _AIHWKIT_KEYS)
    certain = lightning != aihwkit
    toolkit = LIGHTNING if lightning and not aihwkit else AIHWKIT
    if not certain:
        bare = {
            name: ToolkitClass(one.base, _without_values(one.defaults))
            for name, one in toolkit.classes.items()
        }
        toolkit = toolkit._replace(classes=bare)
    cls = next(
        (str(nested[key]).rpartition(".")[2] for key in _CLASS_KEYS if isinstance(nested.get(key), str)), ""
    )
    if cls not in toolkit.inference:
        cls = "TorchInferenceRPUConfig"
    return _object(nested, cls, toolkit), toolkit, certain


def node_of_object(found: object, depth: int = 0) -> Value:
    """Return an object as it is: its class, and what its attributes hold."""
    if found is None or isinstance(found, bool | int | float | str):
        return found
    if isinstance(found, enum.Enum):
        return Member(found.name)
    if isinstance(found, list | tuple):
        return [node_of_object(one, depth + 1) for one in found[:100]]
    if isinstance(found, dict) and depth <= _DEEPEST and all(isinstance(key, str) for key in found):
        return Node("dict", {key: (node_of_object(one, depth + 1), STATED) for key, one in found.items()})
    if depth > _DEEPEST or isinstance(found, type) or not hasattr(found, "__dict__"):
        return OpenValue(type(found).__name__)
    values = {
        name: (node_of_object(one, depth + 1), STATED)
        for name, one in vars(found).items()
        if not name.startswith("_")
    }
    return Node(type(found).__name__, values)


def _nested(data: dict[str, Any]) -> dict[str, Any]:
    """Return a flat mapping, `forward_inp_res`, as a nested one; a range of inputs goes where toolkits have it."""
    made: dict[str, Any] = {}
    for key, value in data.items():
        section = next(
            (name for name in SECTIONS if str(key).startswith(f"{name}_") and name not in data), None
        )
        if section is not None and key not in SECTIONS:
            made.setdefault(section, {})[str(key).removeprefix(f"{section}_")] = value
        else:
            made[str(key)] = value
    if isinstance(made.get("input_range"), dict):
        made["pre_post"] = {**(made.get("pre_post") or {}), "input_range": made.pop("input_range")}
    return made


def _keys(data: object) -> set[str]:
    if not isinstance(data, dict):
        return set()
    return {str(key) for key in data}.union(*(map(_keys, data.values())))


def _without_values(defaults: dict[str, Any]) -> dict[str, Any]:
    """Keep what objects a configuration has, and none of the values in them."""
    return {
        name: (value[0], {})
        for name, value in defaults.items()
        if isinstance(value, tuple) and "." not in name and not name.startswith(("noise", "drift"))
    }


def _object(data: dict[str, Any], cls: str, toolkit: Toolkit) -> Node:
    node = Node(cls)
    for key, value in data.items():
        if key in _CLASS_KEYS:
            continue
        default = toolkit.default(cls, key)
        inner = default.cls if isinstance(default, Node) else ""
        if isinstance(value, dict):
            named = next((str(value[one]) for one in _CLASS_KEYS if isinstance(value.get(one), str)), inner)
            node.values[key] = (_object(value, named.rpartition(".")[2], toolkit), STATED)
        elif isinstance(value, str) and key in {"noise_model", "drift_compensation"}:
            node.values[key] = (Node(value.removesuffix("()").rpartition(".")[2]), STATED)
        elif value is None or isinstance(value, bool | int | float | str):
            node.values[key] = (value, STATED)
        elif isinstance(value, list) and all(isinstance(one, int | float) for one in value):
            node.values[key] = ([*value], STATED)
        else:
            node.values[key] = (OpenValue(type(value).__name__), STATED)
    return node
