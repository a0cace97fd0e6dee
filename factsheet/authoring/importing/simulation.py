"""Read the results of `factsheet simulate`: scores over time, losses by layer, when to program again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from factsheet.authoring.importing.collected import Collected
from factsheet.authoring.importing.imported import Imported, ImportKind
from factsheet.authoring.importing.reading import line_of, number_of, read_json
from factsheet.quantities.metrics import metric_named

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.authoring.importing.imported import ImportOptions

_SCHEMAS = (b'"factsheet.simulation/1"', b'"factsheet.sensitivity/1"')
_UNITS = (("weeks", 604800.0), ("days", 86400.0), ("h", 3600.0), ("s", 1.0))


def _recognises(path: Path, head: bytes) -> bool:
    return path.suffix.lower() == ".json" and any(schema in head for schema in _SCHEMAS)


def read(source: str, options: ImportOptions) -> Imported:  # noqa: ARG001  results need none
    """Return scores over time and the refresh interval, as simulated.

    Raises:
        UsageError: it is no JSON that can be read.
    """
    data, text = read_json(source)
    collected = Collected(text.name, KIND.words, text.left_out)
    points = data.get("over_time")
    points = [point for point in points if isinstance(point, dict)] if isinstance(points, list) else []
    metric = line_of(data.get("metric"))
    share = _is_share(metric, data, points)
    if metric is not None:
        collected.add("robustness.metric", metric, text.place("metric"), source=None)
        if metric_named(metric) is None and isinstance(data.get("higher_is_better"), bool):
            where = text.place("higher_is_better")
            collected.add("robustness.higher_is_better", data["higher_is_better"], where, source=None)
    for number, point in enumerate(points):
        mean, after = number_of(point.get("mean")), line_of(point.get("after"))
        where = f"{text.name} over_time[{number}]"
        if mean is None or after is None:
            collected.leave(where, point, "a point needs a time and a mean")
            continue
        row = {"after": after, "score": {"value": _score(mean, share=share), "source": "simulated"}}
        collected.add("robustness.over_time[]", row, where, source=None)
    noises = data.get("over_noise")
    for number, point in enumerate(noises if isinstance(noises, list) else ()):
        named = point if isinstance(point, dict) else {}
        mean, strength = number_of(named.get("mean")), number_of(named.get("strength"))
        where = f"{text.name} over_noise[{number}]"
        if mean is None or strength is None:
            collected.leave(where, point, "a point needs a strength and a mean")
            continue
        score = {"value": _score(mean, share=share), "source": "simulated"}
        after_ = line_of(named.get("after"))
        times = {"after": after_} if after_ is not None else {}
        collected.add(
            "robustness.over_noise[]", {"strength": strength, "score": score, **times}, where, source=None
        )
    digital, last = number_of(data.get("digital")), points[-1] if points else {}
    end = number_of(last.get("mean"))
    if digital is not None and end is not None:
        words = (
            f"{_score(end, share=share)} {last.get('after')} after programming, against"
            f" {_score(digital, share=share)} in floating point; mean of {data.get('repeats')} simulated chips."
        )
        collected.add("robustness.drift", words, text.place("over_time"), source="simulated")
    _refresh(collected, data.get("refresh"), text.place("refresh"), share=share)
    if "all_on_tiles" in data:
        _losses(collected, data, text.name, share=_is_share(metric, data, []))
    _hardware(collected, data.get("hardware"), text.place("hardware"))
    if "matrices" in data:
        collected.leave(
            text.place("matrices"), "errors of matrices", "a sheet has no field for the error of a product"
        )
    return collected.imported()


def _is_share(metric: str | None, data: dict[str, Any], points: list[dict[str, Any]]) -> bool:
    known = metric_named(metric)
    if known is not None and known.share is False:
        return False
    scores = [number_of(data.get("digital")), *(number_of(point.get("mean")) for point in points)]
    return all(score is not None and 0 <= score <= 1 for score in scores)


def _score(value: float, *, share: bool) -> str:
    return f"{100 * value:.2f} %" if share else f"{value:.6g}"


def _refresh(collected: Collected, refresh: object, where: str, *, share: bool) -> None:
    if not isinstance(refresh, dict):
        return
    seconds, loss = number_of(refresh.get("seconds")), number_of(refresh.get("accepted_loss"))
    words = line_of(refresh.get("words")) or ""
    if loss is not None:
        shown = f"{100 * loss:.4g} percentage points" if share else f"{loss:.6g}"
        collected.add("robustness.accepted_loss", shown, where, source=None)
    if seconds is None or seconds <= 0:
        collected.leave(where, words or refresh, "the loss is not reached at a time that was simulated")
        return
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), _UNITS[-1])
    # Rounded down: the loss is not to be larger before the interval ends.
    interval = f"{math.floor(seconds / size * 100) / 100:g} {unit}"
    collected.add("performance.refresh_interval", interval, where, source="simulated", note=words)


def _losses(collected: Collected, data: dict[str, Any], name: str, *, share: bool) -> None:
    """Take what each layer and each source of error costs."""
    confidence, after = number_of(data.get("confidence")), line_of(data.get("after"))
    whole = _loss(data.get("all_on_tiles"), share=share)
    chips = data["all_on_tiles"].get("chips") if isinstance(data["all_on_tiles"], dict) else None
    stated: tuple[tuple[str, Any], ...] = (
        ("after", after),
        ("chips", chips),
        ("confidence", None if confidence is None else f"{100 * confidence:.4g} %"),
        ("loss", whole),
    )
    for key, value in stated:
        if value is not None:
            place = f"{name} {'all_on_tiles' if key in {'chips', 'loss'} else key}"
            collected.add(f"robustness.sensitivity.{key}", value, place, source="simulated")
    for key, field in (("layers", "layers"), ("sources", "noise_sources")):
        parts = data.get(key)
        for number, part in enumerate(parts if isinstance(parts, list) else ()):
            where = f"{name} {key}[{number}]"
            own = line_of(part.get("name")) if isinstance(part, dict) else None
            losses = {} if own is None else {side: _loss(part.get(side), share=share) for side in _SIDES}
            row = {side: {"value": loss, "source": "simulated"} for side, loss in losses.items() if loss}
            if own is None or not row:
                collected.leave(where, part, "a row needs a name and a loss")
                continue
            flags = [part[side].get("beyond_noise") for side in _SIDES if side in row]
            known = len(flags) == len(_SIDES) and all(isinstance(flag, bool) for flag in flags)
            noise = {"beyond_noise": _BEYOND[flags[0], flags[1]]} if known else {}
            collected.add(
                f"robustness.sensitivity.{field}[]", {"name": own, **row, **noise}, where, source=None
            )
    if data.get("mapping") is not None:
        reason = "it was chosen for one loss; `factsheet simulate --sensitivity --accept-loss … --write` puts it in"
        collected.leave(f"{name} mapping", "the proposed mapping", reason)


_SIDES = ("alone", "won_back")
_BEYOND = {(True, True): "both", (True, False): "alone", (False, True): "won back", (False, False): "neither"}


def _loss(loss: object, *, share: bool) -> str | None:
    """Return a loss with the reach of its interval: `0.80 % ± 0.15 %`."""
    mean = number_of(loss.get("mean")) if isinstance(loss, dict) else None
    if not isinstance(loss, dict) or mean is None:
        return None
    ends = loss.get("interval")
    low, high = map(number_of, (ends[0], ends[-1]) if isinstance(ends, list) and ends else (None, None))
    reach = "" if low is None or high is None else _score((high - low) / 2, share=share)
    return f"{_score(mean, share=share)} ± {reach}" if reach.strip("0. %") else _score(mean, share=share)


def _hardware(collected: Collected, hardware: object, where: str) -> None:
    """Say what was simulated: the devices, the noise that acts, the converters, the compensation of drift."""
    if not isinstance(hardware, dict):
        return
    device = hardware.get("device")
    device = device if isinstance(device, dict) else {}
    kind = line_of(device.get("kind"))
    acting = [words for key, words in _NOISES if (number_of({**device, **hardware}.get(key)) or 0) > 0]
    if acting:
        collected.add("inference_methodology.non_idealities", acting, where, source="simulated")
    if kind is None:
        return
    collected.add("inference_methodology.devices.device", _DEVICES.get(kind, kind), where, source="simulated")
    g_max = number_of(hardware.get("g_max_us"))
    if g_max is not None:
        collected.add("inference_methodology.devices.g_max", f"{g_max:g} µS", where, source="simulated")
    tile = hardware.get("tile")
    sides = f" on tiles of {tile.get('rows')} x {tile.get('cols')}" if isinstance(tile, dict) else ""
    bits = [
        f"{bits} bits at the {name}"
        for key, name in (("dac", "inputs"), ("adc", "outputs"))
        if isinstance(hardware.get(key), dict) and (bits := hardware[key].get("bits")) is not None
    ]
    words = f"Simulated: weights are programmed once into conductances{sides} and read for every input"
    collected.add("inference_methodology.summary", ", ".join([words, *bits]) + ".", where, source="simulated")
    scale = number_of(device.get("programming"))
    if scale is not None:
        programmed = f"Simulated: one pass with {scale:g} times the programming noise of the model `{kind}`."
        collected.add("inference_methodology.programming", programmed, where, source="simulated")
    compensation = line_of(str(hardware.get("compensation") or ""))
    if compensation is None:
        compensation = "none"
    collected.add(
        "inference_methodology.compensation", f"Simulated: {compensation}.", where, source="simulated"
    )


_NOISES = (
    ("programming", "programming noise"),
    ("read_noise", "read noise"),
    ("drift_exponent", "conductance drift"),
    ("input_noise", "input noise"),
    ("output_noise", "output noise"),
    ("stuck_rate", "stuck devices"),
    ("ir_drop", "voltage drop along the wires"),
)
"""Keys of a hardware file with the non-ideality that acts where they are above 0."""
_DEVICES = {"pcm": "phase-change memory (PCM)", "reram": "resistive memory (ReRAM)"}


KIND = ImportKind("simulation", "results of `factsheet simulate`", _recognises, read)
