"""Find the hardware that somebody names: a kind of device, a file of values, or the values themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from factsheet.crossbar.functional.analog_hardware import AnalogHardware
from factsheet.crossbar.functional.hardware_values import KINDS
from factsheet.errors import AnalogError
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping


def read_hardware(given: str | Path | Mapping[str, object]) -> AnalogHardware:
    """Return the hardware of that kind of device, with global compensation; or that of a file, or of these values.

    Raises:
        AnalogError: it is none that could exist, or the file holds no mapping.
        SourceUnreadableError: the file cannot be read.
    """
    if isinstance(given, str) and given in KINDS:
        return AnalogHardware.from_dict({"device": given, "compensation": "global"})
    if not isinstance(given, str | Path):
        return AnalogHardware.from_dict(dict(given))
    loaded = read_sheet(Path(given))
    data = None if loaded.document is None or loaded.problems else loaded.document.data
    if not isinstance(data, dict):
        raise AnalogError(
            f"{given} holds no mapping of hardware values",
            loaded.problems[0].message if loaded.problems else "each value has a name",
            f"give one of {', '.join(KINDS)}, or a YAML file as docs/simulate.md describes it",
        )
    return AnalogHardware.from_dict(data)
