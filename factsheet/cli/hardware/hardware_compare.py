"""`factsheet hardware compare`: what the model of a chip says beside what is published of it."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factsheet.cli.network import named_hardware
from factsheet.cli.options import Output
from factsheet.cli.sheets import deliver
from factsheet.cli.terminal import console_for, grid_of, print_grid, print_text, text_of
from factsheet.cli.usage.completions import complete_profiles
from factsheet.cli.usage.format_option import format_option
from factsheet.errors import UsageError
from factsheet.quantities.dimensions import DIMENSIONS
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.digital.validation import DeviceCheck
    from factsheet.hardware.profile import Profile
    from factsheet.recompute.published import Held

    Compared = Sequence[tuple[Profile, tuple[Held, ...]]]

SCHEMA = "factsheet.hardware.compare/1"
_WHAT = {
    "rate": "throughput, peak",
    "efficiency": "efficiency",
    "inference_efficiency": "inferences per joule",
    "mvm_time": "time of a product",
    "mvm_energy": "energy of a product",
}
_OF_TIME = ("time", "throughput")
_HEAD = """\
# What the model of a chip says, beside what is published

Written by `factsheet hardware compare --format markdown`; `factsheet hardware show PROFILE` has every constant with its
source. The model is described in [cost-model.md](cost-model.md).

- *Standing* of a published figure: `published` was read at the source, `secondary` is quoted elsewhere, `inferred` is
  arithmetic on the former.
- *Fitted* marks a result that a constant of the profile was chosen to bring out right: its small error says nothing.
- *Rests on* is the weakest standing of the constants that the model's value follows from.
- *Bounds*: where a note says "at least this" or "at most this", the profile has no figure for a part of the chip.
- A chip's own peak is that of all its tiles at work, with every cell in use; nothing of a chip but its tiles is added
  where its profile gives no figure for it.

## What may be concluded

The table has the errors of all results that no constant was fitted on. A fitted result says nothing, and is left out.

- **Peaks of tiles and chips** follow from the tile's own figures. Where model and source differ by more than a tenth,
  the source counts something else, and the notes below say what.
- **Energy, power and efficiency of a network** were checked on few chips, and on networks that those chips were built
  for: take an estimate as good to a third, not better, and less where the table has nothing for the chip.
- **Time of a network** is as good only where the profile has the time of all that is done beside the products.
  Elsewhere it is a lower bound, and the last column shows how far below the truth one can be: several times.
- **A bound** is worked out from the parts that are known, and is off by the errors of those: a lower bound of an
  energy can be somewhat above what was measured.
- **Area** is checked by sums over components alone. For `ibm-2022` it was fitted.
- **Simulated systems** (`ibm-2022`, `bruschi-512`, `isaac-ce`, `puma`) check the model against other models,
  `ambrogio-34`, `hermes-64`, `neurram` and `princeton-65nm` against chips that were built.

Not held against the model: ResNet-32 in 52 µs an image, which Joshi et al. 2020
([doi:10.1038/s41467-020-16108-9](https://doi.org/10.1038/s41467-020-16108-9), section III) estimate for 100 ns a
product, for want of the size of an array there; what AnalogNAS prints for its network T500, whose layers could not be
made out.
"""


def compare(
    names: Sequence[str], output_format: Literal["text", "markdown", "json"], output: Path | None
) -> int:
    """Write every published result of the profiles beside the model's value.

    Raises:
        FactsheetError: there is no such profile, or it cannot be read.
    """
    from factsheet.hardware.profile import profile_names, profile_of
    from factsheet.recompute.published import hold  # start-up

    chips, devices = _named(names)
    profiles = chips if names else [profile_of(name) for name in profile_names()]
    compared = [(profile, hold(profile)) for profile in profiles]
    checks = _checked(devices if names else None)
    if output_format == "json":
        return deliver(_json(compared, checks), output)
    if output_format == "markdown":
        return deliver(_markdown(compared, checks), output)
    return deliver(_text(compared, checks, to_file=output is not None), output)


def _named(names: Sequence[str]) -> tuple[list[Profile], list[str]]:
    """Return the chips that are named, and the names of the digital devices.

    Raises:
        UsageError: a digital device of the user's own, whose published times are not known here.
    """
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import digital_names

    chips: list[Profile] = []
    devices: list[str] = []
    for name in names:
        found = named_hardware(name)
        if not isinstance(found, DigitalProfile):
            chips.append(found)
        elif found.name in digital_names():
            devices.append(found.name)
        else:
            raise UsageError(
                "a digital profile of one's own names no published times to hold it against",
                help="say under `fit` how it comes out at points that were kept; `factsheet hardware show` shows it",
                place=name,
            )
    return chips, devices


def _checked(devices: Sequence[str] | None) -> tuple[DeviceCheck, ...]:
    if devices is not None and not devices:
        return ()
    from factsheet.digital.validation import check_devices  # start-up

    return check_devices(devices)


def _error(held: Held) -> str:
    # Adding zero turns a rounded minus zero into a plain one.
    return "-" if held.error is None else f"{round(held.error * 100, 1) + 0.0:+.1f} %".replace("+0.0", "0.0")


def _model(held: Held) -> str:
    return "-" if held.model is None else format_value(held.model, held.dimension, 4)


def _what(held: Held) -> str:
    return f"{_WHAT.get(held.what, held.what)} of {held.of}"


def _text(compared: Compared, checks: Sequence[DeviceCheck], *, to_file: bool) -> str:
    from rich.text import Text  # loaded only for tables

    buffer = io.StringIO()
    console = console_for(buffer, to_file=to_file)
    for profile, results in compared:
        print_text(console, f"{profile.title} ({profile.name})\n")
        if not results:
            print_text(console, "nothing is published of it that the profile names\n")
            continue
        grid = grid_of(
            ("figure", "left"),
            ("published", "right"),
            ("the model", "right"),
            ("error", "right"),
            ("fitted", "left"),
            ("rests on", "left"),
        )
        for held in results:
            fitted = "fitted on it" if held.fitted else ""
            cells = (_what(held), held.published, _model(held), _error(held), fitted, held.rests_on or "-")
            grid.add_row(*map(Text, cells))
        print_grid(console, grid)
        for line in dict.fromkeys(f"  {_what(held)}: {held.note}" for held in results if held.note):
            print_text(console, line)
        print_text(console, "")
    if checks:
        from factsheet.cli.hardware.digital_compare import devices_table

        print_grid(console, devices_table(checks))
    return text_of(buffer)


def _markdown(compared: Compared, checks: Sequence[DeviceCheck]) -> str:
    from factsheet.cli.hardware.digital_compare import devices_markdown

    sections = [line for profile, results in compared for line in _section(profile, results)]
    conclusion = _conclusion(compared) if compared else ()
    return "\n".join([_HEAD, *conclusion, *sections, *(devices_markdown(checks) if checks else ())])


def _conclusion(compared: Compared) -> Iterator[str]:
    """Yield how far off the model is where it can be off: nothing fitted, and no part of the chip left out."""
    yield "| Chip | Tiles and chips at their peak | Networks, layers and steps | Bounds of energy | Bounds of time |"
    yield "| --- | --- | --- | --- | --- |"
    for profile, results in compared:
        known = [held for held in results if held.error is not None and not held.fitted]
        whole = [held for held in known if held.bound is None]
        cells = (
            f"`{profile.name}`",
            _spread([held for held in whole if held.scope != "network"]),
            _spread([held for held in whole if held.scope == "network"]),
            _spread([held for held in known if held.bound is not None and held.what not in _OF_TIME]),
            _spread([held for held in known if held.bound is not None and held.what in _OF_TIME]),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _spread(results: Sequence[Held]) -> str:
    """Write out how many results there are, and the errors from the lowest to the highest."""
    errors = sorted((held for held in results if held.error is not None), key=lambda held: held.error or 0.0)
    if not errors:
        return "none"
    low, high = _error(errors[0]), _error(errors[-1])
    return f"{len(errors)}: {low}" + (f" to {high}" if low != high else "")


def _section(profile: Profile, results: Sequence[Held]) -> Iterator[str]:
    from factsheet.recompute.published import digital_apart  # start-up

    yield f"## `{profile.name}`: {profile.title}\n"
    if not results:
        yield "The profile names no published result.\n"
        return
    yield "| Figure | Published | Standing | The model | Error | Fitted | Rests on |"
    yield "| --- | ---: | --- | ---: | ---: | --- | --- |"
    for held in results:
        fitted = "yes" if held.fitted else "no"
        cells = (
            _what(held),
            held.published,
            held.standing,
            _model(held),
            _error(held),
            fitted,
            held.rests_on or "-",
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield from dict.fromkeys(f"- {_what(held)}: {held.note}" for held in results if held.note)
    for apart in digital_apart(profile):
        low, high = sorted(apart.values)
        shown = (
            f"{format_value(low, apart.held.dimension, 4)} to {format_value(high, apart.held.dimension, 4)}"
        )
        yield (
            f"- Digital operations are charged within `{apart.within}`. Charged apart at {apart.efficiency}, "
            f"{_what(apart.held)} would be {shown}: {_change(low, apart.held)} to {_change(high, apart.held)}."
        )
    by_source: dict[str, list[str]] = {}
    for held in results:
        by_source.setdefault(held.source, []).append(_what(held))
    yield from (f"- Source of {'; '.join(whats)}: {source}." for source, whats in by_source.items())
    yield ""


def _change(value: float, held: Held) -> str:
    return f"{(value - held.value) / held.value:+.1%}".replace("%", " %")


def _json(compared: Compared, checks: Sequence[DeviceCheck]) -> str:
    from factsheet.cli.hardware.digital_compare import devices_json

    profiles = [
        {
            "profile": profile.name,
            "results": [
                {
                    "what": held.what,
                    "of": held.of,
                    "published": held.published,
                    "value": held.value,
                    "unit": DIMENSIONS[held.dimension].base,
                    "standing": held.standing,
                    "source": held.source,
                    "model": held.model,
                    "error": held.error,
                    "rests_on": held.rests_on,
                    "fitted": held.fitted,
                    "bound": held.bound,
                    "note": held.note,
                }
                for held in results
            ],
        }
        for profile, results in compared
    ]
    data = {"schema": SCHEMA, "profiles": profiles, "digital": devices_json(checks)}
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def command(
    *,
    profiles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PROFILE",
            autocompletion=complete_profiles,
            help="Names, or your own .yaml files; all if left out.",
            show_default=False,
        ),
    ] = None,
    output_format: Annotated[
        Literal["text", "markdown", "json"], format_option("text", "markdown", "json")
    ] = "text",
    output: Output = None,
) -> None:
    """Hold the model against what is published of each chip: value, error, and whether a constant was fitted on it.

    Example:
      factsheet hardware compare ibm-2022
    """
    raise typer.Exit(compare(profiles or [], output_format, output))
