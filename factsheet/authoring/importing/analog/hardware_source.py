"""Find the hardware of a simulation by any name that users have for it: theirs, ours, or a toolkit's.

A kind of device, a file of values, a configuration of aihwkit or aihwkit-lightning (an object, JSON, YAML, a script
that is parsed and not run, a preset by its name), or a callable of the user's own that returns any of these.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from factsheet.authoring.importing.analog.hardware_file import hardware_of
from factsheet.authoring.importing.analog.settings import AnalogConfiguration
from factsheet.authoring.importing.analog.structured_source import configuration_in, node_of
from factsheet.authoring.importing.analog.toolkits import AIHWKIT
from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.rpu_config import KIND, configuration_of, configurations_in
from factsheet.errors import AnalogError, FactsheetError
from factsheet.source.characters import make_safe
from factsheet.source.loader import read_sheet

if TYPE_CHECKING:
    from factsheet.authoring.importing.imported import LeftOut
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware

PRESETS = tuple(sorted(name for name in AIHWKIT.inference if name.endswith("Preset")))
"""Presets of aihwkit that can be named."""
_FILES = {".yaml", ".yml", ".json", ".py"}
_ON_THE_CHIP = (
    "ReRam",
    "Capacitor",
    "EcRam",
    "Idealized",
    "GokmenVlasov",
    "PCM",
    "TikiTaka",
    "TTv2",
    "AGAD",
    "MixedPrecision",
)
_DEEPEST = 3


class NamedHardware(NamedTuple):
    """The hardware of a simulation, and what its source asks for that is not simulated so."""

    hardware: AnalogHardware
    left: tuple[LeftOut, ...] = ()


def hardware_from(given: object, *, depth: int = 0) -> NamedHardware:
    """Return the hardware that a user names.

    Args:
        given: a kind of device, the name of a preset, a file, `module:callable` (which is run), values, or an
            `rpu_config`.
        depth: calls so far whose result was a name again.

    Raises:
        AnalogError: nothing of that name is known, or it is none that could exist, or that can be simulated.
        UsageError: the file, or what the callable gives, is no configuration.
        SourceUnreadableError: the file cannot be read.
    """
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware  # loads torch
    from factsheet.crossbar.functional.hardware_sources import read_hardware

    if isinstance(given, AnalogHardware):
        return NamedHardware(given)
    if isinstance(given, Mapping):
        return _of_mapping(dict(given), "the mapping") or NamedHardware(read_hardware(given))
    if isinstance(given, str | Path):
        return _named(str(given), depth)
    name = "the given object"
    return simulated(Collected(name, KIND.words), [configuration_of(given, name)])


def hardware_warned_of(given: object) -> AnalogHardware:
    """Return the hardware that a user names, with a warning of what is simulated otherwise than its source says.

    Raises:
        FactsheetError: as `hardware_from`.
    """
    named = hardware_from(given)
    if named.left:
        otherwise = (f"{one.what} ({one.where}): {one.why}" for one in named.left)
        warnings.warn(f"simulated otherwise: {'; '.join(otherwise)}", stacklevel=3)
    return named.hardware


def _named(name: str, depth: int) -> NamedHardware:
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware  # loads torch
    from factsheet.crossbar.functional.hardware_sources import read_hardware
    from factsheet.crossbar.functional.hardware_values import KINDS

    if name in KINDS:
        return NamedHardware(read_hardware(name))
    if name in PRESETS:
        return simulated(*configurations_in(name)[:2])
    suffix = Path(name).suffix.lower()
    if ":" in name and suffix not in _FILES and not Path(name).exists():
        if depth > _DEEPEST:
            raise AnalogError(
                f"{make_safe(name)} names itself", "no hardware comes of it", "return the hardware"
            )
        made = _called(name)
        if isinstance(made, str | Path | Mapping):
            return hardware_from(made, depth=depth + 1)
        if isinstance(made, AnalogHardware):
            return NamedHardware(made)
        return simulated(Collected(make_safe(name), KIND.words), [configuration_of(made, make_safe(name))])
    if suffix not in _FILES:
        raise AnalogError(f"`{make_safe(name)[:80]}` is no hardware that is known", _why(name), _known(KINDS))
    if suffix == ".py":
        return simulated(*configurations_in(name)[:2])
    loaded = read_sheet(Path(name))
    data = None if loaded.document is None or loaded.problems else loaded.document.data
    if isinstance(data, dict) and configuration_in(data) is not None:
        return simulated(*configurations_in(name)[:2])
    return NamedHardware(read_hardware(name))


def _of_mapping(data: dict[str, object], name: str) -> NamedHardware | None:
    """Return what a mapping with sections of a toolkit describes; `None` of one with values of a hardware."""
    mapping = configuration_in(data)
    if mapping is None:
        return None
    node, toolkit, _ = node_of(mapping)
    return simulated(Collected(name, KIND.words), [AnalogConfiguration(name, toolkit, node, name)])


def simulated(collected: Collected, found: list[AnalogConfiguration]) -> NamedHardware:
    """Return the hardware of the one configuration that a source has.

    Args:
        collected: takes what is simulated otherwise.
        found: the configurations.

    Raises:
        AnalogError: there are several, or it describes no hardware that can be simulated.
    """
    from factsheet.crossbar.functional.analog_hardware import AnalogHardware  # loads torch

    if len(found) > 1:
        raise AnalogError(
            f"{collected.name} has several configurations: {', '.join(one.words for one in found[:5])}",
            "one hardware is simulated",
            "give a file with one of them, or `module:callable` that returns it",
        )
    before = len(collected.left_out)
    values = hardware_of(collected, found[0])
    left = tuple(collected.left_out[before:])
    if values is None:
        raise AnalogError(
            f"{collected.name} describes no hardware that can be simulated",
            "; ".join(one.why for one in left[:3]),
            "`factsheet new --from FILE --report REPORT` lists what was read; complete it, or write the hardware as "
            "docs/simulate.md describes it",
        )
    return NamedHardware(AnalogHardware.from_dict(values), left)


def _called(name: str) -> object:
    module, _, function = name.partition(":")
    try:
        return getattr(importlib.import_module(module), function)()
    except FactsheetError:
        raise
    except Exception as error:  # the user's own code may fail in any way
        raise AnalogError(
            f"{make_safe(name)} gave no hardware",
            f"{type(error).__name__}: {make_safe(str(error))[:200]}",
            "correct it; it is called without arguments, and returns an AnalogHardware, an rpu_config or a mapping",
        ) from error


def _why(name: str) -> str:
    if name.endswith("Preset") and any(one in name for one in _ON_THE_CHIP):
        return "it trains on the chip, by updates of its devices; here networks are trained digitally, for the chip"
    return "it is no kind of device, no preset and no file of values"


def _known(kinds: Mapping[str, object]) -> str:
    names = ", ".join((*kinds, *PRESETS))
    return f"give {names}, a .yaml, .json or .py file, or `module:callable`; see docs/simulate.md"
