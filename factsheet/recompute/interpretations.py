"""The networks that a sheet's declaration allows: what it leaves open is tried every way, the default first.

A figure is found fault with only where none of them gives it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.facts.fact import Fact
    from factsheet.facts.section import Record
    from factsheet.networks.families.encoder import EncoderShape
    from factsheet.networks.operators import Network
    from factsheet.sheet.architecture import ModelArchitecture
    from factsheet.sheet.model import SheetFields
    from factsheet.source.document import KeyPath

    Reading: TypeAlias = "EncoderShape | OtherReading"

SECTION = "model_architecture"
MOST = 512
"""Readings that are tried. A decoder that leaves all of these open has 288; the rest is for what is added."""
_YES_OR_NO = (False, True)
_OPEN: dict[str, tuple[bool | str, ...]] = {
    "fused_qkv": _YES_OR_NO,
    "gated_mlp": _YES_OR_NO,
    "tied_head": _YES_OR_NO,
    "final_norm": _YES_OR_NO,
    "class_token": _YES_OR_NO,
    "bidirectional": _YES_OR_NO,
    "biases": ("none", "all", "qkv"),
    "normalisation": ("layer_norm", "rms_norm"),
    "position_encoding": ("none", "learned", "rotary"),
    "cell": ("lstm", "gru"),
    "head_positions": ("every", "last"),
    "output_positions": ("last", "every"),
}
"""Answers that a network can be derived without, and what each can be."""


class Declared(NamedTuple):
    """The declared network.

    Attributes:
        path: of its dimensions.
        shape: the network as `factsheet.derive` reads it, with its assumptions where the sheet is silent.
        complete: whether the number of parameters follows; it does not where an embedding is left open.
        left_open: the answers that the sheet does not give.
    """

    path: KeyPath
    shape: Reading
    complete: bool
    left_open: tuple[str, ...]


class OtherReading:
    """A network of another family than the encoder, with answers to what its declaration leaves open."""

    __slots__ = ("_answers", "_architecture", "_family")

    def __init__(
        self, architecture: ModelArchitecture, family: str, answers: dict[str, bool | str] | None = None
    ) -> None:
        self._architecture, self._family, self._answers = architecture, family, answers or {}

    def network(self, seq_len: int) -> Network:
        """The operators at a sequence length.

        Raises:
            WorkloadError: the dimensions do not fit each other, or a sequence is too long.
        """
        from factsheet.networks.declared import declared_network  # start-up: few sheets claim enough

        if not self._answers:
            return declared_network(self._architecture, seq_len)
        answered = _Answered(getattr(self._architecture, self._family), self._answers)
        return declared_network(_Only(self._architecture, self._family, answered), seq_len)  # type: ignore[arg-type]

    def answered(self, answers: dict[str, bool | str]) -> OtherReading:
        """The same declaration with answers."""
        return OtherReading(self._architecture, self._family, answers)

    @property
    def family(self) -> str:
        """The key that it is declared under."""
        return self._family


class _Answer:
    """An answer that a sheet does not give, in the place of a fact."""

    __slots__ = ("flag", "text")
    absence = whole = None

    def __init__(self, value: bool | str) -> None:
        self.flag: bool | None = value if isinstance(value, bool) else None
        self.text: str | None = None if isinstance(value, bool) else value


class _Answered:
    """A declaration with answers in place of those that it leaves open."""

    def __init__(self, node: Record, answers: dict[str, bool | str]) -> None:
        self._node, self._answers = node, answers

    def __getattr__(self, field: str) -> object:
        if field in self._answers:
            return _Answer(self._answers[field])
        return getattr(self._node, field)


class _Only:
    """The section with one family's declaration replaced."""

    def __init__(self, architecture: ModelArchitecture, family: str, node: _Answered) -> None:
        self._architecture, self._family, self._node = architecture, family, node

    def __getattr__(self, field: str) -> object:
        return self._node if field == self._family else getattr(self._architecture, field)


def declared(sheet: SheetFields) -> Declared | None:
    """The sheet's network; `None` where it declares none that operators could be derived from."""
    architecture = sheet.model_architecture
    if architecture is None:
        return None
    from factsheet.networks.family_keys import FAMILIES

    families = [key for key in FAMILIES if getattr(architecture, key) is not None]
    if len(families) != 1:
        return None
    from factsheet.networks.errors import (
        WorkloadError,  # start-up: most sheets in the making claim nothing yet
    )

    try:
        return (
            _encoder(architecture) if families == ["transformer_encoder"] else _other(architecture, *families)
        )
    except WorkloadError:
        return None


def _encoder(architecture: ModelArchitecture) -> Declared | None:
    """An encoder by its dimensions, which sheets that declare the same are looked up by."""
    from factsheet.networks.declared import read_encoder  # start-up

    encoder = architecture.transformer_encoder
    if encoder is None:
        return None
    shape, omitted, assumed = read_encoder(encoder)
    left_open: list[str] = [field for field in ("pooler", "fused_qkv") if field in assumed]
    left_open += [
        field for field in ("pooler_on_tiles", "projection_on_tiles") if _undecided(getattr(encoder, field))
    ]
    return Declared((SECTION, "transformer_encoder"), shape, not omitted, tuple(left_open))


def _other(architecture: ModelArchitecture, family: str) -> Declared:
    reading = OtherReading(architecture, family)
    network = reading.network(1)
    # Several assumptions only show where there is more than one token.
    longer = network if family in {"mlp", "convolutional", "vision_transformer"} else reading.network(2)
    left_open = tuple(field for field in _OPEN if field in network.assumed or field in longer.assumed)
    return Declared((SECTION, family), reading, not network.omitted, left_open)


def _undecided(fact: Fact | None) -> bool:
    """Whether a sheet says that it does not know; what it leaves out has its default."""
    return fact is not None and fact.absence is not None and fact.absence.kind != "not_applicable"


def readings(known: Declared, heads_of: SheetFields | None = None) -> Iterator[Reading]:
    """Every network that the declaration allows, the one that `factsheet.derive` takes first.

    Args:
        known: the declaration.
        heads_of: the sheet whose tasks call for output layers, where one may count; the declaration of an encoder has
            no key for it.
    """
    yield known.shape
    if isinstance(known.shape, OtherReading):
        choices = [_YES_OR_NO if known.shape.family == "mlp" else _OPEN[field] for field in known.left_open]
        for answers in islice(product(*choices), MOST if choices else 0):
            yield known.shape.answered(dict(zip(known.left_open, answers, strict=True)))
        return
    from dataclasses import replace  # only where the first reading does not explain a claim

    for labels in (0, *(() if heads_of is None else likely_heads(heads_of))):
        for flags in product(_YES_OR_NO, repeat=len(known.left_open)):
            shape = replace(known.shape, labels=labels, **dict(zip(known.left_open, flags, strict=True)))
            if shape != known.shape:
                yield shape


def likely_heads(sheet: SheetFields) -> tuple[int, ...]:
    """Outputs of the output layers that the sheet's tasks call for: one for a regression, else one a class."""
    tables = () if sheet.performance is None else sheet.performance.results or ()
    found = {
        task.classes.whole if task.classes is not None and task.classes.whole else 1
        for table in tables
        for task in table.tasks
    }
    return tuple(sorted(found | {2}))


KEPT = 256
"""Different structures that are remembered."""


class Sizes(NamedTuple):
    """What does not depend on an operating point; `parameters` without the embeddings that are left open."""

    parameters: int
    analog_weights: int
    matrix_weights: int
    """Weights of all stored matrices, on tiles or not; without biases and embeddings."""
    reuse_factor: int


class Operations(NamedTuple):
    """Operations of one run of the batch under one counting convention."""

    convention: str
    analog_ops: int
    digital_ops: int
    total_ops: int


@lru_cache(maxsize=KEPT)
def sizes(shape: Reading) -> Sizes:
    """Sizes of a network."""
    network = network_of(shape, 1)
    nodes = network.sharing
    return Sizes(
        network.parameters,
        network.analog_weights,
        sum({matrix.storage: matrix.weights for matrix in network.static}.values()),
        max((nodes[matrix.storage] for matrix in network.analog_stored), default=1),
    )


@lru_cache(maxsize=KEPT)
def tiles(shape: Reading, rows: int, cols: int) -> int:
    """Tiles of `rows` by `cols` weights that a network takes."""
    from factsheet.crossbar.mapping import TileShape, map_network  # start-up: only where tiles are claimed

    return map_network(network_of(shape, 1), TileShape(rows, cols)).tiles


@lru_cache(maxsize=KEPT)
def operations(shape: Reading, seq_len: int, batch: int) -> tuple[Operations, ...]:
    """Operations of one run of `batch` sequences under every convention; none where a sequence is too long."""
    from factsheet.networks.counting import count_under_all, work_of  # start-up
    from factsheet.networks.errors import WorkloadError

    if not isinstance(shape, OtherReading) and shape.positions and seq_len > shape.positions:
        return ()
    try:
        counts = count_under_all(work_of(network_of(shape, seq_len)), batch)
    except WorkloadError:
        return ()
    return tuple(
        Operations(count.convention.name, count.analog, count.digital, count.total) for count in counts
    )


def network_of(shape: Reading, seq_len: int) -> Network:
    """The operators of a reading.

    Raises:
        WorkloadError: a sequence is longer than the network takes.
    """
    if isinstance(shape, OtherReading):
        return shape.network(seq_len)
    from factsheet.networks.families.encoder import transformer_encoder  # start-up

    return transformer_encoder(shape, seq_len)
