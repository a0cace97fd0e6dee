"""What bills of materials of either kind say of a model: its data sets, scores, figures, energies and names of things.

These restate facts of the sheet in the words of a bill; the facts themselves go along as named properties.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from factsheet.exchange.scores import model_systems
from factsheet.facts.fact import Fact
from factsheet.sheet.labels import label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.exchange.request import ExportRequest
    from factsheet.quantities.quantity import Quantity
    from factsheet.sheet.model import SheetFields
    from factsheet.sheet.performance import ResultTable, Task
    from factsheet.source.document import KeyPath

JOULES_PER_KWH: Final = 3.6e6
KG_PER_TONNE: Final = 1000.0
_SAFE_ADDRESS: Final = re.compile(
    r"https?://[A-Za-z0-9.-]+(:\d{1,5})?"
    r"(/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    re.IGNORECASE,
)

_OF_ANY_TRAINING: Final = (
    *("optimiser", "learning_rate", "schedule", "warm_up", "weight_decay", "gradient_clipping"),
    *("batch_size", "gradient_accumulation", "epochs", "steps", "precision", "seed"),
)
_HYPERPARAMETERS: Final = {
    "training": (*_OF_ANY_TRAINING, "dropout", "total_batch_size"),
    "hwa_training": (
        *_OF_ANY_TRAINING,
        *("noise_applied_in", "weight_noise", "read_noise", "adc_noise", "input_noise"),
        *("input_bound", "output_bound", "dac_bits", "adc_bits", "dac_steps", "adc_steps", "weight_bits"),
        *("remapping", "failing_devices", "drop_connect", "seeds"),
    ),
}


@dataclass(frozen=True, slots=True)
class BillDataset:
    """A data set as a bill lists it.

    Attributes:
        path: its row in the sheet, or the section whose only name it is.
        used: `training` or `test`.
        name: as a catalogue lists it.
        version: its revision; empty where none is stated.
        note: what is said of it.
        address: where it can be had, if that is a plain web address.
        licence: its licence.
        preprocessing: what was done to it before use.
        biases: known gaps and biases.
    """

    path: KeyPath
    used: str
    name: str
    version: str = ""
    note: str = ""
    address: str = ""
    licence: str = ""
    preprocessing: str = ""
    biases: str = ""


@dataclass(frozen=True, slots=True)
class BillMetric:
    """A score or another figure of performance: its name, its value as written, and what it was taken on."""

    metric: str
    value: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class BillEnergy:
    """Energy of an activity.

    Attributes:
        activity: as the sheet calls it: `training`, `inference`, or what else was run.
        kilowatt_hours: the energy.
        tonnes: emissions, in tonnes of CO2e.
        offset: emissions that were paid for elsewhere.
        boundary: what the energy includes, and of what it is, each by name.
        source: where the electricity came from.
        provider: whose electricity it was.
    """

    activity: str
    kilowatt_hours: float
    tonnes: float | None = None
    offset: float | None = None
    boundary: tuple[tuple[str, str], ...] = ()
    source: str = ""
    provider: str = ""


@dataclass(frozen=True, slots=True)
class BillReference:
    """Something that a bill refers to: a publication, or a model that this one was made from.

    Attributes:
        name: its title or name.
        version: its revision; empty where none is stated.
        address: where it is, a plain web address or empty.
    """

    name: str
    version: str = ""
    address: str = ""


def stated(answer: object) -> str:
    """Return an answer in words; empty where there is none, or only a reason why."""
    if isinstance(answer, Fact):
        return "" if answer.absence is not None else answer.words()
    return answer if isinstance(answer, str) else ""


def part(node: object, *keys: str) -> Any:
    """Return what is at some keys; `None` where there is nothing, or where a template has no such field."""
    for key in keys:
        node = getattr(node, key, None)
    return node


def said(node: object, *keys: str) -> str:
    """Return the answer at some keys in words; empty where there is none."""
    return stated(part(node, *keys))


def is_plain_address(text: str) -> bool:
    """Return whether a text is a web address that every format takes as it is (RFC 3986, without literals)."""
    return bool(_SAFE_ADDRESS.fullmatch(text))


def serial_of(request: ExportRequest) -> str:
    """Return an identifier that is of this sheet alone: the same content has the same one."""
    return str(uuid5(NAMESPACE_URL, f"factsheet:{request.digest}"))


def moment_of(request: ExportRequest) -> str:
    """Return the moment of the export to the second, in UTC."""
    return request.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number_in(answer: object) -> float | None:
    """Return the number of a figure, in its base unit; `None` for a range or a bound, which have no single one."""
    quantity: Quantity | None = answer.quantity if isinstance(answer, Fact) else None
    return quantity.value if quantity is not None and quantity.kind == "point" else None


def short(value: float) -> float:
    """Return a number without the last digits that a conversion of units leaves behind."""
    return float(f"{value:.12g}")


def datasets_of(sheet: SheetFields) -> list[BillDataset]:
    """Return the data sets of training and of testing; one by the section's name where none is listed."""
    found: list[BillDataset] = []
    for key, used in (("training_data", "training"), ("test_data", "test")):
        section = part(sheet, key)
        whole = {"preprocessing": said(section, "preprocessing"), "biases": said(section, "known_biases")}
        rows = part(section, "datasets") or ()
        found += [
            BillDataset(
                (key, "datasets", index),
                used,
                " ".join(filter(None, (row.name, row.configuration))),
                version=row.revision or "",
                note=row.note or "",
                address=row.address if row.address and is_plain_address(row.address) else "",
                licence=row.licence or "",
                **whole,
            )
            for index, row in enumerate(rows)
        ]
        if not rows and (name := said(section, "name")):
            address = said(section, "source")
            found.append(
                BillDataset(
                    (key,),
                    used,
                    name,
                    note=said(section, "summary"),
                    address=address if is_plain_address(address) else "",
                    licence=said(section, "licence"),
                    **whole,
                )
            )
    return found


def scores_of(sheet: SheetFields) -> Iterator[BillMetric]:
    """Yield the scores of the model in the result tables; those of what it is compared with are properties alone."""
    for table in part(sheet, "performance", "results") or ():
        for task in table.tasks:
            yield from _scores(table, task)


_OF_OTHERS = frozenset({"throughput_cpu", "throughput_gpu", "energy_baseline"})
"""Figures of performance that are of what the model is compared with."""


def metrics_of(sheet: SheetFields) -> Iterator[BillMetric]:
    """Yield the model's scores in the result tables, then its other figures of performance."""
    yield from scores_of(sheet)
    performance = part(sheet, "performance")
    for key, value in vars(performance).items() if performance is not None else ():
        if isinstance(value, Fact) and value.quantity is not None and key not in _OF_OTHERS:
            yield BillMetric(label(key), value.quantity.text, _point(value))


def _scores(table: ResultTable, task: Task) -> Iterator[BillMetric]:
    for system in model_systems(table):
        if value := stated(task.scores.get(system.id)):
            subject = ", ".join(dict.fromkeys((table.name, task.task, system.name)))
            yield BillMetric(task.metric or table.metric or "score", value, subject)


def _point(answer: object) -> str:
    """Return the operating point of a figure in words."""
    at = answer.at if isinstance(answer, Fact) else None
    parts = () if at is None else (("sequence length", at.seq_len), ("batch", at.batch))
    return ", ".join(f"{words} {value}" for words, value in parts if value is not None)


def hyperparameters_of(sheet: SheetFields) -> Iterator[tuple[str, str]]:
    """Yield what training was set to, such as `training.epochs`, each with its value in words."""
    for section, keys in _HYPERPARAMETERS.items():
        for key in keys:
            if text := said(sheet, section, key):
                yield f"{section}.{key}", text


def references_of(sheet: SheetFields) -> Iterator[BillReference]:
    """Yield the references that have a plain web address, or an identifier that leads to one."""
    for one in part(sheet, "references") or ():
        address = one.url or (f"https://doi.org/{one.doi}" if one.doi else "")
        address = address or (f"https://arxiv.org/abs/{one.arxiv}" if one.arxiv else "")
        if is_plain_address(address):
            yield BillReference(one.title, address=address)


def ancestors_of(sheet: SheetFields) -> list[BillReference]:
    """Return the models that it was made from: those that are listed, else the one that is named."""
    rows = part(sheet, "model_architecture", "base_models") or ()
    found = [
        BillReference(
            row.name,
            version=row.revision or "",
            address=row.source if row.source and is_plain_address(row.source) else "",
        )
        for row in rows
    ]
    name = said(sheet, "model_architecture", "base_model")
    return found or ([BillReference(name)] if name else [])


def energies_of(sheet: SheetFields) -> Iterator[BillEnergy]:
    """Yield the energy of training, of what else was run, and of one inference, where each is one number."""
    training = part(sheet, "hardware", "training")
    yield from _energy(
        "training",
        part(training, "energy"),
        carbon=part(training, "carbon"),
        offset=part(training, "offset"),
        about=(
            ("boundary", said(training, "tracking")),
            ("usage_effectiveness", said(training, "usage_effectiveness")),
        ),
        source=said(training, "energy_source"),
        provider=said(training, "cloud") or said(training, "country"),
    )
    for row in part(training, "activities") or ():
        yield from _energy(row.activity, part(row, "energy"), carbon=part(row, "carbon"))
    performance = part(sheet, "performance")
    each = part(performance, "energy_per_inference")
    yield from _energy(
        "inference",
        each,
        about=(
            ("boundary", said(performance, "energy_boundary")),
            ("per", "inference"),
            ("inference_unit", said(performance, "inference_unit")),
            ("at", _point(each)),
        ),
    )


def _energy(
    activity: str,
    energy: object,
    *,
    carbon: object = None,
    offset: object = None,
    about: tuple[tuple[str, str], ...] = (),
    source: str = "",
    provider: str = "",
) -> Iterator[BillEnergy]:
    joules = number_in(energy)
    if joules is None:
        return
    yield BillEnergy(
        activity,
        short(joules / JOULES_PER_KWH),
        _tonnes(carbon),
        _tonnes(offset),
        tuple((name, text) for name, text in (*about, ("written", stated(energy))) if text),
        source,
        provider,
    )


def _tonnes(answer: object) -> float | None:
    kilograms = number_in(answer)
    return None if kilograms is None else short(kilograms / KG_PER_TONNE)


def inference_device(sheet: SheetFields) -> str:
    """Return the name of what the model runs on; empty where the sheet has no hardware of inference."""
    inference = part(sheet, "hardware", "inference")
    if inference is None:
        return ""
    named = (said(inference, key) for key in ("chip", "accelerator", "profile", "technology"))
    return next(filter(None, named), "inference hardware")


def training_device(sheet: SheetFields) -> str:
    """Return the name of what the model was trained on; empty where the sheet has no hardware of training."""
    training = part(sheet, "hardware", "training")
    if training is None:
        return ""
    return said(training, "accelerator") or said(training, "cpu") or "training hardware"
