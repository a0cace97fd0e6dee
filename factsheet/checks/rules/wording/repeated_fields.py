"""List the fields whose figures texts repeat, and how texts do so: `12 layers`, `up to 128 tokens`, `a batch of 4`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.quantities.quantity import parse_quantity
from factsheet.recompute.claims import Claim, points

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from factsheet.facts.fact import Fact
    from factsheet.facts.section import Record
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

_TRANSFORMERS = ("transformer_encoder", "transformer_decoder", "vision_transformer")
_DESIGNED = r"(?i)\b(?:designed|optim\w+|best|hardware|chip|accelerator|efficient\w*|recommended)\b"
_OWNS = (
    r"(?:\b(?:has|have|its|all|with|contains?|comprises|of|uses?|using|through|serves?)(?: the| all| its| identical)*"
    r"|\bthe)$"
)
_ALL_TASKS = r"(?:\b(?:over|the|all|same|these|across|its|average of)|^)$"
_CHIP = ("hardware",)
_FIGURES = ("parameters", "performance")
_SEVERAL = 2
"""One layer, task or class is often one of them, or a way to speak: `in one layer`."""
_MANY = 10_000
"""Fewer weights or devices are often those of a row or a column."""


class RepeatedFigure(NamedTuple):
    """What a figure in a text may repeat.

    Attributes:
        claims: the fields that state it; a figure that agrees with one of them is right.
        nouns: what the figure counts.
        openings: words that the figure follows.
        between: words that may be between the figure and the noun; any if empty and `free`.
        free: whether any words may be between them.
        before: what the words before the figure end with; anything if empty.
        clause: what its clause has in it; anything if empty.
        unless: what its sentence has not in it.
        part: whether the figure may be that of a part all the same: `of the 12 layers`.
        least: the smallest figure that is taken to be about this.
        ends: whether the ends of a range are compared, and not what it allows.
        without: sections whose texts are about something else.
        within: sections whose texts alone are looked at; all if empty.
    """

    claims: tuple[Claim, ...]
    nouns: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    between: frozenset[str] = frozenset()
    free: bool = False
    before: str = ""
    clause: str = ""
    unless: str = ""
    part: bool = False
    least: float = 0
    ends: bool = False
    without: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


def subjects(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    """Yield everything that texts may repeat, of what the sheet states."""
    for subject in (*_counts(sheet), *_structure(sheet), *_running(sheet), *_data(sheet)):
        if subject.claims:
            yield subject


def _claims(*stated: tuple[KeyPath, Fact | int | None]) -> tuple[Claim, ...]:
    found = []
    for path, fact in stated:
        number = fact if isinstance(fact, int) or fact is None else fact.whole
        quantity = parse_quantity(str(number), "count") if number is not None else None
        if quantity is None and fact is not None and not isinstance(fact, int):
            quantity = fact.quantity
        if quantity is not None:
            found.append(Claim(path=path, quantity=quantity))
    return tuple(found)


def _at(record: Record | None, *path: str) -> tuple[KeyPath, Fact | None]:
    """Return a field of a section, with its path."""
    return path, None if record is None else getattr(record, path[-1], None)


def _counts(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    figures = sheet.parameters
    parameters = _claims(_at(figures, "parameters", "parameters"))
    weights = _claims(_at(figures, "parameters", "analog_weights"))
    devices = _claims(_at(figures, "parameters", "devices"))
    kinds = frozenset(
        {"trainable", "model", "total", "learned", "learnable", "unique", "stored", "analog", "synaptic"}
    )
    yield RepeatedFigure(
        parameters + weights if parameters else (),
        ("parameters", "parameter"),
        between=kinds,
        least=_MANY,
        without=_CHIP,
    )
    either = weights + parameters if weights else ()
    yield RepeatedFigure(either, ("weights",), between=kinds, least=_MANY, without=_CHIP)
    yield RepeatedFigure(either, ("of them",), clause=r"\bweights\b", least=_MANY, without=_CHIP)
    memories = (
        "phase-change memory pcm memristive resistive rram reram nvm non-volatile analog unit programmable"
    )
    yield RepeatedFigure(
        devices, ("devices",), between=frozenset(memories.split()), least=_MANY, without=_CHIP
    )
    if figures is not None and figures.tile is not None:
        pairs = _claims((("parameters", "tile", "devices_per_weight"), figures.tile.devices_per_weight))
        yield RepeatedFigure(
            pairs,
            ("devices per weight", "devices a weight", "devices for a weight", "devices for each weight"),
            part=True,
        )
    hardware = sheet.hardware.inference if sheet.hardware is not None else None
    # How many tiles each of several chips has is no figure of the network, which may take more.
    of_chips = (
        r"|chips (?:of|with|that have|have|holding|hold)"
        r"|an? (?:\w+ )?(?:chip|machine|processor|accelerator) (?:of|with)"
    )
    tiles = _claims(_at(figures, "parameters", "tiles"), _at(hardware, "hardware", "inference", "tiles"))
    crossbars = frozenset({"analog", "crossbar", "compute", "computing", "aimc", "in-memory", "physical"})
    yield RepeatedFigure(
        tiles,
        ("tiles",),
        between=crossbars,
        before=r"\b(?:has|have|all|its|with|of|chip['’]s|the|on|fills?|takes?)$",
        unless=rf"(?i)\b(?:layers?|blocks?|projections?|matri\w+|embeddings?|feed-forward|convolutions?{of_chips})\b",
    )
    yield RepeatedFigure(
        _claims(_at(hardware, "hardware", "inference", "tiles")),
        ("tiles",),
        between=crossbars,
        before=r"(?i)\b(?:an?|the) (?:[\w-]+ )?chip (?:of|with)$",
    )


def _structure(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    architecture = sheet.model_architecture
    if architecture is None:
        return
    kinds = frozenset(
        {"transformer", "encoder", "decoder", "identical", "stacked", "attention", "lstm", "gru", "recurrent"}
    )
    for family in (*_TRANSFORMERS, "recurrent"):
        network = getattr(architecture, family)
        if network is None:
            continue
        path = ("model_architecture", family)
        layers = network.layers.whole
        claims = _claims(_at(network, *path, "layers"))
        yield RepeatedFigure(claims, ("layers",), between=kinds, before=_OWNS, least=_SEVERAL)
        yield RepeatedFigure(
            claims,
            ("encoder layers", "transformer layers", "decoder layers", "attention layers"),
            least=_SEVERAL,
        )
        yield RepeatedFigure(claims, ("-layer",), between=kinds, before=r"\ban?$", least=_SEVERAL)
        blocks = ("encoder blocks", "transformer blocks", "decoder blocks", "layers of encoders")
        yield RepeatedFigure(claims, blocks, least=_SEVERAL)
        yield RepeatedFigure(
            claims,
            ("blocks",),
            before=r"\b(?:has|have|contains?|comprises|decoder of|encoder of|all its|all)$",
            least=_SEVERAL,
        )
        if family != "recurrent":
            heads = _claims(_at(network, *path, "heads"), _at(network, *path, "kv_heads"))
            if network.heads.whole and layers:
                heads += _claims(((*path, "heads"), network.heads.whole * layers))
            attention = frozenset({"attention", "self-attention"})
            yield RepeatedFigure(heads, ("attention heads",), between=attention)
            yield RepeatedFigure(heads, ("heads",), before=r"\b(?:has|have|with|its|all)$")
        for field, openings, nouns in (
            (
                "vocabulary",
                ("vocabulary of", "vocabulary size of", "vocabulary has"),
                ("word pieces", "wordpieces"),
            ),
            (
                "hidden_size",
                ("hidden size of", "hidden width of", "hidden dimension of", "hidden state of"),
                (),
            ),
            (
                "intermediate_size",
                ("intermediate size of", "feed-forward width of", "feed-forward size of"),
                (),
            ),
            ("embedding_size", ("embedding size of", "embeddings of size", "embedding width of"), ()),
            (
                "positions",
                ("context of", "context length of", "context window of", "positions up to"),
                ("positions",),
            ),
            ("input_size", ("input size of", "inputs of size"), ("coefficients", "input features")),
            ("experts", (), ("experts",)),
        ):
            yield RepeatedFigure(_claims(_at(network, *path, field)), nouns, openings)
        ratio = _ratio(network)
        if ratio is not None:
            at = (*path, "intermediate_size")
            yield RepeatedFigure(
                _claims((at, ratio)), ("times the hidden size", "times the hidden width"), part=True
            )
    yield from _small_networks(sheet)


def _ratio(network: Record) -> int | None:
    wide, hidden = (getattr(network, key, None) for key in ("intermediate_size", "hidden_size"))
    if wide is None or hidden is None or not wide.whole or not hidden.whole:
        return None
    times, rest = divmod(wide.whole, hidden.whole)
    return None if rest else int(times)


def _small_networks(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    architecture = sheet.model_architecture
    if architecture is None:
        return
    sizes = architecture.mlp.sizes.wholes if architecture.mlp is not None else ()
    if len(sizes) > 1:
        path, layers = ("model_architecture", "mlp", "sizes"), len(sizes) - 1
        yield RepeatedFigure(
            _claims((path, layers)),
            ("dense layers", "fully connected layers", "fully-connected layers", "linear layers"),
            least=_SEVERAL,
        )
        hidden = layers - 1
        yield RepeatedFigure(
            _claims((path, layers), (path, hidden)), ("layers",), before=_OWNS, least=_SEVERAL
        )
        yield RepeatedFigure(_claims((path, sizes[-1])), ("outputs",), before=r"\b(?:the|its|has|all)$")
        yield RepeatedFigure(
            _claims((path, sizes[0])),
            ("inputs", "pixels", "input features"),
            before=r"(?:\b(?:the|its|has|all|of)|^)$",
            least=_SEVERAL,
        )
        yield RepeatedFigure(
            _claims((path, sizes[-1])), ("scores", "logits"), before=r"^$", within=("setup",)
        )
    if architecture.convolutional is not None:
        path, kinds = (
            ("model_architecture", "convolutional", "layers"),
            [item.kind for item in architecture.convolutional.layers],
        )
        convolutions = kinds.count("conv")
        yield RepeatedFigure(
            _claims((path, convolutions)),
            ("convolutions", "convolutional layers", "convolution layers"),
            least=_SEVERAL,
        )
        dense = kinds.count("linear")
        yield RepeatedFigure(
            _claims((path, dense)),
            ("dense layers", "fully connected layers", "linear layers"),
            least=_SEVERAL,
        )


def _running(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    figures = sheet.parameters
    optimum = figures.optimum if figures is not None else None
    length = _claims(_at(optimum, "parameters", "optimum", "seq_len"))
    yield RepeatedFigure(length, ("tokens",), clause=_DESIGNED, ends=True, part=True)
    batch = _claims(_at(optimum, "parameters", "optimum", "batch"))
    yield RepeatedFigure(batch, (), ("batches of", "batch sizes of"), clause=_DESIGNED, ends=True, part=True)
    at = [(path, point.batch) for path, point in points(sheet) if isinstance(point.batch, int)]
    stated = _claims(*(((*path, "batch"), number) for path, number in at)) + batch
    yield RepeatedFigure(
        stated if at else (), (), ("a batch of", "batch size of", "batches of"), within=_FIGURES
    )
    training = sheet.hwa_training
    for field, nouns in (
        ("adc_bits", ("-bit ADC", "-bit ADCs", "-bit analog-to-digital")),
        ("dac_bits", ("-bit DAC", "-bit DACs", "-bit digital-to-analog")),
        ("seeds", ("seeds", "random seeds")),
    ):
        yield RepeatedFigure(_claims(_at(training, "hwa_training", field)), nouns)
    yield RepeatedFigure(
        _claims(_at(training, "hwa_training", "epochs")),
        ("epochs",),
        clause=r"(?i)\b(?:noise|noisy|hardware-aware|retrained|trained on)\b",
        # `300 epochs in floating point, then 200 with noise`: those are of the training before.
        unless=r"(?i)\bepochs? (?:\w+ )?(?:without|(?:in|of|at) (?:\w+ )?(?:floating|full|fp32|digital|pre-?train))",
        within=("hwa_training", "overview", "purpose"),
    )
    training_hardware = sheet.hardware.training if sheet.hardware is not None else None
    yield RepeatedFigure(
        _claims(_at(training_hardware, "hardware", "training", "accelerator_count")),
        ("GPU", "GPUs", "V100", "V100s", "A100", "A100s", "H100", "H100s", "TPUs"),
        between=frozenset({"nvidia", "amd", "v100", "a100", "h100"}),
        within=_CHIP,
        part=True,
    )


def _data(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    sets = (("training_data", sheet.training_data), ("test_data", sheet.test_data))
    counts: list[tuple[KeyPath, Fact | int | None]] = []
    for section, data in sets:
        if data is not None:
            counts.append(((section, "task_count"), data.task_count))
            counts.append(
                ((section, "tasks"), len(data.tasks.items) if data.tasks and data.tasks.items else None)
            )
    tables = (sheet.performance.results or ()) if sheet.performance is not None else ()
    for index, table in enumerate(tables):
        if len(table.tasks) > 1:
            counts.append((("performance", "results", index, "tasks"), len(table.tasks)))
    yield RepeatedFigure(
        _claims(*counts), ("tasks",), free=True, before=_ALL_TASKS, least=_SEVERAL, part=True
    )
    classes: list[tuple[KeyPath, Fact | int | None]] = []
    for index, table in enumerate(tables):
        for row, task in enumerate(table.tasks):
            classes.append((("performance", "results", index, "tasks", row, "classes"), task.classes))
    yield RepeatedFigure(
        _distinct(_claims(*classes)),
        ("classes",),
        before=r"(?:\b(?:into|of|the|its|all|with|has)(?: one of)?)$",
        unless=r"(?i)\b(?:data ?sets?|pre-?train\w*|corpus)\b",
        least=_SEVERAL,
    )
    yield from _sizes(sheet)


def _distinct(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple({claim.quantity.text: claim for claim in claims}.values())


_SAMPLES = (
    *(
        "images",
        "examples",
        "samples",
        "sentences",
        "utterances",
        "recordings",
        "pictures",
        "clips",
        "sequences",
    ),
    *("questions", "rows"),
)


def _sizes(sheet: SheetFields) -> Iterator[RepeatedFigure]:
    training = _claims(_at(sheet.training_data, "training_data", "size"))
    test = _claims(_at(sheet.test_data, "test_data", "size"))
    single = all(claim.quantity.kind == "point" for claim in (*training, *test))
    if not single:
        return
    for sample in _SAMPLES:
        yield RepeatedFigure(
            training, (f"{sample} to train on", f"{sample} for training", f"training {sample}"), part=True
        )
        yield RepeatedFigure(
            test, (f"{sample} to test on", f"{sample} for testing", f"test {sample}"), part=True
        )
        yield RepeatedFigure(
            test, (sample,), before=r"\b(?:part|set|split|portion) of$", within=("test_data",), part=True
        )
    yield RepeatedFigure(
        test, ("to score", "to test on", "for the scores"), within=("training_data", "test_data"), part=True
    )
    yield RepeatedFigure(
        training, ("to train on", "for training"), within=("training_data", "test_data"), part=True
    )
