"""The closed table of dimensions: every unit that a sheet may use, and its factor to the base unit.

A closed table rather than a unit library: one library reads the prefix of an area as that of a length,
another costs more to import than the rest of a check. Factors are definitions: the SI Brochure (BIPM, 9th
edition) for prefixes (table 7), min, h, d (table 8) and 0 °C = 273.15 K; IEC 80000-13 for KiB, MiB and so on;
the Julian year of 365.25 days, with a month as its twelfth part.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from factsheet.errors import UnitsError
from factsheet.quantities.units import LARGEST_SCORE, Dimension, Scale

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PREFIXES: Mapping[str, int] = MappingProxyType(
    {"a": -18, "f": -15, "p": -12, "n": -9, "µ": -6, "μ": -6, "u": -6, "m": -3, "c": -2, "": 0}
    | {"k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
)
_MINUTE, _HOUR, _DAY, _YEAR = 60.0, 3600.0, 86400.0, 31557600.0
_COUNTED = (
    *("parameter", "param", "weight", "device", "cell", "conductance", "tile", "array", "core", "chip"),
    *("GPU", "row", "column", "layer", "block", "head", "neuron", "unit", "channel", "node", "label"),
    *("sample", "example", "sequence", "sentence", "token", "word", "image", "pair", "task", "inference"),
    *("bit", "level", "epoch", "step", "run", "seed", "time", "use", "position"),
    *(
        "document",
        "text",
        "article",
        "question",
        "review",
        "utterance",
        "recording",
        "clip",
        "frame",
        "video",
    ),
    *("record", "instance", "point", "molecule", "patient", "beat", "triple"),
)
_OF_WHAT = (
    *("training", "test", "validation", "labelled", "labeled", "unlabelled", "unlabeled", "annotated"),
    *(
        "sentence",
        "image",
        "text",
        "question",
        "word",
        "token",
        "speech",
        "audio",
        "video",
        "data",
        "parallel",
    ),
)
"""What is counted is often named by two words: `sentence pairs`, `training images`."""
_SCORE_UNITS = ("dex", "dB", "nats", "bits", "BLEU", "mag", "px", "pixels", "K", "°C", "eV", "meV")
"""Units of scores that are no shares; one that is not listed is written once, in the table's or the row's `unit`."""
_EVENTS = ("inference", "sample", "sequence", "token", "sentence", "image", "example", "frame", "request")


def dimension(name: str) -> Dimension:
    """Look up a dimension by its name.

    Raises:
        UnitsError: the table has no dimension of this name.
    """
    try:
        return DIMENSIONS[name]
    except KeyError:
        raise UnitsError(f"no dimension {name!r}; there are {', '.join(DIMENSIONS)}") from None


@lru_cache(maxsize=2048)
def scale(tail: str, name: str) -> Scale | None:
    """`Dimension.scale` of the dimension `name`, remembered: a project's sheets share their few units.

    Raises:
        UnitsError: the table has no dimension of this name.
    """
    return dimension(name).scale(tail)


def _si(prefixes: str, *symbols: str, power: int = 1) -> dict[str, float]:
    """Spell out prefixed symbols; `-` means no prefix, `µ` for its two code points and `u`."""
    spelt = prefixes.replace("µ", "µ μ u").replace("-", "").split(" ")
    return {p + symbol: float(f"1e{power * _PREFIXES[p]}") for symbol in symbols for p in spelt}


def _times(factor: float, units: Mapping[str, float], per: str = "") -> dict[str, float]:
    return {unit + per: size * factor for unit, size in units.items()}


def _words(factor: float, *words: str) -> dict[str, float]:
    """Words, as opposed to symbols, may start with a capital."""
    return {spelt: factor for word in words for spelt in (word, word[0].upper() + word[1:])}


def _plural(factor: float, *words: str) -> dict[str, float]:
    return _words(factor, *(form for word in words for form in (word, word + "s")))


def _shown(prefixes: str, symbol: str, power: int = 1) -> tuple[tuple[str, float, float], ...]:
    """Write a value in the largest of the prefixed units that it reaches."""
    sizes = ((p, float(f"1e{power * _PREFIXES[p]}")) for p in prefixes.replace("-", "").split(" "))
    return tuple((p + symbol, size, size) for p, size in sizes)


def _scaled(symbol: str) -> tuple[tuple[str, float, float], ...]:
    """Write a value with the largest scale letter that it reaches: `21.74 G ops`."""
    return tuple(
        (f"{p} {symbol}".strip(), size, size)
        for p, size in zip(" kMGTP", (1.0, 1e3, 1e6, 1e9, 1e12, 1e15), strict=True)
    )


def _worded(unit: str) -> tuple[tuple[str, float, float], ...]:
    """Write what is counted in full, and in words from a million on: a prefix belongs to a unit, not to inferences."""
    sizes = (("", 1.0), ("million", 1e6), ("billion", 1e9), ("trillion", 1e12))
    return tuple((f"{word} {unit}".strip(), size, size if word else 0.0) for word, size in sizes)


def _counts() -> Iterator[Dimension]:
    words = _plural(1.0, *_COUNTED) | _words(1.0, "class", "classes")
    yield Dimension(
        "count",
        "count",
        "1",
        words,
        "110 million",
        scale_words=True,
        bare=True,
        counted=True,
        modifiers=_OF_WHAT,
        shown=_worded(""),
    )
    ops = dict.fromkeys(("ops", "op", "Ops", "Op", "OPs", "OP", "FLOPs", "FLOP"), 1.0)
    yield Dimension(
        "ops",
        "number of operations",
        "ops",
        ops | _plural(1.0, "operation"),
        "approx. 21.84 G ops",
        scale_words=True,
        bare=True,
        counted=True,
        shown=_scaled("ops"),
    )
    yield Dimension(
        "data_size",
        "data size",
        "B",
        _bytes() | _plural(1.0, "byte"),
        "440 MB",
        shown=_shown("- k M G T P", "B"),
    )


def _bytes() -> dict[str, float]:
    binary = {f"{p}B": float(1024**power) for power, p in enumerate(("Ki", "Mi", "Gi", "Ti"), start=1)}
    return _si("- k M G T P", "B") | binary


def _pure_numbers() -> Iterator[Dimension]:
    percent = {"%": 0.01} | _words(0.01, "percent", "pct")
    points = {"pp": 0.01, "% points": 0.01} | _plural(0.01, "percentage point")
    shown = (("%", 0.01, 0.0),)
    # A bare 81.2 among fractions is a percentage that lost its sign more often than a ratio of 81.2.
    yield Dimension(
        "ratio", "ratio", "1", percent | points, "0.5 %", bare=True, bare_limit=1.0, signed=True, shown=shown
    )
    scored = percent | dict.fromkeys(_SCORE_UNITS, 1.0)
    yield Dimension(
        "score",
        "score",
        "1",
        scored,
        "66.40 %",
        bare=True,
        signed=True,
        largest=LARGEST_SCORE,
        shown=shown,
    )
    # What "points" of a score that is no share are worth is for the table to say: they are that score's own unit.
    differences = scored | points | _plural(0.01, "point")
    yield Dimension(
        "score_difference",
        "difference of scores",
        "1",
        differences,
        "-0.66 percentage points",
        bare=True,
        signed=True,
        largest=LARGEST_SCORE,
        shown=shown,
    )
    yield Dimension("number", "plain number", "1", {}, "5e-5 to 1.5e-4", bare=True, signed=True)


def _time_and_space() -> Iterator[Dimension]:
    clock = {"min": _MINUTE, "h": _HOUR, "hr": _HOUR, "d": _DAY} | _plural(_MINUTE, "minute")
    words = _plural(1.0, "second") | _plural(1e-3, "millisecond") | _plural(1e-6, "microsecond")
    calendar = _plural(_DAY, "day") | _plural(7 * _DAY, "week") | _plural(_YEAR / 12, "month")
    # Tenths of a millisecond and of a second are how latencies are quoted; two of a long unit read better
    # than one and a fraction.
    thresholds = (("ms", 1e-3, 1e-4), ("s", 1.0, 0.1), ("min", 60.0, 120.0), ("h", _HOUR, 2 * _HOUR))
    long = (("days", _DAY, 2 * _DAY), ("years", _YEAR, 2 * _YEAR))
    time = Dimension(
        "time",
        "time",
        "s",
        _si("f p n µ m -", "s")
        | _si("n µ m", "sec")
        | words
        | _plural(1e-9, "nanosecond")
        | {"sec": 1.0}
        | clock
        | _plural(_HOUR, "hour")
        | calendar
        | _plural(_YEAR, "year"),
        "0.19 ms",
        shown=(*_shown("f p n µ", "s"), *thresholds, *long),
    )
    yield time
    yield replace(time, name="time_difference", title="difference of times", example="-1.2 ms", signed=True)
    squares = _si("n µ m c -", "m²", "m2", "m^2", power=2) | dict.fromkeys(("sq.mm", "sq. mm", "sq mm"), 1e-6)
    yield Dimension("area", "area", "m²", squares, "780.4 mm²", shown=_shown("n µ m -", "m²", power=2))
    length = Dimension("length", "length", "m", _si("n µ m c -", "m"), "14 nm", shown=_shown("n µ m -", "m"))
    yield length
    yield replace(
        length, name="length_difference", title="difference of lengths", example="-2 mm", signed=True
    )
    yield Dimension(
        "frequency", "frequency", "Hz", _si("- k M G T", "Hz"), "1 GHz", shown=_shown("- k M G", "Hz")
    )


def _electrical() -> Iterator[Dimension]:
    watts = _si("p n µ m - k M", "W") | _plural(1.0, "watt")
    yield Dimension("power", "power", "W", watts, "3.13 W", shown=_shown("n µ m - k M", "W"))
    joules = _si("a f p n µ m - k M G", "J") | _plural(1.0, "joule")
    hours = _times(3600.0, _si("m - k M G", "Wh"))
    yield Dimension(
        "energy", "energy", "J", joules | hours, "7.34 pJ", shown=_shown("f p n µ m - k M G", "J")
    )
    siemens = _si("p n µ m -", "S")
    yield Dimension("conductance", "conductance", "S", siemens, "25 µS", shown=_shown("p n µ m -", "S"))
    volts, amperes = _si("n µ m - k", "V"), _si("f p n µ m -", "A")
    yield Dimension("voltage", "voltage", "V", volts, "0.8 V", signed=True, shown=_shown("n µ m - k", "V"))
    yield Dimension(
        "current", "current", "A", amperes, "10 µA", signed=True, shown=_shown("f p n µ m -", "A")
    )
    # U+03A9 (Greek omega) and U+2126 (ohm sign) look alike.
    ohms = _si("m - k M G", "\u03a9", "\u2126", "ohm") | {"ohms": 1.0}
    yield Dimension("resistance", "resistance", "ohm", ohms, "10 kohm", shown=_shown("m - k M G", "ohm"))
    kelvin = {"mK": 1e-3, "K": 1.0, "kelvin": 1.0, "°C": 1.0, "℃": 1.0, "degC": 1.0}
    yield Dimension(
        "temperature",
        "temperature",
        "K",
        kelvin,
        "25 °C",
        signed=True,
        offsets=dict.fromkeys(("°C", "℃", "degC"), 273.15),
        shown=(("°C", 1.0, 0.0),),
    )


def _rates() -> Iterator[Dimension]:
    events = _plural(1.0, *_EVENTS) | {"inf": 1.0}
    per_second = {event + per: 1.0 for event in events for per in ("/s", "/sec", "/second", " per second")}
    hertz = _si("- k M G", "Hz")
    yield Dimension(
        "throughput",
        "throughput",
        "inferences/s",
        per_second | hertz,
        "2.5k inferences/s",
        scale_words=True,
        shown=_worded("inferences/s"),
    )
    per_joule = {event + "/J": 1.0 for event in events}
    smaller = {event + f"/{p}J": size for event in events for p, size in (("m", 1e3), ("µ", 1e6), ("μ", 1e6))}
    yield Dimension(
        "inferences_per_second_per_watt",
        "inference efficiency",
        "inferences/s/W",
        {event + per: 1.0 for event in events for per in ("/s/W", "/sec/W")} | per_joule | smaller,
        "6589 inferences/s/W",
        scale_words=True,
        shown=_worded("inferences/s/W"),
    )
    rate = ("OPS", "OP/s", "OPs/s", "Op/s", "Ops/s", "op/s", "ops/s", "FLOPS", "FLOP/s", "FLOPs/s")
    ops = _si("- k M G T P E", *rate)
    yield Dimension(
        "ops_per_second",
        "computing rate",
        "ops/s",
        ops,
        "0.4 POPS",
        shown=_shown("- k M G T P", "OPS"),
    )
    # Before "/W" the plural and the rate mean the same: nobody divides a number of operations by a power.
    yield Dimension(
        "data_rate",
        "data rate",
        "B/s",
        {f"{unit}{per}": size for unit, size in _bytes().items() for per in ("/s", "/sec")},
        "900 GB/s",
        shown=tuple((f"{u}/s", f, t) for u, f, t in _shown("- k M G T", "B")),
    )
    efficiency = _times(1.0, ops | _si("- k M G T P E", "OPs", "Ops", "FLOPs"), "/W")
    per_energy = _si("- k M G T P", "op/J", "ops/J", "OP/J", "OPs/J")
    yield Dimension(
        "ops_per_second_per_watt",
        "computing efficiency",
        "ops/s/W",
        efficiency | per_energy,
        "100 TOPS/W",
        shown=_shown("- k M G T P", "OPS/W"),
    )
    density = _times(1e6, ops | _si("- k M G T P E", "OPs", "Ops"))
    yield Dimension(
        "ops_per_second_per_area",
        "computing density",
        "ops/s/m²",
        {unit + per: size for unit, size in density.items() for per in ("/mm²", "/mm2", "/mm^2")}
        | {"ops/s/m²": 1.0},
        "10.9 TOPS/mm²",
        shown=tuple((u, f * 1e6, t * 1e6) for u, f, t in _shown("M G T P", "OPS/mm²")),
    )


def _footprint() -> Iterator[Dimension]:
    gases = ("CO2e", "CO₂e", "CO2eq", "CO2-eq")
    masses = {"g": 1e-3, "kg": 1.0, "t": 1e3}
    units = {f"{mass}{gap}{gas}": size for gas in gases for mass, size in masses.items() for gap in (" ", "")}
    shown = tuple((f"{mass} CO2e", size, size) for mass, size in masses.items())
    yield Dimension("carbon", "carbon footprint", "kg CO2e", units, "1.2 kg CO2e", shown=shown)
    # Per kilowatt hour, as grids are described: a factor per joule would be no short decimal.
    per_kwh = {f"{unit}/kWh": size for unit, size in units.items()}
    per_mwh = {f"{unit}/MWh": float(f"{size * 1e-3:g}") for unit, size in units.items()}
    yield Dimension(
        "carbon_intensity",
        "carbon intensity of electricity",
        "kg CO2e/kWh",
        per_kwh | per_mwh,
        "380 g CO2e/kWh",
        shown=(("g CO2e/kWh", 1e-3, 0.0), ("kg CO2e/kWh", 1.0, 1.0)),
    )
    litres = _si("m - k M", "L", "l") | _plural(1.0, "litre", "liter")
    cubic = {"m³": 1e3, "m3": 1e3, "m^3": 1e3}
    yield Dimension("volume", "volume", "L", litres | cubic, "120 L", shown=_shown("m - k M", "L"))


def _table() -> Iterator[Dimension]:
    for group in (_counts, _pure_numbers, _time_and_space, _electrical, _rates, _footprint):
        yield from group()


DIMENSIONS: Mapping[str, Dimension] = MappingProxyType({d.name: d for d in _table()})
"""Every dimension, by name."""
