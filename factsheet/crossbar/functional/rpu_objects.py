"""Make objects of an analog toolkit from plain data, with the toolkit's own classes."""

from __future__ import annotations

from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any

from factsheet.errors import AnalogError

if TYPE_CHECKING:
    from collections.abc import Sequence

_HOMES = {
    "aihwkit": ("simulator.configs", "inference"),
    "aihwkit-lightning": ("simulator.configs",),
}
"""Where a toolkit has the classes of its configurations."""


def object_of(values: dict[str, Any], toolkit: str) -> object:
    """Return a configuration as an object of the toolkit, for its `convert_to_analog`.

    Args:
        values: sections as the toolkit names them; objects have a `class`.
        toolkit: its name on the package index.

    Raises:
        AnalogError: the toolkit is not installed, or has no such field.
    """
    package = toolkit.replace("-", "_")
    try:
        homes = [import_module(f"{package}.{name}") for name in _HOMES[toolkit]]
    except ImportError as error:
        raise AnalogError(
            f"{toolkit} is not installed ({error})",
            "its configurations are objects of its own classes",
            f"pip install {toolkit}, or use the JSON",
        ) from None
    return _built(values, homes)


def _built(values: dict[str, Any], homes: Sequence[object]) -> object:
    """Make an object of a toolkit: with what its constructor takes, or with what is set on it."""
    own = {
        key: _built(one, homes) if _is_object(one) else one for key, one in values.items() if key != "class"
    }
    kind: Any = next(
        (getattr(home, values["class"]) for home in homes if hasattr(home, values["class"])), None
    )
    if kind is None:
        raise AnalogError(
            f"the toolkit has no {values['class']}", "it is of another version", "use the JSON instead"
        )
    if not hasattr(kind, "__dataclass_fields__"):
        return kind(**own)
    made = kind()
    _set(made, own)
    return made


def _is_object(value: object) -> bool:
    return isinstance(value, dict) and "class" in value


def _set(made: object, values: dict[str, Any]) -> None:
    for key, value in values.items():
        if not hasattr(made, key):
            raise AnalogError(
                f"{type(made).__name__} has no `{key}`",
                "the toolkit is of another version than this was written for",
                "use the JSON instead",
            )
        before = getattr(made, key)
        if isinstance(value, dict):
            _set(before, value)
        else:
            setattr(made, key, type(before)[value] if isinstance(before, Enum) else value)
