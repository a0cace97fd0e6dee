"""A sheet's answers as named properties, `factsheet:parameters.power`, each with the thing that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from factsheet.authoring.importing.bills.named_values import named_values
from factsheet.authoring.importing.bills.own_properties import PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from factsheet.source.document import KeyPath

_OF_INFERENCE_DEVICE: Final = (("hardware", "inference"), ("parameters", "tile"))
_OF_TRAINING_DEVICE: Final = (("hardware", "training"),)


class NamedProperty(NamedTuple):
    """A name and a text."""

    name: str
    value: str


def properties_by_owner(
    data: object, held: Collection[KeyPath], datasets: Iterable[KeyPath], *, devices: Collection[str]
) -> dict[str | KeyPath, list[NamedProperty]]:
    """Return the properties of each thing in a bill.

    Args:
        data: the plain data of a sheet.
        held: paths of answers that the bill has in fields of its own, exactly.
        datasets: the rows, or sections, that the bill lists as data sets.
        devices: which of `inference` and `training` it lists as a device.

    Returns:
        Properties by what they are of: `model`, a device's name, or the path of a data set.
    """
    rows = [path for path in datasets if isinstance(path[-1], int)]
    found: dict[str | KeyPath, list[NamedProperty]] = {}
    for one in named_values(data):
        if not any(one.path[: len(path)] == path for path in held):
            owner = _owner(one.path, rows, devices)
            found.setdefault(owner, []).append(NamedProperty(PREFIX + one.name, one.text))
    return found


def _owner(path: KeyPath, rows: Iterable[KeyPath], devices: Collection[str]) -> str | KeyPath:
    for device, sections in (("inference", _OF_INFERENCE_DEVICE), ("training", _OF_TRAINING_DEVICE)):
        if device in devices and path[:2] in sections:
            return device
    return next((row for row in rows if path[: len(row)] == row), "model")


def as_objects(
    properties: Iterable[NamedProperty], name: str = "name", value: str = "value"
) -> Iterator[dict[str, str]]:
    """Yield properties as JSON has them."""
    for one in properties:
        yield {name: one.name, value: one.value}
